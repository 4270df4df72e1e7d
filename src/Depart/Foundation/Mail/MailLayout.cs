using System.Text;
using System.Text.RegularExpressions;
using MimeKit.Text;

namespace Depart.Foundation.Mail;

/// <summary>
/// The one layout of all mails: 600 pixels, styles in place, nothing to load, light and dark. And the same words as text, for whoever reads without HTML.
/// </summary>
internal static partial class MailLayout
{
    private const string Font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

    private static readonly Words Foot = new("Sent by Depart, {0}", "Envoyé par Départ, {0}");
    private static readonly Words FootFor = new("Sent by Depart for {1}, {0}", "Envoyé par Départ pour {1}, {0}");

    /// <summary>What each tag of a template looks like; <c>a.button</c> is a tag with that class.</summary>
    private static readonly Dictionary<string, string> Styles = new(StringComparer.Ordinal)
    {
        ["h1"] = "margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600",
        ["h2"] = "margin:24px 0 8px;font-size:17px;line-height:1.3;font-weight:600",
        ["p"] = "margin:0 0 16px",
        ["ul"] = "margin:0 0 16px;padding:0 0 0 20px",
        ["li"] = "margin:0 0 4px",
        ["a"] = "color:#1d4fb8;text-decoration:underline",
        ["a.button"] = "display:inline-block;padding:10px 18px;border-radius:6px;background:#1d4fb8;color:#ffffff;text-decoration:none;font-weight:600",
        ["table"] = "margin:0 0 16px;border-collapse:collapse;font-size:16px",
        ["th"] = "padding:4px 16px 4px 0;text-align:left;vertical-align:top;font-weight:400;color:#5a6473",
        ["td"] = "padding:4px 16px 4px 0;text-align:left;vertical-align:top",
        ["blockquote"] = "margin:0 0 16px;padding:0 0 0 12px;border-left:3px solid #ccd2da;white-space:pre-line",
        ["p.quiet"] = "margin:0 0 16px;font-size:14px;color:#5a6473",
    };

    /// <summary>The page around a body; all texts are HTML already.</summary>
    public static string Page(string language, string title, string body, string address, string? company) => $$"""
        <!DOCTYPE html>
        <html lang="{{language}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta name="color-scheme" content="light dark">
        <meta name="supported-color-schemes" content="light dark">
        <title>{{title}}</title>
        <style>
        @media (prefers-color-scheme: dark) {
        .page { background: #12151a !important }
        .card { background: #1b1f26 !important; border-color: #323843 !important }
        .card td, .card h1, .card h2, .card p, .card li, .card blockquote { color: #e7eaef !important }
        .card th, .card .quiet, .foot { color: #a3acba !important }
        .card a { color: #9cbcff !important }
        .card a.button { background: #9cbcff !important; color: #12151a !important }
        }
        </style>
        </head>
        <body class="page" style="margin:0;padding:0;background:#f3f4f6">
        <table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f6"><tr><td align="center" style="padding:24px 12px">
        <table role="presentation" class="card" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;background:#ffffff;border:1px solid #dde1e7;border-radius:8px">
        <tr><td style="padding:28px 32px 16px;text-align:left;{{Font}};font-size:16px;line-height:1.5;color:#1b2330">
        {{Styled(body)}}
        </td></tr></table>
        <p class="foot" style="max-width:600px;margin:16px auto 0;{{Font}};font-size:13px;line-height:1.5;color:#5a6473">{{Signed(language, address, company)}}</p>
        </td></tr></table>
        </body>
        </html>
        """;

    /// <summary>The words of a body, with its paragraphs, lists and addresses.</summary>
    public static string Text(string language, string body, string address, string? company = null)
    {
        var text = new StringBuilder();
        var href = "";
        var (quoting, linkFrom) = (false, 0);
        var tokens = new HtmlTokenizer(new StringReader(body));
        while (tokens.ReadNextToken(out var token))
        {
            switch (token)
            {
                case HtmlDataToken data:
                    text.Append(quoting ? data.Data.Trim().ReplaceLineEndings("\n> ") : Flowing(text, data.Data));
                    break;
                case HtmlTagToken { Id: HtmlTagId.A, IsEndTag: false } link:
                    (href, linkFrom) = (link.Attributes.FirstOrDefault(attribute => attribute.Id == HtmlAttributeId.Href)?.Value ?? "", text.Length);
                    break;
                case HtmlTagToken { Id: HtmlTagId.A }:
                    text.Append(text.ToString(linkFrom, text.Length - linkFrom) == href ? "" : $" <{href}>");
                    break;
                case HtmlTagToken { Id: HtmlTagId.LI, IsEndTag: false }:
                    Break(text, 1).Append("- ");
                    break;
                case HtmlTagToken { Id: HtmlTagId.TH, IsEndTag: true }:
                    text.Append(language == "fr" ? "\u00A0: " : ": ");
                    break;
                case HtmlTagToken { Id: HtmlTagId.TD, IsEndTag: true }:
                    text.Append(' ');
                    break;
                case HtmlTagToken { Id: HtmlTagId.TR or HtmlTagId.Br or HtmlTagId.LI }:
                    Break(text, 1);
                    break;
                case HtmlTagToken { Id: HtmlTagId.BlockQuote } quote:
                    quoting = !quote.IsEndTag;
                    Break(text, 2).Append(quoting ? "> " : "");
                    break;
                case HtmlTagToken { Id: HtmlTagId.P or HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.UL or HtmlTagId.Table }:
                    Break(text, 2);
                    break;
                default:
                    // Emphasis and its like leave no trace in text.
                    break;
            }
        }

        return $"{text.ToString().Trim()}\n\n-- \n{Signed(language, address, company)}\n";
    }

    private static string Signed(string language, string address, string? company) =>
        (company is null ? Foot.With(address) : FootFor.With(address, company)).For(MailTo.CultureOf(language));

    private static string Styled(string body) => Tag().Replace(body, tag =>
    {
        var (name, kind) = (tag.Groups["name"].Value, tag.Groups["class"].Value);
        return (Styles.GetValueOrDefault($"{name}.{kind}") ?? Styles.GetValueOrDefault(name)) is { } style ? $"{tag.Value} style=\"{style}\"" : tag.Value;
    });

    /// <summary>Ends the line, and leaves one empty when two breaks are asked for; never more.</summary>
    private static StringBuilder Break(StringBuilder text, int lines)
    {
        while (text.Length > 0 && text[^1] is ' ')
        {
            text.Length--;
        }

        while (text.Length > 0 && (text[^1] != '\n' || (lines > 1 && (text.Length < 2 || text[^2] != '\n'))))
        {
            text.Append('\n');
        }

        return text;
    }

    /// <summary>Spaces and line ends of HTML are one space, or none where a line begins.</summary>
    private static string Flowing(StringBuilder text, string data)
    {
        var words = Gaps().Replace(data, " ");
        return text.Length == 0 || text[^1] is '\n' or ' ' ? words.TrimStart(' ') : words;
    }

    // A value cannot hold this sign: it is escaped before.
    [GeneratedRegex("""<(?<name>[a-z][a-z0-9]*)( class="(?<class>[a-z]+)")?""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(@"[ \t\r\n]+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Gaps();
}
