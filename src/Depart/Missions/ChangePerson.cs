using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;

namespace Depart.Missions;

/// <summary>Replaces what the record knows of a person, the private address apart (REC1). If-Match refuses what another has changed since.</summary>
internal sealed record ChangePerson(
    PersonId Person, string GivenName, string FamilyName, IReadOnlyList<string>? Mails = null, IReadOnlyList<string>? Logins = null, string? EmployeeNumber = null,
    ContractualStatus Status = ContractualStatus.SuppliersEmployee, string? Supplier = null)
    : ICommand<Done>, IRouted, IChecked, IOnPerson
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    public Guid PersonKey => Person.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/people/{person}", (PersonId person, Body body, ApiDoor door) => door.SendAsync(new ChangePerson(
            person, body.GivenName, body.FamilyName, body.Mails, body.Logins, body.EmployeeNumber, body.Status, body.Supplier))).WithTags("People");

    public IEnumerable<Problem> Check() => Details(null).Check();

    private PersonDetails Details(SupplierId? supplier) => new(GivenName ?? "", FamilyName ?? "", EmployeeNumber, Mails ?? [], Logins ?? [], Status, supplier);

    internal sealed record Body(
        string GivenName, string FamilyName, IReadOnlyList<string>? Mails = null, IReadOnlyList<string>? Logins = null, string? EmployeeNumber = null,
        ContractualStatus Status = ContractualStatus.SuppliersEmployee, string? Supplier = null);

    internal sealed class Handler(DepartDb db, RequestSlot request, MissionWatches watches, IJournal journal) : IHandler<ChangePerson, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ChangePerson command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Person>([command.Person], cancellation) is not { } person)
            {
                return Problem.NotFound(MissionsText.Person);
            }

            if (!person.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            if (await KnownRecord.KeysTakenAsync(db, command.Details(null).Clean(), person.Id, cancellation) is { } taken)
            {
                return taken;
            }

            var (before, supplier) = (person.Details, await KnownRecord.SupplierAsync(db, journal, command.Supplier, cancellation));
            var names = await KnownRecord.SupplierNamesAsync(db, cancellation);
            var changes = command.Details(supplier).Clean().Since(before, id => names.GetValueOrDefault(id) ?? command.Supplier).ToList();
            if (changes.Count == 0)
            {
                return Done.Value;
            }

            person.Change(command.Details(supplier));
            journal.Record(RecordFacts.Changed(person, changes));
            await watches.TellAsync(cancellation);
            return Done.Value;
        }
    }
}
