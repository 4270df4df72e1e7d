using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Step5Close.Accounts;

public class DiscoveryTests
{
    [Fact]
    public async Task Accounts_are_matched_by_any_mail_login_or_number_whatever_the_case_and_the_rest_are_orphans()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("zdangelo", "Zoë", "D’Angélo", "Zoe.Alias@exemple.fr");
        scim.Add("H.O'Brien", "Hélène", "O'Brien", "h@ailleurs.fr");
        scim.Add("nobody", "Qui", "Donc", "qui@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.PostAsync("/api/v1/people", new { givenName = "Zoë", familyName = "D'Angelo", mails = new[] { "zoe@exemple.fr", "zoe.alias@exemple.fr" } });
        await app.PostAsync("/api/v1/people", new { givenName = "Helene", familyName = "O Brien", logins = new[] { "h.o'brien" } });
        var system = (await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString();

        var run = await app.DiscoverAsync(system);

        Assert.Equal(("done", 3, 2, 1), (run["state"]!.ToString(), (int)run["read"]!, (int)run["matched"]!, (int)run["orphan"]!));
        Assert.Equal(
            [("h.o'brien", "login"), ("zdangelo", "mail")],
            (await ListAsync(app, "class=matched")).Select(account => (account["login"]!.ToString().ToLowerInvariant(), account["match"]!.ToString())));
    }

    [Fact]
    public async Task Whoever_is_recorded_with_the_address_or_login_of_an_account_that_was_nobodys_has_it_at_once()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("ZDangelo", "Zoë", "D’Angelo", "Zoe@exemple.fr");
        scim.Add("hobrien", "Hélène", "O’Brien", "h@ailleurs.fr");
        scim.Add("nobody", "Qui", "Donc", "qui@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.DiscoverAsync((await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString());

        await app.PostAsync("/api/v1/people", new { givenName = "Zoë", familyName = "D’Angelo", mails = new[] { "zoe@exemple.fr" } });
        await app.PostAsync("/api/v1/people", new { givenName = "Hélène", familyName = "O’Brien", logins = new[] { "HOBrien" } });

        Assert.Equal(
            [("hobrien", "login"), ("zdangelo", "mail")],
            (await ListAsync(app, "class=matched")).Select(account => (account["login"]!.ToString().ToLowerInvariant(), account["match"]!.ToString())));
        Assert.Equal(["nobody"], (await ListAsync(app, "class=orphan")).Select(account => account["login"]!.ToString()));
    }

    [Fact]
    public async Task An_account_that_a_person_refused_does_not_come_back_with_another_login_of_theirs()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("lea", "Léa", "Diallo", "lea@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.DiscoverAsync((await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString());
        var person = (await app.PostAsync("/api/v1/people", new { givenName = "Léa", familyName = "Diallo", mails = new[] { "lea@exemple.fr" } }))!["person"]!.ToString();
        var account = (await ListAsync(app, "class=matched")).Single()["id"];
        await app.PostAsync($"/api/v1/accounts/{account}/refuse", new { person });

        Assert.Equal(HttpStatusCode.NoContent, (await app.Http.PutAsJsonAsync($"/api/v1/people/{person}", new { givenName = "Léa", familyName = "Diallo", mails = new[] { "lea@exemple.fr" }, logins = new[] { "lea" } }, TestContext.Current.CancellationToken)).StatusCode);

        Assert.Equal("orphan", (await app.GetAsync($"/api/v1/accounts/{account}"))["class"]!.ToString());
    }

    [Fact]
    public async Task Homonyms_stay_doubtful_with_every_candidate_until_a_person_says_whose_it_is()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("jmartin9", "Jean", "Martin", "inconnu@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        var first = (await app.PostAsync("/api/v1/people", new { givenName = "Jean", familyName = "Martin", mails = new[] { "jean.martin@exemple.fr" } }))!["person"]!.ToString();
        await app.PostAsync("/api/v1/people", new { givenName = "JEAN", familyName = "MARTIN", mails = new[] { "jean.martin2@exemple.fr" } });
        var system = (await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString();

        await app.DiscoverAsync(system);
        var doubtful = (await ListAsync(app, "class=doubtful")).Single();
        await app.PostAsync($"/api/v1/accounts/{doubtful["id"]}/confirm", new { person = first });
        await app.DiscoverAsync(system);

        Assert.Equal(2, doubtful["candidates"]!.AsArray().Count);
        Assert.Equal(("confirmed", first), await MatchAsync(app, doubtful));
    }

    [Fact]
    public async Task An_account_whose_mail_is_one_persons_and_whose_name_is_anothers_is_doubtful()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("mdurand", "Michel", "Durand", "marie.lefevre@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.PostAsync("/api/v1/people", new { givenName = "Marie", familyName = "Lefèvre", mails = new[] { "marie.lefevre@exemple.fr" } });
        await app.PostAsync("/api/v1/people", new { givenName = "Michel", familyName = "Durand", mails = new[] { "michel.durand@exemple.fr" } });
        var system = (await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString();

        await app.DiscoverAsync(system);

        Assert.Equal(2, (await ListAsync(app, "class=doubtful")).Single()["candidates"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_a_person_refused_is_never_proposed_again_nor_cut()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("lea", "Léa", "Diallo", "lea@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString();
        var (person, departure) = await app.OpenDepartureAsync("Léa", "Diallo", "lea@exemple.fr");
        await app.DiscoverAsync(system);
        var account = (await ListAsync(app, "class=matched")).Single();

        await app.PostAsync($"/api/v1/accounts/{account["id"]}/refuse", new { person });
        await app.DiscoverAsync(system);
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        await app.EndedAsync(departure);

        Assert.Equal("orphan", (await app.GetAsync($"/api/v1/accounts/{account["id"]}"))["class"]!.ToString());
        Assert.Equal(HttpStatusCode.OK, await scim.SignInAsync("lea"));
    }

    [Fact]
    public async Task An_account_that_a_complete_read_no_longer_sees_is_absent_and_the_journal_says_so()
    {
        await using var scim = await LongScim.StartAsync(30);
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Annuaire", scim.Address, LongScim.Token))!.ToString();
        await app.DiscoverAsync(system);

        scim.Count = 27;
        var run = await app.DiscoverAsync(system);

        Assert.Equal(("done", 3), (run["state"]!.ToString(), (int)run["vanished"]!));
        Assert.Equal(["user28", "user29", "user30"], (await ListAsync(app, "class=absent")).Select(account => account["login"]!.ToString()));
    }

    [Fact]
    public async Task An_interrupted_read_marks_nothing_absent_and_says_why()
    {
        await using var scim = await LongScim.StartAsync(900);
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Annuaire", scim.Address, LongScim.Token))!.ToString();
        await app.DiscoverAsync(system);

        scim.BreaksAt = 601;
        var run = await app.DiscoverAsync(system);

        Assert.Equal(("failed", 500, 0), (run["state"]!.ToString(), (int)run["read"]!, (int)run["vanished"]!));
        Assert.Contains("500", run["why"]!["fr"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(900, (int)(await app.GetAsync("/api/v1/accounts/counts"))["orphan"]!);
    }

    [Fact]
    public async Task When_too_many_are_missing_nothing_is_marked_until_a_person_confirms()
    {
        await using var scim = await LongScim.StartAsync(200);
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Annuaire", scim.Address, LongScim.Token))!.ToString();
        await app.DiscoverAsync(system);

        scim.Count = 10;
        var run = await app.DiscoverAsync(system);
        var before = await app.GetAsync("/api/v1/accounts/counts");
        await app.PostAsync($"/api/v1/discoveries/{run["id"]}/vanished", null);
        var after = await app.GetAsync("/api/v1/accounts/counts");

        Assert.Equal(("to-confirm", 0, 190), (run["state"]!.ToString(), (int)before["absent"]!, (int)after["absent"]!));
    }

    [Fact]
    public async Task Stopping_a_discovery_keeps_what_was_seen_and_marks_nothing()
    {
        await using var scim = await LongScim.StartAsync(1500);
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Annuaire", scim.Address, LongScim.Token))!.ToString();
        scim.HangsAt = 801;

        var id = (await app.PostAsync($"/api/v1/systems/{system}/discoveries", null))!.ToString();
        await scim.Hangs.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var again = (await app.PostAsync($"/api/v1/systems/{system}/discoveries", null))!.ToString();
        await app.PostAsync($"/api/v1/discoveries/{id}/cancel", null);
        var run = await app.DiscoveredAsync(id);

        Assert.Equal(id, again);
        Assert.Equal(("cancelled", 500), (run["state"]!.ToString(), (int)run["read"]!));
    }

    [Fact]
    public async Task A_discovery_cut_short_by_the_end_of_the_process_begins_again_and_ends()
    {
        await using var scim = await LongScim.StartAsync(1500);
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Annuaire", scim.Address, LongScim.Token))!.ToString();
        scim.HangsAt = 801;
        var id = (await app.PostAsync($"/api/v1/systems/{system}/discoveries", null))!.ToString();
        await scim.Hangs.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        scim.HangsAt = 0;
        await app.RestartAsync();
        scim.Release.SetResult();
        var run = await app.DiscoveredAsync(id);

        Assert.Equal(("done", 1500, 1500), (run["state"]!.ToString(), (int)run["read"]!, (int)run["new"]!));
    }

    [Fact]
    public async Task An_account_still_open_for_someone_whose_missions_are_over_is_a_zombie()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("ancien", "Paul", "Ancien", "paul@exemple.fr");
        scim.Add("present", "Inès", "Présente", "ines@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.PostAsync("/api/v1/people", new { givenName = "Paul", familyName = "Ancien", mails = new[] { "paul@exemple.fr" }, missionTitle = "Refonte", missionEnd = "2020-01-31" });
        await app.PostAsync("/api/v1/people", new { givenName = "Inès", familyName = "Présente", mails = new[] { "ines@exemple.fr" }, missionTitle = "Refonte", missionEnd = "2090-01-31" });
        var system = (await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString();

        var run = await app.DiscoverAsync(system);

        Assert.Equal(1, (int)run["zombie"]!);
        Assert.Equal(["ancien"], (await ListAsync(app, "class=zombie")).Select(account => account["login"]!.ToString()));
        Assert.Equal(["present"], (await ListAsync(app, "class=matched")).Select(account => account["login"]!.ToString()));
    }

    [Fact]
    public async Task A_service_account_with_a_responsible_is_not_cut_with_them()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("svc-batch", "Batch", "Paie", "lmoreau@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString();
        var (person, departure) = await app.OpenDepartureAsync("Lucie", "Moreau", "lmoreau@exemple.fr");
        await app.DiscoverAsync(system);
        var account = (await ListAsync(app, "class=matched")).Single();

        await app.PostAsync($"/api/v1/accounts/{account["id"]}/service", new { responsible = person });
        await app.DiscoverAsync(system);
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        await app.EndedAsync(departure);

        Assert.Equal(person, (await ListAsync(app, "class=service")).Single()["responsible"]!["id"]!.ToString());
        Assert.Equal(HttpStatusCode.OK, await scim.SignInAsync("svc-batch"));
    }

    [Fact]
    public async Task Pages_of_accounts_hold_each_one_once_in_order()
    {
        await using var scim = await LongScim.StartAsync(450);
        await using var app = await DepartApp.StartAsync();
        await app.DiscoverAsync((await app.ConnectAsync("Annuaire", scim.Address, LongScim.Token))!.ToString());

        var (logins, cursor) = (new List<string>(), "");
        do
        {
            var page = await app.GetAsync($"/api/v1/accounts?size=200&after={cursor}");
            logins.AddRange(page["items"]!.AsArray().Select(account => account!["login"]!.ToString()));
            cursor = page["next"]?.ToString();
        }
        while (cursor is not null);

        Assert.Equal(450, logins.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(logins.Order(StringComparer.Ordinal), logins);
    }

    [Fact]
    public async Task Search_ignores_case_and_accents_and_counts_follow_the_filter()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("zdangelo", "Zoë", "D’Angélo", "zoe@exemple.fr");
        scim.Add("autre", "Paul", "Autre", "paul@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.DiscoverAsync((await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString());

        Assert.Equal(["zdangelo"], (await ListAsync(app, "search=ANGELO")).Select(account => account["login"]!.ToString()));
        Assert.Equal(1, (int)(await app.GetAsync("/api/v1/accounts/counts?search=zo%C3%AB"))["orphan"]!);
    }

    [Fact]
    public async Task Ten_thousand_accounts_are_streamed_in_bounded_memory()
    {
        await using var scim = await LongScim.StartAsync(10_000);
        await using var app = await DepartApp.StartAsync();
        for (var number = 1; number <= 20; number++)
        {
            await app.PostAsync("/api/v1/people", new { givenName = "Prénom", familyName = $"Nom{number}", mails = new[] { $"user{number * 500}@exemple.fr" } });
        }

        var system = (await app.ConnectAsync("Annuaire", scim.Address, LongScim.Token))!.ToString();
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var run = await app.DiscoverAsync(system);
        watch.Stop();
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"10,000 accounts: {watch.Elapsed.TotalSeconds:F1} s, {kept / 1048576.0:F1} MB kept");
        Assert.Equal((10_000, 20, 9_980), ((int)run["read"]!, (int)run["matched"]!, (int)run["orphan"]!));
        Assert.True(kept < 64L * 1024 * 1024, $"{kept} bytes are still held");
    }

    [Theory]
    [InlineData(Role.Hr)]
    [InlineData(Role.Auditor)]
    public async Task A_role_that_may_not_discover_is_refused(Role role)
    {
        await using var scim = await LongScim.StartAsync(3);
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Annuaire", scim.Address, LongScim.Token))!.ToString();
        using var http = await app.AsAsync(role);

        var answer = await http.PostAsync($"/api/v1/systems/{system}/discoveries", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static async Task<List<JsonNode>> ListAsync(DepartApp app, string query) =>
        [.. (await app.GetAsync($"/api/v1/accounts?{query}"))["items"]!.AsArray().Select(account => account!)];

    private static async Task<(string Match, string Person)> MatchAsync(DepartApp app, JsonNode account)
    {
        var now = await app.GetAsync($"/api/v1/accounts/{account["id"]}");
        return (now["match"]!.ToString(), now["person"]!["id"]!.ToString());
    }
}

[OnPostgreSql]
public sealed class DiscoveryOnPostgreSqlTests : DiscoveryTests;
