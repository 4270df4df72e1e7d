using Depart.Departures.Tasks;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <inheritdoc cref="IPrivileges"/>
internal sealed class KnownPrivileges(DepartDb db) : IPrivileges
{
    public async Task<IReadOnlySet<PersonId>> AmongAsync(IReadOnlyCollection<PersonId> people, CancellationToken cancellation)
    {
        var wanted = people.Select(person => (PersonId?)person).ToList();
        return (await db.Set<Account>().Where(account => account.Privileged && wanted.Contains(account.Person)).Select(account => account.Person).Distinct().ToListAsync(cancellation))
            .OfType<PersonId>().ToHashSet();
    }
}
