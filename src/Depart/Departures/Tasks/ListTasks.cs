using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>A task in a list.</summary>
/// <param name="Id">Which.</param>
/// <param name="Departure">Of which departure.</param>
/// <param name="Leaver">Whose departure.</param>
/// <param name="Step">1 to 7.</param>
/// <param name="Title">Its title.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Owner">Who it is for by the template.</param>
/// <param name="Assignee">The name of the user who was given it, or of whoever it was handed to by a link; otherwise null.</param>
/// <param name="State">Where it stands.</param>
/// <param name="DueAt">UTC.</param>
/// <param name="Zone">The zone in which people read that instant.</param>
/// <param name="Blocking">The departure is not closed before it.</param>
/// <param name="Evidence">Done with a proof.</param>
/// <param name="OneClick">It may be done now by saying so: it waits for nothing, asks for no proof and has no page of its own.</param>
/// <param name="Version">For If-Match.</param>
public sealed record TaskRow(
    DepartureTaskId Id, DepartureId Departure, string Leaver, int Step, Words Title, string Kind, TaskOwner Owner, string? Assignee, DepartureTaskState State, DateTimeOffset DueAt, string Zone,
    bool Blocking, bool Evidence, bool OneClick, long Version)
{
    /// <summary>The person who leaves.</summary>
    public PersonId Person { get; init; }

    /// <summary>Whose it is, when the reader has it because they stand in for somebody; otherwise null.</summary>
    public string? StandsFor { get; init; }
}

/// <summary>My tasks that are still to be done, the first due first (DEP5).</summary>
/// <remarks>What lies on one's own desk and on those of the roles one holds. 1 to 200 a page.</remarks>
internal sealed record ListMyTasks(string? After = null, int Size = 50) : IQuery<Page<TaskRow>>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/tasks", (string? after, int? size, ApiDoor door) => door.AskAsync(new ListMyTasks(after, size ?? 50))).WithTags("Tasks");

    internal sealed class Handler(DepartDb db, Actor actor, TaskRights rights, IUserDirectory users, TaskBehaviours behaviours) : IHandler<ListMyTasks, Page<TaskRow>>
    {
        public async Task<Outcome<Page<TaskRow>>> HandleAsync(ListMyTasks query, CancellationToken cancellation)
        {
            var size = Math.Clamp(query.Size, 1, 200);
            var (instant, last) = (DateTimeOffset.UnixEpoch, DepartureTaskId.From(Guid.Empty));
            if (query.After is { Length: > 0 } cursor)
            {
                if (cursor.Split('-') is not [var at, var id] || !long.TryParse(at, out var milliseconds) || milliseconds is < 0 or > 253402300799999 || !DepartureTaskId.TryParse(id, out last))
                {
                    return Cursors.Unknown;
                }

                instant = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            }

            // Each desk enters the index at its place; what the few give is merged before a task is read.
            var desks = await rights.DesksAsync(cancellation);
            var first = desks.Select(desk => TaskRows.On(db, actor, desk)
                .Where(task => task.PendingDue >= instant && (task.PendingDue > instant || task.Id.CompareTo(last) > 0))
                .OrderBy(task => task.PendingDue).ThenBy(task => task.Id).Take(size + 1).Select(task => new { task.Id, task.PendingDue })).ToList();
            if (first.Count == 0)
            {
                return new Page<TaskRow>([], null);
            }

            var wanted = first.Aggregate((some, more) => some.Concat(more)).OrderBy(task => task.PendingDue).ThenBy(task => task.Id).Take(size + 1).Select(task => task.Id);
            var page = await db.Set<DepartureTask>().Where(task => wanted.Contains(task.Id)).OrderBy(task => task.PendingDue).ThenBy(task => task.Id).ToListAsync(cancellation);
            var rows = await TaskRows.OfAsync(db, users, behaviours, [.. page.Take(size)], cancellation);
            var standing = page.Take(size).Select(task => desks.FirstOrDefault(desk => desk.Desk == task.Desk)?.StandsFor);
            return new Page<TaskRow>([.. rows.Zip(standing, (row, of) => row with { StandsFor = of })], page.Count > size ? $"{page[size - 1].DueAt.ToUnixTimeMilliseconds()}-{page[size - 1].Id.Value:N}" : null);
        }
    }
}

/// <summary>Every task of a departure, by step and place.</summary>
internal sealed record ListDepartureTasks(DepartureId Departure) : IQuery<IReadOnlyList<TaskRow>>, IRouted, IOnDeparture
{
    public static Access Access => GetDeparture.Access;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures/{departure}/tasks", (DepartureId departure, ApiDoor door) => door.AskAsync(new ListDepartureTasks(departure))).WithTags("Tasks");

    internal sealed class Handler(DepartDb db, IUserDirectory users, TaskBehaviours behaviours) : IHandler<ListDepartureTasks, IReadOnlyList<TaskRow>>
    {
        public async Task<Outcome<IReadOnlyList<TaskRow>>> HandleAsync(ListDepartureTasks query, CancellationToken cancellation)
        {
            if (!await db.Set<Departure>().AnyAsync(departure => departure.Id == query.Departure, cancellation))
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            return await TaskRows.OfAsync(
                db, users, behaviours, await db.Set<DepartureTask>().Where(task => task.Departure == query.Departure).OrderBy(task => task.Step).ThenBy(task => task.Place).ToListAsync(cancellation), cancellation);
        }
    }
}

/// <summary>A task on a page of its own.</summary>
/// <param name="Row">As in lists.</param>
/// <param name="Instructions">What to do.</param>
/// <param name="DoneMeans">What <em>done</em> means.</param>
/// <param name="WaitsFor">What it waits for, settled or not.</param>
/// <param name="Note">Why it was left out, or what was done.</param>
/// <param name="SettledAt">UTC, or null.</param>
/// <param name="SettledBy">Who settled it; null when Depart did, or when it is to be done.</param>
/// <param name="Page">Where it is done, or null: here.</param>
/// <param name="ByHandMeanwhile">Its step is not built yet: it is done by hand meanwhile.</param>
/// <param name="Comments">What people said, oldest first.</param>
/// <param name="AssigneeId">The user who was given it, or null: whoever holds the role.</param>
/// <param name="MayDo">The reader may do it, take it back and say something about it.</param>
/// <param name="MaySteer">The reader may leave it out and give it to somebody.</param>
/// <param name="LinkOf">Whose link leads to it now, or null: somebody without an account.</param>
/// <param name="LinkUntil">How long that link is good, UTC.</param>
/// <param name="ByLink">It may be handed to somebody without an account.</param>
/// <param name="Files">Files attached to it, oldest first.</param>
/// <param name="Away">Who it lies with is away today, and this is who stands in; otherwise null.</param>
public sealed record TaskView(
    TaskRow Row, Words Instructions, Words DoneMeans, IReadOnlyList<TaskRow> WaitsFor, string? Note, DateTimeOffset? SettledAt, string? SettledBy, string? Page, bool ByHandMeanwhile, IReadOnlyList<TaskRemark> Comments,
    Guid? AssigneeId, bool MayDo, bool MaySteer, string? LinkOf, DateTimeOffset? LinkUntil, bool ByLink, IReadOnlyList<TaskAttachment> Files, string? Away)
{
    /// <summary>Those of <see cref="WaitsFor"/> that the reader may see as this one.</summary>
    public IReadOnlyList<DepartureTaskId> Readable { get; init; } = [];
}

/// <summary>One task, with its instructions. Whoever may see the departure, and whoever it lies with.</summary>
internal sealed record GetTask(DepartureTaskId Task) : IQuery<TaskView>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/tasks/{task}", (DepartureTaskId task, ApiDoor door) => door.AskAsync(new GetTask(task))).WithTags("Tasks");

    internal sealed class Handler(
        DepartDb db, Actor actor, TaskTemplates templates, IDepartureFacts facts, IDepartureBinding binding, TaskBehaviours behaviours, TaskLinks links, TaskRights rights, TaskFiles files, Absences absences, IUserDirectory users) : IHandler<GetTask, TaskView>
    {
        public async Task<Outcome<TaskView>> HandleAsync(GetTask query, CancellationToken cancellation)
        {
            if (await db.FindAsync<DepartureTask>([query.Task], cancellation) is not { } task || await db.FindAsync<Departure>([task.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(TasksText.Task);
            }

            var parties = await facts.PartiesAsync(departure, cancellation);
            if (!await rights.MaySeeAsync(task, parties, cancellation))
            {
                return Problem.NotFound(TasksText.Task);
            }

            var document = (task.Source ?? departure.Template) is { } id ? await templates.FindAsync(db, id, cancellation) : null;
            var template = document?.Tasks.FirstOrDefault(one => one.Key == task.Key)?.For((await facts.OfAsync([departure], cancellation))[departure.Id].Facts);
            var before = await db.Set<DepartureTask>().Where(other => other.Departure == departure.Id && task.After.Contains(other.Key)).OrderBy(other => other.Place).ToListAsync(cancellation);
            var rows = await TaskRows.OfAsync(db, users, behaviours, [task, .. before], cancellation);
            var remarks = await db.Set<TaskComment>().AsNoTracking().Where(comment => comment.Task == task.Id).OrderBy(comment => comment.At).ToListAsync(cancellation);
            var mentioned = (await db.Set<TaskMention>().AsNoTracking().Where(mention => mention.Task == task.Id).ToListAsync(cancellation)).ToLookup(mention => mention.Comment, mention => mention.User);
            var names = await users.NamesAsync([.. remarks.Select(remark => remark.By).Append(task.SettledBy).OfType<Guid>().Concat(mentioned.SelectMany(who => who)).Distinct()], cancellation);
            var link = (await links.GoodAsync(task, cancellation)).FirstOrDefault();
            var desks = await rights.DesksAsync(cancellation);
            var readable = new List<DepartureTaskId>();
            foreach (var other in before)
            {
                if (await rights.MaySeeAsync(other, parties, cancellation))
                {
                    readable.Add(other.Id);
                }
            }

            return new TaskView(
                rows[0] with { StandsFor = desks.FirstOrDefault(desk => desk.Desk == task.Desk)?.StandsFor }, template?.Instructions ?? Words.Same(""), template?.Done ?? Words.Same(""), [.. rows.Skip(1)], task.Note, task.SettledAt,
                task.SettledBy is { } by ? names.GetValueOrDefault(by) : task.SettledByName, behaviours.Of(task.Kind).PageOf(task, departure), !behaviours.Knows(task.Kind),
                [.. remarks.Select(remark => new TaskRemark(remark.At, remark.By is { } who ? names.GetValueOrDefault(who) ?? "" : remark.ByName ?? "", remark.Text, [.. mentioned[remark.Id].Select(id => names.GetValueOrDefault(id) ?? "")]))], task.Assignee,
                !actor.ReadOnly && CompleteTask.Access.Allows(actor, parties) && await rights.RefusalAsync(task, departure, cancellation) is null,
                !actor.ReadOnly && SkipTask.Access.Allows(actor, parties) && await Separation.RefusalAsync(actor, departure.Person.Value, binding, cancellation) is null,
                link?.Name, link?.ExpiresAt, behaviours.Of(task.Kind).ByLink, await files.OfAsync(task.Id, cancellation), await absences.StandInOfAsync(task.Desk, cancellation))
            {
                Readable = readable,
            };
        }
    }
}

/// <summary>Joins tasks with whose departure they belong to.</summary>
internal static class TaskRows
{
    /// <summary>The tasks on one of somebody's desks. What a role, or somebody absent, is asked for on one's own departure is for others.</summary>
    public static IQueryable<DepartureTask> On(DepartDb db, Actor actor, DeskAtHand desk)
    {
        var name = desk.Desk;
        var tasks = db.Set<DepartureTask>().Where(task => task.Desk == name);
        if (desk.Within is { } units)
        {
            tasks = tasks.Where(task => db.Set<Departure>().Any(row => row.Id == task.Departure && db.Set<Mission>().Any(mission => mission.Id == row.Mission && mission.Unit != null && units.Contains(mission.Unit))));
        }

        if (actor.Person is not { } person || (!TaskDesk.IsRole(name) && desk.StandsFor is null))
        {
            return tasks;
        }

        var self = PersonId.From(person);
        return tasks.Where(task => !db.Set<Departure>().Any(row => row.Id == task.Departure && row.Person == self));
    }

    /// <summary>Rows in the order given.</summary>
    public static async Task<List<TaskRow>> OfAsync(DepartDb db, IUserDirectory users, TaskBehaviours behaviours, IReadOnlyList<DepartureTask> tasks, CancellationToken cancellation)
    {
        var ids = tasks.Select(task => task.Departure).Distinct().ToList();
        var leavers = await db.Set<Departure>().AsNoTracking().Where(departure => ids.Contains(departure.Id))
            .Join(db.Set<Person>(), departure => departure.Person, person => person.Id, (departure, person) => new { Departure = departure, Name = person.GivenName + " " + person.FamilyName })
            .ToDictionaryAsync(row => row.Departure.Id, cancellation);
        var names = await users.NamesAsync([.. tasks.Select(task => task.Assignee).OfType<Guid>().Distinct()], cancellation);
        var handed = tasks.Where(task => TaskDesk.IsGuest(task.Desk)).Select(task => task.Id).ToList();
        var guests = handed.Count == 0 ? [] : (await db.Set<TaskGuest>().AsNoTracking().Where(guest => handed.Contains(guest.Task)).ToListAsync(cancellation))
            .ToDictionary(guest => TaskDesk.OfGuest(guest.Id), guest => guest.Name, StringComparer.Ordinal);
        return
        [
            .. tasks.Select(task => new TaskRow(
                task.Id, task.Departure, leavers[task.Departure].Name, task.Step, task.Title, task.Kind, task.Owner, task.Assignee is { } user ? names.GetValueOrDefault(user) : guests.GetValueOrDefault(task.Desk), task.State, task.DueAt,
                task.Zone ?? leavers[task.Departure].Departure.Zone, task.Blocking, task.Evidence,
                task.State == DepartureTaskState.Open && !task.Evidence && behaviours.Of(task.Kind).PageOf(task, leavers[task.Departure].Departure) is null, task.Version)
            {
                Person = leavers[task.Departure].Departure.Person,
            }),
        ];
    }
}
