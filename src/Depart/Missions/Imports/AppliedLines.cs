using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions.Imports;

/// <summary>
/// Applies the people and suppliers of some lines. The record may have moved since the preview: what would then be something else than what
/// was shown is refused.
/// </summary>
internal sealed class PeopleOfLines(DepartDb db, IJournal journal, IDepartureBinding binding, MissionWatches watches, Import import)
{
    private readonly Dictionary<string, Supplier> suppliers = new(StringComparer.Ordinal);
    private readonly Dictionary<SupplierId, string> names = [];
    private readonly List<Person> newcomers = [];
    private Dictionary<PersonId, Person> people = [];
    private Dictionary<string, (PersonId Id, string Name)> keys = new(StringComparer.Ordinal);
    private readonly SeparatedLines separation = new(binding, import);

    public async Task ApplyAsync(IReadOnlyList<AppliedLine> lines, CancellationToken cancellation)
    {
        await LoadAsync(lines, cancellation);
        foreach (var line in lines)
        {
            line.Refusal = line.Row.Person is { } id ? await ApplyAsync(line, id, cancellation) : null;
        }

        // Last: a later line of the group may say more of somebody who is new.
        await db.InsertAsync(newcomers, cancellation);
        await watches.TellImportedAsync(newcomers, cancellation);
    }

    private async Task LoadAsync(IReadOnlyList<AppliedLine> lines, CancellationToken cancellation)
    {
        var ids = lines.Select(line => line.Row.Person).OfType<PersonId>().Distinct().ToList();
        people = await db.Set<Person>().Where(person => ids.Contains(person.Id)).ToDictionaryAsync(person => person.Id, cancellation);
        foreach (var supplier in await db.Set<Supplier>().ToListAsync(cancellation))
        {
            suppliers[supplier.Key] = supplier;
            names[supplier.Id] = supplier.Name;
        }

        var numbers = lines.Select(line => line.Content.Statement.EmployeeNumber).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var mails = lines.SelectMany(line => line.Content.Statement.Mails).Distinct(StringComparer.Ordinal).ToList();
        var holders = await db.Set<Person>().AsNoTracking()
            .Where(person => (person.EmployeeNumber != null && numbers.Contains(person.EmployeeNumber)) || person.Mails.Any(mail => mails.Contains(mail)))
            .Select(person => new { person.Id, person.GivenName, person.FamilyName, person.EmployeeNumber, person.Mails }).ToListAsync(cancellation);
        keys = holders.SelectMany(person => person.Mails.Concat(person.EmployeeNumber is null ? [] : [Number(person.EmployeeNumber)])
                .Select(key => (Key: key, person.Id, Name: $"{person.GivenName} {person.FamilyName}")))
            .DistinctBy(holder => holder.Key).ToDictionary(holder => holder.Key, holder => (holder.Id, holder.Name), StringComparer.Ordinal);
    }

    private async Task<LineProblem?> ApplyAsync(AppliedLine line, PersonId id, CancellationToken cancellation)
    {
        var known = people.GetValueOrDefault(id);
        if (known is null && !line.Row.NewPerson)
        {
            return Moved(ImportsText.PersonGone);
        }

        if (KeysTaken(line.Content.Statement, id) is { } taken || (known is null && await NameTakenAsync(line.Content.Statement, cancellation) is { } named && (taken = named) is not null))
        {
            return Moved(taken);
        }

        var supplier = line.Content.Statement.Supplier is { } name && (line.Content.SupplierIsPersons || line.Content.SupplierChanges.Count > 0) ? Named(name) : null;
        if (supplier is not null && line.Content.SupplierChanges.Count > 0)
        {
            ChangeContact(line, supplier);
        }

        var details = line.Content.Statement.On(known?.Details, line.Content.SupplierIsPersons ? supplier?.Id : null);
        if (known is null)
        {
            var added = Person.Of(details, id);
            people[id] = added;
            Hold(added);
            newcomers.Add(added);
            journal.Record(RecordFacts.Added(added).From(import));
            return null;
        }

        var changes = details.Since(known.Details, names.GetValueOrDefault).ToList();
        if (changes.Count == 0)
        {
            return null;
        }

        if (await separation.RefusalAsync(known.Id, cancellation) is { } separated)
        {
            return new(null, separated);
        }

        if (Unseen(changes, line.Content.PersonChanges) is { } unseen)
        {
            return Moved(unseen);
        }

        known.Change(details);
        Hold(known);
        journal.Record(RecordFacts.Changed(known, changes).From(import));
        return null;
    }

    private void Hold(Person person)
    {
        foreach (var key in person.Mails.Concat(person.EmployeeNumber is null ? [] : [Number(person.EmployeeNumber)]))
        {
            keys.TryAdd(key, (person.Id, person.Name));
        }
    }

    private Words? KeysTaken(LineStatement statement, PersonId id)
    {
        foreach (var key in statement.Mails.Concat(statement.EmployeeNumber is null ? [] : [Number(statement.EmployeeNumber)]))
        {
            if (keys.TryGetValue(key, out var holder) && holder.Id != id)
            {
                return ImportsText.KeyTakenSince.With(key.TrimStart('#'), holder.Name);
            }
        }

        return null;
    }

    /// <summary>A person without a key is added only while nobody bears the name.</summary>
    private async Task<Words?> NameTakenAsync(LineStatement statement, CancellationToken cancellation)
    {
        if (!IdentityRules.HasNoKey(statement))
        {
            return null;
        }

        var start = $"{SearchText.Of(statement.FamilyName)} {SearchText.Of(statement.GivenName)} ";
        var name = $"{statement.GivenName} {statement.FamilyName}";
        return await db.Set<Person>().AsNoTracking().AnyAsync(person => person.SortName.StartsWith(start) && person.SortName.Length == start.Length + 32, cancellation)
            ? ImportsText.NameTakenSince.With(name)
            : null;
    }

    private Supplier Named(string name)
    {
        var wanted = Supplier.Named(name);
        if (suppliers.TryGetValue(wanted.Key, out var known))
        {
            return known;
        }

        suppliers[wanted.Key] = wanted;
        names[wanted.Id] = wanted.Name;
        db.Add(wanted);
        journal.Record(RecordFacts.Added(wanted).From(import));
        return wanted;
    }

    private void ChangeContact(AppliedLine line, Supplier supplier)
    {
        var (contact, mail) = (line.Content.Statement.ContactName ?? supplier.ContactName, line.Content.Statement.ContactMail ?? supplier.ContactMail);
        FieldChange[] fields =
        [
            new(nameof(Supplier.ContactName), MissionsText.ContactName, FieldChange.Text(supplier.ContactName), FieldChange.Text(contact)),
            new(nameof(Supplier.ContactMail), MissionsText.ContactMail, FieldChange.Text(supplier.ContactMail), FieldChange.Text(mail)),
        ];
        var changes = fields.Where(field => field.Before != field.After).ToList();
        if (changes.Count == 0 || Unseen(changes, line.Content.SupplierChanges) is not null)
        {
            return;
        }

        supplier.Change(supplier.Name, contact, mail);
        journal.Record(RecordFacts.Changed(supplier, changes).From(import));
    }

    internal static LineProblem Moved(Words what) => new(null, ImportsText.ChangedSincePreview.With(what));

    /// <summary>A change that the preview did not show, or showed from another value. Lists only grow: they are never in the way.</summary>
    internal static Words? Unseen(IEnumerable<FieldChange> changes, IReadOnlyList<FieldChange> shown) => changes
        .Where(change => change.Field is not (nameof(PersonDetails.Mails) or nameof(PersonDetails.Logins) or nameof(MissionDetails.Teams) or nameof(MissionDetails.OutsideProviders)))
        .Where(change => !shown.Any(seen => seen.Field == change.Field && seen.Before == change.Before))
        .Select(change => ImportsText.FieldChangedSince.With(change.Label, change.Before ?? ImportsText.Nothing)).FirstOrDefault();

    private static string Number(string number) => "#" + number;
}

/// <summary>Applies the missions of some lines, once all people are there.</summary>
internal sealed class MissionsOfLines(DepartDb db, IJournal journal, IDepartureBinding binding, Import import)
{
    private readonly List<Mission> newMissions = [];
    private readonly SeparatedLines separation = new(binding, import);
    private Dictionary<PersonId, string> people = [];
    private Dictionary<MissionId, Mission> missions = [];
    private Dictionary<string, Supplier> suppliers = new(StringComparer.Ordinal);
    private Dictionary<SupplierId, string> names = [];

    public async Task ApplyAsync(IReadOnlyList<AppliedLine> lines, CancellationToken cancellation)
    {
        var ids = lines.Select(line => line.Row.Mission!.Value).ToList();
        missions = await db.Set<Mission>().Where(mission => ids.Contains(mission.Id)).ToDictionaryAsync(mission => mission.Id, cancellation);
        var wanted = lines.Select(line => line.Row.Person).Concat(lines.Select(line => line.Content.Manager)).Concat(missions.Values.Select(mission => mission.Manager))
            .OfType<PersonId>().Distinct().ToList();
        people = await db.Set<Person>().AsNoTracking().Where(person => wanted.Contains(person.Id))
            .ToDictionaryAsync(person => person.Id, person => person.Name, cancellation);
        suppliers = await db.Set<Supplier>().ToDictionaryAsync(supplier => supplier.Key, StringComparer.Ordinal, cancellation);
        names = suppliers.Values.ToDictionary(supplier => supplier.Id, supplier => supplier.Name);
        foreach (var line in lines)
        {
            line.Refusal = await ApplyAsync(line, cancellation);
        }

        await db.InsertAsync(newMissions, cancellation);
    }

    private async Task<LineProblem?> ApplyAsync(AppliedLine line, CancellationToken cancellation)
    {
        if (line.Row.Person is not { } person || !people.ContainsKey(person))
        {
            return PeopleOfLines.Moved(ImportsText.PersonGone);
        }

        var known = missions.GetValueOrDefault(line.Row.Mission!.Value);
        if (known is null && !line.Row.NewMission)
        {
            // Another line of this file adds it, and was refused in the meantime.
            return PeopleOfLines.Moved(ImportsText.Nothing);
        }

        var supplier = line.Content.Statement.Supplier is { } name ? Named(name) : null;
        var manager = line.Content.Manager is { } named && people.ContainsKey(named) ? named : (PersonId?)null;
        var details = line.Content.Statement.On(known?.Details, supplier?.Id, manager);
        if (known is null)
        {
            var added = Mission.Of(person, details, line.Row.Mission.Value);
            missions[added.Id] = added;
            newMissions.Add(added);
            journal.Record(RecordFacts.Added(added).From(import));
            return null;
        }

        var changes = details.Since(known.Details, names.GetValueOrDefault, people.GetValueOrDefault).ToList();
        if (changes.Count == 0)
        {
            return null;
        }

        if (await separation.RefusalAsync(person, cancellation) is { } separated)
        {
            return new(null, separated);
        }

        if (PeopleOfLines.Unseen(changes, line.Content.MissionChanges) is { } unseen)
        {
            return PeopleOfLines.Moved(unseen);
        }

        known.Change(details);
        journal.Record(RecordFacts.Changed(known, changes).From(import));
        return null;
    }

    private Supplier Named(string name)
    {
        var wanted = Supplier.Named(name);
        if (suppliers.TryGetValue(wanted.Key, out var known))
        {
            return known;
        }

        suppliers[wanted.Key] = wanted;
        names[wanted.Id] = wanted.Name;
        db.Add(wanted);
        journal.Record(RecordFacts.Added(wanted).From(import));
        return wanted;
    }
}

/// <summary>Separation for whoever applies an import: line by line, their own suppliers read once.</summary>
internal sealed class SeparatedLines(IDepartureBinding binding, Import import)
{
    private IReadOnlySet<Guid>? own;

    /// <summary>Why they may not change what concerns that person, or null.</summary>
    public async Task<Words?> RefusalAsync(PersonId person, CancellationToken cancellation)
    {
        if (import.AppliedByPerson is not { } self)
        {
            return null;
        }

        if (person.Value == self)
        {
            return Problem.OwnDeparture.Message;
        }

        own ??= await binding.SuppliersOfAsync(self, cancellation);
        return (await Separation.OfSuppliersAsync(own, person.Value, binding, cancellation))?.Message;
    }
}
