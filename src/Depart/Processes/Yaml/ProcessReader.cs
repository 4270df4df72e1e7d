using System.Text.RegularExpressions;
using Depart.Foundation;

namespace Depart.Processes.Yaml;

/// <summary>Reads the file of a process: everything that is wrong in it is told at once, with its line.</summary>
internal sealed partial class ProcessReader(TaskKinds kinds)
{
    /// <summary>Longest title of a process or a task.</summary>
    public const int TitleLength = 160;

    /// <summary>Longest of the other texts.</summary>
    public const int TextLength = 6000;

    private readonly ProcessProblems problems = new();

    /// <summary>What a file states, or what is wrong in it. What it extends is not looked at.</summary>
    public static (ProcessSource? Source, IReadOnlyList<ProcessProblem> Problems) Read(string text, TaskKinds kinds)
    {
        var (root, problem) = YamlTree.Read(text);
        if (root is null)
        {
            return (null, [problem!]);
        }

        var reader = new ProcessReader(kinds);
        var source = reader.Document(new(root, "", ProcessSource.Keys, reader.problems));
        return (reader.problems.Any ? null : source, reader.problems.All);
    }

    /// <summary>Whether a text may be a key of a process or a task.</summary>
    public static bool IsKey(string text) => text.Length <= TaskTemplate.KeyLength && KeyShape().IsMatch(text);

    private ProcessSource? Document(YamlMapping map)
    {
        map.Require("key", "title", "description", "for", "tasks");
        var key = Key(map, "key");
        var extends = Key(map, "extends");
        var (title, description) = (map.Words("title", TitleLength, lines: false), map.Words("description", TextLength, lines: true));
        var conditions = Conditions(map, "for");
        if (conditions is { IsEmpty: true } || conditions?.Facts.ContainsKey(TemplateFact.Status) == false)
        {
            map.Say("for", "required", ProcessesText.ForNeedsStatus);
        }

        if (map.Has("drop") && extends is null && !map.Has("extends"))
        {
            map.Say("drop", "drop-without-base", ProcessesText.DropWithoutBase);
        }

        var drop = (map.Texts("drop") ?? []).Select(text => new DroppedTask(text.Value, text.Place)).ToList();
        var tasks = Tasks(map);
        return key is null || title is null || description is null || conditions is null || tasks is null ? null : new ProcessSource
        {
            Key = key, Extends = extends, Title = title, Description = description, For = conditions, Drop = drop, Tasks = tasks, Places = map.Places,
        };
    }

    private List<TaskSource>? Tasks(YamlMapping map)
    {
        if (map.List("tasks") is not { } pieces)
        {
            return null;
        }

        var tasks = new List<TaskSource>();
        foreach (var piece in pieces)
        {
            if (piece is not YamlMap one)
            {
                problems.Add(piece.Place, "tasks", "wrong-type", ProcessesText.ExpectedMapping);
                continue;
            }

            var name = one.Entries.FirstOrDefault(entry => entry.Key.Value == "key")?.Value is YamlText { Value.Length: > 0 and <= TaskTemplate.KeyLength } said ? said.Value : $"{tasks.Count + 1}";
            var fields = new YamlMapping(one, $"tasks[{name}]", TaskFields.Keys, problems);
            fields.Require("key");
            if (Key(fields, "key") is not { } key)
            {
                continue;
            }

            if (tasks.Find(task => task.Key == key) is { } twice)
            {
                fields.Say("key", "duplicate-task", ProcessesText.DuplicateTask.With(key, twice.Place.Line));
                continue;
            }

            tasks.Add(Task(fields, key));
        }

        return tasks;
    }

    private TaskSource Task(YamlMapping map, string key)
    {
        var blank = TaskFields.Blank(key);
        var task = blank with
        {
            Step = map.Number("step", 1, 7) ?? 0,
            Kind = map.Text("kind", TaskTemplate.KeyLength) is { } kind ? map.OneOf("kind", kind, kinds.Keys) ?? blank.Kind : blank.Kind,
            Owner = map.Word<TaskOwner>("owner") ?? blank.Owner,
            Title = map.Words("title", TitleLength, lines: false) ?? blank.Title,
            Instructions = map.Words("instructions", TextLength, lines: true) ?? blank.Instructions,
            Done = map.Words("done", TextLength, lines: true) ?? blank.Done,
            Variants = Variants(map),
            Anchor = map.Word<TaskAnchor>("anchor") ?? blank.Anchor,
            Offset = Offset(map, "offset") ?? blank.Offset,
            At = Hour(map),
            Zone = Zone(map),
            When = Conditions(map, "when") ?? blank.When,
            Unless = Conditions(map, "unless") ?? blank.Unless,
            After = [.. (map.Texts("after") ?? []).Select(text => text.Value).Distinct(StringComparer.Ordinal)],
            Blocking = map.Flag("blocking") ?? false,
            Evidence = map.Flag("evidence") ?? false,
            Reminders = [.. (map.Texts("reminders") ?? []).Select(text => Span(text.Value, text.Place, map.PathOf("reminders"))).OfType<DayOffset>()],
            Escalation = Escalation(map),
        };
        return new(map.Place, task, map.Places.Where(place => place.Key != "key").ToDictionary(StringComparer.Ordinal));
    }

    private List<TextVariant> Variants(YamlMapping map)
    {
        var variants = new List<TextVariant>();
        foreach (var (piece, index) in (map.List("variants") ?? []).Select((piece, index) => (piece, index)))
        {
            if (piece is not YamlMap one)
            {
                problems.Add(piece.Place, map.PathOf("variants"), "wrong-type", ProcessesText.ExpectedMapping);
                continue;
            }

            var variant = new YamlMapping(one, $"{map.PathOf("variants")}[{index + 1}]", ["when", "title", "instructions", "done"], problems);
            variant.Require("when");
            if (variant.Has("when") && Conditions(variant, "when") is { } when)
            {
                if (when.IsEmpty)
                {
                    variant.Say("when", "required", ProcessesText.VariantForAll);
                }

                if (!variant.Has("title") && !variant.Has("instructions") && !variant.Has("done"))
                {
                    variant.Say("when", "no-value", ProcessesText.VariantEmpty);
                }

                variants.Add(new()
                {
                    When = when,
                    Title = variant.Words("title", TitleLength, lines: false),
                    Instructions = variant.Words("instructions", TextLength, lines: true),
                    Done = variant.Words("done", TextLength, lines: true),
                });
            }
        }

        return variants;
    }

    private FactConditions? Conditions(YamlMapping map, string key)
    {
        var names = TemplateFact.All.Select(fact => fact.Name).ToList();
        if (map.Map(key, names) is not { } conditions)
        {
            return null;
        }

        var facts = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        foreach (var fact in TemplateFact.All.Where(fact => conditions.Has(fact.Name)))
        {
            var (values, texts) = (new List<string>(), conditions.Texts(fact.Name));
            foreach (var text in texts ?? [])
            {
                if (fact.Values is { } known && !known.Contains(text.Value, StringComparer.Ordinal))
                {
                    problems.Add(text.Place, conditions.PathOf(fact.Name), "unknown-value", YamlMapping.UnknownValue(text.Value, [.. known]));
                }
                else if (fact.Compared(text.Value).Length == 0 || text.Value.Length > TitleLength)
                {
                    problems.Add(text.Place, conditions.PathOf(fact.Name), "no-value", ProcessesText.EmptyText);
                }
                else if (!values.Contains(text.Value, StringComparer.Ordinal))
                {
                    values.Add(text.Value);
                }
            }

            if (texts is [])
            {
                conditions.Say(fact.Name, "no-value", ProcessesText.NoValue.With(fact.Name));
            }

            // A fact whose values were all refused is still one that was named: no second error comes of it.
            facts.Add(new(fact.Name, values));
        }

        return new(facts);
    }

    private Escalation? Escalation(YamlMapping map)
    {
        if (map.Map("escalation", ["after", "to"]) is not { } said || (!said.Has("after") && !said.Has("to")))
        {
            // An empty mapping takes an inherited escalation away.
            return null;
        }

        said.Require("after", "to");
        var after = said.Text("after", 40) is { } text ? Span(text, said.Places["after"], said.PathOf("after")) : null;
        var to = said.Word<TaskOwner>("to");
        if (to is not (null or TaskOwner.Manager or TaskOwner.It or TaskOwner.Hr or TaskOwner.Security))
        {
            said.Say("to", "escalation-outside", ProcessesText.EscalationOutside);
            return null;
        }

        return after is { } span && to is { } role ? new(span, role) : null;
    }

    private static DayOffset? Offset(YamlMapping map, string key)
    {
        if (map.Text(key, 40) is not { } text)
        {
            return null;
        }

        if (!DayOffset.TryParse(text, out var offset))
        {
            map.Say(key, "bad-offset", ProcessesText.BadOffset.With(text));
            return null;
        }

        if (Math.Abs(offset.Days) > DayOffset.Farthest)
        {
            map.Say(key, "too-far", ProcessesText.TooFar.With(text));
            return null;
        }

        return offset;
    }

    private DayOffset? Span(string text, YamlPlace place, string path)
    {
        if (DayOffset.TryParse(text, out var span) && span.Days is > 0 and <= DayOffset.Farthest)
        {
            return span;
        }

        problems.Add(place, path, "bad-span", ProcessesText.BadSpan.With(text.Length > 60 ? "…" : text));
        return null;
    }

    private static TimeOnly? Hour(YamlMapping map)
    {
        if (map.Text("at", 20) is not { } text || text == DepartureHour)
        {
            return null;
        }

        if (HourShape().IsMatch(text) && TimeOnly.TryParseExact(text, "HH:mm", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var hour))
        {
            return hour;
        }

        map.Say("at", "bad-hour", ProcessesText.BadHour.With(text));
        return null;
    }

    private static string? Zone(YamlMapping map)
    {
        if (map.Text("zone", 60) is not { } text || text == DepartureZone)
        {
            return null;
        }

        if (LocalInstant.FindZone(text) is not null)
        {
            return text;
        }

        map.Say("zone", "unknown-zone", ProcessesText.UnknownZone.With(text));
        return null;
    }

    /// <summary>Says in a file that the hour is the usual one: takes an inherited hour away.</summary>
    public const string DepartureHour = "default";

    /// <summary>Says in a file that the zone is the departure's: takes an inherited zone away.</summary>
    public const string DepartureZone = "departure";

    private static string? Key(YamlMapping map, string name)
    {
        if (map.Text(name, 200) is not { } text)
        {
            return null;
        }

        if (IsKey(text))
        {
            return text;
        }

        map.Say(name, "bad-key", ProcessesText.BadKey.With(text, TaskTemplate.KeyLength));
        return null;
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex KeyShape();

    [GeneratedRegex("^[0-2][0-9]:[0-5][0-9]$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex HourShape();
}
