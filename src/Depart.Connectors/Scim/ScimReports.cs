using System.Net;

namespace Depart.Connectors.Scim;

/// <summary>What is known after a call that changes something.</summary>
internal static class ScimReports
{
    /// <summary>An answer as the word of the contract, after what was said before.</summary>
    public static ActionReport Report(ScimAnswer answer, IReadOnlyList<Change> changes, IReadOnlyList<Exchange> said) => answer switch
    {
        { Failure: null, Status: HttpStatusCode.NotFound } => new(CallOutcome.AlreadySo) { Exchanges = [.. said, answer.Exchange] },
        { Failure: null } => new(CallOutcome.Done) { Changes = changes, Exchanges = [.. said, answer.Exchange] },
        { Failure.Kind: FailureKind.TimedOut or FailureKind.Garbage or FailureKind.SystemError } =>
            ActionReport.Failed(CallOutcome.Unknown, answer.Failure) with { Exchanges = [.. said, answer.Exchange] },
        { Failure.Kind: FailureKind.Unreachable or FailureKind.IdentityRefused or FailureKind.Throttled or FailureKind.SignInRefused } =>
            ActionReport.Failed(CallOutcome.NotAttempted, answer.Failure) with { Exchanges = [.. said, answer.Exchange] },
        _ => ActionReport.Failed(CallOutcome.Refused, answer.Failure) with { Exchanges = [.. said, answer.Exchange] },
    };

    /// <summary>The failure, with the group that it is about.</summary>
    public static Failure Naming(string group, Failure failure) => failure with
    {
        What = new($"Group {group}: {failure.What.En}", $"Groupe {group} : {failure.What.Fr}"),
    };
}
