using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Interfaces.SignIn;

public class UsersTests
{
    private const string Mail = "claire@entreprise.example";
    private const string Password = "Une phrase assez longue";

    [Fact]
    public async Task A_disabled_user_is_out_at_once_by_session_and_by_token()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync("marion@entreprise.example", Password, Role.Admin);
        var id = await app.AddUserAsync(Mail, Password, Role.It);
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", Mail), ("password", Password));
        using var program = await LogInAsync(app);

        await app.PostAsync($"/api/v1/users/{id}/disable", null);

        Assert.Equal(HttpStatusCode.Unauthorized, await browser.AskAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/v1/people", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_role_withdrawn_counts_at_the_next_request_by_session_and_by_token()
    {
        await using var app = await DepartApp.StartAsync();
        var id = await app.AddUserAsync(Mail, Password, Role.It);
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", Mail), ("password", Password));
        using var program = await LogInAsync(app);
        Assert.Equal(HttpStatusCode.OK, await browser.AskAsync());

        await app.Http.DeleteAsync($"/api/v1/users/{id}/roles/it", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, await browser.AskAsync());
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/api/v1/people", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Who_gave_a_role_and_when_is_told_for_as_long_as_it_is_held()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync("marion@entreprise.example", Password, "Marion Tessier", Role.Admin);
        var id = await app.AddUserAsync(Mail, Password, Role.It);
        using var marion = await LogInAsync(app, "marion@entreprise.example");

        (await marion.PutAsync($"/api/v1/users/{id}/roles/hr", null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        var given = await GivenAsync(app, id);
        (await marion.DeleteAsync($"/api/v1/users/{id}/roles/hr", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        Assert.Equal(["it by console", "hr by Marion Tessier (poste)"], given);
        Assert.Equal(["it by console"], await GivenAsync(app, id));
    }

    [Fact]
    public async Task The_last_administrator_stays()
    {
        await using var app = await DepartApp.StartAsync();
        var id = await app.AddUserAsync(Mail, Password, Role.Admin);

        var withdrawn = await app.Http.DeleteAsync($"/api/v1/users/{id}/roles/admin", TestContext.Current.CancellationToken);
        var disabled = await app.Http.PostAsync($"/api/v1/users/{id}/disable", null, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (withdrawn.StatusCode, disabled.StatusCode));
    }

    [Fact]
    public async Task Nobody_loosens_who_they_are_themselves()
    {
        await using var app = await DepartApp.StartAsync();
        var id = await app.AddUserAsync(Mail, Password, Role.Admin);
        var (person, _) = await app.OpenDepartureAsync("Claire", "Vasseur", "claire@autre.example");
        using var program = await LogInAsync(app);

        var bound = await program.PutAsJsonAsync($"/api/v1/users/{id}/person", new { person }, TestContext.Current.CancellationToken);
        var unbound = await program.PutAsJsonAsync($"/api/v1/users/{id}/person", new { person = (string?)null }, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.Forbidden), (bound.StatusCode, unbound.StatusCode));
    }

    [Theory]
    [InlineData("manager")]
    [InlineData("consultant")]
    [InlineData("successor")]
    public async Task A_role_that_follows_from_departures_cannot_be_granted(string role)
    {
        await using var app = await DepartApp.StartAsync();
        var id = await app.AddUserAsync(Mail, Password, Role.It);

        var answer = await app.Http.PutAsync($"/api/v1/users/{id}/roles/{role}", null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_holds_only_roles_of_its_owner_and_does_not_outlive_the_token_that_made_it()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        using var program = await LogInAsync(app);

        var more = await program.PostAsJsonAsync("/api/v1/tokens", new { name = "nuit", roles = new[] { "admin" } }, TestContext.Current.CancellationToken);
        var longer = await program.PostAsJsonAsync("/api/v1/tokens", new { name = "nuit", roles = new[] { "it" }, days = 200 }, TestContext.Current.CancellationToken);
        var fine = await program.PostAsJsonAsync("/api/v1/tokens", new { name = "nuit", roles = new[] { "it" }, readOnly = true, days = 7 }, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.OK), (more.StatusCode, longer.StatusCode, fine.StatusCode));
    }

    [Fact]
    public async Task One_revokes_ones_own_token_and_not_that_of_another()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        await app.AddUserAsync("paul@entreprise.example", Password, Role.It);
        using var claire = await LogInAsync(app);
        using var paul = await LogInAsync(app, "paul@entreprise.example");
        var token = (await claire.GetFromJsonAsync<JsonNode>("/api/v1/tokens", TestContext.Current.CancellationToken))!.AsArray().Single()!["id"];

        var others = await paul.DeleteAsync($"/api/v1/tokens/{token}", TestContext.Current.CancellationToken);
        var own = await claire.DeleteAsync($"/api/v1/tokens/{token}", TestContext.Current.CancellationToken);
        var after = await claire.GetAsync("/api/v1/me", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NoContent, HttpStatusCode.Unauthorized), (others.StatusCode, own.StatusCode, after.StatusCode));
    }

    [Fact]
    public async Task What_is_dangerous_asks_a_page_for_the_password_again_and_a_token_only_for_the_right_to_write()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync(Mail, Password, Role.It);
        var actor = new Actor(Guid.NewGuid(), null, "Claire", new HashSet<Role> { Role.It }, Via.Page);
        var now = TimeProvider.System.GetUtcNow();

        Assert.Equal("prove-again", await app.RefusalAsync(new ChangePassword(Password), actor, new()));
        Assert.Equal("prove-again", await app.RefusalAsync(new ChangePassword(Password), actor, new() { ProvedAt = now.AddMinutes(-6) }));
        Assert.NotEqual("prove-again", await app.RefusalAsync(new ChangePassword(Password), actor, new() { ProvedAt = now.AddMinutes(-4) }));
        Assert.Equal("prove-again", await app.RefusalAsync(new Providers.UntieIdentity("keycloak"), actor, new()));
        Assert.NotEqual("prove-again", await app.RefusalAsync(new Providers.UntieIdentity("keycloak"), actor with { Via = Via.Api }, new()));
    }

    [Theory]
    [InlineData("recorded")]
    [InlineData("named")]
    [InlineData("imported")]
    public async Task Whoever_is_recorded_after_their_account_was_made_is_that_user_and_keeps_off_their_own_departure(string how)
    {
        await using var app = await DepartApp.StartAsync();
        var id = await app.AddUserAsync(Mail, Password, Role.It, Role.Hr);
        switch (how)
        {
            case "recorded":
                await app.AddPersonAsync("Claire", "Vasseur", Mail.ToUpperInvariant(), "Altéo Conseil");
                break;
            case "named":
                var (known, _) = await app.AddPersonAsync("Claire", "Vasseur", "autre@exemple.fr", "Altéo Conseil");
                Assert.Null((await app.SendAsync(new Missions.ChangePerson(Missions.PersonId.From(known), "Claire", "Vasseur", ["autre@exemple.fr", Mail], Supplier: "Altéo Conseil"), Actor.Console)).Problem);
                break;
            default:
                await app.ImportAsync($"Prénom;Nom;Adresse électronique;Prestataire;Intitulé de la mission\nClaire;Vasseur;{Mail};Altéo Conseil;Refonte\n");
                break;
        }

        var person = (await app.GetAsync("/api/v1/people?search=vasseur"))["items"]!.AsArray().Single()!;
        var departure = await app.OpenAsync(person["missions"]![0]!["id"]!.GetValue<Guid>());
        using var program = await LogInAsync(app);
        var cancelled = await program.PostAsync($"/api/v1/departures/{departure}/cancel", null, TestContext.Current.CancellationToken);

        Assert.Equal(person["id"]!.ToString(), (await app.GetAsync("/api/v1/users")).AsArray().Single(row => row!["id"]!.ToString() == id.ToString())!["person"]?.ToString());
        Assert.Equal("own-departure", JsonNode.Parse(await cancelled.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["code"]!.ToString());
    }

    [Fact]
    public async Task What_gives_roles_links_or_tokens_is_not_left_to_an_unattended_screen()
    {
        await using var app = await DepartApp.StartAsync();
        var id = await app.AddUserAsync(Mail, Password, Role.Admin);
        var screen = new Actor(id.Value, null, "Claire", new HashSet<Role> { Role.Admin }, Via.Page);
        var proved = new RequestContext { ProvedAt = TimeProvider.System.GetUtcNow() };

        Assert.Equal("prove-again", await app.RefusalAsync(new CreateToken("poste", [Role.Admin]), screen, new()));
        Assert.Equal("prove-again", await app.RefusalAsync(new InviteUser("paul@entreprise.example", "Paul", [Role.Admin]), screen, new()));
        Assert.Equal("prove-again", await app.RefusalAsync(new InviteAgain(id), screen, new()));
        Assert.Equal("prove-again", await app.RefusalAsync(new GrantRole(id, Role.It), screen, new()));
        Assert.Null(await app.RefusalAsync(new CreateToken("poste", [Role.Admin]), screen, proved));
        Assert.Null(await app.RefusalAsync(new InviteUser("paul@entreprise.example", "Paul", [Role.Admin]), screen, proved));
        Assert.Null(await app.RefusalAsync(new InviteAgain(id), screen, proved));
        Assert.Null(await app.RefusalAsync(new GrantRole(id, Role.It), screen, proved));
    }

    [Fact]
    public async Task A_token_makes_no_other_way_in_for_its_owner_who_may_hold_more_than_it()
    {
        await using var app = await DepartApp.StartAsync();
        var id = await app.AddUserAsync(Mail, Password, Role.Admin);
        var token = new Actor(id.Value, null, "Claire (nuit)", new HashSet<Role>(), Via.Api) { Token = Guid.NewGuid() };

        Assert.Equal("not-by-token", await app.RefusalAsync(new ChangePassword("Une autre phrase, plus longue"), token, new()));
        Assert.Equal("not-by-token", await app.RefusalAsync(new AddPasskey("clé", null!), token, new()));
        Assert.Equal("not-by-token", await app.RefusalAsync(new TurnOnSecondStep("", ""), token, new()));
        Assert.Equal("not-by-token", await app.RefusalAsync(new RenewRecoveryCodes(), token, new()));
        Assert.Equal("not-by-token", await app.RefusalAsync(new TurnOffSecondStep(), token, new()));
        Assert.Equal("not-by-token", await app.RefusalAsync(new Providers.TieIdentity("keycloak", "x"), token, new()));
    }

    private static async Task<IReadOnlyList<string>> GivenAsync(DepartApp app, UserId user) =>
        [.. (await app.GetAsync("/api/v1/users")).AsArray().Single(row => row!["id"]!.ToString() == user.ToString())!["given"]!.AsArray().Select(role => $"{role!["role"]} by {role["by"]}")];

    private static async Task<HttpClient> LogInAsync(DepartApp app, string mail = Mail)
    {
        using var nobody = new HttpClient { BaseAddress = app.Http.BaseAddress };
        var answer = await nobody.PostAsJsonAsync("/api/v1/login", new { mail, password = Password, name = "poste" }, TestContext.Current.CancellationToken);
        var created = (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
        var http = new HttpClient { BaseAddress = app.Http.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created["token"]!.ToString());
        return http;
    }
}

[OnPostgreSql(InLongRun = true)]
public sealed class UsersOnPostgreSqlTests : UsersTests;
