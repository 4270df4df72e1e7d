using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Foundation.Engine;

/// <summary>What a claim gave.</summary>
/// <param name="Epoch">Counts the owners of the queue: outcomes of an older epoch are dropped.</param>
/// <param name="Concurrency">Calls in flight at once.</param>
/// <param name="PerSecond">Calls begun per second, or null without limit.</param>
/// <param name="Probe">The breaker was open: one item only, to see whether the system is well again.</param>
/// <param name="Suspect">Something that may have ended the process is next, or was given: it is claimed alone, when nothing else is in hand.</param>
/// <param name="Items">What is to be run now; counted as attempted already.</param>
internal sealed record Claim(long Epoch, int Concurrency, int? PerSecond, bool Probe, bool Suspect, IReadOnlyList<WorkItem> Items);

/// <summary>
/// The lease of one queue: who may run it. Its row in the database is the fence; this is the only code that changes work items outside the door.
/// </summary>
internal sealed class QueueLease(string queue, string node, IServiceScopeFactory scopes, WriteGate gate, TimeProvider clock)
{
    /// <summary>How long a lease lasts without a renewal.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private long? epoch;

    /// <summary>Something broke, and what was claimed then has not been freed yet: it looks as if it ran.</summary>
    public bool IsForgotten { get; private set; }

    /// <summary>Past this instant nothing more is sent: another node may have taken over.</summary>
    public DateTimeOffset Deadline { get; private set; }

    /// <summary>
    /// Takes or keeps the lease and claims what is due, a suspect only where one item is asked for; null when the queue is paused, at rest behind its breaker, or another's.
    /// </summary>
    public async Task<Claim?> ClaimAsync(int limit, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        using var turn = await gate.EnterEngineAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var now = clock.GetUtcNow();
        if (await TakeAsync(db, now, cancellation) is not { } row)
        {
            return null;
        }

        if (row.Epoch != epoch)
        {
            // Taken over: what the last owner had claimed is free again, its attempt counted and recorded.
            await ReleaseAsync(db, now, cancellation);
        }

        var probe = row.BreakerUntil is not null;
        var most = probe ? 1 : limit;
        var items = await TakeDueAsync(db, now, most, cancellation);
        var suspect = items.FindIndex(item => item.IsSuspect);
        if (suspect >= 0 && most > 1)
        {
            await GiveBackAsync(db, items[suspect..], cancellation);
            items = items[..suspect];
        }

        await transaction.CommitAsync(cancellation);
        (epoch, Deadline, IsForgotten) = (row.Epoch, now + (Life * 0.8), false);
        return new(row.Epoch, row.MaxConcurrency, row.RatePerSecond, probe, suspect >= 0, items);
    }

    /// <summary>
    /// Something broke: the next claim counts as another owner's, so that what was claimed is freed and late outcomes are dropped.
    /// </summary>
    public void Forget() => (epoch, IsForgotten) = (null, true);

    /// <summary>Keeps the lease; gives the queue as it stands, or null when the lease was lost.</summary>
    public async Task<WorkQueue?> RenewAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        using var turn = await gate.EnterEngineAsync(cancellation);
        var now = clock.GetUtcNow();
        var rows = await db.Set<WorkQueue>().FromSql($"""
            UPDATE work_queues SET "LeaseUntil" = {(now + Life).ToUnixTimeMilliseconds()} WHERE "Name" = {queue} AND "LeaseOwner" = {node} AND "Epoch" = {epoch} RETURNING *
            """).AsNoTracking().ToListAsync(cancellation);
        if (rows is not [var row])
        {
            return null;
        }

        Deadline = now + (Life * 0.8);
        return row;
    }

    /// <summary>Gives items back that were claimed and never sent: their attempt does not count.</summary>
    public async Task HandBackAsync(IReadOnlyCollection<WorkItem> items, CancellationToken cancellation)
    {
        if (items.Count == 0)
        {
            return;
        }

        await using var scope = scopes.CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        using var turn = await gate.EnterEngineAsync(cancellation);
        await GiveBackAsync(db, items, cancellation);
    }

    /// <summary>Opens the breaker until an instant, or closes it (null).</summary>
    public async Task BreakAsync(DateTimeOffset? until, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        using var turn = await gate.EnterEngineAsync(cancellation);
        await db.Set<WorkQueue>().Where(row => row.Name == queue)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.BreakerUntil, until), cancellation);
    }

    private Task GiveBackAsync(DepartDb db, IReadOnlyCollection<WorkItem> items, CancellationToken cancellation)
    {
        var ids = items.Select(item => item.Id).ToList();
        return db.Set<WorkItem>().Where(item => ids.Contains(item.Id) && item.State == WorkState.Running && item.LeaseOwner == node).ExecuteUpdateAsync(
            set => set.SetProperty(item => item.State, WorkState.Pending).SetProperty(item => item.LeaseOwner, (string?)null)
                .SetProperty(item => item.Attempts, item => item.Attempts - 1), cancellation);
    }

    /// <summary>Takes or keeps the lease; gives the queue as it stands now, or null when this node may not run it.</summary>
    private async Task<WorkQueue?> TakeAsync(DepartDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        var known = epoch ?? -1;
        var (at, until) = (now.ToUnixTimeMilliseconds(), (now + Life).ToUnixTimeMilliseconds());
        var rows = await db.Set<WorkQueue>().FromSql($"""
            UPDATE work_queues
            SET "Epoch" = CASE WHEN "LeaseOwner" = {node} AND "Epoch" = {known} THEN "Epoch" ELSE "Epoch" + 1 END, "LeaseOwner" = {node}, "LeaseUntil" = {until}
            WHERE "Name" = {queue} AND NOT "Paused" AND ("BreakerUntil" IS NULL OR "BreakerUntil" <= {at})
                AND ("LeaseOwner" IS NULL OR "LeaseOwner" = {node} OR "LeaseUntil" < {at})
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellation);
        return rows.SingleOrDefault();
    }

    /// <summary>
    /// Marks what is due as running, in one statement: what a person withdraws at the same moment is withdrawn, or runs. Counted before the call: an item
    /// that kills the process reaches the dead letters.
    /// </summary>
    private async Task<List<WorkItem>> TakeDueAsync(DepartDb db, DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        var at = now.ToUnixTimeMilliseconds();
        var items = await db.Set<WorkItem>().FromSql($"""
            WITH due AS MATERIALIZED (
                SELECT "Id" FROM work_items WHERE "Queue" = {queue} AND "State" = 0 AND "DueAt" <= {at} ORDER BY "DueAt", "Priority", "Id" LIMIT {limit})
            UPDATE work_items SET "State" = 1, "LeaseOwner" = {node}, "Attempts" = "Attempts" + 1
            WHERE "Id" IN (SELECT "Id" FROM due) AND "State" = 0
            RETURNING *
            """).IgnoreQueryFilters().AsNoTracking().ToListAsync(cancellation);
        return [.. items.OrderBy(item => item.DueAt).ThenBy(item => item.Priority).ThenBy(item => item.Id)];
    }

    private async Task ReleaseAsync(DepartDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        var left = await db.Set<WorkItem>().Where(item => item.Queue == queue && item.State == WorkState.Running).ToListAsync(cancellation);
        foreach (var item in left)
        {
            db.Add(WorkAttempt.InterruptedOf(item, now, node));
            item.Free();
        }

        await db.SaveChangesAsync(cancellation);
        db.ChangeTracker.Clear();
    }
}
