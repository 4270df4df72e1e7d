using System.Globalization;
using Depart.Connectors.Ldap;

namespace Depart.Connectors.ActiveDirectory;

/// <summary>The ordered acts on one account.</summary>
internal sealed class ActiveDirectoryActions
{
    public const string Disable = "disable";
    public const string Password = "reset-password";
    public const string Expire = "expire";
    public const string Strip = "strip-keys";
    public const string Groups = "groups";
    public const string Park = "park";

    private readonly ActiveDirectorySettings settings;
    private readonly LdapDirectory directory;
    private readonly ActiveDirectoryAccounts accounts;
    private readonly ActiveDirectoryWriter writer;
    private readonly ActiveDirectorySecrets secrets;
    private readonly TimeProvider clock;

    public ActiveDirectoryActions(
        ActiveDirectorySettings settings, LdapDirectory directory, ActiveDirectoryAccounts accounts, ActiveDirectoryWriter writer,
        ActiveDirectorySecrets secrets, TimeProvider clock)
    {
        (this.settings, this.directory, this.accounts, this.writer, this.secrets, this.clock) = (settings, directory, accounts, writer, secrets, clock);
        var parks = settings.WriteCase || !string.IsNullOrWhiteSpace(settings.LeaversUnit);
        Declared =
        [
            new() { Key = Disable, Phase = Phase.Contain, Title = ActiveDirectoryText.Disable, Effect = ActiveDirectoryText.DisableEffect },
            new()
            {
                Key = Password, Phase = Phase.Contain, Title = ActiveDirectoryText.Password, Effect = ActiveDirectoryText.PasswordEffect,
                After = [new(Disable, ActiveDirectoryText.AfterDisable)], NotRestored = ActiveDirectoryText.PasswordLost,
            },
            new()
            {
                Key = Expire, Phase = Phase.Contain, Title = ActiveDirectoryText.Expire, Effect = ActiveDirectoryText.ExpireEffect,
                After = [new(Disable, ActiveDirectoryText.ExpireAfterDisable)],
            },
            new()
            {
                Key = Strip, Phase = Phase.Strip, Title = ActiveDirectoryText.Strip, Effect = ActiveDirectoryText.StripEffect, NotRestored = ActiveDirectoryText.KeysLost,
            },
            new() { Key = Groups, Phase = Phase.Entitlements, Title = ActiveDirectoryText.Groups, Effect = ActiveDirectoryText.GroupsEffect },
            .. parks
                ? new[]
                {
                    new ActionDescriptor
                    {
                        Key = Park, Phase = Phase.Entitlements, Title = ActiveDirectoryText.Park, Effect = ActiveDirectoryText.ParkEffect,
                        After = [new(Groups, ActiveDirectoryText.ParkAfterGroups)],
                    },
                }
                : [],
        ];
    }

    public IReadOnlyList<ActionDescriptor> Declared { get; }

    public async Task<ActionReport> ApplyAsync(ActionCall call, CancellationToken cancellation)
    {
        var read = new Exchange($"SEARCH objectGUID={call.Account}", "0 success");
        ActiveDirectoryAccount? account;
        try
        {
            account = await accounts.FindAsync(call.Account, cancellation);
        }
        catch (LdapCallException error)
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, error.Failure) with { Exchanges = [read with { Answer = "no answer" }] };
        }

        if (Declared.All(action => action.Key != call.Action))
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, new(FailureKind.Invalid, new($"Unknown action {call.Action}.", $"Action inconnue : {call.Action}.")));
        }

        if (account is null)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = [read with { Answer = "no such entry" }] };
        }

        var exchanges = new List<Exchange> { read };
        try
        {
            return call.Action switch
            {
                Disable => await DisableAsync(account, call.DryRun, exchanges, cancellation),
                Password => await PasswordAsync(account, call.DryRun, exchanges, cancellation),
                Expire => await WriteAsync(account, ExpireChanges(account, call.CutAt), call.DryRun, exchanges, cancellation),
                Strip => await WriteAsync(account, StripChanges(account), call.DryRun, exchanges, cancellation),
                Groups => await GroupsAsync(account, call.DryRun, exchanges, cancellation),
                _ => await ParkAsync(account, call, exchanges, cancellation),
            };
        }
        catch (LdapCallException error)
        {
            // Only reads throw: what was written before one of them is not known to have held.
            return ActionReport.Failed(exchanges.Count > 1 ? CallOutcome.Unknown : CallOutcome.NotAttempted, error.Failure) with { Exchanges = exchanges };
        }
    }

    /// <summary>Compare and swap: deletes the flags that were read and adds the new ones, so that nobody's change in between is lost.</summary>
    private async Task<ActionReport> DisableAsync(ActiveDirectoryAccount account, bool dryRun, List<Exchange> exchanges, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var (before, after) = (account.Flags, account.Flags | ActiveDirectoryAccounts.Disable);
            if (before == after)
            {
                return new(CallOutcome.AlreadySo) { Exchanges = exchanges };
            }

            Change[] changes = [new("userAccountControl", Number(before), Number(after))];
            if (dryRun)
            {
                return new(CallOutcome.Done) { Changes = changes, Exchanges = exchanges };
            }

            var written = await writer.ModifyAsync(account, Swap(before, after), cancellation);
            exchanges.Add(written.Exchange);
            var now = written.Ok || written.Result?.Code == LdapCode.NoSuchAttribute ? await accounts.FindAsync(account.Id, cancellation) : null;
            switch (written.Ok, now)
            {
                case (true, { } closed) when (closed.Flags & ActiveDirectoryAccounts.Disable) != 0:
                    return new(CallOutcome.Done) { Changes = changes, Exchanges = exchanges };
                case (false, null):
                    return ActionReport.Failed(written.Outcome, written.Failure!) with { Exchanges = exchanges };
                case (_, null):
                    return new(CallOutcome.AlreadySo) { Exchanges = exchanges };
                case var _ when tries == ActiveDirectoryWriter.Tries:
                    return ActionReport.Failed(CallOutcome.Unknown, new(FailureKind.Conflict, new(
                        $"The flags of the account keep changing on {directory.Host}.", $"Les indicateurs du compte ne cessent de changer sur {directory.Host}."))) with { Exchanges = exchanges };
                default:
                    account = now;
                    break;
            }
        }
    }

    private async Task<ActionReport> PasswordAsync(ActiveDirectoryAccount account, bool dryRun, List<Exchange> exchanges, CancellationToken cancellation)
    {
        if (secrets.IsOurs(account))
        {
            return new(CallOutcome.AlreadySo) { Exchanges = exchanges };
        }

        Change[] changes = [new("unicodePwd", null, "random, twice")];
        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = changes, Exchanges = exchanges };
        }

        var (last, said) = await secrets.SetAsync(account, cancellation);
        exchanges.AddRange(said);
        return last.Ok
            ? new(CallOutcome.Done) { Changes = changes, Exchanges = exchanges }
            : ActionReport.Failed(last.Outcome, last.Failure!) with { Exchanges = exchanges };
    }

    private IEnumerable<(LdapModification, Change)> ExpireChanges(ActiveDirectoryAccount account, DateTimeOffset cutAt)
    {
        var now = clock.GetUtcNow();
        var before = account.Entry.Number("accountExpires");
        if (ActiveDirectoryAccounts.Instant(before) is not { } end || end > now)
        {
            var after = cutAt < now ? cutAt : now;
            yield return (LdapModification.Replace("accountExpires", ActiveDirectoryAccounts.Text(after)),
                new("accountExpires", Date(ActiveDirectoryAccounts.Instant(before)), Date(after)));
        }
    }

    private static IEnumerable<(LdapModification, Change)> StripChanges(ActiveDirectoryAccount account) =>
        from name in ActiveDirectoryKeys.Held(account.Entry)
        select (LdapModification.Replace(name), new Change(name, $"{account.Entry.Bytes(name).Count}", null));

    private async Task<ActionReport> WriteAsync(
        ActiveDirectoryAccount account, IEnumerable<(LdapModification Modification, Change Change)> wanted, bool dryRun, List<Exchange> exchanges, CancellationToken cancellation)
    {
        var all = wanted.ToList();
        if (all.Count == 0)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = exchanges };
        }

        Change[] changes = [.. all.Select(one => one.Change)];
        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = changes, Exchanges = exchanges };
        }

        var written = await writer.ModifyAsync(account, [.. all.Select(one => one.Modification)], cancellation);
        exchanges.Add(written.Exchange);
        if (!written.Ok)
        {
            return ActionReport.Failed(written.Outcome, written.Failure!) with { Exchanges = exchanges };
        }

        var after = await accounts.FindAsync(account.Id, cancellation);
        return after is not null && all.Exists(one => after.Entry.Bytes(one.Modification.Attribute).Count != one.Modification.Values.Count)
            ? ActionReport.Failed(CallOutcome.Unknown, new(FailureKind.Conflict, new(
                $"{directory.Host} took the change and then shows another value.", $"{directory.Host} a accepté le changement puis montre une autre valeur."))) with { Exchanges = exchanges }
            : new(CallOutcome.Done) { Changes = changes, Exchanges = exchanges };
    }

    private async Task<ActionReport> GroupsAsync(ActiveDirectoryAccount account, bool dryRun, List<Exchange> exchanges, CancellationToken cancellation)
    {
        var groups = (await accounts.GroupsAsync(account.Entry, cancellation))
            .Select(group => (Dn: group, Name: DistinguishedName.TryParse(group)?.Name ?? group))
            .OrderByDescending(group => accounts.IsPrivileged(group.Name)).ToList();
        if (groups.Count == 0)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = exchanges };
        }

        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = [.. groups.Select(group => new Change($"group {group.Name}", "member", null))], Exchanges = exchanges };
        }

        var changes = new List<Change>();
        (CallOutcome Outcome, Failure Failure)? failed = null;
        foreach (var (dn, name) in groups)
        {
            var written = await writer.MemberAsync(account, dn, LdapOperation.Delete, cancellation);
            exchanges.Add(written.Exchange);
            if (written.Ok)
            {
                changes.Add(new($"group {name}", "member", null));
            }
            else if (written.Result is null || await IsMemberAsync(account, dn, cancellation))
            {
                // One group that refuses does not keep the account in the others.
                failed ??= (written.Outcome, written.Failure!);
            }
        }

        return failed is { } first
            ? ActionReport.Failed(first.Outcome, first.Failure) with { Changes = changes, Exchanges = exchanges }
            : new(changes.Count > 0 ? CallOutcome.Done : CallOutcome.AlreadySo) { Changes = changes, Exchanges = exchanges };
    }

    /// <summary>Taking out who is not in answers 53, putting in who is in 68: only a read tells whether that means « already ».</summary>
    private async Task<bool> IsMemberAsync(ActiveDirectoryAccount account, string group, CancellationToken cancellation) =>
        (await directory.SearchAsync(new(group, LdapScope.Entry, LdapFilter.Equal("member", account.Dn), "cn"), cancellation)).Count > 0;

    private async Task<ActionReport> ParkAsync(ActiveDirectoryAccount account, ActionCall call, List<Exchange> exchanges, CancellationToken cancellation)
    {
        var changes = new List<Change>();
        var description = settings.WriteCase && call.Case is { Length: > 0 } text && account.Entry.Text("description") != text ? text : null;
        var name = DistinguishedName.TryParse(account.Dn);
        var leavers = DistinguishedName.TryParse(settings.LeaversUnit);
        var moves = name is not null && leavers is { Parts.Count: > 0 } && !name.IsWithin(leavers);
        if (description is not null)
        {
            changes.Add(new("description", account.Entry.Text("description"), description));
        }

        if (moves)
        {
            changes.Add(new("unit", name!.Parent.ToString(), settings.LeaversUnit));
        }

        if (changes.Count == 0 || call.DryRun)
        {
            return new(changes.Count == 0 ? CallOutcome.AlreadySo : CallOutcome.Done) { Changes = changes, Exchanges = exchanges };
        }

        if (description is not null)
        {
            var written = await writer.ModifyAsync(account, [LdapModification.Replace("description", description)], cancellation);
            exchanges.Add(written.Exchange);
            if (!written.Ok)
            {
                return ActionReport.Failed(written.Outcome, written.Failure!) with { Exchanges = exchanges };
            }
        }

        if (moves)
        {
            var written = await writer.MoveAsync(account, name!.Rdn, settings.LeaversUnit!, cancellation);
            exchanges.Add(written.Exchange);
            if (written.Result?.Code == LdapCode.EntryAlreadyExists)
            {
                // A homonym left before: names are unique inside a unit.
                written = await writer.MoveAsync(
                    account, $"{name.Parts[0][0].Type}={DistinguishedName.Escape($"{name.Name} {account.Id[..8]}")}", settings.LeaversUnit!, cancellation);
                exchanges.Add(written.Exchange);
            }

            if (!written.Ok)
            {
                return ActionReport.Failed(written.Outcome, written.Failure!) with { Changes = [.. changes.SkipLast(1)], Exchanges = exchanges };
            }
        }

        return new(CallOutcome.Done) { Changes = changes, Exchanges = exchanges };
    }

    /// <summary>The modification that changes flags only if they still are what was read.</summary>
    public static IReadOnlyList<LdapModification> Swap(int before, int after) =>
        [LdapModification.Delete("userAccountControl", Number(before)), LdapModification.Add("userAccountControl", Number(after))];

    public static string Number(int flags) => flags.ToString(CultureInfo.InvariantCulture);

    public static string Date(DateTimeOffset? instant) => instant?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "never";
}
