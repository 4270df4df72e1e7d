using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>Finds the template for a departure: the one that is named, or the published one that is made for such a mission. Scoped: what is published is read once.</summary>
internal sealed class TemplateChoice(DepartDb db, TemplateShelf shelf, TaskTemplates templates, IDepartureFacts facts)
{
    private readonly Dictionary<ProcessTemplateId, ProcessTemplate> rows = [];
    private IReadOnlyList<(ProcessTemplateId Id, ProcessDocument Document)>? candidates;

    /// <summary>The version to use; null when none is made for it, a problem when the one named does not exist.</summary>
    public async Task<Outcome<ProcessTemplate?>> OfAsync(Departure departure, string? key, CancellationToken cancellation)
    {
        if (key is { Length: > 0 })
        {
            return await shelf.PublishedAsync(key, cancellation) is { } named ? named : Problem.NotFound(TasksText.Template);
        }

        return await ForAsync((await facts.OfAsync([departure], cancellation))[departure.Id].Facts, cancellation);
    }

    /// <summary>The version made for such a departure, or null.</summary>
    public async Task<ProcessTemplate?> ForAsync(DepartureFactsForTasks known, CancellationToken cancellation)
    {
        candidates ??= await CandidatesAsync(cancellation);

        // What is made for an immediate departure comes before what suits any.
        var suits = candidates.Where(candidate => candidate.Document.IsFor(known));
        if (suits.OrderBy(candidate => known.Immediate && !candidate.Document.For.Facts.ContainsKey(TemplateFact.Immediate)).FirstOrDefault() is not { Document: not null } found)
        {
            return null;
        }

        return rows.TryGetValue(found.Id, out var row) ? row : rows[found.Id] = await db.Set<ProcessTemplate>().FirstAsync(template => template.Id == found.Id, cancellation);
    }

    /// <summary>The last published version of every process that says what it is made for; the company's own come before those that came with the product.</summary>
    private async Task<IReadOnlyList<(ProcessTemplateId Id, ProcessDocument Document)>> CandidatesAsync(CancellationToken cancellation)
    {
        var published = await db.Set<ProcessTemplate>().Where(template => template.State == TemplateState.Published).OrderBy(template => template.Key).ThenByDescending(template => template.Number)
            .Select(template => new { template.Id, template.Key, template.Shipped }).ToListAsync(cancellation);
        var found = new List<(ProcessTemplateId, ProcessDocument)>();
        foreach (var candidate in published.DistinctBy(template => template.Key).OrderBy(template => template.Shipped))
        {
            if (await templates.FindAsync(db, candidate.Id, cancellation) is { } document && !document.For.IsEmpty)
            {
                found.Add((candidate.Id, document));
            }
        }

        return found;
    }
}
