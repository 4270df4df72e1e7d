using Depart.Foundation;
using Depart.Foundation.Calendars;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Missions;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Departures;

/// <summary>Identifies a departure.</summary>
public readonly record struct DepartureId(Guid Value) : IIdentifier<DepartureId>, IComparable<DepartureId>
{
    /// <summary>Wraps a UUID.</summary>
    public static DepartureId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out DepartureId id) => IIdentifier<DepartureId>.TryRead(text, out id);

    /// <summary>By their bytes, which is by when they were made; databases have an order of their own.</summary>
    public int CompareTo(DepartureId other) => Value.CompareTo(other.Value);

    /// <summary>Made before.</summary>
    public static bool operator <(DepartureId left, DepartureId right) => left.CompareTo(right) < 0;

    /// <summary>Made before, or the same.</summary>
    public static bool operator <=(DepartureId left, DepartureId right) => left.CompareTo(right) <= 0;

    /// <summary>Made after.</summary>
    public static bool operator >(DepartureId left, DepartureId right) => left.CompareTo(right) > 0;

    /// <summary>Made after, or the same.</summary>
    public static bool operator >=(DepartureId left, DepartureId right) => left.CompareTo(right) >= 0;

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>Where a departure stands.</summary>
public enum DepartureState
{
    /// <summary>Open: the cut is still to come.</summary>
    Open,

    /// <summary>The disconnection runs.</summary>
    Disconnecting,

    /// <summary>Every account is cut, each with its level of proof.</summary>
    Cut,

    /// <summary>The disconnection ended and something is not closed.</summary>
    NeedsAttention,

    /// <summary>Access was given back and no cut is planned: somebody reschedules, cancels or cuts again.</summary>
    GivenBack,

    /// <summary>Cut and closed by a person.</summary>
    Closed,

    /// <summary>Withdrawn: the mission goes on.</summary>
    Cancelled,
}

/// <summary>Planned or at once.</summary>
public enum DepartureKind
{
    /// <summary>At its instant.</summary>
    Planned,

    /// <summary>At once.</summary>
    Immediate,
}

/// <summary>Why, from a neutral list: nothing here judges a person.</summary>
public enum DepartureReason
{
    /// <summary>The mission reaches its end.</summary>
    MissionEnd,

    /// <summary>The mission ends before its date.</summary>
    EarlyEnd,

    /// <summary>The supplier sends someone else.</summary>
    Replacement,

    /// <summary>A precaution of security.</summary>
    Security,

    /// <summary>Another reason, kept elsewhere.</summary>
    Other,
}

/// <summary>The end of one mission.</summary>
internal sealed class Departure : Versioned
{
    /// <summary>Kind of the work item that prepares the cut; handled by the room that disconnects.</summary>
    public const string CutDue = "departure-cut-due";

    /// <summary>Kind of the work that gives an account back: it is not withdrawn with a scheduled cut.</summary>
    public const string GiveBack = "reconnect";

    /// <summary>Default zone.</summary>
    public const string DefaultZone = "Europe/Paris";

    /// <summary>Days of a departure lie between these two: what is counted from them stays within the calendar.</summary>
    public static readonly (DateOnly First, DateOnly Last) Days = (new(2000, 1, 1), new(2199, 12, 31));

    /// <summary>Default hour of the cut.</summary>
    public static readonly TimeOnly DefaultCutTime = new(18, 0);

    public DepartureId Id { get; private init; } = IIdentifier<DepartureId>.New();

    public MissionId Mission { get; private init; }

    public PersonId Person { get; private init; }

    /// <summary>Last working day, in <see cref="Zone"/>.</summary>
    public DateOnly LastDay { get; private set; }

    /// <summary>IANA zone of the departure.</summary>
    public string Zone { get; private set; } = DefaultZone;

    /// <summary>Local hour of the cut.</summary>
    public TimeOnly CutTime { get; private set; }

    /// <summary>The day on which it is announced, in <see cref="Zone"/>; never after the last day.</summary>
    public DateOnly AnnounceOn { get; private set; }

    /// <summary>The contractual end of the mission; never before the last day.</summary>
    public DateOnly MissionEnd { get; private set; }

    /// <summary>The calendar in which business days are counted, as it was when the departure was opened: see <see cref="CalendarDefinition"/>.</summary>
    public string Calendar { get; private init; } = BusinessCalendar.France.Key;

    /// <summary>The version of the template that its tasks come from, or null: it has none.</summary>
    public ProcessTemplateId? Template { get; private set; }

    /// <summary>Nobody answered whether the mission is renewed (DEP8): the cut is planned at its end, there are no tasks, and nobody is told.</summary>
    public bool Prepared { get; private set; }

    /// <summary>Who takes over, a person of the record, or null while nobody is named.</summary>
    public PersonId? Successor { get; private set; }

    /// <summary>Whether the one who leaves takes part; why not is never asked (DEP9).</summary>
    public LeaverPresence Presence { get; private set; }

    /// <summary>Who continues the order in their place, a person of the record, or null.</summary>
    public PersonId? ReplacedBy { get; private set; }

    /// <summary>The instant of the cut, UTC: of the one planned while it is to come, then of the one that was made, also once that was undone.</summary>
    public DateTimeOffset CutAt { get; private set; }

    public DepartureKind Kind { get; private set; }

    public DepartureReason Reason { get; private set; }

    public DepartureState State { get; private set; }

    public DateTimeOffset OpenedAt { get; private init; }

    /// <summary>When the last account was found cut, UTC.</summary>
    public DateTimeOffset? CutDoneAt { get; private set; }

    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>Nobody but the named few knows of it: its tasks lie on no desk, and no mail leaves for it (DEP3). What hides it is <see cref="Embargoes.EmbargoRule"/>.</summary>
    public bool UnderEmbargo { get; private set; }

    /// <summary>The journal's chain of this departure.</summary>
    public string Chain => Id.Value.ToString("N");

    public static Departure Open(
        MissionId mission, PersonId person, DateOnly lastDay, TimeZoneInfo zone, TimeOnly cutTime, DepartureKind kind, DepartureReason reason, DateTimeOffset now, DateOnly? missionEnd = null, DateOnly? announceOn = null, string? calendar = null)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        return new()
        {
            Mission = mission,
            Person = person,
            LastDay = lastDay,
            Zone = zone.Id,
            CutTime = cutTime,
            CutAt = kind == DepartureKind.Immediate ? now : LocalInstant.Of(lastDay, cutTime, zone),
            Kind = kind,
            Reason = reason,
            State = DepartureState.Open,
            OpenedAt = now,
            MissionEnd = EndOf(missionEnd, lastDay),
            AnnounceOn = Earlier(announceOn ?? today, lastDay),
            Calendar = calendar ?? BusinessCalendar.France.Key,
        };
    }

    /// <summary>The day from which tasks are counted: the last one worked, which is that of the cut when it came at once.</summary>
    public DateOnly LastDayWorked => Kind == DepartureKind.Immediate ? Earlier(LastDay, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(CutAt, LocalZone).DateTime)) : LastDay;

    /// <summary>The calendar in which business days are counted.</summary>
    public BusinessCalendar BusinessCalendar => BusinessCalendar.Find(Calendar) ?? BusinessCalendar.France;

    /// <summary>The rules of <see cref="Zone"/>; those of the default zone on a machine that does not know it: the clock of a departure goes on wherever its data is taken.</summary>
    public TimeZoneInfo LocalZone => LocalInstant.FindZone(Zone) ?? LocalInstant.FindZone(DefaultZone) ?? TimeZoneInfo.Utc;

    /// <summary>Nothing is asked for any more, and nobody is reminded.</summary>
    public bool IsOver => State is DepartureState.Closed or DepartureState.Cancelled;

    /// <summary>Its tasks come from this version of a template.</summary>
    public void Follow(ProcessTemplateId template)
    {
        Template = template;
        Touch();
    }

    /// <summary>Plans the cut and tells nobody: the renewal of the mission was not answered.</summary>
    public void Prepare()
    {
        Prepared = true;
        Touch();
    }

    /// <summary>Somebody said that the mission ends: a departure like any other.</summary>
    public void Confirm()
    {
        Prepared = false;
        Touch();
    }
    /// <summary>Tasks of a newer version were taken over; the version followed stays.</summary>
    public void TakenOver() => Touch();

    /// <summary>Names who takes over, or nobody.</summary>
    public void HandOverTo(PersonId? successor)
    {
        Successor = successor;
        Touch();
    }

    /// <summary>Says whether the one who leaves takes part, and who continues the order when they are replaced.</summary>
    public void Attend(LeaverPresence presence, PersonId? replacedBy)
    {
        (Presence, ReplacedBy) = (presence, presence == LeaverPresence.Replaced ? replacedBy : null);
        Touch();
    }

    /// <summary>Only the named few know of it from now on; said before anything is made of it.</summary>
    public void Hush() => UnderEmbargo = true;

    /// <summary>Everybody may know of it who may see departures.</summary>
    public void Reveal()
    {
        UnderEmbargo = false;
        Touch();
    }

    /// <summary>Who is bound to it, with supplier, manager and unit of its mission.</summary>
    public DepartureParties PartiesWith(SupplierId? supplier, PersonId? manager, string? unit) => new(Person.Value, supplier?.Value, manager?.Value, Successor?.Value) { Unit = unit, UnderEmbargo = UnderEmbargo, LeaverAway = Presence != LeaverPresence.Present };

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;

    private static DateOnly EndOf(DateOnly? mission, DateOnly lastDay) => mission > lastDay ? Earlier(mission.Value, Days.Last) : lastDay;

    /// <summary>How long before its instant a cut is prepared: accounts are searched again and the plan is made.</summary>
    public static readonly TimeSpan Preparation = TimeSpan.FromMinutes(10);

    /// <summary>The work item that prepares the disconnection for its instant.</summary>
    public WorkItem Schedule() => new()
    {
        Queue = WorkQueues.House,
        Kind = CutDue,
        Subject = Id.ToString(),
        Group = Id.ToString(),
        IdempotencyKey = $"{CutDue}-{Id}-{Version}",
        DueAt = CutAt - Preparation,
    };

    /// <summary>Nothing is cut, nor being cut: the cut may be planned, moved or made.</summary>
    public bool IsAhead => State is DepartureState.Open or DepartureState.GivenBack;

    /// <summary>Moves the cut, or plans one anew after access was given back; refused once it has begun.</summary>
    public Problem? Reschedule(DateOnly lastDay, TimeOnly cutTime, TimeZoneInfo zone, DateOnly? missionEnd = null)
    {
        if (!IsAhead)
        {
            return DeparturesText.NotOpen;
        }

        if (Prepared)
        {
            return DeparturesText.OnlyPrepared;
        }

        (State, Kind) = (DepartureState.Open, DepartureKind.Planned);
        (LastDay, CutTime, Zone, CutAt) = (lastDay, cutTime, zone.Id, LocalInstant.Of(lastDay, cutTime, zone));
        (AnnounceOn, MissionEnd) = (Earlier(AnnounceOn, lastDay), EndOf(missionEnd, lastDay));
        Touch();
        return null;
    }

    /// <summary>Withdraws; refused while the disconnection runs.</summary>
    public Problem? Cancel()
    {
        if (State is DepartureState.Disconnecting or DepartureState.Closed or DepartureState.Cancelled)
        {
            return DeparturesText.NotOpen;
        }

        State = DepartureState.Cancelled;
        Touch();
        return null;
    }

    /// <summary>The disconnection starts; immediate turns the plan into one at once, for that reason when one is given.</summary>
    public Problem? StartDisconnecting(bool immediate, DateTimeOffset now, DepartureReason? reason = null)
    {
        if (State is DepartureState.Closed or DepartureState.Cancelled)
        {
            return DeparturesText.NotOpen;
        }

        if (immediate)
        {
            (Kind, Reason) = (DepartureKind.Immediate, reason ?? Reason);
        }

        CutAt = CutAt < now ? CutAt : now;
        State = DepartureState.Disconnecting;
        Touch();
        return null;
    }

    /// <summary>The disconnection ended, or was judged again after a retry.</summary>
    public void EndDisconnecting(bool everyAccountCut, DateTimeOffset now)
    {
        State = everyAccountCut ? DepartureState.Cut : DepartureState.NeedsAttention;
        CutDoneAt = everyAccountCut ? now : null;
        Touch();
    }

    /// <summary>
    /// Access is given back. The planned hour still stands while it is to come: true, and the cut must be scheduled. Once it has passed no cut is planned until somebody
    /// says so; a departure that was cancelled stays cancelled.
    /// </summary>
    public bool GiveAccessBack(DateTimeOffset now)
    {
        var planned = LocalInstant.Of(LastDay, CutTime, LocalZone);
        var stands = State != DepartureState.Cancelled && planned > now;
        (State, CutAt, Kind) = State == DepartureState.Cancelled ? (State, CutAt, Kind)
            : stands ? (DepartureState.Open, planned, DepartureKind.Planned) : (DepartureState.GivenBack, CutAt, Kind);
        (CutDoneAt, ClosedAt) = (null, null);
        Touch();
        return stands;
    }

    /// <summary>Closes; only what is cut can be.</summary>
    public Problem? Close(DateTimeOffset now)
    {
        if (State != DepartureState.Cut)
        {
            return DeparturesText.NotCut;
        }

        (State, ClosedAt) = (DepartureState.Closed, now);
        Touch();
        return null;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Departure>
    {
        public void Configure(EntityTypeBuilder<Departure> builder)
        {
            builder.ToTable("departures");
            builder.HasKey(departure => departure.Id);
            builder.Property(departure => departure.Zone).HasMaxLength(60);
            builder.Ignore(departure => departure.Chain).Ignore(departure => departure.IsAhead).Ignore(departure => departure.BusinessCalendar).Ignore(departure => departure.LocalZone).Ignore(departure => departure.IsOver).Ignore(departure => departure.LastDayWorked);
            builder.HasIndex(departure => departure.Successor);
            builder.HasIndex(departure => departure.Person);
            builder.HasIndex(departure => departure.Mission);
            builder.HasIndex(departure => new { departure.State, departure.CutAt, departure.Id });
            builder.HasIndex(departure => new { departure.CutAt, departure.Id });
            MapVersion(builder);
        }
    }
}
