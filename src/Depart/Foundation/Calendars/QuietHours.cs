namespace Depart.Foundation.Calendars;

/// <summary>
/// When nobody should be disturbed: a part of every day by the wall clock, and whole days if wanted. Nothing is lost: it waits.
/// </summary>
/// <param name="From">Local hour at which quiet begins.</param>
/// <param name="To">Local hour at which it ends, of the next day when not later than <paramref name="From"/>; the same hour means that no part of the day is quiet.</param>
/// <param name="Calendar">Says what weekends and holidays are.</param>
internal sealed record QuietHours(TimeOnly From, TimeOnly To, BusinessCalendar Calendar)
{
    /// <summary>Weekends are quiet all day.</summary>
    public bool Weekends { get; init; }

    /// <summary>Public holidays are quiet all day.</summary>
    public bool Holidays { get; init; }

    /// <summary>
    /// The instant itself when it is not quiet, otherwise the first one that is not. Quiet ends when the local hour comes for the first time: the second
    /// passage of a doubled hour is not quiet again.
    /// </summary>
    public DateTimeOffset NextAllowed(DateTimeOffset instant, TimeZoneInfo zone)
    {
        while (EndOfQuiet(instant, zone) is { } end)
        {
            instant = end;
        }

        return instant;
    }

    /// <summary>When the quiet that reigns at the instant ends, or null when none does.</summary>
    private DateTimeOffset? EndOfQuiet(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
        if ((Weekends && Calendar.IsWeekend(today)) || (Holidays && Calendar.IsHoliday(today)))
        {
            return LocalInstant.Of(today.AddDays(1), TimeOnly.MinValue, zone);
        }

        foreach (var day in From == To ? [] : new[] { today.AddDays(-1), today })
        {
            var end = LocalInstant.Of(From < To ? day : day.AddDays(1), To, zone);
            if (LocalInstant.Of(day, From, zone) <= instant && instant < end)
            {
                return end;
            }
        }

        return null;
    }
}
