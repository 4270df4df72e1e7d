using System.Security.Cryptography;
using System.Text;

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
public sealed record VerificationReport
{
    /// <summary>The word.</summary>
    public required EvidenceVerdict Verdict { get; init; }

    /// <summary>Of the key that signed, or null when none could be read.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The chain that the manifest names, or null.</summary>
    public string? Chain { get; init; }

    /// <summary>When it was exported, as the manifest says.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Entries read.</summary>
    public int Entries { get; init; }

    /// <summary>Personal values that are not in it: erased, or left out. Not an error.</summary>
    public int Erased { get; init; }

    /// <summary>The checkpoint that covers it, or null when that could not be read.</summary>
    public Checkpoint? Checkpoint { get; init; }

    /// <summary>Everything wrong, at most a hundred; empty unless broken or unreadable.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>What a reader should know and that is not wrong.</summary>
    public IReadOnlyList<Finding> Notes { get; init; } = [];
}

/// <summary>Verifies evidence archives offline, with the base library alone.</summary>
public static class EvidenceVerifier
{
    /// <summary>Largest archive read, packed or unpacked: 256 MiB.</summary>
    public const long MaxBytes = 256L * 1024 * 1024;

    /// <summary>Verifies an archive.</summary>
    /// <param name="archive">Its bytes, from the stream's place to its end.</param>
    /// <param name="expectedFingerprint">The signer's published fingerprint; without it a wholly re-signed forgery cannot be told.</param>
    public static VerificationReport Verify(Stream archive, string? expectedFingerprint)
    {
        ArgumentNullException.ThrowIfNull(archive);
        try
        {
            var bytes = All(archive);
            var (files, strange) = EvidenceZip.Read(bytes, MaxBytes);
            return Verify(files, expectedFingerprint, strange < 0 ? null : new(
                "container-other", "zip",
                $"The zip itself is not as Depart wrote it (first difference at byte {strange} of {bytes.Length}): it was changed, or packed anew. What is wrong with each file is said below; if nothing is, unpack the zip and verify the folder.",
                $"Le zip lui-même n’est pas tel que Départ l’a écrit (première différence à l’octet {strange} sur {bytes.Length}) : il a été modifié, ou refait. Ce qui ne va pas dans chaque fichier est dit plus bas ; si tout va bien, décompressez le zip et vérifiez le dossier."));
        }
        catch (Exception error) when (error is FormatException or InvalidDataException or EndOfStreamException or IOException or NotSupportedException or ArgumentException or OverflowException)
        {
            return Unreadable(error.Message, Misread.InFrench(error));
        }
    }

    /// <summary>Verifies an archive that was unpacked into a folder.</summary>
    public static VerificationReport VerifyFolder(string folder, string? expectedFingerprint)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var left = MaxBytes;
        try
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(folder))
            {
                if (Directory.Exists(path) || !EvidenceZip.IsName(Path.GetFileName(path)))
                {
                    return Unreadable($"{Path.GetFileName(path)} does not belong to an archive", $"{Path.GetFileName(path)} n’appartient pas à une archive");
                }

                left -= new FileInfo(path).Length;
                if (left < 0)
                {
                    return Unreadable($"it is larger than {MaxBytes} bytes", $"elle dépasse {MaxBytes} octets");
                }

                files[Path.GetFileName(path)] = File.ReadAllBytes(path);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unreadable(error.Message, error.Message);
        }

        return Verify(files, expectedFingerprint, null);
    }

    /// <summary>Whether a text can be a fingerprint: 64 hexadecimal digits, colons and spaces aside.</summary>
    public static bool IsFingerprint(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Plain(text) is { Length: 64 } plain && plain.All(char.IsAsciiHexDigit);
    }

    private static VerificationReport Verify(Dictionary<string, byte[]> files, string? expectedFingerprint, Finding? container)
    {
        var findings = new Findings(container);
        string[] needed =
        [
            EvidenceArchive.Manifest, EvidenceArchive.Signature, EvidenceArchive.PublicKey, EvidenceArchive.Journal,
            EvidenceArchive.Seal, EvidenceArchive.SealSignature, EvidenceArchive.Inclusion,
        ];
        foreach (var name in needed.Where(name => !files.ContainsKey(name)))
        {
            findings.Add("file-missing", name, $"The file {name} is missing.", $"Le fichier {name} manque.");
        }

        if (findings.Has("file-missing"))
        {
            return files.Keys.Any(needed.Contains) ? new() { Verdict = EvidenceVerdict.Broken, Findings = findings.All } : Unreadable("it holds none of an archive’s files", "elle ne contient aucun des fichiers d’une archive");
        }

        var publicKey = PublicKey(files[EvidenceArchive.PublicKey]);
        var fingerprint = publicKey is null ? null : Fingerprint.Of(publicKey);
        if (publicKey is null || !Checkpoint.IsSigned(files[EvidenceArchive.Manifest], files[EvidenceArchive.Signature], publicKey))
        {
            findings.Add("signature-wrong", EvidenceArchive.Signature,
                "The signature does not fit the manifest: the manifest, the signature or the key was altered.",
                "La signature ne correspond pas au manifeste : le manifeste, la signature ou la clé a été modifié.");
        }

        if (fingerprint is not null && expectedFingerprint is not null && !string.Equals(Plain(expectedFingerprint), fingerprint, StringComparison.OrdinalIgnoreCase))
        {
            findings.Add("signer-other", EvidenceArchive.PublicKey,
                $"Signed by another key ({fingerprint}): a forgery, or the wrong fingerprint.",
                $"Signé par une autre clé ({fingerprint}) : un faux, ou une mauvaise empreinte.");
        }

        var verdict = (bool fine) => !fine ? EvidenceVerdict.Broken : expectedFingerprint is null ? EvidenceVerdict.ConsistentSignerNotChecked : EvidenceVerdict.Genuine;
        Manifest manifest;
        try
        {
            manifest = Manifest.Parse(files[EvidenceArchive.Manifest]);
        }
        catch (FormatException error)
        {
            findings.NotUnderstood(EvidenceArchive.Manifest, error);
            return new() { Verdict = EvidenceVerdict.Broken, Fingerprint = fingerprint, Findings = findings.All };
        }

        var notes = new List<Finding>();
        CheckFiles(manifest, files, findings, notes);
        var chain = ChainReading.Read(manifest, files[EvidenceArchive.Journal], findings);
        var erased = chain.CheckPersonal(manifest, files.GetValueOrDefault(EvidenceArchive.Personal), findings);
        if (manifest.Key != fingerprint)
        {
            findings.Add("key-other", EvidenceArchive.PublicKey, "The key is not the one that the manifest names.", "La clé n’est pas celle que nomme le manifeste.");
        }

        var checkpoint = CheckSeal(manifest, files, publicKey, chain, findings);
        return new()
        {
            Verdict = verdict(findings.All.Count == 0),
            Fingerprint = fingerprint,
            Chain = manifest.Chain,
            At = manifest.At,
            Entries = chain.Entries,
            Erased = erased,
            Checkpoint = checkpoint,
            Findings = findings.All,
            Notes = notes,
        };
    }

    private static VerificationReport Unreadable(string en, string fr) => new()
    {
        Verdict = EvidenceVerdict.Unreadable,
        Findings = [new("unreadable", "zip", $"This is not a readable evidence archive: {en}.", $"Ce n’est pas une archive de preuves lisible : {fr}.")],
    };

    private static string Plain(string fingerprint) => fingerprint.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);

    private static byte[] All(Stream archive)
    {
        using var all = new MemoryStream();
        var block = new byte[81920];
        int read;
        while ((read = archive.Read(block)) > 0)
        {
            all.Write(block, 0, read);
            if (all.Length > MaxBytes)
            {
                throw new Misread($"it is larger than {MaxBytes} bytes", $"elle dépasse {MaxBytes} octets");
            }
        }

        return all.ToArray();
    }

    /// <summary>The key, as SubjectPublicKeyInfo; null unless it is an ECDSA key on P-256.</summary>
    private static byte[]? PublicKey(byte[] pem)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(Encoding.ASCII.GetString(pem));
            return key.KeySize == 256 && key.ExportParameters(false).Curve.Oid.Value == "1.2.840.10045.3.1.7" ? key.ExportSubjectPublicKeyInfo() : null;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static void CheckFiles(Manifest manifest, Dictionary<string, byte[]> files, Findings findings, List<Finding> notes)
    {
        foreach (var (name, bytes) in files.Where(file => file.Key is not (EvidenceArchive.Manifest or EvidenceArchive.Signature)).OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            if (!manifest.Files.TryGetValue(name, out var hash))
            {
                findings.Add("file-extra", name, $"The file {name} is not in the manifest: somebody added it.", $"Le fichier {name} n’est pas au manifeste : il a été ajouté.");
            }
            else if (hash != JournalEntry.Hash(bytes))
            {
                findings.Add("file-altered", name, $"The file {name} was altered.", $"Le fichier {name} a été modifié.");
            }
        }

        foreach (var name in manifest.Files.Keys.Where(name => !files.ContainsKey(name)).Order(StringComparer.Ordinal))
        {
            if (manifest.Erasable.Contains(name))
            {
                notes.Add(new("file-erased", name, $"The file {name} was taken out: it names people, and the manifest allows it.", $"Le fichier {name} a été retiré : il nomme des personnes, et le manifeste le permet."));
            }
            else
            {
                findings.Add("file-missing", name, $"The file {name} is missing.", $"Le fichier {name} manque.");
            }
        }

        if (manifest.PersonalLeftOut)
        {
            notes.Add(new("personal-left-out", EvidenceArchive.Manifest, "It was exported without names and personal values.", "Elle a été exportée sans noms ni valeurs personnelles."));
        }
    }

    private static Checkpoint? CheckSeal(Manifest manifest, Dictionary<string, byte[]> files, byte[]? publicKey, ChainReading chain, Findings findings)
    {
        Checkpoint checkpoint;
        (long Index, IReadOnlyList<byte[]> Path) proof;
        var place = EvidenceArchive.Seal;
        try
        {
            checkpoint = Checkpoint.Parse(files[EvidenceArchive.Seal]);
            place = EvidenceArchive.Inclusion;
            proof = SealedChain.ParseProof(files[EvidenceArchive.Inclusion]);
        }
        catch (FormatException error)
        {
            findings.NotUnderstood(place, error);
            return null;
        }

        if (publicKey is null || checkpoint.Key != manifest.Key || !Checkpoint.IsSigned(files[EvidenceArchive.Seal], files[EvidenceArchive.SealSignature], publicKey))
        {
            findings.Add("checkpoint-signature-wrong", EvidenceArchive.SealSignature,
                "The checkpoint is not signed by the key of this archive.", "Le point de contrôle n’est pas signé par la clé de cette archive.");
        }

        var leaf = new LogLeaf(manifest.Chain, chain.Head.Sequence, chain.Head.Hash);
        if (Merkle.RootOf(leaf.LeafHash, proof.Index, checkpoint.Size, proof.Path) is not { } root || Convert.ToHexStringLower(root) != checkpoint.Root)
        {
            findings.Add("checkpoint-other", EvidenceArchive.Seal,
                $"Checkpoint {checkpoint.Number} does not cover this journal as it stands: entries were altered, cut off or added after it was sealed.",
                $"Le point de contrôle {checkpoint.Number} ne couvre pas ce journal en l’état : des entrées ont été modifiées, coupées ou ajoutées après le scellement.");
        }

        return checkpoint;
    }
}
