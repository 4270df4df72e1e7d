using Depart.Connectors;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>What the record knows of a person, in the connectors' words.</summary>
internal static class PersonLookup
{
    /// <summary>The hints, or null when there is no such person.</summary>
    public static async Task<PersonHints?> HintsAsync(DepartDb db, PersonId id, CancellationToken cancellation) =>
        await db.Set<Person>().AsNoTracking().FirstOrDefaultAsync(person => person.Id == id, cancellation) is { } person
            ? new()
            {
                Mails = person.Mails,
                Logins = person.Logins,
                EmployeeNumber = person.EmployeeNumber,
                GivenName = person.GivenName,
                FamilyName = person.FamilyName,
            }
            : null;
}
