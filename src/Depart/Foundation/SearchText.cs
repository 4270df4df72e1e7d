using System.Globalization;
using System.Text;

namespace Depart.Foundation;

/// <summary>Text as it is compared: no accents, no case, no punctuation, single spaces.</summary>
internal static class SearchText
{
    /// <summary>« D’Angélo-Lefèvre » becomes « d angelo lefevre ».</summary>
    public static string Of(string? text) => string.Join(' ', string
        .Concat((text ?? "").Normalize(NormalizationForm.FormD)
            .Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
            .Select(letter => char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' '))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
