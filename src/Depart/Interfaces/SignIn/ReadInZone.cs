using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;

namespace Depart.Interfaces.SignIn;

/// <summary>Chooses the IANA zone in which one reads instants that belong to no departure; null or empty is that of the house.</summary>
/// <remarks>What has a zone of its own keeps it: a cut is shown by the clock of its departure.</remarks>
internal sealed record ReadInZone(string? Zone) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/me/zone", (ReadInZone command, ApiDoor door) => door.SendAsync(command)).WithTags("Users");

    public IEnumerable<Problem> Check()
    {
        if (!string.IsNullOrWhiteSpace(Zone) && LocalInstant.FindZone(Zone.Trim()) is null)
        {
            yield return Problem.Invalid(nameof(Zone), "zone-unknown", DeparturesText.ZoneUnknown.With(Zone));
        }
    }

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal) : IHandler<ReadInZone, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ReadInZone command, CancellationToken cancellation)
        {
            if (actor.User is not { } id || await db.FindAsync<User>([UserId.From(id)], cancellation) is not { } user)
            {
                return Problem.Forbidden;
            }

            var zone = string.IsNullOrWhiteSpace(command.Zone) ? null : command.Zone.Trim();
            if (user.Zone != zone)
            {
                user.ReadIn(zone);
                journal.Record(UserFacts.Of(user, "user.zone-chosen", ("zone", zone)));
            }

            return Done.Value;
        }
    }
}
