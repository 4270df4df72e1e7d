using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
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
        if (Zone is not null && LocalInstant.FindZone(Zone) is null)
        {
            yield return Problem.Invalid(nameof(Zone), "zone-unknown", DeparturesText.ZoneUnknown.With(Zone));
        }
    }

    internal sealed record Body(DateOnly LastDay, TimeOnly? CutTime, string? Zone);

    internal sealed class Handler(DepartDb db, RequestSlot request, IJournal journal) : IHandler<RescheduleDeparture, Done>
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

            if (departure.Reschedule(command.LastDay, command.CutTime ?? departure.CutTime, LocalInstant.FindZone(command.Zone ?? departure.Zone)!) is { } problem)
            {
                return problem;
            }

            await ScheduledCut.WithdrawAsync(db, departure, cancellation);
            db.Enqueue(departure.Schedule());
            journal.Record(DepartureFacts.Of(departure, "departure.rescheduled"));
            return Done.Value;
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

    internal sealed class Handler(DepartDb db, Outbox outbox, RequestSlot request, IJournal journal) : IHandler<CancelDeparture, Done>
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

            if (departure.Cancel() is { } problem)
            {
                return problem;
            }

            await ScheduledCut.WithdrawAsync(db, departure, cancellation);
            await outbox.WithdrawAsync(departure.Id.ToString(), cancellation);
            journal.Record(DepartureFacts.Of(departure, "departure.cancelled"));
            return Done.Value;
        }
    }
}

/// <summary>Closes a departure whose accounts are all cut (DEP6).</summary>
internal sealed record CloseDeparture(DepartureId Departure) : ICommand<Done>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.Manager, Role.Hr, Role.It, Role.Security, Role.Admin).OfThatDeparture;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/close", (DepartureId departure, ApiDoor door) =>
            door.SendAsync(new CloseDeparture(departure))).WithTags("Departures");

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<CloseDeparture, Done>
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
