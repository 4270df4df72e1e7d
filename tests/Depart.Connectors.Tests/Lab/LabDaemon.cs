using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Depart.Connectors.Lab;

/// <summary>
/// A server run in the foreground until it is disposed of. Should the tests be killed, it goes with them: it lives only as long as our end of its
/// standard input.
/// </summary>
public sealed class LabDaemon : IAsyncDisposable
{
    // $1 is the signal that ends the server. The server's own standard input is empty; ours, when closed, ends it.
    private const string Keeper = """
        signal=$1; shift
        exec 3<&0
        "$@" </dev/null 3<&- & server=$!
        ( while read -r _ <&3; do :; done; kill -"$signal" "$server" 2>/dev/null ) & watch=$!
        wait "$server"; code=$?
        kill "$watch" 2>/dev/null
        exit "$code"
        """;

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    private LabDaemon(Process process) => this.process = process;

    /// <summary>What the server printed, the last 400 lines.</summary>
    public string Log => string.Join('\n', lines);

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="program">Full path.</param>
    /// <param name="arguments">Its arguments, in the foreground.</param>
    /// <param name="ready">Whether it answers; asked again and again for a minute.</param>
    /// <param name="environment">Added to the environment.</param>
    /// <param name="folder">Working folder.</param>
    /// <param name="signal">The signal that ends it in good order (PostgreSQL: INT).</param>
    public static async Task<LabDaemon> StartAsync(
        string program, IEnumerable<string> arguments, Func<LabDaemon, Task<bool>> ready, IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null, string signal = "TERM")
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", Keeper, "keeper", signal, program, .. arguments])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "/",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var daemon = new LabDaemon(Process.Start(start)!);
        daemon.Follow();
        var until = Stopwatch.StartNew();
        while (!await daemon.AnswersAsync(ready))
        {
            if (daemon.process.HasExited || until.Elapsed > TimeSpan.FromSeconds(60))
            {
                var log = daemon.Log;
                await daemon.DisposeAsync();
                throw new InvalidOperationException($"{program} does not answer:\n{log}");
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        return daemon;
    }

    /// <summary>Whether something accepts connections there.</summary>
    public static async Task<bool> AcceptsAsync(string address, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address), port), TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Ends the server, in good order where it can.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        process.Dispose();
    }

    private async Task<bool> AnswersAsync(Func<LabDaemon, Task<bool>> ready) => !process.HasExited && await ready(this);

    private void Follow()
    {
        void Keep(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is not null)
            {
                lines.Enqueue(line.Data);
                while (lines.Count > 400 && lines.TryDequeue(out _))
                {
                }
            }
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }
}
