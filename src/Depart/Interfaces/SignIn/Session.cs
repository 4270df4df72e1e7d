using System.Globalization;
using System.Security.Claims;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.SignIn.Providers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// A browser's session: a cookie that names the session's row, and says who and when, never what one may. Row and user are read again on every request, in one statement, so that
/// a session ended from elsewhere, a disabled user, a role taken away or a new password counts at once.
/// </summary>
internal static class Session
{
    /// <summary>Name of the cookie scheme.</summary>
    public const string Scheme = "session";

    /// <summary>Name of the scheme that chooses: the token when there is an <c>Authorization</c> header, else the cookie.</summary>
    public const string TokenOrCookie = "depart";

    /// <summary>The sign-in page.</summary>
    public const string SignInPath = "/sign-in";

    /// <summary>The page of the second step.</summary>
    public const string CodePath = "/sign-in/code";

    /// <summary>The page of one-time links: first administrator, invitation.</summary>
    public const string SetUpPath = "/set-up";

    /// <summary>The page of one's own account.</summary>
    public const string AccountPath = "/account";

    /// <summary>Name of the address parameter with the page to go to after signing in.</summary>
    public const string ReturnUrl = "returnUrl";

    private const string StampClaim = "depart:stamp";

    private const string ProvedApartClaim = "depart:proved-apart";

    /// <summary>Adds token, cookie, and the choice between them.</summary>
    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddAuthentication(TokenOrCookie)
            .AddPolicyScheme(TokenOrCookie, null, choice => choice.ForwardDefaultSelector = context =>
                context.Request.Headers.Authorization.Count > 0 ? TokenScheme.Name : Scheme)
            .AddScheme<AuthenticationSchemeOptions, TokenScheme>(TokenScheme.Name, null)
            .AddCookie(Scheme, cookie =>
            {
                cookie.Cookie.Name = "depart";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                cookie.ExpireTimeSpan = BrowserSession.Life;
                cookie.SlidingExpiration = true;
                cookie.LoginPath = SignInPath;
                cookie.ReturnUrlParameter = ReturnUrl;
                cookie.Events.OnValidatePrincipal = ReadAgainAsync;
                cookie.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
                cookie.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
            });
        services.AddOptions<CookieAuthenticationOptions>(Scheme).Configure<TimeProvider>((cookie, clock) => cookie.TimeProvider = clock);
        services.AddAntiforgery();
        services.AddSingleton<Passwords>();
        services.AddSingleton<ISessionNow, SessionNow>();
        services.AddScoped<SignInDoor>();
        services.AddSingleton<Guesses>();
        services.AddSingleton<KnownDevices>();
        services.AddSingleton<HalfWay>();
        services.AddSingleton<SecretOffer>();
        services.AddScoped<PasskeyCeremony>();
        services.AddScoped<PasskeyDoor>();
        services.AddSingleton<ProviderConnections>();
        services.AddScoped<ProviderDoor>();
        services.AddSingleton<LogoutDoor>();
        services.AddSingleton<ProviderWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<ProviderWatch>());
        services.AddSingleton<InPassing>();
        services.AddHostedService(provider => provider.GetRequiredService<InPassing>());
        return services;
    }

    /// <summary>
    /// Opens a session for a user who has been recognised, however it was done: its row, and the cookie that names it. Signing in counts as proof.
    /// The one way in for pages; <paramref name="provided"/> says which identity provider vouched.
    /// </summary>
    public static async Task<Problem?> OpenAsync(HttpContext http, User user, SignInMethod method, ProvidedSession? provided = null)
    {
        var dispatcher = http.RequestServices.GetRequiredService<Dispatcher>();
        var actor = Actor.From(PrincipalOf(user, null), Via.Page);
        var browser = BrowserName.Of(http.Request.Headers.UserAgent);
        var begun = await dispatcher.SendAsync(new BeginSession(method, browser, Source.AddressOf(http), provided, Actor.From(http.User).Session), actor, http.RequestAborted);
        if (!begun.Ok)
        {
            return begun.Problem;
        }

        await WriteAsync(http, user, begun.Value);
        http.RequestServices.GetRequiredService<KnownDevices>().Remember(http, user.Id);
        if (SpeakLanguage.Of(http) is { } language)
        {
            await dispatcher.SendAsync(new SpeakLanguage(language, Offered: true), actor, http.RequestAborted);
        }

        return null;
    }

    /// <summary>Writes the cookie of this browser's session anew: its user has just proved who they are, and may have another stamp.</summary>
    public static async Task RenewAsync(HttpContext http, bool apart = false)
    {
        var actor = Actor.From(http.User);
        var id = UserId.From(actor.User ?? Guid.Empty);
        var db = http.RequestServices.GetRequiredService<DepartDb>();
        if (actor.Session is { } session && await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(user => user.Id == id, http.RequestAborted) is { } user)
        {
            await WriteAsync(http, user, session, apart);
        }
    }

    /// <summary>Whether whoever asks has proved who they are in this session, in the last minutes, by a passkey or their identity provider: a form need not ask a password.</summary>
    public static bool ProvedApart(ClaimsPrincipal principal, DateTimeOffset now) =>
        principal.HasClaim(claim => claim.Type == ProvedApartClaim) && IRequiresProof.Counts(Actor.ProvedAtOf(principal), now);

    private static Task WriteAsync(HttpContext http, User user, Guid session, bool apart = false) => http.SignInAsync(
        Scheme, PrincipalOf(user, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), session: session, apart: apart), new AuthenticationProperties { IsPersistent = false });

    /// <summary>Who a user is, as claims. <paramref name="provedAt"/>: when they last proved who they are. Roles held through departures are asked for at each request.</summary>
    public static ClaimsPrincipal PrincipalOf(User user, DateTimeOffset? provedAt, IReadOnlyCollection<Role>? bound = null, Guid? session = null, bool apart = false)
    {
        List<Claim> claims =
        [
            new(ClaimTypes.NameIdentifier, user.Id.ToString()),
            new(ClaimTypes.Name, user.Name),
            new(StampClaim, user.Stamp.ToString("N")),
            .. RoleClaims.Of(user.Roles.Union(bound ?? []), user.Within),
        ];
        if (user.Person is { } person)
        {
            claims.Add(new(Actor.PersonClaim, person.ToString()));
        }

        if (user.Zone is { } zone)
        {
            claims.Add(new(Actor.ZoneClaim, zone));
        }

        if (provedAt is { } at)
        {
            claims.Add(new(Actor.ProvedClaim, at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)));
        }

        if (apart)
        {
            claims.Add(new(ProvedApartClaim, "yes"));
        }

        if (session is { } id)
        {
            claims.Add(new(Actor.SessionClaim, id.ToString()));
        }

        return new(new ClaimsIdentity(claims, Scheme));
    }

    private static async Task ReadAgainAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        if (await AgainAsync(services, context.Principal!, context.HttpContext.RequestAborted) is not var (now, session, lastSeenAt))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Scheme);
            return;
        }

        services.GetRequiredService<InPassing>().SessionUsed(session, lastSeenAt);
        context.ReplacePrincipal(now);
    }

    /// <summary>The user of a session as they are now, or null when it has ended or they were shut out.</summary>
    private static async Task<(ClaimsPrincipal Now, Guid Session, DateTimeOffset LastSeenAt)?> AgainAsync(IServiceProvider services, ClaimsPrincipal principal, CancellationToken cancellation)
    {
        var db = services.GetRequiredService<DepartDb>();
        var known = Guid.TryParse(principal.FindFirstValue(Actor.SessionClaim), out var id)
            ? await (from session in db.Set<BrowserSession>()
                     join owner in db.Set<User>() on session.User equals owner.Id
                     where session.Id == id && session.EndedAt == null
                     select new { User = owner, session.LastSeenAt }).AsNoTracking().FirstOrDefaultAsync(cancellation)
            : null;
        if (known is not { User: { DisabledAt: null } user } || user.Stamp.ToString("N") != principal.FindFirstValue(StampClaim))
        {
            return null;
        }

        var bound = user.Person is { } person ? await services.GetRequiredService<IDepartureBinding>().RolesOfAsync(person.Value, cancellation) : [];
        return (PrincipalOf(user, Actor.ProvedAtOf(principal), bound, id, principal.HasClaim(claim => claim.Type == ProvedApartClaim)), id, known.LastSeenAt);
    }

    /// <summary>Pages go to sign-in; programs get a status.</summary>
    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (status == StatusCodes.Status401Unauthorized && !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) && HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Redirect(context.RedirectUri);
        }
        else
        {
            context.Response.StatusCode = status;
        }

        return Task.CompletedTask;
    }

    private sealed class SessionNow(IServiceScopeFactory scopes) : ISessionNow
    {
        public async Task<Actor?> ActorAsync(ClaimsPrincipal principal, CancellationToken cancellation)
        {
            await using var scope = scopes.CreateAsyncScope();
            return await AgainAsync(scope.ServiceProvider, principal, cancellation) is var (now, _, _) ? Actor.From(now) : null;
        }
    }
}
