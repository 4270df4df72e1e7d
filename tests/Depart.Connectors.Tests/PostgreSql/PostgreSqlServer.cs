using System.Diagnostics;
using System.Text.Json.Nodes;
using Depart.Connectors.Lab;

namespace Depart.Connectors.PostgreSql;

[CollectionDefinition]
public sealed class PostgreSqlCollection : ICollectionFixture<PostgreSqlServer>;

/// <summary>A cluster of its own, with TLS and passwords by SCRAM; its administrator and its people use <c>psql</c>.</summary>
public sealed class PostgreSqlServer(LabRun run) : LabSystem(run)
{
    /// <summary>Depart's own role.</summary>
    public const string Operator = "depart";

    private const string Password = "operator-password-of-the-lab";

    private readonly List<TlsImpostor> impostors = [];
    private string psql = "";
    private PostgreSqlCluster? cluster;

    public override string Key => "postgresql";

    public override int Crowd => 300;

    public override string HostileLogin => LabPerson.NewLogin("h.o'brien\"; drop role depart; -- \\ é %I ");

    public override Dictionary<string, string> Settings(LabEndpoint? elsewhere = null) => new()
    {
        ["Host"] = elsewhere?.Address ?? "localhost",
        ["Port"] = $"{elsewhere?.Port ?? cluster!.Port}",
        ["User"] = Operator,
        ["Password"] = Password,
        ["CertificateAuthority"] = Run.Certificates.AuthorityPem,
        ["TimeoutSeconds"] = elsewhere is null ? "10" : "2",
    };

    public override Dictionary<string, string> WrongCredentials() => new(Settings()) { ["Password"] = "not-the-password" };

    public override Dictionary<string, string> ReadOnlyCredentials() => new(Settings()) { ["User"] = "depart-reader" };

    public override IReadOnlyDictionary<string, Dictionary<string, string>> Impostors() =>
        impostors.ToDictionary(impostor => impostor.What, impostor => new Dictionary<string, string>(Settings()) { ["Port"] = $"{impostor.Port}" });

    /// <summary>Those who take the server's place.</summary>
    public IReadOnlyList<TlsImpostor> Strangers => impostors;

    public override Task AddAsync(LabPerson person) => AddAsync([person]);

    public override async Task AddAsync(IReadOnlyList<LabPerson> people)
    {
        var groups = people.SelectMany(person => person.Groups).Distinct(StringComparer.Ordinal);
        var statements = groups.Select(group => $"SELECT 'CREATE ROLE {Quote(group).Replace("'", "''", StringComparison.Ordinal)}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {Text(group)}) \\gexec")
            .Concat(people.SelectMany(person => new[]
            {
                $"CREATE ROLE {Quote(person.Login)} {(person.Disabled ? "NOLOGIN" : "LOGIN")} {(person.Privileged ? "CREATEROLE" : "")} PASSWORD {Text(person.Password)};",
                $"COMMENT ON ROLE {Quote(person.Login)} IS {Text($"{person.GivenName} {person.FamilyName} <{string.Join(">, <", person.Mails)}>")};",
            }.Concat(person.Groups.Select(group => $"GRANT {Quote(group)} TO {Quote(person.Login)};")).Concat(person.Groups.Count == 0 ? [] : [Notes(person)])));
        await AdministerAsync(string.Join('\n', statements));
    }

    public override async Task<IReadOnlyDictionary<string, string>> DumpAsync()
    {
        var json = await AdministerAsync(
            """
            SELECT json_object_agg(a.rolname, json_build_object('role', to_jsonb(a), 'comment', shobj_description(a.oid, 'pg_authid'),
                'memberships', (SELECT json_agg(to_jsonb(m) ORDER BY m.roleid, m.member) FROM pg_auth_members m WHERE m.member = a.oid),
                'owned', (SELECT count(*) FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = a.oid)))
            FROM pg_authid a WHERE a.oid >= 16384;
            """);
        return JsonNode.Parse(json)!.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.ToJsonString(), StringComparer.Ordinal);
    }

    public override async Task<AccountState> StateAsync(string login) =>
        (await AdministerAsync($"SELECT rolcanlogin FROM pg_roles WHERE rolname = {Text(login)};")).Trim() switch
        {
            "t" => AccountState.Enabled,
            "f" => AccountState.Disabled,
            "" => AccountState.Absent,
            var odd => throw new InvalidOperationException(odd),
        };

    public override async Task<SignIn> SignInAsync(string login, string password)
    {
        var answer = await LabRun.RunAsync(psql, [.. Arguments(login), "-Atc", "SELECT session_user"], environment: Environment(password));
        return answer.Code == 0 ? new(true, answer.Output.Trim())
            : answer.Error.Contains("FATAL:", StringComparison.Ordinal) ? new(false, answer.Error.Trim())
            : throw new InvalidOperationException($"{answer.Code} {answer.Error}");
    }

    public override async Task<LabSession?> OpenSessionAsync(string login, string password)
    {
        var start = new ProcessStartInfo(psql, [.. Arguments(login), "-At"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Environment(password))
        {
            start.Environment[name] = value;
        }

        var session = new Session(Process.Start(start)!);
        return await session.IsAliveAsync() ? session : throw new InvalidOperationException("The session did not open.");
    }

    public override Task RenameAsync(string login, string newLogin) => AdministerAsync($"ALTER ROLE {Quote(login)} RENAME TO {Quote(newLogin)};");

    public override async Task<IReadOnlyList<string>> SecretsAsync(string login) =>
        [(await AdministerAsync($"SELECT rolpassword FROM pg_authid WHERE rolname = {Text(login)};")).Trim()];

    /// <summary>A name as SQL wants it.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text as SQL wants it.</summary>
    public static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Runs statements as the superuser, over the server's own socket.</summary>
    public Task<string> AdministerAsync(string statements, string database = "postgres") => cluster!.AdministerAsync(statements, database);

    /// <summary>The oid of a role, by the administrator's client.</summary>
    public async Task<string> OidAsync(string login) => (await AdministerAsync($"SELECT oid FROM pg_roles WHERE rolname = {Text(login)};")).Trim();

    protected override async Task StartAsync()
    {
        var folder = Run.NewFolder("postgresql");
        psql = LabRun.Program("psql");
        foreach (var (source, name) in new[] { (Run.Certificates.Good.CertificateFile, "server.crt"), (Run.Certificates.Good.KeyFile, "server.key") })
        {
            File.Copy(source, Path.Combine(folder, name));
        }

        cluster = await PostgreSqlCluster.StartAsync(
            folder,
            """
            local   all all                    trust
            hostssl all refusee   127.0.0.0/8  reject
            hostssl all +confiance 127.0.0.0/8 trust
            hostssl all all       127.0.0.0/8  scram-sha-256

            """,
            [
                "listen_addresses=127.0.0.1", "ssl=on", $"ssl_cert_file={folder}/server.crt", $"ssl_key_file={folder}/server.key", "fsync=off", "max_connections=120",
                "log_statement=all", "password_encryption=scram-sha-256",
            ],
            "--locale=C.UTF-8");
        await AdministerAsync($"""
            CREATE ROLE {Operator} LOGIN CREATEROLE PASSWORD '{Password}';
            GRANT pg_signal_backend TO {Operator};
            GRANT SELECT (oid, rolpassword) ON pg_catalog.pg_authid TO {Operator};
            CREATE ROLE "depart-reader" LOGIN PASSWORD '{Password}';
            CREATE ROLE confiance;
            CREATE DATABASE app;
            GRANT CREATE ON DATABASE app, postgres TO {Operator};
            """);
        await AdministerAsync("GRANT CREATE ON SCHEMA public TO PUBLIC;", "app");
        impostors.AddRange(
        [
            new("an untrusted authority", Run.Certificates.Untrusted), new("an expired certificate", Run.Certificates.Expired),
            new("another host's certificate", Run.Certificates.WrongName), new("no encryption", null),
        ]);
    }

    protected override async ValueTask StopAsync()
    {
        foreach (var impostor in impostors)
        {
            await impostor.DisposeAsync();
        }

        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }
    }

    /// <summary>Everything that the server wrote to its log so far, every statement included.</summary>
    public string Log => cluster!.Log;

    /// <summary>Everybody in a group keeps notes, in the second database: plain people own things.</summary>
    private static string Notes(LabPerson person)
    {
        var table = Quote($"notes {Guid.NewGuid()}");
        return $"\\connect app\nCREATE TABLE {table} (number serial, note text);\nALTER TABLE {table} OWNER TO {Quote(person.Login)};\n\\connect postgres";
    }

    private IEnumerable<string> Arguments(string login) => ["-h", "localhost", "-p", $"{cluster!.Port}", "-U", login, "-d", "postgres", "-X", "-q"];

    private Dictionary<string, string> Environment(string password) => new()
    {
        ["PGPASSWORD"] = password, ["PGSSLMODE"] = "verify-full", ["PGSSLROOTCERT"] = Run.Certificates.AuthorityFile, ["LC_ALL"] = "C.UTF-8", ["PGCONNECT_TIMEOUT"] = "10",
    };

    private sealed class Session(Process process) : LabSession
    {
        public override async Task<bool> IsAliveAsync()
        {
            try
            {
                await process.StandardInput.WriteLineAsync("SELECT 'still here';");
                await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                return false;
            }

            return await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) == "still here";
        }

        public override async ValueTask DisposeAsync()
        {
            try
            {
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It has ended already.
            }

            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await process.WaitForExitAsync(limit.Token);
            process.Dispose();
        }
    }
}
