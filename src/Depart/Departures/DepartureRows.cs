using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Depart.Proof;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>Departures joined with whose and which mission.</summary>
internal static class DepartureRows
{
    /// <summary>The rows, in the order of the list.</summary>
    /// <remarks>Give a page and no more: what is joined is looked up row by row.</remarks>
    public static IQueryable<DepartureRow> Of(DepartDb db, IQueryable<Departure> departures) =>
        from departure in departures
        join person in db.Set<Person>() on departure.Person equals person.Id
        join mission in db.Set<Mission>() on departure.Mission equals mission.Id
        orderby departure.CutAt, departure.Id
        select new DepartureRow(
            departure.Id, departure.Person, person.GivenName + " " + person.FamilyName, mission.Title,
            db.Set<Supplier>().Where(supplier => supplier.Id == mission.Supplier).Select(supplier => supplier.Name).FirstOrDefault(),
            departure.LastDay, departure.Zone, departure.CutAt, departure.Kind, departure.Reason, departure.State, departure.CutDoneAt, departure.Version, departure.Prepared)
        {
            UnderEmbargo = departure.UnderEmbargo,
            Unit = mission.Unit,
        };

    private static readonly Role[] OfTheHouse = [Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin];

    /// <summary>Holds a role of the house everywhere, and so sees all departures.</summary>
    public static bool SeesAll(Actor actor) => actor.Via is Via.Console or Via.Engine || actor.Holds(OfTheHouse);

    /// <summary>
    /// The departures that somebody may see: all of them for the roles of the house, those of their units for whoever holds such a role there only, those of the missions that they manage for
    /// others.
    /// </summary>
    public static IQueryable<Departure> SeenBy(DepartDb db, Actor actor)
    {
        var departures = db.Set<Departure>().AsQueryable();
        if (SeesAll(actor))
        {
            return departures;
        }

        var missions = MissionsSeenBy(db, actor);
        return departures.Where(departure => missions.Any(mission => mission.Id == departure.Mission));
    }

    /// <summary>The missions of the departures that somebody may see.</summary>
    public static IQueryable<Mission> MissionsSeenBy(DepartDb db, Actor actor) => SeesAll(actor) ? db.Set<Mission>() : MissionsOf(db, actor, OfTheHouse);

    /// <summary>The missions that somebody manages, and those of the units in which they hold one of the roles.</summary>
    public static IQueryable<Mission> MissionsOf(DepartDb db, Actor actor, IEnumerable<Role> roles)
    {
        var (self, units) = (PersonId.From(actor.Person ?? Guid.Empty), actor.Within.Of(roles));
        return units.Count == 0
            ? db.Set<Mission>().Where(mission => mission.Manager == self)
            : db.Set<Mission>().Where(mission => mission.Manager == self || (mission.Unit != null && units.Contains(mission.Unit)));
    }

    /// <summary>Departures of those whose name has every word of the search, accents ignored; all of them without a search.</summary>
    public static async Task<IQueryable<Departure>> FoundAsync(DepartDb db, Actor actor, string? search, CancellationToken cancellation)
    {
        var departures = SeenBy(db, actor);
        var words = SearchText.Of(search).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return departures;
        }

        var people = db.Set<Person>().AsQueryable();
        foreach (var word in words)
        {
            people = people.Where(person => person.SearchName.Contains(word));
        }

        // Whose they are first, once: as a part of each question about departures, every name would be read for every one of them.
        var found = await people.Select(person => person.Id).ToListAsync(cancellation);
        return departures.Where(departure => found.Contains(departure.Person));
    }
}

/// <summary>Names the chains of departures for whoever reads the journal; never to a reader the departure that is their own.</summary>
internal sealed class DepartureChains(DepartDb db, Actor actor) : IChainNames
{
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(IReadOnlyCollection<string> chains, CancellationToken cancellation)
    {
        if (!ListDepartures.Access.Allows(actor, null))
        {
            return new Dictionary<string, string>();
        }

        var ids = chains.Select(chain => Guid.TryParseExact(chain, "N", out var id) ? DepartureId.From(id) : (DepartureId?)null).OfType<DepartureId>().ToList();
        var own = actor.Person is { } self ? PersonId.From(self) : (PersonId?)null;
        return await DepartureRows.SeenBy(db, actor).Where(departure => ids.Contains(departure.Id) && departure.Person != own)
            .Join(db.Set<Person>(), departure => departure.Person, person => person.Id, (departure, person) => new { departure.Id, Name = person.GivenName + " " + person.FamilyName })
            .ToDictionaryAsync(row => row.Id.Value.ToString("N"), row => row.Name, StringComparer.Ordinal, cancellation);
    }
}

/// <summary>Who is bound to which departure.</summary>
internal sealed class DepartureBinding(DepartDb db, TimeProvider clock) : IDepartureBinding
{
    public async Task<DepartureParties?> OfDepartureAsync(Guid departure, CancellationToken cancellation)
    {
        var id = DepartureId.From(departure);
        var found = await db.Set<Departure>().AsNoTracking().Where(row => row.Id == id)
            .Join(db.Set<Mission>(), row => row.Mission, mission => mission.Id, (row, mission) => new { row.Person, row.Successor, mission.Supplier, mission.Manager, mission.Unit })
            .FirstOrDefaultAsync(cancellation);
        return found is null ? null : new(found.Person.Value, found.Supplier?.Value, found.Manager?.Value, found.Successor?.Value) { Unit = found.Unit };
    }

    public async Task<DepartureParties?> OfPersonAsync(Guid person, CancellationToken cancellation)
    {
        var id = PersonId.From(person);
        var units = await db.Set<Mission>().Where(mission => mission.Person == id).Select(mission => mission.Unit).Distinct().Take(2).ToListAsync(cancellation);
        var supplier = await db.Set<Person>().AsNoTracking().Where(row => row.Id == id).Select(row => row.Supplier).FirstOrDefaultAsync(cancellation);
        return new(person, supplier?.Value, null, null) { Unit = units is [var only] ? only : null };
    }

    public async Task<IReadOnlyList<Role>> RolesOfAsync(Guid person, CancellationToken cancellation)
    {
        var id = PersonId.From(person);
        List<Role> roles = [];
        if (await db.Set<Mission>().AnyAsync(mission => mission.Manager == id, cancellation))
        {
            roles.Add(Role.Manager);
        }

        if (await db.Set<Departure>().AnyAsync(departure => departure.Person == id && departure.State != DepartureState.Cancelled && !departure.Prepared, cancellation))
        {
            roles.Add(Role.Consultant);
        }

        if (await db.Set<Departure>().AnyAsync(departure => departure.Successor == id && departure.State != DepartureState.Cancelled, cancellation))
        {
            roles.Add(Role.Successor);
        }

        return roles;
    }

    public async Task<IReadOnlySet<Guid>> SuppliersOfAsync(Guid person, CancellationToken cancellation)
    {
        // A day ends later elsewhere.
        var (id, ended) = (PersonId.From(person), DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-1));
        var missions = db.Set<Mission>().Where(mission => mission.Person == id && (mission.End == null || mission.End >= ended
            || db.Set<Departure>().Any(departure => departure.Mission == mission.Id && departure.State != DepartureState.Cancelled && departure.State != DepartureState.Closed)));
        var suppliers = await db.Set<Person>().Where(row => row.Id == id).Select(row => row.Supplier).Concat(missions.Select(mission => mission.Supplier)).ToListAsync(cancellation);
        return suppliers.OfType<SupplierId>().Select(supplier => supplier.Value).ToHashSet();
    }
}
