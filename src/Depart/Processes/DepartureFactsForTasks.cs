using System.Text.Json;
using Depart.Foundation;
using Depart.Missions;

namespace Depart.Processes;

/// <summary>Whether the one who leaves takes part in the departure; why not is never asked (DEP9).</summary>
public enum LeaverPresence
{
    /// <summary>Takes part.</summary>
    Present,

    /// <summary>Does not: the supplier's contact stands in.</summary>
    Absent,

    /// <summary>Does not, and somebody else continues the order.</summary>
    Replaced,
}

/// <summary>
/// What a process must know of a departure to say which tasks it asks for. A departure makes one from its mission, person and state; a preview makes one by hand.
/// </summary>
public sealed record DepartureFactsForTasks
{
    /// <summary>How the mission is bought.</summary>
    public MissionKind Kind { get; init; }

    /// <summary>The person worked on site, be it partly.</summary>
    public bool OnSite { get; init; }

    /// <summary>A privileged account is known.</summary>
    public bool Privileged { get; init; }

    /// <summary>Somebody who takes over is named.</summary>
    public bool HasSuccessor { get; init; }

    /// <summary>The departure is immediate, or became so.</summary>
    public bool Immediate { get; init; }

    /// <summary>Whether the one who leaves takes part.</summary>
    public LeaverPresence Leaver { get; init; }

    /// <summary>The unit that receives the service, or null.</summary>
    public string? Unit { get; init; }

    /// <summary>The supplier's name, or null.</summary>
    public string? Supplier { get; init; }

    /// <summary>How the person is bound to the company.</summary>
    public ContractualStatus Status { get; init; }
}

/// <summary>One fact that a condition may name.</summary>
/// <remarks>Its values are the words it may be, or null when it is any text (compared without accents and case).</remarks>
internal sealed record TemplateFact(string Name, Words Label, IReadOnlyList<string>? Values, Func<DepartureFactsForTasks, string?> Of)
{
    public const string Status = "status";

    public const string Immediate = "immediate";

    public const string Leaver = "leaver";

    private static readonly string[] YesNo = ["true", "false"];

    /// <summary>All of them, in the order in which files write them.</summary>
    public static IReadOnlyList<TemplateFact> All { get; } =
    [
        new("kind", new("Kind of mission", "Nature de la mission"), WordsOf<MissionKind>(), facts => WordOf(facts.Kind)),
        new(Status, new("Contractual status", "Statut contractuel"), WordsOf<ContractualStatus>(), facts => WordOf(facts.Status)),
        new("onSite", new("On site", "Sur site"), YesNo, facts => YesNo[facts.OnSite ? 0 : 1]),
        new("privileged", new("Privileged access", "Accès à privilèges"), YesNo, facts => YesNo[facts.Privileged ? 0 : 1]),
        new("hasSuccessor", new("Successor named", "Repreneur désigné"), YesNo, facts => YesNo[facts.HasSuccessor ? 0 : 1]),
        new(Immediate, new("Immediate", "Immédiat"), YesNo, facts => YesNo[facts.Immediate ? 0 : 1]),
        new(Leaver, new("Presence of the consultant", "Présence du consultant"), WordsOf<LeaverPresence>(), facts => WordOf(facts.Leaver)),
        new("unit", new("Unit", "Entité"), null, facts => facts.Unit),
        new("supplier", new("Supplier", "Prestataire"), null, facts => facts.Supplier),
    ];

    /// <summary>Facts said in an address, for a preview by hand; what is not said is the first that there is.</summary>
    public static DepartureFactsForTasks From(IQueryCollection said) => new()
    {
        Kind = Said<MissionKind>(said, "kind"),
        Status = Said<ContractualStatus>(said, Status),
        OnSite = said["onSite"] == "true",
        Privileged = said["privileged"] == "true",
        HasSuccessor = said["hasSuccessor"] == "true",
        Leaver = Said<LeaverPresence>(said, Leaver),
        Immediate = said[TemplateFact.Immediate] == "true",
    };

    /// <summary>The fact of that name, or null.</summary>
    public static TemplateFact? Named(string name) => All.FirstOrDefault(fact => fact.Name == name);

    /// <summary>A value as it is compared.</summary>
    public string Compared(string value) => Values is null ? SearchText.Of(value) : value;

    /// <summary>A value of an enumeration as files and API write it: <c>suppliers-employee</c>.</summary>
    public static string WordOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static T Said<T>(IQueryCollection said, string name)
        where T : struct, Enum => Enum.GetValues<T>().FirstOrDefault(value => WordOf(value) == said[name]);

    /// <summary>All words of an enumeration.</summary>
    public static IReadOnlyList<string> WordsOf<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(WordOf)];
}
