using Depart.Foundation.Door;
using Depart.Foundation.Storage;
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
        return await ProveAsync(await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(user => user.Mail == address, cancellation), password, cancellation);
    }

    /// <summary>A user without a password: the demo's roles.</summary>
    public async Task<Outcome<User>> SignInAsync(string mail, CancellationToken cancellation) =>
        await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(user => user.Mail == mail, cancellation) is { DisabledAt: null } user
            ? await NotedAsync(user, cancellation)
            : SignInText.Refused;

    /// <summary>The user again, by their password.</summary>
    public async Task<Outcome<User>> ProveAsync(Guid user, string? password, CancellationToken cancellation)
    {
        var id = UserId.From(user);
        return await ProveAsync(await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(known => known.Id == id, cancellation), password, cancellation);
    }

    private async Task<Outcome<User>> ProveAsync(User? user, string? password, CancellationToken cancellation)
    {
        var fits = passwords.Fits(user, password ?? "");
        if (user is null || user.DisabledAt is not null || user.IsLocked(clock.GetUtcNow()))
        {
            return SignInText.Refused;
        }

        if (fits)
        {
            return await NotedAsync(user, cancellation);
        }

        await dispatcher.SendAsync(new NoteWrongPassword(user.Id), Actor.Engine, cancellation);
        return SignInText.Refused;
    }

    private async Task<Outcome<User>> NotedAsync(User user, CancellationToken cancellation)
    {
        var noted = await dispatcher.SendAsync(new NoteSignIn(), Actor.From(Session.PrincipalOf(user, null), Via.Page), cancellation);
        return noted.Ok ? user : noted.Problem;
    }
}

/// <summary>Records that one has signed in; refused when the account was locked in the meantime.</summary>
internal sealed record NoteSignIn : ICommand<Done>
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
            journal.Record(UserFacts.Of(user, "user.signed-in"));
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
