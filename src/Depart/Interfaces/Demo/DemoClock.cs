namespace Depart.Interfaces.Demo;

/// <summary>The demo's clock: it begins in the past, so that the company's last year can be lived through by the same commands as the present, then shows the time there is. Only forward.</summary>
internal sealed class DemoClock : TimeProvider
{
    private long behind;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(-Interlocked.Read(ref behind));

    /// <summary>Begins so long ago.</summary>
    public void GoBack(TimeSpan span) => Interlocked.Exchange(ref behind, span.Ticks);

    /// <summary>It is that instant from now on, unless it has passed already; never later than the time there is.</summary>
    public void GoTo(DateTimeOffset instant)
    {
        var now = base.GetUtcNow();
        if (instant > GetUtcNow())
        {
            Interlocked.Exchange(ref behind, Math.Max(0, (now - instant).Ticks));
        }
    }
}
