using Depart.Foundation;
using Depart.Foundation.Calendars;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Departures.Tasks;

/// <summary>Identifies a task of a departure.</summary>
public readonly record struct DepartureTaskId(Guid Value) : IIdentifier<DepartureTaskId>, IComparable<DepartureTaskId>
{
    /// <summary>Wraps a UUID.</summary>
    public static DepartureTaskId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out DepartureTaskId id) => IIdentifier<DepartureTaskId>.TryRead(text, out id);

    /// <summary>By their bytes, which is by when they were made.</summary>
    public int CompareTo(DepartureTaskId other) => Value.CompareTo(other.Value);

    /// <summary>Made before.</summary>
    public static bool operator <(DepartureTaskId left, DepartureTaskId right) => left.CompareTo(right) < 0;

    /// <summary>Made before, or the same.</summary>
    public static bool operator <=(DepartureTaskId left, DepartureTaskId right) => left.CompareTo(right) <= 0;

    /// <summary>Made after.</summary>
    public static bool operator >(DepartureTaskId left, DepartureTaskId right) => left.CompareTo(right) > 0;

    /// <summary>Made after, or the same.</summary>
    public static bool operator >=(DepartureTaskId left, DepartureTaskId right) => left.CompareTo(right) >= 0;

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>Where a task stands.</summary>
public enum DepartureTaskState
{
    /// <summary>Waits for other tasks.</summary>
    Waiting,

    /// <summary>To be done.</summary>
    Open,

    /// <summary>Done.</summary>
    Done,

    /// <summary>Left out by somebody, with a reason.</summary>
    Skipped,

    /// <summary>Not asked for any more: the departure was cancelled.</summary>
    Withdrawn,
}

/// <summary>One task of one departure, made from its template (DEP5). Its instructions stay in the template's version, which never changes.</summary>
internal sealed class DepartureTask : Versioned
{
    /// <summary>Longest note: a reason, or what was done.</summary>
    public const int NoteLength = 2000;

    public DepartureTaskId Id { get; private init; } = IIdentifier<DepartureTaskId>.New();

    public DepartureId Departure { get; private init; }

    /// <summary>Its key in the template.</summary>
    public string Key { get; private init; } = "";

    /// <summary>1 to 7.</summary>
    public int Step { get; private set; }

    /// <summary>Its place in the template.</summary>
    public int Place { get; private set; }

    /// <summary>The version of a template that it was taken over from, or null: that of its departure. Its instructions are there.</summary>
    public ProcessTemplateId? Source { get; private set; }

    public string TitleEn { get; private set; } = "";

    public string TitleFr { get; private set; } = "";

    /// <summary>One of the kinds of the template; how it behaves: <see cref="ITaskKind"/>.</summary>
    public string Kind { get; private set; } = TaskKinds.Manual;

    public TaskOwner Owner { get; private set; }

    /// <summary>A user who took it or was given it, or null: then whoever holds the role.</summary>
    public Guid? Assignee { get; private set; }

    /// <summary>On whose desk it lies, as text: see <see cref="TaskDesk"/>. What the list of somebody's tasks goes by.</summary>
    public string Desk { get; private set; } = "";

    public TaskAnchor Anchor { get; private set; }

    /// <summary>Days from the anchor, as in the template.</summary>
    public DayOffset Offset { get; private set; }

    /// <summary>Local hour, or null for the end of the day.</summary>
    public TimeOnly? At { get; private set; }

    /// <summary>IANA zone of the hour, or null for the departure's.</summary>
    public string? Zone { get; private set; }

    /// <summary>When it is due, UTC.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>The same while it is still to be done, null afterwards: what lists go by.</summary>
    public DateTimeOffset? PendingDue { get; private set; }

    public DepartureTaskState State { get; private set; } = DepartureTaskState.Waiting;

    /// <summary>The departure is not closed before it is settled.</summary>
    public bool Blocking { get; private set; }

    /// <summary>It is done with a file or a note that proves it.</summary>
    public bool Evidence { get; private set; }

    /// <summary>Keys of the tasks that it waits for.</summary>
    public List<string> After { get; private set; } = [];

    /// <summary>How long before it is due its owner is reminded (<see cref="DayOffset"/> as text).</summary>
    public List<string> Reminders { get; private set; } = [];

    /// <summary>How long after it was due it is told to <see cref="EscalateTo"/>, or null.</summary>
    public DayOffset? EscalateAfter { get; private set; }

    /// <summary>Who is told when it is late.</summary>
    public TaskOwner? EscalateTo { get; private set; }

    /// <summary>Of what its owner was to be told until then they have been told, UTC; null before the first.</summary>
    public DateTimeOffset? ToldUntil { get; private set; }

    /// <summary>The same of its being late, UTC.</summary>
    public DateTimeOffset? LateToldUntil { get; private set; }

    /// <summary>When something is to be told next, UTC, or null: what the clock goes by (<see cref="TaskNotices"/>).</summary>
    public DateTimeOffset? NextNotice { get; private set; }

    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>The user who settled it, or null: Depart itself, or <see cref="SettledByName"/>.</summary>
    public Guid? SettledBy { get; private set; }

    /// <summary>Who settled it by a link, without an account, or null.</summary>
    public string? SettledByName { get; private set; }

    /// <summary>Why it was left out, or what was done.</summary>
    public string? Note { get; private set; }

    public Words Title => new(TitleEn, TitleFr);

    /// <summary>Still to be done, now or later.</summary>
    public bool IsPending => State is DepartureTaskState.Waiting or DepartureTaskState.Open;

    /// <summary>What waits for it may begin.</summary>
    public bool IsSettled => State is DepartureTaskState.Done or DepartureTaskState.Skipped;

    public static DepartureTask Of(DepartureId departure, TaskTemplate template, int place, string desk, ProcessTemplateId? source = null)
    {
        var task = new DepartureTask { Departure = departure, Key = template.Key, Desk = desk, Source = source };
        task.Describe(template, place);
        return task;
    }

    /// <summary>Is asked for as another template says; whoever was given it by name keeps it.</summary>
    public void Take(TaskTemplate template, int place)
    {
        Describe(template, place);
        Source = null;
        Touch();
    }

    private void Describe(TaskTemplate template, int place)
    {
        (Step, Place, TitleEn, TitleFr) = (template.Step, place, template.Title.En, template.Title.Fr);
        (Kind, Owner, Anchor, Offset, At, Zone) = (template.Kind, template.Owner, template.Anchor, template.Offset, template.At, template.Zone);
        (Blocking, Evidence, After) = (template.Blocking, template.Evidence, [.. template.After]);
        (Reminders, EscalateAfter, EscalateTo) = ([.. template.Reminders.Select(reminder => reminder.ToString())], template.Escalation?.After, template.Escalation?.To);
    }

    /// <summary>When it is due on a departure; the same rule each time a date moves.</summary>
    public DueRule Rule => new(Offset.Days, Offset.Business ? DayCount.Business : DayCount.Calendar, At ?? TaskTemplate.EndOfDay);

    /// <summary>Moves it to another instant.</summary>
    public void Due(DateTimeOffset at)
    {
        DueAt = at;
        PendingDue = IsPending ? at : null;
        Touch();
    }

    /// <summary>What it waits for is settled, or is not any more.</summary>
    public void Wait(bool waits)
    {
        var state = waits ? DepartureTaskState.Waiting : DepartureTaskState.Open;
        if (IsPending && State != state)
        {
            State = state;
            Touch();
        }
    }

    /// <summary>Done or left out.</summary>
    public void Settle(DepartureTaskState state, string? note, Guid? by, DateTimeOffset now, string? byName = null)
    {
        (State, Note, SettledBy, SettledByName, SettledAt, PendingDue, NextNotice) = (state, note, by, byName, now, null, null);
        Touch();
    }

    /// <summary>It is to be done again.</summary>
    public void Reopen()
    {
        (State, SettledBy, SettledByName, SettledAt, PendingDue) = (DepartureTaskState.Open, null, null, null, DueAt);
        Touch();
    }

    /// <summary>The departure is cancelled.</summary>
    public void Withdraw()
    {
        if (IsPending)
        {
            (State, PendingDue, NextNotice) = (DepartureTaskState.Withdrawn, null, null);
            Touch();
        }
    }

    /// <summary>Gives it to somebody, or (null) back to the role. What the one before was told, the new one was not.</summary>
    public void Assign(Guid? user, string desk)
    {
        (Assignee, Desk, ToldUntil) = (user, desk, desk == Desk ? ToldUntil : null);
        Touch();
    }

    /// <summary>Remembers what was told, so that nothing is told twice. Whoever has the task before them sees nothing new: its version stays.</summary>
    public void Told(DateTimeOffset until, bool late)
    {
        ToldUntil = late ? ToldUntil : until;
        LateToldUntil = late ? until : LateToldUntil;
    }

    /// <summary>When something is to be told next; nothing that its reader sees.</summary>
    public void PlanNotice(DateTimeOffset? at) => NextNotice = at;

    /// <summary>The zone of its hours: its own when this machine knows it, otherwise the departure's.</summary>
    public TimeZoneInfo ZoneOn(Departure departure) => (Zone is null ? null : LocalInstant.FindZone(Zone)) ?? departure.LocalZone;

    internal sealed class Mapping : IEntityTypeConfiguration<DepartureTask>
    {
        public void Configure(EntityTypeBuilder<DepartureTask> builder)
        {
            builder.ToTable("departure_tasks");
            builder.HasKey(task => task.Id);
            builder.Property(task => task.Key).HasMaxLength(TaskTemplate.KeyLength);
            builder.Property(task => task.Kind).HasMaxLength(TaskTemplate.KeyLength);
            builder.Property(task => task.Desk).HasMaxLength(50);
            builder.Property(task => task.Zone).HasMaxLength(60);
            builder.Property(task => task.Offset).HasConversion(offset => offset.ToString(), text => Read(text)).HasMaxLength(30);
            builder.Property(task => task.EscalateAfter).HasConversion(offset => offset == null ? null : offset.Value.ToString(), text => text == null ? null : Read(text)).HasMaxLength(30);
            builder.Property(task => task.Note).HasMaxLength(NoteLength);
            builder.Property(task => task.SettledByName).HasMaxLength(TaskGuest.NameLength);
            builder.PrimitiveCollection(task => task.After);
            builder.PrimitiveCollection(task => task.Reminders);
            builder.HasIndex(task => new { task.Departure, task.NextNotice });
            // Whether something is late, or left in a step, is told from the index alone.
            builder.HasIndex(task => new { task.Departure, task.PendingDue, task.Step });

            // With the departure: what hides one is asked of each task that is counted.
            builder.HasIndex(task => new { task.Desk, task.PendingDue, task.Id, task.Departure });
            builder.Ignore(task => task.Title).Ignore(task => task.IsPending).Ignore(task => task.IsSettled).Ignore(task => task.Rule);
            MapVersion(builder);
        }

        private static DayOffset Read(string text) => DayOffset.TryParse(text, out var offset) ? offset : throw new InvalidDataException(text);
    }
}

/// <summary>On whose desk a task lies: a user's, that of a person of the record, or that of everyone who holds a role.</summary>
internal static class TaskDesk
{
    /// <summary>Nobody's: a place that is not filled.</summary>
    public const string Nobody = "nobody";

    public static string OfUser(Guid user) => $"user:{user:N}";

    public static string OfPerson(Guid person) => $"person:{person:N}";

    public static string OfRole(Role role) => $"role:{role}";

    /// <summary>That of a supplier's contact, who acts by a link.</summary>
    public static string OfSupplier(Guid supplier) => $"supplier:{supplier:N}";

    /// <summary>That of somebody without an account whom the task was handed to by a link.</summary>
    public static string OfGuest(Guid guest) => $"guest:{guest:N}";

    /// <summary>Whether it was handed to somebody without an account.</summary>
    public static bool IsGuest(string desk) => desk.StartsWith("guest:", StringComparison.Ordinal);

    /// <summary>Whether a desk is that of everyone who holds a role.</summary>
    public static bool IsRole(string desk) => desk.StartsWith("role:", StringComparison.Ordinal);

    /// <summary>That of one person of the record, supplier or guest: they may never have opened Depart. What lies with a role or a user is in lists and digests.</summary>
    public static bool IsOfOutsider(string desk) => desk.StartsWith("person:", StringComparison.Ordinal) || desk.StartsWith("supplier:", StringComparison.Ordinal) || IsGuest(desk);

    /// <summary>Where a task lies when nobody was chosen.</summary>
    public static string Of(TaskOwner owner, DepartureParties parties) => owner switch
    {
        _ when parties.UnderEmbargo => Nobody,
        TaskOwner.Manager => OfManager(parties),
        TaskOwner.Consultant => parties.LeaverAway ? Of(TaskOwner.SupplierContact, parties) : OfPerson(parties.Leaver),
        TaskOwner.Successor => parties.Successor is { } successor && successor != parties.Leaver ? OfPerson(successor) : Nobody,
        TaskOwner.It or TaskOwner.SystemOwner => OfRole(Role.It),
        TaskOwner.Hr => OfRole(Role.Hr),
        TaskOwner.Security => OfRole(Role.Security),
        TaskOwner.SupplierContact => parties.LeaverSupplier is { } supplier ? OfSupplier(supplier) : parties.LeaverAway ? OfManager(parties) : OfPerson(parties.Leaver),
        _ => Nobody,
    };

    private static string OfManager(DepartureParties parties) => parties.Manager is { } manager && manager != parties.Leaver ? OfPerson(manager) : OfRole(Role.Hr);

    /// <summary>The desks of somebody: their own, and those of the roles they hold everywhere.</summary>
    public static IReadOnlyList<string> Of(Actor actor) =>
    [
        .. actor.User is { } user ? new[] { OfUser(user) } : [],
        .. actor.Person is { } person ? new[] { OfPerson(person) } : [],
        .. actor.Roles.Where(HasDesk).Select(OfRole),
    ];

    /// <summary>Desks, each once: one that is somebody's in all units is not also theirs in some.</summary>
    public static IReadOnlyList<DeskAtHand> Together(IEnumerable<DeskAtHand> desks) =>
    [
        .. desks.GroupBy(desk => desk.Desk, StringComparer.Ordinal).Select(same => same.FirstOrDefault(desk => desk.Within is null)
            ?? same.First() with { Within = [.. same.SelectMany(desk => desk.Within!).Distinct(StringComparer.Ordinal)] }),
    ];

    /// <summary>The same, and those of the roles they hold within units: there only the tasks of these.</summary>
    public static IEnumerable<DeskAtHand> At(Actor actor) => Of(actor).Select(desk => new DeskAtHand(desk, null))
        .Concat(actor.Within.Roles.Where(role => HasDesk(role) && !actor.Roles.Contains(role)).Select(role => new DeskAtHand(OfRole(role), null, actor.Within.Of(role))));

    private static bool HasDesk(Role role) => role is Role.It or Role.Hr or Role.Security;
}
