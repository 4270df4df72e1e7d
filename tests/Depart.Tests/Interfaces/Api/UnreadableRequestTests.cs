using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Interfaces.Api;

/// <summary>Whoever calls with what cannot be read is told what is wrong, and where.</summary>
public sealed class UnreadableRequestTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"givenName":"Zoë",""", "body", "not-json", "line 1, position 20")]
    [InlineData("""{"givenName":"Zoë","familyName":"Perrin","salary":1}""", "salary", "not-expected", "salary")]
    [InlineData("""{"givenName":"Zoë","familyName":"Perrin","mails":"a@exemple.fr"}""", "mails", "not-expected", "mails")]
    [InlineData("""{"givenName":"Zoë","familyName":"Perrin","mails":["a@exemple.fr",1]}""", "mails[1]", "not-expected", "mails[1]")]
    [InlineData("", "body", "json-wanted", "JSON")]
    public async Task A_body_that_cannot_be_read_is_refused_with_the_place(string body, string field, string code, string told)
    {
        await using var app = await DepartApp.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        var (status, problem) = await ToldAsync(await app.Http.PostAsync("/api/v1/people", content, Now));

        Assert.Equal((HttpStatusCode.BadRequest, field, code), (status, problem["field"]?.ToString(), problem["code"]?.ToString()));
        Assert.Contains(told, problem["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_no_json_is_told_what_is_wanted_in_the_callers_language()
    {
        await using var app = await DepartApp.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/people") { Content = new StringContent("givenName=Zoë", Encoding.UTF8, "text/plain") };
        request.Headers.AcceptLanguage.ParseAdd("fr");

        var (status, problem) = await ToldAsync(await app.Http.SendAsync(request, Now));

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "Un corps en JSON est attendu (Content-Type: application/json)."), (status, problem["detail"]?.ToString()));
    }

    [Theory]
    [InlineData("/api/v1/departures?from=demain", "from")]
    [InlineData("/api/v1/departures?size=many", "size")]
    [InlineData("/api/v1/departures?late=perhaps", "late")]
    [InlineData("/api/v1/departures?person=zoe", "person")]
    public async Task A_parameter_that_cannot_be_read_is_named(string address, string field)
    {
        await using var app = await DepartApp.StartAsync();

        var (status, problem) = await ToldAsync(await app.Http.GetAsync(address, Now));

        Assert.Equal((HttpStatusCode.BadRequest, field, "not-expected"), (status, problem["field"]?.ToString(), problem["code"]?.ToString()));
    }

    [Fact]
    public async Task A_page_whose_address_cannot_be_read_is_a_page_that_says_so()
    {
        await using var app = await DepartApp.StartAsync();
        using var browser = await app.SignInAsync(Role.Hr);

        Assert.Equal(HttpStatusCode.BadRequest, await browser.AskAsync("/departures?unit=%00"));
    }

    private static async Task<(HttpStatusCode, JsonNode)> ToldAsync(HttpResponseMessage answer) => (answer.StatusCode, await answer.Content.ReadAsStringAsync(Now) is { Length: > 0 } text ? JsonNode.Parse(text)! : new JsonObject());
}
