using Depart.Connectors.Ldap;

namespace Depart.Connectors.ActiveDirectory;

/// <summary>Settings of an Active Directory domain, reached on one of its domain controllers.</summary>
public sealed class ActiveDirectorySettings : LdapSettings
{
    /// <inheritdoc/>
    [Setting(4, "Our account", "Notre compte", HelpEn = "For example depart@example.com, or its whole name CN=depart,OU=Services,DC=example,DC=com.",
        HelpFr = "Par exemple depart@exemple.fr, ou son nom complet CN=depart,OU=Services,DC=exemple,DC=fr.")]
    public override string BindName { get; set; } = "";

    /// <summary>Where accounts are looked for.</summary>
    [Setting(10, "Accounts below", "Comptes sous", HelpEn = "For example OU=Externals,DC=example,DC=com. Default: the whole domain.",
        HelpFr = "Par exemple OU=Externes,DC=exemple,DC=fr. Par défaut : tout le domaine.")]
    public string? AccountsBase { get; set; }

    /// <summary>Where closed accounts are moved to.</summary>
    [Setting(11, "Move leavers to", "Déplacer les partants vers", HelpEn = "An organizational unit, for example OU=Leavers,DC=example,DC=com. Empty: nobody is moved.",
        HelpFr = "Une unité d’organisation, par exemple OU=Partis,DC=exemple,DC=fr. Vide : personne n’est déplacé.")]
    public string? LeaversUnit { get; set; }

    /// <summary>Write the case into the description.</summary>
    [Setting(12, "Write the case into the description", "Écrire le dossier dans la description", HelpEn = "Replaces the description; undo gives the old one back.",
        HelpFr = "Remplace la description ; l’annulation rend l’ancienne.")]
    public bool WriteCase { get; set; }

    /// <summary>Which entries are accounts.</summary>
    [Setting(20, "Accounts are", "Les comptes sont", Advanced = true, HelpEn = "A filter (RFC 4515).", HelpFr = "Un filtre (RFC 4515).")]
    public string AccountsFilter { get; set; } = "(&(objectCategory=person)(objectClass=user))";

    /// <summary>Groups whose members hold power.</summary>
    [Setting(21, "Groups of administrators", "Groupes d’administrateurs", Advanced = true,
        HelpEn = "Names, one a line; whoever has adminCount 1 is shown as privileged too.", HelpFr = "Noms, un par ligne ; qui porte adminCount 1 est aussi montré comme privilégié.")]
    public IReadOnlyList<string> PrivilegedGroups { get; set; } =
    [
        "Domain Admins", "Enterprise Admins", "Schema Admins", "Administrators", "Account Operators", "Server Operators", "Backup Operators", "DnsAdmins",
        "Admins du domaine", "Administrateurs de l’entreprise", "Administrateurs de l'entreprise", "Administrateurs du schéma", "Administrateurs",
        "Opérateurs de compte", "Opérateurs de serveur", "Opérateurs de sauvegarde",
    ];

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> Check()
    {
        foreach (var problem in base.Check())
        {
            yield return problem;
        }

        SettingProblem?[] names =
        [
            Name(nameof(AccountsBase), new("Accounts below", "Comptes sous"), AccountsBase),
            Name(nameof(LeaversUnit), new("Move leavers to", "Déplacer les partants vers"), LeaversUnit),
        ];
        foreach (var problem in names.OfType<SettingProblem>())
        {
            yield return problem;
        }

        if (!LdapFilter.CanParse(AccountsFilter))
        {
            yield return new(nameof(AccountsFilter), new(
                "Accounts are: a filter such as (&(objectCategory=person)(objectClass=user)).", "Les comptes sont : un filtre tel que (&(objectCategory=person)(objectClass=user))."));
        }
    }
}
