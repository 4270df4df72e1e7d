using System.Buffers.Text;
using System.Text;
using Depart.Connectors;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>The classes by which accounts are listed; each account is in one.</summary>
public enum AccountClass
{
    /// <summary>Surely somebody's, who is here.</summary>
    Matched,

    /// <summary>Perhaps somebody's: a person must say.</summary>
    Doubtful,

    /// <summary>Nobody's.</summary>
    Orphan,

    /// <summary>Of someone gone, and still enabled.</summary>
    Zombie,

    /// <summary>Nobody's, with power over its system.</summary>
    PrivilegedUnknown,

    /// <summary>A service account.</summary>
    Service,

    /// <summary>Left aside, with a reason.</summary>
    Ignored,

    /// <summary>Gone from its system.</summary>
    Absent,
}

/// <summary>Somebody whose an account is, or may be.</summary>
public sealed record AccountPerson(PersonId Id, string Name, string? Mail);

/// <summary>Somebody whose an account may be, and why.</summary>
public sealed record CandidateRow(PersonId Person, string Name, string? Mail, MatchKind Match, bool Refused);

/// <summary>An account, as listed.</summary>
public sealed record AccountRow(
    AccountId Id, SystemId System, string SystemName, string Login, string? DisplayName, string? Mail, string? Location, AccountState State, bool Privileged,
    AccountClass Class, MatchKind Match, AccountPerson? Person, long Version) : IVersioned
{
    /// <summary>Who answers for a service account.</summary>
    public AccountPerson? Responsible { get; init; }

    /// <summary>Its person, or who answers for it, is gone.</summary>
    public bool PersonGone { get; init; }

    /// <summary>Whose it may be, the strongest sign first.</summary>
    public IReadOnlyList<CandidateRow> Candidates { get; init; } = [];

    /// <summary>No plan and no call ever touches it.</summary>
    public bool Protected { get; init; }

    /// <summary>Recorded by a person, on a system that Depart cannot read.</summary>
    public bool ByHand { get; init; }

    /// <summary>Last sign-in that the system knows of, UTC; may lag.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>When it was last read, UTC.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>Why it is left aside, or a note.</summary>
    public string? Note { get; init; }
}

/// <summary>Which accounts.</summary>
/// <remarks>Search takes parts of login, name or mail, accents ignored.</remarks>
internal sealed record AccountFilter(SystemId? System = null, AccountClass? Class = null, AccountState? State = null, PersonId? Person = null, string? Search = null);

/// <summary>A filter as it stands in an address.</summary>
internal sealed record AccountWords
{
    public SystemId? System { get; init; }

    public Word<AccountClass>? Class { get; init; }

    public Word<AccountState>? State { get; init; }

    public PersonId? Person { get; init; }

    public string? Search { get; init; }

    /// <summary>A word that is not known, or null.</summary>
    public Problem? Refusal => Class?.Refusal("class") ?? State?.Refusal("state");

    /// <summary>The filter.</summary>
    public AccountFilter Filter => new(System, Class?.Value, State?.Value, Person, Search);
}

/// <summary>Accounts by login, a page at a time. 1 to 200 a page; the cursor is opaque and stays right when accounts come and go.</summary>
internal sealed record ListAccounts(AccountFilter Filter, string? After = null, int Size = 50) : IQuery<Page<AccountRow>>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/accounts", ([AsParameters] AccountWords words, string? after, int? size, ApiDoor door) =>
            words.Refusal is { } refusal ? Task.FromResult<IResult>(ApiDoor.Failed(refusal)) : door.AskAsync(new ListAccounts(words.Filter, after, size ?? 50))).WithTags("Accounts");
        api.MapGet("/accounts/{account}", (AccountId account, ApiDoor door) => door.AskAsync(new GetAccount(account))).WithTags("Accounts");
    }

    internal sealed class Handler(DepartDb db, AccountRows rows, TimeProvider clock) : IHandler<ListAccounts, Page<AccountRow>>
    {
        public async Task<Outcome<Page<AccountRow>>> HandleAsync(ListAccounts query, CancellationToken cancellation)
        {
            var size = Math.Clamp(query.Size, 1, 200);
            var accounts = AccountQuery.Of(db, query.Filter, clock.GetUtcNow());
            if (ReadCursor(query.After) is { } place)
            {
                accounts = accounts.Where(account => account.Place.CompareTo(place) > 0);
            }

            var found = await accounts.OrderBy(account => account.Place).Take(size + 1).ToListAsync(cancellation);
            return new Page<AccountRow>(
                await rows.ShowAsync([.. found.Take(size)], cancellation),
                found.Count > size ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(found[size - 1].Place)) : null);
        }

        private static string? ReadCursor(string? cursor)
        {
            if (string.IsNullOrEmpty(cursor) || !Base64Url.IsValid(cursor))
            {
                return null;
            }

            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        }
    }
}

/// <summary>One account with everyone it may be.</summary>
internal sealed record GetAccount(AccountId Account) : IQuery<AccountRow>
{
    public static Access Access => ListAccounts.Access;

    internal sealed class Handler(DepartDb db, AccountRows rows) : IHandler<GetAccount, AccountRow>
    {
        public async Task<Outcome<AccountRow>> HandleAsync(GetAccount query, CancellationToken cancellation)
        {
            var found = await AccountQuery.Connected(db).Where(account => account.Id == query.Account).ToListAsync(cancellation);
            return found.Count == 1 ? (await rows.ShowAsync(found, cancellation))[0] : Problem.NotFound(AccountsText.Account);
        }
    }
}

/// <summary>How many accounts there are in each class; the filter's own class does not count.</summary>
internal sealed record CountAccounts(AccountFilter Filter) : IQuery<IReadOnlyDictionary<AccountClass, int>>, IRouted, IKeptWhenSlow
{
    public static Access Access => ListAccounts.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/accounts/counts", ([AsParameters] AccountWords words, ApiDoor door) =>
            words.Refusal is { } refusal ? Task.FromResult<IResult>(ApiDoor.Failed(refusal)) : door.AskAsync(new CountAccounts(words.Filter))).WithTags("Accounts");

    internal sealed class Handler(DepartDb db, TimeProvider clock) : IHandler<CountAccounts, IReadOnlyDictionary<AccountClass, int>>
    {
        public async Task<Outcome<IReadOnlyDictionary<AccountClass, int>>> HandleAsync(CountAccounts query, CancellationToken cancellation)
        {
            var accounts = AccountQuery.Of(db, query.Filter with { Class = null }, clock.GetUtcNow());
            var standings = await accounts.GroupBy(account => account.Standing).Select(group => new { group.Key, Count = group.Count() })
                .ToDictionaryAsync(pair => pair.Key, pair => pair.Count, cancellation);
            var zombies = await Zombies.Of(db, accounts, clock.GetUtcNow()).CountAsync(cancellation);
            var counts = Enum.GetValues<AccountClass>().ToDictionary(each => each, each => AccountQuery.Standing(each) is { } standing ? standings.GetValueOrDefault(standing) : 0);
            counts[AccountClass.Matched] -= zombies;
            counts[AccountClass.Zombie] = zombies;
            return counts;
        }
    }
}

/// <summary>Filters as queries.</summary>
internal static class AccountQuery
{
    /// <summary>Accounts of the systems that are connected now.</summary>
    public static IQueryable<Account> Connected(DepartDb db) =>
        db.Set<Account>().Where(account => db.Set<TargetSystem>().Any(system => system.Id == account.System && system.RemovedAt == null));

    /// <summary>Accounts surely or perhaps a person's, those recorded by name alone or with several candidates included.</summary>
    public static IQueryable<Account> OfPerson(DepartDb db, PersonId person) => Connected(db).Where(account => account.Person == person
        || (account.Standing == AccountStanding.Doubtful
            && db.Set<AccountCandidate>().Any(candidate => candidate.Account == account.Id && candidate.Person == person && !candidate.Refused)));

    /// <summary>The accounts of a filter.</summary>
    public static IQueryable<Account> Of(DepartDb db, AccountFilter filter, DateTimeOffset now)
    {
        var accounts = filter.Person is { } person
            ? Connected(db).Where(account => account.Responsible == person || OfPerson(db, person).Any(other => other.Id == account.Id))
            : Connected(db);
        if (filter.System is { } system)
        {
            accounts = accounts.Where(account => account.System == system);
        }

        if (filter.State is { } state)
        {
            accounts = accounts.Where(account => account.State == state);
        }

        foreach (var word in SearchText.Of(filter.Search).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            accounts = accounts.Where(account => account.SearchName.Contains(word));
        }

        if (filter.Class == AccountClass.Zombie)
        {
            return Zombies.Of(db, accounts, now);
        }

        if (filter.Class is not { } wanted)
        {
            return accounts;
        }

        var standing = Standing(wanted);
        accounts = accounts.Where(account => account.Standing == standing);
        return wanted == AccountClass.Matched
            ? accounts.Where(account => account.State != AccountState.Enabled || !Zombies.Gone(db, now).Any(gone => gone == account.Person))
            : accounts;
    }

    /// <summary>The standing that a class is made of; none for zombies, which are matched.</summary>
    public static AccountStanding? Standing(AccountClass of) => of switch
    {
        AccountClass.Matched => AccountStanding.Matched,
        AccountClass.Doubtful => AccountStanding.Doubtful,
        AccountClass.Orphan => AccountStanding.Orphan,
        AccountClass.PrivilegedUnknown => AccountStanding.PrivilegedUnknown,
        AccountClass.Service => AccountStanding.Service,
        AccountClass.Ignored => AccountStanding.Ignored,
        AccountClass.Absent => AccountStanding.Absent,
        _ => null,
    };
}

/// <summary>Accounts as they are shown, with whose they are and on which system.</summary>
internal sealed class AccountRows(DepartDb db, TimeProvider clock)
{
    /// <summary>Some accounts, in the order given.</summary>
    public async Task<IReadOnlyList<AccountRow>> ShowAsync(IReadOnlyList<Account> accounts, CancellationToken cancellation)
    {
        var ids = accounts.Select(account => account.Id).ToList();
        var candidates = (await db.Set<AccountCandidate>().AsNoTracking().Where(candidate => ids.Contains(candidate.Account)).ToListAsync(cancellation))
            .ToLookup(candidate => candidate.Account);
        var wanted = accounts.SelectMany(account => new[] { account.Person, account.Responsible }).OfType<PersonId>()
            .Concat(candidates.SelectMany(group => group).Select(candidate => candidate.Person)).Distinct().ToList();
        var people = (await db.Set<Person>().AsNoTracking().Where(person => wanted.Contains(person.Id))
            .Select(person => new { person.Id, person.GivenName, person.FamilyName, person.Mails }).ToListAsync(cancellation))
            .ToDictionary(person => person.Id, person => new AccountPerson(person.Id, $"{person.GivenName} {person.FamilyName}", person.Mails.Count > 0 ? person.Mails[0] : null));
        var gone = (await Zombies.Gone(db, clock.GetUtcNow()).Where(person => wanted.Contains(person)).Distinct().ToListAsync(cancellation)).ToHashSet();
        var systemIds = accounts.Select(account => account.System).Distinct().ToList();
        var systems = await db.Set<TargetSystem>().AsNoTracking().Where(system => systemIds.Contains(system.Id)).ToDictionaryAsync(system => system.Id, cancellation);
        return [.. accounts.Select(account => Show(account, systems[account.System], people, gone, [.. candidates[account.Id]]))];
    }

    private static AccountRow Show(
        Account account, TargetSystem system, Dictionary<PersonId, AccountPerson> people, HashSet<PersonId> gone, List<AccountCandidate> candidates)
    {
        var isGone = (account.Person ?? account.Responsible) is { } person && gone.Contains(person);
        return new(
            account.Id, account.System, system.Name, account.Login, account.DisplayName, account.Mail, account.Location, account.State, account.Privileged,
            Class(account, isGone), account.Match, Find(people, account.Person), account.Version)
        {
            Responsible = Find(people, account.Responsible),
            PersonGone = isGone,
            Candidates = [.. candidates.Where(candidate => people.ContainsKey(candidate.Person)).OrderBy(candidate => candidate.Refused)
                .ThenByDescending(candidate => candidate.Match).Select(candidate => new CandidateRow(
                    candidate.Person, people[candidate.Person].Name, people[candidate.Person].Mail, candidate.Match, candidate.Refused))],
            Protected = system.Protects(account.Login),
            ByHand = account.ByHand,
            LastUsed = account.LastUsed,
            SeenAt = account.SeenAt,
            Note = account.Note,
        };
    }

    private static AccountPerson? Find(Dictionary<PersonId, AccountPerson> people, PersonId? id) => id is { } known ? people.GetValueOrDefault(known) : null;

    private static AccountClass Class(Account account, bool gone) => account.Standing switch
    {
        AccountStanding.Matched when gone && account.State == AccountState.Enabled => AccountClass.Zombie,
        AccountStanding.Matched => AccountClass.Matched,
        AccountStanding.Doubtful => AccountClass.Doubtful,
        AccountStanding.PrivilegedUnknown => AccountClass.PrivilegedUnknown,
        AccountStanding.Service => AccountClass.Service,
        AccountStanding.Ignored => AccountClass.Ignored,
        AccountStanding.Absent => AccountClass.Absent,
        _ => AccountClass.Orphan,
    };
}
