using Depart.Connectors;
using Depart.Departures;
using Depart.Departures.Embargoes;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>The state of one account before anything was done to it, encrypted.</summary>
internal sealed record AccountSnapshot(DisconnectionId Disconnection, AccountId Account, string Protected, AccountState State);

/// <summary>
/// Commits snapshots just taken, before the first change; only the engine may. A snapshot kept earlier, before a crash, stays. A prepared cut begins here, or is
/// found called off: what is decided afterwards finds it running. Gives the disconnections that are called off.
/// </summary>
internal sealed record KeepSnapshots(IReadOnlyList<DisconnectionId> Runs, IReadOnlyList<AccountSnapshot> Snapshots) : ICommand<IReadOnlyList<DisconnectionId>>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<KeepSnapshots, IReadOnlyList<DisconnectionId>>
    {
        public async Task<Outcome<IReadOnlyList<DisconnectionId>>> HandleAsync(KeepSnapshots command, CancellationToken cancellation)
        {
            var off = await BeginAsync(command.Runs, cancellation);
            var ids = command.Snapshots.Select(snapshot => snapshot.Account).ToList();
            var rows = await db.Set<DisconnectionAccount>().Where(row => command.Runs.Contains(row.Disconnection) && ids.Contains(row.Account)).ToDictionaryAsync(row => (row.Disconnection, row.Account), cancellation);
            foreach (var snapshot in command.Snapshots.Where(snapshot => !off.Contains(snapshot.Disconnection)))
            {
                rows[(snapshot.Disconnection, snapshot.Account)].Keep(snapshot.Protected, snapshot.State);
            }

            return off;
        }

        private async Task<List<DisconnectionId>> BeginAsync(IReadOnlyList<DisconnectionId> ids, CancellationToken cancellation)
        {
            var waiting = await db.Set<Disconnection>().Where(run => ids.Contains(run.Id) && (run.State == DisconnectionState.Prepared || run.State == DisconnectionState.Withdrawn)).ToListAsync(cancellation);
            if (waiting.Count == 0)
            {
                return [];
            }

            var now = clock.GetUtcNow();
            var departureIds = waiting.ConvertAll(run => run.Departure);
            var departures = await db.Set<Departure>().Where(departure => departureIds.Contains(departure.Id)).ToDictionaryAsync(departure => departure.Id, cancellation);
            var waitingIds = waiting.ConvertAll(run => run.Id);
            var accounts = await db.Set<DisconnectionAccount>().Where(row => waitingIds.Contains(row.Disconnection)).GroupBy(row => row.Disconnection)
                .Select(own => new { own.Key, Count = own.Count() }).ToDictionaryAsync(own => own.Key, own => own.Count, cancellation);
            var steps = await db.Set<Revocation>().Where(row => waitingIds.Contains(row.Disconnection)).GroupBy(row => row.Disconnection)
                .Select(own => new { own.Key, Count = own.Count() }).ToDictionaryAsync(own => own.Key, own => own.Count, cancellation);
            var off = waiting
                .Where(run => !DisconnectionGraph.Begin(run, departures[run.Departure], accounts.GetValueOrDefault(run.Id), steps.GetValueOrDefault(run.Id), journal, now))
                .Select(run => run.Id).ToList();
            foreach (var run in waiting.Where(run => !off.Contains(run.Id)))
            {
                EmbargoEnd.Appoint(db, departures[run.Departure], departures[run.Departure].CutAt + EmbargoEnd.AtMost);
            }

            return off;
        }
    }
}
