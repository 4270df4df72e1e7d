using System.Text.Json;
using Depart.Connectors;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>One step, as shown live.</summary>
public sealed record StepView(
    RevocationId Id, string Action, Words Title, RevocationState State, CallOutcome? Outcome, Words? Why, int Attempts, int Level, RevocationId? BlockedBy, DateTimeOffset? SettledAt)
{
    /// <summary>The login that takes over what the account owns; null when the step passes nothing on, or nobody was named.</summary>
    public string? NewOwner { get; init; }

    /// <summary>What the account owns stayed with it: somebody, or somebody else, may still be named.</summary>
    public bool WantsNewOwner { get; init; }
}

/// <summary>One account of a disconnection, as shown live.</summary>
public sealed record AccountProgress(
    AccountId Account, SystemId System, string SystemName, string Login, Verdict Verdict, ProofLevel? Proof, DateTimeOffset? ResidualUntil,
    IReadOnlyList<Words> Residuals, IReadOnlyList<StepView> Steps);

/// <summary>A disconnection, as shown live; the page is a view of rows.</summary>
public sealed record DisconnectionProgress(
    DisconnectionId Id, DepartureId Departure, PersonId Person, bool Immediate, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, DateTimeOffset? UndoneAt,
    DepartureState State, int StepsSettled, int StepsTotal, IReadOnlyList<string> Unsearched, IReadOnlyList<AccountProgress> Accounts);

/// <summary>The last disconnection of a departure, with every account and step.</summary>
internal sealed record GetDisconnection(DepartureId Departure) : IQuery<DisconnectionProgress>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.Manager, Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin).OfThatDeparture;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures/{departure}/disconnection", (DepartureId departure, ApiDoor door) =>
            door.AskAsync(new GetDisconnection(departure))).WithTags("Disconnection");

    internal sealed class Handler(DepartDb db, NewOwners owners, TimeProvider clock) : IHandler<GetDisconnection, DisconnectionProgress>
    {
        public async Task<Outcome<DisconnectionProgress>> HandleAsync(GetDisconnection query, CancellationToken cancellation)
        {
            var run = await db.Set<Disconnection>().Where(row => row.Departure == query.Departure && row.State != DisconnectionState.Withdrawn)
                .OrderByDescending(row => row.StartedAt).FirstOrDefaultAsync(cancellation);
            if (run is null || await db.Set<Departure>().FirstOrDefaultAsync(row => row.Id == query.Departure, cancellation) is not { } departure)
            {
                return Problem.NotFound(AccountsText.Disconnection);
            }

            var rows = await db.Set<Revocation>().Where(row => row.Disconnection == run.Id).ToListAsync(cancellation);
            var accountIds = rows.Select(row => row.Account).Distinct().ToList();
            var accounts = await db.Set<Account>().Where(account => accountIds.Contains(account.Id)).ToListAsync(cancellation);
            var systemIds = accounts.Select(account => account.System).Distinct().ToList();
            var systems = await db.Set<TargetSystem>().Where(system => systemIds.Contains(system.Id)).ToListAsync(cancellation);
            var names = systems.ToDictionary(system => system.Id, system => system.Name);
            var passing = systems.SelectMany(system => owners.Passing(system).Select(action => (system.Id, action))).ToHashSet();
            var now = clock.GetUtcNow();
            return new DisconnectionProgress(
                run.Id, departure.Id, departure.Person, run.Immediate, run.StartedAt, run.EndedAt, run.UndoneAt, departure.State,
                rows.Count(row => row.IsSettled), rows.Count, run.Unsearched,
                [.. accounts.OrderBy(account => names[account.System], StringComparer.OrdinalIgnoreCase).ThenBy(account => account.Login, StringComparer.Ordinal)
                    .Select(account => Show(account, names[account.System], [.. rows.Where(row => row.Account == account.Id)], row => passing.Contains((row.System, row.Action)), now))]);
        }

        private static AccountProgress Show(Account account, string system, List<Revocation> rows, Func<Revocation, bool> passesOn, DateTimeOffset now)
        {
            var verify = rows.FirstOrDefault(row => row.Action == OrderResolver.Verify);
            var residuals = verify?.ReportJson is { } json
                ? JsonSerializer.Deserialize<Verification>(json, ApiJson.Options)?.Residuals.Select(residual => residual.What.ToWords())
                : null;
            var proved = verify is { StateRead: AccountState.Disabled or AccountState.Absent };
            return new(
                account.Id, account.System, system, account.Login, Verdicts.Of([.. rows.Select(RevocationFacts.Step)], now),
                proved ? verify!.Proof : rows.Any(row => row.State == RevocationState.ByHand) ? ProofLevel.Attested : null,
                proved ? verify!.ResidualUntil : null,
                [.. residuals ?? []],
                [.. rows.OrderBy(row => row.Level).Select(row => new StepView(
                    row.Id, row.Action, row.Title, row.State, row.LastOutcome, row.Why, row.Attempts, row.Level, row.BlockedBy, row.SettledAt)
                {
                    NewOwner = row.NewOwner,
                    WantsNewOwner = row.State is RevocationState.Skipped or RevocationState.Failed && passesOn(row),
                })]);
        }
    }
}
