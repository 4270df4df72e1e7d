using System.Globalization;

namespace Depart.Connectors.Ssh;

/// <summary>An account as the host's own files tell it.</summary>
internal sealed record SshAccount
{
    private const int FirstPerson = 1000;
    private const int Nobody = 65534;

    private static readonly string[] PowerfulGroups = ["root", "sudo", "wheel", "admin", "docker", "lxd", "libvirt", "disk", "shadow"];

    public required string Login { get; init; }

    public required int Uid { get; init; }

    public required string Home { get; init; }

    public required string Shell { get; init; }

    /// <summary>The first part of the comment: the person's name.</summary>
    public required string FullName { get; init; }

    public required string PrimaryGroup { get; init; }

    /// <summary>Groups beside the primary one.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>The stored password starts with « ! »: it opens nothing. Keys do, all the same.</summary>
    public required bool Locked { get; init; }

    /// <summary>There is a stored password behind the lock, if any.</summary>
    public required bool HasPassword { get; init; }

    /// <summary>Day on which the account ends, counted from 1970; empty: never. Null: the host did not tell (no shadow entry).</summary>
    public required string? Expires { get; init; }

    public bool IsService => Uid is < FirstPerson or >= Nobody;

    public string Id => Uid.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Closed: past its last day. A locked password closes nothing, since keys still open; day 0 is ambiguous and does not count. Accounts of the
    /// system itself are closed when they have neither password nor shell.
    /// </summary>
    public AccountState State(TimeProvider clock)
    {
        if (Expires is null)
        {
            return AccountState.Unknown;
        }

        var today = clock.GetUtcNow().ToUnixTimeSeconds() / 86400;
        return (long.TryParse(Expires, NumberStyles.None, CultureInfo.InvariantCulture, out var day) && day > 0 && day <= today)
            || (IsService && !HasPassword && (Shell.EndsWith("/nologin", StringComparison.Ordinal) || Shell.EndsWith("/false", StringComparison.Ordinal)))
            ? AccountState.Disabled : AccountState.Enabled;
    }

    public AccountRecord Record(string host, TimeProvider clock) => new()
    {
        Id = Id,
        Login = Login,
        DisplayName = FullName.Length == 0 ? null : FullName,
        Location = host,
        State = State(clock),
        Entitlements = Groups,
        Privileged = Uid == 0 || Groups.Append(PrimaryGroup).Intersect(PowerfulGroups).Any(),
        Service = IsService,
    };

    /// <summary>An identifier as this connector writes it: digits without sign, space or leading zero.</summary>
    public static int? ParseId(string id) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var uid) && uid.ToString(CultureInfo.InvariantCulture) == id ? uid : null;
}

/// <summary>Reads the host's files by its own tools.</summary>
internal sealed class SshHost(SshLink link)
{
    /// <summary>Every account: passwd, group and shadow, each read once.</summary>
    public async Task<IReadOnlyList<SshAccount>> AccountsAsync(SshTalk talk, CancellationToken cancellation)
    {
        var people = await ReadAsync(talk, root: false, cancellation, "getent", "passwd");
        var groups = Lines(await ReadAsync(talk, root: false, cancellation, "getent", "group")).Select(line => line.Split(':')).Where(parts => parts.Length >= 4).ToList();
        var shadow = Lines(await ReadAsync(talk, root: true, cancellation, "getent", "shadow")).Select(line => line.Split(':')).Where(parts => parts.Length >= 8)
            .GroupBy(parts => parts[0], StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var memberships = groups.SelectMany(parts => parts[3].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(login => (Login: login, Group: parts[0])))
            .ToLookup(pair => pair.Login, pair => pair.Group, StringComparer.Ordinal);
        var names = groups.GroupBy(parts => parts[2], StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First()[0], StringComparer.Ordinal);
        var accounts = new List<SshAccount>();
        foreach (var parts in Lines(people).Select(line => line.Split(':')).Where(parts => parts.Length >= 7))
        {
            if (SshAccount.ParseId(parts[2]) is not { } uid)
            {
                continue;
            }

            var secret = shadow.GetValueOrDefault(parts[0]);
            accounts.Add(new()
            {
                Login = parts[0],
                Uid = uid,
                PrimaryGroup = names.GetValueOrDefault(parts[3], parts[3]),
                FullName = parts[4].Split(',')[0].Trim(),
                Home = parts[5],
                Shell = parts[6],
                Groups = [.. memberships[parts[0]].Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Locked = secret?[1].StartsWith('!') ?? false,
                HasPassword = secret?[1].TrimStart('!') is { Length: > 0 } and not "*",
                Expires = secret?[7],
            });
        }

        return accounts;
    }

    /// <summary>The account with a number, or null; two with the same number are a conflict that a person must settle.</summary>
    public async Task<SshAccount?> FindAsync(SshTalk talk, int uid, CancellationToken cancellation)
    {
        var found = (await AccountsAsync(talk, cancellation)).Where(account => account.Uid == uid).ToList();
        return found.Count > 1 ? throw new SshRefusalException(SshText.SameNumber(link.Name, uid, found.Select(account => account.Login)))
            : found.Count == 0 ? null
            : SshWord.IsLogin(found[0].Login) ? found[0]
            : throw new SshRefusalException(SshText.OddLogin(link.Name, found[0].Login));
    }

    /// <summary>Which of the tools that not every host has are there.</summary>
    public async Task<IReadOnlySet<string>> ToolsAsync(SshTalk talk, CancellationToken cancellation)
    {
        var answer = await link.OwnAsync(talk, cancellation, "ls", "-d", "/usr/bin/crontab", "/usr/bin/atq", "/usr/bin/loginctl", "/run/systemd/system");
        return Lines(answer.Output).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Processes of an account that are alive.</summary>
    public async Task<int> ProcessesAsync(SshTalk talk, SshAccount account, CancellationToken cancellation)
    {
        // 1 and nothing said: there are none. What has ended and waits for its parent to notice (Z) does nothing any more.
        var answer = await link.RootAsync(talk, writes: false, null, cancellation, "/usr/bin/ps", "-o", "stat=", "-u", account.Id, "-U", account.Id);
        return answer.RefusedBySudo ? throw Missing(answer) : Lines(answer.Output).Count(state => !state.TrimStart().StartsWith('Z'));
    }

    /// <summary>The files in which the SSH server looks for the account's keys, and whether they lie in the person's own home.</summary>
    public async Task<IReadOnlyList<SshKeyFile>> KeyFilesAsync(SshTalk talk, SshAccount account, CancellationToken cancellation)
    {
        var answer = await link.RootAsync(talk, writes: false, null, cancellation, "/usr/sbin/sshd", "-T", "-C", $"user={account.Login},host=localhost,addr=127.0.0.1");
        if (answer.RefusedBySudo)
        {
            throw Missing(answer);
        }

        var patterns = Lines(answer.Output).FirstOrDefault(line => line.StartsWith("authorizedkeysfile ", StringComparison.Ordinal))?.Split(' ')[1..] ?? [".ssh/authorized_keys", ".ssh/authorized_keys2"];
        var files = new List<SshKeyFile>();
        foreach (var pattern in patterns.Where(pattern => pattern is not ("none" or "")))
        {
            var path = pattern.Replace("%h", account.Home, StringComparison.Ordinal).Replace("%u", account.Login, StringComparison.Ordinal)
                .Replace("%U", account.Id, StringComparison.Ordinal).Replace("%%", "%", StringComparison.Ordinal);
            path = path.StartsWith('/') ? path : $"{account.Home.TrimEnd('/')}/{path}";
            if (!SshWord.IsPath(path))
            {
                throw new SshRefusalException(SshText.OddPath(link.Name, path));
            }

            files.Add(new(path, path.StartsWith($"{account.Home.TrimEnd('/')}/", StringComparison.Ordinal)));
        }

        return files;
    }

    /// <summary>The text of a key file; null when there is none.</summary>
    public async Task<string?> ReadAsync(SshTalk talk, SshAccount account, SshKeyFile file, CancellationToken cancellation)
    {
        var answer = await ActAsync(talk, account, file, writes: false, null, cancellation, "/usr/bin/cat", file.Path);
        return answer.RefusedBySudo ? throw Missing(answer) : answer.Well ? answer.Output : null;
    }

    /// <summary>Runs a command on a key file: as the person in their own home, as root elsewhere.</summary>
    public Task<SshAnswer> ActAsync(SshTalk talk, SshAccount account, SshKeyFile file, bool writes, string? input, CancellationToken cancellation, params string[] words) =>
        file.InHome && account.Uid != 0 ? link.AsAsync(talk, account.Login, writes, input, cancellation, words) : link.RootAsync(talk, writes, input, cancellation, words);

    /// <summary>Runs a command that changes the host's account files: one at a time, since the host locks them as a whole.</summary>
    public async Task AlterAsync(SshTalk talk, CancellationToken cancellation, params string[] words)
    {
        await link.AccountFiles.WaitAsync(cancellation);
        try
        {
            await ChangeAsync(talk, null, cancellation, words);
        }
        finally
        {
            link.AccountFiles.Release();
        }
    }

    /// <summary>Runs a command that changes something as root, or says why it could not.</summary>
    public async Task ChangeAsync(SshTalk talk, string? input, CancellationToken cancellation, params string[] words) =>
        Must(await link.RootAsync(talk, writes: true, input, cancellation, words));

    /// <summary>The answer, when all went well.</summary>
    public SshAnswer Must(SshAnswer answer) => answer.Well ? answer
        : answer.RefusedBySudo ? throw Missing(answer)
        : answer.Error.Contains("cannot lock", StringComparison.Ordinal) ? throw new SshRefusalException(SshText.Busy(link.Name, answer.Words))
        : throw new SshRefusalException(SshText.Refused(link.Name, answer.Code, answer.Words));

    public SshRefusalException Missing(SshAnswer answer) => new(SshText.RightMissing(link.Name, answer.Words));

    public static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0);

    private async Task<string> ReadAsync(SshTalk talk, bool root, CancellationToken cancellation, params string[] words) => Must(root
        ? await link.RootAsync(talk, writes: false, null, cancellation, [$"/usr/bin/{words[0]}", .. words[1..]])
        : await link.OwnAsync(talk, cancellation, words)).Output;
}

/// <summary>A file in which the SSH server looks for keys.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="InHome">In the person's own home: handled as the person, never as root.</param>
internal sealed record SshKeyFile(string Path, bool InHome)
{
    /// <summary>Where it is moved aside to.</summary>
    public string Aside => $"{Path}.depart";

    public string Folder => Path[..Path.LastIndexOf('/')];
}
