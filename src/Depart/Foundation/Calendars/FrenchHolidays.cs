namespace Depart.Foundation.Calendars;

/// <summary>The public holidays of France: eight on fixed dates, three that follow Easter; two more in Alsace and Moselle.</summary>
internal static class FrenchHolidays
{
    private static readonly Words NewYear = new("New Year’s Day", "Jour de l’An");
    private static readonly Words GoodFriday = new("Good Friday", "Vendredi saint");
    private static readonly Words EasterMonday = new("Easter Monday", "Lundi de Pâques");
    private static readonly Words LabourDay = new("Labour Day", "Fête du Travail");
    private static readonly Words VictoryDay = new("Victory in Europe Day", "Victoire de 1945");
    private static readonly Words Ascension = new("Ascension Day", "Ascension");
    private static readonly Words WhitMonday = new("Whit Monday", "Lundi de Pentecôte");
    private static readonly Words NationalDay = new("Bastille Day", "Fête nationale");
    private static readonly Words Assumption = new("Assumption", "Assomption");
    private static readonly Words AllSaints = new("All Saints’ Day", "Toussaint");
    private static readonly Words Armistice = new("Armistice Day", "Armistice de 1918");
    private static readonly Words Christmas = new("Christmas Day", "Noël");
    private static readonly Words SecondOfChristmas = new("St Stephen’s Day", "Saint-Étienne");

    /// <summary>Of a year, in no order.</summary>
    public static IEnumerable<Holiday> Of(int year, bool alsaceMoselle = false)
    {
        var easter = Easter(year);
        yield return new("new-year", new(year, 1, 1), NewYear);
        yield return new("easter-monday", easter.AddDays(1), EasterMonday);
        yield return new("labour-day", new(year, 5, 1), LabourDay);
        yield return new("victory-day", new(year, 5, 8), VictoryDay);
        yield return new("ascension", easter.AddDays(39), Ascension);
        yield return new("whit-monday", easter.AddDays(50), WhitMonday);
        yield return new("national-day", new(year, 7, 14), NationalDay);
        yield return new("assumption", new(year, 8, 15), Assumption);
        yield return new("all-saints", new(year, 11, 1), AllSaints);
        yield return new("armistice", new(year, 11, 11), Armistice);
        yield return new("christmas", new(year, 12, 25), Christmas);
        if (alsaceMoselle)
        {
            yield return new("good-friday", easter.AddDays(-2), GoodFriday);
            yield return new("saint-stephen", new(year, 12, 26), SecondOfChristmas);
        }
    }

    /// <summary>Easter Sunday of a Gregorian year: the Sunday after the full moon that the church's tables give on or after 21 March.</summary>
    public static DateOnly Easter(int year)
    {
        // The moon repeats every nineteen years; each century corrects for leap years left out and for the moon's own drift.
        var (place, century) = (year % 19, year / 100);
        var age = ((19 * place) + 15 + century - (century / 4) - (((8 * century) + 13) / 25)) % 30;

        // The tables never put the moon on 19 April, nor twice on 18 April within one cycle.
        var fullMoon = new DateOnly(year, 3, 21).AddDays(age == 29 || (age == 28 && place > 10) ? age - 1 : age);
        return fullMoon.AddDays(7 - (int)fullMoon.DayOfWeek);
    }
}
