namespace Depart.Connectors;

/// <summary>The phases of a disconnection, in the words of the revocation catalogue.</summary>
public enum Phase
{
    /// <summary>No new sign-in.</summary>
    Contain,

    /// <summary>Live sessions and tokens end.</summary>
    Cut,

    /// <summary>Standing credentials go: keys, tokens, delegations.</summary>
    Strip,

    /// <summary>Groups, roles, licences are removed and recorded.</summary>
    Entitlements,

    /// <summary>What the account owns passes to a named new owner.</summary>
    ReOwn,

    /// <summary>Read back and refused sign-in. The verify verb, never an action.</summary>
    Verify,

    /// <summary>Irreversible deletion after the grace period.</summary>
    DeleteLater,
}

/// <summary>An action that a connector declares.</summary>
public sealed record ActionDescriptor
{
    /// <summary>Stable key within the connector, kebab-case: <c>reset-password</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The phase it belongs to.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Infinitive: « Disable the account », « Désactiver le compte ».</summary>
    public required Bilingual Title { get; init; }

    /// <summary>What it changes on the system, in one sentence.</summary>
    public required Bilingual Effect { get; init; }

    /// <summary>Actions of the same account that must have ended well before, each with its reason.</summary>
    public IReadOnlyList<ActionOrder> After { get; init; } = [];

    /// <summary>What undo cannot give back, or null when all comes back.</summary>
    public Bilingual? NotRestored { get; init; }

    /// <summary>Needs <see cref="ActionCall.NewOwner"/>; without one the answer is <see cref="CallOutcome.NotAttempted"/>.</summary>
    public bool NeedsNewOwner { get; init; }

    /// <summary>Done by a person: never called, waits for an attestation (the manual system).</summary>
    public bool ByHand { get; init; }
}

/// <summary>An order constraint inside one account.</summary>
/// <param name="Action">Key of the action that comes first.</param>
/// <param name="Reason">Why, for the plan.</param>
public sealed record ActionOrder(string Action, Bilingual Reason);

/// <summary>An order constraint between kinds of system, applied to the accounts of one person.</summary>
/// <param name="Before">Connector key of the system that comes first.</param>
/// <param name="After">Connector key of the system that waits.</param>
/// <param name="Reason">Why, for the plan.</param>
public sealed record SystemOrder(string Before, string After, Bilingual Reason);

/// <summary>What is known after a call.</summary>
public enum CallOutcome
{
    /// <summary>Not known: must be read before anything is tried again.</summary>
    Unknown,

    /// <summary>The change was made.</summary>
    Done,

    /// <summary>It was so already; nothing was changed.</summary>
    AlreadySo,

    /// <summary>The system refused; nothing was changed.</summary>
    Refused,

    /// <summary>Nothing was sent: the system was not reached, or something needed was missing.</summary>
    NotAttempted,
}

/// <summary>One action asked of one account.</summary>
public sealed record ActionCall
{
    /// <summary>Key of a declared action.</summary>
    public required string Action { get; init; }

    /// <summary>Immutable identifier of the account.</summary>
    public required string Account { get; init; }

    /// <summary>Same over every retry of the same intent.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>The instant of the cut (for end dates), UTC. In the past or now when the action runs.</summary>
    public required DateTimeOffset CutAt { get; init; }

    /// <summary>Reads and reports; never writes.</summary>
    public bool DryRun { get; init; }

    /// <summary>Who receives what the account owns: a login of the same system.</summary>
    public string? NewOwner { get; init; }

    /// <summary>The case this belongs to, written where the system has a place for it (a description). No personal data.</summary>
    public string? Case { get; init; }
}

/// <summary>One change made, or that would be made.</summary>
/// <param name="What">The thing: attribute, group, session, key. Short.</param>
/// <param name="Before">Value before, or null; never a secret or a hash.</param>
/// <param name="After">Value after, or null.</param>
public sealed record Change(string What, string? Before, string? After);

/// <summary>One request and its answer, for the evidence; no secret.</summary>
/// <param name="Request">For example <c>MODIFY uid=a,ou=people replace userPassword</c>.</param>
/// <param name="Answer">For example <c>0 success</c>.</param>
public sealed record Exchange(string Request, string Answer);

/// <summary>What is known after an action.</summary>
/// <param name="Outcome">The word.</param>
public sealed record ActionReport(CallOutcome Outcome)
{
    /// <summary>Changes made (or, in a dry run, foreseen).</summary>
    public IReadOnlyList<Change> Changes { get; init; } = [];

    /// <summary>What was said on the wire.</summary>
    public IReadOnlyList<Exchange> Exchanges { get; init; } = [];

    /// <summary>Why, for every outcome but Done and AlreadySo.</summary>
    public Failure? Failure { get; init; }

    /// <summary>The account is as the action wants it.</summary>
    public bool IsWell => Outcome is CallOutcome.Done or CallOutcome.AlreadySo;

    /// <summary>Done with a failure.</summary>
    public static ActionReport Failed(CallOutcome outcome, Failure failure) => new(outcome) { Failure = failure };
}
