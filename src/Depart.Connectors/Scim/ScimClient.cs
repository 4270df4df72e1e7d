using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Depart.Connectors.Scim;

/// <summary>One answer of the service, or why there is none.</summary>
internal sealed record ScimAnswer(HttpStatusCode? Status, JsonObject? Body, Failure? Failure, Exchange Exchange, string? ETag = null);

/// <summary>Speaks SCIM over HTTP: every way in which a call can fail becomes a failure with its kind.</summary>
internal sealed class ScimClient : IDisposable
{
    private const long LargestAnswer = 32 * 1024 * 1024;

    private readonly HttpClient http;
    private readonly ScimSettings settings;

    public ScimClient(ScimSettings settings)
    {
        this.settings = settings;
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
    }

    public string Host => http.BaseAddress!.Authority;

    public async Task<ScimAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation, string? ifMatch = null)
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
            using var response = await http.SendAsync(request, timeout.Token);
            var text = await response.Content.ReadAsStringAsync(timeout.Token);
            var exchange = new Exchange(said, $"{(int)response.StatusCode} {response.ReasonPhrase}");
            var failure = Refusal(response);
            if (failure is not null || text.Length == 0)
            {
                return new(response.StatusCode, null, failure, exchange);
            }

            return JsonNode.Parse(text) is JsonObject json
                ? new(response.StatusCode, json, null, exchange, json["meta"]?["version"]?.ToString())
                : new(response.StatusCode, null, Garbage(), exchange);
        }
        catch (JsonException)
        {
            return new(null, null, Garbage(), new(said, "not JSON"));
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

    public void Dispose() => http.Dispose();

    private Failure Garbage() => new(FailureKind.Garbage, new(
        $"{Host} answered something that is not SCIM.", $"{Host} a répondu autre chose que du SCIM."), new(
        "Check the base address: a sign-in page or a proxy may be answering.", "Vérifiez l’adresse de base : une page de connexion ou un proxy répond peut-être."));

    private Failure Unreached(HttpRequestException error) => error.HttpRequestError == HttpRequestError.SecureConnectionError
        ? new(FailureKind.IdentityRefused, new(
            $"The certificate of {Host} is not trusted.", $"Le certificat de {Host} n’est pas reconnu."))
        : error.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            ? new(FailureKind.Unreachable, new($"{Host} cannot be reached.", $"{Host} est injoignable."), new(
                "Check that the service runs and that this server may reach it.", "Vérifiez que le service fonctionne et que ce serveur peut l’atteindre."))
            : new(FailureKind.TimedOut, new($"The connection to {Host} broke: what happened is not known.", $"La connexion à {Host} s’est rompue : on ne sait pas ce qui s’est passé."));

    private Failure? Refusal(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.NotFound => null,
        HttpStatusCode.Unauthorized => new(FailureKind.SignInRefused, new(
            $"{Host} refused our access token (401).", $"{Host} a refusé notre jeton d’accès (401)."), new(
            "Enter a new token in the settings of the system.", "Saisissez un nouveau jeton dans les réglages du système.")),
        HttpStatusCode.Forbidden => new(FailureKind.RightMissing, new(
            $"{Host} does not give our token the right to do this (403).", $"{Host} n’accorde pas ce droit à notre jeton (403)."), new(
            "Give the client the right to read and change users and groups.", "Donnez au client le droit de lire et de modifier utilisateurs et groupes.")),
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new(FailureKind.Throttled, new(
            $"{Host} asks to slow down ({(int)response.StatusCode}).", $"{Host} demande de ralentir ({(int)response.StatusCode})."), RetryAfter: RetryAfter(response)),
        HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict => new(FailureKind.Conflict, new(
            $"The account changed meanwhile on {Host} ({(int)response.StatusCode}).", $"Le compte a changé entre-temps sur {Host} ({(int)response.StatusCode}).")),
        >= HttpStatusCode.InternalServerError => new(FailureKind.SystemError, new(
            $"{Host} failed ({(int)response.StatusCode}).", $"{Host} est en erreur ({(int)response.StatusCode}).")),
        >= HttpStatusCode.Ambiguous => new(FailureKind.Invalid, new(
            $"{Host} refused the request ({(int)response.StatusCode}).", $"{Host} a refusé la requête ({(int)response.StatusCode}).")),
        _ => null,
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter?.Delta;
        return asked > TimeSpan.FromMinutes(10) ? TimeSpan.FromMinutes(10) : asked;
    }
}
