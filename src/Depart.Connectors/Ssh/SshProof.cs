using System.Security.Cryptography;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Security;

namespace Depart.Connectors.Ssh;

/// <summary>Proves that an account is closed: its last day, its processes, and a sign-in with a key of ours that the host knows, refused all the same.</summary>
internal sealed class SshProof(SshLink link, SshHost host, SshTalk talk, TimeProvider clock)
{
    private enum Answer
    {
        /// <summary>The key was known and the account refused: the server accepted the signature, then hung up because of the account.</summary>
        Expired,

        /// <summary>The key was refused at once, like one nobody knows: proves nothing.</summary>
        UnknownKey,

        /// <summary>The sign-in went through.</summary>
        Accepted,
    }

    public async Task<Verification> VerifyAsync(int uid, CancellationToken cancellation)
    {
        var account = await host.FindAsync(talk, uid, cancellation);
        if (account is null)
        {
            return new(AccountState.Absent, ProofLevel.ReadBack) { Checks = [new(SshText.ExpiryCheck, true, "no such uid")] };
        }

        var state = account.State(clock);
        var checks = new List<Check> { new(SshText.ExpiryCheck, state == AccountState.Disabled && account.Expires == "1", $"getent shadow: {account.Expires}") };
        if (state != AccountState.Disabled)
        {
            return new(state, ProofLevel.Accepted)
            {
                Checks = checks,
                Failure = state == AccountState.Enabled ? SshText.StillOpen(link.Name, account.Login) : SshText.NoShadow(link.Name, account.Login),
            };
        }

        checks.Add(new(SshText.LockCheck, account.Locked, account.Locked ? "!" : "not locked"));
        var alive = await host.ProcessesAsync(talk, account, cancellation);
        checks.Add(new(SshText.ProcessCheck, alive == 0, $"ps: {alive}"));
        var named = await link.RootAsync(talk, writes: false, null, cancellation, "/usr/bin/grep", "-rlwF", "-e", account.Login, "/etc/sudoers", "/etc/sudoers.d");
        checks.Add(new(SshText.SudoersCheck, true, named.Well ? string.Join(' ', SshHost.Lines(named.Output)) : named.RefusedBySudo ? named.Words : "0"));
        var residuals = alive == 0 ? [] : new List<Residual> { new(SshText.ProcessesRemain(alive), null) };
        var answer = await TryAsync(account, checks, cancellation);
        return answer == Answer.Accepted
            ? new(AccountState.Enabled, ProofLevel.Accepted) { Checks = checks, Residuals = residuals, Failure = SshText.SignedIn(link.Name, account.Login) }
            : new(AccountState.Disabled, answer == Answer.Expired ? ProofLevel.SignInRefused : ProofLevel.ReadBack) { Checks = checks, Residuals = residuals };
    }

    private async Task<Answer> TryAsync(SshAccount account, List<Check> checks, CancellationToken cancellation)
    {
        var file = (await host.KeyFilesAsync(talk, account, cancellation)).FirstOrDefault(candidate => candidate.InHome);
        if (file is null || account.Uid == 0)
        {
            checks.Add(new(SshText.SignInCheck, false, "no key file in the home folder"));
            return Answer.UnknownKey;
        }

        var keys = new SshKeys(host, talk, new());
        using var probe = NewKey();
        using var stranger = NewKey();

        // What a crash of an earlier test left behind goes with it.
        var text = await host.ReadAsync(talk, account, file, cancellation);
        var before = text is null ? null : string.Concat(SshHost.Lines(text).Where(line => !line.EndsWith(SshKeys.ProbeMark, StringComparison.Ordinal)).Select(line => line + "\n"));
        try
        {
            host.Must(await host.ActAsync(talk, account, file, writes: true, null, cancellation, "/usr/bin/mkdir", "-p", "-m", "700", file.Folder));

            // « restrict » and a command that ends at once: were the key accepted, it would open nothing.
            await keys.ReplaceAsync(account, file, $"{before}restrict,command=\"/bin/false\" {Line(probe)} {SshKeys.ProbeMark}\n", cancellation);
        }
        catch (SshRefusalException refused)
        {
            checks.Add(new(SshText.SignInCheck, false, refused.Failure.What.En));
            return Answer.UnknownKey;
        }

        Answer known;
        Answer unknown;
        string words;
        try
        {
            (known, words) = await SignInAsync(account.Login, probe, "a key of ours in its key file", cancellation);
            (unknown, _) = await SignInAsync(account.Login, stranger, "a key that it does not know", cancellation);
        }
        finally
        {
            // Also when the wait was cancelled: the key of the test is never left in its place.
            await RemoveAsync(keys, account, file, before);
        }

        var proved = known == Answer.Expired && unknown == Answer.UnknownKey;
        checks.Add(new(SshText.SignInCheck, proved, words));
        return proved ? Answer.Expired : known == Answer.Accepted ? Answer.Accepted : Answer.UnknownKey;
    }

    private static async Task RemoveAsync(SshKeys keys, SshAccount account, SshKeyFile file, string? before)
    {
        if (string.IsNullOrEmpty(before))
        {
            await keys.RemoveAsync(account, file, CancellationToken.None);
        }
        else
        {
            await keys.ReplaceAsync(account, file, before, CancellationToken.None);
        }
    }

    private async Task<(Answer, string)> SignInAsync(string login, PrivateKeyFile key, string which, CancellationToken cancellation)
    {
        var told = "";
        var request = $"ssh {login}@{link.Name}, {which}";
        try
        {
            await link.SignInAsync(login, key, banner => told = banner.Trim(), cancellation);
            talk.Note(request, "accepted");
            return (Answer.Accepted, "accepted");
        }
        catch (SshAuthenticationException refused)
        {
            talk.Note(request, refused.Message);
            return (Answer.UnknownKey, refused.Message);
        }
        catch (SshConnectionException closed) when (told.Length > 0)
        {
            // The server says why and hangs up once the key itself was found good: a key it does not know never gets so far.
            talk.Note(request, told);
            return (Answer.Expired, $"{told} ({closed.Message})");
        }
    }

    private static PrivateKeyFile NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var text = new MemoryStream(System.Text.Encoding.ASCII.GetBytes(key.ExportECPrivateKeyPem()));
        return new(text);
    }

    private static string Line(PrivateKeyFile key)
    {
        var algorithm = key.HostKeyAlgorithms.First();
        return $"{algorithm.Name} {Convert.ToBase64String(((KeyHostAlgorithm)algorithm).Data)}";
    }
}
