using Depart.Browser.Given;
using Depart.Connectors.Lab;
using Depart.Connectors.OpenLdap;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces;
using Depart.Interfaces.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Depart.Browser;

/// <summary>A server on real data, from its first start: the one-time link, the first administrator, and whoever does not know the password.</summary>
public sealed class FirstStartTests(Chromium chromium) : IAsyncLifetime
{
    private const string Password = "une phrase que je retiens";
    private readonly string folder = Directory.CreateTempSubdirectory("depart-start-").FullName;
    private WebApplication? server;

    private string Address => server!.Urls.First();

    public async ValueTask InitializeAsync()
    {
        server = await Server.BuildAsync(new() { Urls = "http://127.0.0.1:0", Storage = new StorageOptions { DataFolder = folder } }, TestContext.Current.CancellationToken);
        await server.StartAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("fr-FR", "Les deux mots de passe ne sont pas identiques", "Bienvenue dans Départ", "Commencer", "Se connecter", "Connexion refusée", "Trop d’erreurs", "Personne n’est encore enregistré", "Ce lien a déjà servi")]
    [InlineData("en-GB", "The two passwords are not the same", "Welcome to Depart", "Begin", "Sign in", "Signing in was refused", "Too many errors", "Nobody is recorded yet", "This link was used already")]
    public async Task The_link_serves_once_whoever_guesses_waits_and_empty_pages_teach(
        string locale, string differ, string welcome, string begin, string enter, string refused, string wait, string nobody, string spent)
    {
        var link = (await server!.Services.GetRequiredService<Dispatcher>().SendAsync(new CreateSetUpLink(), Actor.Console, TestContext.Current.CancellationToken)).Value!.Path!;
        var page = await PageAsync(locale);
        await page.GotoAsync(link);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = welcome })).ToBeVisibleAsync();
        await FillAsync(page, "autre chose de long");
        await page.GetByRole(AriaRole.Button, new() { Name = begin }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(differ);
        await FillAsync(page, Password);
        await page.GetByRole(AriaRole.Button, new() { Name = begin }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(Address + "/");

        // Empty pages say what would be there, and how it comes.
        await page.GotoAsync("/people");
        await Assertions.Expect(page.GetByText(nobody)).ToBeVisibleAsync();
        foreach (var empty in new[] { "/departures", "/systems", "/accounts", "/imports" })
        {
            await page.GotoAsync(empty);
            await Assertions.Expect(page.Locator(".empty")).ToBeVisibleAsync();
        }

        // The link is spent.
        await page.GotoAsync(link);
        await Assertions.Expect(page.GetByText(spent)).ToBeVisibleAsync();

        // Five wrong passwords, and a stranger waits, with the right one too; whoever signed in here before does not.
        var stranger = await PageAsync(locale);
        await stranger.GotoAsync("/sign-in");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await SignInAsync(stranger, "faux", enter);
            await Assertions.Expect(stranger.GetByRole(AriaRole.Alert)).ToContainTextAsync(refused);
        }

        await SignInAsync(stranger, Password, enter);
        await Assertions.Expect(stranger.GetByRole(AriaRole.Alert)).ToContainTextAsync(wait);
        await page.Context.ClearCookiesAsync(new() { Name = "depart" });
        await page.GotoAsync("/sign-in");
        await SignInAsync(page, Password, enter);
        await Assertions.Expect(page).ToHaveURLAsync(Address + "/");
    }

    [Fact]
    public async Task By_screen_alone_an_empty_installation_brings_its_first_departure_to_its_end_with_every_role_at_work()
    {
        var link = (await server!.Services.GetRequiredService<Dispatcher>().SendAsync(new CreateSetUpLink(), Actor.Console, TestContext.Current.CancellationToken)).Value!.Path!;
        var admin = await PageAsync("fr-FR");
        await admin.GotoAsync(link);
        await FillAsync(admin, Password);
        await SubmitAsync(admin, "Commencer");

        // The guide: the organisation, mail later, a real directory connected, tested and read; at each page the way on.
        await using var lab = new LabRun();
        await using var directory = await Slapd.StartAsync(lab, more: $"dn: uid=zperrin,{Slapd.People}\nobjectClass: inetOrgPerson\nuid: zperrin\ncn: Zoë Perrin\nsn: Perrin\nmail: zoe.perrin@exemple.fr\nuserPassword: encore-ouvert\n\n");
        await FirstStepsAsync(admin, directory, lab);
        Assert.True((await directory.SignInAsync("zperrin", "encore-ouvert")).Accepted);

        // People and the mission; then accounts: whoever of the record has the address of an invitation is that person.
        var hr = await InviteAsync(admin, "Rosa Diallo", "rosa@exemple.fr", "Hr");
        await AddPersonAsync(hr, "Agnès", "Roux", "Interne", "agnes.roux@exemple.fr");
        await AddPersonAsync(hr, "Karim", "Haddad", "Interne", "karim.haddad@exemple.fr");
        await AddPersonAsync(hr, "Zoë", "Perrin", "Salarié du prestataire", "zoe.perrin@exemple.fr", "Altéo Conseil");
        await hr.GetByRole(AriaRole.Link, new() { Name = "Ajouter une mission" }).ClickAsync();
        await hr.Locator("#field-title").FillAsync("Refonte du portail");
        await hr.Locator("#field-manager").FillAsync("Agnès Roux");
        await SubmitAsync(hr, "Ajouter la mission");
        var (it, security) = (await InviteAsync(admin, "Igor Petit", "igor@exemple.fr", "It"), await InviteAsync(admin, "Sonia Weber", "sonia@exemple.fr", "Security"));
        var (manager, leaver, successor) = (
            await InviteAsync(admin, "Agnès Roux", "agnes.roux@exemple.fr"), await InviteAsync(admin, "Zoë Perrin", "zoe@exemple.fr"), await InviteAsync(admin, "Karim Haddad", "karim.haddad@exemple.fr"));

        // Zoë signs in with another address than the record knows: an administrator says who she is.
        await admin.GotoAsync("/users");
        await admin.GetByRole(AriaRole.Button, new() { Name = "Modifier Zoë Perrin" }).ClickAsync();
        await admin.GetByRole(AriaRole.Dialog).GetByLabel("Dans le registre").FillAsync("zoe.perrin@exemple.fr");
        await admin.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).Last.ClickAsync();
        await Assertions.Expect(admin.GetByText("Zoë Perrin est Zoë Perrin dans le registre")).ToBeVisibleAsync();

        // A template derived from the internal one, without a line of YAML.
        await hr.GotoAsync("/templates/new?from=internal-employee");
        await hr.Locator("#field-title").FillAsync("Nos consultants");
        await hr.Locator("#field-titleen").FillAsync("Our consultants");
        await hr.Locator("#field-for").SelectOptionAsync("Consultants");
        await SubmitAsync(hr, "Commencer un modèle");
        foreach (var dropped in new[] { "Retirer : Remettre les documents du droit du travail", "Retirer : Lire la dernière ronde de surveillance" })
        {
            await hr.GetByRole(AriaRole.Button, new() { Name = dropped }).ClickAsync();
            await Assertions.Expect(hr.GetByRole(AriaRole.Button, new() { Name = dropped })).ToHaveCountAsync(0);
        }

        await hr.GetByRole(AriaRole.Link, new() { Name = "Modifier : Annoncer le départ" }).ClickAsync();
        await hr.Locator("#field-title").FillAsync("Annoncer la fin de la mission");
        await SubmitAsync(hr, "Enregistrer le brouillon");
        await hr.GetByRole(AriaRole.Link, new() { Name = "Ajouter une tâche" }).ClickAsync();
        foreach (var (field, text) in new[]
        {
            ("title", "Valider le dernier relevé"), ("titleen", "Approve the last timesheet"), ("instructions", "Le demander au prestataire."), ("instructionsen", "Ask the supplier for it."),
            ("done", "Il est validé."), ("doneen", "It is approved."),
        })
        {
            await hr.Locator($"#field-{field}").FillAsync(text);
        }

        await SubmitAsync(hr, "Enregistrer le brouillon");
        await hr.GetByRole(AriaRole.Button, new() { Name = "Publier" }).First.ClickAsync();
        await hr.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Publier" }).ClickAsync();
        await Assertions.Expect(hr.GetByText("les nouveaux départs l’utilisent")).ToBeVisibleAsync();

        // The manager opens the departure and moves it.
        await manager.GotoAsync("/departures/new");
        await manager.GetByRole(AriaRole.Link, new() { Name = "Zoë Perrin" }).First.ClickAsync();
        await manager.Locator("#field-lastday").FillAsync("2030-12-13");
        await manager.Locator("#field-successor").FillAsync("karim.haddad@exemple.fr");
        await Assertions.Expect(manager.GetByText("« Nos consultants » est prévu pour un tel départ")).ToBeVisibleAsync();
        await SubmitAsync(manager, "Ouvrir un départ");
        var departure = manager.Url;
        await manager.GetByRole(AriaRole.Link, new() { Name = "Reporter" }).ClickAsync();
        await manager.Locator("#field-lastday").FillAsync("2030-12-20");
        await SubmitAsync(manager, "Voir ce qui change");
        await Assertions.Expect(manager.GetByText("Valider le dernier relevé")).ToBeVisibleAsync();
        await SubmitAsync(manager, "Approuver et reporter");

        // Everybody does what lies with them; IT cuts; what waited for the cut follows; closing says what is open until nothing is.
        IPage[] house = [manager, leaver, hr, it, successor];
        foreach (var page in house)
        {
            Assert.True(await WorkAsync(page) > 0, page.Url);
        }

        await it.GotoAsync(departure + "/disconnection");
        await it.GetByRole(AriaRole.Button, new() { Name = "Déconnecter maintenant" }).ClickAsync();
        await it.GetByRole(AriaRole.Dialog).Locator("button.danger").ClickAsync();
        await Assertions.Expect(it.GetByRole(AriaRole.Heading, new() { Name = "Tout est fermé" })).ToBeVisibleAsync();
        await Assertions.Expect(it.GetByText("Fermé, vérifié")).ToHaveCountAsync(1);
        Assert.False((await directory.SignInAsync("zperrin", "encore-ouvert")).Accepted);
        await admin.GotoAsync("/");
        await Assertions.Expect(admin.GetByRole(AriaRole.Heading, new() { Name = "Premiers pas" })).ToHaveCountAsync(0);
        await hr.GotoAsync(departure);
        await SubmitAsync(hr, "Clore le départ");
        await Assertions.Expect(hr.GetByRole(AriaRole.Alert)).ToContainTextAsync("Vérifier");

        // What waited for the cut opens some seconds after it.
        for (var tries = 0; tries < 60 && await WorkAsync(security) == 0; tries++)
        {
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        foreach (var page in house)
        {
            await WorkAsync(page);
        }

        await hr.GotoAsync(departure);
        await SubmitAsync(hr, "Clore le départ");
        await Assertions.Expect(hr.GetByText("Le départ est clos")).ToBeVisibleAsync();
        await Assertions.Expect(hr.Locator("li.task:not(.settled)")).ToHaveCountAsync(0);
    }

    public async ValueTask DisposeAsync()
    {
        await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<IPage> PageAsync(string locale)
    {
        var context = await chromium.Browser.NewContextAsync(new() { BaseURL = Address, Locale = locale, ReducedMotion = ReducedMotion.Reduce });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(90_000);
        return page;
    }

    private static async Task FillAsync(IPage page, string again)
    {
        await page.Locator("#field-name").FillAsync("Ada Lovelace");
        await page.Locator("#field-mail").FillAsync("ada@exemple.fr");
        await page.Locator("#field-password").FillAsync(Password);
        await page.Locator("#field-again").FillAsync(again);
    }

    private static Task SubmitAsync(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();

    private static async Task AddPersonAsync(IPage page, string given, string family, string status, string mail, string supplier = "")
    {
        await page.GotoAsync("/people/new");
        await page.Locator("#field-givenname").FillAsync(given);
        await page.Locator("#field-familyname").FillAsync(family);
        await page.Locator("#field-status").SelectOptionAsync(new SelectOptionValue { Label = status });
        await page.Locator("#field-supplier").FillAsync(supplier);
        await page.Locator("#field-mails").FillAsync(mail);
        await SubmitAsync(page, "Ajouter une personne");
        await Assertions.Expect(page.GetByText($"{given} {family} est dans le registre")).ToBeVisibleAsync();
    }

    /// <summary>What an administrator clicks first, as the guide shows it.</summary>
    private static async Task FirstStepsAsync(IPage page, Slapd directory, LabRun lab)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Commencer" }).ClickAsync();
        await page.GetByLabel("Entreprise").FillAsync("Compagnie des Essais");
        await SubmitAsync(page, "Enregistrer");
        await Assertions.Expect(page.Locator(".brand")).ToContainTextAsync("Compagnie des Essais");
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Premiers pas" }).GetByRole(AriaRole.Link, new() { Name = "Premiers pas" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Plus tard : Régler le serveur de messagerie".Replace(" :", "\u00a0:", StringComparison.Ordinal) }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Commencer" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "OpenLDAP" }).ClickAsync();
        await page.Locator("#field-name").FillAsync("Annuaire");
        foreach (var (name, value) in directory.Settings(lab))
        {
            var field = page.Locator($"#field-setting-{name.ToLowerInvariant()}");
            if (!await field.IsVisibleAsync())
            {
                await page.GetByText("Autres réglages").ClickAsync();
            }

            await field.FillAsync(value);
        }

        await SubmitAsync(page, "Tester la connexion");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "La connexion fonctionne" })).ToBeVisibleAsync();
        await SubmitAsync(page, "Connecter ce système");
        await Assertions.Expect(page.GetByText("Annuaire est connecté")).ToBeVisibleAsync();
        await SubmitAsync(page, "Découvrir les comptes");
        await Assertions.Expect(page.Locator("#discovery")).ToContainTextAsync("1 lu");
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Premiers pas" })).ToContainTextAsync("Enregistrer un consultant");
    }

    /// <summary>Invites somebody, who opens the link, chooses a password and is in; gives their browser.</summary>
    private async Task<IPage> InviteAsync(IPage admin, string name, string mail, params string[] roles)
    {
        await admin.GotoAsync("/users");
        await SubmitAsync(admin, "Inviter un utilisateur");
        var dialog = admin.GetByRole(AriaRole.Dialog);
        await dialog.Locator("#field-name").FillAsync(name);
        await dialog.Locator("#field-mail").FillAsync(mail);
        foreach (var role in roles)
        {
            await dialog.Locator($"#invite-{role}").CheckAsync();
        }

        await dialog.Locator("button.primary").ClickAsync();
        var page = await PageAsync("fr-FR");
        await page.GotoAsync((await admin.Locator(".invitation code").TextContentAsync())!);
        await page.Locator("#field-password").FillAsync(Password);
        await page.Locator("#field-again").FillAsync(Password);
        await SubmitAsync(page, "Commencer");
        await Assertions.Expect(page).ToHaveURLAsync(Address + "/");
        return page;
    }

    /// <summary>Does what lies with somebody and waits for nothing, the cut apart, as the list offers it: by a click, or on the page of the task with its proof; gives how many.</summary>
    private static async Task<int> WorkAsync(IPage page)
    {
        for (var done = 0; ; done++)
        {
            await page.GotoAsync("/tasks");
            var click = page.Locator("li.task button[name=task]");
            if (await click.CountAsync() > 0)
            {
                await click.First.ClickAsync();
                await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
                continue;
            }

            var proved = page.Locator("li.task:has(.mark:has-text(\"Preuve\")):not(:has(.badge)) a.end");
            var left = await proved.EvaluateAllAsync<string[]>("links => links.map(link => link.href)");
            var acted = false;
            foreach (var address in left)
            {
                await page.GotoAsync(address);
                if (await page.Locator("#field-note").CountAsync() > 0)
                {
                    await page.Locator("#field-note").FillAsync("Classé sous la réf. 42");
                    await SubmitAsync(page, "Marquer comme faite");
                    await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
                    acted = true;
                    break;
                }
            }

            if (!acted)
            {
                return done;
            }
        }
    }

    private static async Task SignInAsync(IPage page, string password, string enter)
    {
        await page.Locator("#field-mail").FillAsync("ada@exemple.fr");
        await page.Locator("#field-password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = enter, Exact = true }).ClickAsync();
    }
}
