using System.Collections.Concurrent;

namespace Depart.Connectors.Ldap;

/// <summary>
/// Looks up one thing at a time. Calls that arrive while a search is under way share the next one: a thousand accounts closed at once are read
/// in some tens of searches, and a lonely call waits for nobody.
/// </summary>
/// <typeparam name="TKey">What is asked for.</typeparam>
/// <typeparam name="TAnswer">What is known of it.</typeparam>
/// <param name="failures">How failures are said.</param>
/// <param name="read">Looks up several; what does not exist is left out.</param>
internal sealed class LdapLookups<TKey, TAnswer>(LdapFailures failures, Func<IReadOnlyList<TKey>, CancellationToken, Task<IReadOnlyDictionary<TKey, TAnswer>>> read)
    where TKey : notnull
    where TAnswer : class
{
    private const int MostSearches = 2;

    private readonly ConcurrentQueue<Asked> queue = new();
    private int searches;

    /// <summary>What is known now, or null when there is nothing.</summary>
    /// <exception cref="LdapCallException">Not known.</exception>
    public async Task<TAnswer?> FindAsync(TKey key, CancellationToken cancellation)
    {
        var mine = new Asked(key);
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
        int now;
        do
        {
            now = Volatile.Read(ref searches);
            if (now >= MostSearches)
            {
                // Whoever searches looks again after it has stopped counting.
                return;
            }
        }
        while (Interlocked.CompareExchange(ref searches, now + 1, now) != now);
        _ = DrainAsync();
    }

    private async Task DrainAsync()
    {
        while (Take() is { Count: > 0 } batch)
        {
            try
            {
                var found = await read([.. batch.Select(one => one.Key).Distinct()], CancellationToken.None);
                foreach (var one in batch)
                {
                    one.Answer.TrySetResult(found.GetValueOrDefault(one.Key));
                }
            }
            catch (LdapCallException error)
            {
                foreach (var one in batch)
                {
                    one.Answer.TrySetException(new LdapCallException(error.Failure, sent: false, error));
                }
            }
            catch (Exception error)
            {
                // Whatever it was: nobody may wait for ever.
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
        while (batch.Count < LdapSearch.Together && queue.TryDequeue(out var one))
        {
            batch.Add(one);
        }

        return batch;
    }

    private sealed record Asked(TKey Key)
    {
        public TaskCompletionSource<TAnswer?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
