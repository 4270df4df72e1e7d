using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Depart.Foundation.Design;
using Fluid;
using Fluid.Values;
using MimeKit;

namespace Depart.Foundation.Mail;

/// <summary>A mail as it is read.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Html">A whole page, without anything to load.</param>
/// <param name="Text">The same words without HTML.</param>
public sealed record RenderedMail(string Subject, string Html, string Text);

/// <summary>
/// Writes mails: the values into the template, the template into the layout, both into a MIME message. In HTML every value is escaped; a variable that is not
/// among the values, or a filter that does not exist, is an error.
/// </summary>
/// <remarks>
/// Filters beside Liquid's own: <c>day</c> (a date, « vendredi 18 décembre 2026 »), <c>hour</c> (« 18 h »), <c>of</c> (a name, « d’Élodie », bare in English), <c>link</c> (a path of Depart as a whole address).
/// </remarks>
internal static class MailWriter
{
    private const string AddressKey = "address";

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly TemplateOptions Options = MakeOptions();

    /// <summary>How values are kept: the record's properties in snake case.</summary>
    public static JsonSerializerOptions ValuesJson { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new IdentifierJson(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Values as they are kept.</summary>
    public static string Values<TContent>(TContent content)
        where TContent : class, IMailContent<TContent> => JsonSerializer.Serialize(content, ValuesJson);

    /// <summary>Renders a template with values.</summary>
    /// <param name="template">Its name.</param>
    /// <param name="language"><c>fr</c> or <c>en</c>.</param>
    /// <param name="values">JSON, as <see cref="ValuesJson"/> writes it.</param>
    /// <param name="publicAddress">Address of this Depart, for links.</param>
    /// <param name="company">For whom it is sent, or null: nobody said.</param>
    /// <exception cref="FluidException">The template names a variable or filter that there is not.</exception>
    public static async Task<RenderedMail> RenderAsync(string template, string language, string values, string publicAddress, string? company = null)
    {
        var source = MailTemplates.Source(template, language);
        var subject = OneLine(await source.Subject.RenderAsync(Context(language, values, publicAddress), NullEncoder.Default));
        var body = (await FillAsync(source.Body, language, values, publicAddress)).Trim();
        return new(subject, MailLayout.Page(language, Html.Encode(subject), body, Html.Encode(publicAddress), company is null ? null : Html.Encode(company)), MailLayout.Text(language, body, publicAddress, company));
    }

    /// <summary>Values put into a body: HTML.</summary>
    public static async Task<string> FillAsync(IFluidTemplate body, string language, string values, string publicAddress) =>
        await body.RenderAsync(Context(language, values, publicAddress), Html);

    /// <summary>The message, ready to be sent.</summary>
    public static async Task<MimeMessage> MessageAsync(MailServer server, OutgoingMail mail, MailLetter letter, string? company, DateTimeOffset now)
    {
        var rendered = await RenderAsync(mail.Template, mail.Language, letter.Values ?? "{}", server.PublicAddress, company);
        return Message(server, letter, mail.Language, rendered, mail.MessageId ?? $"{mail.Id.Value:N}@{Domain(server.FromAddress)}", now);
    }

    /// <summary>The message of what was rendered.</summary>
    public static MimeMessage Message(MailServer server, MailLetter to, string language, RenderedMail rendered, string messageId, DateTimeOffset now)
    {
        var message = new MimeMessage
        {
            Subject = OneLine(rendered.Subject), Date = now, MessageId = messageId,
            Body = new MultipartAlternative(new TextPart("plain") { Text = rendered.Text }, new TextPart("html") { Text = rendered.Html }),
        };
        message.From.Add(new MailboxAddress(OneLine(server.FromName), server.FromAddress));
        message.To.Add(new MailboxAddress(OneLine(to.Name), to.Address));

        // No automatic answer is wanted (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add(HeaderId.ContentLanguage, language);
        return message;
    }

    /// <summary>The domain of an address, as a header may hold it.</summary>
    public static string Domain(string address) => new IdnMapping().GetAscii(address[(address.LastIndexOf('@') + 1)..]);

    /// <summary>A header holds one line: nothing in a value can begin another.</summary>
    private static string OneLine(string text) =>
        string.Join(' ', new string([.. text.Select(sign => char.IsControl(sign) || sign is '\u2028' or '\u2029' ? ' ' : sign)]).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static TemplateContext Context(string language, string values, string publicAddress)
    {
        var context = new TemplateContext(Options) { CultureInfo = MailTo.CultureOf(language) };
        context.AmbientValues[AddressKey] = publicAddress;
        using var document = JsonDocument.Parse(values);
        foreach (var value in document.RootElement.EnumerateObject())
        {
            context.SetValue(value.Name, FluidValue.Create(Value(value.Value), Options));
        }

        return context;
    }

    /// <summary>What is null is false: it can be asked for, and is no undefined variable.</summary>
    private static object Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().ToDictionary(member => member.Name, member => Value(member.Value), StringComparer.Ordinal),
        JsonValueKind.Array => value.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetDecimal(),
        JsonValueKind.True => true,
        _ => false,
    };

    private static TemplateOptions MakeOptions()
    {
        var options = new TemplateOptions { StrictVariables = true, StrictFilters = true };
        options.Filters.AddFilter("day", (input, _, context) => Told(context, Said.Day(DateOnly.Parse(input.ToStringValue(), CultureInfo.InvariantCulture), DateOnly.MinValue)));
        options.Filters.AddFilter("hour", (input, _, context) => Told(context, Said.Hour(TimeOnly.Parse(input.ToStringValue(), CultureInfo.InvariantCulture))));
        options.Filters.AddFilter("of", (input, _, context) => Told(context, Said.Of(input.ToStringValue())));
        options.Filters.AddFilter("link", (input, _, context) => StringValue.Create((string)context.AmbientValues[AddressKey] + Path(input.ToStringValue())));
        return options;
    }

    private static ValueTask<FluidValue> Told(TemplateContext context, Words words) => StringValue.Create(words.For(context.CultureInfo));

    /// <summary>A path of this Depart; whatever could lead elsewhere leads to its first page.</summary>
    private static string Path(string path) => path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) && Uri.IsWellFormedUriString(path, UriKind.Relative) ? path : "/";
}
