using Depart.Foundation;
using Depart.Foundation.Door;
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
    /// <summary>Longest given or family name.</summary>
    public const int NameLength = 100;

    /// <summary>Longest number or login.</summary>
    public const int KeyLength = 100;

    /// <summary>Most mails, and most logins, of one person.</summary>
    public const int MostKnown = 20;

    public PersonId Id { get; internal init; } = IIdentifier<PersonId>.New();

    public required string GivenName { get; set; }

    public required string FamilyName { get; set; }

    /// <summary>The number by which the company knows the person; unique when given.</summary>
    public string? EmployeeNumber { get; set; }

    /// <summary>Mail addresses, lower case, the main one first.</summary>
    public List<string> Mails { get; private set; } = [];

    /// <summary>Logins known beforehand, as given.</summary>
    public List<string> Logins { get; private set; } = [];

    public ContractualStatus Status { get; set; }

    /// <summary>The supplier, or null for an independent.</summary>
    public SupplierId? Supplier { get; set; }

    /// <summary>A private address, held only with the person's consent.</summary>
    public string? PrivateMail { get; private set; }

    /// <summary>The day on which the person consented to its being held.</summary>
    public DateOnly? PrivateMailConsentedOn { get; private set; }

    /// <summary>How they consented: a signed form, a mail.</summary>
    public string? PrivateMailConsentBy { get; private set; }

    /// <summary>Who recorded the consent.</summary>
    public string? PrivateMailRecordedBy { get; private set; }

    /// <summary>Name and keys without accents and case, for search; « D’Angélo » is found as <c>d angelo</c> and <c>dangelo</c>.</summary>
    public string SearchName { get; private set; } = "";

    /// <summary>Family name first, without accents and case, made unique by the identifier: the order of lists and their cursor.</summary>
    public string SortName { get; private set; } = "";

    /// <summary>The name shown.</summary>
    public string Name => $"{GivenName} {FamilyName}";

    /// <summary>Everything but the private address.</summary>
    public PersonDetails Details => new(GivenName, FamilyName, EmployeeNumber, Mails, Logins, Status, Supplier);

    /// <summary>A new person.</summary>
    public static Person Of(PersonDetails details, PersonId? id = null)
    {
        var person = new Person { Id = id ?? IIdentifier<PersonId>.New(), GivenName = "", FamilyName = "" };
        person.Describe(details);
        return person;
    }

    /// <summary>Replaces everything but the private address.</summary>
    public void Change(PersonDetails details)
    {
        Describe(details);
        Touch();
    }

    /// <summary>Replaces mails and logins; empty ones and repetitions are dropped.</summary>
    public void Known(IEnumerable<string> mails, IEnumerable<string> logins) => Change(Details with { Mails = [.. mails], Logins = [.. logins] });

    /// <summary>Holds a private address from now on: the person consented.</summary>
    public void HoldPrivateMail(string mail, DateOnly consentedOn, string consentBy, string recordedBy)
    {
        (PrivateMail, PrivateMailConsentedOn, PrivateMailConsentBy, PrivateMailRecordedBy) =
            (mail.Trim().ToLowerInvariant(), consentedOn, consentBy.Trim(), recordedBy);
        Touch();
    }

    /// <summary>Forgets the private address: the person withdrew, or there is no more use.</summary>
    public void ForgetPrivateMail()
    {
        (PrivateMail, PrivateMailConsentedOn, PrivateMailConsentBy, PrivateMailRecordedBy) = (null, null, null, null);
        Touch();
    }

    private void Describe(PersonDetails details)
    {
        var clean = details.Clean();
        (GivenName, FamilyName, EmployeeNumber, Status, Supplier) = (clean.GivenName, clean.FamilyName, clean.EmployeeNumber, clean.Status, clean.Supplier);
        (Mails, Logins) = ([.. clean.Mails], [.. clean.Logins]);
        SearchName = SearchText.Of($"{GivenName} {FamilyName} {GivenName} {string.Join(' ', Mails)} {string.Join(' ', Logins)} {EmployeeNumber}")
            + " " + SearchText.Of(FamilyName.Replace("’", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal)) + " " + SearchText.Of(FamilyName).Replace(" ", "", StringComparison.Ordinal);
        SortName = $"{SearchText.Of(FamilyName)} {SearchText.Of(GivenName)} {Id.Value:N}";
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Person>
    {
        public void Configure(EntityTypeBuilder<Person> builder)
        {
            builder.ToTable("people");
            builder.HasKey(person => person.Id);
            builder.Property(person => person.GivenName).HasMaxLength(NameLength);
            builder.Property(person => person.FamilyName).HasMaxLength(NameLength);
            builder.Property(person => person.EmployeeNumber).HasMaxLength(KeyLength);
            builder.HasIndex(person => person.EmployeeNumber).IsUnique();
            builder.Property(person => person.SearchName).ByBytes();
            builder.HasIndex(person => person.SearchName);
            builder.HasIndex(person => person.SortName).IsUnique();
            builder.HasIndex(person => person.Supplier);
            builder.PrimitiveCollection(person => person.Mails);
            builder.PrimitiveCollection(person => person.Logins);
            builder.Property(person => person.PrivateMail).HasMaxLength(MailAddress.MaxLength);
            builder.HasIndex(person => person.PrivateMail);
            builder.Property(person => person.PrivateMailConsentBy).HasMaxLength(200);
            builder.Property(person => person.PrivateMailRecordedBy).HasMaxLength(200);
            builder.Ignore(person => person.Name);
            builder.Ignore(person => person.Details);
            MapVersion(builder);
        }
    }
}

/// <summary>What is known of a person, the private address apart.</summary>
internal sealed record PersonDetails(
    string GivenName, string FamilyName, string? EmployeeNumber, IReadOnlyList<string> Mails, IReadOnlyList<string> Logins, ContractualStatus Status, SupplierId? Supplier)
{
    /// <summary>Without spaces around, mails in lower case, no repetitions.</summary>
    public PersonDetails Clean() => this with
    {
        GivenName = GivenName.Trim(),
        FamilyName = FamilyName.Trim(),
        EmployeeNumber = Texts.OrNull(EmployeeNumber),
        Mails = Texts.Distinct(Mails.Select(mail => mail.ToLowerInvariant())),
        Logins = Texts.Distinct(Logins),
    };

    /// <summary>What is not acceptable, one problem per field.</summary>
    public IEnumerable<Problem> Check()
    {
        foreach (var (field, label, text) in new[] { (nameof(GivenName), MissionsText.GivenName, GivenName), (nameof(FamilyName), MissionsText.FamilyName, FamilyName) })
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                yield return Problem.Required(field, label);
            }
            else if (text.Trim().Length > Person.NameLength)
            {
                yield return Problem.Invalid(field, "too-long", MissionsText.TooLong.With(label, Person.NameLength));
            }
        }

        if (EmployeeNumber?.Trim().Length > Person.KeyLength)
        {
            yield return Problem.Invalid(nameof(EmployeeNumber), "too-long", MissionsText.TooLong.With(MissionsText.EmployeeNumber, Person.KeyLength));
        }

        if (Mails.FirstOrDefault(mail => !string.IsNullOrWhiteSpace(mail) && !MailAddress.LooksRight(mail.Trim())) is { } wrong)
        {
            yield return Problem.Invalid(nameof(Mails), "mail-malformed", MissionsText.MailMalformed.With(wrong.Trim()));
        }

        if (Mails.Count > Person.MostKnown)
        {
            yield return Problem.Invalid(nameof(Mails), "too-many", MissionsText.TooMany.With(MissionsText.Mails, Person.MostKnown));
        }

        if (Logins.Count > Person.MostKnown)
        {
            yield return Problem.Invalid(nameof(Logins), "too-many", MissionsText.TooMany.With(MissionsText.Logins, Person.MostKnown));
        }

        if (Logins.Any(login => login.Trim().Length > Person.KeyLength))
        {
            yield return Problem.Invalid(nameof(Logins), "too-long", MissionsText.TooLong.With(MissionsText.Logins, Person.KeyLength));
        }
    }

    /// <summary>What differs from before, field by field.</summary>
    public IEnumerable<FieldChange> Since(PersonDetails before, Func<SupplierId, string?> supplier)
    {
        var changes = new[]
        {
            new FieldChange(nameof(GivenName), MissionsText.GivenName, Words.Same(before.GivenName), Words.Same(GivenName)),
            new FieldChange(nameof(FamilyName), MissionsText.FamilyName, Words.Same(before.FamilyName), Words.Same(FamilyName)),
            new FieldChange(nameof(EmployeeNumber), MissionsText.EmployeeNumber, FieldChange.Text(before.EmployeeNumber), FieldChange.Text(EmployeeNumber)),
            new FieldChange(nameof(Mails), MissionsText.Mails, FieldChange.List(before.Mails), FieldChange.List(Mails)),
            new FieldChange(nameof(Logins), MissionsText.Logins, FieldChange.List(before.Logins), FieldChange.List(Logins)),
            new FieldChange(nameof(Status), MissionsText.Status, MissionsText.Of(before.Status), MissionsText.Of(Status)) { Public = true },
            new FieldChange(nameof(Supplier), MissionsText.Supplier, FieldChange.Text(before.Supplier is { } was ? supplier(was) : null), FieldChange.Text(Supplier is { } now ? supplier(now) : null)),
        };
        return changes.Where(change => change.Before != change.After);
    }
}

/// <summary>One field of the record, before and after; null is nothing.</summary>
internal sealed record FieldChange(string Field, Words Label, Words? Before, Words? After)
{
    /// <summary>Names and describes nobody: may stand in the journal for ever.</summary>
    public bool Public { get; init; }

    public static Words? Text(string? text) => text is null ? null : Words.Same(text);

    public static Words? List(IReadOnlyList<string> texts) => texts.Count == 0 ? null : Words.Same(string.Join(", ", texts));

    public static Words? Day(DateOnly? day) => day is { } set
        ? new(set.ToString("d MMMM yyyy", Words.English), set.ToString(set.Day == 1 ? "d'er' MMMM yyyy" : "d MMMM yyyy", Words.French))
        : null;
}
