using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions;

/// <summary>What is said of a mission by hand or by a program; the supplier by its name, added when it is new.</summary>
public record MissionContent(
    string Title, string? Unit = null, string? Supplier = null, string? OrderReference = null, PersonId? Manager = null, MissionKind Kind = MissionKind.Regie,
    WorkPlace Place = WorkPlace.OnSite, DateOnly? Start = null, DateOnly? End = null, IReadOnlyList<string>? Teams = null, IReadOnlyList<string>? OutsideProviders = null)
{
    internal MissionDetails Details(SupplierId? supplier) =>
        new(Title ?? "", Unit, supplier, OrderReference, Manager, Kind, Place, Start, End, Teams ?? [], OutsideProviders ?? []);
}

/// <summary>Adds a mission of a person of the record (REC1, REC6); several at once are normal (REC5).</summary>
internal sealed record AddMission(PersonId Person, MissionContent Content) : ICommand<MissionId>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/people/{person}/missions", (PersonId person, MissionContent content, ApiDoor door) => door.SendAsync(new AddMission(person, content)))
            .WithTags("Missions").Produces<MissionId>();

    public IEnumerable<Problem> Check() => Content.Details(null).Check();

    internal sealed class Handler(DepartDb db, Actor actor, IDepartureBinding binding, IJournal journal) : IHandler<AddMission, MissionId>
    {
        public async Task<Outcome<MissionId>> HandleAsync(AddMission command, CancellationToken cancellation)
        {
            if (!await db.Set<Person>().AnyAsync(person => person.Id == command.Person, cancellation))
            {
                return Problem.NotFound(MissionsText.Person);
            }

            if (await Separation.RefusalAsync(actor, command.Person.Value, binding, cancellation) is { } refusal)
            {
                return refusal;
            }

            if (await MissionManagers.RefusalAsync(db, command.Content.Manager, command.Person, cancellation) is { } unfit)
            {
                return unfit;
            }

            var mission = Mission.Of(command.Person, command.Content.Details(await KnownRecord.SupplierAsync(db, journal, command.Content.Supplier, cancellation)));
            db.Add(mission);
            journal.Record(RecordFacts.Added(mission));
            return mission.Id;
        }
    }
}

/// <summary>Who may be the manager of a mission: somebody of the record, and not the person on it.</summary>
internal static class MissionManagers
{
    public static async Task<Problem?> RefusalAsync(DepartDb db, PersonId? manager, PersonId person, CancellationToken cancellation)
    {
        if (manager is not { } named)
        {
            return null;
        }

        if (named == person)
        {
            return Problem.Invalid(nameof(Mission.Manager), "own-manager", MissionsText.NotTheirOwnManager);
        }

        return await db.Set<Person>().AnyAsync(known => known.Id == named, cancellation)
            ? null
            : Problem.NotFound(MissionsText.Manager) with { Kind = ProblemKind.Invalid, Field = nameof(Mission.Manager) };
    }
}
