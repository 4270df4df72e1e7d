using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Depart.Interfaces.SignIn.Providers;

/// <summary>
/// The framework's handler of OpenID Connect, made for one request from a provider's row (docs/decisions/0023-sign-in-by-openid-connect.md). What is costly, its description and keys, is kept per
/// version of the row: a change counts at once, on every node, since the row is read at each use.
/// </summary>
internal sealed class ProviderConnections(IDataProtectionProvider protection, ILoggerFactory loggers, TimeProvider clock)
{
    /// <summary>How long a provider may take to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Signatures made by a key that is the provider's alone; a secret shared with us would let whoever reads ours sign.</summary>
    public static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly ConcurrentDictionary<string, Opened> open = new(StringComparer.Ordinal);

    /// <summary>Where a provider sends people back to.</summary>
    public static string RedirectPath(string key) => $"{Session.SignInPath}/with/{key}/back";

    /// <summary>Where a provider says that a session is over.</summary>
    public static string LogoutPath(string key) => $"{Session.SignInPath}/with/{key}/logout";

    /// <summary>The handler for one request.</summary>
    public async Task<OpenIdConnectHandler> HandlerAsync(IdentityProvider provider, HttpContext http)
    {
        var handler = new OpenIdConnectHandler(new OneOption(Of(provider)), loggers, HtmlEncoder.Default, UrlEncoder.Default);
        await handler.InitializeAsync(new AuthenticationScheme(SchemeOf(provider), null, typeof(OpenIdConnectHandler)), http);
        return handler;
    }

    /// <summary>How the provider describes itself; null when it does not answer, or calls itself otherwise.</summary>
    public async Task<OpenIdConnectConfiguration?> DescriptionAsync(IdentityProvider provider, CancellationToken cancellation, bool anew = false)
    {
        var options = Of(provider);
        try
        {
            if (anew)
            {
                options.ConfigurationManager!.RequestRefresh();
            }

            var description = await options.ConfigurationManager!.GetConfigurationAsync(cancellation);
            return IsSame(description.Issuer, provider.Issuer) ? description : null;
        }
        catch (Exception error) when (error is InvalidOperationException or HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            ProviderLog.Unreachable(loggers.CreateLogger<ProviderConnections>(), provider.Key, error.InnerException?.Message ?? error.Message);
            return null;
        }
    }

    /// <summary>Asks with a refresh token whether a session still holds there.</summary>
    public async Task<HttpResponseMessage> RefreshAsync(IdentityProvider provider, string tokenEndpoint, string refreshToken, CancellationToken cancellation)
    {
        using var form = new FormUrlEncodedContent(new[]
        {
            KeyValuePair.Create("grant_type", "refresh_token"), KeyValuePair.Create("refresh_token", refreshToken), KeyValuePair.Create("client_id", provider.ClientId),
            KeyValuePair.Create("client_secret", provider.Secret(protection) ?? ""),
        }.Where(pair => pair.Value.Length > 0));
        return await Of(provider).Backchannel.PostAsync(new Uri(tokenEndpoint), form, cancellation);
    }

    /// <summary>Whether two issuers are one: a slash at the end is how people write, not another provider.</summary>
    public static bool IsSame(string? one, string other) => string.Equals(one?.TrimEnd('/'), other.TrimEnd('/'), StringComparison.Ordinal);

    private static string SchemeOf(IdentityProvider provider) => "provider-" + provider.Key;

    private OpenIdConnectOptions Of(IdentityProvider provider) => open.AddOrUpdate(
        provider.Key,
        _ => Open(provider),
        (_, known) => known.Version == provider.Version && known.CreatedAt == provider.CreatedAt ? known : Open(provider)).Options.Value;

    private Opened Open(IdentityProvider provider) => new(provider.Version, provider.CreatedAt, new(() =>
    {
        var options = new OpenIdConnectOptions
        {
            Authority = provider.Issuer, ClientId = provider.ClientId, ClientSecret = provider.Secret(protection), RequireHttpsMetadata = !IsHere(provider.Issuer),
            ResponseType = OpenIdConnectResponseType.Code, ResponseMode = OpenIdConnectResponseMode.Query, UsePkce = true, SaveTokens = true, GetClaimsFromUserInfoEndpoint = true,
            MapInboundClaims = false, DisableTelemetry = true, CallbackPath = RedirectPath(provider.Key), BackchannelTimeout = Patience, TimeProvider = clock, Events = ProviderDoor.Events(),
        };

        // What is read of claims is read as the provider wrote it (ProvidedClaims).
        options.ClaimActions.Clear();
        options.Scope.Clear();
        foreach (var scope in provider.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            options.Scope.Add(scope);
        }

        options.TokenValidationParameters.ValidAlgorithms = Algorithms;
        options.TokenValidationParameters.ValidAudience = provider.ClientId;

        // The answer is a plain redirect to us: cookies need not be sent from other sites' forms, and plain http on one machine works too.
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            (cookie.SameSite, cookie.SecurePolicy, cookie.HttpOnly) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest, true);
        }

        new OpenIdConnectPostConfigureOptions(protection).PostConfigure(SchemeOf(provider), options);
        options.Backchannel.MaxResponseContentBufferSize = 1024 * 1024;
        return options;
    }));

    /// <summary>On this very machine there is nobody to listen.</summary>
    public static bool IsHere(string issuer) => Uri.TryCreate(issuer, UriKind.Absolute, out var address) && address.IsLoopback;

    private sealed record Opened(long Version, DateTimeOffset CreatedAt, Lazy<OpenIdConnectOptions> Options);

    /// <summary>Gives the handler the options of one provider.</summary>
    private sealed class OneOption(OpenIdConnectOptions options) : IOptionsMonitor<OpenIdConnectOptions>
    {
        public OpenIdConnectOptions CurrentValue => options;

        public OpenIdConnectOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<OpenIdConnectOptions, string?> listener) => null;
    }
}

internal static partial class ProviderLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Identity provider {Provider} does not describe itself: {Why}")]
    public static partial void Unreachable(ILogger log, string provider, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "A sign-in by identity provider {Provider} was refused: {Why}")]
    public static partial void Refused(ILogger log, string provider, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "A logout token of identity provider {Provider} was refused: {Why}")]
    public static partial void LogoutRefused(ILogger log, string provider, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether sessions begun by identity providers still hold could not be looked at.")]
    public static partial void NotWatched(ILogger log, Exception error);
}
