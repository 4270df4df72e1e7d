using Depart.Connectors;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step5Close.Accounts;

/// <summary>
/// Who takes what the leaver owns on one system. Kept with the departure, so that a cut that comes by itself knows it; by account and not by login, so that
/// one who is renamed meanwhile stays chosen, and one who takes over an old login is not.
/// </summary>
internal sealed class NewOwner : Versioned
{
    public DepartureId Departure { get; init; }

    public SystemId System { get; init; }

    public AccountId Account { get; private set; }

    public void Be(AccountId account)
    {
        Account = account;
        Touch();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<NewOwner>
    {
        public void Configure(EntityTypeBuilder<NewOwner> builder)
        {
            builder.ToTable("new_owners");
            builder.HasKey(owner => new { owner.Departure, owner.System });
            MapVersion(builder);
        }
    }
}

/// <summary>A choice as it stands now.</summary>
/// <param name="System">Where.</param>
/// <param name="Account">Who was chosen, as last read.</param>
/// <param name="Lapsed">Why that account can no longer take over, or null.</param>
internal sealed record ChosenOwner(TargetSystem System, Account Account, Words? Lapsed)
{
    /// <summary>The login that takes over, or null when it can no longer.</summary>
    public string? Login => Lapsed is null ? Account.Login : null;
}

/// <summary>The rules of taking over: who may, and what was chosen.</summary>
internal sealed class NewOwners(DepartDb db, Connections connections)
{
    /// <summary>Nobody was named.</summary>
    public static readonly Words Nobody = new(
        "No new owner was named: what the account owns stays as it is.", "Aucun nouveau propriétaire n’est désigné : ce que le compte possède reste en l’état.");

    private static readonly Words NoSuchSystem = new("There is no system “{0}”.", "Aucun système « {0} ».");
    private static readonly Words NothingOwned = new(
        "On {0} nothing is passed on: no account to take over can be named there.", "Sur {0}, rien ne se transmet : aucun nouveau propriétaire ne peut y être désigné.");
    private static readonly Words Unknown = new(
        "No account “{0}” is known on {1}. Check the spelling, or read the system again.", "Aucun compte « {0} » n’est connu sur {1}. Vérifiez l’orthographe, ou interrogez de nouveau le système.");
    private static readonly Words Gone = new("The account {0} no longer exists on {1}.", "Le compte {0} n’existe plus sur {1}.");
    private static readonly Words Theirs = new(
        "{0} on {1} belongs, or may belong, to the person who leaves: choose somebody else’s account.",
        "{0} sur {1} est, ou peut être, à la personne qui part : choisissez le compte de quelqu’un d’autre.");
    private static readonly Words Protected = new(
        "{0} is protected on {1}: Depart never touches it, and gives it nothing either. Choose another account.",
        "{0} est protégé sur {1} : Départ n’y touche jamais, et ne lui transmet rien non plus. Choisissez un autre compte.");
    private static readonly Words Closed = new(
        "The account {0} is closed on {1}: choose one that is in use.", "Le compte {0} est fermé sur {1} : choisissez-en un qui sert.");

    /// <summary>The actions that pass on what an account owns there; none when nothing can be passed on.</summary>
    public IReadOnlySet<string> Passing(TargetSystem system)
    {
        try
        {
            return connections.Of(system).Actions.Where(action => action.NeedsNewOwner).Select(action => action.Key).ToHashSet(StringComparer.Ordinal);
        }
        catch (InvalidOperationException)
        {
            // Its settings cannot be used any more.
            return new HashSet<string>();
        }
    }

    /// <summary>What was chosen for a departure, with other choices laid over it that are not kept; in a command, what it has just chosen too.</summary>
    public async Task<Outcome<IReadOnlyDictionary<SystemId, ChosenOwner>>> OfAsync(
        PersonId leaver, DepartureId? departure, IReadOnlyDictionary<string, string>? instead, CancellationToken cancellation)
    {
        var kept = departure is null ? [] : await db.Set<NewOwner>().Where(owner => owner.Departure == departure).ToListAsync(cancellation);
        var chosen = kept.Concat(db.AtHand<NewOwner>().Where(owner => owner.Departure == departure)).DistinctBy(owner => owner.System)
            .Where(owner => db.Entry(owner).State != EntityState.Deleted).ToDictionary(owner => owner.System, owner => owner.Account);
        var systemIds = chosen.Keys.ToList();
        var accountIds = chosen.Values.ToList();
        var systems = await db.Set<TargetSystem>().Where(system => systemIds.Contains(system.Id) && system.RemovedAt == null).ToDictionaryAsync(system => system.Id, cancellation);
        var accounts = await db.Set<Account>().Where(account => accountIds.Contains(account.Id)).ToDictionaryAsync(account => account.Id, cancellation);
        var standing = new Dictionary<SystemId, ChosenOwner>();
        foreach (var (system, id) in chosen.Where(choice => systems.ContainsKey(choice.Key) && accounts.ContainsKey(choice.Value)))
        {
            standing[system] = new(systems[system], accounts[id], await RefusalAsync(leaver, systems[system], accounts[id], cancellation));
        }

        foreach (var (name, login) in instead ?? new Dictionary<string, string>())
        {
            var choice = await ReadAsync(leaver, name, login, cancellation);
            if (!choice.Ok)
            {
                return choice.Problem;
            }

            standing.Remove(choice.Value.System.Id);
            if (choice.Value.Account is { } account)
            {
                standing[choice.Value.System.Id] = new(choice.Value.System, account, null);
            }
        }

        return standing;
    }

    /// <summary>
    /// Keeps choices with a departure: systems that are not named keep theirs, an empty login withdraws one. A cut that is prepared and has not begun follows at once.
    /// Gives what changed.
    /// </summary>
    public async Task<Outcome<IReadOnlyList<ChosenChange>>> ChooseAsync(Departure departure, IReadOnlyDictionary<string, string> choices, CancellationToken cancellation)
    {
        var (changes, wrong) = (new List<ChosenChange>(), new List<Problem>());
        foreach (var (name, login) in choices)
        {
            var choice = await ReadAsync(departure.Person, name, login, cancellation);
            if (!choice.Ok)
            {
                wrong.Add(choice.Problem);
                continue;
            }

            var (system, account) = choice.Value;
            var kept = await db.FindAsync<NewOwner>([departure.Id, system.Id], cancellation);
            if (kept?.Account == account?.Id)
            {
                continue;
            }

            changes.Add(new(system.Id, account?.Login));
            switch (kept, account)
            {
                case (null, { } first):
                    var owner = new NewOwner { Departure = departure.Id, System = system.Id };
                    owner.Be(first.Id);
                    db.Add(owner);
                    break;
                case ({ } before, { } other):
                    before.Be(other.Id);
                    break;
                case ({ } before, null):
                    db.Remove(before);
                    break;
            }

            await FollowAsync(departure, system, account?.Login, cancellation);
        }

        return Problem.Several(wrong) is { } problem ? problem : changes;
    }

    private async Task FollowAsync(Departure departure, TargetSystem system, string? login, CancellationToken cancellation)
    {
        var passing = Passing(system).ToList();
        var rows = await db.Set<Revocation>().Where(row => row.System == system.Id && passing.Contains(row.Action)
            && db.Set<Disconnection>().Any(run => run.Id == row.Disconnection && run.Departure == departure.Id && run.State == DisconnectionState.Prepared)).ToListAsync(cancellation);
        rows.ForEach(row => row.PassTo(login, login is null ? Nobody : null));
    }

    /// <summary>Reads one choice: a system by its name or identifier, and a login there; empty for none.</summary>
    public async Task<Outcome<(TargetSystem System, Account? Account)>> ReadAsync(PersonId leaver, string name, string login, CancellationToken cancellation)
    {
        var field = $"{nameof(NewOwners)}.{name}";
        var known = await db.Set<TargetSystem>().Where(system => system.RemovedAt == null).ToListAsync(cancellation);
        var found = known.Find(system => SystemId.TryParse(name, out var id) ? system.Id == id : string.Equals(system.Name, name.Trim(), StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            return Problem.Invalid(field, "system-unknown", NoSuchSystem.With(name));
        }

        if (Passing(found).Count == 0)
        {
            return Problem.Invalid(field, "nothing-passed-on", NothingOwned.With(found.Name));
        }

        var wanted = login.Trim();
        if (wanted.Length == 0)
        {
            return (found, null);
        }

        var account = await db.Set<Account>().Where(account => account.System == found.Id && account.Login == wanted)
            .OrderBy(account => account.State == AccountState.Absent).FirstOrDefaultAsync(cancellation);
        if (account is null)
        {
            return Problem.Invalid(field, "account-unknown", Unknown.With(wanted, found.Name));
        }

        return await RefusalAsync(leaver, found, account, cancellation) is { } refusal
            ? Problem.Invalid(field, "cannot-take-over", refusal)
            : (found, account);
    }

    /// <summary>Why an account cannot take over, or null.</summary>
    private async Task<Words?> RefusalAsync(PersonId leaver, TargetSystem system, Account account, CancellationToken cancellation) => account switch
    {
        { State: AccountState.Absent } => Gone.With(account.Login, system.Name),
        _ when account.Person == leaver
            || await db.Set<AccountCandidate>().AnyAsync(candidate => candidate.Account == account.Id && candidate.Person == leaver && !candidate.Refused, cancellation) =>
            Theirs.With(account.Login, system.Name),
        _ when system.Protects(account.Login) => Protected.With(account.Login, system.Name),
        { State: AccountState.Disabled } => Closed.With(account.Login, system.Name),
        _ => null,
    };
}

/// <summary>One choice that is new.</summary>
/// <param name="System">Where.</param>
/// <param name="Login">Who takes over, or null when nobody does any more.</param>
internal sealed record ChosenChange(SystemId System, string? Login);
