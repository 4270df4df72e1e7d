using System.Text.Json;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Foundation.Mail;

/// <summary>Identifies a mail.</summary>
public readonly record struct MailId(Guid Value) : IIdentifier<MailId>, IComparable<MailId>
{
    /// <summary>Wraps a UUID.</summary>
    public static MailId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out MailId id) => IIdentifier<MailId>.TryRead(text, out id);

    /// <summary>In the order of their making.</summary>
    public int CompareTo(MailId other) => Value.CompareTo(other.Value);

    /// <summary>Made before.</summary>
    public static bool operator <(MailId left, MailId right) => left.CompareTo(right) < 0;

    /// <summary>Made before, or the same.</summary>
    public static bool operator <=(MailId left, MailId right) => left.CompareTo(right) <= 0;

    /// <summary>Made after.</summary>
    public static bool operator >(MailId left, MailId right) => left.CompareTo(right) > 0;

    /// <summary>Made after, or the same.</summary>
    public static bool operator >=(MailId left, MailId right) => left.CompareTo(right) >= 0;

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>Where a mail stands.</summary>
public enum MailState
{
    /// <summary>To be sent: when its instant comes, when a server is configured, or once more after an answer that was not final.</summary>
    Waiting,

    /// <summary>The server took the recipient; the text is being given to it. Found after a crash, it becomes <see cref="Uncertain"/>.</summary>
    Sending,

    /// <summary>The server took it. It may still come back to the sender's mailbox later.</summary>
    Sent,

    /// <summary>The server refused it for good, or for too long.</summary>
    Refused,

    /// <summary>The text was given to the server and its answer was lost: it may have been sent. Only a person sends it again.</summary>
    Uncertain,

    /// <summary>Taken back before it was sent.</summary>
    Withdrawn,
}

/// <summary>
/// One mail to one recipient (ANN2), rendered when it is sent. It is never sent twice by itself: before the text leaves, <see cref="Begin"/> is committed, and
/// whoever finds that mark later does not send.
/// </summary>
internal sealed class OutgoingMail : Versioned
{
    /// <summary>Kind of its work item.</summary>
    public const string WorkKind = "mail";

    /// <summary>Purpose of the encryption of what it holds.</summary>
    public const string SecretPurpose = "depart.mails";

    public MailId Id { get; private init; } = IIdentifier<MailId>.New();

    /// <summary>Name of its template (<see cref="IMailContent{TSelf}.Template"/>).</summary>
    public required string Template { get; init; }

    /// <summary><c>fr</c> or <c>en</c>: the reader's language.</summary>
    public required string Language { get; init; }

    /// <summary>What it is about, so that one is written once: <c>reminder-TASK-2026-12-18</c>. Null for what may be written again and again.</summary>
    public string? Key { get; init; }

    /// <summary>What it belongs to, so that all of it can be withdrawn: a departure's identifier, or null.</summary>
    public string? Group { get; init; }

    /// <summary>Recipient, values and the server's words: personal, so encrypted; null once erased.</summary>
    public string? Protected { get; private set; }

    public MailState State { get; private set; } = MailState.Waiting;

    /// <summary>Not before, UTC.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>A work item stands for it: false while no server is configured.</summary>
    public bool Queued { get; private set; }

    /// <summary>What it belongs to is nobody's business yet: it waits, whatever server there is, until it is let go.</summary>
    public bool Held { get; private set; }

    /// <summary>Work items made for it; a person who sends it again asks for a new one.</summary>
    public int Round { get; private set; }

    /// <summary>Times it was offered to a server.</summary>
    public int Attempts { get; private set; }

    /// <summary>Reply code of the last answer (RFC 5321), or null when there was none.</summary>
    public int? Code { get; private set; }

    /// <summary>As in the header; the same over all attempts, so that the mail is recognised wherever it arrives.</summary>
    public string? MessageId { get; private set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its state changed last, UTC.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>Whether it may be withdrawn: nothing has left yet.</summary>
    public bool IsWaiting => State == MailState.Waiting;

    /// <summary>Fills it in.</summary>
    public void Write(MailLetter letter, DateTimeOffset dueAt, DateTimeOffset now, IDataProtector protector)
    {
        Hold(letter, protector);
        (DueAt, ChangedAt) = (dueAt, now);
        Touch();
    }

    /// <summary>What it holds, or null once erased.</summary>
    public MailLetter? Read(IDataProtector protector) =>
        Protected is null ? null : JsonSerializer.Deserialize<MailLetter>(protector.Unprotect(Protected));

    /// <summary>A work item was made for it; gives the key of that item.</summary>
    public string Queue()
    {
        (Queued, Round) = (true, Round + 1);
        Touch();
        return $"mail-{Id.Value:N}-{Round}";
    }

    /// <summary>Holds it back, or (false) lets it go.</summary>
    public void HoldBack(bool held)
    {
        Held = held;
        Touch();
    }

    /// <summary>There is no server to give it to: it waits without a work item.</summary>
    public void Unqueue()
    {
        Queued = false;
        Touch();
    }

    /// <summary>The text is about to leave; false when it must not (withdrawn or sent meanwhile).</summary>
    public bool Begin(string messageId, DateTimeOffset now)
    {
        if (State is not (MailState.Waiting or MailState.Refused))
        {
            return false;
        }

        MessageId ??= messageId;
        Move(MailState.Sending, now);
        return true;
    }

    /// <summary>Ends an attempt. What was sent keeps its recipient and nothing of what was written.</summary>
    public void Settle(MailState state, int? code, string? answer, DateTimeOffset now, IDataProtector protector)
    {
        Attempts++;
        Code = code;
        if (Read(protector) is { } letter)
        {
            Hold(letter with { Answer = answer, Values = state == MailState.Sent ? null : letter.Values }, protector);
        }

        Move(state, now);
    }

    /// <summary>Tried again then.</summary>
    public void Postpone(DateTimeOffset dueAt) => DueAt = dueAt;

    /// <summary>Takes it back; false when it is too late.</summary>
    public bool Withdraw(DateTimeOffset now)
    {
        if (!IsWaiting)
        {
            return false;
        }

        Queued = false;
        Move(MailState.Withdrawn, now);
        return true;
    }

    /// <summary>A person, or a decision taken again, wants it sent after all.</summary>
    public void Again(DateTimeOffset dueAt, DateTimeOffset now)
    {
        (DueAt, Queued) = (dueAt, false);
        Move(MailState.Waiting, now);
    }

    /// <summary>Forgets recipient, values and answer.</summary>
    public void Erase()
    {
        Protected = null;
        Touch();
    }

    private void Hold(MailLetter letter, IDataProtector protector) => Protected = protector.Protect(JsonSerializer.Serialize(letter));

    private void Move(MailState state, DateTimeOffset now)
    {
        (State, ChangedAt) = (state, now);
        Touch();
    }

    internal sealed class Mapping : IEntityTypeConfiguration<OutgoingMail>
    {
        public void Configure(EntityTypeBuilder<OutgoingMail> builder)
        {
            builder.ToTable("outgoing_mails");
            builder.HasKey(mail => mail.Id);
            builder.Property(mail => mail.Template).HasMaxLength(60);
            builder.Property(mail => mail.Language).HasMaxLength(2);
            builder.Property(mail => mail.Key).HasMaxLength(200);
            builder.Property(mail => mail.Group).HasMaxLength(40);
            builder.Property(mail => mail.MessageId).HasMaxLength(320);
            builder.HasIndex(mail => mail.Key).IsUnique();
            builder.HasIndex(mail => mail.Group);
            builder.HasIndex(mail => new { mail.State, mail.Id });
            MapVersion(builder);
        }
    }
}

/// <summary>What is personal in a mail.</summary>
/// <param name="Address">The recipient's address.</param>
/// <param name="Name">The recipient's name, or nothing.</param>
/// <param name="Values">Values of the template as JSON; null once it was sent.</param>
/// <param name="Answer">The server's words, or ours when there were none.</param>
internal sealed record MailLetter(string Address, string Name, string? Values, string? Answer = null);
