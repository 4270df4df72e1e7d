using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Given;
using Depart.Missions;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Departures.Tasks;

/// <summary>The tasks of a departure, from its opening to its end, by a clock that the test moves.</summary>
public class TaskTests
{
    private static readonly DateOnly LastDay = new(2026, 12, 18);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_departure_is_asked_for_the_tasks_of_the_template_made_for_such_a_mission()
    {
        await using var house = await HouseAsync();
        var departure = await OpenAsync(house);
        var document = ShippedTemplates.Documents["consultant-regie"];

        var tasks = await TasksAsync(house, departure);

        Assert.Equal(
            document.TasksFor(new() { Kind = MissionKind.Regie, Status = ContractualStatus.SuppliersEmployee, OnSite = true }).Select(task => task.Key).Order(StringComparer.Ordinal),
            tasks.Select(task => task.Key).Order(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(1, 7), tasks.Select(task => task.Step).Distinct().Order());
    }

    [Fact]
    public async Task What_should_have_been_done_before_the_opening_is_due_by_the_end_of_the_next_working_day_and_nothing_is_late_at_once()
    {
        await using var house = await HouseAsync();
        var departure = await OpenAsync(house, lastDay: new(2026, 11, 24));

        foreach (var task in await TasksAsync(house, departure))
        {
            Assert.True(task.DueAt > house.Clock.GetUtcNow(), task.Key);
        }
    }

    [Fact]
    public async Task A_task_waits_until_what_it_waits_for_is_done_or_left_out_and_says_what_it_waits_for()
    {
        await using var house = await HouseAsync();
        var departure = await OpenAsync(house);
        var held = (await TasksAsync(house, departure)).First(task => task is { State: DepartureTaskState.Waiting, Evidence: false } && task.Kind != TaskKinds.Disconnection);

        var refused = await house.SendAsync(new CompleteTask(departure, held.Id), Actor.Console);
        Assert.Equal("task-waits", refused.Problem?.Code);

        foreach (var before in await HoldingAsync(house, departure, held))
        {
            Assert.Null((await house.SendAsync(new SkipTask(departure, before.Id, "Sans objet"), Actor.Console)).Problem);
        }

        Assert.Equal(DepartureTaskState.Open, (await TasksAsync(house, departure)).Single(task => task.Id == held.Id).State);
        Assert.Null((await house.SendAsync(new CompleteTask(departure, held.Id), Actor.Console)).Problem);
    }

    [Fact]
    public async Task A_task_taken_back_holds_what_waits_for_it_again()
    {
        await using var house = await HouseAsync();
        var departure = await OpenAsync(house);
        var tasks = await TasksAsync(house, departure);
        var held = tasks.First(task => task.State == DepartureTaskState.Waiting && task.After.Count == 1 && tasks.Single(other => other.Key == task.After[0]).State == DepartureTaskState.Open);
        var first = tasks.Single(task => task.Key == held.After[0]);
        Assert.Null((await house.SendAsync(new CompleteTask(departure, first.Id, "fait"), Actor.Console)).Problem);
        Assert.Equal(DepartureTaskState.Open, (await TasksAsync(house, departure)).Single(task => task.Id == held.Id).State);

        Assert.Null((await house.SendAsync(new ReopenTask(departure, first.Id), Actor.Console)).Problem);

        Assert.Equal(DepartureTaskState.Waiting, (await TasksAsync(house, departure)).Single(task => task.Id == held.Id).State);
    }

    [Fact]
    public async Task A_task_that_asks_for_a_proof_is_not_done_by_a_click_alone()
    {
        await using var house = await HouseAsync();
        var departure = await OpenAsync(house);
        var proved = (await TasksAsync(house, departure)).First(task => task is { Evidence: true, State: DepartureTaskState.Open });

        Assert.Equal("evidence-missing", (await house.SendAsync(new CompleteTask(departure, proved.Id, "  "), Actor.Console)).Problem?.Code);
        Assert.Null((await house.SendAsync(new CompleteTask(departure, proved.Id, "Courrier du 20/11, réf. 42"), Actor.Console)).Problem);
    }

    [Fact]
    public async Task The_disconnection_is_due_at_the_cut_and_neither_done_nor_left_out_by_a_person()
    {
        await using var house = await HouseAsync();
        var departure = await OpenAsync(house);
        var cut = (await TasksAsync(house, departure)).Single(task => task.Kind == TaskKinds.Disconnection);

        Assert.Equal(new DateTimeOffset(2026, 12, 18, 17, 0, 0, TimeSpan.Zero), cut.DueAt);
        Assert.Equal("task-cut-not-skipped", (await house.SendAsync(new SkipTask(departure, cut.Id, "non"), Actor.Console)).Problem?.Code);
        if (cut.State == DepartureTaskState.Open)
        {
            Assert.Equal("task-cut-by-depart", (await house.SendAsync(new CompleteTask(departure, cut.Id, "fait"), Actor.Console)).Problem?.Code);
        }
    }

    [Fact]
    public async Task Rescheduling_says_beforehand_what_it_moves_and_moves_just_that()
    {
        await using var house = await HouseAsync();
        var departure = await OpenAsync(house);
        var before = (await TasksAsync(house, departure)).ToDictionary(task => task.Id, task => task.DueAt);
        var foreseen = await house.AskAsync(new ForeseeReschedule(departure, LastDay.AddDays(7)));
        Assert.Equal(before, (await TasksAsync(house, departure)).ToDictionary(task => task.Id, task => task.DueAt));

        Assert.Null((await house.SendAsync(new RescheduleDeparture(departure, LastDay.AddDays(7)), Actor.Console)).Problem);

        var after = (await TasksAsync(house, departure)).ToDictionary(task => task.Id, task => task.DueAt);
        Assert.Equal(TimeSpan.FromDays(7), foreseen.CutTo - foreseen.CutFrom);
        Assert.NotEmpty(foreseen.Tasks);
        Assert.Equal(foreseen.Tasks.OrderBy(move => move.Task).Select(move => (move.Task, move.From, move.To)), before.Where(pair => after[pair.Key] != pair.Value).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value, after[pair.Key])));
    }

    [Fact]
    public async Task What_is_late_stays_late_when_the_departure_moves()
    {
        await using var house = await HouseAsync();
        var departure = await OpenAsync(house);
        var first = (await TasksAsync(house, departure)).Where(task => task.Anchor == TaskAnchor.Announcement).MinBy(task => task.DueAt)!;
        house.Clock.SetUtcNow(first.DueAt.AddDays(2));

        Assert.Null((await house.SendAsync(new RescheduleDeparture(departure, LastDay.AddDays(30)), Actor.Console)).Problem);

        Assert.Equal(first.DueAt, (await TasksAsync(house, departure)).Single(task => task.Id == first.Id).DueAt);
    }

    [Fact]
    public async Task A_cancelled_departure_asks_for_nothing_any_more_and_leaves_no_appointment()
    {
        await using var house = await HouseAsync();
        var departure = await OpenAsync(house);
        Assert.Contains(await house.ItemsAsync(), item => item is { Kind: TaskClock.WorkKind, State: WorkState.Pending });

        Assert.Null((await house.SendAsync(new CancelDeparture(departure), Actor.Console)).Problem);

        Assert.All(await TasksAsync(house, departure), task => Assert.True(task is { State: DepartureTaskState.Withdrawn, PendingDue: null }));
        Assert.DoesNotContain(await house.ItemsAsync(), item => item is { Kind: TaskClock.WorkKind, State: WorkState.Pending });
    }

    [Fact]
    public async Task A_departure_has_one_appointment_however_often_it_moves()
    {
        await using var house = await HouseAsync();
        var departure = await OpenAsync(house);
        for (var days = 1; days < 6; days++)
        {
            Assert.Null((await house.SendAsync(new RescheduleDeparture(departure, LastDay.AddDays(days)), Actor.Console)).Problem);
        }

        Assert.Single(await house.ItemsAsync(), item => item is { Kind: TaskClock.WorkKind, State: WorkState.Pending });
    }

    [Fact]
    public async Task A_departure_is_not_closed_while_a_blocking_task_is_open_which_is_named()
    {
        await using var house = await HouseAsync();
        var departure = await OpenAsync(house);
        await ChangeAsync(house, departure, row => row.EndDisconnecting(everyAccountCut: true, house.Clock.GetUtcNow()));

        var refused = (await house.SendAsync(new CloseDeparture(departure), Actor.Console)).Problem;

        Assert.Equal("departure-tasks-open", refused?.Code);
        Assert.All((await TasksAsync(house, departure)).Where(task => task is { Blocking: true, IsPending: true }), task => Assert.Contains(task.TitleFr, refused!.Message.Fr, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reminders_come_once_at_nine_to_whoever_the_task_lies_with_and_a_late_task_is_told_further_up()
    {
        await using var house = await HouseAsync();
        await house.SendAsync(new Interfaces.SignIn.AddUser("rh@alteo.example", "Agnès Roux", [Role.Hr], "une phrase assez longue pour tous"), Actor.Console);
        await house.SendAsync(new Interfaces.SignIn.AddUser("it@alteo.example", "Karim Haddad", [Role.It], "une phrase assez longue pour tous"), Actor.Console);
        await house.SendAsync(new Interfaces.SignIn.AddUser("rssi@alteo.example", "Claire Vasseur", [Role.Security], "une phrase assez longue pour tous"), Actor.Console);
        var departure = await OpenAsync(house);
        await house.BeginAsync();

        await house.AdvanceUntilAsync(() => Task.FromResult(house.Clock.GetUtcNow() > new DateTimeOffset(2027, 1, 20, 0, 0, 0, TimeSpan.Zero)), TimeSpan.FromHours(6));

        var mails = await MailsAsync(house);
        var tasks = await TasksAsync(house, departure);
        foreach (var task in tasks.Where(task => task.Desk.StartsWith("role:", StringComparison.Ordinal) && task.Kind != TaskKinds.Disconnection))
        {
            var told = mails.Where(mail => mail.Key!.Contains(task.Id.ToString(), StringComparison.Ordinal)).ToList();
            Assert.Equal(task.State == DepartureTaskState.Open ? task.Reminders.Count : 0, told.Count(mail => mail.Key!.Contains("-due-", StringComparison.Ordinal)));
        }

        Assert.Contains(mails, mail => mail.Key!.Contains("-late-", StringComparison.Ordinal));
        Assert.Equal(mails.Count, mails.Select(mail => mail.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.All(mails, mail => Assert.InRange(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(mail.DueAt, "Europe/Paris").TimeOfDay, new TimeSpan(7, 30, 0), new TimeSpan(20, 0, 0)));
    }

    [Fact]
    public async Task My_tasks_are_those_of_my_desk_and_of_my_roles_the_first_due_first()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        using var hr = await app.AsAsync(Role.Hr);
        using var it = await app.AsAsync(Role.It);

        var seen = new List<JsonNode>();
        var next = "";
        do
        {
            var page = JsonNode.Parse(await hr.GetStringAsync(new Uri($"/api/v1/tasks?size=3{next}", UriKind.Relative), Now))!;
            seen.AddRange(page["items"]!.AsArray().Select(row => row!));
            next = page["next"] is { } cursor ? $"&after={cursor}" : "";
        }
        while (next.Length > 0);

        var all = (await app.GetAsync($"/api/v1/departures/{departure}/tasks")).AsArray();
        var ofHr = all.Where(row => row!["owner"]!.ToString() is "hr" or "manager" or "Hr" or "Manager").Select(row => row!["id"]!.ToString()).Order(StringComparer.Ordinal);
        Assert.Equal(ofHr, seen.Select(row => row["id"]!.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(seen.Select(row => row["dueAt"]!.GetValue<DateTimeOffset>()).Order(), seen.Select(row => row["dueAt"]!.GetValue<DateTimeOffset>()));
        Assert.Empty(JsonNode.Parse(await it.GetStringAsync(new Uri("/api/v1/tasks?size=200", UriKind.Relative), Now))!["items"]!.AsArray().Select(row => row!["id"]!.ToString()).Intersect(ofHr));
    }

    [Fact]
    public async Task A_task_given_to_somebody_leaves_the_desk_of_the_role_and_comes_back_to_it()
    {
        await using var house = await HouseAsync();
        var user = (await house.SendAsync(new Interfaces.SignIn.AddUser("it@alteo.example", "Karim Haddad", [Role.It], "une phrase assez longue pour tous"), Actor.Console)).Value;
        var departure = await OpenAsync(house);
        var task = (await TasksAsync(house, departure)).First(one => one.Desk == TaskDesk.OfRole(Role.Hr));

        Assert.Null((await house.SendAsync(new AssignTask(departure, task.Id, user.Value), Actor.Console)).Problem);
        Assert.Equal(TaskDesk.OfUser(user.Value), (await TasksAsync(house, departure)).Single(one => one.Id == task.Id).Desk);
        Assert.Null((await house.SendAsync(new AssignTask(departure, task.Id, null), Actor.Console)).Problem);
        Assert.Equal(TaskDesk.OfRole(Role.Hr), (await TasksAsync(house, departure)).Single(one => one.Id == task.Id).Desk);
        Assert.Equal("user-unknown", (await house.SendAsync(new AssignTask(departure, task.Id, Guid.NewGuid()), Actor.Console)).Problem?.Code);
    }

    [Fact]
    public async Task Roles_of_a_departure_follow_from_it_and_show_no_other()
    {
        await using var house = await HouseAsync();
        var manager = await PersonAsync(house, "Agnès", "Roux", ContractualStatus.Internal);
        var departure = await OpenAsync(house, manager: manager);
        var other = await OpenAsync(house, given: "Hugo", family: "Mercier");
        await using var scope = house.Open();
        var binding = scope.ServiceProvider.GetRequiredService<IDepartureBinding>();
        var leaver = (await FindAsync(house, departure)).Person.Value;
        Assert.Equal([Role.Manager], await binding.RolesOfAsync(manager.Value, Now));
        Assert.Equal([Role.Consultant], await binding.RolesOfAsync(leaver, Now));

        var actor = new Actor(Guid.NewGuid(), manager.Value, "Agnès Roux", new HashSet<Role> { Role.Manager }, Via.Page);
        var dispatcher = scope.ServiceProvider.GetRequiredService<Dispatcher>();
        Assert.Equal([departure], (await dispatcher.AskAsync(new ListDepartures(), actor, Now)).Value!.Items.Select(row => row.Id));
        Assert.Equal("forbidden", (await dispatcher.AskAsync(new GetDeparture(other), actor, Now)).Problem?.Code);
        Assert.Equal("not-found", (await dispatcher.AskAsync(new GetTask((await TasksAsync(house, other))[0].Id), actor, Now)).Problem?.Code);
    }

    private static async Task<EngineAlone> HouseAsync()
    {
        var house = await EngineAlone.StartAsync(start: false);
        Assert.Null((await house.SendAsync(new InstallShippedTemplates())).Problem);
        return house;
    }

    private static async Task<PersonId> PersonAsync(EngineAlone house, string given, string family, ContractualStatus status = ContractualStatus.SuppliersEmployee) =>
        (await house.SendAsync(new AddPerson(given, family, [$"{given}.{family}@exemple.fr"], Status: status), Actor.Console)).Value!.Person;

    private static async Task<DepartureId> OpenAsync(EngineAlone house, DateOnly? lastDay = null, string given = "Zoë", string family = "Perrin", PersonId? manager = null)
    {
        var person = await PersonAsync(house, given, family);
        var mission = (await house.SendAsync(new AddMission(person, new("Refonte du portail", Manager: manager)), Actor.Console)).Value!;
        var opened = await house.SendAsync(new OpenDeparture(mission, lastDay ?? LastDay), Actor.Console);
        Assert.Null(opened.Problem);
        return opened.Value;
    }

    private static async Task<List<DepartureTask>> TasksAsync(EngineAlone house, DepartureId departure)
    {
        await using var scope = house.Open();
        return await scope.ServiceProvider.GetRequiredService<TaskBook>().OfAsync(departure, Now);
    }

    private static async Task<IReadOnlyList<DepartureTask>> HoldingAsync(EngineAlone house, DepartureId departure, DepartureTask held)
    {
        var tasks = (await TasksAsync(house, departure)).ToDictionary(task => task.Key, StringComparer.Ordinal);
        return [.. held.After.Select(key => tasks[key]).Where(task => !task.IsSettled)];
    }

    private static async Task<Departure> FindAsync(EngineAlone house, DepartureId departure)
    {
        await using var scope = house.Open();
        return (await scope.ServiceProvider.GetRequiredService<DepartDb>().FindAsync<Departure>([departure], Now))!;
    }

    private static async Task ChangeAsync(EngineAlone house, DepartureId departure, Action<Departure> change)
    {
        await using var scope = house.Open();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        change((await db.FindAsync<Departure>([departure], Now))!);
        await db.SaveChangesAsync(Now);
    }

    private static async Task<List<OutgoingMail>> MailsAsync(EngineAlone house)
    {
        await using var scope = house.Open();
        return await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<OutgoingMail>().AsNoTracking().ToListAsync(Now);
    }
}

[OnPostgreSql]
public sealed class TaskOnPostgreSqlTests : TaskTests;
