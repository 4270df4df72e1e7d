using System.Security.Claims;
using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.SignIn;
using Depart.Missions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>Where the leaver's own door is.</summary>
internal static class PortalPaths
{
    /// <summary>The way in: ask for a link, or type a code. Everything behind it lies under this address, and so does its cookie.</summary>
    public const string Entrance = "/portal";

    /// <summary>Where a link from a mail leads.</summary>
    public const string Open = "/portal/open";

    /// <summary>What is the leaver's.</summary>
    public const string Home = "/portal/home";

    /// <summary>One of the leaver's tasks.</summary>
    public static string Task(Depart.Departures.Tasks.DepartureTaskId task) => $"/portal/tasks/{task}";
}

/// <summary>
/// A session of the leaver's own door: of a person, not of a user. Its cookie is its own and holds the number of this row, encrypted; the row is read again at every request, so that ending it, or
/// closing the door, counts at once.
/// </summary>
internal sealed class PortalSession : Versioned
{
    /// <summary>Name of the authentication scheme, which no other page or route asks.</summary>
    public const string Scheme = "own-door";

    /// <summary>It ends so long after it was last used.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    /// <summary>It ends so long after it began, whatever happens.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Its use is noted at most so often.</summary>
    public static readonly TimeSpan NotedEvery = TimeSpan.FromMinutes(15);

    private const string SessionClaim = "depart:own-door";

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    public PersonId Person { get; private init; }

    /// <summary>The way in that it began with, or that its passkey was made behind.</summary>
    public Guid Way { get; private init; }

    /// <summary>The passkey that it began with, or null.</summary>
    public Guid? Passkey { get; private init; }

    public DateTimeOffset StartedAt { get; private init; }

    public DateTimeOffset SeenAt { get; private set; }

    /// <summary>When it was ended, UTC.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public static PortalSession Begin(WayIn way, DateTimeOffset now) => new() { Person = way.Person, Way = way.Id, StartedAt = now, SeenAt = now };

    public static PortalSession Begin(Passkey passkey, DateTimeOffset now) => new() { Person = passkey.Person!.Value, Way = passkey.Way!.Value, Passkey = passkey.Id, StartedAt = now, SeenAt = now };

    public bool IsGood(DateTimeOffset now) => EndedAt is null && SeenAt + Idle > now && StartedAt + Longest > now;

    public void Seen(DateTimeOffset now)
    {
        SeenAt = now;
        Touch();
    }

    public void End(DateTimeOffset now)
    {
        EndedAt ??= now;
        Touch();
    }

    /// <summary>Whoever came through the door in this browser, or null.</summary>
    public static async Task<(Guid Session, Actor Actor)?> OfAsync(HttpContext http) => await http.AuthenticateAsync(Scheme) is { Succeeded: true, Principal: { } principal } ? Read(principal) : null;

    /// <summary>Gives a browser its cookie.</summary>
    public static Task EnterAsync(HttpContext http, Guid session) =>
        http.SignInAsync(Scheme, new(new ClaimsIdentity([new(SessionClaim, session.ToString())], Scheme)), new AuthenticationProperties { IsPersistent = false });

    /// <summary>Takes it back.</summary>
    public static Task LeaveAsync(HttpContext http) => http.SignOutAsync(Scheme);

    /// <summary>Adds the scheme, beside those of accounts.</summary>
    public static IServiceCollection AddPortal(IServiceCollection services)
    {
        services.AddAuthentication().AddCookie(Scheme, cookie =>
        {
            cookie.Cookie.Name = "depart-own-door";
            cookie.Cookie.Path = PortalPaths.Entrance;
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = Longest;
            cookie.SlidingExpiration = false;
            cookie.LoginPath = PortalPaths.Entrance;
            cookie.Events.OnValidatePrincipal = ReadAgainAsync;
        });
        services.AddOptions<CookieAuthenticationOptions>(Scheme).Configure<TimeProvider>((cookie, clock) => cookie.TimeProvider = clock);
        services.AddScoped<OwnDoors>();
        services.AddScoped<OwnPasskeys>();
        services.AddScoped<OwnTasks>();
        services.AddScoped<DoorPost>();
        services.AddScoped<DoorAddress>();
        services.AddScoped<DoorFollows>();
        services.AddScoped<IMissionWatch>(provider => provider.GetRequiredService<DoorFollows>());
        services.AddScoped<IDepartureWatch>(provider => provider.GetRequiredService<DoorFollows>());
        services.AddSingleton<DoorTries>();
        services.AddSingleton<DoorKnocks>();
        services.AddHostedService(provider => provider.GetRequiredService<DoorKnocks>());
        return services;
    }

    private static (Guid, Actor)? Read(ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(SessionClaim), out var session) && Guid.TryParse(principal.FindFirstValue(Actor.PersonClaim), out var person)
            ? (session, Actor.ThroughOwnDoor(person, principal.FindFirstValue(ClaimTypes.Name) ?? ""))
            : null;

    private static async Task ReadAgainAsync(CookieValidatePrincipalContext context)
    {
        var (services, cancellation) = (context.HttpContext.RequestServices, context.HttpContext.RequestAborted);
        var door = services.GetRequiredService<Dispatcher>();
        var found = Guid.TryParse(context.Principal!.FindFirstValue(SessionClaim), out var id) ? await door.AskAsync(new ReadPortalSession(id), Actor.Nobody, cancellation) : PortalText.WayGone;
        if (!found.Ok)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Scheme);
            return;
        }

        if (found.Value.ToNote)
        {
            await door.SendAsync(new NotePortalUse(id), Actor.ThroughOwnDoor(found.Value.Person.Value, found.Value.Name), cancellation);
        }

        context.ReplacePrincipal(new(new ClaimsIdentity(
            [new(SessionClaim, id.ToString()), new(Actor.PersonClaim, found.Value.Person.ToString()), new(ClaimTypes.Name, found.Value.Name)], Scheme)));
    }

    internal sealed class Mapping : IEntityTypeConfiguration<PortalSession>
    {
        public void Configure(EntityTypeBuilder<PortalSession> builder)
        {
            builder.ToTable("portal_sessions");
            builder.HasKey(session => session.Id);
            builder.HasIndex(session => session.Person);
            MapVersion(builder);
        }
    }
}
