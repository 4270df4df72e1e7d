using System.Collections.Concurrent;
using Depart.Foundation.Storage;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>Published processes, read once: a version never changes.</summary>
internal sealed class TaskTemplates
{
    private readonly ConcurrentDictionary<ProcessTemplateId, ProcessDocument> known = new();

    /// <summary>The process of a published version.</summary>
    public ProcessDocument DocumentOf(ProcessTemplate template) => known.GetOrAdd(template.Id, static (_, row) => row.Document!, template);

    /// <summary>The same by its identifier; null when there is no such version.</summary>
    public async Task<ProcessDocument?> FindAsync(DepartDb db, ProcessTemplateId id, CancellationToken cancellation) =>
        known.TryGetValue(id, out var document) ? document
        : await db.Set<ProcessTemplate>().AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation) is { Resolved: not null } row ? DocumentOf(row) : null;
}
