using Depart.Foundation.Door;
using Microsoft.AspNetCore.Authorization;

namespace Depart.Foundation.Design;

/// <summary>Says who may open a page. A page without one does not pass the house tests; the menu shows only what may be opened.</summary>
internal interface IPageAccess
{
    /// <summary>Whether the actor may open the page.</summary>
    bool Allows(Actor actor);
}

/// <summary>A page for these roles.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OpenToAttribute(params Role[] roles) : Attribute, IAuthorizeData, IPageAccess
{
    /// <inheritdoc/>
    public string? Policy { get; set; }

    /// <inheritdoc/>
    public string? Roles { get; set; } = string.Join(',', roles);

    /// <inheritdoc/>
    public string? AuthenticationSchemes { get; set; }

    bool IPageAccess.Allows(Actor actor) => actor.Holds(roles);
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
