using Depart.Evidence;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Proof;

/// <summary>One stored entry: the exact bytes that were chained.</summary>
internal sealed class JournalRow
{
    public required string Chain { get; init; }

    /// <summary>From 1 within the chain.</summary>
    public long Sequence { get; init; }

    public DateTimeOffset At { get; init; }

    public required string Kind { get; init; }

    public required byte[] Bytes { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<JournalRow>
    {
        public void Configure(EntityTypeBuilder<JournalRow> builder)
        {
            builder.ToTable("journal");
            builder.HasKey(row => new { row.Chain, row.Sequence });
            builder.Property(row => row.Chain).HasMaxLength(40);
            builder.Property(row => row.Kind).HasMaxLength(60);
            builder.HasIndex(row => row.At);
        }
    }
}

/// <summary>A personal value beside its entry; can be erased.</summary>
internal sealed class JournalValue
{
    public required string Chain { get; init; }

    public long Sequence { get; init; }

    public required string Name { get; init; }

    public required string Value { get; init; }

    public required string Salt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<JournalValue>
    {
        public void Configure(EntityTypeBuilder<JournalValue> builder)
        {
            builder.ToTable("journal_values");
            builder.HasKey(value => new { value.Chain, value.Sequence, value.Name });
            builder.Property(value => value.Chain).HasMaxLength(40);
            builder.Property(value => value.Name).HasMaxLength(60);
        }
    }
}

/// <summary>The head of a chain: a concurrent writer is found by its sequence.</summary>
internal sealed class JournalHead
{
    public required string Chain { get; init; }

    public long Sequence { get; set; }

    public required string Hash { get; set; }

    /// <summary>Up to which entry the checkpoints cover the chain; 0 before the first.</summary>
    public long Sealed { get; set; }

    /// <summary>Covered by checkpoints so that nobody can count it: see <see cref="Fact.Holds"/>.</summary>
    public bool Held { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<JournalHead>
    {
        public void Configure(EntityTypeBuilder<JournalHead> builder)
        {
            builder.ToTable("journal_heads");
            builder.HasKey(head => head.Chain);
            builder.Property(head => head.Chain).HasMaxLength(40);
            builder.Property(head => head.Sequence).IsConcurrencyToken();

            // What the next checkpoint looks for: a few heads, however many chains the years have left.
            builder.HasIndex(head => head.Sealed, "journal_heads_moved").HasFilter("\"Sealed\" < \"Sequence\"");
        }
    }
}

/// <summary>Chains the facts of one unit of work (PRV1).</summary>
internal sealed class Journal(TimeProvider clock, SealBell bell, IEnumerable<IJournalWatch> watches) : IJournal
{
    private readonly List<Fact> facts = [];

    public void Record(Fact fact) => facts.Add(fact);

    public async Task WriteAsync(DepartDb db, Actor actor, CancellationToken cancellation)
    {
        var chains = facts.Select(fact => fact.Chain).Distinct(StringComparer.Ordinal).ToList();
        // Whoever acts may not know of the chain that they write to: it is one all the same.
        var heads = await db.Set<JournalHead>().IgnoreQueryFilters().Where(head => chains.Contains(head.Chain)).ToDictionaryAsync(head => head.Chain, StringComparer.Ordinal, cancellation);
        var now = clock.GetUtcNow();
        var rows = new List<JournalRow>(facts.Count);
        var besides = new List<JournalValue>();
        var written = new List<WrittenFact>(facts.Count);
        foreach (var fact in facts)
        {
            if (!heads.TryGetValue(fact.Chain, out var head))
            {
                var start = ChainHead.Start(fact.Chain);
                head = new() { Chain = start.Chain, Sequence = start.Sequence, Hash = start.Hash };
                db.Add(head);
                heads[fact.Chain] = head;
            }

            var values = new Dictionary<string, object?>(fact.Values, StringComparer.Ordinal) { ["by"] = actor.User, ["via"] = actor.Via.ToString() };
            var personal = new Dictionary<string, string?>(fact.Personal, StringComparer.Ordinal) { ["byName"] = actor.Name };
            var entry = JournalEntry.Append(new(head.Chain, head.Sequence, head.Hash), fact.Kind, now, values, personal);
            (head.Sequence, head.Hash, head.Held) = (entry.Head.Sequence, entry.Head.Hash, fact.Holds ?? head.Held);
            rows.Add(new() { Chain = head.Chain, Sequence = head.Sequence, At = now, Kind = fact.Kind, Bytes = entry.Bytes });
            written.Add(new(fact, head.Sequence, now));
            besides.AddRange(entry.Personal.Select(value => new JournalValue
            {
                Chain = head.Chain, Sequence = head.Sequence, Name = value.Name, Value = value.Value, Salt = value.Salt,
            }));
        }

        foreach (var watch in watches)
        {
            await watch.WrittenAsync(written, cancellation);
        }

        await db.InsertAsync(rows, cancellation);
        await db.InsertAsync(besides, cancellation);
        if (facts.Exists(fact => fact.Seals))
        {
            // Before the commit, and early enough: sealing is a command, and waits for this one to end.
            bell.Ring();
        }

        facts.Clear();
    }
}
