using System.Globalization;

namespace Depart.Foundation.Mail;

/// <summary>
/// The values of one kind of mail: a record whose properties are the variables of its template, in snake case. Texts, numbers, dates, lists and records of these;
/// what is null is false in the template.
/// </summary>
/// <remarks>
/// Two files of that name lie beside the record, <c>NAME.en.liquid</c> and <c>NAME.fr.liquid</c>: the subject on the first line, then <c>---</c>, then the body in
/// plain HTML (h1, h2, p, ul, li, table, a). They are found by scanning; <c>MailTemplatesTests</c> renders them with every sample.
/// </remarks>
/// <typeparam name="TSelf">The record.</typeparam>
internal interface IMailContent<TSelf>
    where TSelf : class, IMailContent<TSelf>
{
    /// <summary>Name of the template, kebab-case; stored with every mail: never renamed.</summary>
    static abstract string Template { get; }

    /// <summary>Values to show the template with: enough of them that every branch is seen.</summary>
    static abstract IReadOnlyList<TSelf> Samples { get; }
}

/// <summary>To whom a mail goes.</summary>
/// <param name="Address">One address.</param>
/// <param name="Name">As people write it, or nothing.</param>
/// <param name="Culture">The reader's: French for any <c>fr</c> culture, English otherwise.</param>
internal sealed record MailTo(string Address, string Name, CultureInfo Culture)
{
    /// <summary>Longest address (RFC 5321).</summary>
    public const int LongestAddress = 254;

    /// <summary><c>fr</c> or <c>en</c>.</summary>
    public string Language => Culture.TwoLetterISOLanguageName == "fr" ? "fr" : "en";

    /// <summary>The culture of a stored language.</summary>
    public static CultureInfo CultureOf(string language) => language == "fr" ? Words.French : Words.English;

    /// <summary>Whether a text can be one address: a place and a domain, nothing that could end it or begin another.</summary>
    public static bool IsAddress(string address) => address.Length is > 2 and <= LongestAddress
        && address.Split('@') is [{ Length: > 0 and <= 64 }, { Length: > 0 }]
        && !address.Any(sign => char.IsControl(sign) || char.IsWhiteSpace(sign) || sign is '<' or '>' or ',' or ';' or ':' or '"' or '(' or ')' or '[' or ']' or '\\');
}
