using System.Text.Json;
using System.Text.Json.Serialization;

namespace Depart.Foundation.Door;

/// <summary>How the API writes JSON: camelCase, words for enumerations, instants in RFC 3339.</summary>
internal static class ApiJson
{
    /// <summary>The options; also given to the web server.</summary>
    public static JsonSerializerOptions Options { get; } = Apply(new(JsonSerializerDefaults.Web));

    /// <summary>Adds the conventions to existing options.</summary>
    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower));
        options.Converters.Add(new IdentifierJson());
        options.Converters.Add(new WordsJson());
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        return options;
    }

    /// <summary>Words are written as <c>{"en": …, "fr": …}</c> so that a program can choose.</summary>
    private sealed class WordsJson : JsonConverter<Words>
    {
        public override Words Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException();
            }

            string? english = null, french = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isEnglish, isFrench) = (reader.ValueTextEquals("en"u8), reader.ValueTextEquals("fr"u8));
                reader.Read();
                if (isEnglish)
                {
                    english = reader.GetString();
                }
                else if (isFrench)
                {
                    french = reader.GetString();
                }
                else
                {
                    reader.Skip();
                }
            }

            return new(english ?? throw new JsonException(), french ?? throw new JsonException());
        }

        public override void Write(Utf8JsonWriter writer, Words value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("en", value.En);
            writer.WriteString("fr", value.Fr);
            writer.WriteEndObject();
        }
    }
}
