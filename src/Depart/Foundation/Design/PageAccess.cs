using Depart.Foundation.Door;
using Microsoft.AspNetCore.Authorization;

namespace Depart.Foundation.Design;

/// <summary>Says who may open a page. A page without one does not pass the house tests; the menu shows only what may be opened.</summary>
internal interface IPageAccess
{
    /// <summary>Whether the actor may open the page.</summary>
    bool Allows(Actor actor);
}

/// <summary>A page for these roles; open to whoever holds one within some units, when it is to mission managers: such a page shows what is theirs.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OpenToAttribute(params Role[] roles) : Attribute, IAuthorizeData, IPageAccess
{
    /// <summary>It is about one departure, and its questions say who may: whoever holds a role within units may open it too.</summary>
    public bool OfDeparture { get; init; }

    /// <summary>How a role held within units is told beside the others.</summary>
    internal const string Within = "within:";

    /// <inheritdoc/>
    public string? Policy { get; set; }

    /// <inheritdoc/>
    public string? Roles { get => string.Join(',', roles.Select(role => role.ToString()).Concat(AlsoWithin ? roles.Select(role => Within + role) : [])); set => throw new NotSupportedException("The roles are those given."); }

    /// <inheritdoc/>
    public string? AuthenticationSchemes { get; set; }

    bool IPageAccess.Allows(Actor actor) => actor.Holds(roles) || (AlsoWithin && actor.Within.Roles.Any(roles.Contains));

    private bool AlsoWithin => OfDeparture || roles.Contains(Role.Manager);
}

/// <summary>A page for anyone signed in, whatever the role.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OpenToSignedInAttribute : Attribute, IAuthorizeData, IPageAccess
{
    /// <inheritdoc/>
    public string? Policy { get; set; }

    /// <inheritdoc/>
    public string? Roles { get; set; }

    /// <inheritdoc/>
    public string? AuthenticationSchemes { get; set; }

    bool IPageAccess.Allows(Actor actor) => actor.IsKnown;
}

/// <summary>A page for anyone at all: signing in, errors.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OpenToAnyoneAttribute : Attribute, IAllowAnonymous, IPageAccess
{
    bool IPageAccess.Allows(Actor actor) => true;
}
