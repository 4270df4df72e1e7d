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
            var items = await db.Set<WorkItem>().Where(item => ids.Contains(item.Id) && item.State == WorkState.Running && item.LeaseOwner == command.Node)
                .ToDictionaryAsync(item => item.Id, cancellation);
            var done = new List<WorkDone>();
            foreach (var (queue, epoch, attempt, _) in command.Outcomes)
            {
                db.Add(new WorkAttempt
                {
                    WorkItem = attempt.Item.Id,
                    Attempt = attempt.Item.Attempts,
                    At = now,
                    Outcome = attempt.Result.Verdict.ToString(),
                    Error = attempt.Result.Error?.En,
                    Node = command.Node,
                    Epoch = epoch,
                });
                if (epochs.TryGetValue(queue, out var current) && current == epoch && items.TryGetValue(attempt.Item.Id, out var item))
                {
                    done.Add(new(item, attempt.Result, Apply(item, attempt.Result, now)));
                }
            }

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
                case WorkVerdict.Retry when item.Attempts < item.MaxAttempts:
                    item.State = WorkState.Pending;
                    item.DueAt = now + (result.RetryAfter ?? Backoff(item.Attempts));
                    return false;
                default:
                    (item.State, item.DoneAt) = (WorkState.Dead, now);
                    return true;
            }
        }

        private static TimeSpan Backoff(int attempts)
        {
            var wait = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(attempts - 1, 10)));
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
                (item.State, item.LeaseOwner) = (WorkState.Pending, null);
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
