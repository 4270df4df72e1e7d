using System.Net.Sockets;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;

namespace Depart.Connectors.Ssh;

/// <summary>What a command answered.</summary>
internal sealed record SshAnswer(int Code, string Output, string Error)
{
    public bool Well => Code == 0;

    /// <summary>sudo itself said no: nothing was run.</summary>
    public bool RefusedBySudo => Code != 0 && (Error.StartsWith("sudo:", StringComparison.Ordinal) || Error.StartsWith("Sorry, user", StringComparison.Ordinal));

    /// <summary>The first line of what was said, for people.</summary>
    public string Words => (Error.Length > 0 ? Error : Output).Trim().Split('\n')[0];
}

/// <summary>The host's key is not the one that was accepted, or none was accepted yet.</summary>
internal sealed class HostKeyException(string found) : Exception($"host key {found}")
{
    public string Found { get; } = found;
}

/// <summary>The way to one host: one connection of our own account, on which commands run side by side, closed after a time-out.</summary>
internal sealed class SshLink(SshSettings settings) : IAsyncDisposable
{
    private readonly SemaphoreSlim door = new(1, 1);
    private readonly SemaphoreSlim channels = new(8, 8);
    private SshClient? client;

    /// <summary>Held while the host's account files are changed.</summary>
    public SemaphoreSlim AccountFiles { get; } = new(1, 1);

    public string Name => settings.Port == 22 ? settings.Host : $"{settings.Host}:{settings.Port}";

    /// <summary>The host's key as it was last seen: kind and fingerprint.</summary>
    public string? SeenHostKey { get; private set; }

    /// <summary>Runs a command as root: <c>sudo -n</c>, its words checked one by one.</summary>
    public Task<SshAnswer> RootAsync(SshTalk talk, bool writes, string? input, CancellationToken cancellation, params string[] words) =>
        RunAsync(talk, writes, input, ["sudo", "-n", .. words], cancellation);

    /// <summary>Runs a command as somebody, so that a link laid in their home leads no further than they could go themselves.</summary>
    public Task<SshAnswer> AsAsync(SshTalk talk, string login, bool writes, string? input, CancellationToken cancellation, params string[] words) =>
        RunAsync(talk, writes, input, ["sudo", "-n", "-u", login, .. words], cancellation);

    /// <summary>Runs a command as our own account.</summary>
    public Task<SshAnswer> OwnAsync(SshTalk talk, CancellationToken cancellation, params string[] words) => RunAsync(talk, writes: false, null, words, cancellation);

    /// <summary>Reaches the host and signs in; without a pinned key only when told to accept any, for the connection test.</summary>
    public async Task<SshClient> ConnectAsync(bool acceptAny, CancellationToken cancellation)
    {
        await door.WaitAsync(cancellation);
        try
        {
            if (client is { IsConnected: true })
            {
                return client;
            }

            client?.Dispose();
            client = null;
            using var key = settings.Key();
            var made = New(settings.User, key);
            await OpenAsync(made, settings.HostKey, acceptAny, cancellation);
            return client = made;
        }
        finally
        {
            door.Release();
        }
    }

    /// <summary>Tries to sign in as somebody with a key; what the host answers comes as the exception.</summary>
    /// <param name="login">Whom to sign in as.</param>
    /// <param name="key">A key of ours.</param>
    /// <param name="told">Receives what the host says before it decides (« Your account has expired »).</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task SignInAsync(string login, PrivateKeyFile key, Action<string> told, CancellationToken cancellation)
    {
        using var somebody = New(login, key);
        somebody.ConnectionInfo.AuthenticationBanner += (_, banner) => told(banner.BannerMessage);
        await OpenAsync(somebody, settings.HostKey, acceptAny: false, cancellation);
    }

    public ValueTask DisposeAsync()
    {
        client?.Dispose();
        door.Dispose();
        channels.Dispose();
        AccountFiles.Dispose();
        return ValueTask.CompletedTask;
    }

    private SshClient New(string login, PrivateKeyFile key)
    {
        var about = new ConnectionInfo(settings.Host, settings.Port, login, new PrivateKeyAuthenticationMethod(login, key))
        {
            Timeout = TimeSpan.FromSeconds(settings.TimeoutSeconds), ChannelCloseTimeout = TimeSpan.FromSeconds(2), RetryAttempts = 1,
        };
        if (settings.HostKey?.Split(' ')[0] is { Length: > 0 } kind)
        {
            // The host may have several keys: the one that was accepted is the one asked for.
            var family = kind is "ssh-rsa" ? ["ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"] : new[] { kind };
            foreach (var other in about.HostKeyAlgorithms.Keys.Where(name => !family.Contains(name, StringComparer.Ordinal)).ToList())
            {
                about.HostKeyAlgorithms.Remove(other);
            }
        }

        return new(about) { KeepAliveInterval = TimeSpan.FromSeconds(30) };
    }

    private async Task OpenAsync(SshClient made, string? pinned, bool acceptAny, CancellationToken cancellation)
    {
        string? stranger = null;
        made.HostKeyReceived += (_, key) =>
        {
            var found = $"{key.HostKeyName} SHA256:{key.FingerPrintSHA256}";
            SeenHostKey = found;
            key.CanTrust = acceptAny && string.IsNullOrWhiteSpace(pinned) || string.Equals(found.TrimEnd('='), pinned?.Trim().TrimEnd('='), StringComparison.Ordinal);
            stranger = key.CanTrust ? null : found;
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
        try
        {
            // The library does not look at the cancellation everywhere: the wait ends by itself.
            await made.ConnectAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception error) when (SshTrouble.Covers(error))
        {
            made.Dispose();
            if (stranger is not null)
            {
                throw new HostKeyException(stranger);
            }

            throw;
        }
    }

    private async Task<SshAnswer> RunAsync(SshTalk talk, bool writes, string? input, IReadOnlyList<string> words, CancellationToken cancellation)
    {
        if (words.FirstOrDefault(word => !SshWord.IsPlain(word) && word is not "''") is { } odd)
        {
            // Checked by whoever calls; here once more, since a shell is listening.
            throw new ArgumentException($"'{odd}' cannot be passed to a command.", nameof(words));
        }

        var shown = string.Join(' ', words);
        var line = $"/usr/bin/env LC_ALL=C {shown}";
        var open = await ConnectAsync(acceptAny: false, cancellation);

        // A server takes ten sessions on one connection unless told otherwise.
        await channels.WaitAsync(cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
        try
        {
            using var command = open.CreateCommand(line, Encoding.UTF8);
            talk.Sent |= writes;
            var running = command.ExecuteAsync(limit.Token);
            if (input is not null)
            {
                await using var stream = command.CreateInputStream();
                await stream.WriteAsync(Encoding.UTF8.GetBytes(input), limit.Token);
            }

            await running.WaitAsync(limit.Token);
            var answer = new SshAnswer(command.ExitStatus ?? -1, command.Result, command.Error);
            talk.Note(shown, answer.Well ? "0" : $"{answer.Code} {answer.Words}");
            return answer.Code == -1 ? throw new SshConnectionException("The command ended without an exit status.") : answer;
        }
        catch (Exception error) when (SshTrouble.Covers(error))
        {
            talk.Note(shown, "no answer");
            await DropAsync(open);
            throw;
        }
        finally
        {
            channels.Release();
        }
    }

    /// <summary>After a time-out or a broken wire the connection is not used again: an answer that comes late would be taken for another's.</summary>
    private async Task DropAsync(SshClient broken)
    {
        await door.WaitAsync(CancellationToken.None);
        if (ReferenceEquals(client, broken))
        {
            client = null;
        }

        door.Release();
        _ = Task.Run(broken.Dispose, CancellationToken.None);
    }
}

/// <summary>What is said to the host in one call, and whether a change was asked for.</summary>
internal sealed class SshTalk
{
    private readonly List<Exchange> exchanges = [];

    public IReadOnlyList<Exchange> Exchanges => exchanges;

    /// <summary>A command that changes something was sent: without an answer, what happened is not known.</summary>
    public bool Sent { get; set; }

    public void Note(string request, string answer) => exchanges.Add(new(request, answer));
}

/// <summary>Says of every way in which a call can go wrong what kind it is and what to do.</summary>
internal sealed class SshTrouble(string host, string user, int seconds)
{
    /// <summary>Errors of the host, of the network or of time; anything else is a bug and passes.</summary>
    public static bool Covers(Exception error) =>
        error is SshException or SocketException or IOException or OperationCanceledException or TimeoutException or ObjectDisposedException or HostKeyException or SshRefusalException;

    public Failure Explain(Exception error) => error switch
    {
        SshRefusalException refusal => refusal.Failure,
        HostKeyException { Found: var found } => new(FailureKind.IdentityRefused, new(
            $"The key of {host} is not the one accepted: it shows {found}.", $"La clé de {host} n’est pas celle qui a été acceptée : il présente {found}."), new(
            "Run the connection test and compare the fingerprint with the host’s own before accepting it.",
            "Lancez l’essai de connexion et comparez l’empreinte avec celle de l’hôte avant de l’accepter.")),
        SshAuthenticationException => new(FailureKind.SignInRefused, new(
            $"{host} refuses the key of {user}.", $"{host} refuse la clé de {user}."), new(
            $"Put our public key into the authorized_keys of {user}, and check that the account is not expired.",
            $"Placez notre clé publique dans authorized_keys de {user}, et vérifiez que le compte n’est pas expiré.")),
        SshOperationTimeoutException or OperationCanceledException or TimeoutException => new(FailureKind.TimedOut, new(
            $"{host} did not answer within {seconds} seconds: what happened is not known.",
            $"{host} n’a pas répondu en {seconds} secondes : on ne sait pas ce qui s’est passé.")),
        SocketException => new(FailureKind.Unreachable, new(
            $"{host} cannot be reached: {error.Message}", $"{host} est injoignable : {error.Message}"), new(
            "Check that the host runs and that this machine may reach it.", "Vérifiez que l’hôte fonctionne et que cette machine peut l’atteindre.")),
        SshConnectionException { DisconnectReason: DisconnectReason.ProtocolError } => new(FailureKind.Garbage, new(
            $"{host} does not answer as an SSH server.", $"{host} ne répond pas comme un serveur SSH."), new(
            "Check host and port.", "Vérifiez le nom et le port.")),
        _ => new(FailureKind.Unreachable, new($"The connection to {host} broke.", $"La connexion à {host} s’est rompue."), new(
            "Check that an SSH server answers on this port.", "Vérifiez qu’un serveur SSH répond sur ce port.")),
    };
}

/// <summary>The host said no, for a reason that is known.</summary>
internal sealed class SshRefusalException(Failure failure) : Exception(failure.What.En)
{
    public Failure Failure { get; } = failure;
}
