using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Foundation.Storage;

/// <summary>
/// What wraps the key ring: the content of the key file, or a key derived from a passphrase. Without it the secrets of the database cannot
/// be read; with the database alone neither.
/// </summary>
internal sealed class WrappingKey
{
    private const int Iterations = 600_000;

    private readonly byte[] key;

    private WrappingKey(byte[] key) => this.key = key;

    /// <summary>Says which key it is without telling it.</summary>
    public string Fingerprint => Convert.ToHexStringLower(HMACSHA256.HashData(key, "depart wrapping key"u8))[..16];

    /// <summary>Reads the key; makes the key file when there is neither file nor passphrase.</summary>
    /// <exception cref="StartRefused">The key file cannot be read as a key.</exception>
    public static WrappingKey Of(StorageOptions options)
    {
        if (options.Passphrase is { Length: > 0 } passphrase)
        {
            // The same passphrase gives the same key on every node: a salt of its own would have to be kept beside the ring.
            return new(Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase), "depart key ring"u8, Iterations, HashAlgorithmName.SHA256, 32));
        }

        if (!File.Exists(options.KeyFile))
        {
            Create(options.KeyFile);
        }

        var text = File.ReadAllText(options.KeyFile).Trim();
        var bytes = new byte[32];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == 32
            ? new(bytes)
            : throw new StartRefused(StorageText.KeyFileUnreadable.With(options.KeyFile));
    }

    public byte[] Wrap(ReadOnlySpan<byte> plain)
    {
        var wrapped = new byte[12 + 16 + plain.Length];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, 12));
        using var cipher = new AesGcm(key, 16);
        cipher.Encrypt(wrapped.AsSpan(0, 12), plain, wrapped.AsSpan(28), wrapped.AsSpan(12, 16));
        return wrapped;
    }

    /// <exception cref="CryptographicException">Another key wrapped it, or it was altered.</exception>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped)
    {
        var plain = new byte[wrapped.Length - 28];
        using var cipher = new AesGcm(key, 16);
        cipher.Decrypt(wrapped[..12], wrapped[28..], wrapped.Slice(12, 16), plain);
        return plain;
    }

    private static void Create(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var writer = new StreamWriter(file, OwnersOnly.NewFile);
        writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    }
}

/// <summary>Files that only their owner may read.</summary>
internal static class OwnersOnly
{
    /// <summary>How to make one; fails when it exists.</summary>
    public static FileStreamOptions NewFile
    {
        get
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return options;
        }
    }

    /// <summary>Makes a folder, or takes others' rights on it away.</summary>
    public static void Folder(string path)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Whether others may read it; never on Windows, where rights are inherited from the folder.</summary>
    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows()
        && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)) != UnixFileMode.None;
}

/// <summary>One key of the ring, wrapped.</summary>
internal sealed class KeyRingRow
{
    public required string Name { get; init; }

    public required string Xml { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<KeyRingRow>
    {
        public void Configure(EntityTypeBuilder<KeyRingRow> builder)
        {
            builder.ToTable("key_ring");
            builder.HasKey(row => row.Name);
            builder.Property(row => row.Name).HasMaxLength(100);
        }
    }
}

/// <summary>The key ring in the database, so that every node has the same and a backup holds it. Goes round the dispatcher: it encrypts what passes there.</summary>
internal sealed class KeyRing(IServiceScopeFactory scopes, WrappingKey wrapping) : IXmlRepository, IXmlEncryptor
{
    private const string Element = "wrapped";

    public static void Configure(IServiceCollection services)
    {
        services.AddSingleton<KeyRing>();
        services.AddOptions<KeyManagementOptions>().Configure<KeyRing>((options, ring) => (options.XmlRepository, options.XmlEncryptor) = (ring, ring));
    }

    /// <summary>Whether every key of the ring can be unwrapped by the key at hand.</summary>
    /// <exception cref="StartRefused">Another key file or passphrase wrapped them.</exception>
    public void Check(StorageOptions options)
    {
        if (GetAllElements().SelectMany(key => key.Descendants(Element)).Any(wrapped => (string?)wrapped.Attribute("by") != wrapping.Fingerprint))
        {
            throw new StartRefused(options.Passphrase is null ? StorageText.OtherKeyFile.With(options.KeyFile) : StorageText.OtherPassphrase);
        }
    }

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        return [.. scope.ServiceProvider.GetRequiredService<DepartDb>().Set<KeyRingRow>().AsNoTracking().Select(row => row.Xml).AsEnumerable().Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        db.Add(new KeyRingRow { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        db.SaveChanges();
    }

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
        new XElement(Element, new XAttribute("by", wrapping.Fingerprint), Convert.ToBase64String(wrapping.Wrap(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting))))),
        typeof(Unwrapping));

    /// <summary>Named in the ring beside each key: made by the framework with the services at hand.</summary>
    public sealed class Unwrapping(IServiceProvider services) : IXmlDecryptor
    {
        /// <summary>Unwraps one key.</summary>
        public XElement Decrypt(XElement encryptedElement) =>
            XElement.Parse(Encoding.UTF8.GetString(services.GetRequiredService<WrappingKey>().Unwrap(Convert.FromBase64String(encryptedElement.Value))));
    }
}

/// <summary>The server does not start; says why and what to do.</summary>
internal sealed class StartRefused(Words why) : Exception(why.En)
{
    /// <summary>For people.</summary>
    public Words Why { get; } = why;
}

/// <summary>The words of storage.</summary>
internal static class StorageText
{
    public static readonly Words KeyFileUnreadable = new(
        "{0} is not a key file of Depart: put the right one back.", "{0} n’est pas un fichier de clé de Départ : remettez le bon.");

    public static readonly Words OtherKeyFile = new(
        "The key file {0} does not open the secrets of this database: they were closed with another one. Put that key file back in its place.",
        "Le fichier de clé {0} n’ouvre pas les secrets de cette base : ils ont été fermés avec un autre. Remettez cet autre fichier à sa place.");

    public static readonly Words OtherPassphrase = new(
        "The passphrase does not open the secrets of this database: they were closed with another passphrase or with a key file.",
        "La phrase secrète n’ouvre pas les secrets de cette base : ils ont été fermés avec une autre phrase ou avec un fichier de clé.");

    public static readonly Words NewerDatabase = new(
        "This database was written by another version of Depart ({0} is not known here). Start that version, or restore a backup made before it.",
        "Cette base a été écrite par une autre version de Départ ({0} est inconnu ici). Démarrez cette version, ou restaurez une sauvegarde antérieure.");

    public static readonly Words NotOurs = new("{0} is not a database of Depart.", "{0} n’est pas une base de Départ.");

    public static readonly Words Damaged = new("{0} is damaged: {1}", "{0} est endommagé : {1}");

    public static readonly Words DatabaseInUse = new(
        "Another server of Depart uses {0}: stop it first. If its machine was just lost, PostgreSQL notices within half a minute.",
        "Un autre serveur de Départ utilise {0} : arrêtez-le d’abord. Si sa machine vient d’être perdue, PostgreSQL s’en aperçoit en une demi-minute.");

    public static readonly Words PostgreSqlRefuses = new(
        "PostgreSQL cannot be used at {0}: {1}. Check DEPART__Database; the database must exist, its owner be the user named there.",
        "PostgreSQL est inutilisable sur {0} : {1}. Vérifiez DEPART__Database ; la base doit exister et appartenir à l’utilisateur indiqué.");

    public static readonly Words InUse = new("Another depart uses {0}: stop it first.", "Un autre processus depart utilise {0} : arrêtez-le d’abord.");
}
