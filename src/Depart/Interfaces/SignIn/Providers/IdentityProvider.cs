using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Interfaces.SignIn.Providers;

/// <summary>A provider of OpenID Connect by which people may sign in (INT5).</summary>
internal sealed class IdentityProvider : Versioned
{
    /// <summary>Purpose of the encryption of the client's secret.</summary>
    public const string SecretPurpose = "depart.identity-provider";

    /// <summary>Purpose of the encryption of what the provider gave for a session.</summary>
    public const string TokenPurpose = "depart.provided-session";

    /// <summary>What is asked for when nothing else is said.</summary>
    public const string UsualScopes = "openid profile email";

    /// <summary>Name in addresses, once and for all: lower-case letters, digits, dashes.</summary>
    public required string Key { get; init; }

    /// <summary>What its button says.</summary>
    public required string Name { get; set; }

    /// <summary>The address under which it describes itself; without a slash at its end.</summary>
    public required string Issuer { get; set; }

    public required string ClientId { get; set; }

    /// <summary>Encrypted; never shown again. Null for a client without one: PKCE alone.</summary>
    public string? ProtectedSecret { get; private set; }

    /// <summary>Separated by spaces; <c>openid</c> is among them.</summary>
    public string Scopes { get; set; } = UsualScopes;

    /// <summary>The claim that holds the address.</summary>
    public string MailClaim { get; set; } = "email";

    /// <summary>The claim that holds the name.</summary>
    public string NameClaim { get; set; } = "name";

    /// <summary>The claim that holds roles or groups; dots lead into an object (<c>realm_access.roles</c>). Null: it gives no role.</summary>
    public string? RoleClaim { get; set; }

    /// <summary>Which value of that claim gives which role, as <c>Role=value</c>.</summary>
    public List<string> RoleMap { get; private set; } = [];

    /// <summary>Whether somebody unknown here becomes a user at the first sign-in.</summary>
    public bool MakesUsers { get; set; }

    /// <summary>Domains of the addresses that may sign in by it; empty for any.</summary>
    public List<string> Domains { get; set; } = [];

    public bool Enabled { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when it could not be asked whether sessions still hold, or null. Written beside the version.</summary>
    public DateTimeOffset? TroubleSince { get; init; }

    /// <summary>What it met when last asked in vain, for whoever looks after it; or null.</summary>
    public string? Trouble { get; init; }

    /// <summary>The roles of the map.</summary>
    public IReadOnlyList<RoleMapping> Roles => [.. RoleMap.Select(line => line.Split('=', 2)).Select(parts => new RoleMapping(parts[1], Enum.Parse<Role>(parts[0])))];

    /// <summary>Replaces the map.</summary>
    public void Map(IEnumerable<RoleMapping> roles) => RoleMap = [.. roles.Select(mapping => $"{mapping.Role}={mapping.Value.Trim()}").Distinct(StringComparer.Ordinal)];

    /// <summary>Encrypts the client's secret, or forgets it.</summary>
    public void SetSecret(string? secret, IDataProtectionProvider protection) =>
        ProtectedSecret = secret is null ? null : protection.CreateProtector(SecretPurpose).Protect(secret);

    /// <summary>The client's secret in clear, in memory only; null without one.</summary>
    public string? Secret(IDataProtectionProvider protection) =>
        ProtectedSecret is null ? null : protection.CreateProtector(SecretPurpose).Unprotect(ProtectedSecret);

    /// <summary>Whether an address belongs to whom this provider may let in.</summary>
    public bool Takes(string mail) => Domains.Count == 0 || Domains.Contains(mail[(mail.LastIndexOf('@') + 1)..], StringComparer.OrdinalIgnoreCase);

    /// <summary>Called after a change.</summary>
    public void Changed() => Touch();

    internal sealed class Mapping : IEntityTypeConfiguration<IdentityProvider>
    {
        public void Configure(EntityTypeBuilder<IdentityProvider> builder)
        {
            builder.ToTable("identity_providers");
            builder.HasKey(provider => provider.Key);
            builder.Property(provider => provider.Key).HasMaxLength(40);
            builder.Property(provider => provider.Name).HasMaxLength(100);
            builder.Property(provider => provider.Issuer).HasMaxLength(500);
            builder.Property(provider => provider.ClientId).HasMaxLength(255);
            builder.Property(provider => provider.Scopes).HasMaxLength(500);
            builder.Property(provider => provider.MailClaim).HasMaxLength(200);
            builder.Property(provider => provider.NameClaim).HasMaxLength(200);
            builder.Property(provider => provider.RoleClaim).HasMaxLength(200);
            builder.Property(provider => provider.Trouble).HasMaxLength(500);
            builder.PrimitiveCollection(provider => provider.RoleMap);
            builder.PrimitiveCollection(provider => provider.Domains);
            builder.Ignore(provider => provider.Roles);
            MapVersion(builder);
        }
    }
}

/// <summary>A value of the provider's claim that gives a role here.</summary>
/// <param name="Value">As the provider writes it: letters count as they are.</param>
/// <param name="Role">One that can be granted.</param>
public sealed record RoleMapping(string Value, Role Role);

/// <summary>Who somebody of a provider is here. Made once, at the first sign-in or by the user themselves; afterwards the address counts no more.</summary>
internal sealed class ProvidedIdentity
{
    public required string Provider { get; init; }

    /// <summary>The provider's identifier of the user (<c>sub</c>).</summary>
    /// <remarks>Not called <c>Subject</c>: rows with one are read as those of a departure.</remarks>
    public required string ProviderSubject { get; init; }

    public required UserId User { get; init; }

    public required DateTimeOffset Since { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<ProvidedIdentity>
    {
        public void Configure(EntityTypeBuilder<ProvidedIdentity> builder)
        {
            builder.ToTable("provided_identities");
            builder.HasKey(identity => new { identity.Provider, identity.ProviderSubject });
            builder.Property(identity => identity.Provider).HasMaxLength(40);
            builder.Property(identity => identity.ProviderSubject).HasColumnName("Subject").HasMaxLength(255);

            // One person of a provider is one user here, and the other way round.
            builder.HasIndex(identity => new { identity.User, identity.Provider }).IsUnique();
        }
    }
}

/// <summary>A logout token that was heard: it is not heard twice.</summary>
internal sealed class HeardLogout
{
    public required string Provider { get; init; }

    /// <summary>SHA-256 of its <c>jti</c>, hexadecimal.</summary>
    public required string Token { get; init; }

    /// <summary>From then on the token is refused as too old.</summary>
    public required DateTimeOffset Until { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<HeardLogout>
    {
        public void Configure(EntityTypeBuilder<HeardLogout> builder)
        {
            builder.ToTable("heard_logouts");
            builder.HasKey(heard => new { heard.Provider, heard.Token });
            builder.Property(heard => heard.Provider).HasMaxLength(40);
            builder.Property(heard => heard.Token).HasMaxLength(64);
            builder.HasIndex(heard => heard.Until);
        }
    }
}
