using System.Globalization;
using Depart.Foundation;

namespace Depart.Processes.Yaml;

/// <summary>One mapping as it is read: unknown and doubled keys are told, and each value is asked for by its key and its kind.</summary>
/// <remarks>What is absent gives null and says nothing; what is there and wrong gives null and says why.</remarks>
internal sealed class YamlMapping
{
    /// <summary>Most items of a list.</summary>
    public const int MostItems = 200;

    private readonly Dictionary<string, YamlEntry> entries = new(StringComparer.Ordinal);
    private readonly ProcessProblems problems;
    private readonly string path;

    public YamlMapping(YamlMap map, string path, IReadOnlyList<string> known, ProcessProblems problems)
    {
        (Place, this.path, this.problems) = (map.Place, path, problems);
        foreach (var entry in map.Entries)
        {
            var key = entry.Key.Value;
            if (!known.Contains(key, StringComparer.Ordinal))
            {
                problems.Add(entry.Key.Place, PathOf(Shown(key)), "unknown-key", NearestWord.Of(key, known) is { } meant
                    ? ProcessesText.UnknownKeyMeant.With(Shown(key), meant)
                    : ProcessesText.UnknownKey.With(Shown(key), string.Join(", ", known)));
            }
            else if (!entries.TryAdd(key, entry))
            {
                problems.Add(entry.Key.Place, PathOf(key), "duplicate-key", ProcessesText.DuplicateKey.With(key, entries[key].Key.Place.Line));
            }
        }
    }

    /// <summary>Where the mapping begins.</summary>
    public YamlPlace Place { get; }

    /// <summary>Where each key stands.</summary>
    public IReadOnlyDictionary<string, YamlPlace> Places => entries.ToDictionary(pair => pair.Key, pair => pair.Value.Key.Place, StringComparer.Ordinal);

    public bool Has(string key) => entries.ContainsKey(key);

    /// <summary>The path of a key below this mapping.</summary>
    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>Says something about a key.</summary>
    public void Say(string key, string code, Words message) => problems.Add(entries.TryGetValue(key, out var entry) ? entry.Value.Place : Place, PathOf(key), code, message);

    /// <summary>Says of each key that is absent that it is needed.</summary>
    public void Require(params IEnumerable<string> keys)
    {
        foreach (var key in keys.Where(key => !Has(key)))
        {
            problems.Add(Place, PathOf(key), "required", ProcessesText.Required.With(key));
        }
    }

    /// <summary>A text of one line.</summary>
    public string? Text(string key, int most)
    {
        if (Value(key) is not { } value)
        {
            return null;
        }

        return value is YamlText text ? Fit(text.Value, value.Place, PathOf(key), most, lines: false) : Wrong<string>(value, PathOf(key), ProcessesText.ExpectedText);
    }

    /// <summary>A text in both languages: <c>{fr: …, en: …}</c>.</summary>
    public Words? Words(string key, int most, bool lines)
    {
        if (Value(key) is not { } value)
        {
            return null;
        }

        if (value is not YamlMap map)
        {
            return Wrong<Words>(value, PathOf(key), ProcessesText.ExpectedBilingual);
        }

        var both = new YamlMapping(map, PathOf(key), ["fr", "en"], problems);
        var (french, english) = (both.Language("fr", most, lines), both.Language("en", most, lines));
        return french is null || english is null ? null : new(english, french);
    }

    private string? Language(string key, int most, bool lines)
    {
        if (!Has(key))
        {
            problems.Add(Place, PathOf(key), "missing-language", key == "fr" ? ProcessesText.MissingFrench : ProcessesText.MissingEnglish);
            return null;
        }

        var value = Value(key);
        return value switch
        {
            null => null,
            YamlText text => Fit(text.Value.Trim(), value.Place, PathOf(key), most, lines),
            _ => Wrong<string>(value, PathOf(key), ProcessesText.ExpectedText),
        };
    }

    /// <summary>Yes or no.</summary>
    public bool? Flag(string key) => Value(key) switch
    {
        null => null,
        YamlText { Plain: true, Value: "true" } => true,
        YamlText { Plain: true, Value: "false" } => false,
        var other => Wrong<bool?>(other, PathOf(key), ProcessesText.ExpectedFlag),
    };

    /// <summary>A whole number within bounds.</summary>
    public int? Number(string key, int least, int most) => Value(key) switch
    {
        null => null,
        YamlText text when int.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most => number,
        var other => Wrong<int?>(other, PathOf(key), ProcessesText.ExpectedNumber.With(least, most)),
    };

    /// <summary>A word of a closed list.</summary>
    public T? Word<T>(string key)
        where T : struct, Enum
    {
        var words = TemplateFact.WordsOf<T>();
        return Text(key, 100) is { } text && OneOf(key, text, words) is { } found ? Enum.GetValues<T>()[((IList<string>)words).IndexOf(found)] : null;
    }

    /// <summary>The text if it is one of the words; else says so, with the nearest.</summary>
    public string? OneOf(string key, string text, IReadOnlyCollection<string> words)
    {
        if (words.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        Say(key, "unknown-value", UnknownValue(text, words));
        return null;
    }

    public static Words UnknownValue(string text, IReadOnlyCollection<string> words) => NearestWord.Of(text, words) is { } meant
        ? ProcessesText.UnknownValueMeant.With(Shown(text), meant)
        : ProcessesText.UnknownValue.With(Shown(text), string.Join(", ", words));

    /// <summary>A mapping below.</summary>
    public YamlMapping? Map(string key, IReadOnlyList<string> known) => Value(key) switch
    {
        null => null,
        YamlMap map => new(map, PathOf(key), known, problems),
        var other => Wrong<YamlMapping>(other, PathOf(key), ProcessesText.ExpectedMapping),
    };

    /// <summary>The pieces of a list.</summary>
    public IReadOnlyList<YamlPiece>? List(string key)
    {
        switch (Value(key))
        {
            case null:
                return null;
            case YamlList list when list.Items.Count <= MostItems:
                return list.Items;
            case YamlList list:
                problems.Add(list.Place, PathOf(key), "too-many", ProcessesText.TooManyItems.With(MostItems));
                return null;
            case var other:
                return Wrong<IReadOnlyList<YamlPiece>>(other, PathOf(key), ProcessesText.ExpectedList);
        }
    }

    /// <summary>Texts of a list; one text alone is a list of one.</summary>
    public IReadOnlyList<YamlText>? Texts(string key)
    {
        if (entries.TryGetValue(key, out var entry) && entry.Value is YamlText { IsNothing: false } only)
        {
            return [only];
        }

        return List(key)?.Select(item => item as YamlText ?? Wrong<YamlText>(item, PathOf(key), ProcessesText.ExpectedText)).OfType<YamlText>().ToList();
    }

    private YamlPiece? Value(string key)
    {
        if (!entries.TryGetValue(key, out var entry))
        {
            return null;
        }

        if (entry.Value is YamlText { IsNothing: true })
        {
            problems.Add(entry.Key.Place, PathOf(key), "no-value", ProcessesText.NoValue.With(key));
            return null;
        }

        return entry.Value;
    }

    private string? Fit(string text, YamlPlace place, string where, int most, bool lines)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            problems.Add(place, where, "no-value", ProcessesText.EmptyText);
            return null;
        }

        if (text.Length > most)
        {
            problems.Add(place, where, "too-long", ProcessesText.TooLong.With(text.Length, most));
            return null;
        }

        if (text.Any(letter => char.IsControl(letter) && !(lines && letter == '\n')))
        {
            problems.Add(place, where, "control-characters", lines ? ProcessesText.ControlCharacters : ProcessesText.OneLine);
            return null;
        }

        return text;
    }

    private T? Wrong<T>(YamlPiece piece, string where, Words expected)
    {
        problems.Add(piece.Place, where, "wrong-type", expected);
        return default;
    }

    private static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
