using System.Text.Json;
using System.Text.Json.Nodes;

namespace Depart.Processes.Yaml;

/// <summary>
/// The JSON Schema of a template's file, for editors that complete and check as one types. Made from the same tables as the reader; what spans several keys (dependencies,
/// dates, inheritance) only the reader checks.
/// </summary>
internal static class ProcessSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 2, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as it is published.</summary>
    public static string Text { get; } = Create().ToJsonString(Indented) + "\n";

    private static JsonObject Create() => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "Process template of Depart",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = new JsonArray("key", "title", "description", "for", "tasks"),
        ["properties"] = new JsonObject
        {
            ["key"] = Reference("key", "Names the process in the installation."),
            ["extends"] = Reference("key", "The process whose tasks are taken over."),
            ["title"] = Reference("line", "What it is called."),
            ["description"] = Reference("text", "What it is for, and what it does not cover."),
            ["for"] = Reference("conditions", "The departures it is made for; names at least the contractual status."),
            ["drop"] = Described(OneOrMany(Reference("key")), "Keys of inherited tasks that are not taken over."),
            ["tasks"] = new JsonObject { ["type"] = "array", ["maxItems"] = YamlMapping.MostItems, ["items"] = Task() },
        },
        ["$defs"] = new JsonObject
        {
            ["key"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[a-z0-9]+(-[a-z0-9]+)*$", ["maxLength"] = TaskTemplate.KeyLength },
            ["line"] = Bilingual(ProcessReader.TitleLength),
            ["text"] = Bilingual(ProcessReader.TextLength),
            ["conditions"] = Conditions(),
            ["offset"] = new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["const"] = 0 }, Pattern(@"^([+-]?[0-9]{1,3} (business[ -])?days?|0)$")) },
            ["span"] = Pattern(@"^\+?[0-9]{1,3} (business[ -])?days?$"),
        },
    };

    private static JsonObject Task() => new()
    {
        ["type"] = "object",
        ["description"] = "A task; one whose key is inherited says only what it changes.",
        ["additionalProperties"] = false,
        ["required"] = new JsonArray("key"),
        ["properties"] = new JsonObject
        {
            ["key"] = Reference("key"),
            ["step"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 7 },
            ["kind"] = Words(TaskKinds.Known.Keys),
            ["owner"] = Words(TemplateFact.WordsOf<TaskOwner>()),
            ["title"] = Reference("line"),
            ["instructions"] = Reference("text", "What to do, where, whom to ask, what not to do."),
            ["done"] = Reference("text", "What done means."),
            ["variants"] = new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject
                {
                    ["type"] = "object",
                    ["additionalProperties"] = false,
                    ["required"] = new JsonArray("when"),
                    ["properties"] = new JsonObject
                    {
                        ["when"] = Reference("conditions"), ["title"] = Reference("line"), ["instructions"] = Reference("text"), ["done"] = Reference("text"),
                    },
                },
            },
            ["anchor"] = Words(TemplateFact.WordsOf<TaskAnchor>()),
            ["offset"] = Reference("offset", "Days after the anchor: 0 days, -10 business days."),
            ["at"] = Described(Pattern($"^([01][0-9]|2[0-3]):[0-5][0-9]$|^{ProcessReader.DepartureHour}$"), "Local hour; without it the end of the day, of a disconnection the departure's hour of the cut."),
            ["zone"] = Described(new() { ["type"] = "string" }, $"IANA zone of the hour, or {ProcessReader.DepartureZone}."),
            ["when"] = Reference("conditions", "Only when all of this holds."),
            ["unless"] = Reference("conditions", "Not when all of this holds."),
            ["after"] = OneOrMany(Reference("key")),
            ["blocking"] = new JsonObject { ["type"] = "boolean" },
            ["evidence"] = new JsonObject { ["type"] = "boolean" },
            ["reminders"] = OneOrMany(Reference("span")),
            ["escalation"] = new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = false,
                ["properties"] = new JsonObject { ["after"] = Reference("span"), ["to"] = Words(["manager", "it", "hr", "security"]) },
            },
        },
    };

    private static JsonObject Conditions()
    {
        var facts = new JsonObject();
        foreach (var fact in TemplateFact.All)
        {
            var value = fact.Values switch
            {
                null => new JsonObject { ["type"] = "string", ["minLength"] = 1 },
                ["true", "false"] => new JsonObject { ["type"] = "boolean" },
                { } words => Words(words),
            };
            facts[fact.Name] = Described(OneOrMany(value), fact.Label.En);
        }

        return new() { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = facts };
    }

    private static JsonObject Bilingual(int most) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = new JsonArray("fr", "en"),
        ["properties"] = new JsonObject
        {
            ["fr"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = most }, ["en"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = most },
        },
    };

    private static JsonObject OneOrMany(JsonObject one) => new()
    {
        ["anyOf"] = new JsonArray(one, new JsonObject { ["type"] = "array", ["maxItems"] = YamlMapping.MostItems, ["items"] = one.DeepClone() }),
    };

    private static JsonObject Words(IEnumerable<string> words) => new() { ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]) };

    private static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    private static JsonObject Reference(string name, string? description = null)
    {
        var reference = new JsonObject { ["$ref"] = $"#/$defs/{name}" };
        return description is null ? reference : Described(reference, description);
    }

    private static JsonObject Described(JsonObject schema, string description)
    {
        schema["description"] = description;
        return schema;
    }
}
