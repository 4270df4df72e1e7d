using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
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
/// <remarks>A step that passes on what the account owns is also tried again once it was left out or failed, with the login that takes over.</remarks>
internal sealed record SettleStep(DepartureId Departure, RevocationId Step, StepDecision Decision, string? Why = null, string? NewOwner = null)
    : ICommand<Done>, IRouted, IOnDeparture, IChecked
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/disconnection/steps/{step}", (DepartureId departure, RevocationId step, Body body, ApiDoor door) =>
            door.SendAsync(new SettleStep(departure, step, body.Decision, body.Why, body.NewOwner))).WithTags("Disconnection");

    public IEnumerable<Problem> Check()
    {
        if (Decision != StepDecision.Retry && string.IsNullOrWhiteSpace(Why))
        {
            yield return Problem.Required(nameof(Why), Decision == StepDecision.Skip ? AccountsText.Reason : AccountsText.Proof);
        }
    }

    internal sealed record Body(StepDecision Decision, string? Why, string? NewOwner = null);

    internal sealed class Handler(DepartDb db, Connections connections, NewOwners owners, IJournal journal, TimeProvider clock) : IHandler<SettleStep, Done>
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

            if (command is { Decision: StepDecision.Retry, NewOwner: { } named })
            {
                if (await NameAsync(step, graph[run.Id].Departure.Person, named, cancellation) is { } refusal)
                {
                    return refusal;
                }
            }
            else if (step.State is not (RevocationState.Failed or RevocationState.ToDoByHand)
                || (step.State == RevocationState.ToDoByHand && command.Decision == StepDecision.Retry))
            {
                return AccountsText.StillRuns;
            }

            var now = clock.GetUtcNow();
            var progress = graph[run.Id].Progress;
            if (step.State is RevocationState.Failed or RevocationState.Skipped)
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
                Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["why"] = command.Why, ["newOwner"] = command.NewOwner is null ? null : step.NewOwner },
            });
            await graph.JudgeAsync([run.Id], journal, now, cancellation);
            return Done.Value;
        }

        /// <summary>Names who takes over, on a step that passed nothing on so far.</summary>
        private async Task<Problem?> NameAsync(Revocation step, PersonId leaver, string login, CancellationToken cancellation)
        {
            if (string.IsNullOrWhiteSpace(login))
            {
                return Problem.Required(nameof(NewOwner), DisconnectionText.NewOwner);
            }

            if (await db.Set<TargetSystem>().FirstOrDefaultAsync(system => system.Id == step.System, cancellation) is not { } system
                || step.State is not (RevocationState.Failed or RevocationState.Skipped) || !owners.Passing(system).Contains(step.Action))
            {
                return AccountsText.StillRuns;
            }

            var choice = await owners.ReadAsync(leaver, system.Id.ToString(), login, cancellation);
            if (!choice.Ok)
            {
                return choice.Problem with { Field = nameof(NewOwner) };
            }

            step.PassTo(choice.Value.Account!.Login, null);
            return null;
        }
    }
}
