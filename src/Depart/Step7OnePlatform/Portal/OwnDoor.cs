using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.SignIn;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>
/// The leaver's own door to one departure (PLT5): an access like any other, with who opened it, until when, and when it was last used. No account of the company: it works when that is closed, and
/// never counts as one. Ways in (<see cref="WayIn"/>) and sessions (<see cref="PortalSession"/>) lead through it.
/// </summary>
internal sealed class OwnDoor : Versioned
{
    /// <summary>Months after the last day for which it stays open unless somebody says otherwise: the last invoice, the letter and the questionnaire are behind by then.</summary>
    public const int Months = 6;

    /// <summary>Months after the last day beyond which nobody keeps it open.</summary>
    public const int MostMonths = 24;

    /// <summary>Which departure it leads to.</summary>
    public DepartureId Departure { get; private init; }

    /// <summary>Whose door.</summary>
    public PersonId Person { get; private init; }

    public DateTimeOffset OpenedAt { get; private set; }

    /// <summary>The user who opened it, or null: Depart itself, or the person, who asked at the door.</summary>
    public Guid? OpenedBy { get; private set; }

    /// <summary>The same by name; empty for Depart itself.</summary>
    public string OpenedByName { get; private set; } = "";

    /// <summary>The last day on which it is open, when somebody said one; otherwise it follows the last day of the departure.</summary>
    public DateOnly? KeptUntil { get; private set; }

    /// <summary>When somebody closed it, UTC.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>Who closed it.</summary>
    public string? ClosedByName { get; private set; }

    /// <summary>When somebody last came through it, UTC; to the quarter of an hour.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    public static OwnDoor Open(Departure departure, Guid? by, string byName, DateTimeOffset now) =>
        new() { Departure = departure.Id, Person = departure.Person, OpenedAt = now, OpenedBy = by, OpenedByName = byName };

    /// <summary>The last day on which it is open, in the zone of the departure.</summary>
    public static DateOnly LastDayOf(OwnDoor? door, Departure departure) => door?.KeptUntil ?? departure.LastDayWorked.AddMonths(Months);

    /// <summary>Whether a departure may have a door on that instant, opened or not: nobody closed it, its time is not over, and there is a departure that its leaver may know of.</summary>
    public static bool MayBeOpen(OwnDoor? door, Departure departure, DateTimeOffset now) =>
        door?.ClosedAt is null && departure is { Prepared: false, UnderEmbargo: false, State: not DepartureState.Cancelled }
        && !IsOver(door, departure, now);

    /// <summary>Whether its last day has passed, where the departure is.</summary>
    public static bool IsOver(OwnDoor? door, Departure departure, DateTimeOffset now) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, departure.LocalZone).DateTime) > LastDayOf(door, departure);

    /// <summary>Keeps it open until the end of a day; opens it again when it was closed.</summary>
    public void Keep(DateOnly until)
    {
        (KeptUntil, ClosedAt, ClosedByName) = (until, null, null);
        Touch();
    }

    public void Close(string by, DateTimeOffset now)
    {
        (ClosedAt, ClosedByName) = (now, by);
        Touch();
    }

    public void Used(DateTimeOffset now)
    {
        LastUsedAt = now;
        Touch();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<OwnDoor>
    {
        public void Configure(EntityTypeBuilder<OwnDoor> builder)
        {
            builder.ToTable("own_doors");
            builder.HasKey(door => door.Departure);
            builder.HasIndex(door => door.Person);
            builder.Property(door => door.OpenedByName).HasMaxLength(200);
            builder.Property(door => door.ClosedByName).HasMaxLength(200);
            MapVersion(builder);
        }
    }
}

/// <summary>Finds and opens doors, and ends what leads through them. Scoped: reads for whoever acts, so of what is under embargo there is no door.</summary>
internal sealed class OwnDoors(DepartDb db, Foundation.Mail.Outbox outbox, IJournal journal, Actor actor, TimeProvider clock)
{
    /// <summary>The departures of a person to which a door is open now, the one that ends last first.</summary>
    public async Task<List<(OwnDoor Door, Departure Departure)>> OpenOfAsync(PersonId person, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return [.. (await AllOfAsync(person, cancellation)).Where(pair => pair.Door is not null && OwnDoor.MayBeOpen(pair.Door, pair.Departure, now)).Select(pair => (pair.Door!, pair.Departure))];
    }

    /// <summary>Every departure of a person that the reader may know of, with its door or null; the last day that comes last first.</summary>
    public async Task<List<(OwnDoor? Door, Departure Departure)>> AllOfAsync(PersonId person, CancellationToken cancellation)
    {
        var departures = await db.Set<Departure>().Where(departure => departure.Person == person).ToListAsync(cancellation);
        var doors = await db.Set<OwnDoor>().Where(door => door.Person == person).ToDictionaryAsync(door => door.Departure, cancellation);
        return [.. departures.OrderByDescending(departure => departure.LastDay).Select(departure => (doors.GetValueOrDefault(departure.Id), departure))];
    }

    /// <summary>The door of a departure, opened now when it is not: null when none may be.</summary>
    public async Task<OwnDoor?> OpenAsync(Departure departure, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var door = await db.FindAsync<OwnDoor>([departure.Id], cancellation);
        if (!OwnDoor.MayBeOpen(door, departure, now))
        {
            return null;
        }

        return door ?? await BeginAsync(departure, now, cancellation);
    }

    /// <summary>Opens the first door of a departure, and says so in the journal.</summary>
    public async Task<OwnDoor> BeginAsync(Departure departure, DateTimeOffset now, CancellationToken cancellation)
    {
        await EndStaleAsync(departure.Person, cancellation);
        var door = OwnDoor.Open(departure, actor.User, actor.Via == Via.Engine ? "" : actor.Name, now);
        db.Add(door);
        journal.Record(DoorFacts.Of(departure, "door.opened", ("until", DoorFacts.Day(OwnDoor.LastDayOf(door, departure)))));
        return door;
    }

    /// <summary>A way in that is good from now on, or from a later instant; gives its code, which is told once. Earlier ones of the same kind end, but not those that the person asked for.</summary>
    public async Task<(WayIn Way, string Code)> AdmitAsync(Departure departure, WayInKind kind, DateTimeOffset from, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (kind != WayInKind.Asked)
        {
            foreach (var earlier in await db.Set<WayIn>().Where(way => way.Departure == departure.Id && way.Kind == kind && way.UsedAt == null && way.EndedAt == null).ToListAsync(cancellation))
            {
                await EndAsync(earlier, now, cancellation);
            }
        }

        var (way, code) = WayIn.Create(departure, kind, actor, now, from);
        db.Add(way);
        return (way, code);
    }

    /// <summary>Ends a way in; a mail with it that waits is taken back.</summary>
    public async Task EndAsync(WayIn way, DateTimeOffset now, CancellationToken cancellation)
    {
        way.End(now);
        await outbox.WithdrawKeyAsync(WayIn.MailKeyOf(way.Id), cancellation);
    }

    /// <summary>The passkeys of a person, the oldest first.</summary>
    public Task<List<Passkey>> PasskeysAsync(PersonId person, CancellationToken cancellation) =>
        db.Set<Passkey>().Where(passkey => passkey.Person == person).OrderBy(passkey => passkey.CreatedAt).ToListAsync(cancellation);

    /// <summary>Ends passkeys; gives which.</summary>
    public async Task<IReadOnlyList<Passkey>> EndPasskeysAsync(PersonId person, Func<Passkey, bool> which, CancellationToken cancellation)
    {
        var ended = (await PasskeysAsync(person, cancellation)).Where(which).ToList();
        db.RemoveRange(ended);
        return ended;
    }

    /// <summary>Before a door opens, for the first time or again: passkeys and sessions that outlived the last one, whose time was over or whose departure was cancelled, do not come back with it.</summary>
    public async Task EndStaleAsync(PersonId person, CancellationToken cancellation)
    {
        if ((await OpenOfAsync(person, cancellation)).Count == 0)
        {
            await EndSessionsAsync(person, _ => true, cancellation);
            foreach (var stale in await EndPasskeysAsync(person, _ => true, cancellation))
            {
                await TellAsync(person, "door.passkey-removed", cancellation, ("passkey", stale.Id));
            }
        }
    }

    /// <summary>Says in the journal of each departure to which a door of the person is open, or of those to which one was, what happened to all of them.</summary>
    public async Task TellAsync(PersonId person, string kind, CancellationToken cancellation, params (string Name, object? Value)[] values)
    {
        var now = clock.GetUtcNow();
        var all = (await AllOfAsync(person, cancellation)).Where(pair => pair.Door is not null).ToList();
        var open = all.Where(pair => OwnDoor.MayBeOpen(pair.Door, pair.Departure, now)).ToList();
        (open.Count > 0 ? open : all).ForEach(pair => journal.Record(DoorFacts.Of(pair.Departure, kind, values)));
    }

    /// <summary>Ends sessions that run; gives how many.</summary>
    public async Task<int> EndSessionsAsync(PersonId person, Func<PortalSession, bool> which, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var running = (await db.Set<PortalSession>().Where(session => session.Person == person && session.EndedAt == null).ToListAsync(cancellation)).Where(which).ToList();
        running.ForEach(session => session.End(now));
        return running.Count;
    }
}

/// <summary>What the journal says of a door: with the departure, so that its evidence tells who could come in, and who did.</summary>
internal static class DoorFacts
{
    public static Fact Of(Departure departure, string kind, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var all = new Dictionary<string, object?>(StringComparer.Ordinal) { ["departure"] = departure.Id.Value, ["person"] = departure.Person.Value };
        foreach (var (name, value) in values)
        {
            all[name] = value;
        }

        return new(departure.Chain, kind) { Values = all };
    }

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
