using System.Globalization;
using System.Text;
using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Missions.Imports;

/// <summary>A line of a file: its number as an editor or a spreadsheet shows it, from 1, and its cells.</summary>
internal sealed record SheetRow(int Number, IReadOnlyList<string> Cells)
{
    /// <summary>Why the line cannot be read, or null.</summary>
    public Words? Defect { get; init; }

    /// <summary>The cell, trimmed, without what nobody sees, composed (NFC); empty beyond the last one.</summary>
    public string this[int column] => column < Cells.Count ? Visible(Cells[column]) : "";

    /// <summary>Pasted texts bring zero-width spaces and direction marks: an address with one would be another address.</summary>
    private static string Visible(string cell)
    {
        if (Ascii.IsValid(cell))
        {
            return cell.Trim();
        }

        var seen = cell.AsSpan().ContainsAny(Unseen) ? string.Concat(cell.Where(letter => !Unseen.Contains(letter))) : cell;
        return SearchText.Sound(seen).Normalize(NormalizationForm.FormC).Trim();
    }

    private static readonly System.Buffers.SearchValues<char> Unseen = System.Buffers.SearchValues.Create("\u00AD\u200B\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2066\u2067\u2068\u2069\uFEFF");
}

/// <summary>A file as rows of texts, whatever its format.</summary>
internal sealed record Sheet(IReadOnlyList<SheetRow> Rows)
{
    /// <summary>How it was read: format, separator, encoding.</summary>
    public required Words Format { get; init; }

    /// <summary>What separates cells, and is used again for the refused lines.</summary>
    public char Delimiter { get; init; } = ';';

    /// <summary>What the reader should know.</summary>
    public IReadOnlyList<Words> Notes { get; init; } = [];
}

/// <summary>Tells the format of a file by its first bytes, never by its name, and reads it.</summary>
internal static class SheetReader
{
    private static readonly Words Empty = new("The file is empty.", "Le fichier est vide.");
    private static readonly Words OldExcel = new(
        "This is an old .xls workbook, or one protected by a password. Save it as .xlsx without a password, or as CSV.",
        "C’est un ancien classeur .xls, ou un classeur protégé par mot de passe. Enregistrez-le en .xlsx sans mot de passe, ou en CSV.");

    private static readonly Words OtherZip = new(
        "This is not an Excel workbook (.xlsx). An OpenDocument file can be saved as .xlsx or as CSV.",
        "Ce n’est pas un classeur Excel (.xlsx). Un fichier OpenDocument s’enregistre en .xlsx ou en CSV.");

    private static readonly Words NotText = new(
        "This is neither a CSV file nor an .xlsx workbook.", "Ce n’est ni un fichier CSV ni un classeur .xlsx.");

    private static readonly Words TooBig = new("The file is too big: {0} MB, at most {1} MB.", "Le fichier est trop gros : {0} Mo, {1} Mo au plus.");

    /// <summary>Reads the file, or says why it cannot.</summary>
    public static Outcome<Sheet> Read(byte[] content)
    {
        if (content.Length == 0)
        {
            return Refused("file-empty", Empty);
        }

        if (content.Length > ImportLimits.Bytes)
        {
            return TooLarge(content.Length);
        }

        return content switch
        {
            [0xD0, 0xCF, 0x11, 0xE0, ..] => Refused("file-old-excel", OldExcel),
            [(byte)'P', (byte)'K', 0x03, 0x04, ..] => XlsxSheet.IsWorkbook(content) is { } isWorkbook
                ? isWorkbook ? XlsxSheet.Read(content) : Refused("file-not-a-workbook", OtherZip)
                : XlsxSheet.Damaged,
            [(byte)'P', (byte)'K', ..] => XlsxSheet.Damaged,
            _ => SheetText.Decode(content) is { } text ? CsvSheet.Read(text.Text, text.Encoding) : Refused("file-not-text", NotText),
        };
    }

    /// <summary>The file passes the limit.</summary>
    public static Problem TooLarge(long bytes) => Refused(
        "file-too-big", TooBig.With(Math.Ceiling(bytes / 1048576.0).ToString("0", CultureInfo.InvariantCulture), ImportLimits.Bytes / 1048576));

    /// <summary>The file as a whole is refused.</summary>
    public static Problem Refused(string code, Words why) => Problem.Invalid("file", code, why);
}

/// <summary>Bytes as text: UTF-8, UTF-16 with a mark, otherwise Windows-1252, the encoding of Excel's plain CSV in Western Europe.</summary>
internal static class SheetText
{
    private static readonly Encoding Strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>The text and the name of its encoding, or null when it is not a text.</summary>
    public static (string Text, string Encoding)? Decode(byte[] content)
    {
        var (text, name) = content switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8.GetString(content.AsSpan(3)), "UTF-8"),
            [0xFF, 0xFE, ..] => (Encoding.Unicode.GetString(content.AsSpan(2)), "UTF-16"),
            [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode.GetString(content.AsSpan(2)), "UTF-16"),
            _ => Plain(content),
        };
        return text.Any(letter => letter is < ' ' and not ('\t' or '\r' or '\n' or '\f' or '\v')) ? null : (text, name);
    }

    private static (string Text, string Encoding) Plain(byte[] content)
    {
        try
        {
            return (Strict.GetString(content), "UTF-8");
        }
        catch (DecoderFallbackException)
        {
            return (Western.GetString(content), "Windows-1252");
        }
    }
}
