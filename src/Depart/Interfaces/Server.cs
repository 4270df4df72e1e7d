using System.Reflection;
using Depart.Connectors;
using Depart.Departures;
using Depart.Departures.Renewals;
using Depart.Departures.Tasks;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Interfaces.SignIn;
using Depart.Missions;
using Depart.Missions.Imports;
using Depart.Processes;
using Depart.Processes.Yaml;
using Depart.Proof;
using Depart.Step5Close.Accounts;
using Depart.Step7OnePlatform;
using Depart.Step7OnePlatform.Activity;
using Depart.Step7OnePlatform.Brand;
using Depart.Step7OnePlatform.FirstRun;
using Depart.Step7OnePlatform.Notifications;
using Depart.Step7OnePlatform.Portal;
using Microsoft.AspNetCore.Authorization;
using Scalar.AspNetCore;

namespace Depart.Interfaces;

/// <summary>How the server is started.</summary>
internal sealed record ServeOptions
{
    /// <summary>Addresses to listen on, separated by semicolons.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:5080";

    public required StorageOptions Storage { get; init; }

    /// <summary>A fictional company: its roles are entered by one click, and every screen says that it is fictional.</summary>
    public bool Demo { get; init; }

    /// <summary>Time; replaced in tests.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>The whole server: a table of contents.</summary>
internal static class Server
{
    /// <summary>Builds the server with its schema ready; start it with <c>StartAsync</c>.</summary>
    public static async Task<WebApplication> BuildAsync(ServeOptions options, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,

            // The files of the pages are listed under this name, whichever program hosts the server.
            ApplicationName = typeof(Server).Assembly.GetName().Name,
        });
        builder.WebHost.UseUrls(options.Urls.Split(';')).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 16 * 1024 * 1024;

            // A page that is written leaves its place to the next, however slowly somebody reads it.
            kestrel.Limits.MaxResponseBufferSize = 1024 * 1024;
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // Every failing command is an exception that its caller tells; the first look at an empty PostgreSQL is one, and no failure.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddDepart(options);
        builder.Services.AddPages(options.Demo);
        var app = builder.Build();
        app.UseRequestLocalization(localization => localization
            .AddSupportedCultures("en-GB", "fr-FR", "en", "fr").AddSupportedUICultures("en-GB", "fr-FR", "en", "fr").SetDefaultCulture("en-GB")
            .AddInitialRequestCultureProvider(Preferences.FromCookie));
        app.UsePages();
        app.UseRouting();
        app.UseSameSite();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseReadersZone();
        app.UseRateLimiter();
        app.UseUnreadable();
        app.UseNoNulSign();
        app.UseAntiforgery();
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference("/api").AllowAnonymous();
        app.MapGet("/healthz", () => Results.Text("ok")).AllowAnonymous();
        app.MapGet("/schemas/process-template.json", () => Results.Text(ProcessSchema.Text, "application/schema+json")).AllowAnonymous();
        app.MapSignIn(options.Demo);
        OwnPasskeys.Map(app);
        var api = app.MapGroup("/api/v1");
        foreach (var map in typeof(Server).Assembly.GetTypes().Where(type => typeof(IRouted).IsAssignableFrom(type) && !type.IsInterface)
            .Select(type => type.GetMethod(nameof(IRouted.Map), BindingFlags.Public | BindingFlags.Static)!))
        {
            map.Invoke(null, [api]);
        }

        app.MapPages();
        await Schema.PrepareAsync(app.Services, cancellation);
        await PrepareSigningKey.RunAsync(app.Services, cancellation);
        await app.Services.GetRequiredService<Dispatcher>().SendAsync(new InstallShippedTemplates(), Actor.Engine, cancellation);
        await app.Services.GetRequiredService<Dispatcher>().SendAsync(new PlanRenewals(), Actor.Engine, cancellation);
        await app.Services.GetRequiredService<Dispatcher>().SendAsync(new KeepDigestClock(), Actor.Engine, cancellation);
        return app;
    }

    /// <summary>Everything but the web: also what runs with the server stopped.</summary>
    public static IServiceCollection AddDepart(this IServiceCollection services, ServeOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Storage);
        services.AddSingleton(options.Clock);
        services.AddStorage(options.Storage);
        services.AddDoor(typeof(Server).Assembly);
        services.TellUnreadable();
        services.AddScoped<IJournal, Journal>();
        services.AddScoped<ActivityReader>();
        services.AddScoped<IJournalWatch, NotificationWriter>();
        services.AddScoped<SigningKeys>();
        services.AddScoped<JournalSeal>();
        services.AddSingleton<SealBell>();
        services.AddScoped<IDepartureBinding, DepartureBinding>();
        services.AddScoped<IChainNames, DepartureChains>();
        // Stops after the engine: what the engine wrote last is sealed too.
        services.AddHostedService<SealClock>();
        services.AddSingleton<EngineHost>();
        services.AddSingleton<IWorkNudge>(provider => provider.GetRequiredService<EngineHost>());
        services.AddHostedService(provider => provider.GetRequiredService<EngineHost>());
        services.AddScoped<Outbox>();
        services.AddSingleton<FirstStepsMemory>();
        services.AddScoped<FirstStepFacts>();
        services.AddSingleton<HouseBrand>();
        services.AddSingleton<IHouseName>(provider => provider.GetRequiredService<HouseBrand>());
        services.AddSingleton(new ConnectorCatalogue());
        services.AddSingleton<Connections>();
        services.AddSingleton<AccountSearch>();
        services.AddSingleton<DiscoveryRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<DiscoveryRunner>());
        services.AddScoped<SystemRules>();
        services.AddScoped<SystemRows>();
        services.AddScoped<SystemQueue>();
        services.AddScoped<AccountRows>();
        services.AddScoped<AccountDesk>();
        services.AddScoped<IMissionWatch, AccountsFollowPeople>();
        services.AddScoped<IMissionWatch, UsersFollowPeople>();
        services.AddScoped<Planner>();
        services.AddScoped<NewOwners>();
        services.AddScoped<DryRuns>();
        services.AddScoped<DisconnectionStart>();
        services.AddScoped<MissionWatches>();
        services.AddSingleton<LineVault>();
        services.AddSingleton<ImportDesk>();
        services.AddSingleton(TaskKinds.Known);
        services.AddScoped<TemplateShelf>();
        services.AddTasks(typeof(Server).Assembly);
        services.AddScoped<IPrivileges, KnownPrivileges>();
        services.AddScoped<IUserDirectory, UserDirectory>();
        services.AddHttpContextAccessor();
        services.AddScoped<ApiDoor>();
        services.AddProblemDetails();
        services.AddOpenApi();
        services.ConfigureHttpJsonOptions(json => ApiJson.Apply(json.SerializerOptions));
        services.AddSignIn();
        PortalSession.AddPortal(services);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        return services;
    }
}
