using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>How many departures stand in each state, for the same search as the list (DEP7).</summary>
internal sealed record CountDepartures(string? Search = null) : IQuery<IReadOnlyDictionary<DepartureState, int>>
{
    public static Access Access => ListDepartures.Access;

    internal sealed class Handler(DepartDb db) : IHandler<CountDepartures, IReadOnlyDictionary<DepartureState, int>>
    {
        public async Task<Outcome<IReadOnlyDictionary<DepartureState, int>>> HandleAsync(CountDepartures query, CancellationToken cancellation)
        {
            var departures = db.Set<Departure>().AsQueryable();
            var words = SearchText.Of(query.Search).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
            {
                var people = db.Set<Person>().AsQueryable();
                foreach (var word in words)
                {
                    people = people.Where(person => person.SearchName.Contains(word));
                }

                departures = departures.Where(departure => people.Any(person => person.Id == departure.Person));
            }

            return await departures.GroupBy(departure => departure.State).Select(group => new { group.Key, Count = group.Count() })
                .ToDictionaryAsync(group => group.Key, group => group.Count, cancellation);
        }
    }
}
