using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Foundation.Engine;

/// <summary>Where a work item stands.</summary>
internal enum WorkState
{
    /// <summary>Waits for its instant or its turn.</summary>
    Pending = 0,

    /// <summary>Claimed under the queue's lease.</summary>
    Running = 1,

    /// <summary>Ended well.</summary>
    Done = 2,

    /// <summary>Given up: a person decides.</summary>
    Dead = 3,

    /// <summary>Withdrawn before it ran.</summary>
    Cancelled = 4,
}

/// <summary>One effect on the outside, written in the transaction of the decision, executed at least once.</summary>
internal sealed class WorkItem
{
    /// <summary>Key, in order of insertion.</summary>
    public long Id { get; init; }

    /// <summary>The queue: a system's, <c>mail</c>, <c>house</c>.</summary>
    public required string Queue { get; init; }

    /// <summary>Which handler runs it (<see cref="WorkKindAttribute"/>).</summary>
    public required string Kind { get; init; }

    /// <summary>The row it is about, as text: a revocation's or departure's identifier.</summary>
    public required string Subject { get; init; }

    /// <summary>An attempt that ended with its process is no failure of its own; after so many it is given up all the same.</summary>
    public const int MostInterruptions = 32;

    /// <summary>After so many interruptions it is run alone: what ends the process every time then takes nothing else along.</summary>
    public const int InterruptionsOfASuspect = 3;

    /// <summary>What it belongs to, so that all of it can be withdrawn together: a departure's identifier, or null.</summary>
    public string? Group { get; init; }

    /// <summary>More for the handler, JSON without secrets, or null.</summary>
    public string? Payload { get; init; }

    /// <summary>Unique and stable over retries.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>Not before, UTC.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>Smaller first among what is due at one instant.</summary>
    public int Priority { get; init; }

    /// <summary>State.</summary>
    public WorkState State { get; set; }

    /// <summary>Times started since the last human retry.</summary>
    public int Attempts { get; set; }

    /// <summary>Attempts, of <see cref="Attempts"/>, during which the process ended or lost its lease; since the last human retry.</summary>
    public int Interruptions { get; set; }

    /// <summary>Attempts that ended by themselves, or are under way.</summary>
    public int Tries => Attempts - Interruptions;

    /// <summary>After so many tries it is dead.</summary>
    public int MaxTries { get; init; } = 8;

    /// <summary>It was in hand so often when the process ended that it may be what ends it.</summary>
    public bool IsSuspect => Interruptions >= InterruptionsOfASuspect;

    /// <summary>Who runs it.</summary>
    public string? LeaseOwner { get; set; }

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset? DoneAt { get; set; }

    /// <summary>Why the last attempt failed; no secret.</summary>
    public string? LastError { get; set; }

    /// <summary>
    /// The process that ran it ended, or lost its lease: it may run again. It may have ended the process, or merely have been in hand when something else did: nobody knows, so it is counted apart.
    /// </summary>
    public void Free() => (State, LeaseOwner, Interruptions) = (WorkState.Pending, null, Interruptions + 1);

    /// <summary>The same values.</summary>
    public WorkItem Copy() => (WorkItem)MemberwiseClone();

    internal sealed class Mapping : IEntityTypeConfiguration<WorkItem>
    {
        public void Configure(EntityTypeBuilder<WorkItem> builder)
        {
            builder.ToTable("work_items");
            builder.HasKey(item => item.Id);
            // Two writers may hold the same item for a moment: one that frees what a lost lease left, one that records its outcome.
            builder.Property(item => item.State).HasConversion<int>().IsConcurrencyToken();
            builder.Property(item => item.Attempts).IsConcurrencyToken();
            builder.Property(item => item.Queue).HasMaxLength(100);
            builder.Property(item => item.Kind).HasMaxLength(60);
            builder.Property(item => item.Subject).HasMaxLength(100);
            builder.Property(item => item.IdempotencyKey).HasMaxLength(200);
            builder.HasIndex(item => item.IdempotencyKey).IsUnique();
            // What is looked for is what still waits: an index over all would be written at every step of an item's life.
            builder.HasIndex(item => new { item.Queue, item.DueAt, item.Priority, item.Id }, "work_items_pending").HasFilter("\"State\" = 0");
            builder.HasIndex(item => new { item.Queue, item.LeaseOwner }, "work_items_running").HasFilter("\"State\" = 1");
            builder.HasIndex(item => new { item.Queue, item.Id }, "work_items_dead").HasFilter("\"State\" = 3");
            builder.Property(item => item.Group).HasMaxLength(40);
            builder.HasIndex(item => item.Subject, "work_items_subject").HasFilter("\"State\" = 0");
            builder.HasIndex(item => item.Group, "work_items_group").HasFilter("\"State\" = 0");
        }
    }
}

/// <summary>A line of work with its own limits, lease and breaker: one per target system, <c>mail</c>, <c>house</c>.</summary>
internal sealed class WorkQueue
{
    /// <summary>Longest reason of a pause.</summary>
    public const int LongestReason = 500;

    /// <summary>Key.</summary>
    public required string Name { get; init; }

    /// <summary>Who may run it.</summary>
    public string? LeaseOwner { get; set; }

    /// <summary>Until when, UTC.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Counts changes of owner: an answer from an older epoch is dropped.</summary>
    public long Epoch { get; set; }

    /// <summary>Stopped by a person.</summary>
    public bool Paused { get; set; }

    /// <summary>Why it was stopped, as that person wrote; null while it is not.</summary>
    public string? PausedWhy { get; set; }

    /// <summary>The name of that person.</summary>
    public string? PausedBy { get; set; }

    /// <summary>Since when it is stopped, UTC.</summary>
    public DateTimeOffset? PausedAt { get; set; }

    /// <summary>Calls in flight at once, 1 to 64.</summary>
    public int MaxConcurrency { get; set; } = 8;

    /// <summary>Calls started per second, or null without limit.</summary>
    public int? RatePerSecond { get; set; }

    /// <summary>Open until then, UTC; null when closed. One probe is claimed after it.</summary>
    public DateTimeOffset? BreakerUntil { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<WorkQueue>
    {
        public void Configure(EntityTypeBuilder<WorkQueue> builder)
        {
            builder.ToTable("work_queues");
            builder.HasKey(queue => queue.Name);
            builder.Property(queue => queue.Name).HasMaxLength(100);
            builder.Property(queue => queue.PausedWhy).HasMaxLength(LongestReason);
            builder.Property(queue => queue.PausedBy).HasMaxLength(200);
        }
    }
}

/// <summary>One attempt, for ever: written with its outcome in one transaction.</summary>
internal sealed class WorkAttempt
{
    public long Id { get; init; }

    public long WorkItem { get; init; }

    /// <summary>From 1.</summary>
    public int Attempt { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The process died while it ran: what happened on the outside is read before anything is tried again.</summary>
    public const string Interrupted = "Interrupted";

    /// <summary>A person asked for another round.</summary>
    public const string AskedAgain = "AskedAgain";

    /// <summary>The word of the attempt: a <see cref="WorkVerdict"/>, <see cref="Interrupted"/> or <see cref="AskedAgain"/>.</summary>
    public required string Outcome { get; init; }

    public string? Error { get; init; }

    public required string Node { get; init; }

    public long Epoch { get; init; }

    /// <summary>The attempt that was under way when its owner went away.</summary>
    public static WorkAttempt InterruptedOf(WorkItem item, DateTimeOffset now, string node) => new()
    {
        WorkItem = item.Id, Attempt = item.Attempts, At = now, Outcome = Interrupted, Node = item.LeaseOwner ?? node,
    };

    internal sealed class Mapping : IEntityTypeConfiguration<WorkAttempt>
    {
        public void Configure(EntityTypeBuilder<WorkAttempt> builder)
        {
            builder.ToTable("work_attempts");
            builder.HasKey(attempt => attempt.Id);
            builder.HasIndex(attempt => attempt.WorkItem);
        }
    }
}
