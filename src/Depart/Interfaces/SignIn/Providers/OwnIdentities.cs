using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn.Providers;

/// <summary>Ties one's account to an identity of a provider. Sent for checked answers only; one must have proved who one is when one left for the provider.</summary>
internal sealed record TieIdentity(string Provider, string Subject) : ICommand<Done>, IOwnWayIn
{
    public static Access Access => Access.SignedIn;

    public bool NeedsProof => true;

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal, TimeProvider clock) : IHandler<TieIdentity, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(TieIdentity command, CancellationToken cancellation)
        {
            if (actor.User is not { } id || await db.FindAsync<User>([UserId.From(id)], cancellation) is not { DisabledAt: null } user || command.Subject is not { Length: > 0 and <= 255 })
            {
                return Problem.Forbidden;
            }

            if (await db.FindAsync<ProvidedIdentity>([command.Provider, command.Subject], cancellation) is { } known)
            {
                return known.User == user.Id ? Done.Value : ProviderText.TiedElsewhere;
            }

            if (await db.Set<ProvidedIdentity>().AnyAsync(identity => identity.User == user.Id && identity.Provider == command.Provider, cancellation))
            {
                return ProviderText.AlreadyTied;
            }

            db.Add(new ProvidedIdentity { Provider = command.Provider, ProviderSubject = command.Subject, User = user.Id, Since = clock.GetUtcNow() });
            journal.Record(UserFacts.Of(user, "user.tied", ("provider", command.Provider)));
            return Done.Value;
        }
    }
}

/// <summary>Records that one has proved again who one is, by a provider; what it gave for the session replaces what was kept.</summary>
internal sealed record ProveByProvider(ProvidedSession Provided) : ICommand<Done>
{
    public static Access Access => Access.SignedIn;

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal, TimeProvider clock) : IHandler<ProveByProvider, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ProveByProvider command, CancellationToken cancellation)
        {
            var given = command.Provided;
            if (actor.User is not { } id || await db.FindAsync<User>([UserId.From(id)], cancellation) is not { DisabledAt: null } user
                || await db.FindAsync<ProvidedIdentity>([given.Provider, given.Subject], cancellation) is not { } identity || identity.User != user.Id)
            {
                return ProviderText.OfAnother;
            }

            if (actor.Session is { } own && await db.FindAsync<BrowserSession>([own], cancellation) is { EndedAt: null } session && session.Provider == given.Provider && session.ProviderSubject == given.Subject)
            {
                session.Provided(given, clock.GetUtcNow());
            }

            journal.Record(UserFacts.Of(user, "user.proved", ("method", SignInMethod.Provider.ToString()), ("provider", given.Provider)));
            return Done.Value;
        }
    }
}

/// <summary>Unties one's account from a provider; one's only way in stays, and sessions begun by it end.</summary>
internal sealed record UntieIdentity(string Provider) : ICommand<Done>, IRouted, IRequiresProof
{
    public static Access Access => Access.SignedIn;

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/identities/{provider}", (string provider, ApiDoor door) => door.SendAsync(new UntieIdentity(provider))).WithTags("Providers");

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal, TimeProvider clock) : IHandler<UntieIdentity, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(UntieIdentity command, CancellationToken cancellation)
        {
            var id = UserId.From(actor.User ?? Guid.Empty);
            if (await db.FindAsync<User>([id], cancellation) is not { } user || await db.Set<ProvidedIdentity>().FirstOrDefaultAsync(one => one.User == id && one.Provider == command.Provider, cancellation) is not { } identity)
            {
                return Problem.NotFound(ProviderText.Provider);
            }

            if (user.PasswordHash is null && !await db.Set<Passkey>().AnyAsync(passkey => passkey.User == id, cancellation)
                && !await db.Set<ProvidedIdentity>().AnyAsync(other => other.User == id && other.Provider != command.Provider, cancellation))
            {
                return ProviderText.LastWay;
            }

            await Ties.CutAsync(db, journal, user, identity, but: actor.Session, clock.GetUtcNow(), cancellation);
            return Done.Value;
        }
    }
}

/// <summary>Unties a user from a provider: their address there belongs to somebody else now, or they were tied by mistake. Sessions begun by it end, and roles that it gave are taken back.</summary>
internal sealed record ForgetIdentity(UserId User, string Provider) : ICommand<Done>, IRouted
{
    public static Access Access => Access.To(Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/users/{user}/identities/{provider}", (UserId user, string provider, ApiDoor door) => door.SendAsync(new ForgetIdentity(user, provider))).WithTags("Users");

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<ForgetIdentity, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ForgetIdentity command, CancellationToken cancellation)
        {
            if (await db.FindAsync<User>([command.User], cancellation) is not { } user)
            {
                return Problem.NotFound(SignInText.User);
            }

            if (await db.Set<ProvidedIdentity>().FirstOrDefaultAsync(one => one.User == user.Id && one.Provider == command.Provider, cancellation) is not { } identity)
            {
                return Problem.NotFound(ProviderText.Provider);
            }

            await Ties.CutAsync(db, journal, user, identity, but: null, clock.GetUtcNow(), cancellation);
            return Done.Value;
        }
    }
}

/// <summary>What goes with a tie.</summary>
internal static class Ties
{
    /// <summary>Cuts a tie: the sessions that hang on it end, but one, and so do the roles.</summary>
    public static async Task CutAsync(DepartDb db, IJournal journal, User user, ProvidedIdentity identity, Guid? but, DateTimeOffset now, CancellationToken cancellation)
    {
        db.Remove(identity);
        foreach (var session in await db.Set<BrowserSession>().Where(known => known.User == user.Id && known.Provider == identity.Provider && known.EndedAt == null && known.Id != but).ToListAsync(cancellation))
        {
            session.End(SessionEnd.ByProvider, now);
        }

        if (await db.FindAsync<IdentityProvider>([identity.Provider], cancellation) is { } provider)
        {
            await ProvidedRoles.SetAsync(db, journal, provider, user, [], now, cancellation);
        }

        journal.Record(UserFacts.Of(user, "user.untied", ("provider", identity.Provider)));
    }
}

/// <summary>The providers, each with whether one's account is tied to it.</summary>
internal sealed record ListIdentities : IQuery<IReadOnlyList<OwnIdentity>>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/identities", (ApiDoor door) => door.AskAsync(new ListIdentities())).WithTags("Providers");

    internal sealed class Handler(DepartDb db, Actor actor) : IHandler<ListIdentities, IReadOnlyList<OwnIdentity>>
    {
        public async Task<Outcome<IReadOnlyList<OwnIdentity>>> HandleAsync(ListIdentities query, CancellationToken cancellation)
        {
            var id = UserId.From(actor.User ?? Guid.Empty);
            var ties = await db.Set<ProvidedIdentity>().Where(identity => identity.User == id).ToDictionaryAsync(identity => identity.Provider, identity => identity.Since, StringComparer.Ordinal, cancellation);
            return (await db.Set<IdentityProvider>().OrderBy(provider => provider.Name).ToListAsync(cancellation)).Where(provider => provider.Enabled || ties.ContainsKey(provider.Key))
                .Select(provider => new OwnIdentity(provider.Key, provider.Name, provider.Enabled, ties.TryGetValue(provider.Key, out var since) ? since : null)).ToList();
        }
    }
}

/// <summary>A provider, and since when one's account is tied to it; null when it is not.</summary>
public sealed record OwnIdentity(string Key, string Name, bool Enabled, DateTimeOffset? Since);
