using Depart.Foundation;

namespace Depart.Missions.Imports;

/// <summary>
/// When a line is about somebody who is known. Only a number or an address tells; a name never does, because a wrong match cuts the wrong person
/// and a double leaves an account open. What is in doubt is refused with the way out.
/// </summary>
internal static class IdentityRules
{
    public static bool HasNoKey(LineStatement statement) => statement.EmployeeNumber is null && statement.Mails.Count == 0;

    public static bool HasNoKey(PersonDetails details) => details.EmployeeNumber is null && details.Mails.Count == 0;

    /// <summary>The keys of a person, as shown.</summary>
    public static Words Keys(PersonDetails details) => HasNoKey(details)
        ? ImportsText.WithoutKeys
        : Words.Same(string.Join(", ", new[] { details.EmployeeNumber }.Concat(details.Mails).OfType<string>()));

    /// <summary>A key that meets somebody who carries another number, or whose two names are others: not the same person.</summary>
    public static (ImportField Field, Words Why)? Contradiction(LineStatement statement, KnownPerson person)
    {
        if (statement.EmployeeNumber is { } number && person.Details.EmployeeNumber is { } other && number != other)
        {
            return (ImportField.EmployeeNumber, ImportsText.OtherNumber.With(statement.Mails is [var mail, ..] ? mail : null, Depart.Foundation.Design.Said.Of(person.Name), other));
        }

        var otherNames = statement.GivenName is { } given && statement.FamilyName is { } family
            && SearchText.Of(given) != SearchText.Of(person.Details.GivenName) && SearchText.Of(family) != SearchText.Of(person.Details.FamilyName);
        return otherNames
            ? (statement.EmployeeNumber is null ? ImportField.Mails : ImportField.EmployeeNumber, ImportsText.OtherNames.With(
                statement.EmployeeNumber ?? statement.Mails[0], person.Name, $"{statement.GivenName} {statement.FamilyName}"))
            : null;
    }

    /// <summary>Before a new person there is nothing: every field that is filled shows as new, and so does the status, which every person has, said by the file or not.</summary>
    public static IEnumerable<FieldChange> Filled(PersonDetails details, Func<SupplierId, string?> supplier) =>
    [
        .. details.Since(new("", "", null, [], [], details.Status, null), supplier),
        new(nameof(PersonDetails.Status), MissionsText.Status, null, MissionsText.Of(details.Status)) { Public = true },
    ];

    /// <summary>The fields of a person that a line says and that hold one value.</summary>
    public static IEnumerable<(string Field, Words Value)> Said(LineStatement statement) => new (string, Words?)[]
    {
        (nameof(PersonDetails.GivenName), FieldChange.Text(statement.GivenName)),
        (nameof(PersonDetails.FamilyName), FieldChange.Text(statement.FamilyName)),
        (nameof(PersonDetails.EmployeeNumber), FieldChange.Text(statement.EmployeeNumber)),
        (nameof(PersonDetails.Status), statement.Status is { } status ? MissionsText.Of(status) : null),
        (nameof(PersonDetails.Supplier), FieldChange.Text(statement.HasMission ? null : statement.Supplier)),
    }.Where(pair => pair.Item2 is not null).Select(pair => (pair.Item1, pair.Item2!));
}

/// <summary>When a line is about a mission that is known.</summary>
internal static class MissionMatch
{
    /// <summary>
    /// The missions of the person that the line may mean: same title where it says one, same reference where it is found, same start where it
    /// is found; otherwise those whose time meets the line's. Several: the line cannot choose.
    /// </summary>
    public static IReadOnlyList<KnownMission> Of(LineStatement statement, IReadOnlyList<KnownMission> missions)
    {
        var title = SearchText.Of(statement.Title);
        var found = missions.Where(mission => statement.Title is null || mission.TitleKey == title).ToList();
        if (statement.OrderReference is { } reference)
        {
            var same = found.Where(mission => string.Equals(mission.Details.OrderReference, reference, StringComparison.OrdinalIgnoreCase)).ToList();
            found = same.Count > 0 ? same : found;
        }

        var exact = found.Where(mission => statement.Start is not null && mission.Details.Start == statement.Start).ToList();
        return exact.Count > 0
            ? exact
            : [.. found.Where(mission => !(mission.Details.End < statement.Start) && !(mission.Details.Start > statement.End))];
    }

    /// <summary>Before a new mission there is nothing: what is filled shows as new, and so do its kind and its place, which every mission has, said by the file or not.</summary>
    public static IEnumerable<FieldChange> Filled(MissionDetails details, Func<SupplierId, string?> supplier, Func<PersonId, string?> person) =>
    [
        .. details.Since(new("", null, null, null, null, details.Kind, details.Place, null, null, [], []), supplier, person),
        new(nameof(MissionDetails.Kind), MissionsText.Kind, null, MissionsText.Of(details.Kind)) { Public = true },
        new(nameof(MissionDetails.Place), MissionsText.Place, null, MissionsText.Of(details.Place)) { Public = true },
    ];

    /// <summary>The fields of a mission that a line says and that hold one value.</summary>
    public static IEnumerable<(string Field, Words Value)> Said(LineStatement statement) => new (string, Words?)[]
    {
        (nameof(MissionDetails.Title), FieldChange.Text(statement.Title)),
        (nameof(MissionDetails.Unit), FieldChange.Text(statement.Unit)),
        (nameof(MissionDetails.Supplier), FieldChange.Text(statement.Supplier)),
        (nameof(MissionDetails.OrderReference), FieldChange.Text(statement.OrderReference)),
        (nameof(MissionDetails.Manager), FieldChange.Text(statement.Manager)),
        (nameof(MissionDetails.Kind), statement.Kind is { } kind ? MissionsText.Of(kind) : null),
        (nameof(MissionDetails.Place), statement.Place is { } place ? MissionsText.Of(place) : null),
        (nameof(MissionDetails.Start), FieldChange.Day(statement.Start)),
        (nameof(MissionDetails.End), FieldChange.Day(statement.End)),
    }.Where(pair => pair.Item2 is not null).Select(pair => (pair.Item1, pair.Item2!));
}
