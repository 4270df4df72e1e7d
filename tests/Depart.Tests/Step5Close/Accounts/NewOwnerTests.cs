using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Connectors.Lab;
using Depart.Connectors.PostgreSql;
using Depart.Evidence;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Step5Close.Accounts;

/// <summary>What a leaver owns passes to whom was chosen, on a real PostgreSQL; what passes to nobody is named before and after.</summary>
public sealed class NewOwnerTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    private const string Password = "une phrase de passe assez longue 7";

    [Fact]
    public async Task What_the_leaver_owned_belongs_to_the_successor_after_the_cut_and_to_the_leaver_again_after_the_undo()
    {
        await using var app = await DepartApp.StartAsync();
        var (leaver, successor, departure) = await OpenAsync(app);
        var table = await OwnAsync(leaver);

        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { newOwners = Choice("Base", successor.Login) });
        var ended = await app.EndedAsync(departure);

        Assert.Equal("cut", ended["state"]!.ToString());
        Assert.Equal(successor.Login, await OwnerAsync(table));
        Assert.Equal(("done", successor.Login), (Passing(ended)["state"]!.ToString(), Passing(ended)["newOwner"]!.ToString()));

        var back = await app.GetAsync($"/api/v1/departures/{departure}/reconnect");
        Assert.Contains(back[0]!["changes"]!.AsArray(), change => change!.ToJsonString().Contains(leaver.Login, StringComparison.Ordinal) && change.ToJsonString().Contains(table, StringComparison.Ordinal));
        await app.PostAsync($"/api/v1/departures/{departure}/reconnect", new { reason = "Mission prolongée" });
        await BackAsync(app, departure);
        Assert.Equal(leaver.Login, await OwnerAsync(table));
    }

    [Fact]
    public async Task Without_a_new_owner_what_stays_is_named_in_the_plan_in_the_run_and_in_the_report_and_the_departure_is_cut()
    {
        await using var app = await DepartApp.StartAsync();
        var (leaver, _, departure) = await OpenAsync(app);
        var table = await OwnAsync(leaver);

        var planned = (await PlanAsync(app, departure))["steps"]!.AsArray().Single(step => step!["passesOn"]!.GetValue<bool>())!;
        Assert.Contains("No new owner was named", planned["leftOut"]!["en"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains($"{leaver.Login} owns objects (app 1)", planned["stays"]!["en"]!.ToString(), StringComparison.Ordinal);

        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        var ended = await app.EndedAsync(departure);

        Assert.Equal("cut", ended["state"]!.ToString());
        Assert.Equal(leaver.Login, await OwnerAsync(table));
        Assert.Equal(("skipped", "not-attempted", true), (Passing(ended)["state"]!.ToString(), Passing(ended)["outcome"]!.ToString(), Passing(ended)["wantsNewOwner"]!.GetValue<bool>()));
        Assert.Contains("(app 1)", Passing(ended)["why"]!["en"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("(app 1)", await ReportAsync(app, departure), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_owns_nothing_leaves_nothing_behind_and_the_report_does_not_say_otherwise()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, _, departure) = await OpenAsync(app);

        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        var ended = await app.EndedAsync(departure);

        Assert.Equal("already-so", Passing(ended)["state"]!.ToString());
        Assert.DoesNotContain("left out", await ReportAsync(app, departure), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_choice_is_kept_for_the_cut_that_comes_by_itself_follows_one_who_is_renamed_and_may_change_once_the_cut_is_prepared()
    {
        await using var app = await DepartApp.StartAsync();
        var (leaver, first, departure) = await OpenAsync(app);
        var (second, renamed) = (Other("opetit", "Omar"), LabPerson.NewLogin("successeure"));
        await server.AddAsync(second);
        await ReadAsync(app);
        var table = await OwnAsync(leaver);
        await app.PostAsync($"/api/v1/departures/{departure}/new-owners", new { newOwners = Choice("base", first.Login) });
        Assert.Equal(first.Login, (await PlanAsync(app, departure))["handovers"]![0]!["newOwner"]!.ToString());
        await server.RenameAsync(first.Login, renamed);
        await ReadAsync(app);
        Assert.Equal(renamed, (await PlanAsync(app, departure))["handovers"]![0]!["newOwner"]!.ToString());

        var at = TimeProvider.System.GetUtcNow().AddSeconds(8);
        await app.PostAsync($"/api/v1/departures/{departure}/reschedule", new { lastDay = at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), cutTime = at.ToString("HH:mm:ss", CultureInfo.InvariantCulture), zone = "UTC" });
        var prepared = await PreparedAsync(app, departure);
        Assert.Equal(renamed, Passing(prepared)["newOwner"]!.ToString());
        await app.PostAsync($"/api/v1/departures/{departure}/new-owners", new { newOwners = Choice("Base", second.Login) });
        var ended = await app.EndedAsync(departure);

        Assert.Equal(second.Login, await OwnerAsync(table));
        Assert.Equal(second.Login, Passing(ended)["newOwner"]!.ToString());
    }

    [Fact]
    public async Task A_successor_who_can_no_longer_take_over_does_not_hold_the_cut_and_is_named()
    {
        await using var app = await DepartApp.StartAsync();
        var (leaver, successor, departure) = await OpenAsync(app);
        var table = await OwnAsync(leaver);
        await app.PostAsync($"/api/v1/departures/{departure}/new-owners", new { newOwners = Choice("Base", successor.Login) });
        await server.AdministerAsync($"ALTER ROLE {PostgreSqlServer.Quote(successor.Login)} NOLOGIN VALID UNTIL '2020-01-01';");
        await ReadAsync(app);

        var handover = (await PlanAsync(app, departure))["handovers"]![0]!;
        Assert.Contains($"The account {successor.Login} is closed", handover["lapsed"]!["en"]!.ToString(), StringComparison.Ordinal);
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });

        Assert.Equal("cut", (await app.EndedAsync(departure))["state"]!.ToString());
        Assert.Equal(leaver.Login, await OwnerAsync(table));
    }

    [Fact]
    public async Task Somebody_may_be_named_on_the_step_itself_after_the_cut()
    {
        await using var app = await DepartApp.StartAsync();
        var (leaver, successor, departure) = await OpenAsync(app);
        var table = await OwnAsync(leaver);
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        var step = Passing(await app.EndedAsync(departure))["id"]!.ToString();

        var refused = await app.Http.PostAsJsonAsync($"/api/v1/departures/{departure}/disconnection/steps/{step}", new { decision = "retry", newOwner = leaver.Login }, TestContext.Current.CancellationToken);
        Assert.Equal("NewOwner", (await BodyAsync(refused))["field"]!.ToString());
        await app.PostAsync($"/api/v1/departures/{departure}/disconnection/steps/{step}", new { decision = "retry", newOwner = successor.Login });
        var ended = await app.EndedAsync(departure);

        Assert.Equal(("cut", "done"), (ended["state"]!.ToString(), Passing(ended)["state"]!.ToString()));
        Assert.Equal(successor.Login, await OwnerAsync(table));
        Assert.Contains($"new owner: {successor.Login}", await ReportAsync(app, departure), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_cannot_take_over_is_refused_with_the_reason_and_the_field_and_nothing_starts()
    {
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", "http://127.0.0.1:1", ScimService.Token);
        var (leaver, _, departure) = await OpenAsync(app);
        var (guarded, closed) = (Other("adm-garde", "Aïcha"), Other("ferme", "Félix"));
        await server.AddAsync([guarded, closed]);
        await server.AdministerAsync($"ALTER ROLE {PostgreSqlServer.Quote(closed.Login)} NOLOGIN VALID UNTIL '2020-01-01';");
        await ReadAsync(app);

        foreach (var (system, login, said) in new[]
        {
            ("Base", "personne-de-ce-nom", "No account"), ("Base", leaver.Login, "belongs, or may belong, to the person who leaves"),
            ("Base", guarded.Login, "is protected"), ("Base", closed.Login, "is closed"), ("Intranet", "lea", "nothing is passed on"), ("Ailleurs", "lea", "There is no system"),
        })
        {
            foreach (var path in new[] { "disconnect", "new-owners" })
            {
                var answer = await app.Http.PostAsJsonAsync($"/api/v1/departures/{departure}/{path}", new { newOwners = Choice(system, login) }, TestContext.Current.CancellationToken);
                var problem = await BodyAsync(answer);
                Assert.Equal((HttpStatusCode.BadRequest, $"NewOwners.{system}"), (answer.StatusCode, problem["field"]!.ToString()));
                Assert.Contains(said, problem["title"]!.ToString(), StringComparison.Ordinal);
            }
        }

        Assert.Equal("open", (await app.GetAsync($"/api/v1/departures/{departure}"))["state"]!.ToString());
    }

    [Fact]
    public async Task One_command_passes_on_what_the_leaver_owned()
    {
        await using var app = await DepartApp.StartAsync();
        var (leaver, successor, departure) = await OpenAsync(app);
        var table = await OwnAsync(leaver);

        var plan = await app.RunAsync("plan", leaver.Mails[0], "--new-owner", $"base={successor.Login}");
        Assert.True(plan.Output.Contains($"→ {successor.Login}", StringComparison.Ordinal), plan.Output + plan.Error);
        Assert.Contains("No new owner was named", (await app.RunAsync("plan", leaver.Mails[0])).Output, StringComparison.Ordinal);
        var wrong = await app.RunAsync("disconnect", leaver.Mails[0], "--new-owner", successor.Login);
        Assert.True(wrong.Code != 0 && wrong.Error.Contains("SYSTEM=ACCOUNT", StringComparison.Ordinal), wrong.Error);
        var kept = await app.RunAsync("departures", "new-owner", departure, $"Base={successor.Login}");
        Assert.True(kept.Code == 0, kept.Error);
        Assert.Contains($"→ {successor.Login}", (await app.RunAsync("plan", leaver.Mails[0])).Output, StringComparison.Ordinal);
        var cut = await app.RunAsync("disconnect", leaver.Mails[0], "--new-owner", $"Base={successor.Login}", "--wait");

        Assert.True(cut.Code == 0, cut.Output + cut.Error);
        Assert.Equal(successor.Login, await OwnerAsync(table));
    }

    [Fact]
    public async Task The_page_offers_the_accounts_that_may_take_over_keeps_the_choice_and_shows_it()
    {
        await using var app = await DepartApp.StartAsync();
        var (leaver, successor, departure) = await OpenAsync(app);
        var table = await OwnAsync(leaver);
        await app.AddUserAsync("it@exemple.fr", Password, Role.It);
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", "it@exemple.fr"), ("password", Password));
        var (page, field) = ($"/departures/{departure}/disconnection", $"newOwners.{(await PlanAsync(app, departure))["handovers"]![0]!["system"]}");

        var shown = await browser.Http.GetStringAsync(page, TestContext.Current.CancellationToken);
        Assert.Contains($"<option value=\"{successor.Login}\"", shown, StringComparison.Ordinal);
        Assert.DoesNotContain($"<option value=\"{leaver.Login}\"", shown, StringComparison.Ordinal);
        Assert.Contains("(app 1)", shown, StringComparison.Ordinal);
        var refused = await browser.PostFormAsync(page, ("_handler", "disconnect"), ("act", "keep"), (field, "inconnue"));
        Assert.Contains($"id=\"field-{field.ToLowerInvariant()}-error\"", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await browser.PostFormAsync(page, ("_handler", "disconnect"), ("act", "keep"), (field, successor.Login));
        Assert.Contains($"→ {successor.Login}", await browser.Http.GetStringAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await browser.PostFormAsync(page, ("_handler", "disconnect"), (field, successor.Login));
        await app.EndedAsync(departure);

        Assert.Equal(successor.Login, await OwnerAsync(table));
        Assert.Contains(successor.Login, await browser.Http.GetStringAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_cannot_wait_who_takes_over_is_said_on_the_same_screen_or_on_the_step_afterwards()
    {
        await using var app = await DepartApp.StartAsync();
        var (leaver, successor, departure) = await OpenAsync(app);
        var table = await OwnAsync(leaver);
        await app.AddUserAsync("rssi@exemple.fr", Password, Role.Security);
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", "rssi@exemple.fr"), ("password", Password));
        await PlanAsync(app, departure);
        var cut = $"/cut-now?person={(await app.GetAsync($"/api/v1/departures/{departure}"))["person"]}";
        var field = $"newOwners.{(await app.GetAsync("/api/v1/systems"))[0]!["id"]}";
        (string, string)[] form = [("_handler", "cut"), ("reason", "Security"), ("password", Password)];

        var refused = await browser.PostFormAsync(cut, [.. form, (field, leaver.Login)]);
        Assert.Contains($"id=\"field-{field.ToLowerInvariant()}-error\"", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("open", (await app.GetAsync($"/api/v1/departures/{departure}"))["state"]!.ToString());
        await browser.PostFormAsync(cut, [.. form, (field, "")]);
        var step = Passing(await app.EndedAsync(departure))["id"]!.ToString();
        await browser.PostFormAsync($"/departures/{departure}/disconnection", ("_handler", $"own-{step}"), ("newOwner", successor.Login));

        Assert.Equal("done", Passing(await app.EndedAsync(departure))["state"]!.ToString());
        Assert.Equal(successor.Login, await OwnerAsync(table));
    }

    /// <summary>Somebody who cannot be taken for the leaver.</summary>
    private static LabPerson Other(string login, string given) => LabPerson.New(login, given, "Legrand") with { Groups = [] };

    private static Dictionary<string, string> Choice(string system, string login) => new() { [system] = login };

    private static JsonNode Passing(JsonNode run) => run["accounts"]![0]!["steps"]!.AsArray().Single(step => step!["action"]!.ToString() == "reassign-owned")!;

    private static async Task<JsonNode> BodyAsync(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

    /// <summary>A leaver and a successor on the server, which Depart has read, and the departure.</summary>
    private async Task<(LabPerson Leaver, LabPerson Successor, string Departure)> OpenAsync(DepartApp app)
    {
        server.Require();
        var (leaver, successor) = (LabPerson.New() with { Groups = [] }, Other("nlegrand", "Nadia"));
        await server.AddAsync([leaver, successor]);
        await app.PostAsync("/api/v1/systems", new { name = "Base", connector = "postgresql", settings = server.Settings(), protectedAccounts = new[] { "adm-*" } });
        await ReadAsync(app);
        var (_, departure) = await app.OpenDepartureAsync(leaver.GivenName, leaver.FamilyName, leaver.Mails[0]);
        return (leaver, successor, departure);
    }

    private static async Task ReadAsync(DepartApp app)
    {
        var system = (await app.GetAsync("/api/v1/systems")).AsArray().Single(each => each!["name"]!.ToString() == "Base")!["id"]!.ToString();
        await app.DiscoverAsync(system);
    }

    private static async Task<JsonNode> PlanAsync(DepartApp app, string departure) =>
        await app.GetAsync($"/api/v1/people/{(await app.GetAsync($"/api/v1/departures/{departure}"))["person"]}/plan");

    private async Task<string> OwnAsync(LabPerson owner)
    {
        var table = $"releves_{Guid.NewGuid():N}";
        await server.AdministerAsync($"CREATE TABLE {table} (note text); ALTER TABLE {table} OWNER TO {PostgreSqlServer.Quote(owner.Login)};", "app");
        return table;
    }

    private async Task<string> OwnerAsync(string table) =>
        (await server.AdministerAsync($"SELECT tableowner FROM pg_tables WHERE tablename = {PostgreSqlServer.Text(table)};", "app")).Trim();

    private static async Task<string> ReportAsync(DepartApp app, string departure)
    {
        var answer = await app.Http.PostAsync($"/api/v1/departures/{departure}/evidence", null, TestContext.Current.CancellationToken);
        return EvidenceReport.Of(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), french: false);
    }

    private static async Task<JsonNode> PreparedAsync(DepartApp app, string departure)
    {
        for (var tries = 0; ; tries++)
        {
            var answer = await app.Http.GetAsync($"/api/v1/departures/{departure}/disconnection", TestContext.Current.CancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return await BodyAsync(answer);
            }

            Assert.True(tries < 70);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static async Task BackAsync(DepartApp app, string departure)
    {
        for (var tries = 0; !(await app.GetAsync($"/api/v1/departures/{departure}/undo"))["over"]!.GetValue<bool>(); tries++)
        {
            Assert.True(tries < 300);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
