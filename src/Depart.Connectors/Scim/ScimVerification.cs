using System.Globalization;

namespace Depart.Connectors.Scim;

/// <summary>Verifies by reading again; what SCIM cannot tell is named.</summary>
internal sealed class ScimVerification(ScimClient client, ScimAccounts accounts, TimeProvider clock)
{
    private static readonly Bilingual Residue = new(
        "API keys and open sessions of the application: SCIM cannot tell.",
        "Clés d’API et sessions ouvertes de l’application : SCIM ne permet pas de le savoir.");

    private static readonly Bilingual ReadAgain = new(
        "The account is read again: active is false, or it is gone", "Le compte est relu : active vaut false, ou il a disparu");

    public async Task<Verification> VerifyAsync(VerificationCall call, CancellationToken cancellation)
    {
        var read = await accounts.GetAsync(call.Account, cancellation);
        var closed = read.State is AccountState.Disabled or AccountState.Absent;
        return new(read.State, closed ? ProofLevel.ReadBack : ProofLevel.Accepted)
        {
            Failure = read.Failure ?? (read.State == AccountState.Enabled
                ? new(FailureKind.Conflict, new(
                    $"{client.Host} still shows the account as active, whatever it answered before.",
                    $"{client.Host} montre encore le compte comme actif, quoi qu’il ait répondu auparavant."))
                : null),
            Checks = [new(ReadAgain, closed, read.User is { } user ? $"active={user.Body.Text("active") ?? "?"}" : read.Exchanges[0].Answer)],
            Residuals = read.State == AccountState.Disabled ? [new(Residue, null), .. Memberships(read.User)] : [],
            Exchanges = [.. read.Exchanges.Select(exchange => exchange with { Answer = string.Create(CultureInfo.InvariantCulture, $"{exchange.Answer} ({clock.GetUtcNow():HH:mm:ss}Z)") })],
        };
    }

    /// <summary>Groups that the account is read in all the same: what they open is open again the day somebody activates it.</summary>
    private static IEnumerable<Residual> Memberships(ScimUser? user) => user?.Groups.Values.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } groups
        ? [new(new($"Still a member of: {string.Join(", ", groups)}.", $"Encore membre de : {string.Join(", ", groups)}."), null)]
        : [];
}
