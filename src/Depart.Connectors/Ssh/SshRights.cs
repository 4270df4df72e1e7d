namespace Depart.Connectors.Ssh;

/// <summary>Which commands our account may run, told by <c>sudo -l</c> without running them.</summary>
internal static class SshRights
{
    // One command for each rule of the README; « nobody » stands for anybody.
    private static readonly (Bilingual Right, string[] Words)[] Needed =
    [
        (SshText.RightShadow, ["/usr/bin/getent", "shadow"]),
        (SshText.RightServer, ["/usr/sbin/sshd", "-T", "-C", "user=nobody,host=localhost,addr=127.0.0.1"]),
        (SshText.RightExpire, ["/usr/sbin/usermod", "-L", "-e", "1", "nobody"]),
        (SshText.RightRestore, ["/usr/sbin/usermod", "-U", "-e", "20000", "nobody"]),
        (SshText.RightProcesses, ["/usr/bin/ps", "-o", "stat=", "-u", "65534", "-U", "65534"]),
        (SshText.RightKill, ["/usr/bin/pkill", "-KILL", "-u", "65534"]),
        (SshText.RightGroups, ["/usr/bin/gpasswd", "-d", "nobody", "nogroup"]),
        (SshText.RightSudoers, ["/usr/bin/grep", "-rlwF", "-e", "nobody", "/etc/sudoers", "/etc/sudoers.d"]),
    ];

    private static readonly (Bilingual Right, string Tool, string[] Words)[] WhereThere =
    [
        (SshText.RightCron, "/usr/bin/crontab", ["/usr/bin/crontab", "-u", "nobody", "-r"]),
        (SshText.RightAt, "/usr/bin/atq", ["/usr/bin/atq"]),
    ];

    public static async Task<IReadOnlyList<RightCheck>> CheckAsync(SshLink link, CancellationToken cancellation)
    {
        var talk = new SshTalk();
        var rights = new List<RightCheck> { new(SshText.RightHostKey, RightState.Held) };
        foreach (var (right, words) in Needed)
        {
            rights.Add(await CheckAsync(link, talk, right, words, cancellation));
        }

        var tools = await new SshHost(link).ToolsAsync(talk, cancellation);
        foreach (var (right, _, words) in WhereThere.Where(item => tools.Contains(item.Tool)))
        {
            rights.Add(await CheckAsync(link, talk, right, words, cancellation));
        }

        var keys = await link.OwnAsync(talk, cancellation, "sudo", "-n", "-l", "-u", "nobody", "/usr/bin/cat", "/home/nobody/.ssh/authorized_keys");
        rights.Add(new(SshText.RightKeys, keys.Well ? RightState.Held : RightState.Missing, SshText.Rule("/usr/bin/cat")));
        return rights;
    }

    private static async Task<RightCheck> CheckAsync(SshLink link, SshTalk talk, Bilingual right, string[] words, CancellationToken cancellation)
    {
        var answer = await link.OwnAsync(talk, cancellation, ["sudo", "-n", "-l", .. words]);
        return new(right, answer.Well ? RightState.Held : RightState.Missing, SshText.Rule(words[0]));
    }
}
