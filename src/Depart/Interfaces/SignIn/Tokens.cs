using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>Creates a token for oneself with some of one's own roles; the text is in the answer, once.</summary>
internal sealed record CreateToken(string Name, IReadOnlyList<Role> Roles, bool ReadOnly = false, int Days = 90) : ICommand<CreatedToken>, IRouted, IChecked, IRequiresProof
{
    private static readonly Words DaysRange = new("Days: from 1 to 365.", "Jours : de 1 à 365.");

    public static Access Access => Access.SignedIn;

    /// <summary>A token is believed without more: it must not be had from an unattended screen.</summary>
    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/tokens", (CreateToken command, ApiDoor door) => door.SendAsync(command)).WithTags("Tokens");

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 100)
        {
            yield return Problem.Required(nameof(Name), SignInText.Name);
        }

        if (Days is < 1 or > 365)
        {
            yield return Problem.Invalid(nameof(Days), "out-of-range", DaysRange);
        }

        foreach (var problem in UserFields.Check(Roles ?? []))
        {
            yield return problem;
        }
    }

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal, TimeProvider clock) : IHandler<CreateToken, CreatedToken>
    {
        public async Task<Outcome<CreatedToken>> HandleAsync(CreateToken command, CancellationToken cancellation)
        {
            var roles = command.Roles ?? [];
            if (!roles.All(role => actor.Roles.Contains(role) || actor.Within.Roles.Contains(role)))
            {
                return SignInText.NotOwnRoles;
            }

            var now = clock.GetUtcNow();
            var owner = UserId.From(actor.User ?? Guid.Empty);
            if (actor.Token is { } used && (await db.FindAsync<ApiToken>([used], cancellation))!.ExpiresAt < now + TimeSpan.FromDays(command.Days))
            {
                return SignInText.OutlivesToken;
            }

            var known = await db.Set<User>().AnyAsync(user => user.Id == owner, cancellation);
            var (token, text) = ApiToken.Create(command.Name.Trim(), known ? owner : null, roles, command.ReadOnly, now, TimeSpan.FromDays(command.Days));
            db.Add(token);
            journal.Record(new(Fact.House, "token.created")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["token"] = token.Id, ["owner"] = token.Owner?.Value, ["roles"] = string.Join(' ', token.Roles), ["readOnly"] = token.ReadOnly, ["expiresAt"] = token.ExpiresAt,
                },
                Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["name"] = token.Name },
            });
            return new CreatedToken(token.Id, text, token.ExpiresAt);
        }
    }
}

/// <summary>A token just created.</summary>
public sealed record CreatedToken(Guid Id, string Token, DateTimeOffset ExpiresAt);

/// <summary>Ends a token now: one's own, or anybody's for security and administrators.</summary>
internal sealed record RevokeToken(Guid Token) : ICommand<Done>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/tokens/{token:guid}", (Guid token, ApiDoor door) => door.SendAsync(new RevokeToken(token))).WithTags("Tokens");

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal, TimeProvider clock) : IHandler<RevokeToken, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RevokeToken command, CancellationToken cancellation)
        {
            if (await db.FindAsync<ApiToken>([command.Token], cancellation) is not { } token
                || (token.Owner?.Value != actor.User && token.Id != actor.Token && !actor.Holds(Role.Admin, Role.Security)))
            {
                return Problem.NotFound(SignInText.Token);
            }

            token.Revoke(clock.GetUtcNow());
            journal.Record(new(Fact.House, "token.revoked") { Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["token"] = token.Id } });
            return Done.Value;
        }
    }
}

/// <summary>Tokens that still serve: one's own, or everybody's when asked by security, an auditor or an administrator.</summary>
internal sealed record ListTokens(bool All = false) : IQuery<IReadOnlyList<TokenRow>>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/tokens", (bool? all, ApiDoor door) => door.AskAsync(new ListTokens(all ?? false))).WithTags("Tokens");

    internal sealed class Handler(DepartDb db, Actor actor, TimeProvider clock) : IHandler<ListTokens, IReadOnlyList<TokenRow>>
    {
        public async Task<Outcome<IReadOnlyList<TokenRow>>> HandleAsync(ListTokens query, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            var self = UserId.From(actor.User ?? Guid.Empty);
            var tokens = db.Set<ApiToken>().Where(token => token.RevokedAt == null && token.ExpiresAt > now);
            if (!query.All)
            {
                tokens = tokens.Where(token => token.Owner == self);
            }
            else if (!actor.Holds(Role.Admin, Role.Security, Role.Auditor))
            {
                return Problem.Forbidden;
            }

            var owners = await db.Set<User>().ToDictionaryAsync(user => user.Id, user => user.Name, cancellation);
            return (await tokens.OrderBy(token => token.CreatedAt).ToListAsync(cancellation)).ConvertAll(token => new TokenRow(
                token.Id, token.Name, token.Owner, token.Owner is { } owner ? owners.GetValueOrDefault(owner) : null, token.Roles, token.ReadOnly, token.CreatedAt, token.ExpiresAt, token.LastUsedAt));
        }
    }
}

/// <summary>A token, as listed; its text is not kept anywhere. When it was last used is known to some minutes.</summary>
public sealed record TokenRow(
    Guid Id, string Name, UserId? Owner, string? OwnerName, IReadOnlyList<Role> Roles, bool ReadOnly, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt);
