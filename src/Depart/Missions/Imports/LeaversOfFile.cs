using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;

namespace Depart.Missions.Imports;

/// <summary>
/// Finds whose departure, of which mission, each line of a file opens. Only what is known is found, nothing is added: a number, an address or an order reference tells; a name does with
/// the supplier beside it, when one person alone bears both. What is in doubt is refused: a departure cuts.
/// </summary>
internal sealed class LeaversOfFile(RecordSnapshot snapshot, ImportColumns columns, PersonId? actor, SupplierId? actorSupplier)
{
    private readonly RecordOverlay record = new(snapshot);
    private readonly Dictionary<PersonId, KnownPerson> people = snapshot.People.ToDictionary(person => person.Id);
    private readonly ILookup<string, KnownPerson> byName = snapshot.People.ToLookup(person => RecordOverlay.NameKey(person.Details.GivenName, person.Details.FamilyName), StringComparer.Ordinal);
    private readonly ILookup<string, (PersonId Person, KnownMission Mission)> byReference = snapshot.Missions
        .SelectMany(group => group.Where(mission => mission.Details.OrderReference is not null).Select(mission => (group.Key, mission)))
        .ToLookup(pair => pair.mission.Details.OrderReference!, pair => (pair.Key, pair.mission), StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds person, mission and successor of every line that can be read.</summary>
    public void Find(IReadOnlyList<LineDecision> lines)
    {
        foreach (var line in lines.Where(line => line.Problems.Count == 0))
        {
            Find(line);
            if (line.Problems.Count == 0)
            {
                FindSuccessor(line);
            }
        }
    }

    private void Find(LineDecision line)
    {
        line.Name = Texts.OrNull($"{line.Statement.GivenName} {line.Statement.FamilyName}");
        var (person, doubt) = Person(line.Statement);
        if (doubt is not null)
        {
            line.Problems.Add(doubt);
            return;
        }

        // Without a word of the person, the reference finds both.
        var candidates = person is null
            ? byReference[line.Statement.OrderReference!].ToList()
            : [.. record.MissionsOf(person.Id).Select(mission => (person.Id, mission))];
        if (Mission(line, person, candidates) is not { } found)
        {
            return;
        }

        var leaver = people[found.Person];
        (line.Person, line.Mission, line.Name) = (leaver.Id, found.Mission.Id, leaver.Name);
        if (Separated(leaver) is { } refusal)
        {
            line.Problems.Add(new(null, refusal));
        }
    }

    /// <summary>The person named; nobody when the line names none but has a reference.</summary>
    private (KnownPerson? Person, LineProblem? Problem) Person(LineStatement statement)
    {
        var found = statement.Mails.Select(record.ByMail).Append(statement.EmployeeNumber is { } number ? record.ByNumber(number) : null).OfType<KnownPerson>().DistinctBy(person => person.Id).ToList();
        if (found.Count > 1)
        {
            return (null, new(columns.TitleOf(ImportField.Mails), ImportsText.SeveralPeople.With(string.Join(", ", found.Select(person => person.Name)))));
        }

        if (found is [var one])
        {
            return IdentityRules.Contradiction(statement, one) is { } contradiction ? (null, new(columns.TitleOf(contradiction.Field), contradiction.Why)) : (one, null);
        }

        if (!IdentityRules.HasNoKey(statement))
        {
            var field = statement.EmployeeNumber is null ? ImportField.Mails : ImportField.EmployeeNumber;
            return (null, new(columns.TitleOf(field), LeaversText.NobodyHas.With(statement.EmployeeNumber ?? statement.Mails[0])));
        }

        if (statement.GivenName is null || statement.FamilyName is null)
        {
            return statement.OrderReference is null ? (null, new(null, LeaversText.NoKey)) : (null, null);
        }

        return ByName(statement, $"{statement.GivenName} {statement.FamilyName}");
    }

    /// <summary>A name alone never tells; with the supplier, or with an order that is theirs, it does.</summary>
    private (KnownPerson?, LineProblem?) ByName(LineStatement statement, string name)
    {
        var bearers = byName[RecordOverlay.NameKey(statement.GivenName!, statement.FamilyName!)].Where(person => HasSupplier(person, statement) && HasOrder(person, statement)).ToList();
        return (bearers, statement.Supplier ?? statement.OrderReference) switch
        {
            (_, null) => (null, new(null, LeaversText.NameAlone.With(Said.Of(name)))),
            ([var one], _) => (one, null),
            ([], _) => (null, new(null, LeaversText.NobodyCalled.With(name, statement.Supplier ?? statement.OrderReference))),
            var (several, _) => (null, new(null, ImportsText.AmbiguousInRecord.With(name, several.Count))),
        };
    }

    private bool HasSupplier(KnownPerson person, LineStatement statement)
    {
        if (statement.Supplier is not { } name)
        {
            return true;
        }

        var wanted = SearchText.Of(name);
        return person.Details.Supplier is { } own && SearchText.Of(record.NameOf(own)) == wanted
            || record.MissionsOf(person.Id).Any(mission => mission.Details.Supplier is { } through && SearchText.Of(record.NameOf(through)) == wanted);
    }

    private bool HasOrder(KnownPerson person, LineStatement statement) => statement.OrderReference is not { } reference
        || record.MissionsOf(person.Id).Any(mission => string.Equals(mission.Details.OrderReference, reference, StringComparison.OrdinalIgnoreCase));

    private (PersonId Person, KnownMission Mission)? Mission(LineDecision line, KnownPerson? person, List<(PersonId Person, KnownMission Mission)> candidates)
    {
        var statement = line.Statement;
        var (title, day) = (SearchText.Of(statement.Title), statement.Departure!.LastDay);
        var found = candidates.Where(each => statement.Title is null || each.Mission.TitleKey == title)
            .Where(each => statement.OrderReference is null || string.Equals(each.Mission.Details.OrderReference, statement.OrderReference, StringComparison.OrdinalIgnoreCase)).ToList();
        if (found.Count > 1 && day is not null)
        {
            // Those that run on the day, when the words do not choose.
            var running = found.Where(each => !(each.Mission.Details.Start > day) && !(each.Mission.Details.End < day)).ToList();
            found = running.Count > 0 ? running : found;
        }

        switch (found)
        {
            case [var one]:
                return one;
            case []:
                line.Problems.Add(person is null
                    ? new(columns.TitleOf(ImportField.OrderReference), LeaversText.NoSuchOrder.With(statement.OrderReference))
                    : new(columns.TitleOf(statement.OrderReference is null ? ImportField.Title : ImportField.OrderReference), candidates.Count == 0 ? LeaversText.NoMission.With(person.Name) : LeaversText.NoSuchMission.With(Said.Of(person.Name))));
                return null;
            default:
                line.Problems.Add(new(null, LeaversText.SeveralMissions.With(
                    string.Join(", ", found.Take(4).Select(each => $"{people[each.Person].Name} ({each.Mission.Details.Title})")), found.Count)));
                return null;
        }
    }

    private void FindSuccessor(LineDecision line)
    {
        if (line.Statement.Departure!.Successor is not { } key)
        {
            return;
        }

        var found = key.Contains('@', StringComparison.Ordinal) ? record.ByMail(key) : record.ByNumber(key);
        if (found is null)
        {
            line.Problems.Add(new(columns.TitleOf(ImportField.Successor), LeaversText.NobodyHas.With(key)));
            return;
        }

        line.Successor = found.Id;
    }

    private Words? Separated(KnownPerson leaver) =>
        actor is not { } self ? null
        : leaver.Id == self ? Problem.OwnDeparture.Message
        : actorSupplier is not null && leaver.Details.Supplier == actorSupplier ? Problem.SameSupplier.Message
        : null;
}

/// <summary>The words of lines that open a departure.</summary>
internal static class LeaversText
{
    public static readonly Words NobodyHas = new("Nobody in the record has “{0}”.", "Personne dans le registre n’a « {0} ».");
    public static readonly Words NoKey = new(
        "Nothing tells whose departure this line opens: give a number, an e-mail address, an order reference, or both names with the supplier.",
        "Rien ne dit de qui cette ligne ouvre le départ : indiquez un numéro interne, une adresse électronique, une référence de commande, ou le prénom et le nom avec le prestataire.");

    public static readonly Words NameAlone = new(
        "A name alone opens no departure: give a number, an e-mail address, an order reference or the supplier of {0}.",
        "Un nom seul n’ouvre aucun départ : indiquez un numéro interne, une adresse électronique, une référence de commande ou le prestataire {0}.");

    public static readonly Words NobodyCalled = new("Nobody in the record is called {0} with “{1}”.", "Personne dans le registre ne s’appelle {0} avec « {1} ».");
    public static readonly Words NoSuchOrder = new("No mission has the order reference “{0}”.", "Aucune mission n’a la référence de commande « {0} ».");
    public static readonly Words NoMission = new("{0} has no mission: a departure ends one.", "{0} n’a aucune mission : un départ en termine une.");
    public static readonly Words NoSuchMission = new("No mission of {0} is the one that the line describes.", "Aucune mission {0} n’est celle que décrit la ligne.");
    public static readonly Words SeveralMissions = new(
        "Ambiguous: {1} missions fit: {0}. Give the title or the order reference.", "Ambigu : {1} missions conviennent : {0}. Indiquez l’intitulé ou la référence de commande.");
}
