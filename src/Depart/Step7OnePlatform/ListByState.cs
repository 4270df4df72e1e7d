using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform;

/// <summary>How much is shown of a state.</summary>
/// <param name="State">Which.</param>
/// <param name="Size">At most so many.</param>
/// <param name="Newest">Those that were cut last, otherwise those that are cut first.</param>
internal sealed record ShownState(DepartureState State, int Size, bool Newest = false);

/// <summary>The first departures of several states, each in its own order: what home shows, in one statement.</summary>
internal sealed record ListByState(IReadOnlyList<ShownState> States) : IQuery<IReadOnlyList<DepartureRow>>
{
    public static Access Access => ListDepartures.Access;

    internal sealed class Handler(DepartDb db, Actor actor) : IHandler<ListByState, IReadOnlyList<DepartureRow>>
    {
        public async Task<Outcome<IReadOnlyList<DepartureRow>>> HandleAsync(ListByState query, CancellationToken cancellation)
        {
            var newest = query.States.Where(shown => shown.Newest).Select(shown => shown.State).ToHashSet();
            var parts = query.States.Select(shown =>
            {
                var (state, size) = (shown.State, shown.Size);
                var departures = DepartureRows.SeenBy(db, actor).Where(departure => departure.State == state);
                return (shown.Newest ? departures.OrderByDescending(departure => departure.CutAt) : departures.OrderBy(departure => departure.CutAt)).Take(size).Select(departure => departure.Id);
            }).ToList();
            if (parts.Count == 0)
            {
                return Array.Empty<DepartureRow>();
            }

            var ids = parts.Aggregate((some, more) => some.Concat(more));
            var rows = await DepartureRows.Of(db, db.Set<Departure>().Where(departure => ids.Contains(departure.Id))).ToListAsync(cancellation);
            return (DepartureRow[])[.. rows.Where(row => !newest.Contains(row.State)), .. rows.AsEnumerable().Reverse().Where(row => newest.Contains(row.State))];
        }
    }
}
