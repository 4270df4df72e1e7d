using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Interfaces.Api;

/// <summary>A word of a closed list in a query string, written as in the answers: <c>privileged-unknown</c>; any case, hyphens or not.</summary>
/// <typeparam name="T">The list.</typeparam>
public readonly record struct Word<T>
    where T : struct, Enum
{
    private Word(T? value, string said) => (Value, Said) = (value, said);

    /// <summary>The value, or null for a word that is not in the list.</summary>
    public T? Value { get; }

    /// <summary>What was said.</summary>
    public string Said { get; }

    /// <summary>Reads whatever is said: a word that is not in the list becomes a refusal with the list, not a bare 400. An empty word is none.</summary>
    public static bool TryParse(string? text, out Word<T> word)
    {
        var said = text ?? "";
        var name = Enum.GetNames<T>().FirstOrDefault(known => string.Equals(known, said.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
        word = new(name is null ? null : Enum.Parse<T>(name), said);
        return said.Length > 0;
    }

    internal Problem? Refusal(string field) => Value is not null ? null : Problem.Invalid(field, "unknown-word", WordText.Unknown.With(
        Said, string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName))));
}

/// <summary>What is said of a word that is not in its list.</summary>
internal static class WordText
{
    public static readonly Words Unknown = new("“{0}” is not known here. Known words: {1}.", "« {0} » n’est pas connu ici. Mots connus : {1}.");
}
