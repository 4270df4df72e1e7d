using Depart.Connectors.Ldap;

namespace Depart.Connectors.ActiveDirectory;

/// <summary>
/// The random password of a sign-in test. The domain tells <em>disabled</em> (data 533) from <em>wrong password</em> (52e) only to whoever knows
/// the password: a refusal with 533 is proof by itself.
/// </summary>
internal sealed class ActiveDirectorySecrets(LdapDirectory directory, ActiveDirectoryAccounts accounts, ActiveDirectoryWriter writer, TransientSecrets secrets)
{
    /// <summary>Our password while it lives, or null.</summary>
    public string? Find(ActiveDirectoryAccount account) => secrets.Find(Key(account));

    /// <summary>Whether nobody has set another password since we set ours.</summary>
    public bool IsOurs(ActiveDirectoryAccount account) =>
        Find(account) is not null && secrets.Find(SetKey(account)) is { } set && set == account.Entry.Text("pwdLastSet");

    /// <summary>Sets two random passwords in a row and keeps the second.</summary>
    public async Task<(Written Last, IReadOnlyList<Exchange> Exchanges)> SetAsync(ActiveDirectoryAccount account, CancellationToken cancellation)
    {
        var exchanges = new List<Exchange>();
        secrets.Forget(SetKey(account));
        var first = await writer.ModifyAsync(account, [ActiveDirectoryWriter.Password(LdapPasswords.Random())], cancellation);
        exchanges.Add(first.Exchange);
        if (!first.Ok)
        {
            return (first, exchanges);
        }

        var secret = LdapPasswords.Random();
        secrets.Keep(Key(account), secret);
        var second = await writer.ModifyAsync(account, [ActiveDirectoryWriter.Password(secret)], cancellation);
        exchanges.Add(second.Exchange);
        if (!second.Ok)
        {
            // One reset of two is half a job: not done, and not nothing either.
            return (second with { Outcome = CallOutcome.Unknown }, exchanges);
        }

        try
        {
            if (await accounts.FindAsync(account.Id, cancellation) is { } after)
            {
                secrets.Keep(SetKey(account), after.Entry.Text("pwdLastSet") ?? "");
            }
        }
        catch (LdapCallException)
        {
            exchanges.Add(new($"SEARCH objectGUID={account.Id}", "no answer"));
        }

        return (second, exchanges);
    }

    /// <summary>Forgets what was kept of an account.</summary>
    public void Forget(ActiveDirectoryAccount account)
    {
        secrets.Forget(Key(account));
        secrets.Forget(SetKey(account));
    }

    private string Key(ActiveDirectoryAccount account) => $"ad://{directory.Host}|{account.Id}";

    private string SetKey(ActiveDirectoryAccount account) => $"{Key(account)}|set";
}
