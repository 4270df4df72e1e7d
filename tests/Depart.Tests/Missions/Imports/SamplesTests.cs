using Depart.Given;

namespace Depart.Missions.Imports;

/// <summary>The files that the documentation offers (<c>docs/users/samples</c>).</summary>
public sealed class SamplesTests
{
    [Theory]
    [InlineData("personnes.fr.csv", 4, "missions.fr.csv", "Refonte du portail client", "departs.fr.csv")]
    [InlineData("people.en.csv", 3, "missions.en.csv", "Customer portal", "departures.en.csv")]
    public async Task The_samples_are_imported_without_a_refusal(string people, int count, string missions, string moved, string departures)
    {
        await using var app = await DepartApp.StartAsync();

        var first = await app.ApplyAsync(await SentAsync(app, people, "?kind=people"));
        var second = await app.ApplyAsync(await SentAsync(app, missions, "?kind=missions"));

        var third = await app.ApplyAsync(await SentAsync(app, departures, "?kind=departures"));

        Assert.Equal((2, 0, 0, 0), third.Counts());
        Assert.Equal((count, 0, 0, 0), first.Counts());
        Assert.Equal((1, 1, 0, 0), second.Counts());
        Assert.All(first["columns"]!.AsArray(), column => Assert.NotNull(column!["field"]));
        Assert.Equal("2027-03-31", (await app.GetAsync($"/api/v1/missions?search={Uri.EscapeDataString(moved)}"))["items"]![0]!["end"]!.ToString());
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> SentAsync(DepartApp app, string name, string query)
    {
        var (ok, answer) = await app.SendAsync(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "docs", name), TestContext.Current.CancellationToken), name, query);
        Assert.True(ok, answer.ToJsonString());
        Assert.Empty((await app.LinesAsync(answer, "refused")).SelectMany(line => line["problems"]!.AsArray()).Select(problem => problem!.ToJsonString()));
        return answer;
    }
}
