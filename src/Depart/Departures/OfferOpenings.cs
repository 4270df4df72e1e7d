using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>A mission whose departure the reader may open.</summary>
/// <param name="Mission">Which.</param>
/// <param name="Person">Whose.</param>
/// <param name="Name">Their name.</param>
/// <param name="Supplier">The supplier of the mission, or null.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Unit">Who receives the service.</param>
/// <param name="End">Its end, or null: open.</param>
/// <param name="Departure">Its departure that is not over, or null: one may be opened.</param>
public sealed record OpenableMission(MissionId Mission, PersonId Person, string Name, string? Supplier, string Title, string? Unit, DateOnly? End, DepartureId? Departure);

/// <summary>The missions whose departure one may open, the next end first (DEP1). A mission manager gets own missions and learns of no others.</summary>
/// <remarks>Those that ended more than three months ago are left out. Search looks at the person's name, accents ignored. 1 to 200 a page; the cursor is opaque.</remarks>
internal sealed record ListOpenable(string? Search = null, string? After = null, int Size = 50) : IQuery<Page<OpenableMission>>, IRouted
{
    public static Access Access => OpenDeparture.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/missions/openable", (string? search, string? after, int? size, ApiDoor door) => door.AskAsync(new ListOpenable(search, after, size ?? 50))).WithTags("Departures").Produces<Page<OpenableMission>>();

    internal sealed class Handler(DepartDb db, Actor actor, TimeProvider clock) : IHandler<ListOpenable, Page<OpenableMission>>
    {
        public async Task<Outcome<Page<OpenableMission>>> HandleAsync(ListOpenable query, CancellationToken cancellation)
        {
            var size = Math.Clamp(query.Size, 1, 200);
            var from = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddMonths(-3).ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);
            if (query.After is { Length: > 0 } after)
            {
                if (!MissionId.TryParse(after, out var last) || await db.Set<Mission>().Where(mission => mission.Id == last).Select(mission => mission.SortEnd).FirstOrDefaultAsync(cancellation) is not { } sort)
                {
                    return Cursors.Unknown;
                }

                from = sort;
            }

            var missions = OpenableMissions.Of(db, actor).Where(mission => mission.SortEnd.CompareTo(from) > 0);
            if (SearchText.Of(query.Search).Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words)
            {
                var people = words.Aggregate(db.Set<Person>().AsQueryable(), (some, word) => some.Where(person => person.SearchName.Contains(word)));
                missions = missions.Where(mission => people.Any(person => person.Id == mission.Person));
            }

            var found = await OpenableMissions.RowsAsync(db, missions.OrderBy(mission => mission.SortEnd).Take(size + 1), cancellation);
            return new Page<OpenableMission>([.. found.Take(size)], found.Count > size ? found[size - 1].Mission.ToString() : null);
        }
    }
}

/// <summary>A person whose departure one may open, with the missions that it may end.</summary>
/// <param name="Person">Who.</param>
/// <param name="Name">Their name.</param>
/// <param name="Supplier">Their supplier, or null.</param>
/// <param name="Missions">The latest end first; for a mission manager own missions only.</param>
public sealed record OpeningOffer(PersonId Person, string Name, string? Supplier, IReadOnlyList<OpenableMission> Missions);

/// <summary>What the departure of a person may end. To a mission manager somebody who is on none of their missions is not there.</summary>
internal sealed record OfferOpening(PersonId Person) : IQuery<OpeningOffer>
{
    public static Access Access => OpenDeparture.Access;

    internal sealed class Handler(DepartDb db, Actor actor) : IHandler<OfferOpening, OpeningOffer>
    {
        public async Task<Outcome<OpeningOffer>> HandleAsync(OfferOpening query, CancellationToken cancellation)
        {
            var missions = await OpenableMissions.RowsAsync(db, OpenableMissions.Of(db, actor).Where(mission => mission.Person == query.Person), cancellation);
            if ((missions.Count == 0 && !OpenableMissions.OfAll(actor)) || await db.Set<Person>().FirstOrDefaultAsync(person => person.Id == query.Person, cancellation) is not { } person)
            {
                return Problem.NotFound(MissionsText.Person);
            }

            var supplier = person.Supplier is { } id ? await db.Set<Supplier>().Where(row => row.Id == id).Select(row => row.Name).FirstOrDefaultAsync(cancellation) : null;
            return new OpeningOffer(person.Id, person.Name, supplier, [.. missions.OrderByDescending(mission => mission.End ?? DateOnly.MaxValue)]);
        }
    }
}

/// <summary>Whose missions somebody may end.</summary>
internal static class OpenableMissions
{
    private static readonly Role[] OfTheHouse = [Role.Hr, Role.It, Role.Security, Role.Admin];

    /// <summary>The roles of the house end every mission; within units those of their units, and a mission manager own ones.</summary>
    public static bool OfAll(Actor actor) => actor.Holds(OfTheHouse) || actor.Via == Via.Console;

    /// <summary>Whether somebody may open the departure of a mission: a manager opens those of own missions, and learns nothing of others.</summary>
    public static bool Concerns(Actor actor, Mission mission) =>
        OfAll(actor.In(mission.Unit)) || (mission.Manager is { } manager && manager.Value == actor.Person);

    /// <summary>The missions whose departure somebody may open: never one's own.</summary>
    public static IQueryable<Mission> Of(DepartDb db, Actor actor)
    {
        var self = PersonId.From(actor.Person ?? Guid.Empty);
        return (OfAll(actor) ? db.Set<Mission>() : DepartureRows.MissionsOf(db, actor, OfTheHouse)).Where(mission => mission.Person != self);
    }

    public static async Task<IReadOnlyList<OpenableMission>> RowsAsync(DepartDb db, IQueryable<Mission> missions, CancellationToken cancellation) => await (
        from mission in missions
        join person in db.Set<Person>() on mission.Person equals person.Id
        orderby mission.SortEnd
        select new OpenableMission(
            mission.Id, person.Id, person.GivenName + " " + person.FamilyName,
            db.Set<Supplier>().Where(supplier => supplier.Id == mission.Supplier).Select(supplier => supplier.Name).FirstOrDefault(), mission.Title, mission.Unit, mission.End,
            db.Set<Departure>().Where(departure => departure.Mission == mission.Id && departure.State != DepartureState.Closed && departure.State != DepartureState.Cancelled)
                .Select(departure => (DepartureId?)departure.Id).FirstOrDefault())).ToListAsync(cancellation);
}
