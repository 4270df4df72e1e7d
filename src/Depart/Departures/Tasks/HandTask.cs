using Depart.Departures.Embargoes;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Departures.Tasks;

/// <summary>Somebody without an account whom one task was handed to: a system's owner, a contact of the supplier.</summary>
internal sealed class TaskGuest
{
    /// <summary>Longest name.</summary>
    public const int NameLength = 200;

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    public required DepartureTaskId Task { get; init; }

    public required string Name { get; init; }

    /// <summary>Lower case.</summary>
    public required string Mail { get; init; }

    /// <summary><c>fr</c> or <c>en</c>.</summary>
    public required string Language { get; init; }

    /// <summary>The person of the record whose address it is, or null: separation looks at it.</summary>
    public Guid? Person { get; init; }

    public required DateTimeOffset At { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<TaskGuest>
    {
        public void Configure(EntityTypeBuilder<TaskGuest> builder)
        {
            builder.ToTable("task_guests");
            builder.HasKey(guest => guest.Id);
            builder.Property(guest => guest.Name).HasMaxLength(NameLength);
            builder.Property(guest => guest.Mail).HasMaxLength(MailTo.LongestAddress);
            builder.Property(guest => guest.Language).HasMaxLength(2);
            builder.HasIndex(guest => guest.Task);
        }
    }
}

/// <summary>Hands a task to somebody without an account: a mail with a link goes to them, which does this one task and nothing else (DEP5).</summary>
/// <remarks>Language: <c>fr</c> or <c>en</c>; without it the one that they chose while they had an account, or the house's. Not what only somebody signed in may do: an approval, the cut.</remarks>
internal sealed record HandTask(DepartureId Departure, DepartureTaskId Task, string Name, string Mail, string? Language = null) : ICommand<Done>, IRouted, IOnTask, IChecked
{
    public static Access Access => SkipTask.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/tasks/{task}/hand", (DepartureId departure, DepartureTaskId task, Body body, ApiDoor door) =>
            door.SendAsync(new HandTask(departure, task, body.Name ?? "", body.Mail ?? "", body.Language))).WithTags("Tasks");

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            yield return Problem.Required(nameof(Name), TasksText.GuestName);
        }
        else if (Name.Trim().Length > TaskGuest.NameLength)
        {
            yield return Problem.Invalid(nameof(Name), "too-long", TasksText.TooLong.With(TasksText.GuestName, TaskGuest.NameLength));
        }

        if (!MailTo.IsAddress(Mail.Trim()))
        {
            yield return Problem.Invalid(nameof(Mail), "mail-malformed", TasksText.NoMail);
        }

        if (Language is not (null or "fr" or "en"))
        {
            yield return Problem.Invalid(nameof(Language), "language", TasksText.LanguageUnknown);
        }
    }

    internal sealed record Body(string? Name, string? Mail, string? Language);

    internal sealed class Handler(
        DepartDb db, TaskAtHand hand, TaskBook book, TaskBehaviours behaviours, TaskLinks links, TaskReaders readers, TaskHolders holders, Outbox outbox, IUserDirectory users, IDepartureBinding binding, Actor actor, IJournal journal, TimeProvider clock)
        : IHandler<HandTask, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(HandTask command, CancellationToken cancellation)
        {
            var found = await hand.FindAsync(command, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            var (task, departure) = found.Value;
            var mail = command.Mail.Trim().ToLowerInvariant();
            if ((hand.Stale(task) ?? (task.IsPending ? null : TasksText.Settled)) is { } refusal)
            {
                return refusal;
            }

            if (departure.UnderEmbargo)
            {
                return EmbargoText.GivenToStranger with { Field = nameof(Mail) };
            }

            if (!behaviours.Of(task.Kind).ByLink)
            {
                return TasksText.NotByLink;
            }

            if (await users.OfMailAsync(mail, cancellation) is { } user && await holders.RefusalAsync(user.Id, task, departure, cancellation) is null)
            {
                return Problem.Invalid(nameof(Mail), "has-account", TasksText.HasAccount.With(user.Name));
            }

            // An address of the record is that person, for whom the same rules hold as if they signed in.
            var person = await db.Set<Person>().Where(row => row.Mails.Contains(mail)).Select(row => (PersonId?)row.Id).FirstOrDefaultAsync(cancellation);
            if (person is { } known && !TaskRules.IsOfLeaversSide(task.Owner)
                && await Separation.RefusalAsync(Actor.ByLink(known.Value, command.Name), departure.Person.Value, binding, cancellation) is { } held)
            {
                return Problem.Invalid(nameof(Mail), held.Code, held.Message);
            }

            var now = clock.GetUtcNow();
            var language = command.Language ?? await users.LanguageAsync(person?.Value, cancellation);
            var guest = new TaskGuest { Task = task.Id, Name = command.Name.Trim(), Mail = mail, Language = language, Person = person?.Value, At = now };
            db.Add(guest);
            await book.GiveAsync(task, departure, null, TaskDesk.OfGuest(guest.Id), cancellation);
            task.Told(now, late: false);
            task.PlanNotice(TaskNotices.NextOf(task, departure));
            var due = TimeZoneInfo.ConvertTime(task.DueAt, task.ZoneOn(departure));
            var whose = await readers.NameAsync(departure.Person, cancellation);
            var to = new MailTo(mail, guest.Name, MailTo.CultureOf(language));
            await outbox.WriteAsync(
                to,
                new TaskByLink(
                    guest.Name, actor.Name, task.Title.For(to.Culture), whose,
                    DateOnly.FromDateTime(due.DateTime), TimeOnly.FromDateTime(due.DateTime), links.Make(task, task.Desk, guest.Name, guest.Person)),
                key: $"{TaskClock.MailKeyOf(task)}handed-{guest.Id:N}", group: departure.Id.ToString(), cancellation: cancellation);
            var fact = TaskFacts.Of(departure, task, "task.handed-by-link");
            journal.Record(fact with { Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["name"] = guest.Name, ["mail"] = guest.Mail } });
            return Done.Value;
        }
    }
}

/// <summary>Withdraws the links to a task. One that was handed to somebody without an account goes back to whoever holds the role.</summary>
internal sealed record WithdrawTaskLinks(DepartureId Departure, DepartureTaskId Task) : ICommand<Done>, IRouted, IOnTask
{
    public static Access Access => SkipTask.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/departures/{departure}/tasks/{task}/links", (DepartureId departure, DepartureTaskId task, ApiDoor door) => door.SendAsync(new WithdrawTaskLinks(departure, task))).WithTags("Tasks");

    internal sealed class Handler(TaskAtHand hand, TaskBook book, TaskLinks links, IDepartureFacts facts, IJournal journal) : IHandler<WithdrawTaskLinks, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(WithdrawTaskLinks command, CancellationToken cancellation)
        {
            var found = await hand.FindAsync(command, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            var (task, departure) = found.Value;
            var ended = await links.EndAsync(task, cancellation);
            if (ended == 0 && !TaskDesk.IsGuest(task.Desk))
            {
                return TasksText.NoLink;
            }

            // A link in a mail that has not left is withdrawn with its mail.
            if (task.IsPending)
            {
                await book.GiveAsync(
                    task, departure, task.Assignee, TaskDesk.IsGuest(task.Desk) ? TaskDesk.Of(task.Owner, await facts.PartiesAsync(departure, cancellation)) : task.Desk, cancellation);
            }

            var fact = TaskFacts.Of(departure, task, "task.links-withdrawn");
            journal.Record(fact with { Values = new Dictionary<string, object?>(fact.Values, StringComparer.Ordinal) { ["links"] = ended } });
            return Done.Value;
        }
    }
}

/// <summary>Somebody without an account is asked to do a task.</summary>
internal sealed record TaskByLink(string Name, string By, string Task, string Leaver, DateOnly Day, TimeOnly Hour, string Path) : IMailContent<TaskByLink>
{
    public static string Template => "task-by-link";

    public static IReadOnlyList<TaskByLink> Samples =>
        [new("Nadia Ferrand", "Zoë Lefèvre", new Foundation.Words("Close the access to systems that are not connected", "Fermer les accès des systèmes non connectés").ToString(), "Mehdi D’Angélo", new(2026, 12, 18), new(18, 0), "/by-link?code=0")];
}
