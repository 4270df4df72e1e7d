using System.Data;
using System.Text.Json;
using Depart.Evidence;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Depart.Proof;

/// <summary>The answer of a check of chains.</summary>
/// <param name="Chains">Chains read.</param>
/// <param name="Entries">Entries read.</param>
/// <param name="Erased">Personal values erased since; not an error.</param>
/// <param name="Broken">What does not hold, at most twenty.</param>
public sealed record JournalCheck(int Chains, int Entries, int Erased, IReadOnlyList<Words> Broken)
{
    /// <summary>The last checkpoint, or null when there is none yet.</summary>
    public long? Checkpoint { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? SealedAt { get; init; }
}

/// <summary>
/// Reads chains again from their first entry: every link, every digest of a personal value, every head; and, when all are read, every checkpoint: what
/// one of them covered must still be there. What was written since the last one could be cut off unseen.
/// </summary>
internal sealed record CheckJournal(string? Chain = null) : IQuery<JournalCheck>
{
    public static Access Access => ReadJournal.Access;

    internal sealed class Handler(DepartDb db, StorageOptions storage, IChainNames whose) : IHandler<CheckJournal, JournalCheck>
    {
        public async Task<Outcome<JournalCheck>> HandleAsync(CheckJournal query, CancellationToken cancellation) =>
            await new JournalAudit(db, whose).RunAsync(query.Chain, OutsideCheckpoint.Read(storage) is { } outside ? [outside] : [], cancellation);
    }
}

/// <summary>
/// Reads the journal of a database again; needs nothing but the database. All of it is read as it stood at one instant, so that whoever writes meanwhile
/// neither waits nor looks like a forger.
/// </summary>
/// <param name="db">The database.</param>
/// <param name="whose">Names the chains that are broken, where there is a reader who may know.</param>
internal sealed class JournalAudit(DepartDb db, IChainNames? whose = null)
{
    private const int Shown = 20;

    private readonly List<Broken> broken = [];
    private int entries;
    private int erased;

    /// <summary>Reads one chain, or (null) all of them and all checkpoints, and looks for checkpoints that stand outside.</summary>
    public async Task<JournalCheck> RunAsync(string? chain, IReadOnlyList<OutsideCheckpoint> outside, CancellationToken cancellation)
    {
        await using var instant = await HoldInstantAsync(cancellation);
        var leaves = (await db.Set<LeafRow>().AsNoTracking().Where(leaf => chain == null ? leaf.Chain != LeafRow.Drawn : leaf.Chain == chain).ToListAsync(cancellation)).ToLookup(leaf => leaf.Chain, StringComparer.Ordinal);
        var heads = await db.Set<JournalHead>().AsNoTracking().Where(head => chain == null || head.Chain == chain).OrderBy(head => head.Chain).ToListAsync(cancellation);
        foreach (var head in heads)
        {
            await ReadAsync(head, leaves[head.Chain].ToDictionary(leaf => leaf.Sequence, leaf => leaf.Hash), cancellation);
        }

        var known = heads.Select(head => head.Chain).ToHashSet(StringComparer.Ordinal);
        broken.AddRange(leaves.Where(gone => !known.Contains(gone.Key)).Select(gone => new Broken(JournalText.ChainGone, gone.Key, gone.Max(leaf => leaf.Sequence))));
        if (chain is null)
        {
            var strays = await db.Set<JournalRow>().AsNoTracking().Select(row => row.Chain).Distinct().ToListAsync(cancellation);
            broken.AddRange(strays.Where(stray => !known.Contains(stray) && !leaves.Contains(stray)).Select(stray => new Broken(JournalText.HeadGone, stray)));

            // The log is whole for whoever reads, also where a leaf is that of a chain they may not know of: only hashes are made of it.
            await CheckpointsAsync(await db.Set<LeafRow>().IgnoreQueryFilters().AsNoTracking().OrderBy(leaf => leaf.Index).ToListAsync(cancellation), cancellation);
        }

        foreach (var seen in outside)
        {
            if (!await seen.IsHeldAsync(db, cancellation))
            {
                broken.Add(new(JournalText.Rewound.With(seen.Where, seen.Checkpoint.Number, seen.Checkpoint.At)));
            }
        }

        var last = await db.Set<CheckpointRow>().AsNoTracking().OrderByDescending(row => row.Number).FirstOrDefaultAsync(cancellation);
        return new(heads.Count, entries, erased, await ShownAsync(cancellation)) { Checkpoint = last?.Number, SealedAt = last?.At };
    }

    /// <summary>The first of what does not hold, each with the chain as people call it.</summary>
    private async Task<IReadOnlyList<Words>> ShownAsync(CancellationToken cancellation)
    {
        var shown = broken.Take(Shown).ToList();
        var names = whose is null || shown.Count == 0 ? null : await whose.OfAsync([.. shown.Select(one => one.Chain).OfType<string>().Distinct()], cancellation);
        return [.. shown.Select(one => one.Chain is { } chain ? one.What.With([JournalText.ChainOf(chain, names?.GetValueOrDefault(chain)), .. one.Values]) : one.What)];
    }

    /// <summary>Begins a transaction that reads one state of the database and keeps nobody from writing; it ends with nothing to save.</summary>
    private async Task<IAsyncDisposable> HoldInstantAsync(CancellationToken cancellation)
    {
        if (!db.Database.IsSqlite())
        {
            return await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        }

        // Entity Framework would begin an immediate one, which holds the only place of a writer.
        await db.Database.OpenConnectionAsync(cancellation);
        var transaction = ((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true);
        await db.Database.UseTransactionAsync(transaction, cancellation);
        return transaction;
    }

    private async Task ReadAsync(JournalHead head, Dictionary<long, string> covered, CancellationToken cancellation)
    {
        var values = (await db.Set<JournalValue>().AsNoTracking().Where(value => value.Chain == head.Chain).ToListAsync(cancellation))
            .ToDictionary(value => (value.Sequence, value.Name));
        if (covered.Keys.DefaultIfEmpty().Max() is var last && last != head.Sealed)
        {
            // A head that claims more is passed over by the next checkpoint.
            broken.Add(new(JournalText.NotCovered, head.Chain, head.Sealed, last));
        }

        var at = ChainHead.Start(head.Chain);
        await foreach (var row in db.Set<JournalRow>().AsNoTracking().Where(row => row.Chain == head.Chain).OrderBy(row => row.Sequence).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            entries++;
            var hash = JournalEntry.Hash(row.Bytes);
            if (covered.Remove(row.Sequence, out var stated) && stated != hash)
            {
                broken.Add(new(JournalText.NotAsSealed, head.Chain, row.Sequence));
            }

            try
            {
                Follow(row, at, values);
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                broken.Add(new(JournalText.Unreadable, head.Chain, row.Sequence));
            }

            at = new(head.Chain, row.Sequence, hash);
        }

        if (at.Sequence != head.Sequence || at.Hash != head.Hash)
        {
            broken.Add(new(JournalText.TailMissing, head.Chain));
        }

        if (covered.Count > 0)
        {
            broken.Add(new(JournalText.CutOff, head.Chain, covered.Keys.Max(), at.Sequence));
        }
    }

    private void Follow(JournalRow row, ChainHead at, Dictionary<(long, string), JournalValue> values)
    {
        using var entry = JsonDocument.Parse(row.Bytes);
        var root = entry.RootElement;
        if (root.GetProperty("prev").GetString() != at.Hash || root.GetProperty("seq").GetInt64() != at.Sequence + 1
            || root.GetProperty("seq").GetInt64() != row.Sequence || root.GetProperty("chain").GetString() != row.Chain)
        {
            broken.Add(new(JournalText.LinkBroken, row.Chain, row.Sequence));
        }

        // What lists are made from stands beside the bytes: it must say the same.
        if (root.GetProperty("kind").GetString() != row.Kind || root.GetProperty("at").GetDateTimeOffset() != row.At)
        {
            broken.Add(new(JournalText.ColumnChanged, row.Chain, row.Sequence));
        }

        foreach (var digest in root.GetProperty("personal").EnumerateObject())
        {
            if (!values.TryGetValue((row.Sequence, digest.Name), out var kept))
            {
                erased++;
            }
            else if (new PersonalValue(kept.Name, kept.Value, kept.Salt).Digest() != digest.Value.GetString())
            {
                broken.Add(new(JournalText.ValueChanged, row.Chain, row.Sequence, digest.Name));
            }
        }
    }

    /// <summary>Builds the log anew from its leaves and compares with every checkpoint on the way.</summary>
    private async Task CheckpointsAsync(List<LeafRow> leaves, CancellationToken cancellation)
    {
        var keys = await db.Set<SigningKeyRow>().AsNoTracking().ToDictionaryAsync(key => key.Fingerprint, key => key.PublicKey, StringComparer.Ordinal, cancellation);
        var edge = new MerkleEdge();
        var (number, previous) = (0L, new string('0', 64));
        await foreach (var row in db.Set<CheckpointRow>().AsNoTracking().OrderBy(row => row.Number).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            number++;
            if (!TryParse(row, out var checkpoint) || !keys.TryGetValue(checkpoint.Key, out var key) || !Checkpoint.IsSigned(row.Bytes, row.Signature, key))
            {
                broken.Add(new(JournalText.CheckpointForged.With(row.Number)));
                previous = JournalEntry.Hash(row.Bytes);
                continue;
            }

            if (row.Number != number || checkpoint.Number != number || checkpoint.Previous != previous)
            {
                broken.Add(new(JournalText.CheckpointGone.With(number)));
                number = row.Number;
            }

            while (edge.Size < checkpoint.Size && edge.Size < leaves.Count && leaves[(int)edge.Size].Index == edge.Size)
            {
                var leaf = leaves[(int)edge.Size];
                edge.Add(new LogLeaf(leaf.Chain, leaf.Sequence, leaf.Hash).LeafHash);
            }

            if (edge.Size != checkpoint.Size || Convert.ToHexStringLower(edge.Root) != checkpoint.Root)
            {
                broken.Add(new(JournalText.CheckpointOther.With(row.Number)));
            }

            previous = JournalEntry.Hash(row.Bytes);
        }

        if (leaves.Count > edge.Size)
        {
            broken.Add(new(JournalText.CheckpointGone.With(number + 1)));
        }
    }

    private static bool TryParse(CheckpointRow row, out Checkpoint checkpoint)
    {
        try
        {
            checkpoint = Checkpoint.Parse(row.Bytes);
            return checkpoint.Size == row.Size && checkpoint.Number == row.Number;
        }
        catch (FormatException)
        {
            checkpoint = null!;
            return false;
        }
    }

    /// <summary>Something that does not hold; of a chain, its name comes first among the values.</summary>
    private sealed record Broken(Words What, string? Chain = null, params object?[] Values);
}
