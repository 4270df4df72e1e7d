using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>Opens the departure that ends a mission, and schedules its cut (DEP1).</summary>
/// <remarks>
/// Zone defaults to Europe/Paris, the hour of the cut to 18:00 local, the announcement to today. Tasks come from the template named by its key, otherwise from the published one
/// that is made for such a mission; without either there are none.
/// </remarks>
internal sealed record OpenDeparture(
    MissionId Mission, DateOnly LastDay, string? Zone = null, TimeOnly? CutTime = null, DepartureReason Reason = DepartureReason.MissionEnd, string? Template = null, DateOnly? AnnounceOn = null,
    PersonId? Successor = null)
    : ICommand<DepartureId>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.Manager, Role.Hr, Role.It, Role.Security, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures", (OpenDeparture command, ApiDoor door) => door.SendAsync(command)).WithTags("Departures");

    public IEnumerable<Problem> Check()
    {
        if (DeparturesText.OutOfRange(nameof(LastDay), DeparturesText.LastDay, LastDay) is { } last)
        {
            yield return last;
        }

        if (AnnounceOn is { } day && DeparturesText.OutOfRange(nameof(AnnounceOn), DeparturesText.AnnounceOn, day) is { } announced)
        {
            yield return announced;
        }

        if (Zone is not null && LocalInstant.FindZone(Zone) is null)
        {
            yield return Problem.Invalid(nameof(Zone), "zone-unknown", DeparturesText.ZoneUnknown.With(Zone));
        }
    }

    /// <summary>Whether somebody may open the departure of a mission: a manager opens those of own missions, and learns nothing of others.</summary>
    internal static bool Concerns(Actor actor, Mission mission) =>
        actor.Holds(Role.Hr, Role.It, Role.Security, Role.Admin) || actor.Via == Via.Console || (mission.Manager is { } manager && manager.Value == actor.Person);

    internal sealed class Handler(DepartDb db, Actor actor, IDepartureBinding binding, TemplateChoice templates, TaskBook tasks, IJournal journal, TimeProvider clock) : IHandler<OpenDeparture, DepartureId>
    {
        public async Task<Outcome<DepartureId>> HandleAsync(OpenDeparture command, CancellationToken cancellation)
        {
            if (await db.Set<Mission>().FirstOrDefaultAsync(mission => mission.Id == command.Mission, cancellation) is not { } mission)
            {
                return Problem.NotFound(DeparturesText.Mission);
            }

            if (!Concerns(actor, mission))
            {
                return Problem.NotFound(DeparturesText.Mission);
            }

            if (await Separation.RefusalAsync(actor, mission.Person.Value, binding, cancellation) is { } refusal)
            {
                return refusal;
            }

            if (await db.Set<Departure>().AnyAsync(
                departure => departure.Mission == command.Mission && departure.State != DepartureState.Closed && departure.State != DepartureState.Cancelled, cancellation))
            {
                return DeparturesText.AlreadyOpen;
            }

            var opened = Departure.Open(
                mission.Id, mission.Person, command.LastDay, LocalInstant.FindZone(command.Zone ?? Departure.DefaultZone)!,
                command.CutTime ?? Departure.DefaultCutTime, DepartureKind.Planned, command.Reason, clock.GetUtcNow(), mission.End, command.AnnounceOn);
            if (command.Successor is { } successor)
            {
                if (!await db.Set<Person>().AnyAsync(person => person.Id == successor, cancellation))
                {
                    return Problem.NotFound(DeparturesText.Successor);
                }

                if (successor == opened.Person)
                {
                    return DeparturesText.OwnSuccessor;
                }

                opened.HandOverTo(successor);
            }

            var template = await templates.OfAsync(opened, command.Template, cancellation);
            if (template.Problem is { } unknown)
            {
                return unknown;
            }

            db.Add(opened);
            db.Enqueue(opened.Schedule());
            if (template.Value is { } chosen)
            {
                await tasks.MakeAsync(opened, chosen, cancellation);
            }

            journal.Record(DepartureFacts.Of(opened, "departure.opened"));
            return opened.Id;
        }
    }
}

/// <summary>What the journal says of a departure.</summary>
internal static class DepartureFacts
{
    public static Fact Of(Departure departure, string kind) => new(departure.Chain, kind)
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["departure"] = departure.Id.Value,
            ["person"] = departure.Person.Value,
            ["mission"] = departure.Mission.Value,
            ["state"] = departure.State.ToString(),
            ["departureKind"] = departure.Kind.ToString(),
            ["reason"] = departure.Reason.ToString(),
            ["lastDay"] = departure.LastDay.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            ["zone"] = departure.Zone,
            ["cutAt"] = departure.CutAt,
            ["template"] = departure.Template?.Value,
            ["successor"] = departure.Successor?.Value,
        },
    };
}
