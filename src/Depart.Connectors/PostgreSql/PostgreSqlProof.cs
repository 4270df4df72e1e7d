using System.Globalization;
using Npgsql;

namespace Depart.Connectors.PostgreSql;

/// <summary>Proves that a role is closed: the catalogue, the sessions, and a sign-in with a password of ours, refused because of NOLOGIN.</summary>
internal sealed class PostgreSqlProof(
    PostgreSqlLink link, NpgsqlConnection connection, PostgreSqlTalk talk, TransientSecrets secrets, PostgreSqlSettings settings)
{
    // The function of the server that says « not permitted to log in »: its words change with the server's language, this name does not.
    private const string SaysNoLogin = "InitializeSessionUserId";

    private enum Answer
    {
        /// <summary>Refused because the role may not sign in: the password was ours and right.</summary>
        NotPermitted,

        /// <summary>Wrong password, or one that has expired: proves nothing.</summary>
        WrongPassword,

        /// <summary>Refused for another reason: this machine's address, the method.</summary>
        Otherwise,

        /// <summary>The sign-in went through.</summary>
        Accepted,
    }

    public async Task<Verification> VerifyAsync(uint oid, DateTimeOffset cutAt, CancellationToken cancellation)
    {
        var role = await PostgreSqlRole.FindAsync(connection, oid, cancellation);
        talk.Note($"SELECT rolcanlogin FROM pg_roles WHERE oid = {oid}", role is null ? "0 rows" : role.CanLogin ? "t" : "f");
        var read = new Check(PostgreSqlText.CatalogueCheck, role is not { CanLogin: true }, role is null ? "0 rows" : role.CanLogin ? "rolcanlogin = t" : "rolcanlogin = f");
        if (role is null)
        {
            return new(AccountState.Absent, ProofLevel.ReadBack) { Checks = [read] };
        }

        if (role.CanLogin)
        {
            return new(AccountState.Enabled, ProofLevel.Accepted) { Checks = [read], Failure = PostgreSqlText.StillOpen(link.Name, role.Name) };
        }

        var checks = new List<Check> { read };
        var residuals = new List<Residual>();
        var sessions = await PostgreSqlActions.SessionsAsync(connection, oid, cancellation);
        checks.Add(new(PostgreSqlText.SessionsCheck, sessions == 0, $"pg_stat_activity: {sessions}"));
        if (sessions > 0)
        {
            residuals.Add(new(PostgreSqlText.SessionsRemain(sessions), null));
        }

        if (settings.Pooler)
        {
            residuals.Add(new(PostgreSqlText.PoolerRemains, null));
        }

        var owned = await OwnedObjects.CountAsync(connection, oid, cancellation);
        checks.Add(new(PostgreSqlText.OwnedCheck, true, owned.Count == 0 ? "0" : PostgreSqlText.Counts(owned)));

        var answer = await TryAsync(role, cutAt, checks, cancellation);
        if (answer == Answer.Accepted)
        {
            return new(AccountState.Enabled, ProofLevel.Accepted) { Checks = checks, Failure = PostgreSqlText.SignedIn(link.Name, role.Name) };
        }

        return new(AccountState.Disabled, answer == Answer.NotPermitted ? ProofLevel.SignInRefused : ProofLevel.ReadBack) { Checks = checks, Residuals = residuals };
    }

    private async Task<Answer> TryAsync(PostgreSqlRole role, DateTimeOffset cutAt, List<Check> checks, CancellationToken cancellation)
    {
        var key = PostgreSqlText.SecretKey(link.Name, role.Oid);
        (Answer Kind, string Words) answer = (Answer.WrongPassword, "");
        try
        {
            // A password of ours that was lost in a crash, or changed since by a session now ended, is set anew: the role is closed, so nothing opens.
            for (var attempt = 0; attempt < 2 && answer.Kind == Answer.WrongPassword; attempt++)
            {
                if (attempt > 0 || role.HasEnd || secrets.Find(key) is null)
                {
                    await PostgreSqlActions.SetPasswordAsync(link, connection, talk, secrets, role, cancellation);
                }

                answer = await SignInAsync(role.Name, secrets.Find(key)!, cancellation);
            }
        }
        catch (PostgresException refused) when (PostgreSqlTrouble.IsRefusal(refused))
        {
            // We may not set a password on this role (a superuser's, for example): what was read stands, the test cannot be made.
            checks.Add(new(PostgreSqlText.SignInCheck, false, PostgreSqlTrouble.Words(refused)));
            return Answer.Otherwise;
        }

        checks.Add(new(PostgreSqlText.SignInCheck, answer.Kind == Answer.NotPermitted, answer.Words));
        if (answer.Kind != Answer.Accepted)
        {
            await ClearPasswordAsync(role, cutAt, checks, cancellation);
        }

        return answer.Kind;
    }

    private async Task<(Answer, string)> SignInAsync(string login, string password, CancellationToken cancellation)
    {
        try
        {
            await link.SignInAsync(login, password, cancellation);
            talk.Note("sign in with a password of ours", "accepted");
            return (Answer.Accepted, "accepted");
        }
        catch (PostgresException refused) when (PostgreSqlTrouble.IsRefusal(refused))
        {
            var words = PostgreSqlTrouble.Words(refused);
            talk.Note("sign in with a password of ours", words);
            return (refused.SqlState switch
            {
                // pg_hba.conf and other methods refuse with the same code: only the place that says it tells them apart.
                PostgresErrorCodes.InvalidAuthorizationSpecification when refused.Routine == SaysNoLogin => Answer.NotPermitted,
                PostgresErrorCodes.InvalidPassword => Answer.WrongPassword,
                _ => Answer.Otherwise,
            }, words);
        }
    }

    private async Task ClearPasswordAsync(PostgreSqlRole role, DateTimeOffset cutAt, List<Check> checks, CancellationToken cancellation)
    {
        // The end of validity bars nothing that NOLOGIN does not: it tells whoever reads the catalogue when the role was closed.
        var until = cutAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        await talk.WriteAsync(connection, $"ALTER ROLE {role.Quoted} PASSWORD NULL VALID UNTIL '{until}'", null, cancellation);
        secrets.Forget(PostgreSqlText.SecretKey(link.Name, role.Oid));
        checks.Add(new(PostgreSqlText.PasswordCheck, true, "ALTER ROLE"));
    }
}
