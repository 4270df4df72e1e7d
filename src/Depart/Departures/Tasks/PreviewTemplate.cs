using Depart.Departures.Settings;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>A departure that is not: what a template would ask of it. What is not said is taken from the mission, when one is named, otherwise it is the first that there is.</summary>
public sealed record SampleDeparture
{
    /// <summary>A mission of the record whose facts are taken, or null: they are invented.</summary>
    public MissionId? Mission { get; init; }

    /// <summary>Last working day; the mission's end, or thirty days from today.</summary>
    public DateOnly? LastDay { get; init; }

    /// <summary>Day of the announcement; today, but never after the last day.</summary>
    public DateOnly? AnnounceOn { get; init; }

    /// <summary>Contractual end; never before the last day.</summary>
    public DateOnly? MissionEnd { get; init; }

    /// <summary>IANA zone.</summary>
    public string? Zone { get; init; }

    /// <summary>Local hour of the cut.</summary>
    public TimeOnly? CutTime { get; init; }

    /// <summary>Key of the calendar in which business days are counted.</summary>
    public string? Calendar { get; init; }

    /// <summary>How the mission is bought.</summary>
    public MissionKind? Kind { get; init; }

    /// <summary>How the person is bound to the company.</summary>
    public ContractualStatus? Status { get; init; }

    /// <summary>Worked on site.</summary>
    public bool? OnSite { get; init; }

    /// <summary>A privileged account is known.</summary>
    public bool? Privileged { get; init; }

    /// <summary>A successor is named.</summary>
    public bool? HasSuccessor { get; init; }

    /// <summary>At once.</summary>
    public bool? Immediate { get; init; }

    /// <summary>The unit.</summary>
    public string? Unit { get; init; }

    /// <summary>The supplier’s name.</summary>
    public string? Supplier { get; init; }
}

/// <summary>A task as the sample would have it.</summary>
/// <param name="Task">As the departure reads it: texts of its variant, and only what it really waits for.</param>
/// <param name="DueAt">UTC.</param>
/// <param name="Zone">The zone in which people read that instant.</param>
/// <param name="Day">Its day there.</param>
/// <param name="Order">1 for what may begin at once; otherwise one more than the last of what it waits for.</param>
/// <param name="TooEarly">Due before something that it waits for, in this calendar.</param>
public sealed record PreviewedTask(TaskTemplate Task, DateTimeOffset DueAt, string Zone, DateOnly Day, int Order, bool TooEarly);

/// <summary>A task that such a departure is not asked for.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Step">1 to 7.</param>
/// <param name="Title">Its title.</param>
/// <param name="Missing">What it asks for and the sample has not; empty when it is excluded instead.</param>
/// <param name="Excluded">What excludes it; empty when something is missing.</param>
public sealed record LeftOutTask(string Key, int Step, Words Title, FactConditions Missing, FactConditions Excluded);

/// <summary>What a version of a template would ask of a sample departure.</summary>
/// <param name="Template">Which version.</param>
/// <param name="Title">Its title.</param>
/// <param name="IsFor">It is made for such departures.</param>
/// <param name="Facts">The facts that counted.</param>
/// <param name="AnnounceOn">The anchors, as they came out.</param>
/// <param name="LastDay">See <paramref name="AnnounceOn"/>.</param>
/// <param name="MissionEnd">See <paramref name="AnnounceOn"/>.</param>
/// <param name="CutAt">The instant of the cut, UTC.</param>
/// <param name="Zone">The zone of the departure.</param>
/// <param name="Calendar">The calendar in which business days were counted.</param>
/// <param name="Tasks">By when they are due.</param>
/// <param name="LeftOut">By step.</param>
public sealed record TemplatePreview(
    TemplateReference Template, Words Title, bool IsFor, DepartureFactsForTasks Facts, DateOnly AnnounceOn, DateOnly LastDay, DateOnly MissionEnd, DateTimeOffset CutAt, string Zone, string Calendar,
    IReadOnlyList<PreviewedTask> Tasks, IReadOnlyList<LeftOutTask> LeftOut);

/// <summary>Says what a version of a template would ask of a departure, and when; nothing is kept (PRO1). Without a number the last one published.</summary>
internal sealed record PreviewTemplate(string Key, int? Number, SampleDeparture Sample) : IQuery<TemplatePreview>, IRouted
{
    public static Access Access => ListTemplates.Access;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/templates/{key}/preview", (string key, int? number, SampleDeparture sample, ApiDoor door) =>
        door.AskAsync(new PreviewTemplate(key, number, sample))).WithTags("Templates").Produces<TemplatePreview>();

    internal sealed class Handler(DepartDb db, Actor actor, TemplateShelf shelf, TaskBook book, HouseRules house, IDepartureFacts facts, TimeProvider clock) : IHandler<PreviewTemplate, TemplatePreview>
    {
        public async Task<Outcome<TemplatePreview>> HandleAsync(PreviewTemplate query, CancellationToken cancellation)
        {
            if (await shelf.FindAsync(query.Key, query.Number, cancellation) is not { } template)
            {
                return Problem.NotFound(ProcessesText.Template);
            }

            var document = await shelf.DocumentAsync(template, cancellation);
            if (!document.Ok)
            {
                return document.Problem;
            }

            if (Refusal(query.Sample) is { } refusal)
            {
                return refusal;
            }

            var usual = await house.GetAsync(cancellation);
            var sample = query.Sample with { Zone = query.Sample.Zone ?? usual.Zone, CutTime = query.Sample.CutTime ?? usual.CutTime, Calendar = query.Sample.Calendar ?? usual.Calendar };
            if (await house.DefinitionAsync(sample.Calendar, cancellation) is not { } calendar)
            {
                return Problem.Invalid("calendar", "calendar-unknown", SettingsText.CalendarUnknown.With(sample.Calendar));
            }

            var mission = query.Sample.Mission is { } id ? await db.Set<Mission>().FirstOrDefaultAsync(row => row.Id == id, cancellation) : null;
            if (query.Sample.Mission is not null && (mission is null || !(OpenableMissions.Concerns(actor, mission) || actor.In(mission.Unit).Holds(Role.Auditor))))
            {
                return Problem.NotFound(DeparturesText.Mission);
            }

            return await OfAsync(template, document.Value, sample, calendar, mission, cancellation);
        }

        private async Task<TemplatePreview> OfAsync(ProcessTemplate template, ProcessDocument document, SampleDeparture sample, string calendar, Mission? mission, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            var departure = Of(sample, calendar, mission, now);
            var known = mission is null ? new DepartureFactsForTasks() : (await facts.OfAsync([departure], cancellation))[departure.Id].Facts;
            known = known with
            {
                Kind = sample.Kind ?? known.Kind,
                Status = sample.Status ?? known.Status,
                OnSite = sample.OnSite ?? known.OnSite,
                Privileged = sample.Privileged ?? known.Privileged,
                HasSuccessor = sample.HasSuccessor ?? known.HasSuccessor,
                Immediate = sample.Immediate ?? known.Immediate,
                Unit = sample.Unit ?? known.Unit,
                Supplier = sample.Supplier ?? known.Supplier,
            };
            var asked = document.TasksFor(known).Select(task =>
            {
                var made = DepartureTask.Of(departure.Id, task, 0, TaskDesk.Nobody);
                var (due, zone) = (book.DueOf(made, departure, now), made.ZoneOn(departure));
                return (Task: task, Due: due, Zone: zone.Id, Day: DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(due, zone).DateTime));
            }).ToList();
            var (orders, dues) = (Orders([.. asked.Select(one => one.Task)]), asked.ToDictionary(one => one.Task.Key, one => one.Due, StringComparer.Ordinal));
            return new(
                new(template.Key, template.Number), template.Title, document.IsFor(known), known, departure.AnnounceOn, departure.LastDay, departure.MissionEnd, departure.CutAt, departure.Zone, sample.Calendar!,
                [.. asked.OrderBy(one => one.Due).ThenBy(one => one.Task.Step).Select(one =>
                    new PreviewedTask(one.Task, one.Due, one.Zone, one.Day, orders[one.Task.Key], one.Task.After.Any(before => dues[before] > one.Due)))],
                [.. document.Tasks.Where(task => !task.AppliesTo(known)).Select(task => LeftOut(task, known))]);
        }
    }

    private static Departure Of(SampleDeparture sample, string calendar, Mission? mission, DateTimeOffset now)
    {
        var zone = LocalInstant.FindZone(sample.Zone!) ?? LocalInstant.FindZone(Departure.DefaultZone)!;
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var last = sample.LastDay ?? (mission?.End is { } end && end >= today ? end : today.AddDays(30));
        return Departure.Open(
            mission?.Id ?? IIdentifier<MissionId>.New(), mission?.Person ?? IIdentifier<PersonId>.New(), last, zone, sample.CutTime!.Value,
            sample.Immediate == true ? DepartureKind.Immediate : DepartureKind.Planned, DepartureReason.MissionEnd, now, sample.MissionEnd ?? mission?.End, sample.AnnounceOn, calendar);
    }

    private static Problem? Refusal(SampleDeparture sample) =>
        sample.LastDay is { } last && DeparturesText.OutOfRange("lastDay", DeparturesText.LastDay, last) is { } wrongLast ? wrongLast
        : sample.AnnounceOn is { } announce && DeparturesText.OutOfRange("announceOn", DeparturesText.AnnounceOn, announce) is { } wrongAnnounce ? wrongAnnounce
        : sample.MissionEnd is { } end && DeparturesText.OutOfRange("missionEnd", PreviewText.MissionEnd, end) is { } wrongEnd ? wrongEnd
        : sample.Zone is { } zone && LocalInstant.FindZone(zone) is null ? Problem.Invalid("zone", "zone-unknown", DeparturesText.ZoneUnknown.With(zone))
        : null;

    /// <summary>Which facts keep a task out: those of <c>when</c> that are otherwise, else all of <c>unless</c>.</summary>
    private static LeftOutTask LeftOut(TaskTemplate task, DepartureFactsForTasks facts)
    {
        var missing = new FactConditions(task.When.Facts.Where(fact => !new FactConditions([fact]).Hold(facts)));
        return new(task.Key, task.Step, task.Title, missing, missing.IsEmpty ? task.Unless : FactConditions.None);
    }

    /// <summary>How many tasks come one after the other until each; the template has no circle.</summary>
    private static Dictionary<string, int> Orders(IReadOnlyList<TaskTemplate> tasks)
    {
        var all = tasks.ToDictionary(task => task.Key, StringComparer.Ordinal);
        var orders = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var task in tasks)
        {
            Of(task);
        }

        return orders;

        int Of(TaskTemplate task) => orders.TryGetValue(task.Key, out var known) ? known
            : orders[task.Key] = task.After.Select(key => all.GetValueOrDefault(key)).OfType<TaskTemplate>().Select(Of).DefaultIfEmpty(0).Max() + 1;
    }
}
