using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;
using Microsoft.EntityFrameworkCore;

namespace Depart.Processes;

/// <summary>Templates through the API, on a real database.</summary>
public class TemplatesTests
{
    private static readonly string Ours = Templates.Named("ours", "extends: consultant-regie", "  - key: thank\n    owner: hr\n");

    [Fact]
    public async Task The_shipped_templates_are_published_at_start_and_never_put_over_what_is_there()
    {
        await using var app = await DepartApp.StartAsync();
        var first = await app.GetAsync("/api/v1/templates");
        Assert.Equal(ShippedTemplates.Keys.Order(StringComparer.Ordinal), first.AsArray().Select(row => row!["key"]!.ToString()));
        Assert.All(first.AsArray(), row => Assert.Equal(("published", "1", "true"), (row!["state"]!.ToString(), row["number"]!.ToString(), row["shipped"]!.ToString())));
        await app.PostAsync("/api/v1/templates/consultant-forfait/versions/1/withdraw", null);

        await app.RestartAsync();

        var second = await app.GetAsync("/api/v1/templates");
        Assert.Equal(5, second.AsArray().Count);
        Assert.Equal("withdrawn", second.AsArray().Single(row => row!["key"]!.ToString() == "consultant-forfait")!["state"]!.ToString());
    }

    [Fact]
    public async Task A_template_is_saved_as_a_draft_published_and_then_never_changes()
    {
        await using var app = await DepartApp.StartAsync();
        var saved = await app.PostAsync("/api/v1/templates", new { yaml = Ours });
        Assert.Equal(("ours", "1"), (saved!["key"]!.ToString(), saved["number"]!.ToString()));
        await app.PostAsync("/api/v1/templates/ours/versions/1/publish", null);
        var published = await app.GetAsync("/api/v1/templates/ours/versions/1");

        var again = await app.PostAsync("/api/v1/templates", new { yaml = Ours.Replace("owner: hr", "owner: it", StringComparison.Ordinal) });

        Assert.Equal("2", again!["number"]!.ToString());
        Assert.True(JsonNode.DeepEquals(published, await app.GetAsync("/api/v1/templates/ours/versions/1")));
        Assert.Equal("1", (await app.GetAsync("/api/v1/templates/ours"))["number"]!.ToString());
        Assert.Equal(("consultant-regie", "1"), (published["document"]!["extends"]!.ToString(), published["document"]!["extendsVersion"]!.ToString()));
        Assert.Equal("not-a-draft", await CodeAsync(await PostAsync(app, "/api/v1/templates/ours/versions/1/publish")));
    }

    [Fact]
    public async Task What_was_published_stands_on_the_version_it_was_published_with()
    {
        await using var app = await DepartApp.StartAsync();
        var first = Templates.Named("first", "", Templates.Task("a"));
        await PublishAsync(app, first);
        await PublishAsync(app, Templates.Named("second", "extends: first"));

        await PublishAsync(app, first.Replace("owner: it", "owner: hr", StringComparison.Ordinal));

        Assert.Equal("it", (await app.GetAsync("/api/v1/templates/second"))["document"]!["tasks"]![0]!["owner"]!.ToString());
        await PublishAsync(app, Templates.Named("second", "extends: first\n# again"));
        var anew = await app.GetAsync("/api/v1/templates/second");
        Assert.Equal(("hr", "2", "2"), (anew["document"]!["tasks"]![0]!["owner"]!.ToString(), anew["document"]!["extendsVersion"]!.ToString(), anew["number"]!.ToString()));
    }

    [Fact]
    public async Task A_file_with_errors_is_refused_with_each_line_and_nothing_is_written()
    {
        await using var app = await DepartApp.StartAsync();

        var answer = await app.Http.PostAsJsonAsync("/api/v1/templates", new { yaml = Ours.Replace("owner: hr", "owner: hrr\n    stepp: 2", StringComparison.Ordinal) }, TestContext.Current.CancellationToken);

        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
        Assert.Equal((HttpStatusCode.BadRequest, "tasks[thank].owner", "8"), (answer.StatusCode, problem["field"]!.ToString(), problem["line"]!.ToString()));
        Assert.Equal(["8", "9"], problem["errors"]!.AsArray().Select(error => error!["line"]!.ToString()));
        Assert.Equal(5, (await app.GetAsync("/api/v1/templates")).AsArray().Count);
    }

    [Fact]
    public async Task A_draft_changed_since_it_was_read_is_refused()
    {
        await using var app = await DepartApp.StartAsync();
        await app.PostAsync("/api/v1/templates", new { yaml = Ours });
        var tag = (await app.Http.GetAsync("/api/v1/templates/ours/versions/1", TestContext.Current.CancellationToken)).Headers.ETag!;
        await app.PostAsync("/api/v1/templates", new { yaml = Ours + "\n# one more\n" });

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/templates") { Content = JsonContent.Create(new { yaml = Ours }) };
        request.Headers.TryAddWithoutValidation("If-Match", tag.Tag);
        var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
        Assert.Contains("# one more", (await app.GetAsync("/api/v1/templates/ours"))["yaml"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_begins_from_a_shipped_template_under_another_key_with_its_comments()
    {
        await using var app = await DepartApp.StartAsync();

        var draft = await app.PostAsync("/api/v1/templates/immediate-departure/versions/1/draft", new { @as = "at-once" });

        Assert.Equal(("at-once", "1"), (draft!["key"]!.ToString(), draft["number"]!.ToString()));
        var view = await app.GetAsync("/api/v1/templates/at-once");
        Assert.Equal(ShippedTemplates.Text("immediate-departure").Replace("key: immediate-departure", "key: at-once", StringComparison.Ordinal), view["yaml"]!.ToString());
        Assert.Equal("template-taken", await CodeAsync(await PostAsync(app, "/api/v1/templates/immediate-departure/versions/1/draft", new { @as = "at-once" })));
        var same = await app.PostAsync("/api/v1/templates/immediate-departure/versions/1/draft", new { });
        Assert.Equal("2", same!["number"]!.ToString());
        Assert.Equal("draft-exists", await CodeAsync(await PostAsync(app, "/api/v1/templates/immediate-departure/versions/1/draft", new { })));
    }

    [Fact]
    public async Task A_template_is_compared_with_what_it_extends_and_with_its_other_versions()
    {
        await using var app = await DepartApp.StartAsync();

        var tasks = (await app.GetAsync("/api/v1/templates/consultant-regie/comparison"))["tasks"]!.AsArray().ToDictionary(task => task!["key"]!.ToString(), task => task!);

        Assert.Equal("dropped", tasks["labour-papers"]["change"]!.ToString());
        Assert.Equal("added", tasks["service-done"]["change"]!.ToString());
        Assert.Equal("inherited", tasks["disconnect"]["change"]!.ToString());
        Assert.Equal(["title", "instructions"], tasks["thank"]["fields"]!.AsArray().Select(field => field!["field"]!.ToString()));
        Assert.Equal("Remercier", tasks["thank"]["fields"]![0]!["before"]!["fr"]!.ToString());

        await PublishAsync(app, Ours);
        await app.PostAsync("/api/v1/templates", new { yaml = Ours.Replace("owner: hr", "owner: it", StringComparison.Ordinal) });
        var changed = (await app.GetAsync("/api/v1/templates/ours/comparison?number=2&withNumber=1"))["tasks"]!.AsArray().Where(task => task!["change"]!.ToString() != "inherited");
        Assert.Equal(("hr", "it"), (Assert.Single(changed)!["fields"]![0]!["before"]!.ToString(), changed.First()!["fields"]![0]!["after"]!.ToString()));
        Assert.Equal("nothing-to-compare", await CodeAsync(await app.Http.GetAsync("/api/v1/templates/internal-employee/comparison", TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Publishing_says_again_what_is_wrong_when_the_base_has_changed_since()
    {
        await using var app = await DepartApp.StartAsync();
        await PublishAsync(app, Templates.Named("first", "", Templates.Task("a"), Templates.Task("b")));
        await app.PostAsync("/api/v1/templates", new { yaml = Templates.Named("second", "extends: first\ndrop: [b]") });
        await PublishAsync(app, Templates.Named("first", "", Templates.Task("a")));

        Assert.Equal("unknown-drop", await CodeAsync(await PostAsync(app, "/api/v1/templates/second/versions/1/publish")));
        var view = await app.GetAsync("/api/v1/templates/second");
        Assert.Equal(("draft", "unknown-drop"), (view["state"]!.ToString(), view["problems"]![0]!["code"]!.ToString()));
    }

    [Fact]
    public async Task Processes_published_one_after_the_other_cannot_extend_each_other_in_a_circle()
    {
        await using var app = await DepartApp.StartAsync();
        await PublishAsync(app, Templates.Named("first", "", Templates.Task("a")));
        await PublishAsync(app, Templates.Named("second", "extends: first"));

        Assert.Equal("extends-circle", await CodeAsync(await PostAsync(app, "/api/v1/templates", new { yaml = Templates.Named("first", "extends: second") })));
    }

    [Fact]
    public async Task Each_change_is_in_the_journal_with_the_hash_of_the_file()
    {
        await using var app = await DepartApp.StartAsync();
        await PublishAsync(app, Ours);
        await app.PostAsync("/api/v1/templates/ours/versions/1/withdraw", null);

        var kinds = new List<string>();
        await app.WithDataAsync(async db => kinds.AddRange((await db.Set<Proof.JournalRow>().ToListAsync()).Select(row => row.Kind)));

        Assert.Equal(["template.published", "template.saved", "template.withdrawn"], kinds.Where(kind => kind.StartsWith("template.", StringComparison.Ordinal) && kind != "template.installed").Order(StringComparer.Ordinal));
        Assert.Equal(5, kinds.Count(kind => kind == "template.installed"));
    }

    [Fact]
    public async Task The_house_reads_and_only_HR_and_administrators_change()
    {
        await using var app = await DepartApp.StartAsync();
        using var it = await app.AsAsync(Role.It);
        using var hr = await app.AsAsync(Role.Hr);

        Assert.Equal(HttpStatusCode.OK, (await it.GetAsync("/api/v1/templates/consultant-regie", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await it.PostAsJsonAsync("/api/v1/templates", new { yaml = Ours }, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await hr.PostAsJsonAsync("/api/v1/templates", new { yaml = Ours }, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_file_being_written_is_read_without_being_saved()
    {
        await using var app = await DepartApp.StartAsync();

        var good = await app.PostAsync("/api/v1/templates/validate", new { yaml = Ours });
        var bad = await app.PostAsync("/api/v1/templates/validate", new { yaml = "key: ours" });

        Assert.NotNull(good!["document"]);
        Assert.Equal(4, bad!["problems"]!.AsArray().Count);
        Assert.Equal(5, (await app.GetAsync("/api/v1/templates")).AsArray().Count);
    }

    private static async Task PublishAsync(DepartApp app, string yaml)
    {
        var saved = (await app.PostAsync("/api/v1/templates", new { yaml }))!;
        await app.PostAsync($"/api/v1/templates/{saved["key"]}/versions/{saved["number"]}/publish", null);
    }

    private static Task<HttpResponseMessage> PostAsync(DepartApp app, string path, object? body = null) =>
        app.Http.PostAsync(path, body is null ? null : JsonContent.Create(body), TestContext.Current.CancellationToken);

    private static async Task<string> CodeAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["code"]!.ToString();
}

[OnPostgreSql(InLongRun = true)]
public sealed class TemplatesOnPostgreSqlTests : TemplatesTests;
