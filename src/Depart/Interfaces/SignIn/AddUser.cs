using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>Adds a user who can sign in at once, from the server's own console only: people are invited instead.</summary>
internal sealed record AddUser(string Mail, string Name, IReadOnlyList<Role> Roles, string Password) : ICommand<UserId>
{
    private static readonly Words Taken = new("{0} is already a user.", "{0} est déjà utilisateur.");

    public static Access Access => Access.Console;

    internal sealed class Handler(DepartDb db, Passwords passwords, IJournal journal, TimeProvider clock) : IHandler<AddUser, UserId>
    {
        public async Task<Outcome<UserId>> HandleAsync(AddUser command, CancellationToken cancellation)
        {
            var mail = User.Normalise(command.Mail);
            if (await db.Set<User>().AnyAsync(known => known.Mail == mail, cancellation))
            {
                return Problem.Invalid(nameof(Mail), "mail-taken", Taken.With(mail));
            }

            var user = new User { Mail = mail, Name = command.Name.Trim(), CreatedAt = clock.GetUtcNow() };
            foreach (var role in command.Roles)
            {
                user.Grant(role);
            }

            user.SetPassword(passwords.Hash(command.Password));
            db.Add(user);
            journal.Record(UserFacts.Of(user, "user.added", ("roles", string.Join(' ', user.Roles))));
            return user.Id;
        }
    }
}
