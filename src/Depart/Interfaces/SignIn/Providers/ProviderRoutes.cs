using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn.Providers;

/// <summary>Where people leave for a provider and come back. Links, never forms: the content security policy lets no form lead elsewhere.</summary>
internal static class ProviderRoutes
{
    /// <summary>Where one's own ties are.</summary>
    public const string OwnPath = "/account/providers";

    private const string OutCookie = "depart-out";

    /// <summary>A cookie longer than this is not kept by browsers: then the provider is not told whom to sign out, and asks.</summary>
    private const int LongestCookie = 3500;

    public static void MapProviders(this RouteGroupBuilder forms)
    {
        forms.MapGet("/sign-in/with/{key}", (HttpContext http, string key, string? returnUrl, ProviderDoor door) => door.BeginAsync(http, key, Errand.Enter, returnUrl)).AllowAnonymous();
        forms.MapGet("/sign-in/with/{key}/back", (HttpContext http, string key, ProviderDoor door) => door.BackAsync(http, key)).AllowAnonymous();
        forms.MapPost("/sign-in/with/{key}/logout", (HttpContext http, string key, LogoutDoor door) => door.HearAsync(http, key)).AllowAnonymous();
        forms.MapGet("/sign-in/with/{key}/out", async (HttpContext http, string key, ProviderDoor door) =>
            Results.Redirect(await door.SignOutAddressAsync(http, key, TakeIdToken(http)) ?? Session.SignInPath)).AllowAnonymous();
        forms.MapGet("/account/prove/with/{key}", (HttpContext http, string key, string? returnUrl, ProviderDoor door) => door.BeginAsync(http, key, Errand.Prove, returnUrl ?? Session.AccountPath + "?done=proved"));
        forms.MapGet(OwnPath + "/{key}/tie", (HttpContext http, string key, string? ticket, ProviderDoor door, TimeProvider clock) =>
            door.IsTicketOf(Actor.From(http.User).Session, ticket) && IRequiresProof.Counts(Actor.ProvedAtOf(http.User), clock.GetUtcNow())
                ? door.BeginAsync(http, key, Errand.Tie, OwnPath + "?done=tied")
                : Task.FromResult(Results.Redirect(OwnPath)));
    }

    /// <summary>Before a session ends: leaves for the next page what the provider needs to end its own. Gives the provider's key, or null.</summary>
    public static async Task<string?> LeaveIdTokenAsync(HttpContext http, Guid session)
    {
        var db = http.RequestServices.GetRequiredService<DepartDb>();
        var known = await (from own in db.Set<BrowserSession>()
                           join provider in db.Set<IdentityProvider>() on own.Provider equals provider.Key
                           where own.Id == session && own.EndedAt == null && provider.Enabled
                           select new { provider.Key, own.ProtectedIdToken }).AsNoTracking().FirstOrDefaultAsync(http.RequestAborted);
        if (known?.ProtectedIdToken is { Length: <= LongestCookie } token)
        {
            // Encrypted as it lay in the row.
            http.Response.Cookies.Append(OutCookie, token, Kept(http, TimeSpan.FromMinutes(10)));
        }

        return known?.Key;
    }

    private static string? TakeIdToken(HttpContext http)
    {
        if (http.Request.Cookies[OutCookie] is not { Length: > 0 } left)
        {
            return null;
        }

        http.Response.Cookies.Delete(OutCookie, Kept(http, null));
        try
        {
            return http.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector(IdentityProvider.TokenPurpose).Unprotect(left);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private static CookieOptions Kept(HttpContext http, TimeSpan? life) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/sign-in/with", IsEssential = true, MaxAge = life };
}
