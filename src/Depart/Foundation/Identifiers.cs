using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Depart.Foundation;

/// <summary>A typed identifier over a version 7 UUID: two kinds cannot be mixed up.</summary>
/// <typeparam name="TSelf">The identifier itself.</typeparam>
public interface IIdentifier<TSelf>
    where TSelf : struct, IIdentifier<TSelf>
{
    /// <summary>The UUID.</summary>
    Guid Value { get; }

    /// <summary>Wraps a UUID.</summary>
    static abstract TSelf From(Guid value);

    /// <summary>A new identifier, ordered by time.</summary>
    static TSelf New() => TSelf.From(Guid.CreateVersion7());

    /// <summary>Reads an identifier from a route or a file.</summary>
    static bool TryRead(string? text, [NotNullWhen(true)] out TSelf id)
    {
        var ok = Guid.TryParse(text, out var value);
        id = TSelf.From(value);
        return ok;
    }
}

/// <summary>Writes typed identifiers as plain UUID texts.</summary>
internal sealed class IdentifierJson : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => IsIdentifier(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    internal static bool IsIdentifier(Type type) => type.IsValueType
        && type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IIdentifier<>));

    private sealed class Converter<TId> : JsonConverter<TId>
        where TId : struct, IIdentifier<TId>
    {
        public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TId.From(reader.GetGuid());

        public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Value);

        public override TId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TId.From(Guid.Parse(reader.GetString()!));

        public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value.Value.ToString());
    }
}
