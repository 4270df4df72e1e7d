using System.Security.Cryptography;
using System.Text.Json;

namespace Depart.Evidence;

/// <summary>A leaf of the log: where a chain stood when a checkpoint was made.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Sequence">Sequence of its last entry.</param>
/// <param name="Hash">Hash of that entry.</param>
public sealed record LogLeaf(string Chain, long Sequence, string Hash)
{
    /// <summary>The exact bytes that are hashed.</summary>
    public byte[] Bytes => JsonSerializer.SerializeToUtf8Bytes(new { chain = Chain, seq = Sequence, hash = Hash });

    /// <summary>The leaf's hash in the tree.</summary>
    public byte[] LeafHash => Merkle.Leaf(Bytes);
}

/// <summary>
/// What a server states, signed, about all its chains at one instant: once it left the house, nothing that it covers can be cut off, deleted or
/// rewound unseen.
/// </summary>
/// <param name="Log">Fingerprint of the first key the server ever had: tells one log from another.</param>
/// <param name="Number">Counts checkpoints from 1.</param>
/// <param name="At">UTC.</param>
/// <param name="Size">Leaves of the tree.</param>
/// <param name="Root">Root of the tree, lower-case hexadecimal.</param>
/// <param name="Previous">SHA-256 over the bytes of the checkpoint before; 64 zeros for the first.</param>
/// <param name="Key">Fingerprint of the key that signed.</param>
public sealed record Checkpoint(string Log, long Number, DateTimeOffset At, long Size, string Root, string Previous, string Key)
{
    /// <summary>What says that signed bytes are a checkpoint and nothing else.</summary>
    public const string Type = "depart-checkpoint";

    private static readonly string[] Members = ["type", "v", "log", "number", "at", "size", "root", "previous", "key"];

    /// <summary>The exact bytes that are signed.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = Type, v = JournalEntry.FormatVersion, log = Log, number = Number, at = JournalEntry.Instant(At), size = Size, root = Root, previous = Previous, key = Key,
    });

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static Checkpoint Parse(ReadOnlyMemory<byte> bytes)
    {
        using var document = StrictJson.Parse(bytes, Members);
        var root = document.RootElement;
        return StrictJson.Text(root, "type") != Type || StrictJson.Number(root, "v") != JournalEntry.FormatVersion
            ? throw new Misread("not a checkpoint of this version", "ce n’est pas un point de contrôle de cette version")
            : new(
                StrictJson.Text(root, "log"), StrictJson.Number(root, "number"), StrictJson.Instant(root, "at"), StrictJson.Number(root, "size"),
                StrictJson.Text(root, "root"), StrictJson.Text(root, "previous"), StrictJson.Text(root, "key"));
    }

    /// <summary>Whether a key, as SubjectPublicKeyInfo, signed these bytes.</summary>
    public static bool IsSigned(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
            return key.VerifyData(bytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

/// <summary>A checkpoint with the proof that a chain is covered by it, as they go into an archive.</summary>
/// <param name="Bytes">The checkpoint's exact bytes.</param>
/// <param name="Signature">DER.</param>
/// <param name="Index">Place of the chain's leaf.</param>
/// <param name="Path">Audit path, from the leaf up.</param>
public sealed record SealedChain(byte[] Bytes, byte[] Signature, long Index, IReadOnlyList<byte[]> Path)
{
    private static readonly string[] Members = ["index", "path"];

    /// <summary>The proof as JSON.</summary>
    public byte[] ProofToBytes() => JsonSerializer.SerializeToUtf8Bytes(new { index = Index, path = Path.Select(Convert.ToHexStringLower) });

    /// <summary>Reads a proof.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    internal static (long Index, IReadOnlyList<byte[]> Path) ParseProof(ReadOnlyMemory<byte> bytes)
    {
        using var document = StrictJson.Parse(bytes, Members);
        var path = document.RootElement.GetProperty("path");
        if (path.ValueKind != JsonValueKind.Array || path.GetArrayLength() > 64)
        {
            throw new Misread("“path” is no list of hashes", "« path » n’est pas une liste d’empreintes");
        }

        return (StrictJson.Number(document.RootElement, "index"), [.. path.EnumerateArray().Select(hash => Convert.FromHexString(StrictJson.TextOf(hash, "path")))]);
    }
}
