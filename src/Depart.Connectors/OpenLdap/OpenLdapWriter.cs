using System.Formats.Asn1;
using System.Text;
using Depart.Connectors.Ldap;

namespace Depart.Connectors.OpenLdap;

/// <summary>What came of one modification.</summary>
internal sealed record Written(LdapResult? Result, Failure? Failure, CallOutcome Outcome, Exchange Exchange)
{
    /// <summary>The entry as the server holds it after the modification, when it was made.</summary>
    public LdapEntry? After { get; init; }

    public bool Ok => Outcome == CallOutcome.Done;
}

/// <summary>
/// Modifies an account and reads it back in the same request (post-read, RFC 4527) where the server can, else by a search. An assertion on the
/// identifier (RFC 4528) goes with it: a name that meanwhile passed to another account is not touched.
/// </summary>
internal sealed class OpenLdapWriter(LdapDirectory directory, OpenLdapAccounts accounts)
{
    private const string PostRead = "1.3.6.1.1.13.2";
    private const string Assertion = "1.3.6.1.1.12";

    private static readonly string[] ReadBack =
    [
        "pwdAccountLockedTime", "pwdEndTime", "pwdChangedTime", "pwdReset", "loginShell", "shadowExpire", "userPassword", .. OpenLdapKeys.Attributes,
    ];

    private static readonly Bilingual Remedy = new(
        "Give our account the right manage on the people (olcAccess … by dn.exact=\"our account\" manage), and load ppolicy.",
        "Donnez à notre compte le droit manage sur les personnes (olcAccess … by dn.exact=\"notre compte\" manage), et chargez ppolicy.");

    /// <summary>Makes all changes to one account, or none.</summary>
    public async Task<Written> ModifyAsync(OpenLdapAccount account, IReadOnlyList<LdapModification> changes, CancellationToken cancellation)
    {
        var said = $"MODIFY {account.Dn} {string.Join(", ", changes)}";
        try
        {
            var root = await directory.RootAsync(cancellation);
            var controls = new List<LdapControl>();
            if (root.Knows(Assertion))
            {
                controls.Add(new(Assertion, Critical: true, Encode(LdapFilter.Equal("entryUUID", account.Id))));
            }

            if (root.Knows(PostRead))
            {
                controls.Add(new(PostRead, Value: Attributes()));
            }

            var result = await directory.ChangeAsync(new LdapModify(account.Dn, changes) { Controls = controls }, cancellation);
            var exchange = new Exchange(said, result.ToString());
            if (!result.Ok)
            {
                return new(result, Refused(result, changes), LdapFailures.Outcome(result), exchange);
            }

            return result.Control(PostRead) is { } value
                ? new(result, null, CallOutcome.Done, exchange) { After = Read(value) }
                : await ReadBackAsync(account, result, exchange, cancellation);
        }
        catch (LdapCallException error)
        {
            return new(null, error.Failure, error.Outcome, new(said, error.Sent ? "no answer" : "not sent"));
        }
    }

    /// <summary>Reads the account once the server took the modification: a reading that fails takes nothing back of what was sent.</summary>
    private async Task<Written> ReadBackAsync(OpenLdapAccount account, LdapResult result, Exchange exchange, CancellationToken cancellation)
    {
        try
        {
            return new(result, null, CallOutcome.Done, exchange) { After = (await accounts.FindAsync(account.Id, cancellation))?.Entry };
        }
        catch (LdapCallException error)
        {
            return new(result, error.Failure, CallOutcome.Unknown, exchange);
        }
    }

    /// <summary>A refusal, with the attributes that were to be written.</summary>
    private Failure Refused(LdapResult result, IReadOnlyList<LdapModification> changes)
    {
        var names = string.Join(", ", changes.Select(change => change.Attribute).Distinct(StringComparer.OrdinalIgnoreCase));
        return result.Code == LdapCode.NoSuchObject
            ? directory.Failures.Refused(result with { Code = LdapCode.AssertionFailed }, new("", ""), null)
            : directory.Failures.Refused(result, new($"write {names}", $"écrire {names}"), Remedy);
    }

    private static byte[] Encode(LdapFilter filter)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        filter.Write(writer);
        return writer.Encode();
    }

    private static byte[] Attributes()
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            foreach (var name in ReadBack)
            {
                writer.WriteOctetString(Encoding.UTF8.GetBytes(name));
            }
        }

        return writer.Encode();
    }

    private static LdapEntry? Read(byte[] value)
    {
        try
        {
            var reader = new AsnReader(value, AsnEncodingRules.BER);
            return LdapAnswer.ReadEntry(reader.ReadSequence(reader.PeekTag()), []);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
