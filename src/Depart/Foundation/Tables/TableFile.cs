using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Depart.Foundation.Tables;

/// <summary>A table to be taken away: its columns by name, and rows of texts, numbers, days and instants (UTC) or nothing.</summary>
/// <param name="Title">The name of its sheet, and of its file without the end.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Rows">Each as long as the columns.</param>
internal sealed record Table(Words Title, IReadOnlyList<Words> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);

/// <summary>Writes tables as files that spreadsheets open (INT6). A text is never taken for a formula, whoever wrote it.</summary>
internal static class TableFile
{
    /// <summary>Media type of a CSV file.</summary>
    public const string CsvType = "text/csv; charset=utf-8";

    /// <summary>Media type of an XLSX file.</summary>
    public const string XlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>RFC 4180 with a byte order mark, by which spreadsheets know UTF-8; in French with semicolons and a decimal comma, as they expect there.</summary>
    public static byte[] Csv(Table table)
    {
        var culture = CultureInfo.CurrentUICulture;
        var separator = culture.TwoLetterISOLanguageName == "fr" ? ';' : ',';
        var text = new StringBuilder();
        foreach (var row in table.Rows.Prepend([.. table.Columns]))
        {
            text.AppendJoin(separator, row.Select(value => Quoted(Plain(value, culture), value is string or Words, separator))).Append("\r\n");
        }

        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    /// <summary>An Office Open XML workbook of one sheet, its first row frozen.</summary>
    public static byte[] Xlsx(Table table)
    {
        using var file = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(file, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            var styles = workbook.AddNewPart<WorkbookStylesPart>();
            styles.Stylesheet = Styles();
            var sheet = workbook.AddNewPart<WorksheetPart>();
            var rows = new SheetData(table.Rows.Prepend([.. table.Columns]).Select((row, at) => new Row(row.Select(value => CellOf(value, at == 0)))));
            sheet.Worksheet = new(
                new SheetViews(new SheetView(new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen }) { WorkbookViewId = 0 }), rows);
            workbook.Workbook = new(new Sheets(new DocumentFormat.OpenXml.Spreadsheet.Sheet { Id = workbook.GetIdOfPart(sheet), SheetId = 1, Name = NameOf(table.Title.ToString()) }));
        }

        return file.ToArray();
    }

    /// <summary>The answer of a route: by the end of the path asked for.</summary>
    public static IResult Answer(Table table, bool xlsx) =>
        Results.File(xlsx ? Xlsx(table) : Csv(table), xlsx ? XlsxType : CsvType, $"{string.Join('-', SearchText.Of(table.Title.ToString()).Split(' '))}.{(xlsx ? "xlsx" : "csv")}");

    private static string Plain(object? value, CultureInfo culture) => value switch
    {
        null => "",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, culture),
        _ => value.ToString() ?? "",
    };

    private static string Quoted(string text, bool written, char separator)
    {
        // What begins so would be computed by a spreadsheet: https://owasp.org/www-community/attacks/CSV_Injection
        text = written && text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return text.AsSpan().IndexOfAny([separator, '"', '\n', '\r']) < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static Cell CellOf(object? value, bool head) => value switch
    {
        null => new(),
        DateOnly day => new() { CellValue = new(day.ToDateTime(TimeOnly.MinValue).ToOADate()), StyleIndex = 2 },
        DateTimeOffset instant => new() { CellValue = new(instant.UtcDateTime.ToOADate()), StyleIndex = 3 },
        int or long or double or decimal => new() { CellValue = new(Convert.ToDouble(value, CultureInfo.InvariantCulture)) },
        _ => new() { DataType = CellValues.InlineString, InlineString = new(new Text(Sound(value.ToString() ?? "")) { Space = SpaceProcessingModeValues.Preserve }), StyleIndex = head ? 1u : 0u },
    };

    // Signs that XML cannot hold.
    private static string Sound(string text) => string.Concat(SearchText.Sound(text).Where(letter => letter >= ' ' || letter is '\n' or '\t'));

    private static string NameOf(string title)
    {
        var plain = string.Concat(title.Where(letter => !"[]:*?/\\".Contains(letter, StringComparison.Ordinal)));
        return plain.Length > 31 ? plain[..31] : plain;
    }

    private static Stylesheet Styles() => new(
        new NumberingFormats(new NumberingFormat { NumberFormatId = 164, FormatCode = "yyyy-mm-dd hh:mm:ss" }),
        new Fonts(new Font(), new Font(new Bold())),
        new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
        new Borders(new Border()),
        new CellStyleFormats(new CellFormat()),
        new CellFormats(new CellFormat(), new CellFormat { FontId = 1, ApplyFont = true }, new CellFormat { NumberFormatId = 14, ApplyNumberFormat = true }, new CellFormat { NumberFormatId = 164, ApplyNumberFormat = true }));
}
