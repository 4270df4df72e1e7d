using Depart.Foundation;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Missions;

/// <summary>Identifies a person.</summary>
public readonly record struct PersonId(Guid Value) : IIdentifier<PersonId>
{
    /// <summary>Wraps a UUID.</summary>
    public static PersonId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out PersonId id) => IIdentifier<PersonId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>How an external person is bound to the company (REC6): texts and contacts depend on it.</summary>
public enum ContractualStatus
{
    /// <summary>An independent, in their own name.</summary>
    Independent,

    /// <summary>Employed by a supplier.</summary>
    SuppliersEmployee,

    /// <summary>Portage salarial.</summary>
    PortageSalarial,

    /// <summary>Temporary worker.</summary>
    TemporaryWorker,

    /// <summary>Subcontractor of a supplier.</summary>
    SecondRankSubcontractor,

    /// <summary>Of the company itself: a manager, a successor.</summary>
    Internal,
}

/// <summary>Somebody of the record (REC1). Several mails and logins are normal.</summary>
internal sealed class Person : Versioned
{
    public PersonId Id { get; private init; } = IIdentifier<PersonId>.New();

    public required string GivenName { get; set; }

    public required string FamilyName { get; set; }

    /// <summary>The number by which the company knows the person; unique when given.</summary>
    public string? EmployeeNumber { get; set; }

    /// <summary>Mail addresses, lower case, the main one first.</summary>
    public List<string> Mails { get; private set; } = [];

    /// <summary>Logins known beforehand, as given.</summary>
    public List<string> Logins { get; private set; } = [];

    public ContractualStatus Status { get; set; }

    /// <summary>The supplier's name, or null for an independent.</summary>
    public SupplierId? Supplier { get; set; }

    /// <summary>Name without accents and case, for search.</summary>
    public string SearchName { get; private set; } = "";

    /// <summary>The name shown.</summary>
    public string Name => $"{GivenName} {FamilyName}";

    /// <summary>Replaces mails and logins; empty ones and repetitions are dropped.</summary>
    public void Known(IEnumerable<string> mails, IEnumerable<string> logins)
    {
        Mails = [.. mails.Select(mail => mail.Trim().ToLowerInvariant()).Where(mail => mail.Length > 0).Distinct(StringComparer.Ordinal)];
        Logins = [.. logins.Select(login => login.Trim()).Where(login => login.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        SearchName = SearchText.Of($"{GivenName} {FamilyName} {GivenName} {string.Join(' ', Mails)} {string.Join(' ', Logins)} {EmployeeNumber}");
        Touch();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Person>
    {
        public void Configure(EntityTypeBuilder<Person> builder)
        {
            builder.ToTable("people");
            builder.HasKey(person => person.Id);
            builder.Property(person => person.GivenName).HasMaxLength(100);
            builder.Property(person => person.FamilyName).HasMaxLength(100);
            builder.HasIndex(person => person.EmployeeNumber).IsUnique();
            builder.HasIndex(person => person.SearchName);
            builder.PrimitiveCollection(person => person.Mails);
            builder.PrimitiveCollection(person => person.Logins);
            builder.Ignore(person => person.Name);
            MapVersion(builder);
        }
    }
}
