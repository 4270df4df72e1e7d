using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.Mail;

/// <summary>One mail, as listed.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Template">What kind of mail it is.</param>
/// <param name="Language"><c>fr</c> or <c>en</c>.</param>
/// <param name="To">The recipient's address, or null once erased.</param>
/// <param name="Name">The recipient's name, or null.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempts">Times it was offered to a server.</param>
/// <param name="Code">Reply code of the last answer, or null.</param>
/// <param name="Answer">The server's last words, or why there were none; or null.</param>
/// <param name="Group">The departure it belongs to, or null.</param>
/// <param name="DueAt">Not before, UTC.</param>
/// <param name="CreatedAt">When it was written, UTC.</param>
/// <param name="ChangedAt">When its state changed last, UTC.</param>
/// <param name="MessageId">As in its header, once it was offered; or null.</param>
public sealed record MailRow(
    MailId Id, string Template, string Language, string? To, string? Name, MailState State, int Attempts, int? Code, string? Answer, string? Group, DateTimeOffset DueAt,
    DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, string? MessageId);

/// <summary>Mails, the newest first, a page at a time: by state, or of one departure. What bounced after the server took it is not known here.</summary>
internal sealed record ListMails(MailState? State = null, string? Group = null, string? After = null, int Size = 50) : IQuery<Page<MailRow>>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/mails", (Word<MailState>? state, string? group, string? after, int? size, ApiDoor door) =>
            state?.Refusal("state") is { } refusal
                ? Task.FromResult<IResult>(ApiDoor.Failed(refusal))
                : door.AskAsync(new ListMails(state?.Value, group, after, size ?? 50))).WithTags("Mail").Produces<Page<MailRow>>();

    internal sealed class Handler(DepartDb db, IDataProtectionProvider protection) : IHandler<ListMails, Page<MailRow>>
    {
        public async Task<Outcome<Page<MailRow>>> HandleAsync(ListMails query, CancellationToken cancellation)
        {
            var size = Math.Clamp(query.Size, 1, 200);
            var mails = db.Set<OutgoingMail>().Where(mail => (query.State == null || mail.State == query.State) && (query.Group == null || mail.Group == query.Group));
            if (query.After is { Length: > 0 } after)
            {
                if (!MailId.TryParse(after, out var last))
                {
                    return Cursors.Unknown;
                }

                mails = mails.Where(mail => mail.Id.CompareTo(last) < 0);
            }

            var protector = Outbox.Protector(protection);
            var rows = (await mails.OrderByDescending(mail => mail.Id).Take(size + 1).ToListAsync(cancellation)).ConvertAll(mail =>
            {
                var letter = mail.Read(protector);
                return new MailRow(
                    mail.Id, mail.Template, mail.Language, letter?.Address, letter?.Name, mail.State, mail.Attempts, mail.Code, letter?.Answer, mail.Group, mail.DueAt, mail.CreatedAt,
                    mail.ChangedAt, mail.MessageId);
            });
            return new Page<MailRow>([.. rows.Take(size)], rows.Count > size ? rows[size - 1].Id.ToString() : null);
        }
    }
}

/// <summary>Sends a mail again that was refused or of which nobody knows whether it left: a person's decision, with the same Message-ID.</summary>
internal sealed record SendMailAgain(MailId Mail) : ICommand<Done>, IRouted
{
    public static Access Access => ListMails.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/mails/{mail}/again", (MailId mail, ApiDoor door) => door.SendAsync(new SendMailAgain(mail))).WithTags("Mail");

    internal sealed class Handler(DepartDb db, Outbox outbox, IDataProtectionProvider protection, IJournal journal, TimeProvider clock) : IHandler<SendMailAgain, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(SendMailAgain command, CancellationToken cancellation)
        {
            if (await db.FindAsync<OutgoingMail>([command.Mail], cancellation) is not { } mail)
            {
                return Problem.NotFound(MailText.Mail);
            }

            if (mail.State is not (MailState.Refused or MailState.Uncertain))
            {
                return Problem.Conflict("mail-state", MailText.NotAgain);
            }

            var protector = Outbox.Protector(protection);
            if (mail.Read(protector)?.Values is null)
            {
                return Problem.Conflict("mail-erased", MailText.Erased);
            }

            var now = clock.GetUtcNow();
            mail.Again(now, now);
            await outbox.QueueAsync(mail, cancellation);
            journal.Record(MailFacts.Of(mail, "mail.again", protector));
            return Done.Value;
        }
    }
}

/// <summary>Takes a mail back that still waits.</summary>
internal sealed record WithdrawMail(MailId Mail) : ICommand<Done>, IRouted
{
    public static Access Access => ListMails.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/mails/{mail}/withdraw", (MailId mail, ApiDoor door) => door.SendAsync(new WithdrawMail(mail))).WithTags("Mail");

    internal sealed class Handler(DepartDb db, Outbox outbox, IDataProtectionProvider protection, IJournal journal) : IHandler<WithdrawMail, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(WithdrawMail command, CancellationToken cancellation)
        {
            if (await db.FindAsync<OutgoingMail>([command.Mail], cancellation) is not { } mail)
            {
                return Problem.NotFound(MailText.Mail);
            }

            if (!await outbox.WithdrawAsync(mail.Id, cancellation))
            {
                return Problem.Conflict("mail-state", MailText.TooLate);
            }

            journal.Record(MailFacts.Of(mail, "mail.withdrawn", Outbox.Protector(protection)));
            return Done.Value;
        }
    }
}
