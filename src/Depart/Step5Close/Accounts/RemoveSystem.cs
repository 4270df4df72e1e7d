using Depart.Connectors;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>
/// Removes a system: its settings and secrets are forgotten, accounts that no disconnection names are deleted. Refused while a disconnection
/// or a discovery runs there, and while it has accounts unless <paramref name="WithAccounts"/> says so.
/// </summary>
/// <remarks>Accounts named by past disconnections stay for their history, nobody's any more; those disconnections can no longer be undone there.</remarks>
internal sealed record RemoveSystem(SystemId System, bool WithAccounts = false) : ICommand<Done>, IRouted
{
    /// <summary>One refusal, whatever runs: it may be of a departure that the reader may not know of.</summary>
    private static readonly Words Busy = new(
        "Work is under way on {0}: a discovery reads it, or steps of a disconnection wait there. Stop the one, settle the others, or try again in a quarter of an hour.",
        "Un travail est en cours sur {0}\u00a0: une découverte le lit, ou des étapes de déconnexion y attendent. Arrêtez l’une, réglez les autres, ou réessayez dans un quart d’heure.");

    private static readonly Words OneAccount = new(
        "{1} has {0} account that Depart would no longer close at a departure. Say so to remove it anyway.",
        "{1} compte {0} compte que Départ ne fermerait plus lors d’un départ. Confirmez pour le retirer malgré tout.");

    private static readonly Words Accounts = new(
        "{1} has {0} accounts that Depart would no longer close at a departure. Say so to remove it anyway.",
        "{1} compte {0} comptes que Départ ne fermerait plus lors d’un départ. Confirmez pour le retirer malgré tout.");

    public static Access Access => Access.To(Role.It, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/systems/{system}", (SystemId system, bool? withAccounts, ApiDoor door) =>
            door.SendAsync(new RemoveSystem(system, withAccounts ?? false))).WithTags("Systems");

    internal sealed class Handler(DepartDb db, RequestSlot request, IJournal journal, TimeProvider clock) : IHandler<RemoveSystem, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RemoveSystem command, CancellationToken cancellation)
        {
            if (await db.Set<TargetSystem>().FirstOrDefaultAsync(known => known.Id == command.System && known.RemovedAt == null, cancellation) is not { } system)
            {
                return Problem.NotFound(AccountsText.System);
            }

            if (!system.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            var known = await db.Set<Account>().CountAsync(account => account.System == system.Id && account.State != AccountState.Absent, cancellation);
            if (await RefusalAsync(system, known, command.WithAccounts, cancellation) is { } refusal)
            {
                return refusal;
            }

            await ForgetAccountsAsync(system, cancellation);
            await db.Set<Discovery>().Where(run => run.System == system.Id).ExecuteDeleteAsync(cancellation);
            await db.Set<WorkItem>().IgnoreQueryFilters().Where(item => item.Queue == system.Queue && item.State == WorkState.Pending)
                .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, WorkState.Cancelled), cancellation);
            foreach (var undo in (await db.Set<DisconnectionAccount>().IgnoreQueryFilters().Where(row => row.System == system.Id).ToListAsync(cancellation)).Where(row => row.Undo is { Final: false }))
            {
                undo.Undo = undo.Undo! with { Outcome = CallOutcome.NotAttempted, Final = true, Why = AccountsText.SystemRemoved };
            }

            await db.Set<WorkQueue>().Where(queue => queue.Name == system.Queue).ExecuteDeleteAsync(cancellation);
            foreach (var later in (await db.Set<TargetSystem>().Where(other => other.RemovedAt == null && other.Id != system.Id).ToListAsync(cancellation))
                .Where(other => other.AfterSystems.Contains(system.Id.Value)))
            {
                later.NoLongerAfter(system.Id);
            }

            journal.Record(SystemFacts.Of(system, "system.removed", new() { ["accounts"] = known, ["settingsBefore"] = system.SettingsJson }));
            system.Remove(clock.GetUtcNow());
            return Done.Value;
        }

        private async Task<Problem?> RefusalAsync(TargetSystem system, int accounts, bool withAccounts, CancellationToken cancellation)
        {
            if (await db.Set<Revocation>().IgnoreQueryFilters().AnyAsync(
                    step => step.System == system.Id && (step.State == RevocationState.Waiting || step.State == RevocationState.Running || step.State == RevocationState.ToDoByHand), cancellation)
                || await db.Set<Discovery>().AnyAsync(run => run.System == system.Id && run.EndedAt == null, cancellation))
            {
                return Problem.Conflict("system-busy", Busy.With(system.Name));
            }

            return accounts > 0 && !withAccounts
                ? Problem.Conflict("has-accounts", new Words(
                    string.Format(Words.English, accounts == 1 ? OneAccount.En : Accounts.En, accounts, system.Name),
                    string.Format(Words.French, accounts == 1 ? OneAccount.Fr : Accounts.Fr, accounts, system.Name)))
                : null;
        }

        private async Task ForgetAccountsAsync(TargetSystem system, CancellationToken cancellation)
        {
            var there = db.Set<Account>().Where(account => account.System == system.Id);
            await db.Set<AccountCandidate>().Where(candidate => there.Any(account => account.Id == candidate.Account)).ExecuteDeleteAsync(cancellation);
            await there.Where(account => !db.Set<Revocation>().Any(step => step.Account == account.Id)).IgnoreQueryFilters().ExecuteDeleteAsync(cancellation);
            foreach (var account in await there.ToListAsync(cancellation))
            {
                account.Orphan();
            }
        }
    }
}
