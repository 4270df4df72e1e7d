namespace Depart.Connectors;

/// <summary>Whether a right is held.</summary>
public enum RightState
{
    /// <summary>Could not be told without writing.</summary>
    NotChecked,

    /// <summary>Held.</summary>
    Held,

    /// <summary>Missing: the actions that need it will be refused.</summary>
    Missing,
}

/// <summary>A right that the connector needs.</summary>
/// <param name="Right">The right, in the system's own terms.</param>
/// <param name="State">Held, missing or not checked.</param>
/// <param name="Remedy">How to grant it, when missing.</param>
public sealed record RightCheck(Bilingual Right, RightState State, Bilingual? Remedy = null);

/// <summary>The answer of a connection test.</summary>
/// <param name="Reached">The system was reached, identified and accepted our credentials.</param>
public sealed record ConnectionReport(bool Reached)
{
    /// <summary>Why not, when not reached.</summary>
    public Failure? Failure { get; init; }

    /// <summary>The server as it names itself, with version where it says so.</summary>
    public string? Server { get; init; }

    /// <summary>Every right needed.</summary>
    public IReadOnlyList<RightCheck> Rights { get; init; } = [];

    /// <summary>
    /// Values found that the administrator may accept into the settings, by setting name (an SSH host key to pin). Never a secret.
    /// </summary>
    public IReadOnlyDictionary<string, string> Proposed { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Reached and no right missing.</summary>
    public bool Ready => Reached && !Rights.Any(right => right.State == RightState.Missing);
}
