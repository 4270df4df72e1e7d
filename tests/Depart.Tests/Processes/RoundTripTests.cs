using System.Text.Json.Nodes;
using CsCheck;
using Depart.Foundation;
using Depart.Processes.Yaml;

namespace Depart.Processes;

/// <summary>What is written reads back to the same, whatever it says.</summary>
public sealed class RoundTripTests
{
    private static readonly Gen<string> Line = Gen.Frequency(
        (6, Gen.Char["aéœ: #-'\"{}[]&*!|>%@`,?~0\u00a0«»’“…"].Array[1, 30].Select(letters => new string(letters))),
        (1, OneOf("true", "null", "~", "- a", "a: b", "# a", "08:30", "1e3", "0x1F", "no", "key: [x]", "😀 ok", "---", "...", "a  b", "tab\\t")));

    private static readonly Gen<string> Text = Line.Array[1, 4].Select(lines => string.Join("\n", lines)).Select(text => text.Trim()).Where(text => text.Length > 0);

    private static readonly Gen<Words> OneLine = Gen.Select(Line, Line).Select((en, fr) => new Words(Sound(en), Sound(fr)));

    private static readonly Gen<Words> Lines = Gen.Select(Text, Text).Select((en, fr) => new Words(en, fr));

    private static readonly Gen<DayOffset> Offsets = Gen.Select(Gen.Int[-731, 731], Gen.Bool).Select((days, business) => new DayOffset(days, business));

    private static readonly Gen<TaskTemplate> Tasks =
        from texts in Gen.Select(OneLine, Lines, Lines)
        from numbers in Gen.Select(Gen.Int[1, 7], Gen.Enum<TaskOwner>(), Gen.Enum<TaskAnchor>(), Offsets)
        from hour in Gen.Int[-1, 1439]
        from flags in Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool)
        from unit in Line.Where(unit => SearchText.Of(unit).Length > 0)
        from kind in OneOf([.. TaskKinds.Known.Keys.Where(kind => kind != TaskKinds.Disconnection)])
        select TaskFields.Blank("x") with
        {
            Step = numbers.Item1, Owner = numbers.Item2, Anchor = numbers.Item3, Offset = numbers.Item4, Kind = kind,
            Title = texts.Item1, Instructions = texts.Item2, Done = texts.Item3,
            At = hour < 0 ? null : new TimeOnly(hour / 60, hour % 60), Zone = flags.Item1 ? "Europe/Paris" : null,
            When = flags.Item2 ? new([new("unit", [unit]), new("onSite", ["true"])]) : FactConditions.None, Blocking = flags.Item3, Evidence = flags.Item4,
            Reminders = flags.Item1 ? [new(2, Business: true)] : [], Escalation = flags.Item2 ? new(new(1, Business: false), TaskOwner.Security) : null,
            Variants = flags.Item3 ? [new() { When = new([new("status", ["independent"])]), Title = texts.Item1, Done = texts.Item3 }] : [],
        };

    [Fact]
    public void A_process_written_reads_back_to_the_same_statement() => Gen.Select(OneLine, Lines, Tasks.Array[0, 4]).Sample((title, description, tasks) =>
    {
        var source = ProcessSource.Whole(new()
        {
            Key = "ours", Title = title, Description = description, For = new([new("status", ["independent", "internal"])]),
            Tasks = [.. tasks.Select((task, index) => task with { Key = $"t{index}", After = [.. Enumerable.Range(0, index / 2).Select(before => $"t{before}")] })],
        });

        var text = ProcessWriter.Write(source);
        var (read, problems) = ProcessReader.Read(text, TaskKinds.Known);

        Assert.True(read is not null, string.Join('\n', problems.Select(problem => problem.Message.En)) + "\n" + text);
        Assert.True(JsonNode.DeepEquals(source.Stated(), read.Stated()), text);
        Assert.Equal(text, ProcessWriter.Write(read));
    }, iter: 300);

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_shipped_template_written_says_the_same_extended_or_whole(string key)
    {
        var reading = Templates.Read(ShippedTemplates.Text(key));

        var (again, _) = ProcessReader.Read(ProcessWriter.Write(reading.Source!), TaskKinds.Known);
        Assert.True(JsonNode.DeepEquals(reading.Source!.Stated(), again!.Stated()));

        var whole = Templates.Right(ProcessWriter.Write(ProcessSource.Whole(reading.Document!)));
        Assert.All(EvaluationTests.Facts.Where(whole.IsFor), facts => Assert.Equal(
            reading.Document!.TasksFor(facts).Select(task => TaskFields.Json(task).ToJsonString()), whole.TasksFor(facts).Select(task => TaskFields.Json(task).ToJsonString())));
    }

    [Fact]
    public void Any_text_ends_in_a_process_or_in_reasons()
    {
        var sound = ShippedTemplates.Text("immediate-departure");
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Char[" \n:-[]{}&*!#'\"\t0é\u0000"]).Array[1, 5].Sample(
            damages =>
            {
                var letters = sound.ToCharArray();
                foreach (var (at, letter) in damages)
                {
                    letters[at] = letter;
                }

                var reading = Templates.Read(new string(letters));
                Assert.True(reading.Document is not null || reading.Problems.Count > 0);
            },
            iter: 300);
    }

    public static TheoryData<string> Shipped => [.. ShippedTemplates.Keys];

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    /// <summary>A title is one line with no space around.</summary>
    private static string Sound(string text) => text.Trim() is { Length: > 0 } sound ? sound : "x";
}
