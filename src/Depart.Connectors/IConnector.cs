namespace Depart.Connectors;

/// <summary>
/// One connected system: seven verbs over one set of settings. An implementation is a public sealed class that carries
/// <see cref="ConnectorAttribute"/> and has one constructor <c>(XSettings settings, ConnectorContext context)</c>.
/// </summary>
/// <remarks>
/// <para>Safe for concurrent calls (the caller bounds how many). Holds connections, never the state of an account:
/// every answer comes from the system, now. The key of an account is the system's own immutable identifier
/// (entryUUID, objectGUID, SCIM id, uid number, role oid), never its name.</para>
/// <para>Absence is a state and not an error. After a time-out the answer is <c>Unknown</c>: the caller reads before it retries.
/// No secret appears in a message, a change or an exchange.</para>
/// </remarks>
public interface IConnector : IAsyncDisposable
{
    /// <summary>Every action the connector can perform on an account, with its order constraints. Constant for one instance.</summary>
    IReadOnlyList<ActionDescriptor> Actions { get; }

    /// <summary>Constraints towards other kinds of system (Active Directory before the cloud directory it feeds). Often empty.</summary>
    IReadOnlyList<SystemOrder> Orders => [];

    /// <summary>
    /// Whether each request enters <see cref="ConnectorContext.Calls"/> by itself. Otherwise one call of a verb counts as one, and its caller bounds how many there
    /// are. A connector that counts may be called for many accounts at once: what they ask for can then be put together while it waits for its turn.
    /// </summary>
    bool CountsRequests => false;

    /// <summary>Reaches the system, checks identity (certificate, host key) and names every right that is held or missing. Never writes.</summary>
    Task<ConnectionReport> TestAsync(CancellationToken cancellation);

    /// <summary>Streams every account of the system in bounded memory (discovery, ACC2).</summary>
    /// <exception cref="ConnectorException">The system could not be read to its end: what was streamed so far is incomplete.</exception>
    IAsyncEnumerable<AccountRecord> EnumerateAsync(CancellationToken cancellation);

    /// <summary>Finds the accounts that may be a person's, homonyms included: the caller decides, never the connector.</summary>
    /// <exception cref="ConnectorException">The system could not answer: nothing is known.</exception>
    Task<IReadOnlyList<AccountRecord>> FindAsync(PersonHints person, CancellationToken cancellation);

    /// <summary>
    /// Reads accounts, in the order asked, in as few round trips as the system allows. Never throws for a failing system:
    /// such an account is <see cref="AccountState.Unknown"/> with the failure.
    /// </summary>
    /// <param name="accounts">Immutable identifiers.</param>
    /// <param name="depth"><see cref="ReadDepth.Snapshot"/> also fills <see cref="AccountReading.Snapshot"/>.</param>
    /// <param name="cancellation">Ends the wait; what was not read is Unknown.</param>
    Task<IReadOnlyList<AccountReading>> ReadAsync(IReadOnlyList<string> accounts, ReadDepth depth, CancellationToken cancellation);

    /// <summary>
    /// Performs one action on one account, idempotently, and reads it back where the system allows. With
    /// <see cref="ActionCall.DryRun"/> it reads and never writes, and reports the changes that it would make.
    /// Never throws for a failing system.
    /// </summary>
    Task<ActionReport> ApplyAsync(ActionCall call, CancellationToken cancellation);

    /// <summary>
    /// Performs several actions of one account in their order, and stops behind the first that does not end well: gives a report for each that was tried, at
    /// least one. Never a dry run. As written here, one after the other; a connector whose system makes several changes in one request does better.
    /// </summary>
    async Task<IReadOnlyList<ActionReport>> ApplyAllAsync(IReadOnlyList<ActionCall> calls, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(calls);
        var reports = new List<ActionReport>(calls.Count);
        foreach (var call in calls)
        {
            reports.Add(await ApplyAsync(call, cancellation));
            if (!reports[^1].IsWell)
            {
                break;
            }
        }

        return reports;
    }

    /// <summary>
    /// Proves the cut: reads back by another path (V1) and, where the system has a sign-in, tries to sign in with a secret of the
    /// connector's own and is refused for the right reason (V2). A secret lost since (crash) is set anew and the test is done again;
    /// it never leaves the account more open than it found it. Never throws for a failing system.
    /// </summary>
    Task<Verification> VerifyAsync(VerificationCall call, CancellationToken cancellation);

    /// <summary>
    /// Gives back what the snapshot holds and names what cannot come back. With <see cref="UndoCall.DryRun"/> only names.
    /// Never throws for a failing system.
    /// </summary>
    Task<UndoReport> UndoAsync(UndoCall call, CancellationToken cancellation);
}

/// <summary>What a connector is given beside its settings.</summary>
/// <param name="Clock">The only source of time.</param>
/// <param name="Secrets">Where a sign-in test's secret lives for minutes, in memory, and nowhere else.</param>
public sealed record ConnectorContext(TimeProvider Clock, TransientSecrets Secrets)
{
    /// <summary>Requests at once and in a second, as the system is set; for connectors that count them (<see cref="IConnector.CountsRequests"/>). Without one they are not limited.</summary>
    public ICallTurns? Calls { get; init; }
}

/// <summary>The turns in which requests go to one system. Safe for concurrent calls.</summary>
public interface ICallTurns
{
    /// <summary>Waits for a request's turn; dispose what it gives when the answer is there.</summary>
    /// <param name="last">Lets every request go first that is not of this sort.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    Task<IDisposable> EnterAsync(bool last, CancellationToken cancellation);
}
