using System.Text.Json;
using Depart.Departures.Embargoes;
using Depart.Departures.Settings;
using Depart.Foundation;
using Depart.Foundation.Calendars;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Departures.Tasks;

/// <summary>How somebody is told of their tasks each working day. Who has chosen nothing is told at eight, where the company is.</summary>
internal sealed class DigestChoice
{
    /// <summary>Between these hours: others are quiet.</summary>
    public static readonly (TimeOnly First, TimeOnly Last) Hours = (new(7, 30), new(19, 30));

    public required Guid User { get; init; }

    /// <summary>Wants it.</summary>
    public bool Wanted { get; set; } = true;

    /// <summary>Local hour.</summary>
    public TimeOnly At { get; set; } = new(8, 0);

    /// <summary>IANA zone of the hour.</summary>
    public string Zone { get; set; } = Zones.Reader.Id;

    /// <summary>The rules of <see cref="Zone"/>.</summary>
    public TimeZoneInfo LocalZone => Zones.Named(Zone);

    /// <summary>The instant of a day.</summary>
    public DateTimeOffset On(DateOnly day) => LocalInstant.Of(day, At, LocalZone);

    /// <summary>The local day of an instant.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, LocalZone).DateTime);

    internal sealed class Mapping : IEntityTypeConfiguration<DigestChoice>
    {
        public void Configure(EntityTypeBuilder<DigestChoice> builder)
        {
            builder.ToTable("digest_choices");
            builder.HasKey(choice => choice.User);
            builder.Property(choice => choice.Zone).HasMaxLength(60);
            builder.Ignore(choice => choice.LocalZone);
        }
    }
}

/// <summary>A task in a digest.</summary>
internal sealed record DigestLine(string Task, string Leaver, DateOnly Day, string Path, string? StandsFor);

/// <summary>A departure in a digest.</summary>
internal sealed record DigestDeparture(string Leaver, DateOnly LastDay, string Path);

/// <summary>What is late, due today and coming, and for HR which departures can be closed, in one mail a day.</summary>
internal sealed record TaskDigest(
    string Name, DateOnly Day, IReadOnlyList<DigestLine> Late, IReadOnlyList<DigestLine> Today, IReadOnlyList<DigestLine> Coming, int More, int Mentions, string Path, string Settings,
    IReadOnlyList<DigestDeparture> Closable) : IMailContent<TaskDigest>
{
    public static string Template => "task-digest";

    public static IReadOnlyList<TaskDigest> Samples =>
    [
        new("Zoë Lefèvre", new(2026, 12, 18),
            [new(new Words("Certify the service done", "Constater le service fait").ToString(), "Mehdi D’Angélo", new(2026, 12, 16), "/tasks/0", null)],
            [new(new Words("Take the badge & the workstation back", "Reprendre le badge & le poste").ToString(), "Aïcha N’Diaye", new(2026, 12, 18), "/tasks/1", null), new(new Words("Thank the consultant", "Remercier le consultant").ToString(), "Aïcha N’Diaye", new(2026, 12, 18), "/tasks/2", "Paul Martin")],
            [new(new Words("Organise the handover", "Organiser la passation").ToString(), "Mehdi D’Angélo", new(2026, 12, 22), "/tasks/3", null)], 3, 2, "/tasks", "/tasks/settings", []),
        new("Paul Martin", new(2026, 12, 18), [], [], [new(new Words("Organise the handover", "Organiser la passation").ToString(), "Mehdi D’Angélo", new(2026, 12, 22), "/tasks/3", null)], 0, 0, "/tasks", "/tasks/settings", [new("Aïcha N’Diaye", new(2026, 12, 11), "/departures/0")]),
        new("Karim Haddad", new(2026, 12, 18), [], [], [], 0, 1, "/tasks", "/tasks/settings", []),
        new("Rosa Diallo", new(2026, 12, 18), [], [], [], 0, 0, "/tasks", "/tasks/settings", [new("Mehdi D’Angélo", new(2026, 12, 11), "/departures/0"), new("Aïcha N’Diaye", new(2026, 12, 12), "/departures/1")]),
    ];
}

/// <summary>Writes digests. A mail is read by others than its reader, a substitute first of all: what is under embargo is in none, not even in that of somebody who knows. Scoped.</summary>
internal sealed class Digests(DepartDb db, Absences absences, TaskReaders readers, TimeProvider clock)
{
    /// <summary>Lines of one part.</summary>
    private const int MostLines = 15;

    /// <summary>Days that are coming.</summary>
    private static readonly TimeSpan Coming = TimeSpan.FromDays(7);

    private IReadOnlyList<(Departure Departure, string Leaver)>? closable;

    /// <summary>What a user is told now, or null: nothing is to be said.</summary>
    public async Task<TaskDigest?> OfAsync(HouseUser user, DigestChoice choice, CancellationToken cancellation)
    {
        var (now, day) = (clock.GetUtcNow(), choice.DayOf(clock.GetUtcNow()));
        var midnight = LocalInstant.Of(day.AddDays(1), TimeOnly.MinValue, choice.LocalZone);
        var actor = new Actor(user.Id, user.Person, user.Name, user.Roles.ToHashSet(), Via.Engine) { Within = user.Within };
        var found = new List<(DepartureTask Task, string? StandsFor)>();
        var (more, hidden) = (0, Embargo.InForce(db));
        foreach (var desk in TaskDesk.Together(TaskDesk.At(actor).Concat(await absences.DesksStoodInForAsync(user.Id, cancellation))))
        {
            var open = TaskRows.On(db, actor, desk).AsNoTracking().Where(task => task.State == DepartureTaskState.Open && task.PendingDue < now + Coming && !hidden.Contains(task.Departure));
            var first = await open.OrderBy(task => task.PendingDue).ThenBy(task => task.Id).Take((3 * MostLines) + 1).ToListAsync(cancellation);
            found.AddRange(first.Select(task => (task, desk.StandsFor)));
            more += first.Count > 3 * MostLines ? await open.CountAsync(cancellation) - first.Count : 0;
        }

        var mentions = await db.Set<TaskMention>().CountAsync(mention => mention.User == user.Id && mention.SeenAt == null && !db.Set<DepartureTask>().Any(task => task.Id == mention.Task && hidden.Contains(task.Departure)), cancellation);
        var ended = (await ClosableAsync(user, cancellation)).Where(one => one.Departure.Person.Value != user.Person).ToList();
        if (found.Count == 0 && mentions == 0 && ended.Count == 0)
        {
            return null;
        }

        var all = found.OrderBy(one => one.Task.DueAt).ThenBy(one => one.Task.Id).ToList();
        var (late, today, coming) = (all.Where(one => one.Task.DueAt < now), all.Where(one => one.Task.DueAt >= now && one.Task.DueAt < midnight), all.Where(one => one.Task.DueAt >= midnight));
        var french = user.To.Language == "fr";
        var ids = found.Select(one => one.Task.Departure).Distinct().ToList();
        var people = await db.Set<Departure>().AsNoTracking().Where(departure => ids.Contains(departure.Id)).ToDictionaryAsync(departure => departure.Id, departure => departure.Person, cancellation);
        var parts = new List<IReadOnlyList<DigestLine>>();
        foreach (var part in new[] { late, today, coming })
        {
            var lines = new List<DigestLine>();
            foreach (var (task, standsFor) in part.Take(MostLines))
            {
                var leaver = await readers.NameAsync(people[task.Departure], cancellation);
                lines.Add(new(french ? task.Title.Fr : task.Title.En, leaver, choice.DayOf(task.DueAt), TaskPaths.Of(task), standsFor));
            }

            parts.Add(lines);
        }

        return new(
            user.Name, day, parts[0], parts[1], parts[2], more + found.Count - parts.Sum(part => part.Count), mentions, "/tasks", "/tasks/settings",
            [.. ended.Select(one => new DigestDeparture(one.Leaver, one.Departure.LastDay, $"/departures/{one.Departure.Id}"))]);
    }

    /// <summary>
    /// Departures that nothing keeps open: all is cut, every blocking task is settled, and of the others none is still to come, for nobody is reminded of a closed departure. Somebody says
    /// that they are closed (DEP6); the oldest first.
    /// </summary>
    private async Task<IReadOnlyList<(Departure Departure, string Leaver)>> ClosableAsync(HouseUser user, CancellationToken cancellation)
    {
        if (user.Roles.Contains(Role.Hr))
        {
            return closable ??= await ClosableAsync(db.Set<Mission>(), cancellation);
        }

        var units = user.Within.Of(Role.Hr);
        return units.Count == 0 ? [] : await ClosableAsync(db.Set<Mission>().Where(mission => mission.Unit != null && units.Contains(mission.Unit)), cancellation);
    }

    private async Task<IReadOnlyList<(Departure Departure, string Leaver)>> ClosableAsync(IQueryable<Mission> missions, CancellationToken cancellation)
    {
        var (found, hidden, now) = (new List<(Departure, string)>(), Embargo.InForce(db), clock.GetUtcNow());
        foreach (var departure in await db.Set<Departure>().AsNoTracking()
            .Where(row => row.State == DepartureState.Cut && row.Template != null && !hidden.Contains(row.Id) && missions.Any(mission => mission.Id == row.Mission)
                && !db.Set<DepartureTask>().Any(task => task.Departure == row.Id && task.PendingDue != null && (task.Blocking || task.PendingDue > now)))
            .OrderBy(row => row.CutAt).ThenBy(row => row.Id).Take(MostLines).ToListAsync(cancellation))
        {
            found.Add((departure, await readers.NameAsync(departure.Person, cancellation)));
        }

        return found;
    }
}

/// <summary>
/// Sends the digests: one appointment at the first hour that anybody has chosen. It tells those whose hour has come since the one before, some at a time, and makes the next. A day is told once,
/// by the key of its mail, and only today's: what fell into a night of the server is not told afterwards.
/// </summary>
[WorkKind(WorkKind)]
internal sealed class DigestClock(Digests digests, Absences absences, IUserDirectory users, HouseRules house, Outbox outbox, TimeProvider clock) : IWorkHandler
{
    /// <summary>Kind of the work item.</summary>
    public const string WorkKind = "task-digests";

    /// <summary>People told in one transaction.</summary>
    private const int AtOnce = 50;

    /// <summary>Makes the appointment, in place of the one that waits.</summary>
    public static async Task AppointAsync(DepartDb db, IReadOnlyCollection<DigestChoice> choices, Turn turn, DateTimeOffset now, CancellationToken cancellation)
    {
        await db.Set<WorkItem>().Where(item => item.Kind == WorkKind && item.State == WorkState.Pending).ExecuteUpdateAsync(set => set.SetProperty(item => item.State, WorkState.Cancelled), cancellation);
        db.Enqueue(new()
        {
            Queue = WorkQueues.House, Kind = WorkKind, Subject = WorkKind, IdempotencyKey = $"{WorkKind}-{Guid.CreateVersion7():N}", Payload = JsonSerializer.Serialize(turn),
            DueAt = turn.To is null ? choices.Append(new() { User = Guid.Empty }).Where(choice => choice.Wanted).Min(choice => Next(choice, now)) : now,
        });
    }

    /// <summary>The first hour of a choice after an instant.</summary>
    private static DateTimeOffset Next(DigestChoice choice, DateTimeOffset now) =>
        choice.On(choice.DayOf(now)) is var today && today > now ? today : choice.On(choice.DayOf(now).AddDays(1));

    public Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation) => Task.FromResult(new WorkResult(WorkVerdict.Done));

    public async Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
    {
        var turn = JsonSerializer.Deserialize<Turn>(done[^1].Item.Payload!)!;
        var now = clock.GetUtcNow();
        var to = turn.To ?? now;
        var workdays = await house.WorkdaysAsync(cancellation);
        var chosen = await db.Set<DigestChoice>().AsNoTracking().ToDictionaryAsync(choice => choice.User, cancellation);
        var due = (await users.AllAsync(cancellation)).OrderBy(user => user.Id).Where(user => turn.After is null || user.Id.CompareTo(turn.After.Value) > 0)
            .Select(user => (User: user, Choice: chosen.GetValueOrDefault(user.Id) ?? new() { User = user.Id })).Where(one => IsDue(one.Choice, workdays, turn.From, to)).Take(AtOnce + 1).ToList();
        foreach (var (user, choice) in due.Take(AtOnce))
        {
            if (await absences.SubstituteOfAsync(user.Id, cancellation) is null && await digests.OfAsync(user, choice, cancellation) is { } digest)
            {
                await outbox.WriteAsync(
                    user.To, digest, key: string.Create(System.Globalization.CultureInfo.InvariantCulture, $"digest-{user.Id:N}-{digest.Day:yyyy-MM-dd}"),
                    notBefore: (await house.GetAsync(cancellation)).Quiet(workdays).NextAllowed(now, choice.LocalZone), cancellation: cancellation);
            }
        }

        await AppointAsync(db, chosen.Values, due.Count > AtOnce ? turn with { To = to, After = due[AtOnce - 1].User.Id } : new(to, null, null), now, cancellation);
    }

    private static bool IsDue(DigestChoice choice, BusinessCalendar workdays, DateTimeOffset from, DateTimeOffset to) =>
        choice.Wanted && choice.DayOf(to) is var day && choice.On(day) is var at && at > from && at <= to && workdays.IsBusinessDay(day);

    /// <summary>Whose turn it is: those whose hour lies after one instant and not after another, from somebody on.</summary>
    internal sealed record Turn(DateTimeOffset From, DateTimeOffset? To, Guid? After);
}

/// <summary>Sees to it that digests have an appointment; done at every start.</summary>
internal sealed record KeepDigestClock : ICommand<Done>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, TimeProvider clock) : IHandler<KeepDigestClock, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(KeepDigestClock command, CancellationToken cancellation)
        {
            if (!await db.Set<WorkItem>().AnyAsync(item => item.Kind == DigestClock.WorkKind && (item.State == WorkState.Pending || item.State == WorkState.Running), cancellation))
            {
                await DigestClock.AppointAsync(db, await db.Set<DigestChoice>().AsNoTracking().ToListAsync(cancellation), new(clock.GetUtcNow(), null, null), clock.GetUtcNow(), cancellation);
            }

            return Done.Value;
        }
    }
}

/// <summary>Chooses whether and when one is told of one's tasks each working day.</summary>
/// <remarks>Between 7:30 and 19:30; the zone is that of the hour, and that of the house when not said.</remarks>
internal sealed record ChooseDigest(bool Wanted, TimeOnly At, string? Zone = null) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/tasks/digest", (ChooseDigest command, ApiDoor door) => door.SendAsync(command)).WithTags("Tasks");

    public IEnumerable<Problem> Check()
    {
        if (At < DigestChoice.Hours.First || At > DigestChoice.Hours.Last)
        {
            yield return DigestText.HourQuiet;
        }

        if (Zone is { } zone && LocalInstant.FindZone(zone) is null)
        {
            yield return Problem.Invalid(nameof(Zone), "zone-unknown", DeparturesText.ZoneUnknown.With(Zone));
        }
    }

    internal sealed class Handler(DepartDb db, Actor actor, TimeProvider clock) : IHandler<ChooseDigest, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ChooseDigest command, CancellationToken cancellation)
        {
            if (actor.User is not { } user)
            {
                return Problem.Forbidden;
            }

            if (await db.FindAsync<DigestChoice>([user], cancellation) is not { } choice)
            {
                db.Add(choice = new() { User = user });
            }

            (choice.Wanted, choice.At, choice.Zone) = (command.Wanted, command.At, command.Zone ?? Zones.Reader.Id);

            // Another hour may come before the appointment; whose turn it is stays as it was.
            var waiting = await db.Set<WorkItem>().AsNoTracking().FirstOrDefaultAsync(item => item.Kind == DigestClock.WorkKind && item.State == WorkState.Pending, cancellation);
            if (waiting?.Payload is { } payload && JsonSerializer.Deserialize<DigestClock.Turn>(payload) is { To: null } turn)
            {
                var others = await db.Set<DigestChoice>().AsNoTracking().Where(other => other.User != user).ToListAsync(cancellation);
                await DigestClock.AppointAsync(db, [.. others, choice], turn, clock.GetUtcNow(), cancellation);
            }

            return Done.Value;
        }
    }
}

/// <summary>How one has chosen to be told, and what one would be told now.</summary>
/// <param name="Wanted">Wants it.</param>
/// <param name="At">Local hour.</param>
/// <param name="Zone">IANA zone.</param>
/// <param name="Now">The mail as it would be written now, or null: nothing is to be said.</param>
public sealed record DigestView(bool Wanted, TimeOnly At, string Zone, RenderedMail? Now);

/// <summary>One's digest: the choice, and a preview of today's.</summary>
internal sealed record GetDigest : IQuery<DigestView>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/tasks/digest", (ApiDoor door) => door.AskAsync(new GetDigest())).WithTags("Tasks").Produces<DigestView>();
        api.MapGet("/tasks/digest/page", async (Dispatcher dispatcher, HttpContext http) =>
        {
            var found = await dispatcher.AskAsync(new GetDigest(), Actor.From(http.User), http.RequestAborted);

            // Styles in place are what mails have; a mail shown from this server may do nothing else.
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation";
            return !found.Ok ? ApiDoor.Failed(found.Problem) : found.Value.Now is { } mail ? Results.Content(mail.Html, "text/html; charset=utf-8") : Results.Text(DigestText.Nothing.ToString());
        }).WithTags("Tasks").Produces(StatusCodes.Status200OK, contentType: "text/html");
    }

    internal sealed class Handler(DepartDb db, Actor actor, IUserDirectory users, Digests digests) : IHandler<GetDigest, DigestView>
    {
        public async Task<Outcome<DigestView>> HandleAsync(GetDigest query, CancellationToken cancellation)
        {
            if (actor.User is not { } id || await users.FindAsync(id, cancellation) is not { } user)
            {
                return Problem.Forbidden;
            }

            var choice = await db.Set<DigestChoice>().FirstOrDefaultAsync(row => row.User == id, cancellation) ?? new() { User = id };
            var address = await db.Set<MailServer>().Select(server => server.PublicAddress).SingleOrDefaultAsync(cancellation) ?? "";
            return new DigestView(choice.Wanted, choice.At, choice.Zone, await digests.OfAsync(user, choice, cancellation) is { } digest
                ? await MailWriter.RenderAsync(TaskDigest.Template, user.To.Language, MailWriter.Values(digest), address)
                : null);
        }
    }
}

/// <summary>The words of digests.</summary>
internal static class DigestText
{
    public static readonly Words Title = new("Digest and absences", "Résumé et absences");
    public static readonly Words Daily = new("Daily digest", "Résumé quotidien");
    public static readonly Words DailyHelp = new(
        "One mail each working day with what is late, due today and coming in a week. Without anything to say, no mail.",
        "Un message chaque jour ouvré : ce qui est en retard, à faire aujourd’hui et dans la semaine. S’il n’y a rien à dire, pas de message.");
    public static readonly Words Wanted = new("Send me the digest", "M’envoyer le résumé");
    public static readonly Words At = new("Hour", "Heure");
    public static readonly Words AtHelp = new("Between 7:30 and 19:30.", "Entre 7 h 30 et 19 h 30.");
    public static readonly Words Save = new("Save", "Enregistrer");
    public static readonly Words Saved = new("Your digest is set.", "Votre résumé est réglé.");
    public static readonly Words Preview = new("See what it would say now", "Voir ce qu’il dirait maintenant");
    public static readonly Words Nothing = new("There is nothing to say now: no mail would be sent.", "Il n’y a rien à dire maintenant : aucun message ne partirait.");

    public static readonly Problem HourQuiet = Problem.Invalid(nameof(ChooseDigest.At), "hour-quiet", new(
        "Hour: between 7:30 and 19:30, so that nobody is disturbed at night.", "Heure : entre 7 h 30 et 19 h 30, pour ne déranger personne la nuit."));
}
