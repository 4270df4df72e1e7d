using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Depart.Evidence;

/// <summary>What can be said of an archive.</summary>
public enum EvidenceVerdict
{
    /// <summary>Unaltered, and signed by the key whose fingerprint was given.</summary>
    Genuine,

    /// <summary>Unaltered since it was signed; who signed was not checked.</summary>
    ConsistentSignerNotChecked,

    /// <summary>Altered, incomplete, or signed by another key.</summary>
    Broken,

    /// <summary>Not an evidence archive.</summary>
    Unreadable,
}

/// <summary>One thing found.</summary>
/// <param name="Code">Stable, kebab-case.</param>
/// <param name="Place">File, and line where there is one.</param>
/// <param name="En">English.</param>
/// <param name="Fr">French.</param>
public sealed record Finding(string Code, string Place, string En, string Fr);

/// <summary>The answer of a verification.</summary>
/// <param name="Verdict">The word.</param>
/// <param name="Fingerprint">Of the key that signed, or null when none could be read.</param>
/// <param name="Entries">Entries read.</param>
/// <param name="Erased">Personal values that were erased since; not an error.</param>
/// <param name="Findings">Everything wrong; empty unless broken or unreadable.</param>
public sealed record VerificationReport(EvidenceVerdict Verdict, string? Fingerprint, int Entries, int Erased, IReadOnlyList<Finding> Findings);

/// <summary>Verifies evidence archives offline, with the base library alone.</summary>
public static class EvidenceVerifier
{
    /// <summary>Largest archive content read, unpacked: 256 MiB.</summary>
    public const long MaxBytes = 256L * 1024 * 1024;

    /// <summary>Verifies an archive.</summary>
    /// <param name="archive">A seekable stream.</param>
    /// <param name="expectedFingerprint">The signer's published fingerprint; without it a wholly re-signed forgery cannot be told.</param>
    public static VerificationReport Verify(Stream archive, string? expectedFingerprint)
    {
        Dictionary<string, byte[]> files;
        try
        {
            files = Read(archive);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or IOException)
        {
            return Unreadable(error.Message);
        }

        foreach (var name in new[] { EvidenceArchive.Manifest, EvidenceArchive.Signature, EvidenceArchive.PublicKey, EvidenceArchive.Journal, EvidenceArchive.Personal })
        {
            if (!files.ContainsKey(name))
            {
                return new(EvidenceVerdict.Broken, null, 0, 0, [new("file-missing", name, $"The file {name} is missing.", $"Le fichier {name} manque.")]);
            }
        }

        var findings = new List<Finding>();
        var (fingerprint, signed) = Signature(files);
        if (!signed)
        {
            findings.Add(new("signature-wrong", EvidenceArchive.Signature, "The signature does not fit the manifest.", "La signature ne correspond pas au manifeste."));
        }
        else if (expectedFingerprint is not null && !string.Equals(Plain(expectedFingerprint), fingerprint, StringComparison.OrdinalIgnoreCase))
        {
            findings.Add(new("signer-other", EvidenceArchive.PublicKey,
                $"Signed by another key ({fingerprint}): a forgery, or the wrong fingerprint.",
                $"Signé par une autre clé ({fingerprint}) : un faux, ou une mauvaise empreinte."));
        }

        var (entries, erased) = (0, 0);
        try
        {
            using var manifest = JsonDocument.Parse(files[EvidenceArchive.Manifest]);
            CheckFiles(manifest.RootElement, files, findings);
            entries = CheckChain(manifest.RootElement, files[EvidenceArchive.Journal], findings, out var digests);
            erased = CheckPersonal(files[EvidenceArchive.Personal], digests, findings);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            findings.Add(new("not-understood", EvidenceArchive.Manifest, $"The content cannot be understood: {error.Message}", $"Le contenu est incompréhensible : {error.Message}"));
        }

        return new(
            findings.Count > 0 ? EvidenceVerdict.Broken : expectedFingerprint is null ? EvidenceVerdict.ConsistentSignerNotChecked : EvidenceVerdict.Genuine,
            fingerprint, entries, erased, findings);
    }

    private static VerificationReport Unreadable(string why) => new(
        EvidenceVerdict.Unreadable, null, 0, 0, [new("unreadable", "zip", $"This is not a readable evidence archive: {why}", $"Ce n’est pas une archive de preuves lisible : {why}")]);

    private static string Plain(string fingerprint) => fingerprint.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);

    private static Dictionary<string, byte[]> Read(Stream archive)
    {
        using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var left = MaxBytes;
        foreach (var entry in zip.Entries)
        {
            using var stream = entry.Open();
            using var content = new MemoryStream();
            var block = new byte[81920];
            int read;
            while ((read = stream.Read(block)) > 0)
            {
                // The length announced by a hostile zip is not believed: what comes out is counted.
                left -= read;
                if (left < 0)
                {
                    throw new InvalidDataException($"More than {MaxBytes} bytes when unpacked.");
                }

                content.Write(block, 0, read);
            }

            if (!files.TryAdd(entry.FullName, content.ToArray()))
            {
                throw new InvalidDataException($"Two files are named {entry.FullName}.");
            }
        }

        return files;
    }

    private static (string? Fingerprint, bool Signed) Signature(Dictionary<string, byte[]> files)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(Encoding.ASCII.GetString(files[EvidenceArchive.PublicKey]));
            return (
                Fingerprint.Of(key.ExportSubjectPublicKeyInfo()),
                key.VerifyData(files[EvidenceArchive.Manifest], files[EvidenceArchive.Signature], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            return (null, false);
        }
    }

    private static void CheckFiles(JsonElement manifest, Dictionary<string, byte[]> files, List<Finding> findings)
    {
        var listed = manifest.GetProperty("files").EnumerateObject().ToDictionary(file => file.Name, file => file.Value.GetString(), StringComparer.Ordinal);
        foreach (var (name, bytes) in files.Where(file => file.Key is not (EvidenceArchive.Manifest or EvidenceArchive.Signature)))
        {
            if (!listed.Remove(name, out var hash))
            {
                findings.Add(new("file-extra", name, $"The file {name} is not in the manifest.", $"Le fichier {name} n’est pas au manifeste."));
            }
            else if (hash != JournalEntry.Hash(bytes))
            {
                findings.Add(new("file-altered", name, $"The file {name} was altered.", $"Le fichier {name} a été modifié."));
            }
        }

        findings.AddRange(listed.Keys.Select(name => new Finding("file-missing", name, $"The file {name} is missing.", $"Le fichier {name} manque.")));
    }

    private static int CheckChain(JsonElement manifest, byte[] journal, List<Finding> findings, out Dictionary<(long, string), string> digests)
    {
        digests = [];
        var chain = manifest.GetProperty("chain").GetString()!;
        var head = ChainHead.Start(chain);
        var line = 0;
        foreach (var bytes in Lines(journal))
        {
            line++;
            var place = $"{EvidenceArchive.Journal}:{line}";
            using var entry = JsonDocument.Parse(bytes);
            var root = entry.RootElement;
            var sequence = root.GetProperty("seq").GetInt64();
            if (root.GetProperty("chain").GetString() != chain)
            {
                findings.Add(new("chain-other", place, "This entry belongs to another chain.", "Cette entrée appartient à une autre chaîne."));
            }

            if (sequence != head.Sequence + 1)
            {
                findings.Add(new("sequence-broken", place, $"Entry {head.Sequence + 1} is missing or out of order.", $"L’entrée {head.Sequence + 1} manque ou n’est pas à sa place."));
            }

            if (root.GetProperty("prev").GetString() != head.Hash)
            {
                findings.Add(new("link-broken", place, $"Entry {sequence} does not follow the one before it: one of them was altered.", $"L’entrée {sequence} ne suit pas la précédente : l’une des deux a été modifiée."));
            }

            foreach (var value in root.GetProperty("personal").EnumerateObject())
            {
                digests[(sequence, value.Name)] = value.Value.GetString()!;
            }

            head = new(chain, sequence, JournalEntry.Hash(bytes));
        }

        if (line != manifest.GetProperty("entries").GetInt32() || head.Hash != manifest.GetProperty("head").GetString())
        {
            findings.Add(new("tail-missing", EvidenceArchive.Journal, "The journal does not end where the manifest says: entries were cut off or altered.", "Le journal ne finit pas là où le dit le manifeste : des entrées ont été coupées ou modifiées."));
        }

        return line;
    }

    private static int CheckPersonal(byte[] personal, Dictionary<(long, string), string> digests, List<Finding> findings)
    {
        var line = 0;
        foreach (var bytes in Lines(personal))
        {
            line++;
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            var value = new PersonalValue(root.GetProperty("name").GetString()!, root.GetProperty("value").GetString()!, root.GetProperty("salt").GetString()!);
            if (!digests.Remove((root.GetProperty("seq").GetInt64(), value.Name), out var digest) || digest != value.Digest())
            {
                findings.Add(new("personal-altered", $"{EvidenceArchive.Personal}:{line}", $"The value “{value.Name}” is not the one recorded.", $"La valeur « {value.Name} » n’est pas celle qui a été enregistrée."));
            }
        }

        return digests.Count;
    }

    private static IEnumerable<byte[]> Lines(byte[] content)
    {
        var start = 0;
        for (var end = Array.IndexOf(content, (byte)'\n'); end >= 0; end = Array.IndexOf(content, (byte)'\n', start))
        {
            yield return content[start..end];
            start = end + 1;
        }

        if (start < content.Length)
        {
            yield return content[start..];
        }
    }
}
