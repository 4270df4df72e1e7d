using Depart.Connectors;
using Depart.Foundation;

namespace Depart.Step5Close.Accounts;

/// <summary>One step of a plan before it is ordered.</summary>
/// <param name="Key">Unique within the plan.</param>
/// <param name="Account">The account's key: constraints inside one account look at it.</param>
/// <param name="System">The system.</param>
/// <param name="SystemName">Its name, for reasons and cycles.</param>
/// <param name="Connector">Its connector's key.</param>
/// <param name="Action">Key of the action.</param>
/// <param name="Phase">The phase.</param>
/// <param name="After">Constraints inside the account.</param>
internal sealed record PlanNode(
    string Key, string Account, SystemId System, string SystemName, string Connector, string Action, Phase? Phase, IReadOnlyList<ActionOrder> After);

/// <summary>One edge of the plan.</summary>
/// <param name="From">Key of what comes first.</param>
/// <param name="To">Key of what waits.</param>
/// <param name="Hard">The successor is blocked when the predecessor fails; otherwise it only waits for its end.</param>
/// <param name="Reason">Why.</param>
internal sealed record PlanEdge(string From, string To, bool Hard, Words Reason);

/// <summary>An order between two systems, from a connector or from the administrator.</summary>
internal sealed record SystemEdge(SystemId Before, SystemId After, Words Reason);

/// <summary>A plan in order: levels that run one after the other, or the cycle that forbids it.</summary>
internal sealed record OrderedPlan(IReadOnlyList<IReadOnlyList<string>> Levels, IReadOnlyList<PlanEdge> Edges)
{
    /// <summary>What goes round in a circle, by name, first repeated last; empty when the plan stands.</summary>
    public IReadOnlyList<string> Cycle { get; init; } = [];
}

/// <summary>
/// Orders the steps of a disconnection from declared constraints (ACC4): planned and immediate are two readings of the same graph.
/// </summary>
internal static class OrderResolver
{
    /// <summary>The snapshot comes before everything: what is not recorded cannot be undone.</summary>
    public const string Snapshot = "snapshot";

    /// <summary>The verification comes after everything.</summary>
    public const string Verify = "verify";

    private static readonly Phase[] Planned = [Phase.ReOwn, Phase.Contain, Phase.Cut, Phase.Strip, Phase.Entitlements];
    private static readonly Phase[] Immediate = [Phase.Contain, Phase.Cut, Phase.Strip, Phase.Entitlements, Phase.ReOwn];

    private static readonly Words RecordedFirst = new("What is not recorded cannot be given back.", "Ce qui n’est pas relevé ne peut pas être rendu.");
    private static readonly Words ProofLast = new("The proof is read once everything is done.", "La preuve se lit quand tout est fait.");
    private static readonly Words ReOwnFirst = new("What they own passes on first, so that nothing stops working.", "Ce qui lui appartient est transmis d’abord, pour que rien ne s’arrête.");
    private static readonly Words CloseFirst = new("The door is closed before the rest is tidied.", "On ferme la porte avant de ranger le reste.");

    /// <summary>Orders the nodes.</summary>
    /// <param name="nodes">Steps of every account, with snapshot and verify.</param>
    /// <param name="systems">Orders between systems.</param>
    /// <param name="immediate">Which reading.</param>
    public static OrderedPlan Resolve(IReadOnlyList<PlanNode> nodes, IReadOnlyList<SystemEdge> systems, bool immediate)
    {
        var edges = new List<PlanEdge>();
        foreach (var account in nodes.GroupBy(node => node.Account, StringComparer.Ordinal))
        {
            edges.AddRange(InsideAccount([.. account], immediate ? Immediate : Planned, immediate));
        }

        foreach (var order in systems)
        {
            // Only what cuts waits for what cuts: reading a snapshot early harms nothing.
            edges.AddRange(
                from last in nodes.Where(node => node.System == order.Before && node.Action == Verify)
                from first in nodes.Where(node => node.System == order.After && node.Action == Snapshot)
                select new PlanEdge(last.Key, first.Key, Hard: true, order.Reason));
        }

        return Level(nodes, edges);
    }

    private static IEnumerable<PlanEdge> InsideAccount(List<PlanNode> nodes, Phase[] phases, bool immediate)
    {
        var snapshot = nodes.FirstOrDefault(node => node.Action == Snapshot);
        var verify = nodes.FirstOrDefault(node => node.Action == Verify);
        var actions = nodes.Where(node => node != snapshot && node != verify).ToList();
        foreach (var node in actions)
        {
            if (snapshot is not null)
            {
                yield return new(snapshot.Key, node.Key, Hard: true, RecordedFirst);
            }

            foreach (var order in node.After)
            {
                foreach (var first in actions.Where(other => other.Action == order.Action))
                {
                    yield return new(first.Key, node.Key, Hard: true, order.Reason.ToWords());
                }
            }

            if (verify is not null)
            {
                yield return new(node.Key, verify.Key, Hard: false, ProofLast);
            }
        }

        if (snapshot is not null && verify is not null)
        {
            yield return new(snapshot.Key, verify.Key, Hard: true, RecordedFirst);
        }

        // Phases order only what declared constraints leave open.
        var declared = Declared(actions);
        List<PlanNode>? before = null;
        foreach (var phase in phases)
        {
            var here = actions.Where(node => node.Phase == phase).ToList();
            if (here.Count == 0)
            {
                continue;
            }

            foreach (var first in before ?? [])
            {
                foreach (var second in here.Where(node => !declared.Contains((first.Action, node.Action)) && !declared.Contains((node.Action, first.Action))))
                {
                    yield return new(first.Key, second.Key, Hard: false, phase == Phase.Contain && !immediate ? ReOwnFirst : CloseFirst);
                }
            }

            before = here;
        }
    }

    /// <summary>Which action comes before which by the connector's own word, also by way of others.</summary>
    private static HashSet<(string Before, string After)> Declared(List<PlanNode> actions)
    {
        var pairs = new HashSet<(string Before, string After)>(actions.SelectMany(node => node.After.Select(order => (order.Action, node.Action))));
        while (true)
        {
            var more = pairs.SelectMany(first => pairs.Where(second => second.Before == first.After).Select(second => (first.Before, second.After))).Where(pair => !pairs.Contains(pair)).ToList();
            if (more.Count == 0)
            {
                return pairs;
            }

            pairs.UnionWith(more);
        }
    }

    private static OrderedPlan Level(IReadOnlyList<PlanNode> nodes, List<PlanEdge> edges)
    {
        var waiting = nodes.ToDictionary(node => node.Key, _ => 0, StringComparer.Ordinal);
        foreach (var edge in edges)
        {
            waiting[edge.To]++;
        }

        var next = edges.ToLookup(edge => edge.From, edge => edge.To, StringComparer.Ordinal);
        var levels = new List<IReadOnlyList<string>>();
        var ready = nodes.Where(node => waiting[node.Key] == 0).Select(node => node.Key).ToList();
        var placed = 0;
        while (ready.Count > 0)
        {
            levels.Add(ready);
            placed += ready.Count;
            ready = [.. ready.SelectMany(key => next[key]).Where(key => --waiting[key] == 0)];
        }

        return placed == nodes.Count
            ? new(levels, edges)
            : new([], edges) { Cycle = Circle(nodes, edges, waiting) };
    }

    private static List<string> Circle(IReadOnlyList<PlanNode> nodes, List<PlanEdge> edges, Dictionary<string, int> waiting)
    {
        // Every node left waits for another node left: walking backwards must come round.
        var names = nodes.ToDictionary(node => node.Key, node => $"{node.SystemName} · {node.Action}", StringComparer.Ordinal);
        var path = new List<string>();
        var key = nodes.First(node => waiting[node.Key] > 0).Key;
        while (!path.Contains(key))
        {
            path.Add(key);
            key = edges.First(edge => edge.To == key && waiting[edge.From] > 0).From;
        }

        var circle = path.SkipWhile(step => step != key).Append(key).Reverse();
        return [.. circle.Select(step => names[step])];
    }
}

/// <summary>Texts of connectors in the words of the product.</summary>
internal static class ConnectorWords
{
    /// <summary>The same text.</summary>
    public static Words ToWords(this Bilingual text) => new(text.En, text.Fr);

    /// <summary>What went wrong, then what to do about it where that is known.</summary>
    public static Words Told(this Failure failure) => failure.Remedy is { } remedy
        ? new($"{failure.What.En} {remedy.En}", $"{failure.What.Fr} {remedy.Fr}")
        : failure.What.ToWords();
}
