using System.Net;
using System.Net.Http.Json;
using Depart.Evidence;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Step5Close.Accounts;

public class DisconnectTests
{
    [Fact]
    public async Task What_did_not_answer_is_searched_again_from_the_page_and_what_is_found_is_closed()
    {
        const string password = "une phrase de passe assez longue 7";
        await using var scim = await ScimService.StartAsync();
        scim.Add("maud", "Maud", "Élie", "maud@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        var system = await app.ConnectAsync("Intranet", "http://127.0.0.1:1", ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Maud", "Élie", "maud@exemple.fr");
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        await app.EndedAsync(departure);
        await app.AddUserAsync("it@exemple.fr", password, Role.It);
        using var browser = new Browser(app.Http.BaseAddress!);
        await browser.PostFormAsync("/sign-in", ("mail", "it@exemple.fr"), ("password", password));
        var page = $"/departures/{departure}/disconnection";
        Assert.Contains($"{page}?again=yes", await browser.Http.GetStringAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await scim.SignInAsync("maud"));

        using var change = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/systems/{system}")
        {
            Content = JsonContent.Create(new { name = "Intranet", settings = new Dictionary<string, string> { ["BaseUrl"] = scim.Address + "/scim/v2", ["Token"] = ScimService.Token, ["AllowPlainHttp"] = "true" } }),
        };
        (await app.Http.SendAsync(change, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        var answer = await browser.PostFormAsync($"{page}?again=yes", ("_handler", "disconnect"));
        await EngineAlone.UntilAsync(async () => (await app.GetAsync($"/api/v1/departures/{departure}"))["state"]!.ToString() == "cut");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await scim.SignInAsync("maud"));
    }

    [Fact]
    public async Task One_click_closes_the_account_and_the_person_is_refused_at_sign_in()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("zdangelo", "Zoë", "D’Angélo-Lefèvre", "zoe@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "D’Angélo-Lefèvre", "ZOE@exemple.fr");
        Assert.Equal(HttpStatusCode.OK, await scim.SignInAsync("zdangelo"));

        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        var ended = await app.EndedAsync(departure);

        Assert.Equal("cut", ended["state"]!.ToString());
        Assert.Equal("gone-verified", ended["accounts"]![0]!["verdict"]!.ToString());
        Assert.Equal("read-back", ended["accounts"]![0]!["proof"]!.ToString());
        Assert.Equal(HttpStatusCode.Forbidden, await scim.SignInAsync("zdangelo"));
    }

    [Fact]
    public async Task A_disconnection_that_finds_no_account_has_ended_in_the_journal_too()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "D’Angélo-Lefèvre", "zoe@exemple.fr");
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        await app.EndedAsync(departure);
        var answer = await app.Http.PostAsync($"/api/v1/departures/{departure}/evidence", null, TestContext.Current.CancellationToken);
        var report = EvidenceReport.Of(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), french: false);

        Assert.Contains("Disconnection ended", report, StringComparison.Ordinal);
        Assert.DoesNotContain("In progress", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plan_writes_nothing()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("jmartin", "Jean", "Martin", "jean.martin@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        var (person, _) = await app.OpenDepartureAsync("Jean", "Martin", "jean.martin@exemple.fr");

        var plan = await app.GetAsync($"/api/v1/people/{person}/plan");

        Assert.Equal(["snapshot", "disable", "groups", "verify"], plan["steps"]!.AsArray().Select(step => step!["action"]!.ToString()));
        Assert.Equal(HttpStatusCode.OK, await scim.SignInAsync("jmartin"));
    }

    [Fact]
    public async Task A_homonym_known_by_name_alone_is_shown_and_left_untouched()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("jmartin", "Jean", "Martin", "jean.martin@exemple.fr");
        scim.Add("jmartin2", "Jean", "Martin", "autre.martin@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        var (person, departure) = await app.OpenDepartureAsync("Jean", "Martin", "jean.martin@exemple.fr");

        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        await app.EndedAsync(departure);

        var homonym = (await app.GetAsync($"/api/v1/people/{person}/plan"))["accounts"]!.AsArray().Single(account => account!["login"]!.ToString() == "jmartin2")!;
        Assert.NotNull(homonym["untouched"]);
        Assert.Equal(HttpStatusCode.OK, await scim.SignInAsync("jmartin2"));
    }

    [Fact]
    public async Task A_protected_account_is_never_touched_and_the_departure_is_not_said_to_be_cut()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("adm-dsi", "Léa", "Moreau", "lea@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token, "adm-*");
        var (_, departure) = await app.OpenDepartureAsync("Léa", "Moreau", "lea@exemple.fr");

        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        var ended = await app.EndedAsync(departure);

        Assert.Equal("needs-attention", ended["state"]!.ToString());
        Assert.Equal(HttpStatusCode.OK, await scim.SignInAsync("adm-dsi"));
    }

    [Fact]
    public async Task A_system_that_does_not_answer_leaves_the_departure_to_be_looked_at_and_the_others_cut()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("lea", "Léa", "Diallo", "lea@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        await app.ConnectAsync("Panne", "http://127.0.0.1:1", ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Léa", "Diallo", "lea@exemple.fr");

        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        var ended = await app.EndedAsync(departure);

        Assert.Equal("needs-attention", ended["state"]!.ToString());
        Assert.Equal(["Panne"], ended["unsearched"]!.AsArray().Select(name => name!.ToString()));
        Assert.Equal(HttpStatusCode.Forbidden, await scim.SignInAsync("lea"));
    }

    [Fact]
    public async Task A_service_that_answers_429_is_waited_for_and_cut()
    {
        await using var scim = await ScimService.StartAsync(unruly: true);
        scim.Add("theo", "Théo", "Garnier", "theo@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Support", scim.Address, ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Théo", "Garnier", "theo@exemple.fr");

        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });

        Assert.Equal("cut", (await app.EndedAsync(departure))["state"]!.ToString());
        Assert.Equal(HttpStatusCode.Forbidden, await scim.SignInAsync("theo"));
    }

    [Fact]
    public async Task A_server_stopped_in_the_middle_ends_what_it_began()
    {
        await using var scim = await ScimService.StartAsync(unruly: true);
        scim.Add("ines", "Inès", "Benali", "ines@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Support", scim.Address, ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Inès", "Benali", "ines@exemple.fr");

        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        await app.RestartAsync();

        Assert.Equal("gone-verified", (await app.EndedAsync(departure))["accounts"]![0]!["verdict"]!.ToString());
    }

    [Fact]
    public async Task Undo_lets_the_person_sign_in_again()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("hugo", "Hugo", "Perrin", "hugo@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Hugo", "Perrin", "hugo@exemple.fr");
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        await app.EndedAsync(departure);

        await app.PostAsync($"/api/v1/departures/{departure}/reconnect", new { reason = "Mission renouvelée" });
        for (var tries = 0; tries < 100 && await scim.SignInAsync("hugo") != HttpStatusCode.OK; tries++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Equal(HttpStatusCode.OK, await scim.SignInAsync("hugo"));
    }

    [Fact]
    public async Task The_evidence_of_a_disconnection_is_genuine_for_whoever_knows_the_fingerprint()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("anais", "Anaïs", "Mercier", "anais@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        var (_, departure) = await app.OpenDepartureAsync("Anaïs", "Mercier", "anais@exemple.fr");
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        await app.EndedAsync(departure);

        var answer = await app.Http.PostAsync($"/api/v1/departures/{departure}/evidence", null, TestContext.Current.CancellationToken);
        using var archive = new MemoryStream(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        Assert.Equal(EvidenceVerdict.Genuine, EvidenceVerifier.Verify(archive, answer.Headers.GetValues("Depart-Key-Fingerprint").Single()).Verdict);
    }

    [Theory]
    [InlineData(Role.Hr)]
    [InlineData(Role.Auditor)]
    public async Task A_role_that_may_not_disconnect_is_refused_and_nothing_starts(Role role)
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Maël", "Fontaine", "mael@exemple.fr");
        using var http = await app.AsAsync(role);

        var answer = await http.PostAsync($"/api/v1/departures/{departure}/disconnect", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("open", (await app.GetAsync($"/api/v1/departures/{departure}"))["state"]!.ToString());
    }
}

[OnPostgreSql]
public sealed class DisconnectOnPostgreSqlTests : DisconnectTests;
