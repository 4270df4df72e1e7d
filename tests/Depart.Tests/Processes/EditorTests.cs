using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Processes;

/// <summary>A template made and changed without YAML.</summary>
public sealed class EditorTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_template_is_begun_changed_task_by_task_and_published_without_a_line_of_yaml()
    {
        await using var app = await DepartApp.StartAsync();
        using var hr = await app.SignInAsync(Role.Hr);
        var begun = await hr.PostFormAsync("/templates/new", ("_handler", "begin"), ("extends", "consultant-regie"), ("title", "Le nôtre"), ("titleEn", "Our own"));
        Assert.Equal("/templates/our-own/editor?version=1", begun.Headers.Location?.PathAndQuery);
        var editor = await hr.Http.GetStringAsync(begun.Headers.Location, Now);
        Assert.Contains("Consultant on time and materials", editor, StringComparison.Ordinal);

        // Only what differs is written; an offset that is impossible is told at its field, and what was typed stays.
        (string, string)[] thank =
        [
            ("_handler", "task"), ("title", "Remercier en équipe"), ("titleEn", "Thank with the team"), ("step", "2"), ("owner", "Hr"), ("kind", "manual"), ("days", "1"), ("count", "business"), ("side", "before"),
            ("anchor", "LastDay"), ("at", "11:00"), ("instructions", "De vive voix."), ("instructionsEn", "In person."), ("done", "C’est fait."), ("doneEn", "It is done."),
            ("when.onSite", "true"), ("unless.supplier", "Altéo; Klee"), ("reminder0.days", "2"), ("reminder0.count", "business"), ("reminder1.days", ""), ("escalation.days", "1"), ("escalation.count", "calendar"),
            ("escalation.to", "Hr"), ("variant0", "yes"), ("variant0.status", "independent"), ("variant0.done", "C’est dit."), ("variant0.doneEn", "It is said."),
        ];
        var page = "/templates/our-own/editor/task?version=1&task=thank";
        var refused = await hr.PostFormAsync(page, [.. thank.Where(field => field.Item1 != "titleEn"), ("titleEn", "")]);
        var said = await refused.Content.ReadAsStringAsync(Now);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("field-titleen-error", said, StringComparison.Ordinal);
        Assert.Contains("value=\"Remercier en &#xE9;quipe\"", said, StringComparison.Ordinal);
        Assert.Equal("/templates/our-own/editor?version=1", (await hr.PostFormAsync(page, thank)).Headers.Location?.PathAndQuery);
        var template = await app.GetAsync("/api/v1/templates/our-own/versions/1");
        Assert.Equal("changed", template["document"]!["origins"]!["thank"]!["kind"]!.ToString());
        var thanked = template["document"]!["tasks"]!.AsArray().Single(task => task!["key"]!.ToString() == "thank")!;
        Assert.Equal("""{"onSite":["true"]}""", thanked["when"]!.ToJsonString());
        Assert.Equal(["Altéo", "Klee"], thanked["unless"]!["supplier"]!.AsArray().Select(value => value!.ToString()));
        Assert.Equal(("2 business days", "1 day", "hr"), (Assert.Single(thanked["reminders"]!.AsArray())!.ToString(), thanked["escalation"]!["after"]!.ToString(), thanked["escalation"]!["to"]!.ToString()));
        Assert.Equal("It is said.", Assert.Single(thanked["variants"]!.AsArray())!["done"]!["en"]!.ToString().Trim());
        var spoilt = await (await hr.PostFormAsync(page, [.. thank.Where(field => field.Item1 is not ("reminder0.days" or "variant0.doneEn")), ("reminder0.days", "2"), ("variant0.doneEn", "")])).Content.ReadAsStringAsync(Now);
        Assert.Contains("field-variant0.doneen-error", spoilt, StringComparison.Ordinal);
        Assert.Contains("field-reminders", await (await hr.PostFormAsync(page, [.. thank.Where(field => field.Item1 != "reminder0.days"), ("reminder0.days", "x")])).Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        Assert.Contains("-1 business day", template["yaml"]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("step:", template["yaml"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("Inherited:", await hr.Http.GetStringAsync(new Uri(page, UriKind.Relative), Now), StringComparison.Ordinal);

        // Drop, take back, add, as inherited again.
        async Task<JsonNode?> ActAsync(string act, string? task, object? fields = null) => await app.PostAsync("/api/v1/templates/our-own/versions/1/tasks", new { act, task, fields });
        await ActAsync("drop", "farewell-card");
        Assert.Equal(["farewell-card"], (await app.GetAsync("/api/v1/templates/our-own/versions/1"))["document"]!["dropped"]!.AsArray().Select(key => key!.ToString()));
        await ActAsync("restore", "farewell-card");
        await ActAsync("revert", "thank");
        await ActAsync("add", null, new
        {
            step = 3, owner = "consultant", title = new { fr = "Ranger les carnets", en = "File the notebooks" }, instructions = new { fr = "À faire.", en = "Do it." }, done = new { fr = "Fait.", en = "Done." },
            anchor = "last-day", offset = "-6 business days",
        });
        var document = (await app.GetAsync("/api/v1/templates/our-own/versions/1"))["document"]!;
        Assert.Empty(document["dropped"]!.AsArray());
        Assert.Equal("inherited", document["origins"]!["thank"]!["kind"]!.ToString());
        Assert.Equal("added", document["origins"]!["file-the-notebooks"]!["kind"]!.ToString());

        // Nothing human delays a cut, by form either; and nothing is kept of what is refused.
        var cut = document["tasks"]!.AsArray().First(task => task!["kind"]!.ToString() == "disconnection")!["key"]!.ToString();
        var waits = await app.Http.PostAsJsonAsync("/api/v1/templates/our-own/versions/1/tasks", new { act = "change", task = cut, fields = new { after = new[] { "file-the-notebooks" } } }, Now);
        var problem = (await waits.Content.ReadFromJsonAsync<JsonObject>(Now))!;
        Assert.Equal((HttpStatusCode.BadRequest, "after"), (waits.StatusCode, problem["field"]!.ToString()));

        await hr.PostFormAsync("/templates/our-own/editor?version=1", ("_handler", "publish"));
        Assert.Equal("published", (await app.GetAsync("/api/v1/templates/our-own"))["state"]!.ToString());
        Assert.Equal("2", (await ActAsync("drop", "thank"))!["number"]!.ToString());
        var busy = await app.Http.PostAsJsonAsync("/api/v1/templates/our-own/versions/1/tasks", new { act = "drop", task = "thank" }, Now);
        Assert.Equal("draft-exists", (await busy.Content.ReadFromJsonAsync<JsonObject>(Now))!["code"]!.ToString());
    }
}
