using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>How many departures stand in each state, for the same search and filters as the list (DEP7).</summary>
/// <remarks>Counted up to <see cref="MostOf"/> in each state; one more than that means more: the answer costs the same whatever the years have brought.</remarks>
internal sealed record CountDepartures(string? Search = null, DepartureFilter? Filter = null) : IQuery<IReadOnlyDictionary<DepartureState, int>>
{
    /// <summary>Up to which number a state is counted.</summary>
    public const int AtMost = 1000;

    /// <summary>The same under a filter: each departure counted is looked for among those of which it does not hold.</summary>
    public const int AtMostFiltered = 100;

    public static Access Access => ListDepartures.Access;

    /// <summary>Up to which number is counted under a filter, or none.</summary>
    public static int MostOf(DepartureFilter? filter) => filter is null or { IsEmpty: true } ? AtMost : AtMostFiltered;

    internal sealed class Handler(DepartDb db, Actor actor, TimeProvider clock) : IHandler<CountDepartures, IReadOnlyDictionary<DepartureState, int>>
    {
        public async Task<Outcome<IReadOnlyDictionary<DepartureState, int>>> HandleAsync(CountDepartures query, CancellationToken cancellation)
        {
            var departures = await DepartureRows.FoundAsync(db, actor, query.Search, cancellation);
            departures = query.Filter?.Of(db, departures, clock.GetUtcNow()) ?? departures;

            // In an order, so that each state goes down its index and stops; counted one by one, as grouping what they give would sort thousands of rows.
            DepartureState[] states = [.. Enum.GetValues<DepartureState>().Where(state => query.Filter is not { OnlyLive: true } || state is not (DepartureState.Closed or DepartureState.Cancelled))];
            var counts = await db.CountAsync(states, state => departures.Where(departure => departure.State == state).OrderBy(departure => departure.CutAt).Take(MostOf(query.Filter) + 1), cancellation);
            return counts.Where(count => count.Value > 0).ToDictionary();
        }
    }
}
