using Depart.Foundation.Door;
using Depart.Foundation.Storage;

namespace Depart.Interfaces.SignIn;

/// <summary>Changes one's own password; one's other sessions end. The old one is checked by <see cref="SignInDoor"/> beforehand.</summary>
internal sealed record ChangePassword(string Password) : ICommand<Done>, IOwnWayIn
{
    public static Access Access => Access.SignedIn;

    public bool NeedsProof => true;

    internal sealed class Handler(DepartDb db, Actor actor, Passwords passwords, IJournal journal, TimeProvider clock) : IHandler<ChangePassword, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ChangePassword command, CancellationToken cancellation)
        {
            if (actor.User is not { } id || await db.FindAsync<User>([UserId.From(id)], cancellation) is not { } user)
            {
                return Problem.Forbidden;
            }

            if (PasswordPolicy.Refusal(command.Password, user.Name, user.Mail) is { } refusal)
            {
                return refusal;
            }

            user.SetPassword(passwords.Hash(command.Password));
            await BrowserSession.EndAllAsync(db, user.Id, SessionEnd.PasswordChanged, clock.GetUtcNow(), but: actor.Session, cancellation);
            journal.Record(UserFacts.Of(user, "user.password-changed"));
            return Done.Value;
        }
    }
}
