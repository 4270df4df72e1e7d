using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Depart.Connectors.Lockers;

/// <summary>A company's lockers: a closed one no longer opens with its holder's code.</summary>
[Connector("lockers", "Lockers", "Casiers", BestProof = ProofLevel.ReadBack,
    AboutEn = "The lockers of a building, by their server.", AboutFr = "Les casiers d’un bâtiment, par leur serveur.")]
public sealed class LockersConnector : IConnector
{
    private const string Close = "close";

    private readonly LockersSettings settings;
    private readonly HttpClient http;

    /// <summary>The one constructor: settings, context. It opens nothing and cannot fail, even over settings that are still empty.</summary>
    public LockersConnector(LockersSettings settings, ConnectorContext context)
    {
        this.settings = settings;
        // A redirect would carry our key elsewhere; an answer without end would fill the memory.
        http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            Timeout = TimeSpan.FromSeconds(settings.TimeoutSeconds), MaxResponseContentBufferSize = 8 * 1024 * 1024,
        };
        http.DefaultRequestHeaders.Add("X-Key", settings.Key);
    }

    /// <summary>What can be done to one account. A second action names what it waits for in After.</summary>
    public IReadOnlyList<ActionDescriptor> Actions { get; } =
    [
        new()
        {
            Key = Close,
            Phase = Phase.Contain,
            Title = new("Close the locker", "Fermer le casier"),
            Effect = new("The holder’s code no longer opens it.", "Le code du titulaire ne l’ouvre plus."),
        },
    ];

    /// <summary>Reaches the system and names each right. Never writes.</summary>
    public async Task<ConnectionReport> TestAsync(CancellationToken cancellation)
    {
        var answer = await SendAsync(HttpMethod.Get, "lockers", cancellation);
        return (answer.Failure ?? (answer.Body is JsonArray ? null : Garbage())) is { } failure ? new(false) { Failure = failure } : new(true)
        {
            Server = new Uri(settings.Address).Authority,
            Rights =
            [
                new(new("Read lockers", "Lire les casiers"), RightState.Held),
                // What can only be told by writing is said to be so.
                new(new("Close lockers", "Fermer les casiers"), RightState.NotChecked),
            ],
        };
    }

    /// <summary>Every account of the system, streamed. A failure is thrown: what was streamed is then incomplete.</summary>
    public async IAsyncEnumerable<AccountRecord> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var record in await ListAsync(cancellation))
        {
            yield return record;
        }
    }

    /// <summary>All accounts that may be the person's, homonyms included: the caller decides. A failure is thrown: nothing is known.</summary>
    public async Task<IReadOnlyList<AccountRecord>> FindAsync(PersonHints person, CancellationToken cancellation) =>
    [
        .. (await ListAsync(cancellation)).Where(record =>
            person.Logins.Contains(record.Login, StringComparer.OrdinalIgnoreCase)
            || record.Mails.Any(mail => person.Mails.Contains(mail, StringComparer.OrdinalIgnoreCase))
            || person.Spellings().Any(name => string.Equals(record.FamilyName, name.Family, StringComparison.OrdinalIgnoreCase))),
    ];

    /// <summary>States now, in the order asked. Never throws: what could not be read is Unknown, with the failure.</summary>
    public async Task<IReadOnlyList<AccountReading>> ReadAsync(IReadOnlyList<string> accounts, ReadDepth depth, CancellationToken cancellation)
    {
        var readings = new List<AccountReading>();
        foreach (var id in accounts)
        {
            var (answer, record) = await GetAsync(id, cancellation);
            readings.Add(record is not null
                // The snapshot is all that undo needs, in a form that only this connector reads.
                ? new(id, record.State, record, depth == ReadDepth.Snapshot ? JsonSerializer.Serialize(record.State == AccountState.Enabled) : null)
                : new(id, answer.Failure is null ? AccountState.Absent : AccountState.Unknown, Failure: answer.Failure));
        }

        return readings;
    }

    /// <summary>One action, as often as it is asked: read first, change only what is not so yet.</summary>
    public async Task<ActionReport> ApplyAsync(ActionCall call, CancellationToken cancellation) => call.Action == Close
        ? await TurnAsync(call.Account, open: false, call.DryRun, cancellation)
        : ActionReport.Failed(CallOutcome.NotAttempted, new(FailureKind.Invalid, new($"Unknown action {call.Action}.", $"Action inconnue : {call.Action}.")));

    /// <summary>Proves the cut by another read. Enabled means: not cut, and why.</summary>
    public async Task<Verification> VerifyAsync(VerificationCall call, CancellationToken cancellation)
    {
        var (answer, record) = await GetAsync(call.Account, cancellation);
        var state = record?.State ?? (answer.Failure is null ? AccountState.Absent : AccountState.Unknown);
        var closed = state is AccountState.Disabled or AccountState.Absent;
        return new(state, closed ? ProofLevel.ReadBack : ProofLevel.Accepted)
        {
            Checks = [new(new("The locker is read again: it is closed", "Le casier est relu : il est fermé"), closed, answer.Exchange.Answer)],
            Failure = answer.Failure ?? (closed ? null : new(FailureKind.Conflict, new("The locker still opens.", "Le casier s’ouvre encore."))),
            // What outlives the cut is named, with its end or without one.
            Residuals = [new(new("A locker that stands open stays open until somebody shuts it.", "Un casier resté ouvert le reste jusqu’à ce qu’on le pousse."), null)],
            Exchanges = [answer.Exchange],
        };
    }

    /// <summary>Gives back what the snapshot holds, and never more: what was closed before stays closed.</summary>
    public async Task<UndoReport> UndoAsync(UndoCall call, CancellationToken cancellation)
    {
        if (call.Snapshot is not ("true" or "false"))
        {
            return new(CallOutcome.NotAttempted) { Failure = new(FailureKind.Invalid, new("The snapshot cannot be read.", "Le relevé est illisible.")) };
        }

        var (read, record) = await GetAsync(call.Account, cancellation);
        if (read.Failure is null && record is null)
        {
            return new(CallOutcome.Refused) { NotRestored = [Gone], Failure = new(FailureKind.Invalid, Gone), Exchanges = [read.Exchange] };
        }

        var report = await TurnAsync(call.Account, open: call.Snapshot == "true", call.DryRun, cancellation);
        return new(report.Outcome) { Changes = report.Changes, Exchanges = report.Exchanges, Failure = report.Failure };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<ActionReport> TurnAsync(string id, bool open, bool dryRun, CancellationToken cancellation)
    {
        var (read, record) = await GetAsync(id, cancellation);
        if (read.Failure is { } unread)
        {
            // Nothing was sent but a question.
            return ActionReport.Failed(CallOutcome.NotAttempted, unread) with { Exchanges = [read.Exchange] };
        }

        if (record is null || record.State == (open ? AccountState.Enabled : AccountState.Disabled))
        {
            return new(CallOutcome.AlreadySo) { Exchanges = [read.Exchange] };
        }

        Change[] changes = [new("locker", open ? "closed" : "open", open ? "open" : "closed")];
        if (dryRun)
        {
            return new(CallOutcome.Done) { Changes = changes, Exchanges = [read.Exchange] };
        }

        var answer = await SendAsync(HttpMethod.Post, $"lockers/{Uri.EscapeDataString(id)}/{(open ? "open" : "close")}", cancellation);
        Exchange[] said = [read.Exchange, answer.Exchange];
        if (answer.Failure is { } failure)
        {
            return ActionReport.Failed(
                failure.Kind switch
                {
                    FailureKind.Unreachable or FailureKind.IdentityRefused or FailureKind.SignInRefused => CallOutcome.NotAttempted,
                    FailureKind.RightMissing or FailureKind.Throttled => CallOutcome.Refused,
                    // After a time-out nobody knows: the product reads before it tries again.
                    _ => CallOutcome.Unknown,
                },
                failure) with { Exchanges = said };
        }

        // An answer without an error is no proof: it is read back.
        var (back, after) = await GetAsync(id, cancellation);
        said = [.. said, back.Exchange];
        return back.Failure is { } unseen ? ActionReport.Failed(CallOutcome.Unknown, unseen) with { Exchanges = said }
            : after?.State == record.State ? ActionReport.Failed(CallOutcome.Refused, Ignored) with { Exchanges = said }
            : new(CallOutcome.Done) { Changes = changes, Exchanges = said };
    }

    private async Task<List<AccountRecord>> ListAsync(CancellationToken cancellation)
    {
        var answer = await SendAsync(HttpMethod.Get, "lockers", cancellation);
        var records = (answer.Body as JsonArray)?.Select(Record).ToList() ?? [null];
        return (answer.Failure ?? (records.Contains(null) ? Garbage() : null)) is { } failure ? throw new ConnectorException(failure) : [.. records.OfType<AccountRecord>()];
    }

    /// <summary>One locker. Without a record and without a failure it does not exist: the system itself said so, not a proxy's 404.</summary>
    private async Task<(Answer Answer, AccountRecord? Record)> GetAsync(string id, CancellationToken cancellation)
    {
        var answer = await SendAsync(HttpMethod.Get, $"lockers/{Uri.EscapeDataString(id)}", cancellation);
        return answer switch
        {
            { Failure: not null } => (answer, null),
            { Body: JsonObject locker } when Record(locker) is { } record && record.Id == id => (answer, record),
            { Body: JsonObject gone } when gone["error"]?.ToString() == "no such locker" => (answer, null),
            _ => (answer with { Failure = Garbage() }, null),
        };
    }

    /// <summary>One locker as the system shows it, or null where something without which nothing can be said is missing.</summary>
    private static AccountRecord? Record(JsonNode? node) =>
        node is not JsonObject locker || locker["id"] is not { } id || locker["login"] is not { } login || locker["open"]?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False) ? null : new()
        {
            // The number of a locker never changes: it is the key, whoever holds it.
            Id = id.ToString(),
            Login = login.ToString(),
            GivenName = locker["given"]?.ToString(),
            FamilyName = locker["family"]?.ToString(),
            Mails = [.. (locker["mails"] as JsonArray ?? []).OfType<JsonNode>().Select(mail => mail.ToString())],
            State = locker["open"]!.GetValue<bool>() ? AccountState.Enabled : AccountState.Disabled,
        };

    /// <summary>The only place that calls. Every way of failing becomes a Failure: its kind decides whether the product tries again.</summary>
    private async Task<Answer> SendAsync(HttpMethod method, string path, CancellationToken cancellation)
    {
        var said = $"{method} {path}";
        try
        {
            using var request = new HttpRequestMessage(method, $"{settings.Address.TrimEnd('/')}/{path}");
            using var response = await http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            var exchange = new Exchange(said, $"{(int)response.StatusCode} {response.ReasonPhrase}");
            return response.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.NotFound => new(JsonNode.Parse(text), null, exchange),
                HttpStatusCode.Forbidden => new(null, new(FailureKind.RightMissing,
                    new("Our key may not close lockers.", "Notre clé ne permet pas de fermer les casiers."),
                    new("Ask the lockers’ administrator for a key that may.", "Demandez à l’administrateur des casiers une clé qui le permet.")), exchange),
                HttpStatusCode.TooManyRequests => new(null, new(FailureKind.Throttled,
                    new("The lockers’ server asks us to slow down.", "Le serveur des casiers demande de ralentir."),
                    RetryAfter: response.Headers.RetryAfter?.Delta), exchange),
                HttpStatusCode.Unauthorized => new(null, new(FailureKind.SignInRefused,
                    new("The lockers’ server refused our key.", "Le serveur des casiers a refusé notre clé."),
                    new("Enter a new key in the settings.", "Saisissez une nouvelle clé dans les réglages.")), exchange),
                _ => new(null, new(FailureKind.SystemError, new(
                    $"The lockers’ server failed ({(int)response.StatusCode}).", $"Le serveur des casiers est en erreur ({(int)response.StatusCode}).")), exchange),
            };
        }
        catch (JsonException)
        {
            return new(null, Garbage(), new(said, "not JSON"));
        }
        catch (OperationCanceledException)
        {
            return new(null, new(FailureKind.TimedOut, new(
                $"The lockers’ server did not answer within {settings.TimeoutSeconds} seconds.",
                $"Le serveur des casiers n’a pas répondu en {settings.TimeoutSeconds} secondes.")), new(said, "no answer"));
        }
        catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            return new(null, new(FailureKind.Unreachable, new(
                "The lockers’ server cannot be reached.", "Le serveur des casiers est injoignable.")), new(said, error.HttpRequestError.ToString()));
        }
        catch (HttpRequestException error) when (error.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return new(null, new(FailureKind.IdentityRefused, new(
                "The lockers’ server showed a certificate that is not trusted.", "Le serveur des casiers a présenté un certificat qui n’est pas reconnu.")), new(said, error.HttpRequestError.ToString()));
        }
        catch (HttpRequestException error)
        {
            return new(null, Garbage(), new(said, error.HttpRequestError.ToString()));
        }
    }

    private static Bilingual Gone { get; } = new("The locker no longer exists.", "Le casier n’existe plus.");

    private static Failure Ignored { get; } = new(FailureKind.Conflict, new(
        "The lockers’ server said yes, and the locker is as it was.", "Le serveur des casiers a dit oui, et le casier est resté tel quel."));

    private static Failure Garbage() => new(FailureKind.Garbage, new(
        "The lockers’ server answered something unknown.", "Le serveur des casiers a répondu n’importe quoi."));

    private sealed record Answer(JsonNode? Body, Failure? Failure, Exchange Exchange);
}
