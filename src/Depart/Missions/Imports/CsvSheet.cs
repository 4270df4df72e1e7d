using System.Text;
using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Missions.Imports;

/// <summary>CSV with semicolon, comma or tab, quoted cells (RFC 4180) that may hold line ends.</summary>
internal static class CsvSheet
{
    private static readonly char[] Delimiters = [';', ',', '\t'];

    private static readonly Words Format = new("CSV, {0}, {1}", "CSV, {0}, {1}");
    private static readonly Words Semicolon = new("semicolon", "point-virgule");
    private static readonly Words Comma = new("comma", "virgule");
    private static readonly Words Tab = new("tab", "tabulation");
    private static readonly Words QuoteOpen = new(
        "A quotation mark opened on line {0} is never closed: the file seems cut short. Nothing was read.",
        "Un guillemet ouvert à la ligne {0} n’est jamais refermé : le fichier semble tronqué. Rien n’a été lu.");

    private static readonly Words CutShort = new(
        "The last line has {0} cells where the header has {1}: the file seems cut short.",
        "La dernière ligne compte {0} cellules, l’en-tête {1} : le fichier semble tronqué.");

    /// <summary>Reads the rows, blank ones left out.</summary>
    public static Outcome<Sheet> Read(string text, string encoding)
    {
        var (delimiter, start) = Separator(text);
        var rows = new List<SheetRow>();
        var reader = new CsvReader(text, delimiter);
        var kept = 0L;
        while (reader.Next() is { } row)
        {
            if (reader.OpenQuote is { } line)
            {
                return SheetReader.Refused("file-cut-short", QuoteOpen.With(line)) with { Line = line };
            }

            if (row.Number < start || row.Cells.All(string.IsNullOrWhiteSpace))
            {
                continue;
            }

            if (row.Cells.Skip(ImportLimits.Columns).Any(cell => cell.Length > 0))
            {
                return SheetLimits.TooManyColumns(row.Number);
            }

            kept += row.Cells.Sum(cell => cell.Length);
            if (rows.Count > ImportLimits.Lines || kept > ImportLimits.Kept)
            {
                return SheetLimits.TooManyLines;
            }

            rows.Add(row.Cells.Count > ImportLimits.Columns ? row with { Cells = [.. row.Cells.Take(ImportLimits.Columns)] } : row);
        }

        return new Sheet(CheckLast(rows, text)) { Format = Format.With(Name(delimiter), encoding), Delimiter = delimiter };
    }

    /// <summary>A line as CSV, its end included; nothing in it runs when a spreadsheet opens it.</summary>
    public static string Line(char delimiter, IEnumerable<string> cells) => string.Join(delimiter, cells.Select(cell => Quoted(Formulas.Harmless(cell), delimiter))) + "\r\n";

    private static string Quoted(string cell, char delimiter) => cell.AsSpan().IndexOfAny(['"', '\r', '\n', delimiter]) < 0
        ? cell
        : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A last line without an end and with too few cells is a file that was cut.</summary>
    private static List<SheetRow> CheckLast(List<SheetRow> rows, string text)
    {
        if (rows.Count > 1 && text[^1] is not ('\n' or '\r') && rows[^1].Cells.Count < rows[^2].Cells.Count)
        {
            rows[^1] = rows[^1] with { Defect = CutShort.With(rows[^1].Cells.Count, rows[^2].Cells.Count) };
        }

        return rows;
    }

    /// <summary>The separator under which the first lines show most columns that are known; a line <c>sep=;</c> decides alone and is skipped.</summary>
    private static (char Delimiter, int Start) Separator(string text)
    {
        using var reader = new StringReader(SheetLimits.Cut(text, 20_000));
        var first = new List<string>();
        while (first.Count < ImportColumns.HeaderWithin && reader.ReadLine() is { } line)
        {
            first.Add(line);
        }

        if (first is [['s' or 'S', 'e' or 'E', 'p' or 'P', '=', ';' or ',' or '\t' or '|'], ..])
        {
            return (first[0][4], 2);
        }

        return (Delimiters.MaxBy(delimiter => first.Max(line => Score(line, delimiter))), 1);
    }

    private static int Score(string line, char delimiter)
    {
        var cells = line.Split(delimiter);
        return (cells.Count(cell => ImportColumns.Of(cell.Trim('"', ' ')) is not null) * 1000) + cells.Length;
    }

    private static Words Name(char delimiter) => delimiter switch { ';' => Semicolon, ',' => Comma, '\t' => Tab, _ => Words.Same(delimiter.ToString()) };
}

/// <summary>Goes through a CSV text once. A cell is kept up to its limit; lines are counted as an editor counts them.</summary>
internal sealed class CsvReader(string text, char delimiter)
{
    private static readonly Words BadQuotes = new(
        "The quotation marks of this line do not match.", "Les guillemets de cette ligne ne se correspondent pas.");

    private readonly StringBuilder cell = new();
    private int at;
    private int line = 1;

    /// <summary>The line on which a quotation mark was opened that is never closed, or null.</summary>
    public int? OpenQuote { get; private set; }

    /// <summary>The next row, or null at the end.</summary>
    public SheetRow? Next()
    {
        if (at >= text.Length)
        {
            return null;
        }

        var (number, cells, sound) = (line, new List<string>(), true);
        while (true)
        {
            sound &= Cell();
            if (cells.Count < ImportLimits.Columns || (cells.Count == ImportLimits.Columns && cell.Length > 0))
            {
                // One cell too many says it; millions of them say no more.
                cells.Add(SheetLimits.Cell(cell.ToString()));
            }

            if (at >= text.Length || EndOfLine())
            {
                return new(number, cells) { Defect = sound ? null : BadQuotes };
            }

            at++;
        }
    }

    /// <summary>Reads one cell up to its separator; false when a quotation mark closes in the middle of it.</summary>
    private bool Cell()
    {
        cell.Clear();
        if (at >= text.Length || text[at] != '"')
        {
            while (at < text.Length && text[at] != delimiter && text[at] is not ('\r' or '\n'))
            {
                Keep(text[at++]);
            }

            return true;
        }

        Quoted();
        var sound = true;
        while (at < text.Length && text[at] != delimiter && text[at] is not ('\r' or '\n'))
        {
            sound &= text[at] == ' ';
            Keep(text[at++]);
        }

        return sound;
    }

    private void Quoted()
    {
        var opened = line;
        at++;
        while (at < text.Length)
        {
            if (text[at] == '"')
            {
                at++;
                if (at >= text.Length || text[at] != '"')
                {
                    return;
                }
            }
            else if (text[at] == '\n' || (text[at] == '\r' && (at + 1 == text.Length || text[at + 1] != '\n')))
            {
                line++;
            }

            Keep(text[at++]);
        }

        OpenQuote = opened;
    }

    private bool EndOfLine()
    {
        if (text[at] is not ('\r' or '\n'))
        {
            return false;
        }

        at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
        line++;
        return true;
    }

    private void Keep(char letter)
    {
        if (cell.Length < SheetLimits.KeptOfCell)
        {
            cell.Append(letter);
        }
    }
}

/// <summary>Limits that both formats share.</summary>
internal static class SheetLimits
{
    private static readonly Words Columns = new("Line {0} has more than {1} columns.", "La ligne {0} compte plus de {1} colonnes.");

    /// <summary>The file has too many lines.</summary>
    public static readonly Problem TooManyLines = SheetReader.Refused("file-too-many-lines", new Words(
        "The file holds more than {0} lines, or too much text: cut it in several files.",
        "Le fichier compte plus de {0} lignes, ou trop de texte : découpez-le en plusieurs fichiers.").With(ImportLimits.Lines));

    /// <summary>A line has too many columns.</summary>
    public static Problem TooManyColumns(int line) => SheetReader.Refused("file-too-many-columns", Columns.With(line, ImportLimits.Columns)) with { Line = line };

    /// <summary>What a reader keeps of a cell at least: more than allowed, so that it is known to be too long.</summary>
    public const int KeptOfCell = ImportLimits.Cell + 3;

    /// <summary>What is kept of a cell: one or two characters more than allowed.</summary>
    public static string Cell(string text) => Cut(text, ImportLimits.Cell + 2);

    /// <summary>The beginning of a text, never ending in half a character.</summary>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
