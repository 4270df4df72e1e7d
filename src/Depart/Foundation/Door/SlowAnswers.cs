using System.Collections.Concurrent;

namespace Depart.Foundation.Door;

/// <summary>
/// A question over the whole record, whose answer may be some tens of seconds old in a large company: what took long to find is kept for a while, and found anew behind. In a small one every
/// answer is of now. Compared by value.
/// </summary>
internal interface IKeptWhenSlow;

/// <summary>Keeps the answers that took long, each for whoever it was given to.</summary>
internal sealed partial class SlowAnswers(TimeProvider clock, ILogger<SlowAnswers> log)
{
    /// <summary>What is found sooner is never kept.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(150);

    /// <summary>How old a kept answer may be before it is found anew behind.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    /// <summary>How old one may be at most; then it is waited for.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromMinutes(5);

    private const int Most = 500;

    private readonly ConcurrentDictionary<(object Query, object Reader), Entry> entries = new();
    private readonly ConcurrentDictionary<(object Query, object Reader), Lazy<object>> running = new();

    /// <summary>What was found a short while ago, or what is found now.</summary>
    public async Task<Outcome<T>> GetAsync<T>(object query, Actor actor, Func<CancellationToken, Task<Outcome<T>>> find, CancellationToken cancellation)
    {
        // What one may know depends on who one is: nothing is shared between two.
        var key = (query, (object)(actor.User, actor.Person, actor.Via, string.Join(' ', actor.Roles.Order()), string.Join('\n', actor.Within.Said)));
        if (!entries.TryGetValue(key, out var entry) || clock.GetElapsedTime(entry.At) > Oldest)
        {
            return await FindAsync(key, find, cancellation);
        }

        if (clock.GetElapsedTime(entry.At) > Fresh && Interlocked.CompareExchange(ref entry.Finding, 1, 0) == 0)
        {
            _ = Task.Run(() => AgainAsync(key, entry, find), CancellationToken.None);
        }

        return (Outcome<T>)entry.Answer;
    }

    /// <summary>Whoever asks the same while it is being found waits for that one: sixteen at once are not sixteen times the work. It goes on for the others when one of them leaves.</summary>
    private Task<Outcome<T>> FindAsync<T>((object, object) key, Func<CancellationToken, Task<Outcome<T>>> find, CancellationToken cancellation) =>
        ((Task<Outcome<T>>)running.GetOrAdd(key, _ => new Lazy<object>(() => Task.Run(() => FindAndKeepAsync(key, find)))).Value).WaitAsync(cancellation);

    private async Task<Outcome<T>> FindAndKeepAsync<T>((object, object) key, Func<CancellationToken, Task<Outcome<T>>> find)
    {
        try
        {
            var at = clock.GetTimestamp();
            var answer = await find(CancellationToken.None);
            if (!answer.Ok || clock.GetElapsedTime(at) < Slow)
            {
                entries.TryRemove(key, out _);
                return answer;
            }

            if (entries.Count >= Most)
            {
                entries.Clear();
            }

            entries[key] = new(at, answer);
            return answer;
        }
        finally
        {
            running.TryRemove(key, out _);
        }
    }

    private async Task AgainAsync<T>((object, object) key, Entry entry, Func<CancellationToken, Task<Outcome<T>>> find)
    {
        try
        {
            await FindAsync(key, find, CancellationToken.None);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whoever asks next tries again; when it is too old they see why.
            NotFoundAnew(error);
            Volatile.Write(ref entry.Finding, 0);
        }
    }

    [LoggerMessage(LogLevel.Warning, "An answer could not be found anew")]
    private partial void NotFoundAnew(Exception error);

    private sealed class Entry(long at, object answer)
    {
        public int Finding;

        public long At { get; } = at;

        public object Answer { get; } = answer;
    }
}
