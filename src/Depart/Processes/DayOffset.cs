using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Depart.Processes;

/// <summary>A number of days, calendar or business, written « -10 business days », « 3 days », « 0 days ».</summary>
/// <param name="Days">Negative before, positive after.</param>
/// <param name="Business">Counts only business days of the departure's calendar.</param>
[JsonConverter(typeof(DayOffsetJson))]
public readonly partial record struct DayOffset(int Days, bool Business)
{
    /// <summary>Farthest that is accepted, in either direction: two years.</summary>
    public const int Farthest = 731;

    /// <summary>Reads « -10 business days », « +3 days », « 1 day », « 0 »; nothing else.</summary>
    public static bool TryParse(string? text, out DayOffset offset)
    {
        offset = default;
        var match = Shape().Match(text ?? "");
        if (!match.Success || !int.TryParse(match.Groups["days"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days)
            || (match.Groups["unit"].Length == 0 && days != 0))
        {
            return false;
        }

        offset = new(days, match.Groups["unit"].Value.StartsWith('b'));
        return true;
    }

    /// <summary>As it is written in a file: always the same for the same value.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Days} {(Business ? "business " : "")}{(Days is 1 or -1 ? "day" : "days")}");

    /// <summary>Calendar days, roughly: for an order to read in, never for a date.</summary>
    internal double Roughly => Business ? Days * 7.0 / 5 : Days;

    /// <summary>The calendar days that this may be, whatever the weekends and holidays: generous, for what is certainly impossible only.</summary>
    internal (int Earliest, int Latest) Reach => (Business, Days) switch
    {
        (false, _) => (Days, Days),
        (true, 0) => (-4, 4),
        (true, > 0) => (Days, (Days * 2) + 7),
        _ => ((Days * 2) - 7, Days),
    };

    [GeneratedRegex(@"^(?<days>[+-]?[0-9]{1,6})(?: (?<unit>(?:business[ -])?days?))?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}

/// <summary>In JSON as in YAML: a text.</summary>
internal sealed class DayOffsetJson : JsonConverter<DayOffset>
{
    public override DayOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && DayOffset.TryParse(reader.GetString(), out var offset) ? offset : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DayOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
