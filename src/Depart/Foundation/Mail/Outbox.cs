using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Depart.Foundation.Mail;

/// <summary>Writes mails in the transaction of the decision, and takes them back. Scoped: it works on the context of the command that is being handled.</summary>
internal sealed class Outbox(DepartDb db, IMailHold hold, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>Times a mail is offered before it counts as refused: some two and a half days (<see cref="MailHandler.WaitAfter"/>).</summary>
    public const int MostTries = 60;

    private static readonly Words NoAddress = new("This is not an e-mail address.", "Ce n’est pas une adresse électronique.");

    private readonly Dictionary<string, OutgoingMail> written = new(StringComparer.Ordinal);
    private bool? hasServer;

    /// <summary>Encrypts what mails hold.</summary>
    public static IDataProtector Protector(IDataProtectionProvider protection) => protection.CreateProtector(OutgoingMail.SecretPurpose);

    /// <summary>
    /// Writes a mail; it leaves after the commit. With a <paramref name="key"/> that was used before nothing is written and that mail is given, but one that was
    /// withdrawn is written anew. What belongs to something that nobody may know of yet is held. An address that cannot be one gives a mail that is refused: it shows in the list, and breaks nobody's transaction.
    /// </summary>
    /// <param name="to">The recipient.</param>
    /// <param name="content">The values.</param>
    /// <param name="key">What it is about, so that it is written once; 200 characters at most.</param>
    /// <param name="group">What it belongs to, to withdraw all of it: a departure's identifier as text.</param>
    /// <param name="notBefore">First instant, UTC; now when not said.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<MailId> WriteAsync<TContent>(
        MailTo to, TContent content, string? key = null, string? group = null, DateTimeOffset? notBefore = null, CancellationToken cancellation = default)
        where TContent : class, IMailContent<TContent>
    {
        var now = clock.GetUtcNow();
        var letter = new MailLetter(to.Address.Trim(), to.Name, MailWriter.Values(content));
        if (key is not null && await FindAsync(key, cancellation) is { } known)
        {
            if (known.State == MailState.Withdrawn)
            {
                known.Write(letter, notBefore ?? now, now, Protector(protection));
                known.Again(notBefore ?? now, now);
                await QueueAsync(known, cancellation);
            }

            return known.Id;
        }

        var mail = new OutgoingMail { Template = TContent.Template, Language = to.Language, Key = key, Group = group, CreatedAt = now };
        mail.Write(letter, notBefore ?? now, now, Protector(protection));
        db.Add(mail);
        if (key is not null)
        {
            written[key] = mail;
        }

        if (group is not null && await hold.HoldsAsync(group, cancellation))
        {
            mail.HoldBack(true);
        }

        if (MailTo.IsAddress(letter.Address))
        {
            await QueueAsync(mail, cancellation);
        }
        else
        {
            mail.Settle(MailState.Refused, null, NoAddress.For(to.Culture), now, Protector(protection));
        }

        return mail.Id;
    }

    /// <summary>Lets go what was held of a group.</summary>
    public async Task ReleaseAsync(string group, CancellationToken cancellation)
    {
        foreach (var mail in await db.Set<OutgoingMail>().Where(mail => mail.Group == group && mail.Held).ToListAsync(cancellation))
        {
            mail.HoldBack(false);
            if (mail.IsWaiting)
            {
                await QueueAsync(mail, cancellation);
            }
        }
    }

    /// <summary>Takes back what still waits of a group; gives how many.</summary>
    public async Task<int> WithdrawAsync(string group, CancellationToken cancellation)
    {
        var mails = await db.Set<OutgoingMail>().Where(mail => mail.Group == group && mail.State == MailState.Waiting).ToListAsync(cancellation);
        await WithdrawAsync(mails, cancellation);
        return mails.Count;
    }

    /// <summary>Takes one back; false when it is too late, or when there is none.</summary>
    public async Task<bool> WithdrawAsync(MailId id, CancellationToken cancellation)
    {
        if (await db.FindAsync<OutgoingMail>([id], cancellation) is not { IsWaiting: true } mail)
        {
            return false;
        }

        await WithdrawAsync([mail], cancellation);
        return true;
    }

    /// <summary>Takes back what was written under a key; false when it is too late, or when there is none.</summary>
    public async Task<bool> WithdrawKeyAsync(string key, CancellationToken cancellation) =>
        await FindAsync(key, cancellation) is { } mail && await WithdrawAsync(mail.Id, cancellation);

    /// <summary>Takes back what waits of a group under keys that begin so.</summary>
    public async Task WithdrawKeysAsync(string group, string start, CancellationToken cancellation) => await WithdrawAsync(
        [
            .. (await db.Set<OutgoingMail>().Where(mail => mail.Group == group && mail.State == MailState.Waiting && mail.Key!.StartsWith(start)).ToListAsync(cancellation))
                .Union(db.AtHand<OutgoingMail>().Where(mail => mail.Group == group && mail.Key?.StartsWith(start, StringComparison.Ordinal) == true)).Where(mail => mail.IsWaiting),
        ], cancellation);

    /// <summary>Makes the work item of a mail that waits, or leaves it waiting for a server or until it is let go.</summary>
    public async Task QueueAsync(OutgoingMail mail, CancellationToken cancellation)
    {
        hasServer ??= await db.Set<MailServer>().AnyAsync(cancellation);
        if (hasServer.Value && !mail.Held)
        {
            Queue(mail);
        }
        else
        {
            mail.Unqueue();
        }
    }

    /// <summary>Makes the work items of all that waited for a server; gives how many.</summary>
    public async Task<int> QueueWaitingAsync(CancellationToken cancellation)
    {
        var waiting = await db.Set<OutgoingMail>().Where(mail => mail.State == MailState.Waiting && !mail.Queued && !mail.Held).ToListAsync(cancellation);
        waiting.ForEach(Queue);
        return waiting.Count;
    }

    private void Queue(OutgoingMail mail) => db.Enqueue(new()
    {
        Queue = WorkQueues.Mail,
        Kind = OutgoingMail.WorkKind,
        Subject = mail.Id.ToString(),
        IdempotencyKey = mail.Queue(),
        DueAt = mail.DueAt,
        MaxTries = MostTries,
    });

    private async Task WithdrawAsync(IReadOnlyList<OutgoingMail> mails, CancellationToken cancellation)
    {
        if (mails.Count == 0)
        {
            return;
        }

        var now = clock.GetUtcNow();
        foreach (var mail in mails)
        {
            mail.Withdraw(now);
        }

        var subjects = mails.Select(mail => mail.Id.ToString()).ToList();
        await db.Set<WorkItem>().Where(item => subjects.Contains(item.Subject) && item.Kind == OutgoingMail.WorkKind && item.State == WorkState.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, WorkState.Cancelled), cancellation);
    }

    /// <summary>Also one that was written a moment ago and is not saved yet. Not by <c>Local</c>, which compares everything that is tracked, for every mail of thousands.</summary>
    private async Task<OutgoingMail?> FindAsync(string key, CancellationToken cancellation)
    {
        if (written.TryGetValue(key, out var mail) && db.Entry(mail).State != EntityState.Detached)
        {
            return mail;
        }

        return await db.Set<OutgoingMail>().FirstOrDefaultAsync(mail => mail.Key == key, cancellation);
    }
}

/// <summary>Says what may not be written about yet; implemented by the room that knows.</summary>
internal interface IMailHold
{
    /// <summary>Whether mails of that group are held back for now.</summary>
    Task<bool> HoldsAsync(string group, CancellationToken cancellation);
}
