using Depart.Foundation.Door;
using Depart.Foundation.Storage;

namespace Depart.Foundation.Engine;

/// <summary>How an attempt ended.</summary>
internal enum WorkVerdict
{
    /// <summary>The item is done, whatever its outcome for the business.</summary>
    Done,

    /// <summary>Try again later, as long as attempts are left.</summary>
    Retry,

    /// <summary>Trying again without a person makes no sense.</summary>
    Dead,
}

/// <summary>The result of one attempt.</summary>
/// <param name="Verdict">What becomes of the item.</param>
/// <param name="Report">For <see cref="IWorkHandler.RecordAsync"/>: what was seen. In memory only.</param>
internal sealed record WorkResult(WorkVerdict Verdict, object? Report = null)
{
    /// <summary>Why, for people and the attempt's row; no secret.</summary>
    public Words? Error { get; init; }

    /// <summary>The system asked to wait so long.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Counts against the queue's breaker: the system itself misbehaves.</summary>
    public bool SystemFault { get; init; }
}

/// <summary>An attempt with its result; <paramref name="GivenUp"/> when the item is dead now (also after the last retry).</summary>
internal sealed record WorkDone(WorkItem Item, WorkResult Result, bool GivenUp);

/// <summary>Names the kind of work items that a handler runs.</summary>
/// <param name="kind">Stored with every item: never renamed.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class WorkKindAttribute(string kind) : Attribute
{
    /// <summary>The kind.</summary>
    public string Kind { get; } = kind;

    /// <summary>Items of one queue handed over together at most, from 1: for systems that answer many questions at once.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>
    /// Items in hand for each call allowed, from 1: with more, what some need is read while others call, and what several of them need is asked for together; and more are in doubt after a crash.
    /// </summary>
    public int InHand { get; init; } = 1;

    /// <summary>Longest time one call of the handler may take, in minutes; past it the items are not known and tried again.</summary>
    public int MinutesAtMost { get; init; } = 2;
}

/// <summary>Runs one kind of work item, named by <see cref="WorkKindAttribute"/>. Found by scanning; scoped.</summary>
internal interface IWorkHandler
{
    /// <summary>
    /// Acts on the outside. Idempotent: it may run again after a crash. Never throws for a failing system. Reads what it needs
    /// in its own scope; saves nothing.
    /// </summary>
    Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation);

    /// <summary>
    /// Acts for several items of one queue (<see cref="WorkKindAttribute.Batch"/>), saying <paramref name="done"/> for each as soon as it
    /// is known: what was said is recorded even if the rest is cut short. Enters <paramref name="calls"/> before each call that acts on the system.
    /// </summary>
    async Task ExecuteAsync(IReadOnlyList<WorkItem> items, CallSlots calls, Action<WorkItem, WorkResult> done, CancellationToken cancellation)
    {
        foreach (var item in items)
        {
            using var call = await calls.EnterAsync(cancellation);
            done(item, await ExecuteAsync(item, cancellation));
        }
    }

    /// <summary>
    /// Records what was seen, in bulk, inside the transaction that ends the items: state, facts, released successors. Work that lost
    /// its lease is not passed. Up to 500 at once.
    /// </summary>
    Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation);
}

/// <summary>Wakes queues after a commit. Losing a nudge is harmless: rows are the truth.</summary>
internal interface IWorkNudge
{
    /// <summary>Says that these queues have work, each with the first instant at which some is due.</summary>
    void Nudge(IReadOnlyDictionary<string, DateTimeOffset> queues);
}
