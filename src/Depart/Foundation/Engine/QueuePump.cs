using System.Reflection;
using Depart.Foundation.Door;

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

    /// <summary>Where calls are paced, no more is in hand than begins in so many seconds: what waits for its turn must not wait for ever.</summary>
    private const int SecondsInHand = 30;

    /// <summary>A batch holds at most so many items for each call allowed: what waits for its turn must not wait for ever.</summary>
    private const int ForEachCall = 12;

    private static readonly TimeSpan BreakerOpen = TimeSpan.FromSeconds(5);
    private static readonly Words NoAnswer = new("No answer within {0} minutes.", "Aucune réponse en {0} minutes.");
    private static readonly Words Fatal = new("It was interrupted too often.", "Il a été interrompu trop souvent.");
    private static readonly Words Nothing = new("The work ended without saying how.", "Le travail s’est terminé sans dire comment.");

    private readonly SemaphoreSlim changed = new(0);
    private readonly Queue<WorkItem> waiting = new();
    private readonly Breaker breaker = new(clock);
    private readonly CallSlots slots = new(clock);
    private readonly Dictionary<string, WorkKindAttribute> kinds = new(StringComparer.Ordinal);
    private volatile bool mayHaveMore;
    private volatile bool paused;
    private volatile bool probing;
    private bool suspect;
    private int inHand;
    private int running;
    private int unrecorded;
    private volatile bool lost;

    /// <summary>Something broke, and what was claimed then has not been freed yet.</summary>
    public bool HasOrphans => lease.IsForgotten;

    /// <summary>New work was committed, or is due now: claim it.</summary>
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
        (mayHaveMore, probing, suspect) = (true, false, false);
        var drained = false;
        Claim? claim = null;
        Task<Claim?>? claiming = null;
        var told = Task.CompletedTask;
        try
        {
            while (true)
            {
                if (claiming is not null && (claiming.IsCompleted || breaker.IsOpen || paused))
                {
                    claim = await TakeAsync(await claiming, claim, held.Token);
                    claiming = null;
                }

                if (lost)
                {
                    lost = false;
                    throw new InvalidOperationException("Outcomes could not be recorded.");
                }

                if (claiming is null && waiting.Count > 0 && breaker.IsOpen)
                {
                    await OpenBreakerAsync(held.Token);
                }

                if (claiming is null && paused)
                {
                    await HandBackAsync(held.Token);
                    paused = false;
                }

                // After the last claim was taken: what was told while it was under way is claimed now. The queue goes on with what it holds meanwhile.
                if (claiming is null && MayClaim())
                {
                    mayHaveMore = false;
                    claiming = lease.ClaimAsync(suspect ? 1 : ClaimSize, held.Token);
                    told = TellAsync(claiming);
                }

                while (claim is not null && waiting.Count > 0 && MayStart())
                {
                    Start(claim, held.Token);
                }

                if (IsIdle && claiming is null && !mayHaveMore)
                {
                    // A lost lease ends what runs, and so does an outcome that was not recorded: both look as if there were nothing left to do.
                    held.Token.ThrowIfCancellationRequested();
                    if (!lost)
                    {
                        drained = true;
                        return;
                    }

                    continue;
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
            await held.CancelAsync();
            await renewal;
            await told;
            if (!drained)
            {
                await GiveUpAsync();
            }
        }
    }

    public void Dispose() => changed.Dispose();

    /// <summary>Rings once the claim has ended, and not before: whoever looks then must find it ended.</summary>
    private async Task TellAsync(Task claiming)
    {
        await claiming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        changed.Release();
    }

    /// <summary>Broken off: what was not begun is given back, if the database can still be reached; the rest looks as if it ran until the next claim frees it.</summary>
    private async Task GiveUpAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await HandBackAsync(soon.Token);
        }
        catch (Exception error)
        {
            NotGivenBack(error, queue);
        }

        waiting.Clear();
        lease.Forget();
    }

    private async Task<Claim?> TakeAsync(Claim? claim, Claim? before, CancellationToken cancellation)
    {
        if (claim is null)
        {
            // Paused, or at rest behind its breaker.
            await HandBackAsync(cancellation);
            return null;
        }

        if (claim.Epoch != before?.Epoch)
        {
            // The lease was another's meanwhile: what was claimed under the last one was freed, and may be in this claim.
            waiting.Clear();
        }

        slots.Set(claim.Concurrency, claim.PerSecond);
        foreach (var item in claim.Items)
        {
            waiting.Enqueue(item);
        }

        // One at a time until what was given is no suspect.
        mayHaveMore |= suspect || claim.Suspect || claim.Items.Count == ClaimSize;
        suspect = claim.Suspect;
        return claim;
    }

    /// <summary>Whether there may be more to do than is in hand. A probe is one call, a suspect is in hand alone: nothing more before it has ended.</summary>
    private bool MayClaim() => mayHaveMore && waiting.Count < ClaimSize / 2 && !probing && (!suspect || IsIdle);

    private bool IsIdle => waiting.Count == 0 && Volatile.Read(ref running) == 0 && Volatile.Read(ref unrecorded) == 0;

    private bool MayStart()
    {
        var most = Math.Min((kinds.GetValueOrDefault(waiting.Peek().Kind)?.InHand ?? 1) * slots.Limit, SecondsInHand * slots.PerSecond ?? int.MaxValue);
        return Volatile.Read(ref running) == 0 || Volatile.Read(ref inHand) < most;
    }

    private void Start(Claim claim, CancellationToken cancellation)
    {
        var scope = scopes.CreateEngineScope();
        var first = waiting.Dequeue();
        var handler = scope.ServiceProvider.GetRequiredKeyedService<IWorkHandler>(first.Kind);
        if (!kinds.TryGetValue(first.Kind, out var kind))
        {
            kinds[first.Kind] = kind = handler.GetType().GetCustomAttribute<WorkKindAttribute>()!;
        }

        var batch = new List<WorkItem> { first };
        while (batch.Count < Math.Min(kind.Batch, ForEachCall * slots.Limit) && waiting.TryPeek(out var next) && next.Kind == first.Kind)
        {
            batch.Add(waiting.Dequeue());
        }

        probing |= claim.Probe;
        Interlocked.Increment(ref running);
        Interlocked.Add(ref inHand, batch.Count);
        _ = Task.Run(() => RunAsync(scope, handler, kind, batch, claim, cancellation), CancellationToken.None);
    }

    private async Task RunAsync(
        AsyncServiceScope scope, IWorkHandler handler, WorkKindAttribute kind, List<WorkItem> batch, Claim claim, CancellationToken cancellation)
    {
        var left = batch.ToDictionary(item => item.Id);
        void Done(WorkItem item, WorkResult result)
        {
            WorkItem? known;
            lock (left)
            {
                if (!left.Remove(item.Id, out known))
                {
                    return;
                }
            }

            Interlocked.Decrement(ref inHand);
            breaker.Count(result.SystemFault);
            Interlocked.Increment(ref unrecorded);
            writer.Post(new(queue, claim.Epoch, new(known, result), Recorded));
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
                    foreach (var item in batch.Where(IsSpent))
                    {
                        // Every attempt ended with the process: one more would only end it again.
                        Done(item, new(WorkVerdict.Dead) { Error = Fatal });
                    }

                    await handler.ExecuteAsync([.. batch.Where(item => !IsSpent(item))], slots, Done, both.Token);
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

            if (claim.Probe && !breaker.IsOpen)
            {
                await lease.BreakAsync(breaker.LastWasFault ? clock.GetUtcNow() + BreakerOpen : null, cancellation);
                mayHaveMore = true;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // As above.
        }
        finally
        {
            lock (left)
            {
                // What its handler says later comes too late.
                Interlocked.Add(ref inHand, -left.Count);
                left.Clear();
            }

            if (claim.Probe)
            {
                probing = false;
            }

            Interlocked.Decrement(ref running);
            changed.Release();
        }

        void Rest(WorkResult result)
        {
            List<WorkItem> rest;
            lock (left)
            {
                rest = [.. left.Values];
            }

            rest.ForEach(item => Done(item, result));
        }
    }

    private static bool IsSpent(WorkItem item) => item.Interruptions >= WorkItem.MostInterruptions;

    private void Recorded(bool kept)
    {
        if (!kept)
        {
            // Rows say that it still runs: the queue is broken off, and the next claim frees them.
            lost = true;
        }

        Interlocked.Decrement(ref unrecorded);
        changed.Release();
    }

    /// <summary>The system misbehaves: what waits is handed back without costing an attempt, and one probe is claimed later.</summary>
    private async Task OpenBreakerAsync(CancellationToken cancellation)
    {
        await lease.BreakAsync(clock.GetUtcNow() + BreakerOpen, cancellation);
        await HandBackAsync(cancellation);
        breaker.Forget();
        BreakerOpened(queue);
    }

    private async Task HandBackAsync(CancellationToken cancellation)
    {
        await lease.HandBackAsync([.. waiting], cancellation);
        waiting.Clear();
    }

    /// <summary>
    /// Renews the lease while the queue runs, and hears what a person changed meanwhile; a lease that cannot be renewed in time ends everything in flight.
    /// </summary>
    private async Task RenewAsync(CancellationTokenSource held)
    {
        try
        {
            using var timer = new PeriodicTimer(QueueLease.Life / 3, clock);
            while (await timer.WaitForNextTickAsync(held.Token))
            {
                if (await RenewOnceAsync(held.Token) is { } row)
                {
                    slots.Set(row.MaxConcurrency, row.RatePerSecond);
                    if (row.Paused)
                    {
                        paused = true;
                        changed.Release();
                    }
                }
                else if (clock.GetUtcNow() >= lease.Deadline)
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

    private async Task<WorkQueue?> RenewOnceAsync(CancellationToken cancellation)
    {
        try
        {
            return await lease.RenewAsync(cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            RenewFailed(error, queue);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Work of queue {Queue}, kind {Kind}, {Subject}, failed with a bug.")]
    private partial void HandlerFailed(Exception error, string queue, string kind, string subject);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue {Queue} rests: its system misbehaves.")]
    private partial void BreakerOpened(string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of queue {Queue} was lost: what runs is left to its next owner.")]
    private partial void LeaseLost(string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What queue {Queue} had not begun could not be given back; its next claim frees it.")]
    private partial void NotGivenBack(Exception error, string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of queue {Queue} was not renewed; it is tried again.")]
    private partial void RenewFailed(Exception error, string queue);
}
