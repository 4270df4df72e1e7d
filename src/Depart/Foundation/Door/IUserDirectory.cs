namespace Depart.Foundation.Door;

/// <summary>Somebody with an account, as rooms that must name or write to them see it.</summary>
/// <param name="Id">The user.</param>
/// <param name="Person">Who they are in the record, or null.</param>
/// <param name="Name">As shown.</param>
/// <param name="Mail">Where to write.</param>
/// <param name="Language"><c>fr</c>, <c>en</c>, or null when never chosen.</param>
internal sealed record HouseUser(Guid Id, Guid? Person, string Name, string Mail, string? Language);

/// <summary>Looks users up; implemented by the room that owns sign-in. Disabled accounts are never given.</summary>
internal interface IUserDirectory
{
    /// <summary>Everyone who holds a role, by name.</summary>
    Task<IReadOnlyList<HouseUser>> HoldersAsync(Role role, CancellationToken cancellation);

    /// <summary>One user, or null.</summary>
    Task<HouseUser?> FindAsync(Guid user, CancellationToken cancellation);

    /// <summary>The user who is that person of the record, or null.</summary>
    Task<HouseUser?> OfPersonAsync(Guid person, CancellationToken cancellation);

    /// <summary>Names by user, of those that exist, disabled ones too: what they did keeps their name.</summary>
    Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IReadOnlyCollection<Guid> users, CancellationToken cancellation);
}
