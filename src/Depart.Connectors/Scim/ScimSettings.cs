using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Depart.Connectors.Scim;

/// <summary>Settings of a SCIM 2.0 service provider (RFC 7644).</summary>
public sealed class ScimSettings : ISettingsCheck
{
    /// <summary>Base address, up to and without <c>/Users</c>.</summary>
    [Setting(1, "Base address", "Adresse de base", HelpEn = "For example https://app.example.com/scim/v2", HelpFr = "Par exemple https://app.exemple.fr/scim/v2")]
    public string BaseUrl { get; set; } = "";

    /// <summary>Bearer token of a client that may read and change users and groups.</summary>
    [Setting(2, "Access token", "Jeton d’accès", Secret = true, HelpEn = "Sent as Authorization: Bearer.", HelpFr = "Envoyé en Authorization: Bearer.")]
    public string Token { get; set; } = "";

    /// <summary>The authority to trust, when it is not a public one.</summary>
    [Setting(5, "Trusted certificates (PEM)", "Certificats reconnus (PEM)", Multiline = true, Advanced = true,
        HelpEn = "The company's own authority, as PEM text. Then only it is trusted. Empty: the authorities of this server.",
        HelpFr = "L’autorité de l’entreprise, en texte PEM. Elle seule est alors reconnue. Vide : les autorités de ce serveur.")]
    public string? TrustedCertificates { get; set; }

    /// <summary>Groups and roles that give power over others; <c>*</c> stands for anything.</summary>
    [Setting(6, "Privileged groups and roles", "Groupes et rôles privilégiés", Advanced = true,
        HelpEn = "Names of groups or roles whose holders are shown as privileged; * stands for anything.",
        HelpFr = "Noms de groupes ou de rôles dont les titulaires sont montrés comme privilégiés ; * remplace n’importe quoi.")]
    public IReadOnlyList<string> PrivilegedNames { get; set; } = ["*admin*", "*owner*", "*root*"];

    /// <summary>Accept plain HTTP: only for a service on this very machine.</summary>
    [Setting(3, "Allow plain HTTP", "Autoriser HTTP en clair", Advanced = true, HelpEn = "Only for a service on this machine.", HelpFr = "Seulement pour un service sur cette machine.")]
    public bool AllowPlainHttp { get; set; }

    /// <summary>Seconds to wait for an answer.</summary>
    [Setting(4, "Time-out in seconds", "Délai en secondes", Advanced = true)]
    [Range(1, 120)]
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>The certificates of <see cref="TrustedCertificates"/>, or null when there are none.</summary>
    internal X509Certificate2Collection? Authorities()
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(TrustedCertificates);
        }
        catch (CryptographicException)
        {
            return null;
        }

        return authorities.Count > 0 ? authorities : null;
    }

    /// <inheritdoc/>
    public IEnumerable<SettingProblem> Check()
    {
        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            yield return new(nameof(BaseUrl), new("The base address must start with https://.", "L’adresse de base doit commencer par https://."));
        }
        else if (address.Scheme == "http" && !AllowPlainHttp)
        {
            yield return new(nameof(BaseUrl), new(
                "Plain HTTP would send the token in clear: use https://, or allow plain HTTP for a service on this machine.",
                "En HTTP, le jeton circulerait en clair : utilisez https://, ou autorisez HTTP pour un service sur cette machine."));
        }
        else if (address.Scheme == "http" && !address.IsLoopback)
        {
            yield return new(nameof(AllowPlainHttp), new(
                "Plain HTTP is only for a service on this machine.", "HTTP en clair n’est permis que pour un service sur cette machine."));
        }

        if (!string.IsNullOrWhiteSpace(TrustedCertificates) && Authorities() is null)
        {
            yield return new(nameof(TrustedCertificates), new(
                "This is no certificate in PEM text (-----BEGIN CERTIFICATE-----).", "Ce n’est pas un certificat en texte PEM (-----BEGIN CERTIFICATE-----)."));
        }
    }
}
