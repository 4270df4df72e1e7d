using System.Collections.Concurrent;
using System.Globalization;

namespace Depart.Foundation.Calendars;

/// <summary>
/// A calendar as a departure keeps it: the key of a built-in one, or a company's own in short, its days without their names. What was decided stays countable whatever becomes of the
/// calendar since.
/// </summary>
/// <remarks><c>alteo=france;Saturday,Sunday;whit-monday;2026-12-24,2026-12-31</c>: key, what it begins with, weekend, holidays worked, own days.</remarks>
internal static class CalendarDefinition
{
    private static readonly ConcurrentDictionary<string, BusinessCalendar?> Known = new(StringComparer.Ordinal);
    private static readonly Words ClosingDay = new("Closing day", "Jour de fermeture");

    /// <summary>A company's calendar in short.</summary>
    public static string Of(CustomCalendar calendar) =>
        $"{calendar.Key}={calendar.Extends};{string.Join(',', calendar.Weekend)};{string.Join(',', calendar.Worked)};{string.Join(',', calendar.Days.Select(day => day.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))}";

    /// <summary>The calendar that a short text defines, or null when it defines none.</summary>
    public static BusinessCalendar? Read(string text) => Known.GetOrAdd(text, static asked =>
    {
        if (asked.Split('=') is not [var key, var rest] || rest.Split(';') is not [var extends, var weekend, var worked, var days])
        {
            return null;
        }

        var (rests, closed) = (new List<DayOfWeek>(), new List<NamedDay>());
        foreach (var one in Parts(weekend))
        {
            if (!Enum.TryParse<DayOfWeek>(one, out var day))
            {
                return null;
            }

            rests.Add(day);
        }

        foreach (var one in Parts(days))
        {
            if (!DateOnly.TryParseExact(one, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                return null;
            }

            closed.Add(new(day, ClosingDay));
        }

        return new CustomCalendar
        {
            Key = key, Name = Words.Same(key), Extends = extends.Length == 0 ? null : extends, Weekend = rests, Worked = Parts(worked), Days = closed,
        }.Build().Value;
    });

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
