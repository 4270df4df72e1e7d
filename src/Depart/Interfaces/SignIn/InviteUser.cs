using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Interfaces.SignIn.Providers;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>Invites somebody: the link in the answer lets them choose a password, once. Whoever of the record has that address is who they are (<see cref="BindUser"/> says otherwise).</summary>
internal sealed record InviteUser(string Mail, string Name, IReadOnlyList<Role> Roles) : ICommand<Invitation>, IRouted, IChecked, IRequiresProof
{
    public static Access Access => Access.To(Role.Admin);

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/users", (InviteUser command, ApiDoor door) => door.SendAsync(command)).WithTags("Users");

    public IEnumerable<Problem> Check() => [.. UserFields.Check(User.Normalise(Mail ?? ""), Name), .. UserFields.Check(Roles ?? [])];

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal, TimeProvider clock) : IHandler<InviteUser, Invitation>
    {
        public async Task<Outcome<Invitation>> HandleAsync(InviteUser command, CancellationToken cancellation)
        {
            var mail = User.Normalise(command.Mail);
            if (await UserFields.TakenAsync(db, mail, cancellation) is { } taken)
            {
                return taken;
            }

            var now = clock.GetUtcNow();
            var user = new User { Mail = mail, Name = command.Name.Trim(), CreatedAt = now };
            foreach (var role in command.Roles ?? [])
            {
                RoleGrant.Give(db, user, role, actor.Name, now);
            }

            await UsersFollowPeople.BindAsync(db, user, cancellation);
            db.Add(user);
            var (code, expires) = await OneTimeLink.RenewAsync(db, LinkPurpose.Invitation, user.Id, now, cancellation);
            journal.Record(UserFacts.Of(user, "user.invited", ("roles", string.Join(' ', user.Roles)), ("person", user.Person?.Value)));
            return new Invitation(user.Id, OneTimeLink.PathOf(code), expires);
        }
    }
}

/// <summary>Makes a new link for a user: the first was lost, or the password. The earlier link ends; the password goes on until another is chosen.</summary>
internal sealed record InviteAgain(UserId User) : ICommand<Invitation>, IRouted, IRequiresProof
{
    public static Access Access => Access.To(Role.Admin);

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/users/{user}/invitation", (UserId user, ApiDoor door) => door.SendAsync(new InviteAgain(user))).WithTags("Users");

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<InviteAgain, Invitation>
    {
        public async Task<Outcome<Invitation>> HandleAsync(InviteAgain command, CancellationToken cancellation)
        {
            if (await db.FindAsync<User>([command.User], cancellation) is not { } user)
            {
                return Problem.NotFound(SignInText.User);
            }

            if (user.DisabledAt is not null)
            {
                return SignInText.UserDisabled;
            }

            var (code, expires) = await OneTimeLink.RenewAsync(db, LinkPurpose.Invitation, user.Id, clock.GetUtcNow(), cancellation);
            journal.Record(UserFacts.Of(user, "user.invited-again"));
            return new Invitation(user.Id, OneTimeLink.PathOf(code), expires);
        }
    }
}

/// <summary>An invitation: the path to open on this server, told once.</summary>
public sealed record Invitation(UserId User, string Path, DateTimeOffset ExpiresAt);

/// <summary>The users, by name.</summary>
internal sealed record ListUsers : IQuery<IReadOnlyList<UserRow>>, IRouted
{
    public static Access Access => Access.To(Role.Admin, Role.Security, Role.Auditor);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/users", (ApiDoor door) => door.AskAsync(new ListUsers())).WithTags("Users");

    internal sealed class Handler(DepartDb db) : IHandler<ListUsers, IReadOnlyList<UserRow>>
    {
        public async Task<Outcome<IReadOnlyList<UserRow>>> HandleAsync(ListUsers query, CancellationToken cancellation)
        {
            var users = await db.Set<User>().OrderBy(user => user.Name).ThenBy(user => user.Mail).ToListAsync(cancellation);
            var people = users.Select(user => user.Person).OfType<PersonId>().ToList();
            var names = await db.Set<Person>().Where(person => people.Contains(person.Id)).ToDictionaryAsync(person => person.Id, person => person.GivenName + " " + person.FamilyName, cancellation);
            var coded = await db.Set<SecondStep>().Select(step => step.User).ToHashSetAsync(cancellation);
            var keyed = await db.Set<Passkey>().Where(passkey => passkey.User != null).Select(passkey => passkey.User!.Value).Distinct().ToHashSetAsync(cancellation);
            var tied = (await db.Set<ProvidedIdentity>().ToListAsync(cancellation)).ToLookup(identity => identity.User, identity => identity.Provider);
            var given = (await db.Set<RoleGrant>().ToListAsync(cancellation)).ToLookup(grant => grant.User);
            return users.ConvertAll(user => UserRow.Of(user, keyed.Contains(user.Id), [.. tied[user.Id].Order(StringComparer.Ordinal)]) with { Given = [.. given[user.Id].OrderBy(grant => grant.Role).Select(grant => new GivenRole(grant.Role, grant.ByName, grant.At) { Within = user.Within.Of(grant.Role) })], SecondStep = coded.Contains(user.Id), PersonName = user.Person is { } person ? names.GetValueOrDefault(person) : null });
        }
    }
}

/// <summary>Who one is.</summary>
internal sealed record WhoAmI : IQuery<Myself>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/me", (ApiDoor door) => door.AskAsync(new WhoAmI())).WithTags("Users");

    internal sealed class Handler(DepartDb db, Actor actor) : IHandler<WhoAmI, Myself>
    {
        public async Task<Outcome<Myself>> HandleAsync(WhoAmI query, CancellationToken cancellation)
        {
            var id = UserId.From(actor.User ?? Guid.Empty);
            var user = await db.Set<User>().FirstOrDefaultAsync(known => known.Id == id, cancellation);
            return new Myself(user?.Id, actor.Name, user?.Mail, [.. actor.Roles.Order()], actor.Person, user?.Language, actor.ReadOnly) { Zone = user?.Zone, Within = RoleOfUnits.Of(actor.Within) };
        }
    }
}

/// <summary>Oneself; user and mail are null for a token that belongs to nobody.</summary>
public sealed record Myself(UserId? User, string Name, string? Mail, IReadOnlyList<Role> Roles, Guid? Person, string? Language, bool ReadOnly)
{
    /// <summary>IANA zone chosen, or null: that of the house.</summary>
    public string? Zone { get; init; }

    /// <summary>Roles that count for the departures of some units only.</summary>
    public IReadOnlyList<RoleOfUnits> Within { get; init; } = [];
}

/// <summary>How a user stands.</summary>
public enum UserState
{
    /// <summary>Has no way to sign in yet.</summary>
    Invited,

    /// <summary>Can sign in.</summary>
    Active,

    /// <summary>Shut out until enabled again.</summary>
    Disabled,
}

/// <summary>A user, as listed.</summary>
public sealed record UserRow(
    UserId Id, string Mail, string Name, IReadOnlyList<Role> Roles, PersonId? Person, UserState State, DateTimeOffset CreatedAt, DateTimeOffset? LastSignInAt, long Version)
{
    /// <summary>Who they are in the record, or null.</summary>
    public string? PersonName { get; init; }

    /// <summary>Roles that count for the departures of some units only.</summary>
    public IReadOnlyList<RoleOfUnits> Within { get; init; } = [];

    /// <summary>Who gave them their roles, and when.</summary>
    public IReadOnlyList<GivenRole> Given { get; init; } = [];

    /// <summary>A code is asked after the password.</summary>
    public bool SecondStep { get; init; }

    /// <summary>Has a passkey.</summary>
    public bool Passkey { get; init; }

    /// <summary>The identity providers by which they sign in.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    internal static UserRow Of(User user, bool keyed, IReadOnlyList<string> providers) => new(
        user.Id, user.Mail, user.Name, [.. user.Roles.Order()], user.Person,
        user switch
        {
            { DisabledAt: not null } => UserState.Disabled,
            { PasswordHash: null } when !keyed && providers.Count == 0 => UserState.Invited,
            _ => UserState.Active,
        },
        user.CreatedAt, user.LastSignInAt, user.Version)
    { Passkey = keyed, Providers = providers, Within = RoleOfUnits.Of(user.Within) };
}

/// <summary>A role that counts for the departures of some units only.</summary>
/// <param name="Role">Which.</param>
/// <param name="Units">The units, by name.</param>
public sealed record RoleOfUnits(Role Role, IReadOnlyList<string> Units)
{
    /// <summary>The role and its units, as people read them.</summary>
    internal Words Said => SignInPageText.WithinUnits.With(SignInPageText.Of(Role), string.Join(", ", Units));

    internal static IReadOnlyList<RoleOfUnits> Of(RolesWithin within) => [.. within.Roles.Order().Select(role => new RoleOfUnits(role, within.Of(role)))];
}
