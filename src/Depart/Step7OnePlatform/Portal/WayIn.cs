using System.Security.Cryptography;
using System.Text;
using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>How a code reaches the leaver.</summary>
public enum WayInKind
{
    /// <summary>A link to the private address, which the person asked for at the door.</summary>
    Asked,

    /// <summary>A link to the private address, sent by the house or by Depart itself.</summary>
    Sent,

    /// <summary>A link to the supplier's contact, to be passed on.</summary>
    Supplier,

    /// <summary>A code on paper.</summary>
    Paper,
}

/// <summary>A way through the leaver's own door that serves once. Bound to the person and the departure; only the hash of its code is kept.</summary>
internal sealed class WayIn : Versioned
{
    /// <summary>Signs that are hard to take for one another (Crockford's base 32).</summary>
    private const string Signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Signs of a code on paper: 80 bits, which nobody guesses, however often they try.</summary>
    private const int PaperLength = 16;

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    public DepartureId Departure { get; private init; }

    public PersonId Person { get; private init; }

    public WayInKind Kind { get; private init; }

    /// <summary>SHA-256 of the code and of what it is for, hexadecimal: a code of another purpose never fits.</summary>
    public string Hash { get; private init; } = "";

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset ExpiresAt { get; private init; }

    /// <summary>Who made it, by name; empty for Depart itself, and for whoever asked at the door.</summary>
    public string ByName { get; private init; } = "";

    /// <summary>When it was used, UTC.</summary>
    public DateTimeOffset? UsedAt { get; private set; }

    /// <summary>When it was withdrawn, or replaced by a newer one, UTC.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>How long one of a kind is good.</summary>
    public static TimeSpan LifeOf(WayInKind kind) => kind switch
    {
        WayInKind.Asked => TimeSpan.FromHours(2),
        WayInKind.Paper => TimeSpan.FromDays(30),
        _ => TimeSpan.FromDays(14),
    };

    /// <summary>A new one and its code, which is told once.</summary>
    public static (WayIn Way, string Code) Create(Departure departure, WayInKind kind, Actor by, DateTimeOffset now, DateTimeOffset from)
    {
        var code = kind == WayInKind.Paper ? RandomNumberGenerator.GetString(Signs, PaperLength) : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        return (new()
        {
            Departure = departure.Id, Person = departure.Person, Kind = kind, Hash = HashOf(code), CreatedAt = now, ExpiresAt = (from > now ? from : now) + LifeOf(kind),
            ByName = by.Via == Via.Engine ? "" : by.Name,
        }, code);
    }

    /// <summary>A code on paper as it is printed: four groups of four.</summary>
    public static string Grouped(string code) => string.Join('-', code.Chunk(4).Select(group => new string(group)));

    /// <summary>The address to open for a code that comes by mail.</summary>
    public static string PathOf(string code) => $"{PortalPaths.Open}?code={code}";

    /// <summary>What a mail with it is about.</summary>
    public static string MailKeyOf(Guid way) => $"own-door-{way:N}";

    /// <summary>As typed: spaces and hyphens do not count, nor does case, and signs that look alike are one.</summary>
    public static string HashOf(string code)
    {
        var plain = new StringBuilder("depart:own-door:", 80);
        foreach (var sign in code.Length > 100 ? "" : code.ToUpperInvariant())
        {
            _ = sign switch
            {
                'O' => plain.Append('0'),
                'I' or 'L' => plain.Append('1'),
                _ when char.IsAsciiLetterOrDigit(sign) => plain.Append(sign),
                _ => plain,
            };
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plain.ToString())));
    }

    public bool IsGood(DateTimeOffset now) => UsedAt is null && EndedAt is null && ExpiresAt > now;

    public void Use(DateTimeOffset now)
    {
        UsedAt = now;
        Touch();
    }

    public void End(DateTimeOffset now)
    {
        EndedAt ??= now;
        Touch();
    }

    /// <summary>The one of a code that is good now, or null.</summary>
    public static async Task<WayIn?> FindAsync(DepartDb db, string? code, DateTimeOffset now, CancellationToken cancellation)
    {
        var hash = HashOf(code ?? "");
        return await db.Set<WayIn>().FirstOrDefaultAsync(way => way.Hash == hash, cancellation) is { } found && found.IsGood(now) ? found : null;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<WayIn>
    {
        public void Configure(EntityTypeBuilder<WayIn> builder)
        {
            builder.ToTable("ways_in");
            builder.HasKey(way => way.Id);
            builder.Property(way => way.Hash).HasMaxLength(64);
            builder.Property(way => way.ByName).HasMaxLength(200);
            builder.HasIndex(way => way.Hash).IsUnique();
            builder.HasIndex(way => way.Departure);
            builder.HasIndex(way => way.Person);
            MapVersion(builder);
        }
    }
}
