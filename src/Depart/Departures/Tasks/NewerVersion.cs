using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>A task of a newer version that a running departure does not have.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Step">1 to 7.</param>
/// <param name="Title">Its title.</param>
/// <param name="Owner">Who it would be for.</param>
/// <param name="Blocking">The departure would not be closed before it.</param>
/// <param name="DueAt">When it would be due, UTC.</param>
/// <param name="Zone">The zone in which people read that instant.</param>
public sealed record AddedTask(string Key, int Step, Words Title, TaskOwner Owner, bool Blocking, DateTimeOffset DueAt, string Zone);

/// <summary>A published version newer than the one a departure runs on (PRO2).</summary>
/// <param name="Template">The process.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Number">The version that the departure runs on.</param>
/// <param name="Newer">The last one published, or null: it runs on that one, or on one withdrawn since without a newer.</param>
/// <param name="Changes">What became of each task between the two, those that stayed as they were left out.</param>
/// <param name="Added">What may be taken over; empty once the departure is over.</param>
/// <param name="Version">For If-Match.</param>
public sealed record NewerVersionView(
    string Template, Words Title, int Number, int? Newer, IReadOnlyList<TaskComparison> Changes, IReadOnlyList<AddedTask> Added, long Version) : IVersioned;

/// <summary>Says whether a newer version of a departure's template is published, and what differs. The departure stays on its own.</summary>
internal sealed record ForeseeNewerVersion(DepartureId Departure) : IQuery<NewerVersionView>, IRouted, IOnDeparture
{
    public static Access Access => GetDeparture.Access;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/departures/{departure}/newer-version", (DepartureId departure, ApiDoor door) =>
        door.AskAsync(new ForeseeNewerVersion(departure))).WithTags("Departures").Produces<NewerVersionView>();

    internal sealed class Handler(DepartDb db, NewerVersions versions, TaskBook book, TimeProvider clock) : IHandler<ForeseeNewerVersion, NewerVersionView>
    {
        public async Task<Outcome<NewerVersionView>> HandleAsync(ForeseeNewerVersion query, CancellationToken cancellation)
        {
            if (await db.Set<Departure>().FirstOrDefaultAsync(row => row.Id == query.Departure, cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            if (await versions.OfAsync(departure, cancellation) is not { } found)
            {
                return Problem.NotFound(ProcessesText.Template);
            }

            if (found.Newer is not { } newer)
            {
                return new NewerVersionView(found.Own.Key, found.Own.Title, found.Own.Number, null, [], [], departure.Version);
            }

            var changes = TemplateComparison.Of(new(found.Own.Key, found.Own.Number), found.Before, new(newer.Key, newer.Number), found.After!);
            var added = (await versions.AddedAsync(departure, found, null, cancellation)).Select(task =>
                new AddedTask(task.Key, task.Step, task.Title, task.Owner, task.Blocking, book.DueOf(task, departure, clock.GetUtcNow()), task.ZoneOn(departure).Id));
            return new NewerVersionView(
                newer.Key, newer.Title, found.Own.Number, newer.Number, [.. changes.Tasks.Where(task => task.Change != TaskChange.Inherited)], departure.IsOver ? [] : [.. added], departure.Version);
        }
    }
}

/// <summary>
/// Takes tasks that a newer version added over into a running departure, each once; what was changed or dropped there stays here as it is (PRO2). The number says which version was
/// read: another published meanwhile is refused.
/// </summary>
internal sealed record TakeOverTasks(DepartureId Departure, int Number, IReadOnlyList<string> Tasks) : ICommand<int>, IRouted, IOnDeparture, IChecked
{
    public static Access Access => Access.To(Role.Hr, Role.Admin);

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/departures/{departure}/newer-version", (DepartureId departure, Body body, ApiDoor door) =>
        door.SendAsync(new TakeOverTasks(departure, body.Number, body.Tasks ?? []))).WithTags("Departures").Produces<int>();

    internal sealed record Body(int Number, IReadOnlyList<string>? Tasks);

    public IEnumerable<Problem> Check() => Tasks.Count == 0 ? [Problem.Invalid(nameof(Tasks), "required", NewerVersionText.ChooseSome)] : [];

    internal sealed class Handler(DepartDb db, NewerVersions versions, TaskBook book, RequestSlot request, IJournal journal, TimeProvider clock) : IHandler<TakeOverTasks, int>
    {
        public async Task<Outcome<int>> HandleAsync(TakeOverTasks command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([command.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            if (!departure.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            if (departure.IsOver)
            {
                return DeparturesText.NotOpen;
            }

            if (await versions.OfAsync(departure, cancellation) is not { Newer: { } newer } found || newer.Number != command.Number)
            {
                return NewerVersionText.NotThatOne;
            }

            var added = await versions.AddedAsync(departure, found, command.Tasks, cancellation);
            if (command.Tasks.FirstOrDefault(key => added.All(task => task.Key != key)) is { } unknown)
            {
                return Problem.Invalid(nameof(Tasks), "not-to-take-over", NewerVersionText.NotToTakeOver.With(unknown));
            }

            var now = clock.GetUtcNow();
            foreach (var task in added)
            {
                task.Due(book.DueOf(task, departure, now));
            }

            await book.AddAsync(departure, added, journal, cancellation);
            departure.TakenOver();
            journal.Record(new(departure.Chain, "departure.tasks-taken-over")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["departure"] = departure.Id.Value, ["template"] = newer.Key, ["from"] = found.Own.Number, ["to"] = newer.Number,
                    ["tasks"] = added.Select(task => task.Key).ToList(),
                },
            });
            return added.Count;
        }
    }
}

/// <summary>Finds what a newer version of a departure's template adds. Scoped.</summary>
internal sealed class NewerVersions(DepartDb db, TaskTemplates templates, TemplateShelf shelf, IDepartureFacts facts)
{
    /// <summary>The version that a departure runs on, and a newer one when one is published; null without a template.</summary>
    public async Task<FoundVersions?> OfAsync(Departure departure, CancellationToken cancellation)
    {
        if (departure.Template is not { } id || await db.Set<ProcessTemplate>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation) is not { Resolved: not null } own)
        {
            return null;
        }

        return await shelf.PublishedAsync(own.Key, cancellation) is { } newer && newer.Number > own.Number
            ? new(own, templates.DocumentOf(own), newer, templates.DocumentOf(newer))
            : new(own, templates.DocumentOf(own), null, null);
    }

    /// <summary>
    /// Its tasks that such a departure is asked for and does not have, all of them or those named; not yet dated, nor kept. They wait only for what is there or comes with them.
    /// </summary>
    public async Task<IReadOnlyList<DepartureTask>> AddedAsync(Departure departure, FoundVersions found, IReadOnlyList<string>? keys, CancellationToken cancellation)
    {
        if (found is not { Newer: { } newer, After: { } document })
        {
            return [];
        }

        var existing = (await db.Set<DepartureTask>().Where(task => task.Departure == departure.Id).Select(task => task.Key).ToListAsync(cancellation)).ToHashSet(StringComparer.Ordinal);
        var parties = await facts.PartiesAsync(departure, cancellation);
        var asked = document.TasksFor((await facts.OfAsync([departure], cancellation))[departure.Id].Facts).ToDictionary(task => task.Key, StringComparer.Ordinal);
        var chosen = asked.Values.Where(task => !existing.Contains(task.Key) && (keys?.Contains(task.Key, StringComparer.Ordinal) ?? true)).ToList();
        var there = chosen.Select(task => task.Key).Concat(existing).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. chosen.Select(task => DepartureTask.Of(
                departure.Id, task with { After = ProcessDocument.PassThrough(task, asked, there.Contains) }, document.PlaceOf(task.Key), TaskDesk.Of(task.Owner, parties), newer.Id)),
        ];
    }
}

/// <summary>Two versions of one process.</summary>
internal sealed record FoundVersions(ProcessTemplate Own, ProcessDocument Before, ProcessTemplate? Newer, ProcessDocument? After);

/// <summary>The words of newer versions.</summary>
internal static class NewerVersionText
{
    public static readonly Words Title = new("A newer version of the template", "Une version plus récente du modèle");
    public static readonly Words Exists = new("Version {0} of “{1}” is published; this departure runs on version {2}.", "La version {0} de « {1} » est publiée ; ce départ suit la version {2}.");
    public static readonly Words Newest = new("This departure runs on the newest version of “{0}”.", "Ce départ suit la version la plus récente de « {0} ».");
    public static readonly Words UpToDate = new("Nothing newer", "Rien de plus récent");
    public static readonly Words OneAdded = new("{0} task was added there.", "{0} tâche y a été ajoutée.");
    public static readonly Words ManyAdded = new("{0} tasks were added there.", "{0} tâches y ont été ajoutées.");
    public static readonly Words Look = new("See what is new", "Voir ce qui est nouveau");
    public static readonly Words Lead = new(
        "The departure stays on its version. You may take over tasks that were added; what was changed or dropped stays here as it is.",
        "Le départ reste sur sa version. Vous pouvez reprendre les tâches ajoutées ; ce qui a été modifié ou retiré reste ici tel quel.");

    public static readonly Words Added = new("Tasks to take over", "Tâches à reprendre");
    public static readonly Words NothingAdded = new("Nothing to take over: no task was added that this departure would be asked for.", "Rien à reprendre : aucune tâche ajoutée ne concerne ce départ.");
    public static readonly Words TakeOver = new("Take over the tasks chosen", "Reprendre les tâches choisies");
    public static readonly Words OneTaken = new("{0} task taken over.", "{0} tâche reprise.");
    public static readonly Words ManyTaken = new("{0} tasks taken over.", "{0} tâches reprises.");
    public static readonly Words Difference = new("What differs", "Ce qui diffère");
    public static readonly Words WholeComparison = new("Compare field by field", "Comparer champ par champ");
    public static readonly Words ChooseSome = new("Choose at least one task.", "Choisissez au moins une tâche.");
    public static readonly Words TemplateVersion = new("{0}, version {1}", "{0}, version {1}");
    public static readonly Words NotToTakeOver = new("“{0}” cannot be taken over: the departure has it already, or is not asked for it.", "« {0} » ne peut pas être reprise : le départ l’a déjà, ou n’est pas concerné.");

    public static readonly Problem NotThatOne = Problem.Conflict("not-the-newest-version", new(
        "Another version was published meanwhile, or none is newer: look again at what it adds.", "Une autre version a été publiée entre-temps, ou aucune n’est plus récente : relisez ce qu’elle ajoute."));
}
