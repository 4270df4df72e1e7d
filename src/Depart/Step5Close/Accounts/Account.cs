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

/// <summary>Why an account is thought to be a person's.</summary>
public enum MatchKind
{
    /// <summary>Nobody's.</summary>
    None,

    /// <summary>Only the name agrees: a person must confirm; never cut before.</summary>
    Name,

    /// <summary>A login of the record.</summary>
    Login,

    /// <summary>A mail address of the record.</summary>
    Mail,

    /// <summary>The employee number.</summary>
    EmployeeNumber,

    /// <summary>Said by a person.</summary>
    Confirmed,
}

/// <summary>An account on a target system, as last read.</summary>
internal sealed class Account : Versioned
{
    public AccountId Id { get; private init; } = IIdentifier<AccountId>.New();

    public required SystemId System { get; init; }

    /// <summary>The system's own immutable identifier.</summary>
    public required string ExternalId { get; init; }

    public required string Login { get; set; }

    public string? DisplayName { get; set; }

    public string? Mail { get; set; }

    public string? Location { get; set; }

    public AccountState State { get; set; }

    public bool Privileged { get; set; }

    public bool Service { get; set; }

    public PersonId? Person { get; private set; }

    public MatchKind Match { get; private set; }

    /// <summary>When it was last read, UTC.</summary>
    public DateTimeOffset SeenAt { get; set; }

    /// <summary>Sure enough to be cut.</summary>
    public bool IsSure => Person is not null && Match > MatchKind.Name;

    /// <summary>Takes what was read; what a person confirmed stays.</summary>
    public void Take(AccountRecord record, DateTimeOffset now)
    {
        (Login, DisplayName, Mail, Location) = (record.Login, record.DisplayName, record.Mails.Count > 0 ? record.Mails[0] : null, record.Location);
        (State, Privileged, Service, SeenAt) = (record.State, record.Privileged, record.Service, now);
        Touch();
    }

    /// <summary>Says whose it is; a weaker reason never replaces a stronger one.</summary>
    public void MatchTo(PersonId? person, MatchKind match)
    {
        if (match >= Match || Match == MatchKind.Name)
        {
            (Person, Match) = (person, match);
            Touch();
        }
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Account>
    {
        public void Configure(EntityTypeBuilder<Account> builder)
        {
            builder.ToTable("accounts");
            builder.HasKey(account => account.Id);
            builder.HasIndex(account => new { account.System, account.ExternalId }).IsUnique();
            builder.HasIndex(account => account.Person);
            builder.Ignore(account => account.IsSure);
            MapVersion(builder);
        }
    }
}
