using System.Text;
using Depart.Connectors.Lab;

namespace Depart.Connectors.OpenLdap;

[CollectionDefinition]
public sealed class OpenLdapCollection : ICollectionFixture<OpenLdapServer>;

/// <summary>An OpenLDAP directory with ppolicy, memberof and refint, and three impostors of it.</summary>
public sealed class OpenLdapServer(LabRun run) : LabSystem(run)
{
    private static readonly string[] ChangedByReading = ["pwdFailureTime", "pwdLastSuccess", "authTimestamp", "pwdGraceUseTime", "accountUsability"];

    private readonly HashSet<string> made = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim adding = new(1, 1);
    private readonly Dictionary<string, Slapd> impostors = new(StringComparer.Ordinal);
    private Slapd? slapd;

    public override string Key => "openldap";

    public override int Crowd => 1100;

    public override string HostileLogin => LabPerson.NewLogin("h.o'br\"ien*)(uid=*");

    /// <summary>The server itself.</summary>
    public Slapd Slapd => slapd!;

    /// <summary>What all servers share.</summary>
    public LabRun Lab => Run;

    public override Dictionary<string, string> Settings(LabEndpoint? elsewhere = null) => elsewhere is null
        ? Slapd.Settings(Run)
        : new(Slapd.Settings(Run)) { ["Host"] = elsewhere.Address, ["Port"] = $"{elsewhere.Port}", ["TimeoutSeconds"] = "2" };

    public override Dictionary<string, string> WrongCredentials() => new(Settings()) { ["BindPassword"] = "a-wrong-password" };

    public override Dictionary<string, string> ReadOnlyCredentials() => new(Settings()) { ["BindName"] = Slapd.Reader, ["BindPassword"] = Slapd.ReaderPassword };

    public override IReadOnlyDictionary<string, Dictionary<string, string>> Impostors() =>
        impostors.ToDictionary(pair => pair.Key, pair => pair.Value.Settings(Run));

    public override Task AddAsync(LabPerson person) => AddAsync([person]);

    public override async Task AddAsync(IReadOnlyList<LabPerson> people)
    {
        await adding.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await Slapd.ChangeAsync(string.Concat(people.Select(person => Person(person) + Memberships(person) + Lock(person))));
        }
        finally
        {
            adding.Release();
        }
    }

    public override async Task<IReadOnlyDictionary<string, string>> DumpAsync()
    {
        var members = await Slapd.SearchAsync(Slapd.Groups, "(|(member=*)(memberUid=*))", "member", "memberUid");
        return (await Slapd.SearchAsync(Slapd.People, "(uid=*)", "*", "+")).ToDictionary(
            entry => entry.Value("uid")!,
            entry => string.Join('\n', entry.Where(line => !ChangedByReading.Contains(line.Name)).Select(line => $"{line.Name}={line.Value}").Order(StringComparer.Ordinal)
                .Concat(members.Where(group => group.Any(line => (line.Name == "memberUid" && line.Value == entry.Value("uid")) || (line.Name == "member" && line.Value == entry.Value("dn"))))
                    .Select(group => $"in {group.Value("dn")}").Order(StringComparer.Ordinal))),
            StringComparer.Ordinal);
    }

    public override async Task<AccountState> StateAsync(string login) => (await Slapd.FindAsync(login))?.Value("accountUsability") switch
    {
        null => await Slapd.FindAsync(login) is null ? AccountState.Absent : AccountState.Unknown,
        { } said => said.StartsWith("available", StringComparison.Ordinal) ? AccountState.Enabled : AccountState.Disabled,
    };

    public override Task<SignIn> SignInAsync(string login, string password) => Slapd.SignInAsync(login, password);

    public override async Task<LabSession?> OpenSessionAsync(string login, string password) => await Slapd.OpenSessionAsync(login, password);

    /// <summary>Members by name follow by themselves (refint); members by login are renamed by whoever renames.</summary>
    public override async Task RenameAsync(string login, string newLogin)
    {
        var groups = await Slapd.SearchAsync(Slapd.Groups, $"(memberUid={LabLdif.Filter(login)})", "cn");
        await Slapd.ChangeAsync(
            $"{LabLdif.Line("dn", Name(login))}changetype: modrdn\n{LabLdif.Line("newrdn", $"uid={LabLdif.Name(newLogin)}")}deleteoldrdn: 1\n\n"
            + string.Concat(groups.Select(group =>
                $"{LabLdif.Line("dn", group.Value("dn")!)}changetype: modify\ndelete: memberUid\n{LabLdif.Line("memberUid", login)}-\nadd: memberUid\n{LabLdif.Line("memberUid", newLogin)}\n")));
    }

    public override async Task<IReadOnlyList<string>> SecretsAsync(string login) =>
        [.. (await Slapd.FindAsync(login))!.Where(line => line.Name == "userPassword").Select(line => line.Value)];

    /// <summary>The name of a person's entry.</summary>
    public static string Name(string login) => $"uid={LabLdif.Name(login)},{Slapd.People}";

    /// <summary>The LDIF of a person.</summary>
    public static string Person(LabPerson person, string more = "")
    {
        var entry = new StringBuilder(LabLdif.Line("dn", Name(person.Login)))
            .Append("changetype: add\nobjectClass: inetOrgPerson\nobjectClass: posixAccount\nobjectClass: shadowAccount\nobjectClass: ldapPublicKey\nobjectClass: labPerson\n")
            .Append(LabLdif.Line("uid", person.Login)).Append(LabLdif.Line("cn", $"{person.FamilyName}, {person.GivenName}"))
            .Append(LabLdif.Line("displayName", $"{person.GivenName} {person.FamilyName}"))
            .Append(LabLdif.Line("givenName", person.GivenName)).Append(LabLdif.Line("sn", person.FamilyName))
            .Append(LabLdif.Lines("mail", person.Mails.Take(1))).Append(LabLdif.Lines("mailAlternateAddress", person.Mails.Skip(1)))
            .Append(LabLdif.Line("employeeNumber", person.EmployeeNumber))
            .Append("uidNumber: 10001\ngidNumber: 10001\nhomeDirectory: /home/lab\nloginShell: /bin/bash\n")
            .Append(LabLdif.Line("sshPublicKey", $"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 {person.Login}"))
            .Append(LabLdif.Line("userPassword", person.Password)).Append(more).Append('\n');
        return entry.ToString();
    }

    protected override async Task StartAsync()
    {
        slapd = await Slapd.StartAsync(Run);
        await AddAsync(new LabPerson("temoin", "Ève", "Témoin"));
        impostors["an untrusted authority"] = await Slapd.StartAsync(Run, new() { Certificate = Run.Certificates.Untrusted });
        impostors["an expired certificate"] = await Slapd.StartAsync(Run, new() { Certificate = Run.Certificates.Expired });
        impostors["another host's certificate"] = await Slapd.StartAsync(Run, new() { Certificate = Run.Certificates.WrongName });
    }

    protected override async ValueTask StopAsync()
    {
        foreach (var server in impostors.Values.Append(slapd).OfType<Slapd>())
        {
            await server.DisposeAsync();
        }

        adding.Dispose();
    }

    /// <summary>Groups by name, but for those that end in -b, which are groups by login.</summary>
    private string Memberships(LabPerson person)
    {
        var ldif = new StringBuilder();
        foreach (var group in person.Groups.Concat(person.Privileged ? ["admins"] : []))
        {
            var byLogin = group.EndsWith("-b", StringComparison.Ordinal);
            var member = byLogin ? LabLdif.Line("memberUid", person.Login) : LabLdif.Line("member", Name(person.Login));
            ldif.Append(LabLdif.Line("dn", $"cn={LabLdif.Name(group)},{Slapd.Groups}"));
            ldif.Append(made.Add(group)
                ? $"changetype: add\n{(byLogin ? "objectClass: posixGroup\ngidNumber: 20001\n" : "objectClass: groupOfNames\n")}{LabLdif.Line("cn", group)}{member}\n"
                : $"changetype: modify\nadd: {(byLogin ? "memberUid" : "member")}\n{member}\n");
        }

        return ldif.ToString();
    }

    private static string Lock(LabPerson person) => person.Disabled
        ? $"{LabLdif.Line("dn", Name(person.Login))}changetype: modify\nadd: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n\n" : "";
}
