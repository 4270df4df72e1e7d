using Depart.Departures.Embargoes;
using Depart.Departures.Settings;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Depart.Missions.Imports;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>
/// Departures opened by a file (DEP1). The same rules as by hand, and stricter where a list would do harm unseen: an instant that has passed is refused, so is a mission whose departure is
/// open on another day or was cancelled. A departure that is already as the line says is unchanged: the same file twice opens nothing.
/// </summary>
internal sealed class ImportedDepartures(
    DepartDb db, Actor actor, DepartureOpening opening, TemplateChoice choice, IDepartureFacts facts, IDepartureBinding binding, HouseRules house, TimeProvider clock) : IImportedDepartures
{
    private static readonly Dictionary<string, DepartureReason> Reasons = Enum.GetValues<DepartureReason>()
        .SelectMany(reason => new[] { DeparturesText.Of(reason).En, DeparturesText.Of(reason).Fr, reason.ToString() }.Select(word => (Word: SearchText.Of(word), reason)))
        .Append((SearchText.Of("fin anticipée"), DepartureReason.EarlyEnd)).Append((SearchText.Of("remplacement"), DepartureReason.Replacement))
        .Append((SearchText.Of("sécurité"), DepartureReason.Security)).Append((SearchText.Of("autre"), DepartureReason.Other))
        .DistinctBy(pair => pair.Item1).ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    private Dictionary<MissionId, Mission> missions = [];
    private ILookup<MissionId, Departure> before = Enumerable.Empty<Departure>().ToLookup(departure => departure.Mission);
    private IReadOnlyList<ProcessTemplate> templates = [];
    private HouseSettings usual = new();
    private TimeZoneInfo usualZone = TimeZoneInfo.Utc;
    private string usualCalendar = "";

    public async Task DecideAsync(IReadOnlyList<LineDecision> lines, ImportColumns columns, CancellationToken cancellation)
    {
        var found = lines.Where(line => line is { Problems.Count: 0, Mission: not null }).ToList();
        await LoadAsync([.. found.Select(line => line.Mission!.Value)], cancellation);
        var said = new Dictionary<MissionId, (int Line, DateOnly Day)>();
        var toOpen = new List<(LineDecision Line, Departure Departure, ProcessTemplate? Named)>();
        foreach (var line in found)
        {
            var (departure, named, problem) = Read(line.Statement.Departure!, line.Mission!.Value, line.Successor, columns);
            if (problem is not null)
            {
                line.Problems.Add(problem);
            }
            else if (!said.TryAdd(departure!.Mission, (line.Row.Number, departure.LastDay)))
            {
                var (number, day) = said[departure.Mission];
                if (day != departure.LastDay)
                {
                    line.Problems.Add(new(columns.TitleOf(ImportField.LastDay), ImportsText.Contradicts.With(number, FieldChange.Day(day), FieldChange.Day(departure.LastDay))));
                }
            }
            else if (Held(departure) is { } held)
            {
                Keep(line, held, columns);
            }
            else
            {
                line.NewDeparture = true;
                toOpen.Add((line, departure, named));
            }
        }

        var known = await facts.OfAsync([.. toOpen.Select(each => each.Departure)], cancellation);
        foreach (var (line, departure, named) in toOpen)
        {
            var template = named ?? await choice.ForAsync(known[departure.Id].Facts, cancellation);
            line.MissionChanges.AddRange(Shown(departure, template));
            if (template is null)
            {
                line.Notes.Add(ImportedDeparturesText.NoTasks);
            }
        }
    }

    public async Task ApplyAsync(IReadOnlyList<AppliedLine> lines, Import import, CancellationToken cancellation)
    {
        await LoadAsync([.. lines.Select(line => line.Row.Mission).OfType<MissionId>()], cancellation);
        var hidden = await HiddenAsync([.. missions.Keys], import.AppliedBy, cancellation);
        var applier = Actor.Engine with { Person = import.AppliedByPerson };
        var read = new List<(Departure Departure, ProcessTemplate? Named)>();
        foreach (var line in lines)
        {
            var (departure, named, problem) = line.Row.Mission is { } mission ? Read(line.Content.Statement.Departure!, mission, line.Content.Successor, null) : (null, null, new(null, ImportsText.Nothing));
            problem ??= await Separation.RefusalAsync(applier, departure!.Person.Value, binding, cancellation) is { } separated ? new(null, separated.Message)
                : Held(departure) is not null || hidden.Contains(departure.Mission) ? PeopleOfLines.Moved(ImportedDeparturesText.NothingToOpen) : null;
            if (problem is not null)
            {
                line.Refusal = problem;
                continue;
            }

            read.Add((departure!, named));
        }

        var known = await facts.OfAsync([.. read.Select(each => each.Departure)], cancellation);
        var opened = new List<(Departure, ProcessTemplate?)>();
        foreach (var (departure, named) in read)
        {
            opened.Add((departure, named ?? await choice.ForAsync(known[departure.Id].Facts, cancellation)));
        }

        await opening.OpenAsync(opened, fact => fact.From(import), cancellation);
    }

    public async Task<IReadOnlyDictionary<MissionId, Words>> NotesAsync(IReadOnlyCollection<MissionId> of, CancellationToken cancellation) =>
        (await HiddenAsync(of, actor.User, cancellation)).ToDictionary(mission => mission, _ => EmbargoText.LineOpensNothing);

    /// <summary>Missions with a departure under embargo that a user knows of: a file of theirs opens no second one. What others read of such a line is what they would read of any that came too late.</summary>
    private async Task<HashSet<MissionId>> HiddenAsync(IReadOnlyCollection<MissionId> of, Guid? user, CancellationToken cancellation)
    {
        if (user is not { } knows)
        {
            return [];
        }

        var theirs = Embargo.InForce(db).Where(id => db.Set<Confidant>().Any(confidant => confidant.Departure == id && confidant.User == knows));
        return (await db.Set<Departure>().Where(departure => departure.State != DepartureState.Cancelled && departure.State != DepartureState.Closed && of.Contains(departure.Mission) && theirs.Contains(departure.Id))
            .Select(departure => departure.Mission).ToListAsync(cancellation)).ToHashSet();
    }

    private async Task LoadAsync(IReadOnlyList<MissionId> ids, CancellationToken cancellation)
    {
        (usual, usualZone, usualCalendar) = (await house.GetAsync(cancellation), await house.ZoneAsync(cancellation), await house.CalendarAsync(cancellation));
        missions = [];
        var departures = new List<Departure>();
        foreach (var some in ids.Distinct().Chunk(ImportLimits.Chunk))
        {
            foreach (var mission in await db.Set<Mission>().AsNoTracking().Where(mission => some.Contains(mission.Id)).ToListAsync(cancellation))
            {
                missions[mission.Id] = mission;
            }

            departures.AddRange(await db.Set<Departure>().AsNoTracking().Where(departure => some.Contains(departure.Mission) && !departure.UnderEmbargo).ToListAsync(cancellation));
        }

        before = departures.OrderBy(departure => departure.OpenedAt).ToLookup(departure => departure.Mission);
        templates = await db.Set<ProcessTemplate>().Where(template => template.State == TemplateState.Published).ToListAsync(cancellation);
    }

    /// <summary>The departure that a line asks for, never kept here, or why it cannot be.</summary>
    private (Departure? Departure, ProcessTemplate? Template, LineProblem? Problem) Read(DepartureStatement said, MissionId id, PersonId? successor, ImportColumns? columns)
    {
        if (!missions.TryGetValue(id, out var mission))
        {
            return Refused(null, ImportsText.Nothing);
        }

        if ((said.LastDay ?? mission.End) is not { } day)
        {
            return Refused(ImportField.LastDay, ImportedDeparturesText.NoDay);
        }

        if (DeparturesText.OutOfRange(nameof(ImportField.LastDay), DeparturesText.LastDay, day) is { } impossible)
        {
            return Refused(ImportField.LastDay, impossible.Message);
        }

        if (said.AnnounceOn is { } announced && DeparturesText.OutOfRange(nameof(ImportField.AnnounceOn), DeparturesText.AnnounceOn, announced) is { } never)
        {
            return Refused(ImportField.AnnounceOn, never.Message);
        }

        if ((said.Zone is null ? usualZone : LocalInstant.FindZone(said.Zone)) is not { } zone)
        {
            return Refused(ImportField.Zone, DeparturesText.ZoneUnknown.With(said.Zone));
        }

        var reason = DepartureReason.MissionEnd;
        if (said.Reason is { } why && !Reasons.TryGetValue(SearchText.Of(why), out reason))
        {
            return Refused(ImportField.Reason, ImportedDeparturesText.NoSuchReason.With(why, new Words(
                string.Join(", ", Enum.GetValues<DepartureReason>().Select(each => DeparturesText.Of(each).En)), string.Join(", ", Enum.GetValues<DepartureReason>().Select(each => DeparturesText.Of(each).Fr)))));
        }

        var template = said.Template is { } wanted ? Named(wanted) : null;
        if (said.Template is not null && template is null)
        {
            return Refused(ImportField.Template, ImportedDeparturesText.NoSuchTemplate.With(said.Template));
        }

        if (successor == mission.Person)
        {
            return Refused(ImportField.Successor, DeparturesText.OwnSuccessor.Message);
        }

        var now = clock.GetUtcNow();
        var departure = Departure.Open(mission.Id, mission.Person, day, zone, said.CutTime ?? usual.CutTime, DepartureKind.Planned, reason, now, mission.End, said.AnnounceOn, usualCalendar);
        if (departure.CutAt <= now && Held(departure) is null)
        {
            return Refused(ImportField.LastDay, ImportedDeparturesText.Passed.With(FieldChange.Day(day)));
        }

        if (successor is not null)
        {
            departure.HandOverTo(successor);
        }

        return (departure, template, null);

        (Departure?, ProcessTemplate?, LineProblem?) Refused(ImportField? field, Words why) => (null, null, new(field is { } named ? columns?.TitleOf(named) : null, why));
    }

    /// <summary>By key, or by title in either language; the last version published.</summary>
    private ProcessTemplate? Named(string wanted)
    {
        var text = SearchText.Of(wanted);
        return templates.Where(template => template.Key == wanted || SearchText.Of(template.TitleFr) == text || SearchText.Of(template.TitleEn) == text).MaxBy(template => template.Number);
    }

    /// <summary>What stands in the way of opening: a departure of the mission that is not over, or one that was over with the same last day.</summary>
    private Departure? Held(Departure asked) => before[asked.Mission].LastOrDefault(known => !known.IsOver) ?? before[asked.Mission].LastOrDefault(known => known.LastDay == asked.LastDay);

    private static void Keep(LineDecision line, Departure held, ImportColumns columns)
    {
        var day = line.Statement.Departure!.LastDay;
        if (held is { Prepared: true, IsAhead: true })
        {
            line.Problems.Add(new(null, DeparturesText.OnlyPrepared.Message));
        }
        else if (held.State == DepartureState.Cancelled)
        {
            line.Problems.Add(new(columns.TitleOf(ImportField.LastDay), ImportedDeparturesText.WasCancelled));
        }
        else if (day is not null && day != held.LastDay)
        {
            line.Problems.Add(new(columns.TitleOf(ImportField.LastDay), ImportedDeparturesText.OpenOtherDay.With(FieldChange.Day(held.LastDay))));
        }
        else
        {
            line.Notes.Add(held.IsOver ? ImportedDeparturesText.Over : ImportedDeparturesText.Open);
        }
    }

    private IEnumerable<FieldChange> Shown(Departure departure, ProcessTemplate? template)
    {
        yield return new(nameof(ImportField.LastDay), DeparturesText.LastDay, null, FieldChange.Day(departure.LastDay));
        yield return new(nameof(ImportField.CutTime), DeparturesText.CutTime, null, departure.Zone == usualZone.Id ? Foundation.Design.Said.Hour(departure.CutTime)
            : new Words("{0} {1}", "{0} {1}").With(Foundation.Design.Said.Hour(departure.CutTime), departure.Zone));
        if (departure.Reason != DepartureReason.MissionEnd)
        {
            yield return new(nameof(ImportField.Reason), DeparturesText.ReasonLabel, null, DeparturesText.Of(departure.Reason));
        }

        if (template is not null)
        {
            yield return new(nameof(ImportField.Template), DeparturesText.TemplateLabel, null, template.Title);
        }
    }
}

/// <summary>The words of departures opened by a file.</summary>
internal static class ImportedDeparturesText
{
    public static readonly Words NoDay = new(
        "Neither the line nor the mission says the last day.", "Ni la ligne ni la mission n’indique le dernier jour.");

    public static readonly Words NoSuchReason = new("“{0}” is not a reason that is known. Accepted: {1}.", "« {0} » n’est pas un motif connu. Valeurs acceptées : {1}.");
    public static readonly Words NoSuchTemplate = new("No published template has the key or the title “{0}”.", "Aucun modèle publié n’a pour clé ou pour titre « {0} ».");
    public static readonly Words Passed = new(
        "The cut of {0} would start at once: a file never does that. Open this departure by hand.",
        "La coupure du {0} démarrerait aussitôt : un fichier ne le fait jamais. Ouvrez ce départ à la main.");

    public static readonly Words OpenOtherDay = new(
        "This mission already has an open departure, whose last day is {0}: reschedule it from its page or from the list.",
        "Cette mission a déjà un départ ouvert, dont le dernier jour est le {0} : reportez-le depuis sa page ou depuis la liste.");

    public static readonly Words WasCancelled = new(
        "A departure with this last day was cancelled: open it by hand if it is wanted after all.",
        "Un départ à ce dernier jour a été annulé : ouvrez-le à la main s’il a finalement lieu.");

    public static readonly Words NothingToOpen = new("this line has no departure to open any more", "cette ligne n’a plus de départ à ouvrir");
    public static readonly Words Open = new("Already open.", "Déjà ouvert.");
    public static readonly Words Over = new("Already closed.", "Déjà clos.");
    public static readonly Words NoTasks = new("No template is made for such a mission: the departure has no tasks.", "Aucun modèle n’est prévu pour une telle mission : le départ n’aura pas de tâches.");
}
