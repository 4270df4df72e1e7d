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

    internal sealed class Handler(DepartDb db, IUserDirectory users, IDepartureFacts facts, IDepartureBinding binding) : IHandler<OfferAssignees, IReadOnlyList<TaskAssignee>>
    {
        public async Task<Outcome<IReadOnlyList<TaskAssignee>>> HandleAsync(OfferAssignees query, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([query.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            var found = new Dictionary<Guid, HouseUser>();
            foreach (var role in new[] { Role.It, Role.Hr, Role.Security, Role.Admin })
            {
                foreach (var user in await users.HoldersAsync(role, cancellation))
                {
                    if (user.Person is not { } person || (person != departure.Person.Value && await Colleague(person) is false))
                    {
                        found[user.Id] = user;
                    }
                }
            }

            var parties = await facts.PartiesAsync(departure, cancellation);
            foreach (var person in new[] { parties.Manager, parties.Successor, parties.Leaver }.OfType<Guid>())
            {
                if (await users.OfPersonAsync(person, cancellation) is { } user)
                {
                    found[user.Id] = user;
                }
            }

            return (TaskAssignee[])[.. found.Values.OrderBy(user => user.Name, StringComparer.CurrentCulture).Select(user => new TaskAssignee(user.Id, user.Name))];

            async Task<bool> Colleague(Guid person) => await binding.SupplierOfAsync(person, cancellation) is { } supplier
                && await binding.SupplierOfAsync(departure.Person.Value, cancellation) == supplier;
        }
    }
}
