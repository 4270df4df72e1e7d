using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
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

    public List<string> Roles { get; init; } = [];

    /// <summary>May only read.</summary>
    public bool ReadOnly { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>Ends the token now.</summary>
    public void Revoke(DateTimeOffset at)
    {
        RevokedAt ??= at;
        Touch();
    }

    /// <summary>A new token; the text is shown once and never stored.</summary>
    public static (ApiToken Token, string Text) Create(string name, IEnumerable<Role> roles, bool readOnly, DateTimeOffset now, TimeSpan life)
    {
        var text = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        return (new()
        {
            Name = name,
            Hash = HashOf(text),
            Roles = [.. roles.Select(role => role.ToString())],
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
            builder.PrimitiveCollection(token => token.Roles);
            MapVersion(builder);
        }
    }
}

/// <summary>Signs in by <c>Authorization: Bearer depart_…</c>.</summary>
internal sealed class TokenScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, DepartDb db, TimeProvider clock)
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
        if (token is null || token.RevokedAt is not null || token.ExpiresAt <= clock.GetUtcNow())
        {
            return AuthenticateResult.Fail("The token is unknown, expired or revoked.");
        }

        var claims = token.Roles.Select(role => new Claim(ClaimTypes.Role, role))
            .Append(new(ClaimTypes.NameIdentifier, token.Id.ToString()))
            .Append(new(ClaimTypes.Name, token.Name))
            .Append(new(Actor.ScopeClaim, token.ReadOnly ? "read" : "write"));
        return AuthenticateResult.Success(new(new(new ClaimsIdentity(claims, Name)), Name));
    }
}

/// <summary>Creates a token with some of one's own roles; the text is in the answer, once.</summary>
internal sealed record CreateToken(string Name, IReadOnlyList<Role> Roles, bool ReadOnly = false, int Days = 90) : ICommand<CreatedToken>, IRouted, IChecked
{
    private static readonly Words NameLabel = new("Name", "Nom");
    private static readonly Words DaysRange = new("Days: from 1 to 365.", "Jours : de 1 à 365.");
    private static readonly Words BoundLater = new("The role {0} is bound to departures and cannot be given to a token.", "Le rôle {0} est lié à des départs et ne peut pas être donné à un jeton.");

    public static Access Access => Access.To(Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/tokens", (CreateToken command, ApiDoor door) => door.SendAsync(command)).WithTags("Tokens");

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            yield return Problem.Required(nameof(Name), NameLabel);
        }

        if (Days is < 1 or > 365)
        {
            yield return Problem.Invalid(nameof(Days), "out-of-range", DaysRange);
        }

        foreach (var role in Roles.Where(role => role is Role.Manager or Role.Consultant or Role.Successor))
        {
            yield return Problem.Invalid(nameof(Roles), "bound-role", BoundLater.With(role));
        }
    }

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<CreateToken, CreatedToken>
    {
        public Task<Outcome<CreatedToken>> HandleAsync(CreateToken command, CancellationToken cancellation)
        {
            var (token, text) = ApiToken.Create(command.Name.Trim(), command.Roles, command.ReadOnly, clock.GetUtcNow(), TimeSpan.FromDays(command.Days));
            db.Add(token);
            journal.Record(new(Fact.House, "token.created")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["token"] = token.Id, ["roles"] = string.Join(' ', token.Roles), ["readOnly"] = token.ReadOnly, ["expiresAt"] = token.ExpiresAt,
                },
                Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["name"] = token.Name },
            });
            return Task.FromResult<Outcome<CreatedToken>>(new CreatedToken(token.Id, text, token.ExpiresAt));
        }
    }
}

/// <summary>A token just created.</summary>
public sealed record CreatedToken(Guid Id, string Token, DateTimeOffset ExpiresAt);

/// <summary>Ends a token now.</summary>
internal sealed record RevokeToken(Guid Token) : ICommand<Done>, IRouted
{
    private static readonly Words Label = new("Token", "Jeton");

    public static Access Access => Access.To(Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/tokens/{token:guid}", (Guid token, ApiDoor door) => door.SendAsync(new RevokeToken(token))).WithTags("Tokens");

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<RevokeToken, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RevokeToken command, CancellationToken cancellation)
        {
            if (await db.FindAsync<ApiToken>([command.Token], cancellation) is not { } token)
            {
                return Problem.NotFound(Label);
            }

            token.Revoke(clock.GetUtcNow());
            journal.Record(new(Fact.House, "token.revoked") { Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["token"] = token.Id } });
            return Done.Value;
        }
    }
}
