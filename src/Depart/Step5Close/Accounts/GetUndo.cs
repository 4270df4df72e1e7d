using Depart.Connectors;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Where the giving back of one account stands.</summary>
public enum UndoState
{
    /// <summary>Waits or runs.</summary>
    Pending,

    /// <summary>The state recorded before the cut is back.</summary>
    GivenBack,

    /// <summary>The system did not give it back: a person does.</summary>
    Failed,
}

/// <summary>One account whose access is given back.</summary>
/// <remarks>Error: what the system said, or null. NotRestored: what cannot come back by itself. HasPassword: a one-time password waits to be shown, once.</remarks>
public sealed record UndoneAccount(
    AccountId Account, string SystemName, string Login, UndoState State, string? Error, IReadOnlyList<Words> NotRestored, bool HasPassword);

/// <summary>How the access of a leaver is given back, account by account.</summary>
public sealed record UndoProgress(DepartureId Departure, DateTimeOffset AskedAt, bool Over, IReadOnlyList<UndoneAccount> Accounts);

/// <summary>The last undo of a departure.</summary>
internal sealed record GetUndo(DepartureId Departure) : IQuery<UndoProgress>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.Manager, Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin).OfThatDeparture;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures/{departure}/undo", (DepartureId departure, ApiDoor door) => door.AskAsync(new GetUndo(departure)))
            .WithTags("Disconnection").Produces<UndoProgress>();

    internal sealed class Handler(DepartDb db, Connections connections, Actor actor) : IHandler<GetUndo, UndoProgress>
    {
        public async Task<Outcome<UndoProgress>> HandleAsync(GetUndo query, CancellationToken cancellation)
        {
            var run = await db.Set<Disconnection>().Where(row => row.Departure == query.Departure && row.UndoneAt != null)
                .OrderByDescending(row => row.StartedAt).FirstOrDefaultAsync(cancellation);
            if (run is null)
            {
                return Problem.NotFound(AccountsText.Disconnection);
            }

            var prefix = $"{run.Id}/";
            var items = await db.Set<WorkItem>().AsNoTracking()
                .Where(item => item.Kind == ReconnectHandler.WorkKind && item.Subject.StartsWith(prefix)).ToListAsync(cancellation);
            var byAccount = items.ToDictionary(item => DisconnectionAccount.Subject(item).Account);
            var ids = byAccount.Keys.ToList();
            var accounts = await db.Set<Account>().AsNoTracking().Where(account => ids.Contains(account.Id)).ToListAsync(cancellation);
            var systemIds = accounts.Select(account => account.System).Distinct().ToList();
            var systems = await db.Set<TargetSystem>().AsNoTracking().Where(system => systemIds.Contains(system.Id)).ToDictionaryAsync(system => system.Id, cancellation);
            var done = (await db.Set<Revocation>().AsNoTracking().Where(row => row.Disconnection == run.Id && row.State == RevocationState.Done)
                .Select(row => new { row.Account, row.Action }).ToListAsync(cancellation)).ToLookup(row => row.Account, row => row.Action);
            var maySee = actor.Holds(Role.It, Role.Security, Role.Admin);
            return new UndoProgress(
                query.Departure, run.UndoneAt!.Value, items.All(item => item.State is WorkState.Done or WorkState.Dead or WorkState.Cancelled),
                [.. accounts.OrderBy(account => systems[account.System].Name, StringComparer.OrdinalIgnoreCase).ThenBy(account => account.Login, StringComparer.Ordinal)
                    .Select(account => Show(account, byAccount[account.Id], systems[account.System], [.. done[account.Id]], maySee))]);
        }

        private UndoneAccount Show(Account account, WorkItem item, TargetSystem system, IReadOnlyCollection<string> done, bool maySee) => new(
            account.Id, system.Name, account.Login,
            item.State switch { WorkState.Done => UndoState.GivenBack, WorkState.Dead or WorkState.Cancelled => UndoState.Failed, _ => UndoState.Pending },
            item.State == WorkState.Done ? null : item.LastError,
            connections.Catalogue.Find(system.Connector) is { } kind
                ? [.. connections.Actions(kind).Where(action => action.NotRestored is not null && done.Contains(action.Key)).Select(action => action.NotRestored!.ToWords())]
                : [],
            maySee && connections.Secrets.Find(OneTimePasswords.Key(account.Id)) is not null);
    }
}
