using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Depart.Connectors.Ldap;

/// <summary>How the connection is encrypted. There is no third way.</summary>
public enum LdapEncryption
{
    /// <summary>TLS from the first byte, usually on port 636.</summary>
    [Choice("LDAPS", "LDAPS")]
    Ldaps,

    /// <summary>TLS asked for on the plain port, usually 389, before anything is said.</summary>
    [Choice("StartTLS", "StartTLS")]
    StartTls,
}

/// <summary>What every directory needs to know to be reached.</summary>
public abstract class LdapSettings : ISettingsCheck
{
    /// <summary>Name or address of the server.</summary>
    [Setting(1, "Server", "Serveur", HelpEn = "Its name as in its certificate, for example ldap.example.com.",
        HelpFr = "Son nom, tel que dans son certificat, par exemple ldap.exemple.fr.")]
    public string Host { get; set; } = "";

    /// <summary>Port.</summary>
    [Setting(2, "Port", "Port", HelpEn = "636 for LDAPS, 389 for StartTLS.", HelpFr = "636 en LDAPS, 389 en StartTLS.")]
    [Range(1, 65535)]
    public int Port { get; set; } = 636;

    /// <summary>Kind of encryption.</summary>
    [Setting(3, "Encryption", "Chiffrement", HelpEn = "LDAPS, or StartTLS on the plain port. Depart never speaks in clear.",
        HelpFr = "LDAPS, ou StartTLS sur le port ordinaire. Départ ne parle jamais en clair.")]
    public LdapEncryption Encryption { get; set; }

    /// <summary>Name of the account that Depart uses.</summary>
    [Setting(4, "Our account", "Notre compte", HelpEn = "Its whole name, for example cn=depart,ou=services,dc=example,dc=com.",
        HelpFr = "Son nom complet, par exemple cn=depart,ou=services,dc=exemple,dc=fr.")]
    public virtual string BindName { get; set; } = "";

    /// <summary>Its password.</summary>
    [Setting(5, "Its password", "Son mot de passe", Secret = true)]
    public string BindPassword { get; set; } = "";

    /// <summary>The authority or the server's own certificate, when no authority known to this machine signed it.</summary>
    [Setting(6, "Certificate authority (PEM)", "Autorité de certification (PEM)", Multiline = true,
        HelpEn = "Only for a company’s own authority: its certificate, from -----BEGIN CERTIFICATE-----. Then no other authority is trusted.",
        HelpFr = "Seulement pour l’autorité propre à une entreprise : son certificat, à partir de -----BEGIN CERTIFICATE-----. Aucune autre autorité n’est alors reconnue.")]
    public string? Authority { get; set; }

    /// <summary>The name that the certificate bears, when it is not <see cref="Host"/>.</summary>
    [Setting(40, "Name in the certificate", "Nom dans le certificat", Advanced = true, HelpEn = "When the server is reached by another name or an address.",
        HelpFr = "Quand on atteint le serveur par un autre nom ou par une adresse.")]
    public string? CertificateName { get; set; }

    /// <summary>Connections that share the requests.</summary>
    [Setting(41, "Connections", "Connexions", Advanced = true, HelpEn = "Kept open at most, from 1 to 16; default 4.", HelpFr = "Gardées ouvertes au plus, de 1 à 16 ; 4 par défaut.")]
    [Range(1, 16)]
    public int Connections { get; set; } = 4;

    /// <summary>Seconds to wait for an answer.</summary>
    [Setting(42, "Time-out in seconds", "Délai en secondes", Advanced = true)]
    [Range(1, 120)]
    public int TimeoutSeconds { get; set; } = 15;

    /// <summary>Logins of accounts that no person signs in with.</summary>
    [Setting(43, "Service accounts", "Comptes de service", Advanced = true, HelpEn = "Logins, one a line; a star stands for anything. Default svc-* and svc_*.",
        HelpFr = "Identifiants, un par ligne ; l’étoile remplace n’importe quoi. Par défaut svc-* et svc_*.")]
    public IReadOnlyList<string> ServiceLogins { get; set; } = ["svc-*", "svc_*"];

    /// <inheritdoc/>
    public virtual IEnumerable<SettingProblem> Check()
    {
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
        {
            yield return new(nameof(Host), new(
                "Server: a name or an address alone, without ldap:// and without port.", "Serveur : un nom ou une adresse seuls, sans ldap:// ni port."));
        }

        if (!string.IsNullOrWhiteSpace(Authority) && TryReadAuthorities(Authority) is null)
        {
            yield return new(nameof(Authority), new(
                "Certificate authority: paste the certificate in PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.",
                "Autorité de certification : collez le certificat en PEM, de -----BEGIN CERTIFICATE----- à -----END CERTIFICATE-----."));
        }
    }

    internal LdapEndpoint Endpoint => new(
        Host, Port, Encryption == LdapEncryption.StartTls, string.IsNullOrWhiteSpace(CertificateName) ? Host : CertificateName,
        string.IsNullOrWhiteSpace(Authority) ? [] : TryReadAuthorities(Authority) ?? [], TimeSpan.FromSeconds(TimeoutSeconds));

    internal bool IsService(string login) => ServiceLogins.Any(pattern => Fits(pattern, login));

    /// <summary>Whether a text fits a pattern in which a star stands for anything; case means nothing.</summary>
    internal static bool Fits(string pattern, string text) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: true);

    /// <summary>A problem for a setting that should hold a name (DN).</summary>
    internal static SettingProblem? Name(string setting, Bilingual label, string? value, string example = "ou=people") =>
        string.IsNullOrWhiteSpace(value) || DistinguishedName.TryParse(value) is { Parts.Count: > 0 } ? null
        : new(setting, new($"{label.En}: a whole name such as {example},dc=example,dc=com.", $"{label.Fr} : un nom complet tel que {example},dc=exemple,dc=fr."));

    private static X509Certificate2Collection? TryReadAuthorities(string pem)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(pem);
            return found.Count > 0 ? found : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
