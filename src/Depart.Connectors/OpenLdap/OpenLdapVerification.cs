using System.Formats.Asn1;
using Depart.Connectors.Ldap;

namespace Depart.Connectors.OpenLdap;

/// <summary>Proves a cut: reads back, asks the server for its verdict, and is refused with a password known to be right.</summary>
internal sealed class OpenLdapVerification(LdapDirectory directory, OpenLdapAccounts accounts, OpenLdapSecrets secrets, TimeProvider clock)
{
    private static readonly IReadOnlyList<Residual> Residuals = [new(OpenLdapText.Connections, null), new(OpenLdapText.External, null)];

    private static readonly Bilingual Marks = new("The lock or the end date is read back", "Le verrou ou la date de fin sont relus");
    private static readonly Bilingual Verdict = new("The server says itself that the account is not available", "Le serveur dit lui-même que le compte n’est pas disponible");
    private static readonly Bilingual Refused = new(
        "Signing in with a password known to be right is refused", "La connexion avec un mot de passe que l’on sait juste est refusée");

    public async Task<Verification> VerifyAsync(VerificationCall call, CancellationToken cancellation)
    {
        var read = new Exchange($"SEARCH entryUUID={call.Account}", $"0 success ({clock.GetUtcNow():HH:mm:ss}Z)");
        try
        {
            if (await accounts.FindAsync(call.Account, cancellation) is not { } account)
            {
                return new(AccountState.Absent, ProofLevel.ReadBack)
                {
                    Checks = [new(new("The directory has no such account any more", "L’annuaire n’a plus ce compte"), true, "no such entry")],
                    Exchanges = [read with { Answer = "no such entry" }],
                };
            }

            var checks = ReadBack(account);
            if (account.State == AccountState.Enabled)
            {
                return Open(checks, [read]);
            }

            var (test, exchanges) = await SignInAsync(account, cancellation);
            checks.Add(test);
            var said = new List<Exchange> { read };
            said.AddRange(exchanges);
            if (test is { Passed: false, Answer: "0 success" })
            {
                return Open(checks, said);
            }

            return (account.State, test.Passed) switch
            {
                (_, true) => new(AccountState.Disabled, ProofLevel.SignInRefused) { Checks = checks, Residuals = Residuals, Exchanges = said },
                (AccountState.Disabled, false) => new(AccountState.Disabled, ProofLevel.ReadBack) { Checks = checks, Residuals = Residuals, Exchanges = said },
                _ => new(AccountState.Unknown, ProofLevel.Accepted) { Checks = checks, Exchanges = said, Failure = accounts.NoVerdict() },
            };
        }
        catch (LdapCallException error)
        {
            return new(AccountState.Unknown, ProofLevel.Accepted) { Failure = error.Failure, Exchanges = [read with { Answer = "no answer" }] };
        }
    }

    private List<Check> ReadBack(OpenLdapAccount account)
    {
        var (locked, end) = (account.Entry.Text("pwdAccountLockedTime"), account.Entry.Text("pwdEndTime"));
        return
        [
            new(Marks, locked == OpenLdapAccounts.LockedForGood || OpenLdapAccounts.Instant(end) <= clock.GetUtcNow(),
                $"pwdAccountLockedTime={locked ?? "-"} pwdEndTime={end ?? "-"}"),
            new(Verdict, account.State == AccountState.Disabled, account.Entry.Control(OpenLdapAccounts.Usability) switch
            {
                [0x80, ..] => "accountUsability: available",
                not null => "accountUsability: not available",
                null => "accountUsability: not said",
            }),
        ];
    }

    private static Verification Open(IReadOnlyList<Check> checks, IReadOnlyList<Exchange> exchanges) => new(AccountState.Enabled, ProofLevel.Accepted)
    {
        Checks = checks,
        Exchanges = exchanges,
        Failure = new(FailureKind.Conflict, OpenLdapText.NotCut, OpenLdapText.NotCutRemedy),
    };

    private async Task<(Check Check, IReadOnlyList<Exchange> Exchanges)> SignInAsync(OpenLdapAccount account, CancellationToken cancellation)
    {
        var exchanges = new List<Exchange>();
        if (!secrets.IsProven(account) && !secrets.Prove(account))
        {
            // Lost in a restart, never set, or changed by somebody since: set anew behind the lock, and the test is done with that one.
            var (written, said) = await secrets.SetAsync(account, cancellation);
            exchanges.AddRange(said);
            if (!written.Ok)
            {
                return (new(Refused, false, $"no password of ours: {written.Exchange.Answer}"), exchanges);
            }

            account = await accounts.FindAsync(account.Id, cancellation) ?? account;
        }

        if (secrets.Find(account) is not { } secret)
        {
            return (new(Refused, false, "no password of ours"), exchanges);
        }

        LdapResult result;
        try
        {
            result = await directory.SignIns.TryAsync(account.Dn, secret, [OpenLdapSecrets.AskWhy], cancellation);
        }
        catch (LdapCallException)
        {
            exchanges.Add(new($"BIND {account.Dn}", "no answer"));
            return (new(Refused, false, "no answer"), exchanges);
        }

        var locked = SaysLocked(result);
        var proven = secrets.IsProven(account);
        var answer = $"{result}{(locked ? ", ppolicy: accountLocked" : "")}";
        exchanges.Add(new($"BIND {account.Dn}", answer));
        return (new(Refused, result.Code == LdapCode.InvalidCredentials && (locked || proven), answer), exchanges);
    }

    /// <summary>Whether the server says that the lock is the reason: error accountLocked (1), sent only under ppolicy_use_lockout.</summary>
    private static bool SaysLocked(LdapResult result)
    {
        try
        {
            if (result.Control(OpenLdapSecrets.AskWhy.Oid) is not { } value)
            {
                return false;
            }

            var sequence = new AsnReader(value, AsnEncodingRules.BER).ReadSequence();
            var error = new Asn1Tag(TagClass.ContextSpecific, 1);
            while (sequence.HasData)
            {
                if (sequence.PeekTag() == error)
                {
                    return sequence.ReadEnumeratedBytes(error).Span is [1];
                }

                sequence.ReadEncodedValue();
            }

            return false;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
