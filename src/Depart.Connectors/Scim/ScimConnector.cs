using System.Globalization;
using System.IO.Enumeration;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Depart.Connectors.Scim;

/// <summary>Any SCIM 2.0 service provider (RFC 7643, RFC 7644). The key of an account is its SCIM <c>id</c>.</summary>
[Connector("scim", "SCIM 2.0 application", "Application SCIM 2.0",
    AboutEn = "Any application that manages its users by SCIM 2.0.", AboutFr = "Toute application qui gère ses utilisateurs par SCIM 2.0.")]
public sealed class ScimConnector : IConnector
{
    private const string Disable = "disable";
    private const string LeaveGroups = "groups";
    private const int PageSize = 200;
    private const int ReadsAtOnce = 4;

    private static readonly Bilingual Residue = new(
        "API keys and open sessions of the application: SCIM cannot tell.",
        "Clés d’API et sessions ouvertes de l’application : SCIM ne permet pas de le savoir.");

    private static readonly Bilingual ReadAgain = new(
        "The account is read again: active is false, or it is gone", "Le compte est relu : active vaut false, ou il a disparu");

    private readonly ScimSettings settings;
    private readonly ScimClient client;
    private readonly ScimGroups groups;
    private readonly TimeProvider clock;

    /// <summary>Prepares the connector; nothing is sent.</summary>
    public ScimConnector(ScimSettings settings, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(context);
        this.settings = settings;
        clock = context.Clock;
        client = new(settings, clock);
        groups = new(client);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ActionDescriptor> Actions { get; } =
    [
        new()
        {
            Key = Disable,
            Phase = Phase.Contain,
            Title = new("Deactivate the account", "Désactiver le compte"),
            Effect = new("Sets active to false: the application refuses to sign the person in.", "Passe active à false : l’application refuse la connexion de la personne."),
        },
        new()
        {
            Key = LeaveGroups,
            Phase = Phase.Entitlements,
            Title = new("Remove from groups", "Retirer des groupes"),
            Effect = new("Removes the account from every group that the application lists for it.", "Retire le compte de chaque groupe que l’application lui connaît."),
        },
    ];

    /// <inheritdoc/>
    public async Task<ConnectionReport> TestAsync(CancellationToken cancellation)
    {
        var users = await client.SendAsync(HttpMethod.Get, "Users?count=1", null, cancellation);
        if (users.Failure is { } failure)
        {
            return new(failure.Kind == FailureKind.RightMissing)
            {
                Failure = failure,
                Rights = failure.Kind != FailureKind.RightMissing ? [] : [new(new("Read users", "Lire les utilisateurs"), RightState.Missing, failure.Remedy)],
            };
        }

        if (users.Body?.Text("totalResults") is null)
        {
            return new(false) { Failure = client.Garbage() };
        }

        var teams = await client.SendAsync(HttpMethod.Get, "Groups?count=1", null, cancellation);
        return new(true)
        {
            Server = client.Host,
            Rights =
            [
                new(new("Read users", "Lire les utilisateurs"), RightState.Held),
                new(new("Read groups", "Lire les groupes"),
                    teams.Failure is null || teams.IsUnsupported ? RightState.Held : RightState.Missing, teams.Failure?.Remedy ?? teams.Failure?.What),
                new(new("Change users and groups (told only by writing)", "Modifier utilisateurs et groupes (ne se vérifie qu’en écrivant)"), RightState.NotChecked),
            ],
        };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AccountRecord> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var users = client.ListAsync("Users", null, PageSize, cancellation).GetAsyncEnumerator(cancellation);
        while (await MoveAsync(users))
        {
            yield return new ScimUser(users.Current).ToRecord(IsPrivileged);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccountRecord>> FindAsync(PersonHints person, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(person);
        var filters = Spellings(person.Mails).Select(mail => $"emails.value eq {ScimClient.Quote(mail)}")
            .Concat(Spellings(person.Mails.Concat(person.Logins)).Select(login => $"userName eq {ScimClient.Quote(login)}"))
            .Concat(person.Spellings().Select(name => $"name.familyName eq {ScimClient.Quote(name.Family)}"));
        var found = new Dictionary<string, AccountRecord>(StringComparer.Ordinal);
        try
        {
            foreach (var filter in filters.Distinct(StringComparer.Ordinal))
            {
                await CollectAsync(filter);
            }
        }
        catch (ScimListException refused) when (refused.Unsupported)
        {
            // Services exist that know no filters, or stumble over a quotation mark: then everybody is read.
            try
            {
                await CollectAsync(null);
            }
            catch (ScimListException broken)
            {
                throw new ConnectorException(broken.Failure, broken);
            }
        }
        catch (ScimListException broken)
        {
            throw new ConnectorException(broken.Failure, broken);
        }

        return [.. found.Values];

        async Task CollectAsync(string? filter)
        {
            await foreach (var user in client.ListAsync("Users", filter, PageSize, cancellation))
            {
                // A service that overlooks the filter answers with everybody.
                var record = new ScimUser(user).ToRecord(IsPrivileged);
                if (MayBe(person, record))
                {
                    found[record.Id] = record;
                }
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccountReading>> ReadAsync(IReadOnlyList<string> accounts, ReadDepth depth, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        var readings = new AccountReading[accounts.Count];
        await Parallel.ForAsync(0, accounts.Count, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = CancellationToken.None },
            async (index, _) => readings[index] = await ReadOneAsync(accounts[index], depth, cancellation));
        return readings;
    }

    /// <inheritdoc/>
    public async Task<ActionReport> ApplyAsync(ActionCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Action is not (Disable or LeaveGroups))
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, new(FailureKind.Invalid, new($"Unknown action {call.Action}.", $"Action inconnue : {call.Action}.")));
        }

        var read = await GetAsync(call.Account, cancellation);
        if (read.Failure is { } failure)
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, failure) with { Exchanges = read.Exchanges };
        }

        if (read.User is not { } user)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = read.Exchanges };
        }

        return call.Action == Disable
            ? await SetActiveAsync(user, read.Exchanges, active: false, call.DryRun, cancellation)
            : await LeaveGroupsAsync(user, read.Exchanges, call.DryRun, cancellation);
    }

    /// <inheritdoc/>
    public async Task<Verification> VerifyAsync(VerificationCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        var read = await GetAsync(call.Account, cancellation);
        var closed = read.State is AccountState.Disabled or AccountState.Absent;
        return new(read.State, closed ? ProofLevel.ReadBack : ProofLevel.Accepted)
        {
            Failure = read.Failure ?? (read.State == AccountState.Enabled
                ? new(FailureKind.Conflict, new(
                    $"{client.Host} still shows the account as active, whatever it answered before.",
                    $"{client.Host} montre encore le compte comme actif, quoi qu’il ait répondu auparavant."))
                : null),
            Checks = [new(ReadAgain, closed, read.User is { } user ? $"active={user.Body.Text("active") ?? "?"}" : read.Exchanges[0].Answer)],
            Residuals = read.State == AccountState.Disabled ? [new(Residue, null)] : [],
            Exchanges = [.. read.Exchanges.Select(exchange => exchange with { Answer = string.Create(CultureInfo.InvariantCulture, $"{exchange.Answer} ({clock.GetUtcNow():HH:mm:ss}Z)") })],
        };
    }

    /// <inheritdoc/>
    public async Task<UndoReport> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (ScimSnapshot.Read(call.Snapshot) is not { } before)
        {
            return new(CallOutcome.NotAttempted)
            {
                Failure = new(FailureKind.Invalid, new("The snapshot cannot be read: nothing was changed.", "Le relevé est illisible : rien n’a été modifié.")),
            };
        }

        var read = await GetAsync(call.Account, cancellation);
        if (read.Failure is { } failure)
        {
            return new(CallOutcome.NotAttempted) { Failure = failure, Exchanges = read.Exchanges };
        }

        if (read.User is not { } user)
        {
            return new(CallOutcome.Refused)
            {
                NotRestored = [new("The account no longer exists.", "Le compte n’existe plus.")],
                Failure = new(FailureKind.Invalid, new("The account no longer exists: it must be created anew.", "Le compte n’existe plus : il faut le recréer.")),
                Exchanges = read.Exchanges,
            };
        }

        var activated = await SetActiveAsync(user, read.Exchanges, before.Active, call.DryRun, cancellation);
        return activated.Failure is { } refused
            ? new(activated.Outcome) { Failure = refused, Exchanges = activated.Exchanges }
            : await RejoinAsync(user, before, activated, call.DryRun, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ActionReport> SetActiveAsync(ScimUser user, IReadOnlyList<Exchange> said, bool active, bool dryRun, CancellationToken cancellation)
    {
        if (user.Active == active)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = said };
        }

        var changes = new[] { new Change("active", active ? "false" : "true", active ? "true" : "false") };
        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = changes, Exchanges = said };
        }

        var path = PathOf(user.Id!);
        var answer = await client.PatchAsync(path, "replace", "active", active, user.Version, cancellation);
        if (answer.IsUnsupported)
        {
            // Some services only know the form without a path, others no PATCH at all.
            answer = await client.PatchAsync(path, "replace", null, new JsonObject { ["active"] = active }, user.Version, cancellation);
        }

        if (answer.IsUnsupported)
        {
            var whole = (JsonObject)user.Body.DeepClone();
            whole["active"] = active;
            answer = await client.ChangeAsync(HttpMethod.Put, path, whole, user.Version, cancellation);
        }

        return Report(answer, changes, said);
    }

    private async Task<ActionReport> LeaveGroupsAsync(ScimUser user, IReadOnlyList<Exchange> said, bool dryRun, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, string> held;
        try
        {
            held = await groups.OfAsync(user, cancellation);
        }
        catch (ScimListException broken)
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, broken.Failure) with { Exchanges = said };
        }

        if (held.Count == 0)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = said };
        }

        var changes = new List<Change>();
        var exchanges = said.ToList();
        foreach (var (group, name) in held)
        {
            if (!dryRun)
            {
                var answer = await groups.LeaveAsync(group, user.Id!, cancellation);
                exchanges.Add(answer.Exchange);
                if (answer.Failure is { } failure)
                {
                    // Groups left before stay left: the next attempt goes on from there.
                    return Report(answer, changes, said) with { Failure = Naming(name, failure), Changes = changes, Exchanges = exchanges };
                }
            }

            changes.Add(new($"group {name}", "member", null));
        }

        return dryRun ? new(CallOutcome.Done) { Changes = changes, Exchanges = exchanges } : await LeftAsync(user, changes, exchanges, cancellation);
    }

    /// <summary>A service that answers 200 and ignores the change is found out by reading again.</summary>
    private async Task<ActionReport> LeftAsync(ScimUser user, List<Change> changes, List<Exchange> exchanges, CancellationToken cancellation)
    {
        var read = await GetAsync(user.Id!, cancellation);
        exchanges.AddRange(read.Exchanges);
        try
        {
            var left = read.User is { } now ? await groups.OfAsync(now, cancellation) : new Dictionary<string, string>();
            var failure = read.Failure ?? (left.Count == 0 ? null : new Failure(FailureKind.Conflict, new(
                $"{client.Host} accepted the change and still shows these groups: {string.Join(", ", left.Values)}.",
                $"{client.Host} a accepté le changement et montre encore ces groupes : {string.Join(", ", left.Values)}.")));
            return new(failure is null ? CallOutcome.Done : CallOutcome.Unknown) { Changes = changes, Exchanges = exchanges, Failure = failure };
        }
        catch (ScimListException broken)
        {
            return new(CallOutcome.Unknown) { Changes = changes, Exchanges = exchanges, Failure = broken.Failure };
        }
    }

    private async Task<UndoReport> RejoinAsync(ScimUser user, ScimSnapshot before, ActionReport activated, bool dryRun, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, string> held;
        var exchanges = activated.Exchanges.ToList();
        try
        {
            held = await groups.OfAsync(user, cancellation);
        }
        catch (ScimListException broken)
        {
            return new(CallOutcome.Unknown) { Changes = activated.Changes, Exchanges = exchanges, Failure = broken.Failure };
        }

        var changes = activated.Changes.ToList();
        var lost = new List<Bilingual>();
        foreach (var (group, name) in before.Groups.Where(group => !held.ContainsKey(group.Key)))
        {
            var answer = dryRun ? await groups.FindAsync(group, cancellation) : await groups.JoinAsync(group, user.Id!, cancellation);
            exchanges.Add(answer.Exchange);
            if (answer.Failure is { } failure)
            {
                return new(CallOutcome.Unknown) { Changes = changes, NotRestored = lost, Exchanges = exchanges, Failure = Naming(name, failure) };
            }

            if (answer.Status == HttpStatusCode.NotFound)
            {
                lost.Add(new($"The group {name} no longer exists.", $"Le groupe {name} n’existe plus."));
                continue;
            }

            changes.Add(new($"group {name}", null, "member"));
        }

        return new(changes.Count > 0 ? CallOutcome.Done : CallOutcome.AlreadySo) { Changes = changes, NotRestored = lost, Exchanges = exchanges };
    }

    private static ActionReport Report(ScimAnswer answer, IReadOnlyList<Change> changes, IReadOnlyList<Exchange> said) => answer switch
    {
        { Failure: null, Status: HttpStatusCode.NotFound } => new(CallOutcome.AlreadySo) { Exchanges = [.. said, answer.Exchange] },
        { Failure: null } => new(CallOutcome.Done) { Changes = changes, Exchanges = [.. said, answer.Exchange] },
        { Failure.Kind: FailureKind.TimedOut or FailureKind.Garbage or FailureKind.SystemError } =>
            ActionReport.Failed(CallOutcome.Unknown, answer.Failure) with { Exchanges = [.. said, answer.Exchange] },
        { Failure.Kind: FailureKind.Unreachable or FailureKind.IdentityRefused or FailureKind.Throttled or FailureKind.SignInRefused } =>
            ActionReport.Failed(CallOutcome.NotAttempted, answer.Failure) with { Exchanges = [.. said, answer.Exchange] },
        _ => ActionReport.Failed(CallOutcome.Refused, answer.Failure) with { Exchanges = [.. said, answer.Exchange] },
    };

    private static Failure Naming(string group, Failure failure) => failure with
    {
        What = new($"Group {group}: {failure.What.En}", $"Groupe {group} : {failure.What.Fr}"),
    };

    private async Task<AccountReading> ReadOneAsync(string id, ReadDepth depth, CancellationToken cancellation)
    {
        var read = await GetAsync(id, cancellation);
        if (read.User is not { } user || depth == ReadDepth.State)
        {
            return new(id, read.State, read.User?.ToRecord(IsPrivileged), Failure: read.Failure);
        }

        try
        {
            var held = await groups.OfAsync(user, cancellation);
            var record = user.ToRecord(IsPrivileged);
            return new(id, read.State, record with { Entitlements = [.. held.Values, .. user.Roles], Privileged = record.Privileged || held.Values.Any(IsPrivileged) },
                new ScimSnapshot(user.Active ?? false, held).Write());
        }
        catch (ScimListException broken)
        {
            // Without its groups the account could not be given back: that is no snapshot.
            return new(id, AccountState.Unknown, Failure: broken.Failure);
        }
    }

    private async Task<UserRead> GetAsync(string id, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(HttpMethod.Get, PathOf(id), null, cancellation);
        if (answer.Status == HttpStatusCode.NotFound)
        {
            return await GoneAsync(answer, cancellation);
        }

        if (answer.Failure is { } failure)
        {
            return new(AccountState.Unknown, null, failure, [answer.Exchange]);
        }

        var user = new ScimUser(answer.Body ?? []);
        return user switch
        {
            _ when user.Id != id => new(AccountState.Unknown, null, client.Garbage(), [answer.Exchange]),
            { Active: null } => new(AccountState.Unknown, null, new(FailureKind.Invalid, new(
                $"{client.Host} does not say whether the account is active.", $"{client.Host} ne dit pas si le compte est actif.")), [answer.Exchange]),
            _ => new(user.State, user, null, [answer.Exchange]),
        };
    }

    /// <summary>A 404 is also what a wrong address answers: the account is absent only where users are listed.</summary>
    private async Task<UserRead> GoneAsync(ScimAnswer missing, CancellationToken cancellation)
    {
        var list = await client.SendAsync(HttpMethod.Get, "Users?count=1", null, cancellation);
        var isService = list.Body?.Text("totalResults") is not null;
        return new(isService ? AccountState.Absent : AccountState.Unknown, null, isService ? null : list.Failure ?? client.Garbage(), [missing.Exchange, list.Exchange]);
    }

    private static async Task<bool> MoveAsync(IAsyncEnumerator<JsonObject> users)
    {
        try
        {
            return await users.MoveNextAsync();
        }
        catch (ScimListException broken)
        {
            throw new ConnectorException(broken.Failure, broken);
        }
    }

    /// <summary>Whether anything known of the person agrees.</summary>
    private static bool MayBe(PersonHints person, AccountRecord record) =>
        record.Mails.Append(record.Login).Any(text => person.Mails.Concat(person.Logins).Contains(text, StringComparer.OrdinalIgnoreCase))
        || person.Spellings().Any(name => string.Equals(record.FamilyName, name.Family, StringComparison.OrdinalIgnoreCase))
        || (record.EmployeeNumber is { Length: > 0 } number && number == person.EmployeeNumber);

    /// <summary>As written and in small letters: services exist that mind the case, though mails and logins should not.</summary>
    private static IEnumerable<string> Spellings(IEnumerable<string> texts) => texts.SelectMany(text => new[] { text, text.ToLower(CultureInfo.InvariantCulture) });

    private static string PathOf(string id) => $"Users/{Uri.EscapeDataString(id)}";

    private bool IsPrivileged(string name) => settings.PrivilegedNames.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name));

    private sealed record UserRead(AccountState State, ScimUser? User, Failure? Failure, IReadOnlyList<Exchange> Exchanges);

    private sealed record ScimSnapshot(bool Active, IReadOnlyDictionary<string, string> Groups)
    {
        public static ScimSnapshot? Read(string text)
        {
            try
            {
                return JsonSerializer.Deserialize<ScimSnapshot>(text) is { Groups: not null } snapshot ? snapshot : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }

        public string Write() => JsonSerializer.Serialize(this);
    }
}
