using System.Text;
using System.Text.RegularExpressions;

namespace Depart.Evidence;

public sealed class EvidenceReportTests
{
    [Theory]
    [InlineData("en", "Closed, verified", "V1 · read back", "Disable the account", "Read again", "2.0 s after the instant of the cut")]
    [InlineData("fr", "Fermé, vérifié", "V1 · relu sur le système", "Désactiver le compte", "Relu", "2,0 s après l’instant de la coupure")]
    public void The_report_says_what_was_asked_what_was_seen_and_how_it_is_proved(string language, params string[] said)
    {
        var text = Text(Archives.Make(), language);

        Assert.All(said, words => Assert.Contains(words, text, StringComparison.Ordinal));
        Assert.Contains("Intranet", text, StringComparison.Ordinal);
        Assert.Contains("zdangelo", text, StringComparison.Ordinal);
        Assert.Contains("2026-11-20 17:00:02.000 UTC", text, StringComparison.Ordinal);
        Assert.Contains("2026-11-20 18:00:02", text, StringComparison.Ordinal);
        Assert.Contains("PATCH /Users/1 active=false", text, StringComparison.Ordinal);
        Assert.Contains(Archives.FingerprintOf(Archives.Key), text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "What was not done, or not closed", "NOT closed")]
    [InlineData("fr", "Ce qui n’a pas été fait, ou pas fermé", "NON fermé")]
    public void A_failure_stands_before_everything_else(string language, string heading, string verdict)
    {
        var text = Text(Archives.Make(entries: Archives.Story("Failed", "Enabled", null, "NeedsAttention")), language);

        Assert.True(text.IndexOf(heading, StringComparison.Ordinal) is > 0 and var at && at < text.IndexOf("class=\"overview\"", StringComparison.Ordinal));
        Assert.Contains(verdict, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_a_report_is_script_nor_comes_from_elsewhere_whatever_the_values_are()
    {
        var text = Text(Archives.Make(entries: Archives.Story(login: "</code><script>alert(1)</script>", answer: "<img src=http://evil.example/x onerror=alert(1)>")), "en");

        Assert.DoesNotMatch(new Regex("<script|<img|<link|<iframe|src=|href=|url\\(", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)), Regex.Replace(text, "&lt;.*?&gt;", "", RegexOptions.None, TimeSpan.FromSeconds(1)));
        Assert.Contains("&lt;script&gt;", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_made_anew_from_the_journal_is_the_one_in_the_archive()
    {
        var archive = Archives.Make();

        Assert.Equal(Text(archive, "fr"), EvidenceReport.Of(archive, french: true));
    }

    [Fact]
    public void A_report_can_be_made_of_an_archive_without_names()
    {
        var report = EvidenceReport.Of(EvidenceArchive.WithoutPersonal(Archives.Make()), french: false);

        Assert.Contains("[left out]", report, StringComparison.Ordinal);
        Assert.DoesNotContain("zdangelo", report, StringComparison.Ordinal);
    }

    [Fact]
    public void French_has_its_spaces_and_its_apostrophes()
    {
        var archive = Archives.Make(entries: Archives.Story("Failed", "Enabled", null, "NeedsAttention"));
        var text = Regex.Replace(Text(archive, "fr"), "<style>.*?</style>|<code>.*?</code>|<[^>]+>", "\n", RegexOptions.Singleline, TimeSpan.FromSeconds(1));

        Assert.DoesNotMatch(@"\p{L}'\p{L}| [:;?!»]|« ", text);
    }

    private static string Text(byte[] archive, string language) => Encoding.UTF8.GetString(Archives.Files(archive)[$"report.{language}.html"]);
}
