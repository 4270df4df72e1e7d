using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;

namespace Depart.Foundation.Design;

/// <summary>Language and theme of pages, each in a cookie: they belong to the browser and hold nothing personal. The language of mails belongs to the account.</summary>
internal static class Preferences
{
    /// <summary>Cookie of the language: <c>fr</c> or <c>en</c>; without it the browser's languages decide.</summary>
    public const string Language = "depart-language";

    /// <summary>Cookie of the theme: <c>light</c> or <c>dark</c>; without it the system decides.</summary>
    public const string Theme = "depart-theme";

    /// <summary>Where a choice is posted.</summary>
    public const string Path = "/preferences";

    /// <summary>The theme chosen, or null for the system's.</summary>
    public static string? ThemeOf(HttpContext http) => http.Request.Cookies[Theme] is "light" or "dark" ? http.Request.Cookies[Theme] : null;

    /// <summary>Asks the cookie first, then the browser.</summary>
    public static CustomRequestCultureProvider FromCookie { get; } = new(http => Task.FromResult(http.Request.Cookies[Language] switch
    {
        "fr" => new ProviderCultureResult("fr-FR"),
        "en" => new ProviderCultureResult("en-GB"),
        _ => null,
    }));

    /// <summary>Keeps a choice and goes back to where it was made.</summary>
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost(Path, (
        HttpContext http, [FromForm] string? language, [FromForm] string? theme, [FromForm] string? back) =>
    {
        Keep(http, Language, language, language is "fr" or "en");
        Keep(http, Theme, theme, theme is "light" or "dark");
        return Results.LocalRedirect(back is not null && back.StartsWith('/') && !back.StartsWith("//", StringComparison.Ordinal) && !back.StartsWith("/\\", StringComparison.Ordinal) ? back : "/");
    }).AllowAnonymous().ExcludeFromDescription();

    private static void Keep(HttpContext http, string cookie, string? value, bool known)
    {
        if (value is null)
        {
            return;
        }

        var options = new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/", IsEssential = true, MaxAge = TimeSpan.FromDays(365),
        };
        if (known)
        {
            http.Response.Cookies.Append(cookie, value, options);
        }
        else
        {
            http.Response.Cookies.Delete(cookie, options);
        }
    }
}
