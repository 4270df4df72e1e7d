using System.IO.Compression;
using System.Text;
using Depart.Foundation.Door;
using Depart.Missions.Imports;

namespace Depart.Given;

/// <summary>Files of people, read and decided against an empty record, without a server.</summary>
internal static class Files
{
    /// <summary>Reads and decides a file as a preview does.</summary>
    public static Outcome<ReadFile> Decide(byte[] content, ImportKind kind = ImportKind.People, RecordSnapshot? record = null)
    {
        var stated = StatedFile.Read(content, kind, DateOrder.Unknown);
        return stated.Ok ? stated.Value.Against(record ?? new([], Array.Empty<KnownMission>().ToLookup(_ => default(Missions.PersonId)), []), null, null) : stated.Problem;
    }

    /// <summary>Reads and decides a text in UTF-8.</summary>
    public static Outcome<ReadFile> Decide(string text, ImportKind kind = ImportKind.People) => Decide(Encoding.UTF8.GetBytes(text), kind);

    /// <summary>The lines of a text that can be read.</summary>
    public static IReadOnlyList<LineDecision> Lines(string text, ImportKind kind = ImportKind.People)
    {
        var file = Decide(text, kind);
        Assert.True(file.Ok, file.Problem?.Message.ToString());
        return file.Value.Lines;
    }

    /// <summary>A workbook of the test's folder.</summary>
    public static byte[] Workbook(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Missions", "Imports", "Workbooks", name));

    /// <summary>The workbook of a streaming export, with another sheet in it.</summary>
    public static byte[] WithSheet(string xml) => WithPart("xl/worksheets/s.xml", xml);

    /// <summary>The workbook of a streaming export, with a part replaced or added.</summary>
    public static byte[] WithPart(string part, string xml)
    {
        using var buffer = new MemoryStream();
        buffer.Write(Workbook("streamed.xlsx"));
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Update, leaveOpen: true))
        {
            archive.GetEntry(part)?.Delete();
            using var writer = new StreamWriter(archive.CreateEntry(part, CompressionLevel.Fastest).Open());
            writer.Write(xml);
        }

        return buffer.ToArray();
    }
}
