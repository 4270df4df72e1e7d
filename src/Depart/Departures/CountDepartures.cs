using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>How many departures stand in a state.</summary>
/// <param name="Count">So many were counted.</param>
/// <param name="More">There are more, or, under a filter, there may be.</param>
public readonly record struct StateCount(int Count, bool More);

/// <summary>How many departures stand in each state, for the same search and filters as the list (DEP7); what has none is left out.</summary>
/// <remarks>
/// Up to <see cref="AtMost"/> of each state are counted; under a filter those of which it holds among the first so many, and no more than <see cref="AtMostFiltered"/>: the answer costs the same
/// whatever the years have brought.
/// </remarks>
internal sealed record CountDepartures(string? Search = null, DepartureFilter? Filter = null) : IQuery<IReadOnlyDictionary<DepartureState, StateCount>>
{
    /// <summary>Up to which number a state is counted.</summary>
    public const int AtMost = 1000;

    /// <summary>How many departures of a state a filter looks at: each costs a look at its mission and at its tasks.</summary>
    public const int LooksAt = 300;

    /// <summary>Up to which number is counted under a filter.</summary>
    public const int AtMostFiltered = 100;

    public static Access Access => ListDepartures.Access;

    internal sealed class Handler(DepartDb db, Actor actor, TimeProvider clock) : IHandler<CountDepartures, IReadOnlyDictionary<DepartureState, StateCount>>
    {
        public async Task<Outcome<IReadOnlyDictionary<DepartureState, StateCount>>> HandleAsync(CountDepartures query, CancellationToken cancellation)
        {
            var departures = await DepartureRows.FoundAsync(db, actor, query.Search, cancellation);
            var filter = query.Filter is { IsEmpty: false } given ? given : null;

            // In an order, so that each state goes down its index and stops; counted one by one, as grouping what they give would sort thousands of rows.
            DepartureState[] states = [.. Enum.GetValues<DepartureState>().Where(state => filter is not { OnlyLive: true } || state is not (DepartureState.Closed or DepartureState.Cancelled))];
            IQueryable<Departure> First(DepartureState state, int most) => departures.Where(departure => departure.State == state).OrderBy(departure => departure.CutAt).Take(most);
            var all = await db.CountAsync(states, state => First(state, AtMost + 1), cancellation);
            var held = filter is null ? all : await db.CountAsync([.. states.Where(state => all[state] > 0)], state => filter.Of(db, First(state, LooksAt), clock.GetUtcNow()).Take(AtMostFiltered + 1), cancellation);
            var most = filter is null ? AtMost : AtMostFiltered;
            return states.Where(held.ContainsKey).ToDictionary(state => state, state => new StateCount(Math.Min(held[state], most), held[state] > most || (filter is not null && all[state] > LooksAt)))
                .Where(count => count.Value is { Count: > 0 } or { More: true }).ToDictionary();
        }
    }
}
