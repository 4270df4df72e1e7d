using System.Globalization;

namespace Depart.Step7OnePlatform.Brand;

/// <summary>A colour of the screen (sRGB), with the arithmetic of contrast: WCAG 2.2 for what is told apart, OKLCH for what looks alike.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    /// <summary>Reads <c>#4139c9</c> or <c>4139c9</c>, in either case; null when it is none.</summary>
    public static Colour? Read(string? text)
    {
        var digits = text?.Trim() is ['#', .. var rest] ? rest : text?.Trim() ?? "";
        return digits.Length == 6 && digits.All(char.IsAsciiHexDigit) && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? new((byte)(number >> 16), (byte)(number >> 8), (byte)number) : null;
    }

    /// <summary>As stylesheets write it: <c>#4139c9</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");

    /// <summary>Relative luminance (WCAG 2.2), from 0, black, to 1, white.</summary>
    public double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    /// <summary>Contrast ratio of two colours (WCAG 2.2), from 1 to 21.</summary>
    public double Against(Colour other)
    {
        var (one, two) = (Luminance, other.Luminance);
        return (Math.Max(one, two) + 0.05) / (Math.Min(one, two) + 0.05);
    }

    /// <summary>A part of this colour laid over another; 0 is the other, 1 is this one.</summary>
    public Colour Over(Colour other, double part) => new(Mixed(Red, other.Red, part), Mixed(Green, other.Green, part), Mixed(Blue, other.Blue, part));

    /// <summary>Lightness (0 to 1), chroma and hue (0 to 360), as the eye sees them (OKLCH).</summary>
    public (double Lightness, double Chroma, double Hue) Seen
    {
        get
        {
            var (red, green, blue) = (Linear(Red), Linear(Green), Linear(Blue));
            var l = Math.Cbrt((0.4122214708 * red) + (0.5363325363 * green) + (0.0514459929 * blue));
            var m = Math.Cbrt((0.2119034982 * red) + (0.6806995451 * green) + (0.1073969566 * blue));
            var s = Math.Cbrt((0.0883024619 * red) + (0.2817188376 * green) + (0.6299787005 * blue));
            var a = (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s);
            var b = (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s);
            var hue = Math.Atan2(b, a) * 180 / Math.PI;
            return ((0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s), Math.Sqrt((a * a) + (b * b)), hue < 0 ? hue + 360 : hue);
        }
    }

    /// <summary>The colour that is seen so; where the screen has none so vivid, as vivid as it can.</summary>
    public static Colour OfSeen(double lightness, double chroma, double hue)
    {
        var vivid = chroma;
        if (!Fits(lightness, chroma, hue))
        {
            var (fits, tooVivid) = (0.0, chroma);
            for (var halving = 0; halving < 16; halving++)
            {
                var middle = (fits + tooVivid) / 2;
                (fits, tooVivid) = Fits(lightness, middle, hue) ? (middle, tooVivid) : (fits, middle);
            }

            vivid = fits;
        }

        var (red, green, blue) = Raw(lightness, vivid, hue);
        return new(Byte(red), Byte(green), Byte(blue));
    }

    private static bool Fits(double lightness, double chroma, double hue)
    {
        var (red, green, blue) = Raw(lightness, chroma, hue);
        return red is > -0.0005 and < 1.0005 && green is > -0.0005 and < 1.0005 && blue is > -0.0005 and < 1.0005;
    }

    /// <summary>Linear red, green and blue; outside 0 to 1 where the screen has no such colour.</summary>
    private static (double Red, double Green, double Blue) Raw(double lightness, double chroma, double hue)
    {
        var (a, b) = (chroma * Math.Cos(hue * Math.PI / 180), chroma * Math.Sin(hue * Math.PI / 180));
        var l = Math.Pow(lightness + (0.3963377774 * a) + (0.2158037573 * b), 3);
        var m = Math.Pow(lightness - (0.1055613458 * a) - (0.0638541728 * b), 3);
        var s = Math.Pow(lightness - (0.0894841775 * a) - (1.2914855480 * b), 3);
        return (
            (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s),
            (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s),
            (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
    }

    private static double Linear(byte channel)
    {
        var value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    private static byte Byte(double linear)
    {
        var value = Math.Clamp(linear, 0, 1);
        return (byte)Math.Round(255 * (value <= 0.0031308 ? value * 12.92 : (1.055 * Math.Pow(value, 1 / 2.4)) - 0.055));
    }

    private static byte Mixed(byte one, byte other, double part) => (byte)Math.Round((one * part) + (other * (1 - part)));
}
