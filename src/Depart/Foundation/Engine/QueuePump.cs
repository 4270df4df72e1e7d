using System.Collections.Concurrent;
using System.Reflection;

namespace Depart.Foundation.Engine;

/// <summary>
/// Runs one queue while something is due in it: claims under the lease, hands items to their handlers, gives outcomes to the writer. Knows neither
/// web server nor cluster: whoever decides that this node should run the queue calls <see cref="DrainAsync"/>.
/// </summary>
internal sealed partial class QueuePump(
    string queue, QueueLease lease, OutcomeWriter writer, IServiceScopeFactory scopes, TimeProvider clock, ILogger log) : IDisposable
{
    /// <summary>Claimed at once at most.</summary>
    private const int ClaimSize = 200;

    /// <summary>Items in hand for each call allowed, where they come in batches: what some need is read while others call.</summary>
    private const int InHandForEachCall = 4;

    /// <summary>A batch holds at most so many items for each call allowed: what waits for its turn must not wait for ever.</summary>
    private const int ForEachCall = 12;

    private static readonly TimeSpan BreakerOpen = TimeSpan.FromSeconds(5);
    private static readonly Words NoAnswer = new("No answer within {0} minutes.", "Aucune réponse en {0} minutes.");
    private static readonly Words Fatal = new("It was interrupted too often.", "Il a été interrompu trop souvent.");
    private static readonly Words Nothing = new("The work ended without saying how.", "Le travail s’est terminé sans dire comment.");

    private readonly SemaphoreSlim changed = new(0);
    private readonly Queue<WorkItem> waiting = new();
    private readonly Health health = new(clock);
    private readonly CallSlots slots = new(clock);
    private readonly Dictionary<string, bool> batches = new(StringComparer.Ordinal);
    private volatile bool mayHaveMore;
    private int inHand;
    private int running;
    private int unrecorded;
    private volatile bool lost;

    /// <summary>New work was committed, or an outcome was: look again.</summary>
    public void Nudge()
    {
        mayHaveMore = true;
        changed.Release();
    }

    /// <summary>Runs until nothing is due; what runs when the token falls is recovered at the next start.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var renewal = RenewAsync(held);
        mayHaveMore = true;
        var drained = false;
        try
        {
            Claim? claim = null;
            while (true)
            {
                if (mayHaveMore && waiting.Count < ClaimSize / 2)
                {
                    mayHaveMore = false;
                    claim = await lease.ClaimAsync(ClaimSize, held.Token);
                    if (claim is not null)
                    {
                        slots.Set(claim.Concurrency, claim.PerSecond);
                    }

                    foreach (var item in claim?.Items ?? [])
                    {
                        waiting.Enqueue(item);
                    }

                    mayHaveMore |= claim?.Items.Count == ClaimSize;
                }

                if (lost)
                {
                    lost = false;
                    throw new InvalidOperationException("Outcomes could not be recorded.");
                }

                if (waiting.Count > 0 && health.IsOpen)
                {
                    await OpenBreakerAsync(held.Token);
                }

                while (claim is not null && waiting.Count > 0 && MayStart(claim))
                {
                    Start(claim, held.Token);
                }

                if (waiting.Count == 0 && !mayHaveMore && Volatile.Read(ref running) == 0 && Volatile.Read(ref unrecorded) == 0)
                {
                    drained = true;
                    return;
                }

                await changed.WaitAsync(held.Token);
                while (changed.Wait(0, CancellationToken.None))
                {
                    // However often it was told, one look answers.
                }
            }
        }
        finally
        {
            if (!drained)
            {
                waiting.Clear();
                lease.Forget();
            }

            await held.CancelAsync();
            await renewal;
        }
    }

    public void Dispose() => changed.Dispose();

    private static WorkKindAttribute Describe(IWorkHandler handler) => handler.GetType().GetCustomAttribute<WorkKindAttribute>()!;

    private bool MayStart(Claim claim)
    {
        var most = batches.GetValueOrDefault(waiting.Peek().Kind) ? InHandForEachCall * claim.Concurrency : claim.Concurrency;
        return Volatile.Read(ref running) == 0 || Volatile.Read(ref inHand) < most;
    }

    private void Start(Claim claim, CancellationToken cancellation)
    {
        var scope = scopes.CreateAsyncScope();
        var first = waiting.Dequeue();
        var handler = scope.ServiceProvider.GetRequiredKeyedService<IWorkHandler>(first.Kind);
        var kind = Describe(handler);
        var batch = new List<WorkItem> { first };
        while (batch.Count < Math.Min(kind.Batch, ForEachCall * claim.Concurrency) && waiting.TryPeek(out var next) && next.Kind == first.Kind)
        {
            batch.Add(waiting.Dequeue());
        }

        batches[first.Kind] = kind.Batch > 1;
        Interlocked.Increment(ref running);
        Interlocked.Add(ref inHand, batch.Count);
        _ = Task.Run(() => RunAsync(scope, handler, kind, batch, claim, cancellation), CancellationToken.None);
    }

    private async Task RunAsync(
        AsyncServiceScope scope, IWorkHandler handler, WorkKindAttribute kind, List<WorkItem> batch, Claim claim, CancellationToken cancellation)
    {
        var left = new ConcurrentDictionary<long, WorkItem>(batch.Select(item => KeyValuePair.Create(item.Id, item)));
        void Done(WorkItem item, WorkResult result)
        {
            if (left.TryRemove(item.Id, out var known))
            {
                Interlocked.Decrement(ref inHand);
                health.Count(result.SystemFault);
                Interlocked.Increment(ref unrecorded);
                writer.Post(new(queue, claim.Epoch, new(known, result), Recorded));
            }
        }

        try
        {
            await using (scope)
            {
                scope.ServiceProvider.GetRequiredService<Door.ActorSlot>().Actor = Door.Actor.Engine;
                using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(kind.MinutesAtMost), clock);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
                try
                {
                    foreach (var item in batch.Where(item => item.Attempts > item.MaxAttempts))
                    {
                        // Every attempt ended with the process: one more would only end it again.
                        Done(item, new(WorkVerdict.Dead) { Error = Fatal });
                    }

                    await handler.ExecuteAsync([.. batch.Where(item => item.Attempts <= item.MaxAttempts)], slots, Done, both.Token);
                    Rest(new(WorkVerdict.Retry) { Error = Nothing });
                }
                catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
                {
                    // Stopping, or the lease was lost: rows say that it runs, and the next owner reads before it acts.
                }
                catch (OperationCanceledException)
                {
                    Rest(new(WorkVerdict.Retry) { Error = NoAnswer.With(kind.MinutesAtMost), SystemFault = true });
                }
                catch (Exception bug)
                {
                    // A bug in one handler must not stop the queue: it is tried again, then given up, and named.
                    HandlerFailed(bug, queue, batch[0].Kind, batch[0].Subject);
                    Rest(new(WorkVerdict.Retry) { Error = Words.Same(bug.GetType().Name) });
                }
            }

            if (claim.Probe && !health.IsOpen)
            {
                await lease.BreakAsync(health.LastWasFault ? clock.GetUtcNow() + BreakerOpen : null, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // As above.
        }
        finally
        {
            Interlocked.Add(ref inHand, -left.Count);
            Interlocked.Decrement(ref running);
            Nudge();
        }

        void Rest(WorkResult result)
        {
            foreach (var item in left.Values)
            {
                Done(item, result);
            }
        }
    }

    private void Recorded(bool kept)
    {
        if (!kept)
        {
            // Rows say that it still runs: the queue is broken off, and the next claim frees them.
            lost = true;
        }

        Interlocked.Decrement(ref unrecorded);
        Nudge();
    }

    /// <summary>The system misbehaves: what waits is handed back without costing an attempt, and one probe is claimed later.</summary>
    private async Task OpenBreakerAsync(CancellationToken cancellation)
    {
        await lease.BreakAsync(clock.GetUtcNow() + BreakerOpen, cancellation);
        await lease.HandBackAsync([.. waiting], cancellation);
        waiting.Clear();
        health.Forget();
        BreakerOpened(queue);
    }

    /// <summary>Renews the lease while the queue runs; a lease that cannot be renewed in time ends everything in flight.</summary>
    private async Task RenewAsync(CancellationTokenSource held)
    {
        try
        {
            while (true)
            {
                await Task.Delay(QueueLease.Life / 3, clock, held.Token);
                var kept = await RenewOnceAsync(held.Token);
                if (!kept && clock.GetUtcNow() >= lease.Deadline)
                {
                    LeaseLost(queue);
                    await held.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The queue is drained, or stops.
        }
    }

    private async Task<bool> RenewOnceAsync(CancellationToken cancellation)
    {
        try
        {
            return await lease.RenewAsync(cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            RenewFailed(error, queue);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Work of queue {Queue}, kind {Kind}, {Subject}, failed with a bug.")]
    private partial void HandlerFailed(Exception error, string queue, string kind, string subject);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue {Queue} rests: its system misbehaves.")]
    private partial void BreakerOpened(string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of queue {Queue} was lost: what runs is left to its next owner.")]
    private partial void LeaseLost(string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of queue {Queue} was not renewed; it is tried again.")]
    private partial void RenewFailed(Exception error, string queue);

    /// <summary>The last ten seconds of a system: half of at least twenty calls failing by its own fault opens the breaker.</summary>
    private sealed class Health(TimeProvider clock)
    {
        private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
        private readonly Queue<(DateTimeOffset At, bool Fault)> calls = new();
        private readonly Lock guard = new();
        private int faults;

        public bool LastWasFault { get; private set; }

        public bool IsOpen
        {
            get
            {
                lock (guard)
                {
                    return calls.Count >= 20 && faults * 2 >= calls.Count;
                }
            }
        }

        public void Count(bool fault)
        {
            lock (guard)
            {
                var now = clock.GetUtcNow();
                LastWasFault = fault;
                calls.Enqueue((now, fault));
                faults += fault ? 1 : 0;
                while (calls.Count > 0 && (now - calls.Peek().At > Window || calls.Count > 1000))
                {
                    faults -= calls.Dequeue().Fault ? 1 : 0;
                }
            }
        }

        public void Forget()
        {
            lock (guard)
            {
                calls.Clear();
                faults = 0;
            }
        }
    }
}
