using System.Collections.Concurrent;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Foundation.Engine;

/// <summary>
/// Runs what is due: one pump per queue, under a lease with an epoch. Rows are the truth; nudges and timers only make it quick. Needs no web
/// server, and takes its time from a <see cref="TimeProvider"/>.
/// </summary>
internal sealed partial class EngineHost(
    IServiceScopeFactory scopes, WriteGate gate, TimeProvider clock, ILogger<EngineHost> log) : IWorkNudge, IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BreakerOpen = TimeSpan.FromSeconds(5);

    private static readonly Words NoAnswer = new("No answer within {0} seconds.", "Aucune réponse en {0} secondes.");

    private readonly string node = Guid.CreateVersion7().ToString("N");
    private readonly ConcurrentDictionary<string, Task> pumps = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim bell = new(0, 1);
    private Task? loop;
    private bool disposed;

    public void Nudge(IReadOnlyCollection<string> queues)
    {
        if (queues.Count == 0)
        {
            return;
        }

        try
        {
            bell.Release();
        }
        catch (SemaphoreFullException)
        {
            // It rings already.
        }
        catch (ObjectDisposedException)
        {
            // Stopped: the rows are found at the next start.
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await RecoverAsync(cancellationToken);
        loop = Task.Run(() => LoopAsync(stop.Token), CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await Task.WhenAll(pumps.Values.Append(loop ?? Task.CompletedTask)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        // Known to the container under several names, it is disposed several times.
        if (disposed)
        {
            return;
        }

        disposed = true;
        await stop.CancelAsync();
        await Task.WhenAll(pumps.Values.Append(loop ?? Task.CompletedTask)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        bell.Dispose();
    }

    /// <summary>One node owns the database: what ran when the process died is pending again, its attempt counted.</summary>
    private async Task RecoverAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        using var turn = await gate.EnterAsync(cancellation);
        await db.Set<WorkQueue>().ExecuteUpdateAsync(
            set => set.SetProperty(queue => queue.LeaseOwner, (string?)null).SetProperty(queue => queue.LeaseUntil, (DateTimeOffset?)null), cancellation);
        await db.Set<WorkItem>().Where(item => item.State == WorkState.Running).ExecuteUpdateAsync(
            set => set.SetProperty(item => item.State, WorkState.Pending).SetProperty(item => item.LeaseOwner, (string?)null), cancellation);
    }

    private async Task LoopAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var wait = Sweep;
            try
            {
                wait = await WakeAsync(cancellation);
            }
            catch (Exception error) when (error is DbUpdateException or System.Data.Common.DbException)
            {
                SweepFailed(error);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var due = Task.Delay(wait, clock, timer.Token);
            await Task.WhenAny(due, bell.WaitAsync(timer.Token));
            await timer.CancelAsync();
        }
    }

    /// <summary>Starts a pump for every queue with work that is due; gives the time to the next.</summary>
    private async Task<TimeSpan> WakeAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        var now = clock.GetUtcNow();
        var due = await db.Set<WorkItem>().Where(item => item.State == WorkState.Pending && item.DueAt <= now)
            .Select(item => item.Queue).Distinct().ToListAsync(cancellation);
        foreach (var queue in due)
        {
            if (!pumps.TryGetValue(queue, out var running) || running.IsCompleted)
            {
                pumps[queue] = Task.Run(() => PumpAsync(queue, cancellation), CancellationToken.None);
            }
        }

        var next = await db.Set<WorkItem>().Where(item => item.State == WorkState.Pending && item.DueAt > now)
            .MinAsync(item => (DateTimeOffset?)item.DueAt, cancellation);
        var wait = (next - clock.GetUtcNow()) ?? Sweep;
        return wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait < Sweep ? wait : Sweep;
    }

    private async Task PumpAsync(string queue, CancellationToken cancellation)
    {
        try
        {
            while (await BatchAsync(queue, cancellation))
            {
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopping: what was claimed is recovered at the next start.
        }
        catch (Exception error) when (error is DbUpdateException or System.Data.Common.DbException or InvalidOperationException)
        {
            PumpFailed(error, queue);
        }
    }

    /// <summary>Claims, executes and records one batch; false when nothing was due.</summary>
    private async Task<bool> BatchAsync(string queue, CancellationToken cancellation)
    {
        var (row, items) = await ClaimAsync(queue, cancellation);
        if (row is null || items.Count == 0)
        {
            return false;
        }

        var deadline = clock.GetUtcNow() + (Lease * 0.8);
        var results = new ConcurrentBag<Attempted>();
        var next = clock.GetUtcNow();
        using var pace = new SemaphoreSlim(1, 1);
        await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = row.MaxConcurrency, CancellationToken = cancellation }, async (item, token) =>
        {
            if (row.RatePerSecond is { } rate)
            {
                await pace.WaitAsync(token);
                var wait = next - clock.GetUtcNow();
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, clock, token);
                }

                next = clock.GetUtcNow() + TimeSpan.FromSeconds(1.0 / rate);
                pace.Release();
            }

            // Past the deadline the lease may be another's: nothing more is sent, the item is handed back unexecuted.
            results.Add(new(item, clock.GetUtcNow() >= deadline
                ? new(WorkVerdict.Retry) { RetryAfter = TimeSpan.Zero }
                : await ExecuteAsync(item, token)));
        });
        await using var scope = scopes.CreateAsyncScope();
        var recorded = await scope.ServiceProvider.GetRequiredService<Dispatcher>().SendAsync(
            new RecordOutcomes(queue, node, row.Epoch, [.. results]), Actor.Engine, cancellation);
        if (!recorded.Ok)
        {
            RecordRefused(queue, recorded.Problem.Code);
            await RecoverQueueAsync(queue, cancellation);
        }

        await BreakAsync(row, results, cancellation);
        return true;
    }

    private async Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ActorSlot>().Actor = Actor.Engine;
        using var timeout = new CancellationTokenSource(CallTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            return await scope.ServiceProvider.GetRequiredKeyedService<IWorkHandler>(item.Kind).ExecuteAsync(item, both.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return new(WorkVerdict.Retry) { Error = NoAnswer.With(CallTimeout.TotalSeconds), SystemFault = true };
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // A bug in one handler must not stop the queue: it is tried again, then given up, and named.
            HandlerFailed(bug, item.Kind, item.Subject);
            return new(WorkVerdict.Retry) { Error = Words.Same(bug.GetType().Name) };
        }
    }

    private async Task<(WorkQueue? Queue, List<WorkItem> Items)> ClaimAsync(string name, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        using var turn = await gate.EnterAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var now = clock.GetUtcNow();
        var queue = await db.Set<WorkQueue>().FirstOrDefaultAsync(row => row.Name == name, cancellation);
        if (queue is null)
        {
            queue = new() { Name = name };
            db.Add(queue);
        }

        if (queue.Paused || queue.BreakerUntil > now || (queue.LeaseOwner is not null && queue.LeaseOwner != node && queue.LeaseUntil >= now))
        {
            return (null, []);
        }

        if (queue.LeaseOwner != node)
        {
            queue.Epoch++;
            queue.LeaseOwner = node;
            await db.Set<WorkItem>().Where(item => item.Queue == name && item.State == WorkState.Running).ExecuteUpdateAsync(
                set => set.SetProperty(item => item.State, WorkState.Pending).SetProperty(item => item.LeaseOwner, (string?)null), cancellation);
        }

        queue.LeaseUntil = now + Lease;
        var limit = queue.BreakerUntil is not null ? 1 : Math.Min(200, queue.MaxConcurrency * 8);
        var items = await db.Set<WorkItem>().Where(item => item.Queue == name && item.State == WorkState.Pending && item.DueAt <= now)
            .OrderBy(item => item.DueAt).ThenBy(item => item.Priority).ThenBy(item => item.Id).Take(limit).ToListAsync(cancellation);
        foreach (var item in items)
        {
            // Counted before the call: an item that kills the process reaches the dead letters.
            (item.State, item.LeaseOwner) = (WorkState.Running, node);
            item.Attempts++;
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (queue, items);
    }

    private async Task RecoverQueueAsync(string queue, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        using var turn = await gate.EnterAsync(cancellation);
        await db.Set<WorkItem>().Where(item => item.Queue == queue && item.State == WorkState.Running && item.LeaseOwner == node).ExecuteUpdateAsync(
            set => set.SetProperty(item => item.State, WorkState.Pending).SetProperty(item => item.LeaseOwner, (string?)null), cancellation);
    }

    /// <summary>Opens the breaker when the system itself misbehaves, closes it when a probe went well.</summary>
    private async Task BreakAsync(WorkQueue queue, IReadOnlyCollection<Attempted> results, CancellationToken cancellation)
    {
        var faults = results.Count(attempt => attempt.Result.SystemFault);
        var open = faults * 2 >= results.Count && (faults >= 5 || (faults > 0 && queue.BreakerUntil is not null));
        if (!open && queue.BreakerUntil is null)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        using var turn = await gate.EnterAsync(cancellation);
        DateTimeOffset? until = open ? clock.GetUtcNow() + BreakerOpen : null;
        await db.Set<WorkQueue>().Where(row => row.Name == queue.Name).ExecuteUpdateAsync(set => set.SetProperty(row => row.BreakerUntil, until), cancellation);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The sweep for due work failed; it is tried again.")]
    private partial void SweepFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Queue {Queue} stopped; it is tried again.")]
    private partial void PumpFailed(Exception error, string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Outcomes of queue {Queue} were not recorded ({Code}); the work runs again.")]
    private partial void RecordRefused(string queue, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "Work {Kind} {Subject} failed with a bug.")]
    private partial void HandlerFailed(Exception error, string kind, string subject);
}
