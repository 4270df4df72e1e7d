using System.Text.Json.Nodes;

namespace Depart.Connectors.Scim;

/// <summary>Closes an account: deactivated, then taken out of its groups.</summary>
internal sealed class ScimActions(ScimClient client, ScimAccounts accounts, ScimGroups groups, ScimLeaving leaving)
{
    private const string Disable = "disable";
    private const string LeaveGroups = "groups";

    /// <summary>What can be done, as declared.</summary>
    public static IReadOnlyList<ActionDescriptor> All { get; } =
    [
        new()
        {
            Key = Disable,
            Phase = Phase.Contain,
            Title = new("Deactivate the account", "Désactiver le compte"),
            Effect = new("Sets active to false: the application refuses to sign the person in.", "Met « active » à « false » : l’application refuse la connexion de la personne."),
        },
        new()
        {
            Key = LeaveGroups,
            Phase = Phase.Entitlements,
            Title = new("Remove from groups", "Retirer des groupes"),
            Effect = new("Removes the account from every group that the application lists for it.", "Retire le compte de chaque groupe que l’application lui connaît."),
        },
    ];

    public async Task<ActionReport> ApplyAsync(ActionCall call, CancellationToken cancellation)
    {
        if (call.Action is not (Disable or LeaveGroups))
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, new(FailureKind.Invalid, new($"Unknown action {call.Action}.", $"Action inconnue : {call.Action}.")));
        }

        var read = await accounts.GetAsync(call.Account, cancellation);
        return await ApplyAsync(call, read, read.Exchanges, cancellation);
    }

    /// <summary>Several actions on one account, which is read once before them.</summary>
    public async Task<IReadOnlyList<ActionReport>> ApplyAllAsync(IReadOnlyList<ActionCall> calls, CancellationToken cancellation)
    {
        if (calls.Any(call => call.Action is not (Disable or LeaveGroups)))
        {
            return [await ApplyAsync(calls[0], cancellation)];
        }

        var read = await accounts.GetAsync(calls[0].Account, cancellation);
        var said = read.Exchanges;
        var reports = new List<ActionReport>(calls.Count);
        foreach (var call in calls)
        {
            reports.Add(await ApplyAsync(call, read, said, cancellation));
            if (!reports[^1].IsWell)
            {
                break;
            }

            said = [];
        }

        return reports;
    }

    private async Task<ActionReport> ApplyAsync(ActionCall call, UserRead read, IReadOnlyList<Exchange> said, CancellationToken cancellation)
    {
        if (read.Failure is { } failure)
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, failure) with { Exchanges = said };
        }

        if (read.User is not { } user)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = said };
        }

        return call.Action == Disable
            ? await SetActiveAsync(user, said, active: false, call.DryRun, cancellation)
            : await LeaveGroupsAsync(user, said, call.DryRun, cancellation);
    }

    /// <summary>Opens or closes an account, in the form that the service understands.</summary>
    public async Task<ActionReport> SetActiveAsync(ScimUser user, IReadOnlyList<Exchange> said, bool active, bool dryRun, CancellationToken cancellation)
    {
        if (user.Active == active)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = said };
        }

        var changes = new[] { new Change("active", active ? "false" : "true", active ? "true" : "false") };
        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = changes, Exchanges = said };
        }

        var path = ScimAccounts.PathOf(user.Id!);
        var answer = await client.PatchAsync(path, "replace", "active", active, user.Version, cancellation);
        if (answer.IsUnsupported)
        {
            // Some services only know the form without a path, others no PATCH at all.
            answer = await client.PatchAsync(path, "replace", null, new JsonObject { ["active"] = active }, user.Version, cancellation);
        }

        if (answer.IsUnsupported)
        {
            var whole = (JsonObject)user.Body.DeepClone();
            whole["active"] = active;
            answer = await client.ChangeAsync(HttpMethod.Put, path, whole, user.Version, cancellation);
        }

        return ScimReports.Report(answer, changes, said);
    }

    private async Task<ActionReport> LeaveGroupsAsync(ScimUser user, IReadOnlyList<Exchange> said, bool dryRun, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, string> held;
        try
        {
            held = await groups.OfAsync(user, cancellation);
        }
        catch (ScimListException broken)
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, broken.Failure) with { Exchanges = said };
        }

        if (held.Count == 0)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = said };
        }

        var changes = new List<Change>();
        var exchanges = said.ToList();
        var seen = true;
        foreach (var (group, name) in held)
        {
            if (!dryRun)
            {
                var (answer, members) = await leaving.LeaveAsync(group, user.Id!, cancellation);
                exchanges.Add(answer.Exchange);
                if (answer.Failure is { } failure)
                {
                    // Groups left before stay left: the next attempt goes on from there.
                    return ScimReports.Report(answer, changes, said) with { Failure = ScimReports.Naming(name, failure), Changes = changes, Exchanges = exchanges };
                }

                seen &= members?.Contains(user.Id!) == false;
            }

            changes.Add(new($"group {name}", "member", null));
        }

        return dryRun || seen ? new(CallOutcome.Done) { Changes = changes, Exchanges = exchanges } : await LeftAsync(user, changes, exchanges, cancellation);
    }

    /// <summary>A service that answers 200 and ignores the change, or does not show the group afterwards, is asked again what the user is in.</summary>
    private async Task<ActionReport> LeftAsync(ScimUser user, List<Change> changes, List<Exchange> exchanges, CancellationToken cancellation)
    {
        var read = await accounts.GetAsync(user.Id!, cancellation);
        exchanges.AddRange(read.Exchanges);
        try
        {
            var left = read.User is { } now ? await groups.OfAsync(now, cancellation) : new Dictionary<string, string>();
            var failure = read.Failure ?? (left.Count == 0 ? null : new Failure(FailureKind.Conflict, new(
                $"{client.Host} accepted the change and still shows these groups: {string.Join(", ", left.Values)}.",
                $"{client.Host} a accepté le changement et montre encore ces groupes : {string.Join(", ", left.Values)}.")));
            return new(failure is null ? CallOutcome.Done : CallOutcome.Unknown) { Changes = changes, Exchanges = exchanges, Failure = failure };
        }
        catch (ScimListException broken)
        {
            return new(CallOutcome.Unknown) { Changes = changes, Exchanges = exchanges, Failure = broken.Failure };
        }
    }
}
