using Depart.Departures.Settings;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Departures.Tasks;

/// <summary>Somebody was named in a comment: it is in their mails and under My tasks until they say that they have seen it.</summary>
internal sealed class TaskMention
{
    public Guid Id { get; private init; } = Guid.CreateVersion7();

    public required DepartureTaskId Task { get; init; }

    public required Guid Comment { get; init; }

    /// <summary>Who was named.</summary>
    public required Guid User { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>When they saw it, UTC; null while they have not.</summary>
    public DateTimeOffset? SeenAt { get; private set; }

    public void See(DateTimeOffset now) => SeenAt ??= now;

    internal sealed class Mapping : IEntityTypeConfiguration<TaskMention>
    {
        public void Configure(EntityTypeBuilder<TaskMention> builder)
        {
            builder.ToTable("task_mentions");
            builder.HasKey(mention => mention.Id);
            builder.HasIndex(mention => mention.Comment);
            builder.HasIndex(mention => mention.User).HasFilter("\"SeenAt\" IS NULL");
        }
    }
}

/// <summary>Names people in comments: who may be named, who was, and what comes of it. Scoped.</summary>
internal sealed class Mentions(DepartDb db, TaskHolders holders, IUserDirectory users, IDepartureFacts facts, TaskReaders readers, HouseRules house, Outbox outbox, Actor actor, TimeProvider clock)
{
    /// <summary>Who may be named about a task: whoever may see it, but oneself; under embargo whoever knows of it. The names of others are not even known here.</summary>
    public async Task<IReadOnlyList<HouseUser>> PossibleAsync(DepartureTask task, Departure departure, CancellationToken cancellation)
    {
        var parties = await facts.PartiesAsync(departure, cancellation);
        var holding = await holders.OfAsync(departure, cancellation);

        // Auditors hold no task; under embargo they know no more than others.
        var known = departure.UnderEmbargo ? holding : holding.Concat(await users.HoldersAsync(Role.Auditor, parties.Unit, cancellation)).DistinctBy(user => user.Id);
        return [.. known.Where(user => user.Id != actor.User && Sees(user)).OrderBy(user => user.Name, StringComparer.CurrentCulture)];

        bool Sees(HouseUser user)
        {
            var roles = user.Person is { } person && person == parties.Manager ? user.Roles.Append(Role.Manager) : user.Roles;
            var who = new Actor(user.Id, user.Person, user.Name, roles.ToHashSet(), Via.Page) { Within = user.Within };
            return TaskDesk.Of(who).Contains(task.Desk, StringComparer.Ordinal) || (user.Person != departure.Person.Value && GetDeparture.Access.Allows(who, parties));
        }
    }

    /// <summary>
    /// Who is named in a text: <c>@</c> at the beginning of a word, then a name as it is shown, accents and case ignored; the longest that fits. Gives what follows an <c>@</c> that names nobody, too.
    /// </summary>
    public static (IReadOnlyList<HouseUser> Named, IReadOnlyList<string> Unknown) In(string text, IReadOnlyList<HouseUser> possible)
    {
        var (named, unknown) = (new List<HouseUser>(), new List<string>());
        var byLength = possible.Select(user => (User: user, Plain: SearchText.Of(user.Name))).OrderByDescending(one => one.Plain.Length).ToList();
        for (var at = text.IndexOf('@', StringComparison.Ordinal); at >= 0; at = text.IndexOf('@', at + 1))
        {
            var rest = text[(at + 1)..];
            if ((at > 0 && !char.IsWhiteSpace(text[at - 1]) && text[at - 1] is not ('(' or '«' or '"' or '\u00a0')) || rest.Length == 0 || !char.IsLetter(rest[0]))
            {
                // An address, or no name at all.
                continue;
            }

            var plain = SearchText.Of(rest.Length > 250 ? rest[..250] : rest);
            var found = byLength.FirstOrDefault(one => plain.StartsWith(one.Plain, StringComparison.Ordinal) && (plain.Length == one.Plain.Length || !char.IsLetterOrDigit(plain[one.Plain.Length]))).User;
            if (found is null)
            {
                unknown.Add(string.Join(' ', rest.Split(' ', '\n', ',').Take(2)).Trim().TrimEnd('.', ':', '!', '?'));
            }
            else if (!named.Contains(found))
            {
                named.Add(found);
            }
        }

        return (named, unknown);
    }

    /// <summary>Tells those who were named: a mail, and an entry under their tasks.</summary>
    public async Task TellAsync(IEnumerable<HouseUser> named, TaskComment comment, DepartureTask task, Departure departure, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var leaver = await readers.NameAsync(departure.Person, cancellation);
        foreach (var user in named)
        {
            db.Add(new TaskMention { Task = task.Id, Comment = comment.Id, User = user.Id, At = now });
            var french = user.To.Language == "fr";
            await outbox.WriteAsync(
                user.To, new MentionMail(user.Name, actor.Name, french ? task.Title.Fr : task.Title.En, leaver, comment.Text, TaskPaths.Of(task)),
                key: $"mention-{comment.Id}-{user.Id:N}", group: departure.Id.ToString(), notBefore: (await house.GetAsync(cancellation)).Quiet(departure.BusinessCalendar).NextAllowed(now, Zones.Reader), cancellation: cancellation);
        }
    }

    /// <summary>Whoever answers about a task has seen what named them there.</summary>
    public async Task SeenAsync(DepartureTask task, CancellationToken cancellation)
    {
        foreach (var mention in await db.Set<TaskMention>().Where(mention => mention.Task == task.Id && mention.User == actor.User && mention.SeenAt == null).ToListAsync(cancellation))
        {
            mention.See(clock.GetUtcNow());
        }
    }
}

/// <summary>A comment that names the reader.</summary>
/// <param name="Id">To say that it was seen.</param>
/// <param name="Task">About which task.</param>
/// <param name="Title">Its title.</param>
/// <param name="Leaver">Of whose departure.</param>
/// <param name="By">Who wrote it.</param>
/// <param name="At">UTC.</param>
/// <param name="Text">What they wrote.</param>
public sealed record MentionRow(Guid Id, DepartureTaskId Task, Words Title, string Leaver, string By, DateTimeOffset At, string Text);

/// <summary>Comments that name me and that I have not seen, the newest first; fifty at most.</summary>
internal sealed record ListMentions : IQuery<IReadOnlyList<MentionRow>>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/tasks/mentions", (ApiDoor door) => door.AskAsync(new ListMentions())).WithTags("Tasks");

    internal sealed class Handler(DepartDb db, Actor actor, IUserDirectory users, TaskRights rights, IDepartureBinding binding, TaskReaders readers) : IHandler<ListMentions, IReadOnlyList<MentionRow>>
    {
        public async Task<Outcome<IReadOnlyList<MentionRow>>> HandleAsync(ListMentions query, CancellationToken cancellation)
        {
            var unseen = await db.Set<TaskMention>().Where(mention => mention.User == actor.User && mention.SeenAt == null).OrderByDescending(mention => mention.At).Take(50)
                .Join(db.Set<TaskComment>(), mention => mention.Comment, comment => comment.Id, (mention, comment) => new { mention.Id, mention.Task, mention.At, comment.By, comment.Text }).ToListAsync(cancellation);
            if (unseen.Count == 0)
            {
                return Array.Empty<MentionRow>();
            }

            var names = await users.NamesAsync([.. unseen.Select(row => row.By).OfType<Guid>().Distinct()], cancellation);
            var ids = unseen.ConvertAll(row => row.Task);
            var tasks = await db.Set<DepartureTask>().Where(task => ids.Contains(task.Id)).ToDictionaryAsync(task => task.Id, cancellation);
            var rows = new List<MentionRow>();
            foreach (var row in unseen.OrderByDescending(row => row.At))
            {
                // Somebody who may not see the task any more is not told of it either.
                var task = tasks[row.Task];
                if (await rights.MaySeeAsync(task, await binding.OfDepartureAsync(task.Departure.Value, cancellation), cancellation) && await db.FindAsync<Departure>([task.Departure], cancellation) is { } departure)
                {
                    rows.Add(new(row.Id, task.Id, task.Title, await readers.NameAsync(departure.Person, cancellation), row.By is { } by ? names.GetValueOrDefault(by) ?? "" : "", row.At, row.Text));
                }
            }

            return rows;
        }
    }
}

/// <summary>Says that one has seen what named one.</summary>
internal sealed record SeeMention(Guid Mention) : ICommand<Done>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/tasks/mentions/{mention:guid}/seen", (Guid mention, ApiDoor door) => door.SendAsync(new SeeMention(mention))).WithTags("Tasks");

    internal sealed class Handler(DepartDb db, Actor actor, TimeProvider clock) : IHandler<SeeMention, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(SeeMention command, CancellationToken cancellation)
        {
            if (await db.Set<TaskMention>().FirstOrDefaultAsync(mention => mention.Id == command.Mention && mention.User == actor.User, cancellation) is not { } mention)
            {
                return Problem.NotFound(TasksText.Comment);
            }

            mention.See(clock.GetUtcNow());
            return Done.Value;
        }
    }
}

/// <summary>Who may be named in a comment about a task, by name.</summary>
internal sealed record OfferMentions(DepartureTaskId Task) : IQuery<IReadOnlyList<TaskAssignee>>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/tasks/{task}/mentions", (DepartureTaskId task, ApiDoor door) => door.AskAsync(new OfferMentions(task))).WithTags("Tasks");

    internal sealed class Handler(DepartDb db, TaskRights rights, Mentions mentions) : IHandler<OfferMentions, IReadOnlyList<TaskAssignee>>
    {
        public async Task<Outcome<IReadOnlyList<TaskAssignee>>> HandleAsync(OfferMentions query, CancellationToken cancellation) =>
            await db.FindAsync<DepartureTask>([query.Task], cancellation) is { } task && await db.FindAsync<Departure>([task.Departure], cancellation) is { } departure
            && await rights.RefusalAsync(task, departure, cancellation) is null
                ? (TaskAssignee[])[.. (await mentions.PossibleAsync(task, departure, cancellation)).Select(user => new TaskAssignee(user.Id, user.Name))]
                : Problem.NotFound(TasksText.Task);
    }
}

/// <summary>Somebody was named in a comment.</summary>
internal sealed record MentionMail(string Name, string By, string Task, string Leaver, string Text, string Path) : IMailContent<MentionMail>
{
    public static string Template => "task-mention";

    public static IReadOnlyList<MentionMail> Samples =>
        [new("Zoë Lefèvre", "Karim Haddad", new Words("Return the badge & the workstation", "Rendre le badge & le poste").ToString(), "Mehdi D’Angélo", "@Zoë Lefèvre : le badge est-il rentré ?\nJe ne le vois pas à l’accueil.", "/tasks/0")];
}
