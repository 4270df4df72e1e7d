using Depart.Processes.Yaml;

namespace Depart.Processes;

public sealed class InheritanceTests
{
    private static readonly string Base = Templates.Named("base", "", Templates.Task("a", "offset: -3 days"), Templates.Task("b", "after: [a]"), Templates.Task("c", "after: [b]\noffset: 1 day"));

    [Fact]
    public void A_task_is_inherited_changed_field_by_field_added_or_dropped()
    {
        var document = Read(Base, Templates.Named("ours", "extends: base\ndrop: [b]", "  - key: a\n    owner: security\n", Templates.Task("d", "after: [a]", step: 1)));

        Assert.Equal(["d", "a", "c"], document.Tasks.Select(task => task.Key));
        Assert.Equal((TaskOwner.Security, new DayOffset(-3, Business: false)), (document.Tasks[1].Owner, document.Tasks[1].Offset));
        Assert.Equal((TaskOriginKind.Changed, "owner"), (document.Origins["a"].Kind, Assert.Single(document.Origins["a"].Fields)));
        Assert.Equal((TaskOriginKind.Inherited, TaskOriginKind.Added), (document.Origins["c"].Kind, document.Origins["d"].Kind));
        Assert.Equal("b", Assert.Single(document.Dropped));
        Assert.Equal(["base"], document.Ancestors);
    }

    [Fact]
    public void Whoever_waited_for_a_dropped_task_waits_for_what_that_one_waited_for() =>
        Assert.Equal(["a"], Read(Base, Templates.Named("ours", "extends: base\ndrop: [b]")).Tasks[^1].After);

    [Fact]
    public void What_was_inherited_is_taken_away_by_saying_that_there_is_none()
    {
        var first = Templates.Named("base", "", Templates.Task(
            "a", "when: {onSite: true}\nat: \"09:00\"\nzone: Europe/Paris\nreminders: [1 day]\nescalation: {after: 1 day, to: it}\nblocking: true"));

        var task = Assert.Single(Read(first, Templates.Named("ours", "extends: base", """
              - key: a
                when: {}
                at: default
                zone: departure
                reminders: []
                escalation: {}
                blocking: false

            """)).Tasks);

        Assert.True(task is { When.IsEmpty: true, At: null, Zone: null, Reminders: [], Escalation: null, Blocking: false });
    }

    [Theory]
    [InlineData("extends: nowhere", "", "unknown-base", 5)]
    [InlineData("extends: ours", "", "extends-circle", 5)]
    [InlineData("drop: [a]", "", "drop-without-base", 5)]
    [InlineData("extends: base\ndrop: [z]", "", "unknown-drop", 6)]
    [InlineData("extends: base\ndrop: [a]", "  - key: a\n    owner: hr\n", "dropped-and-changed", 8)]
    [InlineData("extends: base", "  - key: aa\n    owner: hr\n", "unknown-override", 7)]
    [InlineData("extends: base\ndrop: [a]", "  - key: c\n    after: [a]\n", "unknown-dependency", 9)]
    [InlineData("extends: base", "  - key: a\n    after: [c]\n", "dependency-circle", 8)]
    [InlineData("extends: base", "  - key: b\n    offset: -9 days\n", "impossible-date", 8)]
    public void What_does_not_fit_the_base_is_told_with_its_line(string more, string task, string code, int line)
    {
        var readings = new ProcessResolver(TaskKinds.Known, _ => null).ReadAll([Base, Templates.Named("ours", more, task.Length == 0 ? [] : [task])]);

        var problem = readings[1].Problems[0];
        Assert.True((code, line) == (problem.Code, problem.Place.Line), Templates.Told(readings[1]));
    }

    [Fact]
    public void Files_that_extend_one_another_in_a_circle_are_told_all()
    {
        var readings = new ProcessResolver(TaskKinds.Known, _ => null).ReadAll(
            [Templates.Named("one", "extends: two", Templates.Task("a")), Templates.Named("two", "extends: three"), Templates.Named("three", "extends: one")]);

        Assert.All(readings, reading => Assert.Equal("extends-circle", Assert.Single(reading.Problems).Code));
        Assert.Contains("one → two → three → one", readings[0].Problems[0].Message.En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_base_that_is_wrong_is_told_where_it_is_wrong_and_refused_where_it_is_extended()
    {
        var readings = new ProcessResolver(TaskKinds.Known, _ => null).ReadAll([Templates.Named("base", "", Templates.Task("a", "after: [b]")), Templates.Named("ours", "extends: base")]);

        Assert.Equal(("unknown-dependency", "base-refused"), (readings[0].Problems[0].Code, readings[1].Problems[0].Code));
    }

    [Fact]
    public void An_inherited_task_that_can_never_apply_must_be_dropped()
    {
        var first = Templates.Named("base", "", Templates.Task("a", "when: {status: independent}"));

        var reading = new ProcessResolver(TaskKinds.Known, _ => null).ReadAll([first, Templates.Named("ours", "extends: base").Replace("[independent, suppliers-employee]", "internal", StringComparison.Ordinal)])[1];

        Assert.Equal(("never-holds", 5), (reading.Problems[0].Code, reading.Problems[0].Place.Line));
    }

    private static ProcessDocument Read(params string[] texts)
    {
        var last = new ProcessResolver(TaskKinds.Known, _ => null).ReadAll(texts)[^1];
        Assert.True(last.Document is not null, Templates.Told(last));
        return last.Document;
    }
}
