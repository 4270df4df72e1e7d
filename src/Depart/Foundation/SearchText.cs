using System.Globalization;
using System.Text;

namespace Depart.Foundation;

/// <summary>Text as it is compared: no accents, no case, no punctuation, single spaces.</summary>
internal static class SearchText
{
    /// <summary>« D’Angélo-Lefèvre » becomes « d angelo lefevre ».</summary>
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var plain = new StringBuilder(text.Length);
        var gap = false;
        foreach (var letter in Ascii.IsValid(text) ? text : Sound(text).Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(letter))
            {
                plain.Append(gap && plain.Length > 0 ? " " : "").Append(char.ToLowerInvariant(letter));
                gap = false;
            }
            else
            {
                gap |= CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark;
            }
        }

        return plain.ToString();
    }

    /// <summary>Halves of characters, as a damaged file holds them, become the sign of what cannot be shown; normalizing would refuse them.</summary>
    public static string Sound(string text) => string.Concat(text.EnumerateRunes()).Replace('\uFFFE', '\uFFFD');
}
