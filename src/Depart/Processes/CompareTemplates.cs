using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Interfaces.Api;
using Depart.Processes.Yaml;

namespace Depart.Processes;

/// <summary>What became of one task between two processes.</summary>
public enum TaskChange
{
    /// <summary>The same.</summary>
    Inherited,

    /// <summary>Some fields are otherwise.</summary>
    Changed,

    /// <summary>Not there any more.</summary>
    Dropped,

    /// <summary>Not there before.</summary>
    Added,
}

/// <summary>One field of a task before and after, as the API writes it; null where nothing was said.</summary>
public sealed record FieldDifference(string Field, Words Label, JsonNode? Before, JsonNode? After);

/// <summary>One task, side by side.</summary>
/// <remarks>The title is the one after, of a dropped task the one before.</remarks>
public sealed record TaskComparison(string Key, int Step, Words Title, TaskChange Change, IReadOnlyList<FieldDifference> Fields);

/// <summary>Two processes side by side (PRO3): what is inherited, changed, dropped, added; by step.</summary>
public sealed record TemplateComparison(TemplateReference From, TemplateReference To, IReadOnlyList<TaskComparison> Tasks)
{
    internal static TemplateComparison Of(TemplateReference from, ProcessDocument before, TemplateReference to, ProcessDocument after)
    {
        var (left, right) = (before.Tasks.ToDictionary(task => task.Key, StringComparer.Ordinal), after.Tasks.ToDictionary(task => task.Key, StringComparer.Ordinal));
        var kept = after.Tasks.Select(task =>
        {
            var fields = left.TryGetValue(task.Key, out var was) ? Differences(was, task) : [];
            return new TaskComparison(task.Key, task.Step, task.Title, was is null ? TaskChange.Added : fields.Count == 0 ? TaskChange.Inherited : TaskChange.Changed, fields);
        });
        var dropped = before.Tasks.Where(task => !right.ContainsKey(task.Key)).Select(task => new TaskComparison(task.Key, task.Step, task.Title, TaskChange.Dropped, []));
        return new(from, to, [.. kept.Concat(dropped).OrderBy(task => task.Step)]);
    }

    private static List<FieldDifference> Differences(TaskTemplate before, TaskTemplate after)
    {
        var (left, right) = (TaskFields.Json(before), TaskFields.Json(after));
        var differing = TaskFields.Differing(before, after);
        return [.. TaskFields.All.Where(field => differing.Contains(field.Key)).Select(field =>
            new FieldDifference(field.Key, field.Label, left[field.Key]?.DeepClone(), right[field.Key]?.DeepClone()))];
    }
}

/// <summary>
/// Compares a version with the process it extends, or with another version: « what would change if a departure moved to it » (PRO2). Without a number the last one published.
/// </summary>
internal sealed record CompareTemplates(string Key, int? Number = null, string? With = null, int? WithNumber = null) : IQuery<TemplateComparison>, IRouted
{
    public static Access Access => ListTemplates.Access;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/templates/{key}/comparison", (string key, int? number, string? with, int? withNumber, ApiDoor door) =>
        door.AskAsync(new CompareTemplates(key, number, with, withNumber))).WithTags("Templates").Produces<TemplateComparison>();

    internal sealed class Handler(TemplateShelf shelf) : IHandler<CompareTemplates, TemplateComparison>
    {
        public async Task<Outcome<TemplateComparison>> HandleAsync(CompareTemplates query, CancellationToken cancellation)
        {
            if (await shelf.FindAsync(query.Key, query.Number, cancellation) is not { } template)
            {
                return Problem.NotFound(ProcessesText.Template);
            }

            // Another version of the same when only its number is given; else the version of the base that it stands on.
            var (key, number) = query switch
            {
                { With: { } named } => (named, query.WithNumber),
                { WithNumber: { } other } => (query.Key, other),
                _ => (template.BaseKey, template.BaseNumber),
            };
            if (key is null)
            {
                return Problem.Invalid(nameof(With), "nothing-to-compare", ProcessesText.NothingToCompare.With(template.Key));
            }

            if (await shelf.FindAsync(key, number, cancellation) is not { } before)
            {
                return Problem.NotFound(ProcessesText.Template);
            }

            var (from, to) = (await shelf.DocumentAsync(before, cancellation), await shelf.DocumentAsync(template, cancellation));
            return !from.Ok ? from.Problem : !to.Ok ? to.Problem
                : TemplateComparison.Of(new(before.Key, before.Number), from.Value, new(template.Key, template.Number), to.Value);
        }
    }
}
