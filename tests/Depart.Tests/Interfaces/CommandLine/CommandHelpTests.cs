using Depart.Connectors.Lab;
using Depart.Given;

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

    [Theory]
    [InlineData("sessions", "end", "abc")]
    [InlineData("departures", "together", "abc", "--days", "7")]
    [InlineData("departures", "activity", "abc")]
    [InlineData("tasks", "list", "--departure", "abc")]
    [InlineData("evidence", "export", "abc")]
    public async Task What_is_no_ID_is_told_and_nothing_is_done(params string[] arguments)
    {
        var said = await RunAsync(arguments);

        Assert.Equal(2, said.Code);
        Assert.EndsWith("\u00a0: «\u00a0abc\u00a0» n’est pas un ID. Copiez-le en entier, tel que la liste le montre.", said.Error.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--state\u00a0: «\u00a0perdu\u00a0» n’est pas connu ici. Mots connus\u00a0: waiting, sending, sent, refused, uncertain, withdrawn.", "mail", "list", "--state", "perdu")]
    [InlineData("--reason\u00a0: «\u00a0fin\u00a0» n’est pas connu ici. Mots connus\u00a0: mission-end, early-end, replacement, security, other.", "disconnect", "lea", "--reason", "fin")]
    [InlineData("--hour\u00a0: «\u00a025\u00a0» n’est pas une heure. Écrivez 18:00.", "nightly", "set", "rh", "--file", "rh.csv", "--hour", "25")]
    [InlineData("--at\u00a0: «\u00a0midi\u00a0» n’est pas une heure. Écrivez 18:00.", "renewals", "settings", "--at", "midi")]
    [InlineData("rôle\u00a0: «\u00a0chef\u00a0» n’est pas connu ici. Mots connus\u00a0: it, hr, security, auditor, admin.", "users", "grant", "a@b.example", "chef")]
    public async Task A_word_that_does_not_fit_is_told_with_those_that_do(string told, params string[] arguments) =>
        Assert.Equal(told, (await RunAsync(arguments)).Error.Trim());

    [Fact]
    public async Task An_address_of_a_server_that_is_none_is_told()
    {
        var said = await RunAtAsync("depart.exemple.fr", "clef", "mail", "server");

        Assert.Equal((2, "«\u00a0depart.exemple.fr\u00a0» n’est pas l’adresse d’un serveur. Exemple\u00a0: https://depart.exemple.fr."), (said.Code, said.Error.Trim()));
    }

    [Fact]
    public async Task A_token_that_serves_no_more_leads_back_to_signing_in()
    {
        await using var app = await DepartApp.StartAsync();

        var said = await RunAtAsync(app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority), "depart_perdu", "mail", "server");

        Assert.Equal(1, said.Code);
        Assert.StartsWith("Ce jeton n’est plus valable", said.Error, StringComparison.Ordinal);
        Assert.Contains("depart login http://", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--zone: ", "settings", "set", "--zone", "Mars/Phobos")]
    [InlineData("--days: ", "tokens", "create", "batch", "--days", "400")]
    [InlineData("address: ", "mail", "test", "nobody")]
    [InlineData("--accent: ", "settings", "organisation", "--accent", "red")]
    [InlineData("--unit: ", "users", "grant", "claire@entreprise.example", "hr", "--unit", "Nowhere")]
    public async Task A_refusal_names_what_was_typed_and_no_field_of_the_interface(string named, params string[] arguments)
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync("claire@entreprise.example", "Une longue phrase de passe", Foundation.Door.Role.Hr);

        var said = await app.RunAsync(arguments);

        Assert.Equal(2, said.Code);
        Assert.StartsWith(named, said.Error, StringComparison.Ordinal);
    }

    /// <summary>For people unless JSON is asked for: no answer of the interface as it came.</summary>
    [Theory]
    [InlineData("renewals", "settings")]
    [InlineData("nightly", "set", "HR", "--file", "hr.csv")]
    public async Task Nothing_is_shown_as_it_came_from_the_server(params string[] arguments)
    {
        await using var app = await DepartApp.StartAsync();

        var said = await app.RunAsync(arguments);

        Assert.Equal(0, said.Code);
        Assert.DoesNotContain("{", said.Output, StringComparison.Ordinal);
        Assert.True(said.Output.Split('\n')[0].Contains(' ', StringComparison.Ordinal), said.Output);
        Assert.StartsWith("{", (await app.RunAsync([.. arguments, "--json"])).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guide_that_was_put_away_says_so()
    {
        await using var app = await DepartApp.StartAsync();

        Assert.Contains("put away", (await app.RunAsync("first-steps", "--later", "all")).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("put away", (await app.RunAsync("first-steps", "--take-up", "all")).Error, StringComparison.Ordinal);
    }

    private static Task<LabAnswer> RunAsync(params string[] arguments) => RunAtAsync("http://127.0.0.1:1", "clef", arguments);

    private static async Task<LabAnswer> RunAtAsync(string url, string token, params string[] arguments) => await LabRun.RunAsync(
        LabRun.Program("dotnet"), [Path.Combine(AppContext.BaseDirectory, "depart.dll"), .. arguments],
        environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["LC_ALL"] = "fr_FR.UTF-8", ["DEPART_URL"] = url, ["DEPART_TOKEN"] = token });
}
