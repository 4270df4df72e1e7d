using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions;

/// <summary>Missions by their end, the soonest first and open ends last, a page at a time.</summary>
/// <remarks>
/// Search takes parts of the title, unit, order reference, or of the person's name, accents ignored. <c>From</c> and <c>To</c> bound the end, both
/// included. 1 to 200 a page. The cursor is opaque.
/// </remarks>
internal sealed record ListMissions(
    string? Search = null, PersonId? Person = null, SupplierId? Supplier = null, PersonId? Manager = null, string? Unit = null,
    DateOnly? From = null, DateOnly? To = null, string? After = null, int Size = 50)
    : IQuery<Page<MissionView>>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/missions", (
            string? search, PersonId? person, SupplierId? supplier, PersonId? manager, string? unit, DateOnly? from, DateOnly? to, string? after, int? size, ApiDoor door) =>
            door.AskAsync(new ListMissions(search, person, supplier, manager, unit, from, to, after, size ?? 50))).WithTags("Missions").Produces<Page<MissionView>>();

    internal sealed class Handler(DepartDb db) : IHandler<ListMissions, Page<MissionView>>
    {
        public async Task<Outcome<Page<MissionView>>> HandleAsync(ListMissions query, CancellationToken cancellation)
        {
            var size = Math.Clamp(query.Size, 1, 200);
            var missions = Filtered(query);
            if (query.After is { } after)
            {
                if (!MissionId.TryParse(after, out var last)
                    || await db.Set<Mission>().Where(mission => mission.Id == last).Select(mission => mission.SortEnd).FirstOrDefaultAsync(cancellation) is not { } from)
                {
                    return Cursors.Unknown;
                }

                missions = missions.Where(mission => mission.SortEnd.CompareTo(from) > 0);
            }

            var found = await MissionRows.Of(db, missions.OrderBy(mission => mission.SortEnd).Take(size + 1)).ToListAsync(cancellation);
            return new Page<MissionView>([.. found.Take(size)], found.Count > size ? found[size - 1].Id.ToString() : null);
        }

        private IQueryable<Mission> Filtered(ListMissions query)
        {
            var missions = db.Set<Mission>().AsQueryable();
            foreach (var word in SearchText.Of(query.Search).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                missions = missions.Where(mission => mission.SearchTitle.Contains(word)
                    || db.Set<Person>().Any(person => person.Id == mission.Person && person.SearchName.Contains(word)));
            }

            if (query.Person is { } person)
            {
                missions = missions.Where(mission => mission.Person == person);
            }

            if (query.Supplier is { } supplier)
            {
                missions = missions.Where(mission => mission.Supplier == supplier);
            }

            if (query.Manager is { } manager)
            {
                missions = missions.Where(mission => mission.Manager == manager);
            }

            if (Texts.OrNull(query.Unit) is { } unit)
            {
                missions = missions.Where(mission => mission.Unit == unit);
            }

            if (query.From is { } from)
            {
                missions = missions.Where(mission => mission.End >= from);
            }

            return query.To is { } to ? missions.Where(mission => mission.End <= to) : missions;
        }
    }
}

/// <summary>One mission.</summary>
internal sealed record GetMission(MissionId Mission) : IQuery<MissionView>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/missions/{mission}", (MissionId mission, ApiDoor door) => door.AskAsync(new GetMission(mission))).WithTags("Missions").Produces<MissionView>();

    internal sealed class Handler(DepartDb db) : IHandler<GetMission, MissionView>
    {
        public async Task<Outcome<MissionView>> HandleAsync(GetMission query, CancellationToken cancellation) =>
            await MissionRows.Of(db, db.Set<Mission>().Where(mission => mission.Id == query.Mission)).FirstOrDefaultAsync(cancellation) is { } view
                ? view
                : Problem.NotFound(MissionsText.Mission);
    }
}

/// <summary>A unit that receives services, with how many missions it has.</summary>
public sealed record UnitRow(string Name, int Missions);

/// <summary>The units that missions name.</summary>
internal sealed record ListUnits : IQuery<IReadOnlyList<UnitRow>>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/units", (ApiDoor door) => door.AskAsync(new ListUnits())).WithTags("Missions").Produces<IReadOnlyList<UnitRow>>();

    internal sealed class Handler(DepartDb db) : IHandler<ListUnits, IReadOnlyList<UnitRow>>
    {
        public async Task<Outcome<IReadOnlyList<UnitRow>>> HandleAsync(ListUnits query, CancellationToken cancellation) =>
            (await db.Set<Mission>().Where(mission => mission.Unit != null).GroupBy(mission => mission.Unit!)
                .Select(unit => new UnitRow(unit.Key, unit.Count())).ToListAsync(cancellation))
                .OrderBy(unit => unit.Name, StringComparer.CurrentCulture).ToList();
    }
}
