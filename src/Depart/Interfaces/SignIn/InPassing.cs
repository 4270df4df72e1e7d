using System.Collections.Concurrent;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// What is noted in passing and written down every minute, together: which sessions and tokens were used, at which accounts somebody guesses. No page and no call waits for it, and how long
/// one takes tells nothing of it. What is used again within five minutes is left out.
/// </summary>
internal sealed partial class InPassing(Dispatcher dispatcher, TimeProvider clock, ILogger<InPassing> log) : BackgroundService
{
    /// <summary>As exact as it is known.</summary>
    public static readonly TimeSpan Coarse = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, bool> sessions = new();
    private readonly ConcurrentDictionary<Guid, bool> tokens = new();
    private readonly ConcurrentQueue<Guessing> guessings = new();

    /// <summary>A session was used; <paramref name="last"/> is what is known of it.</summary>
    public void SessionUsed(Guid id, DateTimeOffset last)
    {
        if (clock.GetUtcNow() - last >= Coarse)
        {
            sessions.TryAdd(id, true);
        }
    }

    /// <summary>A token was used; <paramref name="last"/> is what is known of it.</summary>
    public void TokenUsed(Guid id, DateTimeOffset? last)
    {
        if (last is null || clock.GetUtcNow() - last >= Coarse)
        {
            tokens.TryAdd(id, true);
        }
    }

    /// <summary>So many wrong passwords or codes came from one place, or from many, that it must wait.</summary>
    public void Guessed(UserId user, string address) => guessings.Enqueue(new(user, address));

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        var (used, called, guessed) = (Take(sessions), Take(tokens), new List<Guessing>());
        while (guessings.TryDequeue(out var one))
        {
            guessed.Add(one);
        }

        try
        {
            if (used.Length + called.Length > 0)
            {
                await dispatcher.SendAsync(new NoteSeen(used, called), Actor.Engine, cancellation);
            }

            if (guessed.Count > 0)
            {
                await dispatcher.SendAsync(new NoteGuessing(guessed), Actor.Engine, cancellation);
                guessed.Clear();
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // An instant in a list is noted again at the next use; the rest is tried again.
            guessed.ForEach(guessings.Enqueue);
            NotWritten(error);
        }
    }

    private static Guid[] Take(ConcurrentDictionary<Guid, bool> noted)
    {
        Guid[] taken = [.. noted.Keys];
        foreach (var id in taken)
        {
            noted.TryRemove(id, out _);
        }

        return taken;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was noted in passing (sessions and tokens used, wrong passwords) could not be written down.")]
    private partial void NotWritten(Exception error);
}

/// <summary>Writes down that sessions and tokens were used. Nothing that anybody decided: it is not journalled.</summary>
internal sealed record NoteSeen(IReadOnlyList<Guid> Sessions, IReadOnlyList<Guid> Tokens) : ICommand<Done>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, TimeProvider clock) : IHandler<NoteSeen, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(NoteSeen command, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            foreach (var some in command.Sessions.Chunk(500))
            {
                await db.Set<BrowserSession>().Where(session => some.Contains(session.Id)).ExecuteUpdateAsync(set => set.SetProperty(session => session.LastSeenAt, now), cancellation);
            }

            foreach (var some in command.Tokens.Chunk(500))
            {
                await db.Set<ApiToken>().Where(token => some.Contains(token.Id)).ExecuteUpdateAsync(set => set.SetProperty(token => token.LastUsedAt, now), cancellation);
            }

            return Done.Value;
        }
    }
}

/// <summary>Somebody guesses at a user's password or code.</summary>
/// <param name="User">Whose.</param>
/// <param name="Address">The network address of the attempt from which on it must wait.</param>
internal sealed record Guessing(UserId User, string Address);

/// <summary>Journals at whose password or code somebody guesses: once for each series of waits.</summary>
internal sealed record NoteGuessing(IReadOnlyList<Guessing> Guessings) : ICommand<Done>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal) : IHandler<NoteGuessing, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(NoteGuessing command, CancellationToken cancellation)
        {
            foreach (var guessing in command.Guessings)
            {
                if (await db.FindAsync<User>([guessing.User], cancellation) is { } user)
                {
                    var fact = UserFacts.Of(user, "user.guessed");
                    journal.Record(fact with { Personal = new Dictionary<string, string?>(fact.Personal, StringComparer.Ordinal) { ["address"] = guessing.Address } });
                }
            }

            return Done.Value;
        }
    }
}
