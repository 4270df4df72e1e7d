using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;

namespace Depart.Connectors.PostgreSql;

/// <summary>
/// The roles of one PostgreSQL server, shared by all its databases. The key of an account is the role's oid: a role that is renamed stays
/// itself, one that is made again under the same name is another.
/// </summary>
[Connector("postgresql", "PostgreSQL roles", "Rôles PostgreSQL", BestProof = ProofLevel.SignInRefused, DefaultConcurrency = 8,
    AboutEn = "The roles of a PostgreSQL server (12 or later) that people sign in with.",
    AboutFr = "Les rôles d’un serveur PostgreSQL (12 ou plus récent) avec lesquels des personnes se connectent.")]
public sealed class PostgreSqlConnector : IConnector
{
    private readonly PostgreSqlSettings settings;
    private readonly TransientSecrets secrets;
    private readonly PostgreSqlLink link;
    private readonly PostgreSqlTrouble trouble;

    /// <summary>Makes the connector; nothing is connected yet.</summary>
    public PostgreSqlConnector(PostgreSqlSettings settings, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(context);
        this.settings = settings;
        secrets = context.Secrets;
        link = new(settings);
        trouble = new(link.Name, settings.User, settings.TimeoutSeconds);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ActionDescriptor> Actions => PostgreSqlActions.All;

    /// <inheritdoc/>
    public async Task<ConnectionReport> TestAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await link.OpenAsync(cancellation);
            return await PostgreSqlRights.CheckAsync(connection, settings.User, cancellation);
        }
        catch (Exception error) when (PostgreSqlTrouble.Covers(error))
        {
            return new(false) { Failure = trouble.Explain(error) };
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AccountRecord> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var roles = RolesAsync(cancellation).GetAsyncEnumerator(cancellation);
        while (true)
        {
            try
            {
                if (!await roles.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (Exception error) when (PostgreSqlTrouble.Covers(error) && !cancellation.IsCancellationRequested)
            {
                throw new ConnectorException(trouble.Explain(error), error);
            }

            if (!roles.Current.IsGroup)
            {
                yield return roles.Current.Record(link.Name);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccountRecord>> FindAsync(PersonHints person, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(person);
        var logins = person.Logins.Concat(person.Mails).Concat(person.Mails.Select(mail => mail.Split('@')[0])).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var family = Plain(person.FamilyName);
        var found = new List<AccountRecord>();
        await foreach (var record in EnumerateAsync(cancellation))
        {
            if (logins.Contains(record.Login) || record.Mails.Any(mail => person.Mails.Contains(mail, StringComparer.OrdinalIgnoreCase))
                || (family.Length >= 3 && (Plain(record.Login).Contains(family, StringComparison.Ordinal) || Plain(record.DisplayName ?? "").Contains(family, StringComparison.Ordinal))))
            {
                found.Add(record);
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccountReading>> ReadAsync(IReadOnlyList<string> accounts, ReadDepth depth, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        try
        {
            var oids = accounts.Select(PostgreSqlRole.ParseId).OfType<uint>().ToHashSet();
            await using var connection = await link.OpenAsync(cancellation);
            var roles = new Dictionary<uint, PostgreSqlRole>();
            await using (var command = PostgreSqlRole.Query(connection, oids))
            await using (var row = await command.ExecuteReaderAsync(cancellation))
            {
                while (await row.ReadAsync(cancellation))
                {
                    var role = PostgreSqlRole.From(row);
                    roles[role.Oid] = role;
                }
            }

            var readings = new List<AccountReading>();
            foreach (var account in accounts)
            {
                readings.Add(PostgreSqlRole.ParseId(account) is not { } oid ? new(account, AccountState.Unknown, Failure: PostgreSqlText.NotAnId(account))
                    : !roles.TryGetValue(oid, out var role) ? new(account, AccountState.Absent)
                    : depth == ReadDepth.State ? new(account, role.State, role.Record(link.Name))
                    : await PostgreSqlUndo.SnapshotAsync(link, connection, role, cancellation));
            }

            return readings;
        }
        catch (Exception error) when (PostgreSqlTrouble.Covers(error))
        {
            var failure = trouble.Explain(error);
            return [.. accounts.Select(account => new AccountReading(account, AccountState.Unknown, Failure: failure))];
        }
    }

    /// <inheritdoc/>
    public async Task<ActionReport> ApplyAsync(ActionCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        var talk = new PostgreSqlTalk();
        PostgreSqlRole? role = null;
        try
        {
            if (PostgreSqlRole.ParseId(call.Account) is not { } oid)
            {
                return ActionReport.Failed(CallOutcome.NotAttempted, PostgreSqlText.NotAnId(call.Account));
            }

            await using var connection = await link.OpenAsync(cancellation);
            role = await PostgreSqlRole.FindAsync(connection, oid, cancellation);
            talk.Note($"SELECT rolcanlogin FROM pg_roles WHERE oid = {oid}", role is null ? "0 rows" : role.CanLogin ? "t" : "f");
            if (role is null)
            {
                return new(CallOutcome.AlreadySo) { Exchanges = talk.Exchanges };
            }

            if (role.Name == settings.User || role.Oid < PostgreSqlRole.FirstOwn)
            {
                return ActionReport.Failed(CallOutcome.Refused, PostgreSqlText.NeverTouched(role.Name));
            }

            var run = new PostgreSqlActions(link, connection, talk, secrets, settings);
            return (await run.ApplyAsync(role, call, cancellation)) with { Exchanges = talk.Exchanges };
        }
        catch (Exception error) when (PostgreSqlTrouble.Covers(error))
        {
            return ActionReport.Failed(Outcome(error, talk), Explain(error, role, call.Action)) with { Exchanges = talk.Exchanges };
        }
    }

    /// <inheritdoc/>
    public async Task<Verification> VerifyAsync(VerificationCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        var talk = new PostgreSqlTalk();
        try
        {
            if (PostgreSqlRole.ParseId(call.Account) is not { } oid)
            {
                return new(AccountState.Unknown, ProofLevel.Accepted) { Failure = PostgreSqlText.NotAnId(call.Account) };
            }

            await using var connection = await link.OpenAsync(cancellation);
            var proof = new PostgreSqlProof(link, connection, talk, secrets, settings);
            return (await proof.VerifyAsync(oid, call.CutAt, cancellation)) with { Exchanges = talk.Exchanges };
        }
        catch (Exception error) when (PostgreSqlTrouble.Covers(error))
        {
            return new(AccountState.Unknown, ProofLevel.Accepted) { Failure = trouble.Explain(error), Exchanges = talk.Exchanges };
        }
    }

    /// <inheritdoc/>
    public async Task<UndoReport> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        var talk = new PostgreSqlTalk();
        PostgreSqlRole? role = null;
        try
        {
            if (PostgreSqlRole.ParseId(call.Account) is not { } oid)
            {
                return new(CallOutcome.NotAttempted) { Failure = PostgreSqlText.NotAnId(call.Account) };
            }

            if (PostgreSqlSnapshot.Parse(call.Snapshot) is not { } snapshot)
            {
                return new(CallOutcome.NotAttempted) { Failure = PostgreSqlText.NotASnapshot };
            }

            await using var connection = await link.OpenAsync(cancellation);
            role = await PostgreSqlRole.FindAsync(connection, oid, cancellation);
            if (role is null)
            {
                return new(CallOutcome.Refused) { Failure = PostgreSqlText.Gone(snapshot.Name), NotRestored = [PostgreSqlText.Gone(snapshot.Name).What] };
            }

            secrets.Forget(PostgreSqlText.SecretKey(link.Name, oid));
            var undo = new PostgreSqlUndo(link, connection, talk);
            return (await undo.RestoreAsync(role, snapshot, call.DryRun, cancellation)) with { Exchanges = talk.Exchanges };
        }
        catch (Exception error) when (PostgreSqlTrouble.Covers(error))
        {
            return new(Outcome(error, talk)) { Failure = Explain(error, role, action: null), Exchanges = talk.Exchanges };
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => link.DisposeAsync();

    private async IAsyncEnumerable<PostgreSqlRole> RolesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = await link.OpenAsync(cancellation);
        await using var command = PostgreSqlRole.Query(connection, oids: null);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            yield return PostgreSqlRole.From(row);
        }
    }

    /// <summary>What is known after a failure: refused where the server said no, unknown where a change was asked for and no answer came.</summary>
    private static CallOutcome Outcome(Exception error, PostgreSqlTalk talk) => !talk.Wrote ? CallOutcome.NotAttempted
        : PostgreSqlTrouble.IsRefusal(error) ? CallOutcome.Refused
        : CallOutcome.Unknown;

    private Failure Explain(Exception error, PostgreSqlRole? role, string? action) =>
        error is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused && role is not null
            ? PostgreSqlText.RightMissing(link.Name, settings.User, role, action, refused.MessageText)
            : error is PostgresException { SqlState: PostgresErrorCodes.DependentObjectsStillExist } dependent
                ? PostgreSqlText.StillDependent(link.Name, dependent.MessageText, dependent.Detail)
                : trouble.Explain(error);

    /// <summary>Letters without case or accents, for a first sight only: who is who is decided by the caller.</summary>
    private static string Plain(string text) => new([.. text.Normalize(NormalizationForm.FormD)
        .Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark && char.IsLetterOrDigit(letter))
        .Select(char.ToLowerInvariant)]);
}
