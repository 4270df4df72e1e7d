using System.Threading.Channels;
using Depart.Foundation.Door;

namespace Depart.Foundation.Engine;

/// <summary>An outcome on its way to the database; <paramref name="Recorded"/> is told once it is there (true) or given up.</summary>
internal sealed record PostedOutcome(string Queue, long Epoch, Attempted Attempted, Action<bool> Recorded);

/// <summary>
/// Writes the outcomes of every queue of this node, in groups: one transaction for up to 500. What cannot be recorded is left to be run again:
/// every act is idempotent and reads before it writes.
/// </summary>
internal sealed partial class OutcomeWriter(IServiceScopeFactory scopes, string node, ILogger log)
{
    private const int Group = 500;
    private const int Tries = 6;

    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(25);

    private readonly Channel<PostedOutcome> posted = Channel.CreateUnbounded<PostedOutcome>(new() { SingleReader = true });

    private int posting;

    /// <summary>Takes an outcome; never blocks.</summary>
    public void Post(PostedOutcome outcome)
    {
        Interlocked.Increment(ref posting);
        posted.Writer.TryWrite(outcome);
    }

    /// <summary>Writes until the token falls.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            var group = new List<PostedOutcome>();
            var busy = false;
            while (await posted.Reader.WaitToReadAsync(cancellation))
            {
                // What came while the last group was written makes the next one. When that was much, more is on its way: a moment's wait makes fewer, larger groups.
                if (busy && Volatile.Read(ref posting) < Group)
                {
                    await Task.Delay(Linger, TimeProvider.System, cancellation);
                }

                while (group.Count < Group && posted.Reader.TryRead(out var outcome))
                {
                    group.Add(outcome);
                }

                Interlocked.Add(ref posting, -group.Count);
                await WriteAsync(group, cancellation);
                busy = group.Count > 2;
                group.Clear();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: what is not recorded runs again at the next start.
        }
    }

    private async Task WriteAsync(List<PostedOutcome> group, CancellationToken cancellation)
    {
        if (await TryAsync(group, cancellation))
        {
            group.ForEach(outcome => outcome.Recorded(true));
            return;
        }

        // One of them cannot be recorded: the others are, one by one.
        foreach (var outcome in group)
        {
            outcome.Recorded(group.Count > 1 && await TryAsync([outcome], cancellation));
        }
    }

    private async Task<bool> TryAsync(List<PostedOutcome> group, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= Tries; attempt++)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var recorded = await scope.ServiceProvider.GetRequiredService<Dispatcher>().SendAsync(new RecordOutcomes(node, group), Actor.Engine, cancellation);
                if (recorded.Ok)
                {
                    return true;
                }

                // A person changed the same rows meanwhile: the outcome is applied to what stands now.
                NotRecorded(group.Count, recorded.Problem.Code);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                RecordFailed(error, group.Count);
            }

            // A moment for the database, not an instant of the business: the clock that a test moves has no say.
            await Task.Delay(TimeSpan.FromMilliseconds(20 << attempt), TimeProvider.System, cancellation);
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} outcomes were not recorded ({Code}); they are tried again.")]
    private partial void NotRecorded(int count, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} outcomes could not be recorded; they are tried again.")]
    private partial void RecordFailed(Exception error, int count);
}
