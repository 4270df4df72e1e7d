using Depart.Connectors.Ldap;

namespace Depart.Connectors.OpenLdap;

/// <summary>The ordered acts on one account.</summary>
internal sealed class OpenLdapActions(
    OpenLdapSettings settings, LdapDirectory directory, OpenLdapAccounts accounts, OpenLdapWriter writer, OpenLdapSecrets secrets, TimeProvider clock)
{
    public const string Password = "reset-password";
    public const string End = "end-time";
    public const string Lock = "lock";
    public const string Strip = "strip-keys";
    public const string Groups = "groups";

    public static readonly IReadOnlyList<ActionDescriptor> Declared =
    [
        new()
        {
            Key = Password, Phase = Phase.Contain, Title = OpenLdapText.Password, Effect = OpenLdapText.PasswordEffect, NotRestored = OpenLdapText.PasswordLost,
        },
        new()
        {
            Key = End, Phase = Phase.Contain, Title = OpenLdapText.End, Effect = OpenLdapText.EndEffect, After = [new(Password, OpenLdapText.EndAfterPassword)],
        },
        new()
        {
            Key = Lock, Phase = Phase.Contain, Title = OpenLdapText.Lock, Effect = OpenLdapText.LockEffect,
            After = [new(Password, OpenLdapText.LockAfterPassword), new(End, OpenLdapText.LockAfterEnd)],
        },
        new() { Key = Strip, Phase = Phase.Strip, Title = OpenLdapText.Strip, Effect = OpenLdapText.StripEffect },
        new() { Key = Groups, Phase = Phase.Entitlements, Title = OpenLdapText.Groups, Effect = OpenLdapText.GroupsEffect },
    ];

    public async Task<ActionReport> ApplyAsync(ActionCall call, CancellationToken cancellation)
    {
        var read = new Exchange($"SEARCH entryUUID={call.Account}", "0 success");
        OpenLdapAccount? account;
        try
        {
            account = await accounts.FindAsync(call.Account, cancellation);
        }
        catch (LdapCallException error)
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, error.Failure) with { Exchanges = [read with { Answer = "no answer" }] };
        }

        if (account is null)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = [read with { Answer = "no such entry" }] };
        }

        return call.Action switch
        {
            Password => await ReplacePasswordAsync(account, call.DryRun, read, cancellation),
            End => await WriteAsync(account, EndChanges(account, call.CutAt), call.DryRun, read, cancellation),
            Lock => await WriteAsync(account, LockChanges(account), call.DryRun, read, cancellation),
            Strip => await WriteAsync(account, StripChanges(account), call.DryRun, read, cancellation),
            Groups => await LeaveGroupsAsync(account, call.DryRun, read, cancellation),
            _ => ActionReport.Failed(CallOutcome.NotAttempted, new(FailureKind.Invalid, new($"Unknown action {call.Action}.", $"Action inconnue : {call.Action}."))),
        };
    }

    private async Task<ActionReport> ReplacePasswordAsync(OpenLdapAccount account, bool dryRun, Exchange read, CancellationToken cancellation)
    {
        if (secrets.IsProven(account))
        {
            return new(CallOutcome.AlreadySo) { Exchanges = [read] };
        }

        Change[] changes = [new("userPassword", null, "random")];
        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = changes, Exchanges = [read] };
        }

        var (written, exchanges) = await secrets.SetAsync(account, cancellation);
        return written.Ok
            ? new(CallOutcome.Done) { Changes = changes, Exchanges = [read, .. exchanges] }
            : ActionReport.Failed(written.Outcome, written.Failure!) with { Exchanges = [read, .. exchanges] };
    }

    private IEnumerable<(LdapModification, Change)> EndChanges(OpenLdapAccount account, DateTimeOffset cutAt)
    {
        var now = clock.GetUtcNow();
        var before = account.Entry.Text("pwdEndTime");
        if (OpenLdapAccounts.Instant(before) is not { } end || end > now)
        {
            var after = OpenLdapAccounts.Text(cutAt < now ? cutAt : now);
            yield return (LdapModification.Replace("pwdEndTime", after), new("pwdEndTime", before, after));
        }
    }

    private static IEnumerable<(LdapModification, Change)> LockChanges(OpenLdapAccount account)
    {
        var before = account.Entry.Text("pwdAccountLockedTime");
        if (before != OpenLdapAccounts.LockedForGood)
        {
            yield return (LdapModification.Replace("pwdAccountLockedTime", OpenLdapAccounts.LockedForGood),
                new("pwdAccountLockedTime", before, OpenLdapAccounts.LockedForGood));
        }
    }

    private static IEnumerable<(LdapModification, Change)> StripChanges(OpenLdapAccount account)
    {
        foreach (var name in OpenLdapKeys.Held(account.Entry))
        {
            yield return (LdapModification.Replace(name), new(name, $"{account.Entry.Bytes(name).Count}", null));
        }

        if (OpenLdapKeys.HasShell(account.Entry))
        {
            yield return (LdapModification.Replace("loginShell", OpenLdapKeys.NoShell), new("loginShell", account.Entry.Text("loginShell"), OpenLdapKeys.NoShell));
        }

        if (OpenLdapKeys.MayExpire(account.Entry))
        {
            yield return (LdapModification.Replace("shadowExpire", "1"), new("shadowExpire", account.Entry.Text("shadowExpire"), "1"));
        }
    }

    private async Task<ActionReport> WriteAsync(
        OpenLdapAccount account, IEnumerable<(LdapModification Modification, Change Change)> wanted, bool dryRun, Exchange read, CancellationToken cancellation)
    {
        var all = wanted.ToList();
        if (all.Count == 0)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = [read] };
        }

        Change[] changes = [.. all.Select(one => one.Change)];
        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = changes, Exchanges = [read] };
        }

        LdapModification[] modifications = [.. all.Select(one => one.Modification)];
        var written = await writer.ModifyAsync(account, modifications, cancellation);
        if (written.Result?.Code == LdapCode.ObjectClassViolation && account.Entry.Is("ldapPublicKey") && account.Entry.Has("sshPublicKey"))
        {
            // Some schemas demand the key of whoever has the class: then the class goes too.
            written = await writer.ModifyAsync(account, [.. modifications, LdapModification.Delete("objectClass", "ldapPublicKey")], cancellation);
        }

        if (!written.Ok)
        {
            return ActionReport.Failed(written.Outcome, written.Failure!) with { Exchanges = [read, written.Exchange] };
        }

        if (written.After is { } after && modifications.FirstOrDefault(one => !Holds(after, one)) is { } ignored)
        {
            return ActionReport.Failed(CallOutcome.Unknown, new(FailureKind.Conflict, new(
                $"{directory.Host} took the change of {ignored.Attribute} and then shows another value.",
                $"{directory.Host} a accepté la modification de {ignored.Attribute} puis montre une autre valeur."))) with { Exchanges = [read, written.Exchange] };
        }

        return new(CallOutcome.Done) { Changes = changes, Exchanges = [read, written.Exchange] };
    }

    private static bool Holds(LdapEntry entry, LdapModification modification) =>
        modification.Operation != LdapOperation.Replace
        || (entry.Bytes(modification.Attribute) is var now && now.Count == modification.Values.Count
            && now.Zip(modification.Values).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));

    private async Task<ActionReport> LeaveGroupsAsync(OpenLdapAccount account, bool dryRun, Exchange read, CancellationToken cancellation)
    {
        List<Membership> groups;
        try
        {
            groups = [.. (await accounts.GroupsAsync([account.Entry], cancellation))[account.Dn]];
        }
        catch (LdapCallException error)
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, error.Failure) with { Exchanges = [read] };
        }

        if (groups.Count == 0)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = [read] };
        }

        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = [.. groups.Select(Left)], Exchanges = [read] };
        }

        var changes = new List<Change>();
        var exchanges = new List<Exchange> { read };
        (CallOutcome Outcome, Failure Failure)? failed = null;
        foreach (var group in groups)
        {
            var (outcome, failure) = await LeaveAsync(group, exchanges, cancellation);
            if (outcome == CallOutcome.Done)
            {
                changes.Add(Left(group));
            }
            else if (failure is not null)
            {
                // One group that refuses does not keep the account in the others.
                failed ??= (outcome, failure);
            }
        }

        return failed is { } first
            ? ActionReport.Failed(first.Outcome, first.Failure) with { Changes = changes, Exchanges = exchanges }
            : new(changes.Count > 0 ? CallOutcome.Done : CallOutcome.AlreadySo) { Changes = changes, Exchanges = exchanges };
    }

    private static Change Left(Membership group) => new($"{group.Attribute} {group.Name}", "member", null);

    private async Task<(CallOutcome Outcome, Failure? Failure)> LeaveAsync(Membership group, List<Exchange> exchanges, CancellationToken cancellation)
    {
        try
        {
            var result = await SendAsync(new(group.Group, LdapModification.Delete(group.Attribute, group.Value)), exchanges, cancellation);
            if (result.Code == LdapCode.ObjectClassViolation)
            {
                result = await SendAsync(
                    new(group.Group, LdapModification.Delete(group.Attribute, group.Value), LdapModification.Add(group.Attribute, settings.Placeholder)),
                    exchanges, cancellation);
            }

            return result.Code switch
            {
                LdapCode.Success => (CallOutcome.Done, null),
                LdapCode.NoSuchAttribute or LdapCode.NoSuchObject => (CallOutcome.AlreadySo, null),
                _ => (LdapFailures.Outcome(result), directory.Failures.Refused(result,
                    new($"remove a member from the group {group.Name}", $"retirer un membre du groupe {group.Name}"),
                    new("Give our account the right to write member, uniqueMember and memberUid on the groups.",
                        "Donnez à notre compte le droit d’écrire member, uniqueMember et memberUid sur les groupes."))),
            };
        }
        catch (LdapCallException error)
        {
            exchanges.Add(new($"MODIFY {group.Group} delete {group.Attribute}", error.Sent ? "no answer" : "not sent"));
            return (error.Outcome, error.Failure);
        }
    }

    private async Task<LdapResult> SendAsync(LdapModify modify, List<Exchange> exchanges, CancellationToken cancellation)
    {
        var result = await directory.ChangeAsync(modify, cancellation);
        exchanges.Add(new(modify.ToString(), result.ToString()));
        return result;
    }
}
