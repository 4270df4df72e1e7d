using System.Globalization;
using Depart.Connectors.Lab;
using Depart.Connectors.PostgreSql;

namespace Depart.Bench.Lists;

/// <summary>
/// Bench 5: the pages that list, as a browser that is signed in asks for them, at 16 connections: with 100,000 departures over with 10,000. Both servers
/// run at once and take turns, so that what else the machine does falls on both.
/// </summary>
internal static class ListBench
{
    private const int Connections = 16;
    private const int Warm = 12;
    private const int Few = 10_000;
    private const int Many = 100_000;

    /// <summary>Pages of departures, which have a bound, then searches and the other lists, for context; nothing is said of one that does not answer within two seconds.</summary>
    private static readonly (string Name, string Path, bool Counts)[] Pages =
    [
        ("first page", "/departures", true),
        ("one state (open)", "/departures?state=open", true),
        ("four fifths down", "/departures?after={deep}", true),
        ("timeline", "/departures/timeline", true),
        ("late tasks", "/departures?late=true", true),
        ("one unit, a step, a state", "/departures?unit=DSI&step=3&state=open", true),
        ("API, first page", "/api/v1/departures", true),
        ("API, four fifths down", "/api/v1/departures?after={deep}", true),
        ("my tasks", "/tasks", true),
        ("API, my tasks", "/api/v1/tasks", true),
        ("API, my tasks counted", "/api/v1/tasks/counts", true),
        ("home", "/", true),
        ("search, one person", "/search?text=lefevre+camille", true),
        ("search, a first name", "/search?text=cami", true),
        ("search, a login", "/search?text=lmoreau", true),
        ("API, search", "/api/v1/search?text=moreau+lea", true),
        ("measures", "/dashboard", true),
        ("departures of one person", "/departures?search=lefevre+camille", false),
        ("departures of a first name", "/departures?search=camille", false),
        ("people", "/people", false),
        ("people, search", "/people?search=lefevre+camille", false),
        ("API, missions", "/api/v1/missions", false),
        ("journal", "/journal", false),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 5;
        var rounds = args is [_, var times, ..] ? int.Parse(times, CultureInfo.InvariantCulture) : 3;
        var only = args is [_, _, var database, ..] ? database : null;
        var pages = args is [_, _, _, .. { Length: > 0 } named] ? Pages.Where(page => named.Any(name => page.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase))).ToArray() : Pages;
        await using var lab = new LabRun();
        var wrk = new Wrk(LabRun.Program("wrk"), lab.NewFolder("wrk"), Connections);
        await using var cluster = await PostgreSqlCluster.StartAsync(lab.NewFolder("pg"), "local all all trust\n", ["listen_addresses="], "--locale=C.UTF-8");
        var worst = 0.0;
        foreach (var name in new[] { "SQLite", "PostgreSQL" }.Where(name => only is null || name == only))
        {
            await using var few = await ListServer.StartAsync(lab, name == "SQLite" ? null : cluster, Few);
            await using var many = await ListServer.StartAsync(lab, name == "SQLite" ? null : cluster, Many);
            Console.WriteLine();
            Console.WriteLine($"| {name}, {Connections} connections | requests/s at {Few:N0} | at {Many:N0} | time over time | p50 / p95 at {Few:N0}, ms | p50 / p95 at {Many:N0}, ms | p95 over p95 |");
            Console.WriteLine("|---|---|---|---|---|---|---|");
            foreach (var (page, path, counts) in pages)
            {
                var (one, other) = (new List<WrkAnswer>(), new List<WrkAnswer>());
                for (var round = 0; round <= rounds; round++)
                {
                    // The first round warms both up.
                    var (a, b) = (await wrk.RunAsync(few, path, round == 0 ? Warm : seconds), await wrk.RunAsync(many, path, round == 0 ? Warm : seconds));
                    if (round > 0)
                    {
                        one.Add(a);
                        other.Add(b);
                    }
                }

                var (small, large) = (WrkAnswer.Median(one), WrkAnswer.Median(other));
                var (time, tail) = (small.Rate / large.Rate, large.P95 / small.P95);
                worst = counts ? Math.Max(worst, Math.Max(time, tail)) : worst; // One that did not answer makes it NaN.
                Console.WriteLine(
                    $"| {page} | {small.Rate:F0} | {large.Rate:F0} | **{time:F2}** | {small.P50:F0} / {small.P95:F0} | {large.P50:F0} / {large.P95:F0} | **{tail:F2}** |");
            }
        }

        Console.WriteLine();
        Console.WriteLine($"worst of the departures: {worst:F2}; load at the end: {Machine.Load():F1}");
        return 0;
    }
}
