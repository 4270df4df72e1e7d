using System.Globalization;

namespace Depart.Connectors;

/// <summary>A text shown to people, in both languages. Never holds a secret.</summary>
/// <param name="En">English.</param>
/// <param name="Fr">French, typographically right: non-breaking spaces before « : ; ? ! », apostrophes ’.</param>
public sealed record Bilingual(string En, string Fr)
{
    /// <summary>The text for a culture: French for any <c>fr</c> culture, English otherwise.</summary>
    public string For(CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(culture);
        return culture.TwoLetterISOLanguageName == "fr" ? Fr : En;
    }

    /// <summary>The text in the reader's language (<see cref="CultureInfo.CurrentUICulture"/>).</summary>
    public override string ToString() => For(CultureInfo.CurrentUICulture);
}
