using Depart.Connectors;
using Depart.Foundation;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step5Close.Accounts;

/// <summary>Identifies an account on a target system.</summary>
public readonly record struct AccountId(Guid Value) : IIdentifier<AccountId>
{
    /// <summary>Wraps a UUID.</summary>
    public static AccountId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out AccountId id) => IIdentifier<AccountId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>Why an account is thought to be a person's; from <see cref="Login"/> on it is sure enough to be cut.</summary>
public enum MatchKind
{
    /// <summary>Nobody's.</summary>
    None,

    /// <summary>The signs point at several people: a person must say; never cut before.</summary>
    Several,

    /// <summary>Only the name agrees: a person must confirm; never cut before.</summary>
    Name,

    /// <summary>A login of the record.</summary>
    Login,

    /// <summary>An e-mail address of the record.</summary>
    Mail,

    /// <summary>The employee number.</summary>
    EmployeeNumber,

    /// <summary>Said by a person.</summary>
    Confirmed,
}

/// <summary>Where an account stands, as far as it can be told from the account alone: whether someone is gone changes with time.</summary>
public enum AccountStanding
{
    /// <summary>Nobody's.</summary>
    Orphan,

    /// <summary>Nobody's, and it holds power over the system.</summary>
    PrivilegedUnknown,

    /// <summary>Perhaps somebody's: a person must say.</summary>
    Doubtful,

    /// <summary>Somebody's.</summary>
    Matched,

    /// <summary>A service account.</summary>
    Service,

    /// <summary>Left aside by a person, with a reason.</summary>
    Ignored,

    /// <summary>Gone from its system.</summary>
    Absent,
}

/// <summary>An account on a target system, as last read.</summary>
internal sealed class Account : Versioned
{
    private AccountState state;

    public AccountId Id { get; private init; } = IIdentifier<AccountId>.New();

    public required SystemId System { get; init; }

    /// <summary>The system's own immutable identifier; for one recorded by hand, its login.</summary>
    public required string ExternalId { get; init; }

    public required string Login { get; set; }

    public string? DisplayName { get; set; }

    public string? Mail { get; set; }

    public string? Location { get; set; }

    public AccountState State
    {
        get => state;
        set
        {
            state = value;
            Stand();
        }
    }

    public bool Privileged { get; set; }

    public bool Service { get; set; }

    /// <summary>Recorded by a person, on a system that Depart cannot read.</summary>
    public bool ByHand { get; init; }

    /// <summary>Whose it is; with a match that is not sure, whose it may be when there is only one candidate.</summary>
    public PersonId? Person { get; private set; }

    public MatchKind Match { get; private set; }

    /// <summary>Who answers for a service account.</summary>
    public PersonId? Responsible { get; private set; }

    /// <summary>A person said that it is a service account, or that it is none: reads no longer decide it.</summary>
    public bool Declared { get; private set; }

    /// <summary>The account said by the system to be responsible for this one: a login or an identifier there.</summary>
    public string? OwnedBy { get; private set; }

    /// <summary>Last sign-in that the system knows of, UTC; may lag.</summary>
    public DateTimeOffset? LastUsed { get; private set; }

    /// <summary>Left aside by a person.</summary>
    public bool Ignored { get; private set; }

    /// <summary>Why, in that person's words; or a note of whoever recorded it by hand.</summary>
    public string? Note { get; private set; }

    /// <summary>Where it stands; kept beside what it follows from, so that lists need no thinking.</summary>
    public AccountStanding Standing { get; private set; }

    /// <summary>The reading that saw it last.</summary>
    public Guid? SeenIn { get; private set; }

    /// <summary>When it was first known, UTC.</summary>
    public DateTimeOffset FirstSeenAt { get; private set; }

    /// <summary>When it was last read, UTC.</summary>
    public DateTimeOffset SeenAt { get; set; }

    /// <summary>Login, name and mail without accents and case, for search.</summary>
    public string SearchName { get; private set; } = "";

    /// <summary>Its place in lists: login without accents and case, then the identifier. Unique.</summary>
    public string Place { get; private set; } = "";

    /// <summary>Sure enough to be cut.</summary>
    public bool IsSure => Person is not null && Match > MatchKind.Name;

    /// <summary>Takes what was read; what a person said stays. True when something of it changed.</summary>
    public bool Take(AccountRecord record, DateTimeOffset now, Guid? reading = null)
    {
        var mail = record.Mails.Count > 0 ? record.Mails[0] : null;
        var changed = (Login, DisplayName, Mail, Location, State, Privileged, OwnedBy)
            != (record.Login, record.DisplayName, mail, record.Location, record.State, record.Privileged, record.OwnedBy)
            || (!Declared && Service != record.Service);
        (Login, DisplayName, Mail, Location, OwnedBy) = (record.Login, record.DisplayName, mail, record.Location, record.OwnedBy);
        (state, Privileged, SeenAt, LastUsed) = (record.State, record.Privileged, now, record.LastUsed ?? LastUsed);
        Service = Declared ? Service : record.Service;
        SeenIn = reading ?? SeenIn;
        FirstSeenAt = FirstSeenAt == default ? now : FirstSeenAt;
        Name();
        Stand();
        if (changed)
        {
            Touch();
        }

        return changed;
    }

    /// <summary>Says whose it is after a search for one person; a weaker reason never replaces a stronger one.</summary>
    public void MatchTo(PersonId? person, MatchKind match)
    {
        if (!(Service && match < MatchKind.Confirmed) && Match != MatchKind.Several && (match >= Match || Match == MatchKind.Name) && (Person, Match) != (person, match))
        {
            (Person, Match) = (person, match);
            Stand();
            Touch();
        }
    }

    /// <summary>
    /// Says what a whole reading makes of it. What a person said stays; what was once found by a sure sign stays while no sign points elsewhere.
    /// True when it changed.
    /// </summary>
    public bool Judge(PersonId? person, MatchKind match)
    {
        if (Match == MatchKind.Confirmed || (match == MatchKind.None && IsSure) || (Person, Match) == (person, match))
        {
            return false;
        }

        (Person, Match) = (person, match);
        Stand();
        Touch();
        return true;
    }

    /// <summary>A person says whose it is.</summary>
    public void Confirm(PersonId person)
    {
        (Person, Match, Ignored, Service, Declared, Responsible) = (person, MatchKind.Confirmed, false, false, true, null);
        Stand();
        Touch();
    }

    /// <summary>A person must say whose it is, among some; nobody's when there is none left.</summary>
    public void Doubt(IReadOnlyList<PersonId> candidates)
    {
        (Person, Match) = candidates.Count switch
        {
            0 => ((PersonId?)null, MatchKind.None),
            1 => (candidates[0], MatchKind.Name),
            _ => (null, MatchKind.Several),
        };
        Stand();
        Touch();
    }

    /// <summary>Nobody's, as far as is known.</summary>
    public void Orphan()
    {
        (Person, Match, Responsible) = (null, MatchKind.None, null);
        Stand();
        Touch();
    }

    /// <summary>A person says that it is a service account, and who answers for it.</summary>
    public void DeclareService(PersonId responsible)
    {
        (Service, Declared, Responsible, Person, Match, Ignored) = (true, true, responsible, null, MatchKind.None, false);
        Stand();
        Touch();
    }

    /// <summary>Its system says that it is a service account: nobody's own, unless a person said otherwise; and perhaps who answers for it.</summary>
    public void BeService(PersonId? responsible)
    {
        if (Match == MatchKind.Confirmed || Declared || (Person is null && (responsible is null || Responsible is not null)))
        {
            return;
        }

        (Person, Match, Responsible) = (null, MatchKind.None, Responsible ?? responsible);
        Stand();
        Touch();
    }

    /// <summary>A person leaves it aside.</summary>
    public void Ignore(string reason)
    {
        (Ignored, Note) = (true, reason);
        Stand();
        Touch();
    }

    /// <summary>A person no longer leaves it aside.</summary>
    public void Regard()
    {
        (Ignored, Note) = (false, null);
        Stand();
        Touch();
    }

    /// <summary>A complete reading did not see it any more.</summary>
    public void Vanish(DateTimeOffset now)
    {
        (state, SeenAt) = (AccountState.Absent, now);
        Stand();
        Touch();
    }

    /// <summary>What a person knows of an account that cannot be read.</summary>
    public void Recorded(string? displayName, string? mail, bool privileged, string? note, DateTimeOffset now)
    {
        (DisplayName, Mail, Privileged, Note, state, SeenAt, FirstSeenAt) = (displayName, mail, privileged, note, AccountState.Enabled, now, now);
        Name();
        Stand();
    }

    private void Name()
    {
        SearchName = $"{SearchText.Of($"{Login} {DisplayName} {Mail}")} {SearchText.Of(DisplayName).Replace(" ", "", StringComparison.Ordinal)}";
        var login = SearchText.Of(Login);
        Place = $"{(login.Length > 60 ? login[..60] : login)} {Id.Value:N}";
    }

    private void Stand() => Standing = this switch
    {
        { state: AccountState.Absent } => AccountStanding.Absent,
        { Ignored: true } => AccountStanding.Ignored,
        { Service: true } => AccountStanding.Service,
        { IsSure: true } => AccountStanding.Matched,
        { Match: not MatchKind.None } => AccountStanding.Doubtful,
        { Privileged: true } => AccountStanding.PrivilegedUnknown,
        _ => AccountStanding.Orphan,
    };

    internal sealed class Mapping : IEntityTypeConfiguration<Account>
    {
        public void Configure(EntityTypeBuilder<Account> builder)
        {
            builder.ToTable("accounts");
            builder.HasKey(account => account.Id);
            builder.HasIndex(account => new { account.System, account.ExternalId }).IsUnique();
            builder.HasIndex(account => account.Person);
            builder.HasIndex(account => account.Place).IsUnique();
            builder.HasIndex(account => new { account.Standing, account.Place });
            builder.HasIndex(account => new { account.System, account.Place });
            builder.Property(account => account.State).HasField("state");
            builder.Property(account => account.Place).HasMaxLength(100).ByBytes();
            builder.Ignore(account => account.IsSure);
            MapVersion(builder);
        }
    }
}

/// <summary>Somebody whose an account may be, or is said not to be.</summary>
internal sealed class AccountCandidate
{
    public AccountId Account { get; init; }

    public PersonId Person { get; init; }

    /// <summary>The strongest sign.</summary>
    public MatchKind Match { get; set; }

    /// <summary>A person said that it is not theirs: never proposed again.</summary>
    public bool Refused { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<AccountCandidate>
    {
        public void Configure(EntityTypeBuilder<AccountCandidate> builder)
        {
            builder.ToTable("account_candidates");
            builder.HasKey(candidate => new { candidate.Account, candidate.Person });
            builder.HasIndex(candidate => candidate.Person);
        }
    }
}
