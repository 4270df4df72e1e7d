using Microsoft.EntityFrameworkCore;

namespace Depart.Foundation.Storage;

/// <summary>Counts that a page shows side by side, in one statement.</summary>
internal static class CountSeveral
{
    /// <summary>How many rows each of some questions has.</summary>
    public static async Task<IReadOnlyDictionary<TKey, int>> CountAsync<TKey, TRow>(this DepartDb db, IReadOnlyList<TKey> keys, Func<TKey, IQueryable<TRow>> rows, CancellationToken cancellation)
        where TKey : notnull
    {
        // SELECT 0, (SELECT count(*) …) UNION ALL SELECT 1, …: each part may go down its own index.
        var one = db.Database.SqlQuery<int>($"SELECT 1 AS \"Value\"");
        var parts = keys.Select((key, place) =>
        {
            var counted = rows(key);
            return one.Select(_ => new Part { Place = place, Count = counted.Count() });
        });
        return (await parts.Aggregate((some, more) => some.Concat(more)).ToListAsync(cancellation)).ToDictionary(part => keys[part.Place], part => part.Count);
    }

    private sealed class Part
    {
        public int Place { get; init; }

        public int Count { get; init; }
    }
}
