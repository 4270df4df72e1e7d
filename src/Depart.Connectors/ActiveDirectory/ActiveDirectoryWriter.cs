using Depart.Connectors.Ldap;

namespace Depart.Connectors.ActiveDirectory;

/// <summary>What came of one change.</summary>
internal sealed record Written(LdapResult? Result, Failure? Failure, CallOutcome Outcome, Exchange Exchange)
{
    public bool Ok => Outcome == CallOutcome.Done;
}

/// <summary>Changes accounts by their immutable name, and says which right is missing when one is.</summary>
internal sealed class ActiveDirectoryWriter(LdapDirectory directory)
{
    /// <summary>How often a change of the flags is tried anew when somebody else was faster.</summary>
    public const int Tries = 3;

    /// <summary>Makes all changes to one account, or none.</summary>
    public Task<Written> ModifyAsync(ActiveDirectoryAccount account, IReadOnlyList<LdapModification> changes, CancellationToken cancellation)
    {
        var names = string.Join(", ", changes.Select(change => change.Attribute).Distinct(StringComparer.OrdinalIgnoreCase));
        return SendAsync(
            new LdapModify(account.ImmutableName, changes), $"MODIFY {account.Dn} {string.Join(", ", changes)}",
            result => Refused(account, result, new($"write {names}", $"écrire {names}")), cancellation);
    }

    /// <summary>Moves an account, keeping or changing its name.</summary>
    public Task<Written> MoveAsync(ActiveDirectoryAccount account, string rdn, string parent, CancellationToken cancellation) => SendAsync(
        new LdapRename(account.Dn, rdn, parent), $"MODRDN {account.Dn} {rdn},{parent}",
        result => Refused(account, result, new($"move the account to {parent}", $"déplacer le compte vers {parent}")), cancellation);

    /// <summary>Adds an account to a group or takes it out.</summary>
    public Task<Written> MemberAsync(ActiveDirectoryAccount account, string group, LdapOperation operation, CancellationToken cancellation)
    {
        var change = operation == LdapOperation.Add ? LdapModification.Add("member", account.Dn) : LdapModification.Delete("member", account.Dn);
        var name = DistinguishedName.TryParse(group)?.Name ?? group;
        return SendAsync(
            new LdapModify(group, change), $"MODIFY {group} {change}",
            result => directory.Failures.Refused(
                result, new($"change the members of the group {name}", $"changer les membres du groupe {name}"), ActiveDirectoryText.GroupRemedy),
            cancellation);
    }

    /// <summary>The value of unicodePwd for a password (MS-ADTS, 3.1.1.3.1.5).</summary>
    public static LdapModification Password(string password) =>
        new(LdapOperation.Replace, "unicodePwd", System.Text.Encoding.Unicode.GetBytes($"\"{password}\""));

    private async Task<Written> SendAsync(LdapRequest request, string said, Func<LdapResult, Failure> refused, CancellationToken cancellation)
    {
        try
        {
            var result = await directory.ChangeAsync(request, cancellation);
            var exchange = new Exchange(said, result.ToString());
            return result.Ok ? new(result, null, CallOutcome.Done, exchange) : new(result, refused(result), LdapFailures.Outcome(result), exchange);
        }
        catch (LdapCallException error)
        {
            return new(null, error.Failure, error.Outcome, new(said, error.Sent ? "no answer" : "not sent"));
        }
    }

    private Failure Refused(ActiveDirectoryAccount account, LdapResult result, Bilingual right) =>
        result.Code == LdapCode.InsufficientAccessRights && account.IsProtected
            ? new(FailureKind.RightMissing, new(
                $"{directory.Host}: this account is protected by AdminSDHolder (adminCount 1); our account may not {right.En} (50).",
                $"{directory.Host} : ce compte est protégé par AdminSDHolder (adminCount 1) ; notre compte ne peut pas {right.Fr} (50)."),
                ActiveDirectoryText.ProtectedRemedy)
            : directory.Failures.Refused(result, right, ActiveDirectoryText.AccountRemedy);
}
