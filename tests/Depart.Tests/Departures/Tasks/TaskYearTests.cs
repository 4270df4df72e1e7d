using Depart.Foundation.Door;
using Depart.Given;
using Depart.Processes;
using Depart.Step5Close.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>
/// A year of departures in both hemispheres, by a clock that the test moves to every instant at which something is expected, and to a second before it. What is expected is reckoned
/// here, from the template, a list of French holidays and the zone.
/// </summary>
public sealed class TaskYearTests
{
    private static readonly DateTimeOffset Begin = new(2026, 7, 1, 6, 0, 0, TimeSpan.Zero);

    /// <summary>Clocks change at that hour, or near it: forward (an hour that does not exist) and back (one that comes twice).</summary>
    private static readonly (string Zone, DateOnly LastDay, TimeOnly Cut)[] Departures =
    [
        ("Europe/Paris", new(2026, 10, 25), new(2, 30)),
        ("Europe/Paris", new(2027, 3, 28), new(2, 30)),
        ("America/Santiago", new(2026, 9, 6), new(0, 30)),
        ("America/Santiago", new(2027, 4, 3), new(23, 30)),
        ("Australia/Sydney", new(2026, 10, 4), new(2, 30)),
        ("Australia/Sydney", new(2027, 4, 4), new(2, 30)),
        ("Pacific/Auckland", new(2026, 9, 27), new(2, 30)),
        ("Pacific/Auckland", new(2027, 4, 4), new(2, 30)),
        ("Asia/Kolkata", new(2027, 1, 26), new(18, 0)),
        ("America/Sao_Paulo", new(2027, 6, 30), new(18, 0)),
    ];

    private static readonly HashSet<DateOnly> Holidays =
    [
        new(2026, 7, 14), new(2026, 8, 15), new(2026, 11, 1), new(2026, 11, 11), new(2026, 12, 25),
        new(2027, 1, 1), new(2027, 3, 29), new(2027, 5, 1), new(2027, 5, 6), new(2027, 5, 8), new(2027, 5, 17), new(2027, 7, 14), new(2027, 8, 15),
    ];

    private static readonly TaskTemplate[] Template =
    [
        TaskHouse.Asked("announce", TaskOwner.Manager, "2 business days", TaskAnchor.Announcement, "09:30", ["1 business day"], ("2 days", TaskOwner.Hr)),
        TaskHouse.Asked("handover", TaskOwner.Hr, "-10 business days", reminders: ["5 days", "1 business day"], late: ("3 business days", TaskOwner.Security)),
        TaskHouse.Asked("night", TaskOwner.It, at: "02:30", reminders: ["1 day"], late: ("1 day", TaskOwner.Manager)),
        TaskHouse.Asked("paris", TaskOwner.It, at: "02:30", reminders: ["2 days"], late: ("1 business day", TaskOwner.It)) with { Zone = "Europe/Paris" },
        TaskHouse.Asked("held", TaskOwner.Security, "7 days", TaskAnchor.MissionEnd, reminders: ["2 days"], late: ("1 day", TaskOwner.Security), after: "handover"),
        TaskHouse.Asked("cut") with { Kind = TaskKinds.Disconnection, Owner = TaskOwner.It },
    ];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_reminder_and_escalation_comes_once_at_its_instant_and_every_cut_is_prepared_once_in_both_hemispheres_over_a_year()
    {
        await using var house = await EngineAlone.StartAsync(start: false, at: Begin);
        await house.PublishAsync(Template);
        await house.UserAsync("hr", null, Role.Hr);
        await house.UserAsync("it", null, Role.It);
        await house.UserAsync("security", null, Role.Security);
        var manager = await house.PersonAsync("Roux");
        await house.BeginAsync();

        var openings = Departures.Select((departure, index) => (Index: index, At: Later(Begin.AddMinutes(index + 1), First(departure.LastDay.AddDays(-60), new(9, 15), departure.Zone)))).ToLookup(pair => pair.At, pair => pair.Index);
        var cuts = Departures.Select(departure => First(departure.LastDay, departure.Cut, departure.Zone)).ToList();
        var expected = Departures.SelectMany((departure, index) => Template.SelectMany(task => NoticesOf(task, departure, openings.First(group => group.Contains(index)).Key)
            .Select(notice => (Index: index, task.Key, notice.Late, notice.At, notice.Read)))).ToList();
        Assert.True(expected.Count > 90);
        var instants = expected.Select(notice => notice.At).Concat(openings.Select(group => group.Key)).Concat(cuts).Concat(cuts.Select(cut => cut.AddMinutes(-10))).Distinct().Order().ToList();

        var ids = new DepartureId?[Departures.Length];
        var names = new Dictionary<Guid, (int Index, string Key)>();
        foreach (var instant in instants)
        {
            if (instant.AddSeconds(-1) > house.Clock.GetUtcNow())
            {
                house.Clock.SetUtcNow(instant.AddSeconds(-1));
                await house.SettledAsync();
                Assert.Equal(Until(instant.AddSeconds(-1)), await ToldAsync());
                await CutsPreparedAsync(instant.AddSeconds(-1));
            }

            house.Clock.SetUtcNow(instant);
            foreach (var index in openings[instant])
            {
                var (zone, lastDay, cut) = Departures[index];
                var id = await house.OpenAsync($"Perrin{index}", lastDay, zone, cut, lastDay.AddDays(-50), manager);
                ids[index] = id;
                foreach (var task in (await house.TasksAsync(id)).Values)
                {
                    names[task.Id.Value] = (index, task.Key);
                }
            }

            await house.SettledAsync();
            Assert.Equal(Until(instant), await ToldAsync());
            await CutsPreparedAsync(instant);
        }

        // Two more months bring nothing that was not expected.
        house.Clock.Advance(TimeSpan.FromDays(60));
        await house.SettledAsync();
        Assert.Equal(Until(DateTimeOffset.MaxValue), await ToldAsync());
        var mails = await house.MailsAsync();
        Assert.Equal(expected.Select(notice => notice.Read).Order(), mails.Select(mail => mail.DueAt).Order());
        for (var index = 0; index < ids.Length; index++)
        {
            var departure = await house.FindAsync(ids[index]!.Value);
            Assert.Equal((DepartureState.Cut, cuts[index]), (departure.State, departure.CutAt));
            Assert.Equal(DepartureTaskState.Done, (await house.TasksAsync(departure.Id))["cut"].State);
            Assert.Empty(await house.PendingAsync(departure.Id));
        }

        List<string> Until(DateTimeOffset now) => [.. expected.Where(notice => notice.At <= now).Select(notice => $"{notice.At:u} {notice.Index} {notice.Key} {(notice.Late ? "late" : "due")}").Order(StringComparer.Ordinal)];

        // As told by the mails: when they were written, of which task.
        async Task<List<string>> ToldAsync() => [.. (await house.MailsAsync()).Select(mail =>
        {
            var (index, key) = names.Single(pair => mail.Key!.Contains(pair.Key.ToString(), StringComparison.Ordinal)).Value;
            return $"{mail.CreatedAt:u} {index} {key} {(mail.Key!.Contains("-late-", StringComparison.Ordinal) ? "late" : "due")}";
        }).Order(StringComparer.Ordinal)];

        async Task CutsPreparedAsync(DateTimeOffset now)
        {
            var runs = await house.ReadAsync(db => db.Set<Disconnection>().AsNoTracking().Select(run => new { run.Departure, run.StartedAt }).ToListAsync(Now));
            var due = cuts.Select((cut, index) => (Cut: cut, Id: ids[index])).Where(one => one.Cut.AddMinutes(-10) <= now).ToList();
            Assert.Equal(due.Select(one => (one.Id!.Value.ToString(), one.Cut)).Order(), runs.Select(run => (run.Departure.ToString(), run.StartedAt)).Order());
        }
    }

    private static IEnumerable<(bool Late, DateTimeOffset At, DateTimeOffset Read)> NoticesOf(TaskTemplate task, (string Zone, DateOnly LastDay, TimeOnly Cut) departure, DateTimeOffset opened)
    {
        if (task.Kind == TaskKinds.Disconnection)
        {
            yield break;
        }

        var zone = task.Zone ?? departure.Zone;
        var anchor = task.Anchor == TaskAnchor.Announcement ? departure.LastDay.AddDays(-50) : departure.LastDay;
        var day = Moved(anchor, task.Offset);
        var due = First(day, task.At ?? new(18, 0), zone);
        Assert.True(due > opened);
        foreach (var reminder in task.After.Count > 0 ? [] : task.Reminders)
        {
            var morning = Moved(day, reminder with { Days = -reminder.Days });
            var at = First(morning, new(9, 0), zone);
            Assert.True(at > opened && at < due, $"{task.Key} {departure}");
            yield return (false, at, Read(morning));
        }

        var later = Moved(day, task.Escalation!.After);
        yield return (true, First(later, new(9, 0), zone), Read(later));

        // Nobody is disturbed on a weekend or a holiday.
        DateTimeOffset Read(DateOnly morning) => Worked(morning) ? First(morning, new(9, 0), zone) : First(Moved(morning, new(1, true)), new(7, 30), zone);
    }

    private static DateOnly Moved(DateOnly day, DayOffset by)
    {
        for (var left = Math.Abs(by.Days); left > 0;)
        {
            day = day.AddDays(Math.Sign(by.Days));
            left -= !by.Business || Worked(day) ? 1 : 0;
        }

        return day;
    }

    private static bool Worked(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Holidays.Contains(day);

    /// <summary>The first instant at which clocks there show that hour, or a later one when they never do: found by watching them, minute by minute.</summary>
    private static DateTimeOffset First(DateOnly day, TimeOnly time, string zone)
    {
        var there = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var wanted = day.ToDateTime(time);
        var instant = new DateTimeOffset(wanted, TimeSpan.Zero).AddHours(-15);
        while (TimeZoneInfo.ConvertTime(instant, there).DateTime < wanted)
        {
            instant = instant.AddMinutes(1);
        }

        return instant;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
