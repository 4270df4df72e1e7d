using System.Collections.Concurrent;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Foundation.Engine;

/// <summary>
/// Runs what is due: the clock that wakes a pump per queue. Rows are the truth; nudges and timers only make it quick. Needs no web server and
/// no cluster, and takes its time from a <see cref="TimeProvider"/>.
/// </summary>
internal sealed partial class EngineHost : IWorkNudge, IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(100);

    private readonly string node = Guid.CreateVersion7().ToString("N");
    private readonly IServiceScopeFactory scopes;
    private readonly WriteGate gate;
    private readonly TimeProvider clock;
    private readonly ILogger<EngineHost> log;
    private readonly OutcomeWriter writer;
    private readonly ConcurrentDictionary<string, Running> queues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> known = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> nudged = new();
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim bell = new(0);
    private Task loop = Task.CompletedTask;
    private Task writing = Task.CompletedTask;
    private bool disposed;

    public EngineHost(IServiceScopeFactory scopes, WriteGate gate, TimeProvider clock, ILogger<EngineHost> log)
    {
        (this.scopes, this.gate, this.clock, this.log) = (scopes, gate, clock, log);
        writer = new(scopes, node, log);
    }

    public void Nudge(IReadOnlyDictionary<string, DateTimeOffset> queues)
    {
        if (disposed)
        {
            return;
        }

        // What is due later is found by the sweep: a thousand cuts prepared for Friday wake nobody today. A queue never seen needs its row.
        var now = clock.GetUtcNow();
        var ring = false;
        foreach (var (queue, due) in queues)
        {
            if (due <= now || !known.ContainsKey(queue))
            {
                nudged.Enqueue(queue);
                ring = true;
            }

            ring |= due < now + Sweep;
        }

        if (ring)
        {
            bell.Release();
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateEngineScope();
        await scope.ServiceProvider.GetRequiredService<Dispatcher>().SendAsync(new RecoverInterrupted(node), Actor.Engine, cancellationToken);
        writing = Task.Run(() => writer.RunAsync(stop.Token), CancellationToken.None);
        loop = Task.Run(() => LoopAsync(stop.Token), CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await EndAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        await EndAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var running in queues.Values)
        {
            running.Pump.Dispose();
        }

        stop.Dispose();
        bell.Dispose();
    }

    private Task EndAsync() => Task.WhenAll(queues.Values.Select(running => running.Drain).Append(loop).Append(writing));

    private async Task LoopAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var asOf = clock.GetUtcNow();
            var wait = Sweep;
            try
            {
                while (nudged.TryDequeue(out var queue))
                {
                    await WakeAsync(queue, cancellation);
                }

                (asOf, wait) = await WakeDueAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                // The host went away without a stop.
                return;
            }
            catch (Exception error)
            {
                // Whatever it was (a database that is away wears many coats): the clock must go on.
                SweepFailed(error);
            }

            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var due = Task.Delay(wait, clock, timer.Token);

            // Time that went by between the reading and the timer would make it late by as much: look again instead.
            if (clock.GetUtcNow() - asOf <= Slack)
            {
                await Task.WhenAny(due, bell.WaitAsync(timer.Token));
            }

            await timer.CancelAsync();
            while (bell.Wait(0, CancellationToken.None))
            {
                // However often it rang, one look answers.
            }
        }
    }

    /// <summary>Wakes every queue in which something is due; gives the time to the next instant: one seek of an index per queue.</summary>
    private async Task<(DateTimeOffset AsOf, TimeSpan Wait)> WakeDueAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        var rows = await db.Set<WorkQueue>().AsNoTracking().Where(queue => !queue.Paused).Select(queue => new
        {
            queue.Name,
            queue.BreakerUntil,
            Next = db.Set<WorkItem>().Where(item => item.Queue == queue.Name && item.State == WorkState.Pending).Min(item => (DateTimeOffset?)item.DueAt),
        }).ToListAsync(cancellation);
        var now = clock.GetUtcNow();
        var wait = Sweep;
        foreach (var row in rows)
        {
            if (queues.TryGetValue(row.Name, out var running) && running.Broken)
            {
                // What it had claimed is in nobody's hands and looks as if it ran: the next claim frees it.
                await WakeAsync(row.Name, cancellation);
                continue;
            }

            if ((row.Next > row.BreakerUntil ? row.Next : row.BreakerUntil ?? row.Next) is not { } next || row.Next is null)
            {
                continue;
            }

            if (next <= now)
            {
                await WakeAsync(row.Name, cancellation);
            }
            else if (next - now < wait)
            {
                wait = next - now;
            }
        }

        return (now, wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait);
    }

    private async Task WakeAsync(string queue, CancellationToken cancellation)
    {
        if (!queues.TryGetValue(queue, out var running))
        {
            await EnsureAsync(queue, cancellation);
            running = new(new(queue, new(queue, node, scopes, gate, clock), writer, scopes, clock, log));
            queues[queue] = running;
        }

        running.Pump.Nudge();
        if (running.Ask())
        {
            running.Drain = Task.Run(() => DrainAsync(queue, running, cancellation), CancellationToken.None);
        }
    }

    /// <summary>Drains, and once more when somebody asked meanwhile: the pump may have been past its last look.</summary>
    private async Task DrainAsync(string queue, Running running, CancellationToken cancellation)
    {
        int answered;
        do
        {
            answered = running.Asked;
            running.Broken = !await DrainOnceAsync(queue, running.Pump, cancellation) || running.Pump.HasOrphans;
        }
        while (!running.Rest(answered) && !cancellation.IsCancellationRequested);
    }

    /// <summary>False when it was broken off: what was claimed must be freed.</summary>
    private async Task<bool> DrainOnceAsync(string queue, QueuePump pump, CancellationToken cancellation)
    {
        try
        {
            await pump.DrainAsync(cancellation);
            return true;
        }
        catch (OperationCanceledException)
        {
            // Stopping, or the lease was lost: the rows are found again.
        }
        catch (ObjectDisposedException)
        {
            // The host went away without a stop: the rows are found at the next start.
        }
        catch (Exception error)
        {
            PumpFailed(error, queue);
        }

        return false;
    }

    private async Task EnsureAsync(string queue, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        using var turn = await gate.EnterEngineAsync(cancellation);
        if (!await db.Set<WorkQueue>().AnyAsync(row => row.Name == queue, cancellation))
        {
            db.Add(new WorkQueue { Name = queue });
            await db.SaveChangesAsync(cancellation);
        }

        known[queue] = true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The sweep for due work failed; it is tried again.")]
    private partial void SweepFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Queue {Queue} stopped; it is tried again.")]
    private partial void PumpFailed(Exception error, string queue);

    private sealed class Running(QueuePump pump)
    {
        private volatile bool broken;
        private int asked;

        public QueuePump Pump { get; } = pump;

        public Task Drain { get; set; } = Task.CompletedTask;

        /// <summary>The last run was broken off: the lease was lost, or the database did not answer.</summary>
        public bool Broken { get => broken; set => broken = value; }

        /// <summary>How often it was asked to run since it last stood still.</summary>
        public int Asked => Volatile.Read(ref asked);

        /// <summary>Asks for a run; true when nobody is at it.</summary>
        public bool Ask() => Interlocked.Increment(ref asked) == 1;

        /// <summary>Stands still, unless it was asked again since it had <paramref name="answered"/>.</summary>
        public bool Rest(int answered) => Interlocked.CompareExchange(ref asked, 0, answered) == answered;
    }
}
