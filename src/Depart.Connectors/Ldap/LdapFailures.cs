using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Depart.Connectors.Ldap;

/// <summary>A call that got no result from the server.</summary>
/// <param name="failure">Why, for people.</param>
/// <param name="sent">Whether the request may have reached the server: what became of it is then not known.</param>
/// <param name="inner">What the runtime said.</param>
internal sealed class LdapCallException(Failure failure, bool sent, Exception? inner = null) : Exception(failure.What.En, inner)
{
    /// <summary>Why.</summary>
    public Failure Failure { get; } = failure;

    /// <summary>Whether the request may have been carried out.</summary>
    public bool Sent { get; } = sent;

    /// <summary>What is known of a change that was asked for.</summary>
    public CallOutcome Outcome => Sent ? CallOutcome.Unknown : CallOutcome.NotAttempted;
}

/// <summary>Says what went wrong with one server, so that a person knows what to do.</summary>
/// <param name="host">Name and port, named in every message.</param>
internal sealed class LdapFailures(string host)
{
    /// <summary>The server could not be joined.</summary>
    public Failure Unreachable(SocketError error) => new(FailureKind.Unreachable, error switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
            new($"{host} cannot be reached: the name is not known.", $"{host} est injoignable : ce nom est inconnu."),
        SocketError.ConnectionRefused =>
            new($"{host} cannot be reached: nothing listens on this port.", $"{host} est injoignable : rien n’écoute sur ce port."),
        _ => new($"{host} cannot be reached ({error}).", $"{host} est injoignable ({error})."),
    }, new(
        "Check that the directory runs, and that this server may reach that port.",
        "Vérifiez que l’annuaire fonctionne et que ce serveur peut atteindre ce port."));

    /// <summary>No connection, or no encryption, in time: nothing was sent.</summary>
    /// <param name="limit">How long was waited.</param>
    /// <param name="connected">Whether the connection was taken, and only then silence followed.</param>
    public Failure NoConnection(TimeSpan limit, bool connected = false) => new(
        connected ? FailureKind.TimedOut : FailureKind.Unreachable,
        connected
            ? new($"{host} takes connections but said nothing within {limit.TotalSeconds:0} seconds.", $"{host} accepte les connexions mais n’a rien dit en {limit.TotalSeconds:0} secondes.")
            : new($"{host} did not take the connection within {limit.TotalSeconds:0} seconds.", $"{host} n’a pas accepté la connexion en {limit.TotalSeconds:0} secondes."),
        new("Check the address, the port, the firewall, and that the port speaks the kind of encryption chosen.",
            "Vérifiez l’adresse, le port, le pare-feu, et que ce port parle bien le type de chiffrement choisi."));

    /// <summary>The server hung up before anything was said.</summary>
    public Failure HungUp() => new(FailureKind.Unreachable, new(
        $"{host} hung up before the connection was encrypted.", $"{host} a coupé la connexion avant qu’elle soit chiffrée."), new(
        "Check that the directory runs, has a certificate, and that the port speaks the kind of encryption chosen.",
        "Vérifiez que l’annuaire fonctionne, qu’il a un certificat, et que ce port parle bien le type de chiffrement choisi."));

    /// <summary>The wait was ended from our side.</summary>
    public Failure Cancelled() => new(FailureKind.TimedOut, new(
        $"The wait for {host} was ended before it answered.", $"L’attente de {host} a été interrompue avant sa réponse."));

    /// <summary>No answer in time.</summary>
    public Failure TimedOut(TimeSpan limit) => new(FailureKind.TimedOut, new(
        $"{host} did not answer within {limit.TotalSeconds:0} seconds: what happened is not known.",
        $"{host} n’a pas répondu en {limit.TotalSeconds:0} secondes : on ne sait pas ce qui s’est passé."));

    /// <summary>The connection ended while an answer was awaited.</summary>
    public Failure Broke() => new(FailureKind.TimedOut, new(
        $"The connection to {host} broke: what happened is not known.", $"La connexion à {host} s’est rompue : on ne sait pas ce qui s’est passé."));

    /// <summary>What came back is not LDAP.</summary>
    public Failure Garbage() => new(FailureKind.Garbage, new(
        $"{host} answered something that is not LDAP.", $"{host} a répondu autre chose que du LDAP."), new(
        "Check address and port: another service may be answering.", "Vérifiez l’adresse et le port : un autre service répond peut-être."));

    /// <summary>TLS could not be set up, and the certificate is not the reason.</summary>
    public Failure NoTls(string said) => new(FailureKind.IdentityRefused, new(
        $"No encrypted connection with {host} ({said}).", $"Pas de connexion chiffrée avec {host} ({said})."), new(
        "Choose LDAPS for port 636 and StartTLS for port 389, and give the directory a certificate. Depart never speaks in clear.",
        "Choisissez LDAPS pour le port 636 et StartTLS pour le port 389, et dotez l’annuaire d’un certificat. Départ ne parle jamais en clair."));

    /// <summary>The certificate is not one to trust: says which of the three reasons.</summary>
    public Failure Certificate(string name, X509Certificate2? certificate, SslPolicyErrors errors, X509ChainStatusFlags chain)
    {
        if (chain.HasFlag(X509ChainStatusFlags.NotTimeValid) && certificate is not null)
        {
            var (from, to) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
            return new(FailureKind.IdentityRefused, new(
                $"The certificate of {host} is not valid today: it holds from {from:yyyy-MM-dd} to {to:yyyy-MM-dd}.",
                $"Le certificat de {host} n’est pas valable aujourd’hui : il l’est du {from:dd/MM/yyyy} au {to:dd/MM/yyyy}."), new(
                "Renew the directory’s certificate, and check both clocks.", "Renouvelez le certificat de l’annuaire et vérifiez les deux horloges."));
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            return new(FailureKind.IdentityRefused, new(
                $"The certificate of {host} comes from an authority that is not trusted.", $"Le certificat de {host} vient d’une autorité qui n’est pas reconnue."), new(
                "If it is your company’s authority, paste its certificate (PEM) in the settings of the system.",
                "Si c’est l’autorité de votre entreprise, collez son certificat (PEM) dans les réglages du système."));
        }

        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? new(FailureKind.IdentityRefused, new(
                $"The certificate of {host} is for another name than {name}.", $"Le certificat de {host} porte un autre nom que {name}."), new(
                "Use the name that the certificate bears, or give it under “Name in the certificate”.",
                "Utilisez le nom que porte le certificat, ou indiquez-le dans « Nom dans le certificat »."))
            : NoTls("no certificate");
    }

    /// <summary>Our own sign-in was refused.</summary>
    public Failure SignIn(string account, LdapResult result)
    {
        var (en, fr) = AdReason(result.Diagnostic);
        return result.Code is LdapCode.Busy or LdapCode.Unavailable or LdapCode.TimeLimitExceeded
            ? Refused(result, new("sign in", "se connecter"), null)
            : new(FailureKind.SignInRefused, new(
                $"{host} refused our own account {account} ({(int)result.Code}{en}).", $"{host} a refusé notre propre compte {account} ({(int)result.Code}{fr})."), new(
                "Check name and password of the account given in the settings, and that it is neither locked nor expired.",
                "Vérifiez le nom et le mot de passe du compte donné dans les réglages, et qu’il n’est ni verrouillé ni expiré."));
    }

    /// <summary>A request that the server answered with a refusal.</summary>
    /// <param name="result">The answer.</param>
    /// <param name="right">What was wanted, as an infinitive: named when the right is missing.</param>
    /// <param name="remedy">How that right is granted here.</param>
    public Failure Refused(LdapResult result, Bilingual right, Bilingual? remedy)
    {
        var code = $"{(int)result.Code}";
        return result.Code switch
        {
            LdapCode.InsufficientAccessRights => new(FailureKind.RightMissing, new(
                $"{host} does not give our account the right to {right.En} ({code}).", $"{host} n’accorde pas à notre compte le droit {De(right.Fr)} ({code})."), remedy),
            LdapCode.StrongerAuthRequired or LdapCode.ConfidentialityRequired => new(FailureKind.Invalid, new(
                $"{host} asks for a safer connection to {right.En} ({code}).", $"{host} exige une connexion plus sûre pour {right.Fr} ({code})."), new(
                "Use LDAPS or StartTLS with the strength the directory demands.", "Utilisez LDAPS ou StartTLS avec la force que l’annuaire exige.")),
            LdapCode.Busy => new(FailureKind.Throttled, new($"{host} is busy ({code}).", $"{host} est surchargé ({code}).")),
            LdapCode.TimeLimitExceeded => new(FailureKind.TimedOut, new(
                $"{host} gave up within its own time limit ({code}).", $"{host} a abandonné dans son propre délai ({code})."), new(
                "Raise the directory’s time limit for our account, or index the attributes searched.",
                "Relevez la limite de temps de l’annuaire pour notre compte, ou indexez les attributs cherchés.")),
            LdapCode.SizeLimitExceeded or LdapCode.AdminLimitExceeded => new(FailureKind.RightMissing, new(
                $"{host} limits how much our account may read ({code}).", $"{host} limite ce que notre compte peut lire ({code})."), new(
                "Raise the directory’s size limit for our account.", "Relevez la limite de taille de l’annuaire pour notre compte.")),
            LdapCode.Referral => new(FailureKind.Invalid, new(
                $"{host} is a read-only copy and sends us elsewhere to {right.En} ({code}).", $"{host} est une copie en lecture seule et nous renvoie ailleurs pour {right.Fr} ({code})."), new(
                "Give the address of the server that takes changes.", "Indiquez l’adresse du serveur qui accepte les modifications.")),
            LdapCode.UndefinedAttributeType => new(FailureKind.Invalid, new(
                $"{host} does not know an attribute needed to {right.En} ({code}).", $"{host} ne connaît pas un attribut nécessaire pour {right.Fr} ({code})."), remedy),
            LdapCode.AssertionFailed or LdapCode.NoSuchAttribute or LdapCode.AttributeOrValueExists or LdapCode.EntryAlreadyExists => new(FailureKind.Conflict, new(
                $"The account changed meanwhile on {host} ({code}).", $"Le compte a changé entre-temps sur {host} ({code}).")),
            LdapCode.NoSuchObject => new(FailureKind.Invalid, new(
                $"{host} does not find what was named to {right.En} ({code}).", $"{host} ne trouve pas ce qui est nommé pour {right.Fr} ({code})."), new(
                "Check the names (DN) in the settings of the system.", "Vérifiez les noms (DN) dans les réglages du système.")),
            LdapCode.OperationsError or LdapCode.Unavailable or LdapCode.Other => new(FailureKind.SystemError, new(
                $"{host} failed to {right.En} ({code}).", $"{host} est en erreur et n’a pas pu {right.Fr} ({code}).")),
            _ => new(FailureKind.Invalid, new(
                $"{host} refuses to {right.En} ({result.Code}, {code}).", $"{host} refuse {De(right.Fr)} ({result.Code}, {code}).")),
        };
    }

    /// <summary>An infinitive after « de »: « de lire », « d’écrire ».</summary>
    private static string De(string infinitive) => infinitive is ['a' or 'e' or 'é' or 'i' or 'o' or 'u' or 'h', ..] ? $"d’{infinitive}" : $"de {infinitive}";

    /// <summary>What is known after a change was refused.</summary>
    public static CallOutcome Outcome(LdapResult result) => result.Code switch
    {
        LdapCode.Busy => CallOutcome.NotAttempted,
        LdapCode.TimeLimitExceeded or LdapCode.Unavailable or LdapCode.Other or LdapCode.OperationsError => CallOutcome.Unknown,
        _ => CallOutcome.Refused,
    };

    private static (string En, string Fr) AdReason(string diagnostic) => Data(diagnostic) switch
    {
        "52e" => (", wrong name or password", ", nom ou mot de passe incorrect"),
        "533" => (", disabled", ", désactivé"),
        "701" => (", expired", ", expiré"),
        "775" => (", locked out", ", verrouillé"),
        "532" or "773" => (", its password must be changed", ", son mot de passe doit être changé"),
        _ => ("", ""),
    };

    /// <summary>Active Directory's own reason inside a diagnostic: <c>533</c> of <c>data 533, v1db1</c>.</summary>
    public static string? Data(string diagnostic)
    {
        var at = diagnostic.IndexOf("data ", StringComparison.Ordinal);
        return at < 0 ? null : new string([.. diagnostic.Skip(at + 5).TakeWhile(char.IsAsciiLetterOrDigit)]);
    }
}
