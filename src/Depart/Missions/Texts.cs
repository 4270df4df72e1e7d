using System.Text.RegularExpressions;

namespace Depart.Missions;

/// <summary>Texts as people type them.</summary>
internal static class Texts
{
    /// <summary>The text without spaces around, or null when nothing is left.</summary>
    public static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>Trimmed texts, empty ones and repetitions dropped (case ignored), in their order.</summary>
    public static List<string> Distinct(IEnumerable<string>? texts) =>
        [.. (texts ?? []).Select(text => text.Trim()).Where(text => text.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
}

/// <summary>What passes for an e-mail address: one @, no spaces, a dot in the domain. Whether it is read is not known before a mail is answered.</summary>
internal static partial class MailAddress
{
    /// <summary>Longest address (RFC 5321).</summary>
    public const int MaxLength = 254;

    /// <summary>Whether it looks like an address.</summary>
    public static bool LooksRight(string text) => text.Length <= MaxLength && Shape().IsMatch(text);

    [GeneratedRegex(@"^[^\s@<>,;:""()\[\]\\]+@[^\s@<>,;:""()\[\]\\.]+(\.[^\s@<>,;:""()\[\]\\.]+)+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
