using Depart.Connectors;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>A read begins; false when a person asked to stop before.</summary>
internal sealed record BeginDiscovery(DiscoveryId Discovery, Guid Reading) : ICommand<bool>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<BeginDiscovery, bool>
    {
        public async Task<Outcome<bool>> HandleAsync(BeginDiscovery command, CancellationToken cancellation)
        {
            var run = await db.Set<Discovery>().FirstAsync(known => known.Id == command.Discovery, cancellation);
            if (run.IsOver || run.CancelAsked)
            {
                return false;
            }

            run.Begin(command.Reading, clock.GetUtcNow());
            journal.Record(DiscoveryFacts.Of(run, "discovery.started", new() { ["reading"] = command.Reading }));
            return true;
        }
    }
}

/// <summary>
/// Records some accounts of a read, 500 at most, in one transaction: what they are, whose they are, and the progress. False when a person asked
/// to stop.
/// </summary>
internal sealed record RecordDiscovered(DiscoveryId Discovery, Guid Reading, IReadOnlyList<AccountRecord> Records, PeopleIndex People) : ICommand<bool>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<RecordDiscovered, bool>
    {
        private readonly List<string> matches = [];
        private readonly List<string> states = [];

        public async Task<Outcome<bool>> HandleAsync(RecordDiscovered command, CancellationToken cancellation)
        {
            var run = await db.Set<Discovery>().FirstAsync(known => known.Id == command.Discovery, cancellation);
            if (run.IsOver || run.CancelAsked || run.Reading != command.Reading)
            {
                return false;
            }

            var externals = command.Records.Select(record => record.Id).ToList();
            var known = await db.Set<Account>().Where(account => account.System == run.System && externals.Contains(account.ExternalId))
                .ToDictionaryAsync(account => account.ExternalId, StringComparer.Ordinal, cancellation);
            var ids = known.Values.Select(account => account.Id).ToList();
            var candidates = (await db.Set<AccountCandidate>().Where(candidate => ids.Contains(candidate.Account)).ToListAsync(cancellation))
                .ToLookup(candidate => candidate.Account);
            var now = clock.GetUtcNow();
            var (seen, fresh) = (new List<Account>(command.Records.Count), 0);
            foreach (var record in command.Records)
            {
                if (!known.TryGetValue(record.Id, out var account))
                {
                    account = new() { System = run.System, ExternalId = record.Id, Login = record.Login };
                    known[record.Id] = account;
                    db.Add(account);
                    fresh++;
                }
                else if (account.SeenIn == command.Reading)
                {
                    // Some systems give an account on two pages.
                    continue;
                }

                Take(account, record, [.. candidates[account.Id]], command, now);
                seen.Add(account);
            }

            run.Saw(seen, fresh);
            if (fresh > 0 || matches.Count > 0 || states.Count > 0)
            {
                journal.Record(DiscoveryFacts.Of(run, "accounts.read", new()
                {
                    ["read"] = seen.Count,
                    ["new"] = fresh,
                    ["matches"] = string.Join(' ', matches),
                    ["states"] = string.Join(' ', states),
                }));
            }

            return true;
        }

        private void Take(Account account, AccountRecord record, List<AccountCandidate> candidates, RecordDiscovered command, DateTimeOffset now)
        {
            var before = account.FirstSeenAt == default ? (AccountState?)null : account.State;
            account.Take(record, now, command.Reading);
            if (before is not null && before != account.State)
            {
                states.Add($"{account.Id}:{before}>{account.State}");
            }

            // A service account is nobody's own, whatever mail it bears: cutting it with a person would stop what it runs.
            var refused = candidates.Where(candidate => candidate.Refused).Select(candidate => candidate.Person).ToHashSet();
            var judged = command.People.Judge(record, refused);
            if (account.Service)
            {
                account.BeService(judged.Candidates.Count == 0 ? judged.Person : null);
                judged = Judgement.Nobody;
            }

            if (account.Judge(judged.Person, judged.Match))
            {
                matches.Add($"{account.Id}:{account.Match}:{account.Person}");
            }

            Propose(account, account.Standing == AccountStanding.Doubtful ? judged.Candidates : [], candidates);
        }

        /// <summary>Keeps who it may be; those refused stay refused.</summary>
        private void Propose(Account account, IReadOnlyList<(PersonId Person, MatchKind Match)> proposed, List<AccountCandidate> known)
        {
            db.RemoveRange(known.Where(candidate => !candidate.Refused && !proposed.Any(other => other.Person == candidate.Person)));
            foreach (var (person, match) in proposed)
            {
                if (known.Find(candidate => candidate.Person == person) is { } already)
                {
                    already.Match = match;
                }
                else
                {
                    db.Add(new AccountCandidate { Account = account.Id, Person = person, Match = match });
                }
            }
        }
    }
}

/// <summary>
/// A read ended. Only one that reached its end marks what it did not see as gone, and only if that is not too much at once; a person says
/// otherwise. Then service accounts get their responsible from the system.
/// </summary>
internal sealed record EndDiscovery(DiscoveryId Discovery, DiscoveryState State, Words? Why) : ICommand<bool>
{
    private static readonly Words TooMany = new(
        "Accounts not seen any more: {0} of {1}. That is unusual: nothing was marked. Check that Depart may still read everything there, then confirm.",
        "Comptes qui n’ont plus été vus : {0} sur {1}. C’est inhabituel : rien n’a été marqué. Vérifiez que Départ peut encore tout y lire, puis confirmez.");

    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<EndDiscovery, bool>
    {
        public async Task<Outcome<bool>> HandleAsync(EndDiscovery command, CancellationToken cancellation)
        {
            var run = await db.Set<Discovery>().FirstAsync(known => known.Id == command.Discovery, cancellation);
            if (run.IsOver)
            {
                return false;
            }

            var (state, why, now) = (command.State, command.Why, clock.GetUtcNow());
            if (state == DiscoveryState.Done)
            {
                var known = await db.Set<Account>().CountAsync(account => account.System == run.System && account.State != AccountState.Absent, cancellation);
                var limit = Math.Max(Accounts.Discovery.AlwaysMarked, known / 5);
                var lost = await Vanished.MarkAsync(db, run, limit, journal, now, cancellation);
                if (lost > limit)
                {
                    (state, why) = (DiscoveryState.ToConfirm, TooMany.With(lost, known));
                }

                await NameResponsibleAsync(run.System, cancellation);
            }

            var zombies = await Zombies.Of(db, db.Set<Account>().Where(account => account.System == run.System), now).CountAsync(cancellation);
            run.End(state, zombies, why, now);
            journal.Record(DiscoveryFacts.Of(run, "discovery.ended", new()
            {
                ["state"] = state.ToString(),
                ["why"] = why?.En,
                ["read"] = run.Read,
                ["new"] = run.New,
                ["matched"] = run.Matched,
                ["doubtful"] = run.Doubtful,
                ["orphan"] = run.Orphan,
                ["zombie"] = zombies,
                ["vanished"] = run.Vanished,
            }));
            return true;
        }

        /// <summary>The account that the system says is responsible, when it is surely somebody's.</summary>
        private async Task NameResponsibleAsync(SystemId system, CancellationToken cancellation)
        {
            var services = await db.Set<Account>().Where(account => account.System == system && account.Standing == AccountStanding.Service
                && account.OwnedBy != null && account.Responsible == null && !account.Declared).OrderBy(account => account.Place).Take(5000).ToListAsync(cancellation);
            foreach (var chunk in services.Chunk(DiscoveryRunner.Chunk))
            {
                var owners = chunk.Select(service => service.OwnedBy!).Distinct(StringComparer.Ordinal).ToList();
                var found = await db.Set<Account>().AsNoTracking().Where(account => account.System == system && account.Standing == AccountStanding.Matched
                    && (owners.Contains(account.ExternalId) || owners.Contains(account.Login))).ToListAsync(cancellation);
                foreach (var service in chunk)
                {
                    if (found.Find(owner => owner.ExternalId == service.OwnedBy || owner.Login == service.OwnedBy) is { Person: { } person })
                    {
                        service.BeService(person);
                    }
                }
            }
        }
    }
}

/// <summary>Accounts that a complete read did not see any more.</summary>
internal static class Vanished
{
    /// <summary>Counts them, and marks them gone unless they are more than the limit. Gives how many there are.</summary>
    public static async Task<int> MarkAsync(DepartDb db, Discovery run, int limit, IJournal journal, DateTimeOffset now, CancellationToken cancellation)
    {
        // What a search for one person saw since the start is there, whatever the read says.
        var started = run.StartedAt ?? run.RequestedAt;
        var lost = db.Set<Account>().Where(account => account.System == run.System && !account.ByHand && account.State != AccountState.Absent
            && (account.SeenIn == null || account.SeenIn != run.Reading) && account.SeenAt < started);
        var count = await lost.CountAsync(cancellation);
        run.Lost(count - run.Vanished);
        if (count > limit)
        {
            return count;
        }

        var gone = new List<Account>();
        foreach (var account in await lost.ToListAsync(cancellation))
        {
            account.Vanish(now);
            gone.Add(account);
        }

        foreach (var chunk in gone.Chunk(DiscoveryRunner.Chunk))
        {
            journal.Record(DiscoveryFacts.Of(run, "accounts.vanished", new()
            {
                ["accounts"] = string.Join(' ', chunk.Select(account => account.Id)),
            }));
        }

        return count;
    }
}

/// <summary>Accounts that still open for someone who is gone.</summary>
internal static class Zombies
{
    /// <summary>
    /// Those, among accounts, that are surely somebody's, enabled, and whose person has missions but none that runs: every one has passed its end
    /// date or was ended by a departure.
    /// </summary>
    public static IQueryable<Account> Of(DepartDb db, IQueryable<Account> accounts, DateTimeOffset now)
    {
        var gone = Gone(db, now);
        return accounts.Where(account => account.Standing == AccountStanding.Matched && account.State == AccountState.Enabled && gone.Any(person => person == account.Person));
    }

    /// <summary>People who had missions and have none that runs.</summary>
    public static IQueryable<PersonId> Gone(DepartDb db, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, LocalInstant.FindZone(Departures.Departure.DefaultZone)!).DateTime);
        var running = db.Set<Mission>().Where(mission => (mission.End == null || mission.End >= today)
            && !db.Set<Departures.Departure>().Any(departure => departure.Mission == mission.Id && departure.Person == mission.Person
                && (departure.State == Departures.DepartureState.Cut || departure.State == Departures.DepartureState.NeedsAttention
                    || departure.State == Departures.DepartureState.Closed)));
        return db.Set<Mission>().Where(mission => !running.Any(other => other.Person == mission.Person)).Select(mission => mission.Person);
    }
}
