using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>Somebody who reads a mail about a task.</summary>
/// <param name="Key">Unique among readers.</param>
/// <param name="To">Where to.</param>
/// <param name="Person">Who they are in the record, or null.</param>
internal sealed record TaskReader(string Key, MailTo To, Guid? Person)
{
    /// <summary>The desk that they read, when they have no account: then they act by a link.</summary>
    public string? Desk { get; init; }

    /// <summary>The user that they are, or null: no account.</summary>
    public HouseUser? User { get; init; }

    /// <summary>Has no account.</summary>
    public bool ByLink => Desk is not null;

    /// <summary>For whom they stand in, or null.</summary>
    public string? StandsFor { get; init; }

    /// <summary>Words in the reader's language.</summary>
    public string In(Words words) => To.Language == "fr" ? words.Fr : words.En;
}

/// <summary>
/// Finds out who reads what lies on a desk, so that nothing is told to nobody: what its holder cannot read is told to whoever would have it, and at last to those who hold the role of HR.
/// Scoped: what it has found out it remembers for the batch.
/// </summary>
internal sealed class TaskReaders(DepartDb db, IUserDirectory users, IDepartureFacts facts, TaskBehaviours behaviours, TaskLinks links, Absences absences, IDepartureBinding binding)
{
    private readonly Dictionary<(string Desk, string? Unit), IReadOnlyList<TaskReader>> desks = [];
    private readonly Dictionary<PersonId, string> names = [];
    private readonly Dictionary<MissionId, string?> units = [];
    private readonly Dictionary<Guid, HouseUser?> substitutes = [];

    /// <summary>The name of a person of the record.</summary>
    public async Task<string> NameAsync(PersonId person, CancellationToken cancellation) => names.TryGetValue(person, out var known) ? known
        : names[person] = await db.Set<Person>().Where(row => row.Id == person).Select(row => row.GivenName + " " + row.FamilyName).FirstOrDefaultAsync(cancellation) ?? "";

    /// <summary>Who is reminded of a task. What only somebody with an account may do is not told to others.</summary>
    public async Task<IReadOnlyList<TaskReader>> OfAsync(DepartureTask task, Departure departure, CancellationToken cancellation)
    {
        var found = await OfDeskAsync(task.Desk, departure, cancellation);
        if (found.Count == 0 && task.Assignee is not null)
        {
            found = await OfDeskAsync(TaskDesk.Of(task.Owner, await facts.PartiesAsync(departure, cancellation)), departure, cancellation);
        }

        return behaviours.Of(task.Kind).ByLink ? await OrHrAsync(found, departure, cancellation) : await OrHrAsync([.. found.Where(reader => !reader.ByLink)], departure, cancellation);
    }

    /// <summary>Who is told that a task is late.</summary>
    public async Task<IReadOnlyList<TaskReader>> OfEscalationAsync(DepartureTask task, Departure departure, CancellationToken cancellation) =>
        await OrHrAsync(await OfDeskAsync(TaskDesk.Of(task.EscalateTo!.Value, await facts.PartiesAsync(departure, cancellation)), departure, cancellation), departure, cancellation);

    /// <summary>Where a mail about a task leads its reader: to its page, or, without an account, by a link of their own when it is theirs; null when there is nothing that they could open.</summary>
    public string? PathOf(TaskReader reader, DepartureTask task, Departure departure) =>
        !reader.ByLink ? behaviours.Of(task.Kind).PageOf(task, departure) ?? TaskPaths.Of(task)
        : reader.Desk == task.Desk && behaviours.Of(task.Kind).ByLink ? links.Make(task, task.Desk, reader.To.Name, reader.Person)
        : null;

    private async Task<IReadOnlyList<TaskReader>> OrHrAsync(IReadOnlyList<TaskReader> found, Departure departure, CancellationToken cancellation) =>
        found.Count > 0 ? found : await OfDeskAsync(TaskDesk.OfRole(Role.Hr), departure, cancellation);

    /// <summary>Readers of a desk, on what concerns a mission of that unit. What lies with a role is not told to the leaver, who may not do it.</summary>
    public async Task<IReadOnlyList<TaskReader>> OfDeskAsync(string desk, PersonId leaver, string? unit, CancellationToken cancellation)
    {
        var place = TaskDesk.IsRole(desk) ? (desk, unit) : (desk, null);
        if (!desks.TryGetValue(place, out var found))
        {
            desks[place] = found = await FindAsync(desk, unit, cancellation);
        }

        if (TaskDesk.IsRole(desk))
        {
            var holders = found.Where(reader => reader.Person is null || reader.Person != leaver.Value).ToList();
            var (there, standing) = (new List<TaskReader>(), new List<TaskReader>());
            foreach (var holder in holders)
            {
                if (await SubstituteOfAsync(holder, cancellation) is not { } away)
                {
                    there.Add(holder);
                }
                else if (await MayStandInAsync(away, leaver, cancellation))
                {
                    standing.Add(Of(away) with { StandsFor = holder.To.Name });
                }
            }

            return there.Count > 0 ? there : standing.Count > 0 ? [.. standing.DistinctBy(reader => reader.Key)] : holders;
        }

        if (found is [{ User: not null } user] && await SubstituteOfAsync(user, cancellation) is { } substitute && await MayStandInAsync(substitute, leaver, cancellation))
        {
            return [Of(substitute) with { StandsFor = user.To.Name }];
        }

        return found;
    }

    /// <summary>The same; what is the leaver's goes to the private address once the company's is closed.</summary>
    private async Task<IReadOnlyList<TaskReader>> OfDeskAsync(string desk, Departure departure, CancellationToken cancellation)
    {
        var found = await OfDeskAsync(desk, departure.Person, TaskDesk.IsRole(desk) ? await UnitAsync(departure.Mission, cancellation) : null, cancellation);
        return desk == TaskDesk.OfPerson(departure.Person.Value) && departure.State is not DepartureState.Open && found is [{ ByLink: true } reader]
            && await db.Set<Person>().Where(row => row.Id == departure.Person).Select(row => row.PrivateMail).FirstOrDefaultAsync(cancellation) is { } address
            ? [reader with { To = reader.To with { Address = address } }]
            : found;
    }

    private async Task<string?> UnitAsync(MissionId mission, CancellationToken cancellation) => units.TryGetValue(mission, out var known) ? known
        : units[mission] = await db.Set<Mission>().Where(row => row.Id == mission).Select(row => row.Unit).FirstOrDefaultAsync(cancellation);

    private async Task<bool> MayStandInAsync(HouseUser substitute, PersonId leaver, CancellationToken cancellation) =>
        await Separation.RefusalAsync(Actor.Nobody with { User = substitute.Id, Person = substitute.Person }, leaver.Value, binding, cancellation) is null;

    private async Task<HouseUser?> SubstituteOfAsync(TaskReader reader, CancellationToken cancellation)
    {
        var user = reader.User!.Id;
        return substitutes.TryGetValue(user, out var known) ? known : substitutes[user] = await absences.SubstituteOfAsync(user, cancellation);
    }

    private async Task<IReadOnlyList<TaskReader>> FindAsync(string desk, string? unit, CancellationToken cancellation)
    {
        switch (desk.Split(':'))
        {
            case ["role", var name] when Enum.TryParse<Role>(name, out var role):
                return [.. (await users.HoldersAsync(role, unit, cancellation)).Select(Of)];
            case ["user", var key] when Guid.TryParseExact(key, "N", out var id):
                return await users.FindAsync(id, cancellation) is { } user ? [Of(user)] : [];
            case ["person", var key] when Guid.TryParseExact(key, "N", out var id):
                if (await users.OfPersonAsync(id, cancellation) is { } holder)
                {
                    return [Of(holder)];
                }

                var personId = PersonId.From(id);
                return await db.Set<Person>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == personId, cancellation) is { Mails: [var mail, ..] } person
                    ? [new($"person-{id:N}", new(mail, person.Name, MailTo.CultureOf(await users.LanguageAsync(id, cancellation))), id) { Desk = desk }]
                    : [];
            case ["supplier", var key] when Guid.TryParseExact(key, "N", out var id):
                var supplierId = SupplierId.From(id);
                return await db.Set<Supplier>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == supplierId, cancellation) is { ContactMail: { } contact } supplier
                    ? [new($"supplier-{id:N}", new(contact, supplier.ContactName ?? supplier.Name, MailTo.CultureOf(await users.LanguageAsync(null, cancellation))), null) { Desk = desk }]
                    : [];
            case ["guest", var key] when Guid.TryParseExact(key, "N", out var id):
                return await db.Set<TaskGuest>().FindAsync([id], cancellation) is { } guest
                    ? [new($"guest-{id:N}", new(guest.Mail, guest.Name, MailTo.CultureOf(guest.Language)), guest.Person) { Desk = desk }]
                    : [];
            default:
                return [];
        }
    }

    private static TaskReader Of(HouseUser user) => new($"user-{user.Id:N}", user.To, user.Person) { User = user };
}

/// <summary>Another manager or supplier of a mission: what lay on the desk of the one before lies on theirs.</summary>
internal sealed class TasksFollowMissions(DepartDb db, TaskBook book, IJournal journal) : IMissionWatch
{
    public async Task PartiesChangedAsync(IReadOnlyCollection<Mission> missions, CancellationToken cancellation)
    {
        var byId = missions.ToDictionary(mission => mission.Id);
        var ids = byId.Keys.ToList();
        foreach (var departure in await db.Set<Departure>().Where(row => ids.Contains(row.Mission) && row.State != DepartureState.Cancelled).ToListAsync(cancellation))
        {
            var mission = byId[departure.Mission];
            await book.FollowPartiesAsync(departure, departure.PartiesWith(mission.Supplier, mission.Manager, mission.Unit), journal, cancellation);
        }
    }
}
