using System.Text.Json;
using Depart.Connectors;
using Depart.Departures;
using Depart.Departures.Embargoes;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Shows what a disconnection would do, after a search of every system; writes nothing on any of them (ACC3).</summary>
/// <remarks>NewOwners stands for other choices of who takes over (system, login) than those that are kept, to see what they would give.</remarks>
internal sealed record PlanDisconnection(PersonId Person, bool Immediate = false, IReadOnlyDictionary<string, string>? NewOwners = null, DepartureId? Departure = null)
    : IQuery<DisconnectionPlan>, IRouted, IOnPerson
{
    private static readonly Words OwnsNothing = new("The account owns nothing.", "Le compte ne possède rien.");

    public static Access Access => Access.To(Role.It, Role.Security, Role.Auditor, Role.Admin);

    public Guid PersonKey => Person.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/people/{person}/plan", (PersonId person, bool? immediate, [FromQuery] string[]? newOwner, ApiDoor door) =>
            door.AskAsync(new PlanDisconnection(person, immediate ?? false, ChooseNewOwners.Read(newOwner)))).WithTags("Disconnection");

    internal sealed class Handler(AccountSearch search, Planner planner, DryRuns dry) : IHandler<PlanDisconnection, DisconnectionPlan>
    {
        public async Task<Outcome<DisconnectionPlan>> HandleAsync(PlanDisconnection query, CancellationToken cancellation)
        {
            var unreached = await search.SearchAsync(query.Person, cancellation);
            var planned = await planner.PlanAsync(query.Person, query.Immediate, cancellation, query.Departure, query.NewOwners);
            if (!planned.Ok)
            {
                return planned;
            }

            var plan = planned.Value;
            var stays = (await dry.AskAsync(plan.Steps.Where(step => step is { LeftOut: not null, ByHand: false }), cancellation)).ToDictionary(step => step.Key, StringComparer.Ordinal);
            return plan with
            {
                Unreached = unreached,
                Steps = [.. plan.Steps.Select(step => stays.TryGetValue(step.Key, out var seen) ? step with { Stays = seen.Outcome == CallOutcome.AlreadySo ? OwnsNothing : seen.Why } : step)],
            };
        }
    }
}

/// <summary>Searches every system for the leaver's accounts, just before the cut; names the systems that did not answer.</summary>
internal sealed record SearchBeforeCut(DepartureId Departure) : IQuery<IReadOnlyList<UnreachedSystem>>, IOnDeparture
{
    public static Access Access => Disconnect.Access;

    public Guid DepartureKey => Departure.Value;

    internal sealed class Handler(DepartDb db, AccountSearch search) : IHandler<SearchBeforeCut, IReadOnlyList<UnreachedSystem>>
    {
        public async Task<Outcome<IReadOnlyList<UnreachedSystem>>> HandleAsync(SearchBeforeCut query, CancellationToken cancellation) =>
            await db.Set<Departure>().FirstOrDefaultAsync(row => row.Id == query.Departure, cancellation) is { } departure
                ? (await search.SearchAsync(departure.Person, cancellation)).ToList()
                : Problem.NotFound(DeparturesText.Departure);
    }
}

/// <summary>The one click: starts the disconnection of a departure now (ACC3).</summary>
/// <remarks>NewOwners says who takes what the leaver owns, as in <see cref="ChooseNewOwners"/>.</remarks>
internal sealed record Disconnect(
    DepartureId Departure, bool Immediate = false, DepartureReason? Reason = null, IReadOnlyList<UnreachedSystem>? Unsearched = null,
    IReadOnlyDictionary<string, string>? NewOwners = null)
    : ICommand<DisconnectionId>, IRouted, IOnDeparture, IRequiresProof
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public Guid DepartureKey => Departure.Value;

    public bool NeedsProof => Immediate;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/disconnect", (DepartureId departure, Body? body, ApiDoor door) =>
            door.SendAsync<IReadOnlyList<UnreachedSystem>, Disconnect, DisconnectionId>(new SearchBeforeCut(departure), unreached =>
                new Disconnect(departure, body?.Immediate ?? false, body?.Reason, unreached, body?.NewOwners))).WithTags("Disconnection");

    internal sealed record Body(bool Immediate = false, DepartureReason? Reason = null, IReadOnlyDictionary<string, string>? NewOwners = null);

    internal sealed class Handler(DisconnectionStart start) : IHandler<Disconnect, DisconnectionId>
    {
        public Task<Outcome<DisconnectionId>> HandleAsync(Disconnect command, CancellationToken cancellation) =>
            command.Immediate && command.Reason is null
                ? Task.FromResult<Outcome<DisconnectionId>>(Problem.Required(nameof(Reason), AccountsText.Reason))
                : start.StartAsync(command.Departure, command.Immediate, command.Unsearched ?? [], cancellation, command.NewOwners, command.Reason);
    }
}

/// <summary>Turns a plan into rows and the first work items, in the transaction of the command.</summary>
internal sealed class DisconnectionStart(DepartDb db, Planner planner, NewOwners owners, TaskBook tasks, IJournal journal, TimeProvider clock)
{
    /// <summary>Starts now; a disconnection that runs already is given back, never doubled.</summary>
    public async Task<Outcome<DisconnectionId>> StartAsync(
        DepartureId id, bool immediate, IReadOnlyList<UnreachedSystem> unsearched, CancellationToken cancellation, IReadOnlyDictionary<string, string>? newOwners = null,
        DepartureReason? reason = null)
    {
        if (await db.FindAsync<Departure>([id], cancellation) is not { } departure)
        {
            return Problem.NotFound(DeparturesText.Departure);
        }

        if (await db.Set<Disconnection>().FirstOrDefaultAsync(run => run.Departure == id && run.State == DisconnectionState.Running, cancellation) is { } running)
        {
            return newOwners is { Count: > 0 } ? AccountsText.RunsAlready : running.Id;
        }

        var chosen = await owners.ChooseAsync(departure, newOwners ?? new Dictionary<string, string>(), cancellation);
        if (!chosen.Ok)
        {
            return chosen.Problem;
        }

        var now = clock.GetUtcNow();
        var turns = immediate && departure.Kind != DepartureKind.Immediate;
        if (departure.StartDisconnecting(immediate, now, reason) is { } refusal)
        {
            return refusal;
        }

        if (turns)
        {
            await tasks.ReplanAsync(departure, cancellation);
        }

        EmbargoEnd.Appoint(db, departure, departure.CutAt + EmbargoEnd.AtMost);
        foreach (var change in chosen.Value)
        {
            journal.Record(ChooseNewOwners.Fact(departure, change));
        }

        await ScheduledCut.WithdrawAsync(db, departure, cancellation);
        var planned = await WriteAsync(departure, immediate, now, unsearched, cancellation);
        return planned.Ok ? Begin(planned.Value.Run, planned.Value.Rows, departure, now) : planned.Problem;
    }

    /// <summary>
    /// Plans a scheduled cut in rows, shortly before its instant: the acts themselves are due at that instant, and nothing else remains to be done
    /// then. Calling it off needs no more than another instant or state of the departure.
    /// </summary>
    public async Task<Outcome<DisconnectionId>> PrepareAsync(DepartureId id, IReadOnlyList<UnreachedSystem> unsearched, CancellationToken cancellation)
    {
        if (await db.FindAsync<Departure>([id], cancellation) is not { State: DepartureState.Open } departure)
        {
            return DeparturesText.NotOpen;
        }

        if (departure.CutAt <= clock.GetUtcNow())
        {
            return await StartAsync(id, immediate: false, unsearched, cancellation);
        }

        var planned = await WriteAsync(departure, immediate: false, departure.CutAt, unsearched, cancellation);
        if (!planned.Ok)
        {
            return planned.Problem;
        }

        db.Enqueue(new()
        {
            Queue = WorkQueues.House,
            Kind = CutInstantHandler.WorkKind,
            Subject = planned.Value.Run.Id.ToString(),
            Group = departure.Id.ToString(),
            IdempotencyKey = $"{CutInstantHandler.WorkKind}-{planned.Value.Run.Id}",
            // The first outcome says that it runs; without accounts, or while no system answers, nothing else would.
            DueAt = departure.CutAt + (planned.Value.Rows.Count == 0 ? TimeSpan.Zero : CutInstantHandler.Late),
        });
        return planned.Value.Run.Id;
    }

    /// <summary>Accounts that are surely the person's and that the plan does not touch: they stay open, so the departure is not cut.</summary>
    private static IEnumerable<string> LeftOpen(DisconnectionPlan plan) => plan.Accounts
        .Where(account => account is { Untouched: not null, Match: > MatchKind.Name, State: not Connectors.AccountState.Absent })
        .Select(account => $"{account.SystemName} · {account.Login}");

    private DisconnectionId Begin(Disconnection run, List<Revocation> rows, Departure departure, DateTimeOffset now)
    {
        run.Begin();
        journal.Record(RevocationFacts.Started(run, departure, rows.Select(row => row.Account).Distinct().Count(), rows.Count));
        if (rows.Count == 0)
        {
            run.End(now);
            departure.EndDisconnecting(run.Unsearched.Count == 0, now);
            journal.Record(RevocationFacts.Ended(new(db, run, departure, rows, [], _ => false)));
            TaskClock.Look(db, departure, now);
            EmbargoEnd.Appoint(db, departure, now);
        }

        return run.Id;
    }

    private async Task<Outcome<(Disconnection Run, List<Revocation> Rows)>> WriteAsync(
        Departure departure, bool immediate, DateTimeOffset at, IReadOnlyList<UnreachedSystem> unsearched, CancellationToken cancellation)
    {
        var planned = await planner.PlanAsync(departure.Person, immediate, cancellation, departure.Id);
        if (!planned.Ok)
        {
            return planned.Problem;
        }

        var plan = planned.Value;
        if (plan.Cycle.Count > 0)
        {
            return AccountsText.Cycle(plan.Cycle);
        }

        foreach (var prepared in await db.Set<Disconnection>().Where(run => run.Departure == departure.Id && run.State == DisconnectionState.Prepared).ToListAsync(cancellation))
        {
            prepared.Withdraw();
        }

        var run = new Disconnection
        {
            Departure = departure.Id, Immediate = immediate, StartedAt = at, Unsearched = [.. unsearched.Select(system => system.Name), .. LeftOpen(plan)],
        };
        db.Add(run);
        var rows = Rows(plan, run);
        db.AddRange(rows);
        var accounts = rows.DistinctBy(row => row.Account)
            .Select(row => new DisconnectionAccount { Disconnection = run.Id, Account = row.Account, System = row.System }).ToList();
        db.AddRange(accounts);
        var byHand = plan.Steps.Where(step => step.ByHand).Select(step => (step.Account, step.Action)).ToHashSet();
        var part = new DisconnectionGraph.Part(db, run, departure, rows, accounts, row => byHand.Contains((row.Account, row.Action)));
        foreach (var row in rows.Where(row => row is { Pending: 0, State: RevocationState.Waiting }))
        {
            part.Progress.Start(row);
        }

        var person = await db.FindAsync<Person>([departure.Person], cancellation);
        journal.Record(RevocationFacts.Planned(run, departure, person?.Name, plan, rows));
        return (run, rows);
    }

    private static List<Revocation> Rows(DisconnectionPlan plan, Disconnection run)
    {
        var ids = plan.Steps.ToDictionary(step => step.Key, _ => IIdentifier<RevocationId>.New(), StringComparer.Ordinal);
        var followers = plan.Steps.SelectMany(step => step.Waits.Select(wait => (wait, step.Key))).ToLookup(pair => pair.wait.Key, StringComparer.Ordinal);
        var rows = new List<Revocation>();
        foreach (var step in plan.Steps)
        {
            var row = new Revocation
            {
                Id = ids[step.Key],
                Disconnection = run.Id,
                Account = step.Account,
                System = step.System,
                Action = step.Action,
                TitleEn = step.Title.En,
                TitleFr = step.Title.Fr,
                Level = step.Level,
                Pending = step.Waits.Count,
                SuccessorsJson = JsonSerializer.Serialize(followers[step.Key].Select(pair => new Revocation.Successor(ids[pair.Key].Value, pair.wait.Hard))),
                WaitsJson = JsonSerializer.Serialize(step.Waits.Select(wait => new Revocation.Waits(ids[wait.Key].Value, wait.Hard, wait.Reason.En, wait.Reason.Fr))),
            };
            rows.Add(row);
            if (step.PassesOn)
            {
                row.PassTo(step.NewOwner, step.LeftOut);
            }
        }

        return rows;
    }
}

/// <summary>A scheduled cut comes near: accounts are searched and the disconnection is planned, due at its instant.</summary>
[WorkKind(Departure.CutDue)]
internal sealed class CutDueHandler(AccountSearch search, Dispatcher dispatcher, DepartDb database) : IWorkHandler
{
    public async Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation)
    {
        var id = DepartureId.From(Guid.Parse(item.Subject));
        if (await database.Set<Departure>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation) is not { } departure)
        {
            return new(WorkVerdict.Done);
        }

        var unsearched = await search.SearchAsync(departure.Person, cancellation);
        var outcome = await dispatcher.SendAsync(new PrepareScheduled(id, unsearched), Actor.Engine, cancellation);
        return outcome.Ok || outcome.Problem.Code == DeparturesText.NotOpen.Code
            ? new(WorkVerdict.Done)
            : new(WorkVerdict.Retry) { Error = outcome.Problem.Message };
    }

    public Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>Plans a scheduled disconnection; only the engine may.</summary>
internal sealed record PrepareScheduled(DepartureId Departure, IReadOnlyList<UnreachedSystem> Unsearched) : ICommand<DisconnectionId>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DisconnectionStart start) : IHandler<PrepareScheduled, DisconnectionId>
    {
        public Task<Outcome<DisconnectionId>> HandleAsync(PrepareScheduled command, CancellationToken cancellation) =>
            start.PrepareAsync(command.Departure, command.Unsearched, cancellation);
    }
}

/// <summary>The instant of a prepared cut: the departure is said to be disconnecting, also when it has no account at all.</summary>
[WorkKind(WorkKind, Batch = 200, InHand = 4)]
internal sealed class CutInstantHandler(Connections connections, TimeProvider clock) : IWorkHandler
{
    public const string WorkKind = "cut-instant";

    /// <summary>How long after its instant a cut of accounts is said to run though no system has answered yet.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    public Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation) => Task.FromResult(new WorkResult(WorkVerdict.Done));

    public async Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
    {
        var ids = done.Select(work => DisconnectionId.From(Guid.Parse(work.Item.Subject))).ToList();
        var graph = await DisconnectionGraph.LoadAsync(db, connections, ids, cancellation);
        var now = clock.GetUtcNow();
        var begun = ids.Select(id => graph[id]).Where(part => part.Run.State == DisconnectionState.Prepared && part.Begin(journal, now)).ToList();
        await graph.JudgeAsync(begun.ConvertAll(part => part.Run.Id), journal, now, cancellation);
    }
}
