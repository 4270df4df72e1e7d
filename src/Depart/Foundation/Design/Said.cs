using System.Globalization;

namespace Depart.Foundation.Design;

/// <summary>Days and instants as people say them: « vendredi 18 décembre, 18 h », “Friday 18 December, 18:00”.</summary>
internal static class Said
{
    private static readonly Words Today = new("today", "aujourd’hui");
    private static readonly Words Tomorrow = new("tomorrow", "demain");
    private static readonly Words Yesterday = new("yesterday", "hier");
    private static readonly Words InDays = new("in {0} days", "dans {0} jours");
    private static readonly Words DaysAgo = new("{0} days ago", "il y a {0} jours");
    private static readonly Words AtHour = new("{0} at {1}", "{0} à {1}");
    private static readonly Words AtOn = new("{0}, {1}", "{0}, {1}");

    /// <summary>A day; the year only when it is another one than today's.</summary>
    public static Words Day(DateOnly day, DateOnly today) => new(
        day.ToString(day.Year == today.Year ? "dddd d MMMM" : "dddd d MMMM yyyy", Words.English),
        First(day.ToString(day.Year == today.Year ? "dddd d MMMM" : "dddd d MMMM yyyy", Words.French), day));

    /// <summary>A day, short, for tables.</summary>
    public static Words ShortDay(DateOnly day, DateOnly today) => new(
        day.ToString(day.Year == today.Year ? "ddd d MMM" : "ddd d MMM yyyy", Words.English),
        First(day.ToString(day.Year == today.Year ? "ddd d MMM" : "ddd d MMM yyyy", Words.French), day));

    /// <summary>An hour: « 18 h », « 18 h 30 », “18:00”.</summary>
    public static Words Hour(TimeOnly time) => new(
        time.ToString("HH:mm", CultureInfo.InvariantCulture),
        time.Minute == 0 ? $"{time.Hour}\u00A0h" : $"{time.Hour}\u00A0h\u00A0{time:mm}");

    /// <summary>An instant in a zone.</summary>
    public static Words Instant(DateTimeOffset instant, TimeZoneInfo zone, DateTimeOffset now, bool brief)
    {
        var (local, today) = (TimeZoneInfo.ConvertTime(instant, zone).DateTime, TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var day = DateOnly.FromDateTime(local);
        var here = DateOnly.FromDateTime(today);
        var named = (day.DayNumber - here.DayNumber) switch
        {
            0 => Today,
            1 => Tomorrow,
            -1 => Yesterday,
            _ => brief ? ShortDay(day, here) : Day(day, here),
        };
        return AtOn.With(named, Hour(TimeOnly.FromDateTime(local)));
    }

    /// <summary>When something is due: « hier », « aujourd’hui à 18 h », « vendredi 18 déc. »; the year only when it is another one than today's.</summary>
    public static Words Due(DateTimeOffset instant, TimeZoneInfo zone, DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone).DateTime;
        var (day, here) = (DateOnly.FromDateTime(local), DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime));
        var pattern = day.Year == here.Year ? "dddd d MMM" : "dddd d MMM yyyy";
        return (day.DayNumber - here.DayNumber) switch
        {
            0 => AtHour.With(Today, Hour(TimeOnly.FromDateTime(local))),
            1 => Tomorrow,
            -1 => Yesterday,
            _ => new(day.ToString(pattern, Words.English), First(day.ToString(pattern, Words.French), day)),
        };
    }

    /// <summary>The exact instant, shown when one points at it.</summary>
    public static string Exact(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        return string.Create(CultureInfo.InvariantCulture, $"{local:yyyy-MM-dd HH:mm:ss} {zone.Id} · {instant.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
    }

    /// <summary>A name after « de »: « d’Élodie », « de Paul »; the bare name in English.</summary>
    public static Words Of(string name) => new(name, Elides(SearchText.Of(name)) ? $"d’{name}" : $"de {name}");

    /// <summary>How far a day is.</summary>
    public static Words Distance(DateOnly day, DateOnly today) => (day.DayNumber - today.DayNumber) switch
    {
        0 => Today,
        1 => Tomorrow,
        -1 => Yesterday,
        > 0 and var days => InDays.With(days),
        var days => DaysAgo.With(-days),
    };

    /// <summary>The first of a month is « 1er » in French.</summary>
    /// <summary>A day as paper says it: never « today », always with its year.</summary>
    public static Words OnPaper(DateOnly day) => new(day.ToString("d MMMM yyyy", Words.English), First(" " + day.ToString("d MMMM yyyy", Words.French), day).Trim());

    /// <summary>An instant as paper says it.</summary>
    public static Words OnPaper(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone).DateTime;
        return AtOn.With(OnPaper(DateOnly.FromDateTime(local)), Hour(TimeOnly.FromDateTime(local)));
    }

    /// <summary>How long is left, as the script tells it every second: « 2 j 16 h », « 3 h 05 », « 4 min 09 s ».</summary>
    public static Words Left(TimeSpan left)
    {
        var (days, hours, minutes, seconds) = left < TimeSpan.Zero ? (0, 0, 0, 0) : (left.Days, left.Hours, left.Minutes, left.Seconds);
        return days > 0 ? new($"{days}\u00A0d\u00A0{hours}\u00A0h", $"{days}\u00A0j\u00A0{hours}\u00A0h")
            : hours > 0 ? Words.Same($"{hours}\u00A0h\u00A0{minutes:00}")
            : Words.Same($"{minutes}\u00A0min\u00A0{seconds:00}\u00A0s");
    }

    /// <summary>« d’Yves », but « de Youssef »: a y before a vowel is a consonant.</summary>
    private static bool Elides(string plain) => plain is ['y', var next, ..]
        ? !"aeiou".Contains(next, StringComparison.Ordinal)
        : plain.Length > 0 && "aeiouyh".Contains(plain[0], StringComparison.Ordinal);

    private static string First(string text, DateOnly day) => day.Day == 1 ? text.Replace(" 1 ", " 1er ", StringComparison.Ordinal) : text;
}
