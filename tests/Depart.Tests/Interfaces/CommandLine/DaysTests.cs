using System.CommandLine;

namespace Depart.Interfaces.CommandLine;

public sealed class DaysTests
{
    [Theory]
    [InlineData("2026-12-18", "2026-12-18")]
    [InlineData("2026-06-05", "2026-06-05")]
    [InlineData("18/12/2026", "2026-12-18")]
    [InlineData("12/18/2026", "2026-12-18")]
    [InlineData("18 décembre 2026", "2026-12-18")]
    [InlineData("05/06/2026", null)]
    [InlineData("46374", null)]
    [InlineData("2026-02-30", null)]
    [InlineData("tomorrow", null)]
    public void A_day_is_read_the_same_on_every_machine_and_two_readings_are_refused(string text, string? day)
    {
        var option = Days.Required("--last-day");
        var command = new Command("open") { option };

        var parsed = command.Parse(["--last-day", text]);

        Assert.Equal(day is null ? 1 : 0, parsed.Errors.Count);
        if (day is null)
        {
            Assert.Contains("2026-12-18", parsed.Errors[0].Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(day, parsed.GetValue(option).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
