using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;

namespace Depart.Missions;

/// <summary>Replaces what is known of a mission. If-Match refuses what another has changed since.</summary>
/// <remarks>Nobody changes their own mission, nor one of a colleague of the same supplier: its end decides when they are cut.</remarks>
internal sealed record ChangeMission(MissionId Mission, MissionContent Content) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/missions/{mission}", (MissionId mission, MissionContent content, ApiDoor door) => door.SendAsync(new ChangeMission(mission, content)))
            .WithTags("Missions");

    public IEnumerable<Problem> Check() => Content.Details(null).Check();

    internal sealed class Handler(DepartDb db, Actor actor, IDepartureBinding binding, RequestSlot request, MissionWatches watches, IJournal journal) : IHandler<ChangeMission, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ChangeMission command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Mission>([command.Mission], cancellation) is not { } mission)
            {
                return Problem.NotFound(MissionsText.Mission);
            }

            if (await Separation.RefusalAsync(actor, mission.Person.Value, binding, cancellation) is { } refusal)
            {
                return refusal;
            }

            if (!mission.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            if (await MissionManagers.RefusalAsync(db, command.Content.Manager, mission.Person, cancellation) is { } unfit)
            {
                return unfit;
            }

            var (before, after) = (mission.Details, command.Content.Details(await KnownRecord.SupplierAsync(db, journal, command.Content.Supplier, cancellation)).Clean());
            var suppliers = await KnownRecord.SupplierNamesAsync(db, cancellation);
            var people = await KnownRecord.NamesAsync(db, new[] { before.Manager, after.Manager }.OfType<PersonId>(), cancellation);
            var changes = after.Since(before, id => suppliers.GetValueOrDefault(id) ?? command.Content.Supplier, id => people.GetValueOrDefault(id)).ToList();
            if (changes.Count == 0)
            {
                return Done.Value;
            }

            mission.Change(after);
            journal.Record(RecordFacts.Changed(mission, changes));
            await watches.TellAsync(cancellation);
            return Done.Value;
        }
    }
}
