using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// Begins the session of a browser whose user has just been recognised. <see cref="Session.OpenAsync"/> sends it and writes the cookie. <paramref name="Replaces"/> is the session that this
/// browser had until now: one cookie, one session.
/// </summary>
internal sealed record BeginSession(SignInMethod Method, string Browser, string? Address, ProvidedSession? Provided = null, Guid? Replaces = null) : ICommand<Guid>
{
    public static Access Access => Access.SignedIn;

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal, TimeProvider clock) : IHandler<BeginSession, Guid>
    {
        public async Task<Outcome<Guid>> HandleAsync(BeginSession command, CancellationToken cancellation)
        {
            if (actor.User is not { } id || await db.FindAsync<User>([UserId.From(id)], cancellation) is not { DisabledAt: null } user)
            {
                return SignInText.Refused;
            }

            var now = clock.GetUtcNow();
            var session = new BrowserSession
            {
                User = user.Id, BeganAt = now, LastSeenAt = now, Browser = command.Browser, Address = command.Address, Method = command.Method,
                Provider = command.Provided?.Provider, ProviderSubject = command.Provided?.Subject,
            };
            if (command.Provided is { } provided)
            {
                session.Provided(provided, now);
            }

            db.Add(session);
            if (command.Replaces is { } earlier && await db.FindAsync<BrowserSession>([earlier], cancellation) is { } replaced)
            {
                replaced.End(SessionEnd.SignedOut, now);
            }

            user.SignedIn(now);
            journal.Record(UserFacts.Of(user, "user.signed-in", ("method", command.Method.ToString()), ("session", session.Id)));

            // What is over is forgotten in passing: nothing else looks at it.
            var old = now - BrowserSession.Kept;
            await db.Set<BrowserSession>().Where(known => known.LastSeenAt < old).ExecuteDeleteAsync(cancellation);
            return session.Id;
        }
    }
}

/// <summary>Ends one of one's own sessions: that browser is out at its next request.</summary>
internal sealed record EndSession(Guid Session) : ICommand<Done>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/sessions/{session:guid}", (Guid session, ApiDoor door) => door.SendAsync(new EndSession(session))).WithTags("Sessions");

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal, TimeProvider clock) : IHandler<EndSession, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(EndSession command, CancellationToken cancellation)
        {
            if (actor.User is not { } id || await db.FindAsync<BrowserSession>([command.Session], cancellation) is not { EndedAt: null } session || session.User.Value != id)
            {
                return Problem.NotFound(SignInText.Session);
            }

            session.End(session.Id == actor.Session ? SessionEnd.SignedOut : SessionEnd.ByOwner, clock.GetUtcNow());
            var user = await db.FindAsync<User>([session.User], cancellation);
            journal.Record(UserFacts.Of(user!, session.EndedBecause == SessionEnd.SignedOut ? "user.signed-out" : "user.session-ended", ("session", session.Id)));
            return Done.Value;
        }
    }
}

/// <summary>Ends all of one's own sessions but the one that asks; gives how many were running.</summary>
internal sealed record EndOtherSessions : ICommand<int>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/sessions", (ApiDoor door) => door.SendAsync(new EndOtherSessions())).WithTags("Sessions");

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal, TimeProvider clock) : IHandler<EndOtherSessions, int>
    {
        public async Task<Outcome<int>> HandleAsync(EndOtherSessions command, CancellationToken cancellation)
        {
            if (actor.User is not { } id || await db.FindAsync<User>([UserId.From(id)], cancellation) is not { } user)
            {
                return 0;
            }

            var ended = await BrowserSession.EndAllAsync(db, user.Id, SessionEnd.ByOwner, clock.GetUtcNow(), but: actor.Session, cancellation);
            journal.Record(UserFacts.Of(user, "user.sessions-ended", ("count", ended)));
            return ended;
        }
    }
}

/// <summary>One's own sessions that run, the one used last first.</summary>
internal sealed record ListSessions : IQuery<IReadOnlyList<SessionRow>>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/sessions", (ApiDoor door) => door.AskAsync(new ListSessions())).WithTags("Sessions");

    internal sealed class Handler(DepartDb db, Actor actor, TimeProvider clock) : IHandler<ListSessions, IReadOnlyList<SessionRow>>
    {
        public async Task<Outcome<IReadOnlyList<SessionRow>>> HandleAsync(ListSessions query, CancellationToken cancellation)
        {
            var (self, since) = (UserId.From(actor.User ?? Guid.Empty), clock.GetUtcNow() - BrowserSession.Life);
            var running = await db.Set<BrowserSession>().Where(session => session.User == self && session.EndedAt == null && session.LastSeenAt > since)
                .OrderByDescending(session => session.LastSeenAt).ToListAsync(cancellation);
            return running.ConvertAll(session => new SessionRow(
                session.Id, session.BeganAt, session.LastSeenAt, session.Browser, session.Address, session.Method, session.Id == actor.Session));
        }
    }
}

/// <summary>A session, as listed; <paramref name="Current"/> is the one that asks.</summary>
public sealed record SessionRow(Guid Id, DateTimeOffset BeganAt, DateTimeOffset LastSeenAt, string Browser, string? Address, SignInMethod Method, bool Current);
