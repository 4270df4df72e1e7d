using Depart.Browser.Given;
using Depart.Foundation.Door;
using Depart.Interfaces.SignIn;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;
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
        await page.GetByRole(AriaRole.Link, new() { Name = "Mesures", Exact = true }).First.ClickAsync();
        await Assertions.Expect(page.Locator("svg[role=img]").First).ToBeVisibleAsync();
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
        await page.GotoAsync("/departures?state=closed");
        await page.Locator("td.name a").First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Voir le journal" }).ClickAsync();
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
        await page.Locator("details summary").First.ClickAsync();
        await page.Locator("#field-name").FillAsync("Ambre Lemoine");
        await page.Locator("#field-mail").FillAsync("ambre.lemoine@entreprise.example");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Auditeur" }).First.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Inviter" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Ambre Lemoine").First).ToBeVisibleAsync();
        await OutEverywhereAsync(page);
    }

    [Fact]
    public async Task A_successor_with_an_account_finds_what_is_asked_of_them_and_nothing_else()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (mail, title) = await SuccessorAsync(cancellation);
        var page = await InAsync(mail);
        await page.GetByRole(AriaRole.Link, new() { Name = "Mes tâches" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = title }).First.ClickAsync();
        await Assertions.Expect(Heading(page)).ToHaveTextAsync(title);
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Menu" }).GetByRole(AriaRole.Link, new() { Name = "Départs", Exact = true })).ToHaveCountAsync(0);
        Assert.Equal(403, (await page.GotoAsync("/departures"))!.Status);
        await OutEverywhereAsync(page);
    }

    /// <summary>Somebody who takes over, with an account of their own, and the title of what they are asked for.</summary>
    private async Task<(string Mail, string Title)> SuccessorAsync(CancellationToken cancellation)
    {
        const string mail = "repreneur@entreprise.example";
        await using var scope = demo.Services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<Depart.Foundation.Storage.DepartDb>();
        var task = await db.Set<Departures.Tasks.DepartureTask>().Where(row => row.Owner == Processes.TaskOwner.Successor && row.State == Departures.Tasks.DepartureTaskState.Open && row.Desk.StartsWith("person:"))
            .OrderBy(row => row.Id).FirstAsync(cancellation);
        var person = await db.Set<Departures.Departure>().Where(row => row.Id == task.Departure).Select(row => row.Successor).FirstAsync(cancellation);
        var dispatcher = demo.Services.GetRequiredService<Dispatcher>();
        var user = await dispatcher.SendAsync(new AddUser(mail, "Repreneur", [], Password), Actor.Console, cancellation);
        Assert.Null((await dispatcher.SendAsync(new BindUser(user.Value, person), Actor.Console, cancellation)).Problem);
        return (mail, task.TitleFr);
    }

    private static ILocator Heading(IPage page) => page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    /// <summary>In by the form, as everywhere but in the demo.</summary>
    private async Task<IPage> InAsync(string mail)
    {
        var page = await demo.OpenAsync();
        await page.GotoAsync("/sign-in");
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
