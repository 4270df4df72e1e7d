using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Missions.Imports;

/// <summary>What becomes of a line.</summary>
public enum LineState
{
    /// <summary>Adds a person or a mission.</summary>
    Create,

    /// <summary>Changes what is known.</summary>
    Change,

    /// <summary>Says nothing new.</summary>
    Unchanged,

    /// <summary>Cannot be taken; the reason says why.</summary>
    Refused,
}

/// <summary>A line of the file with what was decided.</summary>
internal sealed class LineDecision(int index, SheetRow row, LineStatement statement, IReadOnlyList<LineProblem> defects)
{
    public int Index { get; } = index;

    public SheetRow Row { get; } = row;

    public LineStatement Statement { get; } = statement;

    public List<LineProblem> Problems { get; private set; } = [.. defects];

    public List<Words> Notes { get; private set; } = [];

    public PersonId? Person { get; set; }

    public string? Name { get; set; }

    public bool NewPerson { get; set; }

    public MissionId? Mission { get; set; }

    public bool NewMission { get; set; }

    public PersonId? Manager { get; set; }

    /// <summary>Opens a departure.</summary>
    public bool NewDeparture { get; set; }

    /// <summary>Who takes over on that departure.</summary>
    public PersonId? Successor { get; set; }

    /// <summary>The supplier that the line names becomes the person's.</summary>
    public bool SupplierIsPersons { get; set; }

    public List<FieldChange> PersonChanges { get; private set; } = [];

    public List<FieldChange> MissionChanges { get; private set; } = [];

    public List<FieldChange> SupplierChanges { get; private set; } = [];

    public LineState State => Problems.Count > 0 ? LineState.Refused
        : NewPerson || NewMission || NewDeparture ? LineState.Create
        : PersonChanges.Count + MissionChanges.Count + SupplierChanges.Count > 0 ? LineState.Change
        : LineState.Unchanged;

    /// <summary>Forgets what was decided, not what the line itself has wrong.</summary>
    public void Reset(bool excluded)
    {
        Problems = excluded ? Problems : [.. defects];
        (Notes, PersonChanges, MissionChanges, SupplierChanges) = ([], [], [], []);
        (Person, Mission, Manager, NewPerson, NewMission, SupplierIsPersons) = (null, null, null, false, false, false);
        Name = Texts.OrNull($"{Statement.GivenName} {Statement.FamilyName}");
    }
}

/// <summary>
/// Decides every line of a file against the record: who it is about, what it adds or changes, or why it is refused. Two passes, people first,
/// so that a mission may name a manager whose own line comes later; a line that the second pass refuses leaves no trace in the first.
/// </summary>
internal sealed class ImportPlan(RecordSnapshot snapshot, ImportColumns columns, PersonId? actor, SupplierId? actorSupplier)
{
    private readonly Dictionary<PersonId, SupplierId?> suppliers = snapshot.People.ToDictionary(person => person.Id, person => person.Details.Supplier);
    private RecordOverlay record = new(snapshot);
    private Dictionary<string, int> namesWithoutKey = new(StringComparer.Ordinal);

    /// <summary>Decides all lines.</summary>
    public void Decide(IReadOnlyList<LineDecision> lines)
    {
        namesWithoutKey = lines.Where(line => IdentityRules.HasNoKey(line.Statement)).GroupBy(line => NameKey(line.Statement), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var excluded = new HashSet<int>(lines.Where(line => line.Problems.Count > 0).Select(line => line.Index));
        int before;
        do
        {
            before = excluded.Count;
            record = new(snapshot);
            foreach (var line in lines)
            {
                line.Reset(excluded.Contains(line.Index));
                if (!excluded.Contains(line.Index))
                {
                    DecidePerson(line);
                }
            }

            foreach (var line in lines.Where(line => line.Problems.Count == 0 && line.Statement.HasMission))
            {
                DecideMission(line);
                if (line.Problems.Count > 0)
                {
                    excluded.Add(line.Index);
                }
            }
        }
        while (excluded.Count > before);
    }

    private static string NameKey(LineStatement statement) => RecordOverlay.NameKey(statement.GivenName ?? "", statement.FamilyName ?? "");

    private void DecidePerson(LineDecision line)
    {
        var statement = line.Statement;
        var (known, doubt) = Find(line);
        if (doubt is not null)
        {
            line.Problems.Add(doubt);
            return;
        }

        if (statement.HasStrayMissionWords)
        {
            line.Notes.Add(ImportsText.StrayMissionWords);
        }

        var id = known?.Id ?? IIdentifier<PersonId>.New();
        var supplier = statement.Supplier is { } named ? record.Supplier(named) : null;
        line.SupplierIsPersons = supplier is not null && SupplierIsPersons(line, known, supplier);
        var details = statement.On(known?.Details, line.SupplierIsPersons ? supplier!.Id : null);
        (line.Person, line.Name, line.NewPerson) = (id, $"{details.GivenName} {details.FamilyName}", known is null);
        line.PersonChanges.AddRange(known is null ? IdentityRules.Filled(details, record.NameOf) : details.Since(known.Details, record.NameOf));
        if (known is not null && line.PersonChanges.Count > 0 && Separated(id) is { } refusal)
        {
            line.Problems.Add(new(null, refusal));
        }

        foreach (var problem in details.Check())
        {
            line.Problems.Add(new(Enum.TryParse<ImportField>(problem.Field, out var field) ? columns.TitleOf(field) : null, problem.Message));
        }

        if (!Consistent(line, id.Value, line.PersonChanges, [.. IdentityRules.Said(statement)]))
        {
            return;
        }

        record.Put(new KnownPerson(id, details));
        if (supplier is not null)
        {
            record.Say(id.Value, "supplier", line.Row.Number);
            DecideContact(line, supplier);
        }
    }

    /// <summary>The first line that names a supplier for a person decides; another mission may come through another supplier.</summary>
    private bool SupplierIsPersons(LineDecision line, KnownPerson? known, KnownSupplier supplier)
    {
        // Said otherwise about the person alone, it is found out as a contradiction, like any other field.
        if (known is null || known.Details.Supplier == supplier.Id || !line.Statement.HasMission || record.SaidBy(known.Id.Value, "supplier") is null)
        {
            return true;
        }

        line.Notes.Add(ImportsText.SupplierOfMissionOnly.With(record.NameOf(known.Details.Supplier!.Value), supplier.Name));
        return false;
    }

    /// <summary>Refuses what an earlier line said otherwise; remembers what a good line says.</summary>
    private bool Consistent(LineDecision line, Guid owner, List<FieldChange> changes, IReadOnlyList<(string Field, Words Value)> said)
    {
        foreach (var (field, value) in said)
        {
            if (record.SaidBy(owner, field) is { } other && changes.FirstOrDefault(change => change.Field == field) is { } change)
            {
                line.Problems.Add(new(columns.TitleOf(Enum.Parse<ImportField>(field)), ImportsText.Contradicts.With(other, change.Before ?? ImportsText.Nothing, value)));
            }
        }

        if (line.Problems.Count > 0)
        {
            return false;
        }

        foreach (var (field, _) in said)
        {
            record.Say(owner, field, line.Row.Number);
        }

        return true;
    }

    private void DecideContact(LineDecision line, KnownSupplier supplier)
    {
        var (name, mail) = (line.Statement.ContactName ?? supplier.ContactName, line.Statement.ContactMail ?? supplier.ContactMail);
        FieldChange[] fields =
        [
            new(nameof(ImportField.ContactName), MissionsText.ContactName, FieldChange.Text(supplier.ContactName), FieldChange.Text(name)),
            new(nameof(ImportField.ContactMail), MissionsText.ContactMail, FieldChange.Text(supplier.ContactMail), FieldChange.Text(mail)),
        ];
        if (line.Statement.ContactName is null && line.Statement.ContactMail is null)
        {
            return;
        }

        if (record.SaidBy(supplier.Id.Value, "contact") is { } other)
        {
            if (fields.Any(field => field.Before != field.After))
            {
                line.Notes.Add(ImportsText.OtherContact.With(other, supplier.Name));
            }

            return;
        }

        record.Say(supplier.Id.Value, "contact", line.Row.Number);
        line.SupplierChanges.AddRange(fields.Where(field => field.Before != field.After));
        record.Put(supplier with { ContactName = name, ContactMail = mail });
    }

    private void DecideMission(LineDecision line)
    {
        var (statement, person) = (line.Statement, line.Person!.Value);
        if (record.MissionsOf(person).Count > ImportLimits.MissionsOfOne)
        {
            line.Problems.Add(new(null, ImportsText.TooManyMissions.With(line.Name, ImportLimits.MissionsOfOne)));
            return;
        }

        var candidates = MissionMatch.Of(statement, record.MissionsOf(person));
        if (candidates.Count > 1)
        {
            line.Problems.Add(new(columns.TitleOf(ImportField.Title), ImportsText.SeveralMissions.With(line.Name, candidates.Count)));
            return;
        }

        line.Manager = Manager(line);
        if (line.Manager == person)
        {
            line.Problems.Add(new(columns.TitleOf(ImportField.Manager), MissionsText.NotTheirOwnManager));
            return;
        }

        var known = candidates is [var candidate, ..] ? candidate : null;
        var details = statement.On(known?.Details, statement.Supplier is { } named ? record.Supplier(named).Id : null, line.Manager);
        var id = known?.Id ?? IIdentifier<MissionId>.New();
        (line.Mission, line.NewMission) = (id, known is null);
        line.MissionChanges.AddRange(known is null ? MissionMatch.Filled(details, record.NameOf, record.NameOf) : details.Since(known.Details, record.NameOf, record.NameOf));
        if (!line.NewPerson && line.MissionChanges.Count > 0 && Separated(person) is { } refusal)
        {
            line.Problems.Add(new(null, refusal));
        }

        foreach (var problem in details.Check())
        {
            line.Problems.Add(new(Enum.TryParse<ImportField>(problem.Field, out var field) ? columns.TitleOf(field) : null, problem.Message));
        }

        if (Consistent(line, id.Value, line.MissionChanges, [.. MissionMatch.Said(statement)]))
        {
            record.Put(person, new(id, details));
        }
    }

    private PersonId? Manager(LineDecision line)
    {
        if (line.Statement.Manager is not { } key)
        {
            return null;
        }

        var found = key.Contains('@', StringComparison.Ordinal) ? record.ByMail(key) : record.ByNumber(key);
        if (found is null)
        {
            line.Notes.Add(ImportsText.ManagerUnknown.With(key));
        }

        return found?.Id;
    }

    /// <summary>The person whom the line means, nobody when they are new, or why that cannot be told.</summary>
    private (KnownPerson? Person, LineProblem? Problem) Find(LineDecision line)
    {
        var statement = line.Statement;
        if (IdentityRules.HasNoKey(statement))
        {
            return FindByName(statement);
        }

        var byNumber = statement.EmployeeNumber is { } number ? record.ByNumber(number) : null;
        var byMail = statement.Mails.Select(record.ByMail).OfType<KnownPerson>().DistinctBy(person => person.Id).ToList();
        var found = byMail.Concat(byNumber is null ? [] : [byNumber]).DistinctBy(person => person.Id).ToList();
        if (found.Count > 1)
        {
            return (null, new(columns.TitleOf(ImportField.Mails), ImportsText.SeveralPeople.With(string.Join(", ", found.Select(person => person.Name)))));
        }

        if (found.Count == 1)
        {
            return IdentityRules.Contradiction(statement, found[0]) is { } contradiction
                ? (null, new(columns.TitleOf(contradiction.Field), contradiction.Why))
                : (found[0], null);
        }

        if (statement.GivenName is null || statement.FamilyName is null)
        {
            var key = statement.EmployeeNumber ?? statement.Mails[0];
            return (null, new(columns.TitleOf(statement.EmployeeNumber is null ? ImportField.Mails : ImportField.EmployeeNumber), ImportsText.NobodyWithKey.With(key)));
        }

        var name = NameKey(statement);
        if (record.Indistinct(name, statement) is { } doubtful)
        {
            return (null, new(null, ImportsText.Perhaps.With(doubtful.Name, IdentityRules.Keys(doubtful.Details))));
        }

        if (record.ByName(name) is { } homonym)
        {
            line.Notes.Add(ImportsText.Homonym.With(homonym.Name, IdentityRules.Keys(homonym.Details)));
        }

        return (null, null);
    }

    private (KnownPerson? Person, LineProblem? Problem) FindByName(LineStatement statement)
    {
        if (statement.GivenName is null || statement.FamilyName is null)
        {
            return (null, new(null, ImportsText.NoKey));
        }

        var key = NameKey(statement);
        if (namesWithoutKey[key] > 1)
        {
            return (null, new(null, ImportsText.AmbiguousInFile.With($"{statement.GivenName} {statement.FamilyName}")));
        }

        return (record.Bearers(key), record.ByName(key)) switch
        {
            (_, null) => (null, null),
            (1, { } only) when IdentityRules.HasNoKey(only.Details) => (only, null),
            (1, { } only) => (null, new(null, ImportsText.Perhaps.With(only.Name, IdentityRules.Keys(only.Details)))),
            (var several, { } one) => (null, new(null, ImportsText.AmbiguousInRecord.With(one.Name, several))),
        };
    }

    private Words? Separated(PersonId person) =>
        actor is not { } self ? null
        : person == self ? Problem.OwnDeparture.Message
        : actorSupplier is not null && suppliers.GetValueOrDefault(person) == actorSupplier ? Problem.SameSupplier.Message
        : null;
}
