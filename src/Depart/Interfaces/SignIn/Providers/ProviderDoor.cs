using System.Globalization;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Depart.Interfaces.SignIn.Providers;

/// <summary>What somebody is sent to a provider for.</summary>
internal enum Errand
{
    /// <summary>To sign in.</summary>
    Enter,

    /// <summary>To prove again who they are; the provider must ask them anew.</summary>
    Prove,

    /// <summary>To tie their account to the provider's identity; the provider must ask them anew.</summary>
    Tie,
}

/// <summary>
/// Sends people to an identity provider and hears with what they come back. The framework's handler checks state, nonce, PKCE, signature, audience and lifetime; what the answer opens here is decided by
/// commands.
/// </summary>
internal sealed class ProviderDoor(DepartDb db, Dispatcher dispatcher, ProviderConnections connections, IDataProtectionProvider protection, TimeProvider clock, ILogger<ProviderDoor> log)
{
    private const string Does = "depart:does";
    private const string Whose = "depart:user";
    private const string Asked = "depart:asked";

    /// <summary>Clocks differ; and who proved it a moment before being asked has proved it.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    private static readonly object UserInfo = new();
    private static readonly object Provider = new();

    private ITimeLimitedDataProtector Tickets => protection.CreateProtector("depart.tie").ToTimeLimitedDataProtector();

    private IDataProtector Tokens => protection.CreateProtector(IdentityProvider.TokenPurpose);

    /// <summary>What the handler calls when it has checked an answer, or refused it.</summary>
    public static OpenIdConnectEvents Events() => new()
    {
        OnUserInformationReceived = context =>
        {
            context.HttpContext.Items[UserInfo] = context.User.RootElement.GetRawText();
            return Task.CompletedTask;
        },
        OnTicketReceived = context => context.HttpContext.RequestServices.GetRequiredService<ProviderDoor>().ReceiveAsync(context),
        OnAccessDenied = context =>
        {
            context.HandleResponse();
            context.Response.Redirect(Back(ErrandOf(context.Properties), context.Properties?.RedirectUri, ProviderText.Refused));
            return Task.CompletedTask;
        },
        OnRemoteFailure = context =>
        {
            context.HttpContext.RequestServices.GetRequiredService<ProviderDoor>().Note(context.Scheme.Name, context.Failure);
            context.HandleResponse();

            // What the provider itself refuses, it names; everything else did not fit.
            var refused = context.Properties is not null && context.Failure is OpenIdConnectProtocolException && context.Request.Query.ContainsKey("error");
            context.Response.Redirect(Back(ErrandOf(context.Properties), context.Properties?.RedirectUri, refused ? ProviderText.Refused : ProviderText.Failed));
            return Task.CompletedTask;
        },
    };

    /// <summary>Proves that a link to tie an account stands on a page of that very session: no other site can make it.</summary>
    public string TicketFor(Guid session) => Tickets.Protect(session.ToString("N"), TimeSpan.FromMinutes(10));

    /// <summary>Whether a ticket was made for that session, a moment ago.</summary>
    public bool IsTicketOf(Guid? session, string? ticket)
    {
        try
        {
            return session is { } own && ticket is { Length: > 0 } && Tickets.Unprotect(ticket) == own.ToString("N");
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Sends somebody to the provider.</summary>
    public async Task<IResult> BeginAsync(HttpContext http, string key, Errand errand, string? returnUrl)
    {
        var wanted = SignInForms.IsLocal(returnUrl) ? returnUrl! : "/";
        if (await EnabledAsync(key, http.RequestAborted) is not { } provider)
        {
            return Results.NotFound();
        }

        if (await connections.DescriptionAsync(provider, http.RequestAborted) is null)
        {
            return Results.Redirect(Back(errand, wanted, ProviderText.Unreachable));
        }

        var properties = new OpenIdConnectChallengeProperties { RedirectUri = wanted };
        properties.Items[Does] = errand.ToString();
        properties.Items[Asked] = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        if (errand != Errand.Enter)
        {
            (properties.Prompt, properties.MaxAge) = ("login", TimeSpan.Zero);
            properties.Items[Whose] = Actor.From(http.User).User?.ToString("N");
        }

        try
        {
            await (await connections.HandlerAsync(provider, http)).ChallengeAsync(properties);
            return Results.Empty;
        }
        catch (Exception error) when (error is InvalidOperationException or OpenIdConnectProtocolException or HttpRequestException or TaskCanceledException && !http.RequestAborted.IsCancellationRequested)
        {
            ProviderLog.Unreachable(log, key, error.Message);
            return Results.Redirect(Back(errand, wanted, ProviderText.Unreachable));
        }
    }

    /// <summary>Hears with what somebody comes back.</summary>
    public async Task<IResult> BackAsync(HttpContext http, string key)
    {
        if (await EnabledAsync(key, http.RequestAborted) is not { } provider)
        {
            return Results.NotFound();
        }

        // Keys of whoever calls itself otherwise are not asked about anybody.
        if (await connections.DescriptionAsync(provider, http.RequestAborted) is null)
        {
            return Results.Redirect(Back(Errand.Enter, null, ProviderText.Unreachable));
        }

        http.Items[Provider] = provider;
        http.Response.Headers.CacheControl = "no-store";
        return await (await connections.HandlerAsync(provider, http)).HandleRequestAsync() ? Results.Empty : Results.Redirect(Back(Errand.Enter, null, ProviderText.Failed));
    }

    /// <summary>Where the provider signs people out, with whom to sign out; null when it has no such place.</summary>
    public async Task<string?> SignOutAddressAsync(HttpContext http, string key, string? idToken)
    {
        if (await EnabledAsync(key, http.RequestAborted) is not { } provider || await connections.DescriptionAsync(provider, http.RequestAborted) is not { EndSessionEndpoint: { Length: > 0 } place })
        {
            return null;
        }

        var query = new QueryString(new Uri(place).Query).Add("client_id", provider.ClientId).Add("post_logout_redirect_uri", $"{http.Request.Scheme}://{http.Request.Host}{Session.SignInPath}");
        return place.Split('?')[0] + (idToken is null ? query : query.Add("id_token_hint", idToken));
    }

    /// <summary>An enabled provider, as it stands now.</summary>
    public Task<IdentityProvider?> EnabledAsync(string key, CancellationToken cancellation) =>
        db.Set<IdentityProvider>().AsNoTracking().FirstOrDefaultAsync(provider => provider.Key == key && provider.Enabled, cancellation);

    private async Task ReceiveAsync(TicketReceivedContext context)
    {
        var (http, properties) = (context.HttpContext, context.Properties!);
        context.HandleResponse();
        var provider = (IdentityProvider)http.Items[Provider]!;
        var errand = ErrandOf(properties);
        var claims = ProvidedClaims.Of(properties.GetTokenValue("id_token")!, http.Items[UserInfo] as string);
        var provided = new ProvidedSession(provider.Key, claims.Subject, claims.Session)
        {
            ProtectedIdToken = Seal(properties.GetTokenValue("id_token")), ProtectedRefreshToken = Seal(properties.GetTokenValue("refresh_token")),
        };
        var problem = errand switch
        {
            Errand.Enter => await EnterAsync(http, provider, claims, provided),
            Errand.Prove => await ProveAsync(http, properties, claims, provided),
            _ => await TieAsync(http, properties, claims, provided),
        };
        if (problem is not null)
        {
            ProviderLog.Refused(log, provider.Key, problem.Code);
        }

        http.Response.Redirect(problem is null ? context.ReturnUri ?? "/" : Back(errand, context.ReturnUri, problem));
    }

    private async Task<Problem?> EnterAsync(HttpContext http, IdentityProvider provider, ProvidedClaims claims, ProvidedSession provided)
    {
        var (mail, verified) = claims.Mail(provider.MailClaim);
        var entered = await dispatcher.SendAsync(
            new EnterByProvider(provider.Key, claims.Subject, mail, verified, claims.Text(provider.NameClaim), provider.RoleClaim is null ? [] : claims.Values(provider.RoleClaim)), Actor.Engine, http.RequestAborted);
        if (!entered.Ok)
        {
            return entered.Problem;
        }

        var user = await db.Set<User>().AsNoTracking().FirstAsync(known => known.Id == entered.Value, http.RequestAborted);
        return await Session.OpenAsync(http, user, SignInMethod.Provider, provided);
    }

    private async Task<Problem?> ProveAsync(HttpContext http, AuthenticationProperties properties, ProvidedClaims claims, ProvidedSession provided)
    {
        var (actor, now) = (Actor.From(http.User), clock.GetUtcNow());
        if (WhoAsked(properties) is not { } who || actor.User != who)
        {
            return ProviderText.Failed;
        }

        if (claims.ProvedAt is not { } at || at < AskedAt(properties) - Skew || at > now + Skew)
        {
            return ProviderText.NotFresh;
        }

        var proved = await dispatcher.SendAsync(new ProveByProvider(provided), actor, http.RequestAborted);
        if (proved.Ok)
        {
            await Session.RenewAsync(http, apart: true);
        }

        return proved.Problem;
    }

    private async Task<Problem?> TieAsync(HttpContext http, AuthenticationProperties properties, ProvidedClaims claims, ProvidedSession provided)
    {
        var actor = Actor.From(http.User);
        if (WhoAsked(properties) is not { } who || actor.User != who)
        {
            return ProviderText.Failed;
        }

        // Somebody else may have left this browser signed in there; a provider that does not say when it asked was at least told to.
        if (claims.ProvedAt is { } at && at < AskedAt(properties) - Skew)
        {
            return ProviderText.NotFresh;
        }

        // It had to be fresh when they left; being asked by the provider takes its time.
        var tied = await dispatcher.SendAsync(new TieIdentity(provided.Provider, provided.Subject), actor, new() { ProvedAt = AskedAt(properties) }, http.RequestAborted);
        return tied.Problem;
    }

    private void Note(string scheme, Exception? failure) => ProviderLog.Refused(log, scheme, failure?.Message ?? "");

    private string? Seal(string? token) => token is null ? null : Tokens.Protect(token);

    private static Errand ErrandOf(AuthenticationProperties? properties) => Enum.TryParse<Errand>(properties?.Items.TryGetValue(Does, out var does) == true ? does : null, out var errand) ? errand : Errand.Enter;

    private static Guid? WhoAsked(AuthenticationProperties properties) => properties.Items.TryGetValue(Whose, out var who) && Guid.TryParse(who, out var user) ? user : null;

    private static DateTimeOffset AskedAt(AuthenticationProperties properties) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(properties.Items[Asked]!, CultureInfo.InvariantCulture));

    /// <summary>The page that says what was wrong.</summary>
    private static string Back(Errand errand, string? returnUrl, Problem problem)
    {
        var wanted = SignInForms.IsLocal(returnUrl) ? returnUrl! : "/";
        if (errand != Errand.Enter)
        {
            return $"{wanted}{(wanted.Contains('?', StringComparison.Ordinal) ? '&' : '?')}problem={problem.Code}";
        }

        var query = QueryString.Create("problem", problem.Code);
        return Session.SignInPath + (wanted == "/" ? query : query.Add(Session.ReturnUrl, wanted));
    }
}
