using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Interfaces.SignIn;

/// <summary>Who gave a user a role, and when, for as long as they hold it (PRV4); the journal keeps the rest.</summary>
internal sealed class RoleGrant
{
    public UserId User { get; init; }

    public Role Role { get; init; }

    /// <summary>Who gave it, by name as it was; the console for somebody on the server itself, and the user's own name for the first administrator.</summary>
    public string ByName { get; init; } = "";

    /// <summary>UTC.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The identity provider that gives it, and takes it back at a later sign-in; null when somebody granted it.</summary>
    public string? Provider { get; init; }

    /// <summary>Gives a role everywhere; nothing happens when it is held already, within some units too: what somebody limited, no provider widens.</summary>
    public static void Give(DepartDb db, User user, Role role, string by, DateTimeOffset now, string? provider = null)
    {
        if (!user.Holds(role))
        {
            user.Grant(role);
            db.Add(new RoleGrant { User = user.Id, Role = role, ByName = by, At = now, Provider = provider });
        }
    }

    /// <summary>
    /// Gives a role for good, everywhere or within units: one that a provider gives is somebody's word from now on, and no provider takes it back. Nothing happens when somebody granted the
    /// same before.
    /// </summary>
    public static async Task GiveByHandAsync(DepartDb db, User user, Role role, IReadOnlyCollection<string> within, string by, DateTimeOffset now, CancellationToken cancellation)
    {
        var known = await db.Set<RoleGrant>().FirstOrDefaultAsync(grant => grant.User == user.Id && grant.Role == role, cancellation);
        if (known is { Provider: null } && user.Roles.Contains(role) == (within.Count == 0) && user.Within.Of(role).ToHashSet(StringComparer.Ordinal).SetEquals(within))
        {
            return;
        }

        await db.Set<RoleGrant>().Where(grant => grant.User == user.Id && grant.Role == role).ExecuteDeleteAsync(cancellation);
        if (known is not null)
        {
            db.Entry(known).State = EntityState.Detached;
        }

        user.Grant(role, within);
        db.Add(new RoleGrant { User = user.Id, Role = role, ByName = by, At = now });
    }

    /// <summary>Takes a role away.</summary>
    public static async Task TakeAsync(DepartDb db, User user, Role role, CancellationToken cancellation)
    {
        user.Withdraw(role);
        db.RemoveRange(await db.Set<RoleGrant>().Where(grant => grant.User == user.Id && grant.Role == role).ToListAsync(cancellation));
    }

    internal sealed class Mapping : IEntityTypeConfiguration<RoleGrant>
    {
        public void Configure(EntityTypeBuilder<RoleGrant> builder)
        {
            builder.ToTable("role_grants");
            builder.HasKey(grant => new { grant.User, grant.Role });
            builder.Property(grant => grant.ByName).HasMaxLength(200);
            builder.Property(grant => grant.Provider).HasMaxLength(40);
        }
    }
}

/// <summary>A role somebody holds, with who gave it and when.</summary>
/// <param name="Role">Which.</param>
/// <param name="By">Who gave it, by name.</param>
/// <param name="At">UTC.</param>
public sealed record GivenRole(Role Role, string By, DateTimeOffset At)
{
    /// <summary>The units for whose departures alone it counts, by name; empty: everywhere.</summary>
    public IReadOnlyList<string> Within { get; init; } = [];
}
