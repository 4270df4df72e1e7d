using Depart.Foundation.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Interfaces.SignIn;

/// <summary>A passkey of a user: the public half of a key whose other half never leaves their device or their password manager.</summary>
internal sealed class Passkey : Versioned
{
    /// <summary>Of one user; more than anybody has devices.</summary>
    public const int MostPerUser = 20;

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    public required UserId User { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>As the authenticator names it; at most 1023 bytes.</summary>
    public required byte[] CredentialId { get; init; }

    /// <summary>A COSE key.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Counts signatures where the authenticator does; a lower one is refused as the sign of a copy.</summary>
    public long SignCount { get; private set; }

    /// <summary>How the authenticator is reached: a hint for browsers.</summary>
    public List<string> Transports { get; private init; } = [];

    /// <summary>It can be copied to other devices of its owner.</summary>
    public bool BackupEligible { get; private init; }

    /// <summary>It has been.</summary>
    public bool BackedUp { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>Keeps what a registration gave.</summary>
    public static Passkey Of(UserId user, string name, UserPasskeyInfo made, DateTimeOffset now) => new()
    {
        User = user, Name = name, CredentialId = made.CredentialId, PublicKey = made.PublicKey, SignCount = made.SignCount, Transports = [.. made.Transports ?? []],
        BackupEligible = made.IsBackupEligible, BackedUp = made.IsBackedUp, CreatedAt = now,
    };

    /// <summary>As the framework checks it. Registrations and uses without verification of the user are refused, so every one has been verified.</summary>
    public UserPasskeyInfo Info() => new(CredentialId, PublicKey, CreatedAt, (uint)SignCount, [.. Transports], isUserVerified: true, BackupEligible, BackedUp, [], []) { Name = Name };

    /// <summary>It was used.</summary>
    public void Used(uint signCount, bool backedUp, DateTimeOffset now)
    {
        (SignCount, BackedUp, LastUsedAt) = (signCount, backedUp, now);
        Touch();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Passkey>
    {
        public void Configure(EntityTypeBuilder<Passkey> builder)
        {
            builder.ToTable("passkeys");
            builder.HasKey(passkey => passkey.Id);
            builder.Property(passkey => passkey.Name).HasMaxLength(100);
            builder.Property(passkey => passkey.CredentialId).HasMaxLength(1023);
            builder.HasIndex(passkey => passkey.CredentialId).IsUnique();
            builder.HasIndex(passkey => passkey.User);
            MapVersion(builder);
        }
    }
}

/// <summary>What the framework's passkeys read of ours. It only reads: every change passes by the door (<see cref="AddPasskey"/>, <see cref="UsePasskey"/>).</summary>
internal sealed class PasskeyReader(DepartDb db) : IUserPasskeyStore<User>
{
    public async Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        UserId.TryParse(userId, out var id) ? await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(user => user.Id == id, cancellationToken) : null;

    public async Task<User?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await db.Set<Passkey>().Where(passkey => passkey.CredentialId == credentialId).Join(db.Set<User>(), passkey => passkey.User, user => user.Id, (_, user) => user)
            .AsNoTracking().FirstOrDefaultAsync(cancellationToken);

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await db.Set<Passkey>().AsNoTracking().FirstOrDefaultAsync(passkey => passkey.User == user.Id && passkey.CredentialId == credentialId, cancellationToken))?.Info();

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(User user, CancellationToken cancellationToken) =>
        (await db.Set<Passkey>().AsNoTracking().Where(passkey => passkey.User == user.Id).ToListAsync(cancellationToken)).ConvertAll(passkey => passkey.Info());

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Mail);

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Mail);

    public async Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        await db.Set<User>().AsNoTracking().FirstOrDefaultAsync(user => user.Mail == normalizedUserName, cancellationToken);

    public void Dispose()
    {
        // The context is the scope's.
    }

    Task IUserPasskeyStore<User>.AddOrUpdatePasskeyAsync(User user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw Reads();

    Task IUserPasskeyStore<User>.RemovePasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) => throw Reads();

    Task IUserStore<User>.SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => throw Reads();

    Task IUserStore<User>.SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) => throw Reads();

    Task<IdentityResult> IUserStore<User>.CreateAsync(User user, CancellationToken cancellationToken) => throw Reads();

    Task<IdentityResult> IUserStore<User>.UpdateAsync(User user, CancellationToken cancellationToken) => throw Reads();

    Task<IdentityResult> IUserStore<User>.DeleteAsync(User user, CancellationToken cancellationToken) => throw Reads();

    private static NotSupportedException Reads() => new("Changes pass by the dispatcher.");
}
