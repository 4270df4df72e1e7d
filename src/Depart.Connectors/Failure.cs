namespace Depart.Connectors;

/// <summary>Why a call did not go through.</summary>
public enum FailureKind
{
    /// <summary>No connection: name, port, network, server down. Nothing was attempted.</summary>
    Unreachable,

    /// <summary>No answer in time. What happened is not known.</summary>
    TimedOut,

    /// <summary>The certificate or host key is not the one trusted.</summary>
    IdentityRefused,

    /// <summary>Our own credentials were refused.</summary>
    SignInRefused,

    /// <summary>We are signed in but lack a right; the message names it.</summary>
    RightMissing,

    /// <summary>The system asks to slow down (429, busy).</summary>
    Throttled,

    /// <summary>The system failed by itself (5xx, operations error).</summary>
    SystemError,

    /// <summary>The answer could not be understood.</summary>
    Garbage,

    /// <summary>Somebody else changed the account meanwhile.</summary>
    Conflict,

    /// <summary>The request itself is not acceptable: missing parameter, unsupported action, last owner.</summary>
    Invalid,
}

/// <summary>A failure said so that a person knows what to do.</summary>
/// <param name="Kind">The family.</param>
/// <param name="What">What happened and why, naming system, host or right; no secret.</param>
/// <param name="Remedy">What to do, or null where nothing better than retrying is known.</param>
/// <param name="RetryAfter">How long the system asked us to wait.</param>
public sealed record Failure(FailureKind Kind, Bilingual What, Bilingual? Remedy = null, TimeSpan? RetryAfter = null)
{
    /// <summary>Whether trying again without a change by a person may succeed.</summary>
    public bool IsTransient => Kind is FailureKind.Unreachable or FailureKind.TimedOut or FailureKind.Throttled
        or FailureKind.SystemError or FailureKind.Conflict or FailureKind.Garbage;
}

/// <summary>Thrown by the verbs that return accounts (enumerate, find) when the system did not answer.</summary>
public sealed class ConnectorException : Exception
{
    /// <summary>Creates the exception for a failure.</summary>
    public ConnectorException(Failure failure, Exception? inner = null)
        : base(failure?.What.En, inner) => Failure = failure ?? throw new ArgumentNullException(nameof(failure));

    /// <summary>What happened, for people.</summary>
    public Failure Failure { get; }
}
