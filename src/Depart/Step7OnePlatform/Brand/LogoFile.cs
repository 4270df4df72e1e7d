using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Depart.Step7OnePlatform.Brand;

/// <summary>A picture that may be a logo, known by what it holds: PNG, JPEG or WebP. SVG is none: it can hold a script.</summary>
/// <param name="Type">Media type by which it is served.</param>
/// <param name="Width">Pixels, or 0 where the file does not say it at its head.</param>
/// <param name="Height">Pixels, or 0.</param>
internal sealed record LogoFile(string Type, int Width, int Height)
{
    /// <summary>Largest file: it is on every page.</summary>
    public const int MostBytes = 128 * 1024;

    /// <summary>Largest side.</summary>
    public const int MostPixels = 2000;

    /// <summary>Endings, for a form.</summary>
    public const string Accepted = ".png,.jpg,.jpeg,.webp";

    private static ReadOnlySpan<byte> PngHead => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>What the bytes are, or null when they are no picture that is taken.</summary>
    public static LogoFile? Of(ReadOnlySpan<byte> content)
    {
        if (content.Length > 24 && content.StartsWith(PngHead) && content[12..].StartsWith("IHDR"u8))
        {
            return new("image/png", BinaryPrimitives.ReadInt32BigEndian(content[16..]), BinaryPrimitives.ReadInt32BigEndian(content[20..]));
        }

        if (content.Length > 4 && content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            var (width, height) = JpegSize(content);
            return new("image/jpeg", width, height);
        }

        return content.Length > 30 && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBPVP8"u8) ? Webp(content) : null;
    }

    /// <summary>Part of its address: other bytes, another address.</summary>
    public static string HashOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>The size stands in the first frame header; segments before it are skipped.</summary>
    private static (int Width, int Height) JpegSize(ReadOnlySpan<byte> content)
    {
        for (var at = 2; at + 9 < content.Length && content[at] == 0xFF;)
        {
            var marker = content[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(content[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(content[(at + 5)..]));
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(content[(at + 2)..]);
        }

        return (0, 0);
    }

    private static LogoFile Webp(ReadOnlySpan<byte> content)
    {
        var (width, height) = content[15] switch
        {
            (byte)'X' => (1 + Three(content[24..]), 1 + Three(content[27..])),
            (byte)'L' => ((int)(BinaryPrimitives.ReadUInt32LittleEndian(content[21..]) & 0x3FFF) + 1, (int)((BinaryPrimitives.ReadUInt32LittleEndian(content[21..]) >> 14) & 0x3FFF) + 1),
            _ => (BinaryPrimitives.ReadUInt16LittleEndian(content[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(content[28..]) & 0x3FFF),
        };
        return new("image/webp", width, height);
    }

    private static int Three(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
