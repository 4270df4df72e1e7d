namespace Depart.Connectors.OpenLdap;

/// <summary>Texts shown to people.</summary>
internal static class OpenLdapText
{
    public static readonly Bilingual Password = new("Replace the password", "Remplacer le mot de passe");
    public static readonly Bilingual PasswordEffect = new(
        "Sets a random password that nobody knows, and proves with it that the account answered before it was locked.",
        "Pose un mot de passe aléatoire que personne ne connaît, et prouve avec lui que le compte répondait avant le verrou.");

    public static readonly Bilingual PasswordLost = new(
        "The password, unless our account may read its hash: then the same password works again.",
        "Le mot de passe, sauf si notre compte peut lire son empreinte : le même mot de passe sert alors à nouveau.");

    public static readonly Bilingual End = new("End the password’s validity", "Mettre fin à la validité du mot de passe");
    public static readonly Bilingual EndEffect = new(
        "Sets pwdEndTime to the instant of the cut: it holds even where the policy ignores locks, and survives a password change.",
        "Fixe pwdEndTime à l’instant de la coupure : cela vaut même si la politique ignore les verrous, et survit à un changement de mot de passe.");

    public static readonly Bilingual EndAfterPassword = new(
        "Our own password must be proven right while the account still answers.", "Notre mot de passe doit être prouvé juste pendant que le compte répond encore.");

    public static readonly Bilingual Lock = new("Lock the account", "Verrouiller le compte");
    public static readonly Bilingual LockEffect = new(
        "Sets pwdAccountLockedTime to 000001010000Z: locked until an administrator unlocks it.",
        "Fixe pwdAccountLockedTime à 000001010000Z : verrouillé jusqu’à ce qu’un administrateur déverrouille.");

    public static readonly Bilingual LockAfterPassword = new(
        "A password change unlocks the account: the lock comes after it.", "Un changement de mot de passe déverrouille le compte : le verrou vient après.");

    public static readonly Bilingual LockAfterEnd = new(
        "The end date holds even where the policy ignores locks: it comes first.", "La date de fin vaut même si la politique ignore les verrous : elle vient d’abord.");

    public static readonly Bilingual Strip = new("Remove keys, certificates and shell", "Retirer clés, certificats et shell");
    public static readonly Bilingual StripEffect = new(
        "Removes SSH keys, certificates, Kerberos keys and one-time-code secrets, sets loginShell to nologin and shadowExpire to 1, where present.",
        "Retire clés SSH, certificats, clés Kerberos et secrets de codes à usage unique, met loginShell à nologin et shadowExpire à 1, là où ils existent.");

    public static readonly Bilingual Groups = new("Remove from groups", "Retirer des groupes");
    public static readonly Bilingual GroupsEffect = new(
        "Removes the account from every group that names it by name or by login; the last member of a group that may not be empty gives way to a placeholder.",
        "Retire le compte de chaque groupe qui le nomme, par son nom ou par son identifiant ; le dernier membre d’un groupe qui ne peut être vide cède la place à un membre de remplacement.");

    public static readonly Bilingual Connections = new(
        "LDAP connections signed in before the cut go on until the server ends them (idle time-out or restart).",
        "Les connexions LDAP ouvertes avant la coupure continuent jusqu’à ce que le serveur les ferme (délai d’inactivité ou redémarrage).");

    public static readonly Bilingual External = new(
        "Sign-in by certificate or Kerberos (SASL EXTERNAL, GSSAPI) is not stopped by a password policy: revoke the certificate or the ticket where it is issued.",
        "La connexion par certificat ou Kerberos (SASL EXTERNAL, GSSAPI) n’est pas arrêtée par une politique de mots de passe : révoquez le certificat ou le ticket là où il est émis.");

    public static readonly Bilingual PasswordNotReadable = new(
        "The password: its hash may not be read; a one-time password will be given instead.",
        "Le mot de passe : son empreinte n’est pas lisible ; un mot de passe à usage unique sera remis à la place.");

    public static readonly Bilingual NotCut = new(
        "The server says that the account may sign in: the lock is missing, or no policy makes it count.",
        "Le serveur dit que le compte peut se connecter : le verrou manque, ou aucune politique ne le rend effectif.");

    public static readonly Bilingual NotCutRemedy = new(
        "Check that a default policy applies and that it holds pwdLockout TRUE, then retry.",
        "Vérifiez qu’une politique par défaut s’applique et que pwdLockout y vaut TRUE, puis réessayez.");
}
