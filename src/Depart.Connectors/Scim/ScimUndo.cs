using System.Net;

namespace Depart.Connectors.Scim;

/// <summary>Gives an account back as its snapshot holds it.</summary>
internal sealed class ScimUndo(ScimAccounts accounts, ScimActions actions, ScimGroups groups)
{
    public async Task<UndoReport> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        if (ScimSnapshot.Read(call.Snapshot) is not { } before)
        {
            return new(CallOutcome.NotAttempted)
            {
                Failure = new(FailureKind.Invalid, new("The snapshot cannot be read: nothing was changed.", "Le relevé est illisible : rien n’a été modifié.")),
            };
        }

        var read = await accounts.GetAsync(call.Account, cancellation);
        if (read.Failure is { } failure)
        {
            return new(CallOutcome.NotAttempted) { Failure = failure, Exchanges = read.Exchanges };
        }

        if (read.User is not { } user)
        {
            return new(CallOutcome.Refused)
            {
                NotRestored = [new("The account no longer exists.", "Le compte n’existe plus.")],
                Failure = new(FailureKind.Invalid, new("The account no longer exists: it must be created anew.", "Le compte n’existe plus : il faut le recréer.")),
                Exchanges = read.Exchanges,
            };
        }

        var activated = await actions.SetActiveAsync(user, read.Exchanges, before.Active, call.DryRun, cancellation);
        return activated.Failure is { } refused
            ? new(activated.Outcome) { Failure = refused, Exchanges = activated.Exchanges }
            : await RejoinAsync(user, before, activated, call.DryRun, cancellation);
    }

    private async Task<UndoReport> RejoinAsync(ScimUser user, ScimSnapshot before, ActionReport activated, bool dryRun, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, string> held;
        var exchanges = activated.Exchanges.ToList();
        try
        {
            held = await groups.OfAsync(user, cancellation);
        }
        catch (ScimListException broken)
        {
            return new(CallOutcome.Unknown) { Changes = activated.Changes, Exchanges = exchanges, Failure = broken.Failure };
        }

        var changes = activated.Changes.ToList();
        var lost = new List<Bilingual>();
        foreach (var (group, name) in before.Groups.Where(group => !held.ContainsKey(group.Key)))
        {
            var answer = dryRun ? await groups.FindAsync(group, cancellation) : await groups.JoinAsync(group, user.Id!, cancellation);
            exchanges.Add(answer.Exchange);
            if (answer.Failure is { } failure)
            {
                return new(CallOutcome.Unknown) { Changes = changes, NotRestored = lost, Exchanges = exchanges, Failure = ScimReports.Naming(name, failure) };
            }

            if (answer.Status == HttpStatusCode.NotFound)
            {
                lost.Add(new($"The group {name} no longer exists.", $"Le groupe {name} n’existe plus."));
                continue;
            }

            changes.Add(new($"group {name}", null, "member"));
        }

        return new(changes.Count > 0 ? CallOutcome.Done : CallOutcome.AlreadySo) { Changes = changes, NotRestored = lost, Exchanges = exchanges };
    }
}
