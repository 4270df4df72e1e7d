using System.Text.Json;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Fluid;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Depart.Foundation.Mail;

/// <summary>Gives mails to the server, several over one connection, and records what it said of each.</summary>
[WorkKind(OutgoingMail.WorkKind, Batch = 20, InHand = 4, MinutesAtMost = 60)]
internal sealed partial class MailHandler(
    DepartDb database, Dispatcher dispatcher, IDataProtectionProvider protection, TimeProvider clock, IHouseName house, ILogger<MailHandler> log) : IWorkHandler
{
    private static readonly Words CutShort = new("It was cut short while it was being sent.", "L’envoi a été interrompu en cours de route.");
    private static readonly Words TriedTooOften = new("It was interrupted too often.", "L’envoi a été interrompu trop souvent.");

    private static readonly Words Unwritable = new("This mail cannot be written: its template is {0}.", "Ce courriel ne peut pas être rédigé : son modèle est {0}.");
    private static readonly Words NotMarked = new("Someone changed this mail while it was about to leave.", "Quelqu’un a modifié ce courriel au moment où il allait partir.");

    private readonly IDataProtector protector = Outbox.Protector(protection);

    /// <summary>How long to wait after so many attempts: greylists let in after minutes, a server may be away for days.</summary>
    public static TimeSpan WaitAfter(int attempts) => attempts switch
    {
        1 => TimeSpan.FromSeconds(30),
        2 => TimeSpan.FromMinutes(2),
        3 => TimeSpan.FromMinutes(5),
        4 => TimeSpan.FromMinutes(15),
        5 => TimeSpan.FromMinutes(30),
        _ => TimeSpan.FromHours(1),
    };

    public async Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation)
    {
        WorkResult? result = null;
        await ExecuteAsync([item], new(clock), (_, said) => result = said, cancellation);
        return result!;
    }

    public async Task ExecuteAsync(IReadOnlyList<WorkItem> items, CallSlots calls, Action<WorkItem, WorkResult> done, CancellationToken cancellation)
    {
        var ids = items.Select(item => Subject(item)).ToList();
        var mails = await database.Set<OutgoingMail>().AsNoTracking().Where(mail => ids.Contains(mail.Id)).ToDictionaryAsync(mail => mail.Id, cancellation);
        var server = await database.Set<MailServer>().AsNoTracking().SingleOrDefaultAsync(cancellation);
        SmtpSession? session = null;
        SmtpResult? broken = null;
        try
        {
            foreach (var item in items)
            {
                if (mails.GetValueOrDefault(Subject(item)) is not { State: MailState.Waiting or MailState.Refused or MailState.Sending } mail || mail.Read(protector) is not { } letter)
                {
                    // Sent, withdrawn or erased: a repetition of the work, not of the mail.
                    done(item, new(WorkVerdict.Done));
                    continue;
                }

                if (mail.State == MailState.Sending)
                {
                    done(item, new(WorkVerdict.Done, new SmtpResult(SmtpEnd.Unknown, null, null, CutShort)) { Error = CutShort });
                    continue;
                }

                if (server is null)
                {
                    done(item, new(WorkVerdict.Done, NoServer.Instance));
                    continue;
                }

                using var call = await calls.EnterAsync(cancellation);
                if (broken is null && session is not { IsOpen: true })
                {
                    await (session?.DisposeAsync() ?? ValueTask.CompletedTask);
                    session = null;
                    try
                    {
                        session = await SmtpSession.OpenAsync(server, server.Password(protection), clock, cancellation);
                    }
                    catch (SmtpUnusable unusable)
                    {
                        broken = unusable.Result;
                    }
                }

                var result = broken ?? await SendAsync(session!, server, mail, letter, cancellation);
                done(item, Told(item, result));
                if (result.ServerFault)
                {
                    // What is wrong is wrong for every mail: the rest of the batch is spared the wait.
                    broken = result;
                }
            }
        }
        finally
        {
            await (session?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    public async Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
    {
        var ids = done.Select(work => Subject(work.Item)).ToList();
        var mails = await db.Set<OutgoingMail>().Where(mail => ids.Contains(mail.Id)).ToDictionaryAsync(mail => mail.Id, cancellation);
        var now = clock.GetUtcNow();
        foreach (var work in done)
        {
            if (!mails.TryGetValue(Subject(work.Item), out var mail) || mail.State is MailState.Sent or MailState.Withdrawn or MailState.Uncertain)
            {
                continue;
            }

            switch (work.Result.Report)
            {
                case NoServer:
                    mail.Unqueue();
                    continue;
                case SmtpResult { End: SmtpEnd.NotWanted }:
                    continue;
                case SmtpResult { End: SmtpEnd.Later } later when work.Result.Verdict == WorkVerdict.Retry && !work.GivenUp:
                    Settle(mail, MailState.Waiting, later);
                    mail.Postpone(work.Item.DueAt);
                    continue;
                case SmtpResult result:
                    Settle(mail, result.End switch
                    {
                        SmtpEnd.Accepted => MailState.Sent,
                        SmtpEnd.Unknown => MailState.Uncertain,
                        _ => MailState.Refused,
                    }, result);
                    break;
                case null when work.GivenUp:
                    Settle(mail, mail.State == MailState.Sending ? MailState.Uncertain : MailState.Refused, new(SmtpEnd.Unknown, null, null, TriedTooOften));
                    break;
                default:
                    // Cut short by a time limit or a bug: the next attempt finds in which state.
                    continue;
            }

            journal.Record(MailFacts.Of(mail, $"mail.{mail.State.ToString().ToLowerInvariant()}", protector));
        }

        void Settle(OutgoingMail mail, MailState state, SmtpResult result) =>
            mail.Settle(state, result.Code, result.Answer ?? result.Why?.For(MailTo.CultureOf(mail.Language)), now, protector);
    }

    private static MailId Subject(WorkItem item) => MailId.From(Guid.Parse(item.Subject));

    private async Task<SmtpResult> SendAsync(SmtpSession session, MailServer server, OutgoingMail mail, MailLetter letter, CancellationToken cancellation)
    {
        MimeMessage message;
        var company = await house.NameAsync(cancellation);
        try
        {
            message = await MailWriter.MessageAsync(server, mail, letter, company, clock.GetUtcNow());
        }
        catch (Exception error) when (error is FluidException or InvalidOperationException or JsonException or FormatException or ArgumentException)
        {
            // A template that another version had, or an address that MIME cannot hold: the others of the batch go on.
            Unwritten(error, mail.Template);
            return new(SmtpEnd.Refused, null, null, Unwritable.With(mail.Template));
        }

        Outcome<bool>? begun = null;
        var result = await session.SendAsync(
            message, async () => (begun = await dispatcher.SendAsync(new BeginMail(mail.Id, message.MessageId!), Actor.Engine, cancellation)) is { Ok: true, Value: true }, cancellation);
        return result.End == SmtpEnd.NotWanted && begun is not { Ok: true } ? new(SmtpEnd.Later, null, null, NotMarked) : result;
    }

    private static WorkResult Told(WorkItem item, SmtpResult result) => result.End == SmtpEnd.Later && item.Tries < item.MaxTries
        ? new(WorkVerdict.Retry, result) { Error = result.Why, RetryAfter = WaitAfter(item.Tries), SystemFault = result.ServerFault }
        : new(WorkVerdict.Done, result) { Error = result.Why };

    [LoggerMessage(Level = LogLevel.Error, Message = "A mail of template {Template} could not be written.")]
    private partial void Unwritten(Exception error, string template);

    private sealed class NoServer
    {
        public static NoServer Instance { get; } = new();
    }
}

/// <summary>Marks that the text of a mail is about to leave, before it does; false when it must not leave any more.</summary>
internal sealed record BeginMail(MailId Mail, string MessageId) : ICommand<bool>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, TimeProvider clock) : IHandler<BeginMail, bool>
    {
        public async Task<Outcome<bool>> HandleAsync(BeginMail command, CancellationToken cancellation) =>
            await db.FindAsync<OutgoingMail>([command.Mail], cancellation) is { } mail && mail.Begin(command.MessageId, clock.GetUtcNow());
    }
}

/// <summary>What the journal says of mails: recipient and the server's words are personal.</summary>
internal static class MailFacts
{
    public static Fact Of(OutgoingMail mail, string kind, IDataProtector protector)
    {
        var letter = mail.Read(protector);
        return new(Guid.TryParse(mail.Group, out var departure) ? departure.ToString("N") : Fact.House, kind)
        {
            Values = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["mail"] = mail.Id.Value, ["template"] = mail.Template, ["language"] = mail.Language, ["attempts"] = mail.Attempts, ["code"] = mail.Code,
            },
            Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["to"] = letter?.Address, ["answer"] = letter?.Answer },
        };
    }
}
