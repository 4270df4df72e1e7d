using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace Depart.Connectors.Ldap;

/// <summary>
/// A search filter as a tree, written to the wire as such (RFC 4511, 4.5.1.7): a value never passes through a text that would need
/// escaping. <see cref="Parse"/> reads the text of RFC 4515 for a filter that an administrator typed.
/// </summary>
internal abstract record LdapFilter
{
    private const int DeepestNesting = 20;

    /// <summary>Every part holds.</summary>
    public static LdapFilter All(params IEnumerable<LdapFilter> parts) => new Group(0, "&", [.. parts]);

    /// <summary>One part holds at least.</summary>
    public static LdapFilter Any(params IEnumerable<LdapFilter> parts) => new Group(1, "|", [.. parts]);

    /// <summary>The part does not hold.</summary>
    public static LdapFilter Not(LdapFilter part) => new Negation(part);

    /// <summary>The attribute has this value.</summary>
    public static LdapFilter Equal(string attribute, string value) => new Comparison(3, "=", attribute, Encoding.UTF8.GetBytes(value));

    /// <summary>The attribute has this value, in bytes.</summary>
    public static LdapFilter Equal(string attribute, byte[] value) => new Comparison(3, "=", attribute, value);

    /// <summary>The attribute has a value.</summary>
    public static LdapFilter Present(string attribute) => new Presence(attribute);

    /// <summary>The entry is of this class.</summary>
    public static LdapFilter Class(string name) => Equal("objectClass", name);

    /// <summary>Reads RFC 4515.</summary>
    /// <exception cref="FormatException">Not a filter; the message says where.</exception>
    public static LdapFilter Parse(string text)
    {
        var position = 0;
        var filter = ParseOne(text.Trim(), ref position, 0);
        return position == text.Trim().Length ? filter : throw new FormatException($"({position + 1})");
    }

    /// <summary>Whether a text is a filter.</summary>
    public static bool CanParse(string text)
    {
        try
        {
            Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Writes the filter to the wire.</summary>
    public abstract void Write(AsnWriter writer);

    /// <summary>Escapes bytes for the text form (RFC 4515, 3): everything but letters, digits and a few signs.</summary>
    public static string Escape(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder(value.Length);
        foreach (var octet in value)
        {
            if (octet is >= 0x20 and < 0x7f and not ((byte)'(' or (byte)')' or (byte)'*' or (byte)'\\'))
            {
                text.Append((char)octet);
            }
            else
            {
                text.Append('\\').Append(octet.ToString("x2", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }

    private static LdapFilter ParseOne(string text, ref int position, int depth)
    {
        if (depth > DeepestNesting || position + 1 >= text.Length || text[position] != '(')
        {
            throw new FormatException($"({position + 1})");
        }

        position++;
        LdapFilter filter;
        if (text[position] is '&' or '|' or '!')
        {
            var sign = text[position++];
            var parts = new List<LdapFilter>();
            while (position < text.Length && text[position] == '(')
            {
                parts.Add(ParseOne(text, ref position, depth + 1));
            }

            filter = (sign, parts.Count) switch
            {
                ('!', 1) => Not(parts[0]),
                ('&', > 0) => All(parts),
                ('|', > 0) => Any(parts),
                _ => throw new FormatException($"({position + 1})"),
            };
        }
        else
        {
            var end = text.IndexOf(')', position);
            filter = end < 0 ? throw new FormatException($"({position + 1})") : ParseItem(text[position..end], position);
            position = end;
        }

        if (position >= text.Length || text[position] != ')')
        {
            throw new FormatException($"({position + 1})");
        }

        position++;
        return filter;
    }

    private static LdapFilter ParseItem(string item, int position)
    {
        var sign = item.IndexOf('=', StringComparison.Ordinal);
        if (sign <= 0)
        {
            throw new FormatException($"({position + 1})");
        }

        var value = item[(sign + 1)..];
        var name = item[..sign];
        var kind = name[^1];
        if (kind is ':' or '<' or '>' or '~')
        {
            name = name[..^1];
        }

        if (name.Length == 0 || name.Any(sign => !char.IsAsciiLetterOrDigit(sign) && sign is not ('-' or ';' or '.' or ':' or '_')))
        {
            throw new FormatException($"({position + 1})");
        }

        return kind switch
        {
            ':' => ParseExtensible(name, Unescape(value, position), position),
            '>' => new Comparison(5, ">=", name, Unescape(value, position)),
            '<' => new Comparison(6, "<=", name, Unescape(value, position)),
            '~' => new Comparison(8, "~=", name, Unescape(value, position)),
            _ when value == "*" => new Presence(name),
            _ when value.Contains('*', StringComparison.Ordinal) => new Substrings(name, [.. value.Split('*').Select(part => Unescape(part, position))]),
            _ => new Comparison(3, "=", name, Unescape(value, position)),
        };
    }

    private static Extensible ParseExtensible(string name, byte[] value, int position)
    {
        var parts = name.Split(':');
        var onDn = parts.Skip(1).Any(part => part.Equals("dn", StringComparison.OrdinalIgnoreCase));
        var rules = parts.Skip(1).Where(part => !part.Equals("dn", StringComparison.OrdinalIgnoreCase)).ToList();
        return rules.Count > 1 || parts[0].Length + rules.Count == 0
            ? throw new FormatException($"({position + 1})")
            : new(rules.FirstOrDefault(), parts[0].Length == 0 ? null : parts[0], value, onDn);
    }

    private static byte[] Unescape(string text, int position)
    {
        var bytes = new List<byte>(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] != '\\')
            {
                var length = char.IsHighSurrogate(text[index]) && index + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(index, length)));
                index += length - 1;
            }
            else if (index + 2 < text.Length && byte.TryParse(text.AsSpan(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                bytes.Add(octet);
                index += 2;
            }
            else
            {
                throw new FormatException($"({position + 1})");
            }
        }

        return [.. bytes];
    }

    private static Asn1Tag Tag(int number, bool constructed) => new(TagClass.ContextSpecific, number, constructed);

    private sealed record Group(int Number, string Sign, IReadOnlyList<LdapFilter> Parts) : LdapFilter
    {
        public override void Write(AsnWriter writer)
        {
            using (writer.PushSequence(Tag(Number, constructed: true)))
            {
                foreach (var part in Parts)
                {
                    part.Write(writer);
                }
            }
        }

        public override string ToString() => $"({Sign}{string.Concat(Parts)})";
    }

    private sealed record Negation(LdapFilter Part) : LdapFilter
    {
        public override void Write(AsnWriter writer)
        {
            using (writer.PushSequence(Tag(2, constructed: true)))
            {
                Part.Write(writer);
            }
        }

        public override string ToString() => $"(!{Part})";
    }

    private sealed record Comparison(int Number, string Sign, string Attribute, byte[] Value) : LdapFilter
    {
        public override void Write(AsnWriter writer)
        {
            using (writer.PushSequence(Tag(Number, constructed: true)))
            {
                writer.WriteOctetString(Encoding.UTF8.GetBytes(Attribute));
                writer.WriteOctetString(Value);
            }
        }

        public override string ToString() => $"({Attribute}{Sign}{Escape(Value)})";
    }

    private sealed record Presence(string Attribute) : LdapFilter
    {
        public override void Write(AsnWriter writer) => writer.WriteOctetString(Encoding.UTF8.GetBytes(Attribute), Tag(7, constructed: false));

        public override string ToString() => $"({Attribute}=*)";
    }

    /// <summary>Pieces between stars: the first is the beginning, the last the end, either may be empty.</summary>
    private sealed record Substrings(string Attribute, IReadOnlyList<byte[]> Pieces) : LdapFilter
    {
        public override void Write(AsnWriter writer)
        {
            using (writer.PushSequence(Tag(4, constructed: true)))
            {
                writer.WriteOctetString(Encoding.UTF8.GetBytes(Attribute));
                using (writer.PushSequence())
                {
                    for (var index = 0; index < Pieces.Count; index++)
                    {
                        if (Pieces[index].Length > 0)
                        {
                            writer.WriteOctetString(Pieces[index], Tag(index == 0 ? 0 : index == Pieces.Count - 1 ? 2 : 1, constructed: false));
                        }
                    }
                }
            }
        }

        public override string ToString() => $"({Attribute}={string.Join('*', Pieces.Select(piece => Escape(piece)))})";
    }

    private sealed record Extensible(string? Rule, string? Attribute, byte[] Value, bool OnDn) : LdapFilter
    {
        public override void Write(AsnWriter writer)
        {
            using (writer.PushSequence(Tag(9, constructed: true)))
            {
                if (Rule is not null)
                {
                    writer.WriteOctetString(Encoding.UTF8.GetBytes(Rule), Tag(1, constructed: false));
                }

                if (Attribute is not null)
                {
                    writer.WriteOctetString(Encoding.UTF8.GetBytes(Attribute), Tag(2, constructed: false));
                }

                writer.WriteOctetString(Value, Tag(3, constructed: false));
                if (OnDn)
                {
                    writer.WriteBoolean(true, Tag(4, constructed: false));
                }
            }
        }

        public override string ToString() => $"({Attribute}{(OnDn ? ":dn" : "")}{(Rule is null ? "" : ":" + Rule)}:={Escape(Value)})";
    }
}
