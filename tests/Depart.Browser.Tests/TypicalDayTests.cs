using Depart.Browser.Given;
using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Interfaces.SignIn;
using Depart.Interfaces.SignIn.OpenId;
using Depart.Interfaces.SignIn.Providers;
using Depart.Missions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Depart.Browser;

/// <summary>How somebody comes in.</summary>
public enum ComesBy
{
    /// <summary>A password.</summary>
    Password,

    /// <summary>A passkey, which they made themselves.</summary>
    Passkey,

    /// <summary>The company's identity provider (OpenID Connect), to which they tied their account themselves.</summary>
    Provider,
}

/// <summary>What each role comes for on an ordinary day (section 0): in, the day's work, out everywhere. Each way in is taken by several roles; every role takes every way in the long run.</summary>
/// <remarks>The leaver's day without an account is at their own door (<see cref="EveryPageTests"/>, <see cref="OwnPasskeyTests"/>).</remarks>
public sealed partial class TypicalDayTests(Demo demo, OpenIdLab lab) : IClassFixture<Demo>, IClassFixture<OpenIdLab>
{
    private const string Password = "Depart-Demo-2026";

    private static readonly bool Long = Environment.GetEnvironmentVariable("DEPART_TEST_LONG") == "1";

    [Theory]
    [InlineData(ComesBy.Password, true)]
    [InlineData(ComesBy.Passkey, true)]
    [InlineData(ComesBy.Provider, false)]
    public async Task A_mission_manager_sees_own_departures_only_reads_what_happened_and_does_a_task(ComesBy way, bool longRun)
    {
        const string mail = "isabelle.morvan@entreprise.example";
        var page = await InAsync(mail, way, longRun);
        await page.GetByRole(AriaRole.Link, new() { Name = "Mes tâches" }).First.ClickAsync();
        var task = page.Locator("ul.lines a[href^='/tasks/']").First;
        var title = (await task.InnerTextAsync()).Trim();
        await task.ClickAsync();
        await Assertions.Expect(Heading(page)).ToHaveTextAsync(title);

        await page.GetByRole(AriaRole.Link, new() { Name = "Départs", Exact = true }).First.ClickAsync();
        await page.Locator("td.name a").First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Activité" })).ToBeVisibleAsync();
        Assert.Equal(403, (await page.GotoAsync("/systems"))!.Status);
        await OutEverywhereAsync(page, mail, way);
    }

    [Theory]
    [InlineData(ComesBy.Password, true)]
    [InlineData(ComesBy.Passkey, false)]
    [InlineData(ComesBy.Provider, true)]
    public async Task Operations_find_a_system_look_at_its_accounts_and_at_the_plan_of_a_departure(ComesBy way, bool longRun)
    {
        const string mail = "sofiane.keller@entreprise.example";
        var page = await InAsync(mail, way, longRun);
        await page.GetByRole(AriaRole.Link, new() { Name = "Systèmes", Exact = true }).First.ClickAsync();
        await page.Locator("td.name a").First.ClickAsync();
        await Assertions.Expect(Heading(page)).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Comptes", Exact = true }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).Not.ToHaveCountAsync(0);
        await page.GotoAsync("/departures?state=open");
        await page.Locator("td.name a").First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Voir le plan et couper" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Déconnecter maintenant" })).ToBeVisibleAsync();
        await OutEverywhereAsync(page, mail, way);
    }

    [Theory]
    [InlineData(ComesBy.Password, false)]
    [InlineData(ComesBy.Passkey, true)]
    [InlineData(ComesBy.Provider, true)]
    public async Task Human_resources_move_a_departure_read_the_measures_and_look_at_a_template(ComesBy way, bool longRun)
    {
        const string mail = "claire.vasseur@entreprise.example";
        var page = await InAsync(mail, way, longRun);
        await page.GotoAsync("/departures?state=open");
        await page.Locator("td.name a").Last.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Reporter" }).ClickAsync();
        await Assertions.Expect(Heading(page)).ToContainTextAsync("Reporter");
        await page.GetByRole(AriaRole.Link, new() { Name = "Indicateurs", Exact = true }).First.ClickAsync();
        await Assertions.Expect(Heading(page)).ToHaveTextAsync("Indicateurs");
        await page.GetByRole(AriaRole.Link, new() { Name = "Modèles", Exact = true }).First.ClickAsync();
        await page.Locator("td.name a, ul.lines a").First.ClickAsync();
        await Assertions.Expect(Heading(page)).ToBeVisibleAsync();
        await OutEverywhereAsync(page, mail, way);
    }

    [Theory]
    [InlineData(ComesBy.Password, true)]
    [InlineData(ComesBy.Passkey, false)]
    [InlineData(ComesBy.Provider, true)]
    public async Task Security_goes_through_doubtful_accounts_and_verifies_the_journal(ComesBy way, bool longRun)
    {
        const string mail = "nadia.ferrand@entreprise.example";
        var page = await InAsync(mail, way, longRun);
        await page.GotoAsync("/accounts?class=doubtful");
        await Assertions.Expect(Heading(page)).ToHaveTextAsync("Comptes");
        await page.GetByRole(AriaRole.Link, new() { Name = "Journal", Exact = true }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Vérifier le journal" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Le journal est intact");
        await OutEverywhereAsync(page, mail, way);
    }

    [Theory]
    [InlineData(ComesBy.Password, true)]
    [InlineData(ComesBy.Passkey, true)]
    [InlineData(ComesBy.Provider, false)]
    public async Task An_auditor_reads_the_proof_of_a_departure_and_is_offered_no_change(ComesBy way, bool longRun)
    {
        const string mail = "paul.imbert@entreprise.example";
        var page = await InAsync(mail, way, longRun);
        await page.GotoAsync("/departures?state=open");
        await page.Locator("td.name a").First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Voir son journal" }).ClickAsync();
        await Assertions.Expect(Heading(page)).ToHaveTextAsync("Journal d’un départ");
        await page.GotoAsync("/departures?state=open");
        await page.Locator("td.name a").First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Reporter" })).ToHaveCountAsync(0);
        Assert.Equal(403, (await page.GotoAsync("/departures/new"))!.Status);
        await OutEverywhereAsync(page, mail, way);
    }

    [Theory]
    [InlineData(ComesBy.Password, false)]
    [InlineData(ComesBy.Passkey, true)]
    [InlineData(ComesBy.Provider, true)]
    public async Task An_administrator_adds_a_user_with_a_role_and_reads_who_gave_it(ComesBy way, bool longRun)
    {
        const string mail = "marion.tessier@entreprise.example";
        var page = await InAsync(mail, way, longRun);
        await page.GetByRole(AriaRole.Link, new() { Name = "Utilisateurs", Exact = true }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Inviter" }).First.ClickAsync();
        await page.Locator("#field-name").FillAsync($"Ambre {way}");
        await page.Locator("#field-mail").FillAsync($"ambre.{way}@entreprise.example");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Checkbox, new() { Name = "Auditeur" }).CheckAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Inviter" }).ClickAsync();
        await Assertions.Expect(page.GetByText($"Ambre {way}").First).ToBeVisibleAsync();
        await OutEverywhereAsync(page, mail, way);
    }

    [Theory]
    [InlineData(ComesBy.Password, false)]
    [InlineData(ComesBy.Passkey, true)]
    [InlineData(ComesBy.Provider, true)]
    public async Task A_successor_with_an_account_finds_what_is_asked_of_them_and_nothing_else(ComesBy way, bool longRun)
    {
        var (mail, _) = await SuccessorAsync(way, longRun);
        var page = await InAsync(mail, way, longRun);

        // The first page is what is theirs to do.
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync(["Mes tâches"]);
        await EveryLinkLeadsSomewhereAsync(page);
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Notifications" }).First.ClickAsync();
        await Assertions.Expect(page.GetByText("a ouvert le départ")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Mes tâches" }).First.ClickAsync();
        var task = page.Locator("ul.lines a[href^='/tasks/']").First;
        var title = (await task.InnerTextAsync()).Trim();
        await task.ClickAsync();
        await Assertions.Expect(Heading(page)).ToHaveTextAsync(title);
        await EveryLinkLeadsSomewhereAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Menu" }).GetByRole(AriaRole.Link, new() { Name = "Départs", Exact = true })).ToHaveCountAsync(0);
        Assert.Equal(403, (await page.GotoAsync("/departures"))!.Status);
        await OutEverywhereAsync(page, mail, way);
    }

    [Theory]
    [InlineData(ComesBy.Password, true)]
    [InlineData(ComesBy.Passkey, true)]
    [InlineData(ComesBy.Provider, false)]
    public async Task A_consultant_with_an_account_does_what_is_asked_of_them_and_sees_nothing_of_the_house(ComesBy way, bool longRun)
    {
        var (_, mail) = await SuccessorAsync(way, longRun);
        var page = await InAsync(mail, way, longRun);
        await page.GetByRole(AriaRole.Link, new() { Name = "Mes tâches" }).First.ClickAsync();
        var task = page.Locator("ul.lines a[href^='/tasks/']").First;
        var title = (await task.InnerTextAsync()).Trim();
        await task.ClickAsync();
        await Assertions.Expect(Heading(page)).ToHaveTextAsync(title);
        await EveryLinkLeadsSomewhereAsync(page);
        foreach (var path in new[] { "/departures", "/people", "/systems", "/journal" })
        {
            Assert.Equal(403, (await page.GotoAsync(path))!.Status);
        }

        await OutEverywhereAsync(page, mail, way);
    }

    /// <summary>Somebody who takes over from a consultant whose departure was just opened, and that consultant, each with an account of their own.</summary>
    private async Task<(string Successor, string Leaver)> SuccessorAsync(ComesBy way, bool longRun, [System.Runtime.CompilerServices.CallerMemberName] string test = "")
    {
        SkipUnlessDue(longRun);
        var apart = $"{way}.{test[2]}".ToLowerInvariant();
        var (leaver, leaverMail) = await PersonAsync("Solène", "Quéré");
        var (successor, successorMail) = await PersonAsync("Bastien", "Leroux");
        var mission = await SendAsync(new AddMission(leaver, new("Refonte du portail")));
        await SendAsync(new OpenDeparture(mission, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().DateTime).AddDays(20), Successor: successor));
        return (successorMail, leaverMail);

        async Task<(PersonId, string)> PersonAsync(string given, string family)
        {
            var mail = $"{given[0]}.{apart}@conseil.example".ToLowerInvariant();
            var person = (await SendAsync(new AddPerson(given, family, [mail], Status: ContractualStatus.SuppliersEmployee))).Person;
            await SendAsync(new BindUser(await SendAsync(new AddUser(mail, $"{given} {family}", [], Password)), person));
            return (person, mail);
        }
    }

    private async Task<T> SendAsync<T>(ICommand<T> command)
    {
        var sent = await demo.Services.GetRequiredService<Dispatcher>().SendAsync(command, Actor.Console, TestContext.Current.CancellationToken);
        Assert.True(sent.Ok, sent.Problem?.Message.En);
        return sent.Value!;
    }

    /// <summary>Whatever a page offers can be opened by whoever reads it.</summary>
    private static async Task EveryLinkLeadsSomewhereAsync(IPage page)
    {
        var from = page.Url;
        foreach (var path in (await page.Locator("main a[href^='/']").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))")).Distinct())
        {
            Assert.True((await page.GotoAsync(path))!.Ok, $"{from} leads to {path}, which is refused.");
        }
    }

    private static ILocator Heading(IPage page) => page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    private static void SkipUnlessDue(bool longRun) => Assert.SkipUnless(Long || !longRun, "This role takes another way in: ./test --long.");

    private static string KeyOf(string mail) => new([.. mail.TakeWhile(sign => sign != '@').Where(char.IsAsciiLetterLower)]);

    /// <summary>In, by one of the three ways; a passkey is made, and an account tied to the provider, by its owner and before.</summary>
    private async Task<IPage> InAsync(string mail, ComesBy way, bool longRun)
    {
        SkipUnlessDue(longRun);
        if (way == ComesBy.Password)
        {
            return await ByPasswordAsync(mail, demo.Address);
        }

        if (way == ComesBy.Passkey)
        {
            var device = await ByPasswordAsync(mail, demo.Named, shown => Authenticator.OnAsync(shown));
            await device.GotoAsync("/account/passkeys");
            await device.GetByRole(AriaRole.Button, new() { Name = "Ajouter une clé d’accès" }).ClickAsync();
            await Assertions.Expect(device.GetByText("La clé d’accès est prête")).ToBeVisibleAsync();
            await SignOutAsync(device);
            await device.Locator("summary").First.ClickAsync();
            await device.GetByRole(AriaRole.Button, new() { Name = "Se connecter avec une clé d’accès" }).ClickAsync();
            await Assertions.Expect(device).ToHaveURLAsync(demo.Named + "/");
            return device;
        }

        var key = KeyOf(mail);
        var client = await lab.RegisterAsync(demo.Address, key);
        await lab.AccountsAsync(new OpenIdLab.Account(key, mail));
        await SendAsync(new AddProvider(key, new($"Annuaire {key}", lab.Issuers[0], client.Id, client.Secret)));
        await SendAsync(new SwitchProvider(key, true));
        var page = await ByPasswordAsync(mail, demo.Address);
        await page.GotoAsync("/account/providers");
        await page.Locator($"a[href*='/{key}/tie']").ClickAsync();
        await page.GetByLabel("Login").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
        await SignOutAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = $"Se connecter avec Annuaire {key}" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(demo.Address + "/");
        return page;
    }

    /// <summary>In by the form, as everywhere but in the demo.</summary>
    private async Task<IPage> ByPasswordAsync(string mail, string address, Func<IPage, Task>? before = null)
    {
        var page = await demo.OpenAsync(address: address);
        page.SetDefaultTimeout(30_000);
        await (before?.Invoke(page) ?? Task.CompletedTask);
        await page.GotoAsync("/sign-in");
        await page.Locator("summary").First.ClickAsync();
        await page.Locator("#field-mail").FillAsync(mail);
        await page.Locator("#field-password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Se connecter", Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(address + "/");
        return page;
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Se déconnecter" }).First.ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(SignIn);
    }

    /// <summary>Out of every other browser, then of this one, and of the provider: what was open asks to sign in again.</summary>
    private async Task OutEverywhereAsync(IPage page, string mail, ComesBy way)
    {
        var elsewhere = await ByPasswordAsync(mail, demo.Address);
        await page.GotoAsync("/account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Fermer toutes les autres sessions" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
        await elsewhere.GotoAsync("/tasks");
        await Assertions.Expect(elsewhere).ToHaveURLAsync(SignIn);
        await SignOutAsync(page);
        if (way == ComesBy.Provider)
        {
            var provider = $"Annuaire {KeyOf(mail)}";
            await page.GetByRole(AriaRole.Link, new() { Name = $"Se déconnecter aussi de {provider}" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Yes, sign out" }).ClickAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = $"Se connecter avec {provider}" }).ClickAsync();
            await Assertions.Expect(page.GetByLabel("Login")).ToBeVisibleAsync();
        }

        await page.GotoAsync((way == ComesBy.Passkey ? demo.Named : demo.Address) + "/tasks");
        await Assertions.Expect(page).ToHaveURLAsync(SignIn);
    }

    [System.Text.RegularExpressions.GeneratedRegex("/sign-in", System.Text.RegularExpressions.RegexOptions.None, 1000)]
    private static partial System.Text.RegularExpressions.Regex SignIn { get; }
}
