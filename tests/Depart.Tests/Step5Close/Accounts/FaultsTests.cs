using System.Net;
using System.Text.Json.Nodes;
using Depart.Given;

namespace Depart.Step5Close.Accounts;

/// <summary>A system that is broken while a person is disconnected: the others are cut all the same, and what is wrong is said in both languages.</summary>
public sealed class FaultsTests : IAsyncLifetime
{
    private ScimService? healthy;
    private ScimService? broken;
    private FaultyDoor? door;
    private DepartApp? app;

    public async ValueTask InitializeAsync()
    {
        (healthy, broken) = (await ScimService.StartAsync(), await ScimService.StartAsync());
        door = await FaultyDoor.StartAsync(broken.Address);
        app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", healthy.Address, ScimService.Token);
        await app.ConnectAsync("Paie", door.Address, ScimService.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await app!.DisposeAsync();
        await door!.DisposeAsync();
        await broken!.DisposeAsync();
        await healthy!.DisposeAsync();
    }

    [Theory]
    [InlineData(DoorFault.Down, "cannot be reached", "est injoignable")]
    [InlineData(DoorFault.Hangs, "did not answer within 2 seconds", "n’a pas répondu en 2 secondes")]
    [InlineData(DoorFault.RefusesRights, "does not give our token the right to do this (403)", "n’accorde pas ce droit à notre jeton (403)")]
    [InlineData(DoorFault.Throttles, "asks to slow down (429)", "demande de ralentir (429)")]
    [InlineData(DoorFault.Garbage, "something that is not SCIM", "autre chose que du SCIM")]
    public async Task A_broken_system_says_what_is_wrong_and_the_others_are_cut(DoorFault fault, string english, string french)
    {
        var departure = await DisconnectAsync(fault);

        var progress = await UntilAsync(departure, progress => Verdict(progress, "Intranet") == "gone-verified" && Why(progress, "Paie") is not null);

        var why = Why(progress, "Paie")!;
        Assert.Contains(english, why["en"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains(french, why["fr"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains(Verdict(progress, "Paie"), new[] { "pending", "refused", "unknown", "failed" });
        Assert.NotEqual("cut", progress["state"]!.ToString());
        Assert.Equal(HttpStatusCode.Forbidden, await healthy!.SignInAsync("lea"));
        Assert.Equal(HttpStatusCode.OK, await broken!.SignInAsync("lea"));
    }

    [Theory]
    [InlineData(DoorFault.Down)]
    [InlineData(DoorFault.Hangs)]
    [InlineData(DoorFault.Throttles)]
    [InlineData(DoorFault.Garbage)]
    public async Task A_system_that_is_well_again_is_cut_without_anybody_doing_anything(DoorFault fault)
    {
        var departure = await DisconnectAsync(fault);
        await UntilAsync(departure, progress => Why(progress, "Paie") is not null);

        await door!.BecomeAsync(DoorFault.None);
        var ended = await UntilAsync(departure, progress => progress["endedAt"] is not null);

        Assert.Equal("gone-verified", Verdict(ended, "Paie"));
        Assert.Equal(HttpStatusCode.Forbidden, await broken!.SignInAsync("lea"));
    }

    [Fact]
    public async Task A_right_that_was_given_meanwhile_is_used_when_a_person_says_retry()
    {
        var departure = await DisconnectAsync(DoorFault.RefusesRights);
        var failed = await UntilAsync(departure, progress => Steps(progress, "Paie").Any(IsFailed));
        var step = Steps(failed, "Paie").First(IsFailed)["id"]!.ToString();

        await door!.BecomeAsync(DoorFault.None);
        await app!.PostAsync($"/api/v1/departures/{departure}/disconnection/steps/{step}", new { decision = "retry" });
        var ended = await UntilAsync(departure, progress => Verdict(progress, "Paie") == "gone-verified");

        Assert.Equal("cut", ended["state"]!.ToString());
        Assert.Equal(HttpStatusCode.Forbidden, await broken!.SignInAsync("lea"));
    }

    /// <summary>Both accounts are known; then the one system breaks; then the person is disconnected.</summary>
    private async Task<string> DisconnectAsync(DoorFault fault)
    {
        healthy!.Add("lea", "Léa", "Diallo", "lea@exemple.fr");
        broken!.Add("lea", "Léa", "Diallo", "lea@exemple.fr");
        var (person, departure) = await app!.OpenDepartureAsync("Léa", "Diallo", "lea@exemple.fr");
        Assert.Equal(2, (await app.GetAsync($"/api/v1/people/{person}/plan"))["accounts"]!.AsArray().Count);
        await door!.BecomeAsync(fault);
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        return departure;
    }

    private async Task<JsonNode> UntilAsync(string departure, Func<JsonNode, bool> holds)
    {
        JsonNode progress = new JsonObject();
        for (var tries = 0; tries < 600; tries++)
        {
            progress = await app!.GetAsync($"/api/v1/departures/{departure}/disconnection");
            if (holds(progress))
            {
                return progress;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException(progress.ToJsonString());
    }

    private static bool IsFailed(JsonNode step) => step["state"]!.ToString() == "failed";

    private static IEnumerable<JsonNode> Steps(JsonNode progress, string system) =>
        progress["accounts"]!.AsArray().Single(account => account!["systemName"]!.ToString() == system)!["steps"]!.AsArray().OfType<JsonNode>();

    private static string Verdict(JsonNode progress, string system) =>
        progress["accounts"]!.AsArray().Single(account => account!["systemName"]!.ToString() == system)!["verdict"]!.ToString();

    private static JsonNode? Why(JsonNode progress, string system) => Steps(progress, system).Select(step => step["why"]).FirstOrDefault(why => why is not null);
}
