using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Given;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

public class ListDeparturesTests
{
    // More of one state than are counted, more at one instant than on a page.
    private const int Departures = 2_400;
    private const int AtOneInstant = 300;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Departures_come_by_instant_or_the_newest_first_a_page_at_a_time_and_none_twice(bool newest)
    {
        await using var app = await DepartApp.StartAsync();
        await SeedAsync(app);
        var seen = new List<(string Id, DateTimeOffset CutAt)>();
        string? after = null;
        do
        {
            var page = await app.GetAsync($"/api/v1/departures?size=200&newest={newest}{(after is null ? "" : $"&after={after}")}");
            seen.AddRange(page["items"]!.AsArray().Select(row => (row!["id"]!.ToString(), row["cutAt"]!.GetValue<DateTimeOffset>())));
            after = page["next"]?.ToString();
        }
        while (after is not null);
        Assert.Equal(Departures, seen.Select(row => row.Id).Distinct().Count());
        Assert.Equal(Departures, seen.Count);
        var instants = seen.Select(row => row.CutAt).ToList();
        Assert.Equal(newest ? instants.OrderDescending() : instants.Order(), instants);
    }

    [Fact]
    public async Task A_cursor_that_is_none_is_refused()
    {
        await using var app = await DepartApp.StartAsync();
        foreach (var cursor in new[] { "nonsense", "12-34", "-1-2", "99999999999999999-" + Guid.Empty.ToString("N") })
        {
            var answer = await app.Http.GetAsync(new Uri($"/api/v1/departures?after={cursor}", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal("cursor-unknown", JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["code"]!.ToString());
        }
    }

    [Fact]
    public async Task A_state_is_counted_up_to_a_thousand_and_says_that_there_are_more()
    {
        await using var app = await DepartApp.StartAsync();
        await SeedAsync(app);
        var counts = await app.AskAsync(new CountDepartures());
        Assert.Equal(new StateCount(CountDepartures.AtMost, More: true), counts[DepartureState.Open]);
        Assert.Equal(new StateCount(Departures / 4, More: false), counts[DepartureState.Cancelled]);
        Assert.Equal("1,600+", InEnglish(() => DeparturesText.Counted([.. counts.Values])));
        Assert.Equal("600", InEnglish(() => DeparturesText.Counted(counts[DepartureState.Cancelled])));

        // A filter looks at the first of a state only, and says that there may be more.
        Assert.True(Departures / 4 > CountDepartures.LooksAt);
        var none = await app.AskAsync(new CountDepartures(Filter: new() { Unit = "No such unit" }));
        Assert.Equal([new StateCount(0, More: true), new StateCount(0, More: true)], none.Values);
    }

    [Fact]
    public async Task A_page_is_found_through_the_index_of_its_order_and_counts_go_through_no_more_than_they_show()
    {
        await using var app = await DepartApp.StartAsync();
        await SeedAsync(app);
        var middle = (await app.GetAsync("/api/v1/departures?size=200"))["next"]!.ToString();
        ListDepartures[] everywhere =
        [
            new(), new(After: middle), new(State: DepartureState.Open), new(State: DepartureState.Cancelled, After: middle), new(State: DepartureState.Cut, Newest: true),
            new(Filter: new() { From = new(2030, 3, 1), To = new(2030, 5, 31) }),
        ];

        // Of two thousand rows PostgreSQL rather reads all than follow an index from another table.
        ListDepartures[] narrowed =
        [
            new(State: DepartureState.Open, Filter: new() { Late = true, Step = 5 }), new(Filter: new() { Unit = "DSI" }),
            new(Filter: new() { Supplier = SupplierId.From(Guid.Empty), Manager = PersonId.From(Guid.Empty) }),
        ];
        foreach (var question in everywhere.Concat(app.Storage.IsPostgreSql ? Array.Empty<ListDepartures>() : narrowed))
        {
            Seeks(Assert.Single(await Plans.OfAsync(app.Storage, db => new ListDepartures.Handler(db, Actor.Console, TimeProvider.System).HandleAsync(question, TestContext.Current.CancellationToken))));
        }

        Assert.All(await Plans.OfAsync(app.Storage, db => new CountDepartures.Handler(db, Actor.Console, TimeProvider.System).HandleAsync(new(), TestContext.Current.CancellationToken)), Seeks);
    }

    private static void Seeks(string plan)
    {
        TestContext.Current.SendDiagnosticMessage("{0}", plan);
        Assert.Contains("IX_departures_", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on departures", plan, StringComparison.Ordinal);

        // What a subquery gives, or one row that is said, may be gone through from end to end, a table may not.
        var lines = plan.Split('\n');
        Assert.DoesNotContain(lines, line => line.StartsWith("SCAN ", StringComparison.Ordinal) && line != "SCAN CONSTANT ROW" && !line.Contains(" USING ", StringComparison.Ordinal) && !lines.Contains(line.Replace("SCAN ", "CO-ROUTINE ", StringComparison.Ordinal)));
    }

    private static string InEnglish(Func<string> text)
    {
        var before = System.Globalization.CultureInfo.CurrentUICulture;
        System.Globalization.CultureInfo.CurrentUICulture = Words.English;
        try
        {
            return text();
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentUICulture = before;
        }
    }

    /// <summary>Written past the door: thousands of departures, three quarters open, the others cancelled.</summary>
    private static async Task SeedAsync(DepartApp app)
    {
        var people = Enumerable.Range(0, Departures).Select(number => Person.Of(new("Élodie", $"Lefèvre {number}", null, [], [], ContractualStatus.Independent, null))).ToList();
        var missions = people.ConvertAll(person => Mission.Of(person.Id, new("Refonte du portail", null, null, null, null, MissionKind.Regie, WorkPlace.Remote, null, null, [], [])));
        var zone = LocalInstant.FindZone(Departure.DefaultZone)!;
        var departures = missions.Select((mission, number) =>
        {
            var day = new DateOnly(2030, 1, 1).AddDays(number < AtOneInstant ? 40 : number % 365);
            var departure = Departure.Open(mission.Id, mission.Person, day, zone, Departure.DefaultCutTime, DepartureKind.Planned, DepartureReason.MissionEnd, DateTimeOffset.UnixEpoch);
            if (number % 4 == 0)
            {
                departure.Cancel();
            }

            return departure;
        }).ToList();
        await app.WithDataAsync(async db =>
        {
            await db.InsertAsync(people, TestContext.Current.CancellationToken);
            await db.InsertAsync(missions, TestContext.Current.CancellationToken);
            await db.InsertAsync(departures, TestContext.Current.CancellationToken);
            if (db.Database.IsNpgsql())
            {
                await db.Database.ExecuteSqlRawAsync("ANALYZE", TestContext.Current.CancellationToken);
            }
        });
    }
}

[OnPostgreSql]
public sealed class ListDeparturesOnPostgreSqlTests : ListDeparturesTests;
