using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Depart.Connectors.Scim;

/// <summary>One answer of the service, or why there is none.</summary>
internal sealed record ScimAnswer(HttpStatusCode? Status, JsonObject? Body, Failure? Failure, Exchange Exchange, string? ETag = null)
{
    /// <summary>The service does not know this form of request; another one may do.</summary>
    public bool IsUnsupported => Status is HttpStatusCode.BadRequest or HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed;
}

/// <summary>Speaks SCIM over HTTP: every way in which a call can fail becomes a failure with its kind.</summary>
internal sealed class ScimClient : IDisposable
{
    private const long LargestAnswer = 32 * 1024 * 1024;
    private const int Waits = 5;

    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Plainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Names of attributes have no case (RFC 7643, 2.1). Twice the same is an odd answer, not a choice.
    private static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = true };
    private static readonly JsonDocumentOptions NoTwins = new() { AllowDuplicateProperties = false };

    private readonly HttpClient http;
    private readonly ScimSettings settings;
    private readonly TimeProvider clock;
    private readonly ICallTurns? calls;

    public ScimClient(ScimSettings settings, ConnectorContext context)
    {
        this.settings = settings;
        (clock, calls) = (context.Clock, context.Calls);

        // A redirect would carry the token to somebody else: it is refused.
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10), AllowAutoRedirect = false, UseCookies = false };
        if (settings.Authorities() is { } authorities)
        {
            handler.SslOptions.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        http = new(handler)
        {
            BaseAddress = new(settings.BaseUrl.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
        http.DefaultRequestHeaders.Authorization = new("Bearer", settings.Token);
        http.DefaultRequestHeaders.Accept.ParseAdd("application/scim+json, application/json");
        http.DefaultRequestHeaders.CacheControl = new() { NoCache = true };
    }

    public string Host => http.BaseAddress!.Authority;

    /// <summary>A filter literal: JSON string rules (RFC 7644, 3.4.2.2).</summary>
    /// <remarks>Only what must be escaped is: services exist that do not decode <c>\u00eb</c>.</remarks>
    public static string Quote(string text) => JsonSerializer.Serialize(text, Plainly);

    /// <summary>One request, in its turn. Asked to wait a moment (5 seconds at most), it waits; asked to wait longer, that is the failure.</summary>
    public Task<ScimAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation, string? ifMatch = null) =>
        SendAsync(method, path, () => body, ifMatch, last: false, cancellation);

    /// <summary>One change of one resource; a service that wants the version named gets it (428).</summary>
    public Task<ScimAnswer> ChangeAsync(HttpMethod method, string path, JsonObject body, string? version, CancellationToken cancellation) =>
        ChangeAsync(method, path, () => body, version, last: false, cancellation);

    /// <summary>One operation of a PATCH.</summary>
    public Task<ScimAnswer> PatchAsync(string path, string op, string? target, JsonNode? value, string? version, CancellationToken cancellation) =>
        ChangeAsync(HttpMethod.Patch, path, Patch([Operation(op, target, value)]), version, cancellation);

    /// <summary>A PATCH that lets every other request go first; its operations are asked for when its turn has come.</summary>
    public Task<ScimAnswer> PatchLastAsync(string path, Func<IEnumerable<JsonNode>> operations, CancellationToken cancellation)
    {
        var body = new Lazy<JsonObject>(() => Patch(operations()));
        return ChangeAsync(HttpMethod.Patch, path, () => body.Value, null, last: true, cancellation);
    }

    /// <summary>One operation of a PATCH (RFC 7644, 3.5.2).</summary>
    public static JsonObject Operation(string op, string? target, JsonNode? value)
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

        return operation;
    }

    private static JsonObject Patch(IEnumerable<JsonNode> operations) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
        ["Operations"] = new JsonArray([.. operations]),
    };

    private async Task<ScimAnswer> ChangeAsync(HttpMethod method, string path, Func<JsonObject> body, string? version, bool last, CancellationToken cancellation)
    {
        var answer = await SendAsync(method, path, body, version, last, cancellation);
        if (answer.Status != HttpStatusCode.PreconditionRequired || version is not null)
        {
            return answer;
        }

        var read = await SendAsync(HttpMethod.Get, path, null, cancellation);
        return read.Failure is null && read.ETag is { } tag ? await SendAsync(method, path, body, tag, last, cancellation) : answer;
    }

    private async Task<ScimAnswer> SendAsync(HttpMethod method, string path, Func<JsonObject?> body, string? ifMatch, bool last, CancellationToken cancellation)
    {
        try
        {
            using var turn = calls is null ? null : await calls.EnterAsync(last, cancellation);
            for (var waits = 0; ; waits++)
            {
                var answer = await SendOnceAsync(method, path, body(), ifMatch, cancellation);
                if (waits == Waits || answer.Failure is not { Kind: FailureKind.Throttled, RetryAfter: { } wait } || wait > ShortWait)
                {
                    return answer;
                }

                await Task.Delay(wait, clock, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            return Stopped($"{method} {path}");
        }
    }

    /// <summary>Streams a list over all its pages, each resource once.</summary>
    /// <exception cref="ConnectorException">The list could not be read to its end.</exception>
    public async IAsyncEnumerable<JsonObject> ListAsync(string resource, string? filter, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var condition = filter is null ? "" : $"&filter={Uri.EscapeDataString(filter)}";
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var start = 1; ;)
        {
            var answer = await SendAsync(HttpMethod.Get, $"{resource}?startIndex={start}&count={pageSize}{condition}", null, cancellation);
            if (answer.Failure is { } failure)
            {
                throw new ScimListException(failure, answer.IsUnsupported);
            }

            if (answer.Status == HttpStatusCode.NotFound)
            {
                throw new ScimListException(Garbage(), unsupported: true);
            }

            if (answer.Body is not { } page || !int.TryParse(page.Text("totalResults"), out var total))
            {
                throw new ScimListException(Garbage(), unsupported: false);
            }

            var items = page.Items("Resources").ToList();
            var news = 0;
            foreach (var item in items.Where(item => item.Text("id") is { Length: > 0 } id && seen.Add(id)))
            {
                news++;
                yield return item;
            }

            start += items.Count;
            if (start > total)
            {
                yield break;
            }

            if (news == 0)
            {
                // It said that there is more and gives the same page, or none: what was read is not everything.
                throw new ScimListException(new(FailureKind.Garbage, new(
                    $"{Host} announces {total} entries and gives only {start - 1}: the list is not complete.",
                    $"{Host} annonce {total} entrées et n’en donne que {start - 1} : la liste n’est pas complète.")), unsupported: false);
            }
        }
    }

    public void Dispose() => http.Dispose();

    public Failure Garbage() => new(FailureKind.Garbage, new(
        $"{Host} answered something that is not SCIM.", $"{Host} a répondu autre chose que du SCIM."), new(
        "Check the base address: a sign-in page or a proxy may be answering.", "Vérifiez l’adresse de base : une page de connexion ou un proxy répond peut-être."));

    /// <summary>What is known of a call that was stopped.</summary>
    public ScimAnswer Stopped(string said) => new(null, null, new(FailureKind.TimedOut, new(
        $"The call was stopped before {Host} answered: what happened is not known.",
        $"L’appel a été interrompu avant la réponse de {Host} : on ne sait pas ce qui s’est passé.")), new(said, "stopped"));

    private async Task<ScimAnswer> SendOnceAsync(HttpMethod method, string path, JsonObject? body, string? ifMatch, CancellationToken cancellation)
    {
        var said = $"{method} {path}";
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/scim+json");
        }

        if (ifMatch is not null && EntityTagHeaderValue.TryParse(ifMatch, out var tag))
        {
            request.Headers.IfMatch.Add(tag);
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(TimeSpan.FromSeconds(settings.TimeoutSeconds));
        try
        {
            // Headers and body together, within the time-out and the largest size.
            using var response = await http.SendAsync(request, timeout.Token);
            var text = await response.Content.ReadAsStringAsync(timeout.Token);
            var exchange = new Exchange(said, $"{(int)response.StatusCode} {response.ReasonPhrase}");
            if (!response.IsSuccessStatusCode)
            {
                return new(response.StatusCode, null, ScimRefusal.Of(response, Detail(text), Host, clock), exchange);
            }

            return text.Length == 0 ? new(response.StatusCode, null, null, exchange)
                : JsonNode.Parse(text, AnyCase, NoTwins) is JsonObject json ? new(response.StatusCode, json, null, exchange, response.Headers.ETag?.ToString())
                : new(response.StatusCode, null, Garbage(), exchange);
        }
        catch (JsonException)
        {
            return new(null, null, Garbage(), new(said, "not JSON"));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new(null, null, new(FailureKind.TimedOut, new(
                $"The call was stopped before {Host} answered: what happened is not known.",
                $"L’appel a été interrompu avant la réponse de {Host} : on ne sait pas ce qui s’est passé.")), new(said, "stopped"));
        }
        catch (OperationCanceledException)
        {
            return new(null, null, new(FailureKind.TimedOut, new(
                $"{Host} did not answer within {settings.TimeoutSeconds} seconds: what happened is not known.",
                $"{Host} n’a pas répondu en {settings.TimeoutSeconds} secondes : on ne sait pas ce qui s’est passé.")), new(said, "no answer"));
        }
        catch (HttpRequestException error)
        {
            return new(null, null, Unreached(error), new(said, error.HttpRequestError.ToString()));
        }
    }

    /// <summary>The service's own words, when it gives them as SCIM says (RFC 7644, 3.12).</summary>
    private static string? Detail(string text)
    {
        try
        {
            return (JsonNode.Parse(text, AnyCase, NoTwins) as JsonObject)?.Text("detail");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Failure Unreached(HttpRequestException error) => error switch
    {
        { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException { Message: var why } } when why.Contains("certificate", StringComparison.Ordinal) =>
            new(FailureKind.IdentityRefused, WhyNotTrusted(why), new(
                "Renew the certificate, or enter the authority that issued it in the settings of the system.",
                "Renouvelez le certificat, ou saisissez l’autorité qui l’a émis dans les réglages du système.")),
        { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError } =>
            new(FailureKind.Unreachable, new($"{Host} cannot be reached.", $"{Host} est injoignable."), new(
                "Check that the service runs and that this server may reach it.", "Vérifiez que le service fonctionne et que ce serveur peut l’atteindre.")),
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            new(FailureKind.Garbage, new(
                $"{Host} answers without end: the call was given up.", $"{Host} répond sans fin : l’appel a été abandonné.")),
        { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.SecureConnectionError } => Garbage(),
        _ => new(FailureKind.TimedOut, new(
            $"The connection to {Host} broke: what happened is not known.", $"La connexion à {Host} s’est rompue : on ne sait pas ce qui s’est passé.")),
    };

    // The names of the framework's own flags, the same in every language.
    private Bilingual WhyNotTrusted(string why) => why switch
    {
        _ when why.Contains("NotTimeValid", StringComparison.Ordinal) => new($"The certificate of {Host} has expired.", $"Le certificat de {Host} a expiré."),
        _ when why.Contains("NameMismatch", StringComparison.Ordinal) => new($"The certificate shown by {Host} is another host’s.", $"Le certificat présenté par {Host} est celui d’un autre hôte."),
        _ => new($"The certificate of {Host} comes from an authority that is not trusted.", $"Le certificat de {Host} vient d’une autorité qui n’est pas reconnue."),
    };
}

/// <summary>A list could not be read; perhaps only this form of question is not known.</summary>
internal sealed class ScimListException(Failure failure, bool unsupported) : Exception(failure.What.En)
{
    public Failure Failure { get; } = failure;

    public bool Unsupported { get; } = unsupported;
}
