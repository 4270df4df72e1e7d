using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Depart.Evidence;

/// <summary>The last link of a chain.</summary>
/// <param name="Chain">The chain: a departure's key or <c>house</c>.</param>
/// <param name="Sequence">Sequence of the last entry; 0 when there is none.</param>
/// <param name="Hash">Its hash; 64 zeros when there is none.</param>
public sealed record ChainHead(string Chain, long Sequence, string Hash)
{
    /// <summary>The start of a chain.</summary>
    public static ChainHead Start(string chain) => new(chain, 0, new string('0', 64));
}

/// <summary>A personal value held beside its entry: the entry has only its salted digest, so that the value can be erased.</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="Value">The value.</param>
/// <param name="Salt">128 random bits, lower-case hexadecimal.</param>
public sealed record PersonalValue(string Name, string Value, string Salt)
{
    /// <summary>SHA-256 over the salt's bytes followed by the value's UTF-8 bytes.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData([.. Convert.FromHexString(Salt), .. Encoding.UTF8.GetBytes(Value)]));
}

/// <summary>An entry, ready to be stored: its hash covers exactly these bytes.</summary>
/// <param name="Head">The chain's new head.</param>
/// <param name="Bytes">Canonical UTF-8 JSON, one line.</param>
/// <param name="Personal">Values to keep beside it.</param>
public sealed record StoredEntry(ChainHead Head, byte[] Bytes, IReadOnlyList<PersonalValue> Personal);

/// <summary>Chains facts. Format version 1: see <c>docs/developers/evidence-format.md</c>.</summary>
public static class JournalEntry
{
    /// <summary>Version of the format.</summary>
    public const int FormatVersion = 1;

    /// <summary>Makes the next entry of a chain.</summary>
    /// <param name="head">The chain's head.</param>
    /// <param name="kind">Dotted word.</param>
    /// <param name="at">Instant; kept in UTC, to the millisecond.</param>
    /// <param name="values">Public values: texts, numbers, booleans, instants, identifiers, null, or a list of such objects.</param>
    /// <param name="personal">Personal values; null ones are left out.</param>
    public static StoredEntry Append(
        ChainHead head, string kind, DateTimeOffset at, IReadOnlyDictionary<string, object?> values, IReadOnlyDictionary<string, string?> personal)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(personal);
        var kept = personal.Where(pair => pair.Value is not null).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new PersonalValue(pair.Key, pair.Value!, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)))).ToList();
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v", FormatVersion);
            writer.WriteString("chain", head.Chain);
            writer.WriteNumber("seq", head.Sequence + 1);
            writer.WriteString("prev", head.Hash);
            writer.WriteString("at", Instant(at));
            writer.WriteString("kind", kind);
            writer.WriteStartObject("values");
            foreach (var (name, value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                Write(writer, name, value);
            }

            writer.WriteEndObject();
            writer.WriteStartObject("personal");
            foreach (var value in kept)
            {
                writer.WriteString(value.Name, value.Digest());
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        var bytes = buffer.ToArray();
        return new(new(head.Chain, head.Sequence + 1, Hash(bytes)), bytes, kept);
    }

    /// <summary>SHA-256 over the exact bytes, lower-case hexadecimal.</summary>
    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    internal static string Instant(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNull(name);
                break;
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case int or long:
                writer.WriteNumber(name, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset at:
                writer.WriteString(name, Instant(at));
                break;
            case IReadOnlyList<IReadOnlyDictionary<string, object?>> list:
                writer.WriteStartArray(name);
                foreach (var item in list)
                {
                    writer.WriteStartObject();
                    foreach (var (inner, content) in item.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    {
                        Write(writer, inner, content);
                    }

                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteString(name, value.ToString());
                break;
        }
    }
}
