using System.IO.Compression;
using System.Text;

namespace Depart.Departures.Tasks;

/// <summary>A kind of file that may be attached.</summary>
/// <param name="Endings">Endings of names, lower case, with the dot.</param>
/// <param name="Type">Media type by which it is served.</param>
internal sealed record FileKind(IReadOnlyList<string> Endings, string Type);

/// <summary>
/// Which files are taken: documents and pictures that prove something, known by what they hold. A name that claims something else is refused, and so is whatever could run: pages, scripts, macros.
/// </summary>
internal static class FileKinds
{
    /// <summary>Largest file.</summary>
    public const int MostBytes = 10 * 1024 * 1024;

    private static readonly FileKind Pdf = new([".pdf"], "application/pdf");
    private static readonly FileKind Png = new([".png"], "image/png");
    private static readonly FileKind Jpeg = new([".jpg", ".jpeg"], "image/jpeg");
    private static readonly FileKind Text = new([".txt", ".csv", ".log", ".md"], "text/plain; charset=utf-8");
    private static readonly FileKind Docx = new([".docx"], "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    private static readonly FileKind Xlsx = new([".xlsx"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    private static readonly FileKind Odt = new([".odt"], "application/vnd.oasis.opendocument.text");
    private static readonly FileKind Ods = new([".ods"], "application/vnd.oasis.opendocument.spreadsheet");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FileKind> All { get; } = [Pdf, Png, Jpeg, Text, Docx, Xlsx, Odt, Ods];

    /// <summary>Endings, for a form: <c>.pdf,.png</c>.</summary>
    public static string Accepted { get; } = string.Join(',', All.SelectMany(kind => kind.Endings));

    /// <summary>Endings, for people.</summary>
    public static string Named { get; } = string.Join(", ", All.SelectMany(kind => kind.Endings).Select(ending => ending[1..].ToUpperInvariant()));

    /// <summary>The kind that a name claims, or null when it is none that is taken.</summary>
    public static FileKind? Claimed(string name) => All.FirstOrDefault(kind => kind.Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase));

    /// <summary>The kind that the bytes are, or null when they are none that is taken.</summary>
    public static FileKind? Of(ReadOnlySpan<byte> content) =>
        content.StartsWith("%PDF-"u8) ? Pdf
        : content.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? Png
        : content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg
        : content.StartsWith("PK\u0003\u0004"u8) ? OfArchive(content.ToArray())
        : IsText(content) ? Text
        : null;

    /// <summary>
    /// A name as it is kept and shown: the last part of a path of any system, without what is not seen or turns the order of letters round, without what a file system refuses;
    /// 150 characters at most, its ending kept.
    /// </summary>
    public static string CleanName(string name)
    {
        var last = name.Replace('\\', '/').Split('/')[^1].Normalize(NormalizationForm.FormC);
        var seen = string.Concat(last.EnumerateRunes().Where(rune => Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator or System.Globalization.UnicodeCategory.PrivateUse
            or System.Globalization.UnicodeCategory.OtherNotAssigned or System.Globalization.UnicodeCategory.Surrogate)).Select(rune => "<>:\"|?*;%".Contains(rune.ToString(), StringComparison.Ordinal) ? "_" : rune.ToString()));
        var clean = seen.Trim().TrimEnd('.', ' ');
        var ending = Path.GetExtension(clean);
        var stem = clean[..^ending.Length].Trim(' ', '.');
        return (stem.Length == 0 ? "fichier" : stem.Length > LongestStem ? stem[..LongestStem].TrimEnd(' ', '.') : stem) + ending;
    }

    private const int LongestStem = 140;

    /// <summary>Office documents are archives: what lies in them tells which; nothing is unpacked. One with macros is none.</summary>
    private static FileKind? OfArchive(byte[] content)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(content), ZipArchiveMode.Read);
            var names = archive.Entries.Select(entry => entry.FullName).ToHashSet(StringComparer.OrdinalIgnoreCase);
            if (names.Any(name => name.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Basic/", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Scripts/", StringComparison.OrdinalIgnoreCase)))
            {
                return null;
            }

            return names.Contains("[Content_Types].xml") && names.Contains("word/document.xml") ? Docx
                : names.Contains("[Content_Types].xml") && names.Contains("xl/workbook.xml") ? Xlsx
                : archive.GetEntry("mimetype") is { Length: > 0 and < 100 } type ? Read(type) switch
                {
                    "application/vnd.oasis.opendocument.text" => Odt,
                    "application/vnd.oasis.opendocument.spreadsheet" => Ods,
                    _ => null,
                }
                : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static string Read(ZipArchiveEntry entry)
    {
        using var reader = new BinaryReader(entry.Open());
        return Encoding.ASCII.GetString(reader.ReadBytes(100));
    }

    /// <summary>UTF-8 or Latin text without control characters; a page or a picture in XML is none, whatever it is called.</summary>
    private static bool IsText(ReadOnlySpan<byte> content)
    {
        var body = content.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? content[3..] : content;
        foreach (var value in body)
        {
            if (value is < 0x09 or (> 0x0D and < 0x20) or 0x7F)
            {
                return false;
            }
        }

        var start = Encoding.Latin1.GetString(body[..Math.Min(body.Length, 1024)]).TrimStart();
        return !start.StartsWith('<') && !start.StartsWith("#!", StringComparison.Ordinal) && !start.Contains("<script", StringComparison.OrdinalIgnoreCase) && !start.Contains("<html", StringComparison.OrdinalIgnoreCase);
    }
}
