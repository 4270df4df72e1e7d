using Depart.Connectors.Ldap;

namespace Depart.Connectors.OpenLdap;

/// <summary>
/// The connection test. A right to write is told by asking to delete a value that is not there: whoever has the right is answered <em>no such
/// attribute</em> (16), whoever has not <em>insufficient access</em> (50); either way nothing is written.
/// </summary>
internal sealed class OpenLdapTest(OpenLdapSettings settings, LdapDirectory directory)
{
    private const string PasswordPolicy = "1.3.6.1.4.1.42.2.27.8.5.1";
    private const string NoSuchValue = "19000101000000Z";

    private static readonly Bilingual Manage = new(
        "Give our account manage on the people: olcAccess: to dn.subtree=\"…people…\" by dn.exact=\"…our account…\" manage.",
        "Donnez à notre compte le droit manage sur les personnes : olcAccess: to dn.subtree=\"…personnes…\" by dn.exact=\"…notre compte…\" manage.");

    public async Task<ConnectionReport> RunAsync(CancellationToken cancellation)
    {
        try
        {
            await directory.TryAsync(cancellation);
            var root = await directory.RootAsync(cancellation);
            var rights = new List<RightCheck>();
            var person = await OneAsync(settings.PeopleBase, LdapFilter.Parse(settings.PeopleFilter), root, cancellation);
            rights.Add(new(
                new($"Read people below {settings.PeopleBase}", $"Lire les personnes sous {settings.PeopleBase}"),
                person is null ? RightState.Missing : RightState.Held,
                new("Nobody was seen there: check the base and the filter, and that our account may search and read it.",
                    "Personne n’y a été vu : vérifiez la base et le filtre, et que notre compte peut y chercher et lire.")));
            rights.Add(await AllPagesAsync(cancellation));
            rights.Add(new(
                new("The ppolicy overlay is loaded (locks and end dates)", "L’overlay ppolicy est chargé (verrous et dates de fin)"),
                root.Knows(PasswordPolicy) ? RightState.Held : RightState.Missing,
                new("Load the module ppolicy and its overlay on this database.", "Chargez le module ppolicy et son overlay sur cette base.")));
            if (person is not null)
            {
                rights.Add(new(
                    new("See whether a lock counts (account usability)", "Voir si un verrou est effectif (account usability)"),
                    person.Control(OpenLdapAccounts.Usability) is null ? RightState.Missing : RightState.Held,
                    new("A default policy must apply, and our account needs compare on userPassword.",
                        "Une politique par défaut doit s’appliquer, et notre compte a besoin du droit compare sur userPassword.")));
                await AskToWriteAsync(person, ["userPassword", "pwdEndTime", "pwdAccountLockedTime", "loginShell", "sshPublicKey"], rights, cancellation);
            }

            await GroupsAsync(root, rights, cancellation);
            await PoliciesAsync(root, rights, cancellation);
            return new(true) { Server = $"{(root.Entry.Is("OpenLDAProotDSE") ? "OpenLDAP" : root.Entry.Text("vendorName") ?? "LDAP")} ({directory.Host})", Rights = rights };
        }
        catch (LdapCallException error)
        {
            return new(false) { Failure = error.Failure };
        }
    }

    /// <summary>slapd counts a paged search as a whole against its size limit (slapd.conf(5), limits).</summary>
    private async Task<RightCheck> AllPagesAsync(CancellationToken cancellation)
    {
        var state = RightState.Held;
        try
        {
            await foreach (var _ in directory.PagesAsync(new(settings.PeopleBase, LdapScope.Subtree, LdapFilter.Parse(settings.PeopleFilter), "1.1"), cancellation))
            {
                // Only whether the end is reached.
            }
        }
        catch (LdapCallException error) when (error.Failure.Kind == FailureKind.RightMissing)
        {
            state = RightState.Missing;
        }

        return new(
            new("Read all people, page by page", "Lire toutes les personnes, page par page"), state,
            new("Lift the limit for our account: limits dn.exact=\"…our account…\" size.prtotal=unlimited (olcLimits).",
                "Levez la limite pour notre compte : limits dn.exact=\"…notre compte…\" size.prtotal=unlimited (olcLimits)."));
    }

    private async Task AskToWriteAsync(LdapEntry entry, IEnumerable<string> attributes, List<RightCheck> rights, CancellationToken cancellation)
    {
        foreach (var attribute in attributes)
        {
            var result = await directory.ChangeAsync(new LdapModify(entry.Dn, LdapModification.Delete(attribute, NoSuchValue)), cancellation);
            if (result.Code == LdapCode.UndefinedAttributeType)
            {
                continue;
            }

            rights.Add(new(
                new($"Write {attribute}", $"Écrire {attribute}"),
                result.Code switch
                {
                    LdapCode.NoSuchAttribute => RightState.Held,
                    LdapCode.InsufficientAccessRights => RightState.Missing,
                    _ => RightState.NotChecked,
                },
                Manage));
        }
    }

    private async Task GroupsAsync(LdapRoot root, List<RightCheck> rights, CancellationToken cancellation)
    {
        var filter = LdapFilter.Any(LdapFilter.Class("groupOfNames"), LdapFilter.Class("groupOfUniqueNames"), LdapFilter.Class("posixGroup"));
        if (await OneAsync(settings.Groups, filter, root, cancellation) is not { } group)
        {
            var there = await directory.FirstAsync(new(settings.Groups, LdapScope.Entry, LdapFilter.Present("objectClass"), "1.1"), cancellation) is not null;
            rights.Add(new(new($"Read groups below {settings.Groups}", $"Lire les groupes sous {settings.Groups}"), there ? RightState.NotChecked : RightState.Missing, there
                ? new("No group was seen there. If there are some, correct “Groups below”, or let our account search and read them; otherwise nothing is to be done.",
                    "Aucun groupe n’y a été vu. S’il en existe, corrigez « Groupes sous », ou laissez notre compte les chercher et les lire ; sinon, il n’y a rien à faire.")
                : new("There is no such place, or our account may not see it: correct “Groups below”, otherwise people stay in their groups after a departure.",
                    "Cet endroit n’existe pas, ou notre compte ne peut pas le voir : corrigez « Groupes sous », sinon les personnes resteront dans leurs groupes après un départ.")));
            return;
        }

        var attribute = group.Is("groupOfNames") ? "member" : group.Is("groupOfUniqueNames") ? "uniqueMember" : "memberUid";
        var value = attribute == "memberUid" ? NoSuchValue : $"cn={NoSuchValue}";
        var result = await directory.ChangeAsync(new LdapModify(group.Dn, LdapModification.Delete(attribute, value)), cancellation);
        rights.Add(new(
            new($"Write {attribute} on groups", $"Écrire {attribute} sur les groupes"),
            result.Code switch
            {
                LdapCode.NoSuchAttribute => RightState.Held,
                LdapCode.InsufficientAccessRights => RightState.Missing,
                _ => RightState.NotChecked,
            },
            new("Give our account write on the groups: olcAccess: to dn.subtree=\"…groups…\" by dn.exact=\"…our account…\" write.",
                "Donnez à notre compte le droit write sur les groupes : olcAccess: to dn.subtree=\"…groupes…\" by dn.exact=\"…notre compte…\" write.")));
    }

    private async Task PoliciesAsync(LdapRoot root, List<RightCheck> rights, CancellationToken cancellation)
    {
        var policies = await directory.SearchAsync(
            new(root.ContextOf(settings.PeopleBase), LdapScope.Subtree, LdapFilter.Class("pwdPolicy"), "cn", "pwdLockout"), cancellation);
        if (policies.Count == 0)
        {
            rights.Add(new(new("Password policy with pwdLockout TRUE", "Politique de mots de passe avec pwdLockout TRUE"), RightState.NotChecked,
                new("No policy was seen: let our account read it, or check it yourself.", "Aucune politique n’a été vue : laissez notre compte la lire, ou vérifiez vous-même.")));
        }

        foreach (var policy in policies)
        {
            var name = DistinguishedName.TryParse(policy.Dn)?.Name ?? policy.Dn;
            rights.Add(new(
                new($"The policy {name} holds pwdLockout TRUE", $"La politique {name} porte pwdLockout TRUE"),
                policy.Text("pwdLockout") == "TRUE" ? RightState.Held : RightState.Missing,
                new($"Set pwdLockout: TRUE on {policy.Dn}: until then a locked account signs in without a word, and only the end date holds.",
                    $"Mettez pwdLockout: TRUE sur {policy.Dn} : d’ici là, un compte verrouillé se connecte sans rien dire, et seule la date de fin est effective.")));
        }
    }

    private async Task<LdapEntry?> OneAsync(string from, LdapFilter filter, LdapRoot root, CancellationToken cancellation) => await directory.FirstAsync(
        new(from, LdapScope.Subtree, filter, "objectClass", "cn")
        {
            SizeLimit = 1, Controls = root.Knows(OpenLdapAccounts.Usability) ? [new(OpenLdapAccounts.Usability)] : [],
        },
        cancellation);
}
