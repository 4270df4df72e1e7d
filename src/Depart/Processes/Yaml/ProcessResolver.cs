namespace Depart.Processes.Yaml;

/// <summary>What reading a template gave: what it states, what it is once resolved, or what is wrong.</summary>
/// <remarks>Without a source the file could not be read; without a document something is wrong.</remarks>
internal sealed record ProcessReading(ProcessSource? Source, ProcessDocument? Document, IReadOnlyList<ProcessProblem> Problems);

/// <summary>
/// Reads templates and puts what they extend into them (PRO3): inherited tasks are changed field by field, dropped, or added to; the rules are then checked on the whole.
/// </summary>
/// <param name="kinds">The kinds of task that may be named.</param>
/// <param name="published">The process of a key that is already known, resolved, or null.</param>
internal sealed class ProcessResolver(TaskKinds kinds, Func<string, ProcessDocument?> published)
{
    /// <summary>Most tasks of a process, inherited ones included.</summary>
    public const int MostTasks = 300;

    /// <summary>Reads one file against what is already known.</summary>
    public ProcessReading Read(string text) => ReadAll([text])[0];

    /// <summary>Reads several files that may extend one another, in their order.</summary>
    public IReadOnlyList<ProcessReading> ReadAll(IReadOnlyList<string> texts)
    {
        var read = texts.Select(text => ProcessReader.Read(text, kinds)).ToList();
        var group = new Group(this, published, read.Select(one => one.Source).OfType<ProcessSource>().GroupBy(source => source.Key).ToDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal));
        return [.. read.Select(one =>
        {
            if (one.Source is not { } source)
            {
                return new ProcessReading(null, null, one.Problems);
            }

            var problems = new ProcessProblems();
            var document = group.Resolve(source, problems, []);
            return new ProcessReading(source, problems.Any ? null : document, problems.All);
        })];
    }

    /// <summary>Files that are read together: each may extend another of them.</summary>
    private sealed class Group(ProcessResolver resolver, Func<string, ProcessDocument?> published, Dictionary<string, ProcessSource> sources)
    {
        public ProcessDocument? Resolve(ProcessSource source, ProcessProblems problems, IReadOnlyList<string> way)
        {
            var extended = source.Extends is null ? null : Extended(source, problems, [.. way, source.Key]);
            return source.Extends is not null && extended is null ? null : resolver.Put(source, extended, problems);
        }

        private ProcessDocument? Extended(ProcessSource source, ProcessProblems problems, IReadOnlyList<string> way)
        {
            var key = source.Extends!;
            if (way.Contains(key, StringComparer.Ordinal))
            {
                problems.Add(source.PlaceOf("extends"), "extends", "extends-circle", ProcessesText.ExtendsCircle.With(string.Join(" → ", way.SkipWhile(step => step != key).Append(key))));
                return null;
            }

            if (sources.TryGetValue(key, out var beside))
            {
                var others = new ProcessProblems();
                if (Resolve(beside, others, way) is { } document && !others.Any)
                {
                    return document;
                }

                // What is wrong there is told there; a circle is told of every file that is part of it.
                if (others.All.FirstOrDefault(problem => problem.Code == "extends-circle") is { } circle)
                {
                    problems.Add(circle with { Place = source.PlaceOf("extends") });
                }
                else
                {
                    problems.Add(source.PlaceOf("extends"), "extends", "base-refused", ProcessesText.BaseRefused.With(key));
                }

                return null;
            }

            var known = published(key);
            if (known is null)
            {
                problems.Add(source.PlaceOf("extends"), "extends", "unknown-base", ProcessesText.UnknownBase.With(key));
            }
            else if (known.Ancestors.FirstOrDefault(ancestor => way.Contains(ancestor, StringComparer.Ordinal)) is { } again)
            {
                problems.Add(source.PlaceOf("extends"), "extends", "extends-circle", ProcessesText.ExtendsCircle.With(string.Join(" → ", way.Append(key).Append(again))));
                return null;
            }

            return known;
        }
    }

    private ProcessDocument Put(ProcessSource source, ProcessDocument? extended, ProcessProblems problems)
    {
        var inherited = (extended?.Tasks ?? []).ToDictionary(task => task.Key, StringComparer.Ordinal);
        var dropped = Dropped(source, inherited, problems);
        var stated = source.Tasks.ToDictionary(task => task.Key, StringComparer.Ordinal);
        var (tasks, origins) = (new List<TaskTemplate>(), new Dictionary<string, TaskOrigin>(StringComparer.Ordinal));
        foreach (var task in inherited.Values.Where(task => !dropped.Contains(task.Key)))
        {
            var mine = stated.TryGetValue(task.Key, out var change) ? change.Over(task) : task;
            var fields = TaskFields.Differing(task, mine);
            if (change is null || !change.Fields.ContainsKey("after"))
            {
                // Whoever waited for a task that was dropped waits for what that one waited for.
                mine = mine with { After = ProcessDocument.PassThrough(mine, inherited, key => !dropped.Contains(key)) };
            }

            tasks.Add(mine);
            origins[task.Key] = new(fields.Count == 0 ? TaskOriginKind.Inherited : TaskOriginKind.Changed, fields);
        }

        foreach (var task in source.Tasks.Where(task => !inherited.ContainsKey(task.Key)))
        {
            Whole(task, extended is not null, inherited.Keys, problems);
            tasks.Add(task.Value);
            origins[task.Key] = new(TaskOriginKind.Added, []);
        }

        if (tasks.Count > MostTasks)
        {
            problems.Add(source.PlaceOf("tasks"), "tasks", "too-many", ProcessesText.TooManyItems.With(MostTasks));
        }

        var document = new ProcessDocument
        {
            Key = source.Key,
            Title = source.Title,
            Description = source.Description,
            For = source.For,
            Extends = source.Extends,
            Ancestors = extended is null ? [] : [extended.Key, .. extended.Ancestors],
            Tasks = [.. tasks.OrderBy(task => task.Step).ThenBy(task => task.Anchor).ThenBy(task => task.Offset.Roughly).ThenBy(task => task.At ?? TaskTemplate.EndOfDay)],
            Origins = extended is null ? new Dictionary<string, TaskOrigin>(StringComparer.Ordinal) : origins,
            Dropped = [.. inherited.Keys.Where(dropped.Contains)],
        };
        if (!problems.Any)
        {
            new ProcessRules(document, source, kinds, problems).Check();
        }

        return document;
    }

    private static HashSet<string> Dropped(ProcessSource source, Dictionary<string, TaskTemplate> inherited, ProcessProblems problems)
    {
        var dropped = new HashSet<string>(StringComparer.Ordinal);
        foreach (var drop in source.Drop)
        {
            if (!inherited.ContainsKey(drop.Key))
            {
                problems.Add(drop.Place, "drop", "unknown-drop", NearestWord.Of(drop.Key, inherited.Keys) is not null
                    ? YamlMapping.UnknownValue(drop.Key, inherited.Keys) : ProcessesText.UnknownDrop.With(drop.Key, source.Extends));
            }
            else if (source.Tasks.FirstOrDefault(task => task.Key == drop.Key) is { } changed)
            {
                problems.Add(changed.Place, $"tasks[{drop.Key}]", "dropped-and-changed", ProcessesText.DroppedAndChanged.With(drop.Key));
            }
            else
            {
                dropped.Add(drop.Key);
            }
        }

        return dropped;
    }

    /// <summary>A task that inherits nothing must say all that is required; one that says little was most likely meant to change an inherited one.</summary>
    private static void Whole(TaskSource task, bool extends, IReadOnlyCollection<string> inherited, ProcessProblems problems)
    {
        var missing = TaskFields.All.Where(field => field.Required && !task.Fields.ContainsKey(field.Key)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        if (extends && (missing.Count > 2 || NearestWord.Of(task.Key, inherited) is not null))
        {
            problems.Add(task.Place, $"tasks[{task.Key}]", "unknown-override", NearestWord.Of(task.Key, inherited) is { } meant
                ? ProcessesText.UnknownOverrideMeant.With(task.Key, meant)
                : ProcessesText.UnknownOverride.With(task.Key, string.Join(", ", missing.Select(field => field.Key))));
            return;
        }

        foreach (var field in missing)
        {
            problems.Add(task.Place, $"tasks[{task.Key}].{field.Key}", "required", ProcessesText.Required.With(field.Key));
        }
    }
}
