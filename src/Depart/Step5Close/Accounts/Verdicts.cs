using Depart.Connectors;

namespace Depart.Step5Close.Accounts;

/// <summary>The verdict shown per account: the outcome words of the revocation catalogue.</summary>
public enum Verdict
{
    /// <summary>Not all steps have ended.</summary>
    Pending,

    /// <summary>The system says that there is no such account.</summary>
    NotFound,

    /// <summary>It was closed before we came, and is proved closed.</summary>
    AlreadyGone,

    /// <summary>Closed, and proved.</summary>
    GoneVerified,

    /// <summary>Closed and proved, but something issued before still lives until a known instant.</summary>
    GoneResidual,

    /// <summary>The system accepted; nobody read it back.</summary>
    AcceptedUnverified,

    /// <summary>A person says so, with proof. Never shown as verified.</summary>
    Attested,

    /// <summary>The system refused.</summary>
    Refused,

    /// <summary>Not closed, or not completely.</summary>
    Failed,

    /// <summary>Not known: must be read, never assumed.</summary>
    Unknown,
}

/// <summary>One step, as far as a verdict needs it.</summary>
internal readonly record struct StepFacts(
    string Action, RevocationState State, CallOutcome? Outcome, AccountState? StateRead, ProofLevel? Proof, DateTimeOffset? ResidualUntil);

/// <summary>Computes verdicts; the only place that does.</summary>
internal static class Verdicts
{
    /// <summary>The verdict of one account from its steps.</summary>
    public static Verdict Of(IReadOnlyList<StepFacts> steps, DateTimeOffset now)
    {
        if (steps.Any(step => step.State is RevocationState.Waiting or RevocationState.Running or RevocationState.ToDoByHand))
        {
            return Verdict.Pending;
        }

        var verify = steps.FirstOrDefault(step => step.Action == OrderResolver.Verify);
        var actions = steps.Where(step => step.Action is not (OrderResolver.Verify or OrderResolver.Snapshot)).ToList();
        if (verify.StateRead == AccountState.Enabled)
        {
            return Verdict.Failed;
        }

        // What is not done wins over what was read: a closed account whose keys are still there is not finished.
        foreach (var step in steps.Where(step => step.State is RevocationState.Failed or RevocationState.Blocked))
        {
            return step.Outcome switch
            {
                CallOutcome.Refused => Verdict.Refused,
                CallOutcome.Unknown => Verdict.Unknown,
                _ when step.Action is OrderResolver.Verify or OrderResolver.Snapshot => Verdict.Unknown,
                _ => Verdict.Failed,
            };
        }

        if (verify.State is RevocationState.Done or RevocationState.AlreadySo)
        {
            return (verify.StateRead, verify.Proof) switch
            {
                (AccountState.Absent, _) => actions.Any(step => step.Outcome == CallOutcome.Done) ? Verdict.GoneVerified : Verdict.NotFound,
                (AccountState.Disabled, > ProofLevel.Accepted) when verify.ResidualUntil > now => Verdict.GoneResidual,
                (AccountState.Disabled, > ProofLevel.Accepted) => actions.Count > 0 && actions.All(step => step.State == RevocationState.AlreadySo)
                    ? Verdict.AlreadyGone
                    : Verdict.GoneVerified,
                (AccountState.Disabled, _) => Verdict.AcceptedUnverified,
                _ => Verdict.Unknown,
            };
        }

        return verify.State == RevocationState.ByHand || actions.Any(step => step.State == RevocationState.ByHand)
            ? Verdict.Attested
            : actions.Any(step => step.State is RevocationState.Done or RevocationState.AlreadySo) ? Verdict.AcceptedUnverified : Verdict.Unknown;
    }

    /// <summary>Whether the account counts as cut: proved, attested, or accepted by name.</summary>
    public static bool IsCut(Verdict verdict) => verdict is Verdict.NotFound or Verdict.AlreadyGone or Verdict.GoneVerified
        or Verdict.GoneResidual or Verdict.AcceptedUnverified or Verdict.Attested;
}
