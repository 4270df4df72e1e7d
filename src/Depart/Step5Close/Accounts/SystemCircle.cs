namespace Depart.Step5Close.Accounts;

/// <summary>Finds out whether orders between systems go round in a circle, whoever declared them.</summary>
internal static class SystemCircle
{
    /// <summary>The systems of a circle by name, the first repeated last; empty when there is none.</summary>
    public static IReadOnlyList<string> Find(IReadOnlyCollection<TargetSystem> systems, Connections connections)
    {
        var names = systems.ToDictionary(system => system.Id, system => system.Name);
        var next = Edges(systems, connections).ToLookup(edge => edge.Before, edge => edge.After);
        var done = new HashSet<SystemId>();
        foreach (var start in systems.OrderBy(system => system.Name, StringComparer.OrdinalIgnoreCase).Select(system => system.Id))
        {
            if (Walk(start, next, done, []) is { } circle)
            {
                return [.. circle.Select(id => names[id])];
            }
        }

        return [];
    }

    private static IEnumerable<(SystemId Before, SystemId After)> Edges(IReadOnlyCollection<TargetSystem> systems, Connections connections)
    {
        var ids = systems.Select(system => system.Id).ToHashSet();
        var byKind = systems.ToLookup(system => system.Connector, system => system.Id, StringComparer.Ordinal);
        foreach (var system in systems)
        {
            foreach (var before in system.AfterSystems.Select(SystemId.From).Where(ids.Contains))
            {
                yield return (before, system.Id);
            }
        }

        foreach (var order in byKind.Select(kind => connections.Catalogue.Find(kind.Key)).OfType<Connectors.ConnectorKind>().SelectMany(connections.Orders))
        {
            foreach (var before in byKind[order.Before])
            {
                foreach (var after in byKind[order.After].Where(after => after != before))
                {
                    yield return (before, after);
                }
            }
        }
    }

    private static List<SystemId>? Walk(SystemId here, ILookup<SystemId, SystemId> next, HashSet<SystemId> done, List<SystemId> path)
    {
        if (path.IndexOf(here) is >= 0 and var again)
        {
            return [.. path.Skip(again), here];
        }

        if (!done.Add(here))
        {
            return null;
        }

        path.Add(here);
        foreach (var following in next[here])
        {
            if (Walk(following, next, done, path) is { } circle)
            {
                return circle;
            }
        }

        path.RemoveAt(path.Count - 1);
        return null;
    }
}
