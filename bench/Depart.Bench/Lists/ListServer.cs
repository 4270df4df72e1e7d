using System.Diagnostics;
using System.Text.Json.Nodes;
using Depart.Connectors.Lab;
using Depart.Connectors.PostgreSql;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Given;
using Depart.Interfaces;
using Depart.Interfaces.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Depart.Bench.Lists;

/// <summary>The real server, a process of its own, over a database with so many departures; and a browser signed in to it.</summary>
internal sealed class ListServer : IAsyncDisposable
{
    private const string Mail = "rssi@alteo.example";
    private const string Password = "une phrase assez longue pour tous";
    private readonly Process process;

    private ListServer(Process process, string address) => (this.process, Address) = (process, address);

    public string Address { get; }

    /// <summary>The browser's cookies, as a header.</summary>
    public string Cookie { get; private set; } = "";

    /// <summary>The cursor of a page four fifths down the list.</summary>
    public string Deep { get; private set; } = "";

    /// <summary>Fills a new database, starts the server, signs in and goes down the list.</summary>
    public static async Task<ListServer> StartAsync(LabRun lab, PostgreSqlCluster? cluster, int departures)
    {
        var storage = new StorageOptions { DataFolder = lab.NewFolder($"lists-{Guid.NewGuid():N}"), PostgreSql = cluster is null ? null : await DatabaseAsync(cluster) };
        var began = Stopwatch.StartNew();
        await FillAsync(storage, departures);
        Console.Error.WriteLine($"{departures} departures written in {began.Elapsed.TotalSeconds:F0} s");
        var server = await ServeAsync(storage);
        try
        {
            await server.SignInAsync(departures);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<string> DatabaseAsync(PostgreSqlCluster cluster)
    {
        var name = $"lists_{Guid.NewGuid():N}";
        await cluster.AdministerAsync($"CREATE DATABASE {name}");
        return $"Host={cluster.Folder};Port={cluster.Port};Username=postgres;Database={name}";
    }

    private static async Task FillAsync(StorageOptions storage, int departures)
    {
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddDepart(new() { Storage = storage })
            .BuildServiceProvider();
        await Schema.PrepareAsync(services, CancellationToken.None);
        await ListSeed.WriteAsync(services, departures);
        var added = await services.GetRequiredService<Dispatcher>().SendAsync(
            new AddUser(Mail, "Claire Vasseur", [Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin], Password), Actor.Console, CancellationToken.None);
        if (!added.Ok)
        {
            throw new InvalidOperationException(added.Problem.Message.En);
        }

        // What PostgreSQL does by itself a minute later.
        await using var scope = services.CreateAsyncScope();
        if (storage.IsPostgreSql)
        {
            await scope.ServiceProvider.GetRequiredService<DepartDb>().Database.ExecuteSqlRawAsync("VACUUM ANALYZE");
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    private static async Task<ListServer> ServeAsync(StorageOptions storage)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "depart.dll"), "serve", "--data", storage.DataFolder, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
        start.Environment["DEPART__Database"] = storage.PostgreSql;
        start.Environment["LC_ALL"] = "C";
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("listens on", StringComparison.Ordinal))
            {
                return new(process, line.Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal)).TrimEnd('.', ','));
            }
        }

        throw new InvalidOperationException("The server ended by itself.");
    }

    private async Task SignInAsync(int departures)
    {
        using var browser = new Browser(new(Address));
        (await browser.PostFormAsync(Session.SignInPath, ("mail", Mail), ("password", Password))).Dispose();
        Cookie = browser.Cookies.GetCookieHeader(new(Address));
        for (var shown = 0; shown < departures / 5 * 4; shown += 200)
        {
            var page = JsonNode.Parse(await browser.Http.GetStringAsync(new Uri($"/api/v1/departures?size=200&after={Uri.EscapeDataString(Deep)}", UriKind.Relative)))!;
            Deep = page["next"]!.ToString();
        }
    }
}
