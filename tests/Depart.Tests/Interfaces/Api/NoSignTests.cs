using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Interfaces.Api;

/// <summary>The sign U+0000, which no keyboard has and PostgreSQL cannot keep: whoever sends it is told so, on either database.</summary>
public class NoSignTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_json_it_is_refused_and_a_backslash_before_it_is_a_backslash()
    {
        await using var app = await DepartApp.StartAsync();
        using var sign = new StringContent("""{"givenName":"Zo\u0000ë","familyName":"Perrin"}""", Encoding.UTF8, "application/json");
        using var text = new StringContent("""{"givenName":"Zo\\u0000ë","familyName":"Perrin"}""", Encoding.UTF8, "application/json");

        var refused = await app.Http.PostAsync("/api/v1/people", sign, Now);
        var taken = await app.Http.PostAsync("/api/v1/people", text, Now);

        Assert.Equal("nul-sign", JsonNode.Parse(await refused.Content.ReadAsStringAsync(Now))!["code"]!.ToString());
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, taken.StatusCode));
    }

    [Fact]
    public async Task A_long_body_is_read_to_its_end_and_then_heard()
    {
        await using var app = await DepartApp.StartAsync();
        using var sign = new StringContent($$"""{"givenName":"{{new string('a', 3_000_000)}}\u0000","familyName":"Perrin"}""", Encoding.UTF8, "application/json");
        using var text = new StringContent($$"""{"givenName":"{{new string('a', 3_000_000)}}","familyName":"Perrin"}""", Encoding.UTF8, "application/json");

        async Task<string> CodeAsync(HttpContent body) => JsonNode.Parse(await (await app.Http.PostAsync("/api/v1/people", body, Now)).Content.ReadAsStringAsync(Now))!["code"]!.ToString();

        Assert.Equal(("nul-sign", "too-long"), (await CodeAsync(sign), await CodeAsync(text)));
    }

    [Theory]
    [InlineData("/api/v1/people?search=%00")]
    [InlineData("/api/v1/departures?unit=%00")]
    [InlineData("/api/v1/search?q=a%00b")]
    [InlineData("/departures?unit=DSI%00")]
    [InlineData("/portal/open?code=%00")]
    public async Task In_an_address_it_is_refused(string address)
    {
        await using var app = await DepartApp.StartAsync();
        using var browser = await app.SignInAsync(Role.Hr);

        Assert.Equal(HttpStatusCode.BadRequest, await browser.AskAsync(address));
    }

    [Fact]
    public async Task In_a_form_it_is_refused_as_a_form_that_is_none_of_ours()
    {
        await using var app = await DepartApp.StartAsync();
        using var browser = await app.SignInAsync(Role.Hr);

        var answer = await browser.PostFormAsync("/sign-in", ("mail", "a\0@exemple.fr"), ("password", "x"));

        Assert.Equal("/sign-in?problem=form-expired", answer.Headers.Location!.ToString());
    }
}

[OnPostgreSql]
public sealed class NoSignOnPostgreSqlTests : NoSignTests;
