using Depart.Connectors.Ldap;

namespace Depart.Connectors.ActiveDirectory;

/// <summary>
/// The connection test. The domain itself says which attributes of an entry we may write (allowedAttributesEffective, MS-ADTS 3.1.1.4.5.20):
/// nothing is tried.
/// </summary>
internal sealed class ActiveDirectoryTest(ActiveDirectorySettings settings, LdapDirectory directory, ActiveDirectoryAccounts accounts)
{
    private const string IsActiveDirectory = "1.2.840.113556.1.4.800";
    private const string Known = "allowedAttributes";
    private const string Allowed = "allowedAttributesEffective";

    public async Task<ConnectionReport> RunAsync(CancellationToken cancellation)
    {
        try
        {
            await directory.TryAsync(cancellation);
            var root = await directory.RootAsync(cancellation);
            if (!root.Entry.Texts("supportedCapabilities").Contains(IsActiveDirectory, StringComparer.Ordinal))
            {
                return new(false) { Failure = new(FailureKind.Invalid, new(
                    $"{directory.Host} is a directory, but not Active Directory.", $"{directory.Host} est un annuaire, mais pas Active Directory.")) };
            }

            var rights = new List<RightCheck>();
            var from = await accounts.BaseAsync(cancellation);
            var people = LdapFilter.All(LdapFilter.Parse(settings.AccountsFilter), LdapFilter.Not(LdapFilter.Equal("adminCount", "1")));
            var person = await directory.FirstAsync(new(from, LdapScope.Subtree, people, "userAccountControl", Known, Allowed), cancellation);
            rights.Add(new(
                new($"Read accounts below {from}", $"Lire les comptes sous {from}"), person?.Has("userAccountControl") == true ? RightState.Held : RightState.Missing,
                new("No account was seen there with its flags: check the base, and that our account may read it.",
                    "Aucun compte n’y a été vu avec ses indicateurs : vérifiez la base, et que notre compte peut la lire.")));
            if (person is not null)
            {
                string[] written = ["userAccountControl", "accountExpires", "pwdLastSet", .. ActiveDirectoryKeys.Attributes, .. settings.WriteCase ? ["description"] : Array.Empty<string>()];

                // An older schema has no Windows Hello keys: what cannot exist needs no right.
                rights.AddRange(written.Where(attribute => person.Texts(Known).Contains(attribute, StringComparer.OrdinalIgnoreCase)).Select(attribute => Right(person, attribute, new($"Write {attribute}", $"Écrire {attribute}"), ActiveDirectoryText.AccountRemedy)));
                rights.Add(new(new("Reset Password (told only by doing it)", "Réinitialiser le mot de passe (ne se vérifie qu’en le faisant)"), RightState.NotChecked,
                    ActiveDirectoryText.AccountRemedy));
            }

            await GroupAsync(rights, cancellation);
            await LeaversAsync(rights, cancellation);
            return new(true) { Server = $"Active Directory ({root.Entry.Text("dnsHostName") ?? directory.Host})", Rights = rights };
        }
        catch (LdapCallException error)
        {
            return new(false) { Failure = error.Failure };
        }
    }

    private static RightCheck Right(LdapEntry entry, string attribute, Bilingual right, Bilingual remedy) => new(
        right, entry.Texts(Allowed).Contains(attribute, StringComparer.OrdinalIgnoreCase) ? RightState.Held : RightState.Missing, remedy);

    private async Task GroupAsync(List<RightCheck> rights, CancellationToken cancellation)
    {
        var filter = LdapFilter.All(
            LdapFilter.Class("group"), LdapFilter.Not(LdapFilter.Equal("isCriticalSystemObject", "TRUE")), LdapFilter.Not(LdapFilter.Equal("adminCount", "1")),
            LdapFilter.Present("member"));
        var group = await directory.FirstAsync(new(await accounts.DomainAsync(cancellation), LdapScope.Subtree, filter, "cn", Allowed), cancellation);
        var right = new Bilingual("Write member on groups", "Écrire member sur les groupes");
        rights.Add(group is null
            ? new(right, RightState.NotChecked, new("No group with members was seen.", "Aucun groupe avec des membres n’a été vu."))
            : Right(group, "member", right, ActiveDirectoryText.GroupRemedy));
    }

    private async Task LeaversAsync(List<RightCheck> rights, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(settings.LeaversUnit))
        {
            return;
        }

        var unit = await directory.FirstAsync(
            new(settings.LeaversUnit, LdapScope.Entry, LdapFilter.Present("objectClass"), "cn", "allowedChildClassesEffective"), cancellation);
        rights.Add(new(
            new($"Create users in {settings.LeaversUnit}", $"Créer des utilisateurs dans {settings.LeaversUnit}"),
            unit?.Texts("allowedChildClassesEffective").Contains("user", StringComparer.OrdinalIgnoreCase) == true ? RightState.Held : RightState.Missing,
            new("Check that the unit exists, and let our account create user objects in it.",
                "Vérifiez que l’unité existe, et laissez notre compte y créer des objets utilisateur.")));
    }
}
