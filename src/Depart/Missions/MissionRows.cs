using Depart.Foundation.Door;
using Depart.Foundation.Storage;

namespace Depart.Missions;

/// <summary>A mission with the names that go with it.</summary>
public sealed record MissionView(
    MissionId Id, PersonId Person, string PersonName, string Title, string? Unit, SupplierId? SupplierId, string? Supplier, string? OrderReference,
    PersonId? Manager, string? ManagerName, MissionKind Kind, WorkPlace Place, DateOnly? Start, DateOnly? End,
    IReadOnlyList<string> Teams, IReadOnlyList<string> OutsideProviders, long Version) : IVersioned;

/// <summary>Missions joined with whose they are.</summary>
internal static class MissionRows
{
    /// <summary>The rows, soonest end first, open ends last.</summary>
    public static IQueryable<MissionView> Of(DepartDb db, IQueryable<Mission> missions) =>
        from mission in missions
        join person in db.Set<Person>() on mission.Person equals person.Id
        orderby mission.SortEnd
        select new MissionView(
            mission.Id, mission.Person, person.GivenName + " " + person.FamilyName, mission.Title, mission.Unit, mission.Supplier,
            db.Set<Supplier>().Where(supplier => supplier.Id == mission.Supplier).Select(supplier => supplier.Name).FirstOrDefault(),
            mission.OrderReference, mission.Manager,
            db.Set<Person>().Where(manager => manager.Id == mission.Manager).Select(manager => manager.GivenName + " " + manager.FamilyName).FirstOrDefault(),
            mission.Kind, mission.Place, mission.Start, mission.End, mission.Teams, mission.OutsideProviders, mission.Version);
}
