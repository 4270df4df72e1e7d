using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Foundation.Storage;

/// <summary>Counts that a page shows side by side, in one statement.</summary>
internal static class CountSeveral
{
    /// <summary>How many rows each of some questions has.</summary>
    public static async Task<IReadOnlyDictionary<TKey, int>> CountAsync<TKey, TRow>(this DepartDb db, IReadOnlyList<TKey> keys, Func<TKey, IQueryable<TRow>> rows, CancellationToken cancellation)
        where TKey : notnull
    {
        // SELECT 0, (SELECT count(*) …) UNION ALL SELECT 1, …: each part may go down its own index.
        var parts = keys.Select((key, place) =>
        {
            var counted = rows(key);
            return db.Set<OneRow>().Select(_ => new Part { Place = place, Count = counted.Count() });
        });
        return (await parts.Aggregate((some, more) => some.Concat(more)).ToListAsync(cancellation)).ToDictionary(part => keys[part.Place], part => part.Count);
    }

    private sealed class Part
    {
        public int Place { get; init; }

        public int Count { get; init; }
    }
}

/// <summary>A row that is always there, of no table: what several questions hang on. In the model, as SQL given with a question would have its text made anew each time.</summary>
internal sealed class OneRow
{
    public int One { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<OneRow>
    {
        public void Configure(EntityTypeBuilder<OneRow> builder) => builder.HasNoKey().ToSqlQuery("SELECT 1 AS \"One\"");
    }
}
