namespace Depart.Foundation;

/// <summary>
/// Turns a local wall-clock decision (Friday 18:00, Europe/Paris) into its instant. An hour skipped by the clock change gives the next valid
/// instant, an hour that comes twice gives the first.
/// </summary>
internal static class LocalInstant
{
    /// <summary>The instant, UTC, of a local day and time in an IANA zone.</summary>
    public static DateTimeOffset Of(DateOnly day, TimeOnly time, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(time, DateTimeKind.Unspecified);
        if (zone.IsInvalidTime(local))
        {
            // The gap is as long as the clock jumps: search its end by the minute, which every zone's rules respect.
            while (zone.IsInvalidTime(local))
            {
                local = local.AddMinutes(1);
            }
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        var instant = new DateTimeOffset(local, offset).ToUniversalTime();

        // A country that moves to another offset for good leaves hours out too, Samoa once a whole day; the zone calls none of them invalid.
        while (TimeZoneInfo.ConvertTime(instant, zone).DateTime < local)
        {
            instant = instant.AddMinutes(1);
        }

        return instant;
    }

    /// <summary>The zone with an IANA name, or null when there is none.</summary>
    public static TimeZoneInfo? FindZone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;
}
