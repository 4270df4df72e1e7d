using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// A passkey: the public half of a key whose other half never leaves its owner's device or password manager. It signs a user in, or opens a leaver's own door; never both, and which it is never changes.
/// </summary>
internal sealed class Passkey : Versioned
{
    /// <summary>Of one owner; more than anybody has devices.</summary>
    public const int MostPerOwner = 20;

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    /// <summary>Whose account it signs in to, or null: it is of an own door.</summary>
    public UserId? User { get; private init; }

    /// <summary>Whose own door it opens, or null: it is of an account.</summary>
    public PersonId? Person { get; private init; }

    /// <summary>The way through the own door by which its owner had come when they made it: what ends that way ends it too.</summary>
    public Guid? Way { get; private init; }

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

    /// <summary>Keeps what a registration gave, for an account.</summary>
    public static Passkey Of(UserId user, string name, UserPasskeyInfo made, DateTimeOffset now) => Of(user, null, null, name, made, now);

    /// <summary>Keeps what a registration gave, for an own door.</summary>
    public static Passkey Of(PersonId person, Guid way, string name, UserPasskeyInfo made, DateTimeOffset now) => Of(null, person, way, name, made, now);

    private static Passkey Of(UserId? user, PersonId? person, Guid? way, string name, UserPasskeyInfo made, DateTimeOffset now) => new()
    {
        User = user, Person = person, Way = way, Name = name, CredentialId = made.CredentialId, PublicKey = made.PublicKey, SignCount = made.SignCount, Transports = [.. made.Transports ?? []],
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
            builder.HasIndex(passkey => passkey.Person);
            MapVersion(builder);
        }
    }
}

/// <summary>What a passkey opens.</summary>
internal enum PasskeyOpens
{
    /// <summary>The account of a user.</summary>
    Account,

    /// <summary>A leaver's own door.</summary>
    OwnDoor,
}

/// <summary>Whose a passkey is, as the framework and the device are told.</summary>
/// <param name="Id">Of the user, or of the person.</param>
/// <param name="Name">What a device shows to tell one from another.</param>
internal sealed record PasskeyOwner(Guid Id, string Name);

/// <summary>What the framework's passkeys read of ours, of one kind alone: those of the other are not there. It only reads; every change passes by the door.</summary>
internal sealed class PasskeyReader(DepartDb db, PasskeyOpens opens) : IUserPasskeyStore<PasskeyOwner>
{
    public async Task<PasskeyOwner?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Guid.TryParse(userId, out var id) ? await FindAsync(id, cancellationToken) : null;

    public async Task<PasskeyOwner?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await db.Set<Passkey>().AsNoTracking().FirstOrDefaultAsync(passkey => passkey.CredentialId == credentialId, cancellationToken) is { } found
        && (opens == PasskeyOpens.Account ? found.User?.Value : found.Person?.Value) is { } id ? await FindAsync(id, cancellationToken) : null;

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await Of(user).FirstOrDefaultAsync(passkey => passkey.CredentialId == credentialId, cancellationToken))?.Info();

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyOwner user, CancellationToken cancellationToken) =>
        (await Of(user).ToListAsync(cancellationToken)).ConvertAll(passkey => passkey.Info());

    public Task<string> GetUserIdAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    public Task<string?> GetNormalizedUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Name);

    /// <summary>Passkeys are found by themselves: nobody's name is looked up.</summary>
    public Task<PasskeyOwner?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Task.FromResult<PasskeyOwner?>(null);

    public void Dispose()
    {
        // The context is the scope's.
    }

    Task IUserPasskeyStore<PasskeyOwner>.AddOrUpdatePasskeyAsync(PasskeyOwner user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw Reads();

    Task IUserPasskeyStore<PasskeyOwner>.RemovePasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) => throw Reads();

    Task IUserStore<PasskeyOwner>.SetUserNameAsync(PasskeyOwner user, string? userName, CancellationToken cancellationToken) => throw Reads();

    Task IUserStore<PasskeyOwner>.SetNormalizedUserNameAsync(PasskeyOwner user, string? normalizedName, CancellationToken cancellationToken) => throw Reads();

    Task<IdentityResult> IUserStore<PasskeyOwner>.CreateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw Reads();

    Task<IdentityResult> IUserStore<PasskeyOwner>.UpdateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw Reads();

    Task<IdentityResult> IUserStore<PasskeyOwner>.DeleteAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw Reads();

    private static NotSupportedException Reads() => new("Changes pass by the dispatcher.");

    private async Task<PasskeyOwner?> FindAsync(Guid id, CancellationToken cancellation)
    {
        if (opens == PasskeyOpens.Account)
        {
            var user = UserId.From(id);
            return await db.Set<User>().Where(known => known.Id == user).Select(known => new PasskeyOwner(known.Id.Value, known.Mail)).FirstOrDefaultAsync(cancellation);
        }

        var person = PersonId.From(id);
        return await db.Set<Person>().Where(known => known.Id == person).Select(known => new PasskeyOwner(known.Id.Value, known.GivenName + " " + known.FamilyName)).FirstOrDefaultAsync(cancellation);
    }

    private IQueryable<Passkey> Of(PasskeyOwner owner)
    {
        var (user, person) = (UserId.From(owner.Id), PersonId.From(owner.Id));
        return db.Set<Passkey>().AsNoTracking().Where(passkey => opens == PasskeyOpens.Account ? passkey.User == user : passkey.Person == person);
    }
}
