using Depart.Departures.Settings;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <inheritdoc cref="IUserDirectory"/>
internal sealed class UserDirectory(DepartDb db, HouseRules house) : IUserDirectory
{
    public Task<IReadOnlyList<HouseUser>> HoldersAsync(Role role, CancellationToken cancellation) => HoldersAsync(role, unit: null, cancellation);

    public async Task<IReadOnlyList<HouseUser>> HoldersAsync(Role role, string? unit, CancellationToken cancellation) =>
        [.. (await AllAsync(cancellation)).Where(user => user.Roles.Contains(role) || user.Within.Holds(role, unit))];

    public async Task<IReadOnlyList<HouseUser>> AllAsync(CancellationToken cancellation) =>
        [.. (await OfAsync(await Active.ToListAsync(cancellation), cancellation)).OrderBy(user => user.Name, StringComparer.Ordinal)];

    public async Task<HouseUser?> OfMailAsync(string mail, CancellationToken cancellation)
    {
        var address = User.Normalise(mail);
        return (await OfAsync(await Active.Where(row => row.Mail == address).ToListAsync(cancellation), cancellation)).FirstOrDefault();
    }

    public async Task<HouseUser?> FindAsync(Guid user, CancellationToken cancellation)
    {
        var id = UserId.From(user);
        return (await OfAsync(await Active.Where(row => row.Id == id).ToListAsync(cancellation), cancellation)).FirstOrDefault();
    }

    public async Task<HouseUser?> OfPersonAsync(Guid person, CancellationToken cancellation)
    {
        var id = PersonId.From(person);
        return (await OfAsync(await Active.Where(row => row.Person == id).ToListAsync(cancellation), cancellation)).FirstOrDefault();
    }

    public async Task<string> LanguageAsync(Guid? person, CancellationToken cancellation)
    {
        var id = person is { } known ? PersonId.From(known) : (PersonId?)null;
        return (id is null ? null : await db.Set<User>().Where(user => user.Person == id).OrderBy(user => user.DisabledAt != null).Select(user => user.Language).FirstOrDefaultAsync(cancellation))
            ?? (await house.GetAsync(cancellation)).Language;
    }

    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IReadOnlyCollection<Guid> users, CancellationToken cancellation)
    {
        if (users.Count == 0)
        {
            return new Dictionary<Guid, string>();
        }

        var ids = users.Select(UserId.From).ToList();
        return await db.Set<User>().Where(user => ids.Contains(user.Id)).Select(user => new { user.Id, user.Name }).ToDictionaryAsync(user => user.Id.Value, user => user.Name, cancellation);
    }

    private IQueryable<User> Active => db.Set<User>().AsNoTracking().Where(user => user.DisabledAt == null);

    private async Task<IEnumerable<HouseUser>> OfAsync(IReadOnlyCollection<User> found, CancellationToken cancellation)
    {
        var usual = found.Any(user => user.Language is null) ? (await house.GetAsync(cancellation)).Language : "";
        return found.Select(user => new HouseUser(user.Id.Value, user.Person?.Value, user.Name, user.Mail, user.Language ?? usual, user.Roles) { Within = user.Within });
    }
}
