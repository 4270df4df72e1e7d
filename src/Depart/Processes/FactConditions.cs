using System.Text.Json;
using System.Text.Json.Serialization;

namespace Depart.Processes;

/// <summary>
/// A condition on facts: every fact named must have one of the values given. And between facts, or within a list, nothing more: no language to learn, and what can never
/// hold is found when the template is read.
/// </summary>
[JsonConverter(typeof(FactConditionsJson))]
public sealed class FactConditions : IEquatable<FactConditions>
{
    private readonly Dictionary<string, IReadOnlyList<string>> facts;

    /// <summary>Values by fact; unknown facts are refused where a file is read.</summary>
    public FactConditions(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> facts) => this.facts = new(facts, StringComparer.Ordinal);

    /// <summary>Names nothing; always holds.</summary>
    public static FactConditions None { get; } = new([]);

    /// <summary>Accepted values by fact.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Facts => facts;

    /// <summary>Names nothing.</summary>
    public bool IsEmpty => facts.Count == 0;

    /// <summary>Whether it holds of a departure with these facts.</summary>
    public bool Hold(DepartureFactsForTasks departure) => facts.All(pair => TemplateFact.Named(pair.Key) is { } fact
        && fact.Of(departure) is { } value && pair.Value.Any(accepted => fact.Compared(accepted) == fact.Compared(value)));

    /// <summary>Whether some departure satisfies all of the first, and none of the second (an empty one excludes nothing).</summary>
    internal static bool CanHold(IEnumerable<FactConditions> all, IEnumerable<FactConditions> none)
    {
        var left = new Dictionary<string, IEnumerable<string>>(StringComparer.Ordinal);
        foreach (var (name, accepted) in all.SelectMany(condition => condition.facts))
        {
            var values = Comparable(name, accepted);
            left[name] = left.TryGetValue(name, out var before) ? [.. before.Intersect(values, StringComparer.Ordinal)] : values;
            if (!left[name].Any())
            {
                return false;
            }
        }

        return Escapes(left, [.. none.Where(condition => !condition.IsEmpty)]);
    }

    /// <summary>One is escaped by one of its facts being otherwise: each choice is tried.</summary>
    private static bool Escapes(Dictionary<string, IEnumerable<string>> left, ReadOnlySpan<FactConditions> none)
    {
        if (none.IsEmpty)
        {
            return true;
        }

        foreach (var (name, values) in none[0].facts)
        {
            // A fact with a closed list starts from the whole list; any other text always leaves something else to be.
            var start = left.GetValueOrDefault(name) ?? TemplateFact.Named(name)?.Values;
            if (start is null)
            {
                if (Escapes(left, none[1..]))
                {
                    return true;
                }

                continue;
            }

            var rest = start.Except(Comparable(name, values), StringComparer.Ordinal).ToList();
            if (rest.Count > 0 && Escapes(new(left, StringComparer.Ordinal) { [name] = rest }, none[1..]))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<string> Comparable(string name, IReadOnlyList<string> values) =>
        TemplateFact.Named(name) is { } fact ? [.. values.Select(fact.Compared)] : values;

    /// <inheritdoc/>
    public bool Equals(FactConditions? other) => other is not null && facts.Count == other.facts.Count
        && facts.All(pair => other.facts.TryGetValue(pair.Key, out var values) && pair.Value.SequenceEqual(values, StringComparer.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FactConditions);

    /// <inheritdoc/>
    public override int GetHashCode() => facts.Count;
}

/// <summary>In JSON as in YAML: <c>{"kind": ["regie"]}</c>.</summary>
internal sealed class FactConditionsJson : JsonConverter<FactConditions>
{
    public override FactConditions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<string>>>(ref reader, options) ?? throw new JsonException());

    public override void Write(Utf8JsonWriter writer, FactConditions value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Facts, options);
}
