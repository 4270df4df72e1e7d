namespace Depart.Foundation.Calendars;

/// <summary>How an offset is counted.</summary>
public enum DayCount
{
    /// <summary>Every day.</summary>
    Calendar,

    /// <summary>Days that are worked.</summary>
    Business,
}

/// <summary>
/// When something is due, as a person says it: so many days after an anchor (before, when negative), at an hour of the wall clock. Counted in business
/// days it always falls on one: zero is the anchor, or the next business day.
/// </summary>
/// <param name="Offset">Days from the anchor, within <see cref="BusinessCalendar.Farthest"/>.</param>
/// <param name="Count">How they are counted.</param>
/// <param name="At">Hour of the wall clock where the departure is.</param>
internal sealed record DueRule(int Offset, DayCount Count, TimeOnly At)
{
    /// <summary>The moment, for an anchor: computed again when the anchor, the calendar or the zone changes.</summary>
    public DueMoment From(DateOnly anchor, BusinessCalendar calendar, TimeZoneInfo zone) => DueMoment.Of(
        Count == DayCount.Business ? calendar.AddBusinessDays(anchor, Offset) : anchor.AddDays(Offset), At, zone);
}

/// <summary>A moment of the wall clock and the instant that it is.</summary>
/// <param name="Day">Local day as decided.</param>
/// <param name="Time">Local hour as decided; it may be one that the clock change skips.</param>
/// <param name="Zone">IANA name of the zone.</param>
/// <param name="Instant">UTC; see <see cref="LocalInstant"/> for clock changes.</param>
internal sealed record DueMoment(DateOnly Day, TimeOnly Time, string Zone, DateTimeOffset Instant)
{
    /// <summary>The moment of a local day and hour.</summary>
    public static DueMoment Of(DateOnly day, TimeOnly time, TimeZoneInfo zone) => new(day, time, zone.Id, LocalInstant.Of(day, time, zone));

    /// <summary>The same decision with the instant that the zone's rules give today: a country may have changed its clocks since.</summary>
    /// <exception cref="TimeZoneNotFoundException">The zone is not known to this machine.</exception>
    public DueMoment ByTodaysRules() => this with { Instant = LocalInstant.Of(Day, Time, TimeZoneInfo.FindSystemTimeZoneById(Zone)) };
}
