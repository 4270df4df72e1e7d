using System.Collections.Concurrent;

namespace Depart.Connectors.Ldap;

/// <summary>
/// Reads entries by identifier. Calls that arrive while a search is under way share the next one: a thousand accounts closed at once are read
/// in some tens of searches, and a lonely call waits for nobody.
/// </summary>
/// <param name="failures">How failures are said.</param>
/// <param name="read">Reads the entries of some identifiers; those that do not exist are left out.</param>
internal sealed class LdapLookups(LdapFailures failures, Func<IReadOnlyList<Guid>, CancellationToken, Task<IReadOnlyDictionary<Guid, LdapEntry>>> read)
{
    /// <summary>Identifiers in one search.</summary>
    public const int Together = 100;

    private const int MostSearches = 2;

    private readonly ConcurrentQueue<Asked> queue = new();
    private int searches;

    /// <summary>The entry now, or null when there is none.</summary>
    /// <exception cref="LdapCallException">Not known.</exception>
    public async Task<LdapEntry?> FindAsync(Guid id, CancellationToken cancellation)
    {
        var mine = new Asked(id);
        queue.Enqueue(mine);
        Start();
        try
        {
            return await mine.Answer.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException ended)
        {
            throw new LdapCallException(failures.Cancelled(), sent: false, ended);
        }
    }

    private void Start()
    {
        if (Interlocked.Increment(ref searches) <= MostSearches)
        {
            _ = DrainAsync();
        }
        else
        {
            Interlocked.Decrement(ref searches);
        }
    }

    private async Task DrainAsync()
    {
        while (Take() is { Count: > 0 } batch)
        {
            try
            {
                var found = await read([.. batch.Select(one => one.Id).Distinct()], CancellationToken.None);
                foreach (var one in batch)
                {
                    one.Answer.TrySetResult(found.GetValueOrDefault(one.Id));
                }
            }
            catch (LdapCallException error)
            {
                foreach (var one in batch)
                {
                    one.Answer.TrySetException(new LdapCallException(error.Failure, sent: false, error));
                }
            }
            catch (Exception error) when (error is ObjectDisposedException or FormatException)
            {
                foreach (var one in batch)
                {
                    one.Answer.TrySetException(error);
                }
            }
        }

        Interlocked.Decrement(ref searches);
        if (!queue.IsEmpty)
        {
            // Somebody came between the last look and the end.
            Start();
        }
    }

    private List<Asked> Take()
    {
        var batch = new List<Asked>();
        while (batch.Count < Together && queue.TryDequeue(out var one))
        {
            batch.Add(one);
        }

        return batch;
    }

    private sealed record Asked(Guid Id)
    {
        public TaskCompletionSource<LdapEntry?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
