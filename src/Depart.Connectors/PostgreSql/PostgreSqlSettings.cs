using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Depart.Connectors.PostgreSql;

/// <summary>Settings of one PostgreSQL server (a cluster: roles are shared by all its databases).</summary>
public sealed class PostgreSqlSettings : ISettingsCheck
{
    /// <summary>Name or address of the server; the certificate must carry it.</summary>
    [Setting(1, "Server", "Serveur", HelpEn = "Name or address, as in its certificate: db.example.com", HelpFr = "Nom ou adresse, comme dans son certificat : db.exemple.fr")]
    public string Host { get; set; } = "";

    /// <summary>Port. Default 5432.</summary>
    [Setting(2, "Port", "Port", HelpEn = "Default: 5432. Of the server itself, not of a pooler.", HelpFr = "Par défaut : 5432. Celui du serveur lui-même, pas d’un répartiteur de connexions.")]
    [Range(1, 65535)]
    public int Port { get; set; } = 5432;

    /// <summary>The database that Depart connects to; owned objects of the others are found from there.</summary>
    [Setting(3, "Database", "Base de données", HelpEn = "Any database that Depart may enter. Default: postgres.", HelpFr = "Une base où Départ peut entrer. Par défaut : postgres.")]
    public string Database { get; set; } = "postgres";

    /// <summary>The role that Depart signs in with.</summary>
    [Setting(4, "Role", "Rôle", HelpEn = "The role of Depart itself: see the rights in the connector’s page.", HelpFr = "Le rôle de Départ lui-même : voir les droits dans la page du connecteur.")]
    public string User { get; set; } = "";

    /// <summary>Its password.</summary>
    [Setting(5, "Password", "Mot de passe", Secret = true, HelpEn = "Password of that role.", HelpFr = "Mot de passe de ce rôle.")]
    public string Password { get; set; } = "";

    /// <summary>Certificates of the authorities that are trusted, PEM; without any, those of the operating system.</summary>
    [Setting(6, "Certificate authority", "Autorité de certification", Multiline = true,
        HelpEn = "PEM, for a server with a certificate of your own authority. Empty: the authorities this machine trusts.",
        HelpFr = "PEM, pour un serveur dont le certificat vient de votre propre autorité. Vide : les autorités reconnues par cette machine.")]
    public string? CertificateAuthority { get; set; }

    /// <summary>People reach the server through a connection pooler, whose own list of users this connector cannot change.</summary>
    [Setting(7, "Behind a pooler", "Derrière un répartiteur", Advanced = true,
        HelpEn = "People connect through PgBouncer or the like: its own user list is then named as what remains.",
        HelpFr = "Les personnes passent par PgBouncer ou un équivalent : sa propre liste d’utilisateurs est alors signalée comme ce qui subsiste.")]
    public bool Pooler { get; set; }

    /// <summary>Accept a connection without TLS: only for a server on this very machine.</summary>
    [Setting(8, "Allow no encryption", "Autoriser sans chiffrement", Advanced = true,
        HelpEn = "Only for a server on this machine.", HelpFr = "Seulement pour un serveur sur cette machine.")]
    public bool AllowNoEncryption { get; set; }

    /// <summary>Seconds to wait for an answer.</summary>
    [Setting(9, "Time-out in seconds", "Délai en secondes", Advanced = true, HelpEn = "For each answer. Default: 10.", HelpFr = "Pour chaque réponse. Par défaut : 10.")]
    [Range(1, 120)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <inheritdoc/>
    public IEnumerable<SettingProblem> Check()
    {
        if (Host.Contains(',') || Host.StartsWith('/'))
        {
            // The driver would take a list for several servers and a path for a socket: one system is one server.
            yield return new(nameof(Host), new("One server: a name or an address.", "Un seul serveur : un nom ou une adresse."));
        }

        if (AllowNoEncryption && !(Host is "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address))))
        {
            yield return new(nameof(AllowNoEncryption), new(
                "A connection without encryption is only for a server on this machine.", "Une connexion sans chiffrement n’est permise que pour un serveur sur cette machine."));
        }

        if (CertificateAuthority is not null && Authorities() is not { Count: > 0 })
        {
            yield return new(nameof(CertificateAuthority), new(
                "No certificate can be read: paste the text from -----BEGIN CERTIFICATE----- on.",
                "Aucun certificat lisible : collez le texte à partir de -----BEGIN CERTIFICATE-----."));
        }
    }

    /// <summary>The authorities trusted, or null for those of the operating system or when the text cannot be read.</summary>
    internal X509Certificate2Collection? Authorities()
    {
        if (string.IsNullOrWhiteSpace(CertificateAuthority))
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(CertificateAuthority);
        }
        catch (CryptographicException)
        {
            return null;
        }

        return authorities;
    }
}
