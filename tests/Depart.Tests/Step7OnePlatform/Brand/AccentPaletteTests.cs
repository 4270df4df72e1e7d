using System.Text.RegularExpressions;
using Depart.House;

namespace Depart.Step7OnePlatform.Brand;

/// <summary>Whatever colour a company brings: what is taken can be read in both themes, and what is not taken has a nearest one that is.</summary>
public sealed class AccentPaletteTests
{
    [Theory]
    [InlineData("#000000", "#ffffff", 21.0)]
    [InlineData("#767676", "#ffffff", 4.54)]
    [InlineData("#4139c9", "#ffffff", 7.91)]
    public void Contrast_is_that_of_WCAG(string one, string other, double expected) => Assert.Equal(expected, At(one).Against(At(other)), 0.01);

    [Theory]
    [InlineData("#4139c9")]
    [InlineData("#0b6b45")]
    [InlineData("#1d4fb8")]
    [InlineData("#171a2b")]
    public void A_dark_enough_colour_is_taken_as_it_is(string colour)
    {
        Assert.Null(AccentPalette.FlawOf(At(colour)));
        Assert.Equal(colour, AccentPalette.Of(At(colour)).Light.Accent.ToString());
        Assert.Equal(At(colour), AccentPalette.Nearest(At(colour)));
    }

    [Theory]
    [InlineData("#ffdd00", "HardToRead")]
    [InlineData("#00a0e3", "HardToRead")]
    [InlineData("#ffffff", "HardToRead")]
    [InlineData("#b3261e", "LooksLikeDanger")]
    [InlineData("#e60028", "LooksLikeDanger")]
    public void Others_are_refused_for_what_is_wrong_with_them(string colour, string flaw) => Assert.Equal(flaw, AccentPalette.FlawOf(At(colour)).ToString());

    [Fact]
    public void Every_colour_has_a_nearest_one_that_is_read_on_every_surface_of_both_themes()
    {
        for (var colour = 0; colour <= 0xffffff; colour += 0x0b0d07)
        {
            var nearest = AccentPalette.Nearest(new((byte)(colour >> 16), (byte)(colour >> 8), (byte)colour));
            Assert.Null(AccentPalette.FlawOf(nearest));
            var palette = AccentPalette.Of(nearest);
            Assert.True(AccentPalette.IsRead(palette.Light, AccentPalette.LightGrounds), $"{colour:x6} → {nearest} in light");
            Assert.True(AccentPalette.IsRead(palette.Dark, AccentPalette.DarkGrounds), $"{colour:x6} → {nearest} in dark");
        }
    }

    [Fact]
    public void The_surfaces_are_those_of_the_stylesheet()
    {
        var css = File.ReadAllText(Path.Combine(HouseTests.Root(), "src/Depart/wwwroot/depart.css"));
        foreach (var token in new[] { "ground", "surface", "raised", "sunken", "danger-soft", "good-soft", "attention-soft", "attested-soft" })
        {
            var pair = Regex.Match(css, $@"--{token}: light-dark\((#\w{{6}}), (#\w{{6}})\)", RegexOptions.None, TimeSpan.FromSeconds(1));
            Assert.Contains(At(pair.Groups[1].Value), AccentPalette.LightGrounds);
            Assert.Contains(At(pair.Groups[2].Value), AccentPalette.DarkGrounds);
        }
    }

    [Theory]
    [InlineData("4139C9", "#4139c9")]
    [InlineData(" #4139c9 ", "#4139c9")]
    [InlineData("#4139c", null)]
    [InlineData("##4139c9", null)]
    [InlineData("red", null)]
    [InlineData("#4139c9;}", null)]
    [InlineData("", null)]
    public void A_colour_is_six_digits_and_nothing_else(string said, string? read) => Assert.Equal(read, Colour.Read(said)?.ToString());

    private static Colour At(string text) => Colour.Read(text)!.Value;
}
