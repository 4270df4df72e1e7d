using Depart.Foundation;

namespace Depart.Processes;

/// <summary>A kind of task, as templates may name it.</summary>
/// <param name="Key">As in a file: <c>equipment-return</c>.</param>
/// <param name="Label">For people.</param>
/// <param name="Automatic">Runs by itself, waiting for nobody. A disconnection may wait for such kinds alone (PRO7).</param>
public sealed record TaskKind(string Key, Words Label, bool Automatic = false);

/// <summary>
/// The kinds that templates may name. An open set: a room that brings a kind registers another list with <see cref="With"/>; how a kind behaves is told where departures
/// are, and one without behaviour is done by hand.
/// </summary>
public sealed class TaskKinds
{
    /// <summary>Done by hand; the default.</summary>
    public const string Manual = "manual";

    /// <summary>The disconnection: it waits for nothing human.</summary>
    public const string Disconnection = "disconnection";

    private readonly Dictionary<string, TaskKind> kinds;

    private TaskKinds(IEnumerable<TaskKind> kinds) => this.kinds = kinds.ToDictionary(kind => kind.Key, StringComparer.Ordinal);

    /// <summary>What the product itself knows.</summary>
    public static TaskKinds Known { get; } = new(
    [
        new(Manual, new("Task", "Tâche")),
        new("announcement", new("Announcement", "Annonce")),
        new("handover", new("Handover", "Passation")),
        new("interview", new("Interview", "Entretien")),
        new("letter", new("Reference letter", "Lettre de référence")),
        new("equipment-return", new("Return of equipment", "Restitution du matériel")),
        new(Disconnection, new("Disconnection", "Déconnexion"), Automatic: true),
        new("paperwork", new("Paperwork", "Formalités")),
        new("alumni", new("Keeping in touch", "Maintien du contact")),
        new("approval", new("Approval", "Approbation")),
    ]);

    /// <summary>Keys, in their order.</summary>
    public IReadOnlyCollection<string> Keys => kinds.Keys;

    /// <summary>The kind of that key, or null.</summary>
    public TaskKind? Find(string key) => kinds.GetValueOrDefault(key);

    /// <summary>These and others.</summary>
    public TaskKinds With(params TaskKind[] others) => new([.. kinds.Values, .. others]);
}
