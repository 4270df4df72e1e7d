using Depart.Connectors.Ldap;

namespace Depart.Connectors.OpenLdap;

/// <summary>
/// The random password of a sign-in test. It is <em>proven</em> when a sign-in with it was accepted before the lock, or when the stored hash is of
/// it: only then does a refusal say « closed » and not « wrong password ».
/// </summary>
internal sealed class OpenLdapSecrets(LdapDirectory directory, OpenLdapWriter writer, TransientSecrets secrets)
{
    /// <summary>Asks the server why it refuses (draft-behera-ldap-password-policy).</summary>
    public static readonly LdapControl AskWhy = new("1.3.6.1.4.1.42.2.27.8.5.1");

    /// <summary>Our secret while it lives, or null.</summary>
    public string? Find(OpenLdapAccount account) => secrets.Find(Key(account));

    /// <summary>Whether we hold the account's password of now and know that it is right.</summary>
    public bool IsProven(OpenLdapAccount account) =>
        Find(account) is not null && secrets.Find(ProofKey(account)) is { } changed && changed == account.Entry.Text("pwdChangedTime");

    /// <summary>
    /// Sets a new random password. An account that is locked stays so: the lock is taken off and put back inside the same modification, because
    /// ppolicy would otherwise take it off by itself.
    /// </summary>
    public async Task<(Written Written, IReadOnlyList<Exchange> Exchanges)> SetAsync(OpenLdapAccount account, CancellationToken cancellation)
    {
        var secret = LdapPasswords.Random();
        secrets.Forget(ProofKey(account));
        secrets.Keep(Key(account), secret);
        var locked = account.Entry.Texts("pwdAccountLockedTime");
        var password = LdapModification.Replace("userPassword", secret);
        var written = await writer.ModifyAsync(
            account,
            locked.Count == 0 ? [password] : [LdapModification.Delete("pwdAccountLockedTime"), password, LdapModification.Add("pwdAccountLockedTime", locked)],
            cancellation);
        if (!written.Ok)
        {
            if (written.Outcome is CallOutcome.Refused or CallOutcome.NotAttempted)
            {
                secrets.Forget(Key(account));
            }

            return (written, [written.Exchange]);
        }

        List<Exchange> exchanges = [written.Exchange];
        if (written.After is { } after && await IsRightAsync(account, after, secret, exchanges, cancellation))
        {
            secrets.Keep(ProofKey(account), after.Text("pwdChangedTime") ?? "");
        }

        return (written, exchanges);
    }

    /// <summary>Knows by the stored hash that a secret of ours is right, when no sign-in said so before the lock.</summary>
    public bool Prove(OpenLdapAccount account)
    {
        if (Find(account) is { } secret && account.Entry.Bytes("userPassword") is [var stored] && LdapPasswords.Matches(stored, secret) == true)
        {
            secrets.Keep(ProofKey(account), account.Entry.Text("pwdChangedTime") ?? "");
            return true;
        }

        return false;
    }

    /// <summary>Forgets what was kept of an account.</summary>
    public void Forget(OpenLdapAccount account)
    {
        secrets.Forget(Key(account));
        secrets.Forget(ProofKey(account));
    }

    private async Task<bool> IsRightAsync(OpenLdapAccount account, LdapEntry after, string secret, List<Exchange> exchanges, CancellationToken cancellation)
    {
        if (account.State == AccountState.Enabled)
        {
            try
            {
                var result = await directory.SignIns.TryAsync(account.Dn, secret, [AskWhy], cancellation);
                exchanges.Add(new($"BIND {account.Dn}", result.ToString()));
                if (result.Ok)
                {
                    return true;
                }
            }
            catch (LdapCallException)
            {
                exchanges.Add(new($"BIND {account.Dn}", "no answer"));
            }
        }

        if (after.Bytes("userPassword") is [var stored] && LdapPasswords.Matches(stored, secret) is { } matches)
        {
            exchanges.Add(new($"READ {account.Dn} userPassword", matches ? "the stored hash is of our password" : "the stored hash is of another password"));
            return matches;
        }

        return false;
    }

    private string Key(OpenLdapAccount account) => $"ldap://{directory.Host}|{account.Id}";

    private string ProofKey(OpenLdapAccount account) => $"{Key(account)}|proven";
}
