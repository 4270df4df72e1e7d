using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// Whoever signs in with an address of a person of the record is that person, whichever came first: separation would not know them otherwise. A user who is somebody already stays who they are
/// (<see cref="BindUser"/> says otherwise).
/// </summary>
internal sealed class UsersFollowPeople(DepartDb db, IJournal journal) : IMissionWatch
{
    /// <summary>Binds a new user to the person with their address, unless that is another user.</summary>
    public static async Task BindAsync(DepartDb db, User user, CancellationToken cancellation)
    {
        if (await db.Set<Person>().Where(person => person.Mails.Contains(user.Mail)).Select(person => (PersonId?)person.Id).FirstOrDefaultAsync(cancellation) is { } person
            && !await db.Set<User>().AnyAsync(other => other.Person == person, cancellation))
        {
            user.Bind(person);
        }
    }

    public async Task PeopleNamedAsync(IReadOnlyCollection<Person> people, CancellationToken cancellation)
    {
        var mails = people.SelectMany(person => person.Mails).Distinct(StringComparer.Ordinal).ToList();
        var users = mails.Count == 0 ? [] : await db.Set<User>().Where(user => user.Person == null && mails.Contains(user.Mail)).OrderBy(user => user.CreatedAt).ToListAsync(cancellation);
        foreach (var user in users)
        {
            PersonId? named = people.First(person => person.Mails.Contains(user.Mail, StringComparer.Ordinal)).Id;
            if (!users.Exists(other => other.Person == named) && !await db.Set<User>().AnyAsync(other => other.Person == named, cancellation))
            {
                user.Bind(named);
                journal.Record(UserFacts.Of(user, "user.bound", ("person", named.Value.Value)));
            }
        }
    }

    public Task PeopleImportedAsync(IReadOnlyCollection<Person> people, CancellationToken cancellation) => PeopleNamedAsync(people, cancellation);
}
