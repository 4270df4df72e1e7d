using System.Threading.RateLimiting;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>Whose way in a code is; nothing is used. Asked only once somebody pressed the button: what opens a page ahead of its reader uses and learns nothing.</summary>
internal sealed record ReadWayIn(string Code) : IQuery<WayInOwner>
{
    public static Access Access => Access.Anyone;

    internal sealed class Handler(DepartDb db, OwnDoors doors, TimeProvider clock) : IHandler<ReadWayIn, WayInOwner>
    {
        public async Task<Outcome<WayInOwner>> HandleAsync(ReadWayIn query, CancellationToken cancellation)
        {
            if (await WayIn.FindAsync(db, query.Code, clock.GetUtcNow(), cancellation) is not { } way || !await LeadsAsync(way, doors, cancellation))
            {
                return PortalText.WayGone;
            }

            return new WayInOwner(way.Person.Value, await db.Set<Person>().Where(person => person.Id == way.Person).Select(person => person.GivenName + " " + person.FamilyName).FirstAsync(cancellation));
        }
    }

    /// <summary>Its departure still has an open door, which the reader may know of.</summary>
    internal static async Task<bool> LeadsAsync(WayIn way, OwnDoors doors, CancellationToken cancellation) =>
        (await doors.OpenOfAsync(way.Person, cancellation)).Exists(pair => pair.Departure.Id == way.Departure);
}

/// <summary>Whose a way in is.</summary>
internal sealed record WayInOwner(Guid Person, string Name);

/// <summary>Uses a way in: a session of the leaver's own door begins.</summary>
internal sealed record EnterPortal(string Code) : ICommand<Guid>
{
    public static Access Access => Access.Anyone;

    internal sealed class Handler(DepartDb db, OwnDoors doors, IJournal journal, TimeProvider clock) : IHandler<EnterPortal, Guid>
    {
        public async Task<Outcome<Guid>> HandleAsync(EnterPortal command, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            if (await WayIn.FindAsync(db, command.Code, now, cancellation) is not { } way || !await ReadWayIn.LeadsAsync(way, doors, cancellation))
            {
                return PortalText.WayGone;
            }

            way.Use(now);
            var session = PortalSession.Begin(way, now);
            db.Add(session);
            foreach (var (door, departure) in await doors.OpenOfAsync(way.Person, cancellation))
            {
                door.Used(now);
                if (departure.Id == way.Departure)
                {
                    journal.Record(DoorFacts.Of(departure, "door.entered", ("way", way.Id), ("kind", way.Kind.ToString()), ("session", session.Id)));
                }
            }

            return session.Id;
        }
    }
}

/// <summary>Whose session it is, as long as it is good and a door of theirs is open.</summary>
internal sealed record ReadPortalSession(Guid Session) : IQuery<PortalSessionOwner>
{
    public static Access Access => Access.Anyone;

    internal sealed class Handler(DepartDb db, OwnDoors doors, TimeProvider clock) : IHandler<ReadPortalSession, PortalSessionOwner>
    {
        public async Task<Outcome<PortalSessionOwner>> HandleAsync(ReadPortalSession query, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            if (await db.FindAsync<PortalSession>([query.Session], cancellation) is not { } session || !session.IsGood(now) || (await doors.OpenOfAsync(session.Person, cancellation)).Count == 0)
            {
                return PortalText.WayGone;
            }

            var name = await db.Set<Person>().Where(person => person.Id == session.Person).Select(person => person.GivenName + " " + person.FamilyName).FirstAsync(cancellation);
            return new PortalSessionOwner(session.Person, name, now - session.SeenAt >= PortalSession.NotedEvery);
        }
    }
}

/// <summary>Whose a session is, and whether its use is to be noted.</summary>
internal sealed record PortalSessionOwner(PersonId Person, string Name, bool ToNote);

/// <summary>Notes that a session is used, and with it the doors: how long since nobody came through is told on the departure's page.</summary>
internal sealed record NotePortalUse(Guid Session) : ICommand<Done>
{
    public static Access Access => Access.ThroughOwnDoor;

    internal sealed class Handler(DepartDb db, OwnDoors doors, Actor actor, TimeProvider clock) : IHandler<NotePortalUse, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(NotePortalUse command, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            if (await db.FindAsync<PortalSession>([command.Session], cancellation) is { } session && session.Person.Value == actor.Person && session.IsGood(now))
            {
                session.Seen(now);
                (await doors.OpenOfAsync(session.Person, cancellation)).ForEach(pair => pair.Door.Used(now));
            }

            return Done.Value;
        }
    }
}

/// <summary>Ends one's session of one's own door.</summary>
internal sealed record LeavePortal(Guid Session) : ICommand<Done>
{
    public static Access Access => Access.ThroughOwnDoor;

    internal sealed class Handler(OwnDoors doors, Actor actor) : IHandler<LeavePortal, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(LeavePortal command, CancellationToken cancellation)
        {
            await doors.EndSessionsAsync(PersonId.From(actor.Person!.Value), session => session.Id == command.Session, cancellation);
            return Done.Value;
        }
    }
}

/// <summary>
/// Counts tries by address: of wrong codes, and of links asked for. What is good is looked for first and always passes, so that nobody is locked out by whoever guesses from the same address;
/// beyond the limit only what is said of a wrong one changes. In memory of this node.
/// </summary>
internal sealed class DoorTries : IDisposable
{
    /// <summary>Tries from one address in <see cref="Window"/>.</summary>
    public const int AtMost = 20;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(
        key => RateLimitPartition.GetFixedWindowLimiter(key, _ => new() { PermitLimit = AtMost, Window = Window, QueueLimit = 0 }));

    /// <summary>Counts a wrong code; false when there were too many.</summary>
    public bool Wrong(HttpContext http) => Count("wrong", http);

    /// <summary>Counts a link asked for; false when there were too many.</summary>
    public bool Asked(HttpContext http) => Count("asked", http);

    public void Dispose() => limiter.Dispose();

    private bool Count(string what, HttpContext http)
    {
        using var lease = limiter.AttemptAcquire($"{what} {http.Connection.RemoteIpAddress}");
        return lease.IsAcquired;
    }
}
