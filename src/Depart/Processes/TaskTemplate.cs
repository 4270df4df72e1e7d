using Depart.Foundation;

namespace Depart.Processes;

/// <summary>Who a task is given to: a role of the departure or of the house, or somebody without an account who acts by a link.</summary>
public enum TaskOwner
{
    /// <summary>Responsable de mission.</summary>
    Manager,

    /// <summary>Opérations informatiques.</summary>
    It,

    /// <summary>RH and procurement.</summary>
    Hr,

    /// <summary>RSSI.</summary>
    Security,

    /// <summary>The leaver.</summary>
    Consultant,

    /// <summary>Repreneur.</summary>
    Successor,

    /// <summary>The owner of a system without a connector; acts by link.</summary>
    SystemOwner,

    /// <summary>The supplier's contact; acts by link. Of an independent it is the person.</summary>
    SupplierContact,
}

/// <summary>The day that an offset is counted from. They come in this order: announcement, last day, mission end (they may be one day).</summary>
public enum TaskAnchor
{
    /// <summary>The day on which the departure is announced; of an immediate one, the day it is opened.</summary>
    Announcement,

    /// <summary>The last working day, in the departure's zone.</summary>
    LastDay,

    /// <summary>The contractual end of the mission.</summary>
    MissionEnd,
}

/// <summary>One task of a process, before any departure (PRO1).</summary>
/// <remarks>Immutable. Members are named as the keys of the YAML file and of the API. See <see cref="ProcessDocument.TasksFor"/> for how it meets a departure.</remarks>
public sealed record TaskTemplate
{
    /// <summary>Longest key: lower case, digits and hyphens.</summary>
    public const int KeyLength = 60;

    /// <summary>What a text of a task is due at when nothing is said: the end of the working day.</summary>
    public static readonly TimeOnly EndOfDay = new(18, 0);

    /// <summary>Names the task in its document and in those that extend it.</summary>
    public required string Key { get; init; }

    /// <summary>1 to 7, the seven steps of a departure.</summary>
    public required int Step { get; init; }

    /// <summary>What it is called in a list.</summary>
    public required Words Title { get; init; }

    /// <summary>What to do, where, whom to ask, what not to do. Plain text; a blank line makes a paragraph.</summary>
    public required Words Instructions { get; init; }

    /// <summary>What <em>done</em> means.</summary>
    public required Words Done { get; init; }

    /// <summary>Other texts for some departures. For each text the first variant that holds and says it counts.</summary>
    public IReadOnlyList<TextVariant> Variants { get; init; } = [];

    /// <summary>Who does it.</summary>
    public required TaskOwner Owner { get; init; }

    /// <summary>One of <see cref="TaskKinds"/>; how it behaves is told by the room of its step.</summary>
    public string Kind { get; init; } = TaskKinds.Manual;

    /// <summary>The day it is counted from.</summary>
    public required TaskAnchor Anchor { get; init; }

    /// <summary>Days after the anchor; negative before.</summary>
    public DayOffset Offset { get; init; }

    /// <summary>Local hour; null is <see cref="EndOfDay"/>, and of a disconnection the departure's own hour of the cut.</summary>
    public TimeOnly? At { get; init; }

    /// <summary>IANA zone of <see cref="At"/>; null is the departure's.</summary>
    public string? Zone { get; init; }

    /// <summary>It is asked for only when all of this holds.</summary>
    public FactConditions When { get; init; } = FactConditions.None;

    /// <summary>It is not asked for when all of this holds; nothing here excludes nothing.</summary>
    public FactConditions Unless { get; init; } = FactConditions.None;

    /// <summary>Keys of the tasks that it waits for.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>The departure is not closed before it is done.</summary>
    public bool Blocking { get; init; }

    /// <summary>It is done with a file, a reading or a signature, not by a click alone.</summary>
    public bool Evidence { get; init; }

    /// <summary>How long before it is due its owner is reminded; positive.</summary>
    public IReadOnlyList<DayOffset> Reminders { get; init; } = [];

    /// <summary>Who is told when it is late, or null.</summary>
    public Escalation? Escalation { get; init; }

    /// <summary>Whether a departure with these facts is asked for it.</summary>
    public bool AppliesTo(DepartureFactsForTasks facts) => When.Hold(facts) && (Unless.IsEmpty || !Unless.Hold(facts));

    /// <summary>The task as that departure reads it: the texts of its variant, no variants and no conditions left.</summary>
    public TaskTemplate For(DepartureFactsForTasks facts)
    {
        var holding = Variants.Where(variant => variant.When.Hold(facts)).ToList();
        return this with
        {
            Title = holding.Find(variant => variant.Title is not null)?.Title ?? Title,
            Instructions = holding.Find(variant => variant.Instructions is not null)?.Instructions ?? Instructions,
            Done = holding.Find(variant => variant.Done is not null)?.Done ?? Done,
            Variants = [],
            When = FactConditions.None,
            Unless = FactConditions.None,
        };
    }
}

/// <summary>Texts that replace a task's own where the departure is such; what it does not say stays.</summary>
public sealed record TextVariant
{
    /// <summary>For which departures, most often by contractual status (REC6).</summary>
    public required FactConditions When { get; init; }

    /// <summary>Another title, or null.</summary>
    public Words? Title { get; init; }

    /// <summary>Other instructions, or null.</summary>
    public Words? Instructions { get; init; }

    /// <summary>Another meaning of <em>done</em>, or null.</summary>
    public Words? Done { get; init; }
}

/// <summary>A late task is told to somebody else.</summary>
/// <param name="After">How long after it was due; positive.</param>
/// <param name="To">Manager, IT, HR or security: those of the house.</param>
public sealed record Escalation(DayOffset After, TaskOwner To);
