using System.Globalization;
using CsCheck;

namespace Depart.Foundation.Calendars;

public sealed class DueRuleTests
{
    private static readonly TimeOnly Six = new(18, 0);

    [Theory]
    [InlineData("Europe/Paris", "2026-12-18", 0, "18:00", "2026-12-18T17:00:00Z")]
    [InlineData("Europe/Paris", "2026-07-17", -2, "18:00", "2026-07-15T16:00:00Z")]
    [InlineData("Europe/Paris", "2026-03-29", 0, "02:30", "2026-03-29T01:00:00Z")] // skipped: 03:00 is the next that exists
    [InlineData("Europe/Paris", "2026-10-25", 0, "02:30", "2026-10-25T00:30:00Z")] // twice: the first
    [InlineData("America/New_York", "2026-03-08", 0, "02:15", "2026-03-08T07:00:00Z")]
    [InlineData("America/New_York", "2026-11-01", 0, "01:30", "2026-11-01T05:30:00Z")]
    [InlineData("Australia/Sydney", "2026-10-04", 0, "02:30", "2026-10-03T16:00:00Z")] // spring in October
    [InlineData("Australia/Sydney", "2026-04-05", 0, "02:30", "2026-04-04T15:30:00Z")] // autumn in April
    [InlineData("Australia/Lord_Howe", "2026-10-04", 0, "02:15", "2026-10-03T15:30:00Z")] // half an hour only
    [InlineData("Australia/Lord_Howe", "2026-04-05", 0, "01:45", "2026-04-04T14:45:00Z")]
    [InlineData("America/Santiago", "2026-09-06", 0, "00:00", "2026-09-06T04:00:00Z")] // midnight itself is skipped
    [InlineData("America/Santiago", "2026-04-04", 0, "23:30", "2026-04-05T02:30:00Z")] // the last hour of the day comes twice
    [InlineData("Pacific/Auckland", "2026-12-31", 1, "00:30", "2026-12-31T11:30:00Z")]
    [InlineData("Asia/Kolkata", "2026-12-31", 1, "00:00", "2026-12-31T18:30:00Z")]
    public void An_hour_of_the_wall_clock_becomes_its_instant(string zone, string anchor, int days, string at, string instant)
    {
        var due = new DueRule(days, DayCount.Calendar, TimeOnly.Parse(at, CultureInfo.InvariantCulture)).From(Day(anchor), BusinessCalendar.WithoutHolidays, Zone(zone));

        Assert.Equal(At(instant), due.Instant);
        Assert.Equal((Day(anchor).AddDays(days), TimeOnly.Parse(at, CultureInfo.InvariantCulture), zone), (due.Day, due.Time, due.Zone));
        Assert.Equal(due, due.ByTodaysRules());
    }

    [Fact]
    public void Calendar_days_may_end_on_any_day_and_business_days_never_on_a_holiday()
    {
        var christmas = new DateOnly(2026, 12, 25);

        Assert.Equal(christmas, new DueRule(0, DayCount.Calendar, Six).From(christmas, BusinessCalendar.France, Zone("Europe/Paris")).Day);
        Assert.Equal(new(2026, 12, 28), new DueRule(0, DayCount.Business, Six).From(christmas, BusinessCalendar.France, Zone("Europe/Paris")).Day);
        Assert.Equal(new(2026, 12, 24), new DueRule(-1, DayCount.Business, Six).From(christmas, BusinessCalendar.France, Zone("Europe/Paris")).Day);
    }

    [Fact]
    public void What_is_counted_in_business_days_is_due_on_one_whatever_the_anchor() =>
        Gen.Select(Gen.Int[0, 60_000], Gen.Int[-200, 200]).Sample((from, offset) =>
        {
            var anchor = new DateOnly(2000, 1, 1).AddDays(from);
            var due = new DueRule(offset, DayCount.Business, Six).From(anchor, BusinessCalendar.AlsaceMoselle, Zone("Europe/Paris"));

            Assert.True(BusinessCalendar.AlsaceMoselle.IsBusinessDay(due.Day));
        });

    [Theory]
    [InlineData("2026-12-15T12:00:00Z", "2026-12-15T12:00:00Z")] // a Tuesday, by day
    [InlineData("2026-12-15T18:59:59Z", "2026-12-15T18:59:59Z")]
    [InlineData("2026-12-15T19:00:00Z", "2026-12-16T07:00:00Z")] // 20:00 in Paris until 8:00
    [InlineData("2026-12-16T06:59:00Z", "2026-12-16T07:00:00Z")]
    [InlineData("2026-12-18T20:00:00Z", "2026-12-21T07:00:00Z")] // over the weekend
    [InlineData("2026-12-24T20:00:00Z", "2026-12-28T07:00:00Z")] // over Christmas and the weekend after it
    [InlineData("2026-12-25T12:00:00Z", "2026-12-28T07:00:00Z")]
    [InlineData("2026-03-28T12:00:00Z", "2026-03-30T06:00:00Z")] // the clocks go forward meanwhile
    [InlineData("2026-10-24T12:00:00Z", "2026-10-26T07:00:00Z")] // and back
    public void A_mail_of_the_evening_waits_for_the_next_working_morning(string asked, string allowed)
    {
        var quiet = new QuietHours(new(20, 0), new(8, 0), BusinessCalendar.France) { Weekends = true, Holidays = true };

        Assert.Equal(At(allowed), quiet.NextAllowed(At(asked), Zone("Europe/Paris")));
    }

    [Fact]
    public void Quiet_that_ends_within_a_doubled_hour_ends_once()
    {
        var quiet = new QuietHours(new(22, 0), new(2, 30), BusinessCalendar.France);
        var paris = Zone("Europe/Paris");

        Assert.Equal(At("2026-10-25T00:30:00Z"), quiet.NextAllowed(At("2026-10-25T00:29:00Z"), paris));
        Assert.Equal(At("2026-10-25T01:10:00Z"), quiet.NextAllowed(At("2026-10-25T01:10:00Z"), paris)); // 02:10 for the second time
    }

    [Fact]
    public void Without_a_part_of_the_day_nothing_is_quiet_but_the_days_that_are_named()
    {
        var never = new QuietHours(Six, Six, BusinessCalendar.France);
        var christmas = At("2026-12-25T23:30:00Z");

        Assert.Equal(christmas, never.NextAllowed(christmas, Zone("Europe/Paris")));
        Assert.Equal(At("2026-12-25T23:00:00Z"), (never with { Holidays = true }).NextAllowed(At("2026-12-25T10:00:00Z"), Zone("Europe/Paris")));
    }

    [Fact]
    public void What_waits_is_never_earlier_and_once_allowed_stays_allowed()
    {
        string[] zones = ["Europe/Paris", "America/Santiago", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia", "UTC"];
        Gen.Select(Gen.Long[0, 40L * 365 * 24 * 60], Gen.Int[0, 95], Gen.Int[0, 95], Gen.Int[0, 5], Gen.Int[0, 3]).Sample((minutes, from, to, zone, days) =>
        {
            var quiet = new QuietHours(TimeOnly.MinValue.AddMinutes(from * 15), TimeOnly.MinValue.AddMinutes(to * 15), BusinessCalendar.France)
            {
                Weekends = (days & 1) != 0, Holidays = (days & 2) != 0,
            };
            var asked = At("2000-01-01T00:00:00Z").AddMinutes(minutes);
            var allowed = quiet.NextAllowed(asked, Zone(zones[zone]));

            Assert.InRange(allowed, asked, asked.AddDays(12));
            Assert.Equal(allowed, quiet.NextAllowed(allowed, Zone(zones[zone])));
        });
    }

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static TimeZoneInfo Zone(string name) => LocalInstant.FindZone(name)!;
}
