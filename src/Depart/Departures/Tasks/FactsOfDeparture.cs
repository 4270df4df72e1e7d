using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>What a process must know of a departure, gathered from the record.</summary>
internal interface IDepartureFacts
{
    /// <summary>The facts that conditions may name, and who is bound to it, of each departure; read together.</summary>
    Task<IReadOnlyDictionary<DepartureId, KnownOfDeparture>> OfAsync(IReadOnlyList<Departure> departures, CancellationToken cancellation);

    /// <summary>Who is bound to it.</summary>
    Task<DepartureParties> PartiesAsync(Departure departure, CancellationToken cancellation);
}

/// <summary>What is known of a departure.</summary>
/// <param name="Facts">What conditions may name.</param>
/// <param name="Parties">Who is bound to it.</param>
internal sealed record KnownOfDeparture(DepartureFactsForTasks Facts, DepartureParties Parties);

/// <summary>Tells who holds privileged accounts; the room that knows accounts answers.</summary>
internal interface IPrivileges
{
    /// <summary>Those of the people of whom a privileged account is known.</summary>
    Task<IReadOnlySet<PersonId>> AmongAsync(IReadOnlyCollection<PersonId> people, CancellationToken cancellation);
}

/// <inheritdoc cref="IDepartureFacts"/>
internal sealed class FactsOfDeparture(DepartDb db, IPrivileges privileges) : IDepartureFacts
{
    public async Task<IReadOnlyDictionary<DepartureId, KnownOfDeparture>> OfAsync(IReadOnlyList<Departure> departures, CancellationToken cancellation)
    {
        var (missionIds, people) = (departures.Select(departure => departure.Mission).Distinct().ToList(), departures.Select(departure => departure.Person).Distinct().ToList());
        var missions = await db.Set<Mission>().AsNoTracking().Where(row => missionIds.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellation);
        var statuses = await db.Set<Person>().Where(row => people.Contains(row.Id)).Select(row => new { row.Id, row.Status }).ToDictionaryAsync(row => row.Id, row => row.Status, cancellation);
        var supplierIds = missions.Values.Select(mission => mission.Supplier).OfType<SupplierId>().Distinct().ToList();
        var suppliers = await db.Set<Supplier>().Where(row => supplierIds.Contains(row.Id)).Select(row => new { row.Id, row.Name }).ToDictionaryAsync(row => row.Id, row => row.Name, cancellation);
        var privileged = await privileges.AmongAsync(people, cancellation);
        return departures.ToDictionary(departure => departure.Id, departure =>
        {
            var mission = missions[departure.Mission];
            return new KnownOfDeparture(
                new()
                {
                    Kind = mission.Kind,
                    OnSite = mission.Place != WorkPlace.Remote,
                    Privileged = privileged.Contains(departure.Person),
                    HasSuccessor = departure.Successor is not null,
                    Immediate = departure.Kind == DepartureKind.Immediate,
                    Leaver = departure.Presence,
                    Unit = mission.Unit,
                    Supplier = mission.Supplier is { } id ? suppliers.GetValueOrDefault(id) : null,
                    Status = statuses[departure.Person],
                },
                departure.PartiesWith(mission.Supplier, mission.Manager, mission.Unit));
        });
    }

    public async Task<DepartureParties> PartiesAsync(Departure departure, CancellationToken cancellation)
    {
        var mission = await db.Set<Mission>().AsNoTracking().Where(row => row.Id == departure.Mission).Select(row => new { row.Supplier, row.Manager, row.Unit }).FirstAsync(cancellation);
        return departure.PartiesWith(mission.Supplier, mission.Manager, mission.Unit);
    }
}
