using System.Globalization;
using System.Text;
using System.Xml;
using DocumentFormat.OpenXml.Packaging;

namespace Depart.Missions.Imports;

/// <summary>The texts of a workbook: those that cells share and those in the cells, and how much of them is kept.</summary>
internal sealed class XlsxTexts
{
    private readonly List<string> shared = [];
    private readonly char[] piece = new char[4096];

    /// <summary>Signs kept of the rows so far.</summary>
    public long Kept { get; set; }

    /// <summary>A shared text by its number; empty when there is none.</summary>
    public string Shared(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < shared.Count ? shared[index] : "";

    /// <summary>Reads the texts that cells share; none without the part.</summary>
    public void ReadShared(SharedStringTablePart? part)
    {
        if (part is null)
        {
            return;
        }

        using var xml = XlsxSheet.Open(part);
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "si")
            {
                shared.Add(Read(xml, "si"));
                XlsxSheet.Bound(shared.Count);
                if (Kept > ImportLimits.Kept)
                {
                    throw new XlsxSheet.TooMuchException();
                }
            }
        }

        Kept = 0;
    }

    /// <summary>All <c>t</c> below, or the text itself; phonetic readings left out. At most one cell's worth is kept.</summary>
    public string Read(XmlReader xml, string element)
    {
        if (xml.IsEmptyElement)
        {
            return "";
        }

        var text = new StringBuilder();
        var (depth, phonetic) = (xml.Depth, false);
        var direct = element == "v";
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.LocalName == "rPh")
            {
                phonetic = xml.NodeType == XmlNodeType.Element && !xml.IsEmptyElement;
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace or XmlNodeType.CDATA
                && !phonetic && (direct || xml.Depth > depth + 1))
            {
                Append(xml, text);
            }
        }

        Kept += Math.Min(text.Length, ImportLimits.Cell);
        return SheetLimits.Cell(text.ToString());
    }

    /// <summary>By pieces: a cell of a hundred megabytes never becomes one text.</summary>
    private void Append(XmlReader xml, StringBuilder text)
    {
        for (int read; (read = xml.ReadValueChunk(piece, 0, piece.Length)) > 0;)
        {
            text.Append(piece, 0, text.Length < SheetLimits.KeptOfCell ? read : 0);
        }
    }
}
