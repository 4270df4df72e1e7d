using System.Text;
using Depart.Connectors.Lab;

namespace Depart.Connectors.OpenLdap;

/// <summary>How one slapd of the lab differs from the usual.</summary>
public sealed record SlapdChoices
{
    /// <summary>Whether the password policy is loaded.</summary>
    public bool Policy { get; init; } = true;

    /// <summary>Whether the default policy makes locks count.</summary>
    public bool LockCounts { get; init; } = true;

    /// <summary>Whether a refusal says that the account is locked.</summary>
    public bool SaysWhy { get; init; }

    /// <summary>Whether our account may read the hash of a password.</summary>
    public bool HashReadable { get; init; } = true;

    /// <summary>The certificate shown.</summary>
    public LabCertificate? Certificate { get; init; }
}

/// <summary>One slapd with its database, started from nothing.</summary>
public sealed class Slapd : IAsyncDisposable
{
    public const string Suffix = "dc=lab,dc=example";
    public const string People = $"ou=people,{Suffix}";
    public const string Groups = $"ou=groups,{Suffix}";
    public const string Root = $"cn=root,{Suffix}";
    public const string RootPassword = "root-of-the-lab";
    public const string Ours = $"cn=depart,ou=services,{Suffix}";
    public const string OurPassword = "depart-of-the-lab";
    public const string Reader = $"cn=reader,ou=services,{Suffix}";
    public const string ReaderPassword = "reader-of-the-lab";

    private readonly Func<Task<LabDaemon>> launch;
    private readonly Dictionary<string, string> environment;
    private LabDaemon? daemon;

    private Slapd(Func<Task<LabDaemon>> launch, int port, int plainPort, Dictionary<string, string> environment) =>
        (this.launch, Port, PlainPort, this.environment) = (launch, port, plainPort, environment);

    /// <summary>LDAPS.</summary>
    public int Port { get; }

    /// <summary>LDAP, for StartTLS.</summary>
    public int PlainPort { get; }

    /// <summary>What slapd printed.</summary>
    public string Log => daemon?.Log ?? "";

    /// <summary>Makes a database, fills it, starts slapd.</summary>
    /// <param name="run">The run.</param>
    /// <param name="choices">What differs.</param>
    /// <param name="more">LDIF added to the seed by slapadd: overlays do not run.</param>
    public static async Task<Slapd> StartAsync(LabRun run, SlapdChoices? choices = null, string more = "")
    {
        choices ??= new();
        var program = LabRun.Program("slapd");
        var (port, plain) = (LabRun.FreePort(), LabRun.FreePort());
        var folder = run.NewFolder($"slapd-{port}");
        Directory.CreateDirectory(Path.Combine(folder, "db"));
        var settings = Path.Combine(folder, "slapd.conf");
        await File.WriteAllTextAsync(settings, Configuration(run, choices, folder), TestContext.Current.CancellationToken);
        var seed = Path.Combine(folder, "seed.ldif");
        await File.WriteAllTextAsync(seed, Seed(choices) + more, TestContext.Current.CancellationToken);
        (await LabRun.RunAsync(LabRun.Program("slapadd"), ["-q", "-f", settings, "-l", seed])).Well("slapadd");
        var slapd = new Slapd(
            () => LabDaemon.StartAsync(
                program, ["-d", "0", "-h", $"ldaps://127.0.0.1:{port} ldap://127.0.0.1:{plain}", "-f", settings], _ => LabDaemon.AcceptsAsync("127.0.0.1", port)),
            port, plain, new() { ["LDAPTLS_CACERT"] = run.Certificates.AuthorityFile, ["LC_ALL"] = "C.UTF-8" });
        await slapd.GoAsync();
        return slapd;
    }

    /// <summary>Starts again what was stopped, on the same ports.</summary>
    public async Task GoAsync() => daemon = await launch();

    /// <summary>Stops the server.</summary>
    public async Task StopAsync()
    {
        if (daemon is not null)
        {
            await daemon.DisposeAsync();
        }

        daemon = null;
    }

    /// <summary>Settings that reach this server.</summary>
    public Dictionary<string, string> Settings(LabRun run) => new()
    {
        ["Host"] = "127.0.0.1", ["Port"] = $"{Port}", ["BindName"] = Ours, ["BindPassword"] = OurPassword, ["PeopleBase"] = People, ["GroupsBase"] = Groups,
        ["Authority"] = run.Certificates.AuthorityPem,
    };

    /// <summary>Changes by ldapmodify, as root.</summary>
    public async Task ChangeAsync(string ldif) => (await ClientAsync("ldapmodify", ["-D", Root, "-w", RootPassword, "-a"], ldif)).Well("ldapmodify");

    /// <summary>A search by ldapsearch, as root.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<(string Name, string Value)>>> SearchAsync(string from, string filter, params string[] attributes)
    {
        var answer = await ClientAsync(
            "ldapsearch", ["-D", Root, "-w", RootPassword, "-LLL", "-o", "ldif-wrap=no", "-E", "accountUsability", "-E", "pr=500/noprompt", "-b", from, filter, .. attributes]);
        return answer.Code == 32 ? [] : LabLdif.Read(answer.Well("ldapsearch"));
    }

    /// <summary>The entry with a login, with all its attributes, or null.</summary>
    public async Task<IReadOnlyList<(string Name, string Value)>?> FindAsync(string login) =>
        (await SearchAsync(People, $"(uid={LabLdif.Filter(login)})", "*", "+")).SingleOrDefault();

    /// <summary>Signs in as somebody, by ldapwhoami.</summary>
    public async Task<SignIn> SignInAsync(string login, string password)
    {
        var name = (await FindAsync(login))?.Value("dn") ?? $"uid={LabLdif.Name(login)},{People}";
        var answer = await ClientAsync("ldapwhoami", ["-D", name, "-w", password, "-e", "ppolicy"]);
        return answer.Code switch
        {
            0 => new(true, answer.Output.Trim()),
            49 => new(false, answer.Error.Trim()),
            _ => throw new InvalidOperationException($"{answer.Code} {answer.Error}"),
        };
    }

    /// <summary>Runs a client of the directory against this server.</summary>
    public Task<LabAnswer> ClientAsync(string program, IEnumerable<string> arguments, string? input = null) =>
        LabRun.RunAsync(LabRun.Program(program), ["-x", "-H", $"ldaps://127.0.0.1:{Port}", .. arguments], input, environment);

    /// <summary>Leaves a connection of the person open: one search for each line that it is given.</summary>
    public async Task<LabSession> OpenSessionAsync(string login, string password)
    {
        var name = (await FindAsync(login))!.Value("dn")!;
        return new SlapdSession(
            LabRun.Program("stdbuf"),
            ["-oL", LabRun.Program("ldapsearch"), "-x", "-H", $"ldaps://127.0.0.1:{Port}", "-D", name, "-w", password, "-b", People, "-f", "-", "(uid=%s)", "uid"],
            environment, login);
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static string Configuration(LabRun run, SlapdChoices choices, string folder)
    {
        var certificate = choices.Certificate ?? run.Certificates.Good;
        return $"""
            include /etc/ldap/schema/core.schema
            include /etc/ldap/schema/cosine.schema
            include /etc/ldap/schema/inetorgperson.schema
            include /etc/ldap/schema/nis.schema
            attributetype ( 1.3.6.1.4.1.24552.500.1.1.1.13 NAME 'sshPublicKey' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )
            objectclass ( 1.3.6.1.4.1.24552.500.1.1.2.0 NAME 'ldapPublicKey' SUP top AUXILIARY MAY ( sshPublicKey $ uid ) )
            attributetype ( 1.3.6.1.4.1.7914.1.2.1.2 NAME 'mailAlternateAddress' EQUALITY caseIgnoreIA5Match SYNTAX 1.3.6.1.4.1.1466.115.121.1.26 )
            objectclass ( 1.3.6.1.4.1.99999.1 NAME 'labPerson' SUP top AUXILIARY MAY ( mailAlternateAddress $ manager ) )
            pidfile {folder}/slapd.pid
            modulepath /usr/lib/ldap
            moduleload back_mdb
            {(choices.Policy ? "moduleload ppolicy" : "")}
            moduleload memberof
            moduleload refint
            TLSCACertificateFile {run.Certificates.AuthorityFile}
            TLSCertificateFile {certificate.CertificateFile}
            TLSCertificateKeyFile {certificate.KeyFile}
            sizelimit 500
            database mdb
            suffix "{Suffix}"
            rootdn "{Root}"
            rootpw {RootPassword}
            directory {folder}/db
            maxsize 1073741824
            dbnosync
            index objectClass,uid,mail,mailAlternateAddress,employeeNumber,manager,member,uniqueMember,memberUid,entryUUID,cn,sn,givenName,displayName eq
            {(choices.Policy ? $"overlay ppolicy\nppolicy_default \"cn=default,ou=policies,{Suffix}\"\nppolicy_hash_cleartext" : "")}
            {(choices.Policy && choices.SaysWhy ? "ppolicy_use_lockout" : "")}
            overlay memberof
            overlay refint
            refint_attributes member uniqueMember manager
            limits dn.exact="{Ours}" size.prtotal=unlimited
            access to attrs=userPassword by dn.exact="{Ours}" {(choices.HashReadable ? "manage" : "=wcsx")} by anonymous auth by * none
            access to dn.subtree="{People}" by dn.exact="{Ours}" manage by * read
            access to dn.subtree="{Groups}" by dn.exact="{Ours}" write by * read
            access to * by * read

            """.Replace("\n            ", "\n", StringComparison.Ordinal);
    }

    private static string Seed(SlapdChoices choices)
    {
        var seed = new StringBuilder($"dn: {Suffix}\nobjectClass: dcObject\nobjectClass: organization\no: Lab\ndc: lab\n\n");
        foreach (var unit in new[] { "people", "groups", "services", "policies" })
        {
            seed.Append($"dn: ou={unit},{Suffix}\nobjectClass: organizationalUnit\nou: {unit}\n\n");
        }

        foreach (var (name, password) in new[] { ("depart", OurPassword), ("reader", ReaderPassword) })
        {
            seed.Append($"dn: cn={name},ou=services,{Suffix}\nobjectClass: applicationProcess\nobjectClass: simpleSecurityObject\ncn: {name}\nuserPassword: {password}\n\n");
        }

        foreach (var (name, counts) in new[] { ("default", choices.LockCounts), ("lax", false) })
        {
            if (choices.Policy && (name == "default" || !choices.LockCounts))
            {
                seed.Append($"dn: cn={name},ou=policies,{Suffix}\nobjectClass: pwdPolicy\nobjectClass: device\ncn: {name}\npwdAttribute: userPassword\n")
                    .Append($"pwdLockout: {(counts ? "TRUE" : "FALSE")}\npwdMustChange: TRUE\n\n");
            }
        }

        return seed.ToString();
    }
}
