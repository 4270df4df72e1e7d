namespace Depart.Connectors;

/// <summary>An undo asked for one account.</summary>
public sealed record UndoCall
{
    /// <summary>Immutable identifier of the account.</summary>
    public required string Account { get; init; }

    /// <summary>The snapshot that this connector made before the first action.</summary>
    public required string Snapshot { get; init; }

    /// <summary>Same over every retry of the same intent.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>Names what would and would not come back; never writes.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What is known after an undo.</summary>
/// <param name="Outcome">The word.</param>
public sealed record UndoReport(CallOutcome Outcome)
{
    /// <summary>What came back (or would).</summary>
    public IReadOnlyList<Change> Changes { get; init; } = [];

    /// <summary>What did not come back, and why.</summary>
    public IReadOnlyList<Bilingual> NotRestored { get; init; } = [];

    /// <summary>A one-time password for the person, when the old one could not be given back. Shown once, never stored.</summary>
    public string? OneTimePassword { get; init; }

    /// <summary>What was said on the wire.</summary>
    public IReadOnlyList<Exchange> Exchanges { get; init; } = [];

    /// <summary>Why, for every outcome but Done and AlreadySo.</summary>
    public Failure? Failure { get; init; }
}
