using System.Collections.Concurrent;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Depart.Given;

/// <summary>The engine without web server or cluster, driven by a clock that the test moves; its work is what the test says.</summary>
internal sealed class EngineAlone : IAsyncDisposable
{
    private readonly string folder;
    private readonly Database database;
    private readonly ServiceProvider services;
    private readonly Action<IServiceCollection>? more;

    private EngineAlone(string folder, Database database, FakeTimeProvider clock, Script script, Action<IServiceCollection>? more)
    {
        (this.folder, this.database, Clock, Script, this.more) = (folder, database, clock, script, more);
        var parts = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddDepart(new() { Storage = new StorageOptions { DataFolder = folder, PostgreSql = database.PostgreSql }, Clock = clock })
            .AddSingleton(script)
            .AddKeyedScoped<IWorkHandler, ScriptedHandler>(ScriptedHandler.Kind)
            .AddKeyedScoped<IWorkHandler, BatchedHandler>(BatchedHandler.Kind)
            .AddScoped<IHandler<WriteMail, MailId>, WriteMail.Handler>()
            .AddScoped<IHandler<TakeBack, int>, TakeBack.Handler>();
        more?.Invoke(parts);
        services = parts.BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; }

    public Script Script { get; }

    /// <summary>A new one, or one on the data and by the clock of another that ended; <paramref name="more"/> adds parts of the test's own, which those after it have too.</summary>
    public static async Task<EngineAlone> StartAsync(EngineAlone? after = null, bool start = true, DateTimeOffset? at = null, Action<IServiceCollection>? more = null)
    {
        var place = after?.folder ?? Directory.CreateTempSubdirectory("depart-engine-").FullName;
        var engine = new EngineAlone(place, after?.database ?? await Database.CreateAsync(), after?.Clock ?? new(at ?? new(2026, 11, 20, 17, 0, 0, TimeSpan.Zero)), after?.Script ?? new(), more ?? after?.more);
        await Schema.PrepareAsync(engine.services, TestContext.Current.CancellationToken);
        if (start)
        {
            await engine.BeginAsync();
        }

        return engine;
    }

    public Task BeginAsync() => services.GetRequiredService<EngineHost>().StartAsync(TestContext.Current.CancellationToken);

    /// <summary>What the product's own parts are made of.</summary>
    public AsyncServiceScope Open() => services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();

    /// <summary>Sends a command, as the engine.</summary>
    public async Task<Outcome<T>> SendAsync<T>(ICommand<T> command, Actor? actor = null, long? version = null) =>
        await services.GetRequiredService<Dispatcher>().SendAsync(command, actor ?? Actor.Engine, RequestContext.None with { Version = version }, TestContext.Current.CancellationToken);

    /// <summary>Asks, as the console.</summary>
    public async Task<T> AskAsync<T>(IQuery<T> query) =>
        (await services.GetRequiredService<Dispatcher>().AskAsync(query, Actor.Console, TestContext.Current.CancellationToken)).Value!;

    /// <summary>Writes work, as a command would, and nudges.</summary>
    public async Task EnqueueAsync(params WorkItem[] items)
    {
        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        using (await services.GetRequiredService<WriteGate>().EnterEngineAsync(TestContext.Current.CancellationToken))
        {
            foreach (var item in items)
            {
                db.Enqueue(item);
            }

            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        services.GetRequiredService<EngineHost>().Nudge(db.EnqueuedQueues);
    }

    public async Task ChangeQueueAsync(string name, Action<WorkQueue> change)
    {
        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        using (await services.GetRequiredService<WriteGate>().EnterEngineAsync(TestContext.Current.CancellationToken))
        {
            var queue = await db.Set<WorkQueue>().FirstOrDefaultAsync(row => row.Name == name, TestContext.Current.CancellationToken);
            if (queue is null)
            {
                db.Add(queue = new() { Name = name });
            }

            change(queue);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
    }

    public async Task<IReadOnlyList<WorkItem>> ItemsAsync()
    {
        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        return await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<WorkItem>().AsNoTracking().OrderBy(item => item.Id).ToListAsync(TestContext.Current.CancellationToken);
    }

    public async Task<IReadOnlyList<WorkAttempt>> AttemptsAsync()
    {
        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        return await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<WorkAttempt>().AsNoTracking().OrderBy(attempt => attempt.Id).ToListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Lets real work go on until a condition holds; the clock stands still meanwhile.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(90), "It did not come about within 90 s.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public Task UntilAsync(WorkState state) => UntilAsync(async () => (await ItemsAsync()).All(item => item.State == state));

    /// <summary>Moves the clock by small steps until a condition holds; at each, what is due is let run to its end unless it <paramref name="mayHang"/>.</summary>
    public async Task AdvanceUntilAsync(Func<Task<bool>> holds, TimeSpan step, bool mayHang = false)
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(90), "It did not come about within 90 s.");
            Clock.Advance(step);
            if (mayHang)
            {
                // No faster than the database lets the lease be renewed: a lost lease is another story.
                await UntilAsync(LeasesHoldAsync);
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
            else
            {
                await SettledAsync();
            }
        }
    }

    /// <summary>Lets everything that is due now run to its end.</summary>
    public Task SettledAsync() => UntilAsync(async () =>
    {
        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        var now = Clock.GetUtcNow();
        return !await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<WorkItem>()
            .AnyAsync(item => item.State == WorkState.Running || (item.State == WorkState.Pending && item.DueAt <= now), TestContext.Current.CancellationToken);
    });

    private async Task<bool> LeasesHoldAsync()
    {
        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        var soon = Clock.GetUtcNow() + (QueueLease.Life * 0.7);
        return !await db.Set<WorkQueue>().AnyAsync(
            queue => queue.LeaseUntil < soon && db.Set<WorkItem>().Any(item => item.Queue == queue.Name && item.State == WorkState.Running && item.LeaseOwner == queue.LeaseOwner), TestContext.Current.CancellationToken);
    }

    /// <summary>Ends this host as a crash would: nothing is given back, nothing is recorded.</summary>
    public async Task CrashAsync()
    {
        Script.Dead = true;
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>What the work of a test does, and what it saw.</summary>
internal sealed class Script
{
    public Func<WorkItem, Task<WorkResult>> Act { get; set; } = _ => Task.FromResult(new WorkResult(WorkVerdict.Done));

    public ConcurrentQueue<(string Subject, DateTimeOffset At)> Ran { get; } = new();

    public ConcurrentQueue<int> Batches { get; } = new();

    public ConcurrentQueue<(string Subject, bool GivenUp)> Recorded { get; } = new();

    public bool Dead { get; set; }
}

[WorkKind(Kind)]
internal sealed class ScriptedHandler(Script script, TimeProvider clock) : IWorkHandler
{
    public const string Kind = "scripted";

    public async Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation)
    {
        script.Ran.Enqueue((item.Subject, clock.GetUtcNow()));
        return await script.Act(item).WaitAsync(cancellation);
    }

    public Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
    {
        foreach (var work in done)
        {
            script.Recorded.Enqueue((work.Item.Subject, work.GivenUp));
        }

        return Task.CompletedTask;
    }
}

[WorkKind(Kind, Batch = 10, InHand = 4)]
internal sealed class BatchedHandler(Script script) : IWorkHandler
{
    public const string Kind = "batched";

    public Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation) => script.Act(item);

    public async Task ExecuteAsync(IReadOnlyList<WorkItem> items, CallSlots calls, Action<WorkItem, WorkResult> done, CancellationToken cancellation)
    {
        script.Batches.Enqueue(items.Count);
        await Task.WhenAll(items.Select(async item =>
        {
            using var call = await calls.EnterAsync(cancellation);
            done(item, await script.Act(item));
        }));
    }

    public Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation) => Task.CompletedTask;
}
