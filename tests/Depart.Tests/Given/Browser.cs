using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Depart.Given;

/// <summary>A browser without a screen: keeps cookies, sends the hidden field of forms, follows nothing.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient http;

    public Browser(Uri address) => http = new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = address };

    public CookieContainer Cookies { get; } = new();

    public HttpClient Http => http;

    public async Task<HttpResponseMessage> PostFormAsync(string path, params (string Name, string Value)[] fields)
    {
        var token = (await http.GetFromJsonAsync<JsonNode>("/form-token", TestContext.Current.CancellationToken))!;
        using var form = new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), KeyValuePair.Create(token["field"]!.ToString(), token["value"]!.ToString())]);
        return await http.PostAsync(path, form, TestContext.Current.CancellationToken);
    }

    /// <summary>Whether the API knows who this is.</summary>
    public async Task<HttpStatusCode> AskAsync(string path = "/api/v1/people") =>
        (await http.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode;

    public void Dispose() => http.Dispose();
}
