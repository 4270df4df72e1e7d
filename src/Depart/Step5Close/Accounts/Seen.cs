using System.Text.Json;
using Depart.Connectors;
using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Step5Close.Accounts;

/// <summary>What one attempt at one step saw; in memory until it is recorded.</summary>
internal sealed record Seen(RevocationId Step, CallOutcome Outcome, DateTimeOffset At, Failure? Failure = null, Words? Why = null)
{
    public AccountReading? Reading { get; init; }

    public ActionReport? Report { get; init; }

    public Verification? Verification { get; init; }

    /// <summary>What was seen, as it is kept: written where it was seen, so that recording many takes no longer than it must.</summary>
    public string? Kept => kept ??= Report is { } report ? JsonSerializer.Serialize(report, ApiJson.Options)
        : Verification is { } verification ? JsonSerializer.Serialize(verification, ApiJson.Options) : null;

    private string? kept;

    /// <summary>Nothing was asked to change, since nobody takes over: what stays with the account was looked at.</summary>
    public bool OnlyLooked { get; init; }

    /// <summary>Waiting changes nothing: what would have closed the account was refused.</summary>
    public bool Final { get; init; }

    /// <summary>Ended as it should.</summary>
    public bool IsWell => Outcome is CallOutcome.Done or CallOutcome.AlreadySo;

    /// <summary>The state that its step ends in.</summary>
    public RevocationState Ends => this switch
    {
        { Outcome: CallOutcome.AlreadySo } => RevocationState.AlreadySo,
        { IsWell: true } => RevocationState.Done,
        { OnlyLooked: true, Outcome: not CallOutcome.Unknown } => RevocationState.Skipped,
        _ => RevocationState.Failed,
    };

    /// <summary>Trying again, without a person, may change the answer. A verification that finds the account open may be early: some systems lag.</summary>
    public bool MayChange => !IsWell && !Final && (Outcome == CallOutcome.Unknown || Verification is not null || Failure is { IsTransient: true });
}

/// <summary>What one work item saw: the steps of one account, in the order in which they were tried.</summary>
internal sealed record AccountSeen(IReadOnlyList<Seen> Steps)
{
    /// <summary>The plan had been called off before it began.</summary>
    public bool CalledOff { get; init; }

    /// <summary>The same for the journal.</summary>
    public string Told { get; } = RevocationFacts.Told(Steps);
}
