using System.Security.Cryptography;
using System.Text;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Interfaces.SignIn;

/// <summary>What a link is for.</summary>
public enum LinkPurpose
{
    /// <summary>The first administrator names themselves.</summary>
    SetUp,

    /// <summary>Somebody invited chooses a password; also after a password was lost.</summary>
    Invitation,
}

/// <summary>A link that serves once: only its hash is kept.</summary>
internal sealed class OneTimeLink : Versioned
{
    /// <summary>How long a link is good.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(2);

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    public LinkPurpose Purpose { get; private init; }

    /// <summary>For whom; null for the set-up.</summary>
    public UserId? User { get; private init; }

    /// <summary>SHA-256 of the code, hexadecimal.</summary>
    public string Hash { get; private init; } = "";

    public DateTimeOffset ExpiresAt { get; private init; }

    /// <summary>When it was used, or withdrawn by a newer one.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>A new link and its code, which is told once.</summary>
    public static (OneTimeLink Link, string Code) Create(LinkPurpose purpose, UserId? user, DateTimeOffset now)
    {
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        return (new() { Purpose = purpose, User = user, Hash = HashOf(code), ExpiresAt = now + Life }, code);
    }

    public static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    /// <summary>The address to open.</summary>
    public static string PathOf(string code) => $"{Session.SetUpPath}?code={code}";

    public bool IsGood(DateTimeOffset now) => EndedAt is null && ExpiresAt > now;

    public void End(DateTimeOffset now)
    {
        EndedAt ??= now;
        Touch();
    }

    /// <summary>The link of a code that is still good, or null.</summary>
    public static async Task<OneTimeLink?> FindAsync(DepartDb db, string? code, DateTimeOffset now, CancellationToken cancellation)
    {
        var hash = HashOf(code?.Trim() ?? "");
        return await db.Set<OneTimeLink>().FirstOrDefaultAsync(link => link.Hash == hash, cancellation) is { } link && link.IsGood(now) ? link : null;
    }

    /// <summary>Makes a link and ends the earlier ones for the same.</summary>
    public static async Task<(string Code, DateTimeOffset ExpiresAt)> RenewAsync(DepartDb db, LinkPurpose purpose, UserId? user, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var earlier in await db.Set<OneTimeLink>().Where(link => link.Purpose == purpose && link.User == user && link.EndedAt == null).ToListAsync(cancellation))
        {
            earlier.End(now);
        }

        var (link, code) = Create(purpose, user, now);
        db.Add(link);
        return (code, link.ExpiresAt);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<OneTimeLink>
    {
        public void Configure(EntityTypeBuilder<OneTimeLink> builder)
        {
            builder.ToTable("one_time_links");
            builder.HasKey(link => link.Id);
            builder.Property(link => link.Hash).HasMaxLength(64);
            builder.HasIndex(link => link.Hash).IsUnique();
            MapVersion(builder);
        }
    }
}
