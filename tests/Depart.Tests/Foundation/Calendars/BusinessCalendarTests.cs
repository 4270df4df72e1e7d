using System.Globalization;
using CsCheck;

namespace Depart.Foundation.Calendars;

public sealed class BusinessCalendarTests
{
    /// <summary>Easter Sundays from 1900, month and day, ten to a line; made by another program (python-dateutil), the extremes compared with almanacs.</summary>
    private static readonly string[] KnownEasters =
    [
        "0415 0407 0330 0412 0403 0423 0415 0331 0419 0411", // 1900
        "0327 0416 0407 0323 0412 0404 0423 0408 0331 0420", // 1910
        "0404 0327 0416 0401 0420 0412 0404 0417 0408 0331", // 1920
        "0420 0405 0327 0416 0401 0421 0412 0328 0417 0409", // 1930
        "0324 0413 0405 0425 0409 0401 0421 0406 0328 0417", // 1940
        "0409 0325 0413 0405 0418 0410 0401 0421 0406 0329", // 1950
        "0417 0402 0422 0414 0329 0418 0410 0326 0414 0406", // 1960
        "0329 0411 0402 0422 0414 0330 0418 0410 0326 0415", // 1970
        "0406 0419 0411 0403 0422 0407 0330 0419 0403 0326", // 1980
        "0415 0331 0419 0411 0403 0416 0407 0330 0412 0404", // 1990
        "0423 0415 0331 0420 0411 0327 0416 0408 0323 0412", // 2000
        "0404 0424 0408 0331 0420 0405 0327 0416 0401 0421", // 2010
        "0412 0404 0417 0409 0331 0420 0405 0328 0416 0401", // 2020
        "0421 0413 0328 0417 0409 0325 0413 0405 0425 0410", // 2030
        "0401 0421 0406 0329 0417 0409 0325 0414 0405 0418", // 2040
        "0410 0402 0421 0406 0329 0418 0402 0422 0414 0330", // 2050
        "0418 0410 0326 0415 0406 0329 0411 0403 0422 0414", // 2060
        "0330 0419 0410 0326 0415 0407 0419 0411 0403 0423", // 2070
        "0407 0330 0419 0404 0326 0415 0331 0420 0411 0403", // 2080
        "0416 0408 0330 0412 0404 0424 0415 0331 0420 0412", // 2090
        "0328 0417 0409 0325 0413 0405 0418 0410 0401 0421", // 2100
        "0406 0329 0417 0402 0422 0414 0329 0418 0410 0326", // 2110
        "0414 0406 0329 0411 0402 0422 0414 0330 0418 0410", // 2120
        "0326 0415 0406 0419 0411 0403 0422 0407 0330 0419", // 2130
        "0403 0326 0415 0331 0419 0411 0403 0416 0407 0330", // 2140
        "0412 0404 0423 0415 0331 0420 0411 0327 0416 0408", // 2150
        "0323 0412 0404 0424 0408 0331 0420 0405 0327 0416", // 2160
        "0401 0421 0412 0404 0417 0409 0331 0420 0405 0328", // 2170
        "0416 0401 0421 0413 0328 0417 0409 0325 0413 0405", // 2180
        "0425 0410 0401 0421 0406 0329 0417 0409 0325 0414", // 2190
    ];

    private static readonly BusinessCalendar France = BusinessCalendar.France;

    [Fact]
    public void Easter_falls_where_it_is_known_to_fall_from_1900_to_2199()
    {
        var known = KnownEasters.SelectMany(line => line.Split(' ')).Select((day, at) =>
            new DateOnly(1900 + at, int.Parse(day[..2], CultureInfo.InvariantCulture), int.Parse(day[2..], CultureInfo.InvariantCulture))).ToList();

        Assert.Equal(300, known.Count);
        Assert.Equal(known, Enumerable.Range(1900, 300).Select(FrenchHolidays.Easter));
    }

    /// <summary>As service-public.fr publishes them.</summary>
    [Theory]
    [InlineData(2024, "01-01 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2025, "01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2027, "01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2028, "01-01 04-17 05-01 05-08 05-25 06-05 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2029, "01-01 04-02 05-01 05-08 05-10 05-21 07-14 08-15 11-01 11-11 12-25")]
    [InlineData(2030, "01-01 04-22 05-01 05-08 05-30 06-10 07-14 08-15 11-01 11-11 12-25")]
    public void France_has_its_eleven_holidays(int year, string days) =>
        Assert.Equal(days.Split(' ').Select(day => $"{year}-{day}"), France.HolidaysOf(year).Select(holiday => holiday.Date.ToString("O", CultureInfo.InvariantCulture)));

    [Fact]
    public void Holidays_have_their_names_in_both_languages()
    {
        var whitMonday = France.HolidaysOf(2026).Single(holiday => holiday.Date == new DateOnly(2026, 5, 25));

        Assert.Equal("Lundi de Pentecôte", whitMonday.Name.Fr);
        Assert.Equal("Whit Monday", whitMonday.Name.En);
        Assert.All(BusinessCalendar.AlsaceMoselle.HolidaysOf(2026), holiday => Assert.False(string.IsNullOrEmpty(holiday.Name.Fr) || string.IsNullOrEmpty(holiday.Name.En)));
    }

    [Fact]
    public void Alsace_and_Moselle_also_keep_Good_Friday_and_the_day_after_Christmas()
    {
        var more = BusinessCalendar.AlsaceMoselle.HolidaysOf(2026).Select(holiday => holiday.Date).Except(France.HolidaysOf(2026).Select(holiday => holiday.Date));

        Assert.Equal([new(2026, 4, 3), new(2026, 12, 26)], more);
        Assert.True(France.IsBusinessDay(new(2026, 4, 3)));
        Assert.False(BusinessCalendar.AlsaceMoselle.IsBusinessDay(new(2026, 4, 3)));
    }

    [Fact]
    public void Two_holidays_may_share_a_date() =>
        Assert.Equal(["labour-day", "ascension"], France.HolidaysOf(2008).Where(holiday => holiday.Date == new DateOnly(2008, 5, 1)).Select(holiday => holiday.Key));

    [Theory]
    [InlineData("2026-12-18", 0, "2026-12-18")]
    [InlineData("2026-12-19", 0, "2026-12-21")] // a Saturday
    [InlineData("2026-12-25", 0, "2026-12-28")] // Christmas, a Friday
    [InlineData("2026-12-24", 1, "2026-12-28")]
    [InlineData("2026-12-28", -1, "2026-12-24")]
    [InlineData("2026-12-31", 1, "2027-01-04")] // over the year's end: 1 January is a Friday
    [InlineData("2027-01-04", -1, "2026-12-31")]
    [InlineData("2024-12-31", 1, "2025-01-02")]
    [InlineData("2026-05-13", 1, "2026-05-15")] // around Ascension
    [InlineData("2026-04-30", 5, "2026-05-11")] // 1 and 8 May, both Fridays
    [InlineData("2028-02-28", 1, "2028-02-29")] // a leap year
    [InlineData("2026-12-19", 1, "2026-12-21")] // from a Saturday, the first business day after it
    [InlineData("2026-12-19", -1, "2026-12-18")]
    public void Business_days_are_counted_over_weekends_holidays_and_years(string from, int count, string to) =>
        Assert.Equal(DateOnly.Parse(to, CultureInfo.InvariantCulture), France.AddBusinessDays(DateOnly.Parse(from, CultureInfo.InvariantCulture), count));

    [Fact]
    public void As_many_business_days_back_as_forward_lead_to_where_one_began_or_to_its_neighbour() =>
        Gen.Select(Gen.Int[0, 80_000], Gen.Int[-300, 300], Gen.Int[0, 2]).Sample((from, count, which) =>
        {
            var calendar = BusinessCalendar.BuiltIn[which];
            var day = new DateOnly(1950, 1, 1).AddDays(from);
            var there = calendar.AddBusinessDays(day, count);
            var back = calendar.AddBusinessDays(there, -count);

            Assert.True(calendar.IsBusinessDay(there));
            if (calendar.IsBusinessDay(day) || count <= 0)
            {
                Assert.Equal(calendar.OnOrAfter(day), back);
            }
            else
            {
                Assert.Equal(calendar.AddBusinessDays(day, -1), back);
            }
        });

    [Fact]
    public void So_many_business_days_later_there_are_so_many_business_days_between() =>
        Gen.Select(Gen.Int[0, 80_000], Gen.Int[1, 200]).Sample((from, count) =>
        {
            var day = new DateOnly(1950, 1, 1).AddDays(from);
            var there = France.AddBusinessDays(day, count);

            Assert.Equal(count, Enumerable.Range(1, there.DayNumber - day.DayNumber).Count(step => France.IsBusinessDay(day.AddDays(step))));
        });

    [Fact]
    public void More_days_than_anybody_means_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => France.AddBusinessDays(new(2026, 1, 1), int.MinValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => France.AddBusinessDays(new(2026, 1, 1), BusinessCalendar.Farthest + 1));
    }

    [Fact]
    public void A_company_may_work_on_Whit_Monday_close_between_the_years_and_rest_on_Friday()
    {
        var data = new CustomCalendar
        {
            Key = "company", Name = new("Company", "Entreprise"), Extends = "france", Worked = ["whit-monday"],
            Weekend = [DayOfWeek.Friday, DayOfWeek.Saturday],
            Days = [.. Enumerable.Range(27, 5).Select(day => new NamedDay(new(2026, 12, day), new("Closed", "Fermeture annuelle")))],
        };

        var calendar = data.Build();

        Assert.Null(calendar.Problem);
        Assert.True(calendar.Value!.IsBusinessDay(new(2026, 5, 25)));
        Assert.True(calendar.Value.IsBusinessDay(new(2026, 12, 20)));
        Assert.False(calendar.Value.IsBusinessDay(new(2026, 12, 18)));
        Assert.Equal(new(2027, 1, 3), calendar.Value.AddBusinessDays(new(2026, 12, 24), 1));
        Assert.Equal("Fermeture annuelle", calendar.Value.HolidaysOf(2026)[^1].Name.Fr);
    }

    [Fact]
    public void A_calendar_that_cannot_be_meant_is_refused_with_its_field_and_line()
    {
        var data = new CustomCalendar
        {
            Key = "France", Name = new("x", "x"), Extends = "atlantis", Worked = ["ascension"], Weekend = [.. Enum.GetValues<DayOfWeek>()],
            Days = [new(new(2026, 1, 2), new("a", "a")), new(new(2026, 1, 2), new("a", ""))],
        };

        Assert.Equal(["Key", "Weekend", "Extends", "Worked", "Days 2", "Days 2"], data.Check().Select(problem => $"{problem.Field} {problem.Line}".TrimEnd()));
        Assert.False(data.Build().Ok);
        Assert.Equal("calendar-key", (data with { Key = "france" }).Build().Problem!.Code);
    }
}
