using System.Globalization;
using Depart.Foundation;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using ScalarEvent = YamlDotNet.Core.Events.Scalar;

namespace Depart.Processes.Yaml;

/// <summary>Writes the file of a process: what is written reads back to the same statement.</summary>
internal sealed class ProcessWriter
{
    private readonly Emitter emitter;

    private ProcessWriter(TextWriter target) => emitter = new(target, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));

    /// <summary>The file.</summary>
    public static string Write(ProcessSource source)
    {
        using var target = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new ProcessWriter(target).Document(source);
        return target.ToString();
    }

    private void Document(ProcessSource source)
    {
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Map(() =>
        {
            Pair("key", source.Key);
            if (source.Extends is { } extends)
            {
                Pair("extends", extends);
            }

            Both("title", source.Title);
            Both("description", source.Description);
            Conditions("for", source.For);
            if (source.Drop.Count > 0)
            {
                Texts("drop", source.Drop.Select(dropped => dropped.Key));
            }

            Name("tasks");
            List(source.Tasks, Task);
        });
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
    }

    private void Task(TaskSource source) => Map(() =>
    {
        Pair("key", source.Key);
        foreach (var field in TaskFields.All.Where(field => source.Fields.ContainsKey(field.Key)))
        {
            Field(field.Key, source.Value);
        }
    });

    private void Field(string key, TaskTemplate task)
    {
        switch (key)
        {
            case "step": Pair(key, task.Step.ToString(CultureInfo.InvariantCulture), ScalarStyle.Plain); break;
            case "kind": Pair(key, task.Kind); break;
            case "owner": Pair(key, TemplateFact.WordOf(task.Owner)); break;
            case "title": Both(key, task.Title); break;
            case "instructions": Both(key, task.Instructions); break;
            case "done": Both(key, task.Done); break;
            case "variants": Name(key); List(task.Variants, Variant); break;
            case "anchor": Pair(key, TemplateFact.WordOf(task.Anchor)); break;
            case "offset": Pair(key, task.Offset.ToString()); break;
            case "at": Pair(key, task.At?.ToString("HH:mm", CultureInfo.InvariantCulture) ?? ProcessReader.DepartureHour, task.At is null ? ScalarStyle.Any : ScalarStyle.DoubleQuoted); break;
            case "zone": Pair(key, task.Zone ?? ProcessReader.DepartureZone); break;
            case "when": Conditions(key, task.When); break;
            case "unless": Conditions(key, task.Unless); break;
            case "after": Texts(key, task.After); break;
            case "blocking": Flag(key, task.Blocking); break;
            case "evidence": Flag(key, task.Evidence); break;
            case "reminders": Texts(key, task.Reminders.Select(reminder => reminder.ToString())); break;
            case "escalation": Escalation(key, task.Escalation); break;
            default: throw new InvalidOperationException($"Nothing writes {key}.");
        }
    }

    private void Variant(TextVariant variant) => Map(() =>
    {
        Conditions("when", variant.When);
        foreach (var (key, text) in new[] { ("title", variant.Title), ("instructions", variant.Instructions), ("done", variant.Done) })
        {
            if (text is not null)
            {
                Both(key, text);
            }
        }
    });

    private void Escalation(string key, Escalation? escalation)
    {
        Name(key);
        Map(
            () =>
            {
                if (escalation is not null)
                {
                    Pair("after", escalation.After.ToString());
                    Pair("to", TemplateFact.WordOf(escalation.To));
                }
            },
            MappingStyle.Flow);
    }

    private void Conditions(string key, FactConditions conditions)
    {
        Name(key);
        Map(
            () =>
            {
                foreach (var fact in TemplateFact.All.Where(fact => conditions.Facts.ContainsKey(fact.Name)))
                {
                    Texts(fact.Name, conditions.Facts[fact.Name]);
                }
            },
            conditions.IsEmpty ? MappingStyle.Flow : MappingStyle.Block);
    }

    private void Both(string key, Words words)
    {
        Name(key);
        Map(() =>
        {
            Text("fr", words.Fr);
            Text("en", words.En);
        });
    }

    /// <summary>Several lines as a block, one line as it comes; never folded, so that no space is lost.</summary>
    private void Text(string key, string text) => Pair(key, text, text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal : Looks(text));

    /// <summary>A text that could be taken for nothing, for a yes or for a number is written in quotation marks.</summary>
    private static ScalarStyle Looks(string text) => text is "" or "~" or "null" or "true" or "false" || char.IsDigit(text[0]) || text[0] is '+' or '-' or '.' ? ScalarStyle.DoubleQuoted : ScalarStyle.Any;

    private void Flag(string key, bool value) => Pair(key, value ? "true" : "false", ScalarStyle.Plain);

    private void Texts(string key, IEnumerable<string> texts)
    {
        Name(key);
        emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Flow));
        foreach (var text in texts)
        {
            Scalar(text, text is "true" or "false" ? ScalarStyle.Plain : Looks(text));
        }

        emitter.Emit(new SequenceEnd());
    }

    private void List<T>(IReadOnlyList<T> items, Action<T> write)
    {
        emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, items.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
        foreach (var item in items)
        {
            write(item);
        }

        emitter.Emit(new SequenceEnd());
    }

    private void Map(Action write, MappingStyle style = MappingStyle.Block)
    {
        emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
        write();
        emitter.Emit(new MappingEnd());
    }

    private void Pair(string key, string value, ScalarStyle style = ScalarStyle.Any)
    {
        Name(key);
        Scalar(value, style);
    }

    private void Name(string key) => Scalar(key, ScalarStyle.Plain);

    private void Scalar(string value, ScalarStyle style) => emitter.Emit(new ScalarEvent(AnchorName.Empty, TagName.Empty, value, style, isPlainImplicit: true, isQuotedImplicit: true));
}
