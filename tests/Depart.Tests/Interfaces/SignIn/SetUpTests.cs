using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Interfaces.SignIn;

public class SetUpTests
{
    private const string Password = "Une phrase assez longue";

    [Fact]
    public async Task The_set_up_link_makes_the_first_administrator_and_serves_once()
    {
        await using var app = await DepartApp.StartAsync();
        var code = await app.SetUpCodeAsync();
        using var browser = app.Browse();
        using var late = app.Browse();
        (string, string)[] fields = [("code", code!), ("name", "Marion Tessier"), ("mail", "Marion@entreprise.example"), ("password", Password), ("again", Password)];

        var first = await browser.PostFormAsync("/set-up", fields);
        var second = await late.PostFormAsync("/set-up", fields);

        Assert.Equal("/", first.Headers.Location!.ToString());
        Assert.Equal("marion@entreprise.example", (await browser.Http.GetFromJsonAsync<JsonNode>("/api/v1/me", TestContext.Current.CancellationToken))!["mail"]!.ToString());
        Assert.Equal($"/set-up?problem=link-spent&code={code}", second.Headers.Location!.ToString());
        Assert.Null(await app.SetUpCodeAsync());
    }

    [Fact]
    public async Task What_was_typed_is_there_again_after_a_refusal_and_not_in_the_address()
    {
        await using var app = await DepartApp.StartAsync();
        using var browser = app.Browse();

        var refused = await browser.PostFormAsync("/set-up", ("code", (await app.SetUpCodeAsync())!), ("name", "Marion Tessier"), ("mail", "marion@entreprise.example"), ("password", "court"), ("again", "court"));
        var page = await browser.Http.GetStringAsync(refused.Headers.Location, TestContext.Current.CancellationToken);

        Assert.DoesNotContain("arion", refused.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("value=\"Marion Tessier\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"marion@entreprise.example\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("court\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_set_up_link_ends_the_earlier_one()
    {
        await using var app = await DepartApp.StartAsync();
        var earlier = await app.SetUpCodeAsync();
        await app.SetUpCodeAsync();
        using var browser = app.Browse();

        await browser.PostFormAsync("/set-up", ("code", earlier!), ("name", "Marion"), ("mail", "marion@entreprise.example"), ("password", Password), ("again", Password));

        Assert.Equal(HttpStatusCode.Unauthorized, await browser.AskAsync());
    }

    [Theory]
    [InlineData("trop court", "password-short")]
    [InlineData("Azertyuiop123!", "password-common")]
    [InlineData("P@ssword2026!!", "password-common")]
    [InlineData("aaaaaaaaaaaaaa", "password-common")]
    [InlineData("MotDePasse-2026", "password-common")]
    [InlineData("123456789012", "password-common")]
    [InlineData("le chien de Tessier", "password-name")]
    [InlineData("Une phrase assez longue", null)]
    [InlineData("correct cheval pile agrafe", null)]
    [InlineData("kX7#vQ2m!pL9", null)]
    public void A_password_is_long_uncommon_and_not_its_owner(string password, string? code) =>
        Assert.Equal(code, PasswordPolicy.Refusal(password, "Marion Tessier", "m.dupont@entreprise.example")?.Code);

    [Fact]
    public async Task Somebody_invited_chooses_a_password_and_has_the_roles_given()
    {
        await using var app = await DepartApp.StartAsync();
        var invited = await app.PostAsync("/api/v1/users", new { mail = "sofiane@entreprise.example", name = "Sofiane Keller", roles = new[] { "it" } });
        using var browser = app.Browse();

        await browser.PostFormAsync("/set-up", ("code", invited!["path"]!.ToString().Split("code=")[1]), ("password", Password), ("again", Password));

        var me = (await browser.Http.GetFromJsonAsync<JsonNode>("/api/v1/me", TestContext.Current.CancellationToken))!;
        Assert.Equal("Sofiane Keller", me["name"]!.ToString());
        Assert.Equal(["it"], me["roles"]!.AsArray().Select(role => role!.ToString()));
    }

    [Fact]
    public async Task A_new_password_ends_the_other_sessions_and_keeps_this_one()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync("claire@entreprise.example", Password, Role.It);
        using var here = app.Browse();
        using var elsewhere = app.Browse();
        foreach (var browser in new[] { here, elsewhere })
        {
            await browser.PostFormAsync("/sign-in", ("mail", "claire@entreprise.example"), ("password", Password));
        }

        var answer = await here.PostFormAsync("/account/password", ("old", Password), ("password", "Une tout autre phrase"), ("again", "Une tout autre phrase"));

        Assert.Equal("/account", answer.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, await here.AskAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await elsewhere.AskAsync());
    }

    [Fact]
    public async Task The_old_password_is_asked_before_a_new_one()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync("claire@entreprise.example", Password, Role.It);
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", "claire@entreprise.example"), ("password", Password));

        var answer = await browser.PostFormAsync("/account/password", ("old", "pas le bon du tout"), ("password", "Une tout autre phrase"), ("again", "Une tout autre phrase"));

        Assert.Equal("/account?problem=password-wrong", answer.Headers.Location!.ToString());
    }
}
