namespace Depart.Foundation.Door;

/// <summary>Declares who may send it.</summary>
internal interface IGuarded
{
    /// <summary>Who may.</summary>
    static abstract Access Access { get; }
}

/// <summary>A change. A record, named by its verb, with its nested <c>Handler</c>.</summary>
/// <typeparam name="TResult">What it gives.</typeparam>
internal interface ICommand<TResult> : IGuarded;

/// <summary>A question; changes nothing.</summary>
/// <typeparam name="TResult">What it gives.</typeparam>
internal interface IQuery<TResult> : IGuarded;

/// <summary>Has routes in the API; found by scanning.</summary>
internal interface IRouted
{
    /// <summary>Maps the routes under <c>/api/v1</c>.</summary>
    static abstract void Map(IEndpointRouteBuilder api);
}

/// <summary>Checks its own fields before anything is opened.</summary>
internal interface IChecked
{
    /// <summary>What is wrong, one problem per field.</summary>
    IEnumerable<Problem> Check();
}

/// <summary>
/// Dangerous enough that a page must have asked for the password in the last five minutes (<see cref="RequestContext.ProvedAt"/>). A
/// token needs no more than being allowed to write.
/// </summary>
internal interface IRequiresProof
{
    /// <summary>How long a password given again counts.</summary>
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    /// <summary>Whether a proof of then still counts; one from the future, by a clock that was set back, does not.</summary>
    static bool Counts(DateTimeOffset? provedAt, DateTimeOffset now) => provedAt is { } at && now - at is { Ticks: >= 0 } age && age <= Fresh;

    /// <summary>Whether this very request does.</summary>
    bool NeedsProof { get; }
}

/// <summary>
/// Changes by what its sender signs in. Never with a token: it may hold fewer roles than its owner, and ends on its day or when it is revoked; a way in made with it would hold them all, and stay.
/// </summary>
internal interface IOwnWayIn : IRequiresProof;

/// <summary>Handles one command or query. Works on the scope's <c>DepartDb</c>; the dispatcher saves.</summary>
internal interface IHandler<in TRequest, TResult>
{
    /// <summary>Does it, or says why not. A problem means that nothing is saved.</summary>
    Task<Outcome<TResult>> HandleAsync(TRequest request, CancellationToken cancellation);
}

/// <summary>What goes with a request beside its content.</summary>
internal sealed record RequestContext
{
    /// <summary>No more than the request.</summary>
    public static RequestContext None { get; } = new();

    /// <summary>Same over retries of the same intent: the first answer is given again. At most 200 characters.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The version that was read (If-Match), or null to accept any.</summary>
    public long? Version { get; init; }

    /// <summary>When the caller last proved who they are (password), for what is dangerous. UTC.</summary>
    public DateTimeOffset? ProvedAt { get; init; }
}

/// <summary>The context of the request being handled; scoped.</summary>
internal sealed class RequestSlot
{
    /// <summary>The context.</summary>
    public RequestContext Context { get; set; } = RequestContext.None;
}
