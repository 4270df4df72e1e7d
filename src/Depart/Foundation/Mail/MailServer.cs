using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Foundation.Mail;

/// <summary>How the connection to the mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>Not at all: only on this very machine.</summary>
    None,

    /// <summary>TLS asked for by STARTTLS before anything else is said; without it nothing is sent.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,
}

/// <summary>The company's mail server and what mails say of their sender. One row, or none: then mails wait.</summary>
internal sealed class MailServer : Versioned
{
    /// <summary>Purpose of the encryption of the password.</summary>
    public const string SecretPurpose = "depart.mail-server";

    /// <summary>There is one.</summary>
    public int Id { get; private init; } = 1;

    public required string Host { get; set; }

    /// <summary>1 to 65535.</summary>
    public int Port { get; set; }

    public MailSecurity Security { get; set; }

    /// <summary>Who signs in, or null when the server asks for nobody.</summary>
    public string? User { get; set; }

    /// <summary>Encrypted; never shown again.</summary>
    public string? ProtectedPassword { get; private set; }

    /// <summary>PEM of the company's own authority; then only it is trusted.</summary>
    public string? TrustedCertificates { get; set; }

    /// <summary>Sender: what comes back goes there.</summary>
    public required string FromAddress { get; set; }

    public required string FromName { get; set; }

    /// <summary>Address of this Depart as readers reach it, without a slash at its end.</summary>
    public required string PublicAddress { get; set; }

    /// <summary>Seconds to wait for an answer, 1 to 600.</summary>
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>Whether a host name means this very machine.</summary>
    public static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The certificates of a PEM text, or null when there are none in it.</summary>
    public static X509Certificate2Collection? Authorities(string? pem)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            return null;
        }

        return authorities.Count > 0 ? authorities : null;
    }

    /// <summary>Encrypts the password, or forgets it.</summary>
    public void SetPassword(string? password, IDataProtectionProvider protection) =>
        ProtectedPassword = password is null ? null : protection.CreateProtector(SecretPurpose).Protect(password);

    /// <summary>The password in clear, in memory only; null without one.</summary>
    public string? Password(IDataProtectionProvider protection) =>
        ProtectedPassword is null ? null : protection.CreateProtector(SecretPurpose).Unprotect(ProtectedPassword);

    /// <summary>Called after a change.</summary>
    public void Changed() => Touch();

    internal sealed class Mapping : IEntityTypeConfiguration<MailServer>
    {
        public void Configure(EntityTypeBuilder<MailServer> builder)
        {
            builder.ToTable("mail_server");
            builder.HasKey(server => server.Id);
            builder.Property(server => server.Id).ValueGeneratedNever();
            builder.Property(server => server.Host).HasMaxLength(255);
            builder.Property(server => server.User).HasMaxLength(320);
            builder.Property(server => server.FromAddress).HasMaxLength(MailTo.LongestAddress);
            builder.Property(server => server.FromName).HasMaxLength(100);
            builder.Property(server => server.PublicAddress).HasMaxLength(500);
            MapVersion(builder);
        }
    }
}
