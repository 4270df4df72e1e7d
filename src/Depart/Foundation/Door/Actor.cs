using System.Security.Claims;

namespace Depart.Foundation.Door;

/// <summary>By which door someone came.</summary>
public enum Via
{
    /// <summary>The engine, on the clock.</summary>
    Engine,

    /// <summary>A page in the browser.</summary>
    Page,

    /// <summary>The REST API or the command line, with a token.</summary>
    Api,

    /// <summary>The command line beside the data, server stopped or starting.</summary>
    Console,

    /// <summary>A link from a mail, without an account: one thing of one person.</summary>
    Link,

    /// <summary>The leaver's own door, without an account: own papers only.</summary>
    OwnDoor,
}

/// <summary>Who acts. Never null: an anonymous caller is <see cref="Nobody"/> and holds no role.</summary>
/// <param name="User">The user account, or null for the engine and for nobody.</param>
/// <param name="Person">The person of the record this user is, if any: what separation looks at.</param>
/// <param name="Name">The name shown in the journal (a personal value there).</param>
/// <param name="Roles">Roles held now.</param>
/// <param name="Via">The door.</param>
internal sealed record Actor(Guid? User, Guid? Person, string Name, IReadOnlySet<Role> Roles, Via Via)
{
    /// <summary>Claim holding the person's identifier.</summary>
    public const string PersonClaim = "depart:person";

    /// <summary>Claim holding the IANA zone in which they read instants. Absent when it is that of the house.</summary>
    public const string ZoneClaim = "depart:zone";

    /// <summary>Claim holding the token's scope: <c>read</c> or <c>write</c>. Absent in a browser session.</summary>
    public const string ScopeClaim = "depart:scope";

    /// <summary>Claim holding the identifier of the token used.</summary>
    public const string TokenClaim = "depart:token";

    /// <summary>Claim holding a role held within a unit, as <see cref="RolesWithin"/> says it; one claim each.</summary>
    public const string WithinClaim = "depart:within";

    /// <summary>Claim holding when the password was last given in this session, in UTC epoch milliseconds.</summary>
    public const string ProvedClaim = "depart:proved";

    /// <summary>Claim holding the identifier of the browser's session.</summary>
    public const string SessionClaim = "depart:session";

    /// <summary>The engine: may send only what is declared for it.</summary>
    public static Actor Engine { get; } = new(null, null, "Depart", new HashSet<Role>(), Via.Engine);

    /// <summary>Somebody on the server's own console, who holds the data anyway: everything is journalled under this name.</summary>
    public static Actor Console { get; } = new(null, null, "console", Enum.GetValues<Role>().ToHashSet(), Via.Console);

    /// <summary>Not signed in.</summary>
    public static Actor Nobody { get; } = new(null, null, "", new HashSet<Role>(), Via.Page);

    /// <summary>
    /// Somebody without an account who opened a link. Not known, so no command but those open to anyone hears them; what they do is journalled in their name.
    /// </summary>
    public static Actor ByLink(Guid? person, string name) => new(null, person, name, new HashSet<Role>(), Via.Link);

    /// <summary>
    /// A person of the record who came through their own door. A consultant and nothing else, whatever an account of theirs holds; no command hears them but those that say so
    /// (<see cref="Access.ThroughOwnDoor"/>), and those of a consultant on their own departure.
    /// </summary>
    public static Actor ThroughOwnDoor(Guid person, string name) => new(null, person, name, new HashSet<Role> { Role.Consultant }, Via.OwnDoor);

    /// <summary>Roles that count for the departures of some units only.</summary>
    public RolesWithin Within { get; init; } = RolesWithin.None;

    /// <summary>Signed in with a token that may only read.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The token used, or null in a session.</summary>
    public Guid? Token { get; init; }

    /// <summary>The browser's session, or null with a token.</summary>
    public Guid? Session { get; init; }

    /// <summary>IANA zone in which they read instants, or null: that of the house.</summary>
    public string? Zone { get; init; }

    /// <summary>Signed in.</summary>
    public bool IsKnown => User is not null || Via is Via.Engine or Via.Console;

    /// <summary>Holds one of the roles everywhere.</summary>
    public bool Holds(params Role[] roles) => roles.Any(Roles.Contains);

    /// <summary>As they are towards a departure of that unit: what they hold within it is a role like any other.</summary>
    public Actor In(string? unit) => Within.In(unit).ToList() is { Count: > 0 } roles ? this with { Roles = Roles.Union(roles).ToHashSet() } : this;

    /// <summary>When the password was last given in this session, or null: for <see cref="RequestContext.ProvedAt"/>.</summary>
    public static DateTimeOffset? ProvedAtOf(ClaimsPrincipal principal) =>
        long.TryParse(principal.FindFirstValue(ProvedClaim), out var at) ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>By which door a signed-in caller came: a token is the API, a session is a page.</summary>
    public static Via ViaOf(ClaimsPrincipal principal) => principal.HasClaim(claim => claim.Type == ScopeClaim) ? Via.Api : Via.Page;

    /// <summary>Reads the actor from the claims, with the door that they tell.</summary>
    public static Actor From(ClaimsPrincipal principal) => From(principal, ViaOf(principal));

    /// <summary>Reads the actor from the claims that sign-in wrote.</summary>
    public static Actor From(ClaimsPrincipal principal, Via via)
    {
        if (!Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out var user))
        {
            return Nobody with { Via = via };
        }

        var roles = principal.FindAll(ClaimTypes.Role)
            .Select(claim => Enum.TryParse<Role>(claim.Value, out var role) ? role : (Role?)null)
            .OfType<Role>().ToHashSet();
        var person = Guid.TryParse(principal.FindFirstValue(PersonClaim), out var id) ? id : (Guid?)null;
        return new(user, person, principal.FindFirstValue(ClaimTypes.Name) ?? "", roles, via)
        {
            Within = RolesWithin.Read(principal.FindAll(WithinClaim).Select(claim => claim.Value)),
            Zone = principal.FindFirstValue(ZoneClaim),
            ReadOnly = principal.FindFirstValue(ScopeClaim) == "read",
            Token = Guid.TryParse(principal.FindFirstValue(TokenClaim), out var token) ? token : null,
            Session = Guid.TryParse(principal.FindFirstValue(SessionClaim), out var session) ? session : null,
        };
    }
}

/// <summary>Holds the actor of one scope; set once by the dispatcher.</summary>
internal sealed class ActorSlot
{
    /// <summary>The actor of this scope.</summary>
    public Actor Actor { get; set; } = Actor.Nobody;
}

/// <summary>Scopes of the engine's own, beside the door.</summary>
internal static class EngineScopes
{
    /// <summary>Opens a scope in which the engine acts: its context reads everything. For work on the clock, never for somebody's request.</summary>
    public static AsyncServiceScope CreateEngineScope(this IServiceScopeFactory scopes)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ActorSlot>().Actor = Actor.Engine;
        return scope;
    }
}
