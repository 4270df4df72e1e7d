using System.Text.Json.Serialization;
using Depart.Departures.Embargoes;
using Depart.Departures.Settings;
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
/// Zone and hour of the cut default to the settings of the house (Europe/Paris, 18:00 local as shipped), the announcement to today. Tasks come from the template named by its key, otherwise from the published one
/// that is made for such a mission; without either there are none. The successor may be said by an address that the record knows: a mission manager lists nobody. Under
/// <paramref name="Embargo"/> only whoever opens it and the users named as <paramref name="Confidants"/> know of it until its cut (DEP3).
/// </remarks>
internal sealed record OpenDeparture(
    MissionId Mission, DateOnly LastDay, string? Zone = null, TimeOnly? CutTime = null, DepartureReason Reason = DepartureReason.MissionEnd, string? Template = null, DateOnly? AnnounceOn = null,
    PersonId? Successor = null, string? SuccessorMail = null, bool Embargo = false, IReadOnlyList<Guid>? Confidants = null)
    : ICommand<DepartureId>, IRouted, IChecked
{
    /// <summary>Its cut starts in the same transaction, by the room that disconnects: none is scheduled.</summary>
    [JsonIgnore]
    internal bool Immediate { get; init; }

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

        if (!Embargo && Confidants is { Count: > 0 })
        {
            yield return EmbargoText.NobodyNamed;
        }
    }

    internal sealed class Handler(DepartDb db, Actor actor, IDepartureBinding binding, TemplateChoice templates, DepartureOpening opening, EmbargoBook embargoes, HouseRules house, IJournal journal, TimeProvider clock) : IHandler<OpenDeparture, DepartureId>
    {
        public async Task<Outcome<DepartureId>> HandleAsync(OpenDeparture command, CancellationToken cancellation)
        {
            if (await db.Set<Mission>().FirstOrDefaultAsync(mission => mission.Id == command.Mission, cancellation) is not { } mission)
            {
                return Problem.NotFound(DeparturesText.Mission);
            }

            if (!OpenableMissions.Concerns(actor, mission))
            {
                return Problem.NotFound(DeparturesText.Mission);
            }

            if (await Separation.RefusalAsync(actor, mission.Person.Value, binding, cancellation) is { } refusal)
            {
                return refusal;
            }

            if (await db.Set<Departure>().FirstOrDefaultAsync(
                departure => departure.Mission == command.Mission && departure.State != DepartureState.Closed && departure.State != DepartureState.Cancelled, cancellation) is { } known)
            {
                return known is { Prepared: true, IsAhead: true } ? DeparturesText.OnlyPrepared : DeparturesText.AlreadyOpen;
            }

            var usual = await house.GetAsync(cancellation);
            var zone = command.Zone is { } named ? LocalInstant.FindZone(named)! : await house.ZoneAsync(cancellation);
            var opened = Departure.Open(
                mission.Id, mission.Person, command.LastDay, zone, command.CutTime ?? usual.CutTime, command.Immediate ? DepartureKind.Immediate : DepartureKind.Planned, command.Reason, clock.GetUtcNow(), mission.End, command.AnnounceOn,
                await house.CalendarAsync(cancellation));
            if (command.Successor is not null || !string.IsNullOrWhiteSpace(command.SuccessorMail))
            {
                if (await SuccessorAsync(command, cancellation) is not { } successor)
                {
                    return command.SuccessorMail is { } unknown ? Problem.Invalid(nameof(Successor), "nobody", DeparturesText.NobodyCalled.With(unknown)) : Problem.NotFound(DeparturesText.Successor);
                }

                if (successor == opened.Person)
                {
                    return DeparturesText.OwnSuccessor;
                }

                opened.HandOverTo(successor);
            }

            if (command.Embargo && await embargoes.ImposeAsync(opened, mission, command.Confidants ?? [], journal, cancellation) is { } strange)
            {
                return strange;
            }

            var template = await templates.OfAsync(opened, command.Template, cancellation);
            if (template.Problem is { } noTemplate)
            {
                return noTemplate;
            }

            await opening.OpenAsync([(opened, template.Value)], fact => fact with { Holds = opened.UnderEmbargo ? true : null }, cancellation);
            return opened.Id;
        }

        /// <summary>Whoever is meant; nobody when they are not in the record, or when several share the address.</summary>
        private async Task<PersonId?> SuccessorAsync(OpenDeparture command, CancellationToken cancellation)
        {
            var mail = command.SuccessorMail?.Trim().ToLowerInvariant();
            var found = await (command.Successor is { } id
                ? db.Set<Person>().Where(person => person.Id == id)
                : db.Set<Person>().Where(person => person.Mails.Any(known => known == mail))).Select(person => person.Id).Take(2).ToListAsync(cancellation);
            return found is [var one] ? one : null;
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
            ["embargo"] = departure.UnderEmbargo ? true : null,
        },
    };
}
