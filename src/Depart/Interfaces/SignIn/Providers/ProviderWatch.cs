using System.Net;
using System.Text.Json;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn.Providers;

/// <summary>
/// Asks providers, with the refresh tokens that they gave, whether sessions in use still hold. A provider that refuses ends the session; one that does not answer leaves it, and says nothing: that is
/// told to whoever looks after it.
/// </summary>
internal sealed class ProviderWatch(Dispatcher dispatcher, ProviderConnections connections, IServiceScopeFactory scopes, IDataProtectionProvider protection, TimeProvider clock, ILogger<ProviderWatch> log) : BackgroundService
{
    /// <summary>How often a session in use is asked about.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private const int AtOnce = 4;

    /// <summary>Asks about all sessions that are due; gives how many.</summary>
    public async Task<int> LookAsync(CancellationToken cancellation)
    {
        var due = await dispatcher.SendAsync(new TakeSessionsToAsk(), Actor.Engine, cancellation);
        await Parallel.ForEachAsync(due.Value ?? [], new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (session, stop) =>
            await dispatcher.SendAsync(new NoteProvidersWord(session.Session, session.Provider, await AskAsync(session, stop)), Actor.Engine, stop));
        return due.Value?.Count ?? 0;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await LookAsync(stoppingToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // The database is away: sessions are looked at again in a minute.
                    ProviderLog.NotWatched(log, error);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task<ProvidersWord> AskAsync(SessionToAsk session, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateEngineScope();
        if (await scope.ServiceProvider.GetRequiredService<ProviderDoor>().EnabledAsync(session.Provider, cancellation) is not { } provider)
        {
            return new(Holds: false);
        }

        if (await connections.DescriptionAsync(provider, cancellation) is not { TokenEndpoint: { Length: > 0 } endpoint })
        {
            return new(Holds: null) { Trouble = "discovery" };
        }

        try
        {
            var tokens = protection.CreateProtector(IdentityProvider.TokenPurpose);
            using var answer = await connections.RefreshAsync(provider, endpoint, tokens.Unprotect(session.ProtectedRefreshToken), cancellation);
            using var content = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            var said = content.RootElement.ValueKind == JsonValueKind.Object && content.RootElement.TryGetProperty(answer.IsSuccessStatusCode ? "refresh_token" : "error", out var value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            return answer.IsSuccessStatusCode ? new(Holds: true) { ProtectedRefreshToken = said is null ? null : tokens.Protect(said) }
                : answer.StatusCode == HttpStatusCode.BadRequest && said == "invalid_grant" ? new(Holds: false)

                // Our own secret may be wrong, or the provider be ill: that says nothing of the user.
                : new(Holds: null) { Trouble = $"{(int)answer.StatusCode} {(said is { Length: <= 100 } ? said : "")}".Trim() };
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or InvalidOperationException or System.Security.Cryptography.CryptographicException
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new(Holds: null) { Trouble = error is HttpRequestException http ? http.HttpRequestError.ToString() : error is OperationCanceledException ? "no answer" : error.GetType().Name };
        }
    }
}

/// <summary>A session about which its provider is to be asked.</summary>
internal sealed record SessionToAsk(Guid Session, string Provider, string ProtectedRefreshToken);

/// <summary>What a provider said of a session: it holds, it does not, or (null) nobody knows.</summary>
internal sealed record ProvidersWord(bool? Holds)
{
    /// <summary>The token that replaces the one used, encrypted, or null.</summary>
    public string? ProtectedRefreshToken { get; init; }

    /// <summary>Why nobody knows.</summary>
    public string? Trouble { get; init; }
}

/// <summary>Takes the sessions in use about which a provider is to be asked: no other node asks too, since a token that is shown twice may be taken for stolen.</summary>
internal sealed record TakeSessionsToAsk : ICommand<IReadOnlyList<SessionToAsk>>
{
    private const int AtMost = 200;

    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, TimeProvider clock) : IHandler<TakeSessionsToAsk, IReadOnlyList<SessionToAsk>>
    {
        public async Task<Outcome<IReadOnlyList<SessionToAsk>>> HandleAsync(TakeSessionsToAsk command, CancellationToken cancellation)
        {
            // One that nobody uses is left alone: asking would keep it alive there. Once used again it is due within two minutes.
            var now = clock.GetUtcNow();
            var (due, used) = (now - ProviderWatch.Every, now - (InPassing.Coarse * 2));
            var sessions = await db.Set<BrowserSession>()
                .Where(session => session.EndedAt == null && session.ProtectedRefreshToken != null && session.LastSeenAt > used && session.ProviderAskedAt <= due)
                .OrderBy(session => session.ProviderAskedAt).Take(AtMost).ToListAsync(cancellation);
            sessions.ForEach(session => session.Asked(now));
            return sessions.ConvertAll(session => new SessionToAsk(session.Id, session.Provider!, session.ProtectedRefreshToken!));
        }
    }
}

/// <summary>Writes down what a provider said of a session: refused, it is over; not known, it goes on, and the provider's page says since when.</summary>
internal sealed record NoteProvidersWord(Guid Session, string Provider, ProvidersWord Word) : ICommand<Done>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<NoteProvidersWord, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(NoteProvidersWord command, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            if (await db.FindAsync<BrowserSession>([command.Session], cancellation) is { EndedAt: null } session)
            {
                if (command.Word.Holds == false)
                {
                    session.End(SessionEnd.ByProvider, now);
                    await ProvidedEnds.NoteAsync(db, journal, session, cancellation);
                }
                else if (command.Word is { Holds: true, ProtectedRefreshToken: { } token })
                {
                    session.Provided(new(session.Provider!, session.ProviderSubject!, null) { ProtectedRefreshToken = token }, now);
                }
            }

            // Beside the version: whoever changes the provider meanwhile is not told that somebody else did.
            var providers = db.Set<IdentityProvider>().Where(provider => provider.Key == command.Provider);
            if (command.Word.Holds is null)
            {
                await providers.Where(provider => provider.TroubleSince == null).ExecuteUpdateAsync(set => set.SetProperty(provider => provider.TroubleSince, now), cancellation);
                await providers.ExecuteUpdateAsync(set => set.SetProperty(provider => provider.Trouble, command.Word.Trouble), cancellation);
            }
            else
            {
                await providers.Where(provider => provider.TroubleSince != null)
                    .ExecuteUpdateAsync(set => set.SetProperty(provider => provider.TroubleSince, (DateTimeOffset?)null).SetProperty(provider => provider.Trouble, (string?)null), cancellation);
            }

            return Done.Value;
        }
    }
}
