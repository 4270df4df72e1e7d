using Depart.Connectors;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>One step of the plan, for people.</summary>
public sealed record PlannedStep(
    string Key, AccountId Account, SystemId System, string Action, Words Title, Words Effect, Words? NotRestored, bool ByHand, int Level,
    IReadOnlyList<PlannedWait> Waits)
{
    /// <summary>It passes on what the account owns; to whom is in <see cref="NewOwner"/>.</summary>
    public bool PassesOn { get; init; }

    /// <summary>The login that takes over, or null.</summary>
    public string? NewOwner { get; init; }

    /// <summary>Nothing will be changed by it, and why; what stays is only looked at and named.</summary>
    public Words? LeftOut { get; init; }

    /// <summary>What stays with the account, as its system says now; null when it was not asked.</summary>
    public Words? Stays { get; init; }
}

/// <summary>What a step waits for, and why.</summary>
public sealed record PlannedWait(string Key, bool Hard, Words Reason);

/// <summary>One account of the plan.</summary>
public sealed record PlannedAccount(
    AccountId Id, SystemId System, string SystemName, string Connector, string Login, string? DisplayName, AccountState State, bool Privileged, MatchKind Match)
{
    /// <summary>Why it is not touched, or null when it is.</summary>
    public Words? Untouched { get; init; }
}

/// <summary>The plan of a disconnection: shown first, then run as shown.</summary>
public sealed record DisconnectionPlan(
    PersonId Person, bool Immediate, IReadOnlyList<PlannedAccount> Accounts, IReadOnlyList<PlannedStep> Steps, IReadOnlyList<string> Cycle)
{
    /// <summary>Systems where what the leaver owns can pass to somebody else.</summary>
    public IReadOnlyList<PlannedHandover> Handovers { get; init; } = [];

    /// <summary>Systems that could not be searched just now: accounts there may be missing from the plan.</summary>
    public IReadOnlyList<UnreachedSystem> Unreached { get; init; } = [];
}

/// <summary>Who takes over on one system.</summary>
/// <param name="System">Where.</param>
/// <param name="SystemName">Its name.</param>
/// <param name="NewOwner">The login chosen, or null when nobody was.</param>
/// <param name="Lapsed">Why the one chosen can no longer take over, or null.</param>
public sealed record PlannedHandover(SystemId System, string SystemName, string? NewOwner, Words? Lapsed);

/// <summary>A system that did not answer the search.</summary>
public sealed record UnreachedSystem(SystemId System, string Name, Words Why);

/// <summary>Builds the plan from rows alone: what is shown is what is run.</summary>
internal sealed class Planner(DepartDb db, Connections connections, NewOwners owners)
{
    private static readonly Words SnapshotTitle = new("Record the account as it is", "Relever l’état du compte");
    private static readonly Words SnapshotEffect = new("Reads everything needed to give access back; changes nothing.", "Lit tout ce qu’il faut pour rétablir l’accès ; ne modifie rien.");
    private static readonly Words VerifyTitle = new("Verify that access is closed", "Vérifier que l’accès est fermé");
    private static readonly Words VerifyEffect = new("Reads the account again and, where the system allows, tries to sign in.", "Relit le compte et, si le système le permet, tente de s’y connecter.");
    private static readonly Words Protected = new("Protected account: never touched by Depart.", "Compte protégé : jamais modifié par Départ.");
    private static readonly Words NotSure = new("Only the name agrees: confirm whose account it is first.", "Seul le nom concorde : confirmez d’abord à qui est ce compte.");
    private static readonly Words Lapsed = new(
        "The new owner who was chosen can no longer take over: what the account owns stays as it is.",
        "Le nouveau propriétaire choisi ne peut plus rien recevoir : ce que le compte possède reste en l’état.");

    private static readonly Words ByAdministrator = new("The administrator put {0} before {1}.", "L’administrateur a placé {0} avant {1}.");

    /// <summary>
    /// The plan for a person, from the accounts known. Who takes over is read from the departure, or from the person's running one; <paramref name="instead"/> stands
    /// for other choices (system, login) that are tried out: only those can be refused.
    /// </summary>
    public async Task<Outcome<DisconnectionPlan>> PlanAsync(
        PersonId person, bool immediate, CancellationToken cancellation, DepartureId? departure = null, IReadOnlyDictionary<string, string>? instead = null)
    {
        departure ??= await db.Set<Departure>().Where(row => row.Person == person && row.State != DepartureState.Closed && row.State != DepartureState.Cancelled)
            .OrderByDescending(row => row.OpenedAt).Select(row => (DepartureId?)row.Id).FirstOrDefaultAsync(cancellation);
        var chosen = await owners.OfAsync(person, departure, instead, cancellation);
        if (!chosen.Ok)
        {
            return chosen.Problem;
        }

        var accounts = await AccountQuery.OfPerson(db, person).ToListAsync(cancellation);
        var ids = accounts.Select(account => account.System).Distinct().ToList();
        var systems = await db.Set<TargetSystem>().Where(system => ids.Contains(system.Id)).ToDictionaryAsync(system => system.Id, cancellation);
        return Plan(person, immediate, accounts, systems, chosen.Value);
    }

    /// <summary>The plan from what was read; pure but for opening connectors, which only declare here.</summary>
    private DisconnectionPlan Plan(
        PersonId person, bool immediate, IReadOnlyList<Account> accounts, IReadOnlyDictionary<SystemId, TargetSystem> systems, IReadOnlyDictionary<SystemId, ChosenOwner> chosen)
    {
        var shown = accounts.OrderBy(account => systems[account.System].Name, StringComparer.OrdinalIgnoreCase).ThenBy(account => account.Login, StringComparer.Ordinal)
            .Select(account => Show(person, account, systems[account.System])).ToList();
        var nodes = new List<PlanNode>();
        var drafts = new Dictionary<string, PlannedStep>(StringComparer.Ordinal);
        foreach (var account in shown.Where(account => account.Untouched is null))
        {
            var connector = connections.Of(systems[account.System]);
            var owner = chosen.GetValueOrDefault(account.System);
            void Add(string action, Phase? phase, IReadOnlyList<ActionOrder> after, Words title, Words effect, Words? notRestored = null, bool byHand = false, bool passesOn = false)
            {
                var key = $"{account.Id}/{action}";
                nodes.Add(new(key, account.Id.ToString(), account.System, account.SystemName, account.Connector, action, phase, after));
                drafts[key] = new(key, account.Id, account.System, action, title, effect, notRestored, byHand, 0, [])
                {
                    PassesOn = passesOn,
                    NewOwner = passesOn ? owner?.Login : null,
                    LeftOut = !passesOn || owner?.Login is not null ? null : owner is null ? NewOwners.Nobody : Lapsed,
                };
            }

            var byHandOnly = connector.Actions.All(action => action.ByHand);
            if (!byHandOnly)
            {
                Add(OrderResolver.Snapshot, null, [], SnapshotTitle, SnapshotEffect);
            }

            foreach (var action in connector.Actions.Where(action => action.Phase is not (Phase.DeleteLater or Phase.Verify)))
            {
                Add(action.Key, action.Phase, action.After, action.Title.ToWords(), action.Effect.ToWords(), action.NotRestored?.ToWords(),
                    action.ByHand, action.NeedsNewOwner);
            }

            if (!byHandOnly)
            {
                Add(OrderResolver.Verify, null, [], VerifyTitle, VerifyEffect);
            }
        }

        var ordered = OrderResolver.Resolve(nodes, [.. SystemOrders(systems)], immediate);
        var waits = ordered.Edges.ToLookup(edge => edge.To, StringComparer.Ordinal);
        var steps = ordered.Levels.SelectMany((level, index) => level.Select(key => drafts[key] with
        {
            Level = index,
            Waits = [.. waits[key].Select(edge => new PlannedWait(edge.From, edge.Hard, edge.Reason))],
        }));
        var passing = drafts.Values.Where(step => step.PassesOn).Select(step => step.System).ToHashSet();
        return new(person, immediate, shown, [.. steps], ordered.Cycle)
        {
            Handovers = [.. shown.Where(account => passing.Contains(account.System)).DistinctBy(account => account.System).Select(account =>
                new PlannedHandover(account.System, account.SystemName, chosen.GetValueOrDefault(account.System)?.Account.Login, chosen.GetValueOrDefault(account.System)?.Lapsed))],
        };
    }

    private static PlannedAccount Show(PersonId person, Account account, TargetSystem system) => new(
        account.Id, system.Id, system.Name, system.Connector, account.Login, account.DisplayName, account.State, account.Privileged, account.Match)
    {
        Untouched = system.Protects(account.Login) ? Protected : account.IsSure && account.Person == person ? null : NotSure,
    };

    private IEnumerable<SystemEdge> SystemOrders(IReadOnlyDictionary<SystemId, TargetSystem> systems)
    {
        foreach (var system in systems.Values)
        {
            foreach (var before in system.AfterSystems.Select(SystemId.From).Where(systems.ContainsKey))
            {
                yield return new(before, system.Id, ByAdministrator.With(systems[before].Name, system.Name));
            }

            foreach (var order in connections.Of(system).Orders)
            {
                foreach (var first in systems.Values.Where(other => other.Connector == order.Before))
                {
                    foreach (var second in systems.Values.Where(other => other.Connector == order.After))
                    {
                        yield return new(first.Id, second.Id, order.Reason.ToWords());
                    }
                }
            }
        }
    }
}
