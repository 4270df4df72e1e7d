using System.Diagnostics;
using System.Globalization;
using Depart.Connectors.Lab;
using Depart.Connectors.PostgreSql;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Depart.Bench.Engine;

/// <summary>
/// The engine alone: 1,000 leavers on 20 systems, 20,000 calls due at one instant, every attempt recorded; then the way from a commit to the system, and what
/// the server uses when it has nothing to do.
/// </summary>
internal static class EngineBench
{
    private const int Leavers = 1000;
    private const int Systems = 20;
    private const int Concurrency = 8;

    public static async Task<int> RunAsync(string[] args)
    {
        var rounds = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 3;
        string[] databases = args is [_, var only, ..] ? [only] : ["SQLite", "PostgreSQL"];
        await using var lab = new LabRun();
        await using var target = await FakeTarget.StartAsync();
        await using var cluster = await StartPostgreSqlAsync(lab);
        Console.WriteLine("| database | calls/s | wrk before / after | ratio | first after the instant, ms | peak per system | attempts recorded |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var name in databases)
        {
            for (var round = 1; round <= rounds; round++)
            {
                await using var node = await Node.StartAsync(name == "SQLite" ? null : await DatabaseAsync(cluster), target, lab);
                Console.WriteLine(await BurstAsync(name, node, target));
            }
        }

        if (args is [_, _, "burst"])
        {
            return 0;
        }

        Console.WriteLine();
        Console.WriteLine("| database | commit to system, over its own idle latency, ms: p50 / p95 / max |");
        Console.WriteLine("|---|---|");
        foreach (var name in databases)
        {
            await using var node = await Node.StartAsync(name == "SQLite" ? null : await DatabaseAsync(cluster), target, lab);
            Console.WriteLine(await TrickleAsync(name, node, target));
        }

        Console.WriteLine();
        Console.WriteLine("| server with nothing to do, 20 systems, 30 s | % of one core | resident MB |");
        Console.WriteLine("|---|---|---|");
        foreach (var name in databases)
        {
            Console.WriteLine(await IdleAsync(name, name == "SQLite" ? null : await DatabaseAsync(cluster), target, lab));
        }

        Console.WriteLine();
        Console.WriteLine($"load at the end: {Machine.Load():F1}");
        return 0;
    }

    private static async Task<string> BurstAsync(string name, Node node, FakeTarget target)
    {
        var before = await target.WrkAsync();
        await target.ForgetAsync();
        var someday = TimeProvider.System.GetUtcNow().AddDays(1);
        for (var leaver = 0; leaver < Leavers; leaver++)
        {
            await node.EnqueueAsync([.. Enumerable.Range(0, Systems).Select(system => Work(system, $"{leaver}-{system}", someday))]);
        }

        var due = await node.MoveAsync(TimeSpan.FromSeconds(5));
        await node.UntilRecordedAsync(Leavers * Systems);
        var rate = Leavers * Systems / (TimeProvider.System.GetUtcNow() - due).TotalSeconds;
        var sight = await target.LookAsync();
        var attempts = await node.CountAttemptsAsync();
        var after = await target.WrkAsync();
        var first = sight.First - (due - DateTimeOffset.UnixEpoch).TotalMilliseconds;
        return $"| {name} | {rate:F0} | {before:F0} / {after:F0} | {rate / ((before + after) / 2):F2} | {first:F0} | {sight.Peak} of {Concurrency} | {attempts} |";
    }

    private static async Task<string> TrickleAsync(string name, Node node, FakeTarget target)
    {
        using var http = new HttpClient();
        var idle = new List<double>();
        for (var call = 0; call < 100; call++)
        {
            var sent = TimeProvider.System.GetTimestamp();
            await http.PostAsync(new Uri(target.Address + "/call/idle"), null);
            idle.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
        }

        var latencies = new List<double>();
        for (var number = 0; number < 300; number++)
        {
            var call = node.Expect($"t{number}");
            await node.EnqueueAsync(Work(number % Systems, $"t{number}", TimeProvider.System.GetUtcNow()));
            var committed = TimeProvider.System.GetTimestamp();
            var answered = await call;
            latencies.Add(Math.Max(0, TimeProvider.System.GetElapsedTime(committed, answered).TotalMilliseconds));
            await Task.Delay(30);
        }

        var own = Quantile(idle, 0.5);
        return $"| {name} | {Math.Max(0, Quantile(latencies, 0.5) - own):F1} / {Math.Max(0, Quantile(latencies, 0.95) - own):F1} / {Math.Max(0, latencies.Max() - own):F1} |";
    }

    private static async Task<string> IdleAsync(string name, string? postgreSql, FakeTarget target, LabRun lab)
    {
        var folder = lab.NewFolder($"idle-{Guid.NewGuid():N}");
        await using (var node = await Node.StartAsync(postgreSql, target, lab, folder))
        {
            await node.EnqueueAsync([.. Enumerable.Range(0, Systems).Select(system => Work(system, $"later-{system}", TimeProvider.System.GetUtcNow().AddDays(1)))]);
        }

        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "depart.dll"), "serve", "--data", folder, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
        start.Environment["DEPART__Database"] = postgreSql;
        using var server = Process.Start(start)!;
        while (await server.StandardOutput.ReadLineAsync() is { } line && !line.Contains("http://127.0.0.1", StringComparison.Ordinal))
        {
        }

        // What it compiles at the start is not idleness.
        await Task.Delay(TimeSpan.FromSeconds(15));
        server.Refresh();
        var used = server.TotalProcessorTime;
        await Task.Delay(TimeSpan.FromSeconds(30));
        server.Refresh();
        var row = $"| {name} | {(server.TotalProcessorTime - used).TotalSeconds / 30:P1} | {server.WorkingSet64 / 1_000_000} |";
        server.Kill(entireProcessTree: true);
        await server.WaitForExitAsync();
        return row;
    }

    private static double Quantile(List<double> values, double share) => values.Order().ElementAt((int)(share * (values.Count - 1)));

    private static WorkItem Work(int system, string subject, DateTimeOffset due) => new()
    {
        Queue = $"system-{system}", Kind = CallHandler.Kind, Subject = subject, IdempotencyKey = subject, DueAt = due,
    };

    /// <summary>PostgreSQL as it comes: every commit on the disk.</summary>
    private static Task<PostgreSqlCluster> StartPostgreSqlAsync(LabRun lab) =>
        PostgreSqlCluster.StartAsync(lab.NewFolder("pg"), "local all all trust\n", ["listen_addresses="], "--locale=C.UTF-8");

    private static async Task<string> DatabaseAsync(PostgreSqlCluster cluster)
    {
        var name = $"bench_{Guid.NewGuid():N}";
        await cluster.AdministerAsync($"CREATE DATABASE {name}");
        return $"Host={cluster.Folder};Port={cluster.Port};Username=postgres;Database={name}";
    }

    /// <summary>A node of the engine without web server, whose work calls the fake system.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private readonly ServiceProvider services;
        private readonly Calls calls;

        private Node(StorageOptions storage, FakeTarget target)
        {
            calls = new(target.Address);
            services = new ServiceCollection()
                .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
                .AddDepart(new() { Storage = storage })
                .AddSingleton(calls)
                .AddKeyedScoped<IWorkHandler, CallHandler>(CallHandler.Kind)
                .BuildServiceProvider();
        }

        public static async Task<Node> StartAsync(string? postgreSql, FakeTarget target, LabRun lab, string? folder = null)
        {
            var node = new Node(new() { DataFolder = folder ?? lab.NewFolder($"node-{Guid.NewGuid():N}"), PostgreSql = postgreSql }, target);
            await Schema.PrepareAsync(node.services, CancellationToken.None);
            await node.services.GetRequiredService<EngineHost>().StartAsync(CancellationToken.None);
            return node;
        }

        public async Task EnqueueAsync(params WorkItem[] items)
        {
            await using var scope = services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
            using (await services.GetRequiredService<WriteGate>().EnterEngineAsync(CancellationToken.None))
            {
                foreach (var item in items)
                {
                    db.Enqueue(item);
                }

                await db.SaveChangesAsync();
            }

            services.GetRequiredService<EngineHost>().Nudge(db.EnqueuedQueues);
        }

        /// <summary>Moves everything to one instant, so long from now.</summary>
        public async Task<DateTimeOffset> MoveAsync(TimeSpan wait)
        {
            await using var scope = services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
            using (await services.GetRequiredService<WriteGate>().EnterEngineAsync(CancellationToken.None))
            {
                var due = DateTimeOffset.FromUnixTimeMilliseconds((TimeProvider.System.GetUtcNow() + wait).ToUnixTimeMilliseconds());
                await db.Set<WorkItem>().ExecuteUpdateAsync(set => set.SetProperty(item => item.DueAt, due));
                return due;
            }
        }

        /// <summary>Waits until so many calls are committed as done.</summary>
        public async Task UntilRecordedAsync(int count)
        {
            while (calls.Recorded < count)
            {
                await Task.Delay(2);
            }

            while (true)
            {
                await using var scope = services.CreateAsyncScope();
                if (!await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<WorkItem>().AnyAsync(item => item.State != WorkState.Done))
                {
                    return;
                }
            }
        }

        public async Task<int> CountAttemptsAsync()
        {
            await using var scope = services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<WorkAttempt>().CountAsync();
        }

        /// <summary>Gives the timestamp at which the call is answered.</summary>
        public Task<long> Expect(string subject) => calls.Expect(subject);

        public async ValueTask DisposeAsync()
        {
            await services.GetRequiredService<EngineHost>().StopAsync(CancellationToken.None);
            await services.DisposeAsync();
            calls.Dispose();
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Npgsql.NpgsqlConnection.ClearAllPools();
        }
    }

    private sealed class Calls(string address) : IDisposable
    {
        private readonly HttpClient http = new() { BaseAddress = new(address) };
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, TaskCompletionSource<long>> expected = new(StringComparer.Ordinal);
        private int recorded;

        public int Recorded => Volatile.Read(ref recorded);

        public Task<long> Expect(string subject) => expected.GetOrAdd(subject, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public async Task CallAsync(WorkItem item, CancellationToken cancellation)
        {
            using var answer = await http.PostAsync(new Uri($"/call/{item.Queue}", UriKind.Relative), null, cancellation);
            answer.EnsureSuccessStatusCode();
            if (expected.TryGetValue(item.Subject, out var waits))
            {
                waits.TrySetResult(TimeProvider.System.GetTimestamp());
            }
        }

        public void Count(int done) => Interlocked.Add(ref recorded, done);

        public void Dispose() => http.Dispose();
    }

    [WorkKind(Kind)]
    private sealed class CallHandler(Calls calls) : IWorkHandler
    {
        public const string Kind = "bench-call";

        public async Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation)
        {
            await calls.CallAsync(item, cancellation);
            return new(WorkVerdict.Done);
        }

        public Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
        {
            calls.Count(done.Count);
            return Task.CompletedTask;
        }
    }
}
