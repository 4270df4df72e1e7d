using Depart.Foundation;

namespace Depart.Processes.Yaml;

/// <summary>What must hold of a whole process: its dependencies, its cut that nothing human delays (PRO7), its dates and its conditions.</summary>
internal sealed class ProcessRules(ProcessDocument document, ProcessSource source, TaskKinds kinds, ProcessProblems problems)
{
    private readonly Dictionary<string, TaskTemplate> tasks = document.Tasks.ToDictionary(task => task.Key, StringComparer.Ordinal);
    private readonly Dictionary<string, TaskSource> stated = source.Tasks.ToDictionary(task => task.Key, StringComparer.Ordinal);

    /// <summary>Checks all; what is wrong is told at the line that caused it, or at <c>extends</c> for what was inherited.</summary>
    public void Check()
    {
        foreach (var task in document.Tasks)
        {
            CheckConditions(task);
            CheckVariants(task);
            CheckDependencies(task);
        }

        if (FindCircle() is { } circle)
        {
            Say(circle[0], "after", "dependency-circle", ProcessesText.DependencyCircle.With(string.Join(" → ", circle.Append(circle[0]))));
            return;
        }

        foreach (var task in document.Tasks)
        {
            CheckCut(task);
            CheckDates(task);
        }
    }

    private void CheckConditions(TaskTemplate task)
    {
        if (FactConditions.CanHold([document.For, task.When], [task.Unless]))
        {
            return;
        }

        Say(task.Key, Stated(task.Key, "unless") && !Stated(task.Key, "when") ? "unless" : "when", "never-holds", IsStated(task.Key)
            ? ProcessesText.NeverHolds.With(task.Key)
            : ProcessesText.InheritedNeverHolds.With(task.Key, source.Extends));
    }

    private void CheckVariants(TaskTemplate task)
    {
        // Inherited variants may speak of those that this process is not for.
        foreach (var (variant, index) in task.Variants.Select((variant, index) => (variant, index)).Where(_ => Stated(task.Key, "variants")))
        {
            if (!FactConditions.CanHold([document.For, task.When, variant.When], [task.Unless]))
            {
                Say(task.Key, "variants", "never-holds", ProcessesText.VariantNeverHolds.With(index + 1, task.Key));
            }
        }
    }

    private void CheckDependencies(TaskTemplate task)
    {
        foreach (var key in task.After.Where(key => !tasks.ContainsKey(key)))
        {
            Say(task.Key, "after", "unknown-dependency", document.Dropped.Contains(key, StringComparer.Ordinal) ? ProcessesText.DependencyDropped.With(task.Key, key)
                : NearestWord.Of(key, tasks.Keys) is { } meant ? ProcessesText.UnknownDependencyMeant.With(task.Key, key, meant)
                : ProcessesText.UnknownDependency.With(task.Key, key));
        }
    }

    /// <summary>The tasks of one circle, or null.</summary>
    private List<string>? FindCircle()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in document.Tasks)
        {
            // Down the dependencies with the way kept, without recursion: a file may hold a long chain.
            var (way, open) = (new List<string>(), new Stack<(string Key, bool Leaving)>([(start.Key, false)]));
            while (open.TryPop(out var step))
            {
                if (step.Leaving)
                {
                    way.RemoveAt(way.Count - 1);
                    done.Add(step.Key);
                    continue;
                }

                if (way.IndexOf(step.Key) is >= 0 and var from)
                {
                    return way[from..];
                }

                if (done.Contains(step.Key))
                {
                    continue;
                }

                way.Add(step.Key);
                open.Push((step.Key, true));
                foreach (var next in tasks[step.Key].After.Where(tasks.ContainsKey))
                {
                    open.Push((next, false));
                }
            }
        }

        return null;
    }

    /// <summary>PRO7: a disconnection waits, directly or by a chain, for nothing that a person must do.</summary>
    private void CheckCut(TaskTemplate task)
    {
        if (task.Kind != TaskKinds.Disconnection)
        {
            return;
        }

        foreach (var (awaited, way) in Awaited(task).Where(pair => kinds.Find(pair.Task.Kind)?.Automatic != true).Take(1))
        {
            Say(task.Key, "after", "cut-waits", ProcessesText.CutWaits.With(task.Key, string.Join(" → ", way), kinds.Find(awaited.Kind)?.Label ?? Words.Same(awaited.Kind)));
        }
    }

    private void CheckDates(TaskTemplate task)
    {
        foreach (var (awaited, _) in Awaited(task))
        {
            if (IsCertainlyBefore(task, awaited) && FactConditions.CanHold([document.For, task.When, awaited.When], [task.Unless, awaited.Unless]))
            {
                Say(task.Key, Stated(task.Key, "offset") || !Stated(task.Key, "after") ? "offset" : "after", "impossible-date", ProcessesText.ImpossibleDate.With(
                    task.Key, Due(task), awaited.Key, Due(awaited)));
            }
        }
    }

    /// <summary>All that a task waits for, near and far, each with the way to it.</summary>
    private List<(TaskTemplate Task, IReadOnlyList<string> Way)> Awaited(TaskTemplate task)
    {
        var (found, seen) = (new List<(TaskTemplate, IReadOnlyList<string>)>(), new HashSet<string>(StringComparer.Ordinal) { task.Key });
        var open = new Queue<(string Key, IReadOnlyList<string> Way)>(task.After.Select(key => (key, (IReadOnlyList<string>)[task.Key, key])));
        while (open.TryDequeue(out var step))
        {
            if (seen.Add(step.Key) && tasks.TryGetValue(step.Key, out var other))
            {
                found.Add((other, step.Way));
                foreach (var further in other.After)
                {
                    open.Enqueue((further, [.. step.Way, further]));
                }
            }
        }

        return found;
    }

    /// <summary>
    /// Whether one task is due before another for every departure: compared by anchors and offsets alone, as the calendar of a departure is not known here. What depends on
    /// the calendar is not refused.
    /// </summary>
    private static bool IsCertainlyBefore(TaskTemplate task, TaskTemplate awaited)
    {
        if (task.Anchor > awaited.Anchor)
        {
            return false;
        }

        if (task.Offset.Business != awaited.Offset.Business)
        {
            return task.Offset.Reach.Latest < awaited.Offset.Reach.Earliest;
        }

        if (task.Offset.Days != awaited.Offset.Days)
        {
            return task.Offset.Days < awaited.Offset.Days;
        }

        return task.Anchor == awaited.Anchor && task.Zone == awaited.Zone && Hour(task) is { } hour && Hour(awaited) is { } other && hour < other;
    }

    /// <summary>The hour, or null where the departure says it.</summary>
    private static TimeOnly? Hour(TaskTemplate task) => task.At ?? (task.Kind == TaskKinds.Disconnection ? null : TaskTemplate.EndOfDay);

    private static Words Due(TaskTemplate task) => ProcessesText.DueAt.With(ProcessesText.Of(task.Anchor), ProcessesText.Of(task.Offset), task.At?.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture) ?? "–");

    private bool IsStated(string task) => stated.ContainsKey(task);

    private bool Stated(string task, string field) => stated.TryGetValue(task, out var found) && found.Fields.ContainsKey(field);

    private void Say(string task, string field, string code, Words message) =>
        problems.Add(stated.TryGetValue(task, out var found) ? found.PlaceOf(field) : source.PlaceOf("extends"), $"tasks[{task}].{field}", code, message);
}
