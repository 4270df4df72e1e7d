using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>How many departures stand in each state, for the same search and filters as the list (DEP7).</summary>
/// <remarks>Counted up to <see cref="AtMost"/> in each state; one more than that means more: the answer costs the same whatever the years have brought.</remarks>
internal sealed record CountDepartures(string? Search = null, DepartureFilter? Filter = null) : IQuery<IReadOnlyDictionary<DepartureState, int>>
{
    /// <summary>Up to which number a state is counted.</summary>
    public const int AtMost = 1000;

    public static Access Access => ListDepartures.Access;

    internal sealed class Handler(DepartDb db, Actor actor, TimeProvider clock) : IHandler<CountDepartures, IReadOnlyDictionary<DepartureState, int>>
    {
        public async Task<Outcome<IReadOnlyDictionary<DepartureState, int>>> HandleAsync(CountDepartures query, CancellationToken cancellation)
        {
            var departures = await DepartureRows.FoundAsync(db, actor, query.Search, cancellation);
            departures = query.Filter?.Of(db, departures, clock.GetUtcNow()) ?? departures;
            var counts = new Dictionary<DepartureState, int>();
            foreach (var state in Enum.GetValues<DepartureState>())
            {
                // In an order, so that each goes down its index and stops; one statement each, as grouping what they give would sort thousands of rows.
                var count = await departures.Where(departure => departure.State == state).OrderBy(departure => departure.CutAt).Take(AtMost + 1).CountAsync(cancellation);
                if (count > 0)
                {
                    counts[state] = count;
                }
            }

            return counts;
        }
    }
}
