using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Depart.Evidence;

/// <summary>Archives made for tests, and the harm done to them.</summary>
internal static class Archives
{
    public static readonly DateTimeOffset At = new(2026, 11, 20, 17, 0, 0, TimeSpan.Zero);

    /// <summary>One key for all: what is tested is what the archives hold.</summary>
    public static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public const string Account = "11111111-1111-7111-8111-111111111111";

    public const string Run = "22222222-2222-7222-8222-222222222222";

    public static string FingerprintOf(ECDsa key) => Fingerprint.Of(key.ExportSubjectPublicKeyInfo());

    /// <summary>A whole disconnection of one account that ends verified.</summary>
    public static List<StoredEntry> Story(string verdict = "GoneVerified", string stateRead = "Disabled", string? proof = "ReadBack", string state = "Cut", string login = "zdangelo", string answer = "204 No Content")
    {
        var entries = new List<StoredEntry>();
        var head = ChainHead.Start("a1b2c3");
        Add("departure.opened", new() { ["state"] = "Open", ["zone"] = "Europe/Paris", ["lastDay"] = "2026-11-20", ["cutAt"] = At, ["reason"] = "MissionEnd" }, new() { ["byName"] = "Claire Vasseur" });
        Add("disconnection.planned", new()
        {
            ["disconnection"] = Run,
            ["startsAt"] = At,
            ["via"] = "Engine",
            ["accounts"] = List(new Dictionary<string, object?> { ["account"] = Account, ["systemName"] = "Intranet", ["connector"] = "scim" }),
            ["steps"] = List(new Dictionary<string, object?> { ["account"] = Account, ["action"] = "disable", ["titleEn"] = "Disable the account", ["titleFr"] = "Désactiver le compte" }),
        }, new() { ["person"] = "Zoë D’Angélo-Lefèvre", ["logins"] = $$"""{"{{Account}}":{{System.Text.Json.JsonSerializer.Serialize(login)}}}""" });
        Add("disconnection.started", new() { ["disconnection"] = Run, ["startedAt"] = At, ["immediate"] = false, ["via"] = "Engine" }, []);
        Add("revocation.attempted", new()
        {
            ["disconnection"] = Run,
            ["account"] = Account,
            ["steps"] = List(
                new Dictionary<string, object?> { ["action"] = "disable", ["at"] = At.AddSeconds(1), ["outcome"] = "Done" },
                new Dictionary<string, object?> { ["action"] = "verify", ["at"] = At.AddSeconds(2), ["outcome"] = "Done", ["stateRead"] = stateRead, ["proof"] = proof }),
        }, new()
        {
            ["seen"] = System.Text.Json.JsonSerializer.Serialize(new object[]
            {
                new { exchanges = new[] { new { request = "PATCH /Users/1 active=false", answer } } },
                new { checks = new[] { new { whatEn = "Read again", whatFr = "Relu", passed = true, answer = "active=false" } } },
            }),
        });
        Add("disconnection.ended", new()
        {
            ["disconnection"] = Run,
            ["state"] = state,
            ["accounts"] = List(new Dictionary<string, object?> { ["account"] = Account, ["verdict"] = verdict, ["proof"] = proof }),
        }, new() { ["byName"] = "Depart" });
        return entries;

        void Add(string kind, Dictionary<string, object?> values, Dictionary<string, string?> personal)
        {
            entries.Add(JournalEntry.Append(head, kind, At.AddSeconds(entries.Count), values, personal));
            head = entries[^1].Head;
        }
    }

    public static byte[] Make(ECDsa? key = null, List<StoredEntry>? entries = null, bool personal = true, bool erase = false, SealedChain? seal = null)
    {
        key ??= Key;
        entries ??= Story();
        using var zip = new MemoryStream();
        EvidenceArchive.Write(zip, new()
        {
            Chain = "a1b2c3",
            At = At.AddMinutes(5),
            Entries = [.. entries.Select(entry => entry.Bytes)],
            Personal = !personal ? null : erase ? [] : [.. entries.SelectMany(entry => entry.Personal.Select(value => (entry.Head.Sequence, value)))],
            Sealed = seal ?? Seal(key, entries[^1].Head),
        }, key);
        return zip.ToArray();
    }

    /// <summary>A checkpoint over five leaves, ours among them.</summary>
    public static SealedChain Seal(ECDsa key, ChainHead head, ECDsa? named = null)
    {
        var leaves = Enumerable.Range(0, 5).Select(index => index == 3 ? new LogLeaf(head.Chain, head.Sequence, head.Hash).LeafHash : Merkle.Leaf([(byte)index])).ToList();
        var edge = new MerkleEdge();
        var nodes = leaves.SelectMany(edge.Add).ToDictionary(node => node.At, node => node.Hash);
        var path = Merkle.Path(3, 5).Select(cover => Merkle.Fold([.. cover.Select(node => nodes[node])])).ToList();
        var bytes = new Checkpoint(FingerprintOf(key), 7, At.AddMinutes(5), 5, Convert.ToHexStringLower(edge.Root), new('0', 64), FingerprintOf(named ?? key)).ToBytes();
        return new(bytes, key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence), 3, path);
    }

    public static VerificationReport Verify(byte[] archive, string? fingerprint)
    {
        using var stream = new MemoryStream(archive);
        return EvidenceVerifier.Verify(stream, fingerprint);
    }

    public static VerificationReport Verify(byte[] archive) => Verify(archive, FingerprintOf(Key));

    public static Dictionary<string, byte[]> Files(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var stream = entry.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        });
    }

    /// <summary>The same files in our own way of zipping: what is wrong is then in a file, never in the zip.</summary>
    public static byte[] Pack(Dictionary<string, byte[]> files) => EvidenceZip.Write(files);

    /// <summary>Changes one file and zips the rest as it was.</summary>
    public static byte[] Rewrite(byte[] archive, string file, Func<string, string> change)
    {
        var files = Files(archive);
        files[file] = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(files[file])));
        return Pack(files);
    }

    /// <summary>Changes files and signs anew with the house's own key: what an insider could do.</summary>
    public static byte[] Resign(byte[] archive, ECDsa key, Action<Dictionary<string, byte[]>, System.Text.Json.Nodes.JsonObject> change)
    {
        var files = Files(archive);
        var manifest = System.Text.Json.Nodes.JsonNode.Parse(files["manifest.json"])!.AsObject();
        change(files, manifest);
        foreach (var (name, bytes) in files.Where(file => file.Key is not ("manifest.json" or "manifest.sig")))
        {
            manifest["files"]![name] = JournalEntry.Hash(bytes);
        }

        files["manifest.json"] = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        files["manifest.sig"] = key.SignData(files["manifest.json"], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Pack(files);
    }

    private static List<IReadOnlyDictionary<string, object?>> List(params IReadOnlyDictionary<string, object?>[] items) => [.. items];
}
