using System.Net;
using System.Net.Http.Json;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Interfaces.SignIn;

public class SignInTests
{
    private const string Mail = "claire@entreprise.example";
    private const string Password = "Une phrase assez longue";

    [Fact]
    public async Task The_right_password_opens_a_session_and_goes_where_one_wanted_to_go()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        using var browser = app.Browse();

        var answer = await browser.PostFormAsync("/sign-in", ("mail", " Claire@entreprise.example "), ("password", Password), ("returnUrl", "/departures?state=open"));

        Assert.Equal("/departures?state=open", answer.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, await browser.AskAsync());
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), value => value.StartsWith("depart=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Mail, "Une phrase assez courte")]
    [InlineData("nobody@entreprise.example", Password)]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer(string mail, string password)
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        using var browser = app.Browse();

        var answer = await browser.PostFormAsync("/sign-in", ("mail", mail), ("password", password), ("returnUrl", "/people"));

        Assert.Equal("/sign-in?problem=sign-in-refused&returnUrl=%2Fpeople", answer.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.AskAsync());
    }

    [Theory]
    [InlineData("https://ailleurs.example/")]
    [InlineData("//ailleurs.example/")]
    [InlineData("/\\ailleurs.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task Nobody_is_sent_to_another_site_after_signing_in(string address)
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        using var browser = app.Browse();

        var answer = await browser.PostFormAsync("/sign-in", ("mail", Mail), ("password", Password), ("returnUrl", address));

        Assert.Equal("/", answer.Headers.Location!.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"id\":\"AAAA\",\"rawId\":\"AAAA\",\"type\":\"public-key\",\"clientExtensionResults\":{},\"response\":{\"clientDataJSON\":\"e30\",\"authenticatorData\":\"AA\",\"signature\":\"AA\",\"userHandle\":\"AA\"}}")]
    public async Task A_passkey_that_is_made_up_opens_nothing(string credential)
    {
        await using var app = await DepartApp.StartAsync();
        using var browser = app.Browse();
        var asked = await browser.Http.PostAsync("/sign-in/passkey/options", null, TestContext.Current.CancellationToken);

        var answer = await browser.PostFormAsync("/sign-in/passkey", ("credential", credential));

        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        Assert.Equal("/sign-in?problem=passkey-refused", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", Mail), ("password", Password));

        var answer = await browser.PostFormAsync("/sign-out");

        Assert.Equal("/sign-in", answer.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.AskAsync());
    }

    [Fact]
    public async Task A_form_without_its_hidden_field_is_refused()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        using var browser = app.Browse();
        using var form = new FormUrlEncodedContent([new("mail", Mail), new("password", Password)]);

        var answer = await browser.Http.PostAsync("/sign-in", form, TestContext.Current.CancellationToken);

        Assert.Equal("/sign-in?problem=form-expired", answer.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.AskAsync());
    }

    [Fact]
    public async Task A_change_asked_for_by_another_site_with_our_cookie_is_refused()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", Mail), ("password", Password));
        browser.Http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");

        var answer = await browser.Http.PostAsJsonAsync("/api/v1/people", new { givenName = "A", familyName = "B" }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task The_API_answers_401_and_never_a_redirect()
    {
        await using var app = await DepartApp.StartAsync();
        using var browser = app.Browse();

        Assert.Equal(HttpStatusCode.Unauthorized, await browser.AskAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.AskAsync("/API/v1/people"));
    }

    [Fact]
    public async Task The_entrance_of_the_demo_is_shut_outside_the_demo()
    {
        await using var app = await DepartApp.StartAsync();
        using var browser = app.Browse();

        var answer = await browser.PostFormAsync("/sign-in/demo", ("role", "it"));

        Assert.NotEqual(HttpStatusCode.Redirect, answer.StatusCode);
    }
}
