using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>Keeps a passkey that one's browser has just made; <see cref="PasskeyDoor"/> has checked it.</summary>
internal sealed record AddPasskey(string Name, UserPasskeyInfo Made) : ICommand<Guid>, IOwnWayIn, IChecked
{
    public static Access Access => Access.SignedIn;

    public bool NeedsProof => true;

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 100)
        {
            yield return Problem.Required("name", SignInText.Name);
        }
    }

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal, TimeProvider clock) : IHandler<AddPasskey, Guid>
    {
        public async Task<Outcome<Guid>> HandleAsync(AddPasskey command, CancellationToken cancellation)
        {
            if (actor.User is not { } id || await db.FindAsync<User>([UserId.From(id)], cancellation) is not { } user)
            {
                return Problem.Forbidden;
            }

            var credential = command.Made.CredentialId;
            if (await db.Set<Passkey>().CountAsync(known => known.User == user.Id, cancellation) >= Passkey.MostPerOwner
                || await db.Set<Passkey>().AnyAsync(known => known.CredentialId == credential, cancellation))
            {
                return PasskeyText.NotMade;
            }

            var passkey = Passkey.Of(user.Id, command.Name.Trim(), command.Made, clock.GetUtcNow());
            db.Add(passkey);
            var fact = UserFacts.Of(user, "user.passkey-added", ("passkey", passkey.Id));
            journal.Record(fact with { Personal = new Dictionary<string, string?>(fact.Personal, StringComparer.Ordinal) { ["passkeyName"] = passkey.Name } });
            return passkey.Id;
        }
    }
}

/// <summary>Removes one of one's own passkeys; never the last way in.</summary>
internal sealed record RemovePasskey(Guid Passkey) : ICommand<Done>, IRouted, IRequiresProof
{
    public static Access Access => Access.SignedIn;

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/me/passkeys/{passkey:guid}", (Guid passkey, ApiDoor door) => door.SendAsync(new RemovePasskey(passkey))).WithTags("Users");

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal) : IHandler<RemovePasskey, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RemovePasskey command, CancellationToken cancellation)
        {
            if (actor.User is not { } id || await db.FindAsync<Passkey>([command.Passkey], cancellation) is not { } passkey || passkey.User is not { } owner || owner.Value != id
                || await db.FindAsync<User>([owner], cancellation) is not { } user)
            {
                return Problem.NotFound(PasskeyText.Passkey);
            }

            if (user.PasswordHash is null && await db.Set<Passkey>().CountAsync(known => known.User == user.Id, cancellation) == 1)
            {
                return PasskeyText.LastWayIn;
            }

            db.Remove(passkey);
            var fact = UserFacts.Of(user, "user.passkey-removed", ("passkey", passkey.Id));
            journal.Record(fact with { Personal = new Dictionary<string, string?>(fact.Personal, StringComparer.Ordinal) { ["passkeyName"] = passkey.Name } });
            return Done.Value;
        }
    }
}

/// <summary>Writes down that a passkey was used, and its counter. What it was used for is journalled by that.</summary>
internal sealed record UsePasskey(byte[] CredentialId, uint SignCount, bool BackedUp) : ICommand<Guid>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, TimeProvider clock) : IHandler<UsePasskey, Guid>
    {
        public async Task<Outcome<Guid>> HandleAsync(UsePasskey command, CancellationToken cancellation)
        {
            var credential = command.CredentialId;
            if (await db.Set<Passkey>().FirstOrDefaultAsync(known => known.CredentialId == credential, cancellation) is not { } passkey
                || (command.SignCount != 0 && command.SignCount <= passkey.SignCount))
            {
                // Removed meanwhile, or the same signature twice at once.
                return PasskeyText.NotRecognised;
            }

            passkey.Used(command.SignCount, command.BackedUp, clock.GetUtcNow());
            return passkey.Id;
        }
    }
}

/// <summary>One's own passkeys, the oldest first.</summary>
internal sealed record ListPasskeys : IQuery<IReadOnlyList<PasskeyRow>>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/me/passkeys", (ApiDoor door) => door.AskAsync(new ListPasskeys())).WithTags("Users");

    internal sealed class Handler(DepartDb db, Actor actor) : IHandler<ListPasskeys, IReadOnlyList<PasskeyRow>>
    {
        public async Task<Outcome<IReadOnlyList<PasskeyRow>>> HandleAsync(ListPasskeys query, CancellationToken cancellation)
        {
            var self = UserId.From(actor.User ?? Guid.Empty);
            return await db.Set<Passkey>().Where(passkey => passkey.User == self).OrderBy(passkey => passkey.CreatedAt)
                .Select(passkey => new PasskeyRow(passkey.Id, passkey.Name, passkey.BackedUp, passkey.CreatedAt, passkey.LastUsedAt)).ToListAsync(cancellation);
        }
    }
}

/// <summary>A passkey, as listed. <paramref name="BackedUp"/>: copied to other devices of its owner.</summary>
public sealed record PasskeyRow(Guid Id, string Name, bool BackedUp, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);
