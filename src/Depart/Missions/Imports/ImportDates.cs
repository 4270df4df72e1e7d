using System.Globalization;
using System.Text.RegularExpressions;
using Depart.Foundation;

namespace Depart.Missions.Imports;

/// <summary>In which order a file writes its days.</summary>
public enum DateOrder
{
    /// <summary>Nothing in the file tells.</summary>
    Unknown,

    /// <summary>Day, month, year: France, the United Kingdom.</summary>
    DayFirst,

    /// <summary>Month, day, year: the United States.</summary>
    MonthFirst,
}

/// <summary>Days as people write them. What can be read in two ways is refused, never guessed.</summary>
internal static partial class ImportDates
{
    private static readonly Words Unreadable = new(
        "“{0}” is not a date that can be read. Write it like 2026-12-18.", "« {0} » n’est pas une date lisible. Écrivez-la ainsi : 2026-12-18.");

    private static readonly Words Ambiguous = new(
        "“{0}” can be read as {1} or as {2}. Write the date as 2026-12-18, or choose the order of the dates of this file.",
        "« {0} » peut se lire {1} ou {2}. Écrivez la date sous la forme 2026-12-18, ou choisissez l’ordre des dates de ce fichier.");

    private static readonly Words Improbable = new("“{0}”: the year {1} is improbable.", "« {0} » : l’année {1} est improbable.");

    private static readonly Dictionary<string, int> Months = MonthNames();

    /// <summary>The order that the dates of a file prove, or that French headers imply; unknown when they contradict each other.</summary>
    public static DateOrder OrderOf(IEnumerable<string> texts, bool frenchHeaders)
    {
        var (dayFirst, monthFirst) = (false, false);
        foreach (var match in texts.Select(text => Numbers().Match(text)).Where(match => match.Success))
        {
            var (first, second) = (Part(match, "a"), Part(match, "b"));
            dayFirst |= first is > 12 and <= 31 && second <= 12;
            monthFirst |= second is > 12 and <= 31 && first <= 12;
        }

        return (dayFirst, monthFirst) switch
        {
            (true, false) => DateOrder.DayFirst,
            (false, true) => DateOrder.MonthFirst,
            (false, false) when frenchHeaders => DateOrder.DayFirst,
            _ => DateOrder.Unknown,
        };
    }

    /// <summary>The day, or why it cannot be read.</summary>
    public static (DateOnly? Day, Words? Problem) Read(string text, DateOrder order)
    {
        var trimmed = Midnight().Replace(text.Trim(), "");
        var (day, problem) = Iso().Match(trimmed) is { Success: true } iso
            ? (Make(Part(iso, "y"), Part(iso, "m"), Part(iso, "d")), null)
            : Numbers().Match(trimmed) is { Success: true } numbers
                ? Numeric(text, numbers, order)
                : Serial().IsMatch(trimmed)
                    ? (OfSerial(double.Parse(trimmed, CultureInfo.InvariantCulture)), null)
                    : (Worded(trimmed), (Words?)null);
        if (problem is not null)
        {
            return (null, problem);
        }

        if (day is not { } read)
        {
            return (null, Unreadable.With(text));
        }

        return read.Year is < 1990 or > 2100 ? (null, Improbable.With(text, read.Year)) : (read, null);
    }

    /// <summary>The day of an Excel serial number, or null when it is none that a mission can have.</summary>
    public static DateOnly? OfSerial(double serial) =>
        serial is >= 61 and < 2_958_466 ? DateOnly.FromDateTime(DateTime.FromOADate(Math.Floor(serial))) : null;

    private static (DateOnly? Day, Words? Problem) Numeric(string text, Match match, DateOrder order)
    {
        var (first, second, year) = (Part(match, "a"), Part(match, "b"), Part(match, "y"));
        year = match.Groups["y"].Length == 2 ? 2000 + year : year;
        var (dayFirst, monthFirst) = (Make(year, second, first), Make(year, first, second));
        return (dayFirst, monthFirst, order) switch
        {
            (null, null, _) => (null, null),
            ({ } one, { } other, _) when one == other => (one, null),
            (_, null, not DateOrder.MonthFirst) => (dayFirst, null),
            (null, _, not DateOrder.DayFirst) => (monthFirst, null),
            (_, _, DateOrder.DayFirst) => (dayFirst, null),
            (_, _, DateOrder.MonthFirst) => (monthFirst, null),
            _ => (null, Ambiguous.With(text, FieldChange.Day(dayFirst), FieldChange.Day(monthFirst))),
        };
    }

    /// <summary>« 18 décembre 2026 », « 1er mars 2026 », « December 18, 2026 ».</summary>
    private static DateOnly? Worded(string text)
    {
        var words = SearchText.Of(text).Split(' ').Where(word => word.Length > 0 && !Weekdays.Contains(word)).ToArray();
        return words switch
        {
            [var day, var month, var year] when Months.TryGetValue(month, out var number) && Day(day) is { } of && Year(year) is { } at => Make(at, number, of),
            [var month, var day, var year] when Months.TryGetValue(month, out var number) && Day(day) is { } of && Year(year) is { } at => Make(at, number, of),
            _ => null,
        };
    }

    private static int? Day(string word) =>
        int.TryParse(word.Replace("er", "", StringComparison.Ordinal).Replace("st", "", StringComparison.Ordinal).Replace("nd", "", StringComparison.Ordinal)
            .Replace("rd", "", StringComparison.Ordinal).Replace("th", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var day) ? day : null;

    private static int? Year(string word) => word.Length == 4 && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : null;

    private static DateOnly? Make(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new(year, month, day) : null;

    private static int Part(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static readonly HashSet<string> Weekdays = Names(culture => culture.DateTimeFormat.DayNames.Concat(culture.DateTimeFormat.AbbreviatedDayNames)).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Names(Func<CultureInfo, IEnumerable<string>> names) =>
        new[] { Words.French, Words.English }.SelectMany(names).Select(SearchText.Of).Where(name => name.Length > 0);

    private static Dictionary<string, int> MonthNames()
    {
        var months = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var culture in new[] { Words.French, Words.English })
        {
            for (var month = 1; month <= 12; month++)
            {
                months[SearchText.Of(culture.DateTimeFormat.GetMonthName(month))] = month;
                months[SearchText.Of(culture.DateTimeFormat.GetAbbreviatedMonthName(month))] = month;
            }
        }

        months["sept"] = 9;
        months["sep"] = 9;
        return months;
    }

    [GeneratedRegex(@"^(?<y>\d{4})[-/.](?<m>\d{1,2})[-/.](?<d>\d{1,2})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Iso();

    // Two figures and dashes may be a year first as well as last: not read.
    [GeneratedRegex(@"^(?<a>\d{1,2})[-/. ](?<b>\d{1,2})[-/. ](?<y>\d{4})$|^(?<a>\d{1,2})[/.](?<b>\d{1,2})[/.](?<y>\d{2})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^\d{5}(\.0+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Serial();

    [GeneratedRegex(@"[T ]0?0:00(:00(\.0+)?)?( ?AM)?Z?$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Midnight();
}
