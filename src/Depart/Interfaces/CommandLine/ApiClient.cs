using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;

namespace Depart.Interfaces.CommandLine;

/// <summary>The API as the verbs use it; every refusal becomes a message and an exit code.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly Words NoToken = new(
        "Sign in first: depart login {0} (or set DEPART_URL and DEPART_TOKEN).",
        "Connectez-vous d’abord : depart login {0} (ou renseignez DEPART_URL et DEPART_TOKEN).");

    private static readonly Words Unreachable = new("The server at {0} cannot be reached: {1}", "Le serveur {0} est injoignable : {1}");
    private static readonly Words NoAnswer = new("The server at {0} gave no answer within {1} minutes.", "Le serveur {0} n’a pas répondu en {1} minutes.");
    private static readonly Words NotAnAddress = new("“{0}” is not the address of a server. Example: https://depart.example.com.", "«\u00a0{0}\u00a0» n’est pas l’adresse d’un serveur. Exemple\u00a0: https://depart.exemple.fr.");
    private static readonly Words TokenEnded = new("This token serves no more, or never did. Sign in: depart login {0} (or set DEPART_TOKEN).", "Ce jeton n’est plus valable, ou ne l’a jamais été. Connectez-vous\u00a0: depart login {0} (ou renseignez DEPART_TOKEN).");
    private static readonly Words Answered = new("The server at {0} answered {1}.", "Le serveur {0} a répondu {1}.");
    private static readonly Words NobodyCalled = new("Nobody is called “{0}”.", "Personne ne s’appelle « {0} ».");
    private static readonly Words SeveralCalled = new("Several people fit “{0}”: {1}. Give an e-mail address.", "Plusieurs personnes correspondent à « {0} » : {1}. Donnez une adresse électronique.");
    private static readonly Words NoDeparture = new("{0} has no open departure: open one with “depart departures open”.", "{0} n’a aucun départ ouvert : ouvrez-en un avec « depart departures open ».");

    private readonly HttpClient http;

    /// <summary>As the environment says, else as <c>login</c> left it.</summary>
    public ApiClient()
        : this(Url, Token)
    {
    }

    /// <summary>A given server; no token only to sign in.</summary>
    public ApiClient(string url, string? token)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new CommandFailed(NotAnAddress.With(url).ToString(), Terminal.ExitUsage);
        }

        if (token?.All(char.IsAscii) == false)
        {
            throw new CommandFailed(TokenEnded.With(url).ToString(), Terminal.ExitFailed);
        }

        http = new() { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(CultureInfo.CurrentUICulture.Name);
    }

    /// <summary>The server spoken to.</summary>
    public string Address => http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    private static string Url => Environment.GetEnvironmentVariable("DEPART_URL") is { Length: > 0 } url ? url : SignedIn.Load()?.Url ?? "http://127.0.0.1:5080";

    /// <summary>A kept token is only ever sent to the server that gave it.</summary>
    private static string Token => Environment.GetEnvironmentVariable("DEPART_TOKEN") is { Length: > 0 } token ? token
        : SignedIn.Load() is { } kept && new Uri(kept.Url).GetLeftPart(UriPartial.Authority) == new Uri(Url).GetLeftPart(UriPartial.Authority) ? kept.Token
        : throw new CommandFailed(NoToken.With(Url).ToString(), Terminal.ExitUsage);

    public Task<JsonNode?> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, cancellation);

    /// <summary>Every page of a list, one after the other.</summary>
    public async Task<JsonArray> GetAllAsync(string path, CancellationToken cancellation)
    {
        var all = new JsonArray();
        for (var next = ""; ;)
        {
            var page = (await GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}size=200{next}", cancellation))!;
            foreach (var row in page["items"]!.AsArray())
            {
                all.Add(row!.DeepClone());
            }

            if (page["next"]?.ToString() is not { } cursor)
            {
                return all;
            }

            next = $"&after={Uri.EscapeDataString(cursor)}";
        }
    }

    public Task<JsonNode?> PostAsync(string path, object? body, CancellationToken cancellation) => SendAsync(HttpMethod.Post, path, body, cancellation);

    public Task<JsonNode?> PutAsync(string path, object? body, CancellationToken cancellation) => SendAsync(HttpMethod.Put, path, body, cancellation);

    public Task<JsonNode?> DeleteAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Delete, path, null, cancellation);

    /// <summary>Whether there is a server to speak to and a token for it.</summary>
    public static bool IsSignedIn => Environment.GetEnvironmentVariable("DEPART_TOKEN") is { Length: > 0 } || SignedIn.Load() is not null;

    /// <summary>Streams what the server makes into a new file that only its owner may read.</summary>
    public async Task DownloadToAsync(string path, string file, CancellationToken cancellation)
    {
        using var response = await CallAsync(HttpMethod.Post, path, null, cancellation, HttpCompletionOption.ResponseHeadersRead);
        await using var target = new FileStream(file, OwnersOnly.NewFile);
        await response.Content.CopyToAsync(target, cancellation);
        target.Flush(flushToDisk: true);
    }

    /// <summary>A file that the server makes; also gives the fingerprint it names.</summary>
    public async Task<(byte[] Content, string? Fingerprint)> DownloadAsync(string path, CancellationToken cancellation)
    {
        using var response = await CallAsync(HttpMethod.Post, path, null, cancellation);
        return (
            await response.Content.ReadAsByteArrayAsync(cancellation),
            response.Headers.TryGetValues("Depart-Key-Fingerprint", out var values) ? values.First() : null);
    }

    /// <summary>Sends a file.</summary>
    public async Task<JsonNode> UploadAsync(string path, byte[] content, string name, CancellationToken cancellation, HttpMethod? method = null)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", name } };
        return (await SendAsync(method ?? HttpMethod.Post, path, form, cancellation))!;
    }

    /// <summary>A file that is there to be read.</summary>
    public async Task<byte[]> FileAsync(string path, CancellationToken cancellation)
    {
        using var response = await CallAsync(HttpMethod.Get, path, null, cancellation);
        return await response.Content.ReadAsByteArrayAsync(cancellation);
    }

    /// <summary>The one person whom a mail, login or name means.</summary>
    public async Task<JsonObject> PersonAsync(string who, CancellationToken cancellation)
    {
        var items = (await GetAsync($"/api/v1/people?size=20&search={Uri.EscapeDataString(who)}", cancellation))!["items"]!.AsArray().OfType<JsonObject>().ToList();
        var exact = items.Where(person => person["mails"]!.AsArray().Concat(person["logins"]!.AsArray())
            .Any(known => string.Equals(known!.ToString(), who, StringComparison.OrdinalIgnoreCase))).ToList();
        return (exact.Count > 0 ? exact : items) switch
        {
            [var one] => one,
            [] => throw new CommandFailed(NobodyCalled.With(who).ToString(), Terminal.ExitFailed),
            var several => throw new CommandFailed(
                SeveralCalled.With(who, string.Join(", ", several.Select(person => $"{person["name"]} <{person["mails"]!.AsArray().FirstOrDefault()}>"))).ToString(),
                Terminal.ExitFailed),
        };
    }

    /// <summary>The departure of a person: the one given, else the latest that is not cancelled.</summary>
    public async Task<JsonObject> DepartureAsync(JsonObject person, string? id, CancellationToken cancellation)
    {
        if (id is not null)
        {
            return (await GetAsync($"/api/v1/departures/{Uri.EscapeDataString(id)}", cancellation))!.AsObject();
        }

        return (await GetAsync($"/api/v1/departures?person={person["id"]}&size=200", cancellation))!["items"]!.AsArray().OfType<JsonObject>()
            .LastOrDefault(departure => departure["state"]!.ToString() != "cancelled")
            ?? throw new CommandFailed(NoDeparture.With(person["name"]).ToString(), Terminal.ExitFailed);
    }

    public void Dispose() => http.Dispose();

    /// <summary>A bilingual text of an answer, in the reader's language.</summary>
    public static string Words(JsonNode? text) => text?[CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "fr" ? "fr" : "en"]?.ToString() ?? "";

    /// <summary>A word of the API as the value that it stands for, to be told in the reader's language.</summary>
    public static T Read<T>(JsonNode? word)
        where T : struct, Enum => Enum.Parse<T>(word!.ToString().Replace("-", "", StringComparison.Ordinal), ignoreCase: true);

    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var response = await CallAsync(method, path, body, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    private async Task<HttpResponseMessage> CallAsync(
        HttpMethod method, string path, object? body, CancellationToken cancellation, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body switch { null => null, HttpContent content => content, _ => JsonContent.Create(body, body.GetType(), options: ApiJson.Options) },
        };
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, completion, cancellation);
        }
        catch (HttpRequestException error)
        {
            throw new CommandFailed(Unreachable.With(http.BaseAddress, error.Message).ToString(), Terminal.ExitFailed);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandFailed(NoAnswer.With(http.BaseAddress, http.Timeout.TotalMinutes).ToString(), Terminal.ExitFailed);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        var text = await response.Content.ReadAsStringAsync(cancellation);
        using (response)
        {
            var problem = text.StartsWith('{') ? JsonNode.Parse(text) as JsonObject : null;
            throw new CommandFailed(
                problem?["detail"]?.ToString()
                    ?? (response.StatusCode == HttpStatusCode.Unauthorized ? TokenEnded.With(Address) : Answered.With(Address, $"{(int)response.StatusCode} {response.ReasonPhrase}")).ToString(),
                response.StatusCode == HttpStatusCode.BadRequest ? Terminal.ExitUsage : Terminal.ExitFailed)
            {
                Problem = problem,
            };
        }
    }
}
