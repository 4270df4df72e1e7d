using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>A template that a departure may follow.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Title">Its title.</param>
public sealed record TemplateOffer(string Key, Words Title);

/// <summary>The templates on offer for the end of a mission.</summary>
/// <param name="Automatic">The one made for such a mission, or null: none is.</param>
/// <param name="Because">The facts of the mission that it is made for, in the reader's language; empty without one.</param>
/// <param name="All">Every published process, by title.</param>
public sealed record TemplateOffers(TemplateOffer? Automatic, string Because, IReadOnlyList<TemplateOffer> All);

/// <summary>Says which template the departure of a mission would follow by itself and why, and which others may be chosen (PRO1).</summary>
internal sealed record OfferTemplates(MissionId Mission) : IQuery<TemplateOffers>, IRouted
{
    public static Access Access => OpenDeparture.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/missions/{mission}/templates", (MissionId mission, ApiDoor door) => door.AskAsync(new OfferTemplates(mission))).WithTags("Templates");

    internal sealed class Handler(DepartDb db, Actor actor, TemplateChoice choice, TaskTemplates templates, IDepartureFacts facts, TimeProvider clock) : IHandler<OfferTemplates, TemplateOffers>
    {
        public async Task<Outcome<TemplateOffers>> HandleAsync(OfferTemplates query, CancellationToken cancellation)
        {
            if (await db.Set<Mission>().AsNoTracking().FirstOrDefaultAsync(mission => mission.Id == query.Mission, cancellation) is not { } mission
                || !OpenableMissions.Concerns(actor, mission))
            {
                return Problem.NotFound(DeparturesText.Mission);
            }

            // Never kept: as the departure would be, to be judged by the same rule.
            var now = clock.GetUtcNow();
            var departure = Departure.Open(
                mission.Id, mission.Person, DateOnly.FromDateTime(now.UtcDateTime), LocalInstant.FindZone(Departure.DefaultZone)!, Departure.DefaultCutTime, DepartureKind.Planned, DepartureReason.MissionEnd, now);
            var chosen = (await choice.OfAsync(departure, null, cancellation)).Value;
            var published = await db.Set<ProcessTemplate>().Where(template => template.State == TemplateState.Published)
                .Select(template => new { template.Key, template.Number, template.TitleEn, template.TitleFr }).ToListAsync(cancellation);
            return new TemplateOffers(
                chosen is null ? null : new(chosen.Key, chosen.Title),
                chosen is null ? "" : Because(templates.DocumentOf(chosen).For, (await facts.OfAsync([departure], cancellation))[departure.Id].Facts),
                [.. published.GroupBy(template => template.Key).Select(versions => versions.MaxBy(version => version.Number)!)
                    .Select(template => new TemplateOffer(template.Key, new(template.TitleEn, template.TitleFr))).OrderBy(offer => offer.Title.ToString(), StringComparer.CurrentCulture)]);
        }
    }

    /// <summary>The facts that the template is made for, as they are here: « nature de la mission : régie ».</summary>
    private static string Because(FactConditions conditions, DepartureFactsForTasks facts) => string.Join(", ", conditions.Facts.Keys.Select(TemplateFact.Named).OfType<TemplateFact>().Select(fact =>
        DeparturesText.Fact.With(Lower(fact.Label.ToString()), Lower(fact.Of(facts) is { } value ? TemplatesText.ValueOf(fact, value) : "–")).ToString()));

    private static string Lower(string text) => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];
}
