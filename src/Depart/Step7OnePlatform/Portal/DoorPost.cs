using Depart.Departures;
using Depart.Departures.Settings;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>Writes the mails that carry a way in. Scoped.</summary>
internal sealed class DoorPost(DepartDb db, OwnDoors doors, Outbox outbox, IUserDirectory users, HouseRules house, IJournal journal, TimeProvider clock)
{
    /// <summary>A link to the private address of the leaver, who consented to its being held. Sent by Depart itself it waits for an hour at which people are written to.</summary>
    public async Task SendAsync(Departure departure, Person person, WayInKind kind, DateTimeOffset from, string? language, CancellationToken cancellation)
    {
        var (way, code) = await doors.AdmitAsync(departure, kind, from, cancellation);
        var to = new MailTo(person.PrivateMail!, person.Name, MailTo.CultureOf(language ?? await users.LanguageAsync(person.Id.Value, cancellation)));
        var (until, cut) = (At(way.ExpiresAt, departure), At(departure.CutAt, departure));
        await outbox.WriteAsync(
            to,
            new OwnDoorLink(
                person.Name, kind == WayInKind.Asked, departure.IsAhead && departure.CutAt > clock.GetUtcNow(), cut.Day, cut.Hour, WayIn.PathOf(code), until.Day, until.Hour, PortalPaths.Entrance, PublicNotices.NoticePaths.Privacy),
            WayIn.MailKeyOf(way.Id), departure.Id.ToString(), from, cancellation);
        Tell(departure, way);
    }

    /// <summary>A link to the supplier's contact, to be passed on.</summary>
    public async Task SendAsync(Departure departure, string leaver, Supplier supplier, CancellationToken cancellation)
    {
        var (way, code) = await doors.AdmitAsync(departure, WayInKind.Supplier, clock.GetUtcNow(), cancellation);
        var contact = supplier.ContactName ?? supplier.Name;
        var until = At(way.ExpiresAt, departure);
        await outbox.WriteAsync(
            new MailTo(supplier.ContactMail!, contact, MailTo.CultureOf(await users.LanguageAsync(null, cancellation))),
            new OwnDoorPassOn(contact, leaver, WayIn.PathOf(code), until.Day, until.Hour, PublicNotices.NoticePaths.Privacy),
            WayIn.MailKeyOf(way.Id), departure.Id.ToString(), cancellation: cancellation);
        Tell(departure, way);
    }

    /// <summary>The first instant at which Depart writes by itself about a departure.</summary>
    public async Task<DateTimeOffset> AllowedAsync(Departure departure, CancellationToken cancellation) =>
        (await house.GetAsync(cancellation)).Quiet(departure.BusinessCalendar).NextAllowed(clock.GetUtcNow(), departure.LocalZone);

    /// <summary>The last link that was sent by the house or by Depart, or null.</summary>
    public Task<bool> WasSentAsync(DepartureId departure, CancellationToken cancellation) =>
        db.Set<WayIn>().AnyAsync(way => way.Departure == departure && way.Kind == WayInKind.Sent && way.EndedAt == null, cancellation);

    private void Tell(Departure departure, WayIn way) =>
        journal.Record(DoorFacts.Of(departure, "door.link-sent", ("way", way.Id), ("kind", way.Kind.ToString()), ("expiresAt", way.ExpiresAt)));

    private static (DateOnly Day, TimeOnly Hour) At(DateTimeOffset instant, Departure departure)
    {
        var local = TimeZoneInfo.ConvertTime(instant, departure.LocalZone).DateTime;
        return (DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
    }
}

/// <summary>A link through the leaver's own door, to their private address.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Asked">They asked for it.</param>
/// <param name="Ahead">The cut is to come.</param>
/// <param name="CutDay">Its day.</param>
/// <param name="CutHour">Its hour.</param>
/// <param name="Path">The link.</param>
/// <param name="Day">Until which day it is good.</param>
/// <param name="Hour">Until which hour.</param>
/// <param name="Entrance">Where another is asked for.</param>
/// <param name="Privacy">The privacy notice.</param>
internal sealed record OwnDoorLink(string Name, bool Asked, bool Ahead, DateOnly CutDay, TimeOnly CutHour, string Path, DateOnly Day, TimeOnly Hour, string Entrance, string Privacy) : IMailContent<OwnDoorLink>
{
    public static string Template => "own-door-link";

    public static IReadOnlyList<OwnDoorLink> Samples =>
    [
        new("Zoë Lefèvre", true, true, new(2026, 12, 18), new(18, 0), "/portal/open?code=0", new(2026, 12, 4), new(11, 30), "/portal", "/notices/privacy"),
        new("Mehdi D’Angélo", false, true, new(2026, 12, 18), new(18, 0), "/portal/open?code=0", new(2026, 12, 18), new(9, 0), "/portal", "/notices/privacy"),
        new("Aïcha N’Diaye", false, false, new(2026, 12, 1), new(18, 0), "/portal/open?code=0", new(2026, 12, 18), new(9, 0), "/portal", "/notices/privacy"),
    ];
}

/// <summary>The same to the supplier's contact, who passes it on.</summary>
/// <param name="Name">The contact.</param>
/// <param name="Leaver">Whose door it is.</param>
/// <param name="Path">The link.</param>
/// <param name="Day">Until which day it is good.</param>
/// <param name="Hour">Until which hour.</param>
/// <param name="Privacy">The privacy notice.</param>
internal sealed record OwnDoorPassOn(string Name, string Leaver, string Path, DateOnly Day, TimeOnly Hour, string Privacy) : IMailContent<OwnDoorPassOn>
{
    public static string Template => "own-door-pass-on";

    public static IReadOnlyList<OwnDoorPassOn> Samples => [new("Nadia Ferrand", "Aïcha N’Diaye", "/portal/open?code=0", new(2026, 12, 18), new(9, 0), "/notices/privacy")];
}

/// <summary>
/// Sends the first link by itself: on the morning of the announcement to whoever consented to a private address being held; later, when the address comes later or an embargo ends. Never under one:
/// the person must learn nothing.
/// </summary>
[WorkKind(WorkKind, Batch = 100, InHand = 4)]
internal sealed class DoorInvitation(OwnDoors doors, DoorPost post, TimeProvider clock) : IWorkHandler
{
    /// <summary>Kind of the work item.</summary>
    public const string WorkKind = "own-door-invitation";

    private static readonly TimeOnly Morning = new(9, 0);

    /// <summary>Makes the appointment of a departure.</summary>
    public static void Appoint(DepartDb db, Departure departure, DateTimeOffset now)
    {
        var announced = LocalInstant.Of(departure.AnnounceOn, Morning, departure.LocalZone);

        // Of no group: what calls off a cut leaves it.
        db.Enqueue(new()
        {
            Queue = WorkQueues.House,
            Kind = WorkKind,
            Subject = departure.Id.ToString(),
            IdempotencyKey = $"{WorkKind}-{departure.Id}-{Guid.CreateVersion7():N}",
            DueAt = announced > now && departure.State == DepartureState.Open ? announced : now,
        });
    }

    public Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation) => Task.FromResult(new WorkResult(WorkVerdict.Done));

    public async Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
    {
        var ids = done.Where(work => work.Result.Verdict == WorkVerdict.Done).Select(work => DepartureId.From(Guid.Parse(work.Item.Subject))).Distinct().ToList();
        var departures = await db.Set<Departure>().Where(departure => ids.Contains(departure.Id)).ToListAsync(cancellation);
        var owners = departures.ConvertAll(departure => departure.Person);
        var people = await db.Set<Person>().Where(person => owners.Contains(person.Id) && person.PrivateMail != null).ToDictionaryAsync(person => person.Id, cancellation);
        foreach (var departure in departures.Where(departure => people.ContainsKey(departure.Person)))
        {
            var door = await db.FindAsync<OwnDoor>([departure.Id], cancellation);
            if (OwnDoor.MayBeOpen(door, departure, clock.GetUtcNow()) && !await post.WasSentAsync(departure.Id, cancellation))
            {
                _ = door ?? await doors.BeginAsync(departure, clock.GetUtcNow(), cancellation);
                await post.SendAsync(departure, people[departure.Person], WayInKind.Sent, await post.AllowedAsync(departure, cancellation), null, cancellation);
            }
        }
    }
}

/// <summary>Doors follow the record: a departure that its leaver may know of from now on, an address that is held, or not any more.</summary>
internal sealed class DoorFollows(DepartDb db, OwnDoors doors, TimeProvider clock) : IDepartureWatch, IMissionWatch
{
    public async Task KnownAsync(IReadOnlyCollection<Departure> departures, CancellationToken cancellation)
    {
        var people = departures.Where(departure => !departure.UnderEmbargo && !departure.Prepared).Select(departure => departure.Person).Distinct().ToList();
        var reached = people.Count == 0 ? [] : (await db.Set<Person>().Where(person => people.Contains(person.Id) && person.PrivateMail != null).Select(person => person.Id).ToListAsync(cancellation)).ToHashSet();
        foreach (var departure in departures.Where(departure => !departure.UnderEmbargo && !departure.Prepared && reached.Contains(departure.Person)))
        {
            DoorInvitation.Appoint(db, departure, clock.GetUtcNow());
        }
    }

    /// <summary>What went to the address before leads nowhere any more: it may have been somebody else's.</summary>
    public async Task PrivateAddressChangedAsync(Person person, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var mailed = await db.Set<WayIn>().Where(way => way.Person == person.Id && (way.Kind == WayInKind.Asked || way.Kind == WayInKind.Sent)).ToListAsync(cancellation);
        foreach (var way in mailed.Where(way => way.EndedAt is null))
        {
            await doors.EndAsync(way, now, cancellation);
        }

        var began = mailed.Select(way => way.Id).ToHashSet();
        await doors.EndSessionsAsync(person.Id, session => began.Contains(session.Way), cancellation);
        foreach (var passkey in await doors.EndPasskeysAsync(person.Id, passkey => passkey.Way is { } way && began.Contains(way), cancellation))
        {
            await doors.TellAsync(person.Id, "door.passkey-removed", cancellation, ("passkey", passkey.Id));
        }

        if (person.PrivateMail is null)
        {
            return;
        }

        foreach (var (door, departure) in await doors.AllOfAsync(person.Id, cancellation))
        {
            if (OwnDoor.MayBeOpen(door, departure, now) && departure.State != DepartureState.Closed)
            {
                DoorInvitation.Appoint(db, departure, now);
            }
        }
    }
}
