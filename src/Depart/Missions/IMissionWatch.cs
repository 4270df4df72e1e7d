using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions;

/// <summary>A room that follows who is bound to missions.</summary>
internal interface IMissionWatch
{
    /// <summary>These missions have another manager or supplier; in the transaction that changes them, before they are saved.</summary>
    Task PartiesChangedAsync(IReadOnlyCollection<Mission> missions, CancellationToken cancellation);
}

/// <summary>Tells the rooms that follow missions. Scoped: works on the context of the command that is being handled.</summary>
internal sealed class MissionWatches(DepartDb db, IEnumerable<IMissionWatch> watches)
{
    /// <summary>Tells of every mission that this command gives another manager or supplier; called once it has changed them all.</summary>
    public async Task TellAsync(CancellationToken cancellation)
    {
        var changed = db.ChangeTracker.Entries<Mission>()
            .Where(entry => entry.State == EntityState.Modified && (entry.Property(mission => mission.Manager).IsModified || entry.Property(mission => mission.Supplier).IsModified))
            .Select(entry => entry.Entity).ToList();
        foreach (var watch in changed.Count > 0 ? watches : [])
        {
            await watch.PartiesChangedAsync(changed, cancellation);
        }
    }
}
