using System.Diagnostics;
using Depart.Connectors.Lab;

namespace Depart.Connectors.OpenLdap;

/// <summary>A connection on which somebody signed in and that is kept open; each question is one search on it.</summary>
public sealed class SlapdSession : LabSession
{
    private readonly Process process;
    private readonly string login;

    public SlapdSession(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string login)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
        this.login = login;
    }

    public override async Task<bool> IsAliveAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            await process.StandardInput.WriteLineAsync(login.AsMemory(), limit.Token);
            await process.StandardInput.FlushAsync(limit.Token);
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith("result:", StringComparison.Ordinal))
                {
                    return line.StartsWith("result: 0", StringComparison.Ordinal);
                }
            }

            return false;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.Dispose();
    }
}
