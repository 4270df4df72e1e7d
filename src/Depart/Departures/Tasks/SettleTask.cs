using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>A command on one task of one departure.</summary>
internal interface IOnTask : IOnDeparture
{
    /// <summary>The departure.</summary>
    DepartureId Departure { get; }

    /// <summary>The task.</summary>
    DepartureTaskId Task { get; }

    Guid IOnDeparture.DepartureKey => Departure.Value;
}

/// <summary>Says that a task is done (DEP5). Whoever it lies with may, the leaver too; so may those of the house and the manager.</summary>
/// <remarks>A task that asks for a proof needs a file, or a note that says where it is.</remarks>
internal sealed record CompleteTask(DepartureId Departure, DepartureTaskId Task, string? Note = null) : ICommand<Done>, IRouted, IOnTask, IOwnPart, IChecked
{
    /// <summary>Anyone: a task may be given to whoever stands in for a colleague. <see cref="TaskRights"/> asks whose it is.</summary>
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/tasks/{task}/done", (DepartureId departure, DepartureTaskId task, Body body, ApiDoor door) =>
            door.SendAsync(new CompleteTask(departure, task, body.Note))).WithTags("Tasks");

    public IEnumerable<Problem> Check() => TaskRules.Length(nameof(Note), TasksText.Note, Note);

    internal sealed record Body(string? Note);

    internal sealed class Handler(TaskAtHand hand, TaskRights rights, TaskBook book, Actor actor, IJournal journal) : IHandler<CompleteTask, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(CompleteTask command, CancellationToken cancellation)
        {
            var found = await hand.FindAsync(command, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            var (task, departure) = found.Value;
            if ((await rights.RefusalAsync(task, departure, cancellation) ?? hand.Stale(task) ?? await hand.DoneRefusalAsync(task, departure, command.Note, cancellation)) is { } refusal)
            {
                return refusal;
            }

            await book.SettleAsync(task, departure, DepartureTaskState.Done, TaskRules.OrNull(command.Note), actor.User, cancellation);
            journal.Record(TaskFacts.Of(departure, task, "task.done", task.Note));
            return Done.Value;
        }
    }
}

/// <summary>Leaves a task out, with a reason (DEP5). What waits for it goes on.</summary>
internal sealed record SkipTask(DepartureId Departure, DepartureTaskId Task, string Reason) : ICommand<Done>, IRouted, IOnTask, IChecked
{
    public static Access Access => Access.To(Role.Manager, Role.It, Role.Hr, Role.Security, Role.Admin).OfThatDeparture;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/tasks/{task}/skip", (DepartureId departure, DepartureTaskId task, Body body, ApiDoor door) =>
            door.SendAsync(new SkipTask(departure, task, body.Reason ?? ""))).WithTags("Tasks");

    public IEnumerable<Problem> Check() => string.IsNullOrWhiteSpace(Reason) ? [TasksText.ReasonMissing] : TaskRules.Length(nameof(Reason), TasksText.Reason, Reason);

    internal sealed record Body(string? Reason);

    internal sealed class Handler(TaskAtHand hand, TaskBook book, TaskBehaviours behaviours, Actor actor, IJournal journal) : IHandler<SkipTask, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(SkipTask command, CancellationToken cancellation)
        {
            var found = await hand.FindAsync(command, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            var (task, departure) = found.Value;
            if ((hand.Stale(task) ?? (task.IsPending ? behaviours.Of(task.Kind).SkipRefusal(task, departure) : TasksText.Settled)) is { } refusal)
            {
                return refusal;
            }

            await book.SettleAsync(task, departure, DepartureTaskState.Skipped, command.Reason.Trim(), actor.User, cancellation);
            journal.Record(TaskFacts.Of(departure, task, "task.skipped", task.Note));
            return Done.Value;
        }
    }
}

/// <summary>Takes back that a task was done or left out. What waited for it, and is not settled itself, waits again.</summary>
internal sealed record ReopenTask(DepartureId Departure, DepartureTaskId Task) : ICommand<Done>, IRouted, IOnTask, IOwnPart
{
    public static Access Access => CompleteTask.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/tasks/{task}/reopen", (DepartureId departure, DepartureTaskId task, ApiDoor door) =>
            door.SendAsync(new ReopenTask(departure, task))).WithTags("Tasks");

    internal sealed class Handler(TaskAtHand hand, TaskRights rights, TaskBook book, TaskBehaviours behaviours, IJournal journal) : IHandler<ReopenTask, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ReopenTask command, CancellationToken cancellation)
        {
            var found = await hand.FindAsync(command, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            // What is done by a room of its own is undone there.
            var (task, departure) = found.Value;
            if ((await rights.RefusalAsync(task, departure, cancellation) ?? hand.Stale(task) ?? (departure.IsOver ? DeparturesText.NotOpen
                : task.IsSettled ? behaviours.Of(task.Kind).SkipRefusal(task, departure) : TasksText.NotSettled)) is { } refusal)
            {
                return refusal;
            }

            await book.ReopenAsync(task, departure, cancellation);
            journal.Record(TaskFacts.Of(departure, task, "task.reopened"));
            return Done.Value;
        }
    }
}

/// <summary>Gives a task to somebody, or (no user) back to whoever holds the role (DEP5).</summary>
internal sealed record AssignTask(DepartureId Departure, DepartureTaskId Task, Guid? User) : ICommand<Done>, IRouted, IOnTask
{
    public static Access Access => SkipTask.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/tasks/{task}/assign", (DepartureId departure, DepartureTaskId task, Body body, ApiDoor door) =>
            door.SendAsync(new AssignTask(departure, task, body.User))).WithTags("Tasks");

    internal sealed record Body(Guid? User);

    internal sealed class Handler(TaskAtHand hand, TaskBook book, TaskHolders holders, IDepartureFacts facts, IJournal journal) : IHandler<AssignTask, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(AssignTask command, CancellationToken cancellation)
        {
            var found = await hand.FindAsync(command, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            var (task, departure) = found.Value;
            if ((hand.Stale(task) ?? (task.IsPending ? null : TasksText.Settled) ?? (command.User is { } user ? await holders.RefusalAsync(user, task, departure, cancellation) : null)) is { } refusal)
            {
                return refusal;
            }

            var desk = command.User is { } given ? TaskDesk.OfUser(given) : TaskDesk.Of(task.Owner, await facts.PartiesAsync(departure, cancellation));
            await book.GiveAsync(task, departure, command.User, desk, cancellation);
            journal.Record(TaskFacts.Of(departure, task, "task.assigned"));
            return Done.Value;
        }
    }
}

/// <summary>The task that a command is about: one place where it is found with its departure, and judged. Scoped.</summary>
internal sealed class TaskAtHand(DepartDb db, TaskBehaviours behaviours, RequestSlot request)
{
    /// <summary>The task and its departure, tracked.</summary>
    public async Task<Outcome<(DepartureTask Task, Departure Departure)>> FindAsync(IOnTask command, CancellationToken cancellation) =>
        await db.FindAsync<Departure>([command.Departure], cancellation) is not { } departure ? Problem.NotFound(DeparturesText.Departure)
        : await db.FindAsync<DepartureTask>([command.Task], cancellation) is not { } task || task.Departure != departure.Id ? Problem.NotFound(TasksText.Task)
        : (task, departure);

    /// <summary>It was changed since the caller read it.</summary>
    public Problem? Stale(DepartureTask task) => task.IsAt(request.Context.Version) ? null : Problem.Stale;

    /// <summary>Why it cannot be said to be done, whoever says so, or null.</summary>
    public async Task<Problem?> DoneRefusalAsync(DepartureTask task, Departure departure, string? note, CancellationToken cancellation) => task.State switch
    {
        DepartureTaskState.Waiting => TasksText.Waits([
            .. (await db.Set<DepartureTask>().AsNoTracking().Where(other => other.Departure == departure.Id && other.PendingDue != null && task.After.Contains(other.Key)).OrderBy(other => other.Place)
                .ToListAsync(cancellation)).Select(other => other.Title)]),
        not DepartureTaskState.Open => TasksText.Settled,
        _ when task.Evidence && string.IsNullOrWhiteSpace(note) && !await db.Set<TaskFile>().AnyAsync(file => file.Task == task.Id, cancellation) => TasksText.EvidenceMissing,
        _ => await behaviours.Of(task.Kind).RefusalAsync(task, departure, cancellation),
    };
}

/// <summary>Rules that several commands on tasks share.</summary>
internal static class TaskRules
{
    /// <summary>Asked of the leaver, of whoever takes over or of the supplier: not of the house.</summary>
    public static bool IsOfLeaversSide(TaskOwner owner) => owner is TaskOwner.Consultant or TaskOwner.Successor or TaskOwner.SupplierContact;

    /// <summary>A text that is too long.</summary>
    public static IEnumerable<Problem> Length(string field, Words label, string? text) =>
        text?.Trim().Length > DepartureTask.NoteLength
            ? [Problem.Invalid(field, "too-long", new Words("{0}: {1} characters at most.", "{0}\u00a0: {1} caractères au plus.").With(label, DepartureTask.NoteLength))]
            : [];

    /// <summary>A text, trimmed, or nothing.</summary>
    public static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
