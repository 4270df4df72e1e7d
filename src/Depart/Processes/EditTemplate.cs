using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Depart.Processes.Yaml;
using Microsoft.EntityFrameworkCore;

namespace Depart.Processes;

/// <summary>What is done to a task of a template.</summary>
public enum TemplateAct
{
    /// <summary>Its fields are otherwise; of an inherited one only what differs is written.</summary>
    Change,

    /// <summary>A new one.</summary>
    Add,

    /// <summary>It is not asked for any more; an inherited one is named under <c>drop</c>.</summary>
    Drop,

    /// <summary>An inherited one that was dropped is taken over again.</summary>
    Restore,

    /// <summary>What was otherwise in an inherited one is as inherited again.</summary>
    Revert,
}

/// <summary>Fields of a task as they are to be; what is null stays.</summary>
public sealed record TaskEdit
{
    /// <summary>1 to 7.</summary>
    public int? Step { get; init; }

    /// <summary>One of the kinds.</summary>
    public string? Kind { get; init; }

    /// <summary>Who does it.</summary>
    public TaskOwner? Owner { get; init; }

    /// <summary>What it is called.</summary>
    public Words? Title { get; init; }

    /// <summary>What to do.</summary>
    public Words? Instructions { get; init; }

    /// <summary>What <em>done</em> means.</summary>
    public Words? Done { get; init; }

    /// <summary>The day it is counted from.</summary>
    public TaskAnchor? Anchor { get; init; }

    /// <summary>Days after the anchor.</summary>
    public DayOffset? Offset { get; init; }

    /// <summary>Local hour, <c>default</c> for the usual one.</summary>
    public string? At { get; init; }

    /// <summary>Keys of the tasks that it waits for.</summary>
    public IReadOnlyList<string>? After { get; init; }

    /// <summary>The departure is not closed before it.</summary>
    public bool? Blocking { get; init; }

    /// <summary>It is done with a proof.</summary>
    public bool? Evidence { get; init; }

    /// <summary>IANA zone of the hour, <c>departure</c> for that of each departure.</summary>
    public string? Zone { get; init; }

    /// <summary>It is asked for only when all of this holds; empty for always.</summary>
    public FactConditions? When { get; init; }

    /// <summary>It is not asked for when all of this holds; empty excludes nothing.</summary>
    public FactConditions? Unless { get; init; }

    /// <summary>Other texts for some departures, all of them.</summary>
    public IReadOnlyList<TextVariant>? Variants { get; init; }

    /// <summary>How long before it is due its owner is reminded, all of them.</summary>
    public IReadOnlyList<DayOffset>? Reminders { get; init; }

    /// <summary>Who is told when it is late.</summary>
    public Escalation? Escalation { get; init; }

    /// <summary>False: nobody is told when it is late.</summary>
    public bool? Escalates { get; init; }

    internal TaskTemplate Over(TaskTemplate task) => task with
    {
        Step = Step ?? task.Step,
        Kind = Kind ?? task.Kind,
        Owner = Owner ?? task.Owner,
        Title = Title ?? task.Title,
        Instructions = Instructions ?? task.Instructions,
        Done = Done ?? task.Done,
        Anchor = Anchor ?? task.Anchor,
        Offset = Offset ?? task.Offset,
        At = At switch { null => task.At, _ => TimeOnly.TryParseExact(At, "HH:mm", out var hour) ? hour : null },
        After = After ?? task.After,
        Blocking = Blocking ?? task.Blocking,
        Evidence = Evidence ?? task.Evidence,
        Zone = Zone switch { null => task.Zone, ProcessReader.DepartureZone => null, var zone => zone },
        When = When ?? task.When,
        Unless = Unless ?? task.Unless,
        Variants = Variants ?? task.Variants,
        Reminders = Reminders ?? task.Reminders,
        Escalation = Escalates == false ? null : Escalation ?? task.Escalation,
    };
}

/// <summary>
/// Changes one task of a template without YAML: the file is written anew and kept as a draft, comments in it aside. A published version begins the draft of the next one. What is wrong is told
/// at its field, and nothing is kept.
/// </summary>
internal sealed record EditTemplate(string Key, int Number, TemplateAct Act, string? Task, TaskEdit? Fields) : ICommand<TemplateReference>, IRouted, IChecked
{
    public static Access Access => SaveDraft.Access;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/templates/{key}/versions/{number}/tasks", (string key, int number, Body body, ApiDoor door) =>
        door.SendAsync(new EditTemplate(key, number, body.Act, body.Task, body.Fields))).WithTags("Templates").Produces<TemplateReference>();

    internal sealed record Body(TemplateAct Act, string? Task, TaskEdit? Fields);

    public IEnumerable<Problem> Check()
    {
        if (Act != TemplateAct.Add && string.IsNullOrEmpty(Task))
        {
            yield return Problem.Required(nameof(Task), ProcessesText.Task);
        }

        if (Fields?.At is { } at && at != ProcessReader.DepartureHour && !TimeOnly.TryParseExact(at, "HH:mm", out _))
        {
            yield return Problem.Invalid("at", "bad-hour", ProcessesText.BadHour.With(at));
        }
    }

    internal sealed class Handler(DepartDb db, TemplateShelf shelf, TaskKinds kinds, IHandler<SaveDraft, TemplateReference> drafts) : IHandler<EditTemplate, TemplateReference>
    {
        public async Task<Outcome<TemplateReference>> HandleAsync(EditTemplate command, CancellationToken cancellation)
        {
            if (await shelf.FindAsync(command.Key, command.Number, cancellation) is not { } template)
            {
                return Problem.NotFound(ProcessesText.Template);
            }

            if (template.State != TemplateState.Draft && await db.Set<ProcessTemplate>().AnyAsync(row => row.Key == command.Key && row.State == TemplateState.Draft, cancellation))
            {
                return ProcessesText.DraftExists;
            }

            if (ProcessReader.Read(template.Yaml, kinds).Source is not { } source)
            {
                return ProcessProblem.Refused((await shelf.ReadAsync(template.Yaml, cancellation)).Reading.Problems)!;
            }

            var inherited = source.Extends is { } extends && await shelf.PublishedAsync(extends, cancellation) is { Document: { } document } ? document.Tasks : [];
            var edited = new ProcessEdit(source, inherited).Apply(command, out var key);
            if (!edited.Ok)
            {
                return edited.Problem;
            }

            var yaml = ProcessWriter.Write(edited.Value);
            var (reading, _) = await shelf.ReadAsync(yaml, cancellation);
            return reading.Document is null ? AtFields(reading.Problems, key) : await drafts.HandleAsync(new(yaml), cancellation);
        }

        /// <summary>What is wrong in the task that was changed is told at its fields; the lines of a file that nobody has seen say nothing.</summary>
        private static Problem AtFields(IReadOnlyList<ProcessProblem> problems, string key) => Problem.Several([.. problems.Select(problem =>
            problem.Path.StartsWith($"tasks[{key}].", StringComparison.Ordinal)
                ? new Problem(ProblemKind.Invalid, problem.Code, Named(problem.Path[(key.Length + 8)..], problem.Message)) { Field = problem.Path[(key.Length + 8)..] }
                : new Problem(ProblemKind.Invalid, problem.Code, problem.Path.Length == 0 ? Sentence(problem.Message) : ProcessesText.Elsewhere.With(problem.Path, problem.Message)))])!;

        /// <summary>Several fields may be wrong in the same way: each says which it is.</summary>
        private static Words Named(string path, Words message)
        {
            var parts = path.Split('.');
            var label = TaskFields.All.FirstOrDefault(field => field.Key == parts[0].Split('[')[0])?.Label;
            var language = parts[^1] switch { "fr" => new Words(" in French", " en français"), "en" => new Words(" in English", " en anglais"), _ => Words.Same("") };
            return label is null ? Sentence(message) : new Words("{0}{1}: {2}", "{0}{1} : {2}").With(label, language, message);
        }

        private static Words Sentence(Words message) => new(Upper(message.En), Upper(message.Fr));

        private static string Upper(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
    }
}

/// <summary>A file of a process with one task otherwise.</summary>
internal sealed class ProcessEdit(ProcessSource source, IReadOnlyList<TaskTemplate> inherited)
{
    /// <summary>The file after an edit; <paramref name="key"/> is the task concerned.</summary>
    public Outcome<ProcessSource> Apply(EditTemplate edit, out string key)
    {
        key = edit.Task ?? "";
        var name = key;
        var above = inherited.FirstOrDefault(task => task.Key == name);
        var stated = source.Tasks.FirstOrDefault(task => task.Key == name);
        var fields = edit.Fields ?? new();
        switch (edit.Act)
        {
            case TemplateAct.Add:
                key = NewKey(fields.Title);
                return With(TaskSource.Whole(fields.Over(TaskFields.Blank(key))));
            case TemplateAct.Change when above is not null && source.Drop.All(dropped => dropped.Key != name):
                var wanted = fields.Over(stated?.Over(above) ?? above);
                var differing = TaskFields.Differing(above, wanted);
                return differing.Count == 0 ? Without(name) : With(new(default, wanted, differing.ToDictionary(field => field, _ => default(YamlPlace), StringComparer.Ordinal)));
            case TemplateAct.Change when stated is not null:
                return With(TaskSource.Whole(fields.Over(stated.Value)));
            case TemplateAct.Drop when above is not null && source.Drop.All(dropped => dropped.Key != name):
                return Without(name) with { Drop = [.. source.Drop, new DroppedTask(name, default)] };
            case TemplateAct.Drop when stated is not null:
                return Without(name);
            case TemplateAct.Restore when source.Drop.Any(dropped => dropped.Key == name):
                return source with { Drop = [.. source.Drop.Where(dropped => dropped.Key != name)] };
            case TemplateAct.Revert when above is not null && stated is not null:
                return Without(name);
            default:
                return Problem.NotFound(ProcessesText.Task);
        }
    }

    private ProcessSource With(TaskSource task) => source with
    {
        Tasks = source.Tasks.Any(other => other.Key == task.Key) ? [.. source.Tasks.Select(other => other.Key == task.Key ? task : other)] : [.. source.Tasks, task],
    };

    private ProcessSource Without(string key) => source with { Tasks = [.. source.Tasks.Where(task => task.Key != key)] };

    /// <summary>A key from the title, unlike every other.</summary>
    private string NewKey(Words? title)
    {
        var taken = source.Tasks.Select(task => task.Key).Concat(inherited.Select(task => task.Key)).ToHashSet(StringComparer.Ordinal);
        var plain = string.Join('-', SearchText.Of(title?.En is { Length: > 0 } english ? english : title?.Fr).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var ascii = string.Concat(plain.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'));
        var slug = ascii.Length == 0 ? "task" : ascii[..Math.Min(ascii.Length, 40)].Trim('-');
        var key = slug;
        for (var number = 2; !taken.Add(key); number++)
        {
            key = $"{slug}-{number}";
        }

        return key;
    }
}

/// <summary>Which departures a new template is taken for by itself.</summary>
public enum MadeFor
{
    /// <summary>Those of the template that it extends.</summary>
    Same,

    /// <summary>Those of external consultants, whatever their status.</summary>
    Consultants,

    /// <summary>None: somebody chooses it at the opening.</summary>
    ByChoice,
}

/// <summary>Begins a template that extends another: everything is inherited until it is changed (PRO3).</summary>
internal sealed record BeginTemplate(string Extends, Words Title, string? Key = null, MadeFor For = MadeFor.Same) : ICommand<TemplateReference>, IRouted, IChecked
{
    public static Access Access => SaveDraft.Access;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/templates/begin", (BeginTemplate command, ApiDoor door) => door.SendAsync(command)).WithTags("Templates").Produces<TemplateReference>();

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Title?.Fr) || string.IsNullOrWhiteSpace(Title.En))
        {
            yield return Problem.Invalid(nameof(Title), "required", ProcessesText.TitleInBoth);
        }

        if (Key is not null && !ProcessReader.IsKey(Key))
        {
            yield return Problem.Invalid(nameof(Key), "bad-key", ProcessesText.BadKey.With(Key, TaskTemplate.KeyLength));
        }
    }

    internal sealed class Handler(DepartDb db, TemplateShelf shelf, IHandler<SaveDraft, TemplateReference> drafts) : IHandler<BeginTemplate, TemplateReference>
    {
        public async Task<Outcome<TemplateReference>> HandleAsync(BeginTemplate command, CancellationToken cancellation)
        {
            if (await shelf.PublishedAsync(command.Extends ?? "", cancellation) is not { Document: { } above })
            {
                return Problem.Invalid(nameof(Extends), "unknown-base", ProcessesText.UnknownBase.With(command.Extends));
            }

            var slug = string.Join('-', SearchText.Of(command.Title.En).Split(' ', StringSplitOptions.RemoveEmptyEntries));
            var ascii = string.Concat(slug.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'));
            slug = command.Key ?? (ascii.Length == 0 ? "template" : ascii[..Math.Min(ascii.Length, 40)].Trim('-'));
            if (await db.Set<ProcessTemplate>().AnyAsync(row => row.Key == slug, cancellation))
            {
                return Problem.Invalid(nameof(Title), "template-taken", ProcessesText.TemplateTaken.With(slug));
            }

            return await drafts.HandleAsync(
                new(ProcessWriter.Write(new()
                {
                    Key = slug, Extends = above.Key, Title = command.Title,
                    For = command.For switch
                    {
                        MadeFor.Consultants => new([new("status", [.. Enum.GetValues<ContractualStatus>().Where(status => status != ContractualStatus.Internal).Select(status => JsonNamingPolicy.KebabCaseLower.ConvertName(status.ToString()))])]),
                        MadeFor.ByChoice => FactConditions.None,
                        _ => above.For,
                    },
                    Description = new($"Extends “{above.Title.En}”.", $"Prolonge «\u00a0{above.Title.Fr}\u00a0»."),
                })),
                cancellation);
        }
    }
}
