using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;

namespace Depart.Missions;

/// <summary>Adds a person to the record, with their mission when its title is given (REC1).</summary>
internal sealed record AddPerson(
    string GivenName, string FamilyName, IReadOnlyList<string>? Mails = null, IReadOnlyList<string>? Logins = null, string? EmployeeNumber = null,
    ContractualStatus Status = ContractualStatus.SuppliersEmployee, string? Supplier = null, string? MissionTitle = null, string? Unit = null, DateOnly? MissionEnd = null)
    : ICommand<AddedPerson>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people", (AddPerson command, ApiDoor door) => door.SendAsync(command)).WithTags("People").Produces<AddedPerson>();

    public IEnumerable<Problem> Check() =>
        Details(null).Check().Concat(Texts.OrNull(MissionTitle) is null ? [] : Mission(null).Check());

    private PersonDetails Details(SupplierId? supplier) => new(GivenName ?? "", FamilyName ?? "", EmployeeNumber, Mails ?? [], Logins ?? [], Status, supplier);

    private MissionDetails Mission(SupplierId? supplier) => new(MissionTitle!, Unit, supplier, null, null, MissionKind.Regie, WorkPlace.OnSite, null, MissionEnd, [], []);

    internal sealed class Handler(DepartDb db, MissionWatches watches, IJournal journal) : IHandler<AddPerson, AddedPerson>
    {
        public async Task<Outcome<AddedPerson>> HandleAsync(AddPerson command, CancellationToken cancellation)
        {
            if (await KnownRecord.KeysTakenAsync(db, command.Details(null).Clean(), null, cancellation) is { } taken)
            {
                return taken;
            }

            var supplier = await KnownRecord.SupplierAsync(db, journal, command.Supplier, cancellation);
            var person = Person.Of(command.Details(supplier));
            db.Add(person);
            journal.Record(RecordFacts.Added(person));
            await watches.TellAsync(cancellation);
            if (Texts.OrNull(command.MissionTitle) is null)
            {
                return new AddedPerson(person.Id, null);
            }

            var mission = Missions.Mission.Of(person.Id, command.Mission(supplier));
            db.Add(mission);
            journal.Record(RecordFacts.Added(mission));
            return new AddedPerson(person.Id, mission.Id);
        }
    }
}

/// <summary>What was added.</summary>
public sealed record AddedPerson(PersonId Person, MissionId? Mission);
