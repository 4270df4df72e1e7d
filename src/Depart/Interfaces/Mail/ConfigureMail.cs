using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.Mail;

/// <summary>Sets the mail server, replacing what was set; mails that waited for one leave now.</summary>
/// <remarks>
/// The port is 587 for STARTTLS, 465 for TLS, 25 without protection unless said; the time-out is 60 seconds. A password that is not given is kept while host, port and
/// user stay the same; <paramref name="ForgetPassword"/> drops it.
/// </remarks>
internal sealed record ConfigureMail(
    string Host, MailSecurity Security, string FromAddress, string FromName, string PublicAddress, int? Port = null, string? User = null, string? Password = null,
    bool ForgetPassword = false, string? TrustedCertificates = null, int? TimeoutSeconds = null) : ICommand<Done>, IRouted, IChecked, IRequiresProof
{
    /// <summary>Mails given to the server at once: more than two connections are taken for a flood by many.</summary>
    private const int Connections = 2;

    public static Access Access => Access.To(Role.Admin);

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/mail/settings", (ConfigureMail command, ApiDoor door) => door.SendAsync(command)).WithTags("Mail");

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Host))
        {
            yield return Problem.Required(nameof(Host), MailText.Host);
        }
        else if (Uri.CheckHostName(Host.Trim()) == UriHostNameType.Unknown)
        {
            yield return Problem.Invalid(nameof(Host), "host", MailText.HostWrong.With(Host));
        }
        else if (Security == MailSecurity.None && !MailServer.IsLoopback(Host.Trim()))
        {
            yield return Problem.Invalid(nameof(Security), "not-protected", MailText.OnlyHere);
        }

        if (Port is < 1 or > 65535)
        {
            yield return Problem.Invalid(nameof(Port), "out-of-range", MailText.PortRange);
        }

        if (TimeoutSeconds is < 1 or > 600)
        {
            yield return Problem.Invalid(nameof(TimeoutSeconds), "out-of-range", MailText.TimeoutRange);
        }

        if (string.IsNullOrWhiteSpace(FromAddress))
        {
            yield return Problem.Required(nameof(FromAddress), MailText.FromAddress);
        }
        else if (!MailTo.IsAddress(FromAddress.Trim()))
        {
            yield return Problem.Invalid(nameof(FromAddress), "address", MailText.AddressWrong.With(FromAddress));
        }

        if (string.IsNullOrWhiteSpace(FromName))
        {
            yield return Problem.Required(nameof(FromName), MailText.FromName);
        }
        else if (FromName.Trim().Length > 100 || FromName.Any(char.IsControl))
        {
            yield return Problem.Invalid(nameof(FromName), "one-line", MailText.NoLineEnds.With(MailText.FromName, 100));
        }

        if (!Uri.TryCreate(PublicAddress, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.Query.Length + address.Fragment.Length > 0)
        {
            yield return Problem.Invalid(nameof(PublicAddress), "address", MailText.PublicWrong);
        }

        if (!string.IsNullOrWhiteSpace(TrustedCertificates) && MailServer.Authorities(TrustedCertificates) is null)
        {
            yield return Problem.Invalid(nameof(TrustedCertificates), "certificate", MailText.CertificatesWrong);
        }

        if (!string.IsNullOrEmpty(Password) && string.IsNullOrWhiteSpace(User))
        {
            yield return Problem.Invalid(nameof(User), "required", MailText.PasswordAlone);
        }
    }

    internal sealed class Handler(DepartDb db, Outbox outbox, IDataProtectionProvider protection, RequestSlot request, IJournal journal) : IHandler<ConfigureMail, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ConfigureMail command, CancellationToken cancellation)
        {
            var host = command.Host.Trim();
            var port = command.Port ?? command.Security switch { MailSecurity.Tls => 465, MailSecurity.StartTls => 587, _ => 25 };
            var user = string.IsNullOrWhiteSpace(command.User) ? null : command.User.Trim();
            var server = await db.Set<MailServer>().SingleOrDefaultAsync(cancellation);
            if (server is not null && !server.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            var moved = server is not null && (!string.Equals(server.Host, host, StringComparison.OrdinalIgnoreCase) || server.Port != port || server.User != user);
            if (moved && user is not null && server!.ProtectedPassword is not null && string.IsNullOrEmpty(command.Password) && !command.ForgetPassword)
            {
                return Problem.Invalid(nameof(Password), "secret-again", MailText.PasswordAgain);
            }

            var first = server is null;
            if (server is null)
            {
                db.Add(server = new() { Host = host, FromAddress = "", FromName = "", PublicAddress = "" });
            }

            (server.Host, server.Port, server.Security, server.User) = (host, port, command.Security, user);
            (server.FromAddress, server.FromName) = (command.FromAddress.Trim(), command.FromName.Trim());
            server.PublicAddress = command.PublicAddress.Trim().TrimEnd('/');
            server.TrustedCertificates = string.IsNullOrWhiteSpace(command.TrustedCertificates) ? null : command.TrustedCertificates.Trim();
            server.TimeoutSeconds = command.TimeoutSeconds ?? 60;
            if (!string.IsNullOrEmpty(command.Password) || command.ForgetPassword || user is null)
            {
                server.SetPassword(user is null || string.IsNullOrEmpty(command.Password) ? null : command.Password, protection);
            }

            server.Changed();
            if (await db.FindAsync<WorkQueue>([WorkQueues.Mail], cancellation) is { } queue)
            {
                queue.MaxConcurrency = Connections;
            }
            else
            {
                db.Add(new WorkQueue { Name = WorkQueues.Mail, MaxConcurrency = Connections });
            }

            var waited = await outbox.QueueWaitingAsync(cancellation);
            journal.Record(MailServerFacts.Of(server, first ? "mail-server.set" : "mail-server.changed", new()
            {
                ["passwordGiven"] = !string.IsNullOrEmpty(command.Password), ["mailsThatWaited"] = waited,
            }));
            return Done.Value;
        }
    }
}

/// <summary>Forgets the mail server and its password; mails wait from now on.</summary>
internal sealed record ForgetMailServer : ICommand<Done>, IRouted, IRequiresProof
{
    public static Access Access => ConfigureMail.Access;

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/mail/settings", (ApiDoor door) => door.SendAsync(new ForgetMailServer())).WithTags("Mail");

    internal sealed class Handler(DepartDb db, IJournal journal) : IHandler<ForgetMailServer, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ForgetMailServer command, CancellationToken cancellation)
        {
            if (await db.Set<MailServer>().SingleOrDefaultAsync(cancellation) is not { } server)
            {
                return Problem.NotFound(MailText.Server);
            }

            db.Remove(server);
            journal.Record(MailServerFacts.Of(server, "mail-server.forgotten", []));
            return Done.Value;
        }
    }
}

/// <summary>The settings of mail, as they can be shown: whether there is a password, never which.</summary>
/// <param name="Server">What is set, or null: then mails wait.</param>
/// <param name="Waiting">Mails that wait.</param>
/// <param name="Refused">Mails refused for good.</param>
/// <param name="Uncertain">Mails of which nobody knows whether they left.</param>
/// <param name="Said">What to know about it, or null.</param>
/// <param name="Version">For If-Match.</param>
public sealed record MailSettings(MailServerView? Server, int Waiting, int Refused, int Uncertain, Foundation.Words? Said, long Version) : IVersioned;

/// <summary>The mail server, as it can be shown.</summary>
public sealed record MailServerView(
    string Host, int Port, MailSecurity Security, string? User, bool PasswordSet, string? TrustedCertificates, string FromAddress, string FromName, string PublicAddress, int TimeoutSeconds);

/// <summary>The settings of mail, and how many mails wait or failed.</summary>
internal sealed record GetMailSettings : IQuery<MailSettings>, IRouted
{
    public static Access Access => ConfigureMail.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/mail/settings", (ApiDoor door) => door.AskAsync(new GetMailSettings())).WithTags("Mail").Produces<MailSettings>();

    internal sealed class Handler(DepartDb db) : IHandler<GetMailSettings, MailSettings>
    {
        public async Task<Outcome<MailSettings>> HandleAsync(GetMailSettings query, CancellationToken cancellation)
        {
            var server = await db.Set<MailServer>().SingleOrDefaultAsync(cancellation);
            var counts = await db.Set<OutgoingMail>().Where(mail => mail.State == MailState.Waiting || mail.State == MailState.Refused || mail.State == MailState.Uncertain)
                .GroupBy(mail => mail.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellation);
            var waiting = counts.GetValueOrDefault(MailState.Waiting);
            return new MailSettings(
                server is null ? null : new(
                    server.Host, server.Port, server.Security, server.User, server.ProtectedPassword is not null, server.TrustedCertificates, server.FromAddress, server.FromName,
                    server.PublicAddress, server.TimeoutSeconds),
                waiting, counts.GetValueOrDefault(MailState.Refused), counts.GetValueOrDefault(MailState.Uncertain),
                server is not null ? null : waiting == 0 ? MailText.NoneWaits : Foundation.Words.Count(waiting, MailText.OneWaits, MailText.ManyWait),
                server?.Version ?? 0);
        }
    }
}

/// <summary>What the journal says of the mail server; its user may be somebody's address.</summary>
internal static class MailServerFacts
{
    public static Fact Of(MailServer server, string kind, Dictionary<string, object?> values) => new(Fact.House, kind)
    {
        Values = new Dictionary<string, object?>(values, StringComparer.Ordinal)
        {
            ["host"] = server.Host, ["port"] = server.Port, ["security"] = server.Security.ToString(), ["publicAddress"] = server.PublicAddress,
            ["trustedCertificates"] = server.TrustedCertificates is not null,
        },
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["user"] = server.User, ["from"] = server.FromAddress },
    };
}
