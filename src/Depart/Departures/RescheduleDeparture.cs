using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>Moves the last day, and with it the scheduled cut (DEP2).</summary>
internal sealed record RescheduleDeparture(DepartureId Departure, DateOnly LastDay, TimeOnly? CutTime = null, string? Zone = null)
    : ICommand<Done>, IRouted, IOnDeparture, IChecked
{
    public static Access Access => Access.To(Role.Manager, Role.Hr, Role.It, Role.Security, Role.Admin).OfThatDeparture;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/reschedule", (DepartureId departure, Body body, ApiDoor door) =>
            door.SendAsync(new RescheduleDeparture(departure, body.LastDay, body.CutTime, body.Zone))).WithTags("Departures");

    public IEnumerable<Problem> Check()
    {
        if (DeparturesText.OutOfRange(nameof(LastDay), DeparturesText.LastDay, LastDay) is { } last)
        {
            yield return last;
        }

        if (Zone is not null && LocalInstant.FindZone(Zone) is null)
        {
            yield return Problem.Invalid(nameof(Zone), "zone-unknown", DeparturesText.ZoneUnknown.With(Zone));
        }
    }

    internal sealed record Body(DateOnly LastDay, TimeOnly? CutTime, string? Zone);

    internal sealed class Handler(DepartDb db, TaskBook tasks, RequestSlot request, IJournal journal) : IHandler<RescheduleDeparture, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RescheduleDeparture command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([command.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            if (!departure.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            if (LocalInstant.FindZone(command.Zone ?? departure.Zone) is not { } zone)
            {
                // Its own zone, on a machine that does not know it: a cut is not planned by another's clock unless somebody says so.
                return Problem.Invalid(nameof(Zone), "zone-unknown", DeparturesText.ZoneUnknown.With(departure.Zone));
            }

            var end = await db.Set<Mission>().Where(mission => mission.Id == departure.Mission).Select(mission => mission.End).FirstOrDefaultAsync(cancellation);
            if (departure.Reschedule(command.LastDay, command.CutTime ?? departure.CutTime, zone, end) is { } problem)
            {
                return problem;
            }

            await ScheduledCut.WithdrawAsync(db, departure, cancellation);
            db.Enqueue(departure.Schedule());
            var moved = await tasks.MoveAsync(departure, cancellation);
            var fact = DepartureFacts.Of(departure, "departure.rescheduled");
            journal.Record(fact with
            {
                Values = new Dictionary<string, object?>(fact.Values, StringComparer.Ordinal)
                {
                    ["moved"] = moved.Select(move => (IReadOnlyDictionary<string, object?>)new Dictionary<string, object?>(StringComparer.Ordinal)
                    {
                        ["task"] = move.Task.Value, ["from"] = move.From, ["to"] = move.To,
                    }).ToList(),
                },
            });
            return Done.Value;
        }
    }
}

/// <summary>What rescheduling would move; nothing is changed (DEP2).</summary>
/// <param name="CutFrom">The instant of the cut as it is planned, UTC.</param>
/// <param name="CutTo">The instant that it would have, UTC.</param>
/// <param name="Tasks">Tasks that would move, by their new instant.</param>
public sealed record RescheduleView(DateTimeOffset CutFrom, DateTimeOffset CutTo, IReadOnlyList<TaskMove> Tasks);

/// <summary>Says what a new last day would move, to be approved before it is done.</summary>
internal sealed record ForeseeReschedule(DepartureId Departure, DateOnly LastDay, TimeOnly? CutTime = null, string? Zone = null) : IQuery<RescheduleView>, IRouted, IOnDeparture
{
    public static Access Access => RescheduleDeparture.Access;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures/{departure}/reschedule", (DepartureId departure, DateOnly lastDay, TimeOnly? cutTime, string? zone, ApiDoor door) =>
            door.AskAsync(new ForeseeReschedule(departure, lastDay, cutTime, zone))).WithTags("Departures");

    internal sealed class Handler(DepartDb db, TaskBook tasks) : IHandler<ForeseeReschedule, RescheduleView>
    {
        public async Task<Outcome<RescheduleView>> HandleAsync(ForeseeReschedule query, CancellationToken cancellation)
        {
            if (await db.Set<Departure>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == query.Departure, cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            if (DeparturesText.OutOfRange(nameof(LastDay), DeparturesText.LastDay, query.LastDay) is { } impossible)
            {
                return impossible;
            }

            if (LocalInstant.FindZone(query.Zone ?? departure.Zone) is not { } zone)
            {
                return Problem.Invalid(nameof(Zone), "zone-unknown", DeparturesText.ZoneUnknown.With(query.Zone ?? departure.Zone));
            }

            var from = departure.CutAt;
            var end = await db.Set<Mission>().Where(mission => mission.Id == departure.Mission).Select(mission => mission.End).FirstOrDefaultAsync(cancellation);
            if (departure.Reschedule(query.LastDay, query.CutTime ?? departure.CutTime, zone, end) is { } problem)
            {
                return problem;
            }

            return new RescheduleView(from, departure.CutAt, tasks.Foresee(departure, await tasks.OfAsync(departure.Id, cancellation)));
        }
    }
}

/// <summary>Withdraws the departure and its scheduled cut: the mission goes on (DEP2).</summary>
internal sealed record CancelDeparture(DepartureId Departure) : ICommand<Done>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.Manager, Role.Hr, Role.It, Role.Security, Role.Admin).OfThatDeparture;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/cancel", (DepartureId departure, ApiDoor door) =>
            door.SendAsync(new CancelDeparture(departure))).WithTags("Departures");

    internal sealed class Handler(DepartDb db, TaskBook tasks, Outbox outbox, RequestSlot request, IJournal journal) : IHandler<CancelDeparture, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(CancelDeparture command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([command.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            if (!departure.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            if (departure is { Prepared: true, IsAhead: true })
            {
                return DeparturesText.OnlyPrepared;
            }

            if (departure.Cancel() is { } problem)
            {
                return problem;
            }

            await ScheduledCut.WithdrawAsync(db, departure, cancellation);
            // Mails first: what a kind of task writes because it is cancelled is sent.
            await outbox.WithdrawAsync(departure.Id.ToString(), cancellation);
            await tasks.WithdrawAsync(departure, cancellation);
            journal.Record(DepartureFacts.Of(departure, "departure.cancelled"));
            return Done.Value;
        }
    }
}

/// <summary>Closes a departure whose accounts are all cut and whose blocking tasks are settled (DEP6); what is open is named.</summary>
internal sealed record CloseDeparture(DepartureId Departure) : ICommand<Done>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.Manager, Role.Hr, Role.It, Role.Security, Role.Admin).OfThatDeparture;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/close", (DepartureId departure, ApiDoor door) =>
            door.SendAsync(new CloseDeparture(departure))).WithTags("Departures");

    internal sealed class Handler(DepartDb db, TaskBook tasks, IJournal journal, TimeProvider clock) : IHandler<CloseDeparture, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(CloseDeparture command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([command.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            if (departure.Close(clock.GetUtcNow()) is { } problem)
            {
                return problem;
            }

            var open = (await tasks.OfAsync(departure.Id, cancellation)).Where(task => task is { Blocking: true, IsPending: true }).Select(task => task.Title).ToList();
            if (open.Count > 0)
            {
                return TasksText.StillOpen(open);
            }

            // What does not block may still be done; nobody is reminded of it any more.
            await TaskClock.AppointAsync(db, departure, [], clock.GetUtcNow(), cancellation);

            journal.Record(DepartureFacts.Of(departure, "departure.closed"));
            return Done.Value;
        }
    }
}

/// <summary>The work that waits for a scheduled cut.</summary>
internal static class ScheduledCut
{
    /// <summary>Withdraws what is still pending for a departure.</summary>
    public static Task WithdrawAsync(DepartDb db, Departure departure, CancellationToken cancellation)
    {
        var group = departure.Id.ToString();
        return db.Set<WorkItem>().Where(item => item.Group == group && item.State == WorkState.Pending && item.Kind != Departure.GiveBack)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, WorkState.Cancelled), cancellation);
    }
}
