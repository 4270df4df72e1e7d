using Depart.Foundation;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Departures.Renewals;

/// <summary>Identifies a renewal question.</summary>
public readonly record struct RenewalId(Guid Value) : IIdentifier<RenewalId>, IComparable<RenewalId>
{
    /// <summary>Wraps a UUID.</summary>
    public static RenewalId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out RenewalId id) => IIdentifier<RenewalId>.TryRead(text, out id);

    /// <summary>By their bytes, which is by when they were made; databases have an order of their own.</summary>
    public int CompareTo(RenewalId other) => Value.CompareTo(other.Value);

    /// <summary>Made before.</summary>
    public static bool operator <(RenewalId left, RenewalId right) => left.CompareTo(right) < 0;

    /// <summary>Made before, or the same.</summary>
    public static bool operator <=(RenewalId left, RenewalId right) => left.CompareTo(right) <= 0;

    /// <summary>Made after.</summary>
    public static bool operator >(RenewalId left, RenewalId right) => left.CompareTo(right) > 0;

    /// <summary>Made after, or the same.</summary>
    public static bool operator >=(RenewalId left, RenewalId right) => left.CompareTo(right) >= 0;

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>Where a renewal question stands.</summary>
public enum RenewalState
{
    /// <summary>Asked, no answer yet.</summary>
    Asked,

    /// <summary>Answered <em>not yet known</em>: it may be answered again.</summary>
    NotKnown,

    /// <summary>The mission goes on under an order.</summary>
    Renewed,

    /// <summary>The mission ends: its departure is open.</summary>
    Ends,

    /// <summary>No answer is needed any more: the record gives another end, or the departure was opened or withdrawn by hand.</summary>
    Overtaken,
}

/// <summary>
/// The question that a coming end of a mission asks once (DEP8): renewed, ends, not yet known. Without an answer the departure is prepared: its cut is planned at the end date, it has no tasks
/// and nobody is told.
/// </summary>
internal sealed class Renewal : Versioned
{
    /// <summary>Most business days of grace after an end date, all bridges of one question together.</summary>
    public const int LongestBridge = 5;

    public RenewalId Id { get; private init; } = IIdentifier<RenewalId>.New();

    public MissionId Mission { get; init; }

    public PersonId Person { get; init; }

    /// <summary>The end date that it is about.</summary>
    public DateOnly End { get; init; }

    /// <summary>The day on which, without an answer, the departure is prepared.</summary>
    public DateOnly PrepareOn { get; init; }

    public DateTimeOffset AskedAt { get; init; }

    public RenewalState State { get; private set; }

    /// <summary>The departure that was prepared or opened.</summary>
    public DepartureId? Departure { get; private set; }

    /// <summary>Business days granted after the end.</summary>
    public int BridgeDays { get; private set; }

    /// <summary>The end that a renewal gave.</summary>
    public DateOnly? NewEnd { get; private set; }

    public Guid? AnsweredBy { get; private set; }

    public DateTimeOffset? AnsweredAt { get; private set; }

    /// <summary>May still be answered.</summary>
    public bool IsOpen => State is RenewalState.Asked or RenewalState.NotKnown;

    /// <summary>The day to which bridges moved the end, by the calendar of the house on the day they were granted; null without one.</summary>
    public DateOnly? BridgedTo { get; private set; }

    /// <summary>The day on which access ends without an answer: the end, and what a bridge adds.</summary>
    public DateOnly HoldsUntil => BridgedTo ?? End;

    /// <summary>Somebody answered.</summary>
    public void Answer(RenewalState answer, Guid? by, DateTimeOffset now, DateOnly? newEnd = null)
    {
        (State, AnsweredBy, AnsweredAt, NewEnd) = (answer, by, now, newEnd);
        Touch();
    }

    /// <summary>Its departure is prepared, or opened.</summary>
    public void With(DepartureId departure)
    {
        Departure = departure;
        Touch();
    }

    /// <summary>It needs no answer any more.</summary>
    public void Overtake()
    {
        State = RenewalState.Overtaken;
        Touch();
    }

    /// <summary>Adds days of grace, counted in a calendar; false when they would be too many.</summary>
    public bool Bridge(int days, Foundation.Calendars.BusinessCalendar calendar)
    {
        if (days < 1 || BridgeDays + days > LongestBridge)
        {
            return false;
        }

        BridgeDays += days;
        BridgedTo = calendar.AddBusinessDays(End, BridgeDays);
        Touch();
        return true;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Renewal>
    {
        public void Configure(EntityTypeBuilder<Renewal> builder)
        {
            builder.ToTable("renewals");
            builder.HasKey(renewal => renewal.Id);
            builder.Ignore(renewal => renewal.IsOpen).Ignore(renewal => renewal.HoldsUntil);

            // Once for each end of a mission, whatever crashes.
            builder.HasIndex(renewal => new { renewal.Mission, renewal.End }).IsUnique();
            builder.HasIndex(renewal => new { renewal.State, renewal.End, renewal.Id });
            builder.HasIndex(renewal => renewal.Departure);
            MapVersion(builder);
        }
    }
}

/// <summary>When missions that end are asked about; one row.</summary>
internal sealed class RenewalSettings : Versioned
{
    /// <summary>Its only key.</summary>
    public const int Only = 1;

    public int Id { get; init; } = Only;

    /// <summary>Whether questions are asked at all.</summary>
    public bool Asks { get; private set; } = true;

    /// <summary>Days before the end on which the question is asked: 1 to 180.</summary>
    public int AskDays { get; private set; } = 30;

    /// <summary>Days before the end on which, without an answer, the departure is prepared: 0 to <see cref="AskDays"/>.</summary>
    public int PrepareDays { get; private set; } = 10;

    /// <summary>Local hour, where the house is, of the morning look at ends.</summary>
    public TimeOnly LookAt { get; private set; } = new(8, 0);

    /// <summary>Replaces them.</summary>
    public void Set(bool asks, int askDays, int prepareDays, TimeOnly lookAt)
    {
        (Asks, AskDays, PrepareDays, LookAt) = (asks, askDays, prepareDays, lookAt);
        Touch();
    }

    /// <summary>What is set, or the defaults.</summary>
    public static async Task<RenewalSettings> OfAsync(DepartDb db, CancellationToken cancellation) => await db.Set<RenewalSettings>().SingleOrDefaultAsync(cancellation) ?? new();

    internal sealed class Mapping : IEntityTypeConfiguration<RenewalSettings>
    {
        public void Configure(EntityTypeBuilder<RenewalSettings> builder)
        {
            builder.ToTable("renewal_settings");
            builder.HasKey(settings => settings.Id);
            builder.Property(settings => settings.Id).ValueGeneratedNever();
            MapVersion(builder);
        }
    }
}
