using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Depart.Foundation;
using Depart.Missions.Imports;

namespace Depart.Interfaces.CommandLine;

/// <summary>Days and hours on the command line: 2026-12-18, or any other way of writing that has one reading, whatever the machine's culture.</summary>
internal static class Days
{
    private static readonly Words Unreadable = new("{0}: “{1}” is not a day. Write 2026-12-18.", "{0} : « {1} » n’est pas un jour. Écrivez 2026-12-18.");
    private static readonly Words NotAnHour = new("{0}: “{1}” is not an hour. Write 18:00.", "{0} : « {1} » n’est pas une heure. Écrivez 18:00.");
    private static readonly Words TwoReadings = new(
        "{0}: “{1}” can be read in two ways. Write the year first: 2026-12-18.", "{0} : « {1} » peut se lire de deux façons. Écrivez l’année d’abord : 2026-12-18.");

    /// <summary>An option that must be given.</summary>
    public static Option<DateOnly> Required(string name) => new(name) { Required = true, CustomParser = result => Read(name, result) ?? default };

    /// <summary>An option that may be left out.</summary>
    public static Option<DateOnly?> Optional(string name) => new(name) { CustomParser = result => Read(name, result) };

    /// <summary>An hour that may be left out: 18:00.</summary>
    public static Option<TimeOnly?> Hour(string name, Words? about = null) => new(name)
    {
        HelpName = "18:00", Description = about?.ToString(),
        CustomParser = result =>
        {
            var said = result.Tokens is [var token, ..] ? token.Value : "";
            if (TimeOnly.TryParseExact(said, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var hour))
            {
                return hour;
            }

            result.AddError(NotAnHour.With(name, said).ToString());
            return null;
        },
    };

    private static DateOnly? Read(string name, ArgumentResult result)
    {
        var text = result.Tokens is [var token, ..] ? token.Value : "";

        // A number alone is a day to a spreadsheet, not to a person.
        if (text.Any(letter => !char.IsDigit(letter)) && ImportDates.Read(text, DateOrder.Unknown).Day is { } day)
        {
            return day;
        }

        var either = ImportDates.Read(text, DateOrder.DayFirst).Day is not null && text.Any(letter => !char.IsDigit(letter));
        result.AddError((either ? TwoReadings : Unreadable).With(name, text).ToString());
        return null;
    }
}
