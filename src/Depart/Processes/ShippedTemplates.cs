using System.Text;
using Depart.Processes.Yaml;

namespace Depart.Processes;

/// <summary>The templates that come with the product (PRO4), complete in both languages and usable as they are.</summary>
internal static class ShippedTemplates
{
    private const string Prefix = "Depart.Processes.Shipped.";

    /// <summary>Keys, each after the one it extends.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["internal-employee", "consultant-regie", "consultant-forfait", "immediate-departure", "supplier-contract-end"];

    private static readonly Lazy<IReadOnlyDictionary<string, ProcessDocument>> Resolved = new(() =>
    {
        var documents = new Dictionary<string, ProcessDocument>(StringComparer.Ordinal);
        var resolver = new ProcessResolver(TaskKinds.Known, documents.GetValueOrDefault);
        foreach (var key in Keys)
        {
            var reading = resolver.Read(Text(key));
            documents[key] = reading.Document ?? throw new InvalidOperationException($"{key}.yaml: {string.Join("; ", reading.Problems.Select(problem => $"{problem.Place.Line} {problem.Path} {problem.Message.En}"))}");
        }

        return documents;
    });

    /// <summary>Each, resolved.</summary>
    public static IReadOnlyDictionary<string, ProcessDocument> Documents => Resolved.Value;

    /// <summary>The file of one of them.</summary>
    public static string Text(string key)
    {
        using var stream = typeof(ShippedTemplates).Assembly.GetManifestResourceStream($"{Prefix}{key}.yaml")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
