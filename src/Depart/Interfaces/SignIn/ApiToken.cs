using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Options;

namespace Depart.Interfaces.SignIn;

/// <summary>A token for the API and the command line: only its hash is kept.</summary>
internal sealed class ApiToken : Versioned
{
    /// <summary>How every token starts, so that scanners recognise a leaked one.</summary>
    public const string Prefix = "depart_";

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    /// <summary>What it is for.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the token, hexadecimal.</summary>
    public required string Hash { get; init; }

    /// <summary>Whose it is: it never holds a role that its owner has lost. Null for the one that the server's console made.</summary>
    public UserId? Owner { get; init; }

    public List<Role> Roles { get; init; } = [];

    /// <summary>May only read.</summary>
    public bool ReadOnly { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>Known to some minutes (<see cref="InPassing"/>); null until it is used.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public bool IsGood(DateTimeOffset now) => RevokedAt is null && ExpiresAt > now;

    /// <summary>Ends the token now.</summary>
    public void Revoke(DateTimeOffset at)
    {
        RevokedAt ??= at;
        Touch();
    }

    /// <summary>A new token; the text is shown once and never stored.</summary>
    public static (ApiToken Token, string Text) Create(string name, UserId? owner, IEnumerable<Role> roles, bool readOnly, DateTimeOffset now, TimeSpan life)
    {
        var text = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        return (new()
        {
            Name = name,
            Hash = HashOf(text),
            Owner = owner,
            Roles = [.. roles.Distinct().Order()],
            ReadOnly = readOnly,
            CreatedAt = now,
            ExpiresAt = now + life,
        }, text);
    }

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    internal sealed class Mapping : IEntityTypeConfiguration<ApiToken>
    {
        public void Configure(EntityTypeBuilder<ApiToken> builder)
        {
            builder.ToTable("api_tokens");
            builder.HasKey(token => token.Id);
            builder.Property(token => token.Name).HasMaxLength(100);
            builder.HasIndex(token => token.Hash).IsUnique();
            builder.HasIndex(token => token.Owner);
            builder.PrimitiveCollection(token => token.Roles).ElementType(role => role.HasConversion<string>());
            MapVersion(builder);
        }
    }
}

/// <summary>Signs in by <c>Authorization: Bearer depart_…</c>.</summary>
internal sealed class TokenScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, DepartDb db, IDepartureBinding binding, InPassing passing, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string Name = "token";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var hash = ApiToken.HashOf(header["Bearer ".Length..].Trim());
        var token = await db.Set<ApiToken>().AsNoTracking().FirstOrDefaultAsync(known => known.Hash == hash, Context.RequestAborted);
        var owner = token?.Owner is { } id ? await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(user => user.Id == id, Context.RequestAborted) : null;
        if (token is null || !token.IsGood(clock.GetUtcNow()) || (token.Owner is not null && owner is not { DisabledAt: null }))
        {
            return AuthenticateResult.Fail("The token is unknown, expired or revoked, or its owner is disabled.");
        }

        passing.TokenUsed(token.Id, token.LastUsedAt);
        var roles = owner is null ? token.Roles : [.. token.Roles.Intersect(owner.Roles)];
        if (owner?.Person is { } self && !owner.Roles.Concat(owner.Within.Roles).Except(token.Roles).Any())
        {
            // A token that is not held to fewer roles than its owner has also those that follow from departures.
            roles.AddRange(await binding.RolesOfAsync(self.Value, Context.RequestAborted));
        }

        List<Claim> claims =
        [
            .. RoleClaims.Of(roles, owner?.Within.Only(token.Roles) ?? RolesWithin.None),
            new(ClaimTypes.NameIdentifier, (owner?.Id.Value ?? token.Id).ToString()),
            new(ClaimTypes.Name, owner is null ? token.Name : $"{owner.Name} ({token.Name})"),
            new(Actor.ScopeClaim, token.ReadOnly ? "read" : "write"),
            new(Actor.TokenClaim, token.Id.ToString()),
        ];
        if (owner?.Zone is { } zone)
        {
            claims.Add(new(Actor.ZoneClaim, zone));
        }

        if (owner?.Person is { } person)
        {
            claims.Add(new(Actor.PersonClaim, person.ToString()));
        }

        return AuthenticateResult.Success(new(new(new ClaimsIdentity(claims, Name)), Name));
    }
}
