using System.Text;
using CsCheck;

namespace Depart.Evidence;

/// <summary>What holds for any harm, not for the ones somebody thought of.</summary>
public sealed class EvidencePropertyTests
{
    private static readonly byte[] Whole = Archives.Make();
    private static readonly string[] Names = ["manifest.json", "journal.jsonl", "personal.jsonl", "checkpoint.json", "inclusion.json", "public-key.pem"];
    private static readonly string[] Odd = ["", "\"", "{", "}", "[", "\\ud800", "null", "-1", "1e400", "99999999999999999999", "\0", "\n", "é", ",", "\"v\":1,"];

    [Fact]
    public void Any_byte_changed_anywhere_in_an_archive_is_found() => Gen.Select(Gen.Int[0, Whole.Length - 1], Gen.Int[1, 255]).Sample(
        (at, flip) =>
        {
            var archive = (byte[])Whole.Clone();
            archive[at] ^= (byte)flip;
            return Archives.Verify(archive) is { Verdict: EvidenceVerdict.Broken or EvidenceVerdict.Unreadable, Findings.Count: > 0 };
        },
        iter: 3000);

    [Fact]
    public void Any_byte_changed_in_any_file_is_found_though_the_zip_is_made_to_fit() => Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1_000_000], Gen.Int[1, 255]).Sample(
        (file, at, flip) =>
        {
            var files = Archives.Files(Whole);
            var name = files.Keys.Order(StringComparer.Ordinal).ElementAt(file);
            files[name] = (byte[])files[name].Clone();
            files[name][at % files[name].Length] ^= (byte)flip;
            return Archives.Verify(Archives.Pack(files)).Findings.Any(finding => finding.Code != "container-other");
        },
        iter: 1500);

    [Fact]
    public void Any_byte_taken_out_or_put_in_is_found() => Gen.Select(Gen.Int[0, Whole.Length - 1], Gen.Bool, Gen.Byte).Sample(
        (at, add, value) => Archives.Verify(add ? [.. Whole[..at], value, .. Whole[at..]] : [.. Whole[..at], .. Whole[(at + 1)..]]).Verdict is EvidenceVerdict.Broken or EvidenceVerdict.Unreadable,
        iter: 500);

    [Fact]
    public void Any_archive_cut_short_is_found() => Gen.Int[0, Whole.Length - 1].Sample(
        length => Archives.Verify(Whole[..length]).Verdict is EvidenceVerdict.Broken or EvidenceVerdict.Unreadable, iter: 500);

    [Fact]
    public void Any_entry_deleted_by_an_insider_who_chains_and_signs_the_rest_anew_is_found() => Gen.Int[0, 4].Sample(
        gone => Found(lines => lines.RemoveAt(gone)));

    [Fact]
    public void Any_two_entries_swapped_by_an_insider_who_chains_and_signs_them_anew_are_found() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4]).Where(pair => pair.Item1 != pair.Item2).Sample(
            pair => Found(lines => (lines[pair.Item1], lines[pair.Item2]) = (lines[pair.Item2], lines[pair.Item1])));

    [Fact]
    public void Whatever_a_signed_file_holds_the_verifier_answers() => Gen.Select(
        Gen.Int[0, Names.Length - 1].Select(index => Names[index]), Gen.Int[0, 100_000], Gen.Int[0, Odd.Length - 1].Select(index => Odd[index]), Gen.Int[0, 12]).Sample(
        (name, at, text, cut) =>
        {
            var archive = Archives.Resign(Whole, Archives.Key, (files, _) =>
            {
                var bytes = files[name];
                var place = at % bytes.Length;
                files[name] = [.. bytes[..place], .. Encoding.UTF8.GetBytes(text), .. bytes[Math.Min(bytes.Length, place + cut)..]];
            });
            if (name == "manifest.json")
            {
                // The helper signs its own idea of the manifest: put the harmed one in.
                var files = Archives.Files(archive);
                var place = at % files[name].Length;
                files[name] = [.. files[name][..place], .. Encoding.UTF8.GetBytes(text), .. files[name][Math.Min(files[name].Length, place + cut)..]];
                files["manifest.sig"] = Archives.Key.SignData(files[name], System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.DSASignatureFormat.Rfc3279DerSequence);
                archive = Archives.Pack(files);
            }

            return Archives.Verify(archive) is not null;
        },
        iter: 2000);

    [Fact]
    public void Any_leaf_of_any_tree_is_proved_and_no_other_leaf_is_by_its_path() => Gen.Select(Gen.Int[1, 200], Gen.Int[0, 199]).Sample((size, at) =>
    {
        var leaves = Enumerable.Range(0, size).Select(index => Merkle.Leaf(BitConverter.GetBytes(index))).ToList();
        var edge = new MerkleEdge();
        var nodes = leaves.SelectMany(edge.Add).ToDictionary(node => node.At, node => node.Hash);
        var index = at % size;
        var path = Merkle.Path(index, size).Select(cover => Merkle.Fold([.. cover.Select(node => nodes[node])])).ToList();
        Assert.Equal(Naive([.. leaves]), edge.Root);
        Assert.Equal(edge.Root, Merkle.RootOf(leaves[index], index, size, path));
        Assert.Equal(edge.Root, new MerkleEdge(size, [.. Merkle.Cover(0, size).Select(node => nodes[node])]).Root);
        Assert.NotEqual(edge.Root, Merkle.RootOf(Merkle.Leaf([9, 9]), index, size, path));
        if (size > 1)
        {
            Assert.NotEqual(edge.Root, Merkle.RootOf(leaves[index], (index + 1) % size, size, path));
        }
    });

    /// <summary>The root as RFC 9162 defines it, by recursion.</summary>
    private static byte[] Naive(byte[][] leaves)
    {
        if (leaves.Length == 1)
        {
            return leaves[0];
        }

        var half = 1;
        while (half * 2 < leaves.Length)
        {
            half *= 2;
        }

        return Merkle.Node(Naive(leaves[..half]), Naive(leaves[half..]));
    }

    /// <summary>Harms the journal, makes every link, the manifest and its signature fit, and asks whether the checkpoint still tells.</summary>
    private static bool Found(Action<List<string>> harm)
    {
        var archive = Archives.Resign(Whole, Archives.Key, (files, manifest) =>
        {
            var lines = Encoding.UTF8.GetString(files["journal.jsonl"]).TrimEnd('\n').Split('\n').ToList();
            harm(lines);
            var (hash, sequence) = (new string('0', 64), 0);
            for (var index = 0; index < lines.Count; index++)
            {
                var entry = System.Text.Json.Nodes.JsonNode.Parse(lines[index])!;
                (entry["prev"], entry["seq"]) = (hash, ++sequence);
                lines[index] = entry.ToJsonString();
                hash = JournalEntry.Hash(Encoding.UTF8.GetBytes(lines[index]));
            }

            files["journal.jsonl"] = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
            files.Remove("personal.jsonl");
            manifest["files"]!.AsObject().Remove("personal.jsonl");
            (manifest["entries"], manifest["head"]) = (lines.Count, hash);
        });
        return Archives.Verify(archive).Findings.Any(finding => finding.Code == "checkpoint-other");
    }
}
