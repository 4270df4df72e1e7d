namespace Depart.Connectors.PostgreSql;

/// <summary>What the connector says to people.</summary>
internal static class PostgreSqlText
{
    public static readonly Failure NotASnapshot = new(FailureKind.Invalid, new(
        "The recorded state cannot be read: nothing was changed.", "L’état enregistré est illisible : rien n’a été changé."));

    public static readonly Bilingual CatalogueCheck = new("The catalogue is read again: NOLOGIN, or the role is gone", "Le catalogue est relu : NOLOGIN, ou le rôle a disparu");
    public static readonly Bilingual SessionsCheck = new("No session of the role is open", "Aucune session du rôle n’est ouverte");
    public static readonly Bilingual OwnedCheck = new("Objects still owned, for information", "Objets encore possédés, pour information");
    public static readonly Bilingual SignInCheck = new(
        "A sign-in with a password of ours is refused because the role may not sign in", "Une connexion avec un mot de passe posé par Départ est refusée parce que le rôle n’a pas le droit de se connecter");
    public static readonly Bilingual PasswordCheck = new("The role has no password any more", "Le rôle n’a plus de mot de passe");

    public static readonly Bilingual PoolerRemains = new(
        "The connection pooler has its own list of users: it may accept the person until it is updated.",
        "Le répartiteur de connexions a sa propre liste d’utilisateurs : il peut accepter la personne tant qu’elle n’est pas mise à jour.");

    public static readonly Bilingual PasswordLost = new(
        "The password: the server does not let Depart read its stored form. The person gets a one-time password.",
        "Le mot de passe : le serveur ne laisse pas Départ en lire la forme enregistrée. La personne reçoit un mot de passe à usage unique.");

    public static readonly Bilingual RightReadRoles = new("Read the roles", "Lire les rôles");
    public static readonly Bilingual RightChangeRoles = new("Change roles (CREATEROLE)", "Modifier les rôles (CREATEROLE)");
    public static readonly Bilingual RightEndSessions = new("End sessions (pg_signal_backend)", "Mettre fin aux sessions (pg_signal_backend)");
    public static readonly Bilingual RightReadPasswords = new(
        "Read stored passwords, so that undo gives the old one back (optional)", "Lire les mots de passe enregistrés, pour que l’annulation rende l’ancien (facultatif)");
    public static readonly Bilingual RightCreate = new(
        "Create in every database, to re-own schemas (optional)", "Créer dans chaque base, pour transférer des schémas (facultatif)");
    public static readonly Bilingual RightSuperusers = new(
        "Change superusers (a superuser only; without it their accounts are refused)", "Modifier les superutilisateurs (réservé à un superutilisateur ; sinon leurs comptes sont refusés)");

    public static Bilingual RightEnterDatabases(IReadOnlyCollection<string> closed) => closed.Count == 0
        ? new("Enter every database", "Entrer dans chaque base")
        : new($"Enter every database; closed: {string.Join(", ", closed)}", $"Entrer dans chaque base ; fermées : {string.Join(", ", closed)}");

    public static Bilingual RightAdminOption(IReadOnlyCollection<string> beyond) => beyond.Count == 0
        ? new("ADMIN OPTION on people’s roles", "ADMIN OPTION sur les rôles des personnes")
        : new($"ADMIN OPTION on people’s roles; missing on: {Few(beyond)}", $"ADMIN OPTION sur les rôles des personnes ; manque sur : {Few(beyond)}");

    public static Bilingual Run(string statement) => new($"As a superuser: {statement}", $"En superutilisateur : {statement}");

    /// <summary>Where the secret of the sign-in test lives.</summary>
    public static string SecretKey(string server, uint oid) => $"postgresql://{server}|{oid}";

    public static Failure NotAnId(string account) => new(FailureKind.Invalid, new(
        $"'{account}' is not the number of a role.", $"« {account} » n’est pas le numéro d’un rôle."));

    public static Failure NeverTouched(string role) => new(FailureKind.Invalid, new(
        $"{role} is the server’s own role or the one Depart signs in with: it is not changed.",
        $"{role} est un rôle propre au serveur, ou celui de Départ : il n’est pas modifié."));

    public static Failure Gone(string role) => new(FailureKind.Invalid, new(
        $"The role {role} no longer exists: it cannot come back.", $"Le rôle {role} n’existe plus : il ne peut pas revenir."));

    public static Failure Renamed(string role) => new(FailureKind.Conflict, new(
        $"The role {role} still has LOGIN when it is read again: it was changed or renamed meanwhile.",
        $"Le rôle {role} a encore LOGIN à la relecture : il a été modifié ou renommé entre-temps."));

    public static Failure CloseFirst(string role) => new(FailureKind.Conflict, new(
        $"The role {role} may sign in again: it is not deleted.", $"Le rôle {role} peut de nouveau se connecter : il n’est pas supprimé."), new(
        "Close it first.", "Fermez-le d’abord."));

    public static Failure StillOpen(string server, string role) => new(FailureKind.Conflict, new(
        $"{server} still lets {role} sign in (LOGIN).", $"{server} laisse encore {role} se connecter (LOGIN)."));

    public static Failure SignedIn(string server, string role) => new(FailureKind.Conflict, new(
        $"A sign-in as {role} on {server} went through, though the catalogue says NOLOGIN.",
        $"Une connexion en tant que {role} sur {server} a réussi, alors que le catalogue dit NOLOGIN."));

    public static Failure SessionsStay(string server, string role, int open) => new(FailureKind.TimedOut, new(
        $"Sessions of {role} on {server} do not end ({open}).", $"Sur {server}, des sessions de {role} ne se ferment pas ({open})."), new(
        "See pg_stat_activity: a session blocked by the system ends only when it is released.",
        "Voyez pg_stat_activity : une session bloquée par le système ne se ferme qu’une fois libérée."));

    public static Bilingual SessionsRemain(int open) => new($"sessions still open: {open}", $"sessions encore ouvertes : {open}");

    public static Failure MembershipsStay(string server, string role, IEnumerable<RoleMembership> left) => new(FailureKind.RightMissing, new(
        $"{server} kept memberships of {role}: {Pairs(left)}.", $"{server} a conservé des appartenances de {role} : {Pairs(left)}."), new(
        "They were given by another role: revoke them as that role or as a superuser.",
        "Elles viennent d’un autre rôle : retirez-les avec ce rôle ou en superutilisateur."));

    public static Failure RightsStay(string server, PostgreSqlRole role, IEnumerable<string> databases) => new(FailureKind.RightMissing, new(
        $"{server} kept rights of {role.Name} that others gave; look in: {string.Join(", ", databases)}.",
        $"{server} a conservé des droits de {role.Name} donnés par d’autres ; voyez : {string.Join(", ", databases)}."), Run($"DROP OWNED BY {role.Quoted};"));

    public static Failure NewOwnerNeeded(string role, IReadOnlyDictionary<string, long> counts) => new(FailureKind.Invalid, new(
        $"{role} owns objects ({Counts(counts)}) and no new owner is named.", $"{role} possède des objets ({Counts(counts)}) et aucun nouveau propriétaire n’est désigné."), new(
        "Name a new owner.", "Désignez un nouveau propriétaire."));

    public static Failure NewOwnerUnknown(string server, string owner) => new(FailureKind.Invalid, new(
        $"{owner} is no other role of {server}.", $"{owner} n’est pas un autre rôle de {server}."), new(
        "Name a role that exists.", "Désignez un rôle qui existe."));

    public static Failure StillOwns(string role, IReadOnlyDictionary<string, long> counts) => new(FailureKind.Invalid, new(
        $"{role} still owns objects ({Counts(counts)}): nothing is deleted.", $"{role} possède encore des objets ({Counts(counts)}) : rien n’est supprimé."), new(
        "Give them to a new owner first.", "Donnez-les d’abord à un nouveau propriétaire."));

    public static Failure StillDependent(string server, string words, string? detail) => new(FailureKind.Invalid, new(
        $"{server} refuses while something depends on it: {words}{(detail is null ? "" : $" – {detail}")}",
        $"{server} refuse tant que quelque chose en dépend : {words}{(detail is null ? "" : $" – {detail}")}"), new(
        "Re-own or revoke what is named, then try again.", "Transférez ou retirez ce qui est nommé, puis réessayez."));

    public static Failure RightMissing(string server, string user, PostgreSqlRole role, string? action, string words) => new(FailureKind.RightMissing, new(
        $"{user} may not do this to {role.Name} on {server}: {words}", $"{user} n’a pas ce droit sur {role.Name} de {server} : {words}"), Remedy(user, role, action));

    public static Bilingual TooManyObjects(int most) => new(
        $"Ownership of more than {most} objects.", $"La propriété au-delà de {most} objets.");

    public static Bilingual OwnerLost(OwnedObject item) => new($"Ownership: {item.Shown}.", $"La propriété : {item.Shown}.");

    public static Bilingual GroupGone(string group) => new($"Membership with {group}: that role no longer exists.", $"L’appartenance avec {group} : ce rôle n’existe plus.");

    public static string Counts(IReadOnlyDictionary<string, long> counts) =>
        string.Join(", ", counts.Select(pair => $"{(pair.Key.Length == 0 ? "*" : pair.Key)} {pair.Value}"));

    private static Bilingual Remedy(string user, PostgreSqlRole role, string? action) => (role.Superuser, action) switch
    {
        (true, PostgreSqlActions.Terminate) => Run($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usesysid = {role.Id};"),
        (true, _) => new(
            $"{role.Name} is a superuser, whom only a superuser changes: ALTER ROLE {role.Quoted} NOLOGIN; by hand, or give Depart a superuser.",
            $"{role.Name} est superutilisateur, que seul un superutilisateur modifie : ALTER ROLE {role.Quoted} NOLOGIN; à la main, ou donnez un superutilisateur à Départ."),
        (_, PostgreSqlActions.Reassign) => Run(
            $"GRANT {role.Quoted} TO {PostgreSqlRole.Quote(user)} WITH ADMIN OPTION; GRANT CREATE ON DATABASE … TO {PostgreSqlRole.Quote(user)};"),
        (_, PostgreSqlActions.Terminate) => Run($"GRANT pg_signal_backend TO {PostgreSqlRole.Quote(user)};"),
        _ => Run($"ALTER ROLE {PostgreSqlRole.Quote(user)} CREATEROLE; GRANT {role.Quoted} TO {PostgreSqlRole.Quote(user)} WITH ADMIN OPTION;"),
    };

    private static string Few(IReadOnlyCollection<string> names) => names.Count > 5 ? $"{string.Join(", ", names.Take(5))}…" : string.Join(", ", names);

    private static string Pairs(IEnumerable<RoleMembership> memberships) => string.Join(", ", memberships.Select(membership => $"{membership.Group} → {membership.Member}"));
}
