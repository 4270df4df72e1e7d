using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Depart.Connectors.Ssh;

/// <summary>Settings of one host reached by SSH: one host is one system.</summary>
public sealed partial class SshSettings : ISettingsCheck
{
    /// <summary>Name or address of the host.</summary>
    [Setting(1, "Host", "Hôte", HelpEn = "Name or address: srv-app-01.example.com", HelpFr = "Nom ou adresse : srv-app-01.exemple.fr")]
    public string Host { get; set; } = "";

    /// <summary>Port. Default 22.</summary>
    [Setting(2, "Port", "Port", HelpEn = "Default: 22.", HelpFr = "Par défaut : 22.")]
    [Range(1, 65535)]
    public int Port { get; set; } = 22;

    /// <summary>The account that Depart signs in with; never root.</summary>
    [Setting(3, "Account", "Compte", HelpEn = "Depart’s own account on the host, with the sudo rules of the connector’s page.", HelpFr = "Le compte de Départ sur l’hôte, avec les règles sudo de la page du connecteur.")]
    public string User { get; set; } = "";

    /// <summary>Its private key, OpenSSH or PEM.</summary>
    [Setting(4, "Private key", "Clé privée", Secret = true, Multiline = true, HelpEn = "OpenSSH or PEM text, for example of ssh-keygen -t ed25519.", HelpFr = "Texte OpenSSH ou PEM, par exemple de ssh-keygen -t ed25519.")]
    public string PrivateKey { get; set; } = "";

    /// <summary>The passphrase of the private key, if it has one.</summary>
    [Setting(5, "Passphrase of the key", "Phrase secrète de la clé", Secret = true, HelpEn = "Only for a key that has one.", HelpFr = "Seulement si la clé en a une.")]
    public string? Passphrase { get; set; }

    /// <summary>The host's key: its kind and the SHA-256 fingerprint. Proposed by the connection test; without it nothing is done on the host.</summary>
    [Setting(6, "Host key", "Clé de l’hôte",
        HelpEn = "Kind and fingerprint, as ssh-keygen -l shows it: ssh-ed25519 SHA256:… The connection test proposes it: compare before accepting.",
        HelpFr = "Type et empreinte, comme ssh-keygen -l les affiche : ssh-ed25519 SHA256:… L’essai de connexion la propose : comparez avant d’accepter.")]
    public string? HostKey { get; set; }

    /// <summary>Shared accounts in whose key files the person's keys are looked for.</summary>
    [Setting(7, "Shared accounts", "Comptes partagés", Advanced = true,
        HelpEn = "One login a line. The leaver’s keys are taken out of their key files. Default: root.",
        HelpFr = "Un identifiant par ligne. Les clés de la personne sont retirées de leurs fichiers de clés. Par défaut : root.")]
    public IReadOnlyList<string> SharedAccounts { get; set; } = ["root"];

    /// <summary>Seconds to wait for each command.</summary>
    [Setting(8, "Time-out in seconds", "Délai en secondes", Advanced = true, HelpEn = "For each command. Default: 15.", HelpFr = "Pour chaque commande. Par défaut : 15.")]
    [Range(1, 120)]
    public int TimeoutSeconds { get; set; } = 15;

    /// <inheritdoc/>
    public IEnumerable<SettingProblem> Check()
    {
        if (HostKey is { Length: > 0 } key && !PinnedKey().IsMatch(key.Trim()))
        {
            yield return new(nameof(HostKey), new(
                "Kind and fingerprint are expected: ssh-ed25519 SHA256:…", "Le type et l’empreinte sont attendus : ssh-ed25519 SHA256:…"));
        }

        if (SharedAccounts.FirstOrDefault(login => !SshWord.IsLogin(login)) is { } odd)
        {
            yield return new(nameof(SharedAccounts), new($"'{odd}' is not a login.", $"« {odd} » n’est pas un identifiant."));
        }

        if (PrivateKey.Length > 0 && KeyProblem() is { } problem)
        {
            yield return problem;
        }
    }

    private SettingProblem? KeyProblem()
    {
        try
        {
            using var key = Key();
            return null;
        }
        catch (Exception error) when (error is SshException or InvalidOperationException or FormatException or NotSupportedException or ArgumentException)
        {
            return new(nameof(PrivateKey), new(
                "The private key cannot be read: paste the whole text, and enter its passphrase if it has one.",
                "La clé privée est illisible : collez le texte entier, et saisissez sa phrase secrète si elle en a une."));
        }
    }

    /// <summary>The key, ready for use.</summary>
    internal PrivateKeyFile Key()
    {
        using var text = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(PrivateKey.ReplaceLineEndings("\n").Trim() + "\n"));
        return new(text, string.IsNullOrEmpty(Passphrase) ? null : Passphrase);
    }

    [GeneratedRegex(@"\A[a-z0-9@.-]+ SHA256:[A-Za-z0-9+/]{43}=?\z", RegexOptions.None, 1000)]
    private static partial Regex PinnedKey();
}

/// <summary>Words that may stand in a command line: the host's shell sees them, so nothing that a shell reads otherwise ever does.</summary>
internal static partial class SshWord
{
    /// <summary>A login or a group that is passed as an argument: no sign that a shell, sudo or an option parser takes for something else.</summary>
    public static bool IsLogin(string text) => Login().IsMatch(text);

    /// <summary>An absolute path of plain letters, without « .. ».</summary>
    public static bool IsPath(string text) => Path().IsMatch(text) && !text.Contains("/..", StringComparison.Ordinal);

    /// <summary>Any argument of our own commands.</summary>
    public static bool IsPlain(string text) => Plain().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.-]{0,31}\z", RegexOptions.None, 1000)]
    private static partial Regex Login();

    [GeneratedRegex(@"\A/[A-Za-z0-9_./@-]{1,255}\z", RegexOptions.None, 1000)]
    private static partial Regex Path();

    [GeneratedRegex(@"\A[A-Za-z0-9_./@:=,+-]{1,300}\z", RegexOptions.None, 1000)]
    private static partial Regex Plain();
}
