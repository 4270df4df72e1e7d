using System.Net;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Departures;

/// <summary>One act on several departures (DEP7): by API, by command line, by the pages without script.</summary>
public sealed class TogetherTests
{
    [Fact]
    public async Task Several_departures_move_are_withdrawn_or_pass_to_somebody_and_one_that_is_refused_stops_no_other()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, one) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        var (_, two) = await app.OpenDepartureAsync("Hugo", "Mercier", "hugo@exemple.fr");
        var (_, three) = await app.OpenDepartureAsync("Léa", "Diallo", "lea@exemple.fr");
        await app.PostAsync($"/api/v1/departures/{three}/cancel", null);
        string[] all = [one, two, three];

        // Foreseen: a week later for two, the third is over; nothing has moved.
        var foreseen = (await app.PostAsync("/api/v1/departures/together", new { departures = all, act = "reschedule", days = 7, dryRun = true }))!.AsArray();
        Assert.Equal(["2030-12-27", "2030-12-27", "2030-12-20"], foreseen.Select(line => line!["lastDay"]!.ToString()));
        Assert.Equal(1, foreseen.Count(line => line!["refusal"] is not null));
        Assert.True(foreseen[0]!["tasks"]!.GetValue<int>() > 5);
        Assert.Equal("2030-12-20", (await app.GetAsync($"/api/v1/departures/{one}"))["lastDay"]!.ToString());

        // Done, on the command line: partly.
        var run = await app.RunAsync(["departures", "together", .. all, "--days", "7"]);
        Assert.True(run.Code == 3, run.Error + run.Output);
        Assert.Contains("left alone", run.Output, StringComparison.Ordinal);
        Assert.Equal(["2030-12-27", "2030-12-27", "2030-12-20"], await DaysAsync(app, all));

        foreach (var wrong in new object[] { new { departures = all, act = "reschedule" }, new { departures = all, act = "reschedule", days = 0 }, new { departures = all, act = "reschedule", days = 1, lastDay = "2031-01-31" }, new { departures = Array.Empty<string>(), act = "cancel" } })
        {
            using var body = System.Net.Http.Json.JsonContent.Create(wrong);
            Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.PostAsync("/api/v1/departures/together", body, TestContext.Current.CancellationToken)).StatusCode);
        }

        // An instant that has passed cuts nothing by a list.
        var past = (await app.PostAsync("/api/v1/departures/together", new { departures = all, act = "reschedule", lastDay = "2020-01-31" }))!.AsArray();
        Assert.All(past, line => Assert.NotNull(line!["refusal"]));

        // The managers' tasks pass to somebody and back.
        var user = (await app.AddUserAsync("renfort@exemple.fr", "une phrase assez longue pour tous", Role.Hr)).Value;
        Assert.Equal(2, (await app.PostAsync("/api/v1/departures/together", new { departures = all, act = "assign", user }))!.AsArray().Count(line => line!["done"]!.GetValue<bool>()));
        Assert.Contains((await app.GetAsync($"/api/v1/departures/{one}/tasks")).AsArray(), task => task!["assignee"]?.ToString() == "Claire Vasseur");

        // By the page, without script: chosen, foreseen, agreed to.
        using var browser = app.Browse();
        await app.AddUserAsync("rh@exemple.fr", "une phrase assez longue pour tous", Role.Hr);
        (await browser.PostFormAsync(Interfaces.SignIn.Session.SignInPath, ("mail", "rh@exemple.fr"), ("password", "une phrase assez longue pour tous"))).Dispose();
        var list = await browser.Http.GetStringAsync(new Uri("/departures?all=true", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains($"value=\"{one}\" checked", list, StringComparison.Ordinal);
        var path = $"/departures/together?act=cancel&id={one}&id={two}&id={three}";
        Assert.Contains(one, await browser.Http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("open", (await app.GetAsync($"/api/v1/departures/{one}"))["state"]!.ToString());
        (await browser.PostFormAsync(path, ("_handler", "together"), ($"version-{one}", await VersionAsync(app, one)), ($"version-{two}", await VersionAsync(app, two)))).Dispose();
        Assert.Equal("cancelled", (await app.GetAsync($"/api/v1/departures/{one}"))["state"]!.ToString());
        Assert.Equal("cancelled", (await app.GetAsync($"/api/v1/departures/{two}"))["state"]!.ToString());
    }

    private static async Task<string> VersionAsync(DepartApp app, string id) => (await app.GetAsync($"/api/v1/departures/{id}"))["version"]!.ToString();

    private static async Task<IReadOnlyList<string>> DaysAsync(DepartApp app, string[] ids)
    {
        var days = new List<string>();
        foreach (var id in ids)
        {
            days.Add((await app.GetAsync($"/api/v1/departures/{id}"))["lastDay"]!.ToString());
        }

        return days;
    }
}
