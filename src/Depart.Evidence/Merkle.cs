using System.Security.Cryptography;

namespace Depart.Evidence;

/// <summary>A whole subtree: <paramref name="Index"/> counts those of its level from the left; it covers 2^<paramref name="Level"/> leaves.</summary>
public sealed record MerkleNode(int Level, long Index);

/// <summary>
/// The Merkle tree of RFC 9162, section 2.1, over SHA-256: leaves are only ever added on the right, so that a later root holds every earlier
/// one. Pure arithmetic: whoever keeps the nodes gives their hashes.
/// </summary>
public static class Merkle
{
    /// <summary>The root of no leaves.</summary>
    public static byte[] Empty => SHA256.HashData([]);

    /// <summary>The hash of a leaf: SHA-256 over a zero byte and the leaf.</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> content) => SHA256.HashData([0, .. content]);

    /// <summary>The hash of a node: SHA-256 over a one byte and both children.</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => SHA256.HashData([1, .. left, .. right]);

    /// <summary>The whole subtrees that make up leaves <paramref name="start"/> to <paramref name="end"/> (excluded), left to right.</summary>
    /// <param name="start">First leaf; a multiple of the largest power of two that fits.</param>
    /// <param name="end">One past the last leaf.</param>
    public static IReadOnlyList<MerkleNode> Cover(long start, long end)
    {
        var nodes = new List<MerkleNode>();
        while (start < end)
        {
            var level = 63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(end - start));
            nodes.Add(new(level, start >> level));
            start += 1L << level;
        }

        return nodes;
    }

    /// <summary>The hash of what <see cref="Cover"/> lists, from the hashes of its nodes.</summary>
    public static byte[] Fold(IReadOnlyList<byte[]> hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        if (hashes.Count == 0)
        {
            return Empty;
        }

        var all = hashes[^1];
        for (var index = hashes.Count - 2; index >= 0; index--)
        {
            all = Node(hashes[index], all);
        }

        return all;
    }

    /// <summary>The audit path of a leaf in a tree of <paramref name="size"/> leaves, from the leaf up: each step is the cover of one sibling.</summary>
    public static IReadOnlyList<IReadOnlyList<MerkleNode>> Path(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<IReadOnlyList<MerkleNode>>();
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var half = start + Half(end - start);
            if (index < half)
            {
                path.Add(Cover(half, end));
                end = half;
            }
            else
            {
                path.Add(Cover(start, half));
                start = half;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>The root that a leaf and its audit path lead to (RFC 9162, 2.1.3.2), or null when the path cannot be one.</summary>
    public static byte[]? RootOf(byte[] leaf, long index, long size, IReadOnlyList<byte[]> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (index < 0 || index >= size)
        {
            return null;
        }

        var (place, last, hash) = (index, size - 1, leaf);
        foreach (var sibling in path)
        {
            if (last == 0)
            {
                return null;
            }

            if ((place & 1) == 1 || place == last)
            {
                hash = Node(sibling, hash);
                while ((place & 1) == 0 && place != 0)
                {
                    (place, last) = (place >> 1, last >> 1);
                }
            }
            else
            {
                hash = Node(hash, sibling);
            }

            (place, last) = (place >> 1, last >> 1);
        }

        return last == 0 ? hash : null;
    }

    /// <summary>The largest power of two smaller than a count above one.</summary>
    private static long Half(long count) => 1L << (63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(count - 1)));
}

/// <summary>The right edge of a growing tree: what is needed to add a leaf or give the root.</summary>
public sealed class MerkleEdge
{
    private readonly List<(MerkleNode At, byte[] Hash)> edge = [];

    /// <summary>An empty tree.</summary>
    public MerkleEdge()
    {
    }

    /// <summary>A tree of a given size, from the hashes of <c>Merkle.Cover(0, size)</c>.</summary>
    public MerkleEdge(long size, IReadOnlyList<byte[]> cover)
    {
        ArgumentNullException.ThrowIfNull(cover);
        edge.AddRange(Merkle.Cover(0, size).Zip(cover));
        Size = size;
    }

    /// <summary>Leaves so far.</summary>
    public long Size { get; private set; }

    /// <summary>The root.</summary>
    public byte[] Root => Merkle.Fold([.. edge.Select(node => node.Hash)]);

    /// <summary>Adds a leaf, by its hash; gives the leaf and every subtree that it completes.</summary>
    public IReadOnlyList<(MerkleNode At, byte[] Hash)> Add(byte[] leaf)
    {
        var made = new List<(MerkleNode At, byte[] Hash)> { (new(0, Size), leaf) };
        while ((made[^1].At.Index & 1) == 1)
        {
            var (at, hash) = made[^1];
            made.Add((new(at.Level + 1, at.Index >> 1), Merkle.Node(edge[^1].Hash, hash)));
            edge.RemoveAt(edge.Count - 1);
        }

        edge.Add(made[^1]);
        Size++;
        return made;
    }
}
