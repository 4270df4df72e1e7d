using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Depart.Connectors.Lab;

namespace Depart.Connectors.OpenLdap;

/// <summary>A directory that does not read back in the same request, and is lost between the modification and the search.</summary>
[Collection<OpenLdapCollection>]
public sealed class ReadBackTests(OpenLdapServer server)
{
    [Fact]
    public async Task A_modification_that_the_server_took_is_unknown_and_not_unattempted_when_it_cannot_be_read_back()
    {
        server.Require();
        var person = LabPerson.New();
        await server.AddAsync(person);
        await using var relay = new Relay(server.Lab.Certificates.Good, server.Slapd.Port);
        var kind = new ConnectorCatalogue().Find("openldap")!;
        Assert.Empty(kind.Read(new Dictionary<string, string>(server.Settings()) { ["Port"] = $"{relay.Port}" }, out var read));
        await using var connector = kind.Create(read!, new(TimeProvider.System, new(TimeProvider.System)));

        var report = await connector.ApplyAsync(
            new() { Action = "end-time", Account = (await server.Slapd.FindAsync(person.Login))!.Value("entryUUID")!, IdempotencyKey = "a-key", CutAt = TimeProvider.System.GetUtcNow() },
            TestContext.Current.CancellationToken);

        Assert.Equal(CallOutcome.Unknown, report.Outcome);
        Assert.Contains(report.Exchanges, exchange => exchange.Request.StartsWith("MODIFY", StringComparison.Ordinal) && exchange.Answer == "0 success");
        Assert.NotNull((await server.Slapd.FindAsync(person.Login))!.Value("pwdEndTime"));
    }

    /// <summary>Stands before a real slapd: hides that it can read back (RFC 4527), and is gone once it has passed the answer to a modification.</summary>
    private sealed class Relay : IAsyncDisposable
    {
        private const byte ModifyResponse = 0x67;

        private readonly CancellationTokenSource ended = new();
        private readonly X509Certificate2 certificate;
        private readonly TcpListener listener;
        private readonly int slapd;

        public Relay(LabCertificate certificate, int slapd)
        {
            (this.certificate, this.slapd) = (X509Certificate2.CreateFromPemFile(certificate.CertificateFile, certificate.KeyFile), slapd);
            Port = LabRun.FreePort();
            listener = new(IPAddress.Loopback, Port);
            listener.Start();
            _ = ServeAsync();
        }

        public int Port { get; }

        public async ValueTask DisposeAsync()
        {
            await ended.CancelAsync();
            listener.Dispose();
            certificate.Dispose();
            ended.Dispose();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    _ = RelayAsync(await listener.AcceptTcpClientAsync(ended.Token));
                }
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Nothing listens any more.
            }
        }

        private async Task RelayAsync(TcpClient client)
        {
            try
            {
                using var held = client;
                using var line = new TcpClient("127.0.0.1", slapd);
                await using var from = new SslStream(client.GetStream());
                await using var to = new SslStream(line.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString());
                await from.AuthenticateAsServerAsync(certificate);
                await to.AuthenticateAsClientAsync("localhost");
                var asked = from.CopyToAsync(to, ended.Token);
                var buffer = new byte[64 * 1024];
                for (int length; (length = await to.ReadAsync(buffer, ended.Token)) > 0;)
                {
                    Hide(buffer.AsSpan(0, length));
                    await from.WriteAsync(buffer.AsMemory(0, length), ended.Token);
                    if (Tag(buffer) == ModifyResponse)
                    {
                        listener.Stop();
                        await ended.CancelAsync();
                    }
                }

                await asked;
            }
            catch (Exception end) when (end is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // One of the two has gone.
            }
        }

        private static void Hide(Span<byte> answer)
        {
            if (answer.IndexOf("1.3.6.1.1.13.2"u8) is >= 0 and var at)
            {
                answer[at + 13] = (byte)'9';
            }
        }

        /// <summary>What kind of answer stands first: behind the envelope and the number of the request (RFC 4511, 4.1.1).</summary>
        private static byte Tag(byte[] answer)
        {
            var number = answer[1] < 0x80 ? 2 : 2 + (answer[1] & 0x7f);
            return answer[number + 2 + answer[number + 1]];
        }
    }
}
