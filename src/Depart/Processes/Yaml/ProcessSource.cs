using System.Text.Json;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Processes.Yaml;

/// <summary>A process as its file states it: what it extends is not yet in it.</summary>
internal sealed record ProcessSource
{
    /// <summary>The keys that a file may have.</summary>
    public static readonly IReadOnlyList<string> Keys = ["key", "extends", "title", "description", "for", "drop", "tasks"];

    public required string Key { get; init; }

    public string? Extends { get; init; }

    public required Words Title { get; init; }

    public required Words Description { get; init; }

    public required FactConditions For { get; init; }

    public IReadOnlyList<DroppedTask> Drop { get; init; } = [];

    public IReadOnlyList<TaskSource> Tasks { get; init; } = [];

    /// <summary>Where each key of the document stands.</summary>
    public IReadOnlyDictionary<string, YamlPlace> Places { get; init; } = new Dictionary<string, YamlPlace>(StringComparer.Ordinal);

    /// <summary>Where a key stands, else the beginning.</summary>
    public YamlPlace PlaceOf(string key) => Places.TryGetValue(key, out var place) ? place : new(1, 1);

    /// <summary>A process that stands alone, as a source: to write it whole.</summary>
    public static ProcessSource Whole(ProcessDocument document) => new()
    {
        Key = document.Key,
        Title = document.Title,
        Description = document.Description,
        For = document.For,
        // Variants for departures that this process is not for were inherited, and would be refused in a file of its own.
        Tasks = [.. document.Tasks.Select(task => TaskSource.Whole(task with
        {
            Variants = [.. task.Variants.Where(variant => FactConditions.CanHold([document.For, task.When, variant.When], [task.Unless]))],
        }))],
    };

    /// <summary>What it states, places aside: to tell whether two files say the same.</summary>
    public JsonObject Stated() => new()
    {
        ["key"] = Key,
        ["extends"] = Extends,
        ["title"] = JsonSerializer.SerializeToNode(Title, ApiJson.Options),
        ["description"] = JsonSerializer.SerializeToNode(Description, ApiJson.Options),
        ["for"] = JsonSerializer.SerializeToNode(For, ApiJson.Options),
        ["drop"] = new JsonArray([.. Drop.Select(dropped => (JsonNode)dropped.Key)]),
        ["tasks"] = new JsonArray([.. Tasks.Select(task => (JsonNode)task.Stated())]),
    };
}

/// <summary>A task of the extended process that is not taken over.</summary>
internal sealed record DroppedTask(string Key, YamlPlace Place);

/// <summary>A task as its file states it: whole, or only what it changes of an inherited one.</summary>
/// <remarks>In the value what is not said is blank; the fields are those that are said, and where.</remarks>
internal sealed record TaskSource(YamlPlace Place, TaskTemplate Value, IReadOnlyDictionary<string, YamlPlace> Fields)
{
    public string Key => Value.Key;

    /// <summary>Where a field stands, else where the task does.</summary>
    public YamlPlace PlaceOf(string field) => Fields.TryGetValue(field, out var place) ? place : Place;

    /// <summary>A task with what is said here instead of its own.</summary>
    public TaskTemplate Over(TaskTemplate inherited) => TaskFields.All.Where(field => Fields.ContainsKey(field.Key)).Aggregate(inherited, (task, field) => field.Copy(task, Value));

    public static TaskSource Whole(TaskTemplate task)
    {
        var (said, blank) = (new Dictionary<string, YamlPlace>(StringComparer.Ordinal), TaskFields.Blank(task.Key));
        var differing = TaskFields.Differing(task, blank);
        foreach (var field in TaskFields.All.Where(field => field.Required || differing.Contains(field.Key)))
        {
            said[field.Key] = default;
        }

        return new(default, task, said);
    }

    /// <summary>What it states, places aside.</summary>
    public JsonObject Stated()
    {
        var (all, said) = (TaskFields.Json(Value), new JsonObject { ["key"] = Key });
        foreach (var name in TaskFields.All.Select(known => known.Key).Where(Fields.ContainsKey))
        {
            said[name] = all[name]?.DeepClone();
        }

        return said;
    }
}
