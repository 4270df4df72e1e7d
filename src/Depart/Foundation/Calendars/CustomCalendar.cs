using Depart.Foundation.Door;

namespace Depart.Foundation.Calendars;

/// <summary>A holiday given as data.</summary>
/// <param name="Date">The day.</param>
/// <param name="Name">Its name in both languages.</param>
internal sealed record NamedDay(DateOnly Date, Words Name);

/// <summary>
/// A company's or a country's calendar as data: it may begin with a built-in one, add days and work on some of its holidays (the Monday of Pentecost, in
/// many companies).
/// </summary>
internal sealed record CustomCalendar
{
    /// <summary>Most days one calendar may list.</summary>
    public const int MostDays = 2_000;

    private static readonly Words KeyWrong = new(
        "The key of a calendar is made of lower-case letters, digits and hyphens, 60 at most: “{0}”.", "La clé d’un calendrier se compose de minuscules, de chiffres et de traits d’union, 60 caractères au plus : « {0} ».");

    private static readonly Words KeyTaken = new("The calendar {0} comes with Depart: choose another key.", "Le calendrier {0} est fourni avec Départ : choisissez une autre clé.");
    private static readonly Words NoSuchCalendar = new("There is no built-in calendar named “{0}”.", "Aucun calendrier fourni ne s’appelle « {0} ».");
    private static readonly Words NothingWorked = new("At least one day of the week must be worked.", "Au moins un jour de la semaine doit être travaillé.");
    private static readonly Words TooMany = new("A calendar lists {0} days at most.", "Un calendrier contient {0} jours au plus.");
    private static readonly Words Unnamed = new("{0:d}: give the day a name in both languages.", "{0:d} : donnez un nom au jour dans les deux langues.");
    private static readonly Words Twice = new("{0:d} is listed twice.", "Le {0:d} figure deux fois.");
    private static readonly Words NotThere = new("“{0}” is no holiday of the calendar it begins with.", "« {0} » n’est pas un jour férié du calendrier de départ.");

    /// <summary>Kebab-case, 60 characters at most, none of the built-in ones.</summary>
    public required string Key { get; init; }

    /// <summary>Its name in both languages.</summary>
    public required Words Name { get; init; }

    /// <summary>Days of the week that are not worked; Saturday and Sunday unless said.</summary>
    public IReadOnlyList<DayOfWeek> Weekend { get; init; } = [DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>The built-in calendar whose holidays it begins with, or null for none.</summary>
    public string? Extends { get; init; }

    /// <summary>Keys of holidays of that calendar on which one works here.</summary>
    public IReadOnlyList<string> Worked { get; init; } = [];

    /// <summary>Days of its own, each with its year.</summary>
    public IReadOnlyList<NamedDay> Days { get; init; } = [];

    /// <summary>What is wrong with it, each problem naming the field and, for a day, its place from 1.</summary>
    public IEnumerable<Problem> Check()
    {
        if (Key.Length is 0 or > 60 || !Key.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
        {
            yield return Problem.Invalid(nameof(Key), "calendar-key", KeyWrong.With(Key));
        }
        else if (BusinessCalendar.Find(Key) is { } taken)
        {
            yield return Problem.Invalid(nameof(Key), "calendar-key", KeyTaken.With(taken.Name));
        }

        if (Weekend.Distinct().Count() == 7)
        {
            yield return Problem.Invalid(nameof(Weekend), "nothing-worked", NothingWorked);
        }

        var parent = Extends is null ? null : BusinessCalendar.Find(Extends);
        if (Extends is not null && parent is null)
        {
            yield return Problem.Invalid(nameof(Extends), "not-found", NoSuchCalendar.With(Extends));
        }

        // Every year of a built-in calendar has the same holidays.
        foreach (var key in Worked.Where(key => parent?.HolidaysOf(2000).Any(holiday => holiday.Key == key) != true))
        {
            yield return Problem.Invalid(nameof(Worked), "not-found", NotThere.With(key));
        }

        if (Days.Count > MostDays)
        {
            yield return Problem.Invalid(nameof(Days), "too-many", TooMany.With(MostDays));
        }

        var seen = new HashSet<DateOnly>();
        foreach (var (day, at) in Days.Take(MostDays).Select((day, at) => (day, at)))
        {
            if (string.IsNullOrWhiteSpace(day.Name.En) || string.IsNullOrWhiteSpace(day.Name.Fr))
            {
                yield return Problem.Invalid(nameof(Days), "required", Unnamed.With(day.Date)) with { Line = at + 1 };
            }

            if (!seen.Add(day.Date))
            {
                yield return Problem.Invalid(nameof(Days), "twice", Twice.With(day.Date)) with { Line = at + 1 };
            }
        }
    }

    /// <summary>The calendar, or the first thing that is wrong with the data.</summary>
    public Outcome<BusinessCalendar> Build()
    {
        if (Problem.Several([.. Check()]) is { } wrong)
        {
            return wrong;
        }

        var parent = Extends is null ? BusinessCalendar.WithoutHolidays : BusinessCalendar.Find(Extends)!;
        var own = Days.ToLookup(day => day.Date.Year, day => new Holiday($"day-{day.Date:yyyy-MM-dd}", day.Date, day.Name));
        return new BusinessCalendar(Key, Name, Weekend, year => parent.HolidaysOf(year).Where(holiday => !Worked.Contains(holiday.Key, StringComparer.Ordinal)).Concat(own[year]));
    }
}
