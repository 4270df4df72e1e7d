using Depart.Departures.Tasks;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <inheritdoc cref="IPrivileges"/>
internal sealed class KnownPrivileges(DepartDb db) : IPrivileges
{
    public Task<bool> HasAnyAsync(PersonId person, CancellationToken cancellation) => db.Set<Account>().AnyAsync(account => account.Person == person && account.Privileged, cancellation);
}
