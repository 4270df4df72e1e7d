using Depart.Foundation.Door;

namespace Depart.Missions;

/// <summary>What the journal says of the record: identifiers, statuses and days for ever, the rest as values that can be erased.</summary>
internal static class RecordFacts
{
    public static Fact Added(Person person) => new(Fact.House, "person.added")
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["person"] = person.Id.Value, ["status"] = person.Status.ToString() },
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["name"] = person.Name, ["mails"] = Joined(person.Mails), ["logins"] = Joined(person.Logins), ["employeeNumber"] = person.EmployeeNumber,
        },
    };

    public static Fact Changed(Person person, IReadOnlyList<FieldChange> changes) => Changed("person", person.Id.Value, changes);

    public static Fact Added(Mission mission) => new(Fact.House, "mission.added")
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["mission"] = mission.Id.Value,
            ["person"] = mission.Person.Value,
            ["missionKind"] = mission.Kind.ToString(),
            ["start"] = Day(mission.Start),
            ["end"] = Day(mission.End),
        },
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["title"] = mission.Title, ["unit"] = mission.Unit, ["orderReference"] = mission.OrderReference,
        },
    };

    public static Fact Changed(Mission mission, IReadOnlyList<FieldChange> changes) => Changed("mission", mission.Id.Value, changes);

    public static Fact Added(Supplier supplier) => new(Fact.House, "supplier.added")
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["supplier"] = supplier.Id.Value },
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["name"] = supplier.Name, ["contact"] = supplier.ContactMail },
    };

    public static Fact Changed(Supplier supplier, IReadOnlyList<FieldChange> changes) => Changed("supplier", supplier.Id.Value, changes);

    private static Fact Changed(string what, Guid id, IReadOnlyList<FieldChange> changes)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [what] = id, ["fields"] = string.Join(' ', changes.Select(change => Camel(change.Field))),
        };
        var personal = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            var (before, after) = ($"{Camel(change.Field)}Before", $"{Camel(change.Field)}After");
            if (change.Public)
            {
                (values[before], values[after]) = (change.Before?.En, change.After?.En);
            }
            else
            {
                (personal[before], personal[after]) = (change.Before?.En, change.After?.En);
            }
        }

        return new(Fact.House, $"{what}.changed") { Values = values, Personal = personal };
    }

    private static string Camel(string field) => char.ToLowerInvariant(field[0]) + field[1..];

    private static string? Joined(List<string> texts) => texts.Count == 0 ? null : string.Join(' ', texts);

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
