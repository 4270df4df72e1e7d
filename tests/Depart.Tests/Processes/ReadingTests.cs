using System.Text;
using Depart.Processes.Yaml;

namespace Depart.Processes;

public sealed class ReadingTests
{
    [Fact]
    public void A_task_says_by_default_no_more_than_it_must()
    {
        var task = Assert.Single(Templates.Right(Templates.File(Templates.Task("one"))).Tasks);

        Assert.Equal((5, TaskKinds.Manual, TaskOwner.It, TaskAnchor.LastDay), (task.Step, task.Kind, task.Owner, task.Anchor));
        Assert.Equal((new DayOffset(0, Business: false), (TimeOnly?)null, (string?)null), (task.Offset, task.At, task.Zone));
        Assert.False(task.Blocking || task.Evidence);
        Assert.True(task.When.IsEmpty && task.Unless.IsEmpty);
    }

    [Fact]
    public void Every_field_is_read()
    {
        var task = Templates.Right(Templates.File(Templates.Task("first"), Templates.Task("one", """
            kind: paperwork
            offset: -10 business days
            at: "09:30"
            zone: Europe/Paris
            when: {kind: [regie, forfait], onSite: true, unit: Banque de détail}
            unless: {immediate: true}
            blocking: true
            evidence: true
            reminders: [5 business days, 1 day]
            escalation: {after: 2 days, to: hr}
            variants: [{when: {status: independent}, done: {fr: Autre., en: Other.}}]
            """))).Tasks.Single(found => found.Key == "one");

        Assert.Equal(("paperwork", new DayOffset(-10, Business: true), new TimeOnly(9, 30), "Europe/Paris"), (task.Kind, task.Offset, task.At, task.Zone));
        Assert.Equal(["Banque de détail"], task.When.Facts["unit"]);
        Assert.True(task is { Blocking: true, Evidence: true, Escalation: { After.Days: 2, To: TaskOwner.Hr } });
        Assert.Equal([new(5, Business: true), new(1, Business: false)], task.Reminders);
        Assert.Equal("Other.", Assert.Single(task.Variants).Done!.En);
    }

    [Theory]
    [InlineData("ownr: it", "unknown-key", "did you mean “owner”?")]
    [InlineData("owner: itt", "duplicate-key", "line 9")]
    [InlineData("kind: handovr", "unknown-value", "did you mean “handover”?")]
    [InlineData("kind: equipment", "unknown-value", "did you mean “equipment-return”?")]
    [InlineData("kind: 7", "unknown-value", "Known words")]
    [InlineData("blocking: yes", "wrong-type", "true or false")]
    [InlineData("blocking: \"true\"", "wrong-type", "true or false")]
    [InlineData("offset: 25:00", "bad-offset", "no offset")]
    [InlineData("offset: 3", "bad-offset", "no offset")]
    [InlineData("offset: 3 weeks", "bad-offset", "no offset")]
    [InlineData("offset: 800 days", "too-far", "two years")]
    [InlineData("offset: -900 business days", "too-far", "two years")]
    [InlineData("at: \"25:00\"", "bad-hour", "25:00")]
    [InlineData("at: 9h", "bad-hour", "9h")]
    [InlineData("zone: Europe/Pari", "unknown-zone", "Europe/Paris")]
    [InlineData("when: {colour: red}", "unknown-key", "Known ones")]
    [InlineData("when: {onsite: true}", "unknown-key", "did you mean “onSite”?")]
    [InlineData("when: {kind: regies}", "unknown-value", "did you mean “regie”?")]
    [InlineData("when: {onSite: maybe}", "unknown-value", "true, false")]
    [InlineData("when: [regie]", "wrong-type", "lines are expected")]
    [InlineData("reminders: [-2 days]", "bad-span", "-2 days")]
    [InlineData("escalation: {after: 2 days}", "required", "“to” is missing")]
    [InlineData("escalation: {after: 2 days, to: consultant}", "escalation-outside", "inside the company")]
    [InlineData("after:", "no-value", "“after” has no value")]
    [InlineData("after: [elsewhere]", "unknown-dependency", "does not exist")]
    [InlineData("after: [one]", "dependency-circle", "one → one")]
    [InlineData("variants: [{when: {status: independent}}]", "no-value", "changes no text")]
    [InlineData("variants: [{when: {status: temporary-worker}, done: {fr: A, en: B}}]", "never-holds", "variant 1")]
    [InlineData("when: {status: internal}", "never-holds", "can never apply")]
    [InlineData("when: {kind: regie}\nunless: {kind: regie}", "never-holds", "can never apply")]
    [InlineData("unless: {status: [independent, suppliers-employee]}", "never-holds", "can never apply")]
    public void What_is_wrong_in_a_task_is_told_with_its_line_and_its_key(string line, string code, string words)
    {
        var reading = Templates.Read(Templates.File(Templates.Task("one", line)));

        var problem = reading.Problems.FirstOrDefault(found => found.Code == code);
        Assert.True(problem is not null, Templates.Told(reading));
        Assert.Contains(words, problem.Message.En, StringComparison.Ordinal);
        Assert.StartsWith("tasks[one]", problem.Path, StringComparison.Ordinal);
        Assert.InRange(problem.Place.Line, 13, 14);
        Assert.True(problem.Place.Column > 1);
        Assert.Null(reading.Document);
    }

    [Theory]
    [InlineData("title: {fr: Le nôtre}", "missing-language", "title.en")]
    [InlineData("title: Le nôtre", "wrong-type", "title")]
    [InlineData("title: {fr: Le nôtre, en: \" \"}", "no-value", "title.en")]
    [InlineData("titel: {fr: a, en: b}", "unknown-key", "titel")]
    public void A_text_is_there_in_both_languages(string line, string code, string path)
    {
        var reading = Templates.Read(Templates.File(Templates.Task("one")).Replace("title: {fr: Le nôtre, en: Ours}", line, StringComparison.Ordinal));

        Assert.Contains(reading.Problems, problem => problem.Code == code && problem.Path == path && problem.Place.Line == 2);
    }

    [Fact]
    public void All_errors_are_told_and_not_the_first_alone()
    {
        var reading = Templates.Read("key: Ours\nfor: {kind: regie}\ntasks:\n  - key: one\n    step: 9\n  - key: one\n  - nothing\n");

        Assert.Equal(
            ["required title", "required description", "bad-key key", "required for", "wrong-type tasks[one].step", "duplicate-task tasks[one].key", "wrong-type tasks"],
            reading.Problems.Select(problem => $"{problem.Code} {problem.Path}"));
    }

    [Fact]
    public void A_task_that_says_too_little_is_told_each_thing_that_is_missing()
    {
        var reading = Templates.Read(Templates.File("  - key: one\n"));

        Assert.Equal(["step", "owner", "title", "instructions", "done", "anchor"], reading.Problems.Select(problem => problem.Path.Split('.')[1]));
    }

    [Fact]
    public void Tasks_that_wait_for_each_other_are_named_in_their_circle()
    {
        var reading = Templates.Read(Templates.File(Templates.Task("a", "after: [b]"), Templates.Task("b", "after: [c]"), Templates.Task("c", "after: [a]")));

        Assert.Contains("a → b → c → a", Assert.Single(reading.Problems).Message.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("handover")]
    [InlineData("letter")]
    [InlineData("interview")]
    [InlineData("equipment-return")]
    [InlineData("approval")]
    [InlineData("manual")]
    [InlineData("paperwork")]
    [InlineData("announcement")]
    [InlineData("alumni")]
    public void Nothing_human_delays_a_cut_be_it_by_a_chain(string kind)
    {
        var reading = Templates.Read(Templates.File(
            Templates.Task("human", $"kind: {kind}"), Templates.Task("first-cut", "kind: disconnection\nafter: [human]"), Templates.Task("cut", "kind: disconnection\nafter: [first-cut]")));

        Assert.Equal(["tasks[first-cut].after", "tasks[cut].after"], reading.Problems.Where(problem => problem.Code == "cut-waits").Select(problem => problem.Path));
        Assert.Contains("cut → first-cut → human", reading.Problems[1].Message.En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_may_wait_for_another_cut_and_people_may_wait_for_a_cut() => Templates.Right(Templates.File(
        Templates.Task("cut", "kind: disconnection"), Templates.Task("then", "kind: disconnection\nafter: [cut]"), Templates.Task("verify", "after: [then]\noffset: 1 day")));

    [Theory]
    [InlineData("last-day", "0 days", "last-day", "-1 days", true)]
    [InlineData("last-day", "-2 business days", "last-day", "-3 business days", true)]
    [InlineData("mission-end", "1 day", "last-day", "0 days", true)]
    [InlineData("mission-end", "30 business days", "announcement", "20 days", true)] // Thirty business days from a later day are later than that, surely.
    [InlineData("last-day", "0 days", "mission-end", "-5 days", false)]
    [InlineData("last-day", "2 business days", "last-day", "2 days", false)]
    [InlineData("last-day", "10 business days", "last-day", "2 days", true)]
    [InlineData("last-day", "0 days", "last-day", "0 days", false)]
    public void A_task_due_before_what_it_waits_for_is_refused_when_that_is_certain(string awaited, string offset, string anchor, string later, bool impossible)
    {
        var reading = Templates.Read(Templates.File(Templates.Task("a", $"offset: {offset}", anchor: awaited), Templates.Task("b", $"offset: {later}\nafter: [a]", anchor: anchor)));

        Assert.True(impossible == reading.Problems.Any(problem => problem.Code == "impossible-date"), Templates.Told(reading));
    }

    [Fact]
    public void Hours_count_on_one_day() => Assert.Contains(
        Templates.Read(Templates.File(Templates.Task("a", "at: \"12:00\""), Templates.Task("b", "at: \"09:00\"\nafter: [a]"))).Problems, problem => problem.Code == "impossible-date");

    [Fact]
    public void Dates_are_compared_only_where_both_tasks_can_apply_and_through_those_that_may_not()
    {
        Templates.Right(Templates.File(Templates.Task("a", "when: {kind: regie}"), Templates.Task("b", "when: {kind: forfait}\noffset: -3 days\nafter: [a]")));

        var reading = Templates.Read(Templates.File(
            Templates.Task("a"), Templates.Task("between", "when: {onSite: true}\nafter: [a]"), Templates.Task("b", "when: {onSite: false}\noffset: -3 days\nafter: [between]")));
        Assert.Contains(reading.Problems, problem => problem is { Code: "impossible-date", Path: "tasks[b].offset" });
    }

    [Theory]
    [InlineData("a: &x [1]\nb: *x\n", "alias")]
    [InlineData("a: &x\n  b: *x\n", "alias")]
    [InlineData("key: !!binary aGVsbG8=\n", "tag")]
    [InlineData("key: !System.Diagnostics.Process {}\n", "tag")]
    [InlineData("key: ours\n---\nkey: other\n", "several-documents")]
    [InlineData("", "empty")]
    [InlineData("# nothing\n", "empty")]
    [InlineData("- key: ours\n", "not-a-mapping")]
    [InlineData("key: [\n", "not-yaml")]
    [InlineData("key: \"open\n", "not-yaml")]
    [InlineData("key:\n\tours: 1\n", "not-yaml")]
    [InlineData("? [a, b]\n: c\n", "not-a-key")]
    public void A_hostile_or_broken_file_is_refused_with_its_line(string text, string code)
    {
        var problem = Assert.Single(Templates.Read(text).Problems);

        Assert.Equal(code, problem.Code);
        Assert.True(problem.Place.Line >= 1);
    }

    [Fact]
    public void A_file_that_is_too_deep_too_large_or_too_much_is_refused()
    {
        Assert.Equal("too-deep", Assert.Single(Templates.Read("a: " + new string('[', 100_000)).Problems).Code);
        Assert.Equal("too-large", Assert.Single(Templates.Read("a: " + new string('x', YamlTree.MostBytes)).Problems).Code);
        Assert.Equal("too-many", Assert.Single(Templates.Read("a: [" + new StringBuilder().Insert(0, "1,", 60_000) + "]").Problems).Code);
        Assert.Equal(ProcessProblems.Most, Templates.Read(string.Concat(Enumerable.Range(0, 1000).Select(number => $"k{number}: 1\n"))).Problems.Count);
    }

    [Fact]
    public void Every_message_is_in_both_languages_and_says_no_more_than_a_stretch_of_what_was_written()
    {
        var reading = Templates.Read($"{new string('k', 5000)}: 1\nkey: {new string('v', 150)}\n");

        Assert.All(reading.Problems, problem => Assert.True(problem.Message.En.Length < 600 && problem.Message.Fr.Length < 600 && problem.Message.Fr != problem.Message.En, problem.Message.En));
    }
}
