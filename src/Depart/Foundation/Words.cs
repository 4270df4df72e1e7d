using System.Globalization;

namespace Depart.Foundation;

/// <summary>A text shown to people, in both languages: what is not translated does not compile.</summary>
/// <param name="En">English; may hold <c>{0}</c> places.</param>
/// <param name="Fr">French, typographically right: non-breaking spaces before « : ; ? ! », apostrophes ’.</param>
public sealed record Words(string En, string Fr)
{
    /// <summary>Text that is the same in both languages (a name, a number).</summary>
    public static Words Same(string text) => new(text, text);

    /// <summary>The text with its places filled; a <see cref="Words"/> among the values is shown in the same language.</summary>
    public Words With(params object?[] values) => new(Fill(En, English, values), Fill(Fr, French, values));

    /// <summary>One form or the other by a count, with <c>{0}</c> the count, thousands apart. French counts zero as singular.</summary>
    public static Words Count(long count, Words one, Words many) => new(
        Fill(count == 1 ? one.En : many.En, English, [count.ToString("N0", English)]),
        Fill(count is 0 or 1 ? one.Fr : many.Fr, French, [count.ToString("N0", French)]));

    /// <summary>The text for a culture: French for any <c>fr</c> culture, English otherwise.</summary>
    public string For(CultureInfo culture) => culture.TwoLetterISOLanguageName == "fr" ? Fr : En;

    /// <summary>The text in the reader's language (<see cref="CultureInfo.CurrentUICulture"/>).</summary>
    public override string ToString() => For(CultureInfo.CurrentUICulture);

    /// <summary>The English culture of the product: British dates, day before month.</summary>
    public static CultureInfo English { get; } = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>The French culture of the product.</summary>
    public static CultureInfo French { get; } = CultureInfo.GetCultureInfo("fr-FR");

    private static string Fill(string text, CultureInfo culture, object?[] values) => string.Format(
        culture, text, [.. values.Select(value => value is Words words ? words.For(culture) : value)]);
}
