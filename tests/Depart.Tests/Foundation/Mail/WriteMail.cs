using Depart.Foundation.Door;
using Depart.Interfaces.Mail;

namespace Depart.Foundation.Mail;

/// <summary>A decision that writes a mail, as any room's command does; or would have, and is refused.</summary>
internal sealed record WriteMail(MailTo To, TestMail Content, string? Key = null, string? Group = null, DateTimeOffset? NotBefore = null, bool Refused = false, bool Gone = false) : ICommand<MailId>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(Outbox outbox) : IHandler<WriteMail, MailId>
    {
        public async Task<Outcome<MailId>> HandleAsync(WriteMail command, CancellationToken cancellation)
        {
            if (command.Gone)
            {
                return await outbox.WriteAsync(command.To, new GoneMail(), cancellation: cancellation);
            }

            var mail = await outbox.WriteAsync(command.To, command.Content, command.Key, command.Group, command.NotBefore, cancellation);
            return command.Refused ? Problem.Conflict("no", Words.Same("no")) : mail;
        }
    }
}

/// <summary>A mail of another version: its template is not here.</summary>
internal sealed record GoneMail : IMailContent<GoneMail>
{
    public static string Template => "gone";

    public static IReadOnlyList<GoneMail> Samples => [new()];
}

/// <summary>Takes back what a departure had written, as its cancellation does.</summary>
internal sealed record TakeBack(string? Group, string? Key = null) : ICommand<int>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(Outbox outbox) : IHandler<TakeBack, int>
    {
        public async Task<Outcome<int>> HandleAsync(TakeBack command, CancellationToken cancellation) => command.Group is { } group
            ? await outbox.WithdrawAsync(group, cancellation)
            : await outbox.WithdrawKeyAsync(command.Key!, cancellation) ? 1 : 0;
    }
}
