using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Interfaces.SignIn;

/// <summary>Identifies a user of Depart.</summary>
public readonly record struct UserId(Guid Value) : IIdentifier<UserId>
{
    /// <summary>Wraps a UUID.</summary>
    public static UserId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out UserId id) => IIdentifier<UserId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>Somebody who signs in. May be bound to a person of the record: separation looks at it.</summary>
internal sealed class User : Versioned
{
    public UserId Id { get; private init; } = IIdentifier<UserId>.New();

    /// <summary>Lower case; what one signs in with.</summary>
    public required string Mail { get; init; }

    /// <summary>The name shown and journalled.</summary>
    public required string Name { get; set; }

    /// <summary>Roles granted that count everywhere. Manager, consultant and successor are not: they follow from departures.</summary>
    public List<Role> Roles { get; private set; } = [];

    /// <summary>Roles granted that count for the departures of some units only; one that counts everywhere is not among them.</summary>
    public RolesWithin Within => RolesWithin.Read(RolesOfUnits);

    /// <summary>The same as it is stored.</summary>
    public List<string> RolesOfUnits { get; private set; } = [];

    /// <summary>Who this user is in the record, or null.</summary>
    public PersonId? Person { get; private set; }

    /// <summary><c>fr</c> or <c>en</c>; null follows the browser.</summary>
    public string? Language { get; private set; }

    /// <summary>IANA zone in which they read instants; null is that of the house.</summary>
    public string? Zone { get; private set; }

    /// <summary>As ASP.NET Core Identity hashes it; null until the invitation is taken up.</summary>
    public string? PasswordHash { get; private set; }

    /// <summary>Changes with whatever must end the sessions that run.</summary>
    public Guid Stamp { get; private set; } = Guid.NewGuid();

    public DateTimeOffset? DisabledAt { get; private set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastSignInAt { get; private set; }

    /// <summary>The mail as it is compared.</summary>
    public static string Normalise(string mail) => mail.Trim().ToLowerInvariant();

    /// <summary>Replaces the password; sessions that run elsewhere end.</summary>
    public void SetPassword(string hash)
    {
        PasswordHash = hash;
        EndSessions();
    }

    public void SignedIn(DateTimeOffset now)
    {
        LastSignInAt = now;
        Touch();
    }

    /// <summary>Grants a role everywhere, or within these units; what was granted of it before is replaced.</summary>
    public void Grant(Role role, IReadOnlyCollection<string>? within = null)
    {
        Withdraw(role);
        if (within is { Count: > 0 })
        {
            RolesOfUnits = [.. Within.With(role, within).Said];
        }
        else
        {
            Roles = [.. Roles, role];
        }
    }

    public void Withdraw(Role role)
    {
        Roles = [.. Roles.Where(held => held != role)];
        RolesOfUnits = [.. Within.With(role, []).Said];
        Touch();
    }

    /// <summary>Whether a role is held, everywhere or within some units.</summary>
    public bool Holds(Role role) => Roles.Contains(role) || Within.Roles.Contains(role);

    public void Bind(PersonId? person)
    {
        Person = person;
        Touch();
    }

    public void Speak(string? language)
    {
        Language = language;
        Touch();
    }

    /// <summary>Reads instants in another zone; null is that of the house.</summary>
    public void ReadIn(string? zone)
    {
        Zone = zone;
        Touch();
    }

    public void Disable(DateTimeOffset now)
    {
        DisabledAt ??= now;
        EndSessions();
    }

    public void Enable()
    {
        DisabledAt = null;
        Touch();
    }

    /// <summary>Gives another stamp: no cookie written before is good any more.</summary>
    public void EndSessions()
    {
        Stamp = Guid.NewGuid();
        Touch();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<User>
    {
        public void Configure(EntityTypeBuilder<User> builder)
        {
            builder.ToTable("users");
            builder.HasKey(user => user.Id);
            builder.Property(user => user.Mail).HasMaxLength(320);
            builder.Property(user => user.Name).HasMaxLength(200);
            builder.Property(user => user.Language).HasMaxLength(2);
            builder.Property(user => user.Zone).HasMaxLength(60);
            builder.Property(user => user.PasswordHash).HasMaxLength(500);
            builder.HasIndex(user => user.Mail).IsUnique();
            builder.HasIndex(user => user.Person).IsUnique();
            builder.PrimitiveCollection(user => user.Roles).ElementType(role => role.HasConversion<string>());
            builder.Ignore(user => user.Within);
            MapVersion(builder);
        }
    }
}
