using Depart.Connectors;
using Depart.Foundation;

namespace Depart.Step5Close.Accounts;

/// <summary>Asks one system what it would do, as long as somebody who looks at a page waits; the same for a disconnection and for an undo.</summary>
internal sealed class Rehearsal : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly Words TooSlow = new("It did not answer within {0} seconds.", "Il n’a pas répondu en {0} secondes.");

    private readonly CancellationToken cancellation;
    private readonly CancellationTokenSource patience;

    /// <summary>Patience begins now; it is for all that is asked of the system.</summary>
    public Rehearsal(CancellationToken cancellation)
    {
        this.cancellation = cancellation;
        patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
    }

    /// <summary>Gives the answer, or what is known without one, with the reason.</summary>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, Func<CallOutcome, Words, T> unanswered)
    {
        try
        {
            return await ask(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return unanswered(CallOutcome.Unknown, TooSlow.With(Patience.TotalSeconds));
        }
        catch (InvalidOperationException unusable)
        {
            // Its settings cannot be used any more.
            return unanswered(CallOutcome.NotAttempted, Words.Same(unusable.Message));
        }
    }

    public void Dispose() => patience.Dispose();
}
