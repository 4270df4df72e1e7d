using Depart.Connectors.Lab;

namespace Depart.Interfaces.CommandLine;

public sealed class CommandHelpTests
{
    [Fact]
    public async Task The_help_leaves_no_word_of_the_library_in_English()
    {
        var help = (await RunAsync("departures", "reschedule", "--help")).Output;

        Assert.Contains("Description\u00a0:", help, StringComparison.Ordinal);
        Assert.Contains("--last-day <jour> (exigée)", help, StringComparison.Ordinal);
        Assert.DoesNotContain("REQUIRED", help, StringComparison.Ordinal);
        Assert.DoesNotContain("--help <", help, StringComparison.Ordinal);
        Assert.Contains("depart departures new-owner <id> <SYSTÈME=COMPTE>", (await RunAsync("departures", "new-owner", "--help")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_whose_words_are_off_is_told_in_French_with_what_is_wrong()
    {
        var number = await RunAsync("departures", "list", "--step", "trois");

        Assert.Equal((2, "--step\u00a0: «\u00a0trois\u00a0» n’est pas un nombre entier."), (number.Code, number.Error.Trim()));
        Assert.Contains("«\u00a0personne\u00a0»", (await RunAsync("disconnect")).Error, StringComparison.Ordinal);
        Assert.Contains("--last-day\u00a0: obligatoire.", (await RunAsync("departures", "reschedule", "x")).Error, StringComparison.Ordinal);
    }

    private static async Task<LabAnswer> RunAsync(params string[] arguments) => await LabRun.RunAsync(
        LabRun.Program("dotnet"), [Path.Combine(AppContext.BaseDirectory, "depart.dll"), .. arguments],
        environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["LC_ALL"] = "fr_FR.UTF-8" });
}
