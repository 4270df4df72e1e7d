using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions;

/// <summary>A room that follows people and missions: it is told in the transaction that changes them, before they are saved.</summary>
internal interface IMissionWatch
{
    /// <summary>These missions have another manager or supplier.</summary>
    Task PartiesChangedAsync(IReadOnlyCollection<Mission> missions, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>The private address of a person is another one, or is not held any more.</summary>
    Task PrivateAddressChangedAsync(Person person, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>These people are new to the record, or have other addresses or logins.</summary>
    Task PeopleNamedAsync(IReadOnlyCollection<Person> people, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>These people are new to the record by a file: many at once, and saved already.</summary>
    Task PeopleImportedAsync(IReadOnlyCollection<Person> people, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>These missions end on another day.</summary>
    Task EndsMovedAsync(IReadOnlyCollection<Mission> missions, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>Tells the rooms that follow missions. Scoped: works on the context of the command that is being handled.</summary>
internal sealed class MissionWatches(DepartDb db, IEnumerable<IMissionWatch> watches)
{
    /// <inheritdoc cref="IMissionWatch.PrivateAddressChangedAsync"/>
    public async Task TellAddressAsync(Person person, CancellationToken cancellation)
    {
        foreach (var watch in watches)
        {
            await watch.PrivateAddressChangedAsync(person, cancellation);
        }
    }

    /// <inheritdoc cref="IMissionWatch.PeopleImportedAsync"/>
    public async Task TellImportedAsync(IReadOnlyCollection<Person> people, CancellationToken cancellation)
    {
        foreach (var watch in people.Count > 0 ? watches : [])
        {
            await watch.PeopleImportedAsync(people, cancellation);
        }
    }

    /// <summary>Tells of everyone whom this command has added or named otherwise, and of every mission that it has changed; called once it has changed them all.</summary>
    public async Task TellAsync(CancellationToken cancellation)
    {
        var changed = db.ChangeTracker.Entries<Mission>().Where(entry => entry.State == EntityState.Modified).ToList();
        var parties = changed.Where(entry => entry.Property(mission => mission.Manager).IsModified || entry.Property(mission => mission.Supplier).IsModified).Select(entry => entry.Entity).ToList();
        var ends = changed.Where(entry => entry.Property(mission => mission.End).IsModified).Select(entry => entry.Entity).ToList();
        var named = db.ChangeTracker.Entries<Person>()
            .Where(entry => entry.State == EntityState.Added
                || (entry.State == EntityState.Modified && (entry.Property(person => person.Mails).IsModified || entry.Property(person => person.Logins).IsModified)))
            .Select(entry => entry.Entity).ToList();
        foreach (var watch in watches)
        {
            await (named.Count > 0 ? watch.PeopleNamedAsync(named, cancellation) : Task.CompletedTask);
            await (parties.Count > 0 ? watch.PartiesChangedAsync(parties, cancellation) : Task.CompletedTask);
            await (ends.Count > 0 ? watch.EndsMovedAsync(ends, cancellation) : Task.CompletedTask);
        }
    }
}
