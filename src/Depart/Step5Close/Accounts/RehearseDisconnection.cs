using Depart.Connectors;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>What one step of the plan would do, as its system says now.</summary>
/// <param name="Key">The step's key in the plan.</param>
/// <param name="Outcome">The word it would end with.</param>
/// <param name="Changes">What would change.</param>
/// <param name="Why">Why it would not go through, or null.</param>
public sealed record RehearsedStep(string Key, CallOutcome Outcome, IReadOnlyList<Change> Changes, Words? Why);

/// <summary>Asks every system what each step of the plan would change: reads, and never writes (ACC7).</summary>
internal sealed record RehearseDisconnection(DepartureId Departure) : IQuery<IReadOnlyList<RehearsedStep>>, IOnDeparture
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public Guid DepartureKey => Departure.Value;

    internal sealed class Handler(DepartDb db, Planner planner, DryRuns dry) : IHandler<RehearseDisconnection, IReadOnlyList<RehearsedStep>>
    {
        public async Task<Outcome<IReadOnlyList<RehearsedStep>>> HandleAsync(RehearseDisconnection query, CancellationToken cancellation)
        {
            if (await db.Set<Departure>().FirstOrDefaultAsync(row => row.Id == query.Departure, cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            var planned = await planner.PlanAsync(departure.Person, immediate: false, cancellation, departure.Id);
            return planned.Ok
                ? (await dry.AskAsync(planned.Value.Steps.Where(step => step is { ByHand: false, Action: not (OrderResolver.Snapshot or OrderResolver.Verify) }), cancellation)).ToList()
                : planned.Problem;
        }
    }
}

/// <summary>Asks systems what steps of a plan would change; nothing is written.</summary>
internal sealed class DryRuns(DepartDb db, Connections connections, TimeProvider clock)
{
    /// <summary>One account after the other within a system, systems side by side: a rehearsal must not weigh on anyone.</summary>
    public async Task<IReadOnlyList<RehearsedStep>> AskAsync(IEnumerable<PlannedStep> steps, CancellationToken cancellation)
    {
        var asked = steps.ToList();
        var systemIds = asked.Select(step => step.System).Distinct().ToList();
        var accountIds = asked.Select(step => step.Account).Distinct().ToList();
        var systems = await db.Set<TargetSystem>().Where(system => systemIds.Contains(system.Id)).ToDictionaryAsync(system => system.Id, cancellation);
        var accounts = await db.Set<Account>().Where(account => accountIds.Contains(account.Id)).ToDictionaryAsync(account => account.Id, account => account.ExternalId, cancellation);
        var answers = await Task.WhenAll(asked.GroupBy(step => step.System).Select(group => AskAsync(systems[group.Key], [.. group], accounts, cancellation)));
        return [.. answers.SelectMany(answer => answer)];
    }

    private async Task<List<RehearsedStep>> AskAsync(
        TargetSystem system, List<PlannedStep> steps, Dictionary<AccountId, string> accounts, CancellationToken cancellation)
    {
        using var rehearsal = new Rehearsal(cancellation);
        var seen = new List<RehearsedStep>();
        foreach (var step in steps)
        {
            seen.Add(await rehearsal.AskAsync(
                async token =>
                {
                    var report = await connections.Of(system).ApplyAsync(
                        new()
                        {
                            Action = step.Action,
                            Account = accounts[step.Account],
                            IdempotencyKey = $"rehearsal-{step.Key}",
                            CutAt = clock.GetUtcNow(),
                            NewOwner = step.NewOwner,
                            DryRun = true,
                        }, token);
                    return new RehearsedStep(step.Key, report.Outcome, report.Changes, report.Failure?.What.ToWords());
                },
                (outcome, why) => new(step.Key, outcome, [], why)));
        }

        return seen;
    }
}
