using System.Collections.Concurrent;

namespace Depart.Foundation.Calendars;

/// <summary>A day on which nobody is expected to work.</summary>
/// <param name="Key">Stable, kebab-case: what a company's own calendar names when it works on that day (<c>whit-monday</c>).</param>
/// <param name="Date">The day.</param>
/// <param name="Name">Its name.</param>
internal sealed record Holiday(string Key, DateOnly Date, Words Name);

/// <summary>
/// Which days are worked: the weekend and the public holidays of a place. The holidays of a year are computed by today's law, whatever the year.
/// </summary>
internal sealed class BusinessCalendar
{
    /// <summary>Most days that may be counted at once, forward or back.</summary>
    public const int Farthest = 10_000;

    private static readonly DayOfWeek[] SaturdayAndSunday = [DayOfWeek.Saturday, DayOfWeek.Sunday];

    private readonly ConcurrentDictionary<int, (IReadOnlyList<Holiday> Listed, IReadOnlySet<DateOnly> Dates)> years = new();
    private readonly Func<int, IEnumerable<Holiday>> holidaysOf;

    /// <summary>A calendar by its weekend and its rule for the holidays of a year.</summary>
    /// <exception cref="ArgumentException">No day of the week is worked.</exception>
    public BusinessCalendar(string key, Words name, IReadOnlyCollection<DayOfWeek> weekend, Func<int, IEnumerable<Holiday>> holidaysOf)
    {
        (Key, Name, Weekend, this.holidaysOf) = (key, name, weekend.ToHashSet(), holidaysOf);
        if (Weekend.Count == 7)
        {
            throw new ArgumentException("At least one day of the week is worked.", nameof(weekend));
        }
    }

    /// <summary>France: Saturday and Sunday, and the eleven public holidays (code du travail, L3133-1).</summary>
    public static BusinessCalendar France { get; } = new(
        "france", new("France", "France"), SaturdayAndSunday, year => FrenchHolidays.Of(year));

    /// <summary>Alsace and Moselle: Good Friday and 26 December too (code du travail, L3134-13).</summary>
    public static BusinessCalendar AlsaceMoselle { get; } = new(
        "france-alsace-moselle", new("France, Alsace and Moselle", "France, Alsace-Moselle"), SaturdayAndSunday, year => FrenchHolidays.Of(year, alsaceMoselle: true));

    /// <summary>Saturday and Sunday, no public holiday.</summary>
    public static BusinessCalendar WithoutHolidays { get; } = new(
        "without-holidays", new("Without public holidays", "Sans jours fériés"), SaturdayAndSunday, _ => []);

    /// <summary>The calendars that come with the product.</summary>
    public static IReadOnlyList<BusinessCalendar> BuiltIn { get; } = [France, AlsaceMoselle, WithoutHolidays];

    /// <summary>Stable, kebab-case: what templates and settings hold.</summary>
    public string Key { get; }

    /// <summary>Its name for people.</summary>
    public Words Name { get; }

    /// <summary>Days of the week that are not worked.</summary>
    public IReadOnlySet<DayOfWeek> Weekend { get; }

    /// <summary>The built-in calendar with that key, a company's own from its <see cref="CalendarDefinition"/>, or null.</summary>
    public static BusinessCalendar? Find(string key) => BuiltIn.FirstOrDefault(calendar => calendar.Key == key) ?? CalendarDefinition.Read(key);

    /// <summary>Holidays of a year in order of date, also those that fall on a weekend. Two may share a date (Ascension on 1 May 2008).</summary>
    public IReadOnlyList<Holiday> HolidaysOf(int year) => Year(year).Listed;

    /// <summary>Whether the day is of the weekend.</summary>
    public bool IsWeekend(DateOnly day) => Weekend.Contains(day.DayOfWeek);

    /// <summary>Whether the day is a holiday, of the weekend or not.</summary>
    public bool IsHoliday(DateOnly day) => Year(day.Year).Dates.Contains(day);

    /// <summary>Whether people are expected to work on that day.</summary>
    public bool IsBusinessDay(DateOnly day) => !IsWeekend(day) && !IsHoliday(day);

    /// <summary>The day itself if it is a business day, otherwise the next one.</summary>
    public DateOnly OnOrAfter(DateOnly day)
    {
        while (!IsBusinessDay(day))
        {
            day = day.AddDays(1);
        }

        return day;
    }

    /// <summary>
    /// The <paramref name="count"/>-th business day after the day, or before it when negative; the day itself is never counted. Zero gives the day, or the next
    /// business day when it is none. The result is always a business day.
    /// </summary>
    /// <remarks>
    /// From a business day, so many forward and as many back lead to where one began. From another day they lead to the business day before it
    /// (forward first) or after it (back first).
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="Farthest"/> days.</exception>
    public DateOnly AddBusinessDays(DateOnly day, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Farthest);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, -Farthest);
        if (count == 0)
        {
            return OnOrAfter(day);
        }

        var step = Math.Sign(count);
        for (var left = Math.Abs(count); left > 0;)
        {
            day = day.AddDays(step);
            left -= IsBusinessDay(day) ? 1 : 0;
        }

        return day;
    }

    private (IReadOnlyList<Holiday> Listed, IReadOnlySet<DateOnly> Dates) Year(int year) => years.GetOrAdd(year, asked =>
    {
        IReadOnlyList<Holiday> listed = [.. holidaysOf(asked).OrderBy(holiday => holiday.Date)];
        return (listed, listed.Select(holiday => holiday.Date).ToHashSet());
    });
}
