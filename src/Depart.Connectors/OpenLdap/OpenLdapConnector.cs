using System.Runtime.CompilerServices;
using Depart.Connectors.Ldap;

namespace Depart.Connectors.OpenLdap;

/// <summary>An OpenLDAP directory (2.5 and later). The key of an account is its <c>entryUUID</c> (RFC 4530).</summary>
[Connector("openldap", "OpenLDAP", "OpenLDAP",
    BestProof = ProofLevel.SignInRefused, DefaultConcurrency = 32,
    AboutEn = "Accounts and groups of an OpenLDAP directory, with its password policy.",
    AboutFr = "Comptes et groupes d’un annuaire OpenLDAP, avec sa politique de mots de passe.")]
public sealed class OpenLdapConnector : IConnector
{
    private readonly LdapDirectory directory;
    private readonly OpenLdapAccounts accounts;
    private readonly OpenLdapActions actions;
    private readonly OpenLdapVerification verification;
    private readonly OpenLdapUndo undo;
    private readonly OpenLdapTest test;

    /// <summary>Makes a connector; nothing is opened before the first call.</summary>
    public OpenLdapConnector(OpenLdapSettings settings, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(context);
        directory = new(settings);
        accounts = new(settings, directory, context.Clock);
        var writer = new OpenLdapWriter(directory, accounts);
        var secrets = new OpenLdapSecrets(directory, writer, context.Secrets);
        actions = new(settings, directory, accounts, writer, secrets, context.Clock);
        verification = new(directory, accounts, secrets, context.Clock);
        undo = new(settings, directory, accounts, writer, secrets, context.Secrets);
        test = new(settings, directory);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ActionDescriptor> Actions => OpenLdapActions.Declared;

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
            List<LdapEntry> entries = [.. found.Values.Select(account => account.Entry)];
            var groups = await this.accounts.GroupsAsync(entries, cancellation);
            var records = (await this.accounts.RecordsAsync(entries, groups, cancellation)).ToDictionary(record => record.Id, StringComparer.OrdinalIgnoreCase);
            return [.. accounts.Select(id => found.TryGetValue(id, out var account)
                ? new AccountReading(
                    id,
                    account.State,
                    records[account.Id],
                    depth == ReadDepth.Snapshot ? OpenLdapSnapshot.Of(account.Entry, groups[account.Dn]) : null,
                    depth == ReadDepth.Snapshot && !account.Entry.Has("userPassword") ? [OpenLdapText.PasswordNotReadable] : null,
                    account.State == AccountState.Unknown ? this.accounts.NoVerdict() : null)
                : new AccountReading(id, AccountState.Absent))];
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
    public Task<IReadOnlyList<ActionReport>> ApplyAllAsync(IReadOnlyList<ActionCall> calls, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(calls);
        return actions.ApplyAllAsync(calls, cancellation);
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
}
