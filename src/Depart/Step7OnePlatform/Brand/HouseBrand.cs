using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Step7OnePlatform.PublicNotices;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.Brand;

/// <summary>How the company shows itself on every page.</summary>
/// <param name="Company">Its name, or null.</param>
/// <param name="Logo">Where its logo is, or null.</param>
/// <param name="Stylesheet">Where the stylesheet of its accent is, or null.</param>
internal sealed record BrandFacts(string? Company, string? Logo, string? Stylesheet)
{
    /// <summary>Nobody said.</summary>
    public static BrandFacts None { get; } = new(null, null, null);

    /// <summary>Of this request; none on a page that asks the database for nothing.</summary>
    public static BrandFacts Of(HttpContext http) => http.Items[typeof(BrandFacts)] as BrandFacts ?? None;

    /// <summary>From here on, in this request.</summary>
    public void UseIn(HttpContext http) => http.Items[typeof(BrandFacts)] = this;
}

/// <summary>Where the parts of a brand are.</summary>
internal static class BrandPaths
{
    /// <summary>The logo of that digest.</summary>
    public static string Logo(string hash) => $"/brand/logo/{hash[..16]}";
}

/// <summary>The brand for every page and every mail: asked for all the time, so it is remembered for half a minute, and forgotten at once when it is changed here.</summary>
internal sealed class HouseBrand(IServiceScopeFactory scopes) : IHouseName
{
    /// <summary>How long another node may show the brand of before.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private volatile Known? known;

    public async ValueTask<BrandFacts> GetAsync(CancellationToken cancellation)
    {
        if (known is { } still && Environment.TickCount64 < still.Until)
        {
            return still.Facts;
        }

        await using var scope = scopes.CreateAsyncScope();
        var row = await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<Organisation>()
            .Select(organisation => new { organisation.Company, organisation.Accent, organisation.LogoHash }).FirstOrDefaultAsync(cancellation);
        var facts = new BrandFacts(
            row?.Company is { Length: > 0 } company ? company : null, row?.LogoHash is { } hash ? BrandPaths.Logo(hash) : null,
            Colour.Read(row?.Accent) is { } accent && AccentPalette.FlawOf(accent) is null ? AccentPalette.PathOf(accent) : null);
        known = new(facts, Environment.TickCount64 + (long)Remembered.TotalMilliseconds);
        return facts;
    }

    public async ValueTask<string?> NameAsync(CancellationToken cancellation) => (await GetAsync(cancellation)).Company;

    /// <summary>The organisation changed.</summary>
    public void Forget() => known = null;

    private sealed record Known(BrandFacts Facts, long Until);
}

/// <summary>Serves stylesheet and logo to anyone: pages without signing in show them too. Their addresses change with what they hold, so that browsers keep them for ever.</summary>
internal static class BrandDoor
{
    private const string ForEver = "public, max-age=31536000, immutable";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/brand/{colour}.css", (string colour, HttpContext http) =>
        {
            // Made of the address alone: nothing is read, and only a colour that could be chosen is answered.
            if (Colour.Read(colour) is not { } accent || AccentPalette.FlawOf(accent) is not null)
            {
                return Results.NotFound();
            }

            http.Response.Headers.CacheControl = ForEver;
            return Results.Text(AccentPalette.Of(accent).Css, "text/css; charset=utf-8");
        }).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/brand/logo/{hash}", async (string hash, DepartDb db, HttpContext http, CancellationToken cancellation) =>
        {
            var shown = await db.Set<Organisation>().Select(organisation => new { organisation.LogoHash, organisation.LogoType }).FirstOrDefaultAsync(cancellation);
            if (shown?.LogoHash is not { } current || !current.StartsWith(hash, StringComparison.Ordinal) || hash.Length != 16
                || await db.Set<OrganisationLogo>().Select(logo => logo.Bytes).FirstOrDefaultAsync(cancellation) is not { } bytes)
            {
                return Results.NotFound();
            }

            // A picture and nothing else, whatever somebody hid in it.
            http.Response.Headers.CacheControl = ForEver;
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            return Results.Bytes(bytes, shown.LogoType);
        }).AllowAnonymous().ExcludeFromDescription();
    }
}
