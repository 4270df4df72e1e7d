using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Depart.Evidence;

/// <summary>
/// Reads the JSON of evidence without leniency: valid UTF-8, no member twice, none that is not known, no comment, at most 16 levels deep. Two
/// readers that are lenient in different ways could be shown two different truths.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>An object with exactly these members.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> bytes, IReadOnlyCollection<string> members)
    {
        if (!Utf8.IsValid(bytes.Span))
        {
            throw new Misread("not UTF-8", "ce n’est pas de l’UTF-8");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, Options);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The second: half of a surrogate pair in a name.
            throw new Misread($"not the JSON that Depart writes ({error.Message})", $"ce n’est pas le JSON qu’écrit Départ ({error.Message})", error);
        }

        try
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new Misread("not an object", "ce n’est pas un objet");
            }

            var found = document.RootElement.EnumerateObject().Select(member => member.Name).ToHashSet(StringComparer.Ordinal);
            if (!found.SetEquals(members))
            {
                throw new Misread($"its members are not {string.Join(", ", members)}", $"ses membres ne sont pas {string.Join(", ", members)}");
            }

            return document;
        }
        catch (FormatException)
        {
            document.Dispose();
            throw;
        }
        catch (InvalidOperationException error)
        {
            document.Dispose();
            throw new Misread("a name in it is no text", "un nom n’y est pas un texte", error);
        }
    }

    /// <summary>A text member.</summary>
    public static string Text(JsonElement parent, string name) => TextOf(parent.GetProperty(name), name);

    /// <summary>The text of an element; <paramref name="name"/> is for the message.</summary>
    public static string TextOf(JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString()! : throw new Misread($"“{name}” is not a text", $"« {name} » n’est pas un texte");
        }
        catch (InvalidOperationException error)
        {
            // Half of a surrogate pair, written as an escape.
            throw new Misread($"“{name}” is not a text", $"« {name} » n’est pas un texte", error);
        }
    }

    /// <summary>A whole number, zero or more.</summary>
    public static long Number(JsonElement parent, string name) =>
        parent.GetProperty(name) is { ValueKind: JsonValueKind.Number } element && element.TryGetInt64(out var number) && number >= 0
            ? number
            : throw new Misread($"“{name}” is not a whole number", $"« {name} » n’est pas un nombre entier");

    /// <summary>An instant in UTC, to the millisecond, as the format writes it.</summary>
    public static DateTimeOffset Instant(JsonElement parent, string name) =>
        DateTimeOffset.TryParseExact(
            Text(parent, name), "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : throw new Misread($"“{name}” is not an instant", $"« {name} » n’est pas un instant");

    /// <summary>An object member.</summary>
    public static JsonElement Object(JsonElement parent, string name) =>
        parent.GetProperty(name) is { ValueKind: JsonValueKind.Object } element ? element : throw new Misread($"“{name}” is not an object", $"« {name} » n’est pas un objet");
}
