using Depart.Foundation;
using Depart.Foundation.Calendars;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Missions;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>
/// Reminders and escalations (DEP4), and what follows from the cut. Each departure has one appointment: the first instant at which something is to be told. What is told, and the next
/// appointment, are written in the transaction that ends this one: once, whatever happens. A departure that moves or is cancelled takes its appointment with it.
/// </summary>
[WorkKind(WorkKind, Batch = 100)]
internal sealed class TaskClock(TaskBook book, TaskBehaviours behaviours, Outbox outbox, TaskReaders readers, TimeProvider clock) : IWorkHandler
{
    /// <summary>Kind of the work item.</summary>
    public const string WorkKind = "departure-tasks";

    /// <summary>Local hour at which people are reminded.</summary>
    public static readonly TimeOnly Morning = new(9, 0);

    /// <summary>
    /// Plans the next appointment of a departure, in place of the one that waits. One that is due already, or in a moment, stays: it was made because something changed that the tasks have not seen yet.
    /// </summary>
    public static async Task AppointAsync(DepartDb db, Departure departure, IEnumerable<DepartureTask> tasks, DateTimeOffset now, CancellationToken cancellation)
    {
        await WithdrawAsync(db, [departure.Id], departure.State == DepartureState.Cancelled ? DateTimeOffset.MinValue : now + Aside, cancellation);
        var subject = departure.Id.ToString();
        if (!await db.Set<WorkItem>().AnyAsync(item => item.Subject == subject && item.Kind == WorkKind && item.State == WorkState.Pending, cancellation))
        {
            AppointNext(db, departure, tasks, now);
        }
    }

    /// <summary>How long after a change of many departures at once their tasks look at them: a cut of thousands is not held up by what follows from it.</summary>
    public static readonly TimeSpan Aside = TimeSpan.FromSeconds(3);

    /// <summary>The departure changed under its tasks: they look at it again, at once or, being one of many, a moment later.</summary>
    public static void Look(DepartDb db, Departure departure, DateTimeOffset now, bool ofMany = false)
    {
        if (departure.Template is not null)
        {
            Appoint(db, departure, ofMany ? now + Aside : now);
        }
    }

    private static Task WithdrawAsync(DepartDb db, IReadOnlyList<DepartureId> departures, DateTimeOffset after, CancellationToken cancellation)
    {
        var subjects = departures.Select(departure => departure.ToString()).ToList();
        return db.Set<WorkItem>().Where(item => subjects.Contains(item.Subject) && item.Kind == WorkKind && item.State == WorkState.Pending && item.DueAt > after)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, WorkState.Cancelled), cancellation);
    }

    private static void AppointNext(DepartDb db, Departure departure, IEnumerable<DepartureTask> tasks, DateTimeOffset now)
    {
        if (!departure.IsOver && tasks.SelectMany(task => Notices(task, departure)).Select(notice => (DateTimeOffset?)notice.At).Min() is { } at)
        {
            Appoint(db, departure, at < now ? now : at);
        }
    }

    private static void Appoint(DepartDb db, Departure departure, DateTimeOffset at) => db.Enqueue(new()
    {
        Queue = WorkQueues.House,
        Kind = WorkKind,
        Subject = departure.Id.ToString(),
        IdempotencyKey = $"{WorkKind}-{departure.Id}-{Guid.CreateVersion7():N}",
        DueAt = at,
    });

    public Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation) => Task.FromResult(new WorkResult(WorkVerdict.Done));

    public async Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
    {
        // Hundreds of departures are told of at nine: what they need is read together.
        var now = clock.GetUtcNow();
        var ids = done.Where(work => work.Result.Verdict == WorkVerdict.Done).Select(work => DepartureId.From(Guid.Parse(work.Item.Subject))).Distinct().ToList();
        var departures = await db.Set<Departure>().Where(departure => ids.Contains(departure.Id)).ToListAsync(cancellation);
        var tasks = (await db.Set<DepartureTask>().Where(task => ids.Contains(task.Departure)).OrderBy(task => task.Place).ToListAsync(cancellation)).ToLookup(task => task.Departure);
        await WithdrawAsync(db, ids, DateTimeOffset.MinValue, cancellation);
        foreach (var departure in departures)
        {
            var own = tasks[departure.Id].ToList();
            await book.FollowCutAsync(departure, own, journal, cancellation);
            if (departure.IsOver)
            {
                continue;
            }

            var parties = await book.FollowPartiesAsync(departure, own, cancellation);
            foreach (var task in own)
            {
                await TellAsync(task, departure, parties, now, cancellation);
            }

            AppointNext(db, departure, own, now);
        }
    }

    /// <summary>What is still to be told of a task, in no order. Nobody is reminded of what waits for others, but a late task is told whatever holds it.</summary>
    private static IEnumerable<Notice> Notices(DepartureTask task, Departure departure)
    {
        if (!task.IsPending)
        {
            yield break;
        }

        var zone = task.ZoneOn(departure);
        var due = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(task.DueAt, zone).DateTime);
        foreach (var reminder in task.Reminders.Select(text => DayOffset.TryParse(text, out var offset) ? offset : default))
        {
            var at = MorningOf(due, -reminder.Days, reminder.Business);
            if (at > (task.ToldUntil ?? DateTimeOffset.MinValue) && at < task.DueAt)
            {
                yield return new(at, Late: false);
            }
        }

        if (task is { EscalateAfter: { } after, EscalateTo: not null } && MorningOf(due, after.Days, after.Business) is var late && late > (task.ToldUntil ?? DateTimeOffset.MinValue))
        {
            yield return new(late, Late: true);
        }

        DateTimeOffset MorningOf(DateOnly day, int days, bool business) =>
            LocalInstant.Of(business ? departure.BusinessCalendar.AddBusinessDays(day, days) : day.AddDays(days), Morning, zone);
    }

    private async Task TellAsync(DepartureTask task, Departure departure, DepartureParties parties, DateTimeOffset now, CancellationToken cancellation)
    {
        var due = Notices(task, departure).Where(notice => notice.At <= now).OrderBy(notice => notice.At).ToList();
        if (due.Count == 0)
        {
            return;
        }

        // Several reminders that came together while nothing ran are one mail.
        task.Told(due[^1].At);
        if (task.State == DepartureTaskState.Open && due.Exists(notice => !notice.Late))
        {
            // It may have become late meanwhile: then that is what is said.
            await WriteAsync(task, departure, task.Desk, late: task.DueAt <= now, due[^1].At, now, cancellation);
        }

        if (due.Exists(notice => notice.Late))
        {
            await WriteAsync(task, departure, TaskDesk.Of(task.EscalateTo!.Value, parties), late: true, due[^1].At, now, cancellation);
        }
    }

    private async Task WriteAsync(DepartureTask task, Departure departure, string desk, bool late, DateTimeOffset at, DateTimeOffset now, CancellationToken cancellation)
    {
        var zone = task.ZoneOn(departure);
        var due = TimeZoneInfo.ConvertTime(task.DueAt, zone);
        var path = behaviours.Of(task.Kind).PageOf(task, departure) ?? TaskPaths.Of(task);
        foreach (var reader in await readers.OfAsync(desk, departure, cancellation))
        {
            await outbox.WriteAsync(
                reader.To,
                new TaskReminder(reader.To.Name, reader.In(task.Title), await readers.NameAsync(departure.Person, cancellation), DateOnly.FromDateTime(due.DateTime), TimeOnly.FromDateTime(due.DateTime), late, path),
                key: $"task-{task.Id}-{at.ToUnixTimeSeconds()}-{(late ? "late" : "due")}-{reader.Key}",
                group: departure.Id.ToString(),
                notBefore: QuietTime(departure).NextAllowed(now, zone),
                cancellation: cancellation);
        }
    }

    private static QuietHours QuietTime(Departure departure) => new(new(20, 0), new(7, 30), departure.BusinessCalendar) { Weekends = true, Holidays = true };

    private sealed record Notice(DateTimeOffset At, bool Late);
}

/// <summary>Somebody who reads a mail about a task.</summary>
/// <param name="Key">Unique among readers.</param>
/// <param name="To">Where to.</param>
internal sealed record TaskReader(string Key, MailTo To)
{
    /// <summary>Words in the reader's language.</summary>
    public string In(Words words) => To.Language == "fr" ? words.Fr : words.En;
}

/// <summary>Finds out who reads what lies on a desk. Scoped: what it has found out it remembers for the batch.</summary>
internal sealed class TaskReaders(DepartDb db, IUserDirectory users)
{
    private readonly Dictionary<string, IReadOnlyList<(TaskReader Reader, Guid? Person)>> desks = new(StringComparer.Ordinal);
    private readonly Dictionary<PersonId, string> names = [];

    /// <summary>The name of a person of the record.</summary>
    public async Task<string> NameAsync(PersonId person, CancellationToken cancellation) => names.TryGetValue(person, out var known) ? known
        : names[person] = await db.Set<Person>().Where(row => row.Id == person).Select(row => row.GivenName + " " + row.FamilyName).FirstOrDefaultAsync(cancellation) ?? "";

    /// <summary>
    /// Readers of a desk; a person of the record without an account is written to at the first address known. What lies with a role is not told to the leaver, who may not do it.
    /// </summary>
    public async Task<IReadOnlyList<TaskReader>> OfAsync(string desk, Departure departure, CancellationToken cancellation)
    {
        if (!desks.TryGetValue(desk, out var found))
        {
            desks[desk] = found = await FindAsync(desk, cancellation);
        }

        return [.. found.Where(one => one.Person is null || one.Person != departure.Person.Value).Select(one => one.Reader)];
    }

    private async Task<IReadOnlyList<(TaskReader Reader, Guid? Person)>> FindAsync(string desk, CancellationToken cancellation)
    {
        switch (desk.Split(':'))
        {
            case ["role", var name] when Enum.TryParse<Role>(name, out var role):
                return [.. (await users.HoldersAsync(role, cancellation)).Select(user => (Reader(user), user.Person))];
            case ["user", var key] when Guid.TryParseExact(key, "N", out var id):
                return await users.FindAsync(id, cancellation) is { } user ? [(Reader(user), null)] : [];
            case ["person", var key] when Guid.TryParseExact(key, "N", out var id):
                if (await users.OfPersonAsync(id, cancellation) is { } holder)
                {
                    return [(Reader(holder), null)];
                }

                var personId = PersonId.From(id);
                return await db.Set<Person>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == personId, cancellation) is { Mails: [var mail, ..] } person
                    ? [(new($"person-{id:N}", new(mail, $"{person.GivenName} {person.FamilyName}", Words.French)), null)]
                    : [];
            default:
                return [];
        }
    }

    private static TaskReader Reader(HouseUser user) => new($"user-{user.Id:N}", new(user.Mail, user.Name, user.Language == "en" ? Words.English : Words.French));
}

/// <summary>A task comes, or is late.</summary>
internal sealed record TaskReminder(string Name, string Task, string Leaver, DateOnly Day, TimeOnly Hour, bool Late, string Path) : IMailContent<TaskReminder>
{
    public static string Template => "task-reminder";

    public static IReadOnlyList<TaskReminder> Samples =>
    [
        new("Zoë Lefèvre", "Remercier le consultant", "Mehdi D’Angélo", new(2026, 12, 18), new(18, 0), false, "/tasks/0"),
        new("Paul Martin", "Rendre le badge & le poste", "Aïcha N’Diaye", new(2026, 12, 18), new(9, 0), true, "/tasks/0"),
    ];
}
