using System.Diagnostics;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Depart.Given;

/// <summary>The server as a process of its own, which can be killed as a machine kills it; and, while it is stopped, its data.</summary>
internal sealed class DepartProcess(Database database) : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("depart-process-").FullName;
    private readonly List<string> said = [];
    private Process? process;

    /// <summary>What the process wrote, for a failing test.</summary>
    public string Said => string.Join('\n', said);

    /// <summary>Processor time of the last process that was killed.</summary>
    public TimeSpan Used { get; private set; }

    /// <summary>Works on the data with the server stopped.</summary>
    public async Task WithDataAsync(Func<IServiceProvider, Task> work)
    {
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddDepart(new() { Storage = new StorageOptions { DataFolder = folder, PostgreSql = database.PostgreSql } })
            .BuildServiceProvider();
        await Schema.PrepareAsync(services, TestContext.Current.CancellationToken);
        await work(services);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    /// <summary>Looks into the database, beside the running server.</summary>
    public async Task<T> LookAsync<T>(Func<DepartDb, Task<T>> look)
    {
        await using DepartDb db = database.PostgreSql is { } connection
            ? DepartDb.OnConsole(new PostgreSqlDb(new DbContextOptionsBuilder<PostgreSqlDb>().UseNpgsql(connection).Options))
            : DepartDb.OnConsole(new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite($"Data Source={folder}/depart.db;Mode=ReadOnly").Options));
        return await look(db);
    }

    /// <summary>Sends a command on the stopped server's data.</summary>
    public static async Task<T> SendAsync<T>(IServiceProvider services, ICommand<T> command)
    {
        var outcome = await services.GetRequiredService<Dispatcher>().SendAsync(command, Actor.Console, TestContext.Current.CancellationToken);
        Assert.True(outcome.Ok, outcome.Problem?.Message.En);
        return outcome.Value;
    }

    /// <summary>Starts the process and waits until it listens.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "depart.dll"), "serve", "--data", folder, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["DEPART__Database"] = database.PostgreSql;
        start.Environment["LC_ALL"] = "C";

        // It lives for seconds: measuring its own code to make it faster later costs more than it gives.
        start.Environment["DOTNET_TieredPGO"] = "0";
        var listens = new TaskCompletionSource();
        process = new() { StartInfo = start, EnableRaisingEvents = true };
        void Hear(string? line)
        {
            if (line is not null)
            {
                lock (said)
                {
                    said.Add(line);
                }

                if (line.Contains("listens on", StringComparison.Ordinal))
                {
                    listens.TrySetResult();
                }
            }
        }

        process.OutputDataReceived += (_, heard) => Hear(heard.Data);
        process.ErrorDataReceived += (_, heard) => Hear(heard.Data);
        process.Exited += (_, _) => listens.TrySetException(new InvalidOperationException($"The server ended by itself:\n{Said}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await listens.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }

    /// <summary>Kills it (SIGKILL): no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        Used = process!.TotalProcessorTime;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await KillAsync();
        }

        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
