using System.Text;

namespace Depart.Connectors.Lab;

/// <summary>Writes and reads LDIF (RFC 2849), the language of the directories' own clients.</summary>
public static class LabLdif
{
    /// <summary>One line: a value that is not plain is encoded.</summary>
    public static string Line(string attribute, string value) =>
        value.Length > 0 && value.All(sign => sign is > ' ' and < '\u007f' || sign == ' ') && value[0] is not (' ' or ':' or '<') && value[^1] != ' '
            ? $"{attribute}: {value}\n" : $"{attribute}:: {Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}\n";

    /// <summary>Several lines.</summary>
    public static string Lines(string attribute, IEnumerable<string> values) => string.Concat(values.Select(value => Line(attribute, value)));

    /// <summary>Entries, each with its name (dn) first; lines as the client wrote them, values decoded.</summary>
    public static IReadOnlyList<IReadOnlyList<(string Name, string Value)>> Read(string ldif)
    {
        var entries = new List<IReadOnlyList<(string, string)>>();
        foreach (var block in ldif.Replace("\n ", "", StringComparison.Ordinal).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = new List<(string Name, string Value)>();
            foreach (var line in block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var at = line.IndexOf(':', StringComparison.Ordinal);
                if (line[0] == '#' && line.StartsWith("# accountUsability", StringComparison.Ordinal))
                {
                    lines.Add(("accountUsability", line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()));
                }
                else if (line[0] != '#' && at > 0)
                {
                    var encoded = at + 1 < line.Length && line[at + 1] == ':';
                    var text = line[(at + (encoded ? 2 : 1))..].Trim();
                    lines.Add((line[..at], encoded ? Decode(text) : text));
                }
            }

            if (lines.Exists(line => line.Name == "dn"))
            {
                entries.Add([.. lines.OrderBy(line => line.Name == "dn" ? 0 : 1)]);
            }
        }

        return entries;
    }

    /// <summary>First value of an attribute.</summary>
    public static string? Value(this IReadOnlyList<(string Name, string Value)> entry, string attribute) =>
        entry.Where(line => line.Name == attribute).Select(line => line.Value).FirstOrDefault();

    /// <summary>Escapes a value for a filter (RFC 4515).</summary>
    public static string Filter(string value) => string.Concat(Encoding.UTF8.GetBytes(value).Select(octet =>
        char.IsAsciiLetterOrDigit((char)octet) ? ((char)octet).ToString() : $"\\{octet:x2}"));

    /// <summary>Escapes a value for a name (RFC 4514).</summary>
    public static string Name(string value) => string.Concat(value.Select(sign => sign is ',' or '+' or '"' or '\\' or '<' or '>' or ';' or '=' or '#' ? $"\\{sign}" : sign.ToString()));

    private static string Decode(string text)
    {
        var bytes = Convert.FromBase64String(text);
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return text;
        }
    }
}
