using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Interfaces.SignIn;
using Depart.Missions.Imports;
using Depart.Step5Close.Accounts;
using Depart.Step7OnePlatform.Brand;
using Microsoft.AspNetCore.ResponseCompression;

namespace Depart.Step7OnePlatform;

/// <summary>How pages are served: rendered on the server, compressed, under a strict content security policy, with friendly errors.</summary>
internal static class WebDoor
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'self'";

    /// <summary>Adds what pages need.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services, bool demo)
    {
        services.AddRazorComponents();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "depart-form";

            // Whoever comes back from an identity provider, or from a mail, brings it along: otherwise a new one would make the forms of other tabs void.
            antiforgery.Cookie.SameSite = SameSiteMode.Lax;
            antiforgery.FormFieldName = "form";
        });
        services.AddSingleton<Notices>();
        services.AddTurns();

        // A file in a form stays in memory: personal data are not left in temporary files. The server takes no larger request.
        services.Configure<Microsoft.AspNetCore.Http.Features.FormOptions>(form => (form.MemoryBufferThreshold, form.MultipartBodyLengthLimit) = (16 * 1024 * 1024, 16 * 1024 * 1024));
        services.AddSingleton(new PlatformFacts(demo));

        // Cookies are same-site and form tokens differ at every page: compressing over TLS gives nothing to guess at.
        services.AddResponseCompression(compression => compression.EnableForHttps = true);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = System.IO.Compression.CompressionLevel.Fastest);
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = System.IO.Compression.CompressionLevel.Fastest);
        return services;
    }

    /// <summary>Headers, errors and compression; comes first.</summary>
    public static void UsePages(this WebApplication app)
    {
        app.Use((http, next) =>
        {
            if (IsPage(http))
            {
                var headers = http.Response.Headers;
                headers.ContentSecurityPolicy = Policy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "same-origin";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            }

            return next(http);
        });
        app.UseWhen(IsPage, pages =>
        {
            pages.UseResponseCompression();
            pages.UseExceptionHandler("/error/500", createScopeForErrors: true);
            pages.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true);
        });
    }

    /// <summary>Pages show instants in their reader's zone, and for whom the house runs; comes once it is known who reads.</summary>
    public static void UseReadersZone(this WebApplication app) => app.UseWhen(
        // The page that says that something broke asks the database for nothing.
        http => IsPage(http) && !http.Request.Path.Value!.StartsWith("/error/5", StringComparison.Ordinal),
        pages => pages.Use(async (http, next) =>
        {
            Zones.Use(await http.RequestServices.GetRequiredService<IHouseZone>().OfAsync(Actor.From(http.User), http.RequestAborted));
            (await http.RequestServices.GetRequiredService<HouseBrand>().GetAsync(http.RequestAborted)).UseIn(http);
            await next(http);
        }));

    /// <summary>The pages and their files.</summary>
    public static void MapPages(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        Preferences.Map(app).AddEndpointFilter(SpeakLanguage.KeepAsync);
        AccountsEvents.Map(app);
        BrandDoor.Map(app);
        ImportPages.Map(app);

        // A form that posts to an endpoint of its own may share the address of its page: the endpoint comes first.
        app.MapRazorComponents<Document>().Add(page => ((RouteEndpointBuilder)page).Order = 1);
    }

    /// <summary>Everything but the API, its description and its own page.</summary>
    private static bool IsPage(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && !http.Request.Path.StartsWithSegments("/openapi", StringComparison.Ordinal);
}
