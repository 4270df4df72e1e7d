namespace Depart.Foundation.Engine;

/// <summary>The last ten seconds of a system: half of at least twenty calls failing by its own fault opens the breaker.</summary>
internal sealed class Breaker(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private readonly Queue<(DateTimeOffset At, bool Fault)> calls = new();
    private readonly Lock guard = new();
    private int faults;

    /// <summary>Whether the last call failed by the system's fault.</summary>
    public bool LastWasFault { get; private set; }

    /// <summary>Whether nothing more is sent for now.</summary>
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

    /// <summary>A call ended.</summary>
    /// <param name="fault">By the system's own fault it failed.</param>
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

    /// <summary>Begins anew: it rests, and a probe will tell.</summary>
    public void Forget()
    {
        lock (guard)
        {
            calls.Clear();
            faults = 0;
        }
    }
}
