using System.Threading.Channels;
using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>
/// Somebody asks for a link to the private address that they name. It goes to that address when the company holds it, with consent, for a person whose departure was announced; otherwise nothing happens.
/// The answer is the same.
/// </summary>
/// <param name="Mail">The address.</param>
/// <param name="Language"><c>fr</c> or <c>en</c>: that of the page.</param>
internal sealed record AskForDoor(string Mail, string Language) : ICommand<Done>
{
    /// <summary>Links to one person in an hour: whoever asks on and on fills nobody's mailbox, and takes nothing back that was sent.</summary>
    public const int MostInAnHour = 3;

    /// <summary>People who share an address, at most.</summary>
    private const int MostSharing = 3;

    public static Access Access => Access.Anyone;

    internal sealed class Handler(DepartDb db, OwnDoors doors, DoorPost post, TimeProvider clock) : IHandler<AskForDoor, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(AskForDoor command, CancellationToken cancellation)
        {
            var mail = command.Mail.Trim().ToLowerInvariant();
            if (!MailTo.IsAddress(mail))
            {
                return Done.Value;
            }

            foreach (var person in await db.Set<Person>().Where(row => row.PrivateMail == mail).OrderBy(row => row.Id).Take(MostSharing).ToListAsync(cancellation))
            {
                await AnswerAsync(person, command.Language, cancellation);
            }

            return Done.Value;
        }

        private async Task AnswerAsync(Person person, string language, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            var since = now - TimeSpan.FromHours(1);
            if (await db.Set<WayIn>().CountAsync(way => way.Person == person.Id && way.Kind == WayInKind.Asked && way.CreatedAt > since, cancellation) >= MostInAnHour)
            {
                return;
            }

            // A door that is open; else the first that may be, once the departure was announced: nobody learns here of an end that they were not told.
            var all = (await doors.AllOfAsync(person.Id, cancellation)).Where(pair => OwnDoor.MayBeOpen(pair.Door, pair.Departure, now)).ToList();
            var (_, departure) = all.Find(pair => pair.Door is not null) is { Departure: not null } open ? open : all.Find(pair => IsAnnounced(pair.Departure, now));
            if (departure is not null && await doors.OpenAsync(departure, cancellation) is not null)
            {
                await post.SendAsync(departure, person, WayInKind.Asked, now, language, cancellation);
            }
        }

        private static bool IsAnnounced(Departure departure, DateTimeOffset now) =>
            departure.AnnounceOn <= DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, departure.LocalZone).DateTime) || departure.State != DepartureState.Open;
    }
}

/// <summary>
/// Takes what is asked at the door and answers at once, whatever comes of it: neither the answer nor the time that it takes tells whether an address is known. One at a time; when hundreds wait, more are
/// dropped.
/// </summary>
internal sealed partial class DoorKnocks(Dispatcher dispatcher, ILogger<DoorKnocks> logger) : BackgroundService
{
    private const int MostWaiting = 200;

    private readonly Channel<AskForDoor> waiting = Channel.CreateBounded<AskForDoor>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Takes one.</summary>
    public void Take(string mail, string language)
    {
        if (mail.Length <= MailTo.LongestAddress)
        {
            waiting.Writer.TryWrite(new(mail, language));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var knock in waiting.Reader.ReadAllAsync(stoppingToken))
            {
                await HearAsync(knock, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task HearAsync(AskForDoor knock, CancellationToken cancellation)
    {
        try
        {
            await dispatcher.SendAsync(knock, Actor.Nobody, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // One that fails does not keep the next from being heard.
            Failed(error);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A link asked for at the leaver's own door could not be made.")]
    private partial void Failed(Exception error);
}
