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
            // In an order, so that each goes down its index and stops.
            var counted = Enum.GetValues<DepartureState>()
                .Select(state => departures.Where(departure => departure.State == state).OrderBy(departure => departure.CutAt).Take(AtMost + 1).Select(departure => departure.State))
                .Aggregate((some, more) => some.Concat(more));
            return await counted.GroupBy(state => state).Select(group => new { group.Key, Count = group.Count() })
                .ToDictionaryAsync(group => group.Key, group => group.Count, cancellation);
        }
    }
}
