using Depart.Foundation.Design;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Settings;

/// <summary>The zone of the house for every page and every command: asked for all the time, so it is remembered for half a minute, and forgotten at once when it is changed here.</summary>
internal sealed class HouseZone(IServiceScopeFactory scopes) : IHouseZone
{
    /// <summary>How long another node may show the zone of before.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private volatile Known? known;

    public async ValueTask<TimeZoneInfo> GetAsync(CancellationToken cancellation)
    {
        if (known is { } still && Environment.TickCount64 < still.Until)
        {
            return still.Zone;
        }

        await using var scope = scopes.CreateAsyncScope();
        var name = await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<HouseSettings>().Select(settings => settings.Zone).FirstOrDefaultAsync(cancellation);
        var zone = Zones.Named(name ?? Departure.DefaultZone);
        known = new(zone, Environment.TickCount64 + (long)Remembered.TotalMilliseconds);
        return zone;
    }

    /// <summary>The settings changed.</summary>
    public void Forget() => known = null;

    private sealed record Known(TimeZoneInfo Zone, long Until);
}
