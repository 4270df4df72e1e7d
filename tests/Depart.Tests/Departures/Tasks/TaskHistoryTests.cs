using CsCheck;
using Depart.Foundation.Calendars;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Given;
using Depart.Missions;
using Depart.Processes;
using Depart.Step5Close.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>Whatever people do to departures, in whatever order, and whenever the process dies: nothing is forgotten, doubled or asked for in vain. A failure names its seed.</summary>
public class TaskHistoryTests
{
    private static readonly string[] Zones = ["Europe/Paris", "Pacific/Auckland", "America/Santiago", "Asia/Kolkata"];

    private static readonly Gen<Act> Acts = Gen.Select(
        Gen.Frequency(
            (3, Gen.Const(Deed.Open)), (4, Gen.Const(Deed.Reschedule)), (1, Gen.Const(Deed.Cancel)), (6, Gen.Const(Deed.Complete)), (3, Gen.Const(Deed.Skip)), (4, Gen.Const(Deed.Reopen)),
            (2, Gen.Const(Deed.Assign)), (6, Gen.Const(Deed.Run)), (3, Gen.Const(Deed.Hurry)), (1, Gen.Const(Deed.Crash)), (1, Gen.Const(Deed.Close)), (1, Gen.Const(Deed.Disconnect)), (1, Gen.Const(Deed.GiveBack))),
        Gen.Int[0, 999], Gen.Int[0, 999]).Select((deed, which, how) => new Act(deed, which, how));

    private enum Deed
    {
        Open,
        Reschedule,
        Cancel,
        Complete,
        Skip,
        Reopen,
        Assign,
        Run,
        Hurry,
        Crash,
        Close,
        Disconnect,
        GiveBack,
    }

    /// <summary>Histories are tried for so many seconds.</summary>
    protected virtual int Seconds => 20;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_any_history_every_departure_is_told_and_prepared_once_and_one_that_is_over_asks_for_nothing()
    {
        var house = await EngineAlone.StartAsync(start: false);
        try
        {
            await house.PublishAsync(
                TaskHouse.Asked("announce", TaskOwner.Manager, "1 business day", TaskAnchor.Announcement, "09:30", late: ("1 day", TaskOwner.Hr)) with { Blocking = true },
                TaskHouse.Asked("handover", TaskOwner.Hr, "-5 business days", reminders: ["3 days", "1 business day"], late: ("2 business days", TaskOwner.Security), after: "announce"),
                TaskHouse.Asked("badge", TaskOwner.Consultant, at: "17:00", reminders: ["1 day"], after: ["announce", "handover"]),
                TaskHouse.Asked("laptop", TaskOwner.It, "1 day", at: "02:30", reminders: ["2 days"], late: ("1 day", TaskOwner.It)) with { Zone = "Europe/Paris", Blocking = true },
                TaskHouse.Asked("thanks", TaskOwner.Hr, "7 days", TaskAnchor.MissionEnd, reminders: ["2 days"], after: "cut"),
                TaskHouse.Asked("cut", TaskOwner.It) with { Kind = TaskKinds.Disconnection });
            await house.UserAsync("hr", null, Role.Hr);
            await house.UserAsync("security", null, Role.Security);
            var colleague = await house.UserAsync("it", null, Role.It);
            var manager = await house.PersonAsync("Roux");
            await house.BeginAsync();
            var number = 0;
            await Acts.Array[4, 24].SampleAsync(
                async history =>
                {
                    var opened = new List<DepartureId>();
                    foreach (var act in history)
                    {
                        house = await DoAsync(house, opened, act, () => $"Perrin{number++}", manager, colleague);
                        await CheckRowsAsync(house, opened);
                    }

                    await house.LookedAsync();
                    while ((await house.ItemsAsync()).Any(item => item is { State: WorkState.Pending, Attempts: > 0 }))
                    {
                        // Cut short when days went by at once under it, and tried again a moment later.
                        house.Clock.Advance(TimeSpan.FromMinutes(1));
                        await house.LookedAsync();
                    }

                    await CheckAsync(house, opened);
                    foreach (var departure in opened)
                    {
                        // Not to weigh on the next history.
                        await house.SendAsync(new CancelDeparture(departure), Actor.Console);
                    }
                },
                time: Seconds,
                threads: 1,
                print: history => string.Join("; ", history.Select(act => act.ToString())));
        }
        finally
        {
            await house.DisposeAsync();
        }
    }

    private static async Task<EngineAlone> DoAsync(EngineAlone house, List<DepartureId> opened, Act act, Func<string> name, PersonId manager, Guid colleague)
    {
        var today = DateOnly.FromDateTime(house.Clock.GetUtcNow().UtcDateTime);
        var zone = Zones[act.How % Zones.Length];
        if (act.Deed == Deed.Open && opened.Count < 3)
        {
            opened.Add(await house.OpenAsync(name(), today.AddDays((act.Which % 50) - 3), zone, new TimeOnly(act.How % 24, 30), manager: manager));
        }

        if (act.Deed is Deed.Run or Deed.Hurry)
        {
            house.Clock.Advance(TimeSpan.FromMinutes((act.Which % 14 * 24 * 60) + act.How));
        }

        if (act.Deed == Deed.Run)
        {
            await house.SettledAsync();
        }

        if (act.Deed == Deed.Crash)
        {
            await house.CrashAsync();
            house = await EngineAlone.StartAsync(house);
        }

        if (opened.Count == 0)
        {
            return house;
        }

        var departure = opened[act.Which % opened.Count];
        var tasks = (await house.TasksAsync(departure)).Values.OrderBy(task => task.Place).ToList();
        var task = tasks[act.How % tasks.Count];
        switch (act.Deed)
        {
            case Deed.Reschedule:
                // Earlier, later, to another zone; also into the past, which cuts at once.
                await house.SendAsync(new RescheduleDeparture(departure, today.AddDays((act.How % 60) - 4), Zone: act.Which % 3 == 0 ? zone : null), Actor.Console);
                break;
            case Deed.Cancel:
                await house.SendAsync(new CancelDeparture(departure), Actor.Console);
                break;
            case Deed.Complete:
                await house.SendAsync(new CompleteTask(departure, task.Id, "fait"), Actor.Console);
                break;
            case Deed.Skip:
                await house.SendAsync(new SkipTask(departure, task.Id, "sans objet"), Actor.Console);
                break;
            case Deed.Reopen:
                task = tasks.Find(one => one.IsSettled) ?? task;
                await house.SendAsync(new ReopenTask(departure, task.Id), Actor.Console);
                break;
            case Deed.Assign:
                await house.SendAsync(new AssignTask(departure, task.Id, act.How % 2 == 0 ? colleague : null), Actor.Console);
                break;
            case Deed.Close:
                foreach (var blocking in tasks.Where(one => one is { Blocking: true, IsPending: true }))
                {
                    await house.SendAsync(new SkipTask(departure, blocking.Id, "sans objet"), Actor.Console);
                }

                await house.SendAsync(new CloseDeparture(departure), Actor.Console);
                break;
            case Deed.Disconnect:
                await house.SendAsync(new Disconnect(departure), Actor.Console);
                break;
            case Deed.GiveBack:
                // As giving back does, which needs accounts: the departure changes under its tasks, and they are told. Nobody else writes meanwhile.
                await house.SettledAsync();
                await house.ChangeAsync(departure, (db, row) =>
                {
                    var now = house.Clock.GetUtcNow();
                    if (row.State is DepartureState.Cut or DepartureState.Closed or DepartureState.Cancelled)
                    {
                        if (row.GiveAccessBack(now))
                        {
                            db.Enqueue(row.Schedule());
                        }

                        TaskClock.Look(db, row, now);
                    }
                });
                break;
            default:
                break;
        }

        return house;
    }

    /// <summary>What holds after every command, whatever the engine is at.</summary>
    private static async Task CheckRowsAsync(EngineAlone house, List<DepartureId> opened)
    {
        foreach (var id in opened)
        {
            var (departure, tasks) = await house.ReadAsync(async db =>
            {
                await using var snapshot = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Now);
                return (await db.Set<Departure>().AsNoTracking().FirstAsync(row => row.Id == id, Now), await db.Set<DepartureTask>().AsNoTracking().Where(task => task.Departure == id).ToListAsync(Now));
            });
            var settled = tasks.Where(task => task.IsSettled).Select(task => task.Key).ToHashSet(StringComparer.Ordinal);
            foreach (var task in tasks)
            {
                Assert.True(task.PendingDue == (task.IsPending ? task.DueAt : null), $"{task.Key} is {task.State} and pending for {task.PendingDue}.");
                Assert.False(departure.State == DepartureState.Cancelled && task.IsPending, $"{task.Key} is asked for by a cancelled departure.");
                if (task.IsPending)
                {
                    Assert.True((task.State == DepartureTaskState.Waiting) == !task.After.TrueForAll(settled.Contains), $"{task.Key} is {task.State}.");
                }
            }
        }
    }

    /// <summary>What holds once all that is due has run.</summary>
    private static async Task CheckAsync(EngineAlone house, List<DepartureId> opened)
    {
        await CheckRowsAsync(house, opened);
        var now = house.Clock.GetUtcNow();
        var mails = await house.MailsAsync();
        Assert.Equal(mails.Count, mails.Select(mail => mail.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.All(mails, mail => Assert.True(mail.CreatedAt >= DateTimeOffset.FromUnixTimeSeconds(long.Parse(mail.Key![42..52], System.Globalization.CultureInfo.InvariantCulture)), mail.Key));
        foreach (var id in opened)
        {
            var departure = await house.FindAsync(id);
            var tasks = await house.TasksAsync(id);
            var appointments = await house.PendingAsync(id);
            var cuts = await house.PendingAsync(id, Departure.CutDue);
            var over = departure.State is DepartureState.Cancelled or DepartureState.Closed;

            Assert.True(appointments.Count <= (over ? 0 : 1), $"{departure.State} with {appointments.Count} appointments");
            Assert.Equal(departure.State == DepartureState.Open && departure.CutAt.AddMinutes(-10) > now ? [departure.CutAt.AddMinutes(-10)] : [], cuts.Select(item => item.DueAt));
            if (departure.State == DepartureState.Cancelled)
            {
                Assert.DoesNotContain(mails, mail => mail.Group == id.ToString() && mail.State == MailState.Waiting);
            }

            if (!over)
            {
                var cut = departure.State == DepartureState.Cut;
                Assert.True(cut == tasks["cut"].IsSettled, $"{departure.State}, cut task {tasks["cut"].State}, at {now:O}: " + string.Join("; ", (await house.ItemsAsync()).Where(item => item.Subject.Contains(id.ToString(), StringComparison.Ordinal)).Select(item => $"{item.Kind} {item.State} due {item.DueAt:O} done {item.DoneAt:O}")));
                foreach (var at in tasks.Values.Where(task => task.IsPending).SelectMany(task => NoticesOf(task, departure)))
                {
                    Assert.True(at > now, $"What was due at {at:u} was not told by {now:u}.");
                    Assert.True(appointments is [var next] && next.DueAt <= at, $"Nobody comes at {at:u}.");
                }
            }
        }
    }

    /// <summary>Instants at which a pending task is still to be told of: nine o'clock of the days that its template names.</summary>
    private static IEnumerable<DateTimeOffset> NoticesOf(DepartureTask task, Departure departure)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(task.Zone ?? departure.Zone);
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(task.DueAt, zone).DateTime);
        var days = task.Reminders.Select(text => TaskHouse.Days(text)).Select(offset => (DayOffset?)(offset with { Days = -offset.Days })).Append(task.EscalateAfter).OfType<DayOffset>();
        return days.Select(offset => new DueRule(offset.Days, offset.Business ? DayCount.Business : DayCount.Calendar, new(9, 0)).From(day, BusinessCalendar.France, zone).Instant)
            .Where((at, index) => index == task.Reminders.Count ? at > (task.LateToldUntil ?? DateTimeOffset.MinValue)
                : task.State == DepartureTaskState.Open && at < task.DueAt && at > (task.ToldUntil ?? DateTimeOffset.MinValue));
    }

    private sealed record Act(Deed Deed, int Which, int How)
    {
        public override string ToString() => $"{Deed} {Which} {How}";
    }
}

/// <summary>The same where commands and engine write side by side.</summary>
[OnPostgreSql]
public sealed class TaskHistoryOnPostgreSqlTests : TaskHistoryTests
{
    protected override int Seconds => 12;
}
