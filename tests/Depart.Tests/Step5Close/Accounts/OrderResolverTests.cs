using Depart.Connectors;
using Depart.Foundation;

namespace Depart.Step5Close.Accounts;

public sealed class OrderResolverTests
{
    private static readonly SystemId First = SystemId.From(Guid.CreateVersion7());
    private static readonly SystemId Second = SystemId.From(Guid.CreateVersion7());
    private static readonly Bilingual Reason = new("because", "parce que");

    [Fact]
    public void A_password_comes_before_the_lock_when_the_connector_says_so()
    {
        var plan = OrderResolver.Resolve([Node(First, "lock", Phase.Contain, "password"), Node(First, "password", Phase.Contain)], [], immediate: false);

        Assert.Equal([["A/password"], ["A/lock"]], plan.Levels);
        Assert.Equal("because", plan.Edges.Single().Reason.En);
    }

    [Theory]
    [InlineData(false, "A/re-own")]
    [InlineData(true, "A/disable")]
    public void What_is_owned_passes_on_first_when_planned_and_the_door_closes_first_when_immediate(bool immediate, string first)
    {
        var plan = OrderResolver.Resolve([Node(First, "disable", Phase.Contain), Node(First, "re-own", Phase.ReOwn)], [], immediate);

        Assert.Equal([first], plan.Levels[0]);
    }

    [Fact]
    public void A_system_after_another_waits_for_its_verification()
    {
        var plan = OrderResolver.Resolve(
            [Node(First, "snapshot", null), Node(First, "verify", null), Node(Second, "snapshot", null), Node(Second, "verify", null)],
            [new(First, Second, Words.Same("order"))], immediate: false);

        Assert.Equal([["A/snapshot"], ["A/verify"], ["B/snapshot"], ["B/verify"]], plan.Levels);
    }

    [Fact]
    public void A_circle_is_named_by_its_systems()
    {
        var plan = OrderResolver.Resolve(
            [Node(First, "snapshot", null), Node(First, "verify", null), Node(Second, "snapshot", null), Node(Second, "verify", null)],
            [new(First, Second, Words.Same("order")), new(Second, First, Words.Same("order"))], immediate: false);

        Assert.Empty(plan.Levels);
        Assert.Contains(plan.Cycle, name => name.StartsWith("System A", StringComparison.Ordinal));
        Assert.Contains(plan.Cycle, name => name.StartsWith("System B", StringComparison.Ordinal));
        Assert.Equal(plan.Cycle[0], plan.Cycle[^1]);
    }

    /// <summary>Phases would give what is owned away first; the connector wants sessions ended before.</summary>
    [Fact]
    public void What_a_connector_declares_wins_over_the_phases()
    {
        var plan = OrderResolver.Resolve(
            [Node(First, "lock", Phase.Contain), Node(First, "end-sessions", Phase.Cut, "lock"), Node(First, "re-own", Phase.ReOwn, "end-sessions")], [], immediate: false);

        Assert.Equal([["A/lock"], ["A/end-sessions"], ["A/re-own"]], plan.Levels);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_actions_of_every_connector_have_an_order(bool immediate)
    {
        foreach (var kind in new ConnectorCatalogue().Kinds)
        {
            // What a connector declares is read before there are settings.
            var connector = kind.Blank(new(TimeProvider.System, new(TimeProvider.System)));
            Assert.NotNull(connector);
            await using var declared = connector;
            var nodes = connector.Actions.Select(action => new PlanNode($"A/{action.Key}", "A", First, kind.Key, kind.Key, action.Key, action.Phase, action.After))
                .Append(Node(First, "snapshot", null)).Append(Node(First, "verify", null)).ToList();

            Assert.Empty(OrderResolver.Resolve(nodes, [], immediate).Cycle);
        }
    }

    private static PlanNode Node(SystemId system, string action, Phase? phase, params string[] after)
    {
        var name = system == First ? "A" : "B";
        return new($"{name}/{action}", name, system, $"System {name}", "any", action, phase, [.. after.Select(first => new ActionOrder(first, Reason))]);
    }
}
