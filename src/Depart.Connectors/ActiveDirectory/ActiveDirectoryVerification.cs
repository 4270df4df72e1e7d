using System.Globalization;
using Depart.Connectors.Ldap;

namespace Depart.Connectors.ActiveDirectory;

/// <summary>Proves a cut: reads back by another filter, and is refused as <em>disabled</em> with a password known to be right.</summary>
internal sealed class ActiveDirectoryVerification(
    LdapDirectory directory, ActiveDirectoryAccounts accounts, ActiveDirectorySecrets secrets, TimeProvider clock)
{
    private const string BitAnd = "1.2.840.113556.1.4.803";

    /// <summary>Default life of a Kerberos ticket-granting ticket.</summary>
    private static readonly TimeSpan TicketLife = TimeSpan.FromHours(10);

    private static readonly Bilingual ReadBack = new("The account is found by the filter of disabled accounts", "Le compte est trouvé par le filtre des comptes désactivés");
    private static readonly Bilingual Dated = new("The account is disabled, or its date is past", "Le compte est désactivé, ou sa date est passée");
    private static readonly Bilingual Refused = new(
        "Signing in with the right password is refused because the account is closed", "La connexion avec le bon mot de passe est refusée parce que le compte est fermé");

    public async Task<Verification> VerifyAsync(VerificationCall call, CancellationToken cancellation)
    {
        var read = new Exchange($"SEARCH objectGUID={call.Account}", $"0 success ({clock.GetUtcNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}Z)");
        try
        {
            if (await accounts.FindAsync(call.Account, cancellation) is not { } account)
            {
                return new(AccountState.Absent, ProofLevel.ReadBack)
                {
                    Checks = [new(new("The domain has no such account any more", "Le domaine n’a plus ce compte"), true, "no such entry")],
                    Exchanges = [read with { Answer = "no such entry" }],
                };
            }

            var checks = new List<Check> { await ReadBackAsync(account, cancellation) };
            if (account.State == AccountState.Unknown)
            {
                return new(AccountState.Unknown, ProofLevel.Accepted) { Checks = checks, Exchanges = [read], Failure = accounts.NoFlags() };
            }

            if (account.State == AccountState.Enabled)
            {
                return Open(checks, [read]);
            }

            var said = new List<Exchange> { read };
            var test = await SignInAsync(account, said, cancellation);
            checks.Add(test);
            return test is { Passed: false, Answer: "0 success" }
                ? Open(checks, said)
                : new(AccountState.Disabled, test.Passed ? ProofLevel.SignInRefused : ProofLevel.ReadBack)
                {
                    Checks = checks, Exchanges = said, Residuals = await ResidualsAsync(call.CutAt, cancellation),
                };
        }
        catch (LdapCallException error)
        {
            return new(AccountState.Unknown, ProofLevel.Accepted) { Failure = error.Failure, Exchanges = [read with { Answer = "no answer" }] };
        }
    }

    private static Verification Open(IReadOnlyList<Check> checks, IReadOnlyList<Exchange> exchanges) => new(AccountState.Enabled, ProofLevel.Accepted)
    {
        Checks = checks, Exchanges = exchanges, Failure = new(FailureKind.Conflict, ActiveDirectoryText.NotCut),
    };

    private async Task<Check> ReadBackAsync(ActiveDirectoryAccount account, CancellationToken cancellation)
    {
        var flags = $"userAccountControl={account.Flags} accountExpires={account.Entry.Text("accountExpires") ?? "-"}";
        if ((account.Flags & ActiveDirectoryAccounts.Disable) == 0)
        {
            return new(Dated, account.State == AccountState.Disabled, flags);
        }

        var found = await directory.SearchAsync(
            new(account.Dn, LdapScope.Entry, LdapFilter.Parse($"(userAccountControl:{BitAnd}:={ActiveDirectoryAccounts.Disable})"), "cn"), cancellation);
        return new(ReadBack, found.Count == 1, flags);
    }

    private async Task<Check> SignInAsync(ActiveDirectoryAccount account, List<Exchange> exchanges, CancellationToken cancellation)
    {
        for (var again = false; ; again = true)
        {
            if (again || secrets.Find(account) is null)
            {
                // Lost in a restart, never set, or changed by somebody since: set anew on the account, which stays closed.
                var (last, said) = await secrets.SetAsync(account, cancellation);
                exchanges.AddRange(said);
                if (!last.Ok)
                {
                    return new(Refused, false, $"no password of ours: {last.Exchange.Answer}");
                }
            }

            if (secrets.Find(account) is not { } secret)
            {
                return new(Refused, false, "no password of ours");
            }

            LdapResult result;
            try
            {
                result = await directory.SignIns.TryAsync(account.Dn, secret, [], cancellation);
            }
            catch (LdapCallException)
            {
                exchanges.Add(new($"BIND {account.Dn}", "no answer"));
                return new(Refused, false, "no answer");
            }

            exchanges.Add(new($"BIND {account.Dn}", result.ToString()));
            var reason = LdapFailures.Data(result.Diagnostic);
            if (result.Ok || reason is "533" or "701" || again)
            {
                return new(Refused, reason is "533" or "701", result.ToString());
            }
        }
    }

    private async Task<IReadOnlyList<Residual>> ResidualsAsync(DateTimeOffset cutAt, CancellationToken cancellation)
    {
        List<Residual> residuals =
        [
            new(ActiveDirectoryText.Tickets, cutAt + TicketLife), new(ActiveDirectoryText.Connections, null), new(ActiveDirectoryText.Cached, null),
        ];
        var root = await directory.RootAsync(cancellation);
        if (root.Entry.Text("configurationNamingContext") is { } configuration
            && (await directory.SearchAsync(new($"CN=Sites,{configuration}", LdapScope.Subtree, LdapFilter.Class("nTDSDSA"), "cn"), cancellation)).Count > 1)
        {
            residuals.Add(new(ActiveDirectoryText.Replication, null));
        }

        return residuals;
    }
}
