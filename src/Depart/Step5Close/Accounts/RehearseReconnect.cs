using Depart.Connectors;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>What an undo would give back on one account, as its system says now.</summary>
/// <param name="Account">The account.</param>
/// <param name="SystemName">Name of its system.</param>
/// <param name="Login">Its login.</param>
/// <param name="Outcome">The word it would end with.</param>
/// <param name="Changes">What would come back.</param>
/// <param name="NotRestored">What would not, and why.</param>
/// <param name="Why">Why nothing can be said, or null.</param>
public sealed record RehearsedUndo(
    AccountId Account, string SystemName, string Login, CallOutcome Outcome, IReadOnlyList<Change> Changes, IReadOnlyList<Words> NotRestored, Words? Why);

/// <summary>Asks every system what an undo of the last disconnection would give back: reads, and never writes (ACC13).</summary>
internal sealed record RehearseReconnect(DepartureId Departure) : IQuery<IReadOnlyList<RehearsedUndo>>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures/{departure}/reconnect", (DepartureId departure, ApiDoor door) =>
            door.AskAsync(new RehearseReconnect(departure))).WithTags("Disconnection").Produces<IReadOnlyList<RehearsedUndo>>();

    internal sealed class Handler(DepartDb db, Connections connections) : IHandler<RehearseReconnect, IReadOnlyList<RehearsedUndo>>
    {
        public async Task<Outcome<IReadOnlyList<RehearsedUndo>>> HandleAsync(RehearseReconnect query, CancellationToken cancellation)
        {
            var snapshots = await Reconnect.SnapshotsAsync(db, query.Departure, cancellation);
            if (snapshots.Count == 0)
            {
                return AccountsText.NothingToUndo;
            }

            var ids = snapshots.Select(snapshot => snapshot.Account).ToList();
            var accounts = await db.Set<Account>().Where(account => ids.Contains(account.Id)).ToDictionaryAsync(account => account.Id, cancellation);
            var systemIds = snapshots.Select(snapshot => snapshot.System).Distinct().ToList();
            var systems = await db.Set<TargetSystem>().Where(system => systemIds.Contains(system.Id)).ToDictionaryAsync(system => system.Id, cancellation);
            var answers = await Task.WhenAll(snapshots.Select(snapshot => RehearseAsync(systems[snapshot.System], accounts[snapshot.Account], snapshot, cancellation)));
            return answers.OrderBy(answer => answer.SystemName, StringComparer.OrdinalIgnoreCase).ThenBy(answer => answer.Login, StringComparer.Ordinal).ToList();
        }

        private async Task<RehearsedUndo> RehearseAsync(TargetSystem system, Account account, DisconnectionAccount snapshot, CancellationToken cancellation)
        {
            using var rehearsal = new Rehearsal(cancellation);
            return await rehearsal.AskAsync(
                async token =>
                {
                    var report = snapshot.ProtectedSnapshot is null ? ReconnectHandler.ByHand : await connections.Of(system).UndoAsync(
                        new()
                        {
                            Account = account.ExternalId,
                            Snapshot = connections.Protector.Unprotect(snapshot.ProtectedSnapshot),
                            IdempotencyKey = $"rehearsal-{snapshot.Disconnection}-{account.Id}",
                            DryRun = true,
                        }, token);
                    return new RehearsedUndo(
                        account.Id, system.Name, account.Login, report.Outcome, report.Changes, [.. report.NotRestored.Select(text => text.ToWords())], report.Failure?.What.ToWords());
                },
                (outcome, why) => new(account.Id, system.Name, account.Login, outcome, [], [], why));
        }
    }
}
