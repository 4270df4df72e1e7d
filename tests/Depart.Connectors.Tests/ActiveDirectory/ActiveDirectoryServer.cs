using System.Globalization;
using System.Text;
using Depart.Connectors.Lab;
using Depart.Connectors.OpenLdap;

namespace Depart.Connectors.ActiveDirectory;

[CollectionDefinition]
public sealed class ActiveDirectoryCollection : ICollectionFixture<ActiveDirectoryServer>;

/// <summary>An Active Directory domain on Samba, and three impostors of it.</summary>
public sealed class ActiveDirectoryServer(LabRun run) : LabSystem(run)
{
    private static readonly string[] ChangedByReading =
    [
        "lastLogon", "lastLogonTimestamp", "logonCount", "badPwdCount", "badPasswordTime", "lockoutTime", "whenChanged", "uSNChanged", "# refldaps",
    ];

    private readonly HashSet<string> made = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim adding = new(1, 1);
    private readonly Dictionary<string, Slapd> impostors = new(StringComparer.Ordinal);
    private SambaDomain? domain;

    public override string Key => "active-directory";

    public override int Crowd => 520;

    public override string HostileLogin => LabPerson.NewLogin("h.o'b(r)&i%en");

    /// <summary>What all servers share.</summary>
    public LabRun Lab => Run;

    /// <summary>The domain itself.</summary>
    public SambaDomain Domain => domain!;

    public override Dictionary<string, string> Settings(LabEndpoint? elsewhere = null) => elsewhere is null
        ? Domain.Settings(Run)
        : new(Domain.Settings(Run)) { ["Host"] = elsewhere.Address, ["Port"] = $"{elsewhere.Port}", ["TimeoutSeconds"] = "2" };

    public override Dictionary<string, string> WrongCredentials() => new(Settings()) { ["BindPassword"] = "a-wrong-password" };

    public override Dictionary<string, string> ReadOnlyCredentials() =>
        new(Settings()) { ["BindName"] = "reader@lab.example", ["BindPassword"] = SambaDomain.ReaderPassword };

    public override IReadOnlyDictionary<string, Dictionary<string, string>> Impostors() => impostors.ToDictionary(
        pair => pair.Key, pair => new Dictionary<string, string>(Settings()) { ["Host"] = "127.0.0.1", ["Port"] = $"{pair.Value.Port}" });

    public override Task AddAsync(LabPerson person) => AddAsync([person]);

    public override async Task AddAsync(IReadOnlyList<LabPerson> people)
    {
        await adding.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await Domain.ChangeAsync(string.Concat(people.Select(person => Person(person) + Memberships(person))));
        }
        finally
        {
            adding.Release();
        }
    }

    public override async Task<IReadOnlyDictionary<string, string>> DumpAsync() =>
        (await Domain.SearchAsync(SambaDomain.Suffix, "(objectCategory=person)", "*")).ToDictionary(
            entry => entry.Value("sAMAccountName")!,
            entry => string.Join('\n', entry.Where(line => !ChangedByReading.Contains(line.Name)).Select(line => $"{line.Name}={line.Value}").Order(StringComparer.Ordinal)),
            StringComparer.Ordinal);

    public override async Task<AccountState> StateAsync(string login)
    {
        if (await Domain.FindAsync(login) is not { } entry)
        {
            return AccountState.Absent;
        }

        var flags = int.Parse(entry.Value("userAccountControl")!, CultureInfo.InvariantCulture);
        var expires = long.Parse(entry.Value("accountExpires")!, CultureInfo.InvariantCulture);
        var past = expires is > 0 and < long.MaxValue && expires <= TimeProvider.System.GetUtcNow().ToFileTime();
        return (flags & 2) != 0 || past ? AccountState.Disabled : AccountState.Enabled;
    }

    public override Task<SignIn> SignInAsync(string login, string password) => Domain.SignInAsync(login, password);

    public override Task<LabSession?> OpenSessionAsync(string login, string password) => Task.FromResult<LabSession?>(Domain.OpenSession(login, password));

    public override async Task RenameAsync(string login, string newLogin)
    {
        var dn = LabLdif.Line("dn", (await Domain.FindAsync(login))!.Value("dn")!);
        await Domain.ChangeAsync(
            $"{dn}changetype: modify\nreplace: sAMAccountName\n{LabLdif.Line("sAMAccountName", newLogin)}-\nreplace: userPrincipalName\n{LabLdif.Line("userPrincipalName", $"{newLogin}@lab.example")}\n"
            + $"{dn}changetype: modrdn\n{LabLdif.Line("newrdn", $"CN={LabLdif.Name(newLogin)}")}deleteoldrdn: 1\n\n");
    }

    /// <summary>The name of a person's entry; homonyms need another one each.</summary>
    public static string Name(LabPerson person, string unit = SambaDomain.Externals) =>
        $"CN={LabLdif.Name($"{person.FamilyName}, {person.GivenName} ({person.Login})")},{unit}";

    /// <summary>The LDIF of a person.</summary>
    public static string Person(LabPerson person, string more = "", string unit = SambaDomain.Externals) => new StringBuilder(LabLdif.Line("dn", Name(person, unit)))
        .Append("changetype: add\nobjectClass: user\n").Append(LabLdif.Line("sAMAccountName", person.Login))
        .Append(LabLdif.Line("userPrincipalName", $"{person.Login}@lab.example")).Append(LabLdif.Line("displayName", $"{person.GivenName} {person.FamilyName}"))
        .Append(LabLdif.Line("givenName", person.GivenName)).Append(LabLdif.Line("sn", person.FamilyName))
        .Append(LabLdif.Lines("mail", person.Mails.Take(1)))
        .Append(LabLdif.Lines("proxyAddresses", person.Mails.Select((mail, index) => $"{(index == 0 ? "SMTP" : "smtp")}:{mail}")))
        .Append(LabLdif.Line("employeeID", person.EmployeeNumber)).Append(LabLdif.Line("altSecurityIdentities", $"X509:<I>DC=lab<S>CN={person.Login.Replace("'", "", StringComparison.Ordinal)}"))
        .Append($"userAccountControl: {(person.Disabled ? 514 : 512)}\n").Append(SambaDomain.Password(person.Password)).Append(more).Append('\n').ToString();

    protected override async Task StartAsync()
    {
        domain = await SambaDomain.StartAsync(Run);
        await AddAsync(new LabPerson("temoin", "Ève", "Témoin"));
        impostors["an untrusted authority"] = await Slapd.StartAsync(Run, new() { Certificate = Run.Certificates.Untrusted });
        impostors["an expired certificate"] = await Slapd.StartAsync(Run, new() { Certificate = Run.Certificates.Expired });
        impostors["another host's certificate"] = await Slapd.StartAsync(Run, new() { Certificate = Run.Certificates.WrongName });
    }

    protected override async ValueTask StopAsync()
    {
        foreach (var server in impostors.Values)
        {
            await server.DisposeAsync();
        }

        if (domain is not null)
        {
            await domain.DisposeAsync();
        }

        adding.Dispose();
    }

    private string Memberships(LabPerson person)
    {
        var ldif = new StringBuilder();
        foreach (var group in person.Groups)
        {
            if (made.Add(group))
            {
                ldif.Append($"dn: CN={LabLdif.Name(group)},{SambaDomain.Groups}\nchangetype: add\nobjectClass: group\nsAMAccountName: {group}\n\n");
            }

            ldif.Append($"dn: CN={LabLdif.Name(group)},{SambaDomain.Groups}\nchangetype: modify\nadd: member\n{LabLdif.Line("member", Name(person))}\n");
        }

        if (person.Privileged)
        {
            ldif.Append($"dn: CN=Domain Admins,CN=Users,{SambaDomain.Suffix}\nchangetype: modify\nadd: member\n{LabLdif.Line("member", Name(person))}\n");
        }

        return ldif.ToString();
    }
}
