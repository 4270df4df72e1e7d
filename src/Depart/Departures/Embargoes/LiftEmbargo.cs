using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Embargoes;

/// <summary>Lifts an embargo before the cut: everybody may know. One of the few may, whom their role lets change the departure (DEP3).</summary>
internal sealed record LiftEmbargo(DepartureId Departure) : ICommand<Done>, IRouted, IOnDeparture
{
    public static Access Access => RescheduleDeparture.Access;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/embargo/lift", (DepartureId departure, ApiDoor door) => door.SendAsync(new LiftEmbargo(departure))).WithTags("Embargo");

    internal sealed class Handler(DepartDb db, EmbargoBook embargoes, TaskBook tasks, DepartureWatches watches, Outbox outbox, IJournal journal) : IHandler<LiftEmbargo, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(LiftEmbargo command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([command.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            if (!departure.UnderEmbargo)
            {
                return EmbargoText.NotUnderEmbargo;
            }

            if (departure.State == DepartureState.Cancelled)
            {
                return EmbargoText.CancelledStays;
            }

            await embargoes.LiftAsync(departure, tasks, watches, outbox, journal, cancellation);
            return Done.Value;
        }
    }
}

/// <summary>
/// Lifts an embargo by itself: when the disconnection has ended, and at the latest <see cref="AtMost"/> after it began: what a system holds up needs people who do not know yet, and whoever
/// is cut from the rest knows by then.
/// </summary>
[WorkKind(WorkKind)]
internal sealed class EmbargoEnd(EmbargoBook embargoes, TaskBook tasks, DepartureWatches watches, Outbox outbox, TimeProvider clock) : IWorkHandler
{
    /// <summary>Kind of the work item.</summary>
    public const string WorkKind = "embargo-end";

    /// <summary>How long a disconnection that does not end keeps a departure under embargo.</summary>
    public static readonly TimeSpan AtMost = TimeSpan.FromMinutes(15);

    /// <summary>The disconnection began, or ended: looks then whether the embargo ends. Nothing without one.</summary>
    public static void Appoint(DepartDb db, Departure departure, DateTimeOffset at)
    {
        if (departure.UnderEmbargo)
        {
            // Of no group: what calls off a cut leaves it.
            db.Enqueue(new()
            {
                Queue = WorkQueues.House,
                Kind = WorkKind,
                Subject = departure.Id.ToString(),
                IdempotencyKey = $"{WorkKind}-{departure.Id}-{Guid.CreateVersion7():N}",
                DueAt = at,
            });
        }
    }

    public Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation) => Task.FromResult(new WorkResult(WorkVerdict.Done));

    public async Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
    {
        var ids = done.Select(work => DepartureId.From(Guid.Parse(work.Item.Subject))).Distinct().ToList();
        foreach (var departure in await db.Set<Departure>().Where(departure => ids.Contains(departure.Id)).ToListAsync(cancellation))
        {
            if (departure.UnderEmbargo && IsCut(departure, clock.GetUtcNow()))
            {
                await embargoes.LiftAsync(departure, tasks, watches, outbox, journal, cancellation);
            }
        }
    }

    private static bool IsCut(Departure departure, DateTimeOffset now) => departure.State switch
    {
        DepartureState.Open or DepartureState.Cancelled => false,
        DepartureState.Disconnecting => now >= departure.CutAt + AtMost,
        _ => true,
    };
}
