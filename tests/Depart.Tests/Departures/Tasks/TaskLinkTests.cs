using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Given;
using Depart.Missions;
using Depart.Processes;
using Depart.Proof;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Departures.Tasks;

/// <summary>People without an account do one task by a link from a mail, and nothing else.</summary>
public sealed class TaskLinkTests
{
    private static readonly DateOnly LastDay = new(2027, 1, 15);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_manager_and_a_suppliers_contact_without_an_account_do_their_task_by_the_link_of_their_mail_once_and_it_is_journalled_as_theirs()
    {
        await using var house = await HouseAsync();
        var manager = await house.PersonAsync("Roux");
        var departure = await OpenAsync(house, manager);
        var tasks = await house.TasksAsync(departure);
        await house.BeginAsync();
        house.Clock.SetUtcNow(tasks["manager"].DueAt.AddHours(-2));
        await house.SettledAsync();

        // Each is told of the one task that is theirs, once, although the template asks for no reminder.
        var code = await CodeAsync(house, tasks["manager"], $"person-{manager.Value:N}");
        var contact = await CodeAsync(house, tasks["supplier"], "supplier-");
        Assert.Equal(TasksText.NotByLink, (await house.SendAsync(new HandTask(departure, tasks["approval"].Id, "Nadia", "nadia@ailleurs.example"), Actor.Console)).Problem);
        Assert.DoesNotContain(await MailsOfAsync(house, tasks["approval"]), mail => mail.Key.Contains("person-", StringComparison.Ordinal));

        // Opened as often as one likes, by a mail program too; what it shows is this task.
        for (var times = 0; times < 3; times++)
        {
            var view = await house.AskAsync(new ReadTaskLink(code));
            Assert.Equal((TaskLinkState.Open, "Zoë Roux", "Zoë Perrin", "manager to do"), (view.State, view.Name, view.Leaver, view.Title.En));
        }

        var roux = Actor.ByLink(manager.Value, "Zoë Roux");
        Assert.Equal("evidence-missing", (await house.SendAsync(new DoTaskByLink(code, " "), roux)).Problem?.Code);
        Assert.Equal(Problem.Unauthenticated, (await house.SendAsync(new CompleteTask(departure, tasks["manager"].Id, "fait"), roux)).Problem);
        Assert.Null((await house.SendAsync(new DoTaskByLink(code, "Dit de vive voix"), roux)).Problem);
        Assert.Equal(TasksText.LinkGone, (await house.SendAsync(new DoTaskByLink(code, "Encore"), roux)).Problem);
        var after = await house.AskAsync(new ReadTaskLink(code));
        Assert.Equal((TaskLinkState.Done, "", ""), (after.State, after.Title.En, after.Leaver));

        var done = (await house.TasksAsync(departure))["manager"];
        Assert.Equal((DepartureTaskState.Done, "Zoë Roux", "Dit de vive voix"), (done.State, done.SettledByName, done.Note));
        var entry = await house.ReadAsync(db => db.Set<JournalRow>().AsNoTracking().Where(row => row.Kind == "task.done").OrderByDescending(row => row.Sequence).FirstAsync(Now));
        var written = System.Text.Encoding.UTF8.GetString(entry.Bytes);
        Assert.Contains("\"Link\"", written, StringComparison.Ordinal);
        Assert.Equal("Zoë Roux", await house.ReadAsync(db => db.Set<JournalValue>().Where(value => value.Chain == entry.Chain && value.Sequence == entry.Sequence && value.Name == "byName").Select(value => value.Value).SingleAsync(Now)));

        // No code is kept, nor in the journal.
        Assert.DoesNotContain(await house.ReadAsync(db => db.Set<TaskLink>().AsNoTracking().ToListAsync(Now)), link => link.Hash == code || link.Name.Contains(code, StringComparison.Ordinal));
        Assert.DoesNotContain(code, written, StringComparison.Ordinal);

        // What is not for them goes to somebody else, and the link ends.
        Assert.Equal("Nadia Ferrand", (await house.AskAsync(new ReadTaskLink(contact))).Name);
        Assert.Equal("required", (await house.SendAsync(new DeclineTaskByLink(contact, ""), Actor.ByLink(null, "Nadia Ferrand"))).Problem?.Code);
        Assert.Null((await house.SendAsync(new DeclineTaskByLink(contact, "Voyez la comptabilité."), Actor.ByLink(null, "Nadia Ferrand"))).Problem);
        Assert.Equal(TaskDesk.OfRole(Role.Hr), (await house.TasksAsync(departure))["supplier"].Desk);
        Assert.Equal(TasksText.LinkGone, await RefusalAsync(house, contact));
    }

    [Fact]
    public async Task A_link_ends_when_it_is_withdrawn_when_its_time_is_over_when_the_task_goes_elsewhere_and_when_the_departure_is_cancelled()
    {
        await using var house = await HouseAsync();
        var departure = await OpenAsync(house, null);
        var task = (await house.TasksAsync(departure))["it"];
        var wrong = (await house.SendAsync(new HandTask(departure, task.Id, " ", "personne", "de"), Actor.Console)).Problem!;
        Assert.Equal(["Name", "Mail", "Language"], wrong.Others.Prepend(wrong).Select(problem => problem.Field!));
        Assert.Equal("own-departure", (await house.SendAsync(new HandTask(departure, task.Id, "Zoë", "perrin@exemple.fr"), Actor.Console)).Problem?.Code);
        var it = await house.UserAsync("karim", null, Role.It);
        Assert.Equal("has-account", (await house.SendAsync(new HandTask(departure, task.Id, "Karim", "Karim@alteo.example"), Actor.Console)).Problem?.Code);

        var first = await HandAsync(house, departure, task);
        Assert.Equal("Nadia Ferrand", (await house.AskAsync(new GetTask(task.Id))).LinkOf);
        Assert.Null((await house.SendAsync(new WithdrawTaskLinks(departure, task.Id), Actor.Console)).Problem);
        Assert.Equal(TasksText.LinkGone, await RefusalAsync(house, first));
        Assert.Equal(TaskDesk.OfRole(Role.It), (await house.TasksAsync(departure))["it"].Desk);
        Assert.Equal(TasksText.NoLink, (await house.SendAsync(new WithdrawTaskLinks(departure, task.Id), Actor.Console)).Problem);

        var second = await HandAsync(house, departure, task);
        Assert.Null((await house.SendAsync(new AssignTask(departure, task.Id, it), Actor.Console)).Problem);
        Assert.Equal(TasksText.LinkGone, await RefusalAsync(house, second));
        Assert.Contains(await MailsOfAsync(house, task), mail => mail.State == MailState.Withdrawn);

        var third = await HandAsync(house, departure, task);
        house.Clock.SetUtcNow(task.DueAt + TaskLink.Life - TimeSpan.FromMinutes(1));
        Assert.Null(await RefusalAsync(house, third));
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TasksText.LinkGone, await RefusalAsync(house, third));

        var fourth = await HandAsync(house, departure, task);
        Assert.Null((await house.SendAsync(new CancelDeparture(departure), Actor.Console)).Problem);
        foreach (var code in new[] { fourth, "", "0", new string('f', 48), "' OR 1=1 --" })
        {
            Assert.Equal(TasksText.LinkGone, await RefusalAsync(house, code));
            Assert.Equal(TasksText.LinkGone, (await house.SendAsync(new DoTaskByLink(code, "fait"), Actor.ByLink(null, "x"))).Problem);
        }
    }

    [Fact]
    public async Task The_page_says_kindly_that_a_link_leads_nowhere_counts_strangers_and_keeps_what_was_typed()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        var task = (await app.GetAsync($"/api/v1/departures/{departure}/tasks")).AsArray().First(row => row!["state"]!.ToString() == "open" && row["evidence"]!.GetValue<bool>() && row["kind"]!.ToString() != "disconnection")!;
        await app.PostAsync($"/api/v1/departures/{departure}/tasks/{task["id"]}/hand", new { name = "Nadia Ferrand", mail = "nadia@ailleurs.example", language = "en" });
        var path = "";
        await app.WithDataAsync(async db =>
        {
            var mail = await db.Set<OutgoingMail>().SingleAsync(row => row.Template == "task-by-link", Now);
            path = JsonNode.Parse(mail.Read(app.MailProtector)!.Values!)!["path"]!.ToString();
        });

        using var browser = app.Browse();
        var page = await browser.Http.GetStringAsync(path, Now);
        Assert.Contains(System.Net.WebUtility.HtmlEncode(task["title"]!["en"]!.ToString()), page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/departures", page, StringComparison.Ordinal);
        var empty = await (await browser.PostFormAsync(path, ("_handler", "decline"), ("reason", ""))).Content.ReadAsStringAsync(Now);
        Assert.Contains("id=\"field-reason-error\"", empty, StringComparison.Ordinal);
        var lengthy = new string('x', DepartureTask.NoteLength + 1);
        Assert.Contains(lengthy, await (await browser.PostFormAsync(path, ("_handler", "done"), ("note", lengthy))).Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        await browser.PostFormAsync(path, ("_handler", "done"), ("note", "Ticket 42"));
        var thanks = await browser.Http.GetStringAsync(path, Now);
        Assert.Contains("That is done", thanks, StringComparison.Ordinal);
        Assert.DoesNotContain("Perrin", thanks, StringComparison.Ordinal);
        Assert.Contains("mot tapé trop tard", System.Net.WebUtility.HtmlDecode(await (await browser.PostFormAsync(path, ("_handler", "done"), ("note", "mot tapé trop tard"))).Content.ReadAsStringAsync(Now)), StringComparison.Ordinal);

        // Whatever is wrong, the same words; after some twenty, not even a look.
        using var stranger = app.Browse();
        var said = new HashSet<string>(StringComparer.Ordinal);
        for (var tries = 0; tries < WrongLinks.AtMost; tries++)
        {
            var answer = await stranger.Http.GetAsync($"/by-link?code={tries}", Now);
            Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
            said.Add(System.Text.RegularExpressions.Regex.Match(await answer.Content.ReadAsStringAsync(Now), "<p[^>]*>[^<]*leads nowhere[^<]*</p>", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Value);
        }

        Assert.Contains("leads nowhere", Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.TooManyRequests, (await stranger.Http.GetAsync("/by-link?code=x", Now)).StatusCode);
    }

    [Fact]
    public async Task One_link_shows_a_suppliers_contact_all_that_is_theirs_to_do_and_nothing_of_others_nor_of_what_is_hidden()
    {
        await using var house = await HouseAsync();
        var roux = await house.PersonAsync("Roux");
        var first = await OpenAsync(house, roux);
        var other = await OpenAsync(house, roux, "Mercier");
        var mission = await house.SendAsync(new AddMission(await house.PersonAsync("Garnier", supplier: "Altéo"), new("Refonte du portail", Supplier: "Altéo", Manager: roux)), Actor.Console);
        var hidden = (await house.SendAsync(new OpenDeparture(mission.Value!, LastDay, Template: TaskHouse.Template, Embargo: true), Actor.Console)).Value;
        await house.BeginAsync();
        house.Clock.SetUtcNow((await house.TasksAsync(first))["supplier"].DueAt.AddHours(-2));
        await house.SettledAsync();
        var code = await CodeAsync(house, (await house.TasksAsync(first))["supplier"], "supplier-");
        var theirs = (await house.TasksAsync(other))["supplier"];

        var view = await AskAsync(house, new ReadTaskLink(code));
        Assert.Equal((theirs.Id, "Zoë Mercier"), (Assert.Single(view.Value!.Others).Id, view.Value.Others[0].Leaver));
        foreach (var strange in new[] { (await house.TasksAsync(other))["hr"], (await house.TasksAsync(other))["manager"], (await house.TasksAsync(hidden))["supplier"] })
        {
            Assert.Equal(TasksText.LinkGone, (await AskAsync(house, new ReadTaskLink(code, strange.Id))).Problem);
            Assert.Equal(TasksText.LinkGone, (await house.SendAsync(new DoTaskByLink(code, "fait", Task: strange.Id), Actor.ByLink(null, "Nadia Ferrand"))).Problem);
        }

        Assert.Null((await house.SendAsync(new DoTaskByLink(code, "fait", Task: theirs.Id), Actor.ByLink(null, "Nadia Ferrand"))).Problem);
        Assert.Equal((DepartureTaskState.Done, "Nadia Ferrand"), ((await house.TasksAsync(other))["supplier"].State, (await house.TasksAsync(other))["supplier"].SettledByName));

        // Somebody else answers for the supplier: the link of before shows its own task at most.
        var another = await OpenAsync(house, roux, "Moreau");
        var supplier = await house.ReadAsync(db => db.Set<Supplier>().SingleAsync(Now));
        Assert.Null((await house.SendAsync(new ChangeSupplier(supplier.Id, new("Altéo", "Paul Remy", "paul@alteo.example")), Actor.Console)).Problem);
        Assert.Empty((await AskAsync(house, new ReadTaskLink(code))).Value!.Others);
        Assert.Equal(TasksText.LinkGone, (await AskAsync(house, new ReadTaskLink(code, (await house.TasksAsync(another))["supplier"].Id))).Problem);
    }

    [Fact]
    public async Task What_lay_with_one_manager_lies_with_the_next_who_is_told_and_a_mail_about_what_is_done_meanwhile_does_not_leave()
    {
        await using var house = await HouseAsync();
        var (roux, haddad) = (await house.PersonAsync("Roux"), await house.PersonAsync("Haddad"));
        var departure = await OpenAsync(house, roux);
        var task = (await house.TasksAsync(departure))["manager"];
        await house.BeginAsync();
        house.Clock.SetUtcNow(task.DueAt.AddHours(-2));
        await house.SettledAsync();
        var code = await CodeAsync(house, task, $"person-{roux.Value:N}");

        var mission = (await house.FindAsync(departure)).Mission;
        Assert.Null((await house.SendAsync(new ChangeMission(mission, new("Refonte du portail", Supplier: "Altéo", Manager: haddad)), Actor.Console)).Problem);
        await house.SettledAsync();

        Assert.Equal(TasksText.LinkGone, await RefusalAsync(house, code));
        var next = await CodeAsync(house, task, $"person-{haddad.Value:N}");
        Assert.Contains(await house.ReadAsync(db => db.Set<JournalRow>().AsNoTracking().Select(row => row.Kind).ToListAsync(Now)), kind => kind == "task.followed-parties");
        Assert.All(await MailsOfAsync(house, task), mail => Assert.Equal(mail.Key.Contains($"{roux.Value:N}", StringComparison.Ordinal) ? MailState.Withdrawn : MailState.Waiting, mail.State));

        Assert.Null((await house.SendAsync(new DoTaskByLink(next, "fait"), Actor.ByLink(haddad.Value, "Zoë Haddad"))).Problem);
        Assert.All(await MailsOfAsync(house, task), mail => Assert.Equal(MailState.Withdrawn, mail.State));
    }

    [Fact]
    public async Task What_a_disabled_user_was_given_is_told_to_whoever_would_have_it()
    {
        await using var house = await HouseAsync();
        var (karim, hr) = (await house.UserAsync("karim", null, Role.It, Role.Hr), await house.UserAsync("hr", null, Role.Hr));
        await house.UserAsync("admin", null, Role.Admin);
        var departure = await OpenAsync(house, null);
        var task = (await house.TasksAsync(departure))["hr"];
        Assert.Null((await house.SendAsync(new AssignTask(departure, task.Id, karim), Actor.Console)).Problem);
        Assert.Null((await house.SendAsync(new Interfaces.SignIn.DisableUser(Interfaces.SignIn.UserId.From(karim)), Actor.Console)).Problem);
        await house.BeginAsync();

        house.Clock.SetUtcNow(task.DueAt.AddHours(-2));
        await house.SettledAsync();

        Assert.EndsWith($"user-{hr:N}", Assert.Single(await MailsOfAsync(house, task)).Key, StringComparison.Ordinal);
    }

    private static async Task<string> HandAsync(EngineAlone house, DepartureId departure, DepartureTask task)
    {
        Assert.Null((await house.SendAsync(new HandTask(departure, task.Id, "Nadia Ferrand", "Nadia@ailleurs.example"), Actor.Console)).Problem);
        return await CodeAsync(house, task, "handed-");
    }

    /// <summary>The code in the last mail about a task to a reader.</summary>
    private static async Task<string> CodeAsync(EngineAlone house, DepartureTask task, string reader)
    {
        var mail = (await MailsOfAsync(house, task)).Last(mail => mail.Key.Contains(reader, StringComparison.Ordinal));
        return mail.Path.Split("code=")[1];
    }

    private static async Task<IReadOnlyList<(string Key, MailState State, string Path)>> MailsOfAsync(EngineAlone house, DepartureTask task)
    {
        await using var scope = house.Open();
        var protector = Outbox.Protector(scope.ServiceProvider.GetRequiredService<IDataProtectionProvider>());
        return [.. (await house.MailsAsync()).Where(mail => mail.Key!.Contains(task.Id.ToString(), StringComparison.Ordinal)).OrderBy(mail => mail.Id)
            .Select(mail => (mail.Key!, mail.State, JsonNode.Parse(mail.Read(protector)!.Values!)!["path"]!.ToString()))];
    }

    private static async Task<Problem?> RefusalAsync(EngineAlone house, string code)
    {
        await using var scope = house.Open();
        return (await scope.ServiceProvider.GetRequiredService<Dispatcher>().AskAsync(new ReadTaskLink(code), Actor.Nobody, Now)).Problem;
    }

    private static async Task<Outcome<TaskByLinkView>> AskAsync(EngineAlone house, ReadTaskLink query)
    {
        await using var scope = house.Open();
        return await scope.ServiceProvider.GetRequiredService<Dispatcher>().AskAsync(query, Actor.Nobody, Now);
    }

    private static async Task<DepartureId> OpenAsync(EngineAlone house, PersonId? manager, string family = "Perrin")
    {
        if (family == "Perrin")
        {
            Assert.Null((await house.SendAsync(new AddSupplier(new("Altéo", "Nadia Ferrand", "nadia@alteo.example")), Actor.Console)).Problem);
        }

        var person = await house.PersonAsync(family, supplier: "Altéo");
        var mission = await house.SendAsync(new AddMission(person, new("Refonte du portail", Supplier: "Altéo", Manager: manager)), Actor.Console);
        return (await house.SendAsync(new OpenDeparture(mission.Value!, LastDay, Template: TaskHouse.Template), Actor.Console)).Value;
    }

    private static async Task<EngineAlone> HouseAsync()
    {
        var house = await EngineAlone.StartAsync(start: false);
        await house.PublishAsync(
            TaskHouse.Asked("hr", reminders: ["1 day"]),
            TaskHouse.Asked("it", TaskOwner.It),
            TaskHouse.Asked("manager", TaskOwner.Manager) with { Evidence = true },
            TaskHouse.Asked("supplier", TaskOwner.SupplierContact),
            TaskHouse.Asked("approval", TaskOwner.Manager) with { Kind = "approval" });
        return house;
    }
}
