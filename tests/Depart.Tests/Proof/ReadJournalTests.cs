using System.Net.Http.Json;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Proof;

public sealed class ReadJournalTests
{
    private const string Password = "une phrase de passe assez longue 7";

    [Fact]
    public async Task The_journal_says_whose_departure_an_entry_belongs_to_and_leads_to_it_but_tells_nobody_of_their_own()
    {
        await using var app = await DepartApp.StartAsync();
        var (lea, hers) = await app.OpenDepartureAsync("Léa", "Diallo", "lea@exemple.fr");
        var (_, his) = await app.OpenDepartureAsync("Hugo", "Perrin", "hugo@exemple.fr");
        var user = await app.AddUserAsync("rssi@exemple.fr", Password, Role.Security);
        Assert.Matches(Link(hers, "Léa Diallo"), await PageAsync(app));

        using var bound = await app.Http.PutAsJsonAsync($"/api/v1/users/{user}/person", new { person = lea }, TestContext.Current.CancellationToken);
        Assert.True(bound.IsSuccessStatusCode);
        var page = await PageAsync(app);

        Assert.Matches(Link(his, "Hugo Perrin"), page);
        Assert.DoesNotMatch(Link(hers, "Léa Diallo"), page);
    }

    private static string Link(string departure, string name) => $"<a href=\"/departures/{departure}\"[^>]*>{name}</a>";

    private static async Task<string> PageAsync(DepartApp app)
    {
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", "rssi@exemple.fr"), ("password", Password));
        return System.Net.WebUtility.HtmlDecode(await browser.Http.GetStringAsync("/journal?kind=departure.", TestContext.Current.CancellationToken));
    }
}
