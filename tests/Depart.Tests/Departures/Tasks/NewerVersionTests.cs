using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Proof;

namespace Depart.Departures.Tasks;

/// <summary>A running departure and a newer version of its template (PRO2), and what a template would ask of a departure that is not.</summary>
public sealed class NewerVersionTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private const string Ours = """
        key: ours
        title: {fr: Le nôtre, en: Ours}
        description: {fr: D’un essai., en: Of a test.}
        for: {status: [suppliers-employee, independent]}
        tasks:
          - key: first
            step: 1
            owner: hr
            title: {fr: Première, en: First}
            instructions: {fr: À faire., en: Do it.}
            done: {fr: C’est fait., en: It is done.}
            anchor: last-day
            offset: -2 business days
        """;

    private const string Second = """

          - key: second
            step: 5
            owner: hr
            title: {fr: Deuxième, en: Second}
            instructions: {fr: Deuxième consigne., en: Second instruction.}
            done: {fr: C’est fait., en: It is done.}
            anchor: last-day
            after: [first, between]
            blocking: true
          - key: between
            step: 3
            owner: it
            title: {fr: Entre-deux, en: Between}
            instructions: {fr: À faire., en: Do it.}
            done: {fr: C’est fait., en: It is done.}
            anchor: last-day
            offset: -1 days
            after: [first]
          - key: on-site-only
            step: 5
            owner: it
            title: {fr: Sur site, en: On site}
            instructions: {fr: À faire., en: Do it.}
            done: {fr: C’est fait., en: It is done.}
            anchor: last-day
            when: {onSite: true, immediate: true}
        """;

    [Fact]
    public async Task Tasks_that_a_newer_version_adds_are_shown_and_taken_over_once_with_their_instructions_and_only_by_hr()
    {
        await using var app = await DepartApp.StartAsync();
        await PublishAsync(app, Ours, 1);
        var (_, mission) = await app.AddPersonAsync("Zoë", "Perrin", "zoe@exemple.fr", "Altéo");
        var departure = (await app.PostAsync("/api/v1/departures", new { mission, lastDay = "2030-12-20", template = "ours" }))!.ToString();
        var path = $"/api/v1/departures/{departure}/newer-version";
        Assert.Null((await app.GetAsync(path))["newer"]);

        await PublishAsync(app, Ours.Replace("-2 business", "-3 business", StringComparison.Ordinal) + Second, 2);

        var view = await app.GetAsync(path);
        Assert.Equal((1, 2), (view["number"]!.GetValue<int>(), view["newer"]!.GetValue<int>()));
        Assert.Equal(["between", "second"], view["added"]!.AsArray().Select(task => task!["key"]!.ToString()).Order());
        Assert.Contains(view["changes"]!.AsArray(), task => task!["key"]!.ToString() == "first" && task["change"]!.ToString() == "changed");
        using var it = await app.AsAsync(Role.It);
        Assert.Equal(HttpStatusCode.Forbidden, (await it.PostAsJsonAsync(path, new { number = 2, tasks = new[] { "second" } }, Now)).StatusCode);
        Assert.Equal("not-the-newest-version", await CodeAsync(await app.Http.PostAsJsonAsync(path, new { number = 3, tasks = new[] { "second" } }, Now)));
        Assert.Equal("not-to-take-over", await CodeAsync(await app.Http.PostAsJsonAsync(path, new { number = 2, tasks = new[] { "first" } }, Now)));

        using var hr = await app.SignInAsync(Role.Hr);
        Assert.Contains("/newer-version", await hr.Http.GetStringAsync(new Uri($"/departures/{departure}", UriKind.Relative), Now), StringComparison.Ordinal);
        var taken = await hr.PostFormAsync($"/departures/{departure}/newer-version", ("_handler", "take"), ("number", "2"), ("version", view["version"]!.ToString()), ("tasks", "second"));
        Assert.Equal($"/departures/{departure}", taken.Headers.Location?.PathAndQuery);

        var tasks = (await app.GetAsync($"/api/v1/departures/{departure}/tasks")).AsArray();
        var second = tasks.Single(task => task!["title"]!["en"]!.ToString() == "Second")!;
        Assert.Equal("waiting", second["state"]!.ToString());
        Assert.Equal("Second instruction.", (await app.GetAsync($"/api/v1/tasks/{second["id"]}"))["instructions"]!["en"]!.ToString());
        var first = tasks.Single(task => task!["title"]!["en"]!.ToString() == "First")!;
        await app.PostAsync($"/api/v1/departures/{departure}/tasks/{first["id"]}/done", new { });
        Assert.Equal("open", (await app.GetAsync($"/api/v1/tasks/{second["id"]}"))["row"]!["state"]!.ToString());
        Assert.Equal("not-to-take-over", await CodeAsync(await app.Http.PostAsJsonAsync(path, new { number = 2, tasks = new[] { "second" } }, Now)));

        var command = await app.RunAsync("departures", "newer-version", departure, "--take", "all");
        Assert.Equal(0, command.Code);
        Assert.Equal(3, (await app.GetAsync($"/api/v1/departures/{departure}/tasks")).AsArray().Count);
        Assert.Empty((await app.GetAsync(path))["added"]!.AsArray());
        Assert.Equal(2, (await app.AskAsync(new ReadJournal(Kind: "departure.tasks-taken-over"))).Items.Count);
    }

    [Fact]
    public async Task A_template_is_previewed_on_a_sample_departure_with_dates_order_and_what_keeps_a_task_out()
    {
        await using var app = await DepartApp.StartAsync();
        await PublishAsync(app, Ours + Second, 1);

        var preview = (await app.PostAsync("/api/v1/templates/ours/preview", new { lastDay = "2030-12-26", announceOn = "2030-12-01", zone = "Europe/Paris", status = "independent", onSite = true, calendar = "france-alsace-moselle" }))!;

        Assert.True(preview["isFor"]!.GetValue<bool>());
        var tasks = preview["tasks"]!.AsArray();
        // In Alsace-Moselle both 25 and 26 December are holidays: two business days before the 26th is the 23rd.
        Assert.Equal([("first", "2030-12-23", 1), ("between", "2030-12-25", 2), ("second", "2030-12-26", 3)], tasks.Select(task => (task!["task"]!["key"]!.ToString(), task["day"]!.ToString(), task["order"]!.GetValue<int>())));
        var out1 = Assert.Single(preview["leftOut"]!.AsArray())!;
        Assert.Equal("""{"immediate":["true"]}""", out1["missing"]!.ToJsonString());
        Assert.Equal("calendar-unknown", await CodeAsync(await app.Http.PostAsJsonAsync("/api/v1/templates/ours/preview", new { calendar = "moon" }, Now)));
        var (_, mission) = await app.AddPersonAsync("Zoë", "Perrin", "zoe@exemple.fr", "Altéo");
        Assert.Equal("Altéo", (await app.PostAsync("/api/v1/templates/ours/preview", new { mission }))!["facts"]!["supplier"]!.ToString());

        using var hr = await app.SignInAsync(Role.Hr);
        var page = await hr.Http.GetStringAsync(new Uri($"/templates/ours/preview?lastDay=2030-12-26&announceOn=2030-12-01&calendar=france-alsace-moselle&onSite=true&mission={mission}", UriKind.Relative), Now);
        Assert.Contains("December 2030", page, StringComparison.Ordinal);
        Assert.Contains("St Stephen", page, StringComparison.Ordinal);
        Assert.Contains("only when Immediate: yes", page, StringComparison.Ordinal);
        Assert.Contains("Facts of the mission", page, StringComparison.Ordinal);
        Assert.Contains("field-zone-error", await hr.Http.GetStringAsync(new Uri("/templates/ours/preview?zone=Mars", UriKind.Relative), Now), StringComparison.Ordinal);

        var listed = await app.RunAsync("templates", "preview", "ours", "--last-day", "2030-12-26", "--fact", "status=independent");
        Assert.Contains("Second", listed.Well("preview"), StringComparison.Ordinal);
        Assert.Equal(2, (await app.RunAsync("templates", "preview", "ours", "--fact", "nonsense")).Code);
    }

    private static async Task PublishAsync(DepartApp app, string yaml, int number)
    {
        await app.PostAsync("/api/v1/templates", new { yaml });
        await app.PostAsync($"/api/v1/templates/ours/versions/{number}/publish", null);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonObject>(Now))!["code"]?.ToString();
}
