using Depart.Foundation.Door;
using Depart.Foundation.Storage;

namespace Depart.Interfaces.SignIn;

/// <summary>Adds a user who can sign in at once, from the server's own console only: people are invited instead.</summary>
internal sealed record AddUser(string Mail, string Name, IReadOnlyList<Role> Roles, string Password) : ICommand<UserId>
{
    public static Access Access => Access.Console;

    internal sealed class Handler(DepartDb db, Passwords passwords, Actor actor, IJournal journal, TimeProvider clock) : IHandler<AddUser, UserId>
    {
        public async Task<Outcome<UserId>> HandleAsync(AddUser command, CancellationToken cancellation)
        {
            var mail = User.Normalise(command.Mail);
            if (await UserFields.TakenAsync(db, mail, cancellation) is { } taken)
            {
                return taken;
            }

            var user = new User { Mail = mail, Name = command.Name.Trim(), CreatedAt = clock.GetUtcNow() };
            foreach (var role in command.Roles)
            {
                RoleGrant.Give(db, user, role, actor.Name, user.CreatedAt);
            }

            await UsersFollowPeople.BindAsync(db, user, cancellation);
            user.SetPassword(passwords.Hash(command.Password));
            db.Add(user);
            journal.Record(UserFacts.Of(user, "user.added", ("roles", string.Join(' ', user.Roles))));
            return user.Id;
        }
    }
}
