using System.Diagnostics;
using Depart.Connectors.Lab;

namespace Depart.Connectors.Ssh;

[CollectionDefinition]
public sealed class SshCollection : ICollectionFixture<SshServer>;

/// <summary>
/// A host of its own inside this machine: OpenSSH, PAM, sudo and the shadow tools, with their own /etc, /home, /root and /run in a private mount and
/// process namespace. Its administrator enters the namespace; its people use <c>ssh</c>.
/// </summary>
public sealed class SshServer(LabRun run) : LabSystem(run)
{
    /// <summary>Depart's own account.</summary>
    public const string Operator = "depart";

    // $1 folder, $2 and $3 ports. The first process of the namespace is a shell: it takes in what the killed leave behind.
    private const string Host = """
        set -e
        folder=$1
        cp -a /etc "$folder/etc"
        mkdir -p "$folder"/{home,root,run/sshd,run/lock,log,cron/crontabs,mail}
        chmod 755 "$folder"/{etc,home,run,log,mail}; chmod 700 "$folder/root"; chown root:crontab "$folder/cron/crontabs" && chmod 1730 "$folder/cron/crontabs"
        mount --make-rprivate /
        mount --bind "$folder/etc" /etc; mount --bind "$folder/home" /home; mount --bind "$folder/root" /root; mount --bind "$folder/run" /run
        mount --bind "$folder/log" /var/log; mount --bind "$folder/mail" /var/mail; mount --bind "$folder/cron" /var/spool/cron
        : > /var/log/lastlog; rm -f /run/nologin /etc/nologin
        mkdir -p /etc/sudoers.d; cp "$folder/sudoers" /etc/sudoers.d/depart; chmod 440 /etc/sudoers.d/depart
        for account in depart depart-reader; do
            useradd -r -m -s /bin/bash "$account"
            install -d -m 700 -o "$account" "/home/$account/.ssh"
            install -m 600 -o "$account" "$folder/operator.pub" "/home/$account/.ssh/authorized_keys"
        done
        useradd -m -s /bin/bash deploy
        mkdir -m 700 /root/.ssh
        cp "$folder/sshd_config" /etc/ssh/sshd_config
        echo $$ > "$folder/pid"
        exec unshare --pid --fork --kill-child --mount-proc /bin/bash -c '
            /usr/sbin/sshd -D -e & /usr/sbin/sshd -D -e -p "$2" -h "$1/impostor" -o HostKey="$1/impostor" & /usr/sbin/sshd -D -e -p "$3" -o UsePAM=no & wait' namespace "$folder" "$2" "$3"
        """;

    private readonly int port = LabRun.FreePort();
    private readonly int impostorPort = LabRun.FreePort();
    private readonly int withoutPamPort = LabRun.FreePort();
    private string folder = "";
    private string hostKey = "";
    private LabDaemon? daemon;
    private int lastUid = 30000 + Random.Shared.Next(10000);

    public override string Key => "ssh";

    public override bool HasMails => false;

    public override string HostileLogin => LabPerson.NewLogin("h.o-brien_");

    public override Dictionary<string, string> Settings(LabEndpoint? elsewhere = null) => new()
    {
        ["Host"] = elsewhere?.Address ?? "127.0.0.1",
        ["Port"] = $"{elsewhere?.Port ?? port}",
        ["User"] = Operator,
        ["PrivateKey"] = File.ReadAllText(Path.Combine(folder, "operator")),
        ["HostKey"] = hostKey,
        ["SharedAccounts"] = "root\ndeploy",
        ["TimeoutSeconds"] = elsewhere is null ? "30" : "2",
    };

    public override Dictionary<string, string> WrongCredentials() => new(Settings()) { ["PrivateKey"] = File.ReadAllText(Path.Combine(folder, "stranger")) };

    public override Dictionary<string, string> ReadOnlyCredentials() => new(Settings()) { ["User"] = "depart-reader" };

    /// <summary>The same host, by a server that does not ask PAM.</summary>
    public Dictionary<string, string> WithoutPam() => new(Settings()) { ["Port"] = $"{withoutPamPort}" };

    public override IReadOnlyDictionary<string, Dictionary<string, string>> Impostors() => new Dictionary<string, Dictionary<string, string>>
    {
        ["another host's key"] = new(Settings()) { ["Port"] = $"{impostorPort}" },
    };

    public override Task AddAsync(LabPerson person) => AddAsync([person]);

    public override async Task AddAsync(IReadOnlyList<LabPerson> people)
    {
        var lines = new List<string> { "set -e" };
        foreach (var person in people)
        {
            var login = Quote(person.Login);
            var groups = person.Groups.Concat(person.Privileged ? ["sudo"] : []).ToList();
            lines.AddRange(groups.Select(group => $"groupadd -f {Quote(group)}"));
            lines.Add($"useradd -m -s /bin/bash -u {Interlocked.Increment(ref lastUid)} -c {Quote($"{person.GivenName} {person.FamilyName}")} {(groups.Count == 0 ? "" : $"-G {Quote(string.Join(',', groups))}")} {login} 2>/dev/null");
            lines.Add($"printf '%s:%s\\n' {login} {Quote(person.Password)} | chpasswd -c SHA512 -s 1000");
            lines.Add($"install -d -m 700 -o {login} /home/{login}/.ssh; printf '%s\\n' {Quote($"ssh-ed25519 {SomeKey()} {person.Login}")} > /home/{login}/.ssh/authorized_keys; chown {login} /home/{login}/.ssh/authorized_keys; chmod 600 /home/{login}/.ssh/authorized_keys");
            if (person.Disabled)
            {
                lines.Add($"usermod -L -e 2001-01-01 {login}");
            }
        }

        await AdministerAsync(string.Join('\n', lines));
    }

    public override async Task<IReadOnlyDictionary<string, string>> DumpAsync()
    {
        var text = await AdministerAsync("getent passwd | sed 's/^/P:/'; getent shadow | sed 's/^/S:/'; getent group | sed 's/^/G:/'; cd /home; grep -r '' . | sed 's/^/K:/'; cd /var/spool/cron/crontabs; grep -r '' . | sed 's/^/C:/'; grep -r '' /root /etc/sudoers.d | sed 's/^/R:/'");
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Where(line => line.StartsWith("P:", StringComparison.Ordinal)).Select(line => line.Split(':')[1]).Distinct().ToDictionary(login => login, login => string.Join('\n', lines.Where(line =>
            line.StartsWith($"P:{login}:", StringComparison.Ordinal) || line.StartsWith($"S:{login}:", StringComparison.Ordinal)
            || (line.StartsWith("G:", StringComparison.Ordinal) && line.Split(':')[^1].Split(',').Contains(login))
            || line.StartsWith($"K:./{login}/", StringComparison.Ordinal) || line.StartsWith($"C:./{login}:", StringComparison.Ordinal)
            || (login == "root" && line.StartsWith("R:", StringComparison.Ordinal)))
            .Select(line => line.StartsWith("G:", StringComparison.Ordinal) ? string.Join(':', line.Split(':')[..2]) : line)), StringComparer.Ordinal);
    }

    public override async Task<AccountState> StateAsync(string login)
    {
        var answer = await EnterAsync(["getent", "shadow", login]);
        return answer.Code switch
        {
            0 => long.TryParse(answer.Output.Split(':')[7], out var day) && day <= TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 86400 ? AccountState.Disabled : AccountState.Enabled,
            2 => AccountState.Absent,
            _ => throw new InvalidOperationException(answer.Error),
        };
    }

    public override Task<SignIn> SignInAsync(string login, string password) =>
        AnswerAsync(LabRun.Program("sshpass"), ["-e", "ssh", .. Arguments(login, "-o", "PubkeyAuthentication=no", "-o", "PreferredAuthentications=password")], password);

    /// <summary>Signs in with a key file, as its owner would.</summary>
    public Task<SignIn> SignInWithKeyAsync(string login, string keyFile) =>
        AnswerAsync(LabRun.Program("ssh"), Arguments(login, "-i", keyFile, "-o", "PreferredAuthentications=publickey"), null);

    public override async Task<LabSession?> OpenSessionAsync(string login, string password)
    {
        var arguments = Arguments(login, "-o", "PubkeyAuthentication=no").SkipLast(2).Append("cat");
        var start = new ProcessStartInfo(LabRun.Program("sshpass"), ["-e", "ssh", .. arguments]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SSHPASS"] = password;
        var session = new Session(Process.Start(start)!);
        return await session.IsAliveAsync() ? session : throw new InvalidOperationException("The session did not open.");
    }

    public override Task RenameAsync(string login, string newLogin) =>
        AdministerAsync($"usermod -l {Quote(newLogin)} -d /home/{Quote(newLogin)} -m {Quote(login)} && groupmod -n {Quote(newLogin)} {Quote(login)}");

    public override async Task<IReadOnlyList<string>> SecretsAsync(string login) => [(await EnterAsync(["getent", "shadow", login])).Output.Split(':')[1]];

    /// <summary>Runs a script as the host's administrator, in its namespace.</summary>
    public async Task<string> AdministerAsync(string script) => (await EnterAsync(["/bin/bash", "-s"], script)).Well(script);

    /// <summary>The uid of a login, by the host's own tool.</summary>
    public async Task<string> UidAsync(string login) => (await EnterAsync(["id", "-u", login])).Well("id").Trim();

    /// <summary>Makes a key pair and puts its public half into an account's key file.</summary>
    public async Task<string> GiveKeyAsync(string login)
    {
        var file = Path.Combine(folder, $"key-{Guid.NewGuid():N}");
        (await LabRun.RunAsync(LabRun.Program("ssh-keygen"), ["-q", "-t", "ed25519", "-N", "", "-f", file])).Well("ssh-keygen");
        await AddKeyAsync(login, file);
        return file;
    }

    /// <summary>Adds the public half of a key to an account's key file.</summary>
    public async Task AddKeyAsync(string login, string keyFile)
    {
        var home = login == "root" ? "/root" : $"/home/{Quote(login)}";
        await AdministerAsync($"install -d -m 700 -o {Quote(login)} {home}/.ssh; printf '%s\\n' {Quote((await File.ReadAllTextAsync($"{keyFile}.pub")).Trim())} >> {home}/.ssh/authorized_keys; chown {Quote(login)} {home}/.ssh/authorized_keys; chmod 600 {home}/.ssh/authorized_keys");
    }

    /// <summary>A text that the shell takes as it is.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    protected override async Task StartAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new LabMissingException("a host in its own namespaces needs root");
        }

        var programs = new[] { "sshd", "ssh", "sshpass", "sudo", "unshare", "nsenter", "useradd", "crontab", "pkill" }.Select(name => LabRun.Program(name)).ToList();
        folder = Run.NewFolder("ssh");
        foreach (var name in new[] { "operator", "stranger", "host", "impostor" })
        {
            (await LabRun.RunAsync(LabRun.Program("ssh-keygen"), ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", Path.Combine(folder, name)])).Well("ssh-keygen");
        }

        hostKey = $"ssh-ed25519 {(await LabRun.RunAsync(LabRun.Program("ssh-keygen"), ["-l", "-f", Path.Combine(folder, "host.pub")])).Well("ssh-keygen").Split(' ')[1]}";
        await File.WriteAllTextAsync(Path.Combine(folder, "known_hosts"), $"[127.0.0.1]:{port} {await File.ReadAllTextAsync(Path.Combine(folder, "host.pub"))}");

        // The rules are those of the page that administrators read, word for word; the reader has those that change nothing.
        var rules = (await File.ReadAllLinesAsync(Path.Combine(LabRun.Repository(), "src", "Depart.Connectors", "Ssh", "README.md")))
            .SkipWhile(line => line != "```sudoers").Skip(1).TakeWhile(line => line != "```").ToList();
        string[] harmless = ["/usr/bin/getent ", "/usr/sbin/sshd ", "/usr/bin/ps ", "/usr/bin/grep ", "/usr/bin/cat ", "/usr/bin/atq "];
        await File.WriteAllLinesAsync(Path.Combine(folder, "sudoers"), rules
            .Concat(rules.Where(rule => harmless.Any(rule.Contains)).Select(rule => $"depart-reader{rule["depart".Length..].Replace(", /usr/bin/atrm ^[0-9]+$", "", StringComparison.Ordinal)}"))
            .Append("depart-reader ALL=(root) NOPASSWD: /usr/bin/crontab ^-u [A-Za-z_][A-Za-z0-9_.-]* -l$"));
        await File.WriteAllTextAsync(Path.Combine(folder, "sshd_config"), $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {folder}/host
            UsePAM yes
            PasswordAuthentication yes
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            MaxStartups 200:30:400
            PidFile none
            LogLevel VERBOSE
            UseDNS no

            """);
        daemon = await LabDaemon.StartAsync(LabRun.Program("unshare"), ["--mount", "/bin/bash", "-c", Host, "host", folder, $"{impostorPort}", $"{withoutPamPort}"],
            async _ => await LabDaemon.AcceptsAsync("127.0.0.1", port) && await LabDaemon.AcceptsAsync("127.0.0.1", impostorPort) && await LabDaemon.AcceptsAsync("127.0.0.1", withoutPamPort),
            signal: "KILL");
    }

    protected override async ValueTask StopAsync()
    {
        if (daemon is not null)
        {
            await daemon.DisposeAsync();
        }
    }

    private static string SomeKey()
    {
        // The form of a public key of Ed25519: nobody has its other half.
        byte[] key = [0, 0, 0, 11, .. "ssh-ed25519"u8, 0, 0, 0, 32, .. Guid.NewGuid().ToByteArray(), .. Guid.NewGuid().ToByteArray()];
        return Convert.ToBase64String(key);
    }

    private async Task<SignIn> AnswerAsync(string program, IEnumerable<string> arguments, string? password)
    {
        var answer = await LabRun.RunAsync(program, arguments, environment: password is null ? null : new Dictionary<string, string> { ["SSHPASS"] = password });
        return answer.Code == 0 ? new(true, answer.Output.Trim())
            : answer.Error.Contains("Permission denied", StringComparison.Ordinal) || answer.Error.Contains("expired", StringComparison.Ordinal) || answer.Error.Contains("Connection closed", StringComparison.Ordinal)
                ? new(false, answer.Error.Trim())
                : throw new InvalidOperationException($"{answer.Code} {answer.Error}");
    }

    private string[] Arguments(string login, params string[] more) =>
    [
        "-F", "none", "-p", $"{port}", "-o", $"UserKnownHostsFile={folder}/known_hosts", "-o", "StrictHostKeyChecking=yes", "-o", "IdentitiesOnly=yes", "-o", "NumberOfPasswordPrompts=1",
        .. more, $"{login}@127.0.0.1", "id", "-un",
    ];

    private async Task<LabAnswer> EnterAsync(IReadOnlyList<string> command, string? input = null)
    {
        var pid = (await File.ReadAllTextAsync(Path.Combine(folder, "pid"))).Trim();
        return await LabRun.RunAsync(LabRun.Program("nsenter"), [$"--mount=/proc/{pid}/ns/mnt", "--", .. command], input);
    }

    private sealed class Session(Process process) : LabSession
    {
        public override async Task<bool> IsAliveAsync()
        {
            try
            {
                await process.StandardInput.WriteLineAsync("still here");
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
