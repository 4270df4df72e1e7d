using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.SignIn;
using Depart.Missions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>The leaver's own passkeys, the oldest first.</summary>
internal sealed record ListOwnPasskeys : IQuery<IReadOnlyList<PasskeyRow>>
{
    public static Access Access => Access.ThroughOwnDoor;

    internal sealed class Handler(OwnDoors doors, Actor actor) : IHandler<ListOwnPasskeys, IReadOnlyList<PasskeyRow>>
    {
        public async Task<Outcome<IReadOnlyList<PasskeyRow>>> HandleAsync(ListOwnPasskeys query, CancellationToken cancellation) =>
            (await doors.PasskeysAsync(PersonId.From(actor.Person!.Value), cancellation)).ConvertAll(passkey => new PasskeyRow(passkey.Id, passkey.Name, passkey.BackedUp, passkey.CreatedAt, passkey.LastUsedAt));
    }
}

/// <summary>Keeps a passkey that the leaver's browser has just made, in a session of their own door; <see cref="OwnPasskeys"/> has checked it.</summary>
internal sealed record AddOwnPasskey(Guid Session, string Name, UserPasskeyInfo Made) : ICommand<Guid>
{
    public static Access Access => Access.ThroughOwnDoor;

    internal sealed class Handler(DepartDb db, OwnDoors doors, Actor actor, TimeProvider clock) : IHandler<AddOwnPasskey, Guid>
    {
        public async Task<Outcome<Guid>> HandleAsync(AddOwnPasskey command, CancellationToken cancellation)
        {
            var (person, now, credential) = (PersonId.From(actor.Person!.Value), clock.GetUtcNow(), command.Made.CredentialId);
            if (await db.FindAsync<PortalSession>([command.Session], cancellation) is not { } session || session.Person != person || !session.IsGood(now)
                || (await doors.OpenOfAsync(person, cancellation)).Count == 0 || (await doors.PasskeysAsync(person, cancellation)).Count >= Passkey.MostPerOwner
                || await db.Set<Passkey>().AnyAsync(known => known.CredentialId == credential, cancellation))
            {
                return PasskeyText.NotMade;
            }

            var passkey = Passkey.Of(person, session.Way, command.Name, command.Made, now);
            db.Add(passkey);
            await doors.TellAsync(person, "door.passkey-added", cancellation, ("passkey", passkey.Id));
            return passkey.Id;
        }
    }
}

/// <summary>Removes one of the leaver's own passkeys; sessions that began with it end, but not the one in which it is removed.</summary>
internal sealed record RemoveOwnPasskey(Guid Session, Guid Passkey) : ICommand<Done>
{
    public static Access Access => Access.ThroughOwnDoor;

    internal sealed class Handler(OwnDoors doors, Actor actor) : IHandler<RemoveOwnPasskey, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RemoveOwnPasskey command, CancellationToken cancellation)
        {
            var person = PersonId.From(actor.Person!.Value);
            if (await doors.EndPasskeysAsync(person, passkey => passkey.Id == command.Passkey, cancellation) is not [var removed])
            {
                return Problem.NotFound(PasskeyText.Passkey);
            }

            await doors.EndSessionsAsync(person, session => session.Passkey == removed.Id && session.Id != command.Session, cancellation);
            await doors.TellAsync(person, "door.passkey-removed", cancellation, ("passkey", removed.Id));
            return Done.Value;
        }
    }
}

/// <summary>A session of the leaver's own door begins with their passkey, which <see cref="OwnPasskeys"/> has recognised: good as long as a door of theirs is open.</summary>
internal sealed record EnterByPasskey(Guid Passkey) : ICommand<Guid>
{
    public static Access Access => Access.ThroughOwnDoor;

    internal sealed class Handler(DepartDb db, OwnDoors doors, Actor actor, TimeProvider clock) : IHandler<EnterByPasskey, Guid>
    {
        public async Task<Outcome<Guid>> HandleAsync(EnterByPasskey command, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            if (await db.FindAsync<Passkey>([command.Passkey], cancellation) is not { Person: { } person } passkey || person.Value != actor.Person
                || await doors.OpenOfAsync(person, cancellation) is not { Count: > 0 } open)
            {
                return PortalText.PasskeyRefused;
            }

            var session = PortalSession.Begin(passkey, now);
            db.Add(session);
            open.ForEach(pair => pair.Door.Used(now));
            await doors.TellAsync(person, "door.entered", cancellation, ("passkey", passkey.Id), ("kind", nameof(Passkey)), ("session", session.Id));
            return session.Id;
        }
    }
}

/// <summary>Makes and recognises passkeys of the leaver's own door in a browser. Those of accounts open nothing here, nor these anything there.</summary>
internal sealed class OwnPasskeys(PasskeyCeremony ceremony, Dispatcher dispatcher)
{
    /// <summary>Where a browser learns what to ask a device for, to come in.</summary>
    public const string AskToUsePath = "/portal/passkey/options";

    /// <summary>The same, to make one.</summary>
    public const string AskToMakePath = "/portal/home/passkey/options";

    /// <summary>Maps both.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        var asked = app.MapGroup("").ExcludeFromDescription();
        asked.MapPost(AskToUsePath, async (HttpContext http, PasskeyCeremony ceremony) => Results.Text(await ceremony.AskToUseAsync(http, PasskeyOpens.OwnDoor), "application/json")).AllowAnonymous();
        asked.MapPost(AskToMakePath, async (HttpContext http, PasskeyCeremony ceremony) => await PortalSession.OfAsync(http) is { } inside
            ? Results.Text(await ceremony.AskToMakeAsync(http, PasskeyOpens.OwnDoor, new(inside.Actor.Person!.Value, inside.Actor.Name), PortalText.PasskeyCalled.With(inside.Actor.Name).ToString()), "application/json")
            : Results.Problem(PortalText.SessionOver.ToString(), statusCode: StatusCodes.Status401Unauthorized)).AllowAnonymous();
    }

    /// <summary>Keeps what a browser made for whoever is inside.</summary>
    public async Task<Outcome<Guid>> KeepAsync(HttpContext http, (Guid Session, Actor Actor) inside, string credential)
    {
        if (await ceremony.MadeAsync(http, PasskeyOpens.OwnDoor, inside.Actor.Person, credential) is not { } made)
        {
            return PasskeyText.NotMade;
        }

        var name = BrowserName.Of(http.Request.Headers.UserAgent) is { Length: > 0 } browser ? browser : PasskeyText.Passkey.ToString();
        return await dispatcher.SendAsync(new AddOwnPasskey(inside.Session, name, made), inside.Actor, http.RequestAborted);
    }

    /// <summary>The session that begins with what a browser used. One answer for whatever is wrong: nobody learns what exists.</summary>
    public async Task<Outcome<Guid>> EnterAsync(HttpContext http, string credential)
    {
        if (await ceremony.UsedAsync(http, PasskeyOpens.OwnDoor, credential) is not var (owner, passkey))
        {
            return PortalText.PasskeyRefused;
        }

        var noted = await dispatcher.SendAsync(new UsePasskey(passkey.CredentialId, passkey.SignCount, passkey.IsBackedUp), Actor.Engine, http.RequestAborted);
        var entered = noted.Ok ? await dispatcher.SendAsync(new EnterByPasskey(noted.Value), Actor.ThroughOwnDoor(owner.Id, owner.Name), http.RequestAborted) : noted;
        return entered.Ok ? entered : PortalText.PasskeyRefused;
    }
}
