using Depart.Connectors;
using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Depart.Step5Close.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform;

/// <summary>A mission, as shown on the page of its person.</summary>
public sealed record PersonMission(
    MissionId Id, string Title, string? Unit, string? Supplier, string? Manager, MissionKind Kind, DateOnly? Start, DateOnly? End);

/// <summary>An account, as shown on the page of its person.</summary>
public sealed record PersonAccount(
    AccountId Id, SystemId System, string SystemName, string Login, AccountState State, bool Privileged, MatchKind Match, DateTimeOffset SeenAt);

/// <summary>Somebody with everything that is known across the rooms.</summary>
public sealed record PersonFile(
    PersonId Id, string Name, string? EmployeeNumber, IReadOnlyList<string> Mails, IReadOnlyList<string> Logins, ContractualStatus Status, string? Supplier,
    IReadOnlyList<PersonMission> Missions, IReadOnlyList<PersonAccount> Accounts, IReadOnlyList<DepartureRow> Departures)
{
    /// <summary>The departure that counts now: not closed, not cancelled; or null.</summary>
    public DepartureRow? Current => Departures.LastOrDefault(departure => departure.State is not (DepartureState.Closed or DepartureState.Cancelled));
}

/// <summary>A person with missions, accounts and departures.</summary>
internal sealed record GetPersonFile(PersonId Person) : IQuery<PersonFile>
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    internal sealed class Handler(DepartDb db) : IHandler<GetPersonFile, PersonFile>
    {
        public async Task<Outcome<PersonFile>> HandleAsync(GetPersonFile query, CancellationToken cancellation)
        {
            if (await db.Set<Person>().FirstOrDefaultAsync(person => person.Id == query.Person, cancellation) is not { } person)
            {
                return Problem.NotFound(AccountsText.Person);
            }

            var missions = await db.Set<Mission>().Where(mission => mission.Person == query.Person).ToListAsync(cancellation);
            var supplierIds = missions.Select(mission => mission.Supplier).Append(person.Supplier).OfType<SupplierId>().ToList();
            var suppliers = await db.Set<Supplier>().Where(supplier => supplierIds.Contains(supplier.Id))
                .ToDictionaryAsync(supplier => supplier.Id, supplier => supplier.Name, cancellation);
            var managerIds = missions.Select(mission => mission.Manager).OfType<PersonId>().ToList();
            var managers = await db.Set<Person>().Where(manager => managerIds.Contains(manager.Id)).ToDictionaryAsync(manager => manager.Id, cancellation);
            var accounts = await (
                from account in db.Set<Account>()
                join system in db.Set<TargetSystem>() on account.System equals system.Id
                where account.Person == query.Person
                orderby system.Name, account.Login
                select new PersonAccount(account.Id, system.Id, system.Name, account.Login, account.State, account.Privileged, account.Match, account.SeenAt))
                .ToListAsync(cancellation);
            var departures = await DepartureRows.Of(db, db.Set<Departure>().Where(departure => departure.Person == query.Person)).ToListAsync(cancellation);
            string? SupplierOf(SupplierId? id) => id is { } known ? suppliers.GetValueOrDefault(known) : null;
            return new PersonFile(
                person.Id, person.Name, person.EmployeeNumber, person.Mails, person.Logins, person.Status, SupplierOf(person.Supplier),
                [.. missions.OrderByDescending(mission => mission.End).Select(mission => new PersonMission(
                    mission.Id, mission.Title, mission.Unit, SupplierOf(mission.Supplier),
                    mission.Manager is { } manager ? managers.GetValueOrDefault(manager)?.Name : null, mission.Kind, mission.Start, mission.End))],
                accounts, departures);
        }
    }
}
