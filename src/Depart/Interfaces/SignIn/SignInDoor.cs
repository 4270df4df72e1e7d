using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// Checks a password, outside any transaction because hashing is slow on purpose, then records what came of it through the dispatcher.
/// </summary>
internal sealed class SignInDoor(DepartDb db, Dispatcher dispatcher, Passwords passwords, TimeProvider clock)
{
    /// <summary>The user whose mail and password these are; one refusal for every cause.</summary>
    public async Task<Outcome<User>> SignInAsync(string? mail, string? password, CancellationToken cancellation)
    {
        var address = User.Normalise(mail ?? "");
        return await CheckAsync(await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(user => user.Mail == address, cancellation), password, again: false, cancellation);
    }

    /// <summary>A user without a password: the demo's roles.</summary>
    public async Task<Outcome<User>> SignInAsync(string mail, CancellationToken cancellation) =>
        await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(user => user.Mail == mail, cancellation) is { DisabledAt: null } user
            ? await NotedAsync(user, again: false, cancellation)
            : SignInText.Refused;

    /// <summary>The user again, by their password.</summary>
    public async Task<Outcome<User>> ProveAsync(Guid user, string? password, CancellationToken cancellation)
    {
        var id = UserId.From(user);
        return await CheckAsync(await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(known => known.Id == id, cancellation), password, again: true, cancellation);
    }

    private async Task<Outcome<User>> CheckAsync(User? user, string? password, bool again, CancellationToken cancellation)
    {
        var fits = passwords.Fits(user, password ?? "");
        if (user is null || user.DisabledAt is not null || user.IsLocked(clock.GetUtcNow()))
        {
            return SignInText.Refused;
        }

        if (fits)
        {
            return await NotedAsync(user, again, cancellation);
        }

        await dispatcher.SendAsync(new NoteWrongPassword(user.Id), Actor.Engine, cancellation);
        return SignInText.Refused;
    }

    private async Task<Outcome<User>> NotedAsync(User user, bool again, CancellationToken cancellation)
    {
        var noted = await dispatcher.SendAsync(new NoteSignIn(again), Actor.From(Session.PrincipalOf(user, null), Via.Page), cancellation);
        return noted.Ok ? user : noted.Problem;
    }
}

/// <summary>Signs the command line in: a token of one's own, for a mail and a password.</summary>
internal sealed record LogIn(string Mail, string Password, string Name, int Days = 30) : IRouted
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/login", async (LogIn login, SignInDoor signIn, Dispatcher dispatcher, CancellationToken cancellation) =>
        {
            var user = await signIn.SignInAsync(login.Mail, login.Password, cancellation);
            if (!user.Ok)
            {
                return ApiDoor.Failed(user.Problem);
            }

            var actor = Actor.From(Session.PrincipalOf(user.Value, null), Via.Api);
            var created = await dispatcher.SendAsync(new CreateToken(login.Name, user.Value.Roles, ReadOnly: false, login.Days), actor, cancellation);
            return created.Ok ? Results.Ok(created.Value) : ApiDoor.Failed(created.Problem);
        }).AllowAnonymous().WithTags("Tokens").Produces<CreatedToken>();
}

/// <summary>Records that one has signed in, or given the password again; refused when the account was locked in the meantime.</summary>
internal sealed record NoteSignIn(bool Again) : ICommand<Done>
{
    public static Access Access => Access.SignedIn;

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal, TimeProvider clock) : IHandler<NoteSignIn, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(NoteSignIn command, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            if (actor.User is not { } id || await db.FindAsync<User>([UserId.From(id)], cancellation) is not { DisabledAt: null } user || user.IsLocked(now))
            {
                return SignInText.Refused;
            }

            user.SignedIn(now);
            journal.Record(UserFacts.Of(user, command.Again ? "user.proved" : "user.signed-in"));
            return Done.Value;
        }
    }
}

/// <summary>Counts a wrong password; the fifth in a row locks the account, which is journalled.</summary>
internal sealed record NoteWrongPassword(UserId User) : ICommand<Done>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<NoteWrongPassword, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(NoteWrongPassword command, CancellationToken cancellation)
        {
            if (await db.FindAsync<User>([command.User], cancellation) is { } user && user.WrongPassword(clock.GetUtcNow()))
            {
                journal.Record(UserFacts.Of(user, "user.locked"));
            }

            return Done.Value;
        }
    }
}

/// <summary>What the journal says of a user.</summary>
internal static class UserFacts
{
    public static Fact Of(User user, string kind, params (string Name, object? Value)[] values) => new(Fact.House, kind)
    {
        Values = values.Append(("user", (object?)user.Id.Value)).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal),
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["name"] = user.Name, ["mail"] = user.Mail },
    };
}
