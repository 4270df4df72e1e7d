using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Foundation.Engine;

/// <summary>One attempt that ended, before it is recorded.</summary>
internal sealed record Attempted(WorkItem Item, WorkResult Result);

/// <summary>
/// Records what the pumps of a node did, in bulk: items, attempts and what the rooms make of them in one transaction. An answer from a lease that
/// was lost is dropped; its attempt row stays.
/// </summary>
internal sealed record RecordOutcomes(string Node, IReadOnlyList<PostedOutcome> Outcomes) : ICommand<int>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal, IServiceProvider services, TimeProvider clock) : IHandler<RecordOutcomes, int>
    {
        private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

        public async Task<Outcome<int>> HandleAsync(RecordOutcomes command, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            var queues = command.Outcomes.Select(outcome => outcome.Queue).Distinct(StringComparer.Ordinal).ToList();
            var epochs = await db.Set<WorkQueue>().AsNoTracking().Where(queue => queues.Contains(queue.Name) && queue.LeaseOwner == command.Node)
                .ToDictionaryAsync(queue => queue.Name, queue => queue.Epoch, StringComparer.Ordinal, cancellation);
            var ids = command.Outcomes.Select(outcome => outcome.Attempted.Item.Id).ToList();
            var held = await db.Set<WorkItem>().Where(item => ids.Contains(item.Id) && queues.Contains(item.Queue) && item.State == WorkState.Running && item.LeaseOwner == command.Node)
                .Select(item => item.Id).ToHashSetAsync(cancellation);
            var attempts = new List<WorkAttempt>(command.Outcomes.Count);
            var done = new List<WorkDone>(command.Outcomes.Count);
            foreach (var (queue, epoch, (item, result), _) in command.Outcomes)
            {
                attempts.Add(new()
                {
                    WorkItem = item.Id,
                    Attempt = item.Attempts,
                    At = now,
                    Outcome = result.Verdict.ToString(),
                    Error = result.Error?.En,
                    Node = command.Node,
                    Epoch = epoch,
                });
                if (epochs.TryGetValue(queue, out var current) && current == epoch && held.Contains(item.Id))
                {
                    // What the pump holds stays as it was: this may be tried again.
                    var row = item.Copy();
                    db.Attach(row);
                    done.Add(new(row, result, Apply(row, result, now)));
                }
            }

            await db.InsertAsync(attempts, cancellation);
            foreach (var kind in done.GroupBy(work => work.Item.Kind, StringComparer.Ordinal))
            {
                await services.GetRequiredKeyedService<IWorkHandler>(kind.Key).RecordAsync(db, journal, [.. kind], cancellation);
            }

            return done.Count;
        }

        /// <summary>Moves the item on; true when it was given up.</summary>
        private static bool Apply(WorkItem item, WorkResult result, DateTimeOffset now)
        {
            item.LeaseOwner = null;
            item.LastError = result.Error?.En;
            switch (result.Verdict)
            {
                case WorkVerdict.Done:
                    (item.State, item.DoneAt) = (WorkState.Done, now);
                    return false;
                case WorkVerdict.Retry when item.Tries < item.MaxTries:
                    item.State = WorkState.Pending;
                    item.DueAt = now + (result.RetryAfter ?? Backoff(item.Tries));
                    return false;
                default:
                    (item.State, item.DoneAt) = (WorkState.Dead, now);
                    return true;
            }
        }

        private static TimeSpan Backoff(int tries)
        {
            var wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(tries - 1, 10)));
            return (wait < LongestWait ? wait : LongestWait) * (0.5 + Random.Shared.NextDouble());
        }
    }
}

/// <summary>Frees what ran when the process died, its attempt counted and recorded as interrupted. Sent at start, when one node owns the database.</summary>
internal sealed record RecoverInterrupted(string Node) : ICommand<int>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<RecoverInterrupted, int>
    {
        public async Task<Outcome<int>> HandleAsync(RecoverInterrupted command, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            await db.Set<WorkQueue>().ExecuteUpdateAsync(
                set => set.SetProperty(queue => queue.LeaseOwner, (string?)null).SetProperty(queue => queue.LeaseUntil, (DateTimeOffset?)null), cancellation);
            foreach (var name in await db.Set<WorkItem>().Where(item => item.State == WorkState.Pending || item.State == WorkState.Running)
                .Select(item => item.Queue).Distinct().Where(name => !db.Set<WorkQueue>().Any(queue => queue.Name == name)).ToListAsync(cancellation))
            {
                db.Add(new WorkQueue { Name = name });
            }

            var interrupted = await db.Set<WorkItem>().Where(item => item.State == WorkState.Running).ToListAsync(cancellation);
            foreach (var item in interrupted)
            {
                db.Add(WorkAttempt.InterruptedOf(item, now, command.Node));
                item.Free();
            }

            if (interrupted.Count > 0)
            {
                journal.Record(new(Fact.House, "engine.recovered")
                {
                    Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["interrupted"] = interrupted.Count },
                });
            }

            return interrupted.Count;
        }
    }
}
