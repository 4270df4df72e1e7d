using Depart.Foundation;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Missions;

/// <summary>Identifies a supplier.</summary>
public readonly record struct SupplierId(Guid Value) : IIdentifier<SupplierId>
{
    /// <summary>Wraps a UUID.</summary>
    public static SupplierId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out SupplierId id) => IIdentifier<SupplierId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>A company that provides people; contractual acts go to its contact (REC6).</summary>
internal sealed class Supplier : Versioned
{
    /// <summary>Longest name.</summary>
    public const int NameLength = 200;

    public SupplierId Id { get; private init; } = IIdentifier<SupplierId>.New();

    /// <summary>The name, as written on orders.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The name as compared: no accents, no case; unique, so that « ALTÉO » and « Alteo » are one company.</summary>
    public string Key { get; private set; } = "";

    public string? ContactName { get; private set; }

    /// <summary>Mail address of the contact, lower case.</summary>
    public string? ContactMail { get; private set; }

    public static Supplier Named(string name, string? contactName = null, string? contactMail = null)
    {
        var supplier = new Supplier();
        supplier.Describe(name, contactName, contactMail);
        return supplier;
    }

    /// <summary>Renames it and sets its contact.</summary>
    public void Change(string name, string? contactName, string? contactMail)
    {
        Describe(name, contactName, contactMail);
        Touch();
    }

    private void Describe(string name, string? contactName, string? contactMail)
    {
        Name = name.Trim();
        Key = SearchText.Of(Name);
        ContactName = Texts.OrNull(contactName);
        ContactMail = Texts.OrNull(contactMail)?.ToLowerInvariant();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Supplier>
    {
        public void Configure(EntityTypeBuilder<Supplier> builder)
        {
            builder.ToTable("suppliers");
            builder.HasKey(supplier => supplier.Id);
            builder.Property(supplier => supplier.Name).HasMaxLength(NameLength);
            builder.Property(supplier => supplier.Key).HasMaxLength(NameLength);
            builder.HasIndex(supplier => supplier.Key).IsUnique();
            builder.Property(supplier => supplier.ContactName).HasMaxLength(NameLength);
            builder.Property(supplier => supplier.ContactMail).HasMaxLength(MailAddress.MaxLength);
            MapVersion(builder);
        }
    }
}
