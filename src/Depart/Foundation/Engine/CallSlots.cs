namespace Depart.Foundation.Engine;

/// <summary>
/// The calls that one system may have in flight at once, and that may begin in a second: whoever calls it enters before each call. The queue of a system has
/// its own, on the node that runs it; a connector that counts its requests itself has another.
/// </summary>
/// <param name="clock">Paces the calls.</param>
/// <param name="concurrency">Calls at once, from 1.</param>
/// <param name="perSecond">Calls begun per second, or null without limit.</param>
internal sealed class CallSlots(TimeProvider clock, int concurrency = 1, int? perSecond = null)
{
    private readonly Lock guard = new();
    private readonly Queue<TaskCompletionSource> waiting = new();
    private readonly Queue<TaskCompletionSource> behind = new();
    private int limit = concurrency;
    private int entered;
    private int? rate = perSecond;
    private DateTimeOffset next = DateTimeOffset.MinValue;

    /// <summary>Calls at once, from 1, as said last.</summary>
    public int Limit { get { lock (guard) { return limit; } } }

    /// <summary>Calls begun per second, or null without limit, as said last.</summary>
    public int? PerSecond { get { lock (guard) { return rate; } } }

    /// <summary>As the system is set now: calls at once, from 1, and calls begun per second, or null without limit. Calls are spread over the second; there is no burst after a rest.</summary>
    public void Set(int concurrency, int? perSecond)
    {
        lock (guard)
        {
            (limit, rate) = (concurrency, perSecond);
            Admit();
        }
    }

    /// <summary>Waits for a call's turn; dispose what it gives when the call has ended.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="last">Lets every call go first that is not of this sort.</param>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation, bool last = false)
    {
        TaskCompletionSource? turn = null;
        lock (guard)
        {
            if (entered < limit)
            {
                entered++;
            }
            else
            {
                (last ? behind : waiting).Enqueue(turn = new(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }

        if (turn is not null)
        {
            await using var ended = cancellation.Register(() => turn.TrySetCanceled(cancellation));
            await turn.Task;
        }

        var call = new Call(this);
        try
        {
            await PaceAsync(cancellation);
            return call;
        }
        catch (OperationCanceledException)
        {
            call.Dispose();
            throw;
        }
    }

    private async ValueTask PaceAsync(CancellationToken cancellation)
    {
        TimeSpan wait;
        lock (guard)
        {
            if (rate is not { } perSecond)
            {
                return;
            }

            var now = clock.GetUtcNow();
            var at = next > now ? next : now;
            (next, wait) = (at + (TimeSpan.FromSeconds(1) / perSecond), at - now);
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, clock, cancellation);
        }
    }

    private void Leave()
    {
        lock (guard)
        {
            entered--;
            Admit();
        }
    }

    private void Admit()
    {
        while (entered < limit && (waiting.TryDequeue(out var turn) || behind.TryDequeue(out turn)))
        {
            if (turn.TrySetResult())
            {
                entered++;
            }
        }
    }

    private sealed class Call(CallSlots slots) : IDisposable
    {
        private CallSlots? slots = slots;

        public void Dispose() => Interlocked.Exchange(ref slots, null)?.Leave();
    }
}
