using System.Globalization;
using System.Security.Claims;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// A browser's session: a cookie that says who and when, never what one may. The user is read again on every request, so that a
/// disabled user, a role taken away or a new password counts at once.
/// </summary>
internal static class Session
{
    /// <summary>Name of the cookie scheme.</summary>
    public const string Scheme = "session";

    /// <summary>Name of the scheme that chooses: the token when there is an <c>Authorization</c> header, else the cookie.</summary>
    public const string TokenOrCookie = "depart";

    /// <summary>The sign-in page.</summary>
    public const string SignInPath = "/sign-in";

    /// <summary>The page of one-time links: first administrator, invitation.</summary>
    public const string SetUpPath = "/set-up";

    /// <summary>The page of one's own account.</summary>
    public const string AccountPath = "/account";

    /// <summary>Name of the address parameter with the page to go to after signing in.</summary>
    public const string ReturnUrl = "returnUrl";

    private const string StampClaim = "depart:stamp";

    private static readonly TimeSpan Life = TimeSpan.FromHours(8);

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
                cookie.ExpireTimeSpan = Life;
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
        services.AddScoped<SignInDoor>();
        return services;
    }

    /// <summary>Who a user is, as claims. <paramref name="provedAt"/>: when they last gave their password. Roles held through departures are asked for at each request.</summary>
    public static ClaimsPrincipal PrincipalOf(User user, DateTimeOffset? provedAt, IReadOnlyCollection<Role>? bound = null)
    {
        List<Claim> claims =
        [
            new(ClaimTypes.NameIdentifier, user.Id.ToString()),
            new(ClaimTypes.Name, user.Name),
            new(StampClaim, user.Stamp.ToString("N")),
            .. user.Roles.Union(bound ?? []).Select(role => new Claim(ClaimTypes.Role, role.ToString())),
        ];
        if (user.Person is { } person)
        {
            claims.Add(new(Actor.PersonClaim, person.ToString()));
        }

        if (provedAt is { } at)
        {
            claims.Add(new(Actor.ProvedClaim, at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)));
        }

        return new(new ClaimsIdentity(claims, Scheme));
    }

    private static async Task ReadAgainAsync(CookieValidatePrincipalContext context)
    {
        var principal = context.Principal!;
        var db = context.HttpContext.RequestServices.GetRequiredService<DepartDb>();
        var user = UserId.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var id)
            ? await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(known => known.Id == id, context.HttpContext.RequestAborted)
            : null;
        if (user is null || user.DisabledAt is not null || user.Stamp.ToString("N") != principal.FindFirstValue(StampClaim))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Scheme);
            return;
        }

        var binding = context.HttpContext.RequestServices.GetRequiredService<IDepartureBinding>();
        var bound = user.Person is { } person ? await binding.RolesOfAsync(person.Value, context.HttpContext.RequestAborted) : [];
        context.ReplacePrincipal(PrincipalOf(user, Actor.ProvedAtOf(principal), bound));
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
}
