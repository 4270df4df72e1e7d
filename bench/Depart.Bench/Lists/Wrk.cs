using System.Globalization;
using Depart.Connectors.Lab;

namespace Depart.Bench.Lists;

/// <summary>What wrk saw: requests per second, and latencies in milliseconds as its client measures them, waiting for a core included.</summary>
internal sealed record WrkAnswer(double Rate, double P50, double P95)
{
    /// <summary>What is said of a page that did not answer every time.</summary>
    public static WrkAnswer None { get; } = new(double.NaN, double.NaN, double.NaN);

    /// <summary>The median of each figure.</summary>
    public static WrkAnswer Median(List<WrkAnswer> answers) => new(Of(answers, a => a.Rate), Of(answers, a => a.P50), Of(answers, a => a.P95));

    // One round without an answer makes a page without figures.
    private static double Of(List<WrkAnswer> answers, Func<WrkAnswer, double> figure) =>
        answers.Contains(None) ? double.NaN : answers.Select(figure).Order().ElementAt(answers.Count / 2);
}

/// <summary>The public load generator wrk, with a script of a few lines because it does not print the 95th percentile by itself.</summary>
internal sealed class Wrk
{
    private const string Script = """
        done = function(summary, latency)
          local wrong = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
          print(string.format("figures %d %d %d %d %d", summary.requests, summary.duration, latency:percentile(50), latency:percentile(95), wrong))
        end
        """;

    private readonly string program;
    private readonly string script;
    private readonly int connections;

    public Wrk(string program, string folder, int connections)
    {
        (this.program, this.connections, script) = (program, connections, Path.Combine(folder, "figures.lua"));
        File.WriteAllText(script, Script);
    }

    /// <summary>Asks for one page, over and over; no figures when one answer was refused, or took longer than the client's two seconds.</summary>
    public async Task<WrkAnswer> RunAsync(ListServer server, string path, int seconds)
    {
        var output = (await LabRun.RunAsync(program,
        [
            "-t1", $"-c{connections}", $"-d{seconds}s", "-s", script, "-H", $"Cookie: {server.Cookie}", "-H", "Accept-Encoding: br, gzip", "-H", "Accept-Language: fr",
            server.Address + path.Replace("{deep}", server.Deep, StringComparison.Ordinal),
        ])).Well("wrk");
        var figures = output.Split('\n').Single(line => line.StartsWith("figures ", StringComparison.Ordinal)).Split(' ')[1..]
            .Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToList();
        return figures[4] == 0
            ? new(figures[0] / (figures[1] / 1_000_000), figures[2] / 1000, figures[3] / 1000)
            : WrkAnswer.None;
    }
}
