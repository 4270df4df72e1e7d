using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Departures.Tasks;

/// <summary>Identifies an absence.</summary>
public readonly record struct AbsenceId(Guid Value) : IIdentifier<AbsenceId>
{
    /// <summary>Wraps a UUID.</summary>
    public static AbsenceId From(Guid value) => new(value);

    /// <summary>Reads an identifier from a route.</summary>
    public static bool TryParse(string? text, out AbsenceId id) => IIdentifier<AbsenceId>.TryRead(text, out id);

    /// <summary>The UUID.</summary>
    public override string ToString() => Value.ToString();
}

/// <summary>
/// Somebody is away for some days and somebody else does their tasks meanwhile. Nothing is moved: what lies on the desk of the absent one is on the substitute's lists, and is the absent one's
/// alone again the day after.
/// </summary>
internal sealed class Absence
{
    /// <summary>Longest absence, in days.</summary>
    public const int MostDays = 366;

    public AbsenceId Id { get; private init; } = IIdentifier<AbsenceId>.New();

    /// <summary>Who is away.</summary>
    public required Guid User { get; init; }

    /// <summary>Who stands in.</summary>
    public required Guid Substitute { get; init; }

    /// <summary>First day, where the company is.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last day.</summary>
    public required DateOnly Until { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Absence>
    {
        public void Configure(EntityTypeBuilder<Absence> builder)
        {
            builder.ToTable("absences");
            builder.HasKey(absence => absence.Id);
            builder.HasIndex(absence => new { absence.User, absence.Until });
            builder.HasIndex(absence => new { absence.Substitute, absence.Until });
        }
    }
}

/// <summary>The absences of today: every list of tasks asks for them, so they are remembered for some seconds, and forgotten at once when one is planned or ended here.</summary>
internal sealed class RememberedAbsences(TimeProvider clock)
{
    /// <summary>How long another node may show those of before.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);

    private int changes;
    private volatile Known? known;

    /// <summary>Remembered, or read now.</summary>
    public async Task<IReadOnlyList<Absence>> OfAsync(DepartDb db, DateOnly today, CancellationToken cancellation)
    {
        var still = known;
        if (still is null || still.Day != today || clock.GetElapsedTime(still.At) >= Remembered)
        {
            // Kept before it is looked whether one changed meanwhile: a change that comes later forgets it.
            var (before, at) = (Volatile.Read(ref changes), clock.GetTimestamp());
            still = new(today, at, await db.Set<Absence>().AsNoTracking().Where(absence => absence.From <= today && absence.Until >= today).ToListAsync(cancellation));
            known = still;
            if (before != Volatile.Read(ref changes))
            {
                known = null;
            }
        }

        return still.Absences;
    }

    /// <summary>One was planned or ended.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref changes);
        known = null;
    }

    private sealed record Known(DateOnly Day, long At, IReadOnlyList<Absence> Absences);
}

/// <summary>Who stands in for whom today. Scoped.</summary>
internal sealed class Absences(DepartDb db, RememberedAbsences remembered, IUserDirectory users, TimeProvider clock)
{
    /// <summary>Today where the company is.</summary>
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), Zones.Reader).DateTime);

    /// <summary>Desks of whoever a user stands in for today; those of a role too, when nobody who holds it is there.</summary>
    public async Task<IReadOnlyList<DeskAtHand>> DesksStoodInForAsync(Guid user, CancellationToken cancellation)
    {
        var absent = (await TodaysAsync(cancellation)).Where(absence => absence.Substitute == user).Select(absence => absence.User);
        var desks = new List<DeskAtHand>();
        foreach (var id in absent)
        {
            if (await users.FindAsync(id, cancellation) is { } away)
            {
                desks.Add(new(TaskDesk.OfUser(id), away.Name));
                desks.AddRange(away.Person is { } person ? [new(TaskDesk.OfPerson(person), away.Name)] : []);
                foreach (var role in away.Roles)
                {
                    desks.AddRange(await IsDesertedAsync(await users.HoldersAsync(role, cancellation), cancellation) ? [new(TaskDesk.OfRole(role), away.Name)] : []);
                }

                foreach (var role in away.Within.Roles)
                {
                    foreach (var unit in away.Within.Of(role))
                    {
                        desks.AddRange(await IsDesertedAsync(await users.HoldersAsync(role, unit, cancellation), cancellation) ? [new(TaskDesk.OfRole(role), away.Name, [unit])] : []);
                    }
                }
            }
        }

        // Whoever stands in for two holders of a role has its tasks once.
        return TaskDesk.Together(desks);
    }

    /// <summary>Whether everybody who holds a role is away today: then it is their substitutes who are asked.</summary>
    private async Task<bool> IsDesertedAsync(IReadOnlyList<HouseUser> holders, CancellationToken cancellation)
    {
        var away = (await TodaysAsync(cancellation)).Select(absence => absence.User).ToHashSet();
        return holders.All(holder => away.Contains(holder.Id));
    }

    /// <summary>The name of who stands in today for whoever a desk is of, or null.</summary>
    public async Task<string?> StandInOfAsync(string desk, CancellationToken cancellation) => desk.Split(':') switch
    {
        ["user", var key] when Guid.TryParseExact(key, "N", out var user) => (await SubstituteOfAsync(user, cancellation))?.Name,
        ["person", var key] when Guid.TryParseExact(key, "N", out var person) && await users.OfPersonAsync(person, cancellation) is { } user => (await SubstituteOfAsync(user.Id, cancellation))?.Name,
        _ => null,
    };

    /// <summary>Who stands in for a user today, or null.</summary>
    public async Task<HouseUser?> SubstituteOfAsync(Guid user, CancellationToken cancellation) =>
        (await TodaysAsync(cancellation)).FirstOrDefault(absence => absence.User == user) is { } away ? await users.FindAsync(away.Substitute, cancellation) : null;

    private Task<IReadOnlyList<Absence>> TodaysAsync(CancellationToken cancellation) => remembered.OfAsync(db, Today, cancellation);
}

/// <summary>Names somebody who does one's tasks for some days; HR and administrators do so for anybody.</summary>
/// <remarks>User: oneself when not said. Both days count.</remarks>
internal sealed record NameSubstitute(Guid Substitute, DateOnly From, DateOnly Until, Guid? User = null) : ICommand<AbsenceId>, IRouted
{
    public static Access Access => Access.SignedIn;

    /// <summary>Who may do so for others.</summary>
    internal static Access ForOthers => Access.To(Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/absences", (NameSubstitute command, ApiDoor door) => door.SendAsync(command)).WithTags("Tasks");

    internal sealed class Handler(DepartDb db, Actor actor, IUserDirectory users, Absences absences, RememberedAbsences remembered, IJournal journal) : IHandler<NameSubstitute, AbsenceId>
    {
        public async Task<Outcome<AbsenceId>> HandleAsync(NameSubstitute command, CancellationToken cancellation)
        {
            var away = command.User ?? actor.User;
            if (away != actor.User && !ForOthers.Allows(actor, null))
            {
                return Problem.Forbidden;
            }

            if (away is not { } user || await users.FindAsync(user, cancellation) is not { } absent)
            {
                return Problem.Invalid(nameof(User), TasksText.UserUnknown.Code, TasksText.UserUnknown.Message);
            }

            if (await users.FindAsync(command.Substitute, cancellation) is not { } substitute)
            {
                return Problem.Invalid(nameof(Substitute), TasksText.UserUnknown.Code, TasksText.UserUnknown.Message);
            }

            if (Wrong(command, user) is { } wrong)
            {
                return wrong;
            }

            // Nobody stands in for somebody who stands in: neither chains nor rings, whatever the order in which they are named.
            var others = await db.Set<Absence>().AsNoTracking().Where(other => other.From <= command.Until && other.Until >= command.From
                && (other.User == user || other.User == command.Substitute || other.Substitute == user)).ToListAsync(cancellation);
            if (others.Find(other => other.User == user) is { } twice)
            {
                return AbsenceText.Overlaps(twice);
            }

            if (others.Find(other => other.User == command.Substitute) is { } awayToo)
            {
                return AbsenceText.SubstituteAway(substitute.Name, awayToo);
            }

            if (others.Find(other => other.Substitute == user) is { } standsIn)
            {
                return AbsenceText.StandsIn(absent.Name, (await users.NamesAsync([standsIn.User], cancellation)).GetValueOrDefault(standsIn.User) ?? "", standsIn);
            }

            var absence = new Absence { User = user, Substitute = command.Substitute, From = command.From, Until = command.Until };
            db.Add(absence);
            db.OnceCommitted(remembered.Forget);
            journal.Record(AbsenceFacts.Of(absence, "absence.planned"));
            return absence.Id;
        }

        private Problem? Wrong(NameSubstitute command, Guid user) =>
            command.Substitute == user ? AbsenceText.OwnSubstitute
            : command.From == default ? Problem.Required(nameof(From), AbsenceText.From)
            : command.Until == default ? Problem.Required(nameof(Until), AbsenceText.Until)
            : command.Until < command.From ? AbsenceText.EndsBeforeItBegins
            : command.Until < absences.Today ? AbsenceText.Over
            : command.Until.DayNumber - command.From.DayNumber >= Absence.MostDays ? AbsenceText.TooLong
            : null;
    }
}

/// <summary>Ends an absence, or takes it back before it begins: tasks are the absent one's alone again.</summary>
internal sealed record EndAbsence(AbsenceId Absence) : ICommand<Done>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/absences/{absence}", (AbsenceId absence, ApiDoor door) => door.SendAsync(new EndAbsence(absence))).WithTags("Tasks");

    internal sealed class Handler(DepartDb db, Actor actor, RememberedAbsences remembered, IJournal journal) : IHandler<EndAbsence, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(EndAbsence command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Absence>([command.Absence], cancellation) is not { } absence || (absence.User != actor.User && !NameSubstitute.ForOthers.Allows(actor, null)))
            {
                return Problem.NotFound(AbsenceText.Absence);
            }

            db.Remove(absence);
            db.OnceCommitted(remembered.Forget);
            journal.Record(AbsenceFacts.Of(absence, "absence.ended"));
            return Done.Value;
        }
    }
}

/// <summary>An absence, as listed.</summary>
/// <param name="Id">Which.</param>
/// <param name="User">Who is away.</param>
/// <param name="Name">Their name.</param>
/// <param name="Substitute">Who stands in.</param>
/// <param name="SubstituteName">Their name.</param>
/// <param name="From">First day.</param>
/// <param name="Until">Last day.</param>
public sealed record AbsenceRow(AbsenceId Id, Guid User, string Name, Guid Substitute, string SubstituteName, DateOnly From, DateOnly Until);

/// <summary>Absences that are not over: one's own, those in which one stands in, and for HR and administrators everybody's.</summary>
internal sealed record ListAbsences : IQuery<IReadOnlyList<AbsenceRow>>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/absences", (ApiDoor door) => door.AskAsync(new ListAbsences())).WithTags("Tasks");

    internal sealed class Handler(DepartDb db, Actor actor, IUserDirectory users, Absences absences) : IHandler<ListAbsences, IReadOnlyList<AbsenceRow>>
    {
        public async Task<Outcome<IReadOnlyList<AbsenceRow>>> HandleAsync(ListAbsences query, CancellationToken cancellation)
        {
            var (today, all) = (absences.Today, NameSubstitute.ForOthers.Allows(actor, null));
            var rows = await db.Set<Absence>().Where(absence => absence.Until >= today && (all || absence.User == actor.User || absence.Substitute == actor.User)).ToListAsync(cancellation);
            var names = await users.NamesAsync([.. rows.SelectMany(row => new[] { row.User, row.Substitute }).Distinct()], cancellation);
            return (AbsenceRow[])[.. rows.OrderBy(row => row.From).ThenBy(row => row.Id.Value).Select(row => new AbsenceRow(
                row.Id, row.User, names.GetValueOrDefault(row.User) ?? "", row.Substitute, names.GetValueOrDefault(row.Substitute) ?? "", row.From, row.Until))];
        }
    }
}

/// <summary>Who may be named as a substitute, and who may be away: everybody with an account, by name.</summary>
internal sealed record OfferSubstitutes : IQuery<IReadOnlyList<TaskAssignee>>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/absences/substitutes", (ApiDoor door) => door.AskAsync(new OfferSubstitutes())).WithTags("Tasks");

    internal sealed class Handler(IUserDirectory users) : IHandler<OfferSubstitutes, IReadOnlyList<TaskAssignee>>
    {
        public async Task<Outcome<IReadOnlyList<TaskAssignee>>> HandleAsync(OfferSubstitutes query, CancellationToken cancellation) =>
            (TaskAssignee[])[.. (await users.AllAsync(cancellation)).Select(user => new TaskAssignee(user.Id, user.Name))];
    }
}

/// <summary>What the journal says of an absence: who is away is nobody's business for ever, so the days are personal.</summary>
internal static class AbsenceFacts
{
    public static Fact Of(Absence absence, string kind) => new(Fact.House, kind)
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["absence"] = absence.Id.Value, ["user"] = absence.User, ["substitute"] = absence.Substitute },
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["from"] = absence.From.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), ["until"] = absence.Until.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        },
    };
}

/// <summary>The words of absences.</summary>
internal static class AbsenceText
{
    public static readonly Words Absence = new("Absence", "Absence");
    public static readonly Words From = new("First day", "Premier jour");
    public static readonly Words Until = new("Last day", "Dernier jour");
    public static readonly Words Who = new("Who is away?", "Qui s’absente ?");
    public static readonly Words Substitute = new("Substitute", "Remplacement");
    public static readonly Words By = new("Who stands in?", "Qui remplace ?");
    public static readonly Words Choose = new("Choose…", "Choisissez…");
    public static readonly Words Plan = new("Plan an absence", "Prévoir une absence");
    public static readonly Words PlanButton = new("Name the substitute", "Désigner le remplaçant");
    public static readonly Words PlanHelp = new(
        "Your tasks, and the mails about them, go to your substitute on these days; you still see them. What your roles are asked for stays with the others who hold them, and goes to your substitute too while none of them is there. Nobody acts on their own departure, also as a substitute.",
        "Vos tâches, et les messages à leur sujet, vont à votre remplaçant pendant ces jours ; vous les voyez toujours. Ce qui est demandé à vos rôles reste chez les autres personnes qui les ont, et va aussi à votre remplaçant tant qu’aucune n’est là. Nul n’agit sur son propre départ, même comme remplaçant.");
    public static readonly Words Planned = new("The absence is planned.", "L’absence est prévue.");
    public static readonly Words Ended = new("The absence is over: the tasks are back.", "L’absence prend fin : les tâches reviennent à la personne.");
    public static readonly Words End = new("End", "Mettre fin");
    public static readonly Words EndOne = new("End the absence of {0}", "Mettre fin à l’absence {0}");
    public static readonly Words None = new("No absence is planned.", "Aucune absence n’est prévue.");
    public static readonly Words Line = new("{0}, replaced by {1}", "{0}, et {1} à sa place");
    public static readonly Words Days = new("from {0} to {1}", "du {0} au {1}");
    public static readonly Words OneDay = new("on {0}", "le {0}");
    public static readonly Words YouAreAway = new("You are away until {0}: your tasks also go to {1}.", "Votre absence court jusqu’au {0} : vos tâches vont aussi à {1}.");
    public static readonly Words YouStandIn = new("You stand in for {0} until {1}: their tasks are in your lists.", "Vous remplacez {0} jusqu’au {1} : ses tâches sont dans vos listes.");
    public static readonly Words ReplacedBy = new("away: {0} stands in", "pendant son absence : {0}");
    public static readonly Words For = new("for {0}, away", "pour {0}, pendant son absence");

    public static readonly Problem OwnSubstitute = Problem.Invalid(nameof(NameSubstitute.Substitute), "own-substitute", new(
        "Nobody stands in for themself: choose somebody else.", "On ne se remplace pas soi-même : choisissez quelqu’un d’autre."));

    public static readonly Problem EndsBeforeItBegins = Problem.Invalid(nameof(NameSubstitute.Until), "absence-backwards", new(
        "Last day: it lies before the first.", "Dernier jour : il précède le premier."));

    public static readonly Problem Over = Problem.Invalid(nameof(NameSubstitute.Until), "absence-over", new(
        "Last day: it has passed already.", "Dernier jour : il est déjà passé."));

    public static readonly Problem TooLong = Problem.Invalid(nameof(NameSubstitute.Until), "absence-too-long", new Words(
        "Last day: an absence lasts {0} days at most; beyond that, give the tasks to somebody.", "Dernier jour : une absence dure {0} jours au plus ; au-delà, confiez les tâches à quelqu’un.").With(Tasks.Absence.MostDays));

    /// <summary>The same person is away already.</summary>
    public static Problem Overlaps(Absence other) => Problem.Invalid(nameof(NameSubstitute.From), "absence-overlaps", new Words(
        "First day: another absence is planned {0}.", "Premier jour : une autre absence est prévue {0}.").With(Period(other.From, other.Until)));

    /// <summary>The substitute is away themself.</summary>
    public static Problem SubstituteAway(string name, Absence other) => Problem.Invalid(nameof(NameSubstitute.Substitute), "substitute-away", new Words(
        "{0} is away {1} and is replaced too: choose somebody who is there.", "{0} a aussi une absence prévue {1} : choisissez quelqu’un qui sera là.").With(name, Period(other.From, other.Until)));

    /// <summary>Who is away stands in for somebody.</summary>
    public static Problem StandsIn(string name, string of, Absence other) => Problem.Invalid(nameof(NameSubstitute.From), "absence-of-substitute", new Words(
        "{0} stands in for {1} {2}: name another substitute there first.", "{0} remplace {1} {2} : désignez d’abord quelqu’un d’autre à cette place.").With(name, of, Period(other.From, other.Until)));

    /// <summary>Some days, as people say them.</summary>
    public static Words Period(DateOnly from, DateOnly until) => from == until ? OneDay.With(Said.OnPaper(from)) : Days.With(Said.OnPaper(from), Said.OnPaper(until));
}
