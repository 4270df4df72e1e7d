using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

// The lab is made of servers for Linux.
[assembly: SupportedOSPlatform("linux")]
[assembly: AssemblyFixture(typeof(Depart.Connectors.Lab.LabRun))]

namespace Depart.Connectors.Lab;

/// <summary>What all servers of one run of the tests share: a folder, free ports, a certification authority. Gone when the run ends.</summary>
public sealed class LabRun : IAsyncDisposable
{
    private static readonly HashSet<int> Given = [];

    private readonly Lazy<LabCertificates> certificates;
    private int folders;

    public LabRun()
    {
        // The servers run as their own users: they must be able to pass through, not to list. Short: the path of a Unix socket has 107 bytes.
        Folder = Path.Combine(Path.GetTempPath(), $"lab-{Guid.NewGuid():N}"[..12]);
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        certificates = new(() => new(NewFolder("certificates")));
    }

    /// <summary>The run's own folder; every server gets one inside by <see cref="NewFolder"/>.</summary>
    public string Folder { get; }

    /// <summary>Certificates made for this run.</summary>
    public LabCertificates Certificates => certificates.Value;

    /// <summary>Whether a missing server is a failure: on the build machine everything must be there.</summary>
    public static bool IsComplete => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the long tests were asked for (<c>./test --long</c>).</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("DEPART_TEST_LONG") == "1";

    /// <summary>Puts a copy of a file in its place at one go: several tests may do so at the same moment, and others read it.</summary>
    public static void Put(string file, string place)
    {
        var beside = $"{place}.{Guid.NewGuid():N}";
        File.Copy(file, beside);
        File.Move(beside, place, overwrite: true);
    }

    /// <summary>A new folder for one server: of two of a kind, each has its own.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(Folder, $"{name}-{Interlocked.Increment(ref folders)}")).FullName;

    /// <summary>
    /// A free port from 20000 to 29999: below the range from which the kernel takes outgoing ports, where a client's connection may sit on it.
    /// </summary>
    public static int FreePort(string address = "127.0.0.1")
    {
        for (var tries = 0; tries < 1000; tries++)
        {
            var port = Random.Shared.Next(20000, 30000);
            lock (Given)
            {
                if (!Given.Add(port))
                {
                    continue;
                }
            }

            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Parse(address), port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's; try another.
            }
        }

        throw new InvalidOperationException("No free port from 20000 to 29999.");
    }

    /// <summary>The root of the repository.</summary>
    public static string Repository([CallerFilePath] string file = "")
    {
        var folder = File.Exists(file) ? Path.GetDirectoryName(file)! : AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Depart.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    /// <summary>The full path of a program, also where an ordinary user's PATH does not look; missing, the whole system is.</summary>
    /// <exception cref="LabMissingException">There is none.</exception>
    public static string Program(string name, params string[] alsoIn)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin", "/usr/local/sbin"]).Concat(alsoIn);
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new LabMissingException($"{name} is not installed");
    }

    /// <summary>Runs a program of the system's own (a client, an administrator's tool) to its end.</summary>
    public static async Task<LabAnswer> RunAsync(string program, IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(120));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            }

            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException ended)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end in 120 seconds.", ended);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (certificates.IsValueCreated)
        {
            certificates.Value.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>What a program answered.</summary>
public sealed record LabAnswer(int Code, string Output, string Error)
{
    /// <summary>The output, when all went well.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message holds what the program said.</exception>
    public string Well(string what) => Code == 0 ? Output : throw new InvalidOperationException($"{what}: {Code}\n{Output}\n{Error}");
}

/// <summary>A server of the lab is not installed here: a failure on the build machine, elsewhere a skip that says so.</summary>
public sealed class LabMissingException(string what) : Exception(what);
