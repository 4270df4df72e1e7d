using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Departures;

/// <summary>Filters and the timeline, by API, by page and from the command line (DEP7).</summary>
public sealed class OverviewTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Departures_are_narrowed_by_unit_supplier_manager_step_late_tasks_and_period_alike_in_list_timeline_and_counts()
    {
        await using var app = await DepartApp.StartAsync();
        var manager = await app.PostAsync("/api/v1/people", new { givenName = "Isabelle", familyName = "Morvan", mails = new[] { "im@exemple.fr" }, status = "internal" });
        var managerId = (manager!["person"] ?? manager)!.ToString();
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var (first, _) = await OpenAsync(app, "Perrin", "DSI", "Altéo Conseil", managerId, today.AddDays(20));
        var (second, _) = await OpenAsync(app, "Sow", "Achats", "Hexavia", null, today.AddDays(120));

        async Task<string[]> FoundAsync(string filter) => [.. (await app.GetAsync($"/api/v1/departures?{filter}"))["items"]!.AsArray().Select(row => row!["id"]!.ToString())];

        Assert.Equal([first, second], await FoundAsync(""));
        Assert.Equal([first], await FoundAsync("unit=DSI"));
        Assert.Empty(await FoundAsync("unit=Marketing"));
        Assert.Equal([first], await FoundAsync($"manager={managerId}"));
        Assert.Equal([second], await FoundAsync($"from={today.AddDays(60):yyyy-MM-dd}"));
        Assert.Equal([first], await FoundAsync($"to={today.AddDays(20):yyyy-MM-dd}"));
        Assert.Equal([first, second], await FoundAsync("step=5"));
        Assert.Empty(await FoundAsync("late=true"));
        var offers = await app.GetAsync("/api/v1/departures/filters");
        Assert.Equal(["Achats", "DSI"], offers["units"]!.AsArray().Select(unit => unit!.ToString()));
        var hexavia = offers["suppliers"]!.AsArray().Single(offer => offer!["name"]!.ToString() == "Hexavia")!["id"]!.ToString();
        Assert.Equal([second], await FoundAsync($"supplier={hexavia}"));
        Assert.Equal("Isabelle Morvan", Assert.Single(offers["managers"]!.AsArray())!["name"]!.ToString());

        // What lies in the past is late, and only of what is not over.
        await app.WithDataAsync(async db =>
        {
            var task = db.Set<DepartureTask>().First(row => row.Departure == DepartureId.From(Guid.Parse(second)) && row.Step == 5);
            task.Due(TimeProvider.System.GetUtcNow().AddDays(-1));
            await db.SaveChangesAsync(Now);
        });
        Assert.Equal([second], await FoundAsync("late=true"));
        Assert.Equal([second], await FoundAsync("late=true&step=5"));
        Assert.Empty(await FoundAsync("late=true&step=6"));

        var timeline = (await app.GetAsync($"/api/v1/departures/timeline?from={today:yyyy-MM-dd}&to={today.AddDays(200):yyyy-MM-dd}"))["items"]!.AsArray();
        Assert.Equal([first, second], timeline.Select(row => row!["departure"]!["id"]!.ToString()));
        Assert.Equal((0, 1), (timeline[0]!["late"]!.GetValue<int>(), timeline[1]!["late"]!.GetValue<int>()));
        Assert.Equal(timeline[0]!["tasks"]!.GetValue<int>(), timeline[0]!["left"]!.GetValue<int>());
        Assert.Equal(today.ToString("yyyy-MM-dd", null), timeline[0]!["announceOn"]!.ToString());
        Assert.Equal([first], (await app.GetAsync($"/api/v1/departures/timeline?from={today:yyyy-MM-dd}&to={today.AddDays(30):yyyy-MM-dd}"))["items"]!.AsArray().Select(row => row!["departure"]!["id"]!.ToString()));

        foreach (var (wrong, field) in new[] { ("departures?step=9", "step"), ("departures?from=2026-12-02&to=2026-12-01", "to"), ("departures/timeline?from=2026-01-01&to=2028-01-01", "to") })
        {
            var answer = await app.Http.GetAsync(new Uri($"/api/v1/{wrong}", UriKind.Relative), Now);
            Assert.Equal((HttpStatusCode.BadRequest, field), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>(Now))!["field"]!.ToString()));
        }

        var listed = await app.RunAsync("departures", "list", "--supplier", "hexavia", "--late", "--state", "open");
        Assert.Contains(second, listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(first, listed.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await app.RunAsync("departures", "list", "--state", "opne")).Code);

        // The page keeps what is chosen in its links, shows each bar in words, and is right without script.
        using var browser = await app.SignInAsync(Role.Hr);
        var page = await browser.Http.GetStringAsync(new Uri($"/departures/timeline?supplier={hexavia}&from={today:yyyy-MM-dd}&span=364", UriKind.Relative), Now);
        Assert.Contains("Sow", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Perrin", page, StringComparison.Ordinal);
        Assert.Contains($"supplier={hexavia}", page, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Announced", page, StringComparison.Ordinal);
        Assert.Contains("late: 1", page, StringComparison.Ordinal);
        Assert.Contains("Clear filters", await browser.Http.GetStringAsync(new Uri("/departures?unit=DSI&late=true", UriKind.Relative), Now), StringComparison.Ordinal);
    }

    private static async Task<(string Departure, string Person)> OpenAsync(DepartApp app, string family, string unit, string supplier, string? manager, DateOnly last)
    {
        var added = await app.PostAsync("/api/v1/people", new { givenName = "Zoë", familyName = family, mails = new[] { $"{family.ToLowerInvariant()}@exemple.fr" }, supplier, status = "suppliers-employee" });
        var person = (added!["person"] ?? added)!.ToString();
        var mission = await app.PostAsync($"/api/v1/people/{person}/missions", new { title = "Refonte", unit, supplier, manager, kind = "regie" });
        return ((await app.PostAsync("/api/v1/departures", new { mission, lastDay = last, reason = "mission-end" }))!.ToString(), person);
    }
}
