using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <inheritdoc cref="IUserDirectory"/>
internal sealed class UserDirectory(DepartDb db) : IUserDirectory
{
    public async Task<IReadOnlyList<HouseUser>> HoldersAsync(Role role, CancellationToken cancellation) => [.. (await AllAsync(cancellation)).Where(user => user.Roles.Contains(role))];

    public async Task<IReadOnlyList<HouseUser>> AllAsync(CancellationToken cancellation) =>
        [.. (await Active.ToListAsync(cancellation)).Select(Of).OrderBy(user => user.Name, StringComparer.Ordinal)];

    public async Task<HouseUser?> OfMailAsync(string mail, CancellationToken cancellation)
    {
        var address = User.Normalise(mail);
        return await Active.FirstOrDefaultAsync(row => row.Mail == address, cancellation) is { } found ? Of(found) : null;
    }

    public async Task<HouseUser?> FindAsync(Guid user, CancellationToken cancellation)
    {
        var id = UserId.From(user);
        return await Active.FirstOrDefaultAsync(row => row.Id == id, cancellation) is { } found ? Of(found) : null;
    }

    public async Task<HouseUser?> OfPersonAsync(Guid person, CancellationToken cancellation)
    {
        var id = PersonId.From(person);
        return await Active.FirstOrDefaultAsync(row => row.Person == id, cancellation) is { } found ? Of(found) : null;
    }

    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IReadOnlyCollection<Guid> users, CancellationToken cancellation)
    {
        var ids = users.Select(UserId.From).ToList();
        return await db.Set<User>().Where(user => ids.Contains(user.Id)).ToDictionaryAsync(user => user.Id.Value, user => user.Name, cancellation);
    }

    private IQueryable<User> Active => db.Set<User>().AsNoTracking().Where(user => user.DisabledAt == null);

    private static HouseUser Of(User user) => new(user.Id.Value, user.Person?.Value, user.Name, user.Mail, user.Language, user.Roles);
}
