using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>What a person decides about a step that cannot go on by itself.</summary>
public enum StepDecision
{
    /// <summary>Try again.</summary>
    Retry,

    /// <summary>Leave out, with a reason.</summary>
    Skip,

    /// <summary>Done by hand, with proof: attested, never verified.</summary>
    ByHand,
}

/// <summary>Retry, skip with a reason, or mark done by hand with proof (ACC3).</summary>
internal sealed record SettleStep(DepartureId Departure, RevocationId Step, StepDecision Decision, string? Why = null)
    : ICommand<Done>, IRouted, IOnDeparture, IChecked
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/disconnection/steps/{step}", (DepartureId departure, RevocationId step, Body body, ApiDoor door) =>
            door.SendAsync(new SettleStep(departure, step, body.Decision, body.Why))).WithTags("Disconnection");

    public IEnumerable<Problem> Check()
    {
        if (Decision != StepDecision.Retry && string.IsNullOrWhiteSpace(Why))
        {
            yield return Problem.Required(nameof(Why), Decision == StepDecision.Skip ? AccountsText.Reason : AccountsText.Proof);
        }
    }

    internal sealed record Body(StepDecision Decision, string? Why);

    internal sealed class Handler(DepartDb db, Connections connections, IJournal journal, TimeProvider clock) : IHandler<SettleStep, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(SettleStep command, CancellationToken cancellation)
        {
            var run = await db.Set<Disconnection>().Where(disconnection => disconnection.Departure == command.Departure && disconnection.State != DisconnectionState.Withdrawn)
                .OrderByDescending(disconnection => disconnection.StartedAt).FirstOrDefaultAsync(cancellation);
            if (run is null || await DisconnectionGraph.LoadAsync(db, connections, [run.Id], cancellation) is not { } graph
                || graph[run.Id].Rows.FirstOrDefault(row => row.Id == command.Step) is not { } step)
            {
                return Problem.NotFound(AccountsText.Step);
            }

            if (run.UndoneAt is not null || graph[run.Id].Departure.State is DepartureState.Closed or DepartureState.Cancelled)
            {
                return AccountsText.UndoneSince;
            }

            if (step.State is not (RevocationState.Failed or RevocationState.ToDoByHand)
                || (step.State == RevocationState.ToDoByHand && command.Decision == StepDecision.Retry))
            {
                return AccountsText.StillRuns;
            }

            var now = clock.GetUtcNow();
            var progress = graph[run.Id].Progress;
            if (step.State == RevocationState.Failed)
            {
                progress.Rewind(step);
            }

            if (command.Decision == StepDecision.Retry)
            {
                progress.Start(step);
            }
            else
            {
                step.SettledByPerson(
                    command.Decision == StepDecision.Skip ? RevocationState.Skipped : RevocationState.ByHand, Words.Same(command.Why!.Trim()), now);
                progress.Release(step);
            }

            journal.Record(new(graph[run.Id].Departure.Chain, "revocation.decided")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["revocation"] = step.Id.Value,
                    ["account"] = step.Account.Value,
                    ["system"] = step.System.Value,
                    ["action"] = step.Action,
                    ["decision"] = command.Decision.ToString(),
                },
                Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["why"] = command.Why },
            });
            await graph.JudgeAsync([run.Id], journal, now, cancellation);
            return Done.Value;
        }
    }
}
