using System.Runtime.CompilerServices;

namespace Depart.Connectors.Manual;

/// <summary>
/// A system without an interface for machines (ACC5, CON15): a person does what the settings say and attests it, with proof. The connector
/// never claims anything about an account.
/// </summary>
[Connector("manual", "System closed by hand", "Système fermé à la main", BestProof = ProofLevel.Attested, DefaultConcurrency = 1,
    AboutEn = "Any system without an interface: a named person closes the access and keeps the proof.",
    AboutFr = "Tout système sans interface : une personne désignée ferme l’accès et garde la preuve.")]
public sealed class ManualConnector : IConnector
{
    private const string Close = "close";

    private readonly ManualSettings settings;
    private readonly Failure onlyByHand;

    /// <summary>Prepares the connector; there is nothing to reach.</summary>
    public ManualConnector(ManualSettings settings, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(settings);
        this.settings = settings;
        var instructions = new Bilingual(
            FirstOf(settings.InstructionsEn, settings.InstructionsFr), FirstOf(settings.InstructionsFr, settings.InstructionsEn));
        onlyByHand = new(FailureKind.Invalid, new(
            "This system has no interface: only a person can close the access and say so.",
            "Ce système n’a pas d’interface : seule une personne peut fermer l’accès et le dire."), instructions);
        Actions =
        [
            new()
            {
                Key = Close,
                Phase = Phase.Contain,
                ByHand = true,
                Title = string.IsNullOrWhiteSpace(settings.Owner)
                    ? new("Close the access by hand", "Fermer l’accès à la main")
                    : new($"Close the access by hand: {settings.Owner}", $"Fermer l’accès à la main : {settings.Owner}"),
                Effect = instructions,
            },
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<ActionDescriptor> Actions { get; }

    /// <inheritdoc/>
    public Task<ConnectionReport> TestAsync(CancellationToken cancellation) => Task.FromResult(new ConnectionReport(true));

    /// <inheritdoc/>
    /// <remarks>The accounts listed in the settings; none when every leaver is taken to have one.</remarks>
    public async IAsyncEnumerable<AccountRecord> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var account in settings.EveryLeaver ? [] : settings.Accounts)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Listed(account);
        }

        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AccountRecord>> FindAsync(PersonHints person, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(person);
        IReadOnlyList<AccountRecord> found = settings.EveryLeaver ? [Expected(person)]
            : [.. settings.Accounts.Where(account => person.Mails.Concat(person.Logins).Contains(account, StringComparer.OrdinalIgnoreCase)).Select(Listed)];
        return Task.FromResult(found);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AccountReading>> ReadAsync(IReadOnlyList<string> accounts, ReadDepth depth, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<AccountReading>>([.. accounts.Select(account => new AccountReading(account, AccountState.Unknown, Failure: onlyByHand))]);

    /// <inheritdoc/>
    public Task<ActionReport> ApplyAsync(ActionCall call, CancellationToken cancellation) =>
        Task.FromResult(ActionReport.Failed(CallOutcome.NotAttempted, onlyByHand));

    /// <inheritdoc/>
    public Task<Verification> VerifyAsync(VerificationCall call, CancellationToken cancellation) =>
        Task.FromResult(new Verification(AccountState.Unknown, ProofLevel.Accepted) { Failure = onlyByHand });

    /// <inheritdoc/>
    public Task<UndoReport> UndoAsync(UndoCall call, CancellationToken cancellation) => Task.FromResult(new UndoReport(CallOutcome.NotAttempted)
    {
        NotRestored = [new("The access itself: a person must give it back by hand.", "L’accès lui-même : une personne doit le rétablir à la main.")],
        Failure = onlyByHand,
    });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The account that a leaver is taken to have. Its key is the first thing known of the person, which does not change when more is learnt.</summary>
    private static AccountRecord Expected(PersonHints person)
    {
        var name = $"{person.GivenName} {person.FamilyName}".Trim();
        var login = person.Mails.Concat(person.Logins).Append(person.EmployeeNumber).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? name;
        return new()
        {
            Id = login.ToUpperInvariant(),
            Login = login,
            DisplayName = name,
            GivenName = person.GivenName,
            FamilyName = person.FamilyName,
            Mails = person.Mails,
            EmployeeNumber = person.EmployeeNumber,
            State = AccountState.Unknown,
        };
    }

    private static AccountRecord Listed(string account) => new()
    {
        Id = account.ToUpperInvariant(), Login = account, Mails = account.Contains('@') ? [account] : [], State = AccountState.Unknown,
    };

    private static string FirstOf(string? wanted, string? other) => (string.IsNullOrWhiteSpace(wanted) ? other : wanted)?.Trim() ?? "";
}
