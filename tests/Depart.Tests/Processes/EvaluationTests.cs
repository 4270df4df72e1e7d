using CsCheck;
using Depart.Missions;

namespace Depart.Processes;

/// <summary>How a process meets a departure.</summary>
public sealed class EvaluationTests
{
    [Fact]
    public void Conditions_hold_when_every_fact_has_one_of_its_values()
    {
        var task = Templates.Right(Templates.File(Templates.Task("one", "when: {kind: regie, unit: [Banque de détail, Réseau]}\nunless: {immediate: true, onSite: true}"))).Tasks[0];
        var facts = new DepartureFactsForTasks { Kind = MissionKind.Regie, Unit = "banque  DE detail" };

        Assert.True(task.AppliesTo(facts));
        Assert.True(task.AppliesTo(facts with { Immediate = true }));
        Assert.False(task.AppliesTo(facts with { Immediate = true, OnSite = true }));
        Assert.False(task.AppliesTo(facts with { Kind = MissionKind.Forfait }));
        Assert.False(task.AppliesTo(facts with { Unit = null }));
    }

    [Fact]
    public void The_texts_of_the_first_variant_that_holds_and_says_them_count()
    {
        var document = Templates.Right(Templates.File(Templates.Task("one", """
            variants:
            - {when: {status: independent}, title: {fr: Indépendant, en: Independent}}
            - {when: {kind: regie}, title: {fr: Régie, en: Régie}, done: {fr: Fait., en: Done.}}
            """)));

        var task = Assert.Single(document.TasksFor(new() { Status = ContractualStatus.Independent, Kind = MissionKind.Regie }));

        Assert.Equal(("Independent", "Do it.", "Done."), (task.Title.En, task.Instructions.En, task.Done.En));
        Assert.Empty(task.Variants);
    }

    [Fact]
    public void Whoever_waits_for_a_task_that_does_not_apply_waits_for_what_that_one_waits_for()
    {
        var document = Templates.Right(Templates.File(Templates.Task("a"), Templates.Task("b", "after: [a]\nwhen: {onSite: true}"), Templates.Task("c", "after: [b]")));

        Assert.Equal(["b"], document.TasksFor(new() { OnSite = true })[^1].After);
        Assert.Equal(["a"], document.TasksFor(new())[^1].After);
    }

    [Fact]
    public void What_can_never_hold_is_what_holds_for_no_departure() => Gen.Select(Conditions, Conditions, Conditions).Sample((when, unless, other) =>
    {
        var found = Facts.Any(facts => when.Hold(facts) && other.Hold(facts) && (unless.IsEmpty || !unless.Hold(facts)));

        Assert.Equal(found, FactConditions.CanHold([when, other], [unless]));
    });

    /// <summary>Every departure that differs in a fact with a closed list.</summary>
    internal static IReadOnlyList<DepartureFactsForTasks> Facts { get; } = [..
        from kind in Enum.GetValues<MissionKind>()
        from status in Enum.GetValues<ContractualStatus>()
        from bits in Enumerable.Range(0, 16)
        select new DepartureFactsForTasks
        {
            Kind = kind, Status = status, OnSite = (bits & 1) > 0, Privileged = (bits & 2) > 0, HasSuccessor = (bits & 4) > 0, Immediate = (bits & 8) > 0,
        }];

    private static readonly Gen<FactConditions> Conditions = Gen.Select(
        Gen.Int[0, 4], Gen.Int[0, 63], Gen.Int[0, 4], Gen.Int[0, 4]).Select(pick => new FactConditions(
        new[]
        {
            Some("kind", ["regie", "forfait"], pick.Item1), Some("status", [.. TemplateFact.Named("status")!.Values!], pick.Item2),
            Some("onSite", ["true", "false"], pick.Item3), Some("immediate", ["true", "false"], pick.Item4),
        }.Where(pair => pair.Value.Count > 0)));

    private static KeyValuePair<string, IReadOnlyList<string>> Some(string fact, IReadOnlyList<string> values, int bits) =>
        new(fact, [.. values.Where((_, index) => (bits & (1 << index)) > 0)]);
}
