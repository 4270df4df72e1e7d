using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>Grants a role.</summary>
internal sealed record GrantRole(UserId User, Role Role) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/users/{user}/roles/{role}", (UserId user, string role, ApiDoor door) => ChangeUser.RoleOf(role) is { } known ? door.SendAsync(new GrantRole(user, known)) : ChangeUser.NoSuchRole(role)).WithTags("Users");

    public IEnumerable<Problem> Check() => UserFields.Check([Role]);

    internal sealed class Handler(DepartDb db, RequestSlot request, Actor actor, IJournal journal, TimeProvider clock) : IHandler<GrantRole, Done>
    {
        public Task<Outcome<Done>> HandleAsync(GrantRole command, CancellationToken cancellation) =>
            ChangeUser.ApplyAsync(db, request, command.User, async user =>
            {
                await RoleGrant.GiveByHandAsync(db, user, command.Role, actor.Name, clock.GetUtcNow(), cancellation);
                journal.Record(UserFacts.Of(user, "user.role-granted", ("role", command.Role.ToString())));
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
