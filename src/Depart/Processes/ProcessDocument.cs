using Depart.Foundation;

namespace Depart.Processes;

/// <summary>
/// A whole process, resolved: what it extends is already in it. This is what is frozen when a version is published, and what a departure runs on (PRO2).
/// </summary>
/// <remarks>
/// A departure evaluates so: it makes its <see cref="DepartureFactsForTasks"/>, takes <see cref="TasksFor"/>, and makes one task of each, due at anchor + offset at its hour.
/// When a fact changes it asks again: what was not there before may be added, what is there stays.
/// </remarks>
public sealed record ProcessDocument
{
    /// <summary>Names the process in the installation.</summary>
    public required string Key { get; init; }

    /// <summary>What it is called.</summary>
    public required Words Title { get; init; }

    /// <summary>What it is for, and what it does not cover.</summary>
    public required Words Description { get; init; }

    /// <summary>The departures it is made for: by contractual status, most often also by kind of mission.</summary>
    public required FactConditions For { get; init; }

    /// <summary>The process it extends, or null.</summary>
    public string? Extends { get; init; }

    /// <summary>The version of <see cref="Extends"/> it was resolved against; null without one, and in a file that was not published.</summary>
    public int? ExtendsVersion { get; init; }

    /// <summary>All processes it stands on, nearest first.</summary>
    public IReadOnlyList<string> Ancestors { get; init; } = [];

    /// <summary>The tasks, by step, then roughly by when they are due, then as written.</summary>
    public IReadOnlyList<TaskTemplate> Tasks { get; init; } = [];

    /// <summary>Where each task comes from, by its key; empty without <see cref="Extends"/>.</summary>
    public IReadOnlyDictionary<string, TaskOrigin> Origins { get; init; } = new Dictionary<string, TaskOrigin>(StringComparer.Ordinal);

    /// <summary>Keys of the tasks of the extended process that are not taken over.</summary>
    public IReadOnlyList<string> Dropped { get; init; } = [];

    /// <summary>Whether it is made for such a departure.</summary>
    public bool IsFor(DepartureFactsForTasks facts) => For.Hold(facts);

    /// <summary>
    /// The tasks that a departure with these facts is asked for, each with the texts of its variant. <see cref="TaskTemplate.After"/> names only tasks of this answer: whoever
    /// waits for a task that does not apply waits for what that one waits for.
    /// </summary>
    public IReadOnlyList<TaskTemplate> TasksFor(DepartureFactsForTasks facts)
    {
        var applying = Tasks.Where(task => task.AppliesTo(facts)).Select(task => task.Key).ToHashSet(StringComparer.Ordinal);
        var all = Tasks.ToDictionary(task => task.Key, StringComparer.Ordinal);
        return [.. Tasks.Where(task => applying.Contains(task.Key)).Select(task => task.For(facts) with { After = PassThrough(task, all, applying.Contains) })];
    }

    /// <summary>Where a task stands in the process, from 0; -1 when it has none of that key.</summary>
    internal int PlaceOf(string key)
    {
        for (var place = 0; place < Tasks.Count; place++)
        {
            if (string.Equals(Tasks[place].Key, key, StringComparison.Ordinal))
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>What a task waits for when only some tasks are there: those that are not there pass on what they wait for.</summary>
    internal static IReadOnlyList<string> PassThrough(TaskTemplate task, IReadOnlyDictionary<string, TaskTemplate> all, Func<string, bool> isThere)
    {
        var (found, seen) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        var open = new Queue<string>(task.After);
        while (open.TryDequeue(out var key))
        {
            if (!seen.Add(key) || !all.TryGetValue(key, out var other))
            {
                continue;
            }

            if (isThere(key))
            {
                found.Add(key);
                continue;
            }

            foreach (var further in other.After)
            {
                open.Enqueue(further);
            }
        }

        return found;
    }
}

/// <summary>Where a task of a process that extends another comes from.</summary>
public enum TaskOriginKind
{
    /// <summary>Taken over as it is.</summary>
    Inherited,

    /// <summary>Taken over, some fields otherwise.</summary>
    Changed,

    /// <summary>Its own.</summary>
    Added,
}

/// <summary>Where a task comes from.</summary>
/// <param name="Kind">Inherited, changed or added.</param>
/// <param name="Fields">The keys of the fields that are otherwise; empty unless changed.</param>
public sealed record TaskOrigin(TaskOriginKind Kind, IReadOnlyList<string> Fields);
