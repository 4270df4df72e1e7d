using Depart.Foundation;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions.Imports;

/// <summary>A person as the file meets them.</summary>
internal sealed record KnownPerson(PersonId Id, PersonDetails Details)
{
    public string Name => $"{Details.GivenName} {Details.FamilyName}";
}

/// <summary>A mission as the file meets it.</summary>
internal sealed record KnownMission(MissionId Id, MissionDetails Details)
{
    /// <summary>The title as it is compared.</summary>
    public string TitleKey { get; } = SearchText.Of(Details.Title);
}

/// <summary>A supplier as the file meets it.</summary>
internal sealed record KnownSupplier(SupplierId Id, string Name, string? ContactName, string? ContactMail);

/// <summary>The record at one instant, in memory: what a preview is computed against.</summary>
internal sealed record RecordSnapshot(IReadOnlyList<KnownPerson> People, ILookup<PersonId, KnownMission> Missions, IReadOnlyList<KnownSupplier> Suppliers)
{
    public static async Task<RecordSnapshot> LoadAsync(DepartDb db, CancellationToken cancellation)
    {
        var people = await db.Set<Person>().AsNoTracking().OrderBy(person => person.SortName).Select(person => new
        {
            person.Id, person.GivenName, person.FamilyName, person.EmployeeNumber, person.Mails, person.Logins, person.Status, person.Supplier,
        }).ToListAsync(cancellation);
        var missions = await db.Set<Mission>().AsNoTracking().OrderBy(mission => mission.SortEnd).ToListAsync(cancellation);
        var suppliers = await db.Set<Supplier>().AsNoTracking().ToListAsync(cancellation);
        return new(
            [.. people.Select(person => new KnownPerson(person.Id, new(
                person.GivenName, person.FamilyName, person.EmployeeNumber, person.Mails, person.Logins, person.Status, person.Supplier)))],
            missions.ToLookup(mission => mission.Person, mission => new KnownMission(mission.Id, mission.Details)),
            [.. suppliers.Select(supplier => new KnownSupplier(supplier.Id, supplier.Name, supplier.ContactName, supplier.ContactMail))]);
    }
}

/// <summary>The record as it becomes while the lines of a file are decided one after the other.</summary>
internal sealed class RecordOverlay
{
    private readonly Dictionary<PersonId, KnownPerson> people = [];
    private readonly Dictionary<string, PersonId> byNumber = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PersonId> byMail = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Homonyms> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<PersonId, List<KnownMission>> missions = [];
    private readonly Dictionary<string, KnownSupplier> suppliers = new(StringComparer.Ordinal);
    private readonly Dictionary<SupplierId, string> supplierNames = [];
    private readonly Dictionary<(Guid Owner, string Field), int> stated = [];

    public RecordOverlay(RecordSnapshot snapshot)
    {
        foreach (var person in snapshot.People)
        {
            Put(person);
        }

        foreach (var group in snapshot.Missions)
        {
            missions[group.Key] = [.. group];
        }

        foreach (var supplier in snapshot.Suppliers)
        {
            Put(supplier);
        }
    }

    /// <summary>The name under which people are compared.</summary>
    public static string NameKey(string given, string family) => SearchText.Of($"{given} {family}");

    public KnownPerson? ByNumber(string number) => byNumber.TryGetValue(number, out var id) ? people[id] : null;

    public KnownPerson? ByMail(string mail) => byMail.TryGetValue(mail, out var id) ? people[id] : null;

    /// <summary>How many bear the name.</summary>
    public int Bearers(string key) => byName.TryGetValue(key, out var homonyms) ? homonyms.Count : 0;

    /// <summary>Somebody of the name, or null.</summary>
    public KnownPerson? ByName(string key) => byName.TryGetValue(key, out var homonyms) && homonyms.First() is { } id ? people[id] : null;

    /// <summary>
    /// Somebody of the name from whom the line's person, whose number and addresses nobody has, cannot be told apart: no key of one kind differs.
    /// </summary>
    public KnownPerson? Indistinct(string key, LineStatement statement) =>
        byName.TryGetValue(key, out var homonyms) && homonyms.Without(statement.EmployeeNumber is not null, statement.Mails.Count > 0) is { } id ? people[id] : null;

    public IReadOnlyList<KnownMission> MissionsOf(PersonId person) => missions.TryGetValue(person, out var found) ? found : [];

    public string? NameOf(PersonId person) => people.TryGetValue(person, out var known) ? known.Name : null;

    public string? NameOf(SupplierId supplier) => supplierNames.GetValueOrDefault(supplier);

    /// <summary>The supplier of that name, added when there is none.</summary>
    public KnownSupplier Supplier(string name)
    {
        if (suppliers.TryGetValue(SearchText.Of(name), out var known))
        {
            return known;
        }

        var added = new KnownSupplier(IIdentifier<SupplierId>.New(), name, null, null);
        Put(added);
        return added;
    }

    public void Put(KnownSupplier supplier)
    {
        suppliers[SearchText.Of(supplier.Name)] = supplier;
        supplierNames[supplier.Id] = supplier.Name;
    }

    public void Put(KnownPerson person)
    {
        if (people.TryGetValue(person.Id, out var before))
        {
            byName[NameKey(before.Details.GivenName, before.Details.FamilyName)].Remove(before);
        }

        people[person.Id] = person;
        if (person.Details.EmployeeNumber is { } number)
        {
            byNumber.TryAdd(number, person.Id);
        }

        foreach (var mail in person.Details.Mails)
        {
            byMail.TryAdd(mail, person.Id);
        }

        var key = NameKey(person.Details.GivenName, person.Details.FamilyName);
        if (!byName.TryGetValue(key, out var named))
        {
            byName[key] = named = new();
        }

        named.Add(person);
    }

    public void Put(PersonId person, KnownMission mission)
    {
        if (!missions.TryGetValue(person, out var list))
        {
            missions[person] = list = [];
        }

        var at = list.FindIndex(known => known.Id == mission.Id);
        if (at < 0)
        {
            list.Add(mission);
        }
        else
        {
            list[at] = mission;
        }
    }

    /// <summary>The first line of the file that said this field, or null.</summary>
    public int? SaidBy(Guid owner, string field) => stated.TryGetValue((owner, field), out var line) ? line : null;

    /// <summary>Remembers that a line said this field; the first one stays.</summary>
    public void Say(Guid owner, string field, int line) => stated.TryAdd((owner, field), line);
}

/// <summary>Those who bear one name, by the kinds of key they have: a file may hold tens of thousands of homonyms.</summary>
internal sealed class Homonyms
{
    private readonly HashSet<PersonId>[] byKind = [[], [], [], []];

    public int Count => byKind.Sum(ids => ids.Count);

    public void Add(KnownPerson person) => byKind[Kind(person.Details)].Add(person.Id);

    public void Remove(KnownPerson person) => byKind[Kind(person.Details)].Remove(person.Id);

    public PersonId? First() => First(byKind);

    /// <summary>Somebody who has none of the kinds of key named: a number, an address.</summary>
    public PersonId? Without(bool number, bool mail) =>
        First(byKind.Where((_, kind) => !(number && (kind & 1) != 0) && !(mail && (kind & 2) != 0)));

    private static PersonId? First(IEnumerable<HashSet<PersonId>> kinds) =>
        kinds.FirstOrDefault(ids => ids.Count > 0) is { } found ? found.First() : null;

    private static int Kind(PersonDetails details) => (details.EmployeeNumber is null ? 0 : 1) | (details.Mails.Count == 0 ? 0 : 2);
}
