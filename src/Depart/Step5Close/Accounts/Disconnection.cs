using System.Text.Json;
using Depart.Connectors;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step5Close.Accounts;

/// <summary>Identifies one run of all revocations of a departure.</summary>
public readonly record struct DisconnectionId(Guid Value) : IIdentifier<DisconnectionId>
{
    /// <summary>Wraps a UUID.</summary>
    public static DisconnectionId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out DisconnectionId id) => IIdentifier<DisconnectionId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>Where one run stands.</summary>
public enum DisconnectionState
{
    /// <summary>Planned in rows shortly before its instant, so that nothing but the acts themselves remains for it; may be withdrawn.</summary>
    Prepared,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>Every step is settled.</summary>
    Ended,

    /// <summary>Prepared, then replaced or called off before it began.</summary>
    Withdrawn,
}

/// <summary>One run of all revocations of a departure.</summary>
internal sealed class Disconnection : Versioned
{
    public DisconnectionId Id { get; private init; } = IIdentifier<DisconnectionId>.New();

    public DepartureId Departure { get; init; }

    public bool Immediate { get; init; }

    public DisconnectionState State { get; private set; } = DisconnectionState.Prepared;

    /// <summary>The instant it starts: of the click, or of the scheduled cut. UTC.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When the last step was settled, UTC; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public DateTimeOffset? UndoneAt { get; private set; }

    /// <summary>Systems that could not be searched when it was planned, and protected accounts left as they are: something may be open, so it is not cut.</summary>
    public List<string> Unsearched { get; init; } = [];

    public void Begin()
    {
        State = DisconnectionState.Running;
        Touch();
    }

    public void Withdraw()
    {
        State = DisconnectionState.Withdrawn;
        Touch();
    }

    /// <summary>Ends it, or (null) opens it again after a retry.</summary>
    public void End(DateTimeOffset? at)
    {
        (EndedAt, State) = (at, at is null ? DisconnectionState.Running : DisconnectionState.Ended);
        Touch();
    }

    public void Undone(DateTimeOffset at)
    {
        UndoneAt = at;
        Touch();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Disconnection>
    {
        public void Configure(EntityTypeBuilder<Disconnection> builder)
        {
            builder.ToTable("disconnections");
            builder.HasKey(disconnection => disconnection.Id);
            builder.HasIndex(disconnection => disconnection.Departure);
            builder.PrimitiveCollection(disconnection => disconnection.Unsearched);
            MapVersion(builder);
        }
    }
}

/// <summary>What came of giving one account back.</summary>
/// <param name="At">When it was last tried, UTC.</param>
/// <param name="Outcome">The last word; null while it waits.</param>
/// <param name="Final">Nothing more will be tried by itself.</param>
/// <param name="NotRestored">What did not come back, and why.</param>
/// <param name="Why">Why it failed, or null.</param>
public sealed record AccountUndo(DateTimeOffset At, CallOutcome? Outcome, bool Final, IReadOnlyList<Words> NotRestored, Words? Why);

/// <summary>One account within a disconnection: its work, its state before anything was done to it, and what came of it.</summary>
/// <remarks>All steps of an account that are ready run one after the other in one work item; the snapshot is committed before the first of them.</remarks>
internal sealed class DisconnectionAccount : Versioned
{
    public DisconnectionId Disconnection { get; init; }

    public AccountId Account { get; init; }

    public SystemId System { get; init; }

    /// <summary>Work items given so far: part of their key.</summary>
    public int Rounds { get; private set; }

    /// <summary>A work item waits or runs.</summary>
    public bool Working { get; private set; }

    /// <summary>The connector's snapshot, encrypted: it may hold a password hash. Null until it was taken. Kept until the grace period ends.</summary>
    public string? ProtectedSnapshot { get; private set; }

    /// <summary>The state before anything was done.</summary>
    public AccountState? StateBefore { get; private set; }

    /// <summary>What came of the account, when every step was last settled.</summary>
    public Verdict Verdict { get; set; } = Verdict.Pending;

    /// <summary>What came of giving it back, or null while nobody asked.</summary>
    public AccountUndo? Undo
    {
        get => UndoJson is null ? null : JsonSerializer.Deserialize<AccountUndo>(UndoJson, ApiJson.Options);
        set
        {
            UndoJson = value is null ? null : JsonSerializer.Serialize(value, ApiJson.Options);
            Touch();
        }
    }

    private string? UndoJson { get; set; }

    /// <summary>The work item that runs every step that is ready.</summary>
    public WorkItem Give(DepartureId departure, DateTimeOffset due)
    {
        Rounds++;
        Working = true;
        Touch();
        return new()
        {
            Queue = WorkQueues.OfSystem(System.Value),
            Kind = Revocation.WorkKind,
            Subject = $"{Disconnection}/{Account}",
            Group = departure.ToString(),
            IdempotencyKey = $"{Revocation.WorkKind}-{Disconnection}-{Account}-{Rounds}",
            DueAt = due,
        };
    }

    /// <summary>The work item ended.</summary>
    public void Rest()
    {
        Working = false;
        Touch();
    }

    /// <summary>Keeps the state before; a second one never replaces the first.</summary>
    public void Keep(string protectedSnapshot, AccountState state)
    {
        if (ProtectedSnapshot is null)
        {
            (ProtectedSnapshot, StateBefore) = (protectedSnapshot, state);
            Touch();
        }
    }

    /// <summary>Reads the subject of a work item about an account of a disconnection.</summary>
    public static (DisconnectionId Disconnection, AccountId Account) Subject(WorkItem item)
    {
        var parts = item.Subject.Split('/');
        return (DisconnectionId.From(Guid.Parse(parts[0])), AccountId.From(Guid.Parse(parts[1])));
    }

    internal sealed class Mapping : IEntityTypeConfiguration<DisconnectionAccount>
    {
        public void Configure(EntityTypeBuilder<DisconnectionAccount> builder)
        {
            builder.ToTable("disconnection_accounts");
            builder.HasKey(account => new { account.Disconnection, account.Account });
            builder.HasIndex(account => account.Account);
            builder.Ignore(account => account.Undo);
            builder.Property(account => account.UndoJson);
            MapVersion(builder);
        }
    }
}
