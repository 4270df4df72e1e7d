using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Embargoes;

/// <summary>Puts departures under embargo and lifts it. Scoped: works on the context of the command that is being handled.</summary>
internal sealed class EmbargoBook(DepartDb db, Actor actor, IUserDirectory users, IDepartureBinding binding, TimeProvider clock) : IMailHold
{
    /// <summary>Users who may be named: those of the house and the manager of the mission; never the leaver nor anyone of the same supplier, who might not act on it either.</summary>
    public async Task<IReadOnlyList<HouseUser>> CandidatesAsync(Mission mission, CancellationToken cancellation)
    {
        var found = new Dictionary<Guid, HouseUser>();
        foreach (var role in new[] { Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin })
        {
            foreach (var user in await users.HoldersAsync(role, mission.Unit, cancellation))
            {
                found[user.Id] = user;
            }
        }

        if (mission.Manager is { } person && await users.OfPersonAsync(person.Value, cancellation) is { } holder)
        {
            found[holder.Id] = holder;
        }

        var able = new List<HouseUser>();
        foreach (var user in found.Values)
        {
            if (await Separation.RefusalAsync(Actor.Nobody with { User = user.Id, Person = user.Person }, mission.Person.Value, binding, cancellation) is null)
            {
                able.Add(user);
            }
        }

        return [.. able.OrderBy(user => user.Name, StringComparer.CurrentCulture)];
    }

    /// <summary>Puts a departure that is being opened under embargo, before anything is made of it. Whoever opens it is one of the few.</summary>
    public async Task<Problem?> ImposeAsync(Departure departure, Mission mission, IReadOnlyCollection<Guid> named, IJournal journal, CancellationToken cancellation)
    {
        if (named.Count > 0 && named.Except((await CandidatesAsync(mission, cancellation)).Select(user => user.Id)).Any())
        {
            return EmbargoText.MayNotKnow;
        }

        var now = clock.GetUtcNow();
        departure.Hush();
        db.Add(new Embargo(departure, now));
        foreach (var user in named.Prepend(actor.User ?? Guid.Empty).Where(user => user != Guid.Empty).Distinct())
        {
            db.Add(new Confidant { Departure = departure.Id, User = user, At = now });
            journal.Record(EmbargoFacts.Named(departure, user) with { Holds = true });
        }

        return null;
    }

    /// <summary>Those who know of it, by name.</summary>
    public async Task<IReadOnlyList<HouseUser>> ConfidantsAsync(DepartureId departure, CancellationToken cancellation)
    {
        var found = new List<HouseUser>();
        foreach (var id in await db.Set<Confidant>().AsNoTracking().Where(confidant => confidant.Departure == departure).Select(confidant => confidant.User).ToListAsync(cancellation))
        {
            if (await users.FindAsync(id, cancellation) is { } user)
            {
                found.Add(user);
            }
        }

        return [.. found.OrderBy(user => user.Name, StringComparer.CurrentCulture)];
    }

    /// <summary>Whether a user knows of it.</summary>
    public Task<bool> KnowsAsync(DepartureId departure, Guid user, CancellationToken cancellation) =>
        db.Set<Confidant>().AnyAsync(confidant => confidant.Departure == departure && confidant.User == user, cancellation);

    /// <summary>Ends the embargo: tasks reach their desks, and what waited to be told is told.</summary>
    public async Task LiftAsync(Departure departure, TaskBook tasks, DepartureWatches watches, Outbox outbox, IJournal journal, CancellationToken cancellation)
    {
        if (await db.FindAsync<Embargo>([departure.Id], cancellation) is not { LiftedAt: null } embargo)
        {
            return;
        }

        var now = clock.GetUtcNow();
        embargo.Lift(now);
        departure.Reveal();
        await tasks.RevealAsync(departure, cancellation);
        await outbox.ReleaseAsync(embargo.Group, cancellation);
        await watches.KnownAsync([departure], cancellation);
        journal.Record(EmbargoFacts.Of(departure, "embargo.lifted") with { Holds = false, Seals = true });
        TaskClock.Look(db, departure, now);
    }

    /// <summary>Also one that this transaction has just made. Found by its key: <c>Local</c> would compare everything that is tracked, for every mail of thousands.</summary>
    public async Task<bool> HoldsAsync(string group, CancellationToken cancellation) =>
        DepartureId.TryParse(group, out var id) && await db.FindAsync<Embargo>([id], cancellation) is { LiftedAt: null };
}

/// <summary>What the journal says of an embargo.</summary>
internal static class EmbargoFacts
{
    public static Fact Of(Departure departure, string kind) => new(departure.Chain, kind)
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["departure"] = departure.Id.Value, ["state"] = departure.State.ToString() },
    };

    public static Fact Named(Departure departure, Guid user) => new(departure.Chain, "embargo.named")
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["departure"] = departure.Id.Value, ["user"] = user },
    };
}
