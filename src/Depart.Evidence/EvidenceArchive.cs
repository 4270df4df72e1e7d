using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Depart.Evidence;

/// <summary>What goes into an archive.</summary>
public sealed record EvidenceContent
{
    /// <summary>The chain exported.</summary>
    public required string Chain { get; init; }

    /// <summary>When it was exported, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The exact bytes of every entry, in order.</summary>
    public required IReadOnlyList<byte[]> Entries { get; init; }

    /// <summary>Personal values still held, by sequence.</summary>
    public required IReadOnlyList<(long Sequence, PersonalValue Value)> Personal { get; init; }

    /// <summary>The readable report, self-contained HTML.</summary>
    public required string Report { get; init; }
}

/// <summary>Writes evidence archives: a zip with a signed manifest over every file (PRV2).</summary>
public static class EvidenceArchive
{
    internal const string Manifest = "manifest.json";
    internal const string Signature = "manifest.sig";
    internal const string PublicKey = "public-key.pem";
    internal const string Journal = "journal.jsonl";
    internal const string Personal = "personal.jsonl";
    internal const string Report = "index.html";

    /// <summary>Writes the archive, signed with an ECDSA P-256 key over SHA-256.</summary>
    public static void Write(Stream target, EvidenceContent content, ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(key);
        var journal = Lines(content.Entries);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [Journal] = journal,
            [Personal] = Lines(content.Personal.Select(pair => JsonSerializer.SerializeToUtf8Bytes(
                new { seq = pair.Sequence, name = pair.Value.Name, value = pair.Value.Value, salt = pair.Value.Salt }))),
            [PublicKey] = Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()),
            [Report] = Encoding.UTF8.GetBytes(content.Report),
        };
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            v = JournalEntry.FormatVersion,
            product = "Depart",
            chain = content.Chain,
            at = JournalEntry.Instant(content.At),
            entries = content.Entries.Count,
            head = content.Entries.Count == 0 ? ChainHead.Start(content.Chain).Hash : JournalEntry.Hash(content.Entries[^1]),
            files = files.ToDictionary(file => file.Key, file => JournalEntry.Hash(file.Value), StringComparer.Ordinal),
        });
        files[Manifest] = manifest;
        files[Signature] = key.SignData(manifest, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        using var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, bytes) in files)
        {
            var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
            entry.LastWriteTime = content.At;
            using var stream = entry.Open();
            stream.Write(bytes);
        }
    }

    private static byte[] Lines(IEnumerable<byte[]> lines)
    {
        using var all = new MemoryStream();
        foreach (var line in lines)
        {
            all.Write(line);
            all.WriteByte((byte)'\n');
        }

        return all.ToArray();
    }
}
