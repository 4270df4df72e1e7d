using System.Net;
using System.Text.Json.Nodes;
using Depart.Given;
using Depart.Foundation.Door;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn.OpenId;

/// <summary>A provider tells that a session is over (OpenID Connect Back-Channel Logout 1.0).</summary>
public class LogoutTests(OpenIdLab lab) : IClassFixture<OpenIdLab>
{
    private const string Mail = "claire@exemple.fr";
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_that_ends_there_ends_here_that_one_alone_or_all_of_somebody()
    {
        await using var app = await DepartApp.StartAsync();
        await OpenIdTests.InviteAsync(app, Role.It);
        var bySession = await lab.ConnectAsync(app);
        await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail));
        using var office = app.Browse();
        using var phone = app.Browse();
        await OpenIdFlow.EnterAsync(office, "claire");
        await OpenIdFlow.EnterAsync(phone, "claire");
        List<string?> sessions = [];
        await app.WithDataAsync(async db => sessions = await db.Set<BrowserSession>().OrderBy(session => session.BeganAt).ThenBy(session => session.Id).Select(session => session.ProviderSession).ToListAsync(Now));

        await lab.LogoutAsync(0, bySession.Id, "claire", sessions[0]);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await office.AskAsync(), await phone.AskAsync()));

        // A token without a session means all of that person.
        await OpenIdFlow.EnterAsync(office, "claire");
        var answer = await SendAsync(app, await lab.SignAsync(0, Claims(lab.Issuers[0], bySession.Id)));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (await office.AskAsync(), await phone.AskAsync()));
    }

    [Fact]
    public async Task A_token_that_is_not_what_the_provider_signed_for_this_end_and_now_is_refused()
    {
        await using var app = await DepartApp.StartAsync();
        await OpenIdTests.InviteAsync(app, Role.It);
        var client = await lab.ConnectAsync(app);
        await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail));
        using var browser = app.Browse();
        await OpenIdFlow.EnterAsync(browser, "claire");
        var (issuer, second) = (lab.Issuers[0], TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        Dictionary<string, string> forged = new(StringComparer.Ordinal)
        {
            ["nothing"] = "", ["garbage"] = "a.b.c",
            ["another audience"] = await lab.SignAsync(0, Claims(issuer, "somebody-else")),
            ["another issuer"] = await lab.SignAsync(0, Claims(lab.Issuers[1], client.Id)),
            ["another provider's key"] = await lab.SignAsync(1, Claims(issuer, client.Id)),
            ["another's key under this one's name"] = await lab.SignAsync(1, Claims(issuer, client.Id), new JsonObject { ["kid"] = $"key-{new Uri(issuer).Port}" }),
            ["our own secret"] = await lab.SignAsync(0, Claims(issuer, client.Id), secret: client.Secret),
            ["too old"] = await lab.SignAsync(0, Claims(issuer, client.Id, ("iat", second - 3600))),
            ["from tomorrow"] = await lab.SignAsync(0, Claims(issuer, client.Id, ("iat", second + 3600))),
            ["expired"] = await lab.SignAsync(0, Claims(issuer, client.Id, ("exp", second - 300))),
            ["without an end"] = await lab.SignAsync(0, Claims(issuer, client.Id, ("exp", null))),
            ["no event"] = await lab.SignAsync(0, Claims(issuer, client.Id, ("events", null))),
            ["another event"] = await lab.SignAsync(0, Claims(issuer, client.Id, ("events", new JsonObject { ["urn:other"] = new JsonObject() }))),
            ["an ID token"] = await lab.SignAsync(0, Claims(issuer, client.Id, ("nonce", "abc"))),
            ["another type"] = await lab.SignAsync(0, Claims(issuer, client.Id), new JsonObject { ["typ"] = "at+jwt" }),
            ["nobody's"] = await lab.SignAsync(0, Claims(issuer, client.Id, ("sub", null))),
            ["without a number"] = await lab.SignAsync(0, Claims(issuer, client.Id, ("jti", null))),
        };
        var unsigned = await lab.SignAsync(0, Claims(issuer, client.Id));
        forged["not signed"] = Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode("""{"alg":"none"}"""u8) + "." + unsigned.Split('.')[1] + ".";
        forged["changed"] = unsigned[..^6] + "AAAAAA";
        foreach (var (what, token) in forged)
        {
            Assert.True((await SendAsync(app, token)).StatusCode == HttpStatusCode.BadRequest, what);
            Assert.True(await browser.AskAsync() == HttpStatusCode.OK, what);
        }

        // The good one is heard once; then whoever sent so many wrong ones waits.
        var good = await lab.SignAsync(0, Claims(issuer, client.Id, ("sub", "nobody-here")));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(app, good)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(app, good)).StatusCode);
        for (var more = 0; more < 3; more++)
        {
            await SendAsync(app, "a.b.c");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync(app, await lab.SignAsync(0, Claims(issuer, client.Id)))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await browser.AskAsync());
    }

    private static JsonObject Claims(string issuer, string client, params (string Name, JsonNode? Value)[] changed)
    {
        var second = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = issuer, ["aud"] = client, ["iat"] = second, ["exp"] = second + 120, ["jti"] = Guid.NewGuid().ToString(), ["sub"] = "claire", ["events"] = new JsonObject { [Event] = new JsonObject() },
        };
        foreach (var (name, value) in changed)
        {
            claims.Remove(name);
            if (value is not null)
            {
                claims[name] = value;
            }
        }

        return claims;
    }

    private static async Task<HttpResponseMessage> SendAsync(DepartApp app, string token)
    {
        using var http = new HttpClient { BaseAddress = app.Http.BaseAddress };
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);
        return await http.PostAsync("/sign-in/with/sso/logout", form, Now);
    }
}

/// <summary>The same on PostgreSQL.</summary>
[OnPostgreSql(InLongRun = true)]
public sealed class LogoutOnPostgreSqlTests(OpenIdLab lab) : LogoutTests(lab);
