using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Depart.Evidence;

public sealed class EvidenceVerifierTests
{
    [Fact]
    public void An_untouched_archive_is_genuine_for_its_fingerprint()
    {
        var report = Archives.Verify(Archives.Make());

        Assert.Equal(EvidenceVerdict.Genuine, report.Verdict);
        Assert.Equal((5, 7L), (report.Entries, report.Checkpoint!.Number));
    }

    [Fact]
    public void A_manifest_changed_without_a_new_signature_is_found()
    {
        var archive = Archives.Rewrite(Archives.Make(), "manifest.json", text => text.Replace("17:05:00", "16:05:00", StringComparison.Ordinal));

        Assert.Equal(["signature-wrong"], Codes(archive));
    }

    [Fact]
    public void A_signature_of_another_archive_does_not_pass()
    {
        var files = Archives.Files(Archives.Make());
        files["manifest.sig"] = Archives.Files(Archives.Make())["manifest.sig"];

        Assert.Equal(["signature-wrong"], Codes(Archives.Pack(files)));
    }

    [Theory]
    [InlineData("upper")]
    [InlineData("colons")]
    public void A_fingerprint_is_known_however_it_is_written(string way)
    {
        var fingerprint = Archives.FingerprintOf(Archives.Key).ToUpperInvariant();

        Assert.Equal(
            EvidenceVerdict.Genuine,
            Archives.Verify(Archives.Make(), way == "upper" ? fingerprint : string.Join(':', fingerprint.Chunk(2).Select(pair => new string(pair)))).Verdict);
    }

    [Fact]
    public void Without_the_fingerprint_the_signer_is_said_not_to_be_checked() =>
        Assert.Equal(EvidenceVerdict.ConsistentSignerNotChecked, Archives.Verify(Archives.Make(), null).Verdict);

    [Fact]
    public void A_wholly_signed_anew_forgery_is_found_by_the_fingerprint()
    {
        using var forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Equal(["signer-other"], Codes(Archives.Make(forger)));
    }

    [Theory]
    [InlineData("alter", "link-broken", "journal.jsonl:5")]
    [InlineData("delete", "sequence-broken", "journal.jsonl:4")]
    [InlineData("swap", "sequence-broken", "journal.jsonl:4")]
    [InlineData("truncate", "tail-missing", "journal.jsonl:4")]
    [InlineData("repeat", "sequence-broken", "journal.jsonl:6")]
    public void A_journal_that_was_changed_is_found_and_named_even_when_an_insider_signs_it_anew(string harm, string code, string place)
    {
        var archive = Archives.Resign(Archives.Make(), Archives.Key, (files, _) => files["journal.jsonl"] = Encoding.UTF8.GetBytes(Harm(files["journal.jsonl"], harm)));

        Assert.Contains(Archives.Verify(archive).Findings, finding => finding.Code == code && finding.Place == place);
    }

    [Fact]
    public void A_tail_cut_off_and_wholly_signed_anew_by_an_insider_is_found_by_the_checkpoint()
    {
        var archive = Archives.Resign(Archives.Make(), Archives.Key, (files, manifest) =>
        {
            files["journal.jsonl"] = Encoding.UTF8.GetBytes(Harm(files["journal.jsonl"], "truncate"));
            var last = Encoding.UTF8.GetString(files["journal.jsonl"]).TrimEnd('\n').Split('\n')[^1];
            var personal = Encoding.UTF8.GetString(files["personal.jsonl"]).Split('\n').Where(line => !line.Contains("\"seq\":5", StringComparison.Ordinal));
            files["personal.jsonl"] = Encoding.UTF8.GetBytes(string.Join('\n', personal));
            (manifest["entries"], manifest["head"]) = (4, JournalEntry.Hash(Encoding.UTF8.GetBytes(last)));
        });

        Assert.Equal(["checkpoint-other"], Codes(archive));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_checkpoint_signed_by_somebody_else_is_found_even_when_it_names_our_key(bool names)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var entries = Archives.Story();

        Assert.Equal(["checkpoint-signature-wrong"], Codes(Archives.Make(entries: entries, seal: Archives.Seal(other, entries[^1].Head, names ? Archives.Key : other))));
    }

    [Fact]
    public void A_manifest_that_says_a_thing_twice_is_not_understood()
    {
        var files = Archives.Files(Archives.Make());
        files["manifest.json"] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(files["manifest.json"]).Replace("\"v\":1,", "\"v\":1,\"v\":1,", StringComparison.Ordinal));
        files["manifest.sig"] = Archives.Key.SignData(files["manifest.json"], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

        Assert.Equal(["not-understood"], Codes(Archives.Pack(files)));
    }

    [Theory]
    [InlineData("GoneVerified", "Enabled", null)]
    [InlineData("GoneVerified", "Unknown", "ReadBack")]
    [InlineData("NotFound", "Disabled", "ReadBack")]
    [InlineData("Attested", "Enabled", null)]
    [InlineData("AlreadyGone", "Disabled", null)]
    public void A_verdict_that_no_reading_supports_is_found_though_everything_is_signed(string verdict, string stateRead, string? proof) =>
        Assert.Contains("verdict-unsupported", Codes(Archives.Make(entries: Archives.Story(verdict, stateRead, proof))));

    [Fact]
    public void A_departure_said_to_be_cut_with_an_account_open_is_found() =>
        Assert.Contains("verdict-unsupported", Codes(Archives.Make(entries: Archives.Story("Failed", "Enabled", null))));

    [Fact]
    public void A_failure_said_plainly_is_genuine() =>
        Assert.Empty(Codes(Archives.Make(entries: Archives.Story("Failed", "Enabled", null, "NeedsAttention"))));

    [Fact]
    public void A_personal_value_that_was_changed_is_found()
    {
        var archive = Archives.Resign(Archives.Make(), Archives.Key, (files, _) =>
            files["personal.jsonl"] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(files["personal.jsonl"]).Replace("Claire", "Claude", StringComparison.Ordinal)));

        Assert.Equal(["personal-altered"], Codes(archive));
    }

    [Fact]
    public void Erased_personal_values_are_counted_and_break_nothing()
    {
        var report = Archives.Verify(Archives.Make(erase: true));

        Assert.Equal((EvidenceVerdict.Genuine, 5), (report.Verdict, report.Erased));
    }

    [Fact]
    public void An_archive_made_without_personal_values_is_genuine_says_so_and_names_nobody()
    {
        var archive = Archives.Make(personal: false);
        var report = Archives.Verify(archive);

        Assert.Equal((EvidenceVerdict.Genuine, 5, "personal-left-out"), (report.Verdict, report.Erased, Assert.Single(report.Notes).Code));
        Assert.DoesNotContain("Angélo", Encoding.UTF8.GetString(archive), StringComparison.Ordinal);
        Assert.DoesNotContain("zdangelo", Encoding.UTF8.GetString(archive), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_taken_out_after_the_export_leave_it_genuine_and_are_said_to_be_gone()
    {
        var archive = EvidenceArchive.WithoutPersonal(Archives.Make());
        var report = Archives.Verify(archive);

        Assert.Equal((EvidenceVerdict.Genuine, 5), (report.Verdict, report.Erased));
        Assert.Equal(["personal.jsonl", "report.en.html", "report.fr.html"], report.Notes.Select(note => note.Place));
        Assert.DoesNotContain("zdangelo", Encoding.UTF8.GetString(archive), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_names_people_may_be_declared_erasable()
    {
        var archive = Archives.Resign(Archives.Make(), Archives.Key, (_, manifest) => manifest["erasable"]!.AsArray().Add("journal.jsonl"));

        Assert.Equal(["not-understood"], Codes(archive));
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("manifest.sig")]
    [InlineData("public-key.pem")]
    [InlineData("journal.jsonl")]
    [InlineData("checkpoint.json")]
    [InlineData("checkpoint.sig")]
    [InlineData("inclusion.json")]
    public void A_file_taken_out_is_named(string name)
    {
        var files = Archives.Files(Archives.Make());
        files.Remove(name);

        Assert.Contains(Archives.Verify(Archives.Pack(files)).Findings, finding => finding.Code == "file-missing" && finding.Place == name);
    }

    [Fact]
    public void A_file_added_is_named()
    {
        var files = Archives.Files(Archives.Make());
        files["notes.txt"] = [1];

        Assert.Equal("notes.txt", Assert.Single(Archives.Verify(Archives.Pack(files)).Findings, finding => finding.Code == "file-extra").Place);
    }

    [Fact]
    public void A_checkpoint_is_not_taken_for_a_manifest()
    {
        var files = Archives.Files(Archives.Make());
        (files["manifest.json"], files["manifest.sig"]) = (files["checkpoint.json"], files["checkpoint.sig"]);

        Assert.Equal(["not-understood"], Codes(Archives.Pack(files)));
    }

    [Fact]
    public void An_archive_unpacked_into_a_folder_is_verified_alike()
    {
        var folder = Directory.CreateTempSubdirectory("depart-evidence-").FullName;
        ZipFile.ExtractToDirectory(new MemoryStream(Archives.Make()), folder);
        var whole = EvidenceVerifier.VerifyFolder(folder, Archives.FingerprintOf(Archives.Key));
        File.AppendAllText(Path.Combine(folder, "journal.jsonl"), "x");
        var changed = EvidenceVerifier.VerifyFolder(folder, null);
        Directory.Delete(folder, recursive: true);

        Assert.Equal((EvidenceVerdict.Genuine, EvidenceVerdict.Broken), (whole.Verdict, changed.Verdict));
    }

    private static List<string> Codes(byte[] archive) => [.. Archives.Verify(archive).Findings.Select(finding => finding.Code)];

    private static string Harm(byte[] journal, string harm)
    {
        var lines = Encoding.UTF8.GetString(journal).TrimEnd('\n').Split('\n').ToList();
        switch (harm)
        {
            case "alter":
                lines[3] = lines[3].Replace("Done", "Lied", StringComparison.Ordinal);
                break;
            case "delete":
                lines.RemoveAt(3);
                break;
            case "swap":
                (lines[3], lines[4]) = (lines[4], lines[3]);
                break;
            case "repeat":
                lines.Add(lines[4]);
                break;
            default:
                lines.RemoveAt(lines.Count - 1);
                break;
        }

        return string.Join('\n', lines) + "\n";
    }
}
