using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions;

/// <summary>A person with their missions.</summary>
/// <remarks>The private address is shown to HR and administrators only; others learn only whether one is held.</remarks>
public sealed record PersonView(
    PersonId Id, string Name, string GivenName, string FamilyName, string? EmployeeNumber, IReadOnlyList<string> Mails, IReadOnlyList<string> Logins,
    ContractualStatus Status, SupplierId? SupplierId, string? Supplier, bool HasPrivateAddress, PrivateAddressView? PrivateAddress,
    IReadOnlyList<MissionView> Missions, long Version) : IVersioned;

/// <summary>A private address with the consent under which it is held.</summary>
public sealed record PrivateAddressView(string Mail, DateOnly ConsentedOn, string ConsentBy, string RecordedBy);

/// <summary>One person.</summary>
internal sealed record GetPerson(PersonId Person) : IQuery<PersonView>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/people/{person}", (PersonId person, ApiDoor door) => door.AskAsync(new GetPerson(person))).WithTags("People").Produces<PersonView>();

    internal sealed class Handler(DepartDb db, Actor actor) : IHandler<GetPerson, PersonView>
    {
        public async Task<Outcome<PersonView>> HandleAsync(GetPerson query, CancellationToken cancellation)
        {
            if (await db.Set<Person>().FirstOrDefaultAsync(row => row.Id == query.Person, cancellation) is not { } person)
            {
                return Problem.NotFound(MissionsText.Person);
            }

            var missions = await MissionRows.Of(db, db.Set<Mission>().Where(mission => mission.Person == person.Id)).ToListAsync(cancellation);
            var supplier = await db.Set<Supplier>().Where(row => row.Id == person.Supplier).Select(row => row.Name).FirstOrDefaultAsync(cancellation);
            return new PersonView(
                person.Id, person.Name, person.GivenName, person.FamilyName, person.EmployeeNumber, person.Mails, person.Logins, person.Status,
                person.Supplier, supplier, person.PrivateMail is not null,
                person.PrivateMail is not null && actor.Holds(Role.Hr, Role.Admin)
                    ? new(person.PrivateMail, person.PrivateMailConsentedOn!.Value, person.PrivateMailConsentBy!, person.PrivateMailRecordedBy!)
                    : null,
                missions, person.Version);
        }
    }
}
