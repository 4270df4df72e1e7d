using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>A way in as it is listed; its code is told to nobody again.</summary>
/// <param name="Kind">How it reaches the leaver.</param>
/// <param name="By">Who made it; empty for Depart itself, and for whoever asked at the door.</param>
/// <param name="At">When it was made, UTC.</param>
/// <param name="ExpiresAt">Until when it is good, UTC.</param>
/// <param name="UsedAt">When it was used, UTC.</param>
/// <param name="EndedAt">When it was withdrawn or replaced, UTC.</param>
public sealed record WayInView(WayInKind Kind, string By, DateTimeOffset At, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt, DateTimeOffset? EndedAt);

/// <summary>The leaver's own door to a departure, as the house sees it.</summary>
/// <param name="Opened">Somebody opened it, once.</param>
/// <param name="Open">It is open now.</param>
/// <param name="Over">The last day on which it is open, or would be, has passed.</param>
/// <param name="Until">The last day on which it is open, or would be.</param>
/// <param name="Zone">The zone of that day, and of the hours.</param>
/// <param name="OpenedAt">UTC.</param>
/// <param name="OpenedBy">Who opened it; empty for Depart itself.</param>
/// <param name="ClosedAt">When somebody closed it, UTC.</param>
/// <param name="ClosedBy">Who.</param>
/// <param name="LastUsedAt">UTC, or null: nobody came yet.</param>
/// <param name="Sessions">Sessions that run now.</param>
/// <param name="PrivateAddress">A private address is held, with consent.</param>
/// <param name="Contact">The supplier's contact who may pass a link on, or null.</param>
/// <param name="Ways">Ways in, the last made first; the last twenty.</param>
/// <param name="Passkeys">Passkeys with which the leaver comes back, the oldest first; none when the door is not open.</param>
public sealed record OwnDoorView(
    bool Opened, bool Open, bool Over, DateOnly Until, string Zone, DateTimeOffset? OpenedAt, string? OpenedBy, DateTimeOffset? ClosedAt, string? ClosedBy, DateTimeOffset? LastUsedAt, int Sessions, bool PrivateAddress,
    string? Contact, IReadOnlyList<WayInView> Ways, IReadOnlyList<DoorPasskeyView> Passkeys);

/// <summary>A passkey of the leaver, as the house sees it: not on which device.</summary>
/// <param name="At">When it was made, UTC.</param>
/// <param name="LastUsedAt">When it last opened the door, UTC, or null.</param>
public sealed record DoorPasskeyView(DateTimeOffset At, DateTimeOffset? LastUsedAt);

/// <summary>The leaver's own door to a departure: open or not, until when, who opened it, who came (PLT5).</summary>
internal sealed record GetOwnDoor(DepartureId Departure) : IQuery<OwnDoorView>, IRouted, IOnDeparture
{
    public static Access Access => GetDeparture.Access;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures/{departure}/door", (DepartureId departure, ApiDoor door) => door.AskAsync(new GetOwnDoor(departure))).WithTags("Own door").Produces<OwnDoorView>();

    internal sealed class Handler(DepartDb db, OwnDoors doors, TimeProvider clock) : IHandler<GetOwnDoor, OwnDoorView>
    {
        public async Task<Outcome<OwnDoorView>> HandleAsync(GetOwnDoor query, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([query.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            var now = clock.GetUtcNow();
            var door = await db.FindAsync<OwnDoor>([departure.Id], cancellation);
            var ways = await db.Set<WayIn>().Where(way => way.Departure == departure.Id).OrderByDescending(way => way.CreatedAt).Take(20).ToListAsync(cancellation);
            var sessions = (await db.Set<PortalSession>().Where(session => session.Person == departure.Person && session.EndedAt == null).ToListAsync(cancellation)).Count(session => session.IsGood(now));
            var held = await db.Set<Person>().AnyAsync(person => person.Id == departure.Person && person.PrivateMail != null, cancellation);
            var open = door is not null && OwnDoor.MayBeOpen(door, departure, now);
            return new OwnDoorView(
                door is not null, open, OwnDoor.IsOver(door, departure, now), OwnDoor.LastDayOf(door, departure), departure.Zone, door?.OpenedAt, door?.OpenedByName, door?.ClosedAt, door?.ClosedByName, door?.LastUsedAt, open ? sessions : 0, held,
                await DoorRules.ContactAsync(db, departure, cancellation) is { } supplier ? $"{supplier.ContactName ?? supplier.Name} ({supplier.Name})" : null,
                [.. ways.Select(way => new WayInView(way.Kind, way.ByName, way.CreatedAt, way.ExpiresAt, way.UsedAt, way.EndedAt))],
                open ? (await doors.PasskeysAsync(departure.Person, cancellation)).ConvertAll(passkey => new DoorPasskeyView(passkey.CreatedAt, passkey.LastUsedAt)) : []);
        }
    }
}

/// <summary>Whom a link is sent to.</summary>
public enum DoorRecipient
{
    /// <summary>The leaver, at the private address held with consent.</summary>
    PrivateAddress,

    /// <summary>The supplier's contact, who passes it on.</summary>
    SupplierContact,
}

/// <summary>Sends the leaver a link through their own door; opens it when it is not.</summary>
internal sealed record SendDoorLink(DepartureId Departure, DoorRecipient To) : ICommand<Done>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.Manager, Role.It, Role.Hr, Role.Security, Role.Admin).OfThatDeparture;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/door/links", (DepartureId departure, Body body, ApiDoor door) => door.SendAsync(new SendDoorLink(departure, body.To))).WithTags("Own door");

    internal sealed record Body(DoorRecipient To);

    internal sealed class Handler(DepartDb db, OwnDoors doors, DoorPost post, TimeProvider clock) : IHandler<SendDoorLink, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(SendDoorLink command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([command.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            if (await DoorRules.RefusalAsync(db, departure, clock.GetUtcNow(), cancellation) is { } refusal)
            {
                return refusal;
            }

            var person = (await db.FindAsync<Person>([departure.Person], cancellation))!;
            var supplier = await DoorRules.ContactAsync(db, departure, cancellation);
            if (command.To == DoorRecipient.PrivateAddress ? person.PrivateMail is null : supplier is null)
            {
                return command.To == DoorRecipient.PrivateAddress ? DoorText.NoPrivateAddress : DoorText.NoContact;
            }

            await doors.OpenAsync(departure, cancellation);
            await (command.To == DoorRecipient.PrivateAddress
                ? post.SendAsync(departure, person, WayInKind.Sent, clock.GetUtcNow(), null, cancellation)
                : post.SendAsync(departure, person.Name, supplier!, cancellation));
            return Done.Value;
        }
    }
}

/// <summary>A code for paper, told once.</summary>
/// <param name="Code">Four groups of four.</param>
/// <param name="ExpiresAt">Until when it is good, UTC.</param>
public sealed record PaperCode(string Code, DateTimeOffset ExpiresAt);

/// <summary>Makes a code to be handed over on paper; the one before ends. Whoever holds it comes in as the leaver: for those who meet the person.</summary>
internal sealed record PrintDoorCode(DepartureId Departure) : ICommand<PaperCode>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.Hr, Role.Admin);

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/door/code", (DepartureId departure, ApiDoor door) => door.SendAsync(new PrintDoorCode(departure))).WithTags("Own door").Produces<PaperCode>();

    internal sealed class Handler(DepartDb db, OwnDoors doors, IJournal journal, TimeProvider clock) : IHandler<PrintDoorCode, PaperCode>
    {
        public async Task<Outcome<PaperCode>> HandleAsync(PrintDoorCode command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([command.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            var now = clock.GetUtcNow();
            if (await DoorRules.RefusalAsync(db, departure, now, cancellation) is { } refusal)
            {
                return refusal;
            }

            await doors.OpenAsync(departure, cancellation);
            var (way, code) = await doors.AdmitAsync(departure, WayInKind.Paper, now, cancellation);
            journal.Record(DoorFacts.Of(departure, "door.code-printed", ("way", way.Id), ("expiresAt", way.ExpiresAt)));
            return new PaperCode(WayIn.Grouped(code), way.ExpiresAt);
        }
    }
}

/// <summary>Keeps the door open until the end of a day; opens it again when it was closed. Ways in that ended stay ended.</summary>
internal sealed record KeepOwnDoor(DepartureId Departure, DateOnly Until) : ICommand<Done>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.Hr, Role.Admin);

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/departures/{departure}/door", (DepartureId departure, Body body, ApiDoor door) => door.SendAsync(new KeepOwnDoor(departure, body.Until))).WithTags("Own door");

    internal sealed record Body(DateOnly Until);

    internal sealed class Handler(DepartDb db, OwnDoors doors, IJournal journal, TimeProvider clock) : IHandler<KeepOwnDoor, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(KeepOwnDoor command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([command.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            var now = clock.GetUtcNow();
            var (first, last) = (DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, departure.LocalZone).DateTime), departure.LastDayWorked.AddMonths(OwnDoor.MostMonths));
            if (departure.UnderEmbargo || departure.Prepared || departure.State == DepartureState.Cancelled)
            {
                return DoorText.NotNow(departure);
            }

            if (command.Until < first || command.Until > last)
            {
                return Problem.Invalid(nameof(Until), "door-until", DoorText.UntilWrong.With(DoorText.DayOf(first), DoorText.DayOf(last)));
            }

            await doors.EndStaleAsync(departure.Person, cancellation);
            var door = await db.FindAsync<OwnDoor>([departure.Id], cancellation) ?? await doors.BeginAsync(departure, now, cancellation);
            door.Keep(command.Until);
            journal.Record(DoorFacts.Of(departure, "door.kept", ("until", DoorFacts.Day(command.Until))));
            return Done.Value;
        }
    }
}

/// <summary>Closes the door at once: ways in end, and so do sessions and passkeys when no other door of the person is open.</summary>
internal sealed record CloseOwnDoor(DepartureId Departure) : ICommand<Done>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.Hr, Role.Security, Role.Admin);

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/departures/{departure}/door", (DepartureId departure, ApiDoor door) => door.SendAsync(new CloseOwnDoor(departure))).WithTags("Own door");

    internal sealed class Handler(DepartDb db, OwnDoors doors, Actor actor, IJournal journal, TimeProvider clock) : IHandler<CloseOwnDoor, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(CloseOwnDoor command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([command.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            if (departure.UnderEmbargo)
            {
                return DoorText.NotNow(departure);
            }

            var now = clock.GetUtcNow();
            var door = await db.FindAsync<OwnDoor>([departure.Id], cancellation) ?? await doors.BeginAsync(departure, now, cancellation);
            if (door.ClosedAt is not null)
            {
                return Done.Value;
            }

            door.Close(actor.Name, now);
            foreach (var way in await db.Set<WayIn>().Where(way => way.Departure == departure.Id && way.UsedAt == null && way.EndedAt == null).ToListAsync(cancellation))
            {
                await doors.EndAsync(way, now, cancellation);
            }

            var last = (await doors.OpenOfAsync(departure.Person, cancellation)).Count == 0;
            var passkeys = last ? (await doors.EndPasskeysAsync(departure.Person, _ => true, cancellation)).Count : 0;
            var ended = last ? await doors.EndSessionsAsync(departure.Person, _ => true, cancellation) : 0;
            journal.Record(DoorFacts.Of(departure, "door.closed", ("sessions", ended), ("passkeys", passkeys)));
            return Done.Value;
        }
    }
}

/// <summary>What several commands on a door share.</summary>
internal static class DoorRules
{
    /// <summary>Why nobody is let in now, or null.</summary>
    public static async Task<Problem?> RefusalAsync(DepartDb db, Departure departure, DateTimeOffset now, CancellationToken cancellation)
    {
        var door = await db.FindAsync<OwnDoor>([departure.Id], cancellation);
        return OwnDoor.MayBeOpen(door, departure, now) ? null
            : departure.UnderEmbargo || departure.Prepared || departure.State == DepartureState.Cancelled ? DoorText.NotNow(departure)
            : DoorText.IsClosed;
    }

    /// <summary>The supplier of the mission whose contact may pass a link on, or null: there is none, or nobody knows an address.</summary>
    public static async Task<Supplier?> ContactAsync(DepartDb db, Departure departure, CancellationToken cancellation) =>
        await db.Set<Mission>().Where(mission => mission.Id == departure.Mission).Select(mission => mission.Supplier).FirstOrDefaultAsync(cancellation) is { } id
        && await db.FindAsync<Supplier>([id], cancellation) is { ContactMail: { } address } supplier && MailTo.IsAddress(address) ? supplier : null;
}
