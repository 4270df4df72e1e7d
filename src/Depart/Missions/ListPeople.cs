using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions;

/// <summary>A person, as listed.</summary>
public sealed record PersonRow(
    PersonId Id, string Name, string? EmployeeNumber, IReadOnlyList<string> Mails, IReadOnlyList<string> Logins, ContractualStatus Status, string? Supplier,
    IReadOnlyList<MissionRow> Missions, long Version);

/// <summary>A mission, as listed with its person.</summary>
public sealed record MissionRow(MissionId Id, string Title, string? Unit, DateOnly? End);

/// <summary>People by family name, a page at a time.</summary>
/// <remarks>Search takes parts of name, mail, login or number, accents ignored. 1 to 200 a page. The cursor is opaque.</remarks>
internal sealed record ListPeople(
    string? Search = null, SupplierId? Supplier = null, ContractualStatus? Status = null, string? Unit = null, string? After = null, int Size = 50)
    : IQuery<Page<PersonRow>>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/people", (string? search, SupplierId? supplier, Word<ContractualStatus>? status, string? unit, string? after, int? size, ApiDoor door) =>
            status?.Refusal("status") is { } refusal
                ? Task.FromResult<IResult>(ApiDoor.Failed(refusal))
                : door.AskAsync(new ListPeople(search, supplier, status?.Value, unit, after, size ?? 50))).WithTags("People").Produces<Page<PersonRow>>();

    internal sealed class Handler(DepartDb db) : IHandler<ListPeople, Page<PersonRow>>
    {
        public async Task<Outcome<Page<PersonRow>>> HandleAsync(ListPeople query, CancellationToken cancellation)
        {
            var size = Math.Clamp(query.Size, 1, 200);
            var people = Filtered(query);
            if (query.After is { } after)
            {
                // The cursor holds an identifier and no name: addresses are written to logs.
                if (!PersonId.TryParse(after, out var last)
                    || await db.Set<Person>().Where(person => person.Id == last).Select(person => person.SortName).FirstOrDefaultAsync(cancellation) is not { } from)
                {
                    return Cursors.Unknown;
                }

                people = people.Where(person => person.SortName.CompareTo(from) > 0);
            }

            var found = await people.OrderBy(person => person.SortName).Take(size + 1).ToListAsync(cancellation);
            var shown = found.Take(size).ToList();
            var ids = shown.Select(person => person.Id).ToList();
            var missions = (await db.Set<Mission>().Where(mission => ids.Contains(mission.Person)).OrderBy(mission => mission.SortEnd).ToListAsync(cancellation))
                .ToLookup(mission => mission.Person);
            var suppliers = await KnownRecord.SupplierNamesAsync(db, cancellation);
            return new Page<PersonRow>(
                [.. shown.Select(person => new PersonRow(
                    person.Id, person.Name, person.EmployeeNumber, person.Mails, person.Logins, person.Status,
                    person.Supplier is { } supplier ? suppliers.GetValueOrDefault(supplier) : null,
                    [.. missions[person.Id].Select(mission => new MissionRow(mission.Id, mission.Title, mission.Unit, mission.End))], person.Version))],
                found.Count > size ? shown[^1].Id.ToString() : null);
        }

        private IQueryable<Person> Filtered(ListPeople query)
        {
            var people = db.Set<Person>().AsQueryable();
            foreach (var word in SearchText.Of(query.Search).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                people = people.Where(person => person.SearchName.Contains(word));
            }

            if (query.Supplier is { } supplier)
            {
                people = people.Where(person => person.Supplier == supplier || db.Set<Mission>().Any(mission => mission.Person == person.Id && mission.Supplier == supplier));
            }

            if (query.Status is { } status)
            {
                people = people.Where(person => person.Status == status);
            }

            if (Texts.OrNull(query.Unit) is { } unit)
            {
                people = people.Where(person => db.Set<Mission>().Any(mission => mission.Person == person.Id && mission.Unit == unit));
            }

            return people;
        }
    }
}

/// <summary>Cursors of lists: the identifier of the last item shown.</summary>
internal static class Cursors
{
    public static readonly Problem Unknown = Problem.Invalid("after", "cursor-unknown", new(
        "This page can no longer be found: start again from the first one.", "Cette page est introuvable : reprenez à la première."));
}
