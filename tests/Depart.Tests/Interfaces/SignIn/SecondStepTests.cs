using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Interfaces.SignIn;

public sealed partial class SecondStepTests
{
    private const string Mail = "claire@entreprise.example";
    private const string Password = "Une phrase assez longue";

    /// <summary>The instants of RFC 6238, appendix B, with the last six of the eight digits there.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void A_code_is_the_one_of_the_standard(long seconds, string code)
    {
        var secret = Encoding.ASCII.GetBytes("12345678901234567890");

        Assert.Equal(code, Totp.CodeOf(secret, Totp.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds))));
        Assert.Equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Totp.Write(secret));
        Assert.Equal(secret, Totp.Read(Totp.Write(secret)));
    }

    [Fact]
    public void A_code_counts_a_step_early_or_late_and_never_twice()
    {
        var secret = Totp.Read(Totp.NewSecret());
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var step = Totp.StepOf(now);

        Assert.Equal(step - 1, Totp.StepOf(secret, Totp.CodeOf(secret, step - 1), now, 0));
        Assert.Equal(step + 1, Totp.StepOf(secret, $" {Totp.CodeOf(secret, step + 1)[..3]} {Totp.CodeOf(secret, step + 1)[3..]}", now, 0));
        Assert.Null(Totp.StepOf(secret, Totp.CodeOf(secret, step - 2), now, 0));
        Assert.Null(Totp.StepOf(secret, Totp.CodeOf(secret, step), now, step));
    }

    [Fact]
    public async Task After_the_password_a_code_is_asked_which_serves_once_and_a_recovery_code_in_its_place()
    {
        await using var app = await DepartApp.StartAsync();
        var id = await app.AddUserAsync(Mail, Password, Role.It);
        using var own = app.Browse();
        var (secret, recovery) = await SetUpAsync(own);
        Assert.Equal(10, recovery.Count);
        using var browser = app.Browse();

        var half = await browser.PostFormAsync("/sign-in", ("mail", Mail), ("password", Password), ("returnUrl", "/people"));
        Assert.Equal("/sign-in/code?returnUrl=%2Fpeople", half.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.AskAsync());

        // The code that turned it on is used up; the next one is good.
        var replayed = await browser.PostFormAsync("/sign-in/code", ("code", CodeOf(secret, 0)), ("returnUrl", "/people"));
        Assert.Equal("/sign-in/code?problem=code-wrong&returnUrl=%2Fpeople", replayed.Headers.Location!.ToString());
        var entered = await browser.PostFormAsync("/sign-in/code", ("code", CodeOf(secret, 1)), ("returnUrl", "/people"));
        Assert.Equal("/people", entered.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, await browser.AskAsync());

        using var phone = app.Browse();
        await phone.PostFormAsync("/sign-in", ("mail", Mail), ("password", Password));
        await phone.PostFormAsync("/sign-in/code", ("code", recovery[3].ToUpperInvariant().Replace('-', ' ')));
        Assert.Equal(HttpStatusCode.OK, await phone.AskAsync());
        Assert.Equal("9", (await phone.Http.GetFromJsonAsync<JsonNode>("/api/v1/me/second-step", TestContext.Current.CancellationToken))!["recoveryCodesLeft"]!.ToString());
        using var thief = app.Browse();
        await thief.PostFormAsync("/sign-in", ("mail", Mail), ("password", Password));
        await thief.PostFormAsync("/sign-in/code", ("code", recovery[3]));
        Assert.Equal(HttpStatusCode.Unauthorized, await thief.AskAsync());

        // The command line is asked for it too.
        using var nobody = new HttpClient { BaseAddress = app.Http.BaseAddress };
        var without = await nobody.PostAsJsonAsync("/api/v1/login", new { mail = Mail, password = Password, name = "poste" }, TestContext.Current.CancellationToken);
        var with = await nobody.PostAsJsonAsync("/api/v1/login", new { mail = Mail, password = Password, name = "poste", code = recovery[4] }, TestContext.Current.CancellationToken);
        Assert.Equal("code-needed", (await without.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["code"]!.ToString());
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);

        // An administrator takes it off: sessions end, the password is enough.
        await app.Http.DeleteAsync($"/api/v1/users/{id}/second-step", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.AskAsync());
        await browser.PostFormAsync("/sign-in", ("mail", Mail), ("password", Password));
        Assert.Equal(HttpStatusCode.OK, await browser.AskAsync());
    }

    [Fact]
    public async Task Codes_that_are_guessed_wait_like_passwords_and_the_secret_lies_closed_in_the_database()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        using var own = app.Browse();
        var (secret, recovery) = await SetUpAsync(own);
        using var thief = app.Browse();
        await thief.PostFormAsync("/sign-in", ("mail", Mail), ("password", Password));
        string last = "";
        for (var tries = 0; tries < 8; tries++)
        {
            last = (await thief.PostFormAsync("/sign-in/code", ("code", "000000"))).Headers.Location!.ToString();
        }

        Assert.Equal("/sign-in/code?problem=sign-in-wait", last);
        await thief.PostFormAsync("/sign-in/code", ("code", CodeOf(secret, 1)));
        Assert.Equal(HttpStatusCode.Unauthorized, await thief.AskAsync());
        await app.WithDataAsync(db =>
        {
            var kept = db.Set<SecondStep>().Single();
            Assert.DoesNotContain(secret, kept.ProtectedSecret, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(kept.RecoveryHashes, recovery.Contains);
            return Task.CompletedTask;
        });
    }

    private static string CodeOf(string secret, int later) => Totp.CodeOf(Totp.Read(secret), Totp.StepOf(TimeProvider.System.GetUtcNow()) + later);

    /// <summary>By the page, as an app would: reads the secret, gives its code, keeps the recovery codes.</summary>
    private static async Task<(string Secret, IReadOnlyList<string> Recovery)> SetUpAsync(Browser browser)
    {
        await browser.PostFormAsync("/sign-in", ("mail", Mail), ("password", Password));
        var page = await browser.Http.GetStringAsync("/account/second-step", TestContext.Current.CancellationToken);
        var secret = string.Concat(SecretText().Match(page).Groups["secret"].Value.Split(' '));
        var offer = WebUtility.HtmlDecode(Offer().Match(page).Groups["offer"].Value);
        var answer = await browser.PostFormAsync("/account/second-step", ("_handler", "on"), ("offer", offer), ("code", CodeOf(secret, 0)));
        var told = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (secret, [.. Recovery().Matches(told).Select(match => match.Value)]);
    }

    [System.Text.RegularExpressions.GeneratedRegex("(?<secret>([A-Z2-7]{4} ){7}[A-Z2-7]{4})", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, 1000)]
    private static partial System.Text.RegularExpressions.Regex SecretText();

    [System.Text.RegularExpressions.GeneratedRegex("name=\"offer\" value=\"(?<offer>[^\"]+)\"", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, 1000)]
    private static partial System.Text.RegularExpressions.Regex Offer();

    [System.Text.RegularExpressions.GeneratedRegex("[a-z2-7]{4}(-[a-z2-7]{4}){3}", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, 1000)]
    private static partial System.Text.RegularExpressions.Regex Recovery();
}
