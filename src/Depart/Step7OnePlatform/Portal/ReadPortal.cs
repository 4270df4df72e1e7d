using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Depart.Step7OnePlatform.PublicNotices;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>Somebody whom the leaver may write to.</summary>
/// <param name="Part">Who they are to the leaver.</param>
/// <param name="Name">Their name.</param>
/// <param name="Mail">Where to write.</param>
public sealed record PortalContact(Words Part, string Name, string Mail);

/// <summary>A task that the leaver is asked for.</summary>
/// <param name="Id">Which.</param>
/// <param name="Title">Its title.</param>
/// <param name="State">Where it stands.</param>
/// <param name="DueAt">UTC.</param>
/// <param name="Zone">The zone in which people read that instant.</param>
/// <param name="SettledAt">UTC, or null.</param>
public sealed record PortalTask(DepartureTaskId Id, Words Title, DepartureTaskState State, DateTimeOffset DueAt, string Zone, DateTimeOffset? SettledAt);

/// <summary>What happens at the end of one mission, as the leaver is told.</summary>
/// <param name="Id">Which.</param>
/// <param name="Mission">Its title.</param>
/// <param name="LastDay">The last day.</param>
/// <param name="CutAt">The hour at which access is closed, or was, UTC.</param>
/// <param name="Zone">The zone of the mission.</param>
/// <param name="Immediate">It was closed at once, without being told before.</param>
/// <param name="State">Where it stands.</param>
/// <param name="OpenUntil">The last day on which the door is open.</param>
/// <param name="Tasks">What is asked of them, by when it is due.</param>
/// <param name="Contacts">Whom they may write to.</param>
public sealed record PortalDeparture(
    DepartureId Id, string Mission, DateOnly LastDay, DateTimeOffset CutAt, string Zone, bool Immediate, DepartureState State, DateOnly OpenUntil, IReadOnlyList<PortalTask> Tasks, IReadOnlyList<PortalContact> Contacts)
{
    /// <summary>Access is still to be closed, at its hour.</summary>
    public bool IsAhead => State == DepartureState.Open;

    /// <summary>Access is closed, or being closed.</summary>
    public bool IsCut => State is DepartureState.Disconnecting or DepartureState.Cut or DepartureState.NeedsAttention or DepartureState.Closed;
}

/// <summary>What is the leaver's (PLT5): own papers and nothing else.</summary>
/// <param name="GivenName">Who came.</param>
/// <param name="Company">The company, or null when its name is not set.</param>
/// <param name="Departures">The ends of missions to which their door is open.</param>
public sealed record PortalView(string GivenName, string? Company, IReadOnlyList<PortalDeparture> Departures);

/// <summary>Reads the leaver's own page.</summary>
internal sealed record ReadPortal : IQuery<PortalView>
{
    public static Access Access => Access.ThroughOwnDoor;

    internal sealed class Handler(DepartDb db, OwnDoors doors, TaskBehaviours behaviours, Actor actor, IUserDirectory users) : IHandler<ReadPortal, PortalView>
    {
        public async Task<Outcome<PortalView>> HandleAsync(ReadPortal query, CancellationToken cancellation)
        {
            var person = PersonId.From(actor.Person!.Value);
            if (await doors.OpenOfAsync(person, cancellation) is not { Count: > 0 } open)
            {
                return PortalText.WayGone;
            }

            var organisation = await Organisation.OfAsync(db, cancellation);
            var (ids, missionIds) = (open.ConvertAll(pair => pair.Departure.Id), open.ConvertAll(pair => pair.Departure.Mission));
            var desk = TaskDesk.OfPerson(person.Value);
            var tasks = (await db.Set<DepartureTask>().Where(task => ids.Contains(task.Departure) && task.Desk == desk).OrderBy(task => task.DueAt).ThenBy(task => task.Place).ToListAsync(cancellation))
                .Where(task => TaskRules.IsOfLeaversSide(task.Owner) && behaviours.Of(task.Kind).ByLink && task.State is DepartureTaskState.Waiting or DepartureTaskState.Open or DepartureTaskState.Done).ToLookup(task => task.Departure);
            var missions = await db.Set<Mission>().Where(mission => missionIds.Contains(mission.Id)).ToDictionaryAsync(mission => mission.Id, cancellation);
            var managerIds = missions.Values.Select(mission => mission.Manager).OfType<PersonId>().Where(manager => manager != person).Distinct().ToList();
            var managers = await db.Set<Person>().Where(row => managerIds.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellation);
            var house = await HouseContactAsync(organisation, cancellation);
            return new PortalView(
                await db.Set<Person>().Where(row => row.Id == person).Select(row => row.GivenName).FirstAsync(cancellation), organisation is { Company.Length: > 0 } ? organisation.Company : null, [.. open.Select(pair =>
            {
                var (door, departure) = pair;
                var mission = missions[departure.Mission];
                PortalContact? manager = mission.Manager is { } id && managers.GetValueOrDefault(id) is { Mails: [var mail, ..] } known ? new(PortalText.Manager, known.Name, mail) : null;
                return new PortalDeparture(
                    departure.Id, mission.Title, departure.LastDay, departure.CutAt, departure.Zone, departure.Kind == DepartureKind.Immediate, departure.State, OwnDoor.LastDayOf(door, departure),
                    [.. tasks[departure.Id].Select(task => new PortalTask(task.Id, task.Title, task.State, task.DueAt, task.Zone ?? departure.Zone, task.SettledAt))],
                    [.. new[] { manager, house }.OfType<PortalContact>()]);
            })]);
        }

        /// <summary>The contact of the organisation, or the first who holds the role of HR.</summary>
        private async Task<PortalContact?> HouseContactAsync(Organisation? organisation, CancellationToken cancellation) =>
            organisation is { ContactMail: { Length: > 0 } address } ? new(PortalText.House, organisation.ContactName is { Length: > 0 } name ? name : organisation.Company, address)
            : (await users.HoldersAsync(Role.Hr, cancellation)).FirstOrDefault(user => user.Person != actor.Person) is { } hr ? new(PortalText.House, hr.Name, hr.Mail) : null;
    }
}

/// <summary>One of the leaver's own tasks, through their own door.</summary>
internal sealed record ReadOwnTask(DepartureTaskId Task) : IQuery<TaskByLinkView>
{
    public static Access Access => Access.ThroughOwnDoor;

    internal sealed class Handler(OwnTasks own, TaskWithoutAccount outside, Actor actor) : IHandler<ReadOwnTask, TaskByLinkView>
    {
        public async Task<Outcome<TaskByLinkView>> HandleAsync(ReadOwnTask query, CancellationToken cancellation) =>
            await own.FindAsync(query.Task, cancellation) is { } found
                ? await outside.ReadAsync(found.Task, found.Departure, actor.Name, actor.Person, cancellation)
                : Problem.NotFound(TasksText.Task);
    }
}

/// <summary>Says that one of the leaver's own tasks is done, through their own door.</summary>
internal sealed record DoOwnTask(DepartureTaskId Task, string? Note, string? FileName = null, byte[]? File = null) : ICommand<Done>, IChecked
{
    public static Access Access => Access.ThroughOwnDoor;

    public IEnumerable<Problem> Check() => [.. TaskRules.Length(nameof(Note), TasksText.Note, Note), .. File is null ? [] : TaskFiles.Check(FileName ?? "", File)];

    internal sealed class Handler(OwnTasks own, TaskWithoutAccount outside, Actor actor, IJournal journal) : IHandler<DoOwnTask, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(DoOwnTask command, CancellationToken cancellation)
        {
            if (await own.FindAsync(command.Task, cancellation) is not { } found)
            {
                return Problem.NotFound(TasksText.Task);
            }

            var (task, departure) = found;
            if (await outside.DoAsync(task, departure, actor.Name, actor.Person, command.Note, command.FileName, command.File, cancellation) is { } refusal)
            {
                return refusal;
            }

            journal.Record(TaskFacts.Of(departure, task, "task.done", task.Note));
            return Done.Value;
        }
    }
}

/// <summary>Finds tasks that are the leaver's own: on their desk, asked of their side, of a departure of theirs to which their door is open. Scoped.</summary>
internal sealed class OwnTasks(DepartDb db, OwnDoors doors, TaskBehaviours behaviours, Actor actor)
{
    public async Task<(DepartureTask Task, Departure Departure)?> FindAsync(DepartureTaskId id, CancellationToken cancellation)
    {
        if (actor.Person is not { } person || await db.FindAsync<DepartureTask>([id], cancellation) is not { } task || task.Desk != TaskDesk.OfPerson(person) || !TaskRules.IsOfLeaversSide(task.Owner)
            || task.State == DepartureTaskState.Withdrawn || !behaviours.Of(task.Kind).ByLink)
        {
            return null;
        }

        var open = await doors.OpenOfAsync(PersonId.From(person), cancellation);
        return open.Find(pair => pair.Departure.Id == task.Departure) is { Departure: { } departure } ? (task, departure) : null;
    }
}
