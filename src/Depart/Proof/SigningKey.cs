using System.Security.Cryptography;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Proof;

/// <summary>A key that signs evidence, or did. The private half is closed by the key ring, and destroyed when another key takes its place.</summary>
internal sealed class SigningKeyRow
{
    /// <summary>From 1; the highest signs.</summary>
    public int Number { get; init; }

    public required string Fingerprint { get; init; }

    /// <summary>SubjectPublicKeyInfo, DER; kept for ever, so that what it signed can still be checked.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>PKCS #8, protected; null once retired.</summary>
    public string? PrivateKey { get; set; }

    public DateTimeOffset MadeAt { get; init; }

    public DateTimeOffset? RetiredAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SigningKeyRow>
    {
        public void Configure(EntityTypeBuilder<SigningKeyRow> builder)
        {
            builder.ToTable("signing_keys");
            builder.HasKey(row => row.Number);
            builder.Property(row => row.Number).ValueGeneratedNever();
            builder.Property(row => row.Fingerprint).HasMaxLength(64);
        }
    }
}

/// <summary>The key that signs now: ECDSA P-256.</summary>
internal sealed class SigningKey(ECDsa key, string fingerprint, string log) : IDisposable
{
    public ECDsa Key => key;

    /// <summary>To be published, so that a stranger can check who signed.</summary>
    public string Fingerprint => fingerprint;

    /// <summary>Fingerprint of the first key ever: names the log of this installation.</summary>
    public string Log => log;

    public void Dispose() => key.Dispose();
}

/// <summary>The signing keys of the database: one for the whole cluster, in every backup, opened by the key ring.</summary>
internal sealed class SigningKeys(DepartDb db, IDataProtectionProvider protection, StorageOptions storage, IJournal journal, TimeProvider clock)
{
    private IDataProtector Protector => protection.CreateProtector("signing-key");

    /// <summary>Where versions that kept one key file per node had it.</summary>
    public string OldFile => Path.Combine(storage.DataFolder, "signing-key.pem");

    /// <summary>Opens the key that signs.</summary>
    /// <exception cref="StartRefused">There is none, or it cannot be opened.</exception>
    public async Task<SigningKey> CurrentAsync(CancellationToken cancellation)
    {
        var rows = await db.Set<SigningKeyRow>().OrderBy(row => row.Number).ToListAsync(cancellation);
        if (rows.Count == 0 || rows[^1].PrivateKey is not { } closed)
        {
            throw new StartRefused(JournalText.KeyGone);
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(Protector.Unprotect(Convert.FromBase64String(closed)), out _);
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            key.Dispose();
            throw new StartRefused(JournalText.KeyUnreadable.With(rows[^1].Fingerprint));
        }

        if (Evidence.Fingerprint.Of(key.ExportSubjectPublicKeyInfo()) != rows[^1].Fingerprint)
        {
            key.Dispose();
            throw new StartRefused(JournalText.KeyUnreadable.With(rows[^1].Fingerprint));
        }

        return new(key, rows[^1].Fingerprint, rows[0].Fingerprint);
    }

    /// <summary>Adds a key and retires the one before; journalled under <paramref name="kind"/>.</summary>
    public async Task<string> AddAsync(ECDsa key, string kind, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var before = await db.Set<SigningKeyRow>().OrderByDescending(row => row.Number).FirstOrDefaultAsync(cancellation);
        if (before is not null)
        {
            (before.PrivateKey, before.RetiredAt) = (null, now);
        }

        var publicKey = key.ExportSubjectPublicKeyInfo();
        var fingerprint = Evidence.Fingerprint.Of(publicKey);
        db.Add(new SigningKeyRow
        {
            Number = (before?.Number ?? 0) + 1,
            Fingerprint = fingerprint,
            PublicKey = publicKey,
            PrivateKey = Convert.ToBase64String(Protector.Protect(key.ExportPkcs8PrivateKey())),
            MadeAt = now,
        });
        journal.Record(new(Fact.House, kind)
        {
            Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["fingerprint"] = fingerprint, ["before"] = before?.Fingerprint },
        });
        return fingerprint;
    }
}

/// <summary>
/// Sees to it that there is a key, at each start: takes over the file of an earlier version, or makes one. Checkpoints without a key are never
/// given a new one in silence: whoever emptied the table would be covered.
/// </summary>
internal sealed record PrepareSigningKey : ICommand<string>
{
    public static Access Access => Access.Engine;

    /// <summary>Prepares the key, then puts an old key file out of use.</summary>
    /// <exception cref="StartRefused">The key is missing or cannot be opened.</exception>
    public static async Task RunAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await services.GetRequiredService<Dispatcher>().SendAsync(new PrepareSigningKey(), Actor.Engine, cancellation);
        await using var scope = services.CreateAsyncScope();
        var keys = scope.ServiceProvider.GetRequiredService<SigningKeys>();
        using var key = await keys.CurrentAsync(cancellation);
        if (File.Exists(keys.OldFile))
        {
            File.Move(keys.OldFile, keys.OldFile + ".imported", overwrite: true);
        }
    }

    internal sealed class Handler(DepartDb db, SigningKeys keys) : IHandler<PrepareSigningKey, string>
    {
        public async Task<Outcome<string>> HandleAsync(PrepareSigningKey command, CancellationToken cancellation)
        {
            if (await db.Set<SigningKeyRow>().OrderByDescending(row => row.Number).FirstOrDefaultAsync(cancellation) is { } current)
            {
                return current.Fingerprint;
            }

            if (await db.Set<CheckpointRow>().AnyAsync(cancellation))
            {
                throw new StartRefused(JournalText.KeyGone);
            }

            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            if (!File.Exists(keys.OldFile))
            {
                return await keys.AddAsync(key, "signing-key.made", cancellation);
            }

            try
            {
                key.ImportFromPem(await File.ReadAllTextAsync(keys.OldFile, cancellation));
            }
            catch (Exception error) when (error is CryptographicException or ArgumentException)
            {
                throw new StartRefused(JournalText.KeyFileBad.With(keys.OldFile));
            }

            return await keys.AddAsync(key, "signing-key.imported", cancellation);
        }
    }
}

/// <summary>A signing key, as published: the one without <paramref name="RetiredAt"/> signs now.</summary>
public sealed record SigningKeyLine(int Number, string Fingerprint, DateTimeOffset MadeAt, DateTimeOffset? RetiredAt, string PublicKeyPem);

/// <summary>Every key that signs or ever signed, the present one first.</summary>
internal sealed record ListSigningKeys : IQuery<IReadOnlyList<SigningKeyLine>>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/evidence/keys", (ApiDoor door) => door.AskAsync(new ListSigningKeys())).WithTags("Evidence");

    internal sealed class Handler(DepartDb db) : IHandler<ListSigningKeys, IReadOnlyList<SigningKeyLine>>
    {
        public async Task<Outcome<IReadOnlyList<SigningKeyLine>>> HandleAsync(ListSigningKeys query, CancellationToken cancellation) =>
            (await db.Set<SigningKeyRow>().OrderByDescending(row => row.Number).ToListAsync(cancellation)).ConvertAll(Line);

        private static SigningKeyLine Line(SigningKeyRow row) => new(
            row.Number, row.Fingerprint, row.MadeAt, row.RetiredAt, PemEncoding.WriteString("PUBLIC KEY", row.PublicKey));
    }
}

/// <summary>Makes a new signing key; the old one signs nothing more, and what it signed can still be checked.</summary>
internal sealed record RotateSigningKey : ICommand<string>, IRouted, IRequiresProof
{
    public static Access Access => Access.To(Role.Security, Role.Admin);

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/evidence/keys", (ApiDoor door) => door.SendAsync(new RotateSigningKey())).WithTags("Evidence");

    internal sealed class Handler(SigningKeys keys) : IHandler<RotateSigningKey, string>
    {
        public async Task<Outcome<string>> HandleAsync(RotateSigningKey command, CancellationToken cancellation)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return await keys.AddAsync(key, "signing-key.rotated", cancellation);
        }
    }
}
