using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Depart.Foundation.Mail;

/// <summary>What is known of a mail after it was offered.</summary>
public enum SmtpEnd
{
    /// <summary>The server took it.</summary>
    Accepted,

    /// <summary>Not now, says the server; or the server could not be reached, or refused us rather than the recipient. Nothing was sent.</summary>
    Later,

    /// <summary>Never, says the server. Nothing was sent.</summary>
    Refused,

    /// <summary>The text was leaving when the connection was lost: it may have been taken.</summary>
    Unknown,

    /// <summary>Whoever was asked before the text left said no.</summary>
    NotWanted,
}

/// <summary>How a mail fared.</summary>
/// <param name="End">What is known.</param>
/// <param name="Code">Reply code of the server, or null.</param>
/// <param name="Answer">The server's words, at most 400 characters; or null. They may name the recipient.</param>
/// <param name="Why">Ours, without anything personal; null when it was taken.</param>
internal sealed record SmtpResult(SmtpEnd End, int? Code = null, string? Answer = null, Words? Why = null)
{
    /// <summary>The server itself could not be used: the next mail need not be tried.</summary>
    public bool ServerFault { get; init; }
}

/// <summary>One connection to the mail server, for several mails.</summary>
internal sealed class SmtpSession : IAsyncDisposable
{
    private const int LongestAnswer = 400;

    private static readonly Words Unreachable = new("The mail server cannot be reached: {0}", "Le serveur de messagerie est injoignable : {0}");
    private static readonly Words NotSecure = new("The connection to the mail server is not secure: {0}", "La connexion au serveur de messagerie n’est pas sûre : {0}");
    private static readonly Words NoStartTls = new("the server does not offer STARTTLS", "le serveur ne propose pas STARTTLS");
    private static readonly Words BadCertificate = new(
        "its certificate is not valid for {0}, or not from an authority that is trusted", "son certificat ne vaut pas pour {0}, ou ne vient pas d’une autorité reconnue");

    private static readonly Words SignInRefused = new("The mail server refuses the user or the password.", "Le serveur de messagerie refuse l’identifiant ou le mot de passe.");
    private static readonly Words NoSignIn = new("The mail server lets nobody sign in on this port: leave the user empty, or take another port.", "Le serveur de messagerie ne permet à personne de se connecter sur ce port\u00a0: laissez l’identifiant vide, ou prenez un autre port.");
    private static readonly Words Timeout = new("The mail server did not answer within {0} seconds.", "Le serveur de messagerie n’a pas répondu en {0} secondes.");
    private static readonly Words SenderRefused = new("The mail server does not let this sender send ({0}).", "Le serveur de messagerie n’accepte pas cet expéditeur ({0}).");
    private static readonly Words NotNow = new("The mail server says to try later ({0}).", "Le serveur de messagerie dit de réessayer plus tard ({0}).");
    private static readonly Words Never = new("The mail server refuses it ({0}).", "Le serveur de messagerie le refuse ({0}).");
    private static readonly Words NotAble = new("The mail server cannot carry this mail or its address.", "Le serveur de messagerie ne sait pas acheminer ce courriel ou son adresse.");
    private static readonly Words Lost = new(
        "The connection was lost while the mail was being sent: it may have arrived.", "La connexion a été perdue pendant l’envoi : le courriel est peut-être arrivé.");

    private readonly Client client;
    private readonly TimeSpan patience;
    private readonly TimeProvider clock;

    private SmtpSession(Client client, TimeSpan patience, TimeProvider clock) => (this.client, this.patience, this.clock) = (client, patience, clock);

    /// <summary>Whether another mail can be offered.</summary>
    public bool IsOpen => client.IsConnected;

    /// <summary>Connects, checks the certificate and signs in.</summary>
    /// <exception cref="SmtpUnusable">It cannot be used; nothing was sent.</exception>
    public static async Task<SmtpSession> OpenAsync(MailServer server, string? password, TimeProvider clock, CancellationToken cancellation)
    {
        var opened = new Client(server);
        var wait = TimeSpan.FromSeconds(server.TimeoutSeconds);
        using var limit = new CancellationTokenSource(wait, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await opened.ConnectAsync(server.Host, server.Port, server.Security switch
            {
                MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
                MailSecurity.StartTls => SecureSocketOptions.StartTls,
                _ => SecureSocketOptions.None,
            }, both.Token);
            if (server.User is { Length: > 0 } user)
            {
                if (!opened.Capabilities.HasFlag(SmtpCapabilities.Authentication))
                {
                    throw new NobodySignsIn();
                }

                await opened.AuthenticateAsync(user, password ?? "", both.Token);
            }

            return new(opened, wait, clock);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested && WhyUnusable(error, server) is { } why)
        {
            opened.Dispose();
            throw new SmtpUnusable(why with { ServerFault = true }, error);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Offers a mail to its one recipient. Once the server has taken the recipient, and before anything of the text leaves, <paramref name="begin"/> is
    /// asked: what it commits holds whatever happens next; its false calls the mail off.
    /// </summary>
    public async Task<SmtpResult> SendAsync(MimeMessage message, Func<Task<bool>> begin, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        client.Begin = begin;
        client.Begun = false;
        try
        {
            return new(SmtpEnd.Accepted, 250, Clean(await client.SendAsync(message, both.Token)));
        }
        catch (CalledOff)
        {
            return new(SmtpEnd.NotWanted);
        }
        catch (SmtpCommandException answer)
        {
            return Read(answer);
        }
        catch (ServiceNotAuthenticatedException answer)
        {
            return new(SmtpEnd.Later, 530, Clean(answer.Message), SenderRefused.With(530)) { ServerFault = true };
        }
        catch (NotSupportedException error)
        {
            // An address beyond ASCII at a server without SMTPUTF8.
            return new(SmtpEnd.Refused, null, Clean(error.Message), NotAble);
        }
        catch (Exception error) when (error is OperationCanceledException or SmtpProtocolException or IOException or SocketException or ServiceNotConnectedException or TimeoutException)
        {
            if (client.Begun)
            {
                return new(SmtpEnd.Unknown, null, null, Lost);
            }

            cancellation.ThrowIfCancellationRequested();
            return new(SmtpEnd.Later, null, null, limit.IsCancellationRequested ? Timeout.With(patience.TotalSeconds) : Unreachable.With(Clean(error.Message))) { ServerFault = true };
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (client.IsConnected)
            {
                using var moment = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                await client.DisconnectAsync(true, moment.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SmtpProtocolException or SmtpCommandException or IOException or SocketException)
        {
            // Whether the goodbye was heard changes nothing.
        }

        client.Dispose();
    }

    /// <summary>An answer of the server is known, whatever it says: nothing is in doubt after it.</summary>
    private static SmtpResult Read(SmtpCommandException answer)
    {
        var code = (int)answer.StatusCode;
        var words = Clean(answer.Message);
        return (answer.ErrorCode, code) switch
        {
            // About us, not about the recipient: a person may set it right.
            (SmtpErrorCode.SenderNotAccepted, _) => new(SmtpEnd.Later, code, words, SenderRefused.With(code)) { ServerFault = true },
            (_, >= 500) => new(SmtpEnd.Refused, code, words, Never.With(code)),
            _ => new(SmtpEnd.Later, code, words, NotNow.With(code)),
        };
    }

    private static SmtpResult? WhyUnusable(Exception error, MailServer server) => error switch
    {
        System.Security.Authentication.AuthenticationException or MailKit.Security.AuthenticationException =>
            new(SmtpEnd.Later, 535, Clean(error.Message), SignInRefused),
        SslHandshakeException => new(SmtpEnd.Later, null, null, NotSecure.With(BadCertificate.With(server.Host))),
        NobodySignsIn => new(SmtpEnd.Later, null, null, NoSignIn),
        NotSupportedException when server.Security == MailSecurity.StartTls => new(SmtpEnd.Later, null, null, NotSecure.With(NoStartTls)),
        SmtpCommandException answer => new(SmtpEnd.Later, (int)answer.StatusCode, Clean(answer.Message), NotNow.With((int)answer.StatusCode)),
        OperationCanceledException or TimeoutException => new(SmtpEnd.Later, null, null, Timeout.With(server.TimeoutSeconds)),
        SocketException or IOException or SmtpProtocolException or NotSupportedException => new(SmtpEnd.Later, null, null, Unreachable.With(Clean(error.Message))),
        _ => null,
    };

    private static string Clean(string words)
    {
        var line = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = new([.. line.Where(sign => !char.IsControl(sign))]);
        return line.Length <= LongestAnswer ? line : line[..LongestAnswer];
    }

    private sealed class CalledOff : Exception;

    private sealed class NobodySignsIn : Exception;

    /// <summary>MailKit's client, heard at the moment between RCPT TO and DATA.</summary>
    private sealed class Client : SmtpClient
    {
        private readonly X509Certificate2Collection? authorities;

        public Client(MailServer server)
        {
            authorities = MailServer.Authorities(server.TrustedCertificates);
            ServerCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None;

            // Companies' own authorities seldom publish what was revoked, and servers can seldom ask.
            CheckCertificateRevocation = false;
        }

        public Func<Task<bool>> Begin { get; set; } = () => Task.FromResult(true);

        public bool Begun { get; set; }

        protected override SslClientAuthenticationOptions GetSslClientAuthenticationOptions(string host, RemoteCertificateValidationCallback remoteCertificateValidationCallback)
        {
            var options = base.GetSslClientAuthenticationOptions(host, remoteCertificateValidationCallback);
            var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
            if (authorities is not null)
            {
                policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                policy.CustomTrustStore.AddRange(authorities);
            }

            options.CertificateChainPolicy = policy;
            return options;
        }

        /// <summary>There is one recipient: what follows is the text. MailKit hears this without waiting, and the mark must be committed before it goes on.</summary>
        protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
        {
            if (!Begin().GetAwaiter().GetResult())
            {
                throw new CalledOff();
            }

            Begun = true;
        }
    }
}

/// <summary>The mail server cannot be used; says why.</summary>
internal sealed class SmtpUnusable(SmtpResult result, Exception inner) : Exception(result.Why?.En, inner)
{
    /// <summary>As an answer to every mail that was to be sent.</summary>
    public SmtpResult Result { get; } = result;
}
