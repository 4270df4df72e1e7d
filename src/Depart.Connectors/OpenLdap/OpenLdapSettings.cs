using Depart.Connectors.Ldap;

namespace Depart.Connectors.OpenLdap;

/// <summary>Settings of an OpenLDAP directory.</summary>
public sealed class OpenLdapSettings : LdapSettings
{
    /// <summary>Where people are.</summary>
    [Setting(10, "People below", "Personnes sous", HelpEn = "For example ou=people,dc=example,dc=com.", HelpFr = "Par exemple ou=people,dc=exemple,dc=fr.")]
    public string PeopleBase { get; set; } = "";

    /// <summary>Where groups are.</summary>
    [Setting(11, "Groups below", "Groupes sous", HelpEn = "For example ou=groups,dc=example,dc=com. Default: where people are.",
        HelpFr = "Par exemple ou=groups,dc=exemple,dc=fr. Par défaut : là où sont les personnes.")]
    public string? GroupsBase { get; set; }

    /// <summary>Which entries are accounts.</summary>
    [Setting(20, "Accounts are", "Les comptes sont", Advanced = true, HelpEn = "A filter (RFC 4515).", HelpFr = "Un filtre (RFC 4515).")]
    public string PeopleFilter { get; set; } = "(|(objectClass=person)(objectClass=posixAccount)(objectClass=account))";

    /// <summary>Groups whose members hold power.</summary>
    [Setting(21, "Groups of administrators", "Groupes d’administrateurs", Advanced = true, HelpEn = "Names, one a line.", HelpFr = "Noms, un par ligne.")]
    public IReadOnlyList<string> PrivilegedGroups { get; set; } = ["admins", "administrators", "sudo", "wheel"];

    /// <summary>Member that takes the place of the last one of a group.</summary>
    [Setting(22, "Placeholder member", "Membre de remplacement", Advanced = true,
        HelpEn = "A groupOfNames may not be empty: this name takes the place of the last member. Nobody must be able to sign in with it.",
        HelpFr = "Un groupOfNames ne peut pas être vide : ce nom prend la place du dernier membre. Personne ne doit pouvoir se connecter avec.")]
    public string Placeholder { get; set; } = "cn=nobody-left";

    internal string Groups => string.IsNullOrWhiteSpace(GroupsBase) ? PeopleBase : GroupsBase;

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> Check()
    {
        foreach (var problem in base.Check())
        {
            yield return problem;
        }

        SettingProblem?[] names =
        [
            Name(nameof(BindName), new("Our account", "Notre compte"), BindName, "cn=depart,ou=services"),
            Name(nameof(PeopleBase), new("People below", "Personnes sous"), PeopleBase),
            Name(nameof(GroupsBase), new("Groups below", "Groupes sous"), GroupsBase),
            Name(nameof(Placeholder), new("Placeholder member", "Membre de remplacement"), Placeholder),
        ];
        foreach (var problem in names.OfType<SettingProblem>())
        {
            yield return problem;
        }

        if (!LdapFilter.CanParse(PeopleFilter))
        {
            yield return new(nameof(PeopleFilter), new(
                "Accounts are: a filter such as (objectClass=person).", "Les comptes sont : un filtre tel que (objectClass=person)."));
        }
    }
}
