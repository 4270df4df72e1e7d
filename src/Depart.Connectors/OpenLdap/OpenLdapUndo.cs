using System.Text;
using System.Text.Json;
using Depart.Connectors.Ldap;

namespace Depart.Connectors.OpenLdap;

/// <summary>What an account was before: everything that undo may give back. Holds a password hash; the caller encrypts it.</summary>
internal sealed record OpenLdapSnapshot
{
    public IReadOnlyList<byte[]> Passwords { get; init; } = [];

    public string? PasswordChanged { get; init; }

    public bool MustChange { get; init; }

    public IReadOnlyList<string> Locked { get; init; } = [];

    public string? End { get; init; }

    public string? Shell { get; init; }

    public string? ShadowExpire { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<byte[]>> Keys { get; init; } = new Dictionary<string, IReadOnlyList<byte[]>>(StringComparer.Ordinal);

    public bool HasKeyClass { get; init; }

    public IReadOnlyList<Membership> Groups { get; init; } = [];

    public static string Of(LdapEntry entry, IEnumerable<Membership> groups) => JsonSerializer.Serialize(new OpenLdapSnapshot
    {
        Passwords = entry.Bytes("userPassword"),
        PasswordChanged = entry.Text("pwdChangedTime"),
        MustChange = entry.Text("pwdReset") == "TRUE",
        Locked = entry.Texts("pwdAccountLockedTime"),
        End = entry.Text("pwdEndTime"),
        Shell = entry.Text("loginShell"),
        ShadowExpire = entry.Text("shadowExpire"),
        Keys = OpenLdapKeys.Held(entry).ToDictionary(name => name, entry.Bytes, StringComparer.Ordinal),
        HasKeyClass = entry.Is("ldapPublicKey"),
        Groups = [.. groups],
    });
}

/// <summary>Gives back what the snapshot holds.</summary>
internal sealed class OpenLdapUndo(
    OpenLdapSettings settings, LdapDirectory directory, OpenLdapAccounts accounts, OpenLdapWriter writer, OpenLdapSecrets secrets, TransientSecrets transient)
{
    private static readonly Bilingual Gone = new("The account no longer exists: it must be created anew.", "Le compte n’existe plus : il faut le recréer.");

    public async Task<UndoReport> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        OpenLdapSnapshot before;
        try
        {
            before = JsonSerializer.Deserialize<OpenLdapSnapshot>(call.Snapshot)!;
        }
        catch (JsonException)
        {
            return Failed(CallOutcome.NotAttempted, new(FailureKind.Invalid, new("The snapshot cannot be read.", "Le relevé est illisible.")));
        }

        try
        {
            if (await accounts.FindAsync(call.Account, cancellation) is not { } account)
            {
                return Failed(CallOutcome.Refused, new(FailureKind.Invalid, Gone)) with { NotRestored = [Gone] };
            }

            var missing = await MissingAsync(account, before, cancellation);
            var plan = Plan.For(account.Entry, before);
            return call.DryRun ? Foreseen(plan, missing) : await CarryOutAsync(account, before, plan, missing, cancellation);
        }
        catch (LdapCallException error)
        {
            return Failed(CallOutcome.NotAttempted, error.Failure);
        }
    }

    private static UndoReport Failed(CallOutcome outcome, Failure failure) => new(outcome) { Failure = failure };

    private static UndoReport Foreseen(Plan plan, IReadOnlyList<Membership> missing)
    {
        Change[] changes = [.. plan.Changes, .. missing.Select(Joined)];
        return new(changes.Length > 0 ? CallOutcome.Done : CallOutcome.AlreadySo)
        {
            Changes = changes, NotRestored = plan.NeedsNewPassword ? [OpenLdapText.PasswordNotReadable] : [],
        };
    }

    private async Task<UndoReport> CarryOutAsync(
        OpenLdapAccount account, OpenLdapSnapshot before, Plan plan, IReadOnlyList<Membership> missing, CancellationToken cancellation)
    {
        var exchanges = new List<Exchange>();
        var changes = new List<Change>();
        var lost = new List<Bilingual>();
        var kept = $"ldap://{directory.Host}|{account.Id}|undo";
        var given = transient.Find(kept)?.Split('\n');
        var oneTime = given is [var again, var changed] && changed == account.Entry.Text("pwdChangedTime") ? again : null;
        if (oneTime is not null)
        {
            // The same undo asked again: the person already has this one.
            plan = plan.WithoutPassword();
            lost.Add(OpenLdapText.PasswordNotReadable);
        }
        else if (plan.NeedsNewPassword)
        {
            oneTime = LdapPasswords.OneTime();
            plan = plan.WithPassword(oneTime);
            lost.Add(OpenLdapText.PasswordNotReadable);
        }

        if (plan.Modifications.Count > 0)
        {
            var written = await writer.ModifyAsync(account, plan.Modifications, cancellation);
            exchanges.Add(written.Exchange);
            if (plan.RestoresHash && written.Result?.Code is LdapCode.ConstraintViolation or LdapCode.UnwillingToPerform)
            {
                // The policy takes no hash, or the old password is in its history.
                oneTime = LdapPasswords.OneTime();
                plan = plan.WithPassword(oneTime);
                lost.Add(OpenLdapText.PasswordNotReadable);
                written = await writer.ModifyAsync(account, plan.Modifications, cancellation);
                exchanges.Add(written.Exchange);
            }

            if (!written.Ok)
            {
                return Failed(written.Outcome, written.Failure!) with { Exchanges = exchanges, NotRestored = lost };
            }

            secrets.Forget(account);
            changes.AddRange(plan.Changes);
            if (oneTime is not null && plan.SetsPassword)
            {
                transient.Keep(kept, $"{oneTime}\n{written.After?.Text("pwdChangedTime")}");
            }
            else if (plan.RestoresHash && written.After?.Text("pwdReset") == "TRUE" && !before.MustChange)
            {
                // Whoever gets back the same password need not change it.
                exchanges.Add((await writer.ModifyAsync(account, [LdapModification.Replace("pwdReset")], cancellation)).Exchange);
            }
        }

        var failure = await JoinAsync(account, missing, changes, lost, exchanges, cancellation);
        return new(failure is not null ? CallOutcome.Unknown : changes.Count > 0 ? CallOutcome.Done : CallOutcome.AlreadySo)
        {
            Changes = changes, NotRestored = lost, OneTimePassword = oneTime, Exchanges = exchanges, Failure = failure,
        };
    }

    private async Task<IReadOnlyList<Membership>> MissingAsync(OpenLdapAccount account, OpenLdapSnapshot before, CancellationToken cancellation)
    {
        var now = await accounts.GroupsOfAsync(account.Entry, cancellation);
        return [.. before.Groups.Where(group => !now.Any(held => held.Attribute == group.Attribute && DistinguishedName.Same(held.Group, group.Group)))];
    }

    private static Change Joined(Membership group) => new($"{group.Attribute} {group.Name}", null, "member");

    private async Task<Failure?> JoinAsync(
        OpenLdapAccount account, IReadOnlyList<Membership> missing, List<Change> changes, List<Bilingual> lost, List<Exchange> exchanges, CancellationToken cancellation)
    {
        if (missing.Count == 0)
        {
            return null;
        }

        var held = await directory.SearchAsync(
            new(settings.Groups, LdapScope.Subtree,
                LdapFilter.Any(LdapFilter.Equal("member", settings.Placeholder), LdapFilter.Equal("uniqueMember", settings.Placeholder)), "cn"),
            cancellation);
        Failure? failure = null;
        foreach (var group in missing)
        {
            // The account may have another name by now; a login is what it was.
            var value = group.Attribute == "memberUid" ? group.Value : account.Dn;
            List<LdapModification> modifications = [LdapModification.Add(group.Attribute, value)];
            if (group.Attribute != "memberUid" && held.Exists(other => DistinguishedName.Same(other.Dn, group.Group)))
            {
                modifications.Add(LdapModification.Delete(group.Attribute, settings.Placeholder));
            }

            var modify = new LdapModify(group.Group, modifications);
            var result = await directory.ChangeAsync(modify, cancellation);
            exchanges.Add(new(modify.ToString(), result.ToString()));
            switch (result.Code)
            {
                case LdapCode.Success:
                    changes.Add(Joined(group));
                    break;
                case LdapCode.AttributeOrValueExists:
                    break;
                case LdapCode.NoSuchObject:
                    lost.Add(new($"The group {group.Name}: it no longer exists.", $"Le groupe {group.Name} : il n’existe plus."));
                    break;
                default:
                    lost.Add(new($"The group {group.Name}: the directory refused ({(int)result.Code}).", $"Le groupe {group.Name} : l’annuaire a refusé ({(int)result.Code})."));
                    failure ??= directory.Failures.Refused(
                        result, new($"add a member to the group {group.Name}", $"ajouter un membre au groupe {group.Name}"), null);
                    break;
            }
        }

        return failure;
    }

    /// <summary>One modification that makes the entry what it was.</summary>
    private sealed record Plan
    {
        public required IReadOnlyList<LdapModification> Others { get; init; }

        public required IReadOnlyList<string> LockNow { get; init; }

        public required IReadOnlyList<string> LockThen { get; init; }

        public IReadOnlyList<byte[]> Hash { get; init; } = [];

        public string? NewPassword { get; init; }

        public bool NeedsNewPassword { get; init; }

        public required IReadOnlyList<Change> Changes { get; init; }

        public bool RestoresHash => NewPassword is null && Hash.Count > 0;

        public bool SetsPassword => NewPassword is not null || Hash.Count > 0;

        public IReadOnlyList<LdapModification> Modifications
        {
            get
            {
                // The lock is named before the password, so that ppolicy leaves it to us; and named only where there is one, or it answers 16.
                var all = new List<LdapModification>();
                var touched = SetsPassword || !LockNow.SequenceEqual(LockThen, StringComparer.Ordinal);
                if (touched && LockNow.Count > 0)
                {
                    all.Add(LdapModification.Delete("pwdAccountLockedTime"));
                }

                if (SetsPassword)
                {
                    all.Add(new(LdapOperation.Replace, "userPassword", NewPassword is { } text ? [Encoding.UTF8.GetBytes(text)] : Hash));
                }

                if (touched && LockThen.Count > 0)
                {
                    all.Add(LdapModification.Add("pwdAccountLockedTime", LockThen));
                }

                all.AddRange(Others);
                return all;
            }
        }

        public static Plan For(LdapEntry now, OpenLdapSnapshot before)
        {
            var others = new List<LdapModification>();
            var changes = new List<Change>();
            var locked = now.Texts("pwdAccountLockedTime");
            if (!locked.SequenceEqual(before.Locked, StringComparer.Ordinal))
            {
                changes.Add(new("pwdAccountLockedTime", string.Join(' ', locked), string.Join(' ', before.Locked)));
            }

            Restore("pwdEndTime", before.End);
            Restore("loginShell", before.Shell);
            Restore("shadowExpire", before.ShadowExpire);
            foreach (var (name, values) in before.Keys.Where(key => !Equal(now.Bytes(key.Key), key.Value)))
            {
                others.Add(new(LdapOperation.Replace, name, values));
                changes.Add(new(name, null, $"{values.Count}"));
            }

            if (before.HasKeyClass && !now.Is("ldapPublicKey"))
            {
                others.Insert(0, LdapModification.Add("objectClass", "ldapPublicKey"));
            }

            var hash = before.Passwords.Count > 0 && !Equal(now.Bytes("userPassword"), before.Passwords) ? before.Passwords : [];
            var lost = before.Passwords.Count == 0 && now.Text("pwdChangedTime") != before.PasswordChanged;
            if (hash.Count > 0 || lost)
            {
                changes.Add(new("userPassword", null, lost ? "one-time" : "as before"));
            }

            return new() { Others = others, LockNow = locked, LockThen = before.Locked, Hash = hash, NeedsNewPassword = lost, Changes = changes };

            void Restore(string attribute, string? value)
            {
                if (now.Text(attribute) is var held && held != value)
                {
                    others.Add(value is null ? LdapModification.Replace(attribute) : LdapModification.Replace(attribute, value));
                    changes.Add(new(attribute, held, value));
                }
            }
        }

        public Plan WithPassword(string password) => this with { NewPassword = password, NeedsNewPassword = false };

        public Plan WithoutPassword() => this with
        {
            Hash = [], NewPassword = null, NeedsNewPassword = false, Changes = [.. Changes.Where(change => change.What != "userPassword")],
        };

        private static bool Equal(IReadOnlyList<byte[]> one, IReadOnlyList<byte[]> other) =>
            one.Count == other.Count && one.All(value => other.Any(same => same.AsSpan().SequenceEqual(value)));
    }
}
