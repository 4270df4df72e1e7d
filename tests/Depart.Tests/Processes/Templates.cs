using Depart.Processes.Yaml;

namespace Depart.Processes;

/// <summary>Template files as tests write them: short, and right unless a test breaks them.</summary>
internal static class Templates
{
    /// <summary>A whole task with a key; <paramref name="more"/> is added, two spaces deeper than <c>tasks</c>.</summary>
    public static string Task(string key, string more = "", int step = 5, string anchor = "last-day") =>
        $$"""
            - key: {{key}}
              step: {{step}}
              owner: it
              title: {fr: Faire, en: Do}
              instructions: {fr: Faites-le., en: Do it.}
              done: {fr: C’est fait., en: It is done.}
              anchor: {{anchor}}
          {{string.Concat(more.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"    {line}\n"))}}
          """;

    /// <summary>A file with these tasks.</summary>
    public static string File(params string[] tasks) => Named("ours", "", tasks);

    /// <summary>A file with a key and more keys of the document.</summary>
    public static string Named(string key, string more, params string[] tasks) =>
        $$"""
        key: {{key}}
        title: {fr: Le nôtre, en: Ours}
        description: {fr: Un essai., en: A trial.}
        for: {status: [independent, suppliers-employee]}
        {{more}}
        tasks:{{(tasks.Length == 0 ? " []" : "")}}
        {{string.Concat(tasks)}}
        """;

    /// <summary>Reads against the shipped templates.</summary>
    public static ProcessReading Read(string text) => new ProcessResolver(TaskKinds.Known, ShippedTemplates.Documents.GetValueOrDefault).Read(text);

    /// <summary>Reads what must be right.</summary>
    public static ProcessDocument Right(string text)
    {
        var reading = Read(text);
        Assert.True(reading.Document is not null, Told(reading));
        return reading.Document;
    }

    /// <summary>What is wrong, a line each: code, place and path.</summary>
    public static string Told(ProcessReading reading) => string.Join('\n', reading.Problems.Select(problem => $"{problem.Code} {problem.Place.Line}:{problem.Place.Column} {problem.Path} {problem.Message.En}"));
}
