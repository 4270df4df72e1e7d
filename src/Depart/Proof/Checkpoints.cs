using System.Security.Cryptography;
using Depart.Evidence;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Proof;

/// <summary>A signed statement about all chains at one instant.</summary>
internal sealed class CheckpointRow
{
    /// <summary>From 1.</summary>
    public long Number { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Leaves it covers.</summary>
    public long Size { get; init; }

    /// <summary>The exact bytes that were signed.</summary>
    public required byte[] Bytes { get; init; }

    public required byte[] Signature { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<CheckpointRow>
    {
        public void Configure(EntityTypeBuilder<CheckpointRow> builder)
        {
            builder.ToTable("journal_checkpoints");
            builder.HasKey(row => row.Number);
            builder.Property(row => row.Number).ValueGeneratedNever();
        }
    }
}

/// <summary>A leaf of the log: where a chain stood at a checkpoint. Never changed, never taken away.</summary>
internal sealed class LeafRow
{
    /// <summary>The chain of a leaf that stands for none.</summary>
    public const string Drawn = "-";

    /// <summary>From 0.</summary>
    public long Index { get; init; }

    public required string Chain { get; init; }

    public long Sequence { get; init; }

    public required string Hash { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<LeafRow>
    {
        public void Configure(EntityTypeBuilder<LeafRow> builder)
        {
            builder.ToTable("journal_leaves");
            builder.HasKey(row => row.Index);
            builder.Property(row => row.Index).ValueGeneratedNever();
            builder.Property(row => row.Chain).HasMaxLength(40);
            builder.HasIndex(row => new { row.Chain, row.Sequence });
        }
    }
}

/// <summary>The hash of a whole subtree of the log, leaves included (level 0): a proof reads a few dozens.</summary>
internal sealed class NodeRow
{
    public int Level { get; init; }

    public long Index { get; init; }

    public required byte[] Hash { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<NodeRow>
    {
        public void Configure(EntityTypeBuilder<NodeRow> builder)
        {
            builder.ToTable("journal_nodes");
            builder.HasKey(row => new { row.Level, row.Index });
        }
    }
}

/// <summary>
/// Makes checkpoints: every chain that moved since the last one becomes a leaf, and the root of all leaves is signed. Commands come one after the other, so that no two extend the log at once.
/// Each has one leaf more: where one of the chains stands that are held, or, when none moved, a draw. Whoever counts leaves learns nothing, and what is held is sealed too.
/// </summary>
internal sealed class JournalSeal(DepartDb db, TimeProvider clock)
{
    /// <summary>Makes a checkpoint; null when nothing moved and none was <paramref name="asked"/> for.</summary>
    public async Task<CheckpointRow?> SealAsync(SigningKey key, bool asked, CancellationToken cancellation)
    {
        var moved = await db.Set<JournalHead>().IgnoreQueryFilters().Where(head => head.Sealed < head.Sequence && !head.Held).OrderBy(head => head.Chain).ToListAsync(cancellation);
        if (moved.Count == 0 && !asked)
        {
            return null;
        }

        var last = await db.Set<CheckpointRow>().AsNoTracking().OrderByDescending(row => row.Number).FirstOrDefaultAsync(cancellation);
        var size = last?.Size ?? 0;
        var edge = new MerkleEdge(size, await HashesAsync(Merkle.Cover(0, size), cancellation));
        var leaves = new List<LeafRow>(moved.Count + 1);
        var nodes = new List<NodeRow>(moved.Count * 2);
        foreach (var head in moved)
        {
            Cover(head.Chain, head.Sequence, head.Hash);
            head.Sealed = head.Sequence;
        }

        // The one that was sealed longest ago; the others come with the next checkpoints.
        var held = await db.Set<JournalHead>().IgnoreQueryFilters().Where(head => head.Held && head.Sealed < head.Sequence).OrderBy(head => head.Sealed).ThenBy(head => head.Chain).FirstOrDefaultAsync(cancellation);
        Cover(held?.Chain ?? LeafRow.Drawn, held?.Sequence ?? edge.Size, held?.Hash ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        if (held is not null)
        {
            held.Sealed = held.Sequence;
        }

        await db.InsertAsync(leaves, cancellation);
        await db.InsertAsync(nodes, cancellation);
        var number = (last?.Number ?? 0) + 1;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var bytes = new Checkpoint(
            key.Log, number, at, edge.Size, Convert.ToHexStringLower(edge.Root), last is null ? new('0', 64) : JournalEntry.Hash(last.Bytes), key.Fingerprint).ToBytes();
        var made = new CheckpointRow
        {
            Number = number,
            At = at,
            Size = edge.Size,
            Bytes = bytes,
            Signature = key.Key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
        };
        db.Add(made);
        return made;

        void Cover(string chain, long sequence, string hash)
        {
            leaves.Add(new() { Index = edge.Size, Chain = chain, Sequence = sequence, Hash = hash });
            nodes.AddRange(edge.Add(new LogLeaf(chain, sequence, hash).LeafHash).Select(node => new NodeRow { Level = node.At.Level, Index = node.At.Index, Hash = node.Hash }));
        }
    }

    /// <summary>A checkpoint just made, with the proof that it covers a chain; and the last entry that it covers.</summary>
    public async Task<(SealedChain Proof, long Sequence)> ProveAsync(CheckpointRow made, string chain, CancellationToken cancellation)
    {
        var leaf = db.AtHand<LeafRow>().FirstOrDefault(row => row.Chain == chain)
            ?? await db.Set<LeafRow>().Where(row => row.Chain == chain).OrderByDescending(row => row.Index).FirstAsync(cancellation);
        var path = new List<byte[]>();
        foreach (var sibling in Merkle.Path(leaf.Index, made.Size))
        {
            path.Add(Merkle.Fold(await HashesAsync(sibling, cancellation)));
        }

        return (new(made.Bytes, made.Signature, leaf.Index, path), leaf.Sequence);
    }

    private async Task<List<byte[]>> HashesAsync(IReadOnlyList<MerkleNode> nodes, CancellationToken cancellation)
    {
        var hashes = new List<byte[]>();
        foreach (var node in nodes)
        {
            hashes.Add((await db.FindAsync<NodeRow>([node.Level, node.Index], cancellation))?.Hash
                ?? throw new InvalidDataException($"The log lacks node {node.Level}/{node.Index}: run depart doctor."));
        }

        return hashes;
    }
}

/// <summary>Makes a checkpoint if anything moved. Sent by the clock, at start and at stop.</summary>
internal sealed record SealJournal : ICommand<long>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(JournalSeal seal, SigningKeys keys) : IHandler<SealJournal, long>
    {
        public async Task<Outcome<long>> HandleAsync(SealJournal command, CancellationToken cancellation)
        {
            using var key = await keys.CurrentAsync(cancellation);
            return (await seal.SealAsync(key, asked: false, cancellation))?.Number ?? 0;
        }
    }
}
