using Depart.Browser.Given;
using Microsoft.Playwright;

namespace Depart.Browser;

/// <summary>What a newcomer does first in the demo, from sign-in to green.</summary>
public sealed class FirstDisconnectionTests(Demo demo) : IClassFixture<Demo>
{
    [Theory]
    [InlineData("fr-FR", "Opérations informatiques", "Élodie Perrin", "Voir le plan et couper", "Déconnecter maintenant", "Couper 2 comptes", "Tout est fermé", "Fermé, vérifié")]
    [InlineData("en-GB", "IT operations", "Étienne Sow", "See the plan and cut", "Disconnect now", "Cut 2 accounts", "Everything is closed", "Closed, verified")]
    public async Task The_first_departure_is_cut_from_sign_in_to_green(
        string locale, string role, string name, string plan, string now, string confirm, string closed, string verified)
    {
        var page = await demo.OpenAsync(role, locale);

        await page.GetByRole(AriaRole.Link, new() { Name = name }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = plan }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = now }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync(name);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = confirm }).ClickAsync();

        // No reload: server-sent events bring the rest.
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = closed })).ToBeVisibleAsync(new() { Timeout = 90_000 });
        await Assertions.Expect(page.GetByText(verified)).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Without_script_the_same_page_disconnects_and_a_reload_shows_it()
    {
        var page = await demo.OpenAsync("Administrateur", script: false);
        await page.GotoAsync("/departures?state=open");
        await page.Locator("td.name").Last.GetByRole(AriaRole.Link).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Voir le plan et couper" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Déconnecter maintenant" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Couper 2 comptes" }).ClickAsync();

        await Assertions.Expect(page.GetByText("La déconnexion a commencé")).ToBeVisibleAsync();
        for (var tries = 0; tries < 60 && !await page.GetByRole(AriaRole.Heading, new() { Name = "Tout est fermé" }).IsVisibleAsync(); tries++)
        {
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            await page.ReloadAsync();
        }

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tout est fermé" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Security_cuts_at_once_with_a_reason_and_the_password_again()
    {
        var page = await demo.OpenAsync("RSSI");
        await page.GetByRole(AriaRole.Link, new() { Name = "Couper maintenant" }).ClickAsync();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "De qui" }).FillAsync("kowalski");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "De qui" }).PressAsync("Enter");
        await page.GetByRole(AriaRole.Link, new() { Name = "Choisir" }).First.ClickAsync();

        await page.GetByLabel("Votre mot de passe").FillAsync("faux");
        await page.GetByRole(AriaRole.Button, new() { Name = "Couper les accès maintenant" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();

        await page.GetByLabel("Votre mot de passe").FillAsync("Depart-Demo-2026");
        await page.GetByRole(AriaRole.Button, new() { Name = "Couper les accès maintenant" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tout est fermé" })).ToBeVisibleAsync(new() { Timeout = 90_000 });
    }

    [Fact]
    public async Task A_role_that_may_not_cut_sees_no_button_and_is_refused_by_address()
    {
        var page = await demo.OpenAsync("RH et achats de prestations");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Couper maintenant" })).ToHaveCountAsync(0);

        var answer = await page.GotoAsync("/cut-now");

        Assert.Equal(403, answer!.Status);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Cette page n’est pas ouverte à votre rôle" })).ToBeVisibleAsync();
    }
}
