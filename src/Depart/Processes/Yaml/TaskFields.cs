using System.Text.Json;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Processes.Yaml;

/// <summary>One field of a task: its key in files and in the API, and how it passes from one task to another.</summary>
/// <remarks>Required of a task of its own; one that changes an inherited task says only what it changes.</remarks>
internal sealed record TaskField(string Key, Words Label, bool Required, Func<TaskTemplate, TaskTemplate, TaskTemplate> Copy);

/// <summary>All fields of a task, in the order in which files write them: the one table for reading, writing, inheriting and comparing.</summary>
internal static class TaskFields
{
    public static IReadOnlyList<TaskField> All { get; } =
    [
        new("step", new("Step", "Étape"), true, (to, from) => to with { Step = from.Step }),
        new("kind", new("Kind", "Nature"), false, (to, from) => to with { Kind = from.Kind }),
        new("owner", new("Owner", "Qui s’en charge"), true, (to, from) => to with { Owner = from.Owner }),
        new("title", new("Title", "Intitulé"), true, (to, from) => to with { Title = from.Title }),
        new("instructions", new("Instructions", "Consignes"), true, (to, from) => to with { Instructions = from.Instructions }),
        new("done", new("Done when", "Terminé quand"), true, (to, from) => to with { Done = from.Done }),
        new("variants", new("Variants", "Variantes"), false, (to, from) => to with { Variants = from.Variants }),
        new("anchor", new("Counted from", "Compté à partir de"), true, (to, from) => to with { Anchor = from.Anchor }),
        new("offset", new("Offset", "Décalage"), false, (to, from) => to with { Offset = from.Offset }),
        new("at", new("Hour", "Heure"), false, (to, from) => to with { At = from.At }),
        new("zone", new("Time zone", "Fuseau horaire"), false, (to, from) => to with { Zone = from.Zone }),
        new("when", new("Only when", "Seulement si"), false, (to, from) => to with { When = from.When }),
        new("unless", new("Unless", "Sauf si"), false, (to, from) => to with { Unless = from.Unless }),
        new("after", new("Waits for", "Attend"), false, (to, from) => to with { After = from.After }),
        new("blocking", new("Blocking", "Bloquante"), false, (to, from) => to with { Blocking = from.Blocking }),
        new("evidence", new("Evidence required", "Preuve exigée"), false, (to, from) => to with { Evidence = from.Evidence }),
        new("reminders", new("Reminders", "Rappels"), false, (to, from) => to with { Reminders = from.Reminders }),
        new("escalation", new("Escalation", "Signalement du retard"), false, (to, from) => to with { Escalation = from.Escalation }),
    ];

    /// <summary>The keys that a task may have in a file.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["key", .. All.Select(field => field.Key)];

    /// <summary>A task about which nothing was said yet.</summary>
    public static TaskTemplate Blank(string key) => new()
    {
        Key = key, Step = 0, Title = Words.Same(""), Instructions = Words.Same(""), Done = Words.Same(""), Owner = TaskOwner.Manager, Anchor = TaskAnchor.LastDay,
    };

    /// <summary>Keys of the fields in which two tasks differ.</summary>
    public static IReadOnlyList<string> Differing(TaskTemplate one, TaskTemplate other)
    {
        var (left, right) = (Json(one), Json(other));
        return [.. All.Select(field => field.Key).Where(key => !JsonNode.DeepEquals(left[key], right[key]))];
    }

    /// <summary>The task as the API writes it: members are named as the keys of a file.</summary>
    public static JsonObject Json(TaskTemplate task) => JsonSerializer.SerializeToNode(task, ApiJson.Options)!.AsObject();
}
