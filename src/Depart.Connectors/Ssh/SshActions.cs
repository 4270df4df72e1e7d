using System.Globalization;

namespace Depart.Connectors.Ssh;

/// <summary>The actions on an account: expiry, sessions, keys, jobs, groups. The account itself stays, so that its number is never given to somebody else.</summary>
internal sealed class SshActions(SshLink link, SshHost host, SshTalk talk, SshSettings settings, TimeProvider clock)
{
    public const string Expire = "expire";
    public const string EndSessions = "end-sessions";
    public const string Keys = "keys";
    public const string Jobs = "jobs";
    public const string Groups = "groups";

    private static readonly Bilingual SessionsFirst = new(
        "A session still open could put it back.", "Une session encore ouverte pourrait la remettre.");

    public static IReadOnlyList<ActionDescriptor> All { get; } =
    [
        new()
        {
            Key = Expire,
            Phase = Phase.Contain,
            Title = new("Expire the account and lock its password", "Faire expirer le compte et verrouiller son mot de passe"),
            Effect = new(
                "usermod -L -e 1: the account ended on day 1, so neither password nor key opens a session. The lock alone would let keys in.",
                "usermod -L -e 1 : le compte a pris fin au jour 1, ni mot de passe ni clé n’ouvrent de session. Le verrou seul laisserait entrer les clés."),
        },
        new()
        {
            Key = EndSessions,
            Phase = Phase.Cut,
            Title = new("End sessions and processes", "Fermer sessions et processus"),
            Effect = new("Ends every process of the account, until there is none.", "Met fin à chaque processus du compte, jusqu’à ce qu’il n’en reste aucun."),
            After = [new(Expire, new("A session ended before would come back at once.", "Une session fermée plus tôt reviendrait aussitôt."))],
        },
        new()
        {
            Key = Keys,
            Phase = Phase.Strip,
            Title = new("Move SSH keys aside", "Mettre de côté les clés SSH"),
            Effect = new(
                "Moves the account’s key files aside, and takes the same keys out of the shared accounts of the settings.",
                "Met de côté les fichiers de clés du compte, et retire les mêmes clés des comptes partagés désignés dans les réglages."),
            After = [new(EndSessions, SessionsFirst)],
        },
        new()
        {
            Key = Jobs,
            Phase = Phase.Strip,
            Title = new("Stop scheduled jobs", "Arrêter les tâches programmées"),
            Effect = new(
                "Removes the cron table and jobs queued with at, and stops the user manager that outlives sessions.",
                "Retire la table cron et les travaux mis en file par at, et arrête le gestionnaire qui survit aux sessions."),
            After = [new(EndSessions, SessionsFirst)],
            NotRestored = new("Jobs queued with at.", "Les travaux mis en file par at."),
        },
        new()
        {
            Key = Groups,
            Phase = Phase.Entitlements,
            Title = new("Remove from groups", "Retirer des groupes"),
            Effect = new("Removes the account from every group but its own (sudo, docker…).", "Retire le compte de chaque groupe sauf le sien (sudo, docker…)."),
            After = [new(EndSessions, new(
                "A session keeps the groups that it was opened with.", "Une session garde les groupes avec lesquels elle a été ouverte."))],
        },
    ];

    public Task<ActionReport> ApplyAsync(SshAccount account, ActionCall call, CancellationToken cancellation) => call.Action switch
    {
        Expire => ExpireAsync(account, call.DryRun, cancellation),
        EndSessions => EndSessionsAsync(account, call.DryRun, cancellation),
        Keys => MoveKeysAsync(account, call.DryRun, cancellation),
        Jobs => StopJobsAsync(account, call.DryRun, cancellation),
        Groups => LeaveGroupsAsync(account, call.DryRun, cancellation),
        _ => Task.FromResult(ActionReport.Failed(CallOutcome.NotAttempted, new(FailureKind.Invalid, new($"Unknown action {call.Action}.", $"Action inconnue : {call.Action}.")))),
    };

    private static ActionReport Report(IReadOnlyList<Change> changes) => new(changes.Count == 0 ? CallOutcome.AlreadySo : CallOutcome.Done) { Changes = changes };

    private async Task<ActionReport> ExpireAsync(SshAccount account, bool dryRun, CancellationToken cancellation)
    {
        var changes = new List<Change>();
        if (account.Expires != "1")
        {
            changes.Add(new("expires", account.Expires is { Length: > 0 } day ? day : "never", "1"));
        }

        if (!account.Locked)
        {
            changes.Add(new("password", "usable", "locked"));
        }

        if (!dryRun && changes.Count > 0)
        {
            await host.AlterAsync(talk, cancellation, "/usr/sbin/usermod", "-L", "-e", "1", account.Login);
            if (await host.FindAsync(talk, account.Uid, cancellation) is not { } after || after.Expires != "1" || after.State(clock) != AccountState.Disabled)
            {
                return ActionReport.Failed(CallOutcome.Refused, SshText.NotKept(link.Name, account.Login)) with { Changes = changes };
            }
        }

        return Report(changes);
    }

    private async Task<ActionReport> EndSessionsAsync(SshAccount account, bool dryRun, CancellationToken cancellation)
    {
        var alive = await host.ProcessesAsync(talk, account, cancellation);
        if (alive == 0)
        {
            return new(CallOutcome.AlreadySo);
        }

        var changes = new List<Change> { new("processes", alive.ToString(CultureInfo.InvariantCulture), "0") };
        if (dryRun)
        {
            return Report(changes);
        }

        var tools = await host.ToolsAsync(talk, cancellation);
        if (tools.Contains("/usr/bin/loginctl") && tools.Contains("/run/systemd/system"))
        {
            // Not known to the login manager: no session of its. Whatever is left is killed below.
            await link.RootAsync(talk, writes: true, null, cancellation, "/usr/bin/loginctl", "terminate-user", account.Login);
        }

        for (var round = 0; alive > 0; round++)
        {
            if (round > settings.TimeoutSeconds * 4)
            {
                return ActionReport.Failed(CallOutcome.Unknown, SshText.ProcessesStay(link.Name, account.Login, alive)) with { Changes = changes };
            }

            foreach (var which in new[] { "-u", "-U" })
            {
                var answer = await link.RootAsync(talk, writes: true, null, cancellation, "/usr/bin/pkill", "-KILL", which, account.Id);
                if (answer.RefusedBySudo || answer.Code > 1)
                {
                    host.Must(answer);
                }
            }

            // The host waits, not this machine: a process ends when the system has seen to it.
            await link.OwnAsync(talk, cancellation, "sleep", "0.1");
            alive = await host.ProcessesAsync(talk, account, cancellation);
        }

        return Report(changes);
    }

    private async Task<ActionReport> MoveKeysAsync(SshAccount account, bool dryRun, CancellationToken cancellation)
    {
        var keys = new SshKeys(host, talk, settings);
        var own = await keys.OwnAsync(account, cancellation);

        // After a crash the person's own files may lie aside already: their keys are still looked for in shared accounts.
        var shared = await keys.SharedAsync(account, own.Count > 0 ? own : await keys.AsideAsync(account, cancellation), cancellation);
        var changes = own.Select(file => new Change(file.File.Path, $"{SshKeys.Count(file.Text)} keys", file.File.Aside))
            .Concat(shared.Select(file => new Change($"{file.File.Path} ({file.Login})", $"{SshKeys.Count(file.Text)} keys", null))).ToList();
        if (dryRun)
        {
            return Report(changes);
        }

        var all = shared.Count == 0 ? [] : await host.AccountsAsync(talk, cancellation);
        foreach (var file in shared)
        {
            await keys.TakeOutAsync(all.First(other => other.Login == file.Login), file, cancellation);
        }

        foreach (var file in own)
        {
            await keys.MoveAsideAsync(account, file.File, cancellation);
        }

        return Report(changes);
    }

    private async Task<ActionReport> StopJobsAsync(SshAccount account, bool dryRun, CancellationToken cancellation)
    {
        var jobs = new SshJobs(host, link, talk);
        var table = await jobs.TableAsync(account, cancellation);
        var queued = await jobs.QueuedAsync(account, cancellation);
        var lingers = await jobs.LingersAsync(account, cancellation);
        var changes = new List<Change>();
        if (table is not null)
        {
            changes.Add(new("cron table", $"{SshHost.Lines(table).Count(line => !line.StartsWith('#'))} lines", null));
        }

        changes.AddRange(queued.Select(job => new Change("at job", job, null)));
        if (lingers)
        {
            changes.Add(new("linger", "yes", "no"));
        }

        if (dryRun)
        {
            return Report(changes);
        }

        if (table is not null)
        {
            await host.ChangeAsync(talk, null, cancellation, "/usr/bin/crontab", "-u", account.Login, "-r");
        }

        foreach (var job in queued)
        {
            await host.ChangeAsync(talk, null, cancellation, "/usr/bin/atrm", job);
        }

        if (lingers)
        {
            await host.ChangeAsync(talk, null, cancellation, "/usr/bin/loginctl", "disable-linger", account.Login);
        }

        return Report(changes);
    }

    private async Task<ActionReport> LeaveGroupsAsync(SshAccount account, bool dryRun, CancellationToken cancellation)
    {
        if (account.Groups.FirstOrDefault(group => !SshWord.IsLogin(group)) is { } odd)
        {
            return ActionReport.Failed(CallOutcome.Refused, SshText.OddLogin(link.Name, odd));
        }

        foreach (var group in dryRun ? [] : account.Groups)
        {
            await host.AlterAsync(talk, cancellation, "/usr/bin/gpasswd", "-d", account.Login, group);
        }

        return Report([.. account.Groups.Select(group => new Change("member of", group, null))]);
    }
}
