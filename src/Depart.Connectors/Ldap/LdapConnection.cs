using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Depart.Connectors.Ldap;

/// <summary>Where a directory is and how its identity is checked.</summary>
internal sealed record LdapEndpoint(string Host, int Port, bool StartTls, string CertificateName, X509Certificate2Collection Authorities, TimeSpan Limit)
{
    /// <summary>How long a connection may take, at most.</summary>
    public TimeSpan ConnectLimit => Limit < TimeSpan.FromSeconds(10) ? Limit : TimeSpan.FromSeconds(10);

    /// <summary>Name and port.</summary>
    public string Name => $"{Host}:{Port}";
}

/// <summary>
/// One encrypted LDAPv3 connection on which many requests may be in flight. Encryption is set up before the first byte of ours is sent, and the
/// certificate is always checked: there is no way to ask for less.
/// </summary>
internal sealed class LdapConnection : IAsyncDisposable
{
    private const int LargestMessage = 32 * 1024 * 1024;
    private const string StartTls = "1.3.6.1.4.1.1466.20037";

    private readonly ConcurrentDictionary<int, Waiting> waiting = new();
    private readonly Lock guard = new();
    private List<Waiting> unsent = [];
    private bool writing;
    private readonly LdapEndpoint endpoint;
    private readonly LdapFailures failures;
    private readonly Socket socket;
    private readonly SslStream stream;
    private readonly Task reading;
    private int lastId;
    private volatile bool ended;

    private LdapConnection(LdapEndpoint endpoint, LdapFailures failures, Socket socket, SslStream stream)
    {
        this.endpoint = endpoint;
        this.failures = failures;
        this.socket = socket;
        this.stream = stream;
        reading = Task.Run(ReadAsync);
    }

    /// <summary>Whether requests may still be sent.</summary>
    public bool Usable => !ended;

    /// <summary>Requests in flight.</summary>
    public int InFlight => waiting.Count;

    /// <summary>Connects and encrypts. Does not sign in.</summary>
    /// <exception cref="LdapCallException">Not reached, or not the one that is trusted; nothing was attempted.</exception>
    public static async Task<LdapConnection> OpenAsync(LdapEndpoint endpoint, CancellationToken cancellation)
    {
        var say = new LdapFailures(endpoint.Name);
        var line = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? secure = null;
        Failure? distrust = null;
        var connected = false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(endpoint.ConnectLimit);
        try
        {
            line.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await line.ConnectAsync(endpoint.Host, endpoint.Port, limit.Token);
            connected = true;
            var plain = new NetworkStream(line, ownsSocket: true);
            if (endpoint.StartTls)
            {
                await AskForTlsAsync(plain, say, limit.Token);
            }

            secure = new(plain, leaveInnerStreamOpen: false);
            await secure.AuthenticateAsClientAsync(
                new()
                {
                    TargetHost = endpoint.CertificateName,
                    CertificateChainPolicy = Policy(endpoint),
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    {
                        distrust = errors == SslPolicyErrors.None ? null : say.Certificate(
                            endpoint.CertificateName, certificate as X509Certificate2, errors,
                            chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError);
                        return distrust is null;
                    },
                },
                limit.Token);
            return new(endpoint, say, line, secure);
        }
        catch (Exception error) when (error is SocketException or IOException or AuthenticationException or OperationCanceledException or LdapCallException)
        {
            if (secure is not null)
            {
                await secure.DisposeAsync();
            }

            line.Dispose();
            throw error switch
            {
                LdapCallException => error,
                _ when distrust is not null => new LdapCallException(distrust, sent: false, error),
                OperationCanceledException => new LdapCallException(say.NoConnection(endpoint.ConnectLimit, connected), sent: false, error),
                SocketException refused => new LdapCallException(say.Unreachable(refused.SocketErrorCode), sent: false, error),
                IOException => new LdapCallException(say.HungUp(), sent: false, error),
                _ => new LdapCallException(say.NoTls("TLS"), sent: false, error),
            };
        }
    }

    /// <summary>Sends a request and waits for its end.</summary>
    /// <param name="request">The request.</param>
    /// <param name="found">Called for every entry found, in order, before the end.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LdapCallException">No result.</exception>
    public async Task<LdapResult> SendAsync(LdapRequest request, Action<LdapEntry>? found, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref lastId);
        var mine = new Waiting(request.Encode(id), found);
        waiting[id] = mine;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(endpoint.Limit);
        try
        {
            Write(mine);
            return await mine.Result.Task.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException late)
        {
            if (mine.Sent && !ended)
            {
                // A server that lets one request wait may let all wait: this connection takes no more.
                ended = true;
                Write(new(new LdapAbandon(id).Encode(Interlocked.Increment(ref lastId)), null) { IsParting = true });
            }

            throw new LdapCallException(failures.TimedOut(endpoint.Limit), mine.Sent, late);
        }
        finally
        {
            waiting.TryRemove(id, out _);
            if (ended && waiting.IsEmpty)
            {
                End(failures.Broke());
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!ended)
        {
            ended = true;
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                await stream.WriteAsync(new LdapUnbind().Encode(Interlocked.Increment(ref lastId)), soon.Token);
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException or NotSupportedException)
            {
                // Said goodbye to nobody.
            }
        }

        End(failures.Broke());
        await reading;
        await stream.DisposeAsync();
    }

    private static X509ChainPolicy Policy(LdapEndpoint endpoint)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (endpoint.Authorities.Count > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(endpoint.Authorities);
            policy.ExtraStore.AddRange(endpoint.Authorities);
        }

        return policy;
    }

    private static async Task AskForTlsAsync(NetworkStream plain, LdapFailures failures, CancellationToken cancellation)
    {
        await plain.WriteAsync(new LdapExtended(StartTls).Encode(1), cancellation);
        var buffer = new byte[4096];
        var length = 0;
        while (Frame(buffer.AsSpan(0, length)) is not { } whole || whole > length)
        {
            var more = length < buffer.Length ? await plain.ReadAsync(buffer.AsMemory(length), cancellation) : 0;
            if (more == 0)
            {
                throw new LdapCallException(failures.HungUp(), sent: false);
            }

            length += more;
        }

        try
        {
            // Bytes behind the answer would have been said in clear, by whoever stands between.
            var answer = LdapAnswer.Decode(buffer.AsMemory(0, length));
            if (answer is not { MessageId: 1, Result.Ok: true } || Frame(buffer.AsSpan(0, length)) != length)
            {
                throw new LdapCallException(failures.NoTls($"StartTLS: {answer.Result}"), sent: false);
            }
        }
        catch (AsnContentException error)
        {
            throw new LdapCallException(failures.Garbage(), sent: false, error);
        }
    }

    /// <summary>Length of the message that begins here, null when too little is known.</summary>
    /// <exception cref="AsnContentException">Not a message, or one beyond all measure.</exception>
    private static int? Frame(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return bytes.Length == 1 && bytes[0] != 0x30 ? throw new AsnContentException("not a message") : null;
        }

        if (bytes[0] != 0x30)
        {
            throw new AsnContentException("not a message");
        }

        if (bytes[1] < 0x80)
        {
            return 2 + bytes[1];
        }

        var octets = bytes[1] & 0x7f;
        if (octets is 0 or > 4)
        {
            throw new AsnContentException("length");
        }

        if (bytes.Length < 2 + octets)
        {
            return null;
        }

        long length = 0;
        foreach (var octet in bytes.Slice(2, octets))
        {
            length = (length << 8) | octet;
        }

        return length <= LargestMessage ? (int)length + 2 + octets : throw new AsnContentException("too long");
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        var (start, end) = (0, 0);
        try
        {
            while (true)
            {
                var whole = Frame(buffer.AsSpan(start, end - start));
                while (whole is { } length && length <= end - start)
                {
                    Take(LdapAnswer.Decode(buffer.AsMemory(start, length)));
                    start += length;
                    whole = Frame(buffer.AsSpan(start, end - start));
                }

                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
                if (whole > buffer.Length || end == buffer.Length)
                {
                    Array.Resize(ref buffer, Math.Max(buffer.Length * 2, whole ?? 0));
                }

                var more = await stream.ReadAsync(buffer.AsMemory(end));
                if (more == 0)
                {
                    End(failures.Broke());
                    return;
                }

                end += more;
            }
        }
        catch (AsnContentException)
        {
            End(failures.Garbage());
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or SocketException or InvalidOperationException)
        {
            End(failures.Broke());
        }
    }

    private void Take(LdapAnswer answer)
    {
        if (answer.MessageId == 0)
        {
            // Notice of disconnection (RFC 4511, 4.4.1): the end of the stream follows.
            ended = true;
        }
        else if (waiting.TryGetValue(answer.MessageId, out var mine))
        {
            if (answer.Entry is { } entry)
            {
                mine.Found?.Invoke(entry);
            }
            else if (answer.Result is { } result)
            {
                mine.Result.TrySetResult(result);
            }
        }
    }

    /// <summary>Hands a message to whoever writes, or writes: what several say at one time goes out together.</summary>
    private void Write(Waiting message)
    {
        lock (guard)
        {
            unsent.Add(message);
            if (writing)
            {
                return;
            }

            writing = true;
        }

        _ = WriteAsync();
    }

    private async Task WriteAsync()
    {
        if (waiting.Count > 1)
        {
            // Others are about to speak too.
            await Task.Yield();
        }

        while (true)
        {
            List<Waiting> together;
            lock (guard)
            {
                if (unsent.Count == 0)
                {
                    writing = false;
                    return;
                }

                (together, unsent) = (unsent, []);
            }

            together.RemoveAll(one => ended && !one.IsParting);
            if (together.Count == 0)
            {
                End(failures.Broke());
                continue;
            }

            // What is about to be sent counts as sent: the server may act on a part of it.
            together.ForEach(one => one.Sent = true);
            try
            {
                using var limit = new CancellationTokenSource(endpoint.Limit);
                await stream.WriteAsync(together is [var alone] ? alone.Message : [.. together.SelectMany(one => one.Message)], limit.Token);
            }
            catch (OperationCanceledException)
            {
                // Half a message may be out: nothing can follow it.
                End(failures.TimedOut(endpoint.Limit));
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException or NotSupportedException)
            {
                // Also when the goodbye of a connection that is given up is on its way: nobody may wait for ever.
                End(failures.Broke());
            }
        }
    }

    private void End(Failure why)
    {
        ended = true;
        foreach (var (_, mine) in waiting)
        {
            mine.Result.TrySetException(new LdapCallException(why, mine.Sent));
        }

        socket.Dispose();
    }

    /// <summary>A message and the wait for its answer.</summary>
    private sealed class Waiting(byte[] message, Action<LdapEntry>? found)
    {
        private volatile bool sent;

        /// <summary>Said on a connection that takes no more requests.</summary>
        public bool IsParting { get; init; }

        public byte[] Message => message;

        public Action<LdapEntry>? Found => found;

        public bool Sent { get => sent; set => sent = value; }

        public TaskCompletionSource<LdapResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
