using System.Globalization;
using System.Text;

namespace Depart.Evidence;

/// <summary>The paper a report is written on: its language and zone, and the few forms of HTML that it uses.</summary>
internal sealed class ReportSheet(bool french, TimeZoneInfo zone)
{
    private static readonly NumberFormatInfo Comma = new() { NumberDecimalSeparator = "," };

    private readonly StringBuilder html = new();

    public bool French => french;

    public StringBuilder Append(string text) => html.Append(text);

    public string Local(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return $"{local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} ({zone.Id})";
    }

    public string Both(DateTimeOffset at) =>
        zone.Equals(TimeZoneInfo.Utc) ? Utc(at) : $"{Local(at)} · {Utc(at)}";

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>Local time above, UTC below.</summary>
    public string Stacked(DateTimeOffset at) => zone.Equals(TimeZoneInfo.Utc)
        ? $"<time>{Utc(at)}</time>"
        : $"<time>{TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}</time><small>{Utc(at)}</small>";

    public string Distance(DateTimeOffset from, DateTimeOffset to)
    {
        var span = to - from;
        var number = span.TotalMinutes < 2 ? span.TotalSeconds.ToString("0.0", french ? Comma : CultureInfo.InvariantCulture) : span.TotalMinutes.ToString("0", CultureInfo.InvariantCulture);
        return $"{number} {(span.TotalMinutes < 2 ? "s" : "min")}";
    }

    public string Say(string en, string fr) => french ? fr : en;

    /// <summary>Every value comes through here: whatever a system answered stays text.</summary>
    public static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            safe.Append(letter switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                _ when char.IsControl(letter) && letter is not ('\n' or '\t') => "\uFFFD",
                _ => letter.ToString(),
            });
        }

        return safe.ToString();
    }

    public void Pair(string name, string value) => html.Append("<dt>").Append(Safe(name)).Append("</dt><dd>").Append(Safe(value)).Append("</dd>");

    public void Paragraph(string text, string? kind) => html.Append(kind is null ? "<p>" : $"<p class=\"{kind}\">").Append(Safe(text)).Append("</p>");

    public void Columns(string kind, params string[] names)
    {
        html.Append("<table class=\"").Append(kind).Append("\"><thead><tr>");
        foreach (var name in names)
        {
            html.Append("<th scope=\"col\">").Append(Safe(name)).Append("</th>");
        }

        html.Append("</tr></thead><tbody>\n");
    }

    /// <summary>A row of cells that are HTML already.</summary>
    public void Row(params string[] cells)
    {
        html.Append("<tr>");
        foreach (var cell in cells)
        {
            html.Append("<td>").Append(cell).Append("</td>");
        }

        html.Append("</tr>\n");
    }

    public const string Style = """
        @page{size:A4;margin:16mm 14mm}
        :root{color-scheme:light}
        body{font:10.5pt/1.45 system-ui,"Segoe UI","Helvetica Neue",Arial,sans-serif;color:#1b1b1f;background:#fff;max-width:190mm;margin:10mm auto;padding:0 6mm}
        h1{font-size:20pt;margin:0 0 4mm}h2{font-size:14pt;margin:9mm 0 3mm;border-bottom:.4mm solid #1b1b1f;padding-bottom:1mm}h3{font-size:11.5pt;margin:6mm 0 1mm}
        p{margin:1mm 0}dl{display:grid;grid-template-columns:minmax(35mm,max-content) 1fr;gap:1mm 5mm;margin:2mm 0}dt{color:#55555f}dd{margin:0;overflow-wrap:anywhere}
        table{border-collapse:collapse;width:100%;margin:2mm 0 3mm;table-layout:fixed}th{font-size:9pt;color:#55555f;font-weight:600}
        th,td{text-align:left;vertical-align:top;padding:1.3mm 2mm 1.3mm 0;border-bottom:.2mm solid #c9c9d1;overflow-wrap:anywhere}
        td p{margin:.6mm 0}code{font:8.5pt/1.4 ui-monospace,"DejaVu Sans Mono",Consolas,monospace;overflow-wrap:anywhere;white-space:pre-wrap}td code{display:block;color:#33333b}
        time{white-space:nowrap}small{display:block;white-space:nowrap;color:#55555f;font-size:8pt}
        .steps th:nth-child(1){width:8%}.steps th:nth-child(2){width:24%}.steps th:nth-child(3){width:30%}
        .journal th:nth-child(1){width:5%}.journal th:nth-child(2){width:24%}.journal th:nth-child(3){width:23%}.journal th:nth-child(4){width:19%}
        .overview th:nth-child(2){width:21%}.overview th:nth-child(5){width:21%}.overview th:nth-child(6){width:19%}
        .good{color:#0b6b3a}.bad{color:#a8201a;font-weight:600}.soft{color:#7a5200}.muted{color:#55555f}
        .warn,.note,.box{border:.3mm solid #c9c9d1;border-left:1.4mm solid #a8201a;padding:2mm 4mm;margin:3mm 0}.warn h3{margin:0 0 1mm}.warn ul{margin:0;padding-left:5mm}
        .note{border-left-color:#7a5200}.box{border-left-color:#1b1b1f}.box h2{border:0;margin:0 0 2mm}.decision{border-left:1mm solid #7a5200;padding-left:3mm;margin:2mm 0}
        @media print{body{margin:0;padding:0;max-width:none}tr,.warn,.box,dl{break-inside:avoid}thead{display:table-header-group}h2,h3{break-after:avoid}}
        @media (max-width:40em){body{margin:0;padding:4mm}dl{grid-template-columns:1fr}dd{margin-bottom:2mm}table{display:block;overflow-x:auto}th,td{min-width:26mm}}
        """;
}
