namespace Depart.Departures;

/// <summary>A room that follows departures: it is told in the transaction that changes them.</summary>
internal interface IDepartureWatch
{
    /// <summary>Whoever leaves may know of these from now on: opened, confirmed after nobody had answered, or their embargo has ended. Under an embargo nobody is told.</summary>
    Task KnownAsync(IReadOnlyCollection<Departure> departures, CancellationToken cancellation);
}

/// <summary>Tells the rooms that follow departures. Scoped.</summary>
internal sealed class DepartureWatches(IEnumerable<IDepartureWatch> watches)
{
    /// <inheritdoc cref="IDepartureWatch.KnownAsync"/>
    public async Task KnownAsync(IReadOnlyCollection<Departure> departures, CancellationToken cancellation)
    {
        List<Departure> known = [.. departures.Where(departure => departure is { UnderEmbargo: false, Prepared: false })];
        foreach (var watch in known.Count == 0 ? [] : watches)
        {
            await watch.KnownAsync(known, cancellation);
        }
    }
}
