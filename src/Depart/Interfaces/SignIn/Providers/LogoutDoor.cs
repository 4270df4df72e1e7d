using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.RateLimiting;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Depart.Interfaces.SignIn.Providers;

/// <summary>Hears from a provider that somebody's session is over (OpenID Connect Back-Channel Logout 1.0). Anybody may knock; only what the provider signed for us is heard, once.</summary>
internal sealed class LogoutDoor(ProviderConnections connections, Dispatcher dispatcher, TimeProvider clock, ILogger<LogoutDoor> log) : IDisposable
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";
    private const int LongestBody = 64 * 1024;

    /// <summary>Clocks differ.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>A token that claims to be good for longer is not: what was heard is remembered until then.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromMinutes(15);

    private static readonly JsonWebTokenHandler Tokens = new() { MapInboundClaims = false };

    /// <summary>What is refused counts, by address: a provider that signs out a thousand people at once is not held up.</summary>
    private readonly PartitionedRateLimiter<string> refusals = PartitionedRateLimiter.Create<string, string>(
        place => RateLimitPartition.GetTokenBucketLimiter(place, _ => new() { TokenLimit = 20, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(15), QueueLimit = 0 }));

    public void Dispose() => refusals.Dispose();

    /// <summary>Answers 200 when the sessions are over, 400 when the token is not good, 429 to whoever sent many that were not.</summary>
    public async Task<IResult> HearAsync(HttpContext http, string key)
    {
        http.Response.Headers.CacheControl = "no-store";
        var place = Source.PlaceOf(http);
        if (refusals.GetStatistics(place)?.CurrentAvailablePermits is 0)
        {
            return Results.Json(new Error("temporarily_unavailable"), statusCode: StatusCodes.Status429TooManyRequests);
        }

        var why = await WrongAsync(http, key);
        if (why is null)
        {
            return Results.Ok();
        }

        refusals.AttemptAcquire(place).Dispose();
        ProviderLog.LogoutRefused(log, key, why);
        return Results.Json(new Error("invalid_request"), statusCode: StatusCodes.Status400BadRequest);
    }

    private async Task<string?> WrongAsync(HttpContext http, string key)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LongestBody;
        }

        if (!http.Request.HasFormContentType || http.Request.ContentLength > LongestBody)
        {
            return "no form";
        }

        if (await http.RequestServices.GetRequiredService<ProviderDoor>().EnabledAsync(key, http.RequestAborted) is not { } provider)
        {
            return "no such provider";
        }

        string? text;
        try
        {
            text = (await http.Request.ReadFormAsync(http.RequestAborted))["logout_token"];
        }
        catch (Exception error) when (error is InvalidDataException or BadHttpRequestException)
        {
            return "no readable form";
        }

        var (said, why) = await ReadAsync(provider, text, http.RequestAborted);
        if (said is null)
        {
            return why;
        }

        var ended = await dispatcher.SendAsync(new EndByProvider(provider.Key, said.Subject, said.Session, said.Token), Actor.Engine, http.RequestAborted);
        return ended.Ok ? null : "heard before";
    }

    private async Task<(Said? Said, string Why)> ReadAsync(IdentityProvider provider, string? text, CancellationToken cancellation)
    {
        if (text is not { Length: > 0 } || await connections.DescriptionAsync(provider, cancellation) is not { } description)
        {
            return (null, text is { Length: > 0 } ? "the provider does not answer" : "no token");
        }

        var rules = new TokenValidationParameters
        {
            ValidIssuer = description.Issuer, ValidAudience = provider.ClientId, IssuerSigningKeys = description.SigningKeys, ValidAlgorithms = ProviderConnections.Algorithms,
            RequireSignedTokens = true, RequireExpirationTime = true, ValidateIssuerSigningKey = true,

            // Looked at below, by our own clock.
            ValidateLifetime = false,
        };
        var read = await Tokens.ValidateTokenAsync(text, rules);
        if (read.Exception is SecurityTokenSignatureKeyNotFoundException && await connections.DescriptionAsync(provider, cancellation, anew: true) is { } renewed)
        {
            // The provider may have changed its keys since.
            rules.IssuerSigningKeys = renewed.SigningKeys;
            read = await Tokens.ValidateTokenAsync(text, rules);
        }

        if (!read.IsValid || read.SecurityToken is not JsonWebToken token)
        {
            return (null, read.Exception?.GetType().Name ?? "not valid");
        }

        using var content = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        var (claims, now) = (content.RootElement, clock.GetUtcNow());
        var said = new Said(Text(claims, "sub"), Text(claims, "sid"), Text(claims, "jti") ?? "");

        // An ID token or an access token is none, whatever else is in it.
        var why = token.Typ is { Length: > 0 } typ && !typ.Equals("logout+jwt", StringComparison.OrdinalIgnoreCase) && !typ.Equals("JWT", StringComparison.OrdinalIgnoreCase) ? "typ"
            : Instant(claims, "iat") is not { } iat || iat > now + Skew || iat < now - Oldest ? "iat"
            : Instant(claims, "exp") is not { } exp || exp < now - Skew ? "exp"
            : !claims.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Object
                || !events.TryGetProperty(Event, out var ended) || ended.ValueKind != JsonValueKind.Object ? "events"
            : claims.TryGetProperty("nonce", out _) ? "nonce"
            : said is { Subject: null, Session: null } ? "neither sub nor sid"
            : said.Token.Length == 0 ? "jti"
            : null;
        return why is null ? (said, "") : (null, why);
    }

    private static string? Text(JsonElement claims, string claim) => claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static DateTimeOffset? Instant(JsonElement claims, string claim) =>
        claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>Whose sessions are over.</summary>
    private sealed record Said(string? Subject, string? Session, string Token);

    /// <summary>As the standard wants it said.</summary>
    private sealed record Error([property: System.Text.Json.Serialization.JsonPropertyName("error")] string Code);
}

/// <summary>Ends what a provider says is over: the sessions of one of its sessions, or of one of its users. A token heard before is refused.</summary>
internal sealed record EndByProvider(string Provider, string? Subject, string? Session, string Token) : ICommand<int>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<EndByProvider, int>
    {
        public async Task<Outcome<int>> HandleAsync(EndByProvider command, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            await db.Set<HeardLogout>().Where(heard => heard.Until < now).ExecuteDeleteAsync(cancellation);
            var token = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(command.Token)));
            if (await db.FindAsync<HeardLogout>([command.Provider, token], cancellation) is not null)
            {
                return ProviderText.Failed;
            }

            // As long as it could be shown again: its iat bounds it too.
            db.Add(new HeardLogout { Provider = command.Provider, Token = token, Until = now + TimeSpan.FromMinutes(20) });
            return await ProvidedEnds.EndAsync(db, journal, command.Provider, command.Subject, command.Session, now, cancellation);
        }
    }
}

/// <summary>The one way to shut somebody out whom a provider no longer lets in: for back-channel logout, refused refresh tokens, and whatever else learns of it.</summary>
internal static class ProvidedEnds
{
    /// <summary>Ends the sessions and journals whose they were; gives how many.</summary>
    public static async Task<int> EndAsync(DepartDb db, IJournal journal, string provider, string? subject, string? session, DateTimeOffset now, CancellationToken cancellation)
    {
        var ended = await BrowserSession.EndProvidedAsync(db, provider, subject, session, now, cancellation);
        foreach (var one in ended)
        {
            await NoteAsync(db, journal, one, cancellation);
        }

        return ended.Count;
    }

    /// <summary>Journals that a provider ended a session.</summary>
    public static async Task NoteAsync(DepartDb db, IJournal journal, BrowserSession session, CancellationToken cancellation)
    {
        if (await db.FindAsync<User>([session.User], cancellation) is { } user)
        {
            journal.Record(UserFacts.Of(user, "user.ended-by-provider", ("provider", session.Provider), ("session", session.Id)));
        }
    }
}
