using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Depart.Evidence;

public sealed class EvidenceVerifierTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 17, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_untouched_archive_is_genuine_for_its_fingerprint()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Equal(EvidenceVerdict.Genuine, Verify(Archive(key), FingerprintOf(key)).Verdict);
    }

    [Fact]
    public void Without_the_fingerprint_the_signer_is_said_not_to_be_checked()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Equal(EvidenceVerdict.ConsistentSignerNotChecked, Verify(Archive(key), null).Verdict);
    }

    [Fact]
    public void A_wholly_signed_anew_forgery_is_found_by_the_fingerprint()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var report = Verify(Archive(forger), FingerprintOf(key));

        Assert.Equal(EvidenceVerdict.Broken, report.Verdict);
        Assert.Contains(report.Findings, finding => finding.Code == "signer-other");
    }

    [Theory]
    [InlineData("alter", "link-broken")]
    [InlineData("delete", "sequence-broken")]
    [InlineData("swap", "sequence-broken")]
    [InlineData("truncate", "tail-missing")]
    public void A_journal_that_was_changed_is_found_and_named(string harm, string code)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var archive = Rewrite(Archive(key), "journal.jsonl", text =>
        {
            var lines = text.TrimEnd('\n').Split('\n').ToList();
            switch (harm)
            {
                case "alter":
                    lines[1] = lines[1].Replace("Done", "Lied", StringComparison.Ordinal);
                    break;
                case "delete":
                    lines.RemoveAt(1);
                    break;
                case "swap":
                    (lines[1], lines[2]) = (lines[2], lines[1]);
                    break;
                default:
                    lines.RemoveAt(lines.Count - 1);
                    break;
            }

            return string.Join('\n', lines) + "\n";
        });

        var report = Verify(archive, FingerprintOf(key));

        Assert.Equal(EvidenceVerdict.Broken, report.Verdict);
        Assert.Contains(report.Findings, finding => finding.Code == code);
    }

    [Fact]
    public void A_personal_value_that_was_changed_is_found()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var report = Verify(Rewrite(Archive(key), "personal.jsonl", text => text.Replace("Dupont", "Durand", StringComparison.Ordinal)), null);

        Assert.Contains(report.Findings, finding => finding.Code == "personal-altered");
    }

    [Fact]
    public void An_erased_personal_value_is_counted_and_breaks_nothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var report = Verify(Archive(key, erase: true), FingerprintOf(key));

        Assert.Equal((EvidenceVerdict.Genuine, 4), (report.Verdict, report.Erased));
    }

    [Fact]
    public void What_is_no_archive_is_unreadable()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("no zip at all"));

        Assert.Equal(EvidenceVerdict.Unreadable, EvidenceVerifier.Verify(stream, null).Verdict);
    }

    private static string FingerprintOf(ECDsa key) => Fingerprint.Of(key.ExportSubjectPublicKeyInfo());

    private static VerificationReport Verify(byte[] archive, string? fingerprint)
    {
        using var stream = new MemoryStream(archive);
        return EvidenceVerifier.Verify(stream, fingerprint);
    }

    private static byte[] Archive(ECDsa key, bool erase = false)
    {
        var head = ChainHead.Start("test");
        var entries = new List<StoredEntry>();
        for (var index = 0; index < 4; index++)
        {
            entries.Add(JournalEntry.Append(
                head, "revocation.attempted", At.AddSeconds(index),
                new Dictionary<string, object?> { ["outcome"] = "Done", ["attempt"] = index }, new Dictionary<string, string?> { ["name"] = "Dupont" }));
            head = entries[^1].Head;
        }

        using var zip = new MemoryStream();
        EvidenceArchive.Write(zip, new()
        {
            Chain = "test",
            At = At,
            Entries = [.. entries.Select(entry => entry.Bytes)],
            Personal = erase ? [] : [.. entries.SelectMany(entry => entry.Personal.Select(value => (entry.Head.Sequence, value)))],
            Report = "<!doctype html>",
        }, key);
        return zip.ToArray();
    }

    private static byte[] Rewrite(byte[] archive, string file, Func<string, string> change)
    {
        using var stream = new MemoryStream();
        stream.Write(archive);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = zip.GetEntry(file)!;
            string text;
            using (var reader = new StreamReader(entry.Open()))
            {
                text = reader.ReadToEnd();
            }

            entry.Delete();
            using var writer = new StreamWriter(zip.CreateEntry(file).Open());
            writer.Write(change(text));
        }

        return stream.ToArray();
    }
}
