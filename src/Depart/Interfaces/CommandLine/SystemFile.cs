using System.Globalization;
using System.Text.RegularExpressions;
using Depart.Foundation;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Depart.Interfaces.CommandLine;

/// <summary>A system as a YAML file describes it, with the line of every key so that a refusal can name it.</summary>
internal sealed record DescribedSystem(string File, string Name, string Connector)
{
    public Dictionary<string, string> Settings { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<string> ProtectedAccounts { get; init; } = [];

    public List<string> After { get; init; } = [];

    public int? Concurrency { get; init; }

    public int? Rate { get; init; }

    /// <summary>Line of each key and setting, from 1.</summary>
    public Dictionary<string, long> Lines { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>
/// Reads systems from YAML: one, several documents, or a list under <c>systems</c>. In settings <c>${NAME}</c> stands for an environment
/// variable and <c>@path</c> for a file's content, so that no secret need be in the file.
/// </summary>
internal sealed partial class SystemFile
{
    private static readonly Words BadFile = new("{0}, line {1}: {2}", "{0}, ligne {1} : {2}");
    private static readonly Words BadKey = new("{0}, line {1}, {2}: {3}", "{0}, ligne {1}, {2} : {3}");
    private static readonly Words NoFile = new("{0}: no such file.", "{0} : fichier introuvable.");
    private static readonly Words Empty = new("{0}: there is no system in it.", "{0} : aucun système n’y est décrit.");
    private static readonly Words NotMapping = new("a system is written as “key: value” lines.", "un système s’écrit en lignes « clé: valeur ».");
    private static readonly Words Unknown = new("there is no such key. Known ones: {0}.", "cette clé n’existe pas. Clés connues : {0}.");
    private static readonly Words Required = new("required.", "obligatoire.");
    private static readonly Words NotText = new("a text is expected.", "un texte est attendu.");
    private static readonly Words NotList = new("a list is expected.", "une liste est attendue.");
    private static readonly Words NotNumber = new("a whole number is expected.", "un nombre entier est attendu.");
    private static readonly Words NoVariable = new("the environment variable {0} is not set.", "la variable d’environnement {0} n’est pas définie.");
    private static readonly Words NoSecretFile = new("the file {0} cannot be read.", "le fichier {0} ne peut pas être lu.");
    private static readonly Words Twice = new("the file describes {0} twice.", "le fichier décrit deux fois {0}.");

    private static readonly string[] Keys = ["name", "connector", "settings", "protectedAccounts", "after", "concurrency", "rate"];

    private readonly string path;

    private SystemFile(string path) => this.path = path;

    /// <summary>The systems of a file, those that others come after first.</summary>
    /// <exception cref="CommandFailed">The file cannot be used: file, line and key are named.</exception>
    public static IReadOnlyList<DescribedSystem> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new CommandFailed(NoFile.With(path).ToString(), Terminal.ExitUsage);
        }

        var yaml = new YamlStream();
        try
        {
            using var text = File.OpenText(path);
            yaml.Load(text);
        }
        catch (YamlException error)
        {
            throw new CommandFailed(BadFile.With(path, error.Start.Line, error.InnerException?.Message ?? error.Message).ToString(), Terminal.ExitUsage);
        }

        var reader = new SystemFile(path);
        var systems = yaml.Documents.SelectMany(document => reader.Document(document.RootNode)).ToList();
        if (systems.Count == 0)
        {
            throw new CommandFailed(Empty.With(path).ToString(), Terminal.ExitUsage);
        }

        if (systems.GroupBy(system => system.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw reader.Bad(twice.Last().Lines["name"], "name", Twice.With(twice.Key));
        }

        return Ordered(systems);
    }

    /// <summary>A refusal of the server, with the line of the key that it names.</summary>
    public static CommandFailed Refused(DescribedSystem system, CommandFailed refused)
    {
        var errors = refused.Problem?["errors"]?.AsArray().Select(error => (error!["field"]?.ToString(), error["message"]?.ToString()))
            ?? [(refused.Problem?["field"]?.ToString(), refused.Problem?["detail"]?.ToString())];
        var lines = errors.Where(error => error.Item2 is not null).Select(error => error.Item1 is { } field && system.Lines.TryGetValue(field, out var line)
            ? BadKey.With(system.File, line, field, error.Item2).ToString()
            : BadFile.With(system.File, system.Lines["name"], error.Item2).ToString()).ToList();
        return lines.Count == 0 ? refused : new(string.Join(Environment.NewLine, lines), refused.ExitCode);
    }

    private static List<DescribedSystem> Ordered(List<DescribedSystem> systems)
    {
        var (left, ordered) = (systems.ToList(), new List<DescribedSystem>());
        while (left.Count > 0)
        {
            // In a circle any order will do: the server names it.
            var next = left.Find(system => !left.Exists(other => other != system && system.After.Contains(other.Name, StringComparer.OrdinalIgnoreCase))) ?? left[0];
            left.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }

    private IEnumerable<DescribedSystem> Document(YamlNode root)
    {
        if (root is YamlScalarNode { Value: null or "" })
        {
            return [];
        }

        if (root is YamlSequenceNode list)
        {
            return list.Children.Select(System);
        }

        return root is YamlMappingNode { Children.Count: 1 } only && only.Children.First() is { Key: YamlScalarNode { Value: "systems" }, Value: YamlSequenceNode systems }
            ? systems.Children.Select(System)
            : [System(root)];
    }

    private DescribedSystem System(YamlNode node)
    {
        if (node is not YamlMappingNode map)
        {
            throw new CommandFailed(BadFile.With(path, node.Start.Line, NotMapping).ToString(), Terminal.ExitUsage);
        }

        var values = new Dictionary<string, YamlNode>(StringComparer.OrdinalIgnoreCase);
        var lines = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in map.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (!Keys.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw Bad(key.Start.Line, name, Unknown.With(string.Join(", ", Keys)));
            }

            values[name] = value;
            lines[name] = key.Start.Line;
        }

        var system = new DescribedSystem(path, Text(values, "name", map), Text(values, "connector", map))
        {
            ProtectedAccounts = List(values, "protectedAccounts"),
            After = List(values, "after"),
            Concurrency = Number(values, "concurrency"),
            Rate = Number(values, "rate"),
        };
        foreach (var (name, line) in lines)
        {
            system.Lines[name] = line;
        }

        Settings(system, values);
        return system;
    }

    private void Settings(DescribedSystem system, Dictionary<string, YamlNode> values)
    {
        if (!values.TryGetValue("settings", out var node) || node is YamlScalarNode { Value: null or "" })
        {
            return;
        }

        if (node is not YamlMappingNode settings)
        {
            throw Bad(node.Start.Line, "settings", NotMapping);
        }

        foreach (var (key, value) in settings.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            system.Lines[name] = key.Start.Line;
            system.Settings[name] = value switch
            {
                YamlScalarNode scalar => Resolve(scalar.Value ?? "", name, scalar.Start.Line),
                YamlSequenceNode list => string.Join('\n', list.Children.Select(item => item is YamlScalarNode one
                    ? Resolve(one.Value ?? "", name, one.Start.Line)
                    : throw Bad(item.Start.Line, name, NotText))),
                _ => throw Bad(value.Start.Line, name, NotText),
            };
        }
    }

    /// <summary><c>@path</c> is a file beside this one, <c>${NAME}</c> a variable; <c>@@</c> and <c>$${</c> are the signs themselves.</summary>
    private string Resolve(string text, string key, long line)
    {
        if (text.StartsWith("@@", StringComparison.Ordinal))
        {
            return text[1..];
        }

        if (text.StartsWith('@'))
        {
            var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, text[1..]);
            try
            {
                return File.ReadAllText(file).TrimEnd('\r', '\n');
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw Bad(line, key, NoSecretFile.With(text[1..]));
            }
        }

        return Variable().Replace(text, match => match.Value[1] == '$'
            ? match.Value[1..]
            : Environment.GetEnvironmentVariable(match.Groups["name"].Value) ?? throw Bad(line, key, NoVariable.With(match.Groups["name"].Value)));
    }

    private string Text(Dictionary<string, YamlNode> values, string key, YamlMappingNode map) => values.GetValueOrDefault(key) switch
    {
        YamlScalarNode { Value: { Length: > 0 } text } => text,
        null or YamlScalarNode => throw Bad(map.Start.Line, key, Required),
        var other => throw Bad(other.Start.Line, key, NotText),
    };

    private List<string> List(Dictionary<string, YamlNode> values, string key) => values.GetValueOrDefault(key) switch
    {
        null or YamlScalarNode { Value: null or "" } => [],
        YamlSequenceNode list => [.. list.Children.Select(item => (item as YamlScalarNode)?.Value ?? throw Bad(item.Start.Line, key, NotText))],
        var other => throw Bad(other.Start.Line, key, NotList),
    };

    private int? Number(Dictionary<string, YamlNode> values, string key) => values.GetValueOrDefault(key) switch
    {
        null or YamlScalarNode { Value: null or "" } => null,
        YamlScalarNode { Value: var text } when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var other => throw Bad(other.Start.Line, key, NotNumber),
    };

    private CommandFailed Bad(long line, string key, Words what) => new(BadKey.With(path, line, key, what).ToString(), Terminal.ExitUsage);

    [GeneratedRegex(@"\$\$\{|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
