using Depart.Foundation;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Missions;

/// <summary>Identifies a mission.</summary>
public readonly record struct MissionId(Guid Value) : IIdentifier<MissionId>
{
    /// <summary>Wraps a UUID.</summary>
    public static MissionId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out MissionId id) => IIdentifier<MissionId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

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

/// <summary>How a mission is bought.</summary>
public enum MissionKind
{
    /// <summary>By time spent.</summary>
    Regie,

    /// <summary>By result.</summary>
    Forfait,
}

/// <summary>A company that provides people; contractual acts go to its contact.</summary>
internal sealed class Supplier : Versioned
{
    public SupplierId Id { get; private init; } = IIdentifier<SupplierId>.New();

    public required string Name { get; init; }

    public string? ContactName { get; set; }

    public string? ContactMail { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Supplier>
    {
        public void Configure(EntityTypeBuilder<Supplier> builder)
        {
            builder.ToTable("suppliers");
            builder.HasKey(supplier => supplier.Id);
            builder.Property(supplier => supplier.Name).HasMaxLength(200);
            builder.HasIndex(supplier => supplier.Name).IsUnique();
            MapVersion(builder);
        }
    }
}

/// <summary>A contract assignment of an external person.</summary>
internal sealed class Mission : Versioned
{
    public MissionId Id { get; private init; } = IIdentifier<MissionId>.New();

    public required PersonId Person { get; init; }

    public required string Title { get; set; }

    /// <summary>The unit that receives the service.</summary>
    public string? Unit { get; set; }

    public SupplierId? Supplier { get; set; }

    /// <summary>Responsable de mission, a person of the record.</summary>
    public PersonId? Manager { get; set; }

    public MissionKind Kind { get; set; }

    public DateOnly? Start { get; set; }

    public DateOnly? End { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Mission>
    {
        public void Configure(EntityTypeBuilder<Mission> builder)
        {
            builder.ToTable("missions");
            builder.HasKey(mission => mission.Id);
            builder.Property(mission => mission.Title).HasMaxLength(200);
            builder.HasIndex(mission => mission.Person);
            MapVersion(builder);
        }
    }
}
