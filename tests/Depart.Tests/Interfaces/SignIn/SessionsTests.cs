using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Interfaces.SignIn;

public class SessionsTests
{
    private const string Mail = "claire@entreprise.example";
    private const string Password = "Une phrase assez longue";

    [Fact]
    public async Task One_sees_where_one_is_signed_in_and_ends_any_of_it_at_its_next_request()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        using var here = await EnterAsync(app, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        using var phone = await EnterAsync(app, "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1");
        using var office = await EnterAsync(app, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0");

        var listed = await ListAsync(here);
        var ended = await here.Http.DeleteAsync($"/api/v1/sessions/{listed.Single(session => session.Browser == "Safari · iPhone").Id}", TestContext.Current.CancellationToken);

        Assert.Equal(["Edge · Windows", "Firefox · Linux", "Safari · iPhone"], listed.Select(session => session.Browser).Order(StringComparer.Ordinal));
        Assert.Equal("Firefox · Linux", listed.Single(session => session.Current).Browser);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await here.AskAsync(), await phone.AskAsync(), await office.AskAsync()));

        using var tablet = await EnterAsync(app, "");
        await here.Http.DeleteAsync("/api/v1/sessions", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (await here.AskAsync(), await office.AskAsync(), await tablet.AskAsync()));
        Assert.True((await ListAsync(here)).Single().Current);
    }

    [Fact]
    public async Task Whoever_is_shut_out_and_let_in_again_signs_in_again_in_every_browser()
    {
        await using var app = await DepartApp.StartAsync();
        var user = await app.AddUserAsync(Mail, Password, Role.It);
        await app.AddUserAsync("chef@entreprise.example", Password, "Marion Tessier", Role.Admin);
        using var first = await EnterAsync(app, "");
        using var second = await EnterAsync(app, "");

        Assert.Null(await app.RefusalAsync(new DisableUser(user), Actor.Console, RequestContext.None));
        Assert.Null(await app.RefusalAsync(new EnableUser(user), Actor.Console, RequestContext.None));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (await first.AskAsync(), await second.AskAsync()));
    }

    [Fact]
    public async Task A_live_page_hears_nothing_more_once_its_session_has_ended()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        var import = (await app.PreviewAsync("Prénom;Nom;Courriel\nInès;Benali;ines@exemple.fr\n"))["id"];
        using var page = await EnterAsync(app, "");
        using var phone = await EnterAsync(app, "");
        using var answer = await page.Http.GetAsync($"/imports/{import}/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var stream = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var first = await stream.ReadLineAsync(TestContext.Current.CancellationToken);

        await phone.Http.DeleteAsync("/api/v1/sessions", TestContext.Current.CancellationToken);

        Assert.Equal("event: changed", first);
        Assert.DoesNotContain("ended", await stream.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_ends_the_session_of_another_and_a_cookie_kept_after_signing_out_opens_nothing()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        await app.AddUserAsync("paul@entreprise.example", Password, "Paul Imbert", Role.It);
        using var claire = await EnterAsync(app, "");
        using var paul = await EnterAsync(app, "", "paul@entreprise.example");
        using var thief = app.Browse();
        thief.Cookies.Add(claire.Cookies.GetAllCookies());
        var session = (await ListAsync(claire)).Single().Id;

        var refused = await paul.Http.DeleteAsync($"/api/v1/sessions/{session}", TestContext.Current.CancellationToken);
        var before = await thief.AskAsync();
        await claire.PostFormAsync("/sign-out");

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before, await thief.AskAsync()));
    }

    [Fact]
    public async Task When_a_token_was_last_used_is_told_once_it_was_used()
    {
        await using var app = await DepartApp.StartAsync();
        Assert.Null((await app.GetAsync("/api/v1/tokens?all=true"))[0]!["lastUsedAt"]);

        await app.RestartAsync();

        Assert.NotNull((await app.GetAsync("/api/v1/tokens?all=true"))[0]!["lastUsedAt"]);
    }

    private static async Task<Browser> EnterAsync(DepartApp app, string agent, string mail = Mail)
    {
        var browser = app.Browse();
        browser.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);
        await browser.PostFormAsync("/sign-in", ("mail", mail), ("password", Password));
        return browser;
    }

    private static async Task<IReadOnlyList<(string Id, string Browser, bool Current)>> ListAsync(Browser browser) =>
        [.. (await browser.Http.GetFromJsonAsync<JsonArray>("/api/v1/sessions", TestContext.Current.CancellationToken))!.Select(row => (row!["id"]!.ToString(), row["browser"]!.ToString(), row["current"]!.GetValue<bool>()))];
}

[OnPostgreSql]
public sealed class SessionsOnPostgreSqlTests : SessionsTests;
