using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>Makes the set-up link of an installation that has no administrator yet; null when there is one.</summary>
internal sealed record CreateSetUpLink : ICommand<SetUpLink>
{
    public static Access Access => Access.Console;

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<CreateSetUpLink, SetUpLink>
    {
        public async Task<Outcome<SetUpLink>> HandleAsync(CreateSetUpLink command, CancellationToken cancellation)
        {
            if (await Administrators.AnyAsync(db, cancellation))
            {
                return new SetUpLink(null);
            }

            var (code, expires) = await OneTimeLink.RenewAsync(db, LinkPurpose.SetUp, null, clock.GetUtcNow(), cancellation);
            journal.Record(new(Fact.House, "set-up.offered") { Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["expiresAt"] = expires } });
            return new SetUpLink(OneTimeLink.PathOf(code));
        }
    }
}

/// <summary>Where to begin, or null when it was begun.</summary>
internal sealed record SetUpLink(string? Path);

/// <summary>What a one-time link is for and whom it greets; for the page before it is used.</summary>
internal sealed record ReadLink(string Code) : IQuery<LinkContent>
{
    public static Access Access => Access.Anyone;

    internal sealed class Handler(DepartDb db, TimeProvider clock) : IHandler<ReadLink, LinkContent>
    {
        public async Task<Outcome<LinkContent>> HandleAsync(ReadLink query, CancellationToken cancellation)
        {
            if (await OneTimeLink.FindAsync(db, query.Code, clock.GetUtcNow(), cancellation) is not { } link)
            {
                return SignInText.LinkSpent;
            }

            var user = await db.Set<User>().FirstOrDefaultAsync(known => known.Id == link.User, cancellation);
            return new LinkContent(link.Purpose, user?.Name, user?.Mail, link.ExpiresAt);
        }
    }
}

/// <summary>A one-time link, as its page shows it: name and mail are to be filled in for the set-up.</summary>
public sealed record LinkContent(LinkPurpose Purpose, string? Name, string? Mail, DateTimeOffset ExpiresAt);

/// <summary>
/// Uses a one-time link: the set-up makes the first administrator, with the roles of daily work too (others take them over later);
/// an invitation gives a user their password.
/// </summary>
internal sealed record SetUp(string Code, string Password, string? Name = null, string? Mail = null) : ICommand<BegunAccount>, IRouted
{
    public static Access Access => Access.Anyone;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/set-up", (SetUp command, ApiDoor door) => door.SendAsync(command)).AllowAnonymous().WithTags("Users").Produces<BegunAccount>();

    internal sealed class Handler(DepartDb db, Passwords passwords, IJournal journal, TimeProvider clock) : IHandler<SetUp, BegunAccount>
    {
        public async Task<Outcome<BegunAccount>> HandleAsync(SetUp command, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            if (await OneTimeLink.FindAsync(db, command.Code, now, cancellation) is not { } link)
            {
                return SignInText.LinkSpent;
            }

            var user = link.Purpose == LinkPurpose.SetUp ? null : await db.FindAsync<User>([link.User!.Value], cancellation);
            if (link.Purpose == LinkPurpose.Invitation && user is not { DisabledAt: null })
            {
                return SignInText.LinkSpent;
            }

            if (user is null)
            {
                var mail = User.Normalise(command.Mail ?? "");
                var problem = UserFields.Check(mail, command.Name) is { Count: > 0 } problems ? Problem.Several(problems)
                    : await Administrators.AnyAsync(db, cancellation) ? SignInText.LinkSpent
                    : await UserFields.TakenAsync(db, mail, cancellation);
                if (problem is not null)
                {
                    return problem;
                }

                user = new() { Mail = mail, Name = command.Name!.Trim(), CreatedAt = now };
                await UsersFollowPeople.BindAsync(db, user, cancellation);
                foreach (var role in UserFields.Grantable)
                {
                    RoleGrant.Give(db, user, role, user.Name, now);
                }

                db.Add(user);
            }

            if (PasswordPolicy.Refusal(command.Password, user.Name, user.Mail) is { } refusal)
            {
                return refusal;
            }

            user.SetPassword(passwords.Hash(command.Password));
            await BrowserSession.EndAllAsync(db, user.Id, SessionEnd.PasswordChanged, now, but: null, cancellation);
            link.End(now);
            journal.Record(UserFacts.Of(user, link.Purpose == LinkPurpose.SetUp ? "set-up.done" : "user.invitation-taken"));
            return new BegunAccount(user.Id, user.Name, user.Mail);
        }
    }
}

/// <summary>Who can sign in now, with this address and the password chosen.</summary>
public sealed record BegunAccount(UserId User, string Name, string Mail);

/// <summary>Users who can administer: enabled, with a password or a passkey, holding the role.</summary>
internal static class Administrators
{
    public static async Task<bool> AnyAsync(DepartDb db, CancellationToken cancellation) => (await AllAsync(db, cancellation)).Count > 0;

    /// <summary>Whether somebody else than this user can administer.</summary>
    public static async Task<bool> AnyButAsync(DepartDb db, UserId user, CancellationToken cancellation) =>
        (await AllAsync(db, cancellation)).Exists(id => id != user);

    private static async Task<List<UserId>> AllAsync(DepartDb db, CancellationToken cancellation) =>
        [.. (await db.Set<User>().Where(user => user.DisabledAt == null && (user.PasswordHash != null || db.Set<Passkey>().Any(passkey => passkey.User == user.Id))).ToListAsync(cancellation))
            .Where(user => user.Roles.Contains(Role.Admin)).Select(user => user.Id)];
}

/// <summary>The fields of a user, checked.</summary>
internal static class UserFields
{
    /// <summary>Roles that can be granted; the others follow from departures.</summary>
    public static IReadOnlyList<Role> Grantable { get; } = [Role.Admin, Role.It, Role.Hr, Role.Security, Role.Auditor];

    private static readonly Words BoundRole = new("The role {0} follows from departures and cannot be granted.", "Le rôle {0} découle des départs et ne peut pas être accordé.");
    private static readonly Words Taken = new("{0} is already a user.", "{0} est déjà utilisateur.");

    public static List<Problem> Check(string mail, string? name)
    {
        List<Problem> problems = [];
        if (mail.Length == 0)
        {
            problems.Add(Problem.Required("Mail", SignInText.Mail));
        }
        else if (mail.Length > 254 || mail.Any(char.IsWhiteSpace) || mail.Split('@') is not [{ Length: > 0 }, { Length: > 0 }])
        {
            problems.Add(SignInText.MailWrong with { Message = SignInText.MailWrong.Message.With(mail) });
        }

        if (string.IsNullOrWhiteSpace(name))
        {
            problems.Add(Problem.Required("Name", SignInText.Name));
        }

        return problems;
    }

    public static IEnumerable<Problem> Check(IEnumerable<Role> roles) => roles.Where(role => !Grantable.Contains(role))
        .Select(role => Problem.Invalid("Roles", "bound-role", BoundRole.With(SignInText.Of(role))));

    public static async Task<Problem?> TakenAsync(DepartDb db, string mail, CancellationToken cancellation) =>
        await db.Set<User>().AnyAsync(user => user.Mail == mail, cancellation) ? Problem.Invalid("Mail", "mail-taken", Taken.With(mail)) : null;
}
