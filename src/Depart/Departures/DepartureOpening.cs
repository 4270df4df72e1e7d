using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Processes;

namespace Depart.Departures;

/// <summary>
/// Takes departures in: their cut is scheduled, their tasks are made, the journal says so. One way for what is opened by hand, by a file, or by a mission's end. Scoped: works in the
/// transaction of the command that is being handled; who may, and what is refused, was settled before.
/// </summary>
internal sealed class DepartureOpening(DepartDb db, TaskBook tasks, IDepartureFacts facts, DepartureWatches watches, IJournal journal)
{
    /// <summary>Opens one; without a template it has no tasks.</summary>
    public Task OpenAsync(Departure departure, ProcessTemplate? template, CancellationToken cancellation) => OpenAsync([(departure, template)], static fact => fact, cancellation);

    /// <summary>Opens many; <paramref name="said"/> adds to what the journal says of each.</summary>
    public async Task OpenAsync(IReadOnlyList<(Departure Departure, ProcessTemplate? Template)> opened, Func<Fact, Fact> said, CancellationToken cancellation)
    {
        var withTasks = opened.Where(each => each.Template is not null).Select(each => (each.Departure, each.Template!)).ToList();
        if (withTasks.Count > 0)
        {
            await tasks.MakeAsync(withTasks, await facts.OfAsync([.. withTasks.Select(each => each.Departure)], cancellation), cancellation);
        }

        foreach (var (departure, _) in opened)
        {
            if (departure.Kind == DepartureKind.Planned)
            {
                // The cut of an immediate one starts in the same transaction.
                db.Enqueue(departure.Schedule());
            }

            journal.Record(said(DepartureFacts.Of(departure, "departure.opened")));
        }

        await watches.KnownAsync([.. opened.Select(each => each.Departure)], cancellation);

        // Last: making tasks says which template a departure follows.
        await db.InsertAsync([.. opened.Select(each => each.Departure)], cancellation);
    }
}
