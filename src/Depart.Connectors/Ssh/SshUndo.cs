namespace Depart.Connectors.Ssh;

/// <summary>Gives back what the snapshot holds.</summary>
internal sealed class SshUndo(SshLink link, SshHost host, SshTalk talk)
{
    public async Task<UndoReport> RestoreAsync(SshAccount account, SshSnapshot snapshot, bool dryRun, CancellationToken cancellation)
    {
        var changes = new List<Change>();
        var lost = snapshot.Lost().ToList();
        await GroupsAsync(account, snapshot, dryRun, changes, lost, cancellation);
        await KeysAsync(account, snapshot, dryRun, changes, lost, cancellation);
        await JobsAsync(account, snapshot, dryRun, changes, cancellation);

        // The door is opened last, when everything behind it is as it was.
        var words = new List<string>();
        if (account.Locked && !snapshot.Locked)
        {
            if (account.HasPassword || snapshot.HasPassword)
            {
                changes.Add(new("password", "locked", "as before"));
                words.Add("-U");
            }
            else
            {
                lost.Add(SshText.EmptyPasswordLost);
            }
        }

        if (account.Expires != snapshot.Expires)
        {
            changes.Add(new("expires", account.Expires, snapshot.Expires.Length == 0 ? "never" : snapshot.Expires));
            words.AddRange(["-e", snapshot.Expires.Length == 0 ? "''" : snapshot.Expires]);
        }

        if (!dryRun && words.Count > 0)
        {
            await host.AlterAsync(talk, cancellation, ["/usr/sbin/usermod", .. words, account.Login]);
        }

        return new(changes.Count == 0 ? CallOutcome.AlreadySo : CallOutcome.Done) { Changes = changes, NotRestored = lost };
    }

    private async Task GroupsAsync(SshAccount account, SshSnapshot snapshot, bool dryRun, List<Change> changes, List<Bilingual> lost, CancellationToken cancellation)
    {
        foreach (var group in snapshot.Groups.Except(account.Groups, StringComparer.Ordinal))
        {
            if (!SshWord.IsLogin(group) || !(await link.OwnAsync(talk, cancellation, "getent", "group", group)).Well)
            {
                lost.Add(SshText.GroupGone(group));
                continue;
            }

            changes.Add(new("member of", null, group));
            if (!dryRun)
            {
                await host.AlterAsync(talk, cancellation, "/usr/bin/gpasswd", "-a", account.Login, group);
            }
        }
    }

    private async Task KeysAsync(SshAccount account, SshSnapshot snapshot, bool dryRun, List<Change> changes, List<Bilingual> lost, CancellationToken cancellation)
    {
        var keys = new SshKeys(host, talk, new());
        foreach (var found in snapshot.Keys.Where(found => SshWord.IsPath(found.File.Path)))
        {
            if (await host.ReadAsync(talk, account, found.File, cancellation) is not null)
            {
                // Somebody has put another file there since: it is theirs to decide, and the old one lies beside it.
                if (await host.ReadAsync(talk, account, found.File with { Path = found.File.Aside }, cancellation) is not null)
                {
                    lost.Add(SshText.KeysBeside(found.File));
                }

                continue;
            }

            changes.Add(new(found.File.Path, null, $"{SshKeys.Count(found.Text)} keys"));
            if (dryRun)
            {
                continue;
            }

            var moved = await host.ActAsync(talk, account, found.File, writes: true, null, cancellation, "/usr/bin/mv", "-n", "-T", found.File.Aside, found.File.Path);
            if (!moved.Well)
            {
                await keys.ReplaceAsync(account, found.File, found.Text, cancellation);
            }
        }

        if (snapshot.SharedKeys.Count == 0)
        {
            return;
        }

        var all = await host.AccountsAsync(talk, cancellation);
        foreach (var found in snapshot.SharedKeys.Where(found => SshWord.IsPath(found.File.Path)))
        {
            if (all.FirstOrDefault(other => other.Login == found.Login && SshWord.IsLogin(other.Login)) is not { } owner)
            {
                continue;
            }

            var text = await host.ReadAsync(talk, owner, found.File, cancellation) ?? "";
            var present = SshHost.Lines(text).ToHashSet(StringComparer.Ordinal);
            var missing = SshHost.Lines(found.Text).Where(line => !present.Contains(line)).ToList();
            if (missing.Count == 0)
            {
                continue;
            }

            changes.Add(new($"{found.File.Path} ({found.Login})", null, $"{missing.Count} keys"));
            if (!dryRun)
            {
                await keys.ReplaceAsync(owner, found.File, string.Concat(SshHost.Lines(text).Concat(missing).Select(line => line + "\n")), cancellation);
            }
        }
    }

    private async Task JobsAsync(SshAccount account, SshSnapshot snapshot, bool dryRun, List<Change> changes, CancellationToken cancellation)
    {
        var jobs = new SshJobs(host, link, talk);
        if (snapshot.JobTable is { } table && await jobs.TableAsync(account, cancellation) is null)
        {
            changes.Add(new("cron table", null, "as before"));
            if (!dryRun)
            {
                await host.ChangeAsync(talk, table, cancellation, "/usr/bin/crontab", "-u", account.Login, "-");
            }
        }

        if (snapshot.Linger && !await jobs.LingersAsync(account, cancellation))
        {
            changes.Add(new("linger", "no", "yes"));
            if (!dryRun)
            {
                await host.ChangeAsync(talk, null, cancellation, "/usr/bin/loginctl", "enable-linger", account.Login);
            }
        }
    }
}
