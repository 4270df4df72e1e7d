using System.Globalization;
using System.IO.Compression;
using System.Xml;
using Depart.Foundation;
using Depart.Foundation.Door;
using DocumentFormat.OpenXml.Packaging;

namespace Depart.Missions.Imports;

/// <summary>The first visible sheet of an Excel workbook, read forward only and under limits: nothing is loaded whole.</summary>
internal static class XlsxSheet
{
    /// <summary>The workbook cannot be opened.</summary>
    public static readonly Problem Damaged = SheetReader.Refused("file-damaged", new(
        "This workbook is damaged or cut short: open it in your spreadsheet and save it again.",
        "Ce classeur est endommagé ou tronqué : ouvrez-le dans votre tableur et enregistrez-le de nouveau."));

    private static readonly Problem Bomb = SheetReader.Refused("file-unpacks-too-big", new(
        "Unpacked, this workbook is far too big: save only the sheet to import, without empty formatted rows.",
        "Décompressé, ce classeur est beaucoup trop gros : n’enregistrez que la feuille à importer, sans lignes vides mises en forme."));

    private static readonly Problem NoSheet = SheetReader.Refused("file-without-sheet", new(
        "This workbook has no visible sheet.", "Ce classeur n’a aucune feuille visible."));

    private static readonly Words Format = new("Excel workbook, sheet “{0}”", "classeur Excel, feuille « {0} »");
    private static readonly Words OneSheet = new("Only the sheet “{0}” was read.", "Seule la feuille « {0} » a été lue.");

    /// <summary>Whether the archive is a workbook; null when it cannot be opened.</summary>
    public static bool? IsWorkbook(byte[] content)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(content, writable: false), ZipArchiveMode.Read);
            return archive.Entries.Any(entry => entry.FullName.Equals("[Content_Types].xml", StringComparison.OrdinalIgnoreCase))
                && archive.Entries.Any(entry => entry.FullName.EndsWith("workbook.xml", StringComparison.OrdinalIgnoreCase));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Reads the rows, blank ones left out.</summary>
    public static Outcome<Sheet> Read(byte[] content)
    {
        try
        {
            if (UnpacksTooBig(content))
            {
                return Bomb;
            }

            using var document = SpreadsheetDocument.Open(
                new MemoryStream(content, writable: false), isEditable: false, new OpenSettings { MaxCharactersInPart = ImportLimits.Unpacked });
            return document.WorkbookPart is { } workbook ? new Reader(workbook).Read() : NoSheet;
        }
        catch (TooMuchException)
        {
            return Bomb;
        }
        catch (Exception error) when (error is InvalidDataException or XmlException or OpenXmlPackageException or FileFormatException or EndOfStreamException
            or ArgumentException or FormatException or OverflowException or UriFormatException or KeyNotFoundException or InvalidOperationException)
        {
            // The last one: System.IO.Packaging on a relationship to a part that is not there.
            return Damaged;
        }
    }

    /// <summary>What the archive declares; what it really holds is counted again while it is read.</summary>
    private static bool UnpacksTooBig(byte[] content)
    {
        using var archive = new ZipArchive(new MemoryStream(content, writable: false), ZipArchiveMode.Read);
        return archive.Entries.Count > 2_000 || archive.Entries.Any(entry => entry.Length > ImportLimits.Unpacked)
            || archive.Entries.Sum(entry => (decimal)entry.Length) > 2m * ImportLimits.Unpacked;
    }

    /// <summary>Opens a part for reading forward, under limits.</summary>
    internal static XmlReader Open(OpenXmlPart part) => XmlReader.Create(part.GetStream(FileMode.Open, FileAccess.Read), new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
        MaxCharactersInDocument = ImportLimits.Unpacked,
    });

    /// <summary>Refuses a table of the workbook that is far longer than any honest one.</summary>
    internal static void Bound(int count)
    {
        if (count > 2_000_000)
        {
            throw new TooMuchException();
        }
    }

    /// <summary>More than is ever kept.</summary>
    internal sealed class TooMuchException : Exception;

    private sealed class Reader(WorkbookPart workbook)
    {
        private readonly XlsxTexts texts = new();
        private readonly XlsxStyles styles = new();

        public Outcome<Sheet> Read()
        {
            var sheets = Sheets();
            if (sheets.Count == 0 || workbook.GetPartById(sheets[0].Relation) is not WorksheetPart part)
            {
                return NoSheet;
            }

            styles.Read(workbook.WorkbookStylesPart);
            texts.ReadShared(workbook.SharedStringTablePart);
            var rows = new List<SheetRow>();
            using var xml = Open(part);
            var number = 0;
            while (xml.Read())
            {
                if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "row")
                {
                    continue;
                }

                number = int.TryParse(xml.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : number + 1;
                var (cells, tooWide) = Row(xml);
                if (tooWide)
                {
                    return SheetLimits.TooManyColumns(number);
                }

                if (cells.All(string.IsNullOrWhiteSpace))
                {
                    continue;
                }

                if (rows.Count > ImportLimits.Lines || texts.Kept > ImportLimits.Kept)
                {
                    return SheetLimits.TooManyLines;
                }

                rows.Add(new(number, cells));
            }

            return new Sheet(rows) { Format = Format.With(sheets[0].Name), Notes = sheets.Count > 1 ? [OneSheet.With(sheets[0].Name)] : [] };
        }

        /// <summary>Visible sheets in their order; also finds out from which year days are counted.</summary>
        private List<(string Name, string Relation)> Sheets()
        {
            var sheets = new List<(string, string)>();
            using var xml = Open(workbook);
            while (xml.Read())
            {
                if (xml.NodeType != XmlNodeType.Element)
                {
                    continue;
                }

                if (xml.LocalName == "workbookPr")
                {
                    styles.From1904 = xml.GetAttribute("date1904") is "1" or "true";
                }
                else if (xml.LocalName == "sheet" && xml.GetAttribute("state") is null or "visible")
                {
                    var name = xml.GetAttribute("name") ?? "";
                    while (xml.MoveToNextAttribute())
                    {
                        if (xml.LocalName == "id" && xml.NamespaceURI.Length > 0)
                        {
                            sheets.Add((name, xml.Value));
                        }
                    }
                }
            }

            return sheets;
        }

        private (List<string> Cells, bool TooWide) Row(XmlReader xml)
        {
            var cells = new List<string>();
            if (xml.IsEmptyElement)
            {
                return (cells, false);
            }

            var depth = xml.Depth;
            var column = -1;
            while (xml.Read() && xml.Depth > depth)
            {
                if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "c")
                {
                    continue;
                }

                column = xml.GetAttribute("r") is { Length: > 0 } place && char.IsAsciiLetter(place[0]) ? Column(place) : column + 1;
                var text = Cell(xml);
                if (text.Length == 0)
                {
                    continue;
                }

                if (column >= ImportLimits.Columns)
                {
                    return (cells, true);
                }

                while (cells.Count <= column)
                {
                    cells.Add("");
                }

                cells[column] = text;
                texts.Kept += text.Length;
            }

            return (cells, false);
        }

        private string Cell(XmlReader xml)
        {
            var (type, style) = (xml.GetAttribute("t"), xml.GetAttribute("s"));
            if (xml.IsEmptyElement)
            {
                return "";
            }

            var (depth, text) = (xml.Depth, "");
            while (xml.Read() && xml.Depth > depth)
            {
                if (xml.NodeType == XmlNodeType.Element && xml.LocalName is "v" or "is")
                {
                    text = texts.Read(xml, xml.LocalName);
                }
            }

            return type switch
            {
                "s" => texts.Shared(text),
                "str" or "inlineStr" or "e" => text,
                "b" => text == "1" ? "oui" : "non",
                "d" => text.Length >= 10 ? text[..10] : text,
                _ => styles.Number(text, style),
            };
        }

        private static int Column(string place)
        {
            var column = 0;
            foreach (var letter in place.TakeWhile(char.IsAsciiLetter))
            {
                column = (column * 26) + (char.ToUpperInvariant(letter) - 'A' + 1);
                if (column > 20_000)
                {
                    break;
                }
            }

            return column - 1;
        }
    }
}
