namespace Depart.Foundation.Design;

/// <summary>Zones in which instants are shown.</summary>
internal static class Zones
{
    private static readonly TimeZoneInfo Shipped = LocalInstant.FindZone("Europe/Paris") ?? TimeZoneInfo.Utc;
    private static readonly AsyncLocal<TimeZoneInfo?> Current = new();

    /// <summary>The reader's: the one they chose, otherwise that of the house. Like the language it belongs to the request.</summary>
    public static TimeZoneInfo Reader => Current.Value ?? Shipped;

    /// <summary>From here on, in this request only, this is the reader's zone.</summary>
    public static void Use(TimeZoneInfo zone) => Current.Value = zone;

    /// <summary>A zone by name, or the reader's.</summary>
    public static TimeZoneInfo Named(string? name) => name is null ? Reader : LocalInstant.FindZone(name) ?? Reader;
}

/// <summary>Knows the zone of the house; implemented by the room that keeps its settings.</summary>
internal interface IHouseZone
{
    /// <summary>The zone of the house.</summary>
    ValueTask<TimeZoneInfo> GetAsync(CancellationToken cancellation);

    /// <summary>The zone in which somebody reads: their own, or that of the house.</summary>
    ValueTask<TimeZoneInfo> OfAsync(Door.Actor actor, CancellationToken cancellation) =>
        actor.Zone is { } own && LocalInstant.FindZone(own) is { } zone ? ValueTask.FromResult(zone) : GetAsync(cancellation);
}
