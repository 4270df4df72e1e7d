using System.Buffers;
using System.Globalization;
using System.Text;

namespace Depart.Connectors.Ldap;

/// <summary>
/// A name in a directory (RFC 4514), compared by its parts: a comma comes as <c>\,</c> from one server and as <c>\2C</c> from another, and
/// case, spaces and the order inside a part with several values mean nothing.
/// </summary>
internal sealed class DistinguishedName : IEquatable<DistinguishedName>
{
    private static readonly SearchValues<char> Signs = SearchValues.Create(",;+\\\"<>");

    private string[]? normal;

    private DistinguishedName(IReadOnlyList<IReadOnlyList<(string Type, string Value)>> parts) => Parts = parts;

    /// <summary>Parts, the nearest first; each may hold several values.</summary>
    public IReadOnlyList<IReadOnlyList<(string Type, string Value)>> Parts { get; }

    /// <summary>The first value of the nearest part, as a person would read it; empty for the root.</summary>
    public string Name => Parts.Count == 0 ? "" : Parts[0][0].Value;

    /// <summary>The parts as they are compared; many a name is only shown.</summary>
    private string[] Compared => normal ??=
    [
        .. Parts.Select(part => string.Join('+', part.Select(one => $"{one.Type.ToUpperInvariant()}={Normal(one.Value)}").Order(StringComparer.Ordinal))),
    ];

    /// <summary>The name above.</summary>
    public DistinguishedName Parent => new([.. Parts.Skip(1)]);

    /// <summary>The nearest part alone, escaped.</summary>
    public string Rdn => Parts.Count == 0 ? "" : Text(Parts[0]);

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">Not a name.</exception>
    public static DistinguishedName Parse(string text)
    {
        var parts = new List<IReadOnlyList<(string, string)>>();
        var position = 0;
        while (position < text.Length)
        {
            var part = new List<(string, string)>();
            char next;
            do
            {
                part.Add(ParseOne(text, ref position));
                next = position < text.Length ? text[position++] : '\0';
            }
            while (next == '+');

            parts.Add(part);
            if (next is not ('\0' or ',' or ';') || (next != '\0' && position == text.Length))
            {
                throw new FormatException(text);
            }
        }

        return new(parts);
    }

    /// <summary>Reads a name, or gives null.</summary>
    public static DistinguishedName? TryParse(string? text)
    {
        try
        {
            return text is null ? null : Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether two texts name the same entry.</summary>
    public static bool Same(string? one, string? other) => TryParse(one) is { } first && first.Equals(TryParse(other));

    /// <summary>Whether this name is another one or lies below it.</summary>
    public bool IsWithin(DistinguishedName above) =>
        Compared.Length >= above.Compared.Length && Compared.AsSpan(Compared.Length - above.Compared.Length).SequenceEqual(above.Compared);

    /// <summary>Escapes a value (RFC 4514, 2.4).</summary>
    public static string Escape(string value)
    {
        var text = new StringBuilder(value.Length);
        for (var index = 0; index < value.Length; index++)
        {
            var sign = value[index];
            if (sign is ',' or '+' or '"' or '\\' or '<' or '>' or ';' or '=' || (sign == '#' && index == 0)
                || (sign == ' ' && (index == 0 || index == value.Length - 1)))
            {
                text.Append('\\').Append(sign);
            }
            else if (char.IsControl(sign))
            {
                text.Append('\\').Append(((int)sign).ToString("X2", CultureInfo.InvariantCulture));
            }
            else
            {
                text.Append(sign);
            }
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(DistinguishedName? other) => other is not null && Compared.AsSpan().SequenceEqual(other.Compared);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DistinguishedName);

    /// <inheritdoc/>
    public override int GetHashCode() => Compared.Aggregate(Compared.Length, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', Parts.Select(Text));

    private static string Text(IReadOnlyList<(string Type, string Value)> part) => string.Join('+', part.Select(one => $"{one.Type}={Escape(one.Value)}"));

    private static string Normal(string value) =>
        string.Join(' ', value.Normalize(NormalizationForm.FormKC).ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static (string Type, string Value) ParseOne(string text, ref int position)
    {
        var sign = text.IndexOf('=', position);
        var type = sign < 0 ? "" : text[position..sign].Trim();
        if (type.Length == 0 || !type.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.'))
        {
            throw new FormatException(text);
        }

        position = sign + 1;
        while (position < text.Length && text[position] == ' ')
        {
            position++;
        }

        return (type, position < text.Length && text[position] == '"' ? ParseQuoted(text, ref position) : ParseValue(text, ref position));
    }

    private static string ParseQuoted(string text, ref int position)
    {
        var bytes = new List<byte>();
        position++;
        while (position < text.Length && text[position] != '"')
        {
            TakeSign(text, ref position, bytes);
        }

        if (position == text.Length)
        {
            throw new FormatException(text);
        }

        position++;
        while (position < text.Length && text[position] == ' ')
        {
            position++;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static string ParseValue(string text, ref int position)
    {
        var plain = text.AsSpan(position).IndexOfAny(Signs) is var length and >= 0 ? position + length : text.Length;
        if (plain == text.Length || text[plain] is ',' or ';' or '+')
        {
            // Nothing is escaped, as nearly always.
            var value = text[position..plain].TrimEnd(' ');
            position = plain;
            return value;
        }

        var bytes = new List<byte>();
        var kept = 0;
        while (position < text.Length && text[position] is not (',' or ';' or '+'))
        {
            if (text[position] is '"' or '<' or '>')
            {
                throw new FormatException(text);
            }

            var escaped = text[position] == '\\';
            TakeSign(text, ref position, bytes);
            if (escaped || bytes[^1] != (byte)' ')
            {
                kept = bytes.Count;
            }
        }

        // Spaces at the end belong to the value only when escaped.
        return Encoding.UTF8.GetString([.. bytes.Take(kept)]);
    }

    private static void TakeSign(string text, ref int position, List<byte> bytes)
    {
        if (text[position] != '\\')
        {
            var length = char.IsHighSurrogate(text[position]) && position + 1 < text.Length ? 2 : 1;
            bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(position, length)));
            position += length;
        }
        else if (position + 2 < text.Length && byte.TryParse(text.AsSpan(position + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
        {
            bytes.Add(octet);
            position += 3;
        }
        else if (position + 1 < text.Length)
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(position + 1, 1)));
            position += 2;
        }
        else
        {
            throw new FormatException(text);
        }
    }
}
