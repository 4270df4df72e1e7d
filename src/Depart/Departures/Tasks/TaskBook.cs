using System.Collections.Concurrent;
using Depart.Foundation;
using Depart.Foundation.Calendars;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
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
internal sealed class TaskBook(DepartDb db, TaskBehaviours behaviours, IDepartureFacts facts, TaskTemplates templates, TimeProvider clock)
{
    /// <summary>Makes the tasks that the template asks for of such a departure, after its mission and person are known.</summary>
    public async Task MakeAsync(Departure departure, ProcessTemplate template, CancellationToken cancellation)
    {
        departure.Follow(template.Id);
        var parties = await facts.PartiesAsync(departure, cancellation);
        var document = templates.DocumentOf(template);
        var asked = document.TasksFor(await facts.OfAsync(departure, cancellation));
        var places = document.Tasks.Select((task, place) => (task.Key, place)).ToDictionary(pair => pair.Key, pair => pair.place, StringComparer.Ordinal);
        var tasks = asked.Select(task => DepartureTask.Of(departure.Id, task, places[task.Key], TaskDesk.Of(task.Owner, parties))).ToList();
        foreach (var task in tasks)
        {
            task.Due(DueOf(task, departure, clock.GetUtcNow()));
        }

        db.AddRange(tasks);
        await UnlockAsync(departure, tasks, cancellation);
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

        await FollowPartiesAsync(departure, tasks, cancellation);

        await TaskClock.AppointAsync(db, departure, tasks, clock.GetUtcNow(), cancellation);
        return moves;
    }

    /// <summary>The departure is cancelled: nothing is asked for any more.</summary>
    public async Task WithdrawAsync(Departure departure, CancellationToken cancellation)
    {
        foreach (var task in (await OfAsync(departure.Id, cancellation)).Where(task => task.IsPending))
        {
            task.Withdraw();
            await behaviours.Of(task.Kind).CancelledAsync(task, departure, cancellation);
        }

        await TaskClock.AppointAsync(db, departure, [], clock.GetUtcNow(), cancellation);
    }

    /// <summary>Tasks that were given to nobody by name lie where the parties of today put them: a mission may have another manager since. Gives the parties.</summary>
    public async Task<DepartureParties> FollowPartiesAsync(Departure departure, IEnumerable<DepartureTask> tasks, CancellationToken cancellation)
    {
        var parties = await facts.PartiesAsync(departure, cancellation);
        foreach (var task in tasks.Where(task => task is { IsPending: true, Assignee: null } && task.Desk != TaskDesk.Of(task.Owner, parties)))
        {
            task.Assign(null, TaskDesk.Of(task.Owner, parties));
        }

        return parties;
    }

    /// <summary>Something was settled, or opened again: what waits for it follows.</summary>
    public async Task UnlockAsync(Departure departure, IReadOnlyList<DepartureTask> tasks, CancellationToken cancellation)
    {
        var settled = tasks.Where(task => task.IsSettled).Select(task => task.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var task in tasks.Where(task => task.IsPending))
        {
            var before = task.State;
            task.Wait(!task.After.TrueForAll(settled.Contains));
            if (before == DepartureTaskState.Waiting && task.State == DepartureTaskState.Open)
            {
                await behaviours.Of(task.Kind).OpenedAsync(task, departure, cancellation);
            }
        }
    }

    /// <summary>Tasks that are the cut say what became of it; what waits for them follows.</summary>
    public async Task FollowCutAsync(Departure departure, IReadOnlyList<DepartureTask> tasks, IJournal journal, CancellationToken cancellation)
    {
        if (departure.State == DepartureState.Cancelled)
        {
            // What was cut before stays told as done, also when access is given back: nothing is asked for any more.
            return;
        }

        var done = departure.State is DepartureState.Cut or DepartureState.Closed;
        var changed = tasks.Where(task => task.Kind == TaskKinds.Disconnection && task.State != DepartureTaskState.Withdrawn && task.IsSettled != done).ToList();
        foreach (var task in changed)
        {
            if (done)
            {
                task.Settle(DepartureTaskState.Done, null, null, departure.CutDoneAt ?? clock.GetUtcNow());
            }
            else
            {
                Reopen(task, departure);
            }

            // The last word on a cut that was sealed when it ended: it is sealed too.
            journal.Record(TaskFacts.Of(departure, task, done ? "task.done" : "task.reopened") with { Seals = true });
        }

        if (changed.Count > 0)
        {
            await UnlockAsync(departure, tasks, cancellation);
        }
    }

    /// <summary>A task is to be done again, by when the departure's dates put it now: they may have moved since it was done.</summary>
    public void Reopen(DepartureTask task, Departure departure)
    {
        task.Reopen();
        task.Due(DueOf(task, departure, clock.GetUtcNow()));
    }

    /// <summary>
    /// When a task is due on a departure as it stands. What would have been due before now is due at the end of this working day, or of the next one when that has passed;
    /// what is late already stays late.
    /// </summary>
    private DateTimeOffset DueOf(DepartureTask task, Departure departure, DateTimeOffset now)
    {
        if (behaviours.Of(task.Kind).DueOf(departure) is { } given)
        {
            return given;
        }

        var calendar = departure.BusinessCalendar;
        var zone = task.ZoneOn(departure);
        var anchor = task.Anchor switch
        {
            TaskAnchor.Announcement => departure.AnnounceOn,
            TaskAnchor.LastDay => departure.LastDay,
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

/// <summary>What a process must know of a departure, gathered from the record.</summary>
internal interface IDepartureFacts
{
    /// <summary>The facts that conditions may name.</summary>
    Task<DepartureFactsForTasks> OfAsync(Departure departure, CancellationToken cancellation);

    /// <summary>Who is bound to it.</summary>
    Task<DepartureParties> PartiesAsync(Departure departure, CancellationToken cancellation);
}

/// <summary>Tells whether somebody holds privileged accounts; the room that knows accounts answers.</summary>
internal interface IPrivileges
{
    /// <summary>Whether a privileged account of that person is known.</summary>
    Task<bool> HasAnyAsync(PersonId person, CancellationToken cancellation);
}

/// <inheritdoc cref="IDepartureFacts"/>
internal sealed class FactsOfDeparture(DepartDb db, IPrivileges privileges) : IDepartureFacts
{
    public async Task<DepartureFactsForTasks> OfAsync(Departure departure, CancellationToken cancellation)
    {
        var mission = await db.Set<Mission>().AsNoTracking().FirstAsync(row => row.Id == departure.Mission, cancellation);
        var status = await db.Set<Person>().Where(row => row.Id == departure.Person).Select(row => row.Status).FirstAsync(cancellation);
        var supplier = mission.Supplier is { } id ? await db.Set<Supplier>().Where(row => row.Id == id).Select(row => row.Name).FirstOrDefaultAsync(cancellation) : null;
        return new()
        {
            Kind = mission.Kind,
            OnSite = mission.Place != WorkPlace.Remote,
            Privileged = await privileges.HasAnyAsync(departure.Person, cancellation),
            HasSuccessor = departure.Successor is not null,
            Immediate = departure.Kind == DepartureKind.Immediate,
            Unit = mission.Unit,
            Supplier = supplier,
            Status = status,
        };
    }

    public async Task<DepartureParties> PartiesAsync(Departure departure, CancellationToken cancellation)
    {
        var mission = await db.Set<Mission>().AsNoTracking().Where(row => row.Id == departure.Mission).Select(row => new { row.Supplier, row.Manager }).FirstAsync(cancellation);
        return new(departure.Person.Value, mission.Supplier?.Value, mission.Manager?.Value, departure.Successor?.Value);
    }
}

/// <summary>Published processes, read once: a version never changes.</summary>
internal sealed class TaskTemplates
{
    private readonly ConcurrentDictionary<ProcessTemplateId, ProcessDocument> known = new();

    /// <summary>The process of a published version.</summary>
    public ProcessDocument DocumentOf(ProcessTemplate template) => known.GetOrAdd(template.Id, static (_, row) => row.Document!, template);

    /// <summary>The same by its identifier; null when there is no such version.</summary>
    public async Task<ProcessDocument?> FindAsync(DepartDb db, ProcessTemplateId id, CancellationToken cancellation) =>
        known.TryGetValue(id, out var document) ? document
        : await db.Set<ProcessTemplate>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation) is { Resolved: not null } row ? DocumentOf(row) : null;
}

/// <summary>What the journal says of a task.</summary>
internal static class TaskFacts
{
    public static Fact Of(Departure departure, DepartureTask task, string kind, string? said = null) => new(departure.Chain, kind)
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["departure"] = departure.Id.Value,
            ["task"] = task.Id.Value,
            ["key"] = task.Key,
            ["step"] = task.Step,
            ["state"] = task.State.ToString(),
            ["dueAt"] = task.DueAt,
            ["assignee"] = task.Assignee,
        },

        // What people type may name somebody.
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["said"] = said },
    };
}
