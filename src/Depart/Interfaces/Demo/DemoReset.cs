using Depart.Departures;
using Depart.Departures.Embargoes;
using Depart.Departures.Tasks;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.SignIn;
using Depart.Missions;
using Depart.Missions.Imports;
using Depart.Step5Close.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.Demo;

/// <summary>Empties the demo's record; its journal stays, as everywhere.</summary>
internal static class DemoReset
{
    public static async Task ClearAsync(DepartDb db, CancellationToken cancellation)
    {
        await db.Set<WorkItem>().ExecuteDeleteAsync(cancellation);
        await db.Set<WorkQueue>().ExecuteDeleteAsync(cancellation);
        await db.Set<Revocation>().ExecuteDeleteAsync(cancellation);
        await db.Set<DisconnectionAccount>().ExecuteDeleteAsync(cancellation);
        await db.Set<Disconnection>().ExecuteDeleteAsync(cancellation);
        await db.Set<TaskMention>().ExecuteDeleteAsync(cancellation);
        await db.Set<TaskComment>().ExecuteDeleteAsync(cancellation);
        await db.Set<TaskFileContent>().ExecuteDeleteAsync(cancellation);
        await db.Set<TaskFile>().ExecuteDeleteAsync(cancellation);
        await db.Set<TaskLink>().ExecuteDeleteAsync(cancellation);
        await db.Set<TaskGuest>().ExecuteDeleteAsync(cancellation);
        await db.Set<DepartureTask>().ExecuteDeleteAsync(cancellation);
        await db.Set<Departures.Renewals.Renewal>().ExecuteDeleteAsync(cancellation);
        await db.Set<Departure>().ExecuteDeleteAsync(cancellation);
        await db.Set<Confidant>().ExecuteDeleteAsync(cancellation);
        await db.Set<Embargo>().ExecuteDeleteAsync(cancellation);
        await db.Set<AccountCandidate>().ExecuteDeleteAsync(cancellation);
        await db.Set<Discovery>().ExecuteDeleteAsync(cancellation);
        await db.Set<Account>().ExecuteDeleteAsync(cancellation);
        await db.Set<TargetSystem>().ExecuteDeleteAsync(cancellation);
        await db.Set<Missions.Imports.Nightly.NightlySubject>().ExecuteDeleteAsync(cancellation);
        await db.Set<Missions.Imports.Nightly.NightlyRun>().ExecuteDeleteAsync(cancellation);
        await db.Set<Missions.Imports.Nightly.NightlyImport>().ExecuteDeleteAsync(cancellation);
        await db.Set<ImportLine>().ExecuteDeleteAsync(cancellation);
        await db.Set<Import>().ExecuteDeleteAsync(cancellation);
        await db.Set<Mission>().ExecuteDeleteAsync(cancellation);

        // A user bound to somebody who is no longer there would be refused, or worse, taken for somebody else.
        await db.Set<User>().Where(user => user.Person != null).ExecuteUpdateAsync(user => user.SetProperty(bound => bound.Person, (PersonId?)null), cancellation);
        await db.Set<Person>().ExecuteDeleteAsync(cancellation);
        await db.Set<Supplier>().ExecuteDeleteAsync(cancellation);
    }
}
