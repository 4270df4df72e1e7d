using Depart.Foundation.Door;

namespace Depart.Departures.Tasks;

/// <summary>What the journal says of a task.</summary>
internal static class TaskFacts
{
    public static Fact Of(Departure departure, DepartureTask task, string kind, string? said = null) => new(departure.Chain, kind)
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["departure"] = departure.Id.Value,
            ["task"] = task.Id.Value,
            ["key"] = task.Key,
            ["step"] = task.Step,
            ["state"] = task.State.ToString(),
            ["dueAt"] = task.DueAt,
            ["assignee"] = task.Assignee,
        },

        // What people type may name somebody.
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["said"] = said },
    };
}
