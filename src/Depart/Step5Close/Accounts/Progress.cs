using Depart.Foundation.Engine;
using Depart.Foundation.Storage;

namespace Depart.Step5Close.Accounts;

/// <summary>Moves through the graph of one disconnection: what ends well releases, what fails blocks and is named.</summary>
internal sealed class Progress(DepartDb db, IReadOnlyCollection<Revocation> rows, Func<RevocationId, bool> byHand)
{
    private readonly Dictionary<Guid, Revocation> all = rows.ToDictionary(row => row.Id.Value);

    /// <summary>Gives a step whose turn has come to the engine, or to a person.</summary>
    public void Start(Revocation row, DateTimeOffset due)
    {
        if (byHand(row.Id))
        {
            row.AskPerson();
            return;
        }

        db.Enqueue(row.Start(WorkQueues.OfSystem(row.System.Value), due, row.Level));
    }

    /// <summary>A step is settled: successors start, wait on, or are blocked.</summary>
    public void Release(Revocation row, DateTimeOffset now)
    {
        foreach (var successor in row.Successors)
        {
            var next = all[successor.Id];
            next.Pending = Math.Max(0, next.Pending - 1);
            if (next.State != RevocationState.Waiting)
            {
                continue;
            }

            if (successor.Hard && !row.IsWell)
            {
                // What blocks is the step that failed, not the one that was blocked in turn.
                next.Block(row.BlockedBy ?? row.Id);
                Release(next, now);
            }
            else if (next.Pending == 0)
            {
                Start(next, now);
            }
        }
    }

    /// <summary>A settled step is to run again: what it held up waits again.</summary>
    public void Rewind(Revocation row)
    {
        row.Again();
        foreach (var successor in row.Successors)
        {
            var next = all[successor.Id];
            next.Pending++;
            if (next.State is RevocationState.Blocked || (next.Action == OrderResolver.Verify && next.IsSettled))
            {
                Rewind(next);
            }
        }
    }
}
