using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn.Providers;

/// <summary>
/// Finds whom a provider vouches for, ties them at the first sign-in, and gives and takes the roles that come from it. Sent for answers whose signature, audience, nonce and state were checked.
/// </summary>
/// <remarks>
/// An address alone opens only what nobody opens yet: a user without password, passkey or tie to any provider, to whom nobody granted what is powerful (docs/decisions/0023-sign-in-by-openid-connect.md).
/// </remarks>
internal sealed record EnterByProvider(string Provider, string Subject, string? Mail, bool MailVerified, string? Name, IReadOnlyList<string> Values) : ICommand<UserId>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<EnterByProvider, UserId>
    {
        public async Task<Outcome<UserId>> HandleAsync(EnterByProvider command, CancellationToken cancellation)
        {
            if (await db.FindAsync<IdentityProvider>([command.Provider], cancellation) is not { Enabled: true } provider || command.Subject is not { Length: > 0 and <= 255 })
            {
                return ProviderText.Failed;
            }

            if (provider.Domains.Count > 0 && !(command is { MailVerified: true, Mail: { } allowed } && provider.Takes(allowed)))
            {
                return command is { Mail: not null, MailVerified: false } ? ProviderText.MailNotVerified : ProviderText.NoAccount;
            }

            var found = await db.FindAsync<ProvidedIdentity>([command.Provider, command.Subject], cancellation) is { } identity
                ? await KnownAsync(identity, cancellation)
                : await FirstAsync(command, provider, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            await ProvidedRoles.SetAsync(db, journal, provider, found.Value, command.Values, clock.GetUtcNow(), cancellation);
            return found.Value.Id;
        }

        private async Task<Outcome<User>> KnownAsync(ProvidedIdentity identity, CancellationToken cancellation) =>
            await db.FindAsync<User>([identity.User], cancellation) is { DisabledAt: null } user ? user : ProviderText.Disabled;

        private async Task<Outcome<User>> FirstAsync(EnterByProvider command, IdentityProvider provider, CancellationToken cancellation)
        {
            if (!command.MailVerified)
            {
                return ProviderText.MailNotVerified;
            }

            var (mail, now) = (User.Normalise(command.Mail ?? ""), clock.GetUtcNow());
            if (UserFields.Check(mail, mail).Count > 0)
            {
                return ProviderText.NoAccount;
            }

            var user = await db.Set<User>().FirstOrDefaultAsync(known => known.Mail == mail, cancellation);
            if (user is null)
            {
                if (!provider.MakesUsers)
                {
                    return ProviderText.NoAccount;
                }

                user = new() { Mail = mail, Name = NameOf(command, mail), CreatedAt = now };
                await UsersFollowPeople.BindAsync(db, user, cancellation);
                db.Add(user);
                journal.Record(UserFacts.Of(user, "user.made-by-provider", ("provider", provider.Key), ("person", user.Person?.Value)));
            }
            else if (!await IsUnopenedAsync(user, cancellation))
            {
                return ProviderText.NoAccount;
            }

            // The way in was waited for: the link that was to open another one ends.
            foreach (var link in await db.Set<OneTimeLink>().Where(link => link.User == user.Id && link.EndedAt == null).ToListAsync(cancellation))
            {
                link.End(now);
            }

            db.Add(new ProvidedIdentity { Provider = provider.Key, ProviderSubject = command.Subject, User = user.Id, Since = now });
            journal.Record(UserFacts.Of(user, "user.tied", ("provider", provider.Key)));
            return user;
        }

        /// <summary>Whether nobody can open this account yet, and nobody granted it what is powerful: then an address that the provider verified is enough.</summary>
        private async Task<bool> IsUnopenedAsync(User user, CancellationToken cancellation) =>
            user is { DisabledAt: null, PasswordHash: null, LastSignInAt: null } && !user.Holds(Role.Admin) && !user.Holds(Role.Security)
            && !await db.Set<Passkey>().AnyAsync(passkey => passkey.User == user.Id, cancellation)
            && !await db.Set<ProvidedIdentity>().AnyAsync(identity => identity.User == user.Id, cancellation);

        private static string NameOf(EnterByProvider command, string mail)
        {
            var name = new string([.. (command.Name ?? "").Where(sign => !char.IsControl(sign))]).Trim();
            return name.Length is > 0 and <= 200 ? name : mail[..Math.Min(mail.Length, 200)];
        }
    }
}

/// <summary>The roles that a provider gives: given and taken anew at each sign-in; what was granted by hand, or by another provider, stays.</summary>
internal static class ProvidedRoles
{
    /// <summary>Gives and takes what <paramref name="values"/> say.</summary>
    public static async Task SetAsync(DepartDb db, IJournal journal, IdentityProvider provider, User user, IReadOnlyList<string> values, DateTimeOffset now, CancellationToken cancellation)
    {
        var due = provider.RoleClaim is null ? [] : provider.Roles.Where(mapping => values.Contains(mapping.Value, StringComparer.Ordinal)).Select(mapping => mapping.Role)
            .Where(UserFields.Grantable.Contains).ToHashSet();
        foreach (var role in due.Where(role => !user.Holds(role)))
        {
            RoleGrant.Give(db, user, role, provider.Name, now, provider.Key);
            journal.Record(UserFacts.Of(user, "user.role-granted", ("role", role.ToString()), ("provider", provider.Key)));
        }

        var given = await db.Set<RoleGrant>().Where(grant => grant.User == user.Id && grant.Provider == provider.Key).Select(grant => grant.Role).ToListAsync(cancellation);
        await TakeAsync(db, journal, provider, user, given.Where(role => !due.Contains(role)), cancellation);
    }

    /// <summary>Takes back roles that the provider gave; the last administrator keeps theirs, and the journal says so.</summary>
    public static async Task TakeAsync(DepartDb db, IJournal journal, IdentityProvider provider, User user, IEnumerable<Role> roles, CancellationToken cancellation)
    {
        foreach (var role in roles)
        {
            if (role == Role.Admin && !await Administrators.AnyButAsync(db, user.Id, cancellation))
            {
                journal.Record(UserFacts.Of(user, "user.role-kept", ("role", role.ToString()), ("provider", provider.Key)));
                continue;
            }

            await RoleGrant.TakeAsync(db, user, role, cancellation);
            journal.Record(UserFacts.Of(user, "user.role-withdrawn", ("role", role.ToString()), ("provider", provider.Key)));
        }
    }
}
