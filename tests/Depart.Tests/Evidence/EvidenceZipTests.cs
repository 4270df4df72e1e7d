using System.IO.Compression;
using System.Text;

namespace Depart.Evidence;

/// <summary>What a zip can be made to say twice.</summary>
public sealed class EvidenceZipTests
{
    [Fact]
    public void A_zip_is_one_that_every_program_opens()
    {
        var files = Archives.Files(Archives.Make());

        Assert.Equal(10, files.Count);
        Assert.Equal(Archives.Pack(files), Archives.Pack(Archives.Files(Archives.Pack(files))));
    }

    [Fact]
    public void An_archive_packed_anew_by_another_program_is_told_from_one_whose_content_was_changed()
    {
        var report = Archives.Verify(Zip(Archives.Files(Archives.Make()).Select(file => (file.Key, file.Value))));

        Assert.Equal("container-other", Assert.Single(report.Findings).Code);
    }

    [Fact]
    public void A_file_edited_with_a_zip_program_is_named()
    {
        var files = Archives.Files(Archives.Make());
        files["journal.jsonl"] = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(files["journal.jsonl"]).Replace("Done", "Lied", StringComparison.Ordinal));

        Assert.Contains(Archives.Verify(Zip(files.Select(file => (file.Key, file.Value)))).Findings, finding => finding is { Code: "link-broken", Place: "journal.jsonl:5" });
    }

    [Fact]
    public void A_name_that_stands_twice_is_refused()
    {
        var files = Archives.Files(Archives.Make()).Select(file => (file.Key, file.Value)).ToList();

        var report = Archives.Verify(Zip([.. files, ("journal.jsonl", [1, 2, 3])]));

        Assert.Equal(EvidenceVerdict.Unreadable, report.Verdict);
        Assert.Contains("journal.jsonl", report.Findings[0].En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../journal.jsonl")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\b")]
    [InlineData("folder/journal.jsonl")]
    public void A_name_that_leads_elsewhere_is_refused(string name) =>
        Assert.Equal(EvidenceVerdict.Unreadable, Archives.Verify(Zip([(name, [1])])).Verdict);

    [Fact]
    public void A_name_that_differs_between_the_two_headers_is_found()
    {
        var archive = Archives.Make();
        var central = archive.AsSpan().LastIndexOf("journal.jsonl"u8);
        archive[central] = (byte)'k';

        Assert.NotEqual(EvidenceVerdict.Genuine, Archives.Verify(archive).Verdict);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Bytes_before_or_after_the_zip_are_found(bool before)
    {
        var archive = Archives.Make();

        Assert.NotEqual(EvidenceVerdict.Genuine, Archives.Verify(before ? [1, 2, .. archive] : [.. archive, 1, 2]).Verdict);
    }

    [Fact]
    public void A_bomb_is_not_unpacked()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("journal.jsonl", CompressionLevel.Fastest).Open();
            var block = new byte[1 << 20];
            for (var written = 0L; written <= EvidenceVerifier.MaxBytes; written += block.Length)
            {
                entry.Write(block);
            }
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var report = Archives.Verify(stream.ToArray());

        Assert.Equal(EvidenceVerdict.Unreadable, report.Verdict);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < EvidenceVerifier.MaxBytes / 4);
    }

    [Theory]
    [InlineData("no zip at all")]
    [InlineData("")]
    [InlineData("PK\u0003\u0004")]
    public void What_is_no_archive_is_unreadable(string content) =>
        Assert.Equal(EvidenceVerdict.Unreadable, Archives.Verify(Encoding.Latin1.GetBytes(content)).Verdict);

    [Fact]
    public void Why_an_archive_cannot_be_read_is_said_in_the_language_of_the_reader()
    {
        string[] said =
        [
            Archives.Verify(Encoding.ASCII.GetBytes("no zip")).Findings[0].Fr,
            Archives.Verify(Zip([("../evil", [1])])).Findings[0].Fr,
            Archives.Verify(Archives.Rewrite(Archives.Make(), "manifest.json", _ => "[]")).Findings[^1].Fr,
        ];

        Assert.EndsWith("ce n’est pas un zip.", said[0], StringComparison.Ordinal);
        Assert.Contains("elle contient un fichier nommé", said[1], StringComparison.Ordinal);
        Assert.EndsWith("ce n’est pas un objet", said[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_of_something_else_is_unreadable() =>
        Assert.Equal(EvidenceVerdict.Unreadable, Archives.Verify(Zip([("hello.txt", [1])])).Verdict);

    private static byte[] Zip(IEnumerable<(string Name, byte[] Content)> files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
