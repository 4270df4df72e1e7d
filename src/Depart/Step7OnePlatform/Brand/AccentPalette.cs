using System.Security.Cryptography;
using System.Text;

namespace Depart.Step7OnePlatform.Brand;

/// <summary>The tones of an accent in one theme.</summary>
/// <param name="Accent">Links, and the ground of the main button.</param>
/// <param name="Strong">The same under the pointer, and what is chosen in a menu.</param>
/// <param name="Soft">The ground of what is chosen.</param>
/// <param name="On">What is written on the accent.</param>
internal sealed record AccentTones(Colour Accent, Colour Strong, Colour Soft, Colour On);

/// <summary>
/// The tones of a company's accent in both themes. The light theme takes the colour as it is, so it has to be read there; the dark one takes a lighter tone of the same hue, which always can.
/// </summary>
/// <remarks>Tested: every accent that is taken is read, in both themes, on every surface of <c>depart.css</c> on which it stands (WCAG 2.2 AA, 4.5 to 1).</remarks>
internal sealed record AccentPalette(AccentTones Light, AccentTones Dark)
{
    /// <summary>What text needs against its ground (WCAG 2.2, 1.4.3).</summary>
    public const double Least = 4.5;

    /// <summary>Where an accent stands in the light theme, as <c>depart.css</c> has them: ground, surface, sunken, and the soft grounds of messages.</summary>
    public static IReadOnlyList<Colour> LightGrounds { get; } = [.. new[] { "#f5f6fa", "#ffffff", "#eef0f6", "#f9f9fd", "#fdf1dc", "#fdeeec", "#e2f5ec", "#e6f1fa" }.Select(text => Colour.Read(text)!.Value)];

    /// <summary>The same in the dark theme.</summary>
    public static IReadOnlyList<Colour> DarkGrounds { get; } = [.. new[] { "#0f1118", "#181b25", "#1f2330", "#12141c", "#1c2030", "#382a12", "#38191a", "#143327", "#16293a" }.Select(text => Colour.Read(text)!.Value)];

    /// <summary>The red of what cuts has this hue; an accent near it would make a main button look like one that cuts.</summary>
    private const double DangerHue = 28;
    private const double DangerSpan = 14;
    private const double VividFrom = 0.09;

    private static readonly Colour White = new(255, 255, 255);
    private static readonly Colour Ink = new(0x14, 0x14, 0x2b);
    private static readonly Colour DarkSurface = new(0x18, 0x1b, 0x25);

    /// <summary>What is wrong with a colour as an accent, or null.</summary>
    public static AccentFlaw? FlawOf(Colour colour) => IsLikeDanger(colour) ? AccentFlaw.LooksLikeDanger : IsRead(TonesInLight(colour), LightGrounds) ? null : AccentFlaw.HardToRead;

    /// <summary>The palette of a colour without a flaw.</summary>
    public static AccentPalette Of(Colour colour) => new(TonesInLight(colour), TonesInDark(colour));

    /// <summary>The colour without a flaw that looks most like this one: itself, or of the same hue and darker; a red is turned to the nearer hue that is none.</summary>
    public static Colour Nearest(Colour colour)
    {
        if (FlawOf(colour) is null)
        {
            return colour;
        }

        var (lightness, chroma, hue) = colour.Seen;
        if (IsLikeDanger(colour))
        {
            // A degree more than the span: rounding to a screen's colour moves the hue a little.
            hue = DangerHue + ((DangerSpan + 2) * (Distance(hue) < 0 ? -1 : 1));
        }

        for (var darker = Math.Min(lightness, 0.75); darker > 0.1; darker -= 0.005)
        {
            var candidate = Colour.OfSeen(darker, chroma, hue);
            if (FlawOf(candidate) is null)
            {
                return candidate;
            }
        }

        return Ink;
    }

    /// <summary>The stylesheet that lays these tones over the shipped ones.</summary>
    public string Css => $$"""
        :root {
          --accent: light-dark({{Light.Accent}}, {{Dark.Accent}});
          --accent-strong: light-dark({{Light.Strong}}, {{Dark.Strong}});
          --accent-soft: light-dark({{Light.Soft}}, {{Dark.Soft}});
          --on-accent: light-dark({{Light.On}}, {{Dark.On}});
          --focus: light-dark({{Light.Accent}}, {{Dark.Strong}});
        }

        """;

    /// <summary>Where the stylesheet of a colour is: the colour says what is in it, the digest makes another one of it when the tones are made otherwise.</summary>
    public static string PathOf(Colour colour) => $"/brand/{colour.ToString()[1..]}.css?v={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Of(colour).Css)))[..10]}";

    /// <summary>Whether everything can be read: the accent on its grounds and on the soft one, what is chosen on the soft one, and what is written on either.</summary>
    public static bool IsRead(AccentTones tones, IReadOnlyList<Colour> grounds) =>
        grounds.Append(tones.Soft).All(ground => tones.Accent.Against(ground) >= Least && tones.Strong.Against(ground) >= Least) && tones.On.Against(tones.Accent) >= Least && tones.On.Against(tones.Strong) >= Least;

    private static bool IsLikeDanger(Colour colour)
    {
        var (_, chroma, hue) = colour.Seen;
        return chroma >= VividFrom && Math.Abs(Distance(hue)) <= DangerSpan;
    }

    /// <summary>How far a hue is from that of danger, the shorter way round.</summary>
    private static double Distance(double hue) => (((hue - DangerHue + 540) % 360) + 360) % 360 - 180;

    private static AccentTones TonesInLight(Colour accent)
    {
        var (lightness, chroma, hue) = accent.Seen;
        return new(accent, Colour.OfSeen(Math.Max(lightness - 0.07, 0), chroma, hue), accent.Over(White, 0.1), White);
    }

    /// <summary>Lighter until it is read everywhere; vivid colours lose some of it, which is easier on the eye in the dark.</summary>
    private static AccentTones TonesInDark(Colour accent)
    {
        var (_, chroma, hue) = accent.Seen;
        var calm = Math.Min(chroma, 0.14);
        for (var lightness = 0.76; lightness < 0.93; lightness += 0.01)
        {
            var tones = Tones(lightness);
            if (IsRead(tones, DarkGrounds))
            {
                return tones;
            }
        }

        return Tones(0.93);

        AccentTones Tones(double lightness)
        {
            var light = Colour.OfSeen(lightness, calm, hue);
            return new(light, Colour.OfSeen(lightness + 0.06, calm * 0.75, hue), light.Over(DarkSurface, 0.17), Ink);
        }
    }
}

/// <summary>Why a colour is no accent.</summary>
internal enum AccentFlaw
{
    /// <summary>It is not told apart enough from what it stands on.</summary>
    HardToRead,

    /// <summary>It is the red that is kept for what cuts.</summary>
    LooksLikeDanger,
}
