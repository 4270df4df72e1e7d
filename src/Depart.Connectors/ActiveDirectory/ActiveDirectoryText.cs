namespace Depart.Connectors.ActiveDirectory;

/// <summary>Texts shown to people.</summary>
internal static class ActiveDirectoryText
{
    public static readonly Bilingual Disable = new("Disable the account", "Désactiver le compte");
    public static readonly Bilingual DisableEffect = new(
        "Sets the flag ACCOUNTDISABLE of userAccountControl and leaves every other flag as it is.",
        "Pose l’indicateur ACCOUNTDISABLE de userAccountControl et laisse tous les autres tels quels.");

    public static readonly Bilingual Password = new("Replace the password, twice", "Remplacer le mot de passe, deux fois");
    public static readonly Bilingual PasswordEffect = new(
        "Sets two random passwords in a row that nobody knows: after only one, the old password still signs in for an hour.",
        "Pose deux mots de passe aléatoires de suite que personne ne connaît : après un seul, l’ancien sert encore une heure.");

    public static readonly Bilingual PasswordLost = new(
        "The password: the person gets a one-time password instead.", "Le mot de passe : la personne reçoit à la place un mot de passe à usage unique.");

    public static readonly Bilingual AfterDisable = new(
        "One password reset leaves the old password valid for an hour: the account is disabled first.",
        "Un seul changement laisse l’ancien mot de passe valable une heure : le compte est désactivé d’abord.");

    public static readonly Bilingual Expire = new("Let the account expire", "Faire expirer le compte");
    public static readonly Bilingual ExpireEffect = new(
        "Sets accountExpires to the instant of the cut, so that enabling it by mistake does not open it.",
        "Fixe accountExpires à l’instant de la coupure : réactiver le compte par erreur ne l’ouvre pas.");

    public static readonly Bilingual ExpireAfterDisable = new("The flag works at once everywhere; the date is a second lock.", "L’indicateur agit aussitôt, partout ; la date est un second verrou.");

    public static readonly Bilingual Strip = new("Remove passwordless keys and certificates", "Retirer clés sans mot de passe et certificats");
    public static readonly Bilingual StripEffect = new(
        "Empties msDS-KeyCredentialLink (Windows Hello), altSecurityIdentities and userCertificate, where present.",
        "Vide msDS-KeyCredentialLink (Windows Hello), altSecurityIdentities et userCertificate, là où ils existent.");

    public static readonly Bilingual KeysLost = new(
        "Windows Hello keys: each device must be enrolled again.", "Les clés Windows Hello : chaque appareil doit être inscrit à nouveau.");

    public static readonly Bilingual Groups = new("Remove from groups", "Retirer des groupes");
    public static readonly Bilingual GroupsEffect = new(
        "Removes the account from every group that holds it directly, those of administrators first; the primary group stays.",
        "Retire le compte de chaque groupe qui le contient directement, ceux d’administrateurs d’abord ; le groupe principal reste.");

    public static readonly Bilingual Park = new("Park the account", "Ranger le compte");
    public static readonly Bilingual ParkEffect = new(
        "Writes the case into the description and moves the account to the unit of leavers, as the settings say. A unit that is not synchronised deletes the cloud account.",
        "Écrit le dossier dans la description et déplace le compte vers l’unité des partants, selon les réglages. Une unité non synchronisée supprime le compte du nuage.");

    public static readonly Bilingual ParkAfterGroups = new("The account is moved once nothing more is to be done to it.", "Le compte est déplacé quand il n’y a plus rien à y faire.");

    public static readonly Bilingual BeforeCloud = new(
        "The cloud directory copies Active Directory: a change made there alone is overwritten at the next synchronisation.",
        "L’annuaire du nuage recopie Active Directory : un changement fait seulement là-bas est écrasé à la synchronisation suivante.");

    public static readonly Bilingual AccountRemedy = new(
        "Delegate to our account on the accounts’ unit: Reset Password, and write userAccountControl, accountExpires, pwdLastSet, description, altSecurityIdentities, userCertificate, msDS-KeyCredentialLink; to move, also delete there and create in the unit of leavers.",
        "Déléguez à notre compte sur l’unité des comptes : réinitialiser le mot de passe, et écrire userAccountControl, accountExpires, pwdLastSet, description, altSecurityIdentities, userCertificate, msDS-KeyCredentialLink ; pour déplacer, il faut aussi pouvoir y supprimer et créer dans l’unité des partants.");

    public static readonly Bilingual GroupRemedy = new(
        "Delegate to our account the right to write member on the groups.", "Déléguez à notre compte le droit d’écrire member sur les groupes.");

    public static readonly Bilingual ProtectedRemedy = new(
        "Delegated rights do not reach protected accounts, on purpose: let a domain administrator do it by hand, and say so here.",
        "Les droits délégués n’atteignent pas les comptes protégés, et c’est voulu : faites faire l’acte par un administrateur du domaine, et dites-le ici.");

    public static readonly Bilingual Tickets = new(
        "Kerberos tickets already issued: up to 10 hours with default settings.", "Tickets Kerberos déjà émis : jusqu’à 10 heures avec les réglages par défaut.");

    public static readonly Bilingual Connections = new(
        "LDAP, SMB and remote desktop sessions opened before the cut go on until they end.",
        "Les sessions LDAP, SMB et de bureau à distance ouvertes avant la coupure continuent jusqu’à leur fin.");

    public static readonly Bilingual Cached = new(
        "A laptop that is off the network still accepts the last password known to it.",
        "Un portable hors du réseau accepte encore le dernier mot de passe qu’il connaît.");

    public static readonly Bilingual Replication = new(
        "Other domain controllers follow at their next replication.", "Les autres contrôleurs de domaine suivent à leur prochaine réplication.");

    public static readonly Bilingual NotCut = new(
        "The domain shows the account as enabled: somebody opened it again, or the change did not hold.",
        "Le domaine montre le compte comme activé : quelqu’un l’a rouvert, ou le changement n’a pas tenu.");
}
