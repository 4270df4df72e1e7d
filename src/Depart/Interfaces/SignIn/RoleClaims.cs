using System.Security.Claims;
using Depart.Foundation.Design;
using Depart.Foundation.Door;

namespace Depart.Interfaces.SignIn;

/// <summary>Says in claims which roles somebody holds.</summary>
internal static class RoleClaims
{
    /// <summary>Roles held everywhere; those held within units, once for the handlers with their units, and once for pages, by another name than the role's own.</summary>
    public static IEnumerable<Claim> Of(IEnumerable<Role> roles, RolesWithin within) =>
    [
        .. roles.Select(role => new Claim(ClaimTypes.Role, role.ToString())),
        .. within.Roles.Select(role => new Claim(ClaimTypes.Role, OpenToAttribute.Within + role)),
        .. within.Said.Select(said => new Claim(Actor.WithinClaim, said)),
    ];
}
