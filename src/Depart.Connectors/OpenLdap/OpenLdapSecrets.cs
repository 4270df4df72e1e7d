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
    /// Whether this server lets us read hashes that we understand, as the last password of ours showed: then no sign-in is needed before the lock to
    /// know that a password is right, and the lock goes into the modification that sets it.
    /// </summary>
    public bool HashesAreRead { get; private set; }

    /// <summary>Sets a new random password. An account that is locked stays so. A sign-in with it, or the stored hash, then says whether it is right.</summary>
    public async Task<(Written Written, IReadOnlyList<Exchange> Exchanges)> SetAsync(OpenLdapAccount account, CancellationToken cancellation)
    {
        var written = await writer.ModifyAsync(account, Renew(account), cancellation);
        Settle(account, written);
        List<Exchange> exchanges = [written.Exchange];
        if (written.After is { } after)
        {
            // One proof is enough; the hash is looked at beside an accepted sign-in only while it is not known whether this server shows it.
            var signedIn = await SignsInAsync(account, exchanges, cancellation);
            var proven = (!signedIn || !HashesAreRead) && Prove(account, after, exchanges);
            if (signedIn && !proven)
            {
                secrets.Keep(ProofKey(account), Changed(after));
            }
        }

        return (written, exchanges);
    }

    /// <summary>
    /// A new random password as modifications; <see cref="Settle"/> follows. The lock of an account is taken off and put back inside the same
    /// modification, because ppolicy would otherwise take it off by itself.
    /// </summary>
    public IReadOnlyList<LdapModification> Renew(OpenLdapAccount account)
    {
        var secret = LdapPasswords.Random();
        secrets.Forget(ProofKey(account));
        secrets.Keep(Key(account), secret);
        var locked = account.Entry.Texts("pwdAccountLockedTime");
        var password = LdapModification.Replace("userPassword", secret);
        return locked.Count == 0 ? [password] : [LdapModification.Delete("pwdAccountLockedTime"), password, LdapModification.Add("pwdAccountLockedTime", locked)];
    }

    /// <summary>The new password was written, or was not: what surely was not set is forgotten.</summary>
    public void Settle(OpenLdapAccount account, Written written)
    {
        if (written.Outcome is CallOutcome.Refused or CallOutcome.NotAttempted)
        {
            secrets.Forget(Key(account));
        }
    }

    /// <summary>Knows by the hash just read back that the new password is right.</summary>
    public bool Prove(OpenLdapAccount account, LdapEntry after, List<Exchange> exchanges)
    {
        var known = Find(account) is { } secret && after.Bytes("userPassword") is [var stored] ? LdapPasswords.Matches(stored, secret) : null;
        HashesAreRead = known is not null;
        if (known is { } matches)
        {
            exchanges.Add(new($"READ {account.Dn} userPassword", matches ? "the stored hash is of our password" : "the stored hash is of another password"));
        }

        if (known == true)
        {
            secrets.Keep(ProofKey(account), Changed(after));
        }

        return known == true;
    }

    /// <summary>Knows by the stored hash that a secret of ours is right, when no sign-in said so before the lock.</summary>
    public bool Prove(OpenLdapAccount account)
    {
        if (Find(account) is { } secret && account.Entry.Bytes("userPassword") is [var stored] && LdapPasswords.Matches(stored, secret) == true)
        {
            secrets.Keep(ProofKey(account), Changed(account.Entry));
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

    private async Task<bool> SignsInAsync(OpenLdapAccount account, List<Exchange> exchanges, CancellationToken cancellation)
    {
        if (account.State != AccountState.Enabled || Find(account) is not { } secret)
        {
            return false;
        }

        try
        {
            var result = await directory.SignIns.TryAsync(account.Dn, secret, [AskWhy], cancellation);
            exchanges.Add(new($"BIND {account.Dn}", result.ToString()));
            return result.Ok;
        }
        catch (LdapCallException)
        {
            exchanges.Add(new($"BIND {account.Dn}", "no answer"));
            return false;
        }
    }

    private static string Changed(LdapEntry entry) => entry.Text("pwdChangedTime") ?? "";

    private string Key(OpenLdapAccount account) => $"ldap://{directory.Host}|{account.Id}";

    private string ProofKey(OpenLdapAccount account) => $"{Key(account)}|proven";
}
