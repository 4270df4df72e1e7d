using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>Finds the template for a departure: the one that is named, or the published one that is made for such a mission.</summary>
internal sealed class TemplateChoice(DepartDb db, TemplateShelf shelf, TaskTemplates templates, IDepartureFacts facts)
{
    /// <summary>The version to use; null when none is made for it, a problem when the one named does not exist.</summary>
    public async Task<Outcome<ProcessTemplate?>> OfAsync(Departure departure, string? key, CancellationToken cancellation)
    {
        if (key is { Length: > 0 })
        {
            return await shelf.PublishedAsync(key, cancellation) is { } named ? named : Problem.NotFound(TasksText.Template);
        }

        var known = await facts.OfAsync(departure, cancellation);
        var published = await db.Set<ProcessTemplate>().Where(template => template.State == TemplateState.Published).OrderBy(template => template.Key).ThenByDescending(template => template.Number)
            .Select(template => new { template.Id, template.Key, template.Shipped }).ToListAsync(cancellation);
        foreach (var candidate in published.DistinctBy(template => template.Key).OrderBy(template => template.Shipped))
        {
            // The company's own come before those that came with the product.
            if (await templates.FindAsync(db, candidate.Id, cancellation) is { } document && document.IsFor(known) && !document.For.IsEmpty)
            {
                return await db.Set<ProcessTemplate>().FirstAsync(template => template.Id == candidate.Id, cancellation);
            }
        }

        return (ProcessTemplate?)null;
    }
}
