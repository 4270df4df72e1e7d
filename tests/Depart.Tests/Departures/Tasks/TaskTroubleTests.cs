using Depart.Foundation.Calendars;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Missions;
using Depart.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Depart.Departures.Tasks;

/// <summary>What goes wrong around the tasks of a departure does not stop them, nor those of others.</summary>
public class TaskTroubleTests
{
    private static readonly DateOnly LastDay = new(2027, 1, 15);

    [Fact]
    public async Task A_departure_that_was_cut_and_then_cancelled_asks_for_nothing_again_when_access_is_given_back()
    {
        await using var house = await HouseAsync();
        var departure = await house.OpenAsync("Perrin", LastDay);
        await house.BeginAsync();
        Assert.True((await house.SendAsync(new Step5Close.Accounts.Disconnect(departure), Actor.Console)).Ok);
        await house.LookedAsync();
        Assert.Equal(DepartureTaskState.Done, (await house.TasksAsync(departure))["cut"].State);
        Assert.Null((await house.SendAsync(new CancelDeparture(departure), Actor.Console)).Problem);

        await house.ChangeAsync(departure, (db, row) =>
        {
            row.GiveAccessBack(house.Clock.GetUtcNow());
            TaskClock.Look(db, row, house.Clock.GetUtcNow());
        });
        await house.LookedAsync();

        Assert.DoesNotContain((await house.TasksAsync(departure)).Values, task => task.IsPending);
        Assert.Empty(await house.PendingAsync(departure));
    }

    [Fact]
    public async Task What_became_of_the_cut_is_seen_by_the_tasks_whatever_is_decided_before_they_have_looked()
    {
        await using var house = await HouseAsync();
        var departure = await house.OpenAsync("Perrin", LastDay);
        var badge = (await house.TasksAsync(departure))["badge"];
        Assert.Null((await house.SendAsync(new CompleteTask(departure, badge.Id), Actor.Console)).Problem);
        Assert.True((await house.SendAsync(new Step5Close.Accounts.Disconnect(departure), Actor.Console)).Ok);
        Assert.Null((await house.SendAsync(new ReopenTask(departure, badge.Id), Actor.Console)).Problem);
        await house.BeginAsync();
        await house.LookedAsync();
        Assert.Equal(DepartureTaskState.Done, (await house.TasksAsync(departure))["cut"].State);
        Assert.Single(await house.PendingAsync(departure));

        await house.CrashAsync();
        var next = await EngineAlone.StartAsync(house, start: false);
        await next.ChangeAsync(departure, (db, row) =>
        {
            row.GiveAccessBack(next.Clock.GetUtcNow());
            TaskClock.Look(db, row, next.Clock.GetUtcNow());
        });
        Assert.Null((await next.SendAsync(new RescheduleDeparture(departure, LastDay.AddDays(7)), Actor.Console)).Problem);
        await next.BeginAsync();
        await next.LookedAsync();
        Assert.Equal(DepartureTaskState.Open, (await next.TasksAsync(departure))["cut"].State);
        Assert.Equal((await next.FindAsync(departure)).CutAt, (await next.TasksAsync(departure))["cut"].PendingDue);
        await next.CrashAsync();
    }

    [Fact]
    public async Task A_closed_departure_reminds_nobody_of_what_did_not_block()
    {
        await using var house = await HouseAsync();
        var departure = await house.OpenAsync("Perrin", LastDay);
        await house.BeginAsync();
        await house.SendAsync(new Step5Close.Accounts.Disconnect(departure), Actor.Console);
        await house.LookedAsync();
        Assert.Single(await house.PendingAsync(departure));

        Assert.Null((await house.SendAsync(new CloseDeparture(departure), Actor.Console)).Problem);

        Assert.Empty(await house.PendingAsync(departure));
        house.Clock.Advance(TimeSpan.FromDays(90));
        await house.SettledAsync();
        Assert.Empty(await house.MailsAsync());
        Assert.Null((await house.SendAsync(new CompleteTask(departure, (await house.TasksAsync(departure))["badge"].Id), Actor.Console)).Problem);
    }

    [Fact]
    public async Task A_task_taken_back_after_everything_was_told_is_told_when_it_is_late()
    {
        await using var house = await HouseAsync();
        var departure = await house.OpenAsync("Perrin", LastDay);
        await house.BeginAsync();
        var badge = (await house.TasksAsync(departure))["badge"];
        foreach (var task in (await house.TasksAsync(departure)).Values.Where(task => task.Kind != TaskKinds.Disconnection))
        {
            Assert.Null((await house.SendAsync(new CompleteTask(departure, task.Id), Actor.Console)).Problem);
        }

        house.Clock.SetUtcNow(badge.DueAt.AddHours(-1));
        await house.SettledAsync();
        Assert.Empty(await house.PendingAsync(departure));

        Assert.Null((await house.SendAsync(new ReopenTask(departure, badge.Id), Actor.Console)).Problem);
        await house.SettledAsync();
        house.Clock.SetUtcNow(badge.DueAt.AddDays(3));
        await house.SettledAsync();

        Assert.Contains(await house.MailsAsync(), mail => mail.Key!.Contains($"{badge.Id}", StringComparison.Ordinal) && mail.Key.Contains("-late-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_zone_that_this_machine_does_not_know_stops_neither_its_departure_nor_the_others_and_plans_no_cut_unless_said()
    {
        await using var house = await HouseAsync();
        var lost = await house.OpenAsync("Perrin", LastDay);
        var other = await house.OpenAsync("Mercier", LastDay);
        await house.ChangeAsync(lost, (db, row) => db.Entry(row).Property(one => one.Zone).CurrentValue = "Mars/Olympus_Mons");
        await house.BeginAsync();

        Assert.Equal("zone-unknown", (await house.SendAsync(new RescheduleDeparture(lost, LastDay.AddDays(1)), Actor.Console)).Problem?.Code);
        house.Clock.SetUtcNow((await house.TasksAsync(lost))["badge"].DueAt.AddHours(-5));
        await house.SettledAsync();

        var told = await house.MailsAsync();
        Assert.Contains(told, mail => mail.Group == lost.ToString());
        Assert.Contains(told, mail => mail.Group == other.ToString());
        Assert.Null((await house.SendAsync(new RescheduleDeparture(lost, LastDay.AddDays(20), Zone: "Asia/Kolkata"), Actor.Console)).Problem);
    }

    [Fact]
    public async Task One_departure_that_cannot_be_told_does_not_hold_up_those_of_its_batch()
    {
        await using var house = await HouseAsync(services => services.AddTasks(typeof(Broken).Assembly).AddSingleton(TaskKinds.Known.With(new TaskKind(Broken.Kind, new("Broken", "Cassé")))));
        await house.PublishAsync(
            TaskHouse.Asked("badge", TaskOwner.It, reminders: ["1 day"]), TaskHouse.Asked("cut", TaskOwner.It) with { Kind = TaskKinds.Disconnection }, TaskHouse.Asked("after", after: "cut") with { Kind = Broken.Kind });
        var broken = await house.OpenAsync("Perrin", LastDay);
        var sound = await house.OpenAsync("Mercier", LastDay);
        await house.ChangeAsync(broken, (_, row) => row.EndDisconnecting(everyAccountCut: true, house.Clock.GetUtcNow()));
        await house.BeginAsync();

        house.Clock.SetUtcNow((await house.TasksAsync(sound))["badge"].DueAt.AddHours(-5));
        await EngineAlone.UntilAsync(async () => (await house.MailsAsync()).Exists(mail => mail.Group == sound.ToString()));

        Assert.DoesNotContain(await house.MailsAsync(), mail => mail.Group == broken.ToString());
    }

    [Fact]
    public async Task Days_at_the_ends_of_the_calendar_are_refused_by_name_and_a_mission_without_a_real_end_is_no_obstacle()
    {
        await using var house = await HouseAsync();
        var mission = await house.MissionAsync(await house.PersonAsync("Perrin"));
        foreach (var day in new[] { DateOnly.MaxValue, DateOnly.MinValue.AddDays(1), new(1999, 12, 31), new(2200, 1, 1) })
        {
            var refused = (await house.SendAsync(new OpenDeparture(mission, day, Template: TaskHouse.Template), Actor.Console)).Problem;
            Assert.Equal(("day-out-of-range", nameof(OpenDeparture.LastDay)), (refused?.Code, refused?.Field));
        }

        Assert.Equal(nameof(OpenDeparture.AnnounceOn), (await house.SendAsync(new OpenDeparture(mission, LastDay, Template: TaskHouse.Template, AnnounceOn: DateOnly.MinValue.AddDays(1)), Actor.Console)).Problem?.Field);
        var endless = (await house.SendAsync(new AddMission(await house.PersonAsync("Mercier"), new("Sans fin", End: DateOnly.MaxValue)), Actor.Console)).Value!;
        var departure = await house.SendAsync(new OpenDeparture(endless, LastDay, Template: TaskHouse.Template), Actor.Console);
        Assert.True(departure.Ok, departure.Problem?.Message.En);
        Assert.Equal("day-out-of-range", (await house.SendAsync(new RescheduleDeparture(departure.Value, DateOnly.MaxValue), Actor.Console)).Problem?.Code);
        Assert.Equal("required", (await house.SendAsync(new RescheduleDeparture(departure.Value, default), Actor.Console)).Problem?.Code);
    }

    [Fact]
    public async Task A_template_withdrawn_meanwhile_goes_on_for_the_departures_that_follow_it()
    {
        await using var house = await HouseAsync();
        var departure = await house.OpenAsync("Perrin", LastDay);
        Assert.Null((await house.SendAsync(new WithdrawTemplate(TaskHouse.Template, 1), Actor.Console)).Problem);

        var view = await house.AskAsync(new GetTask((await house.TasksAsync(departure))["badge"].Id));

        Assert.Equal("Do it.", view.Instructions.En);
        Assert.Null((await house.SendAsync(new RescheduleDeparture(departure, LastDay.AddDays(7)), Actor.Console)).Problem);
        Assert.Equal("not-found", (await house.SendAsync(
            new OpenDeparture(await house.MissionAsync(await house.PersonAsync("Mercier")), LastDay, Template: TaskHouse.Template), Actor.Console)).Problem?.Code);
    }

    [Fact]
    public async Task Nobody_can_be_written_to_and_the_clock_of_the_departure_goes_on()
    {
        await using var house = await HouseAsync(users: false);
        var departure = await house.OpenAsync("Perrin", LastDay, person: await house.PersonAsync("Perrin", mail: false));
        await house.BeginAsync();

        house.Clock.SetUtcNow((await house.TasksAsync(departure))["mine"].DueAt.AddHours(-1));
        await house.SettledAsync();

        Assert.Empty(await house.MailsAsync());
        Assert.Single(await house.PendingAsync(departure));
    }

    [Fact]
    public async Task What_came_while_nothing_ran_is_said_in_one_mail_and_what_is_late_by_then_is_said_to_be_late()
    {
        await using var house = await HouseAsync();
        var departure = await house.OpenAsync("Perrin", LastDay);
        var badge = (await house.TasksAsync(departure))["badge"];
        house.Clock.SetUtcNow(badge.DueAt.AddDays(30));

        await house.BeginAsync();
        await house.SettledAsync();

        var told = (await house.MailsAsync()).Where(mail => mail.Key!.Contains(badge.Id.ToString(), StringComparison.Ordinal)).ToList();
        Assert.Contains("-late-", Assert.Single(told).Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_hundred_tasks_are_made_told_moved_and_withdrawn()
    {
        await using var house = await HouseAsync();
        await house.PublishAsync([.. Enumerable.Range(0, 199).Select(number =>
            TaskHouse.Asked($"task-{number}", TaskOwner.It, reminders: ["2 days"], late: ("1 day", TaskOwner.It), after: number % 3 == 2 ? [$"task-{number - 1}"] : [])), TaskHouse.Asked("cut", TaskOwner.It) with { Kind = TaskKinds.Disconnection }]);
        var departure = await house.OpenAsync("Perrin", LastDay);
        await house.BeginAsync();

        house.Clock.SetUtcNow((await house.TasksAsync(departure))["task-0"].DueAt.AddDays(-1));
        await house.SettledAsync();
        Assert.Equal(133, (await house.MailsAsync()).Count);

        Assert.Null((await house.SendAsync(new RescheduleDeparture(departure, LastDay.AddDays(14)), Actor.Console)).Problem);
        Assert.Equal(200, (await house.TasksAsync(departure)).Values.Count(task => task.DueAt > house.Clock.GetUtcNow().AddDays(10)));
        Assert.Null((await house.SendAsync(new CancelDeparture(departure), Actor.Console)).Problem);
        Assert.DoesNotContain((await house.TasksAsync(departure)).Values, task => task.IsPending);
        Assert.All(await house.MailsAsync(), mail => Assert.Equal(Foundation.Mail.MailState.Withdrawn, mail.State));
    }

    [Fact]
    public async Task A_mission_that_has_another_manager_since_reminds_that_one()
    {
        await using var house = await HouseAsync();
        await house.PublishAsync(TaskHouse.Asked("talk", TaskOwner.Manager, reminders: ["2 days"]), TaskHouse.Asked("cut", TaskOwner.It) with { Kind = TaskKinds.Disconnection });
        var (before, since) = (await house.PersonAsync("Roux"), await house.PersonAsync("Haddad"));
        var departure = await house.OpenAsync("Perrin", LastDay, manager: before);
        var mission = (await house.FindAsync(departure)).Mission;
        Assert.Null((await house.SendAsync(new ChangeMission(mission, new("Refonte du portail", Manager: since)), Actor.Console)).Problem);
        await house.BeginAsync();

        house.Clock.SetUtcNow((await house.TasksAsync(departure))["talk"].DueAt.AddDays(-1));
        await house.SettledAsync();

        Assert.EndsWith($"person-{since.Value:N}", Assert.Single(await house.MailsAsync()).Key, StringComparison.Ordinal);
        Assert.Equal(TaskDesk.OfPerson(since.Value), (await house.TasksAsync(departure))["talk"].Desk);
    }

    [Fact]
    public async Task Forty_departures_told_on_one_morning_are_read_together_and_so_is_a_list_of_their_tasks()
    {
        var asked = new Asked();
        await using var house = await HouseAsync(services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(asked)));
        for (var number = 0; number < 40; number++)
        {
            await house.OpenAsync($"Perrin{number}", LastDay);
        }

        var user = TaskHouse.As(Guid.NewGuid(), null, Role.It);
        asked.Clear();
        await using (var scope = house.Open())
        {
            Assert.Equal(80, (await scope.ServiceProvider.GetRequiredService<Dispatcher>().AskAsync(new ListMyTasks(Size: 200), user, TestContext.Current.CancellationToken)).Value!.Items.Count);
        }

        Assert.InRange(asked.Of("departure"), 1, 6);
        asked.Clear();
        await house.BeginAsync();
        house.Clock.SetUtcNow(new(2027, 1, 12, 8, 30, 0, TimeSpan.Zero));
        await house.SettledAsync();

        Assert.Equal(40, (await house.MailsAsync()).Count);
        Assert.InRange(asked.Of("FROM departure_tasks"), 1, 20);
        Assert.InRange(asked.Of("FROM users"), 1, 20);
    }

    [Fact]
    public void A_day_that_a_country_left_out_gives_the_first_instant_after_it()
    {
        var due = new DueRule(-1, DayCount.Calendar, new(18, 0)).From(new(2011, 12, 31), BusinessCalendar.WithoutHolidays, TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia"));

        Assert.Equal(new DateTimeOffset(2011, 12, 30, 10, 0, 0, TimeSpan.Zero), due.Instant);
    }

    private static async Task<EngineAlone> HouseAsync(Action<IServiceCollection>? more = null, bool users = true)
    {
        var house = await EngineAlone.StartAsync(start: false, more: more);
        await house.PublishAsync(
            TaskHouse.Asked("badge", TaskOwner.It, reminders: ["3 days", "1 day"], late: ("2 days", TaskOwner.It)),
            TaskHouse.Asked("mine", TaskOwner.Consultant, reminders: ["1 day"], late: ("2 days", TaskOwner.It)),
            TaskHouse.Asked("cut", TaskOwner.It) with { Kind = TaskKinds.Disconnection });
        if (users)
        {
            await house.UserAsync("it", null, Role.It);
        }

        return house;
    }

    /// <summary>What was asked of the database.</summary>
    private sealed class Asked : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> commands = new();

        public void Clear() => commands.Clear();

        public int Of(string part) => commands.Count(command => command.Contains(part, StringComparison.Ordinal) && !command.Contains("work_", StringComparison.Ordinal));

        public ILogger CreateLogger(string categoryName) => categoryName == "Microsoft.EntityFrameworkCore.Database.Command" ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == Microsoft.EntityFrameworkCore.Diagnostics.RelationalEventId.CommandExecuted.Id)
            {
                commands.Enqueue(formatter(state, exception).Replace("\"", "", StringComparison.Ordinal));
            }
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }

    /// <summary>A kind with a bug.</summary>
    [TaskKind(Kind)]
    internal sealed class Broken : ITaskKind
    {
        public const string Kind = "broken";

        public Task OpenedAsync(DepartureTask task, Departure departure, CancellationToken cancellation) => throw new InvalidOperationException("A bug.");
    }
}

[OnPostgreSql]
public sealed class TaskTroubleOnPostgreSqlTests : TaskTroubleTests;
