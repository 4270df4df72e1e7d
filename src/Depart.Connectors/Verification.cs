namespace Depart.Connectors;

/// <summary>How strong the proof of a cut is.</summary>
public enum ProofLevel
{
    /// <summary>V0: the system's interface accepted the call; nothing more is known.</summary>
    Accepted = 0,

    /// <summary>V1: read back by another read.</summary>
    ReadBack = 1,

    /// <summary>V2: a sign-in was tried and refused for the right reason.</summary>
    SignInRefused = 2,

    /// <summary>V3: no activity in the system's log since.</summary>
    NoActivitySince = 3,

    /// <summary>V4: a person attests, with evidence. Not comparable with the others: never shown as verified.</summary>
    Attested = 4,
}

/// <summary>A verification asked for one account.</summary>
public sealed record VerificationCall
{
    /// <summary>Immutable identifier of the account.</summary>
    public required string Account { get; init; }

    /// <summary>Same over every retry of the same intent.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>The instant of the cut, UTC.</summary>
    public required DateTimeOffset CutAt { get; init; }
}

/// <summary>One check of a verification.</summary>
/// <param name="What">What was checked, for people.</param>
/// <param name="Passed">Whether the answer was the one that proves the cut.</param>
/// <param name="Answer">The system's own answer, short, in its own words, no secret: <c>49 … data 533</c>.</param>
public sealed record Check(Bilingual What, bool Passed, string Answer);

/// <summary>Something that outlives the cut.</summary>
/// <param name="What">What, for people: « Kerberos tickets already issued ».</param>
/// <param name="Until">When it ends at the latest, UTC; null when it cannot be known.</param>
public sealed record Residual(Bilingual What, DateTimeOffset? Until);

/// <summary>What is known after a verification.</summary>
/// <param name="State">The state read. Enabled means: not cut, say so.</param>
/// <param name="Level">The level reached; meaningful only when <paramref name="State"/> is Disabled or Absent.</param>
public sealed record Verification(AccountState State, ProofLevel Level)
{
    /// <summary>Each check with its answer.</summary>
    public IReadOnlyList<Check> Checks { get; init; } = [];

    /// <summary>What outlives the cut.</summary>
    public IReadOnlyList<Residual> Residuals { get; init; } = [];

    /// <summary>What was said on the wire.</summary>
    public IReadOnlyList<Exchange> Exchanges { get; init; } = [];

    /// <summary>Why the state is unknown or the account is still open.</summary>
    public Failure? Failure { get; init; }
}
