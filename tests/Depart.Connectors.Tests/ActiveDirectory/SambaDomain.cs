using System.Globalization;
using System.Text;
using Depart.Connectors.Lab;

namespace Depart.Connectors.ActiveDirectory;

/// <summary>A Samba Active Directory domain controller, provisioned in a folder of the run, on an address of its own.</summary>
public sealed class SambaDomain : IAsyncDisposable
{
    public const string Suffix = "DC=lab,DC=example";
    public const string Externals = $"OU=Externals,{Suffix}";
    public const string Groups = $"OU=Groups,{Suffix}";
    public const string Leavers = $"OU=Leavers,{Suffix}";
    public const string OurPassword = "Depart-0f-the-lab";
    public const string ReaderPassword = "Reader-0f-the-lab";

    private const string AdministratorPassword = "Admin-0f-the-lab";
    private const string UserClass = "bf967aba-0de6-11d0-a285-00aa003049e2";
    private const string GroupClass = "bf967a9c-0de6-11d0-a285-00aa003049e2";
    private const string ResetPassword = "00299570-246d-11d0-a768-00aa006e0529";
    private const string Member = "bf9679c0-0de6-11d0-a285-00aa003049e2";

    /// <summary>What is delegated: userAccountControl, accountExpires, pwdLastSet, description, userCertificate, altSecurityIdentities, msDS-KeyCredentialLink, name, cn.</summary>
    private static readonly string[] Written =
    [
        "bf967a68-0de6-11d0-a285-00aa003049e2", "bf967915-0de6-11d0-a285-00aa003049e2", "bf967a0a-0de6-11d0-a285-00aa003049e2",
        "bf967950-0de6-11d0-a285-00aa003049e2", "bf967a7f-0de6-11d0-a285-00aa003049e2", "00fbf30c-91fe-11d1-aebc-0000f80367c1",
        "5b47d60f-6090-40b2-9f37-2a4de88f3063", "bf967a0e-0de6-11d0-a285-00aa003049e2", "bf96793f-0de6-11d0-a285-00aa003049e2",
    ];

    private readonly LabDaemon daemon;
    private readonly Dictionary<string, string> environment;
    private readonly string settings;

    private SambaDomain(LabDaemon daemon, string address, string settings, Dictionary<string, string> environment) =>
        (this.daemon, Address, this.settings, this.environment) = (daemon, address, settings, environment);

    /// <summary>The address; ports are those of the protocol.</summary>
    public string Address { get; }

    /// <summary>What Samba printed.</summary>
    public string Log => daemon.Log;

    /// <summary>Provisions a domain, starts it, makes units, groups and our delegated account.</summary>
    public static async Task<SambaDomain> StartAsync(LabRun run)
    {
        var program = LabRun.Program("samba");
        if (!File.Exists("/usr/share/samba/setup/provision.ldif"))
        {
            throw new LabMissingException("samba-ad-provision is not installed");
        }

        if (!Environment.IsPrivilegedProcess)
        {
            throw new LabMissingException("a domain controller needs root for the ports of its protocols");
        }

        var address = await FreeAddressAsync();
        var folder = run.NewFolder($"samba-{address[8..]}");
        var empty = Path.Combine(run.Folder, "empty.conf");
        await File.WriteAllTextAsync(empty, "", TestContext.Current.CancellationToken);
        (await LabRun.RunAsync(LabRun.Program("samba-tool"),
        [
            "domain", "provision", $"--configfile={empty}", $"--targetdir={folder}", "--realm=LAB.EXAMPLE", "--domain=LAB", "--server-role=dc",
            "--dns-backend=SAMBA_INTERNAL", "--host-name=dc1", $"--host-ip={address}", $"--adminpass={AdministratorPassword}",
            $"--option=interfaces={address}/8", "--option=bind interfaces only=yes",
        ])).Well("provision");
        var settings = Path.Combine(folder, "etc", "smb.conf");
        await File.WriteAllTextAsync(
            settings, (await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken)).Replace("[global]\n", $"""
            [global]
            server services = s3fs, rpc, ldap, cldap, kdc, winbindd
            tls certfile = {run.Certificates.Good.CertificateFile}
            tls keyfile = {run.Certificates.Good.KeyFile}
            tls cafile = {run.Certificates.AuthorityFile}
            pid directory = {folder}
            ncalrpc dir = {folder}/ncalrpc

            """, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var daemon = await LabDaemon.StartAsync(
            program, ["-F", "--no-process-group", "-s", settings, "--debug-stdout"], _ => LabDaemon.AcceptsAsync(address, 636));
        var domain = new SambaDomain(daemon, address, settings, new() { ["LDAPTLS_CACERT"] = run.Certificates.AuthorityFile, ["LC_ALL"] = "C.UTF-8" });
        await domain.FurnishAsync();
        return domain;
    }

    /// <summary>Settings that reach the domain.</summary>
    public Dictionary<string, string> Settings(LabRun run) => new()
    {
        ["Host"] = Address, ["BindName"] = "depart@lab.example", ["BindPassword"] = OurPassword, ["Authority"] = run.Certificates.AuthorityPem,
        ["AccountsBase"] = Externals, ["LeaversUnit"] = Leavers, ["WriteCase"] = "true",
    };

    /// <summary>Changes by ldapmodify, as administrator.</summary>
    public async Task ChangeAsync(string ldif) => (await ClientAsync("ldapmodify", ["-D", "administrator@lab.example", "-w", AdministratorPassword, "-a"], ldif)).Well("ldapmodify");

    /// <summary>A search by ldapsearch, as administrator.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<(string Name, string Value)>>> SearchAsync(string from, string filter, params string[] attributes) => LabLdif.Read(
        (await ClientAsync("ldapsearch",
            ["-D", "administrator@lab.example", "-w", AdministratorPassword, "-LLL", "-o", "ldif-wrap=no", "-E", "pr=500/noprompt", "-b", from, filter, .. attributes])).Well("ldapsearch"));

    /// <summary>The account with a login, or null.</summary>
    public async Task<IReadOnlyList<(string Name, string Value)>?> FindAsync(string login) =>
        (await SearchAsync(Suffix, $"(sAMAccountName={LabLdif.Filter(login)})", "*")).SingleOrDefault();

    /// <summary>The immutable identifier of the account with a login.</summary>
    public async Task<string> IdAsync(string login)
    {
        var answer = await ClientAsync(
            "ldapsearch", ["-D", "administrator@lab.example", "-w", AdministratorPassword, "-LLL", "-b", Suffix, $"(sAMAccountName={LabLdif.Filter(login)})", "objectGUID"]);
        var line = answer.Well("ldapsearch").Split('\n').Single(line => line.StartsWith("objectGUID::", StringComparison.Ordinal));
        return new Guid(Convert.FromBase64String(line["objectGUID::".Length..].Trim())).ToString();
    }

    /// <summary>Signs in as somebody by a bind; a password that must be changed first is a right one.</summary>
    public async Task<SignIn> SignInAsync(string login, string password)
    {
        var answer = await ClientAsync("ldapsearch", ["-D", $"LAB\\{login}", "-w", password, "-LLL", "-s", "base", "-b", "", "dn"]);
        return answer.Code switch
        {
            0 => new(true, "0"),
            49 => new(answer.Error.Contains("data 773", StringComparison.Ordinal), answer.Error.Trim()),
            _ => throw new InvalidOperationException($"{answer.Code} {answer.Error}"),
        };
    }

    /// <summary>Lists the shares as somebody, by SMB.</summary>
    public Task<LabAnswer> SharesAsync(string login, string password) =>
        LabRun.RunAsync(LabRun.Program("smbclient"), ["-s", settings, "-L", Address, "-U", $"LAB\\{login}%{password}"]);

    /// <summary>Runs a client of the directory against the domain.</summary>
    public Task<LabAnswer> ClientAsync(string program, IEnumerable<string> arguments, string? input = null) =>
        LabRun.RunAsync(LabRun.Program(program), ["-x", "-H", $"ldaps://{Address}:636", .. arguments], input, environment);

    /// <summary>Leaves a connection of the person open.</summary>
    public LabSession OpenSession(string login, string password) => new OpenLdap.SlapdSession(
        LabRun.Program("stdbuf"),
        ["-oL", LabRun.Program("ldapsearch"), "-x", "-H", $"ldaps://{Address}:636", "-D", $"LAB\\{login}", "-w", password, "-b", Externals, "-f", "-", "(sAMAccountName=%s)", "cn"],
        environment, login);

    /// <summary>The value of unicodePwd, as LDIF.</summary>
    public static string Password(string password) => $"unicodePwd:: {Convert.ToBase64String(Encoding.Unicode.GetBytes($"\"{password}\""))}\n";

    public ValueTask DisposeAsync() => daemon.DisposeAsync();

    private static async Task<string> FreeAddressAsync()
    {
        for (var tries = 0; tries < 200; tries++)
        {
            // The run's certificates are good for 127.0.0.1 to 127.0.0.30.
            var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.{Random.Shared.Next(5, 31)}");
            if (!await LabDaemon.AcceptsAsync(address, 636) && !await LabDaemon.AcceptsAsync(address, 389) && !await LabDaemon.AcceptsAsync(address, 88)
                && !await LabDaemon.AcceptsAsync(address, 445))
            {
                return address;
            }
        }

        throw new InvalidOperationException("No free address from 127.0.0.5 to 127.0.0.30.");
    }

    private async Task FurnishAsync()
    {
        var ldif = new StringBuilder();
        foreach (var unit in new[] { Externals, Groups, Leavers })
        {
            ldif.Append($"dn: {unit}\nchangetype: add\nobjectClass: organizationalUnit\n\n");
        }

        foreach (var (name, password) in new[] { ("depart", OurPassword), ("reader", ReaderPassword) })
        {
            ldif.Append($"dn: CN={name},CN=Users,{Suffix}\nchangetype: add\nobjectClass: user\nsAMAccountName: {name}\nuserPrincipalName: {name}@lab.example\n")
                .Append($"userAccountControl: 66048\n{Password(password)}\n");
        }

        await ChangeAsync(ldif.ToString());
        var show = await LabRun.RunAsync(LabRun.Program("samba-tool"), ["user", "show", "depart", "--attributes=objectSid", "-H", SamLdb, "-s", settings]);
        var sid = show.Well("user show").Split('\n').Single(line => line.StartsWith("objectSid:", StringComparison.Ordinal))["objectSid:".Length..].Trim();
        var onUsers = string.Concat(Written.Select(attribute => $"(OA;CIIO;RPWP;{attribute};{UserClass};{sid})"));
        await AllowAsync(Externals, $"{onUsers}(OA;CIIO;CR;{ResetPassword};{UserClass};{sid})(OA;CI;CCDC;{UserClass};;{sid})");
        await AllowAsync(Leavers, $"{onUsers}(OA;CIIO;CR;{ResetPassword};{UserClass};{sid})(OA;CI;CCDC;{UserClass};;{sid})");
        await AllowAsync(Groups, $"(OA;CIIO;RPWP;{Member};{GroupClass};{sid})");
    }

    private string SamLdb => Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(settings))!, "private", "sam.ldb");

    private async Task AllowAsync(string unit, string rights) => (await LabRun.RunAsync(
        LabRun.Program("samba-tool"), ["dsacl", "set", $"--objectdn={unit}", $"--sddl={rights}", "-H", SamLdb, "-s", settings])).Well("dsacl");
}
