using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Embargoes;

/// <summary>Lets one more user know of a departure under embargo (DEP3); journalled, never taken back.</summary>
internal sealed record NameConfidant(DepartureId Departure, Guid User) : ICommand<Done>, IRouted, IOnDeparture
{
    public static Access Access => RescheduleDeparture.Access;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/embargo/confidants", (DepartureId departure, Body body, ApiDoor door) =>
            door.SendAsync(new NameConfidant(departure, body.User))).WithTags("Embargo");

    internal sealed record Body(Guid User);

    internal sealed class Handler(DepartDb db, Actor actor, EmbargoBook embargoes, IJournal journal, TimeProvider clock) : IHandler<NameConfidant, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(NameConfidant command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([command.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            if (!departure.UnderEmbargo)
            {
                return EmbargoText.NotUnderEmbargo;
            }

            if (await embargoes.KnowsAsync(departure.Id, command.User, cancellation))
            {
                return Done.Value;
            }

            var mission = await db.Set<Mission>().AsNoTracking().FirstAsync(row => row.Id == departure.Mission, cancellation);
            if ((await embargoes.CandidatesAsync(mission, cancellation)).All(user => user.Id != command.User))
            {
                return EmbargoText.MayNotKnow with { Field = nameof(User) };
            }

            db.Add(new Confidant { Departure = departure.Id, User = command.User, At = clock.GetUtcNow(), By = actor.User });
            journal.Record(EmbargoFacts.Named(departure, command.User));
            return Done.Value;
        }
    }
}

/// <summary>An embargo as the few see it.</summary>
/// <param name="Since">UTC.</param>
/// <param name="LiftedAt">UTC; null while it is in force.</param>
/// <param name="Confidants">Who knows, by name.</param>
/// <param name="Offered">Who may still be named; empty once it is lifted.</param>
public sealed record EmbargoView(DateTimeOffset Since, DateTimeOffset? LiftedAt, IReadOnlyList<TaskAssignee> Confidants, IReadOnlyList<TaskAssignee> Offered);

/// <summary>The embargo of a departure, with those who know of it.</summary>
internal sealed record GetEmbargo(DepartureId Departure) : IQuery<EmbargoView>, IRouted, IOnDeparture
{
    public static Access Access => GetDeparture.Access;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures/{departure}/embargo", (DepartureId departure, ApiDoor door) => door.AskAsync(new GetEmbargo(departure))).WithTags("Embargo").Produces<EmbargoView>();

    internal sealed class Handler(DepartDb db, EmbargoBook embargoes) : IHandler<GetEmbargo, EmbargoView>
    {
        public async Task<Outcome<EmbargoView>> HandleAsync(GetEmbargo query, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([query.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            if (await db.FindAsync<Embargo>([departure.Id], cancellation) is not { } embargo)
            {
                return EmbargoText.NotUnderEmbargo;
            }

            var known = (await embargoes.ConfidantsAsync(departure.Id, cancellation)).Select(user => new TaskAssignee(user.Id, user.Name)).ToList();
            if (embargo.LiftedAt is not null)
            {
                return new EmbargoView(embargo.Since, embargo.LiftedAt, known, []);
            }

            var mission = await db.Set<Mission>().AsNoTracking().FirstAsync(row => row.Id == departure.Mission, cancellation);
            var offered = await embargoes.CandidatesAsync(mission, cancellation);
            return new EmbargoView(embargo.Since, null, known, [.. offered.Where(user => known.All(one => one.User != user.Id)).Select(user => new TaskAssignee(user.Id, user.Name))]);
        }
    }
}

/// <summary>Who could be named if the departure of a mission were opened under embargo; it tells of none.</summary>
internal sealed record OfferConfidants(MissionId Mission) : IQuery<IReadOnlyList<TaskAssignee>>, IRouted
{
    public static Access Access => OpenDeparture.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/missions/{mission}/confidants", (MissionId mission, ApiDoor door) => door.AskAsync(new OfferConfidants(mission))).WithTags("Embargo").Produces<IReadOnlyList<TaskAssignee>>();

    internal sealed class Handler(DepartDb db, Actor actor, EmbargoBook embargoes) : IHandler<OfferConfidants, IReadOnlyList<TaskAssignee>>
    {
        public async Task<Outcome<IReadOnlyList<TaskAssignee>>> HandleAsync(OfferConfidants query, CancellationToken cancellation)
        {
            if (await db.Set<Mission>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == query.Mission, cancellation) is not { } mission || !OpenableMissions.Concerns(actor, mission))
            {
                return Problem.NotFound(DeparturesText.Mission);
            }

            return (TaskAssignee[])[.. (await embargoes.CandidatesAsync(mission, cancellation)).Where(user => user.Id != actor.User).Select(user => new TaskAssignee(user.Id, user.Name))];
        }
    }
}
