using System.Reflection;
using System.Text.RegularExpressions;
using Depart.Foundation;
using Depart.Interfaces;
using Depart.Proof;

namespace Depart.House;

/// <summary>What a machine can read of the French of the product: its spaces and apostrophes, the words it does without, the elision and the plural.</summary>
public sealed partial class FrenchTests
{
    /// <summary>Files of words that others write and that are recognised, not shown.</summary>
    private static readonly string[] Recognised = ["ImportColumns", "LineStatement", "Checklist", "ImportDates", "ImportPageText", "importer.fr.md"];

    /// <summary>A product's own name of a group.</summary>
    private const string GroupName = "Administrateurs de l'entreprise";

    [Fact]
    public void French_has_its_spaces_and_its_apostrophes()
    {
        var wrong = Texts().Where(text => text.French != GroupName && BadType().IsMatch(text.French)).Select(text => $"{text.Where}: {text.French}").ToList();

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>An external consultant is nobody's staff, and a mail is a « courriel ».</summary>
    [Fact]
    public void French_does_without_words_of_employment_and_without_borrowed_words()
    {
        var wrong = Texts().Where(text => !Recognised.Any(name => text.Where.Contains(name, StringComparison.Ordinal)) && Unwanted().IsMatch(text.French)).Select(text => $"{text.Where}: {text.French}").ToList();

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_kind_of_the_journal_has_words()
    {
        var sources = Sources("*.cs").SelectMany(file => File.ReadLines(file).SelectMany(line => Kind().Matches(line))).Select(match => match.Groups["kind"].Value).Distinct(StringComparer.Ordinal);
        var unnamed = sources.Where(kind => JournalText.Of(kind).En == kind).Order(StringComparer.Ordinal).ToList();

        Assert.True(unnamed.Count == 0, string.Join('\n', unnamed));
    }

    /// <summary>Every French text: of code, pages, mails, shipped templates and the users' pages.</summary>
    private static IEnumerable<(string Where, string French)> Texts()
    {
        foreach (var field in typeof(Server).Assembly.GetTypes().SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(Words)))
        {
            yield return ($"{field.DeclaringType}.{field.Name}", ((Words)field.GetValue(null)!).Fr);
        }

        foreach (var file in Sources("*.cs").Concat(Sources("*.razor")).Where(file => !file.Contains("Migrations", StringComparison.Ordinal)))
        {
            foreach (var (line, number) in File.ReadLines(file).Select((line, number) => (line, number)).Where(pair => !pair.line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
            {
                foreach (var literal in Literal().Matches(line).Select(match => Hole().Replace(match.Value[1..^1].Replace("\\u00a0", "\u00a0", StringComparison.OrdinalIgnoreCase), "0")).Where(text => FrenchSign().IsMatch(text)))
                {
                    yield return ($"{Path.GetFileName(file)}:{number + 1}", literal);
                }
            }
        }

        foreach (var file in Sources("*.fr.liquid"))
        {
            foreach (var line in File.ReadLines(file))
            {
                yield return (Path.GetFileName(file), Tag().Replace(line, ""));
            }
        }

        foreach (var file in Sources("*.yaml"))
        {
            // English is what stands under « en: ».
            var french = false;
            foreach (var (line, number) in File.ReadLines(file).Select((line, number) => (line, number)))
            {
                french = YamlKey().Match(line) is { Success: true } key ? key.Groups["key"].Value == "fr" : french;
                if (french)
                {
                    yield return ($"{Path.GetFileName(file)}:{number + 1}", YamlKey().Replace(line, ""));
                }
            }
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(HouseTests.Root(), "docs", "users"), "*.fr.md"))
        {
            var code = false;
            foreach (var (line, number) in File.ReadLines(file).Select((line, number) => (line, number)))
            {
                code ^= line.StartsWith("```", StringComparison.Ordinal);
                if (!code)
                {
                    yield return ($"{Path.GetFileName(file)}:{number + 1}", Code().Replace(line, "0"));
                }
            }
        }
    }

    private static IEnumerable<string> Sources(string pattern) => Directory.EnumerateFiles(Path.Combine(HouseTests.Root(), "src"), pattern, SearchOption.AllDirectories);

    [GeneratedRegex(@"\w'\w|[^\s|] [;!?»%](?![\w}])|[^\s|] :( |$)|«[^\u00a0\u202f]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BadType();

    [GeneratedRegex(@"(?i)(?<![\w/-])(e-?mails?|mails?|collabora(teur|trice)s?|embauches?|licenciements?|démissions?|hiérarch\w+|matricules?|digital\w*|deadlines?|process|feedbacks?|workflows?|reportings?|(on|off)boarding|freelances?|raccordés?)(?![\w=])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unwanted();

    [GeneratedRegex(@"""(?<kind>(?:account|accounts|settings|calendar|mail-server|mail|departure|disconnection|discovery|revocation|engine|signing-key|journal|evidence|backup|import|mission|person|template|supplier|system|absence|task|token|set-up|user|renewal|renewals|embargo|nightly-import|work|door|notice|organisation)\.(?!jsonl|pem)[a-z-]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Kind();

    [GeneratedRegex(@"""(?:\\.|[^""\\])*""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Literal();

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hole();

    [GeneratedRegex("[àâçéèêëîïôûùüœÀÉÈ«»]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FrenchSign();

    [GeneratedRegex(@"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"^\s*(?:- )?(?<key>[a-zA-Z]+):( |$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex YamlKey();

    [GeneratedRegex("`[^`]*`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
