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

    /// <summary>Personal values still held, by sequence; null leaves them, and everything that names somebody, out of the archive.</summary>
    public required IReadOnlyList<(long Sequence, PersonalValue Value)>? Personal { get; init; }

    /// <summary>A checkpoint that covers exactly these entries.</summary>
    public required SealedChain Sealed { get; init; }
}

/// <summary>Writes evidence archives: a zip with a signed manifest over every file (PRV2). Format: <c>docs/developers/evidence-format.md</c>.</summary>
public static class EvidenceArchive
{
    internal const string Manifest = "manifest.json";
    internal const string Signature = "manifest.sig";
    internal const string PublicKey = "public-key.pem";
    internal const string Journal = "journal.jsonl";
    internal const string Personal = "personal.jsonl";
    internal const string Seal = "checkpoint.json";
    internal const string SealSignature = "checkpoint.sig";
    internal const string Inclusion = "inclusion.json";
    internal const string ReportEnglish = "report.en.html";
    internal const string ReportFrench = "report.fr.html";

    /// <summary>What says that signed bytes are a manifest and nothing else.</summary>
    internal const string Type = "depart-evidence";

    /// <summary>Files that name people, and that may be taken out of an archive without harm to the rest.</summary>
    internal static readonly IReadOnlyList<string> NamingPeople = [Personal, ReportEnglish, ReportFrench];

    /// <summary>Writes the archive, signed with an ECDSA P-256 key over SHA-256.</summary>
    public static void Write(Stream target, EvidenceContent content, ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(key);
        var publicKey = key.ExportSubjectPublicKeyInfo();
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [Journal] = Lines(content.Entries),
            [PublicKey] = Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem() + "\n"),
            [Seal] = content.Sealed.Bytes,
            [SealSignature] = content.Sealed.Signature,
            [Inclusion] = content.Sealed.ProofToBytes(),
        };
        if (content.Personal is { } personal)
        {
            files[Personal] = Lines(personal.Select(pair => JsonSerializer.SerializeToUtf8Bytes(
                new { seq = pair.Sequence, name = pair.Value.Name, value = pair.Value.Value, salt = pair.Value.Salt })));
        }

        var story = EvidenceStory.Of(content.Entries, content.Personal);
        var fingerprint = Fingerprint.Of(publicKey);
        files[ReportEnglish] = EvidenceReport.Render(story, new(content.At, fingerprint), french: false);
        files[ReportFrench] = EvidenceReport.Render(story, new(content.At, fingerprint), french: true);
        files[Manifest] = JsonSerializer.SerializeToUtf8Bytes(new
        {
            type = Type,
            v = JournalEntry.FormatVersion,
            chain = content.Chain,
            at = JournalEntry.Instant(content.At),
            entries = content.Entries.Count,
            head = content.Entries.Count == 0 ? ChainHead.Start(content.Chain).Hash : JournalEntry.Hash(content.Entries[^1]),
            key = fingerprint,
            personal = content.Personal is null ? LeftOut : Included,
            erasable = content.Personal is null ? [] : NamingPeople,
            files = files.ToDictionary(file => file.Key, file => JournalEntry.Hash(file.Value), StringComparer.Ordinal),
        });
        files[Signature] = key.SignData(files[Manifest], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        target.Write(EvidenceZip.Write(files));
    }

    /// <summary>Takes out of an archive everything that names somebody, as its signed manifest allows: what is left still verifies.</summary>
    /// <exception cref="InvalidDataException">It is not an archive.</exception>
    public static byte[] WithoutPersonal(byte[] archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        try
        {
            var (files, _) = EvidenceZip.Read(archive, EvidenceVerifier.MaxBytes);
            foreach (var name in NamingPeople)
            {
                files.Remove(name);
            }

            return EvidenceZip.Write(files);
        }
        catch (FormatException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    internal const string Included = "included";
    internal const string LeftOut = "left-out";

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
