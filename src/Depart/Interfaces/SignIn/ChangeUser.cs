using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>Grants a role, everywhere or for the departures of some units only (PRV4); in place of how it was held before.</summary>
/// <remarks>Within: the units, by name as missions bear it; none: everywhere. It, hr, security and auditor may be held so.</remarks>
internal sealed record GrantRole(UserId User, Role Role, IReadOnlyList<string>? Within = null) : ICommand<Done>, IRouted, IChecked, IRequiresProof
{
    private static readonly Words Everywhere = new("The role {0} counts everywhere: it cannot be limited to units.", "Le rôle {0} vaut partout\u00a0: il ne se limite pas à des entités.");
    private static readonly Words NoUnit = new("No mission bears the unit “{0}”.", "Aucune mission ne porte l’entité «\u00a0{0}\u00a0».");
    private static readonly Words TooMany = new("At most {0} units.", "{0} entités au plus.");

    /// <summary>Most units of one role.</summary>
    private const int Most = 50;

    public static Access Access => Access.To(Role.Admin);

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/users/{user}/roles/{role}", (UserId user, string role, Body? body, ApiDoor door) =>
            ChangeUser.RoleOf(role) is { } known ? door.SendAsync(new GrantRole(user, known, body?.Within)) : ChangeUser.NoSuchRole(role)).WithTags("Users");

    public IEnumerable<Problem> Check() =>
    [
        .. UserFields.Check([Role]),
        .. Units.Count > 0 && UserFields.Grantable.Contains(Role) && !RolesWithin.Possible.Contains(Role) ? [Problem.Invalid(nameof(Within), "role-not-limited", Everywhere.With(SignInText.Of(Role)))] : Array.Empty<Problem>(),
        .. Units.Count > Most ? [Problem.Invalid(nameof(Within), "too-many", TooMany.With(Most))] : Array.Empty<Problem>(),
    ];

    private IReadOnlyList<string> Units => [.. (Within ?? []).Select(unit => unit?.Trim() ?? "").Where(unit => unit.Length > 0).Distinct(StringComparer.Ordinal)];

    internal sealed record Body(IReadOnlyList<string>? Within);

    internal sealed class Handler(DepartDb db, RequestSlot request, Actor actor, IJournal journal, TimeProvider clock) : IHandler<GrantRole, Done>
    {
        public Task<Outcome<Done>> HandleAsync(GrantRole command, CancellationToken cancellation) =>
            ChangeUser.ApplyAsync(db, request, command.User, async user =>
            {
                var units = command.Units;
                foreach (var unit in units)
                {
                    if (!await db.Set<Mission>().AnyAsync(mission => mission.Unit == unit, cancellation))
                    {
                        return Problem.Invalid(nameof(Within), "no-such-unit", NoUnit.With(unit));
                    }
                }

                await RoleGrant.GiveByHandAsync(db, user, command.Role, units, actor.Name, clock.GetUtcNow(), cancellation);
                journal.Record(UserFacts.Of(user, "user.role-granted", [("role", command.Role.ToString()), .. units.Count > 0 ? [("units", string.Join(" · ", units))] : Array.Empty<(string, object?)>()]));
                return null;
            }, cancellation);
    }
}

/// <summary>Takes a role away; the last administrator keeps theirs.</summary>
internal sealed record WithdrawRole(UserId User, Role Role) : ICommand<Done>, IRouted
{
    public static Access Access => Access.To(Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/users/{user}/roles/{role}", (UserId user, string role, ApiDoor door) => ChangeUser.RoleOf(role) is { } known ? door.SendAsync(new WithdrawRole(user, known)) : ChangeUser.NoSuchRole(role)).WithTags("Users");

    internal sealed class Handler(DepartDb db, RequestSlot request, IJournal journal) : IHandler<WithdrawRole, Done>
    {
        public Task<Outcome<Done>> HandleAsync(WithdrawRole command, CancellationToken cancellation) =>
            ChangeUser.ApplyAsync(db, request, command.User, async user =>
            {
                if (command.Role == Role.Admin && !await Administrators.AnyButAsync(db, user.Id, cancellation))
                {
                    return SignInText.LastAdministrator;
                }

                await RoleGrant.TakeAsync(db, user, command.Role, cancellation);
                journal.Record(UserFacts.Of(user, "user.role-withdrawn", ("role", command.Role.ToString())));
                return null;
            }, cancellation);
    }
}

/// <summary>Shuts a user out at once: sessions and tokens stop too. Never the last administrator.</summary>
internal sealed record DisableUser(UserId User) : ICommand<Done>, IRouted
{
    public static Access Access => Access.To(Role.Admin, Role.Security);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/users/{user}/disable", (UserId user, ApiDoor door) => door.SendAsync(new DisableUser(user))).WithTags("Users");

    internal sealed class Handler(DepartDb db, RequestSlot request, IJournal journal, TimeProvider clock) : IHandler<DisableUser, Done>
    {
        public Task<Outcome<Done>> HandleAsync(DisableUser command, CancellationToken cancellation) =>
            ChangeUser.ApplyAsync(db, request, command.User, async user =>
            {
                if (!await Administrators.AnyButAsync(db, user.Id, cancellation))
                {
                    return SignInText.LastAdministrator;
                }

                user.Disable(clock.GetUtcNow());
                await BrowserSession.EndAllAsync(db, user.Id, SessionEnd.UserDisabled, clock.GetUtcNow(), but: null, cancellation);
                journal.Record(UserFacts.Of(user, "user.disabled"));
                return null;
            }, cancellation);
    }
}

/// <summary>Lets a disabled user in again, with the password and roles they had.</summary>
internal sealed record EnableUser(UserId User) : ICommand<Done>, IRouted
{
    public static Access Access => Access.To(Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/users/{user}/enable", (UserId user, ApiDoor door) => door.SendAsync(new EnableUser(user))).WithTags("Users");

    internal sealed class Handler(DepartDb db, RequestSlot request, IJournal journal) : IHandler<EnableUser, Done>
    {
        public Task<Outcome<Done>> HandleAsync(EnableUser command, CancellationToken cancellation) =>
            ChangeUser.ApplyAsync(db, request, command.User, user =>
            {
                user.Enable();
                journal.Record(UserFacts.Of(user, "user.enabled"));
                return Task.FromResult<Problem?>(null);
            }, cancellation);
    }
}

/// <summary>
/// Says who of the record a user is, or that they are nobody there: separation looks at it. Nobody loosens their own: an
/// administrator who leaves would free themselves of the rule.
/// </summary>
internal sealed record BindUser(UserId User, PersonId? Person) : ICommand<Done>, IRouted
{
    public static Access Access => Access.To(Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/users/{user}/person", (UserId user, Body body, ApiDoor door) => door.SendAsync(new BindUser(user, body.Person))).WithTags("Users");

    internal sealed record Body(PersonId? Person);

    internal sealed class Handler(DepartDb db, Actor actor, RequestSlot request, IJournal journal) : IHandler<BindUser, Done>
    {
        public Task<Outcome<Done>> HandleAsync(BindUser command, CancellationToken cancellation) =>
            ChangeUser.ApplyAsync(db, request, command.User, async user =>
            {
                if (actor.User == user.Id.Value && user.Person is not null)
                {
                    return SignInText.OwnBinding;
                }

                if (command.Person is { } person && !await db.Set<Person>().AnyAsync(known => known.Id == person, cancellation))
                {
                    return Problem.NotFound(SignInText.Person);
                }

                if (command.Person is not null && await db.Set<User>().AnyAsync(other => other.Person == command.Person && other.Id != user.Id, cancellation))
                {
                    return SignInText.PersonTaken;
                }

                user.Bind(command.Person);
                journal.Record(UserFacts.Of(user, "user.bound", ("person", command.Person?.Value)));
                return null;
            }, cancellation);
    }
}

/// <summary>Finds the user, looks at the version read, applies a change.</summary>
internal static class ChangeUser
{
    private static readonly Words NoRole = new("There is no role “{0}”.", "Il n’y a pas de rôle « {0} ».");

    /// <summary>A role as an address names it, whatever the case; null for none.</summary>
    public static Role? RoleOf(string text) => Enum.TryParse<Role>(text, ignoreCase: true, out var role) && Enum.IsDefined(role) ? role : null;

    public static Task<IResult> NoSuchRole(string text) => Task.FromResult<IResult>(ApiDoor.Failed(Problem.Invalid("role", "no-such-role", NoRole.With(text))));

    public static async Task<Outcome<Done>> ApplyAsync(DepartDb db, RequestSlot request, UserId id, Func<User, Task<Problem?>> change, CancellationToken cancellation)
    {
        if (await db.FindAsync<User>([id], cancellation) is not { } user)
        {
            return Problem.NotFound(SignInText.User);
        }

        if (!user.IsAt(request.Context.Version))
        {
            return Problem.Stale;
        }

        return await change(user) is { } problem ? problem : Done.Value;
    }
}
