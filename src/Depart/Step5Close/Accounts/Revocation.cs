using System.Text.Json;
using Depart.Connectors;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step5Close.Accounts;

/// <summary>Identifies one action on one account.</summary>
public readonly record struct RevocationId(Guid Value) : IIdentifier<RevocationId>
{
    /// <summary>Wraps a UUID.</summary>
    public static RevocationId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out RevocationId id) => IIdentifier<RevocationId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>Where one step stands.</summary>
public enum RevocationState
{
    /// <summary>Waits for its predecessors.</summary>
    Waiting,

    /// <summary>Given to the engine: runs, or will be tried again.</summary>
    Running,

    /// <summary>A person must do it and attest.</summary>
    ToDoByHand,

    /// <summary>Done on the system.</summary>
    Done,

    /// <summary>It was so already.</summary>
    AlreadySo,

    /// <summary>Given up by the engine: retry, skip or do by hand.</summary>
    Failed,

    /// <summary>A predecessor failed.</summary>
    Blocked,

    /// <summary>Left out with a reason.</summary>
    Skipped,

    /// <summary>Done by a person, with proof: attested, never verified.</summary>
    ByHand,
}

/// <summary>One action on one account, in one disconnection.</summary>
internal sealed class Revocation : Versioned
{
    /// <summary>Kind of its work item.</summary>
    public const string WorkKind = "revocation";

    public RevocationId Id { get; init; } = IIdentifier<RevocationId>.New();

    public DisconnectionId Disconnection { get; init; }

    public AccountId Account { get; init; }

    public SystemId System { get; init; }

    /// <summary>The connector's action, or <see cref="OrderResolver.Snapshot"/> or <see cref="OrderResolver.Verify"/>.</summary>
    public required string Action { get; init; }

    /// <summary>Title in both languages, as declared when planned.</summary>
    public required string TitleEn { get; init; }

    public required string TitleFr { get; init; }

    /// <summary>Level in the plan, from 0.</summary>
    public int Level { get; init; }

    public RevocationState State { get; private set; }

    /// <summary>The last word of the connector, or null before any.</summary>
    public CallOutcome? LastOutcome { get; private set; }

    /// <summary>Why it is not done: bilingual JSON, or null.</summary>
    public string? WhyJson { get; private set; }

    /// <summary>Of an action that passes on what the account owns: the login that takes over, as planned; null when nobody was named.</summary>
    public string? NewOwner { get; private set; }

    /// <summary>Human retries so far.</summary>
    public int Round { get; private set; }

    /// <summary>Attempts made, all rounds.</summary>
    public int Attempts { get; private set; }

    /// <summary>Predecessors not settled yet.</summary>
    public int Pending { get; set; }

    /// <summary>What waits for this: JSON of <see cref="Successor"/>.</summary>
    public string SuccessorsJson { get; set; } = "[]";

    /// <summary>Reasons of the order, for people: JSON of <see cref="Waits"/>.</summary>
    public string WaitsJson { get; init; } = "[]";

    /// <summary>The failed step that blocks this one.</summary>
    public RevocationId? BlockedBy { get; private set; }

    /// <summary>Of a verification: the state read.</summary>
    public AccountState? StateRead { get; private set; }

    /// <summary>Of a verification: the level reached.</summary>
    public ProofLevel? Proof { get; private set; }

    /// <summary>Until when something outlives the cut; null when nothing or unknown.</summary>
    public DateTimeOffset? ResidualUntil { get; private set; }

    /// <summary>What was seen: changes, checks, residuals; JSON without secrets.</summary>
    public string? ReportJson { get; private set; }

    public DateTimeOffset? SettledAt { get; private set; }

    /// <summary>Nothing more will happen without a person.</summary>
    public bool IsSettled => State is not (RevocationState.Waiting or RevocationState.Running or RevocationState.ToDoByHand);

    /// <summary>Ended so that what follows may follow.</summary>
    public bool IsWell => State is RevocationState.Done or RevocationState.AlreadySo or RevocationState.Skipped or RevocationState.ByHand;

    public Words Title => new(TitleEn, TitleFr);

    public Words? Why => WhyJson is null ? null : JsonSerializer.Deserialize<Words>(WhyJson, ApiJson.Options);

    public IReadOnlyList<Successor> Successors => JsonSerializer.Deserialize<List<Successor>>(SuccessorsJson)!;

    /// <summary>A step that waits for this one.</summary>
    internal sealed record Successor(Guid Id, bool Hard);

    /// <summary>A step that this one waits for, with the reason.</summary>
    internal sealed record Waits(Guid Id, bool Hard, string En, string Fr);

    /// <summary>Its turn has come: the engine runs it with the account's next work item.</summary>
    public void Ready()
    {
        (State, BlockedBy) = (RevocationState.Running, null);
        Touch();
    }

    /// <summary>Its turn has come and a person must act.</summary>
    public void AskPerson()
    {
        State = RevocationState.ToDoByHand;
        Touch();
    }

    /// <summary>Says who takes over, or why nobody does.</summary>
    public void PassTo(string? newOwner, Words? nobody)
    {
        (NewOwner, WhyJson) = (newOwner, nobody is null ? null : JsonSerializer.Serialize(nobody, ApiJson.Options));
        Touch();
    }

    /// <summary>An attempt was made and will be tried again.</summary>
    public void Attempted(CallOutcome outcome, Words? why)
    {
        Attempts++;
        LastOutcome = outcome;
        WhyJson = why is null ? null : JsonSerializer.Serialize(why, ApiJson.Options);
        Touch();
    }

    /// <summary>It ended.</summary>
    public void Settle(RevocationState state, DateTimeOffset now, string? report = null)
    {
        (State, SettledAt) = (state, now);
        ReportJson = report ?? ReportJson;
        Touch();
    }

    /// <summary>What the verification saw.</summary>
    public void Saw(Verification verification, string report)
    {
        (StateRead, Proof) = (verification.State, verification.Level);
        ResidualUntil = verification.Residuals.Max(residual => residual.Until);
        ReportJson = report;
    }

    /// <summary>A predecessor failed.</summary>
    public void Block(RevocationId by)
    {
        (State, BlockedBy) = (RevocationState.Blocked, by);
        Touch();
    }

    /// <summary>A person asks for another try.</summary>
    public void Again()
    {
        (State, SettledAt, BlockedBy) = (RevocationState.Waiting, null, null);
        Round++;
        Touch();
    }

    /// <summary>A person settles it, saying why or with which proof.</summary>
    public void SettledByPerson(RevocationState state, Words why, DateTimeOffset now)
    {
        (State, SettledAt, WhyJson, BlockedBy) = (state, now, JsonSerializer.Serialize(why, ApiJson.Options), null);
        Touch();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Revocation>
    {
        public void Configure(EntityTypeBuilder<Revocation> builder)
        {
            builder.ToTable("revocations");
            builder.HasKey(revocation => revocation.Id);
            builder.HasIndex(revocation => revocation.Disconnection);
            builder.HasIndex(revocation => revocation.Account);
            builder.Property(revocation => revocation.Proof).HasColumnName("ProofLevel");
            builder.Ignore(revocation => revocation.IsSettled).Ignore(revocation => revocation.IsWell)
                .Ignore(revocation => revocation.Title).Ignore(revocation => revocation.Why).Ignore(revocation => revocation.Successors);
            MapVersion(builder);
        }
    }
}
