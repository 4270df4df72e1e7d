using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Processes.Yaml;

/// <summary>What is wrong in a template, where, and what to do.</summary>
/// <param name="Place">Line and column.</param>
/// <param name="Path">The key as one would name it: <c>tasks[announce-teams].offset</c>; empty for the whole file.</param>
/// <param name="Code">For programs.</param>
/// <param name="Message">For people.</param>
internal sealed record ProcessProblem(YamlPlace Place, string Path, string Code, Words Message)
{
    /// <summary>The same as a refusal of a command.</summary>
    public Problem Refusal => new(ProblemKind.Invalid, Code, new(Told(Message.En), Told(Message.Fr))) { Field = Path.Length == 0 ? "yaml" : Path, Line = Place.Line };

    /// <summary>All of them as one refusal, or null when there are none.</summary>
    public static Problem? Refused(IEnumerable<ProcessProblem> problems) => Problem.Several([.. problems.Select(problem => problem.Refusal)]);

    private string Told(string message) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Place.Line}:{Place.Column} {Path}{(Path.Length == 0 ? "" : " – ")}{message}");
}

/// <summary>Collects what is wrong, all of it and not only the first, up to a number that a person can use.</summary>
internal sealed class ProcessProblems
{
    /// <summary>Most that are told of one file.</summary>
    public const int Most = 100;

    private readonly List<ProcessProblem> found = [];

    /// <summary>By line.</summary>
    public IReadOnlyList<ProcessProblem> All => [.. found.OrderBy(problem => problem.Place.Line).ThenBy(problem => problem.Place.Column)];

    public bool Any => found.Count > 0;

    public void Add(YamlPlace place, string path, string code, Words message)
    {
        if (found.Count < Most)
        {
            found.Add(new(place, path, code, message));
        }
    }

    public void Add(ProcessProblem problem) => Add(problem.Place, problem.Path, problem.Code, problem.Message);
}

/// <summary>The known word that a mistyped one was most likely meant to be.</summary>
internal static class NearestWord
{
    /// <summary>The nearest by edits, or null when none is near: at most a third of its letters; a beginning of four letters or more stands for the one word that begins so.</summary>
    public static string? Of(string said, IEnumerable<string> known) => said.Length is 0 or > 60 ? null : Nearest(said, [.. known]);

    private static string? Nearest(string said, string[] known) => said.Length >= 4 && known.Where(word => word.StartsWith(said, StringComparison.OrdinalIgnoreCase)).ToList() is [var only] ? only : known
        .Select(word => (Word: word, Edits: Edits(said.ToLowerInvariant(), word.ToLowerInvariant())))
        .Where(pair => pair.Edits <= Math.Max(2, pair.Word.Length / 3)).OrderBy(pair => pair.Edits).ThenBy(pair => pair.Word, StringComparer.Ordinal)
        .Select(pair => pair.Word).FirstOrDefault();

    private static int Edits(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var (corner, before) = (row[0], i);
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var next = Math.Min(Math.Min(row[j], before) + 1, corner + (one[i - 1] == other[j - 1] ? 0 : 1));
                (corner, before, row[j]) = (row[j], next, next);
            }
        }

        return row[^1];
    }
}
