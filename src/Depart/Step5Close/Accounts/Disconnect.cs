using System.Text.Json;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Shows what a disconnection would do, after a search of every system; writes nothing on any of them (ACC3).</summary>
internal sealed record PlanDisconnection(PersonId Person, bool Immediate = false) : IQuery<DisconnectionPlan>, IRouted, IOnPerson
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Auditor, Role.Admin);

    public Guid PersonKey => Person.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/people/{person}/plan", (PersonId person, bool? immediate, ApiDoor door) =>
            door.AskAsync(new PlanDisconnection(person, immediate ?? false))).WithTags("Disconnection");

    internal sealed class Handler(AccountSearch search, Planner planner) : IHandler<PlanDisconnection, DisconnectionPlan>
    {
        public async Task<Outcome<DisconnectionPlan>> HandleAsync(PlanDisconnection query, CancellationToken cancellation)
        {
            var unreached = await search.SearchAsync(query.Person, cancellation);
            return await planner.PlanAsync(query.Person, query.Immediate, cancellation) with { Unreached = unreached };
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
internal sealed record Disconnect(
    DepartureId Departure, bool Immediate = false, DepartureReason? Reason = null, IReadOnlyList<UnreachedSystem>? Unsearched = null)
    : ICommand<DisconnectionId>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/disconnect", (DepartureId departure, Body? body, ApiDoor door) =>
            door.SendAsync<IReadOnlyList<UnreachedSystem>, Disconnect, DisconnectionId>(new SearchBeforeCut(departure), unreached =>
                new Disconnect(departure, body?.Immediate ?? false, body?.Reason, unreached))).WithTags("Disconnection");

    internal sealed record Body(bool Immediate = false, DepartureReason? Reason = null);

    internal sealed class Handler(DisconnectionStart start) : IHandler<Disconnect, DisconnectionId>
    {
        public Task<Outcome<DisconnectionId>> HandleAsync(Disconnect command, CancellationToken cancellation) =>
            command.Immediate && command.Reason is null
                ? Task.FromResult<Outcome<DisconnectionId>>(Problem.Required(nameof(Reason), AccountsText.Reason))
                : start.StartAsync(command.Departure, command.Immediate, command.Unsearched ?? [], cancellation);
    }
}

/// <summary>Turns a plan into rows and the first work items, in the transaction of the command.</summary>
internal sealed class DisconnectionStart(DepartDb db, Planner planner, IJournal journal, TimeProvider clock)
{
    /// <summary>Starts; a disconnection that runs already is given back, never doubled.</summary>
    public async Task<Outcome<DisconnectionId>> StartAsync(
        DepartureId id, bool immediate, IReadOnlyList<UnreachedSystem> unsearched, CancellationToken cancellation)
    {
        if (await db.FindAsync<Departure>([id], cancellation) is not { } departure)
        {
            return Problem.NotFound(DeparturesText.Departure);
        }

        if (await db.Set<Disconnection>().FirstOrDefaultAsync(
            run => run.Departure == id && run.EndedAt == null, cancellation) is { } running)
        {
            return running.Id;
        }

        var now = clock.GetUtcNow();
        if (departure.StartDisconnecting(immediate, now) is { } refusal)
        {
            return refusal;
        }

        var plan = await planner.PlanAsync(departure.Person, immediate, cancellation);
        if (plan.Cycle.Count > 0)
        {
            return AccountsText.Cycle(plan.Cycle);
        }

        await ScheduledCut.WithdrawAsync(db, departure, cancellation);
        var disconnection = new Disconnection { Departure = id, Immediate = immediate, StartedAt = now, Unsearched = [.. unsearched.Select(system => system.Name), .. LeftOpen(plan)] };
        db.Add(disconnection);
        var rows = await RowsAsync(plan, disconnection, now, cancellation);
        journal.Record(new(departure.Chain, "disconnection.started")
        {
            Values = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["disconnection"] = disconnection.Id.Value,
                ["immediate"] = immediate,
                ["accounts"] = plan.Accounts.Count(account => account.Untouched is null),
                ["steps"] = rows.Count,
            },

            // A protected account that is left open is named by its login: personal, so that it can be erased.
            Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["unsearched"] = string.Join(", ", disconnection.Unsearched) },
        });
        if (rows.Count == 0)
        {
            disconnection.End(now);
            departure.EndDisconnecting(disconnection.Unsearched.Count == 0, now);
        }

        return disconnection.Id;
    }

    /// <summary>Accounts that are surely the person's and that the plan does not touch: they stay open, so the departure is not cut.</summary>
    private static IEnumerable<string> LeftOpen(DisconnectionPlan plan) => plan.Accounts
        .Where(account => account is { Untouched: not null, Match: > MatchKind.Name, State: not Connectors.AccountState.Absent })
        .Select(account => $"{account.SystemName} · {account.Login}");

    private async Task<List<Revocation>> RowsAsync(DisconnectionPlan plan, Disconnection disconnection, DateTimeOffset now, CancellationToken cancellation)
    {
        var ids = plan.Steps.ToDictionary(step => step.Key, _ => IIdentifier<RevocationId>.New(), StringComparer.Ordinal);
        var followers = plan.Steps.SelectMany(step => step.Waits.Select(wait => (wait, step.Key))).ToLookup(pair => pair.wait.Key, StringComparer.Ordinal);
        var systemIds = plan.Steps.Select(step => step.System).Distinct().ToList();
        var queues = await db.Set<TargetSystem>().Where(system => systemIds.Contains(system.Id)).ToDictionaryAsync(system => system.Id, system => system.Id.Value, cancellation);
        var rows = new List<Revocation>();
        foreach (var step in plan.Steps)
        {
            var row = new Revocation
            {
                Id = ids[step.Key],
                Disconnection = disconnection.Id,
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
            if (step.LeftOut is { } why)
            {
                row.LeaveOut(Connectors.CallOutcome.NotAttempted, why);
            }
        }

        db.AddRange(rows);
        var byHand = plan.Steps.Where(step => step.ByHand).Select(step => ids[step.Key]).ToHashSet();
        var progress = new Progress(db, rows, byHand.Contains);
        foreach (var row in rows.Where(row => row.State == RevocationState.Skipped))
        {
            progress.Release(row, now);
        }

        foreach (var row in rows.Where(row => row is { Pending: 0, State: RevocationState.Waiting }))
        {
            progress.Start(row, now);
        }

        return rows;
    }
}

/// <summary>The instant of the cut has come: accounts are searched, then the disconnection starts.</summary>
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
        var outcome = await dispatcher.SendAsync(new StartScheduled(id, unsearched), Actor.Engine, cancellation);
        return outcome.Ok || outcome.Problem.Kind == ProblemKind.Conflict
            ? new(WorkVerdict.Done)
            : new(WorkVerdict.Retry) { Error = outcome.Problem.Message };
    }

    public Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>Starts a scheduled disconnection at its instant; only the engine may.</summary>
internal sealed record StartScheduled(DepartureId Departure, IReadOnlyList<UnreachedSystem> Unsearched) : ICommand<DisconnectionId>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DisconnectionStart start) : IHandler<StartScheduled, DisconnectionId>
    {
        public Task<Outcome<DisconnectionId>> HandleAsync(StartScheduled command, CancellationToken cancellation) =>
            start.StartAsync(command.Departure, immediate: false, command.Unsearched, cancellation);
    }
}
