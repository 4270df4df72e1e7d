using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Interfaces.SignIn.Providers;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// Recognises people by what they know, outside any transaction because hashing is slow on purpose, and makes whoever guesses wait (<see cref="Guesses"/>). Who is recognised is let in by
/// <see cref="Session.OpenAsync"/>.
/// </summary>
internal sealed class SignInDoor(DepartDb db, Dispatcher dispatcher, Passwords passwords, Guesses guesses, KnownDevices devices, InPassing passing, IHttpContextAccessor http, IServiceScopeFactory scopes, TimeProvider clock)
{
    private readonly Dictionary<Guid, Task<WaysToProve>> ways = [];

    /// <summary>The user whose mail and password these are; one refusal for every cause.</summary>
    public async Task<Outcome<User>> SignInAsync(string? mail, string? password, CancellationToken cancellation)
    {
        var address = User.Normalise(mail ?? "");
        var user = await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(known => known.Mail == address, cancellation);
        if (guesses.Begin("password", address, Source.PlaceOf(http.HttpContext), user is null ? null : devices.Of(http.HttpContext, user.Id)) is not { } attempt)
        {
            return SignInText.Wait;
        }

        // It takes as long, and counts as much, for a user who does not exist.
        if (passwords.Fits(user, password ?? "") && user is { DisabledAt: null })
        {
            guesses.Right(attempt);
            return user;
        }

        return Wrong(attempt, user, SignInText.Refused);
    }

    /// <summary>A user without a password: the demo's roles.</summary>
    public async Task<Outcome<User>> SignInAsync(string mail, CancellationToken cancellation) =>
        await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(user => user.Mail == mail, cancellation) is { DisabledAt: null } user ? user : SignInText.Refused;

    /// <summary>Whether a password is not enough for this user.</summary>
    public Task<bool> NeedsCodeAsync(UserId user, CancellationToken cancellation) => db.Set<SecondStep>().AnyAsync(step => step.User == user, cancellation);

    /// <summary>Whoever gave the right password, by a code of their app or a recovery code.</summary>
    public async Task<Outcome<User>> SecondAsync(HalfWay.Waiting? waiting, string? code, CancellationToken cancellation)
    {
        if (waiting is null || await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(known => known.Id == waiting.User, cancellation) is not { DisabledAt: null } user || user.Stamp != waiting.Stamp)
        {
            return SecondStepText.TooLate;
        }

        if (guesses.Begin("code", user.Mail, Source.PlaceOf(http.HttpContext), devices.Of(http.HttpContext, user.Id)) is not { } attempt)
        {
            return SignInText.Wait;
        }

        var used = await dispatcher.SendAsync(new UseSecondStep(user.Id, code ?? ""), Actor.Engine, cancellation);
        if (!used.Ok)
        {
            return Wrong(attempt, user, used.Problem);
        }

        guesses.Right(attempt);
        return user;
    }

    /// <summary>The user again, by their password; it is journalled. Errors made elsewhere do not count here, nor these there.</summary>
    public async Task<Outcome<User>> ProveAsync(Guid user, string? password, CancellationToken cancellation)
    {
        var id = UserId.From(user);
        var known = await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(one => one.Id == id, cancellation);
        if (guesses.BeginWithin(http.HttpContext is { } context ? Actor.From(context.User).Session ?? user : user) is not { } attempt)
        {
            return SignInText.Wait;
        }

        if (!passwords.Fits(known, password ?? "") || known is not { DisabledAt: null })
        {
            return Wrong(attempt, known, SignInText.PasswordWrong);
        }

        guesses.Right(attempt);
        var noted = await dispatcher.SendAsync(new NoteProof(), Actor.From(Session.PrincipalOf(known, null), Via.Page), cancellation);
        return noted.Ok ? known : noted.Problem;
    }

    /// <summary>
    /// By what a user can prove who they are. Several fields of one page ask at once: it is read once, and beside the context of the request, which serves one question at a time.
    /// </summary>
    public Task<WaysToProve> WaysAsync(Guid user, CancellationToken cancellation) => ways.TryGetValue(user, out var known) ? known : ways[user] = ReadWaysAsync(user, cancellation);

    private async Task<WaysToProve> ReadWaysAsync(Guid user, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateEngineScope();
        var reading = scope.ServiceProvider.GetRequiredService<DepartDb>();
        var id = UserId.From(user);
        var known = await reading.Set<User>().Where(row => row.Id == id).Select(row => new WaysToProve(row.PasswordHash != null, reading.Set<Passkey>().Any(passkey => passkey.User == id)))
            .FirstOrDefaultAsync(cancellation) ?? new(false, false);
        return known with
        {
            Providers = await (from identity in reading.Set<ProvidedIdentity>()
                               join provider in reading.Set<IdentityProvider>() on identity.Provider equals provider.Key
                               where identity.User == id && provider.Enabled
                               orderby provider.Name
                               select new OfferedProvider(provider.Key, provider.Name)).ToListAsync(cancellation),
        };
    }

    /// <summary>What is wrong when the form just posted does not prove who sent it: by the password in one of its fields, or by a passkey or an identity provider a moment ago.</summary>
    public async Task<Problem?> ProveAsync(HttpContext context, string field)
    {
        if (context.Request.Form[field].ToString().Length == 0)
        {
            return Session.ProvedApart(context.User, clock.GetUtcNow()) ? null
                : (await WaysAsync(Actor.From(context.User).User ?? Guid.Empty, context.RequestAborted)).Password ? SignInText.PasswordWrong with { Field = field, Message = SignInText.PasswordMissing }
                : Problem.ProveAgain with { Field = field };
        }

        var proved = await ProveAsync(Actor.From(context.User).User ?? Guid.Empty, context.Request.Form[field], context.RequestAborted);
        return proved.Ok ? null : proved.Problem with { Field = field };
    }

    /// <summary>When whoever posts a form proved who they are: a moment ago, or in one of its fields, which then counts for the next forms too.</summary>
    public async Task<Outcome<DateTimeOffset>> ProvedAsync(HttpContext context, string field)
    {
        if (Actor.ProvedAtOf(context.User) is { } at && IRequiresProof.Counts(at, clock.GetUtcNow()))
        {
            return at;
        }

        if (await ProveAsync(context, field) is { } problem)
        {
            return problem;
        }

        await Session.RenewAsync(context);
        return clock.GetUtcNow();
    }

    /// <summary>What begins a series of waits is journalled, once, in passing: how long an answer takes tells nobody which accounts there are.</summary>
    private Problem Wrong(Guesses.Attempt attempt, User? user, Problem problem)
    {
        if (attempt.BeginsWaits && user is not null)
        {
            passing.Guessed(user.Id, Source.AddressOf(http.HttpContext));
        }

        return problem;
    }
}

/// <summary>By what somebody can prove again who they are.</summary>
internal sealed record WaysToProve(bool Password, bool Passkey)
{
    /// <summary>The identity providers to which the user is tied.</summary>
    public IReadOnlyList<OfferedProvider> Providers { get; init; } = [];
}

/// <summary>Signs the command line in: a token of one's own, for a mail and a password, and a code where there is a second step.</summary>
internal sealed record LogIn(string Mail, string Password, string Name, int Days = 30, string? Code = null) : IRouted
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/login", async (LogIn login, SignInDoor signIn, Dispatcher dispatcher, CancellationToken cancellation) =>
        {
            var user = await signIn.SignInAsync(login.Mail, login.Password, cancellation);
            var coded = user.Ok && await signIn.NeedsCodeAsync(user.Value.Id, cancellation);
            if (coded)
            {
                user = string.IsNullOrWhiteSpace(login.Code) ? SecondStepText.CodeNeeded : await signIn.SecondAsync(new(user.Value!.Id, user.Value.Stamp), login.Code, cancellation);
            }

            if (!user.Ok)
            {
                return ApiDoor.Failed(user.Problem);
            }

            var actor = Actor.From(Session.PrincipalOf(user.Value, null), Via.Api);
            await dispatcher.SendAsync(new NoteSignIn(coded ? SignInMethod.PasswordAndCode : SignInMethod.Password), actor, cancellation);
            var created = await dispatcher.SendAsync(new CreateToken(login.Name, [.. user.Value.Roles, .. user.Value.Within.Roles], ReadOnly: false, login.Days), actor, cancellation);
            return created.Ok ? Results.Ok(created.Value) : ApiDoor.Failed(created.Problem);
        }).AllowAnonymous().WithTags("Tokens").Produces<CreatedToken>();
}

/// <summary>Records that one has signed in for a token, without a browser.</summary>
internal sealed record NoteSignIn(SignInMethod Method) : ICommand<Done>
{
    public static Access Access => Access.SignedIn;

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal, TimeProvider clock) : IHandler<NoteSignIn, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(NoteSignIn command, CancellationToken cancellation)
        {
            if (actor.User is not { } id || await db.FindAsync<User>([UserId.From(id)], cancellation) is not { DisabledAt: null } user)
            {
                return SignInText.Refused;
            }

            user.SignedIn(clock.GetUtcNow());
            journal.Record(UserFacts.Of(user, "user.signed-in", ("method", command.Method.ToString())));
            return Done.Value;
        }
    }
}

/// <summary>Records that one has proved again who one is.</summary>
internal sealed record NoteProof(SignInMethod Method = SignInMethod.Password) : ICommand<Done>
{
    public static Access Access => Access.SignedIn;

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal) : IHandler<NoteProof, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(NoteProof command, CancellationToken cancellation)
        {
            if (actor.User is not { } id || await db.FindAsync<User>([UserId.From(id)], cancellation) is not { DisabledAt: null } user)
            {
                return SignInText.Refused;
            }

            journal.Record(UserFacts.Of(user, "user.proved", ("method", command.Method.ToString())));
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
