namespace Depart.Connectors.Ssh;

/// <summary>What the connector says to people.</summary>
internal static class SshText
{
    public static readonly Failure NotASnapshot = new(FailureKind.Invalid, new(
        "The recorded state cannot be read: nothing was changed.", "L’état enregistré est illisible : rien n’a été changé."));

    public static readonly Bilingual ExpiryCheck = new(
        "The host’s shadow file is read again: the account ended on day 1, or is gone", "Le fichier shadow de l’hôte est relu : le compte a pris fin au jour 1, ou a disparu");
    public static readonly Bilingual LockCheck = new("The password is locked", "Le mot de passe est verrouillé");
    public static readonly Bilingual ProcessCheck = new("No process of the account is alive", "Aucun processus du compte n’est en vie");
    public static readonly Bilingual SudoersCheck = new("Files of sudo that name the account, for information", "Fichiers de sudo qui nomment le compte, pour information");
    public static readonly Bilingual SignInCheck = new(
        "A key of ours that the host knows is refused because the account has ended; one it does not know is refused at once",
        "Une clé de Départ que l’hôte connaît est refusée parce que le compte a pris fin ; une clé inconnue est refusée d’emblée");

    public static readonly Bilingual EmptyPasswordLost = new(
        "The password: there was none, and the host does not unlock an account without one.", "Le mot de passe : il n’y en avait pas, et l’hôte ne déverrouille pas un compte qui n’en a pas.");

    public static readonly Bilingual RightHostKey = new("Host key accepted", "Clé de l’hôte acceptée");
    public static readonly Bilingual RightShadow = new("Read the shadow file", "Lire le fichier shadow");
    public static readonly Bilingual RightServer = new("Read the SSH server’s settings", "Lire les réglages du serveur SSH");
    public static readonly Bilingual RightExpire = new("Expire and lock accounts", "Faire expirer et verrouiller des comptes");
    public static readonly Bilingual RightRestore = new("Give accounts back (undo)", "Rétablir des comptes (annulation)");
    public static readonly Bilingual RightProcesses = new("See processes", "Voir les processus");
    public static readonly Bilingual RightKill = new("End processes", "Mettre fin aux processus");
    public static readonly Bilingual RightGroups = new("Change groups", "Modifier les groupes");
    public static readonly Bilingual RightSudoers = new("Look for accounts in the files of sudo", "Chercher des comptes dans les fichiers de sudo");
    public static readonly Bilingual RightCron = new("Change cron tables", "Modifier les tables cron");
    public static readonly Bilingual RightAt = new("See jobs queued with at", "Voir les travaux mis en file par at");
    public static readonly Bilingual RightKeys = new("Handle key files as their owners", "Manier les fichiers de clés au nom de leurs propriétaires");

    public static Bilingual AcceptHostKey(string found) => new(
        $"Compare with ssh-keygen -l on the host itself, then accept: {found}", $"Comparez avec ssh-keygen -l sur l’hôte lui-même, puis acceptez : {found}");

    public static Bilingual Rule(string command) => new(
        $"Add the rule for {command} of the connector’s page to /etc/sudoers.d/depart.", $"Ajoutez à /etc/sudoers.d/depart la règle pour {command} de la page du connecteur.");

    public static Failure NotAnId(string account) => new(FailureKind.Invalid, new(
        $"'{account}' is not the number of an account.", $"« {account} » n’est pas le numéro d’un compte."));

    public static Failure NeverTouched(string login) => new(FailureKind.Invalid, new(
        $"{login} is root or the account Depart signs in with: it is not changed.", $"{login} est root ou le compte de Départ : il n’est pas modifié."));

    public static Failure Gone(string login) => new(FailureKind.Invalid, new(
        $"The account {login} no longer exists: it cannot come back.", $"Le compte {login} n’existe plus : il ne peut pas revenir."));

    public static Failure AnotherLogin(string host, int uid, string before, string now) => new(FailureKind.Conflict, new(
        $"Number {uid} of {host} was {before} and is {now} now: renamed, or given to somebody else.",
        $"Le numéro {uid} de {host} était {before} et est maintenant {now} : renommé, ou donné à quelqu’un d’autre."), new(
        "Look at the account, then give back by hand.", "Regardez ce compte, puis rétablissez à la main."));

    public static Failure SameNumber(string host, int uid, IEnumerable<string> logins) => new(FailureKind.Conflict, new(
        $"Several accounts of {host} have the number {uid}: {string.Join(", ", logins)}.", $"Plusieurs comptes de {host} portent le numéro {uid} : {string.Join(", ", logins)}."), new(
        "Give each its own number, or close them by hand.", "Donnez à chacun son numéro, ou fermez-les à la main."));

    public static Failure OddLogin(string host, string name) => new(FailureKind.Invalid, new(
        $"'{name}' on {host} has signs that are never passed to a command.", $"« {name} » sur {host} contient des caractères qui ne sont jamais passés à une commande."), new(
        "Close it by hand.", "Fermez-le à la main."));

    public static Failure OddPath(string host, string path) => new(FailureKind.Invalid, new(
        $"The key file {path} on {host} has signs that are never passed to a command.", $"Le fichier de clés {path} sur {host} contient des caractères qui ne sont jamais passés à une commande."), new(
        "Move it aside by hand.", "Mettez-le de côté à la main."));

    public static Failure NotUtf8(string path) => new(FailureKind.Invalid, new(
        $"{path} is not UTF-8 text: it is not rewritten.", $"{path} n’est pas un texte UTF-8 : il n’est pas réécrit."), new(
        "Take the person’s keys out by hand.", "Retirez les clés de la personne à la main."));

    public static Failure NoShadow(string host, string login) => new(FailureKind.Invalid, new(
        $"{host} has no shadow entry for {login}: its account comes from a directory.", $"{host} n’a pas d’entrée shadow pour {login} : son compte vient d’un annuaire."), new(
        "Close it in the directory.", "Fermez-le dans l’annuaire."));

    public static Failure NotKept(string host, string login) => new(FailureKind.Conflict, new(
        $"{host} accepted the change of {login}, but does not show it when read again.", $"{host} a accepté la modification de {login}, mais ne la montre pas à la relecture."));

    public static Failure StillOpen(string host, string login) => new(FailureKind.Conflict, new(
        $"{login} may still sign in on {host}: the account has no end.", $"{login} peut encore se connecter à {host} : le compte n’a pas de fin."));

    public static Failure SignedIn(string host, string login) => new(FailureKind.Conflict, new(
        $"{host} let a key of ours in as {login}, though the account has ended.", $"{host} a laissé entrer une clé de Départ sous le nom {login}, alors que le compte a pris fin."), new(
        "Set UsePAM yes, and keep pam_unix in the account part of PAM.", "Activez UsePAM yes, et gardez pam_unix dans la partie account de PAM."));

    public static Failure ProcessesStay(string host, string login, int alive) => new(FailureKind.TimedOut, new(
        $"Processes of {login} on {host} do not end ({alive}).", $"Sur {host}, des processus de {login} ne s’arrêtent pas ({alive})."), new(
        "A process blocked by the system ends only when it is released.", "Un processus bloqué par le système ne s’arrête qu’une fois libéré."));

    public static Bilingual ProcessesRemain(int alive) => new($"processes still alive: {alive}", $"processus encore en vie : {alive}");

    public static Failure Busy(string host, string words) => new(FailureKind.Throttled, new(
        $"The account files of {host} are locked by somebody else: {words}", $"Les fichiers de comptes de {host} sont verrouillés par quelqu’un d’autre : {words}"));

    public static Failure Refused(string host, int code, string words) => new(FailureKind.Invalid, new(
        $"{host} refused ({code}): {words}", $"{host} a refusé ({code}) : {words}"));

    public static Failure RightMissing(string host, string words) => new(FailureKind.RightMissing, new(
        $"sudo on {host} does not let Depart run this command: {words}", $"sudo sur {host} ne laisse pas Départ lancer cette commande : {words}"), new(
        "Put the rules of the connector’s page into /etc/sudoers.d/depart.", "Placez les règles de la page du connecteur dans /etc/sudoers.d/depart."));

    public static Bilingual QueuedJobLost(string job) => new($"The job {job} queued with at.", $"Le travail {job} mis en file par at.");

    public static Bilingual GroupGone(string group) => new($"The group {group}: it no longer exists.", $"Le groupe {group} : il n’existe plus.");

    public static Bilingual KeysBeside(SshKeyFile file) => new(
        $"The keys: another file has taken the place of {file.Path}; the old one lies beside it as {file.Aside}.",
        $"Les clés : un autre fichier a pris la place de {file.Path} ; l’ancien est à côté, sous {file.Aside}.");
}
