using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Depart.Bench.Engine;

/// <summary>What the fake system saw since it was last asked to forget.</summary>
/// <param name="Calls">Calls answered.</param>
/// <param name="First">When the first one came, in milliseconds UTC; 0 when none did.</param>
/// <param name="Last">When the last one came.</param>
/// <param name="Peak">Calls in flight at once on one of its paths, at most.</param>
internal sealed record Sight(long Calls, double First, double Last, int Peak);

/// <summary>A system that takes 5 ms for every call, in a process of its own: what any engine is measured against.</summary>
internal sealed partial class FakeTarget : IAsyncDisposable
{
    /// <summary>The verb under which the process runs.</summary>
    public const string Verb = "fake-target";

    private readonly Process process;
    private readonly HttpClient http = new();

    private FakeTarget(Process process, string address) => (this.process, Address) = (process, address);

    public string Address { get; }

    public static async Task<FakeTarget> StartAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Verb]) { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        var process = Process.Start(start)!;
        return new(process, (await process.StandardOutput.ReadLineAsync())!);
    }

    public async Task<Sight> LookAsync() => (await http.GetFromJsonAsync<Sight>(new Uri(Address + "/sight")))!;

    public async Task ForgetAsync() => (await http.PostAsync(new Uri(Address + "/forget"), null)).EnsureSuccessStatusCode();

    /// <summary>Calls per second by wrk over 160 connections: what the machine and the system give at best.</summary>
    public async Task<double> WrkAsync()
    {
        var start = new ProcessStartInfo("wrk", ["-t2", "-c160", "-d5s", Address + "/call/wrk"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var wrk = Process.Start(start)!;
        var said = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return double.Parse(PerSecond().Match(said).Groups["rate"].Value, CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>The process itself; it ends with its standard input.</summary>
    public static async Task<int> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        var paths = new ConcurrentDictionary<string, Path>(StringComparer.Ordinal);
        app.MapMethods("/call/{path}", ["GET", "POST"], async (string path) =>
        {
            var seen = paths.GetOrAdd(path, static _ => new());
            seen.Enter();
            await Task.Delay(5);
            seen.Leave();
            return Results.Ok();
        });
        app.MapGet("/sight", () =>
        {
            var all = paths.Values.Where(path => path.Calls > 0).ToList();
            return all.Count == 0 ? new Sight(0, 0, 0, 0) : new(all.Sum(path => path.Calls), all.Min(path => path.First), all.Max(path => path.Last), all.Max(path => path.Peak));
        });
        app.MapPost("/forget", () => paths.Clear());
        await app.StartAsync();
        await Console.Out.WriteLineAsync(app.Urls.First());
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        return 0;
    }

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[\d.]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PerSecond();

    private sealed class Path
    {
        private readonly Lock guard = new();
        private int now;

        public long Calls { get; private set; }

        public double First { get; private set; }

        public double Last { get; private set; }

        public int Peak { get; private set; }

        public void Enter()
        {
            var at = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
            lock (guard)
            {
                Calls++;
                First = First == 0 ? at : First;
                Last = at;
                Peak = Math.Max(Peak, ++now);
            }
        }

        public void Leave()
        {
            lock (guard)
            {
                now--;
            }
        }
    }
}
