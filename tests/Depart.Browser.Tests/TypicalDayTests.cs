using Depart.Browser.Given;
using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Interfaces.SignIn;
using Depart.Missions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Depart.Browser;

/// <summary>What each role comes for on an ordinary day (section 0): in by password, the day's work, out everywhere.</summary>
/// <remarks>The leaver's day is at their own door (<see cref="EveryPageTests"/>), passkeys and single sign-on have tests of their own.</remarks>
public sealed class TypicalDayTests(Demo demo) : IClassFixture<Demo>
{
    private const string Password = "Depart-Demo-2026";

    [Fact]
    public async Task A_mission_manager_sees_own_departures_only_reads_what_happened_and_does_a_task()
    {
        var page = await InAsync("isabelle.morvan@entreprise.example");
        await page.GetByRole(AriaRole.Link, new() { Name = "Mes tâches" }).First.ClickAsync();
        var task = page.Locator("ul.lines a[href^='/tasks/']").First;
        var title = (await task.InnerTextAsync()).Trim();
        await task.ClickAsync();
        await Assertions.Expect(Heading(page)).ToHaveTextAsync(title);

        await page.GetByRole(AriaRole.Link, new() { Name = "Départs", Exact = true }).First.ClickAsync();
        await page.Locator("td.name a").First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Activité" })).ToBeVisibleAsync();
        Assert.Equal(403, (await page.GotoAsync("/systems"))!.Status);
        await OutEverywhereAsync(page);
    }

    [Fact]
    public async Task Operations_find_a_system_look_at_its_accounts_and_at_the_plan_of_a_departure()
    {
        var page = await InAsync("sofiane.keller@entreprise.example");
        await page.GetByRole(AriaRole.Link, new() { Name = "Systèmes", Exact = true }).First.ClickAsync();
        await page.Locator("td.name a").First.ClickAsync();
        await Assertions.Expect(Heading(page)).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Comptes", Exact = true }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).Not.ToHaveCountAsync(0);
        await page.GotoAsync("/departures?state=open");
        await page.Locator("td.name a").First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Voir le plan et couper" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Déconnecter maintenant" })).ToBeVisibleAsync();
        await OutEverywhereAsync(page);
    }

    [Fact]
    public async Task Human_resources_move_a_departure_read_the_measures_and_look_at_a_template()
    {
        var page = await InAsync("claire.vasseur@entreprise.example");
        await page.GotoAsync("/departures?state=open");
        await page.Locator("td.name a").Last.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Reporter" }).ClickAsync();
        await Assertions.Expect(Heading(page)).ToContainTextAsync("Reporter");
        await page.GetByRole(AriaRole.Link, new() { Name = "Indicateurs", Exact = true }).First.ClickAsync();
        await Assertions.Expect(Heading(page)).ToHaveTextAsync("Indicateurs");
        await page.GetByRole(AriaRole.Link, new() { Name = "Modèles", Exact = true }).First.ClickAsync();
        await page.Locator("td.name a, ul.lines a").First.ClickAsync();
        await Assertions.Expect(Heading(page)).ToBeVisibleAsync();
        await OutEverywhereAsync(page);
    }

    [Fact]
    public async Task Security_goes_through_doubtful_accounts_and_verifies_the_journal()
    {
        var page = await InAsync("nadia.ferrand@entreprise.example");
        await page.GotoAsync("/accounts?class=doubtful");
        await Assertions.Expect(Heading(page)).ToHaveTextAsync("Comptes");
        await page.GetByRole(AriaRole.Link, new() { Name = "Journal", Exact = true }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Vérifier le journal" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Le journal est intact");
        await OutEverywhereAsync(page);
    }

    [Fact]
    public async Task An_auditor_reads_the_proof_of_a_departure_and_is_offered_no_change()
    {
        var page = await InAsync("paul.imbert@entreprise.example");
        await page.GotoAsync("/departures?state=open");
        await page.Locator("td.name a").First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Voir son journal" }).ClickAsync();
        await Assertions.Expect(Heading(page)).ToHaveTextAsync("Journal d’un départ");
        await page.GotoAsync("/departures?state=open");
        await page.Locator("td.name a").First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Reporter" })).ToHaveCountAsync(0);
        Assert.Equal(403, (await page.GotoAsync("/departures/new"))!.Status);
        await OutEverywhereAsync(page);
    }

    [Fact]
    public async Task An_administrator_adds_a_user_with_a_role_and_reads_who_gave_it()
    {
        var page = await InAsync("marion.tessier@entreprise.example");
        await page.GetByRole(AriaRole.Link, new() { Name = "Utilisateurs", Exact = true }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Inviter" }).First.ClickAsync();
        await page.Locator("#field-name").FillAsync("Ambre Lemoine");
        await page.Locator("#field-mail").FillAsync("ambre.lemoine@entreprise.example");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Checkbox, new() { Name = "Auditeur" }).CheckAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Inviter" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Ambre Lemoine").First).ToBeVisibleAsync();
        await OutEverywhereAsync(page);
    }

    [Fact]
    public async Task A_successor_with_an_account_finds_what_is_asked_of_them_and_nothing_else()
    {
        var page = await InAsync(await SuccessorAsync());
        await page.GetByRole(AriaRole.Link, new() { Name = "Notifications" }).First.ClickAsync();
        await Assertions.Expect(page.GetByText("a ouvert le départ")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Mes tâches" }).First.ClickAsync();
        var task = page.Locator("ul.lines a[href^='/tasks/']").First;
        var title = (await task.InnerTextAsync()).Trim();
        await task.ClickAsync();
        await Assertions.Expect(Heading(page)).ToHaveTextAsync(title);
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Menu" }).GetByRole(AriaRole.Link, new() { Name = "Départs", Exact = true })).ToHaveCountAsync(0);
        Assert.Equal(403, (await page.GotoAsync("/departures"))!.Status);
        await OutEverywhereAsync(page);
    }

    /// <summary>Somebody who takes over from a consultant whose departure was just opened, with an account of their own.</summary>
    private async Task<string> SuccessorAsync()
    {
        const string mail = "bastien.leroux@entreprise.example";
        var leaver = await PersonAsync("Solène", "Quéré");
        var successor = await PersonAsync("Bastien", "Leroux");
        var mission = await SendAsync(new AddMission(leaver, new("Refonte du portail")));
        await SendAsync(new BindUser(await SendAsync(new AddUser(mail, "Bastien Leroux", [], Password)), successor));
        await SendAsync(new OpenDeparture(mission, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().DateTime).AddDays(20), Successor: successor));
        return mail;

        async Task<PersonId> PersonAsync(string given, string family) =>
            (await SendAsync(new AddPerson(given, family, [$"{family.ToLowerInvariant()}@conseil.example"], Status: ContractualStatus.SuppliersEmployee))).Person;
    }

    private async Task<T> SendAsync<T>(ICommand<T> command)
    {
        var sent = await demo.Services.GetRequiredService<Dispatcher>().SendAsync(command, Actor.Console, TestContext.Current.CancellationToken);
        Assert.True(sent.Ok, sent.Problem?.Message.En);
        return sent.Value!;
    }

    private static ILocator Heading(IPage page) => page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    /// <summary>In by the form, as everywhere but in the demo.</summary>
    private async Task<IPage> InAsync(string mail)
    {
        var page = await demo.OpenAsync();
        page.SetDefaultTimeout(30_000);
        await page.GotoAsync("/sign-in");
        await page.Locator("summary").First.ClickAsync();
        await page.Locator("#field-mail").FillAsync(mail);
        await page.Locator("#field-password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Se connecter", Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(demo.Address + "/");
        return page;
    }

    /// <summary>Out of every other browser, then of this one: what was open asks to sign in again.</summary>
    private async Task OutEverywhereAsync(IPage page)
    {
        await page.GotoAsync("/account");
        if (page.GetByRole(AriaRole.Button, new() { Name = "Fermer toutes les autres sessions" }) is var others && await others.CountAsync() > 0)
        {
            await others.ClickAsync();
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Se déconnecter" }).First.ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await page.GotoAsync("/tasks");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
    }
}
