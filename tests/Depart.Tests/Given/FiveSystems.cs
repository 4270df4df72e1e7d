using System.Runtime.Versioning;
using Depart.Connectors.ActiveDirectory;
using Depart.Connectors.Lab;
using Depart.Connectors.OpenLdap;
using Depart.Connectors.PostgreSql;
using Depart.Connectors.Scim;
using Depart.Connectors.Ssh;

// The lab is made of servers for Linux.
[assembly: SupportedOSPlatform("linux")]

namespace Depart.Given;

/// <summary>A company's five systems, each on its real server. Started once for the tests that ask for it.</summary>
public sealed class FiveSystems : IAsyncLifetime
{
    private readonly LabRun run;
    private readonly LabSystem[] systems;

    public FiveSystems(LabRun run)
    {
        this.run = run;
        systems = [new OpenLdapServer(run), new ActiveDirectoryServer(run), new ScimServer(run), new SshServer(run), new PostgreSqlServer(run)];
    }

    /// <summary>By connector key.</summary>
    public LabSystem this[string key] => systems.Single(system => system.Key == key);

    /// <summary>The five.</summary>
    public IReadOnlyList<LabSystem> All => systems;

    public async ValueTask InitializeAsync() => await Task.WhenAll(systems.Select(system => system.InitializeAsync().AsTask()));

    public async ValueTask DisposeAsync()
    {
        foreach (var system in systems)
        {
            await system.DisposeAsync();
        }
    }

    /// <summary>Skips the test where a server is not installed; on the build machine, fails it.</summary>
    public void Require()
    {
        foreach (var system in systems)
        {
            system.Require();
        }
    }

    /// <summary>Connects all five; each system is called by its connector's key.</summary>
    internal async Task ConnectAsync(DepartApp app)
    {
        foreach (var system in systems)
        {
            await app.PostAsync("/api/v1/systems", new { name = system.Key, connector = system.Key, settings = system.Settings(), protectedAccounts = new[] { "adm-*" } });
        }
    }

    /// <summary>
    /// A leaver with an account on each system, under another login each time; on SCIM the main mail is one that the record knows as an alias. Beside them a homonym in
    /// both directories, and an administrator's account of the leaver in Active Directory, which is protected. The record writes the apostrophe as printers do, the systems
    /// as typewriters do.
    /// </summary>
    internal async Task<Leaver> AddLeaverAsync(DepartApp app, string given, string family)
    {
        var number = LabPerson.NewLogin("");
        var mail = $"zoe.dangelo{number}@exemple.fr";
        var alias = $"zoe{number}@anciennemarque.example";
        LabPerson Account(string login, params string[] mails) =>
            new(login, given, family) { Mails = mails, EmployeeNumber = $"X{number}" };

        var accounts = new Dictionary<string, LabPerson>(StringComparer.Ordinal)
        {
            ["openldap"] = Account($"zdangelo{number}", mail),
            ["active-directory"] = Account($"z.dangelo{number}", mail),
            ["scim"] = Account($"zoe.d{number}", alias),
            ["ssh"] = Account($"zoed{number}"),
            ["postgresql"] = Account($"zoe_d{number}", mail),
        };
        foreach (var (key, person) in accounts)
        {
            await this[key].AddAsync(person);
        }

        var homonym = new LabPerson($"zdangelo{number}bis", given, family) { Mails = [$"autre{number}@exemple.fr"], EmployeeNumber = $"Y{number}" };
        await this["openldap"].AddAsync(homonym);
        await this["active-directory"].AddAsync(homonym);
        var administrator = new LabPerson($"adm-zoe{number}", given, family) { Mails = [$"adm-zoe{number}@exemple.fr"], EmployeeNumber = $"X{number}A" };
        await this["active-directory"].AddAsync(administrator);

        var added = (await app.PostAsync("/api/v1/people", new
        {
            givenName = given, familyName = family.Replace('\'', '’'), mails = new[] { mail, alias }, logins = new[] { $"zoed{number}", $"adm-zoe{number}" },
            employeeNumber = $"X{number}", missionTitle = "Refonte du portail",
        }))!;
        var departure = (await app.PostAsync("/api/v1/departures", new { mission = added["mission"]!.ToString(), lastDay = "2030-12-20" }))!;
        return new(added["person"]!.ToString(), departure.ToString(), mail, accounts, homonym, administrator);
    }
}

/// <summary>Who leaves.</summary>
/// <param name="Person">Identifier in the record.</param>
/// <param name="Departure">Identifier of the departure.</param>
/// <param name="Mail">The main mail.</param>
/// <param name="Accounts">The account on each system, by the connector's key.</param>
/// <param name="Homonym">Somebody else of the same name, in both directories.</param>
/// <param name="Administrator">The leaver's protected account in Active Directory.</param>
internal sealed record Leaver(
    string Person, string Departure, string Mail, IReadOnlyDictionary<string, LabPerson> Accounts, LabPerson Homonym, LabPerson Administrator);
