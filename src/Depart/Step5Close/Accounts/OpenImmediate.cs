using Depart.Departures;
using Depart.Departures.Settings;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>
/// An immediate departure (DEP3): opened, and its disconnection started, in one transaction; what else is to be done is planned behind it, from the template made for such departures. Until
/// the cut only whoever opens it and the users named know of it. A departure that is open already becomes immediate.
/// </summary>
/// <remarks>NewOwners says who takes what the leaver owns, as in <see cref="ChooseNewOwners"/>. Unsearched: systems that did not answer.</remarks>
internal sealed record OpenImmediate(
    MissionId Mission, DepartureReason? Reason, IReadOnlyList<Guid>? Confidants = null, IReadOnlyDictionary<string, string>? NewOwners = null, IReadOnlyList<UnreachedSystem>? Unsearched = null)
    : ICommand<DepartureId>, IRouted, IRequiresProof, IChecked
{
    public static Access Access => Disconnect.Access;

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/immediate", (Body body, ApiDoor door) =>
            door.SendAsync<IReadOnlyList<UnreachedSystem>, OpenImmediate, DepartureId>(new SearchBeforeImmediate(body.Mission), unreached =>
                new OpenImmediate(body.Mission, body.Reason, body.Confidants, body.NewOwners, unreached))).WithTags("Departures").Produces<DepartureId>();

    public IEnumerable<Problem> Check() => Reason is { } reason && Enum.IsDefined(reason) ? [] : [Problem.Required(nameof(Reason), AccountsText.Reason)];

    internal sealed record Body(MissionId Mission, DepartureReason? Reason = null, IReadOnlyList<Guid>? Confidants = null, IReadOnlyDictionary<string, string>? NewOwners = null);

    internal sealed class Handler(DepartDb db, Actor actor, IDepartureBinding binding, IHandler<OpenDeparture, DepartureId> open, DisconnectionStart start, HouseRules house, TimeProvider clock)
        : IHandler<OpenImmediate, DepartureId>
    {
        public async Task<Outcome<DepartureId>> HandleAsync(OpenImmediate command, CancellationToken cancellation)
        {
            if (await db.Set<Mission>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == command.Mission, cancellation) is not { } mission)
            {
                return Problem.NotFound(DeparturesText.Mission);
            }

            if (await Separation.RefusalAsync(actor, mission.Person.Value, binding, cancellation) is { } refusal)
            {
                return refusal;
            }

            var known = await db.Set<Departure>().Where(row => row.Mission == mission.Id && row.State != DepartureState.Closed && row.State != DepartureState.Cancelled)
                .OrderBy(row => row.CutAt).FirstOrDefaultAsync(cancellation);
            var opened = known is not null ? known.Id : await open.HandleAsync(Opening(command, await house.ZoneAsync(cancellation)), cancellation);
            if (!opened.Ok)
            {
                return opened;
            }

            var started = await start.StartAsync(opened.Value, immediate: true, command.Unsearched ?? [], cancellation, command.NewOwners, command.Reason);
            return started.Ok ? opened : started.Problem;
        }

        private OpenDeparture Opening(OpenImmediate command, TimeZoneInfo zone)
        {
            var now = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone);
            return new(
                command.Mission, DateOnly.FromDateTime(now.DateTime), CutTime: TimeOnly.FromDateTime(now.DateTime), Reason: command.Reason!.Value, Embargo: true, Confidants: command.Confidants ?? [])
            {
                Immediate = true,
            };
        }
    }
}

/// <summary>Searches every system for the accounts of whoever is on a mission, just before an immediate departure; names the systems that did not answer.</summary>
internal sealed record SearchBeforeImmediate(MissionId Mission) : IQuery<IReadOnlyList<UnreachedSystem>>
{
    public static Access Access => Disconnect.Access;

    internal sealed class Handler(DepartDb db, AccountSearch search) : IHandler<SearchBeforeImmediate, IReadOnlyList<UnreachedSystem>>
    {
        public async Task<Outcome<IReadOnlyList<UnreachedSystem>>> HandleAsync(SearchBeforeImmediate query, CancellationToken cancellation) =>
            await db.Set<Mission>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == query.Mission, cancellation) is { } mission
                ? (await search.SearchAsync(mission.Person, cancellation)).ToList()
                : Problem.NotFound(DeparturesText.Mission);
    }
}
