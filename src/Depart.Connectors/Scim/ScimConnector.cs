using System.Globalization;
using System.IO.Enumeration;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Depart.Connectors.Scim;

/// <summary>Any SCIM 2.0 service provider (RFC 7643, RFC 7644). The key of an account is its SCIM <c>id</c>.</summary>
[Connector("scim", "SCIM 2.0 application", "Application SCIM 2.0",
    AboutEn = "Any application that manages its users by SCIM 2.0.", AboutFr = "Toute application qui gère ses utilisateurs par SCIM 2.0.")]
public sealed class ScimConnector(ScimSettings settings, ConnectorContext context) : IConnector
{
    private const string Disable = "disable";
    private const string Groups = "groups";
    private const int PageSize = 200;

    private static readonly string[] RoleAttributes = ["roles", "entitlements"];

    private static readonly JsonSerializerOptions Plainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(5);

    private static readonly Bilingual Residue = new(
        "API keys and open sessions of the application: SCIM cannot tell.",
        "Clés d’API et sessions ouvertes de l’application : SCIM ne permet pas de le savoir.");

    private readonly ScimClient client = new(settings);
    private readonly TimeProvider clock = context.Clock;

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
            Key = Groups,
            Phase = Phase.Entitlements,
            Title = new("Remove from groups", "Retirer des groupes"),
            Effect = new("Removes the account from every group that the application lists for it.", "Retire le compte de chaque groupe que l’application lui connaît."),
        },
    ];

    /// <inheritdoc/>
    public async Task<ConnectionReport> TestAsync(CancellationToken cancellation)
    {
        var answer = await client.SendAsync(HttpMethod.Get, "Users?count=1", null, cancellation);
        if (answer.Failure is { } failure)
        {
            return new(failure.Kind == FailureKind.RightMissing)
            {
                Failure = failure,
                Rights = [new(new("Read users", "Lire les utilisateurs"), RightState.Missing, failure.Remedy)],
            };
        }

        if (answer.Body?["Resources"] is not JsonArray && answer.Body?["totalResults"] is null)
        {
            return new(false) { Failure = new(FailureKind.Garbage, new($"{client.Host} does not answer as a SCIM service.", $"{client.Host} ne répond pas comme un service SCIM.")) };
        }

        var groups = await client.SendAsync(HttpMethod.Get, "Groups?count=1", null, cancellation);
        return new(true)
        {
            Server = client.Host,
            Rights =
            [
                new(new("Read users", "Lire les utilisateurs"), RightState.Held),
                new(new("Read groups", "Lire les groupes"), groups.Failure is null ? RightState.Held : RightState.Missing, groups.Failure?.Remedy),
                new(new("Change users and groups (told only by writing)", "Modifier utilisateurs et groupes (ne se vérifie qu’en écrivant)"), RightState.NotChecked),
            ],
        };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<AccountRecord> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var start = 1; ;)
        {
            var (records, total) = await ListAsync($"Users?startIndex={start}&count={PageSize}", cancellation);
            foreach (var record in records)
            {
                yield return record;
            }

            start += records.Count;
            if (records.Count == 0 || start > total)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccountRecord>> FindAsync(PersonHints person, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(person);
        var filters = Spellings(person.Mails).Select(mail => $"emails.value eq {Quote(mail)}")
            .Concat(Spellings(person.Mails.Concat(person.Logins)).Select(login => $"userName eq {Quote(login)}"))
            .Append($"name.familyName eq {Quote(person.FamilyName)}");
        var found = new Dictionary<string, AccountRecord>(StringComparer.Ordinal);
        foreach (var filter in filters.Distinct(StringComparer.Ordinal))
        {
            var answer = await PatientlyAsync($"Users?filter={Uri.EscapeDataString(filter)}&count={PageSize}", cancellation);
            if (answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotImplemented)
            {
                // Services exist that know no filters, or stumble over a quotation mark: then everybody is read.
                return await ScanAsync(person, cancellation);
            }

            foreach (var record in Records(answer).Records.Where(record => MayBe(person, record)))
            {
                found[record.Id] = record;
            }
        }

        return [.. found.Values];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AccountReading>> ReadAsync(IReadOnlyList<string> accounts, ReadDepth depth, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        var readings = new AccountReading[accounts.Count];
        for (var index = 0; index < accounts.Count; index++)
        {
            readings[index] = await ReadOneAsync(accounts[index], depth, cancellation);
        }

        return readings;
    }

    /// <inheritdoc/>
    public async Task<ActionReport> ApplyAsync(ActionCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        var read = await GetAsync(call.Account, cancellation);
        if (read.Failure is { } failure)
        {
            return ActionReport.Failed(CallOutcome.NotAttempted, failure) with { Exchanges = [read.Exchange] };
        }

        if (read.Body is not { } user)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = [read.Exchange] };
        }

        return call.Action switch
        {
            Disable => await SetActiveAsync(call.Account, user, read, active: false, call.DryRun, cancellation),
            Groups => await LeaveGroupsAsync(call.Account, user, read, call.DryRun, cancellation),
            _ => ActionReport.Failed(CallOutcome.NotAttempted, new(FailureKind.Invalid, new($"Unknown action {call.Action}.", $"Action inconnue : {call.Action}."))),
        };
    }

    /// <inheritdoc/>
    public async Task<Verification> VerifyAsync(VerificationCall call, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        var read = await GetAsync(call.Account, cancellation);
        var state = State(read);
        return new(state, state is AccountState.Disabled or AccountState.Absent ? ProofLevel.ReadBack : ProofLevel.Accepted)
        {
            Failure = read.Failure ?? (state == AccountState.Enabled
                ? new(FailureKind.Conflict, new(
                    $"{client.Host} still shows the account as active, whatever it answered before.",
                    $"{client.Host} montre encore le compte comme actif, quoi qu’il ait répondu auparavant."))
                : null),
            Checks = [new(new("The account is read again: active is false, or it is gone", "Le compte est relu : active vaut false, ou il a disparu"),
                state is AccountState.Disabled or AccountState.Absent, state == AccountState.Absent ? read.Exchange.Answer : $"active={read.Body?["active"]?.ToJsonString() ?? "?"}")],
            Residuals = state == AccountState.Disabled ? [new(Residue, null)] : [],
            Exchanges = [read.Exchange with { Answer = $"{read.Exchange.Answer} ({clock.GetUtcNow():HH:mm:ss}Z)" }],
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
            return new(CallOutcome.NotAttempted) { Failure = failure };
        }

        if (read.Body is not { } user)
        {
            return new(CallOutcome.Refused)
            {
                NotRestored = [new("The account no longer exists.", "Le compte n’existe plus.")],
                Failure = new(FailureKind.Invalid, new("The account no longer exists: it must be created anew.", "Le compte n’existe plus : il faut le recréer.")),
            };
        }

        var activated = await SetActiveAsync(call.Account, user, read, before.Active, call.DryRun, cancellation);
        var changes = activated.Changes.ToList();
        var exchanges = activated.Exchanges.ToList();
        var failed = activated.Failure;
        var now = GroupsOf(user);
        foreach (var group in before.Groups.Where(group => !now.ContainsKey(group.Key)))
        {
            changes.Add(new($"group {group.Value}", null, "member"));
            if (!call.DryRun)
            {
                var answer = await PatchAsync($"Groups/{Uri.EscapeDataString(group.Key)}", "add", "members",
                    new JsonArray(new JsonObject { ["value"] = call.Account }), cancellation);
                exchanges.Add(answer.Exchange);
                failed ??= answer.Failure;
            }
        }

        return new(failed is not null ? CallOutcome.Unknown : changes.Count > 0 ? CallOutcome.Done : CallOutcome.AlreadySo)
        {
            Changes = changes, Exchanges = exchanges, Failure = failed,
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>As written and in small letters: services exist that mind the case, though mails and logins should not.</summary>
    private static IEnumerable<string> Spellings(IEnumerable<string> texts) => texts.SelectMany(text => new[] { text, text.ToLower(CultureInfo.InvariantCulture) });

    private async Task<ActionReport> SetActiveAsync(string id, JsonObject user, ScimAnswer read, bool active, bool dryRun, CancellationToken cancellation)
    {
        if (Active(user) == active)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = [read.Exchange] };
        }

        var changes = new[] { new Change("active", active ? "false" : "true", active ? "true" : "false") };
        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = changes, Exchanges = [read.Exchange] };
        }

        var path = $"Users/{Uri.EscapeDataString(id)}";
        var answer = await PatchAsync(path, "replace", "active", active, cancellation, read.ETag);
        if (answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed)
        {
            // Some services only know the form without a path, others no PATCH at all.
            answer = await PatchAsync(path, "replace", null, new JsonObject { ["active"] = active }, cancellation, read.ETag);
            if (answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed)
            {
                var whole = (JsonObject)user.DeepClone();
                whole["active"] = active;
                answer = await client.SendAsync(HttpMethod.Put, path, whole, cancellation, read.ETag);
            }
        }

        return Report(answer, changes, read.Exchange);
    }

    private async Task<ActionReport> LeaveGroupsAsync(string id, JsonObject user, ScimAnswer read, bool dryRun, CancellationToken cancellation)
    {
        var groups = GroupsOf(user);
        if (groups.Count == 0)
        {
            return new(CallOutcome.AlreadySo) { Exchanges = [read.Exchange] };
        }

        var changes = groups.Select(group => new Change($"group {group.Value}", "member", null)).ToList();
        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = changes, Exchanges = [read.Exchange] };
        }

        var exchanges = new List<Exchange> { read.Exchange };
        foreach (var group in groups.Keys)
        {
            var answer = await PatchAsync($"Groups/{Uri.EscapeDataString(group)}", "remove", $"members[value eq {Quote(id)}]", null, cancellation);
            exchanges.Add(answer.Exchange);
            if (answer.Failure is not null)
            {
                return Report(answer, changes, read.Exchange) with { Exchanges = exchanges };
            }
        }

        return new(CallOutcome.Done) { Changes = changes, Exchanges = exchanges };
    }

    private static ActionReport Report(ScimAnswer answer, IReadOnlyList<Change> changes, Exchange read) => answer switch
    {
        { Failure: null, Status: not HttpStatusCode.NotFound } => new(CallOutcome.Done) { Changes = changes, Exchanges = [read, answer.Exchange] },
        { Failure: null } => new(CallOutcome.AlreadySo) { Exchanges = [read, answer.Exchange] },
        { Failure.Kind: FailureKind.TimedOut or FailureKind.Garbage or FailureKind.SystemError } =>
            ActionReport.Failed(CallOutcome.Unknown, answer.Failure) with { Exchanges = [read, answer.Exchange] },
        { Failure.Kind: FailureKind.Unreachable or FailureKind.Throttled or FailureKind.SignInRefused } =>
            ActionReport.Failed(CallOutcome.NotAttempted, answer.Failure) with { Exchanges = [read, answer.Exchange] },
        _ => ActionReport.Failed(CallOutcome.Refused, answer.Failure) with { Exchanges = [read, answer.Exchange] },
    };

    private Task<ScimAnswer> PatchAsync(string path, string op, string? target, JsonNode? value, CancellationToken cancellation, string? ifMatch = null)
    {
        var operation = new JsonObject { ["op"] = op };
        if (target is not null)
        {
            operation["path"] = target;
        }

        if (value is not null)
        {
            operation["value"] = value;
        }

        return client.SendAsync(HttpMethod.Patch, path, new()
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
            ["Operations"] = new JsonArray(operation),
        }, cancellation, ifMatch);
    }

    private async Task<AccountReading> ReadOneAsync(string id, ReadDepth depth, CancellationToken cancellation)
    {
        var read = await GetAsync(id, cancellation);
        var state = State(read);
        if (read.Body is not { } user || state == AccountState.Unknown)
        {
            return new(id, state, Failure: read.Failure);
        }

        return new(id, state, Record(user), depth == ReadDepth.Snapshot
            ? JsonSerializer.Serialize(new ScimSnapshot(Active(user) ?? true, GroupsOf(user)))
            : null);
    }

    private Task<ScimAnswer> GetAsync(string id, CancellationToken cancellation) =>
        client.SendAsync(HttpMethod.Get, $"Users/{Uri.EscapeDataString(id)}", null, cancellation);

    private async Task<List<AccountRecord>> ScanAsync(PersonHints person, CancellationToken cancellation)
    {
        var found = new List<AccountRecord>();
        await foreach (var record in EnumerateAsync(cancellation))
        {
            if (MayBe(person, record))
            {
                found.Add(record);
            }
        }

        return found;
    }

    /// <summary>Whether anything known of the person agrees: a service that overlooks the filter answers with everybody.</summary>
    private static bool MayBe(PersonHints person, AccountRecord record) =>
        record.Mails.Append(record.Login).Any(text => person.Mails.Concat(person.Logins).Contains(text, StringComparer.OrdinalIgnoreCase))
        || string.Equals(record.FamilyName, person.FamilyName, StringComparison.OrdinalIgnoreCase);

    private async Task<(List<AccountRecord> Records, int Total)> ListAsync(string path, CancellationToken cancellation) =>
        Records(await PatientlyAsync(path, cancellation));

    private (List<AccountRecord> Records, int Total) Records(ScimAnswer answer) => answer.Failure is { } failure ? throw new ConnectorException(failure)
        : ([.. (answer.Body?["Resources"] as JsonArray ?? []).OfType<JsonObject>().Select(Record)], answer.Body?["totalResults"]?.GetValue<int>() ?? 0);

    private async Task<ScimAnswer> PatientlyAsync(string path, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(HttpMethod.Get, path, null, cancellation);
        for (var waits = 0; waits < 5 && answer.Failure is { Kind: FailureKind.Throttled, RetryAfter: { } wait } && wait <= ShortWait; waits++)
        {
            // A list takes several calls: one that is asked to wait a moment does not start them all again.
            await Task.Delay(wait, clock, cancellation);
            answer = await client.SendAsync(HttpMethod.Get, path, null, cancellation);
        }

        return answer;
    }

    private static AccountState State(ScimAnswer answer) => answer switch
    {
        { Failure: not null } => AccountState.Unknown,
        { Status: HttpStatusCode.NotFound } => AccountState.Absent,
        { Body: { } user } => Active(user) switch { false => AccountState.Disabled, true => AccountState.Enabled, null => AccountState.Unknown },
        _ => AccountState.Unknown,
    };

    /// <summary>RFC 7643 says boolean; a text is read too, an absent one means that the service does not say.</summary>
    private static bool? Active(JsonObject user) =>
        user["active"] is JsonValue value ? value.TryGetValue<bool>(out var flag) ? flag : bool.TryParse(value.ToString(), out var text) ? text : null : null;

    private static Dictionary<string, string> GroupsOf(JsonObject user)
    {
        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var group in (user["groups"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            if (group["value"]?.ToString() is { } id && group["type"]?.ToString() != "indirect")
            {
                groups[id] = group["display"]?.ToString() ?? id;
            }
        }

        return groups;
    }

    private AccountRecord Record(JsonObject user) => new()
    {
        Id = user["id"]?.ToString() ?? "",
        Login = user["userName"]?.ToString() ?? "",
        DisplayName = user["displayName"]?.ToString() ?? user["name"]?["formatted"]?.ToString(),
        GivenName = user["name"]?["givenName"]?.ToString(),
        FamilyName = user["name"]?["familyName"]?.ToString(),
        Mails = [.. ((user["emails"] as JsonArray)?.OfType<JsonObject>() ?? []).Select(mail => mail["value"]?.ToString()).OfType<string>()],
        EmployeeNumber = user["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]?["employeeNumber"]?.ToString(),
        State = Active(user) switch { false => AccountState.Disabled, true => AccountState.Enabled, null => AccountState.Unknown },
        Entitlements = [.. GroupsOf(user).Values, .. RolesOf(user)],
        Privileged = GroupsOf(user).Values.Concat(RolesOf(user)).Any(IsPrivileged),
    };

    private static IEnumerable<string> RolesOf(JsonObject user) => RoleAttributes
        .SelectMany(attribute => (user[attribute] as JsonArray)?.OfType<JsonObject>() ?? [])
        .Select(role => role["display"]?.ToString() ?? role["value"]?.ToString()).OfType<string>();

    private bool IsPrivileged(string name) => settings.PrivilegedNames.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name));

    /// <summary>A filter literal: JSON string rules (RFC 7644, 3.4.2.2).</summary>
    /// <remarks>Only what must be escaped is: services exist that do not decode <c>\u00eb</c>.</remarks>
    private static string Quote(string text) => JsonSerializer.Serialize(text, Plainly);

    private sealed record ScimSnapshot(bool Active, Dictionary<string, string> Groups)
    {
        public static ScimSnapshot? Read(string text)
        {
            try
            {
                return JsonSerializer.Deserialize<ScimSnapshot>(text);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
