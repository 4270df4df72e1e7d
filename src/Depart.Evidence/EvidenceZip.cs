using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Depart.Evidence;

/// <summary>
/// The one way in which an archive is zipped: names in order, nothing compressed, no dates, no comments, no extra fields. So the same files
/// always give the same bytes, and a reader can ask that a zip be exactly those: every trick that shows two readers two contents (a name twice,
/// headers that disagree, bytes between the files) is a difference.
/// </summary>
internal static class EvidenceZip
{
    private const uint LocalMark = 0x04034b50;
    private const uint CentralMark = 0x02014b50;
    private const uint EndMark = 0x06054b50;
    private const ushort Version = 20;
    private const ushort FirstOfJanuary1980 = 0x21;
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8)
        .Aggregate((uint)value, (rest, _) => (rest & 1) == 0 ? rest >> 1 : 0xEDB88320 ^ (rest >> 1)))];

    /// <summary>A name that an archive may hold: no folder, no trick.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 60 && char.IsAsciiLetterLower(name[0])
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '-');

    /// <summary>Zips.</summary>
    public static byte[] Write(IReadOnlyDictionary<string, byte[]> files)
    {
        using var zip = new MemoryStream();
        using var central = new MemoryStream();
        foreach (var (name, content) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            var offset = (uint)zip.Position;
            var header = Header(Encoding.ASCII.GetBytes(name), content);
            Number(zip, LocalMark);
            zip.Write(header);
            zip.Write(Encoding.ASCII.GetBytes(name));
            zip.Write(content);
            Number(central, CentralMark);
            Number(central, Version, 2);
            central.Write(header);
            central.Write(new byte[10]);
            Number(central, offset);
            central.Write(Encoding.ASCII.GetBytes(name));
        }

        var start = (uint)zip.Position;
        zip.Write(central.GetBuffer(), 0, (int)central.Length);
        Number(zip, EndMark);
        zip.Write(new byte[4]);
        Number(zip, (uint)files.Count, 2);
        Number(zip, (uint)files.Count, 2);
        Number(zip, (uint)central.Length);
        Number(zip, start);
        zip.Write(new byte[2]);
        return zip.ToArray();
    }

    /// <summary>
    /// Reads a zip. <c>Strange</c> is the first byte that is not as <see cref="Write"/> would have put it, or -1: what was read then comes from another
    /// packer or from a forger.
    /// </summary>
    /// <exception cref="FormatException">It holds too much, a name twice or a name that is none.</exception>
    public static (Dictionary<string, byte[]> Files, long Strange) Read(byte[] zip, long limit)
    {
        if (Plainly(zip) is { } files)
        {
            return (files, Difference(zip, Write(files)));
        }

        var leniently = Leniently(zip, limit);
        return (leniently, Math.Max(0, Difference(zip, Write(leniently))));
    }

    private static long Difference(byte[] zip, byte[] expected)
    {
        var common = zip.AsSpan().CommonPrefixLength(expected);
        return common == zip.Length && common == expected.Length ? -1 : common;
    }

    /// <summary>Follows our own headers from the first byte; null as soon as they are not ours.</summary>
    private static Dictionary<string, byte[]>? Plainly(byte[] zip)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var at = 0;
        while (zip.Length - at >= 30 && BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(at)) == LocalMark)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(at + 22));
            var length = BinaryPrimitives.ReadUInt16LittleEndian(zip.AsSpan(at + 26));
            if (size > zip.Length - at - 30 - length)
            {
                return null;
            }

            var name = Encoding.Latin1.GetString(zip, at + 30, length);
            var content = zip[(at + 30 + length)..(at + 30 + length + (int)size)];
            if (!IsName(name) || !zip.AsSpan(at + 4, 26).SequenceEqual(Header(Encoding.ASCII.GetBytes(name), content)) || !files.TryAdd(name, content))
            {
                return null;
            }

            at += 30 + length + (int)size;
        }

        return files.Count == 0 ? null : files;
    }

    private static Dictionary<string, byte[]> Leniently(byte[] bytes, long limit)
    {
        using var zip = Opened(bytes);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var left = limit;
        if (zip.Entries.Count > 100 || zip.Entries.Sum(entry => (decimal)entry.Length) > limit)
        {
            throw new Misread($"it holds more than 100 files, or unpacks to more than {limit} bytes", $"elle contient plus de 100 fichiers, ou plus de {limit} octets une fois décompressée");
        }

        foreach (var entry in zip.Entries)
        {
            if (!IsName(entry.FullName))
            {
                throw new Misread($"it holds a file named “{Shown(entry.FullName)}”, and no archive of Depart does", $"elle contient un fichier nommé « {Shown(entry.FullName)} », et aucune archive de Départ n’en a");
            }

            using var stream = entry.Open();
            using var content = new MemoryStream();
            var block = new byte[81920];
            int read;
            while ((read = stream.Read(block)) > 0)
            {
                // The length announced by a hostile zip is not believed: what comes out is counted.
                left -= read;
                if (left < 0)
                {
                    throw new Misread($"it unpacks to more than {limit} bytes", $"décompressée, elle dépasse {limit} octets");
                }

                content.Write(block, 0, read);
            }

            if (!files.TryAdd(entry.FullName, content.ToArray()))
            {
                throw new Misread($"it holds two files named “{entry.FullName}”", $"elle contient deux fichiers nommés « {entry.FullName} »");
            }
        }

        return files;
    }

    private static ZipArchive Opened(byte[] bytes)
    {
        try
        {
            return new(new MemoryStream(bytes), ZipArchiveMode.Read);
        }
        catch (InvalidDataException error)
        {
            throw new Misread("it is no zip", "ce n’est pas un zip", error);
        }
    }

    private static string Shown(string name) => new([.. name.Take(80).Select(letter => char.IsControl(letter) ? '?' : letter)]);

    /// <summary>What local and central header share: from the version needed to the length of the extra field.</summary>
    private static byte[] Header(byte[] name, byte[] content)
    {
        using var header = new MemoryStream();
        Number(header, Version, 2);
        Number(header, 0);
        Number(header, 0, 2);
        Number(header, FirstOfJanuary1980, 2);
        Number(header, Crc(content));
        Number(header, (uint)content.Length);
        Number(header, (uint)content.Length);
        Number(header, (uint)name.Length, 2);
        Number(header, 0, 2);
        return header.ToArray();
    }

    private static uint Crc(byte[] content)
    {
        var crc = uint.MaxValue;
        foreach (var value in content)
        {
            crc = Table[(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static void Number(MemoryStream target, uint number, int bytes = 4)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(four, number);
        target.Write(four[..bytes]);
    }
}
