using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Depart.Connectors.Lab;

/// <summary>A certification authority made for one run, and three server certificates: a good one, one of a stranger's authority, one expired.</summary>
/// <remarks>Files are PEM. Keys are readable by their owner only: a server that runs as another user gets its own copy.</remarks>
public sealed class LabCertificates : IDisposable
{
    private static readonly DateTimeOffset Today = TimeProvider.System.GetUtcNow();

    private readonly X509Certificate2 authority = Authority("Depart lab");
    private readonly X509Certificate2 stranger = Authority("A stranger");

    internal LabCertificates(string folder)
    {
        AuthorityFile = Path.Combine(folder, "authority.pem");
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem());
        Good = Server(folder, "good", authority, Today.AddDays(-1), Today.AddDays(2));
        Untrusted = Server(folder, "untrusted", stranger, Today.AddDays(-1), Today.AddDays(2));
        Expired = Server(folder, "expired", authority, Today.AddDays(-20), Today.AddDays(-10));
        WrongName = Server(folder, "wrong-name", authority, Today.AddDays(-1), Today.AddDays(2), "elsewhere.example");
    }

    /// <summary>The authority that a system's settings are told to trust.</summary>
    public string AuthorityFile { get; }

    /// <summary>The authority as text.</summary>
    public string AuthorityPem => authority.ExportCertificatePem();

    /// <summary>What a client of the tests trusts.</summary>
    public X509ChainPolicy Policy
    {
        get
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(authority);
            return policy;
        }
    }

    /// <summary>Good for localhost, dc1.lab.example and 127.0.0.1 to 127.0.0.30.</summary>
    public LabCertificate Good { get; }

    /// <summary>Same names, from an authority that nobody trusts.</summary>
    public LabCertificate Untrusted { get; }

    /// <summary>Same names, ten days too old.</summary>
    public LabCertificate Expired { get; }

    /// <summary>From the trusted authority, for another host.</summary>
    public LabCertificate WrongName { get; }

    public void Dispose()
    {
        authority.Dispose();
        stranger.Dispose();
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(Today.AddDays(-30), Today.AddDays(30));
    }

    private static LabCertificate Server(string folder, string name, X509Certificate2 issuer, DateTimeOffset from, DateTimeOffset until, string? onlyFor = null)
    {
        // RSA: understood by every server, whatever its TLS library.
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={onlyFor ?? "localhost"}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in onlyFor is null ? ["localhost", "dc1.lab.example", "dc1"] : new[] { onlyFor })
        {
            names.AddDnsName(host);
        }

        for (var last = 1; onlyFor is null && last <= 30; last++)
        {
            names.AddIpAddress(IPAddress.Parse($"127.0.0.{last}"));
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        using var certificate = request.Create(issuer, from, until, RandomNumberGenerator.GetBytes(12));
        var files = new LabCertificate(Path.Combine(folder, $"{name}.pem"), Path.Combine(folder, $"{name}.key"));
        File.WriteAllText(files.CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(files.KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(files.KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return files;
    }
}

/// <summary>A certificate and its key, as PEM files.</summary>
public sealed record LabCertificate(string CertificateFile, string KeyFile);
