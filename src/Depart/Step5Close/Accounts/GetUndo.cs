using Depart.Connectors;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
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
/// <remarks>Why: why it is not back yet, or null. NotRestored: what the system did not give back. HasPassword: a one-time password waits to be shown, once.</remarks>
public sealed record UndoneAccount(
    AccountId Account, string SystemName, string Login, UndoState State, Words? Why, IReadOnlyList<Words> NotRestored, bool HasPassword);

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

    private static readonly Words Request = new("A request to give access back", "Demande de rétablissement d’accès");

    internal sealed class Handler(DepartDb db, Connections connections, Actor actor) : IHandler<GetUndo, UndoProgress>
    {
        public async Task<Outcome<UndoProgress>> HandleAsync(GetUndo query, CancellationToken cancellation)
        {
            var run = await db.Set<Disconnection>().Where(row => row.Departure == query.Departure && row.UndoneAt != null)
                .OrderByDescending(row => row.UndoneAt).FirstOrDefaultAsync(cancellation);
            if (run is null)
            {
                return Problem.NotFound(Request);
            }

            var runs = await db.Set<Disconnection>().Where(row => row.Departure == query.Departure && row.UndoneAt == run.UndoneAt).Select(row => row.Id).ToListAsync(cancellation);
            var rows = (await db.Set<DisconnectionAccount>().Where(row => runs.Contains(row.Disconnection)).ToListAsync(cancellation)).Where(row => row.Undo is not null).ToList();
            var ids = rows.Select(row => row.Account).ToList();
            var accounts = await db.Set<Account>().Where(account => ids.Contains(account.Id)).ToDictionaryAsync(account => account.Id, cancellation);
            var systemIds = rows.Select(row => row.System).Distinct().ToList();
            var systems = await db.Set<TargetSystem>().Where(system => systemIds.Contains(system.Id)).ToDictionaryAsync(system => system.Id, system => system.Name, cancellation);
            var maySee = actor.Holds(Role.It, Role.Security, Role.Admin);
            return new UndoProgress(
                query.Departure, run.UndoneAt!.Value, rows.All(row => row.Undo!.Final),
                [.. rows.OrderBy(row => systems[row.System], StringComparer.OrdinalIgnoreCase).ThenBy(row => accounts[row.Account].Login, StringComparer.Ordinal)
                    .Select(row => Show(row, accounts[row.Account].Login, systems[row.System], maySee))]);
        }

        private UndoneAccount Show(DisconnectionAccount row, string login, string system, bool maySee) => new(
            row.Account, system, login, StateOf(row.Undo!), row.Undo!.Why, row.Undo.NotRestored,
            maySee && connections.Secrets.Find(TakeOneTimePassword.Key(row.Account)) is not null);

        private static UndoState StateOf(AccountUndo undo) =>
            !undo.Final ? UndoState.Pending : undo.Outcome is CallOutcome.Done or CallOutcome.AlreadySo ? UndoState.GivenBack : UndoState.Failed;
    }
}
