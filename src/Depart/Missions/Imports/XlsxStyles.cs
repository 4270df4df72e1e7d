using System.Globalization;
using System.Xml;
using DocumentFormat.OpenXml.Packaging;

namespace Depart.Missions.Imports;

/// <summary>The styles of a workbook, for what they tell here: which numbers are days, and how days and numbers are written.</summary>
internal sealed class XlsxStyles
{
    private readonly List<bool> dates = [];

    /// <summary>Days are counted from 1904.</summary>
    public bool From1904 { get; set; }

    /// <summary>Reads which styles show days; none without the part.</summary>
    public void Read(WorkbookStylesPart? part)
    {
        if (part is null)
        {
            return;
        }

        var dateFormats = new HashSet<string>(StringComparer.Ordinal);
        using var xml = XlsxSheet.Open(part);
        var inCells = false;
        while (xml.Read())
        {
            if (xml.LocalName == "cellXfs")
            {
                inCells = xml.NodeType == XmlNodeType.Element && !xml.IsEmptyElement;
            }
            else if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "numFmt" && IsDate(xml.GetAttribute("formatCode") ?? ""))
            {
                dateFormats.Add(xml.GetAttribute("numFmtId") ?? "");
            }
            else if (inCells && xml.NodeType == XmlNodeType.Element && xml.LocalName == "xf")
            {
                var format = xml.GetAttribute("numFmtId") ?? "0";
                dates.Add(dateFormats.Contains(format)
                    || (int.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out var built) && built is (>= 14 and <= 17) or 22 or (>= 27 and <= 36) or (>= 50 and <= 58)));
                XlsxSheet.Bound(dates.Count);
            }
        }
    }

    /// <summary>A number as people wrote it; a day as ISO 8601.</summary>
    public string Number(string text, string? style)
    {
        if (text.Length == 0 || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            return text;
        }

        var isDate = int.TryParse(style, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < dates.Count && dates[at];
        if (isDate && ImportDates.OfSerial(number + (From1904 ? 1462 : 0)) is { } day)
        {
            return day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        return number == Math.Floor(number) && Math.Abs(number) < 1e15 ? number.ToString("0", CultureInfo.InvariantCulture)
            : Math.Abs(number) is > 1e-4 and < 1e15 ? number.ToString(CultureInfo.InvariantCulture) : text;
    }

    /// <summary>A format code with days or years outside quotes and brackets.</summary>
    private static bool IsDate(string code)
    {
        var (quoted, bracketed) = (false, false);
        for (var index = 0; index < code.Length; index++)
        {
            switch (code[index])
            {
                case '"':
                    quoted = !quoted;
                    break;
                case '\\' when !quoted:
                    index++;
                    break;
                case '[' when !quoted:
                    bracketed = true;
                    break;
                case ']':
                    bracketed = false;
                    break;
                case 'd' or 'D' or 'y' or 'Y' when !quoted && !bracketed:
                    return true;
                default:
                    break;
            }
        }

        return false;
    }
}
