namespace Depart.Step5Close.Accounts;

/// <summary>
/// Moves through the graph of one disconnection, or through the part of it that is one account: what ends well releases, what fails blocks and is
/// named. Steps outside <paramref name="rows"/> are left alone.
/// </summary>
/// <param name="rows">The steps.</param>
/// <param name="byHand">Whether a person must do a step.</param>
/// <param name="ready">Told of each step whose turn has come for the engine.</param>
internal sealed class Progress(IReadOnlyCollection<Revocation> rows, Func<Revocation, bool> byHand, Action<Revocation> ready)
{
    private readonly Dictionary<Guid, Revocation> all = rows.ToDictionary(row => row.Id.Value);

    /// <summary>Gives a step whose turn has come to the engine, or to a person.</summary>
    public void Start(Revocation row)
    {
        if (byHand(row))
        {
            row.AskPerson();
            return;
        }

        row.Ready();
        ready(row);
    }

    /// <summary>A step is settled: successors start, wait on, or are blocked.</summary>
    public void Release(Revocation row)
    {
        foreach (var successor in row.Successors)
        {
            if (!all.TryGetValue(successor.Id, out var next))
            {
                continue;
            }

            next.Pending = Math.Max(0, next.Pending - 1);
            if (next.State != RevocationState.Waiting)
            {
                continue;
            }

            if (successor.Hard && !row.IsWell)
            {
                // What blocks is the step that failed, not the one that was blocked in turn.
                next.Block(row.BlockedBy ?? row.Id);
                Release(next);
            }
            else if (next.Pending == 0)
            {
                Start(next);
            }
        }
    }

    /// <summary>
    /// The actions that would run one after the other, beginning with <paramref name="first"/>, if each ended well; up to what is not an action of the engine's.
    /// Nothing is changed.
    /// </summary>
    public IReadOnlyList<Revocation> Foresee(IEnumerable<Revocation> first)
    {
        var turn = new Queue<Revocation>(first);
        var pending = new Dictionary<Guid, int>();
        var foreseen = new List<Revocation>();
        while (turn.TryDequeue(out var row) && row.Action is not (OrderResolver.Snapshot or OrderResolver.Verify) && !byHand(row))
        {
            foreseen.Add(row);
            foreach (var successor in row.Successors)
            {
                if (all.TryGetValue(successor.Id, out var next) && next.State == RevocationState.Waiting
                    && (pending[successor.Id] = pending.GetValueOrDefault(successor.Id, next.Pending) - 1) == 0)
                {
                    turn.Enqueue(next);
                }
            }
        }

        return foreseen;
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
