using Depart.Foundation;
using Depart.Foundation.Calendars;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>A task that moves with its departure.</summary>
/// <param name="Task">Which.</param>
/// <param name="Title">Its title.</param>
/// <param name="From">When it was due, UTC.</param>
/// <param name="To">When it is due now, UTC.</param>
public sealed record TaskMove(DepartureTaskId Task, Words Title, DateTimeOffset From, DateTimeOffset To);

/// <summary>
/// The tasks of departures: makes them from the template, dates them, opens what nothing holds back, and keeps one appointment of the clock for each departure. Scoped: works on the
/// context of the command that is being handled.
/// </summary>
internal sealed class TaskBook(DepartDb db, TaskBehaviours behaviours, IDepartureFacts facts, TaskTemplates templates, TemplateChoice choice, Outbox outbox, TimeProvider clock)
{
    /// <summary>Makes the tasks that the template asks for of such a departure, after its mission and person are known.</summary>
    public async Task MakeAsync(Departure departure, ProcessTemplate template, CancellationToken cancellation) =>
        await MakeAsync([(departure, template)], await facts.OfAsync([departure], cancellation), cancellation);

    /// <summary>The same for many departures that have no tasks yet, from facts that were read together.</summary>
    public async Task MakeAsync(
        IReadOnlyList<(Departure Departure, ProcessTemplate Template)> departures, IReadOnlyDictionary<DepartureId, KnownOfDeparture> known, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var made = new List<DepartureTask>();
        foreach (var (departure, template) in departures)
        {
            departure.Follow(template.Id);
            var (of, parties) = known[departure.Id];
            var document = templates.DocumentOf(template);
            var tasks = document.TasksFor(of).Select(task => DepartureTask.Of(departure.Id, task, document.PlaceOf(task.Key), TaskDesk.Of(task.Owner, parties))).ToList();
            foreach (var task in tasks)
            {
                task.Due(DueOf(task, departure, now));
            }

            await UnlockAsync(departure, tasks, cancellation);
            Plan(departure, tasks);
            TaskClock.AppointFirst(db, departure, tasks, now);
            made.AddRange(tasks);
        }

        await db.InsertAsync(made, cancellation);
    }

    /// <summary>
    /// The departure became immediate: what is still to be done follows the template made for such departures, behind the cut (DEP3). What is settled stays so; what that template does not ask for
    /// is withdrawn. A departure without tasks, or for which none is made, keeps what it has, dated anew.
    /// </summary>
    public async Task ReplanAsync(Departure departure, CancellationToken cancellation)
    {
        if (departure.Template is null || (await choice.OfAsync(departure, null, cancellation)).Value is not { } template || template.Id == departure.Template)
        {
            await MoveAsync(departure, cancellation);
            return;
        }

        departure.Follow(template.Id);
        var parties = await facts.PartiesAsync(departure, cancellation);
        var document = templates.DocumentOf(template);
        var asked = document.TasksFor((await facts.OfAsync([departure], cancellation))[departure.Id].Facts).ToDictionary(task => task.Key, StringComparer.Ordinal);
        var tasks = await OfAsync(departure.Id, cancellation);
        foreach (var task in tasks.Where(task => task.IsPending).ToList())
        {
            if (asked.TryGetValue(task.Key, out var anew))
            {
                task.Take(anew, document.PlaceOf(task.Key));
                if (task.Assignee is null && !TaskDesk.IsGuest(task.Desk))
                {
                    task.Assign(null, TaskDesk.Of(task.Owner, parties));
                }
            }
            else
            {
                await WithdrawAsync(task, departure, cancellation);
            }
        }

        var made = asked.Values.Where(task => tasks.TrueForAll(known => known.Key != task.Key || known.State == DepartureTaskState.Withdrawn))
            .Select(task => DepartureTask.Of(departure.Id, task, document.PlaceOf(task.Key), TaskDesk.Of(task.Owner, parties))).ToList();
        db.AddRange(made);
        tasks.AddRange(made);
        foreach (var task in tasks.Where(task => task.IsPending))
        {
            task.Due(DueOf(task, departure, clock.GetUtcNow()));
        }

        await UnlockAsync(departure, tasks, cancellation);
        Plan(departure, tasks);
        await TaskClock.AppointAsync(db, departure, tasks, clock.GetUtcNow(), cancellation);
    }

    /// <summary>The embargo of a departure has ended: its tasks reach their desks, and what is to be told of them is planned.</summary>
    public async Task RevealAsync(Departure departure, CancellationToken cancellation)
    {
        var tasks = await OfAsync(departure.Id, cancellation);
        var parties = await facts.PartiesAsync(departure, cancellation);
        foreach (var task in tasks.Where(task => task is { IsPending: true, Assignee: null, Desk: TaskDesk.Nobody }))
        {
            task.Assign(null, TaskDesk.Of(task.Owner, parties));
        }

        Plan(departure, tasks);
        await TaskClock.AppointAsync(db, departure, tasks, clock.GetUtcNow(), cancellation);
    }

    /// <summary>All tasks of a departure, by their place in the template; tracked.</summary>
    public Task<List<DepartureTask>> OfAsync(DepartureId departure, CancellationToken cancellation) =>
        db.Set<DepartureTask>().Where(task => task.Departure == departure).OrderBy(task => task.Place).ToListAsync(cancellation);

    /// <summary>What would move if the departure were as it is given; nothing is changed.</summary>
    public IReadOnlyList<TaskMove> Foresee(Departure departure, IEnumerable<DepartureTask> tasks)
    {
        var now = clock.GetUtcNow();
        return [.. tasks.Where(task => task.IsPending).Select(task => new TaskMove(task.Id, task.Title, task.DueAt, DueOf(task, departure, now))).Where(move => move.From != move.To).OrderBy(move => move.To)];
    }

    /// <summary>Moves what is still to be done to where the departure's dates put it now; gives what moved.</summary>
    public async Task<IReadOnlyList<TaskMove>> MoveAsync(Departure departure, CancellationToken cancellation)
    {
        var tasks = await OfAsync(departure.Id, cancellation);
        var moves = Foresee(departure, tasks);
        var byId = tasks.ToDictionary(task => task.Id);
        foreach (var move in moves)
        {
            byId[move.Task].Due(move.To);
        }

        Plan(departure, tasks);
        await TaskClock.AppointAsync(db, departure, tasks, clock.GetUtcNow(), cancellation);
        return moves;
    }

    /// <summary>The departure is cancelled: nothing is asked for any more.</summary>
    public async Task WithdrawAsync(Departure departure, CancellationToken cancellation)
    {
        foreach (var task in (await OfAsync(departure.Id, cancellation)).Where(task => task.IsPending))
        {
            await WithdrawAsync(task, departure, cancellation);
        }

        await TaskClock.AppointAsync(db, departure, [], clock.GetUtcNow(), cancellation);
    }

    /// <summary>A task is no longer asked for: mails about it that wait are taken back, and what it had begun is given up.</summary>
    private async Task WithdrawAsync(DepartureTask task, Departure departure, CancellationToken cancellation)
    {
        task.Withdraw();
        await WithdrawMailsAsync(task, cancellation);
        await behaviours.Of(task.Kind).CancelledAsync(task, departure, cancellation);
    }

    /// <summary>Tasks that were given to nobody by name lie where the parties of today put them: a mission may have another manager since. What changes hands is journalled.</summary>
    public async Task FollowPartiesAsync(Departure departure, DepartureParties parties, IJournal journal, CancellationToken cancellation)
    {
        var tasks = await db.Set<DepartureTask>().Where(task => task.Departure == departure.Id && task.PendingDue != null && task.Assignee == null).OrderBy(task => task.Place).ToListAsync(cancellation);
        foreach (var task in tasks.Where(task => !TaskDesk.IsGuest(task.Desk) && task.Desk != TaskDesk.Of(task.Owner, parties)))
        {
            await GiveAsync(task, departure, null, TaskDesk.Of(task.Owner, parties), cancellation);
            journal.Record(TaskFacts.Of(departure, task, "task.followed-parties"));
        }
    }

    /// <summary>Something was settled among tasks that are all at hand: what waits for it follows. <see cref="OpenWhatWaitedAsync"/> reads what may follow instead.</summary>
    public async Task UnlockAsync(Departure departure, IReadOnlyList<DepartureTask> tasks, CancellationToken cancellation)
    {
        var settled = tasks.Where(task => task.IsSettled).Select(task => task.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var task in tasks.Where(task => task.IsPending))
        {
            await FollowAsync(task, departure, waits: !task.After.TrueForAll(settled.Contains), cancellation);
        }
    }

    /// <summary>Tasks with these keys were settled: what waited for them, and for nothing else, begins. No other task of these departures is read.</summary>
    private async Task OpenWhatWaitedAsync(IReadOnlyCollection<Departure> departures, List<string> settled, CancellationToken cancellation)
    {
        var byId = departures.ToDictionary(departure => departure.Id);
        var ids = byId.Keys.ToList();
        var waiting = await db.Set<DepartureTask>().Where(task => ids.Contains(task.Departure) && task.State == DepartureTaskState.Waiting && task.After.Any(key => settled.Contains(key))).ToListAsync(cancellation);
        if (waiting.Count == 0)
        {
            return;
        }

        // What the database holds, and what this transaction has changed of it.
        var keys = waiting.SelectMany(task => task.After).Distinct(StringComparer.Ordinal).ToList();
        var pending = (await db.Set<DepartureTask>().Where(task => ids.Contains(task.Departure) && task.PendingDue != null && keys.Contains(task.Key))
            .Select(task => new { task.Departure, task.Key }).ToListAsync(cancellation)).Select(task => (task.Departure, task.Key)).ToHashSet();
        foreach (var task in db.AtHand<DepartureTask>())
        {
            _ = task.IsPending ? pending.Add((task.Departure, task.Key)) : pending.Remove((task.Departure, task.Key));
        }

        foreach (var task in waiting.Where(task => task.State == DepartureTaskState.Waiting && !task.After.Exists(key => pending.Contains((task.Departure, key)))))
        {
            await FollowAsync(task, byId[task.Departure], waits: false, cancellation);
        }
    }

    /// <summary>Something is to be done again: what had begun because it was settled waits again.</summary>
    private async Task HoldWhatWaitsAsync(Departure departure, IReadOnlyCollection<DepartureTask> reopened, CancellationToken cancellation)
    {
        var keys = reopened.Select(task => task.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var task in (await db.Set<DepartureTask>().Where(task => task.Departure == departure.Id && task.State == DepartureTaskState.Open).ToListAsync(cancellation))
            .Where(task => task.After.Exists(keys.Contains)))
        {
            await FollowAsync(task, departure, waits: true, cancellation);
        }
    }

    /// <summary>Tasks that are the cut say what became of it; what waits for them follows. Nothing else of these departures is read.</summary>
    public async Task FollowCutsAsync(IReadOnlyCollection<Departure> departures, IJournal journal, CancellationToken cancellation)
    {
        // What was cut before a departure was cancelled stays told as done, also when access is given back: nothing is asked for any more.
        var byId = departures.Where(departure => departure.State != DepartureState.Cancelled).ToDictionary(departure => departure.Id);
        var ids = byId.Keys.ToList();
        var cuts = await db.Set<DepartureTask>().Where(task => ids.Contains(task.Departure) && task.Kind == TaskKinds.Disconnection && task.State != DepartureTaskState.Withdrawn)
            .OrderBy(task => task.Place).ToListAsync(cancellation);
        var changed = cuts.Where(task => task.IsSettled != IsCut(byId[task.Departure])).ToLookup(task => byId[task.Departure]);
        foreach (var departure in changed.Select(group => group.Key))
        {
            foreach (var task in changed[departure])
            {
                SayWhatBecameOfTheCut(task, departure, journal);
            }

            if (!IsCut(departure))
            {
                await HoldWhatWaitsAsync(departure, [.. changed[departure]], cancellation);
            }
        }

        var done = changed.Select(group => group.Key).Where(IsCut).ToList();
        if (done.Count > 0)
        {
            await OpenWhatWaitedAsync(done, [.. done.SelectMany(departure => changed[departure]).Select(task => task.Key).Distinct(StringComparer.Ordinal)], cancellation);
        }
    }

    /// <summary>Adds dated tasks to a departure that has others: they wait for what is there or comes with them, and say what became of a cut that was made.</summary>
    public async Task AddAsync(Departure departure, IReadOnlyList<DepartureTask> added, IJournal journal, CancellationToken cancellation)
    {
        db.AddRange(added);
        foreach (var task in added.Where(task => task.Kind == TaskKinds.Disconnection && IsCut(departure)))
        {
            SayWhatBecameOfTheCut(task, departure, journal);
        }

        List<DepartureTask> all = [.. await OfAsync(departure.Id, cancellation), .. added];
        await UnlockAsync(departure, all, cancellation);
        Plan(departure, all);
        await TaskClock.AppointAsync(db, departure, all, clock.GetUtcNow(), cancellation);
    }

    private void SayWhatBecameOfTheCut(DepartureTask task, Departure departure, IJournal journal)
    {
        if (IsCut(departure))
        {
            task.Settle(DepartureTaskState.Done, null, null, departure.CutDoneAt ?? clock.GetUtcNow());
        }
        else
        {
            Reopen(task, departure);
        }

        // The last word on a cut that was sealed when it ended: it is sealed too.
        journal.Record(TaskFacts.Of(departure, task, IsCut(departure) ? "task.done" : "task.reopened") with { Seals = true });
    }

    private static bool IsCut(Departure departure) => departure.State is DepartureState.Cut or DepartureState.Closed;

    /// <summary>Settles a task: mails about it that wait are taken back, what waited for it begins.</summary>
    public async Task SettleAsync(DepartureTask task, Departure departure, DepartureTaskState state, string? note, Guid? by, CancellationToken cancellation, string? byName = null)
    {
        task.Settle(state, note, by, clock.GetUtcNow(), byName);
        await WithdrawMailsAsync(task, cancellation);
        await OpenWhatWaitedAsync([departure], [task.Key], cancellation);
        await TaskClock.AppointAsync(db, departure, clock.GetUtcNow(), cancellation);
    }

    /// <summary>Lays a task on another desk: mails to the one before that wait are taken back, the new one is told what they should know by now.</summary>
    public async Task GiveAsync(DepartureTask task, Departure departure, Guid? user, string desk, CancellationToken cancellation)
    {
        task.Assign(user, desk);
        Plan(departure, [task]);
        await WithdrawMailsAsync(task, cancellation);
        await TaskClock.AppointAsync(db, departure, clock.GetUtcNow(), cancellation);
    }

    /// <summary>Takes back what is written about a task and has not left: it is done, or somebody else's now.</summary>
    private Task WithdrawMailsAsync(DepartureTask task, CancellationToken cancellation) => outbox.WithdrawKeysAsync(task.Departure.ToString(), TaskClock.MailKeyOf(task), cancellation);

    private async Task FollowAsync(DepartureTask task, Departure departure, bool waits, CancellationToken cancellation)
    {
        var before = task.State;
        task.Wait(waits);
        if (before == task.State)
        {
            return;
        }

        task.PlanNotice(TaskNotices.NextOf(task, departure));
        if (task.State == DepartureTaskState.Open)
        {
            await behaviours.Of(task.Kind).OpenedAsync(task, departure, cancellation);
        }
    }

    private static void Plan(Departure departure, IEnumerable<DepartureTask> tasks)
    {
        foreach (var task in tasks)
        {
            task.PlanNotice(TaskNotices.NextOf(task, departure));
        }
    }

    /// <summary>A task is to be done again, once what it waits for is settled; what had begun because it was settled waits again.</summary>
    public async Task ReopenAsync(DepartureTask task, Departure departure, CancellationToken cancellation)
    {
        Reopen(task, departure);
        if (await db.Set<DepartureTask>().AnyAsync(other => other.Departure == departure.Id && other.PendingDue != null && task.After.Contains(other.Key), cancellation))
        {
            await FollowAsync(task, departure, waits: true, cancellation);
        }

        await HoldWhatWaitsAsync(departure, [task], cancellation);
        await TaskClock.AppointAsync(db, departure, clock.GetUtcNow(), cancellation);
    }

    /// <summary>A task is to be done again, by when the departure's dates put it now: they may have moved since it was done.</summary>
    private void Reopen(DepartureTask task, Departure departure)
    {
        task.Reopen();
        task.Due(DueOf(task, departure, clock.GetUtcNow()));
        Plan(departure, [task]);
    }

    /// <summary>
    /// When a task is due on a departure as it stands. What would have been due before now is due at the end of this working day, or of the next one when that has passed;
    /// what is late already stays late.
    /// </summary>
    public DateTimeOffset DueOf(DepartureTask task, Departure departure, DateTimeOffset now)
    {
        if (behaviours.Of(task.Kind).DueOf(departure) is { } given)
        {
            return given;
        }

        var calendar = departure.BusinessCalendar;
        var zone = task.ZoneOn(departure);
        var anchor = task.Anchor switch
        {
            TaskAnchor.Announcement => departure.AnnounceOn < departure.LastDayWorked ? departure.AnnounceOn : departure.LastDayWorked,
            TaskAnchor.LastDay => departure.LastDayWorked,
            _ => departure.MissionEnd,
        };
        var due = task.Rule.From(anchor, calendar, zone).Instant;
        if (due > now)
        {
            return due;
        }

        if (task.DueAt != default && task.DueAt < now)
        {
            return task.DueAt;
        }

        var day = calendar.OnOrAfter(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime));
        var end = DueMoment.Of(day, TaskTemplate.EndOfDay, zone).Instant;
        return end > now ? end : DueMoment.Of(calendar.OnOrAfter(day.AddDays(1)), TaskTemplate.EndOfDay, zone).Instant;
    }
}
