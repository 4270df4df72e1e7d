using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions;

/// <summary>What the commands of the record look up.</summary>
internal static class KnownRecord
{
    /// <summary>The supplier of that name, accents and case ignored; added when there is none. Null for no name.</summary>
    public static async Task<SupplierId?> SupplierAsync(DepartDb db, IJournal journal, string? name, CancellationToken cancellation)
    {
        if (Texts.OrNull(name) is not { } given)
        {
            return null;
        }

        var added = Supplier.Named(given);
        if (await db.Set<Supplier>().FirstOrDefaultAsync(supplier => supplier.Key == added.Key, cancellation) is { } known)
        {
            return known.Id;
        }

        db.Add(added);
        journal.Record(RecordFacts.Added(added));
        return added.Id;
    }

    /// <summary>Why the keys of a person cannot be theirs: a number or an address of somebody else. Null when they are free.</summary>
    public static async Task<Problem?> KeysTakenAsync(DepartDb db, PersonDetails details, PersonId? self, CancellationToken cancellation)
    {
        var others = db.Set<Person>().AsNoTracking().Where(other => other.Id != self);
        if (details.EmployeeNumber is { } number && await others.FirstOrDefaultAsync(other => other.EmployeeNumber == number, cancellation) is { } owner)
        {
            return Problem.Invalid(nameof(Person.EmployeeNumber), "number-taken", MissionsText.NumberTaken.With(number, Said.Of(owner.Name)));
        }

        var mails = details.Mails;
        if (mails.Count > 0 && await others.FirstOrDefaultAsync(other => other.Mails.Any(mail => mails.Contains(mail)), cancellation) is { } reader)
        {
            return Problem.Invalid(nameof(Person.Mails), "mail-taken", MissionsText.MailTaken.With(mails.First(reader.Mails.Contains), Said.Of(reader.Name)));
        }

        return null;
    }

    /// <summary>Names of suppliers, by identifier.</summary>
    public static Task<Dictionary<SupplierId, string>> SupplierNamesAsync(DepartDb db, CancellationToken cancellation) =>
        db.Set<Supplier>().AsNoTracking().ToDictionaryAsync(supplier => supplier.Id, supplier => supplier.Name, cancellation);

    /// <summary>Names of people, by identifier.</summary>
    public static async Task<Dictionary<PersonId, string>> NamesAsync(DepartDb db, IEnumerable<PersonId> people, CancellationToken cancellation)
    {
        var ids = people.Distinct().ToList();
        return await db.Set<Person>().AsNoTracking().Where(person => ids.Contains(person.Id)).ToDictionaryAsync(person => person.Id, person => person.Name, cancellation);
    }
}
