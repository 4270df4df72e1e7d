using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Interfaces.SignIn.Providers;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Interfaces.SignIn.OpenId;

/// <summary>Signing in by a real OpenID Connect provider (INT5).</summary>
public class OpenIdTests(OpenIdLab lab) : IClassFixture<OpenIdLab>
{
    private const string Mail = "claire@exemple.fr";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_invited_signs_in_by_a_verified_address_and_afterwards_by_their_identity_alone()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync("chef@exemple.fr", SignedIn.Password, Role.Admin);
        await InviteAsync(app, Role.It);
        await lab.ConnectAsync(app);
        await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail, EmailVerified: false));
        using var browser = app.Browse();

        Assert.Equal("provider-mail-not-verified", OpenIdFlow.ProblemOf(await OpenIdFlow.EnterAsync(browser, "claire")));
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.AskAsync());

        await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail.ToUpperInvariant()));
        using var first = app.Browse();
        var entered = await OpenIdFlow.EnterAsync(first, "claire", "/sign-in/with/sso?returnUrl=%2Fpeople%3Fstate%3D1");

        Assert.Equal("/people?state=1", entered.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.OK, await first.AskAsync());
        var user = (await app.GetAsync("/api/v1/users")).AsArray().Single(row => row!["mail"]!.ToString() == Mail)!;
        Assert.Equal(("active", "sso"), (user["state"]!.ToString(), user["providers"]!.AsArray().Single()!.ToString()));

        // The address there changes, and goes to somebody else: neither matters any more.
        await lab.AccountsAsync(new("claire", "autre@exemple.fr", EmailVerified: false), new("paul", Mail));
        using var later = app.Browse();
        using var thief = app.Browse();

        Assert.Equal("/", (await OpenIdFlow.EnterAsync(later, "claire")).Headers.Location!.ToString());
        Assert.Equal("provider-no-account", OpenIdFlow.ProblemOf(await OpenIdFlow.EnterAsync(thief, "paul")));
        Assert.Equal(HttpStatusCode.Unauthorized, await thief.AskAsync());

        // Closed here, it stays closed.
        await app.PostAsync($"/api/v1/users/{user["id"]}/disable", null);
        using var closed = app.Browse();
        Assert.Equal(HttpStatusCode.Unauthorized, await later.AskAsync());
        Assert.Equal("provider-disabled", OpenIdFlow.ProblemOf(await OpenIdFlow.EnterAsync(closed, "claire")));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("administrator")]
    [InlineData("another provider")]
    public async Task An_address_alone_opens_no_account_that_somebody_can_open_or_that_is_powerful(string why)
    {
        await using var app = await DepartApp.StartAsync();
        await lab.ConnectAsync(app);
        await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail));
        if (why == "password")
        {
            await app.AddUserAsync(Mail, SignedIn.Password, Role.It);
        }
        else
        {
            await InviteAsync(app, why == "administrator" ? Role.Admin : Role.It);
        }

        if (why == "another provider")
        {
            await lab.ConnectAsync(app, "other", provider: 1);
            using var own = app.Browse();
            Assert.Equal("/", (await OpenIdFlow.EnterAsync(own, "claire", "/sign-in/with/other")).Headers.Location!.ToString());
        }

        using var browser = app.Browse();

        Assert.Equal("provider-no-account", OpenIdFlow.ProblemOf(await OpenIdFlow.EnterAsync(browser, "claire")));
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.AskAsync());
    }

    [Fact]
    public async Task Somebody_unknown_is_refused_unless_the_provider_may_make_users_and_only_of_its_domains()
    {
        await using var app = await DepartApp.StartAsync();
        await lab.ConnectAsync(app);
        await lab.ConnectAsync(app, "open", with: content => content with { MakesUsers = true, Domains = ["exemple.fr"] });
        await lab.AccountsAsync(new("claire", Mail), new("eve", "eve@ailleurs.example"), new("ruse", "ruse@ailleurs.example", EmailVerified: false));
        using var unknown = app.Browse();
        using var made = app.Browse();
        using var elsewhere = app.Browse();
        using var givenUp = app.Browse();

        Assert.Equal("provider-no-account", OpenIdFlow.ProblemOf(await OpenIdFlow.EnterAsync(unknown, "claire")));
        Assert.Equal("/", (await OpenIdFlow.EnterAsync(made, "claire", "/sign-in/with/open")).Headers.Location!.ToString());
        Assert.Equal("provider-no-account", OpenIdFlow.ProblemOf(await OpenIdFlow.EnterAsync(elsewhere, "eve", "/sign-in/with/open")));
        Assert.Equal("provider-refused", OpenIdFlow.ProblemOf(await OpenIdFlow.EnterAsync(givenUp, "", "/sign-in/with/open?returnUrl=%2Ftasks")));
        var users = (await app.GetAsync("/api/v1/users")).AsArray();
        Assert.Equal((Mail, "Claire Vasseur", 0), (users.Single()!["mail"]!.ToString(), users.Single()!["name"]!.ToString(), users.Single()!["roles"]!.AsArray().Count));
    }

    [Fact]
    public async Task An_answer_with_another_state_or_for_another_browser_or_shown_twice_opens_nothing()
    {
        await using var app = await DepartApp.StartAsync();
        await InviteAsync(app, Role.It);
        await lab.ConnectAsync(app);
        await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail));
        Uri? seen = null;
        using var tampered = app.Browse();
        using var victim = app.Browse();
        using var attacker = app.Browse();

        var wrong = await OpenIdFlow.EnterAsync(tampered, "claire", onTheWayBack: back => new(System.Text.RegularExpressions.Regex.Replace(back.ToString(), "state=[^&]+", "state=made-up", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))));
        await OpenIdFlow.EnterAsync(attacker, "claire", onTheWayBack: back => new Uri("/healthz?" + (seen = back).Query.Length, UriKind.Relative));
        var elsewhere = await victim.Http.GetAsync(seen, Now);

        Assert.Equal(("provider-failed", "provider-failed"), (OpenIdFlow.ProblemOf(wrong), OpenIdFlow.ProblemOf(elsewhere)));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (await tampered.AskAsync(), await victim.AskAsync()));
        Assert.Equal("/", (await attacker.Http.GetAsync(seen, Now)).Headers.Location!.ToString());
        using var again = app.Browse();
        again.Cookies.Add(attacker.Cookies.GetAllCookies());
        Assert.Equal("provider-failed", OpenIdFlow.ProblemOf(await again.Http.GetAsync(seen, Now)));
    }

    [Fact]
    public async Task Roles_follow_the_groups_there_at_each_sign_in_and_what_was_granted_by_hand_stays()
    {
        await using var app = await DepartApp.StartAsync();
        await InviteAsync(app, Role.Auditor);
        await app.AddUserAsync("chef@exemple.fr", SignedIn.Password, Role.Admin);
        await lab.ConnectAsync(app, with: content => content with
        {
            Scopes = "openid profile email groups", RoleClaim = "groups", Roles = [new("depart-it", Role.It), new("depart-admins", Role.Admin), new("audit", Role.Auditor)],
        });
        async Task<string> EnterAsync(params string[] groups)
        {
            await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail, Groups: groups));
            using var browser = app.Browse();
            Assert.Null(OpenIdFlow.ProblemOf(await OpenIdFlow.EnterAsync(browser, "claire")));
            return string.Join(' ', (await browser.Http.GetFromJsonAsync<JsonNode>("/api/v1/me", Now))!["roles"]!.AsArray());
        }

        Assert.Equal("it auditor", await EnterAsync("depart-it", "staff"));
        Assert.Equal("it auditor admin", await EnterAsync("depart-it", "depart-admins"));
        var given = (await app.GetAsync("/api/v1/users")).AsArray().Single(row => row!["mail"]!.ToString() == Mail)!["given"]!.AsArray();
        Assert.Equal("SSO sso", given.Single(role => role!["role"]!.ToString() == "it")!["by"]!.ToString());
        Assert.Equal("auditor", await EnterAsync("Depart-IT"));

        // Granted by hand meanwhile, it is somebody's word.
        Assert.Equal("it auditor", await EnterAsync("depart-it"));
        var id = (await app.GetAsync("/api/v1/users")).AsArray().Single(row => row!["mail"]!.ToString() == Mail)!["id"];
        await app.Http.PutAsync($"/api/v1/users/{id}/roles/it", null, Now);
        Assert.Equal("it auditor", await EnterAsync());
    }

    [Fact]
    public async Task What_somebody_limited_to_some_units_no_provider_widens_nor_takes_back()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, mission) = await app.AddPersonAsync("Inès", "Benali", "ines@exemple.fr", "Altéo Conseil");
        Assert.Null(await app.RefusalAsync(new ChangeMission(MissionId.From(mission), new MissionContent("Refonte", Unit: "DSI Lyon")), Actor.Console, RequestContext.None));
        await InviteAsync(app);
        await lab.ConnectAsync(app, with: content => content with { Scopes = "openid profile email groups", RoleClaim = "groups", Roles = [new("depart-it", Role.It)] });
        async Task<string> EnterAsync(params string[] groups)
        {
            await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail, Groups: groups));
            using var browser = app.Browse();
            Assert.Null(OpenIdFlow.ProblemOf(await OpenIdFlow.EnterAsync(browser, "claire")));
            Assert.Equal(HttpStatusCode.OK, (await browser.Http.GetAsync("/api/v1/me", Now)).StatusCode);
            return string.Join(' ', (await app.GetAsync("/api/v1/users")).AsArray().Single(row => row!["mail"]!.ToString() == Mail)!["given"]!.AsArray()
                .Select(given => $"{given!["role"]} {string.Join(',', given["within"]!.AsArray())} {given["by"]}"));
        }

        Assert.Equal("it  SSO sso", await EnterAsync("depart-it"));
        var id = (await app.GetAsync("/api/v1/users")).AsArray().Single(row => row!["mail"]!.ToString() == Mail)!["id"]!.GetValue<Guid>();
        Assert.Null(await app.RefusalAsync(new GrantRole(UserId.From(id), Role.It, ["DSI Lyon"]), Actor.Console, RequestContext.None));

        Assert.Equal($"it DSI Lyon {Actor.Console.Name}", await EnterAsync("depart-it"));
        Assert.Equal($"it DSI Lyon {Actor.Console.Name}", await EnterAsync());
    }

    [Fact]
    public async Task The_last_administrator_who_can_sign_in_without_the_provider_keeps_the_role_that_it_takes_back()
    {
        await using var app = await DepartApp.StartAsync();
        var id = await app.AddUserAsync(Mail, SignedIn.Password);
        await lab.ConnectAsync(app, with: content => content with { Scopes = "openid email groups", RoleClaim = "groups", Roles = [new("depart-admins", Role.Admin)] });
        await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail, Groups: ["depart-admins"]));
        await app.WithDataAsync(async db =>
        {
            db.Add(new ProvidedIdentity { Provider = "sso", ProviderSubject = "claire", User = id, Since = TimeProvider.System.GetUtcNow() });
            await db.SaveChangesAsync(Now);
        });
        using var browser = app.Browse();
        await OpenIdFlow.EnterAsync(browser, "claire");
        await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail));
        using var later = app.Browse();
        await OpenIdFlow.EnterAsync(later, "claire");

        Assert.Equal("admin", (await app.GetAsync("/api/v1/users")).AsArray().Single()!["roles"]!.AsArray().Single()!.ToString());
        await app.WithDataAsync(async db => Assert.True(await db.Set<Proof.JournalRow>().AnyAsync(entry => entry.Kind == "user.role-kept", Now)));
    }

    [Fact]
    public async Task The_page_offers_each_enabled_provider_and_removing_one_ends_what_it_began()
    {
        await using var app = await DepartApp.StartAsync();
        await InviteAsync(app, Role.It);
        await lab.ConnectAsync(app, with: content => content with { Scopes = "openid email groups", RoleClaim = "groups", Roles = [new("rh", Role.Hr)] });
        await lab.ConnectAsync(app, "other", provider: 1);
        await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail, Groups: ["rh"]));
        using var browser = app.Browse();
        var page = await browser.Http.GetStringAsync("/sign-in?returnUrl=%2Ftasks", Now);
        await OpenIdFlow.EnterAsync(browser, "claire");

        Assert.Contains("href=\"/sign-in/with/sso?returnUrl=%2Ftasks\"", page, StringComparison.Ordinal);
        Assert.Contains("SSO other", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await browser.AskAsync());
        var report = (await app.PostAsync("/api/v1/providers/sso/test", null))!;
        Assert.True(report["good"]!.GetValue<bool>(), report.ToJsonString());

        // Where nobody answers, a test says so, and so does the sign-in.
        await app.SendAsync(new ChangeProvider("other", new("Autre", "http://127.0.0.1:9/realm", "depart", "secret")), Actor.Console);
        report = (await app.PostAsync("/api/v1/providers/other/test", null))!;
        Assert.Equal((false, 1), (report["good"]!.GetValue<bool>(), report["said"]!.AsArray().Count));
        Assert.Equal("provider-unreachable", OpenIdFlow.ProblemOf(await browser.Http.GetAsync("/sign-in/with/other", Now)));

        Assert.Equal(HttpStatusCode.NoContent, (await app.Http.DeleteAsync("/api/v1/providers/sso", Now)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await browser.AskAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Http.GetAsync("/sign-in/with/sso", Now)).StatusCode);
        var user = (await app.GetAsync("/api/v1/users")).AsArray().Single()!;
        Assert.Equal(("invited", "it"), (user["state"]!.ToString(), user["roles"]!.AsArray().Single()!.ToString()));
    }

    [Fact]
    public async Task An_administrator_adds_tests_opens_and_removes_a_provider_by_screen()
    {
        await using var app = await DepartApp.StartAsync();
        using var admin = await app.SignInAsync(Role.Admin);
        var client = await lab.RegisterAsync(app.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        (string, string)[] form =
        [
            ("_handler", "provider"), ("key", "sso"), ("name", "Exemple SSO"), ("issuer", lab.Issuers[0]), ("clientId", client.Id), ("secret", client.Secret), ("scopes", "openid email"), ("mailClaim", "email"),
            ("nameClaim", "name"), ("roleClaim", "groups"), ("roles", "it = depart-it"), ("domains", "exemple.fr"),
        ];
        const string Place = "/settings/providers/sso";

        var unproved = await admin.PostFormAsync("/settings/providers/new", [.. form, ("ownPassword", "wrong")]);
        var wrong = await admin.PostFormAsync("/settings/providers/new", [.. form.Select(field => field.Item1 == "roles" ? ("roles", "it = a\nchef = b") : field), ("ownPassword", SignedIn.Password)]);
        var added = await admin.PostFormAsync("/settings/providers/new", [.. form, ("ownPassword", SignedIn.Password)]);

        Assert.Contains("field-ownpassword-error", await unproved.Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        Assert.Contains("Line 2", await wrong.Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        Assert.True(added.StatusCode == HttpStatusCode.Redirect, await added.Content.ReadAsStringAsync(Now));
        Assert.Contains("The provider describes itself as it should.", await (await admin.PostFormAsync(Place, ("_handler", "test"))).Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await admin.PostFormAsync(Place, ("_handler", "switch"), ("switchPassword", SignedIn.Password))).StatusCode);
        Assert.True((await app.GetAsync("/api/v1/providers/sso"))["enabled"]!.GetValue<bool>());
        Assert.DoesNotContain(client.Secret, await admin.Http.GetStringAsync(Place, Now), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await admin.PostFormAsync(Place, ("_handler", "remove"), ("removePassword", SignedIn.Password))).StatusCode);
        Assert.Empty((await app.GetAsync("/api/v1/providers")).AsArray());
    }

    [Fact]
    public async Task Whoever_has_an_account_ties_it_after_a_proof_and_by_a_link_of_their_own_page_only()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, SignedIn.Password, Role.It);
        await lab.ConnectAsync(app);
        await lab.AccountsAsync(new("claire-44", "claire.vasseur@groupe.example", EmailVerified: false), new("paul", "paul@exemple.fr"));
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", Mail), ("password", SignedIn.Password));

        Assert.Equal("/account/providers", (await browser.Http.GetAsync("/account/providers/sso/tie?ticket=made-up", Now)).Headers.Location!.ToString());
        var page = await browser.Http.GetStringAsync("/account/providers", Now);
        var link = WebUtility.HtmlDecode(page.Split("href=\"").Single(part => part.Contains("/tie?ticket=", StringComparison.Ordinal)).Split('"')[0]);
        Assert.Equal("/account/providers?done=tied", (await OpenIdFlow.EnterAsync(browser, "claire-44", link)).Headers.Location!.ToString());
        using var later = app.Browse();
        Assert.Equal("/", (await OpenIdFlow.EnterAsync(later, "claire-44")).Headers.Location!.ToString());

        // Proof again: the provider asks anew, and must speak of the same person.
        OpenIdFlow.ForgetProviders(later);
        var other = await OpenIdFlow.EnterAsync(later, "paul", "/account/prove/with/sso?returnUrl=%2Fsettings%2Fmail");
        Assert.Equal("/settings/mail?problem=provider-other-person", other.Headers.Location!.ToString());
        OpenIdFlow.ForgetProviders(later);
        var proved = await OpenIdFlow.EnterAsync(later, "claire-44", "/account/prove/with/sso?returnUrl=%2Fsettings%2Fmail");
        Assert.Equal("/settings/mail", proved.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Whoever_has_no_password_proves_it_by_the_provider_before_what_is_dangerous()
    {
        await using var app = await DepartApp.StartAsync();
        await InviteAsync(app, Role.It);
        await lab.ConnectAsync(app, with: content => content with { Scopes = "openid email groups", RoleClaim = "groups", Roles = [new("admins", Role.Admin)] });
        await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail, Groups: ["admins"]));
        using var browser = app.Browse();
        await OpenIdFlow.EnterAsync(browser, "claire");
        (string, string)[] mail = [("_handler", "mail"), ("host", "localhost"), ("security", "None"), ("fromAddress", Mail), ("fromName", "Depart"), ("publicAddress", "http://localhost")];

        // The form that asks for the proof itself takes none for granted; the provider's is one.
        var unproved = await browser.PostFormAsync("/settings/mail", mail);
        Assert.Contains("/account/prove/with/sso", await unproved.Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, unproved.StatusCode);
        await OpenIdFlow.EnterAsync(browser, "claire", "/account/prove/with/sso");
        Assert.Equal(HttpStatusCode.Redirect, (await browser.PostFormAsync("/settings/mail", mail)).StatusCode);

        // One's only way in is kept.
        Assert.Equal(HttpStatusCode.Conflict, (await browser.Http.DeleteAsync("/api/v1/identities/sso", Now)).StatusCode);
    }

    [Fact]
    public async Task Whoever_is_shut_out_there_is_out_here_once_the_provider_is_asked_and_nobody_is_while_it_does_not_answer()
    {
        await using var app = await DepartApp.StartAsync();
        await InviteAsync(app, Role.It);
        var client = await lab.ConnectAsync(app);
        await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail));
        using var browser = app.Browse();
        await OpenIdFlow.EnterAsync(browser, "claire");

        Assert.Equal(0, await LookAsync(app, waited: false));
        Assert.Equal(1, await LookAsync(app));
        Assert.Equal(1, await LookAsync(app));
        Assert.Equal(HttpStatusCode.OK, await browser.AskAsync());

        // Our own secret is wrong: the provider refuses us, and says nothing of her.
        await app.SendAsync(new ChangeProvider("sso", new("SSO", lab.Issuers[0], client.Id, "wrong")), Actor.Console);
        await LookAsync(app);
        Assert.Equal(HttpStatusCode.OK, await browser.AskAsync());
        var told = await app.GetAsync("/api/v1/providers/sso");
        Assert.NotNull(told["troubleSince"]);
        Assert.Contains("invalid_client", told["trouble"]!.ToString(), StringComparison.Ordinal);

        await app.SendAsync(new ChangeProvider("sso", new("SSO", lab.Issuers[0], client.Id, client.Secret)), Actor.Console);
        await lab.AccountsAsync(new OpenIdLab.Account("claire", Mail, Disabled: true));
        await LookAsync(app);

        Assert.Equal(HttpStatusCode.Unauthorized, await browser.AskAsync());
        Assert.Null((await app.GetAsync("/api/v1/providers/sso"))["troubleSince"]);
        await app.WithDataAsync(async db => Assert.Equal((SessionEnd.ByProvider, null), await db.Set<BrowserSession>().Select(session => new ValueTuple<SessionEnd?, string?>(session.EndedBecause, session.ProtectedRefreshToken)).SingleAsync(Now)));
    }

    internal static async Task InviteAsync(DepartApp app, params Role[] roles) => Assert.Null((await app.SendAsync(new InviteUser(Mail, "Claire Vasseur", roles), Actor.Console)).Problem);

    /// <summary>Asks the providers, five minutes later.</summary>
    private static async Task<int> LookAsync(DepartApp app, bool waited = true)
    {
        if (waited)
        {
            await app.WithDataAsync(db => db.Set<BrowserSession>().ExecuteUpdateAsync(set => set.SetProperty(session => session.ProviderAskedAt, TimeProvider.System.GetUtcNow() - ProviderWatch.Every), Now));
        }

        return await app.AsEngineAsync(services => services.GetRequiredService<ProviderWatch>().LookAsync(Now));
    }
}

/// <summary>The same on PostgreSQL.</summary>
[OnPostgreSql(InLongRun = true)]
public sealed class OpenIdOnPostgreSqlTests(OpenIdLab lab) : OpenIdTests(lab);
