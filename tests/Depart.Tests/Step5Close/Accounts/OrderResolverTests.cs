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

    private static PlanNode Node(SystemId system, string action, Phase? phase, params string[] after)
    {
        var name = system == First ? "A" : "B";
        return new($"{name}/{action}", name, system, $"System {name}", "any", action, phase, [.. after.Select(first => new ActionOrder(first, Reason))]);
    }
}
