using Depart.Foundation.Storage;

namespace Depart.Foundation.Door;

/// <summary>A change of state to be proved. Public values are kept for ever; personal ones can be erased.</summary>
/// <param name="Chain">The departure's key in <c>N</c> format, or <see cref="House"/>.</param>
/// <param name="Kind">Dotted word: <c>revocation.settled</c>.</param>
internal sealed record Fact(string Chain, string Kind)
{
    /// <summary>The chain of what belongs to no departure.</summary>
    public const string House = "house";

    /// <summary>Values that name nobody: identifiers, keys, outcomes, instants, numbers.</summary>
    public IReadOnlyDictionary<string, object?> Values { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Closes what an outsider will want to hold: the journal is sealed at once, not with the next checkpoint.</summary>
    public bool Seals { get; init; }

    /// <summary>
    /// True: its chain is held from now on, false: no more. A checkpoint says how many chains have moved, and so would tell of one that nobody may know of: one that is held makes no checkpoint,
    /// and takes in others the place of a leaf that is always there.
    /// </summary>
    public bool? Holds { get; init; }

    /// <summary>Values that name or describe somebody: only their salted digests are chained.</summary>
    public IReadOnlyDictionary<string, string?> Personal { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);
}

/// <summary>A fact that has its place in the journal.</summary>
/// <param name="Fact">What happened.</param>
/// <param name="Sequence">Its place in its chain.</param>
/// <param name="At">UTC.</param>
internal sealed record WrittenFact(Fact Fact, long Sequence, DateTimeOffset At);

/// <summary>A room that follows what is journalled: it is told in the same transaction, before it is committed. Scoped.</summary>
internal interface IJournalWatch
{
    /// <summary>These were written.</summary>
    Task WrittenAsync(IReadOnlyList<WrittenFact> written, CancellationToken cancellation);
}

/// <summary>Takes facts while a command is handled; the dispatcher writes them in the same transaction. Scoped.</summary>
internal interface IJournal
{
    /// <summary>Adds a fact.</summary>
    void Record(Fact fact);

    /// <summary>Chains what was recorded and adds it to the context; called once by the dispatcher, inside the transaction.</summary>
    Task WriteAsync(DepartDb db, Actor actor, CancellationToken cancellation);
}
