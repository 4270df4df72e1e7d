using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Step5Close.Accounts;

public class SystemsTests
{
    [Fact]
    public async Task A_secret_is_in_no_answer_no_table_no_journal_and_no_file()
    {
        const string Secret = "tres-secret-7f3a9c";
        await using var scim = await ScimService.StartAsync();
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Intranet", scim.Address, Secret))!.ToString();
        await ChangeAsync(app, system, new { name = "Intranet 2", settings = Settings(scim.Address, null) });
        await app.DiscoverAsync(system);

        foreach (var path in new[] { "/api/v1/systems", $"/api/v1/systems/{system}", $"/api/v1/systems/{system}/test", $"/api/v1/systems/{system}/discoveries", "/api/v1/connectors" })
        {
            Assert.DoesNotContain(Secret, (await app.GetAsync(path)).ToJsonString(), StringComparison.Ordinal);
        }

        foreach (var file in Directory.EnumerateFiles(app.DataFolder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            await stream.CopyToAsync(content, TestContext.Current.CancellationToken);
            Assert.True(content.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)) < 0, file);
        }
    }

    [Fact]
    public async Task A_choice_reads_as_its_protocol_is_written_and_keeps_its_word_in_files()
    {
        await using var app = await DepartApp.StartAsync();

        var setting = (await app.GetAsync("/api/v1/connectors")).AsArray().Single(row => row!["key"]!.ToString() == "openldap")!["settings"]!.AsArray().Single(row => row!["name"]!.ToString() == "Encryption")!;

        Assert.Equal(["Ldaps", "StartTls"], setting["choices"]!.AsArray().Select(choice => choice!.ToString()));
        Assert.Equal(["LDAPS", "StartTLS"], setting["choiceTitles"]!.AsArray().Select(title => title!["fr"]!.ToString()));
    }

    [Fact]
    public async Task A_secret_that_is_not_given_again_is_kept_and_the_system_still_answers()
    {
        await using var scim = await ScimService.StartAsync();
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString();

        var answer = await ChangeAsync(app, system, new { name = "Intranet", settings = Settings(scim.Address, null), concurrency = 3, rate = 50 });

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.True((bool)(await app.GetAsync($"/api/v1/systems/{system}/test"))["reached"]!);
        var row = await app.GetAsync($"/api/v1/systems/{system}");
        Assert.Equal((3, 50, "Token"), ((int)row["concurrency"]!, (int)row["rate"]!, row["secretsSet"]![0]!.ToString()));
    }

    [Fact]
    public async Task A_secret_is_never_sent_to_another_address_than_the_one_it_was_given_for()
    {
        await using var scim = await ScimService.StartAsync();
        await using var other = await ScimService.StartAsync();
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString();

        var changed = await ChangeAsync(app, system, new { name = "Intranet", settings = Settings(other.Address, null) });
        var tried = await app.Http.PostAsJsonAsync("/api/v1/connectors/scim/test", new { settings = Settings(other.Address, null), system }, TestContext.Current.CancellationToken);
        var accepted = await app.Http.PostAsJsonAsync(
            $"/api/v1/systems/{system}/proposed", new Dictionary<string, string> { ["BaseUrl"] = other.Address }, TestContext.Current.CancellationToken);

        Assert.Equal("secret-again", await CodeAsync(changed));
        Assert.Equal("secret-again", await CodeAsync(tried));
        Assert.Equal("not-proposed", await CodeAsync(accepted));
    }

    [Fact]
    public async Task Settings_are_tested_before_they_are_saved_and_the_test_names_what_is_wrong()
    {
        await using var scim = await ScimService.StartAsync();
        await using var app = await DepartApp.StartAsync();

        var good = await app.PostAsync("/api/v1/connectors/scim/test", new { settings = Settings(scim.Address, ScimService.Token) });
        var bad = await app.PostAsync("/api/v1/connectors/scim/test", new { settings = Settings(scim.Address, "wrong") });

        Assert.True((bool)good!["reached"]!);
        Assert.Equal("sign-in-refused", bad!["failure"]!["kind"]!.ToString());
        Assert.Empty((await app.GetAsync("/api/v1/systems")).AsArray());
    }

    [Fact]
    public async Task A_change_over_a_version_that_was_not_read_is_refused()
    {
        await using var scim = await ScimService.StartAsync();
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString();
        using var read = await app.Http.GetAsync($"/api/v1/systems/{system}", TestContext.Current.CancellationToken);
        await ChangeAsync(app, system, new { name = "Autre nom" });

        var late = await ChangeAsync(app, system, new { name = "Encore un" }, read.Headers.ETag!.Tag);

        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        Assert.Equal("Autre nom", (await app.GetAsync($"/api/v1/systems/{system}"))["name"]!.ToString());
    }

    [Fact]
    public async Task A_circle_of_systems_is_named_at_once_and_nothing_is_saved()
    {
        await using var scim = await ScimService.StartAsync();
        await using var app = await DepartApp.StartAsync();
        var first = (await app.ConnectAsync("Annuaire", scim.Address, ScimService.Token))!.ToString();
        await app.PostAsync("/api/v1/systems", new { name = "Messagerie", connector = "scim", settings = Settings(scim.Address, "t"), after = new[] { "annuaire" } });
        await app.PostAsync("/api/v1/systems", new { name = "Nuage", connector = "scim", settings = Settings(scim.Address, "t"), after = new[] { "Messagerie" } });

        var answer = await ChangeAsync(app, first, new { name = "Annuaire", after = new[] { "Nuage" } });

        Assert.Equal("order-cycle", await CodeAsync(answer));
        Assert.Contains("Annuaire → Messagerie → Nuage → Annuaire", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty((await app.GetAsync($"/api/v1/systems/{first}"))["after"]!.AsArray());
    }

    [Theory]
    [InlineData("  ", "required")]
    [InlineData(null, "too-long")]
    public async Task A_system_is_not_paused_without_a_reason_that_can_be_read(string? reason, string code)
    {
        await using var app = await DepartApp.StartAsync();
        var system = (await app.PostAsync("/api/v1/systems", new { name = "Badges", connector = "manual", settings = new Dictionary<string, string> { ["InstructionsFr"] = "Rendre le badge" } }))!.ToString();

        var answer = await app.Http.PostAsJsonAsync($"/api/v1/systems/{system}/pause", new { reason = reason ?? new string('a', 501) }, TestContext.Current.CancellationToken);

        Assert.Equal(code, await CodeAsync(answer));
        Assert.False((bool)(await app.GetAsync($"/api/v1/systems/{system}"))["paused"]!);
    }

    [Fact]
    public async Task A_paused_system_is_left_alone_until_it_is_resumed()
    {
        await using var scim = await LongScim.StartAsync(5);
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Annuaire", scim.Address, LongScim.Token))!.ToString();
        await app.PostAsync($"/api/v1/systems/{system}/pause", new { reason = "Maintenance de nuit" });

        var run = (await app.PostAsync($"/api/v1/systems/{system}/discoveries", null))!.ToString();
        var paused = await app.GetAsync($"/api/v1/systems/{system}");
        var waiting = await app.GetAsync($"/api/v1/discoveries/{run}");
        await app.PostAsync($"/api/v1/systems/{system}/resume", null);

        Assert.True((bool)paused["paused"]!);
        Assert.Equal("Maintenance de nuit", paused["pausedWhy"]!.ToString());
        Assert.NotNull(paused["pausedBy"]);
        Assert.Null((await app.GetAsync($"/api/v1/systems/{system}"))["pausedWhy"]);
        Assert.Equal("waiting", waiting["state"]!.ToString());
        Assert.Equal("done", (await app.DiscoveredAsync(run))["state"]!.ToString());
    }

    [Fact]
    public async Task A_system_with_accounts_is_removed_only_when_that_is_said_and_its_past_stays_readable()
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("lea", "Léa", "Diallo", "lea@exemple.fr");
        scim.Add("autre", "Paul", "Autre", "paul@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString();
        var (person, departure) = await app.OpenDepartureAsync("Léa", "Diallo", "lea@exemple.fr");
        await app.DiscoverAsync(system);
        await app.PostAsync($"/api/v1/departures/{departure}/disconnect", new { });
        await app.EndedAsync(departure);

        var refused = await app.Http.DeleteAsync(new Uri($"/api/v1/systems/{system}", UriKind.Relative), TestContext.Current.CancellationToken);
        var removed = await app.Http.DeleteAsync(new Uri($"/api/v1/systems/{system}?withAccounts=true", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("has-accounts", await CodeAsync(refused));
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Empty((await app.GetAsync("/api/v1/systems")).AsArray());
        Assert.Empty((await app.GetAsync("/api/v1/accounts"))["items"]!.AsArray());
        Assert.Empty((await app.GetAsync($"/api/v1/people/{person}/plan"))["accounts"]!.AsArray());
        Assert.Equal("Intranet", (await app.GetAsync($"/api/v1/departures/{departure}/disconnection"))["accounts"]![0]!["systemName"]!.ToString());
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
    }

    [Fact]
    public async Task Every_connector_is_described_for_a_form_in_both_languages()
    {
        await using var app = await DepartApp.StartAsync();

        var scim = (await app.GetAsync("/api/v1/connectors")).AsArray().Single(connector => connector!["key"]!.ToString() == "scim")!;

        var token = scim["settings"]!.AsArray().Single(setting => setting!["name"]!.ToString() == "Token")!;
        Assert.Equal(("Jeton d’accès", true, true), (token["label"]!["fr"]!.ToString(), (bool)token["secret"]!, (bool)token["required"]!));
        Assert.Equal(["disable", "groups"], scim["actions"]!.AsArray().Select(action => action!["key"]!.ToString()));
    }

    [Theory]
    [InlineData(Role.Hr)]
    [InlineData(Role.Security)]
    [InlineData(Role.Auditor)]
    public async Task A_role_that_may_not_change_systems_is_refused(Role role)
    {
        await using var scim = await ScimService.StartAsync();
        await using var app = await DepartApp.StartAsync();
        var system = (await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString();
        using var http = await app.AsAsync(role);

        var change = await http.PutAsJsonAsync($"/api/v1/systems/{system}", new { name = "X" }, TestContext.Current.CancellationToken);
        var remove = await http.DeleteAsync(new Uri($"/api/v1/systems/{system}", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (change.StatusCode, remove.StatusCode));
    }

    private static Dictionary<string, string> Settings(string address, string? token)
    {
        var settings = new Dictionary<string, string> { ["BaseUrl"] = address + "/scim/v2", ["AllowPlainHttp"] = "true" };
        if (token is not null)
        {
            settings["Token"] = token;
        }

        return settings;
    }

    private static async Task<HttpResponseMessage> ChangeAsync(DepartApp app, string system, object body, string? etag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/systems/{system}") { Content = JsonContent.Create(body) };
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        }

        return await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["code"]?.ToString();
}

[OnPostgreSql(InLongRun = true)]
public sealed class SystemsOnPostgreSqlTests : SystemsTests;
