using Depart.Departures.Embargoes;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;

namespace Depart.Departures.Tasks;

/// <summary>A user to whom a task may be given.</summary>
/// <param name="User">Who.</param>
/// <param name="Name">As shown.</param>
public sealed record TaskAssignee(Guid User, string Name);

/// <summary>Who may be given a task of a departure: those of the house and whoever is bound to it, by name. Never a colleague of the same supplier, who could not act on it.</summary>
internal sealed record OfferAssignees(DepartureId Departure) : IQuery<IReadOnlyList<TaskAssignee>>, IRouted, IOnDeparture
{
    public static Access Access => SkipTask.Access;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures/{departure}/assignees", (DepartureId departure, ApiDoor door) => door.AskAsync(new OfferAssignees(departure))).WithTags("Tasks");

    internal sealed class Handler(DepartDb db, TaskHolders holders) : IHandler<OfferAssignees, IReadOnlyList<TaskAssignee>>
    {
        public async Task<Outcome<IReadOnlyList<TaskAssignee>>> HandleAsync(OfferAssignees query, CancellationToken cancellation) =>
            await db.FindAsync<Departure>([query.Departure], cancellation) is { } departure
                ? (TaskAssignee[])[.. (await holders.OfAsync(departure, cancellation)).OrderBy(user => user.Name, StringComparer.CurrentCulture).Select(user => new TaskAssignee(user.Id, user.Name))]
                : Problem.NotFound(DeparturesText.Departure);
    }
}

/// <summary>Who may hold a task of a departure: those of the house who act on departures, and whoever is bound to it. Scoped.</summary>
internal sealed class TaskHolders(IUserDirectory users, IDepartureFacts facts, IDepartureBinding binding, EmbargoBook embargoes)
{
    private static readonly Role[] OfTheHouse = [Role.It, Role.Hr, Role.Security, Role.Admin];

    /// <summary>Those who may hold one or another task of it.</summary>
    public async Task<IReadOnlyCollection<HouseUser>> OfAsync(Departure departure, CancellationToken cancellation)
    {
        if (departure.UnderEmbargo)
        {
            return await embargoes.ConfidantsAsync(departure.Id, cancellation);
        }

        var found = new Dictionary<Guid, HouseUser>();
        var parties = await facts.PartiesAsync(departure, cancellation);
        foreach (var role in OfTheHouse)
        {
            foreach (var user in await users.HoldersAsync(role, parties.Unit, cancellation))
            {
                if (found.ContainsKey(user.Id) || await Separation.RefusalAsync(As(user), departure.Person.Value, binding, cancellation) is null)
                {
                    found[user.Id] = user;
                }
            }
        }

        foreach (var person in new[] { parties.Manager, parties.Successor, parties.Leaver }.OfType<Guid>())
        {
            if (await users.OfPersonAsync(person, cancellation) is { } user)
            {
                found[user.Id] = user;
            }
        }

        return found.Values;
    }

    /// <summary>Why a task is not given to a user, or null: somebody who has no part in the departure does not come to see it so, and what the house is asked for does not pass to the leaver's side.</summary>
    public async Task<Problem?> RefusalAsync(Guid user, DepartureTask task, Departure departure, CancellationToken cancellation)
    {
        if (await users.FindAsync(user, cancellation) is not { } found)
        {
            return TasksText.UserUnknown;
        }

        if (departure.UnderEmbargo && !await embargoes.KnowsAsync(departure.Id, user, cancellation))
        {
            return EmbargoText.GivenToStranger;
        }

        if (!TaskRules.IsOfLeaversSide(task.Owner) && await Separation.RefusalAsync(As(found), departure.Person.Value, binding, cancellation) is { } held)
        {
            return Problem.Invalid(nameof(AssignTask.User), held.Code, held.Message);
        }

        return (await OfAsync(departure, cancellation)).Any(holder => holder.Id == user) ? null : Problem.Invalid(nameof(AssignTask.User), "user-unfit", TasksText.UserUnfit.With(found.Name));
    }

    private static Actor As(HouseUser user) => Actor.Nobody with { User = user.Id, Person = user.Person };
}
