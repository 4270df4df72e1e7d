namespace Depart.Foundation.Design;

public class SaidTests
{
    [Theory]
    [InlineData("Élodie Perrin", "d’Élodie Perrin")]
    [InlineData("Hélène Adjani", "d’Hélène Adjani")]
    [InlineData("Yves Arnaud", "d’Yves Arnaud")]
    [InlineData("Youssef Besson", "de Youssef Besson")]
    [InlineData("Paul Imbert", "de Paul Imbert")]
    public void A_name_after_de_is_elided_as_it_is_spoken(string name, string said)
    {
        Assert.Equal(said, Said.Of(name).Fr);
        Assert.Equal(name, Said.Of(name).En);
    }

    [Theory]
    [InlineData("2.16:40:00", "2 j 16 h", "2 d 16 h")]
    [InlineData("03:05:59", "3 h 05", "3 h 05")]
    [InlineData("00:04:09", "4 min 09 s", "4 min 09 s")]
    [InlineData("-00:01:00", "0 min 00 s", "0 min 00 s")]
    public void What_is_left_is_said_as_the_script_says_it(string left, string french, string english)
    {
        var said = Said.Left(TimeSpan.Parse(left, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(french, said.Fr.Replace('\u00A0', ' '));
        Assert.Equal(english, said.En.Replace('\u00A0', ' '));
    }

    [Fact]
    public void On_paper_a_day_has_its_year_and_is_never_today()
    {
        var paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        var said = Said.OnPaper(new DateTimeOffset(2026, 12, 1, 17, 0, 0, TimeSpan.Zero), paris);

        Assert.Equal("1er décembre 2026, 18 h", said.Fr.Replace('\u00A0', ' '));
        Assert.Equal("1 December 2026, 18:00", said.En);
    }

    [Fact]
    public void A_count_has_its_thousands_apart_and_French_counts_zero_as_one()
    {
        var (one, many) = (new Words("{0} line", "{0} ligne"), new Words("{0} lines", "{0} lignes"));

        Assert.Equal("12,000 lines", Words.Count(12_000, one, many).En);
        Assert.Equal("12\u202F000 lignes", Words.Count(12_000, one, many).Fr);
        Assert.Equal("0 ligne", Words.Count(0, one, many).Fr);
    }
}
