using System.Net;
using System.Text.Json.Nodes;
using Depart.Given;

namespace Depart.Step5Close.Accounts;

public class ManualSystemTests
{
    [Fact]
    public async Task A_system_closed_by_hand_waits_for_a_person_and_is_attested_never_verified()
    {
        await using var app = await DepartApp.StartAsync();
        await ConnectAsync(app);
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "D’Angélo-Lefèvre", "zoe@exemple.fr");
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });

        var waiting = await app.GetAsync($"/api/v1/departures/{departure}/disconnection");
        var step = Assert.Single(waiting["accounts"]![0]!["steps"]!.AsArray())!;
        Assert.Equal(("to-do-by-hand", "pending"), (step["state"]!.ToString(), waiting["accounts"]![0]!["verdict"]!.ToString()));
        Assert.Null(waiting["endedAt"]);

        await app.PostAsync($"/api/v1/departures/{departure}/disconnection/steps/{step["id"]}", new { decision = "by-hand", why = "Badge rendu, copie d’écran jointe" });
        var ended = await app.EndedAsync(departure);

        Assert.Equal(("attested", "attested"), (ended["accounts"]![0]!["verdict"]!.ToString(), ended["accounts"]![0]!["proof"]!.ToString()));
        Assert.Equal("cut", ended["state"]!.ToString());
    }

    [Fact]
    public async Task What_was_closed_by_hand_is_named_by_an_undo_before_and_after_and_never_said_to_be_back()
    {
        await using var app = await DepartApp.StartAsync();
        await ConnectAsync(app);
        var (_, departure) = await app.OpenDepartureAsync("Chloé", "N’Diaye", "chloe@exemple.fr");
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        var step = (await app.GetAsync($"/api/v1/departures/{departure}/disconnection"))["accounts"]![0]!["steps"]![0]!;
        await app.PostAsync($"/api/v1/departures/{departure}/disconnection/steps/{step["id"]}", new { decision = "by-hand", why = "Badge rendu" });
        await app.EndedAsync(departure);

        var before = (await app.GetAsync($"/api/v1/departures/{departure}/reconnect"))[0]!;
        await app.PostAsync($"/api/v1/departures/{departure}/reconnect", new { reason = "Mission renouvelée" });
        JsonNode? after = null;
        await EngineAlone.UntilAsync(async () => (after = await app.GetAsync($"/api/v1/departures/{departure}/undo"))["over"]!.GetValue<bool>());

        Assert.Equal("not-attempted", before["outcome"]!.ToString());
        Assert.Contains("à la main", before["notRestored"]![0]!["fr"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("failed", after!["accounts"]![0]!["state"]!.ToString());
        Assert.Contains("by hand", after["accounts"]![0]!["notRestored"]![0]!["en"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_plan_shows_the_instructions_in_both_languages()
    {
        await using var app = await DepartApp.StartAsync();
        await ConnectAsync(app);
        var (person, _) = await app.OpenDepartureAsync("Léa", "Diallo", "lea@exemple.fr");

        var step = Assert.Single((await app.GetAsync($"/api/v1/people/{person}/plan"))["steps"]!.AsArray())!;

        Assert.Equal(("Retirer le badge.", "Withdraw the badge."), (step["effect"]!["fr"]!.ToString(), step["effect"]!["en"]!.ToString()));
        Assert.True(step["byHand"]!.GetValue<bool>());
    }

    [Fact]
    public async Task An_account_is_written_down_by_hand_where_no_discovery_can_read()
    {
        await using var app = await DepartApp.StartAsync();
        var system = (await ConnectAsync(app))!.ToString();

        var account = await app.PostAsync("/api/v1/accounts", new { system, login = "badge 4711" });
        var discovery = await app.Http.PostAsync($"/api/v1/systems/{system}/discoveries", null, TestContext.Current.CancellationToken);

        Assert.NotNull(account);
        Assert.Equal(HttpStatusCode.Conflict, discovery.StatusCode);
    }

    private static Task<JsonNode?> ConnectAsync(DepartApp app) => app.PostAsync("/api/v1/systems", new
    {
        name = "Badges de Lyon",
        connector = "manual",
        settings = new Dictionary<string, string> { ["InstructionsFr"] = "Retirer le badge.", ["InstructionsEn"] = "Withdraw the badge.", ["Owner"] = "Accueil" },
    });
}

[OnPostgreSql(InLongRun = true)]
public sealed class ManualSystemOnPostgreSqlTests : ManualSystemTests;
