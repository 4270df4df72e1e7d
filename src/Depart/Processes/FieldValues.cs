using System.Text.Json;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Processes.Yaml;

namespace Depart.Processes;

/// <summary>Values of a task's fields for people, from what the API writes.</summary>
internal static class FieldValues
{
    private static readonly Words Pair = new("{0}: {1}", "{0} : {1}");

    /// <summary>A value in paragraphs; <paramref name="titles"/> gives the title of a task by its key.</summary>
    public static IReadOnlyList<string> Of(string field, JsonNode? value, Func<string, string> titles) => value is null ? ["–"] : (field, value) switch
    {
        ("when" or "unless", _) => [Said(TemplatesText.Of(Read<FactConditions>(value)))],
        ("variants", _) => Several([.. Read<IReadOnlyList<TextVariant>>(value).SelectMany(Variant)]),
        ("after", JsonArray keys) => Several([.. keys.Select(key => titles(key!.ToString()))]),
        ("owner", _) => [ProcessesText.Of(Read<TaskOwner>(value)).ToString()],
        ("anchor", _) => [ProcessesText.Of(Read<TaskAnchor>(value)).ToString()],
        ("kind", _) => [TaskKinds.Known.Find(value.ToString())?.Label.ToString() ?? value.ToString()],
        ("offset", _) => [Said(ProcessesText.Of(Read<DayOffset>(value)).ToString())],
        ("at", _) => [Foundation.Design.Said.Hour(Read<TimeOnly>(value)).ToString()],
        ("reminders", _) => Several([.. Read<IReadOnlyList<DayOffset>>(value).Select(span => ProcessesText.Of(span with { Days = -span.Days }).ToString())]),
        ("escalation", _) when Read<Escalation>(value) is var escalation => [$"{ProcessesText.Of(escalation.After)} · {ProcessesText.Of(escalation.To)}"],
        (_, JsonObject both) when both.ContainsKey("fr") && both.ContainsKey("en") => [Read<Words>(value).ToString()],
        (_, JsonValue one) when one.TryGetValue<bool>(out var flag) => [(flag ? TemplatesText.Yes : TemplatesText.No).ToString()],
        _ => [value.ToString()],
    };

    private static IEnumerable<string> Variant(TextVariant variant)
    {
        yield return TemplatesText.Of(variant.When);
        foreach (var (key, text) in new[] { ("title", variant.Title), ("instructions", variant.Instructions), ("done", variant.Done) })
        {
            if (text is not null)
            {
                yield return Pair.With(TaskFields.All.First(field => field.Key == key).Label, text).ToString();
            }
        }
    }

    private static T Read<T>(JsonNode value) => value.Deserialize<T>(ApiJson.Options)!;

    private static string Said(string text) => text.Length == 0 ? "–" : text;

    private static IReadOnlyList<string> Several(IReadOnlyList<string> lines) => lines.Count == 0 ? ["–"] : lines;
}
