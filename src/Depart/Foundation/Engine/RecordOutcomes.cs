using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Foundation.Engine;

/// <summary>One attempt that ended, before it is recorded.</summary>
internal sealed record Attempted(WorkItem Item, WorkResult Result);

/// <summary>
/// Records what a pump did, in bulk: items, attempts and what the rooms make of them in one transaction. An answer from a lease that was
/// lost is dropped; its attempt row stays.
/// </summary>
internal sealed record RecordOutcomes(string Queue, string Node, long Epoch, IReadOnlyList<Attempted> Attempts) : ICommand<int>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal, IServiceProvider services, TimeProvider clock) : IHandler<RecordOutcomes, int>
    {
        private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

        public async Task<Outcome<int>> HandleAsync(RecordOutcomes command, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            var owns = await db.Set<WorkQueue>().AnyAsync(
                queue => queue.Name == command.Queue && queue.LeaseOwner == command.Node && queue.Epoch == command.Epoch, cancellation);
            var ids = command.Attempts.Select(attempt => attempt.Item.Id).ToList();
            var items = owns
                ? await db.Set<WorkItem>().Where(item => ids.Contains(item.Id) && item.State == WorkState.Running && item.LeaseOwner == command.Node)
                    .ToDictionaryAsync(item => item.Id, cancellation)
                : [];
            var done = new List<WorkDone>();
            foreach (var attempt in command.Attempts)
            {
                db.Add(new WorkAttempt
                {
                    WorkItem = attempt.Item.Id,
                    Attempt = attempt.Item.Attempts,
                    At = now,
                    Outcome = attempt.Result.Verdict.ToString(),
                    Error = attempt.Result.Error?.En,
                    Node = command.Node,
                    Epoch = command.Epoch,
                });
                if (!items.TryGetValue(attempt.Item.Id, out var item))
                {
                    continue;
                }

                done.Add(new(item, attempt.Result, Apply(item, attempt.Result, now)));
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
