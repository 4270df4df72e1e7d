using System.Text.Json;
using Depart.Connectors.Ldap;

namespace Depart.Connectors.ActiveDirectory;

/// <summary>What an account was before: everything that undo may give back.</summary>
internal sealed record ActiveDirectorySnapshot
{
    public required int Flags { get; init; }

    public string? Expires { get; init; }

    public string? PasswordSet { get; init; }

    public string? Description { get; init; }

    public required string Dn { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    public bool HelloKeys { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<byte[]>> Keys { get; init; } = new Dictionary<string, IReadOnlyList<byte[]>>(StringComparer.Ordinal);

    public static string Of(ActiveDirectoryAccount account, IReadOnlyList<string> groups) => JsonSerializer.Serialize(new ActiveDirectorySnapshot
    {
        Flags = account.Flags,
        Expires = account.Entry.Text("accountExpires"),
        PasswordSet = account.Entry.Text("pwdLastSet"),
        Description = account.Entry.Text("description"),
        Dn = account.Dn,
        Groups = groups,
        HelloKeys = account.Entry.Has(ActiveDirectoryKeys.Hello),
        Keys = ActiveDirectoryKeys.Held(account.Entry).Where(name => name != ActiveDirectoryKeys.Hello).ToDictionary(name => name, account.Entry.Bytes, StringComparer.Ordinal),
    });
}

/// <summary>Gives back what the snapshot holds: place, groups, dates, keys, then a one-time password, and the flags last of all.</summary>
internal sealed class ActiveDirectoryUndo(
    LdapDirectory directory, ActiveDirectoryAccounts accounts, ActiveDirectoryWriter writer, ActiveDirectorySecrets secrets, TransientSecrets transient)
{
    private static readonly Bilingual Gone = new("The account no longer exists: it must be created anew.", "Le compte n’existe plus : il faut le recréer.");

    public async Task<UndoReport> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        ActiveDirectorySnapshot before;
        try
        {
            before = JsonSerializer.Deserialize<ActiveDirectorySnapshot>(call.Snapshot)!;
        }
        catch (JsonException)
        {
            return new(CallOutcome.NotAttempted) { Failure = new(FailureKind.Invalid, new("The snapshot cannot be read.", "Le relevé est illisible.")) };
        }

        var said = new List<Exchange>();
        try
        {
            if (await accounts.FindAsync(call.Account, cancellation) is not { } account)
            {
                return new(CallOutcome.Refused) { NotRestored = [Gone], Failure = new(FailureKind.Invalid, Gone) };
            }

            var steps = await StepsAsync(account, before, cancellation);
            var lost = NotRestored(account, before);
            if (call.DryRun)
            {
                return new(steps.Count > 0 ? CallOutcome.Done : CallOutcome.AlreadySo) { Changes = [.. steps.Select(step => step.Change)], NotRestored = lost };
            }

            return await CarryOutAsync(account, steps, lost, said, cancellation);
        }
        catch (LdapCallException error)
        {
            return new(said.Count > 0 ? CallOutcome.Unknown : CallOutcome.NotAttempted) { Failure = error.Failure, Exchanges = said };
        }
    }

    private static List<Bilingual> NotRestored(ActiveDirectoryAccount account, ActiveDirectorySnapshot before)
    {
        var lost = new List<Bilingual>();
        if (account.Entry.Text("pwdLastSet") != before.PasswordSet)
        {
            lost.Add(ActiveDirectoryText.PasswordLost);
        }

        if (before.HelloKeys && !account.Entry.Has(ActiveDirectoryKeys.Hello))
        {
            lost.Add(ActiveDirectoryText.KeysLost);
        }

        return lost;
    }

    private async Task<UndoReport> CarryOutAsync(
        ActiveDirectoryAccount account, IReadOnlyList<Step> steps, List<Bilingual> lost, List<Exchange> said, CancellationToken cancellation)
    {
        var changes = new List<Change>();
        Failure? failure = null;
        var outcome = CallOutcome.Unknown;
        foreach (var step in steps)
        {
            var written = await step.DoAsync(account, cancellation);
            said.Add(written.Exchange);
            if (written.Ok)
            {
                changes.Add(step.Change);
            }
            else if (step.Lost is { } text && written.Result is not null)
            {
                // A group that is gone or refuses does not keep the person out of the rest.
                lost.Add(text);
                failure ??= written.Result.Code == LdapCode.NoSuchObject ? null : written.Failure;
            }
            else
            {
                failure = written.Failure;
                outcome = changes.Count > 0 ? CallOutcome.Unknown : written.Outcome;
                break;
            }

            if (step.Moves && await accounts.FindAsync(account.Id, cancellation) is { } moved)
            {
                account = moved;
            }
        }

        var oneTime = transient.Find(Kept(account))?.Split('\n')[0];
        if (failure is null && changes.Exists(change => change.What == "unicodePwd"))
        {
            secrets.Forget(account);
        }

        return new(failure is not null ? outcome : changes.Count > 0 ? CallOutcome.Done : CallOutcome.AlreadySo)
        {
            Changes = changes, NotRestored = lost, OneTimePassword = oneTime, Exchanges = said, Failure = failure,
        };
    }

    private async Task<List<Step>> StepsAsync(ActiveDirectoryAccount account, ActiveDirectorySnapshot before, CancellationToken cancellation)
    {
        var steps = new List<Step>();
        var (now, then) = (DistinguishedName.TryParse(account.Dn), DistinguishedName.TryParse(before.Dn));
        if (now is not null && then is not null && !now.Parent.Equals(then.Parent))
        {
            steps.Add(new(new("unit", now.Parent.ToString(), then.Parent.ToString()), (one, stop) => writer.MoveAsync(one, then.Rdn, then.Parent.ToString(), stop)) { Moves = true });
        }

        var held = await accounts.GroupsAsync(account.Entry, cancellation);
        foreach (var group in before.Groups.Where(group => !held.Any(other => DistinguishedName.Same(other, group))))
        {
            var name = DistinguishedName.TryParse(group)?.Name ?? group;
            steps.Add(new(new($"group {name}", null, "member"), (one, stop) => JoinAsync(one, group, stop))
            {
                Lost = new($"The group {name}: it is gone, or the domain refused.", $"Le groupe {name} : il n’existe plus, ou le domaine a refusé."),
            });
        }

        Values("description", before.Description);
        foreach (var (name, values) in before.Keys.Where(key => account.Entry.Bytes(key.Key).Count != key.Value.Count))
        {
            steps.Add(new(new(name, null, $"{values.Count}"), (one, stop) => writer.ModifyAsync(one, [new(LdapOperation.Replace, name, values)], stop)));
        }

        if (account.Entry.Text("pwdLastSet") != before.PasswordSet && !HasOneTime(account))
        {
            steps.Add(new(new("unicodePwd", null, "one-time"), OneTimeAsync));
        }

        // 0 and the largest number both mean never.
        if (ActiveDirectoryAccounts.Instant(account.Entry.Number("accountExpires")) != ActiveDirectoryAccounts.Instant(long.TryParse(before.Expires, out var end) ? end : 0))
        {
            Values("accountExpires", before.Expires ?? "0");
        }

        // By OR: flags that were set since stay.
        var flags = (account.Flags & ~ActiveDirectoryAccounts.Disable) | before.Flags;
        if (flags != account.Flags)
        {
            steps.Add(new(
                new("userAccountControl", ActiveDirectoryActions.Number(account.Flags), ActiveDirectoryActions.Number(flags)),
                (one, stop) => writer.ModifyAsync(one, ActiveDirectoryActions.Swap(account.Flags, flags), stop)));
        }

        return steps;

        void Values(string attribute, string? value)
        {
            if (account.Entry.Text(attribute) is var present && present != value)
            {
                steps.Add(new(new(attribute, present, value), (one, stop) =>
                    writer.ModifyAsync(one, [value is null ? LdapModification.Replace(attribute) : LdapModification.Replace(attribute, value)], stop)));
            }
        }
    }

    private async Task<Written> JoinAsync(ActiveDirectoryAccount account, string group, CancellationToken cancellation)
    {
        var written = await writer.MemberAsync(account, group, LdapOperation.Add, cancellation);
        return written.Result?.Code is LdapCode.EntryAlreadyExists or LdapCode.AttributeOrValueExists
            && (await directory.SearchAsync(new(group, LdapScope.Entry, LdapFilter.Equal("member", account.Dn), "cn"), cancellation)).Count > 0
            ? written with { Outcome = CallOutcome.Done, Failure = null } : written;
    }

    /// <summary>Whether the account waits for a one-time password that this process gave a moment ago.</summary>
    private bool HasOneTime(ActiveDirectoryAccount account) =>
        account.Entry.Text("pwdLastSet") is { } set && transient.Find(Kept(account))?.Split('\n') is [_, var kept] && kept == set;

    /// <summary>A password that must be changed at the first sign-in (pwdLastSet 0).</summary>
    private async Task<Written> OneTimeAsync(ActiveDirectoryAccount account, CancellationToken cancellation)
    {
        var password = LdapPasswords.OneTime();
        var written = await writer.ModifyAsync(account, [ActiveDirectoryWriter.Password(password), LdapModification.Replace("pwdLastSet", "0")], cancellation);
        if (written.Ok)
        {
            transient.Keep(Kept(account), $"{password}\n0");
        }

        return written;
    }

    private string Kept(ActiveDirectoryAccount account) => $"ad://{directory.Host}|{account.Id}|undo";

    private sealed record Step(Change Change, Func<ActiveDirectoryAccount, CancellationToken, Task<Written>> DoAsync)
    {
        public bool Moves { get; init; }

        public Bilingual? Lost { get; init; }
    }
}
