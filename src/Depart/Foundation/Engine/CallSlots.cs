namespace Depart.Foundation.Engine;

/// <summary>
/// The calls that a queue may have in flight at once, and begin in a second: whoever runs its work enters before each call. There is one for each queue, on the
/// node that holds the lease.
/// </summary>
internal sealed class CallSlots(TimeProvider clock)
{
    private readonly Lock guard = new();

    /// <summary>Calls at once, as the queue said last.</summary>
    public int Limit { get { lock (guard) { return limit; } } }

    private readonly Queue<TaskCompletionSource> waiting = new();
    private int limit = 1;
    private int entered;
    private TimeSpan? apart;
    private DateTimeOffset next = DateTimeOffset.MinValue;

    /// <summary>As the queue says now: calls at once, from 1, and calls begun per second, or null without limit. Calls are spread over the second; there is no burst after a rest.</summary>
    public void Set(int concurrency, int? perSecond)
    {
        lock (guard)
        {
            (limit, apart) = (concurrency, perSecond is { } rate ? TimeSpan.FromSeconds(1) / rate : null);
            Admit();
        }
    }

    /// <summary>Waits for a call's turn; dispose what it gives when the call has ended.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
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
                waiting.Enqueue(turn = new(TaskCreationOptions.RunContinuationsAsynchronously));
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
            if (apart is not { } pace)
            {
                return;
            }

            var now = clock.GetUtcNow();
            var at = next > now ? next : now;
            (next, wait) = (at + pace, at - now);
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
        while (entered < limit && waiting.TryDequeue(out var turn))
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
