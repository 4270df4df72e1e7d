using System.Text.Json;

namespace Depart.Connectors.Ssh;

/// <summary>Keys of the person in one file: the whole file when it is their own, their lines when it is a shared account's.</summary>
internal sealed record SshKeysFound(string Login, SshKeyFile File, string Text);

/// <summary>Everything that undo needs. Public keys and a job table; no secret.</summary>
internal sealed record SshSnapshot
{
    public int Version { get; init; } = 1;

    public required string Login { get; init; }

    public required string Expires { get; init; }

    public required bool Locked { get; init; }

    public required bool HasPassword { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    public required IReadOnlyList<SshKeysFound> Keys { get; init; }

    public required IReadOnlyList<SshKeysFound> SharedKeys { get; init; }

    public string? JobTable { get; init; }

    public bool Linger { get; init; }

    public required IReadOnlyList<string> QueuedJobs { get; init; }

    public static SshSnapshot? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<SshSnapshot>(text) is { Version: 1 } snapshot && SshWord.IsLogin(snapshot.Login) ? snapshot : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static async Task<SshSnapshot> TakeAsync(SshHost host, SshLink link, SshTalk talk, SshAccount account, SshSettings settings, CancellationToken cancellation)
    {
        var keys = new SshKeys(host, talk, settings);
        var jobs = new SshJobs(host, link, talk);
        var own = await keys.OwnAsync(account, cancellation);
        return new()
        {
            Login = account.Login,
            Expires = account.Expires ?? "",
            Locked = account.Locked,
            HasPassword = account.HasPassword,
            Groups = account.Groups,
            Keys = own,
            SharedKeys = await keys.SharedAsync(account, own, cancellation),
            JobTable = await jobs.TableAsync(account, cancellation),
            Linger = await jobs.LingersAsync(account, cancellation),
            QueuedJobs = await jobs.QueuedAsync(account, cancellation),
        };
    }

    public string Write() => JsonSerializer.Serialize(this);

    /// <summary>What undo cannot give back.</summary>
    public IReadOnlyList<Bilingual> Lost() => [.. QueuedJobs.Select(SshText.QueuedJobLost)];
}

/// <summary>The person's keys: in their own files, and their lines in those of shared accounts.</summary>
internal sealed class SshKeys(SshHost host, SshTalk talk, SshSettings settings)
{
    /// <summary>The comment that marks the key of a sign-in test.</summary>
    public const string ProbeMark = "depart-sign-in-test";

    public async Task<IReadOnlyList<SshKeysFound>> OwnAsync(SshAccount account, CancellationToken cancellation)
    {
        var found = new List<SshKeysFound>();
        foreach (var file in await host.KeyFilesAsync(talk, account, cancellation))
        {
            if (await host.ReadAsync(talk, account, file, cancellation) is { } text)
            {
                found.Add(new(account.Login, file, text));
            }
        }

        return found;
    }

    /// <summary>Lines of shared accounts that hold a key which is in the person's own files.</summary>
    public async Task<IReadOnlyList<SshKeysFound>> SharedAsync(SshAccount account, IReadOnlyList<SshKeysFound> own, CancellationToken cancellation)
    {
        var keys = own.SelectMany(file => SshHost.Lines(file.Text)).Select(Key).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (keys.Count == 0)
        {
            return [];
        }

        var found = new List<SshKeysFound>();
        var all = await host.AccountsAsync(talk, cancellation);
        foreach (var shared in all.Where(other => settings.SharedAccounts.Contains(other.Login, StringComparer.Ordinal) && other.Uid != account.Uid && SshWord.IsLogin(other.Login)))
        {
            foreach (var file in await OwnAsync(shared, cancellation))
            {
                var lines = SshHost.Lines(file.Text).Where(line => Key(line) is { } key && keys.Contains(key)).ToList();
                if (lines.Count > 0)
                {
                    found.Add(file with { Text = string.Join('\n', lines) + "\n" });
                }
            }
        }

        return found;
    }

    /// <summary>The person's keys as they were before they were moved aside, if they were.</summary>
    public async Task<IReadOnlyList<SshKeysFound>> AsideAsync(SshAccount account, CancellationToken cancellation)
    {
        var found = new List<SshKeysFound>();
        foreach (var file in await host.KeyFilesAsync(talk, account, cancellation))
        {
            if (await host.ReadAsync(talk, account, file with { Path = file.Aside }, cancellation) is { } text)
            {
                found.Add(new(account.Login, file, text));
            }
        }

        return found;
    }

    /// <summary>Moves the person's file aside; an earlier one that lies there is kept.</summary>
    public async Task MoveAsideAsync(SshAccount account, SshKeyFile file, CancellationToken cancellation) =>
        host.Must(await host.ActAsync(talk, account, file, writes: true, null, cancellation, "/usr/bin/mv", "--backup=numbered", "-T", file.Path, file.Aside));

    /// <summary>Takes lines out of a file, by a new file that takes its place at once: a crash leaves the old one whole.</summary>
    public async Task TakeOutAsync(SshAccount owner, SshKeysFound lines, CancellationToken cancellation)
    {
        if (await host.ReadAsync(talk, owner, lines.File, cancellation) is { } text)
        {
            var gone = SshHost.Lines(lines.Text).Select(Key).ToHashSet(StringComparer.Ordinal);
            await ReplaceAsync(owner, lines.File, string.Concat(text.Split('\n').Where(line => line.Length > 0 && !gone.Contains(Key(line) ?? line)).Select(line => line + "\n")), cancellation);
        }
    }

    /// <summary>Gives a file a new text, at once.</summary>
    public async Task ReplaceAsync(SshAccount owner, SshKeyFile file, string text, CancellationToken cancellation)
    {
        if (text.Contains('\ufffd'))
        {
            throw new SshRefusalException(SshText.NotUtf8(file.Path));
        }

        var fresh = $"{file.Path}.depart-new";
        host.Must(await host.ActAsync(talk, owner, file, writes: true, text, cancellation, "/usr/bin/tee", fresh));
        host.Must(await host.ActAsync(talk, owner, file, writes: true, null, cancellation, "/usr/bin/chmod", file.InHome ? "600" : "644", fresh));
        host.Must(await host.ActAsync(talk, owner, file, writes: true, null, cancellation, "/usr/bin/mv", "-f", "-T", fresh, file.Path));
    }

    public async Task RemoveAsync(SshAccount owner, SshKeyFile file, CancellationToken cancellation) =>
        host.Must(await host.ActAsync(talk, owner, file, writes: true, null, cancellation, "/usr/bin/rm", "-f", file.Path));

    /// <summary>The key itself in a line, whatever options stand before it; null for a comment.</summary>
    public static string? Key(string line) => line.TrimStart().StartsWith('#') ? null
        : line.Split(' ', '\t').FirstOrDefault(word => word.StartsWith("AAAA", StringComparison.Ordinal) && word.Length > 40);

    public static int Count(string text) => SshHost.Lines(text).Count(line => Key(line) is not null);
}

/// <summary>What would start processes again: the job table of cron, jobs queued with at, a user manager that lingers.</summary>
internal sealed class SshJobs(SshHost host, SshLink link, SshTalk talk)
{
    public async Task<string?> TableAsync(SshAccount account, CancellationToken cancellation)
    {
        if (!(await host.ToolsAsync(talk, cancellation)).Contains("/usr/bin/crontab"))
        {
            return null;
        }

        var answer = await link.RootAsync(talk, writes: false, null, cancellation, "/usr/bin/crontab", "-u", account.Login, "-l");
        return answer.RefusedBySudo ? throw host.Missing(answer) : answer.Well && answer.Output.Trim().Length > 0 ? answer.Output : null;
    }

    public async Task<bool> LingersAsync(SshAccount account, CancellationToken cancellation) =>
        (await link.OwnAsync(talk, cancellation, "ls", $"/var/lib/systemd/linger/{account.Login}")).Well;

    public async Task<IReadOnlyList<string>> QueuedAsync(SshAccount account, CancellationToken cancellation)
    {
        if (!(await host.ToolsAsync(talk, cancellation)).Contains("/usr/bin/atq"))
        {
            return [];
        }

        // 12<tab>Fri Nov 27 18:00:00 2026 a login
        var answer = host.Must(await link.RootAsync(talk, writes: false, null, cancellation, "/usr/bin/atq"));
        return [.. SshHost.Lines(answer.Output).Where(line => line.Split(' ')[^1] == account.Login).Select(line => line.Split('\t')[0]).Where(job => job.All(char.IsAsciiDigit))];
    }
}
