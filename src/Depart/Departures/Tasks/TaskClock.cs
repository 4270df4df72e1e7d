using Depart.Departures.Settings;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>
/// Reminders and escalations (DEP4), and what follows from the cut. Each departure has one appointment: the first instant at which something is to be told. What is told, and the next
/// appointment, are written in the transaction that ends this one: once, whatever happens. A departure that moves or is cancelled takes its appointment with it.
/// </summary>
[WorkKind(WorkKind, Batch = 100, InHand = 4)]
internal sealed class TaskClock(TaskBook book, Outbox outbox, TaskReaders readers, HouseRules house, TimeProvider clock) : IWorkHandler
{
    /// <summary>Kind of the work item.</summary>
    public const string WorkKind = "departure-tasks";

    /// <summary>
    /// How long after a change of the departure its tasks look at it. Of a thousand that are cut at one minute many then look together, and none of them while the cuts need the machine.
    /// </summary>
    public static readonly TimeSpan LooksAfter = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Plans the next appointment of a departure, in place of the one that waits. One that is due already or at once stays: it was made because something changed that the tasks have not seen yet.
    /// </summary>
    /// <param name="db">The database.</param>
    /// <param name="departure">Which.</param>
    /// <param name="tasks">All of its tasks; those of a departure that is over need not be given.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static Task AppointAsync(DepartDb db, Departure departure, IEnumerable<DepartureTask> tasks, DateTimeOffset now, CancellationToken cancellation) =>
        AppointAsync(db, departure, tasks.Min(task => task.NextNotice), now, cancellation);

    /// <summary>The same when only some of the tasks are at hand.</summary>
    public static async Task AppointAsync(DepartDb db, Departure departure, DateTimeOffset now, CancellationToken cancellation) =>
        await AppointAsync(db, departure, (await NextAsync(db, [departure.Id], cancellation)).GetValueOrDefault(departure.Id), now, cancellation);

    /// <summary>The departure changed under its tasks: they look at it again, within <see cref="LooksAfter"/>.</summary>
    public static void Look(DepartDb db, Departure departure, DateTimeOffset now)
    {
        if (departure.Template is not null)
        {
            Appoint(db, departure, now + LooksAfter);
        }
    }

    /// <summary>How the keys of all mails about a task begin.</summary>
    public static string MailKeyOf(DepartureTask task) => $"task-{task.Id}-";

    private static async Task AppointAsync(DepartDb db, Departure departure, DateTimeOffset? next, DateTimeOffset now, CancellationToken cancellation)
    {
        var atOnce = now + LooksAfter;
        await WithdrawAsync(db, [departure.Id], departure.State == DepartureState.Cancelled ? DateTimeOffset.MinValue : atOnce, cancellation);
        var subject = departure.Id.ToString();

        // One that this transaction made is not in the database yet: it gives way too, or stays when it is due at once.
        var made = db.AtHand<WorkItem>().Where(item => item.Kind == WorkKind && item.Subject == subject && db.Entry(item).State == EntityState.Added).ToList();
        if (departure.State != DepartureState.Cancelled && made.Exists(item => item.DueAt <= atOnce))
        {
            return;
        }

        made.ForEach(item => db.Entry(item).State = EntityState.Detached);
        if (!await db.Set<WorkItem>().AnyAsync(item => item.Subject == subject && item.Kind == WorkKind && item.State == WorkState.Pending, cancellation))
        {
            AppointNext(db, departure, next, now);
        }
    }

    /// <summary>The first instant at which something is to be told, by departure: what the database holds, and what this transaction has changed of it.</summary>
    private static async Task<Dictionary<DepartureId, DateTimeOffset?>> NextAsync(DepartDb db, IReadOnlyList<DepartureId> departures, CancellationToken cancellation)
    {
        var among = departures.ToHashSet();
        var changed = db.AtHand<DepartureTask>().Where(task => among.Contains(task.Departure)).ToList();
        var known = changed.ConvertAll(task => task.Id);
        var stored = await db.Set<DepartureTask>().Where(task => departures.Contains(task.Departure) && task.NextNotice != null && !known.Contains(task.Id))
            .GroupBy(task => task.Departure).Select(group => new { Departure = group.Key, At = group.Min(task => task.NextNotice) }).ToListAsync(cancellation);
        return stored.Select(row => (row.Departure, row.At)).Concat(changed.Select(task => (task.Departure, At: task.NextNotice)))
            .GroupBy(row => row.Departure).ToDictionary(group => group.Key, group => group.Min(row => row.At));
    }

    private static Task WithdrawAsync(DepartDb db, IReadOnlyList<DepartureId> departures, DateTimeOffset after, CancellationToken cancellation)
    {
        var subjects = departures.Select(departure => departure.ToString()).ToList();
        return db.Set<WorkItem>().Where(item => subjects.Contains(item.Subject) && item.Kind == WorkKind && item.State == WorkState.Pending && item.DueAt > after)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, WorkState.Cancelled), cancellation);
    }

    /// <summary>The first appointment of a departure that has none.</summary>
    public static void AppointFirst(DepartDb db, Departure departure, IEnumerable<DepartureTask> tasks, DateTimeOffset now) =>
        AppointNext(db, departure, tasks.Min(task => task.NextNotice), now);

    private static void AppointNext(DepartDb db, Departure departure, DateTimeOffset? next, DateTimeOffset now)
    {
        if (!departure.IsOver && next is { } at)
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
        // Hundreds of departures are told of at nine, or cut at six: what they need is read together, and of their tasks only those with something to tell.
        var now = clock.GetUtcNow();
        var ids = done.Where(work => work.Result.Verdict == WorkVerdict.Done).Select(work => DepartureId.From(Guid.Parse(work.Item.Subject))).Distinct().ToList();

        // Before the departures are read: what an appointment was made for is then seen, whoever commits meanwhile.
        await WithdrawAsync(db, ids, DateTimeOffset.MinValue, cancellation);
        var departures = await db.Set<Departure>().Where(departure => ids.Contains(departure.Id)).ToListAsync(cancellation);
        await book.FollowCutsAsync(departures, journal, cancellation);
        var going = departures.Where(departure => !departure.IsOver).ToDictionary(departure => departure.Id);
        var goingIds = going.Keys.ToList();
        var stored = await db.Set<DepartureTask>().Where(task => goingIds.Contains(task.Departure) && task.NextNotice <= now).ToListAsync(cancellation);
        foreach (var task in stored.Union(db.AtHand<DepartureTask>().Where(task => going.ContainsKey(task.Departure))).Where(task => task.NextNotice <= now).OrderBy(task => task.Place).ToList())
        {
            await TellAsync(task, going[task.Departure], now, cancellation);
        }

        var next = await NextAsync(db, goingIds, cancellation);
        foreach (var departure in going.Values)
        {
            AppointNext(db, departure, next.GetValueOrDefault(departure.Id), now);
        }
    }

    private async Task TellAsync(DepartureTask task, Departure departure, DateTimeOffset now, CancellationToken cancellation)
    {
        // Several reminders that came together while nothing ran are one mail.
        var due = TaskNotices.Of(task, departure).Where(notice => notice.At <= now).OrderBy(notice => notice.At).ToList();
        if (due.LastOrDefault(notice => !notice.Late) is { } reminder)
        {
            task.Told(reminder.At, late: false);

            // It may have become late meanwhile: then that is what is said.
            await WriteAsync(task, departure, escalates: false, late: task.DueAt <= now, due[^1].At, now, cancellation);
        }

        if (due.LastOrDefault(notice => notice.Late) is { } lateness)
        {
            task.Told(lateness.At, late: true);
            await WriteAsync(task, departure, escalates: true, late: true, due[^1].At, now, cancellation);
        }

        task.PlanNotice(TaskNotices.NextOf(task, departure));
    }

    private async Task WriteAsync(DepartureTask task, Departure departure, bool escalates, bool late, DateTimeOffset at, DateTimeOffset now, CancellationToken cancellation)
    {
        var due = TimeZoneInfo.ConvertTime(task.DueAt, task.ZoneOn(departure));
        foreach (var reader in escalates ? await readers.OfEscalationAsync(task, departure, cancellation) : await readers.OfAsync(task, departure, cancellation))
        {
            var path = readers.PathOf(reader, task, departure);
            await outbox.WriteAsync(
                reader.To,
                new TaskReminder(
                    reader.To.Name, reader.In(task.Title), await readers.NameAsync(departure.Person, cancellation), DateOnly.FromDateTime(due.DateTime), TimeOnly.FromDateTime(due.DateTime), late, escalates,
                    path, reader.ByLink && path is not null, reader.StandsFor),
                key: $"{MailKeyOf(task)}{at.ToUnixTimeSeconds()}-{(late ? "late" : "due")}-{reader.Key}",
                group: departure.Id.ToString(),
                notBefore: (await house.GetAsync(cancellation)).Quiet(departure.BusinessCalendar).NextAllowed(now, task.ZoneOn(departure)),
                cancellation: cancellation);
        }
    }

}

/// <summary>A task comes, or is late.</summary>
internal sealed record TaskReminder(
    string Name, string Task, string Leaver, DateOnly Day, TimeOnly Hour, bool Late, bool Escalated, string? Path, bool ByLink, string? StandsFor = null) : IMailContent<TaskReminder>
{
    public static string Template => "task-reminder";

    public static IReadOnlyList<TaskReminder> Samples =>
    [
        new("Zoë Lefèvre", new Foundation.Words("Thank the consultant", "Remercier le consultant").ToString(), "Mehdi D’Angélo", new(2026, 12, 18), new(18, 0), false, false, "/tasks/0", false),
        new("Paul Martin", new Foundation.Words("Return the badge & the workstation", "Rendre le badge & le poste").ToString(), "Aïcha N’Diaye", new(2026, 12, 18), new(9, 0), true, true, "/tasks/0", false),
        new("Zoë Lefèvre", new Foundation.Words("Certify the service done", "Constater le service fait").ToString(), "Mehdi D’Angélo", new(2026, 12, 18), new(18, 0), true, false, "/by-link?code=0", true),
        new("Nadia Ferrand", new Foundation.Words("Hand in the handover dossier", "Remettre le dossier de passation").ToString(), "Mehdi D’Angélo", new(2026, 12, 18), new(18, 0), true, true, null, false),
        new("Paul Martin", new Foundation.Words("Organise the handover", "Organiser la passation").ToString(), "Aïcha N’Diaye", new(2026, 12, 18), new(18, 0), false, false, "/tasks/0", false, "Zoë Lefèvre"),
    ];
}
