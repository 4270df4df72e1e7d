using System.Globalization;
using Depart.Foundation;

namespace Depart.Departures;

/// <summary>Places days and instants along a period, in percent of its width: drawn so, a timeline fits every screen.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day, drawn whole.</param>
/// <param name="Zone">Whose days.</param>
internal sealed record TimelineScale(DateOnly From, DateOnly To, TimeZoneInfo Zone)
{
    private static readonly Words MonthAlone = new("MMM", "MMM");
    private static readonly Words MonthAndYear = new("MMM yyyy", "MMM yyyy");

    /// <summary>Days drawn.</summary>
    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>Where a day begins; outside the period below 0 or above 100.</summary>
    public double Of(DateOnly day) => (day.DayNumber - From.DayNumber) * 100.0 / Days;

    /// <summary>Where an instant lies, by the clock of the zone.</summary>
    public double Of(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, Zone).DateTime;
        return Of(DateOnly.FromDateTime(local)) + (local.TimeOfDay.TotalDays * 100 / Days);
    }

    /// <summary>Within the drawing.</summary>
    public static double Within(double place) => Math.Clamp(place, 0, 100);

    /// <summary>As an attribute of SVG.</summary>
    public static string Percent(double place) => place.ToString("0.##", CultureInfo.InvariantCulture) + "%";

    /// <summary>Beginnings of months with their names; a month is named where it has room, with its year where that has room too.</summary>
    public IEnumerable<(double At, string Name, bool Begins)> Months()
    {
        var first = new DateOnly(From.Year, From.Month, 1);
        var culture = CultureInfo.CurrentUICulture;
        for (var month = first; month <= To; month = month.AddMonths(1))
        {
            var (at, next) = (Within(Of(month)), Within(Of(month.AddMonths(1))));
            var (named, wide) = (next - at >= 7, next - at >= 12);
            yield return (at, !named ? "" : month.Month != 1 && month != first ? month.ToString(MonthAlone.ToString(), culture) : wide ? month.ToString(MonthAndYear.ToString(), culture)
                : month.Month == 1 ? month.ToString("yyyy", culture) : month.ToString(MonthAlone.ToString(), culture), month >= From);
        }
    }

    /// <summary>Mondays, where weeks are wide enough to be told apart.</summary>
    public IEnumerable<double> Weeks()
    {
        for (var day = From; Days <= 120 && day <= To; day = day.AddDays(1))
        {
            if (day.DayOfWeek == DayOfWeek.Monday)
            {
                yield return Of(day);
            }
        }
    }

    /// <summary>Weekends, where days are wide enough to be told apart.</summary>
    public IEnumerable<(double At, double Width)> Weekends()
    {
        for (var day = From; Days <= 45 && day <= To; day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            {
                yield return (Of(day), 100.0 / Days);
            }
        }
    }
}
