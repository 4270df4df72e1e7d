using System.Text.RegularExpressions;
using Depart.Browser.Given;
using Depart.Foundation.Door;
using Depart.Step5Close.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Depart.Browser;

/// <summary>The job as a company does it by screen, with what goes wrong on the way.</summary>
public sealed partial class WholeJobTests(Demo demo) : IClassFixture<Demo>
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("DEPART_TEST_LONG") == "1";
    private static readonly LocatorAssertionsToBeVisibleOptions Patiently = new() { Timeout = 90_000 };

    [Fact]
    public async Task A_person_a_system_and_a_departure_made_by_forms_survive_a_refusal_a_retry_and_an_undo()
    {
        Assert.SkipUnless(Long, "The whole job with its repairs takes minutes: ./test --long.");
        await using var gate = await Gate.StartAsync(("vitrine-ab", "Aurélie", "Bellanger", "aurelie.bellanger@exemple.fr"));
        var page = await demo.OpenAsync("Administrateur");

        // The person, with errors at the fields first.
        await page.GotoAsync("/people/new");
        await ClickAsync(page, "Ajouter une personne");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByLabel("Prénom")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByLabel("Prénom").FillAsync("Aurélie");
        await page.Locator("#field-familyname").FillAsync("Bellanger");
        await page.GetByLabel("Adresses électroniques").FillAsync("aurelie.bellanger@exemple.fr");
        await ClickAsync(page, "Ajouter une personne");
        await Assertions.Expect(page.GetByText("Aurélie Bellanger est dans le registre")).ToBeVisibleAsync();
        var person = page.Url;

        // Her mission, with its circle and its manager.
        await page.GetByRole(AriaRole.Link, new() { Name = "Ajouter une mission" }).ClickAsync();
        await page.GetByLabel("Intitulé de la mission").FillAsync("Vitrine");
        await page.GetByLabel("Équipes").FillAsync("Boutique\nLogistique");
        await page.GetByLabel("Responsable de mission").FillAsync("personne-de-connu");
        await ClickAsync(page, "Ajouter la mission");
        await Assertions.Expect(page.Locator("#field-manager")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByLabel("Responsable de mission").FillAsync("Isabelle Morvan");
        await ClickAsync(page, "Ajouter la mission");
        await Assertions.Expect(page.GetByText("La mission est ajoutée")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Modifier — Vitrine" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Équipes")).ToHaveValueAsync("Boutique\nLogistique");
        await Assertions.Expect(page.GetByLabel("Responsable de mission")).ToHaveValueAsync("Isabelle Morvan");

        // The system, drawn from its connector's settings: errors at the fields, a test, then connected and read.
        await page.GotoAsync("/systems/new?connector=scim");
        await page.Locator("#field-name").FillAsync("Vitrine");
        await ClickAsync(page, "Connecter ce système");
        await Assertions.Expect(page.Locator("#field-setting-baseurl")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link).First.ClickAsync();
        await Assertions.Expect(page.Locator("#field-setting-baseurl")).ToBeFocusedAsync();
        await page.Locator("#field-setting-baseurl").FillAsync(gate.Address);
        await page.Locator("#field-setting-token").FillAsync(gate.Token);
        await page.GetByText("Autres réglages").ClickAsync();
        await page.Locator("#field-setting-allowplainhttp").CheckAsync();
        await ClickAsync(page, "Tester la connexion");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "La connexion fonctionne" })).ToBeVisibleAsync(Patiently);
        await Assertions.Expect(page.Locator("#field-setting-token")).ToHaveValueAsync(gate.Token);
        await ClickAsync(page, "Connecter ce système");
        await Assertions.Expect(page.GetByText("Vitrine est connecté")).ToBeVisibleAsync();
        await ClickAsync(page, "Découvrir les comptes");
        await Assertions.Expect(page.Locator("#discovery")).ToContainTextAsync("1 lu · 1 rattaché", new() { Timeout = 90_000 });

        // The departure: its countdown, moved once.
        await page.GotoAsync(person);
        await page.GetByRole(AriaRole.Link, new() { Name = "Ouvrir un départ" }).ClickAsync();
        await page.GetByLabel("Dernier jour travaillé").FillAsync(TimeProvider.System.GetUtcNow().AddDays(9).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await ClickAsync(page, "Ouvrir un départ");
        await Assertions.Expect(page.GetByRole(AriaRole.Timer)).ToHaveTextAsync(Days());
        var departure = page.Url;
        await page.GetByRole(AriaRole.Link, new() { Name = "Reporter" }).ClickAsync();
        await page.GetByLabel("Dernier jour travaillé").FillAsync("");
        await ClickAsync(page, "Voir ce qui change");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("à renseigner");
        await page.GetByLabel("Dernier jour travaillé").FillAsync(TimeProvider.System.GetUtcNow().AddDays(20).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await ClickAsync(page, "Voir ce qui change");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Ce qui change" })).ToBeVisibleAsync();
        await ClickAsync(page, "Approuver et reporter");
        await Assertions.Expect(page.GetByText("Reporté\u00a0: coupure")).ToBeVisibleAsync();

        // The system refuses: what and why, and what it holds up, by name.
        gate.Refuses = true;
        await CutAsync(page, departure);
        await Assertions.Expect(page.Locator(".steps .failed .why").First).ToContainTextAsync("n’accorde pas ce droit à notre jeton (403)", new() { Timeout = 90_000 });

        // Skipping asks why; a retry after the repair closes everything.
        await page.GetByText("Ignorer, avec un motif", new() { Exact = true }).First.ClickAsync();
        await ClickAsync(page, "Ignorer cette étape");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Pourquoi elle est ignorée").First).ToBeFocusedAsync();
        gate.Refuses = false;
        await ClickAsync(page, "Réessayer");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tout est fermé" })).ToBeVisibleAsync(Patiently);

        // Undo asks why, then says account by account what is back.
        await ClickAsync(page, "Rétablir l’accès");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Motif").FillAsync("Mission prolongée");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Rétablir l’accès" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Les accès sont rétablis" })).ToBeVisibleAsync(Patiently);

        // A one-time password, where a connector gives one, is shown once.
        var account = (await Door.AskAsync(new ListAccounts(new AccountFilter(Search: "vitrine-ab")), Actor.Console, TestContext.Current.CancellationToken)).Value!.Items[0].Id;
        demo.Services.GetRequiredService<Connections>().Secrets.Keep(TakeOneTimePassword.Key(account), "Provisoire-123");
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Montrer le mot de passe à usage unique" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Provisoire-123")).ToBeVisibleAsync();
        await page.GotoAsync(page.Url);
        await Assertions.Expect(page.GetByText("Provisoire-123")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Montrer le mot de passe à usage unique" })).ToHaveCountAsync(0);

        // The mission goes on after all.
        await page.GotoAsync(departure);
        await ClickAsync(page, "Annuler le départ");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Annuler le départ" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Le départ est annulé ; rien ne sera coupé")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("fr-FR", "Administrateur", "Panne n’a pas pu être interrogé", "Votre intervention est nécessaire", "Panne")]
    [InlineData("en-GB", "Administrator", "Outage could not be searched", "Something needs you", "Outage")]
    public async Task A_system_that_is_down_is_named_in_the_plan_and_keeps_the_departure_open(string locale, string role, string unanswered, string open, string name)
    {
        Assert.SkipUnless(Long, "A silent system is waited for: ./test --long.");
        await using var gate = await Gate.StartAsync();
        var added = await Door.SendAsync(
            new AddSystem(name, "scim", new Dictionary<string, string>(StringComparer.Ordinal) { ["BaseUrl"] = gate.Address, ["Token"] = gate.Token, ["AllowPlainHttp"] = "true" }),
            Actor.Console, TestContext.Current.CancellationToken);
        gate.Down = true;
        var page = await demo.OpenAsync(role, locale);
        await page.GotoAsync("/departures?state=open");
        await page.Locator("td.name a").Nth(locale == "fr-FR" ? 3 : 4).ClickAsync();
        var departure = page.Url;

        await page.GotoAsync(departure + "/disconnection");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = unanswered })).ToBeVisibleAsync(Patiently);
        await Assertions.Expect(page.Locator(".callout.attention p").First).Not.ToBeEmptyAsync();
        await page.Locator("button[commandfor=confirm]").First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).Locator("button.danger").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = open })).ToBeVisibleAsync(Patiently);
        await Assertions.Expect(page.Locator(".unsearched")).ToContainTextAsync(name);

        await Door.SendAsync(new RemoveSystem(added.Value), Actor.Console, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_a_person_closes_by_hand_is_attested_with_its_proof_never_verified()
    {
        var page = await demo.OpenAsync("Administrateur");
        await page.GotoAsync("/systems/new?connector=manual");
        await page.Locator("#field-name").FillAsync("Badge");
        await ClickAsync(page, "Connecter ce système");
        await Assertions.Expect(page.Locator("#field-setting-instructionsfr")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.Locator("#field-setting-instructionsfr").FillAsync("Rendre le badge à l’accueil.");
        await ClickAsync(page, "Connecter ce système");
        await Assertions.Expect(page.GetByText("Badge est connecté")).ToBeVisibleAsync();
        var system = page.Url;

        await page.GotoAsync("/departures?state=open");
        await page.Locator("td.name a").Nth(6).ClickAsync();
        await CutAsync(page, page.Url);
        await page.GetByText("Fait à la main, avec preuve", new() { Exact = true }).First.ClickAsync();
        await page.GetByLabel("Ce qui le prouve").FillAsync("Badge rendu le 25 novembre, reçu n° 12.");
        await ClickAsync(page, "Attester que c’est fait");
        await Assertions.Expect(page.GetByText("Attesté par une personne").First).ToBeVisibleAsync(Patiently);
        await Assertions.Expect(page.GetByText("Badge rendu le 25 novembre")).ToBeVisibleAsync();

        // Nothing waits for a person there any more: the system can go, with what is known of it.
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tout est fermé" })).ToBeVisibleAsync(Patiently);
        await page.GotoAsync(system);
        await ClickAsync(page, "Retirer");
        await page.GetByLabel("Oublier aussi ses comptes").CheckAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Retirer" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Badge est retiré")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_file_is_previewed_line_by_line_applied_and_its_refused_lines_come_back()
    {
        var page = await demo.OpenAsync("RH et achats de prestations");
        await page.GotoAsync("/imports");
        await ClickAsync(page, "Voir ce qu’il ferait");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await page.Locator("#field-file").SetInputFilesAsync(new FilePayload
        {
            Name = "liste.csv", MimeType = "text/csv",
            Buffer = System.Text.Encoding.UTF8.GetBytes("Nom;Prénom;Courriel;Mission;Fin\nOuvrard;Luc;luc.ouvrard@exemple.fr;Données;31/03/2027\nSans;Adresse;pas-une-adresse;;\n"),
        });
        await ClickAsync(page, "Voir ce qu’il ferait");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "Luc Ouvrard" })).ToContainTextAsync("À créer");
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "Adresse Sans" })).ToContainTextAsync("n’est pas une adresse électronique");
        await ClickAsync(page, "Appliquer 1 ligne");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "1 ligne est appliquée" })).ToBeVisibleAsync(Patiently);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Luc Ouvrard" })).ToBeVisibleAsync(Patiently);

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Télécharger les lignes refusées" }).ClickAsync());
        await using var content = await download.CreateReadStreamAsync();
        using var reader = new StreamReader(content);
        Assert.Contains("pas-une-adresse", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private Dispatcher Door => demo.Services.GetRequiredService<Dispatcher>();

    private static async Task CutAsync(IPage page, string departure)
    {
        await page.GotoAsync(departure + "/disconnection");
        await ClickAsync(page, "Déconnecter maintenant");
        await page.GetByRole(AriaRole.Dialog).Locator("button.danger").ClickAsync();
        await Assertions.Expect(page.GetByText("La déconnexion a commencé").First).ToBeVisibleAsync();
    }

    private static Task ClickAsync(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();

    [GeneratedRegex("^\\d+\\sj\\s\\d+\\sh$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Days();
}
