using System.Globalization;
using Depart.Foundation;
using Depart.Foundation.Door;
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

/// <summary>How a mission is bought.</summary>
public enum MissionKind
{
    /// <summary>By time spent.</summary>
    Regie,

    /// <summary>By result.</summary>
    Forfait,
}

/// <summary>Where the work is done.</summary>
public enum WorkPlace
{
    /// <summary>On the client's premises.</summary>
    OnSite,

    /// <summary>Elsewhere.</summary>
    Remote,

    /// <summary>Partly one, partly the other.</summary>
    Hybrid,
}

/// <summary>A contract assignment of an external person.</summary>
internal sealed class Mission : Versioned
{
    /// <summary>Longest title, unit, reference or member of the circle.</summary>
    public const int TextLength = 200;

    /// <summary>Most teams, and most outside providers, of one mission.</summary>
    public const int MostInCircle = 50;

    public MissionId Id { get; internal init; } = IIdentifier<MissionId>.New();

    public required PersonId Person { get; init; }

    public required string Title { get; set; }

    /// <summary>The unit that receives the service.</summary>
    public string? Unit { get; set; }

    public SupplierId? Supplier { get; set; }

    /// <summary>Reference of the order; an order may outlive a person.</summary>
    public string? OrderReference { get; set; }

    /// <summary>Responsable de mission, a person of the record.</summary>
    public PersonId? Manager { get; set; }

    public MissionKind Kind { get; set; }

    public WorkPlace Place { get; set; }

    public DateOnly? Start { get; set; }

    public DateOnly? End { get; set; }

    /// <summary>Teams the person works with: the first audience of the announcement.</summary>
    public List<string> Teams { get; private set; } = [];

    /// <summary>Outside providers the person works with: the last audience.</summary>
    public List<string> OutsideProviders { get; private set; } = [];

    /// <summary>End first, open ends last, made unique by the identifier: the order of lists and their cursor.</summary>
    public string SortEnd { get; private set; } = "";

    /// <summary>Title, unit and reference without accents and case, for search.</summary>
    public string SearchTitle { get; private set; } = "";

    /// <summary>Everything but whose it is.</summary>
    public MissionDetails Details => new(Title, Unit, Supplier, OrderReference, Manager, Kind, Place, Start, End, Teams, OutsideProviders);

    /// <summary>A new mission.</summary>
    public static Mission Of(PersonId person, MissionDetails details, MissionId? id = null)
    {
        var mission = new Mission { Id = id ?? IIdentifier<MissionId>.New(), Person = person, Title = "" };
        mission.Describe(details);
        return mission;
    }

    /// <summary>Replaces everything but whose it is.</summary>
    public void Change(MissionDetails details)
    {
        Describe(details);
        Touch();
    }

    private void Describe(MissionDetails details)
    {
        var clean = details.Clean();
        (Title, Unit, Supplier, OrderReference, Manager) = (clean.Title, clean.Unit, clean.Supplier, clean.OrderReference, clean.Manager);
        (Kind, Place, Start, End) = (clean.Kind, clean.Place, clean.Start, clean.End);
        (Teams, OutsideProviders) = ([.. clean.Teams], [.. clean.OutsideProviders]);
        SortEnd = $"{End?.ToString("yyyyMMdd", CultureInfo.InvariantCulture) ?? "99999999"}{Id.Value:N}";
        SearchTitle = SearchText.Of($"{Title} {Unit} {OrderReference}");
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Mission>
    {
        public void Configure(EntityTypeBuilder<Mission> builder)
        {
            builder.ToTable("missions");
            builder.HasKey(mission => mission.Id);
            builder.Property(mission => mission.Title).HasMaxLength(TextLength);
            builder.Property(mission => mission.Unit).HasMaxLength(TextLength);
            builder.Property(mission => mission.OrderReference).HasMaxLength(TextLength);
            builder.PrimitiveCollection(mission => mission.Teams);
            builder.PrimitiveCollection(mission => mission.OutsideProviders);
            builder.HasIndex(mission => mission.Person);
            builder.HasIndex(mission => mission.Manager);
            builder.HasIndex(mission => mission.Supplier);
            builder.HasIndex(mission => mission.Unit);
            builder.HasIndex(mission => mission.SortEnd).IsUnique();
            builder.Ignore(mission => mission.Details);
            MapVersion(builder);
        }
    }
}

/// <summary>What is known of a mission, whose it is apart.</summary>
internal sealed record MissionDetails(
    string Title, string? Unit, SupplierId? Supplier, string? OrderReference, PersonId? Manager, MissionKind Kind, WorkPlace Place, DateOnly? Start, DateOnly? End,
    IReadOnlyList<string> Teams, IReadOnlyList<string> OutsideProviders)
{
    /// <summary>Without spaces around and repetitions.</summary>
    public MissionDetails Clean() => this with
    {
        Title = Title.Trim(),
        Unit = Texts.OrNull(Unit),
        OrderReference = Texts.OrNull(OrderReference),
        Teams = Texts.Distinct(Teams),
        OutsideProviders = Texts.Distinct(OutsideProviders),
    };

    /// <summary>What is not acceptable, one problem per field.</summary>
    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Title))
        {
            yield return Problem.Required(nameof(Title), MissionsText.Title);
        }

        foreach (var (field, label, text) in new[]
        {
            (nameof(Title), MissionsText.Title, Title), (nameof(Unit), MissionsText.Unit, Unit), (nameof(OrderReference), MissionsText.OrderReference, OrderReference),
        })
        {
            if (text?.Trim().Length > Mission.TextLength)
            {
                yield return Problem.Invalid(field, "too-long", MissionsText.TooLong.With(label, Mission.TextLength));
            }
        }

        if (Start > End)
        {
            yield return Problem.Invalid(nameof(End), "end-before-start", MissionsText.EndBeforeStart.With(FieldChange.Day(Start), FieldChange.Day(End)));
        }

        foreach (var (field, label, texts) in new[]
        {
            (nameof(Teams), MissionsText.Teams, Teams), (nameof(OutsideProviders), MissionsText.OutsideProviders, OutsideProviders),
        })
        {
            if (texts.Count > Mission.MostInCircle)
            {
                yield return Problem.Invalid(field, "too-many", MissionsText.TooMany.With(label, Mission.MostInCircle));
            }
            else if (texts.Any(text => text.Trim().Length > Mission.TextLength))
            {
                yield return Problem.Invalid(field, "too-long", MissionsText.TooLong.With(label, Mission.TextLength));
            }
        }
    }

    /// <summary>What differs from before, field by field.</summary>
    public IEnumerable<FieldChange> Since(MissionDetails before, Func<SupplierId, string?> supplier, Func<PersonId, string?> person)
    {
        var changes = new[]
        {
            new FieldChange(nameof(Title), MissionsText.Title, FieldChange.Text(before.Title), FieldChange.Text(Title)),
            new FieldChange(nameof(Unit), MissionsText.Unit, FieldChange.Text(before.Unit), FieldChange.Text(Unit)),
            new FieldChange(nameof(Supplier), MissionsText.Supplier, FieldChange.Text(before.Supplier is { } was ? supplier(was) : null), FieldChange.Text(Supplier is { } now ? supplier(now) : null)),
            new FieldChange(nameof(OrderReference), MissionsText.OrderReference, FieldChange.Text(before.OrderReference), FieldChange.Text(OrderReference)),
            new FieldChange(nameof(Manager), MissionsText.Manager, FieldChange.Text(before.Manager is { } former ? person(former) : null), FieldChange.Text(Manager is { } manager ? person(manager) : null)),
            new FieldChange(nameof(Kind), MissionsText.Kind, MissionsText.Of(before.Kind), MissionsText.Of(Kind)) { Public = true },
            new FieldChange(nameof(Place), MissionsText.Place, MissionsText.Of(before.Place), MissionsText.Of(Place)) { Public = true },
            new FieldChange(nameof(Start), MissionsText.Start, FieldChange.Day(before.Start), FieldChange.Day(Start)) { Public = true },
            new FieldChange(nameof(End), MissionsText.End, FieldChange.Day(before.End), FieldChange.Day(End)) { Public = true },
            new FieldChange(nameof(Teams), MissionsText.Teams, FieldChange.List(before.Teams), FieldChange.List(Teams)),
            new FieldChange(nameof(OutsideProviders), MissionsText.OutsideProviders, FieldChange.List(before.OutsideProviders), FieldChange.List(OutsideProviders)),
        };
        return changes.Where(change => change.Before != change.After);
    }
}
