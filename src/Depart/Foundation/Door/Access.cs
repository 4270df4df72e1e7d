using System.Security.Claims;

namespace Depart.Foundation.Door;

/// <summary>Who may use a command or query. Deny by default: a command without one does not compile.</summary>
/// <remarks>
/// Roles held within some units (<see cref="RolesWithin"/>) count on a departure of those. Where no departure is named they are let in only where a mission manager is: such a handler shows to
/// whoever does not see all what is theirs.
/// </remarks>
internal sealed record Access
{
    private Access(params Role[] roles) => Roles = roles.ToHashSet();

    /// <summary>Roles that may; empty for the special rules.</summary>
    public IReadOnlySet<Role> Roles { get; }

    /// <summary>Anyone signed in, whatever the role.</summary>
    public bool AnySignedIn { get; private init; }

    /// <summary>Anyone, signed in or not.</summary>
    public bool Public { get; private init; }

    /// <summary>The engine too (or alone, when no role is named).</summary>
    public bool EngineToo { get; private init; }

    /// <summary>Whoever came through their own door.</summary>
    public bool OwnDoor { get; private init; }

    /// <summary>Bound roles (manager, consultant, successor) count only on their own departure.</summary>
    public bool Bound { get; private init; }

    /// <summary>These roles.</summary>
    public static Access To(params Role[] roles) => new(roles);

    /// <summary>Anyone signed in.</summary>
    public static Access SignedIn { get; } = new() { AnySignedIn = true };

    /// <summary>Anyone at all: the sign-in page and its like.</summary>
    public static Access Anyone { get; } = new() { Public = true };

    /// <summary>Only whoever came through their own door (PLT5); the handler holds to own papers.</summary>
    public static Access ThroughOwnDoor { get; } = new() { OwnDoor = true };

    /// <summary>Only the engine.</summary>
    public static Access Engine { get; } = new() { EngineToo = true };

    /// <summary>Only somebody on the server's own console.</summary>
    public static Access Console { get; } = new();

    /// <summary>The engine as well as the roles named.</summary>
    public Access AndEngine => this with { EngineToo = true };

    /// <summary>Manager, consultant and successor only where the departure is theirs.</summary>
    public Access OfThatDeparture => this with { Bound = true };

    /// <summary>
    /// Whether the actor may, given who is bound to the departure concerned (null when none is).
    /// </summary>
    public bool Allows(Actor actor, DepartureParties? parties)
    {
        if (Public || (EngineToo && actor.Via == Via.Engine) || actor.Via == Via.Console)
        {
            return true;
        }

        if (actor.Via == Via.OwnDoor)
        {
            return OwnDoor || (Bound && Roles.Contains(Role.Consultant) && parties is not null && IsBound(Role.Consultant, actor, parties));
        }

        if (!actor.IsKnown)
        {
            return false;
        }

        return AnySignedIn || Roles.Any(role => actor.Roles.Contains(role) && (!Bound || parties is null || IsBound(role, actor, parties)))
            || Roles.Any(role => parties is null ? Roles.Contains(Role.Manager) && actor.Within.Roles.Contains(role) : actor.Within.Holds(role, parties.Unit));
    }

    private static bool IsBound(Role role, Actor actor, DepartureParties parties) => role switch
    {
        Role.Manager => actor.Person is { } person && person == parties.Manager,
        Role.Consultant => actor.Person is { } person && person == parties.Leaver,
        Role.Successor => actor.Person is { } person && person == parties.Successor,
        _ => true,
    };
}

/// <summary>Who is bound to a departure, for access and separation. Persons of the record.</summary>
/// <param name="Leaver">The person who leaves.</param>
/// <param name="LeaverSupplier">Their supplier, or null when independent.</param>
/// <param name="Manager">The mission's manager, or null.</param>
/// <param name="Successor">Who takes over, or null.</param>
internal sealed record DepartureParties(Guid Leaver, Guid? LeaverSupplier, Guid? Manager, Guid? Successor)
{
    /// <summary>The unit of the mission, or null: a role held within units counts when this is one of them.</summary>
    public string? Unit { get; init; }

    /// <summary>Nobody but the named few may know of it: its tasks lie on no desk, whatever asks.</summary>
    public bool UnderEmbargo { get; init; }

    /// <summary>The leaver is absent or replaced: the supplier's contact stands in, and without a supplier the manager.</summary>
    public bool LeaverAway { get; init; }
}

/// <summary>Reads again who asks, for what goes on longer than its request began with; implemented where sessions are.</summary>
internal interface ISessionNow
{
    /// <summary>Whoever a session names, with the roles that they hold now; null when it has ended, or its user was shut out.</summary>
    Task<Actor?> ActorAsync(ClaimsPrincipal principal, CancellationToken cancellation);
}

/// <summary>Tells who is bound to a departure; implemented by the room that owns departures.</summary>
internal interface IDepartureBinding
{
    /// <summary>The parties of a departure, or null when there is no such departure.</summary>
    Task<DepartureParties?> OfDepartureAsync(Guid departure, CancellationToken cancellation);

    /// <summary>
    /// The parties as they would be for a departure of that person: used by commands on a person. Their unit when all their missions are in one, otherwise none: who works for several is
    /// nobody's alone.
    /// </summary>
    Task<DepartureParties?> OfPersonAsync(Guid person, CancellationToken cancellation);

    /// <summary>The roles that somebody holds through departures: manager of a mission, consultant who leaves, successor.</summary>
    Task<IReadOnlyList<Role>> RolesOfAsync(Guid person, CancellationToken cancellation);

    /// <summary>
    /// The suppliers for which a person works: the one that the record names for them, and those of their missions that have not ended, or whose departure is not over. One may be employed by one
    /// and sent by another.
    /// </summary>
    Task<IReadOnlySet<Guid>> SuppliersOfAsync(Guid person, CancellationToken cancellation);
}

/// <summary>A command or query on one departure: bound roles and separation look at it.</summary>
internal interface IOnDeparture
{
    /// <summary>The departure concerned.</summary>
    Guid DepartureKey { get; }
}

/// <summary>A command or query on one person as a leaver: separation looks at it.</summary>
internal interface IOnPerson
{
    /// <summary>The person concerned.</summary>
    Guid PersonKey { get; }
}

/// <summary>
/// A change that belongs to whoever's desk it lies on, the leaver and people of the same supplier included: separation, which keeps everyone from acting on their own departure, does not
/// count. The handler checks the desk.
/// </summary>
internal interface IOwnPart;
