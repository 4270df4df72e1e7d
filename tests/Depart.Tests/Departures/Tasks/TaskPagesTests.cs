using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Depart.Foundation.Door;
using Depart.Given;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>The screens of tasks, as a browser without script meets them.</summary>
public sealed partial class TaskPagesTests
{
    private const string Password = "une phrase de passe assez longue 7";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Role.It)]
    [InlineData(Role.Hr)]
    [InlineData(Role.Security)]
    [InlineData(Role.Auditor)]
    [InlineData(Role.Admin)]
    public async Task Every_role_has_its_tasks_in_the_menu_and_an_empty_page_teaches(Role role)
    {
        await using var app = await DepartApp.StartAsync();
        using var browser = await SignInAsync(app, role);

        Assert.Contains("href=\"/tasks\"", await ReadAsync(browser, "/"), StringComparison.Ordinal);
        Assert.Contains("No task waits for you", await ReadAsync(browser, "/tasks"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_sees_tasks_without_signing_in()
    {
        await using var app = await DepartApp.StartAsync();
        using var browser = app.Browse();

        Assert.Equal(HttpStatusCode.Redirect, (await browser.Http.GetAsync("/tasks", Now)).StatusCode);
    }

    [Fact]
    public async Task Whoever_leaves_reads_of_their_own_departure_and_not_of_somebody_of_that_name()
    {
        await using var app = await DepartApp.StartAsync();
        var (person, _) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        var user = await app.AddUserAsync("zoe@exemple.fr", Password, "Zoë Perrin");
        (await app.Http.PutAsJsonAsync($"/api/v1/users/{user}/person", new { person }, Now)).EnsureSuccessStatusCode();
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", "zoe@exemple.fr"), ("password", Password));

        foreach (var path in new[] { "/", "/tasks" })
        {
            var page = await ReadAsync(browser, path);
            Assert.Contains("your own departure", page, StringComparison.Ordinal);
            Assert.DoesNotContain("departure of Zo", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_asks_for_nothing_more_is_done_by_one_click_and_taken_back_by_another()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        using var browser = await SignInAsync(app, Role.Hr);
        var page = await ReadAsync(browser, "/tasks");
        Assert.Contains("departure of Zo&#xEB; Perrin", page, StringComparison.Ordinal);
        var click = Button().Match(page).Groups["value"].Value;
        var task = click.Split('.')[1];

        var after = await browser.PostFormAsync("/tasks", ("_handler", "done"), ("task", click));

        Assert.Equal($"/tasks?done={task}", after.Headers.Location?.PathAndQuery);
        Assert.Equal("done", await StateAsync(app, departure, task));
        var undo = Button().Match(await ReadAsync(browser, $"/tasks?done={task}")).Groups["value"].Value;
        Assert.StartsWith($"{departure}.{task}.", undo, StringComparison.Ordinal);
        await browser.PostFormAsync($"/tasks?done={task}", ("_handler", "undo"), ("task", undo));
        Assert.Equal("open", await StateAsync(app, departure, task));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await browser.PostFormAsync($"/tasks?done={task}", ("_handler", "undo"), ("task", undo))).StatusCode);
    }

    [Fact]
    public async Task A_click_on_what_somebody_changed_meanwhile_does_nothing_and_says_so()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        using var browser = await SignInAsync(app, Role.Hr);
        var click = Button().Match(await ReadAsync(browser, "/tasks")).Groups["value"].Value;
        var task = click.Split('.')[1];
        await app.PostAsync($"/api/v1/departures/{departure}/tasks/{task}/assign", new { user = (Guid?)null });

        var refused = await browser.PostFormAsync("/tasks", ("_handler", "done"), ("task", click));

        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
        Assert.Equal("open", await StateAsync(app, departure, task));
    }

    [Fact]
    public async Task The_page_of_a_task_says_what_to_do_what_done_means_and_that_a_step_not_built_yet_is_done_by_hand()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        using var browser = await SignInAsync(app, Role.Hr);
        foreach (var row in (await TasksAsync(app, departure)).Where(row => row["kind"]!.ToString() is "letter" or "disconnection" or "manual").DistinctBy(row => row["kind"]!.ToString()))
        {
            var page = await ReadAsync(browser, $"/tasks/{row["id"]}");

            Assert.Contains("What to do", page, StringComparison.Ordinal);
            Assert.Contains("It is done when", page, StringComparison.Ordinal);
            Assert.Equal(row["kind"]!.ToString() == "letter", page.Contains("does not carry this step out itself yet", StringComparison.Ordinal));
            Assert.Equal(row["kind"]!.ToString() == "disconnection", page.Contains($"href=\"/departures/{departure}/disconnection\"", StringComparison.Ordinal));
            Assert.Equal(row["kind"]!.ToString() != "disconnection", page.Contains("Leave this task out", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_task_with_a_proof_is_not_done_without_it_and_a_refusal_keeps_what_was_typed()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        using var browser = await SignInAsync(app, Role.Hr);
        var row = (await TasksAsync(app, departure)).First(row => row["evidence"]!.GetValue<bool>() && row["state"]!.ToString() == "open" && row["kind"]!.ToString() != "disconnection");
        var path = $"/tasks/{row["id"]}";

        var missing = await PostAsync(browser, path, ("_handler", "done"), ("note", ""));
        Assert.Contains("id=\"field-note-error\"", missing, StringComparison.Ordinal);
        var lengthy = new string('x', DepartureTask.NoteLength + 1);
        Assert.Contains(lengthy, await PostAsync(browser, path, ("_handler", "done"), ("note", lengthy)), StringComparison.Ordinal);
        Assert.Equal("open", await StateAsync(app, departure, row["id"]!.ToString()));
        await browser.PostFormAsync(path, ("_handler", "done"), ("note", "Courrier du 20/11, ref. 42"));

        var done = await ReadAsync(browser, path);
        Assert.Contains("Done by Claire Vasseur", done, StringComparison.Ordinal);
        Assert.Contains("Courrier du 20/11, ref. 42", done, StringComparison.Ordinal);
        await browser.PostFormAsync(path, ("_handler", "reopen"));
        Assert.Equal("open", await StateAsync(app, departure, row["id"]!.ToString()));
    }

    [Fact]
    public async Task What_somebody_changed_meanwhile_is_said_calmly_and_nothing_typed_is_lost()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        using var browser = await SignInAsync(app, Role.Hr);
        var task = (await TasksAsync(app, departure)).First(row => row["oneClick"]!.GetValue<bool>())["id"]!.ToString();
        var read = Version().Match(await ReadAsync(browser, $"/tasks/{task}")).Groups["value"].Value;
        await app.PostAsync($"/api/v1/departures/{departure}/tasks/{task}/assign", new { user = (Guid?)null });

        var stale = await PostAsync(browser, $"/tasks/{task}", ("_handler", "done"), ("version", read), ("note", "parole gardee"));

        Assert.Contains("This task changed while you were reading it", stale, StringComparison.Ordinal);
        Assert.DoesNotContain("to correct", stale, StringComparison.Ordinal);
        Assert.Contains(">parole gardee</textarea>", stale, StringComparison.Ordinal);
        var fresh = Version().Match(stale).Groups["value"].Value;
        Assert.NotEqual(read, fresh);

        await app.PostAsync($"/api/v1/departures/{departure}/tasks/{task}/done", new { note = "par un autre" });
        var gone = await PostAsync(browser, $"/tasks/{task}", ("_handler", "done"), ("version", fresh), ("note", "parole gardee"));
        Assert.Contains("kept in the comment below", gone, StringComparison.Ordinal);
        Assert.Contains(">parole gardee</textarea>", gone, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_is_left_out_with_a_reason_given_to_somebody_and_commented()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        var karim = await app.AddUserAsync("karim@exemple.fr", Password, Role.It);
        using var browser = await SignInAsync(app, Role.Hr);
        var path = $"/tasks/{(await TasksAsync(app, departure)).First(row => row["oneClick"]!.GetValue<bool>())["id"]}";

        await browser.PostFormAsync(path, ("_handler", "comment"), ("text", "Vu avec le client"));
        await browser.PostFormAsync(path, ("_handler", "give"), ("user", karim.ToString()));
        Assert.Contains("id=\"field-reason-error\"", await PostAsync(browser, path, ("_handler", "skip"), ("reason", " ")), StringComparison.Ordinal);
        var given = await ReadAsync(browser, path);
        Assert.Contains("Vu avec le client", given, StringComparison.Ordinal);
        Assert.Contains($"<option value=\"{karim}\" selected", given, StringComparison.Ordinal);
        await browser.PostFormAsync(path, ("_handler", "skip"), ("reason", "Sans objet ici"));

        Assert.Contains("Sans objet ici", await ReadAsync(browser, path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_only_reads_is_shown_no_form()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        using var browser = await SignInAsync(app, Role.Auditor);
        var path = $"/tasks/{(await TasksAsync(app, departure)).First(row => row["oneClick"]!.GetValue<bool>())["id"]}";

        var page = await ReadAsync(browser, path);

        Assert.DoesNotContain("name=\"note\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"reason\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<textarea", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Http.GetAsync($"/tasks/{Guid.NewGuid()}", Now)).StatusCode);
    }

    [Fact]
    public async Task The_departure_shows_its_tasks_under_their_steps_what_holds_its_closing_and_of_what_nobody_is_reminded_after_it()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        using var browser = await SignInAsync(app, Role.Hr);
        var tasks = await TasksAsync(app, departure);

        var page = await ReadAsync(browser, $"/departures/{departure}");
        Assert.All(tasks, row => Assert.Contains($"/tasks/{row["id"]}", page, StringComparison.Ordinal));
        Assert.All(tasks.Select(row => row["step"]!.ToString()).Distinct(), step => Assert.Contains($"id=\"step-{step}\"", page, StringComparison.Ordinal));
        Assert.DoesNotContain("Before it can be closed", page, StringComparison.Ordinal);
        await app.WithDataAsync(async db =>
        {
            (await db.FindAsync<Departure>([DepartureId.From(Guid.Parse(departure))], Now))!.EndDisconnecting(everyAccountCut: true, TimeProvider.System.GetUtcNow());
            await db.SaveChangesAsync(Now);
        });

        Assert.Contains("Before it can be closed", await ReadAsync(browser, $"/departures/{departure}"), StringComparison.Ordinal);
        Assert.Contains("still to be done", await PostAsync(browser, $"/departures/{departure}", ("_handler", "close")), StringComparison.Ordinal);
        await app.WithDataAsync(async db =>
        {
            foreach (var task in (await db.Set<DepartureTask>().ToListAsync(Now)).Where(task => task is { Blocking: true, IsPending: true }))
            {
                task.Settle(DepartureTaskState.Skipped, null, null, TimeProvider.System.GetUtcNow());
            }

            await db.SaveChangesAsync(Now);
        });

        Assert.Contains("no reminder of them is sent any more", await ReadAsync(browser, $"/departures/{departure}"), StringComparison.Ordinal);
        await browser.PostFormAsync($"/departures/{departure}", ("_handler", "close"));
        Assert.Equal("closed", (await app.GetAsync($"/api/v1/departures/{departure}"))["state"]!.ToString());
    }

    [Fact]
    public async Task A_new_last_day_shows_what_it_moves_and_moves_it_only_once_agreed_to_as_it_was_read()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        using var browser = await SignInAsync(app, Role.Hr);
        var path = $"/departures/{departure}/reschedule?lastDay=2030-12-27&cutTime=17:00";

        var page = await ReadAsync(browser, path);
        var read = Version().Match(page).Groups["value"].Value;
        Assert.Contains("What moves", page, StringComparison.Ordinal);
        Assert.Equal("2030-12-20", (await app.GetAsync($"/api/v1/departures/{departure}"))["lastDay"]!.ToString());
        await app.PostAsync($"/api/v1/departures/{departure}/reschedule", new { lastDay = "2030-12-23" });
        var stale = await PostAsync(browser, path, ("_handler", "reschedule"), ("version", read));
        Assert.Contains("This departure changed while you were reading", stale, StringComparison.Ordinal);
        Assert.Equal("2030-12-23", (await app.GetAsync($"/api/v1/departures/{departure}"))["lastDay"]!.ToString());

        await browser.PostFormAsync(path, ("_handler", "reschedule"), ("version", Version().Match(stale).Groups["value"].Value));

        Assert.Equal("2030-12-27", (await app.GetAsync($"/api/v1/departures/{departure}"))["lastDay"]!.ToString());
        Assert.Contains("id=\"field-lastday-error\"", await ReadAsync(browser, $"/departures/{departure}/reschedule?lastDay=&cutTime=17:00"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_departure_says_which_template_it_follows_and_why_and_follows_the_one_that_is_chosen()
    {
        await using var app = await DepartApp.StartAsync();
        var zoe = await app.AddPersonAsync("Zoë", "Perrin", "zoe@exemple.fr", "Altéo Conseil");
        await app.AddPersonAsync("Hugo", "Mercier", "hugo@exemple.fr", "Sopral");
        using var browser = await SignInAsync(app, Role.Hr);
        var path = $"/departures/new?person={zoe.Person}";

        var page = await ReadAsync(browser, path);
        Assert.Contains("is made for such a departure (", page, StringComparison.Ordinal);
        (string, string)[] form = [("_handler", "open"), ("mission", zoe.Mission.ToString()), ("lastDay", "2030-12-20"), ("cutTime", "18:00"), ("zone", "Europe/Paris"), ("reason", "MissionEnd"), ("announceOn", "2030-11-20")];
        Assert.Contains("id=\"field-successor-error\"", await PostAsync(browser, path, [.. form, ("successor", "personne d’ici")]), StringComparison.Ordinal);
        var opened = await browser.PostFormAsync(path, [.. form, ("successor", "hugo@exemple.fr"), ("template", "consultant-forfait")]);

        var departure = opened.Headers.Location!.ToString().Split('/')[^1];
        var keys = Processes.ShippedTemplates.Documents["consultant-forfait"].Tasks.Select(task => task.Title.En).ToHashSet(StringComparer.Ordinal);
        var tasks = await TasksAsync(app, departure);
        Assert.NotEmpty(tasks);
        Assert.Contains(tasks, row => row["owner"]!.ToString() == "successor");
        Assert.True(tasks.Count(row => keys.Contains(row["title"]!["en"]!.ToString())) > tasks.Count / 2);
    }

    private static async Task<Browser> SignInAsync(DepartApp app, Role role)
    {
        await app.AddUserAsync("claire@exemple.fr", Password, role);
        var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", "claire@exemple.fr"), ("password", Password));
        return browser;
    }

    private static Task<string> ReadAsync(Browser browser, string path) => browser.Http.GetStringAsync(path, Now);

    private static async Task<string> PostAsync(Browser browser, string path, params (string, string)[] fields) =>
        await (await browser.PostFormAsync(path, fields)).Content.ReadAsStringAsync(Now);

    private static async Task<IReadOnlyList<JsonNode>> TasksAsync(DepartApp app, string departure) =>
        [.. (await app.GetAsync($"/api/v1/departures/{departure}/tasks")).AsArray().Select(row => row!)];

    private static async Task<string> StateAsync(DepartApp app, string departure, string task) =>
        (await TasksAsync(app, departure)).Single(row => row["id"]!.ToString() == task)["state"]!.ToString();

    [GeneratedRegex("name=\"task\" value=\"(?<value>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Button();

    [GeneratedRegex("name=\"version\" value=\"(?<value>[0-9]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}
