using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Depart.Connectors.Lab;

namespace Depart.Connectors.PostgreSql;

/// <summary>Somebody who takes the server's place: agrees to encrypt with a certificate that is not the right one, or not to encrypt at all.</summary>
public sealed class TlsImpostor : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource ended = new();
    private readonly X509Certificate2? certificate;
    private readonly List<byte> heard = [];

    public TlsImpostor(string what, LabCertificate? certificate)
    {
        What = what;
        this.certificate = certificate is null ? null : X509Certificate2.CreateFromPemFile(certificate.CertificateFile, certificate.KeyFile);
        Port = LabRun.FreePort();
        listener = new(IPAddress.Loopback, Port);
        listener.Start();
        _ = ServeAsync();
    }

    /// <summary>What is wrong with it.</summary>
    public string What { get; }

    public int Port { get; }

    /// <summary>How many bytes it was told after the encryption was settled, or refused: a role's name would be there.</summary>
    public int Heard => heard.Count;

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Dispose();
        certificate?.Dispose();
        ended.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(ended.Token);
                var stream = client.GetStream();
                await stream.ReadExactlyAsync(new byte[8], ended.Token);
                await stream.WriteAsync(certificate is null ? "N"u8.ToArray() : "S"u8.ToArray(), ended.Token);
                await using Stream told = certificate is null ? stream : await SecureAsync(stream, certificate);
                var buffer = new byte[1024];
                var count = await told.ReadAsync(buffer, ended.Token);
                heard.AddRange(buffer.Take(count));
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException)
            {
                // The client left, as it should.
            }
        }
    }

    private static async Task<SslStream> SecureAsync(NetworkStream stream, X509Certificate2 certificate)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(certificate);
        return secure;
    }
}
