using System.Runtime.CompilerServices;
using Depart.Connectors.Ldap;

namespace Depart.Connectors.ActiveDirectory;

/// <summary>An Active Directory domain. The key of an account is its <c>objectGUID</c>.</summary>
[Connector("active-directory", "Active Directory", "Active Directory",
    BestProof = ProofLevel.SignInRefused, DefaultConcurrency = 8,
    AboutEn = "Accounts and groups of an Active Directory domain.", AboutFr = "Comptes et groupes d’un domaine Active Directory.")]
public sealed class ActiveDirectoryConnector : IConnector
{
    private readonly LdapDirectory directory;
    private readonly ActiveDirectoryAccounts accounts;
    private readonly ActiveDirectoryActions actions;
    private readonly ActiveDirectoryVerification verification;
    private readonly ActiveDirectoryUndo undo;
    private readonly ActiveDirectoryTest test;

    /// <summary>Makes a connector; nothing is opened before the first call.</summary>
    public ActiveDirectoryConnector(ActiveDirectorySettings settings, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(context);
        directory = new(settings);
        accounts = new(settings, directory, context.Clock);
        var writer = new ActiveDirectoryWriter(directory);
        var secrets = new ActiveDirectorySecrets(directory, accounts, writer, context.Secrets);
        actions = new(settings, directory, accounts, writer, secrets, context.Clock);
        verification = new(directory, accounts, secrets, context.Clock);
        undo = new(directory, accounts, writer, secrets, context.Secrets);
        test = new(settings, directory, accounts);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ActionDescriptor> Actions => actions.Declared;

    /// <inheritdoc/>
    public IReadOnlyList<SystemOrder> Orders { get; } = [new("active-directory", "entra-id", ActiveDirectoryText.BeforeCloud)];

    /// <inheritdoc/>
    public Task<ConnectionReport> TestAsync(CancellationToken cancellation) => test.RunAsync(cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<AccountRecord> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var all = accounts.AllAsync(cancellation).GetAsyncEnumerator(cancellation);
        while (await LdapCalls.OrFailAsync(async () => await all.MoveNextAsync(), cancellation))
        {
            yield return all.Current;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AccountRecord>> FindAsync(PersonHints person, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(person);
        return LdapCalls.OrFailAsync(() => accounts.FindAsync(person, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccountReading>> ReadAsync(IReadOnlyList<string> accounts, ReadDepth depth, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        try
        {
            var found = await this.accounts.FindAsync(accounts, cancellation);
            var readings = new List<AccountReading>(accounts.Count);
            foreach (var id in accounts)
            {
                readings.Add(found.TryGetValue(id, out var account) ? await ReadingAsync(id, account, depth, cancellation) : new(id, AccountState.Absent));
            }

            return readings;
        }
        catch (LdapCallException error)
        {
            return [.. accounts.Select(id => new AccountReading(id, AccountState.Unknown, Failure: error.Failure))];
        }
    }

    /// <inheritdoc/>
    public Task<ActionReport> ApplyAsync(ActionCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return actions.ApplyAsync(call, cancellation);
    }

    /// <inheritdoc/>
    public Task<Verification> VerifyAsync(VerificationCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return verification.VerifyAsync(call, cancellation);
    }

    /// <inheritdoc/>
    public Task<UndoReport> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        return undo.UndoAsync(call, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => directory.DisposeAsync();

    private async Task<AccountReading> ReadingAsync(string id, ActiveDirectoryAccount account, ReadDepth depth, CancellationToken cancellation)
    {
        List<Bilingual>? lost = null;
        string? snapshot = null;
        if (depth == ReadDepth.Snapshot)
        {
            snapshot = ActiveDirectorySnapshot.Of(account, await accounts.GroupsAsync(account.Entry, cancellation));
            lost = [ActiveDirectoryText.PasswordLost];
            if (account.Entry.Has(ActiveDirectoryKeys.Hello))
            {
                lost.Add(ActiveDirectoryText.KeysLost);
            }
        }

        return new(id, account.State, await accounts.RecordAsync(account.Entry, cancellation), snapshot, lost,
            account.State == AccountState.Unknown ? accounts.NoFlags() : null);
    }
}
