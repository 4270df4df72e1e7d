using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Depart.Foundation.Mail;
using Depart.Given;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>The leaver's own door in a browser.</summary>
public sealed class PortalPagesTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_scanner_uses_nothing_one_press_opens_and_the_cookie_opens_nothing_else()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await LeaverAsync(app);
        await app.PostAsync($"/api/v1/departures/{departure}/door/links", new { to = "private-address" });
        var path = await LinkAsync(app);

        // Whatever opens it ahead of its reader sees a button, of a code that there is not too, and spends nothing.
        using var scanner = app.Browse();
        Assert.Equal(Plain(await scanner.Http.GetStringAsync(path, Now)), Plain(await scanner.Http.GetStringAsync("/portal/open?code=" + new string('0', 48), Now)));

        // Guesses from the same address change what is said of a wrong code, and lock nobody.
        using var phone = app.Browse();
        var said = new List<(HttpStatusCode, string)>();
        for (var tries = 0; tries < DoorTries.AtMost + 2; tries++)
        {
            var answer = await phone.PostFormAsync("/portal", ("_handler", "code"), ("code", $"0000-0000-0000-{tries:0000}"));
            said.Add((answer.StatusCode, Plain(await answer.Content.ReadAsStringAsync(Now)).Replace($"0000-0000-0000-{tries:0000}", "", StringComparison.Ordinal)));
        }

        Assert.Single(said.Take(DoorTries.AtMost).Distinct());
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.TooManyRequests), (said[0].Item1, said[^1].Item1));
        Assert.Equal("/portal", (await phone.Http.GetAsync("/portal/home", Now)).Headers.Location!.AbsolutePath());
        var entered = await phone.PostFormAsync(path, ("_handler", "open"));
        Assert.Equal("/portal/home", entered.Headers.Location!.AbsolutePath());
        var home = WebUtility.HtmlDecode(await phone.Http.GetStringAsync("/portal/home", Now));
        Assert.Contains("Hello Zoë", home, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/departures", home, StringComparison.Ordinal);

        // No page of the house, no route: the cookie does not even go there.
        Assert.Equal(HttpStatusCode.Unauthorized, await phone.AskAsync());
        Assert.Equal("/sign-in", (await phone.Http.GetAsync("/tasks", Now)).Headers.Location!.AbsolutePath());
        Assert.All(phone.Cookies.GetAllCookies().Where(cookie => cookie.Name == "depart-own-door"), cookie => Assert.Equal("/portal", cookie.Path));

        // The link is spent; leaving ends the session, for a copy of the cookie too.
        using var other = app.Browse();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await other.PostFormAsync(path, ("_handler", "open"))).StatusCode);
        other.Cookies.Add(phone.Cookies.GetAllCookies());
        Assert.Equal(HttpStatusCode.OK, (await other.Http.GetAsync("/portal/home", Now)).StatusCode);
        Assert.Equal("/portal", (await phone.PostFormAsync("/portal/home", ("_handler", "leave"))).Headers.Location!.AbsolutePath());
        Assert.Equal("/portal", (await other.Http.GetAsync("/portal/home", Now)).Headers.Location!.AbsolutePath());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"id\":\"AAAA\",\"rawId\":\"AAAA\",\"type\":\"public-key\",\"clientExtensionResults\":{},\"response\":{\"clientDataJSON\":\"e30\",\"authenticatorData\":\"AA\",\"signature\":\"AA\",\"userHandle\":\"AA\"}}")]
    public async Task A_passkey_that_is_made_up_opens_nothing_and_too_many_are_told_so(string credential)
    {
        await using var app = await DepartApp.StartAsync();

        // Passkeys belong to a name: at an address of numbers none is offered.
        using var browser = new Browser(new(app.Http.BaseAddress!.ToString().Replace("127.0.0.1", "localhost", StringComparison.Ordinal)));
        var said = new List<HttpStatusCode>();
        for (var tries = 0; tries <= DoorTries.AtMost; tries++)
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.Http.PostAsync(OwnPasskeys.AskToUsePath, null, Now)).StatusCode);
            said.Add((await browser.PostFormAsync("/portal", ("_handler", "passkey"), ("credential", credential))).StatusCode);
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.Unauthorized, DoorTries.AtMost), HttpStatusCode.TooManyRequests], said);
        Assert.Equal("/portal", (await browser.Http.GetAsync("/portal/home", Now)).Headers.Location!.AbsolutePath());
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.Http.PostAsync(OwnPasskeys.AskToMakePath, null, Now)).StatusCode);
    }

    [Fact]
    public async Task Asking_for_a_link_answers_the_same_for_an_address_that_is_held_and_one_that_is_not()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await LeaverAsync(app);
        var before = (await app.GetAsync($"/api/v1/departures/{departure}/door"))["ways"]!.AsArray().Count;
        using var browser = app.Browse();
        var answers = new List<string>();
        foreach (var mail in new[] { "zoe@maison.example", "personne@maison.example" })
        {
            var answer = await browser.PostFormAsync("/portal", ("_handler", "ask"), ("mail", mail));
            answers.Add($"{answer.StatusCode} {Plain(await answer.Content.ReadAsStringAsync(Now)).Replace(mail, "", StringComparison.Ordinal)}");
        }

        Assert.Single(answers.Distinct());
        Assert.Contains("a link is on its way", answers[0], StringComparison.Ordinal);
        for (var tries = 0; (await app.GetAsync($"/api/v1/departures/{departure}/door"))["ways"]!.AsArray().Count == before; tries++)
        {
            Assert.True(tries < 100, "No link was made.");
            await Task.Delay(50, Now);
        }
    }

    [Fact]
    public async Task Notices_stand_under_every_public_page_name_the_company_and_are_changed_and_restored_by_an_administrator()
    {
        await using var app = await DepartApp.StartAsync();
        using var nobody = app.Browse();
        foreach (var page in new[] { "/sign-in", "/portal", "/portal/open?code=0", "/by-link?code=0", "/set-up?code=0", "/notices/legal" })
        {
            var text = await (await nobody.Http.GetAsync(page, Now)).Content.ReadAsStringAsync(Now);
            Assert.True(new[] { "privacy", "legal", "accessibility" }.All(notice => text.Contains($"href=\"/notices/{notice}\"", StringComparison.Ordinal)), page);
        }

        var details = new { company = "Altéo & fils", address = "", contactName = "", contactMail = "donnees@exemple.fr", publisher = "", host = "" };
        Assert.Equal(HttpStatusCode.NoContent, (await app.Http.PutAsJsonAsync("/api/v1/organisation", details, Now)).StatusCode);
        var privacy = WebUtility.HtmlDecode(await nobody.Http.GetStringAsync("/notices/privacy", Now));
        Assert.Contains("Altéo & fils tells you", privacy, StringComparison.Ordinal);
        Assert.Contains("href=\"mailto:donnees@exemple.fr\"", privacy, StringComparison.Ordinal);
        Assert.DoesNotContain("{", Regex.Match(privacy, "<article.*</article>", RegexOptions.Singleline, TimeSpan.FromSeconds(1)).Value, StringComparison.Ordinal);

        var shipped = await app.GetAsync("/api/v1/notices/legal");
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.PutAsJsonAsync("/api/v1/notices/legal", new { fr = "Texte <b>à nous</b>" }, Now)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Http.PutAsJsonAsync("/api/v1/notices/legal", new { fr = "Texte <b>à nous</b>", en = "## Ours\n\nOur <b>own</b>\n- one\n- two" }, Now)).StatusCode);
        var own = await nobody.Http.GetStringAsync("/notices/legal", Now);
        Assert.Contains(">Ours</h2>", own, StringComparison.Ordinal);
        Assert.Contains("Our &lt;b&gt;own&lt;/b&gt;", own, StringComparison.Ordinal);
        Assert.Contains(">two</li>", own, StringComparison.Ordinal);
        await app.Http.DeleteAsync("/api/v1/notices/legal", Now);
        Assert.True(JsonNode.DeepEquals(shipped, await app.GetAsync("/api/v1/notices/legal")));
    }

    private static async Task<(string Person, string Departure)> LeaverAsync(DepartApp app)
    {
        var added = await app.PostAsync("/api/v1/people", new { givenName = "Zoë", familyName = "Perrin", mails = new[] { "zoe@exemple.fr" }, missionTitle = "Refonte du portail" });
        await app.Http.PutAsJsonAsync($"/api/v1/people/{added!["person"]}/private-address", new { mail = "zoe@maison.example", consentedOn = "2026-01-02", consentBy = "formulaire" }, Now);
        var departure = (await app.PostAsync("/api/v1/departures", new { mission = added["mission"]!.ToString(), lastDay = "2030-12-20" }))!;
        return (added["person"]!.ToString(), departure.ToString());
    }

    private static async Task<string> LinkAsync(DepartApp app)
    {
        var path = "";
        await app.WithDataAsync(async db =>
        {
            var mail = (await db.Set<OutgoingMail>().Where(row => row.Template == "own-door-link" && row.State == MailState.Waiting).OrderBy(row => row.Id).ToListAsync(Now))[^1];
            path = JsonNode.Parse(mail.Read(app.MailProtector)!.Values!)!["path"]!.ToString();
        });
        return path;
    }

    /// <summary>A page without what differs each time: tokens and codes.</summary>
    private static string Plain(string body) => Regex.Replace(body, "value=\"CfDJ8[^\"]*\"|code=[0-9a-f]+", "", RegexOptions.None, TimeSpan.FromSeconds(1));
}

/// <summary>The path of an address, whether it is whole or not.</summary>
internal static class PathOfAddress
{
    public static string AbsolutePath(this Uri address) => (address.IsAbsoluteUri ? address : new Uri(new Uri("http://x"), address)).AbsolutePath;
}
