using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Depart.Connectors.Ssh;

/// <summary>
/// The accounts of one Linux host. The key of an account is its number (uid): renamed, it stays itself. Nothing is installed on the host: fixed
/// commands run by <c>sudo -n</c>, the login validated and passed as an argument.
/// </summary>
[Connector("ssh", "SSH host", "Hôte SSH", BestProof = ProofLevel.SignInRefused, DefaultConcurrency = 4,
    AboutEn = "The accounts of a Linux host with OpenSSH and sudo.", AboutFr = "Les comptes d’un hôte Linux avec OpenSSH et sudo.")]
public sealed class SshConnector : IConnector
{
    private readonly SshSettings settings;
    private readonly TimeProvider clock;
    private readonly SshLink link;
    private readonly SshHost host;
    private readonly SshTrouble trouble;

    /// <summary>Makes the connector; nothing is connected yet.</summary>
    public SshConnector(SshSettings settings, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(context);
        this.settings = settings;
        clock = context.Clock;
        link = new(settings);
        host = new(link);
        trouble = new(link.Name, settings.User, settings.TimeoutSeconds);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ActionDescriptor> Actions => SshActions.All;

    /// <inheritdoc/>
    public async Task<ConnectionReport> TestAsync(CancellationToken cancellation)
    {
        try
        {
            var client = await link.ConnectAsync(acceptAny: true, cancellation);
            if (string.IsNullOrWhiteSpace(settings.HostKey))
            {
                // Somebody must have looked at the host's key before a command is sent.
                return new(true)
                {
                    Server = client.ConnectionInfo.ServerVersion,
                    Rights = [new(SshText.RightHostKey, RightState.Missing, SshText.AcceptHostKey(link.SeenHostKey!))],
                    Proposed = new Dictionary<string, string>(StringComparer.Ordinal) { [nameof(SshSettings.HostKey)] = link.SeenHostKey! },
                };
            }

            return new(true) { Server = client.ConnectionInfo.ServerVersion, Rights = await SshRights.CheckAsync(link, cancellation) };
        }
        catch (Exception error) when (SshTrouble.Covers(error))
        {
            return new(false) { Failure = trouble.Explain(error) };
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AccountRecord> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var account in await AccountsAsync(cancellation))
        {
            yield return account.Record(link.Name, clock);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccountRecord>> FindAsync(PersonHints person, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(person);
        var logins = person.Logins.Concat(person.Mails.Select(mail => mail.Split('@')[0])).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var family = Plain(person.FamilyName);
        return
        [
            .. (await AccountsAsync(cancellation)).Where(account => logins.Contains(account.Login)
                || (!account.IsService && family.Length >= 3
                    && (Plain(account.Login).Contains(family, StringComparison.Ordinal) || Plain(account.FullName).Contains(family, StringComparison.Ordinal))))
                .Select(account => account.Record(link.Name, clock))
        ];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccountReading>> ReadAsync(IReadOnlyList<string> accounts, ReadDepth depth, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        var talk = new SshTalk();
        IReadOnlyList<SshAccount> all;
        try
        {
            all = await host.AccountsAsync(talk, cancellation);
        }
        catch (Exception error) when (SshTrouble.Covers(error))
        {
            var failure = trouble.Explain(error);
            return [.. accounts.Select(account => new AccountReading(account, AccountState.Unknown, Failure: failure))];
        }

        var readings = new List<AccountReading>();
        foreach (var account in accounts)
        {
            readings.Add(await ReadOneAsync(account, all, depth, talk, cancellation));
        }

        return readings;
    }

    /// <inheritdoc/>
    public async Task<ActionReport> ApplyAsync(ActionCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        var talk = new SshTalk();
        try
        {
            if (SshAccount.ParseId(call.Account) is not { } uid)
            {
                return ActionReport.Failed(CallOutcome.NotAttempted, SshText.NotAnId(call.Account));
            }

            if (await host.FindAsync(talk, uid, cancellation) is not { } account)
            {
                return new(CallOutcome.AlreadySo) { Exchanges = talk.Exchanges };
            }

            if (uid == 0 || account.Login == settings.User)
            {
                return ActionReport.Failed(CallOutcome.Refused, SshText.NeverTouched(account.Login));
            }

            return (await new SshActions(link, host, talk, settings, clock).ApplyAsync(account, call, cancellation)) with { Exchanges = talk.Exchanges };
        }
        catch (Exception error) when (SshTrouble.Covers(error))
        {
            return ActionReport.Failed(Outcome(error, talk), trouble.Explain(error)) with { Exchanges = talk.Exchanges };
        }
    }

    /// <inheritdoc/>
    public async Task<Verification> VerifyAsync(VerificationCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        var talk = new SshTalk();
        try
        {
            return SshAccount.ParseId(call.Account) is not { } uid
                ? new(AccountState.Unknown, ProofLevel.Accepted) { Failure = SshText.NotAnId(call.Account) }
                : (await new SshProof(link, host, talk, clock).VerifyAsync(uid, cancellation)) with { Exchanges = talk.Exchanges };
        }
        catch (Exception error) when (SshTrouble.Covers(error))
        {
            return new(AccountState.Unknown, ProofLevel.Accepted) { Failure = trouble.Explain(error), Exchanges = talk.Exchanges };
        }
    }

    /// <inheritdoc/>
    public async Task<UndoReport> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        var talk = new SshTalk();
        try
        {
            if (SshAccount.ParseId(call.Account) is not { } uid || SshSnapshot.Parse(call.Snapshot) is not { } snapshot)
            {
                return new(CallOutcome.NotAttempted) { Failure = SshText.NotASnapshot };
            }

            if (await host.FindAsync(talk, uid, cancellation) is not { } account)
            {
                return new(CallOutcome.Refused) { Failure = SshText.Gone(snapshot.Login), NotRestored = [SshText.Gone(snapshot.Login).What] };
            }

            // A number may be given again to somebody else once its account is deleted: what was theirs is not for a stranger.
            return account.Login != snapshot.Login
                ? new(CallOutcome.Refused) { Failure = SshText.AnotherLogin(link.Name, uid, snapshot.Login, account.Login) }
                : (await new SshUndo(link, host, talk).RestoreAsync(account, snapshot, call.DryRun, cancellation)) with { Exchanges = talk.Exchanges };
        }
        catch (Exception error) when (SshTrouble.Covers(error))
        {
            return new(Outcome(error, talk)) { Failure = trouble.Explain(error), Exchanges = talk.Exchanges };
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => link.DisposeAsync();

    /// <summary>What is known after a failure: refused where the host said no, unknown where a change was asked for and no answer came.</summary>
    private static CallOutcome Outcome(Exception error, SshTalk talk) => error is SshRefusalException ? CallOutcome.Refused
        : talk.Sent ? CallOutcome.Unknown
        : CallOutcome.NotAttempted;

    private async Task<IReadOnlyList<SshAccount>> AccountsAsync(CancellationToken cancellation)
    {
        try
        {
            return await host.AccountsAsync(new(), cancellation);
        }
        catch (Exception error) when (SshTrouble.Covers(error))
        {
            throw new ConnectorException(trouble.Explain(error), error);
        }
    }

    private async Task<AccountReading> ReadOneAsync(string id, IReadOnlyList<SshAccount> all, ReadDepth depth, SshTalk talk, CancellationToken cancellation)
    {
        if (SshAccount.ParseId(id) is not { } uid)
        {
            return new(id, AccountState.Unknown, Failure: SshText.NotAnId(id));
        }

        var found = all.Where(account => account.Uid == uid).ToList();
        if (found.Count != 1)
        {
            return found.Count == 0 ? new(id, AccountState.Absent)
                : new(id, AccountState.Unknown, Failure: SshText.SameNumber(link.Name, uid, found.Select(account => account.Login)));
        }

        var record = found[0].Record(link.Name, clock);
        if (record.State == AccountState.Unknown)
        {
            return new(id, AccountState.Unknown, record, Failure: SshText.NoShadow(link.Name, found[0].Login));
        }

        if (depth == ReadDepth.State || uid == 0 || !SshWord.IsLogin(found[0].Login))
        {
            return new(id, record.State, record);
        }

        try
        {
            var snapshot = await SshSnapshot.TakeAsync(host, link, talk, found[0], settings, cancellation);
            return new(id, record.State, record, snapshot.Write(), snapshot.Lost());
        }
        catch (Exception error) when (SshTrouble.Covers(error))
        {
            return new(id, AccountState.Unknown, Failure: trouble.Explain(error));
        }
    }

    /// <summary>Letters without case or accents, for a first sight only: who is who is decided by the caller.</summary>
    private static string Plain(string text) => new([.. text.Normalize(NormalizationForm.FormD)
        .Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark && char.IsLetterOrDigit(letter))
        .Select(char.ToLowerInvariant)]);
}
