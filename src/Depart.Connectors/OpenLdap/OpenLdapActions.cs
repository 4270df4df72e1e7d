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

    private static readonly Change PasswordChange = new("userPassword", null, "random");

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

    public async Task<ActionReport> ApplyAsync(ActionCall call, CancellationToken cancellation) => (await ApplyAllAsync([call], cancellation))[0];

    /// <summary>Several actions of one account: it is read once, and what is written on its own entry goes in one modification, in the same order.</summary>
    public async Task<IReadOnlyList<ActionReport>> ApplyAllAsync(IReadOnlyList<ActionCall> calls, CancellationToken cancellation)
    {
        var read = new Exchange($"SEARCH entryUUID={calls[0].Account}", "0 success");
        OpenLdapAccount? account;
        try
        {
            account = await accounts.FindAsync(calls[0].Account, cancellation);
        }
        catch (LdapCallException error)
        {
            return [ActionReport.Failed(CallOutcome.NotAttempted, error.Failure) with { Exchanges = [read with { Answer = "no answer" }] }];
        }

        var reports = new List<ActionReport>(calls.Count);
        while (reports.Count < calls.Count && reports.TrueForAll(report => report.IsWell))
        {
            if (account is null)
            {
                reports.Add(new(CallOutcome.AlreadySo) { Exchanges = [read with { Answer = "no such entry" }] });
                continue;
            }

            var together = calls.Skip(reports.Count).TakeWhile(call => call.Action != Groups).ToList();
            if (together.Count > 1 && (together.TrueForAll(call => call.Action != Password) || secrets.HashesAreRead))
            {
                reports.AddRange(await WriteTogetherAsync(account, together, read, cancellation));
            }
            else
            {
                // No action changes what another one looks at: what was read holds for all.
                reports.Add(await ApplyAsync(account, calls[reports.Count], read, cancellation));
            }
        }

        return reports;
    }

    private async Task<ActionReport> ApplyAsync(OpenLdapAccount account, ActionCall call, Exchange read, CancellationToken cancellation) => call.Action switch
    {
        Password => await ReplacePasswordAsync(account, call.DryRun, read, cancellation),
        Groups => await LeaveGroupsAsync(account, call.DryRun, read, cancellation),
        _ when Wanted(account, call) is { } wanted => await WriteAsync(account, wanted, call.DryRun, read, cancellation),
        _ => ActionReport.Failed(CallOutcome.NotAttempted, new(FailureKind.Invalid, new($"Unknown action {call.Action}.", $"Action inconnue : {call.Action}."))),
    };

    /// <summary>What an action other than the password would write on the account's own entry; null when there is no such action.</summary>
    private IEnumerable<(LdapModification Modification, Change Change)>? Wanted(OpenLdapAccount account, ActionCall call) => call.Action switch
    {
        End => EndChanges(account, call.CutAt),
        Lock => LockChanges(account),
        Strip => StripChanges(account),
        _ => null,
    };

    /// <summary>
    /// One modification for all, which the server makes whole or not at all. When it refuses, each is tried by itself, so that what can be done is done and the
    /// one that is refused has a name.
    /// </summary>
    private async Task<IReadOnlyList<ActionReport>> WriteTogetherAsync(
        OpenLdapAccount account, IReadOnlyList<ActionCall> calls, Exchange read, CancellationToken cancellation)
    {
        var renews = calls.Any(call => call.Action == Password) && !secrets.IsProven(account);
        var parts = calls.Select(call => call.Action == Password
            ? renews ? [.. secrets.Renew(account).Select(modification => (modification, PasswordChange))] : []
            : Wanted(account, call)?.ToList() ?? []).ToList();
        LdapModification[] all = [.. parts.SelectMany(part => part.Select(one => one.Item1))];
        if (all.Length == 0)
        {
            return [.. calls.Select(_ => new ActionReport(CallOutcome.AlreadySo) { Exchanges = [read] })];
        }

        var written = await writer.ModifyAsync(account, all, cancellation);
        if (renews)
        {
            secrets.Settle(account, written);
        }

        if (written.Outcome == CallOutcome.Refused)
        {
            var each = new List<ActionReport>();
            foreach (var call in calls.TakeWhile(_ => each.TrueForAll(report => report.IsWell)))
            {
                each.Add(await ApplyAsync(call, cancellation));
            }

            return each;
        }

        List<Exchange> proof = [];
        if (renews && written.After is { } after)
        {
            secrets.Prove(account, after, proof);
        }

        var said = new List<ActionReport>();
        foreach (var part in parts.TakeWhile(_ => said.TrueForAll(report => report.IsWell)))
        {
            List<Exchange> exchanges = said.Count == 0 ? [read, written.Exchange, .. proof] : [written.Exchange];
            said.Add(part.Count == 0 ? new(CallOutcome.AlreadySo) { Exchanges = [read] }
                : !written.Ok ? ActionReport.Failed(written.Outcome, written.Failure!) with { Exchanges = exchanges }
                : Kept(written, [.. part.Select(one => one.Item1)], [.. part.Select(one => one.Item2).Distinct()], exchanges));
        }

        return said;
    }

    private async Task<ActionReport> ReplacePasswordAsync(OpenLdapAccount account, bool dryRun, Exchange read, CancellationToken cancellation)
    {
        if (secrets.IsProven(account))
        {
            return new(CallOutcome.AlreadySo) { Exchanges = [read] };
        }

        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = [PasswordChange], Exchanges = [read] };
        }

        var (written, exchanges) = await secrets.SetAsync(account, cancellation);
        return written.Ok
            ? new(CallOutcome.Done) { Changes = [PasswordChange], Exchanges = [read, .. exchanges] }
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

        return Kept(written, modifications, changes, [read, written.Exchange]);
    }

    /// <summary>Done, unless the server shows another value than the one that it took.</summary>
    private ActionReport Kept(Written written, IReadOnlyList<LdapModification> modifications, IReadOnlyList<Change> changes, IReadOnlyList<Exchange> exchanges) =>
        written.After is { } after && modifications.FirstOrDefault(one => !Holds(after, one)) is { } ignored
            ? ActionReport.Failed(CallOutcome.Unknown, new(FailureKind.Conflict, new(
                $"{directory.Host} took the change of {ignored.Attribute} and then shows another value.",
                $"{directory.Host} a accepté la modification de {ignored.Attribute} puis montre une autre valeur."))) with { Exchanges = exchanges }
            : new(CallOutcome.Done) { Changes = changes, Exchanges = exchanges };

    private static bool Holds(LdapEntry entry, LdapModification modification) =>
        modification.Operation != LdapOperation.Replace || modification.Attribute == "userPassword"
        || (entry.Bytes(modification.Attribute) is var now && now.Count == modification.Values.Count
            && now.Zip(modification.Values).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));

    private async Task<ActionReport> LeaveGroupsAsync(OpenLdapAccount account, bool dryRun, Exchange read, CancellationToken cancellation)
    {
        IReadOnlyList<Membership> groups;
        try
        {
            groups = await accounts.GroupsOfAsync(account.Entry, cancellation);
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

        var left = await Task.WhenAll(groups.Select(group => LeaveAsync(group, cancellation)));
        List<Change> changes = [.. groups.Zip(left).Where(pair => pair.Second.Outcome == CallOutcome.Done).Select(pair => Left(pair.First))];
        List<Exchange> exchanges = [read, .. left.SelectMany(one => one.Exchanges)];

        // One group that refuses does not keep the account in the others.
        var failed = left.FirstOrDefault(one => one.Failure is not null);
        var outcome = failed.Outcome == CallOutcome.NotAttempted && left.Any(one => one.Outcome != CallOutcome.NotAttempted) ? CallOutcome.Unknown : failed.Outcome;
        return failed.Failure is { } why
            ? ActionReport.Failed(outcome, why) with { Changes = changes, Exchanges = exchanges }
            : new(changes.Count > 0 ? CallOutcome.Done : CallOutcome.AlreadySo) { Changes = changes, Exchanges = exchanges };
    }

    private static Change Left(Membership group) => new($"{group.Attribute} {group.Name}", "member", null);

    private async Task<(CallOutcome Outcome, Failure? Failure, IReadOnlyList<Exchange> Exchanges)> LeaveAsync(Membership group, CancellationToken cancellation)
    {
        var exchanges = new List<Exchange>();
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
                LdapCode.Success => (CallOutcome.Done, null, exchanges),
                LdapCode.NoSuchAttribute or LdapCode.NoSuchObject => (CallOutcome.AlreadySo, null, exchanges),
                _ => (LdapFailures.Outcome(result), directory.Failures.Refused(result,
                    new($"remove a member from the group {group.Name}", $"retirer un membre du groupe {group.Name}"),
                    new("Give our account the right to write member, uniqueMember and memberUid on the groups.",
                        "Donnez à notre compte le droit d’écrire member, uniqueMember et memberUid sur les groupes.")), exchanges),
            };
        }
        catch (LdapCallException error)
        {
            exchanges.Add(new($"MODIFY {group.Group} delete {group.Attribute}", error.Sent ? "no answer" : "not sent"));
            return (error.Outcome, error.Failure, exchanges);
        }
    }

    private async Task<LdapResult> SendAsync(LdapModify modify, List<Exchange> exchanges, CancellationToken cancellation)
    {
        var result = await directory.ChangeAsync(modify, cancellation);
        exchanges.Add(new(modify.ToString(), result.ToString()));
        return result;
    }
}
