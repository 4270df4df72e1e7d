using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions;

/// <summary>Adds a person to the record, with their mission when its title is given (REC1).</summary>
internal sealed record AddPerson(
    string GivenName, string FamilyName, IReadOnlyList<string>? Mails = null, IReadOnlyList<string>? Logins = null, string? EmployeeNumber = null,
    ContractualStatus Status = ContractualStatus.SuppliersEmployee, string? Supplier = null, string? MissionTitle = null, string? Unit = null, DateOnly? MissionEnd = null)
    : ICommand<AddedPerson>, IRouted, IChecked
{
    private static readonly Words NumberTaken = new("Someone already has the number {0}.", "Le numéro {0} est déjà attribué.");

    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people", (AddPerson command, ApiDoor door) => door.SendAsync(command)).WithTags("People");

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(GivenName))
        {
            yield return Problem.Required(nameof(GivenName), MissionsText.GivenName);
        }

        if (string.IsNullOrWhiteSpace(FamilyName))
        {
            yield return Problem.Required(nameof(FamilyName), MissionsText.FamilyName);
        }
    }

    internal sealed class Handler(DepartDb db, IJournal journal) : IHandler<AddPerson, AddedPerson>
    {
        public async Task<Outcome<AddedPerson>> HandleAsync(AddPerson command, CancellationToken cancellation)
        {
            var number = string.IsNullOrWhiteSpace(command.EmployeeNumber) ? null : command.EmployeeNumber.Trim();
            if (number is not null && await db.Set<Person>().AnyAsync(other => other.EmployeeNumber == number, cancellation))
            {
                return Problem.Invalid(nameof(EmployeeNumber), "number-taken", NumberTaken.With(number));
            }

            var supplier = await SupplierAsync(command.Supplier, cancellation);
            var person = new Person
            {
                GivenName = command.GivenName.Trim(),
                FamilyName = command.FamilyName.Trim(),
                EmployeeNumber = number,
                Status = command.Status,
                Supplier = supplier,
            };
            person.Known(command.Mails ?? [], command.Logins ?? []);
            db.Add(person);
            journal.Record(new(Fact.House, "person.added")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["person"] = person.Id.Value, ["status"] = person.Status.ToString() },
                Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["name"] = person.Name, ["mails"] = string.Join(' ', person.Mails) },
            });
            if (string.IsNullOrWhiteSpace(command.MissionTitle))
            {
                return new AddedPerson(person.Id, null);
            }

            var mission = new Mission
            {
                Person = person.Id, Title = command.MissionTitle.Trim(), Unit = command.Unit?.Trim(), Supplier = supplier, End = command.MissionEnd,
            };
            db.Add(mission);
            return new AddedPerson(person.Id, mission.Id);
        }

        private async Task<SupplierId?> SupplierAsync(string? name, CancellationToken cancellation)
        {
            if (string.IsNullOrWhiteSpace(name))
            {
                return null;
            }

            var trimmed = name.Trim();
            var known = await db.Set<Supplier>().FirstOrDefaultAsync(supplier => supplier.Name == trimmed, cancellation);
            if (known is null)
            {
                known = new() { Name = trimmed };
                db.Add(known);
            }

            return known.Id;
        }
    }
}

/// <summary>What was added.</summary>
public sealed record AddedPerson(PersonId Person, MissionId? Mission);

/// <summary>A person, as listed.</summary>
public sealed record PersonRow(
    PersonId Id, string Name, string? EmployeeNumber, IReadOnlyList<string> Mails, IReadOnlyList<string> Logins, ContractualStatus Status, string? Supplier,
    IReadOnlyList<MissionRow> Missions);

/// <summary>A mission, as listed.</summary>
public sealed record MissionRow(MissionId Id, string Title, string? Unit, DateOnly? End);

/// <summary>People by name; search takes parts of name, mail, login or number, accents ignored. 1 to 200 a page.</summary>
internal sealed record ListPeople(string? Search = null, string? After = null, int Size = 50) : IQuery<Page<PersonRow>>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/people", (string? search, string? after, int? size, ApiDoor door) => door.AskAsync(new ListPeople(search, after, size ?? 50))).WithTags("People");

    internal sealed class Handler(DepartDb db) : IHandler<ListPeople, Page<PersonRow>>
    {
        public async Task<Outcome<Page<PersonRow>>> HandleAsync(ListPeople query, CancellationToken cancellation)
        {
            var size = Math.Clamp(query.Size, 1, 200);
            var skip = int.TryParse(query.After, out var shown) ? Math.Max(0, shown) : 0;
            var people = db.Set<Person>().AsQueryable();
            foreach (var word in SearchText.Of(query.Search).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                people = people.Where(person => person.SearchName.Contains(word));
            }

            var found = await people.OrderBy(person => person.SearchName).ThenBy(person => person.Id).Skip(skip).Take(size + 1).ToListAsync(cancellation);
            var ids = found.Select(person => person.Id).ToList();
            var missions = (await db.Set<Mission>().Where(mission => ids.Contains(mission.Person)).ToListAsync(cancellation)).ToLookup(mission => mission.Person);
            var suppliers = await db.Set<Supplier>().ToDictionaryAsync(supplier => supplier.Id, supplier => supplier.Name, cancellation);
            return new Page<PersonRow>(
                [.. found.Take(size).Select(person => new PersonRow(
                    person.Id, person.Name, person.EmployeeNumber, person.Mails, person.Logins, person.Status,
                    person.Supplier is { } supplier ? suppliers.GetValueOrDefault(supplier) : null,
                    [.. missions[person.Id].Select(mission => new MissionRow(mission.Id, mission.Title, mission.Unit, mission.End))]))],
                found.Count > size ? (skip + size).ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
        }
    }
}

/// <summary>The words of the record.</summary>
internal static class MissionsText
{
    public static readonly Words GivenName = new("Given name", "Prénom");
    public static readonly Words FamilyName = new("Family name", "Nom");
}
