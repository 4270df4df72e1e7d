using System.Globalization;
using System.Text;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Tables;
using Depart.Given;
using Depart.Missions;
using Depart.Step7OnePlatform.Dashboard;

namespace Depart.Step7OnePlatform;

public class DashboardTests
{
    private static readonly TimeZoneInfo Paris = LocalInstant.FindZone("Europe/Paris")!;

    [Fact]
    public async Task Departures_are_measured_by_month_of_their_last_day_and_those_past_their_hour_and_not_closed_are_told()
    {
        await using var app = await DepartApp.StartAsync();
        await SeedAsync(app, ("DSI", new(2025, 3, 31), TimeSpan.FromMinutes(10), true), ("DSI", new(2025, 3, 3), TimeSpan.FromHours(2), true), ("RH", new(2025, 4, 1), TimeSpan.FromMinutes(1), false), ("DSI", new(2030, 1, 15), null, true));

        var figures = await app.AskAsync(new ReadDashboard(new(2025, 3, 1), new(2025, 4, 30)));

        Assert.Equal([2, 0], figures.Months.Select(month => month.Closed));
        Assert.Equal([0, 1], figures.Months.Select(month => month.Attention));
        Assert.Equal(new Durations(2, TimeSpan.FromMinutes(10), TimeSpan.FromHours(2)), figures.ToClosed);
        Assert.Equal(1, figures.NotClosed);
        Assert.Equal(["RH"], (await app.AskAsync(new ListDepartures(Filter: new() { Unclosed = true, From = figures.From, To = figures.To }))).Items.Select(row => row.Mission));

        // What is to come is neither.
        var later = await app.AskAsync(new ReadDashboard(new(2030, 1, 1), new(2030, 1, 31)));
        Assert.Equal((1, 0), (later.Months.Single().ToCome, later.NotClosed));
        Assert.Empty((await app.AskAsync(new ListDepartures(Filter: new() { Unclosed = true, From = later.From, To = later.To }))).Items);
    }

    [Fact]
    public async Task A_unit_narrows_the_measures()
    {
        await using var app = await DepartApp.StartAsync();
        await SeedAsync(app, ("DSI", new(2025, 3, 31), TimeSpan.FromMinutes(10), true), ("RH", new(2025, 3, 31), TimeSpan.FromMinutes(30), true));

        var figures = await app.AskAsync(new ReadDashboard(new(2025, 3, 1), new(2025, 3, 31), "RH"));

        Assert.Equal(1, figures.States[DepartureState.Cut]);
        Assert.Equal(TimeSpan.FromMinutes(30), figures.ToClosed.Median);
    }

    [Theory]
    [InlineData("2025-04-01", "2025-03-01", "end-before-start")]
    [InlineData("2010-01-01", "2025-03-01", "period-too-long")]
    [InlineData("1200-01-01", "2025-03-01", "day-out-of-range")]
    public async Task A_period_that_cannot_be_measured_is_refused_by_field(string from, string to, string code)
    {
        await using var app = await DepartApp.StartAsync();

        Assert.Equal(code, await app.TryAsync(new ReadDashboard(DateOnly.Parse(from, CultureInfo.InvariantCulture), DateOnly.Parse(to, CultureInfo.InvariantCulture)), Actor.Console));
    }

    [Fact]
    public void A_text_is_never_taken_for_a_formula_and_both_files_say_the_same()
    {
        var table = new Table(Words.Same("Essai: 1/2"), [Words.Same("Nom"), Words.Same("Nombre")], [["=HYPERLINK(\"http://x\")", 1.5], ["« a;b »\n", null], ["\u0001\uD800é", -2]]);

        var csv = Encoding.UTF8.GetString(TableFile.Csv(table));
        Assert.Contains("'=HYPERLINK", csv, StringComparison.Ordinal);
        Assert.StartsWith("\uFEFFNom", csv, StringComparison.Ordinal);
        using var file = DocumentFormat.OpenXml.Packaging.SpreadsheetDocument.Open(new MemoryStream(TableFile.Xlsx(table)), isEditable: false);
        Assert.Empty(new DocumentFormat.OpenXml.Validation.OpenXmlValidator().Validate(file, TestContext.Current.CancellationToken));
    }

    private static async Task SeedAsync(DepartApp app, params (string Unit, DateOnly LastDay, TimeSpan? ToClosed, bool Closed)[] given) => await app.WithDataAsync(async db =>
    {
        foreach (var (unit, lastDay, toClosed, closed) in given)
        {
            var person = Person.Of(new("Zoë", $"Nguyen {unit} {lastDay:yyyyMMdd}", null, [], [], ContractualStatus.Independent, null));
            var mission = Mission.Of(person.Id, new(unit, unit, null, null, null, MissionKind.Regie, WorkPlace.Remote, null, lastDay, [], []));
            var departure = Departure.Open(mission.Id, person.Id, lastDay, Paris, Departure.DefaultCutTime, DepartureKind.Planned, DepartureReason.MissionEnd, DateTimeOffset.UnixEpoch);
            if (toClosed is { } span)
            {
                departure.StartDisconnecting(immediate: false, departure.CutAt);
                departure.EndDisconnecting(closed, departure.CutAt + span);
            }

            db.AddRange(person, mission, departure);
        }

        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    });
}

[OnPostgreSql]
public sealed class DashboardOnPostgreSqlTests : DashboardTests;
