namespace Depart.Foundation.Door;

/// <summary>Somebody with an account, as rooms that must name or write to them see it.</summary>
/// <param name="Id">The user.</param>
/// <param name="Person">Who they are in the record, or null.</param>
/// <param name="Name">As shown.</param>
/// <param name="Mail">Where to write.</param>
/// <param name="Language"><c>fr</c> or <c>en</c>: as chosen, or the house's.</param>
/// <param name="Roles">Roles granted everywhere; those that follow from departures are not among them.</param>
internal sealed record HouseUser(Guid Id, Guid? Person, string Name, string Mail, string Language, IReadOnlyList<Role> Roles)
{
    /// <summary>Roles granted for the departures of some units only.</summary>
    public RolesWithin Within { get; init; } = RolesWithin.None;

    /// <summary>Where and in which language they are written to.</summary>
    public Mail.MailTo To => new(Mail, Name, Foundation.Mail.MailTo.CultureOf(Language));
}

/// <summary>Looks users up; implemented by the room that owns sign-in. Disabled accounts are never given.</summary>
internal interface IUserDirectory
{
    /// <summary>Everyone who holds a role everywhere, by name.</summary>
    Task<IReadOnlyList<HouseUser>> HoldersAsync(Role role, CancellationToken cancellation);

    /// <summary>Everyone who holds a role on the departures of a unit, there only or everywhere, by name.</summary>
    Task<IReadOnlyList<HouseUser>> HoldersAsync(Role role, string? unit, CancellationToken cancellation);

    /// <summary>One user, or null.</summary>
    Task<HouseUser?> FindAsync(Guid user, CancellationToken cancellation);

    /// <summary>The user who signs in with that address, or null.</summary>
    Task<HouseUser?> OfMailAsync(string mail, CancellationToken cancellation);

    /// <summary>Everyone, by name.</summary>
    Task<IReadOnlyList<HouseUser>> AllAsync(CancellationToken cancellation);

    /// <summary>The user who is that person of the record, or null.</summary>
    Task<HouseUser?> OfPersonAsync(Guid person, CancellationToken cancellation);

    /// <summary>
    /// In which language somebody without an account is written to: the one they chose while they had one, or the house's. Of nobody in the record (null) it is the house's.
    /// </summary>
    Task<string> LanguageAsync(Guid? person, CancellationToken cancellation);

    /// <summary>Names by user, of those that exist, disabled ones too: what they did keeps their name.</summary>
    Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IReadOnlyCollection<Guid> users, CancellationToken cancellation);
}
