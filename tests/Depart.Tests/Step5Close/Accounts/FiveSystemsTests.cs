using System.Text.Json.Nodes;
using Depart.Connectors.Lab;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Step5Close.Accounts;

[CollectionDefinition]
public sealed class FiveSystemsCollection : ICollectionFixture<FiveSystems>;

/// <summary>One leaver on OpenLDAP, Active Directory, SCIM, SSH and PostgreSQL, from the plan to the undo; asked each time of the system's own client.</summary>
[Collection<FiveSystemsCollection>]
public sealed class FiveSystemsTests(FiveSystems systems, ITestOutputHelper output)
{
    private const string Password = "une phrase de passe assez longue 7";

    [Fact]
    public async Task One_click_disconnects_a_leaver_from_five_real_systems_and_undo_gives_back_what_was_said()
    {
        systems.Require();
        await using var app = await DepartApp.StartAsync();
        await systems.ConnectAsync(app);
        var leaver = await systems.AddLeaverAsync(app, "Zoë", "D'Angélo-Lefèvre");
        await app.AddUserAsync("it@exemple.fr", Password, Role.It);
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", "it@exemple.fr"), ("password", Password));

        await PlanNamesAsync(app, leaver);
        await AllSignInAsync(leaver, leaver.Accounts);
        await ClickAsync(browser, $"/departures/{leaver.Departure}/disconnection", "disconnect");
        await IsCutAsync(await app.EndedAsync(leaver.Departure), leaver);

        var foreseen = (await app.GetAsync($"/api/v1/departures/{leaver.Departure}/reconnect")).AsArray();
        await ClickAsync(browser, $"/departures/{leaver.Departure}/disconnection", "undo", ("reason", "Mission prolongée"));
        var undone = await UndoneAsync(app, leaver);

        foreach (var account in undone)
        {
            var key = account["systemName"]!.ToString();
            var before = foreseen.Single(other => other!["account"]!.ToString() == account["account"]!.ToString())!;
            Assert.Equal(Texts(before["notRestored"]!), Texts(account["notRestored"]!));
            var given = account["hasPassword"]!.GetValue<bool>()
                ? (await app.PostAsync($"/api/v1/departures/{leaver.Departure}/undo/{account["account"]}/password", null))!["password"]!.ToString()
                : leaver.Accounts[key].Password;
            Assert.True((await systems[key].SignInAsync(leaver.Accounts[key].Login, given)).Accepted, key);
        }
    }

    [Fact]
    public async Task One_command_disconnects_a_leaver_from_five_real_systems_and_one_command_undoes_it()
    {
        systems.Require();
        await using var app = await DepartApp.StartAsync();
        await systems.ConnectAsync(app);
        var leaver = await systems.AddLeaverAsync(app, "Anaïs", "L'Hôte-Müller");

        var plan = await app.RunAsync("plan", leaver.Mail);
        output.WriteLine(plan.Output);
        var cut = await app.RunAsync("disconnect", leaver.Mail, "--wait");
        output.WriteLine(cut.Output + cut.Error);
        await IsCutAsync(await app.EndedAsync(leaver.Departure), leaver);
        // The protected account may still be open: not everything is proved closed, and the exit code says so.
        Assert.Equal(3, cut.Code);

        var foreseen = await app.RunAsync("reconnect", leaver.Mail, "--dry-run");
        output.WriteLine(foreseen.Output);
        var back = await app.RunAsync("reconnect", leaver.Mail, "--reason", "Mission prolongée", "--wait");
        Assert.True(back.Code == 0, back.Output + back.Error);
        foreach (var (key, account) in leaver.Accounts)
        {
            var lines = back.Output.Split('\n').SkipWhile(line => !line.StartsWith($"{key} · ", StringComparison.Ordinal)).Skip(1).TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal));
            var oneTime = lines.FirstOrDefault(line => line.Contains("shown only now", StringComparison.Ordinal))?.Split(": ", 2)[1].Trim();
            Assert.True((await systems[key].SignInAsync(account.Login, oneTime ?? account.Password)).Accepted, key);
        }
    }

    private async Task PlanNamesAsync(DepartApp app, Leaver leaver)
    {
        var plan = await app.GetAsync($"/api/v1/people/{leaver.Person}/plan");
        var touched = plan["accounts"]!.AsArray().Where(account => account!["untouched"] is null).Select(account => $"{account!["systemName"]} {account["login"]}").Order(StringComparer.Ordinal);
        Assert.Equal(leaver.Accounts.Select(pair => $"{pair.Key} {pair.Value.Login}").Order(StringComparer.Ordinal), touched);
        var left = plan["accounts"]!.AsArray().Where(account => account!["untouched"] is not null).Select(account => $"{account!["systemName"]} {account["login"]}").Order(StringComparer.Ordinal);
        Assert.Equal(
            new[] { $"active-directory {leaver.Administrator.Login}", $"active-directory {leaver.Homonym.Login}", $"openldap {leaver.Homonym.Login}" }.Order(StringComparer.Ordinal), left);
        Assert.Contains(plan["steps"]!.AsArray(), step => step!["notRestored"] is not null);
    }

    private async Task IsCutAsync(JsonNode ended, Leaver leaver)
    {
        foreach (var account in ended["accounts"]!.AsArray())
        {
            output.WriteLine($"{account!["systemName"]} {account["login"]}: {account["verdict"]} [{account["proof"]}] {string.Join(' ', account["steps"]!.AsArray().Where(step => step!["why"] is not null).Select(step => step!["action"] + ": " + step["why"]!["en"]))}");
        }

        Assert.Equal(leaver.Accounts.Keys.Order(StringComparer.Ordinal), ended["accounts"]!.AsArray().Select(account => account!["systemName"]!.ToString()).Order(StringComparer.Ordinal));
        Assert.All(ended["accounts"]!.AsArray(), account => Assert.StartsWith("gone", account!["verdict"]!.ToString(), StringComparison.Ordinal));
        foreach (var (key, account) in leaver.Accounts)
        {
            Assert.False((await systems[key].SignInAsync(account.Login, account.Password)).Accepted, key);
        }

        await AllSignInAsync(leaver, new Dictionary<string, LabPerson>(StringComparer.Ordinal) { ["openldap"] = leaver.Homonym, ["active-directory"] = leaver.Homonym });
        await AllSignInAsync(leaver, new Dictionary<string, LabPerson>(StringComparer.Ordinal) { ["active-directory"] = leaver.Administrator });

        // A protected account of the leaver was left open: the departure says so and is not called cut.
        Assert.Equal("needs-attention", ended["state"]!.ToString());
        Assert.Contains(ended["unsearched"]!.AsArray(), name => name!.ToString().Contains(leaver.Administrator.Login, StringComparison.Ordinal));
    }

    private async Task AllSignInAsync(Leaver leaver, IReadOnlyDictionary<string, LabPerson> accounts)
    {
        Assert.NotNull(leaver);
        foreach (var (key, account) in accounts)
        {
            var answer = await systems[key].SignInAsync(account.Login, account.Password);
            Assert.True(answer.Accepted, $"{key} {account.Login}: {answer.Answer}");
        }
    }

    private static async Task<IReadOnlyList<JsonNode>> UndoneAsync(DepartApp app, Leaver leaver)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var undo = await app.GetAsync($"/api/v1/departures/{leaver.Departure}/undo");
            var accounts = undo["accounts"]!.AsArray();
            if (undo["over"]!.GetValue<bool>())
            {
                Assert.All(accounts, account => Assert.Equal("given-back", account!["state"]!.ToString()));
                return [.. accounts.Select(account => account!)];
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException((await app.GetAsync($"/api/v1/departures/{leaver.Departure}/undo")).ToJsonString());
    }

    /// <summary>Presses the button of a form, as a browser without script does.</summary>
    private static async Task ClickAsync(Browser browser, string page, string form, params (string Name, string Value)[] fields)
    {
        var answer = await browser.PostFormAsync(page, [("_handler", form), .. fields]);
        Assert.True((int)answer.StatusCode is >= 300 and < 400, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }

    private static IEnumerable<string> Texts(JsonNode words) => words.AsArray().Select(text => text!["en"]!.ToString()).Order(StringComparer.Ordinal);
}
