using Depart.Browser.Given;
using Depart.Connectors.Lab;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces;
using Depart.Interfaces.SignIn.OpenId;
using Depart.Interfaces.SignIn.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Depart.Browser;

/// <summary>Single sign-on in a real browser, by a real provider, under the real content security policy.</summary>
public sealed class OpenIdTests(Chromium chromium, OpenIdLab lab) : IClassFixture<OpenIdLab>, IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("depart-openid-").FullName;
    private WebApplication? server;

    private string Address => server!.Urls.First();

    public async ValueTask InitializeAsync()
    {
        server = await Server.BuildAsync(new() { Urls = $"http://127.0.0.1:{LabRun.FreePort()}", Storage = new StorageOptions { DataFolder = folder } }, TestContext.Current.CancellationToken);
        await server.StartAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task One_press_signs_in_by_the_company_proves_who_acts_in_another_tab_and_signs_out_here_and_there()
    {
        var client = await lab.RegisterAsync(Address);
        await lab.AccountsAsync(new OpenIdLab.Account("claire", "claire@exemple.fr", Groups: ["admins"]));
        await SendAsync(new AddProvider("sso", new("Exemple SSO", lab.Issuers[0], client.Id, client.Secret, Scopes: "openid profile email groups", RoleClaim: "groups", Roles: [new("admins", Role.Admin)], MakesUsers: true)));
        await SendAsync(new SwitchProvider("sso", true));
        await using var context = await chromium.Browser.NewContextAsync(new() { BaseURL = Address, Locale = "fr-FR", ReducedMotion = ReducedMotion.Reduce });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        var violations = new List<string>();
        context.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal) && !message.Page!.Url.StartsWith(lab.Issuers[0], StringComparison.Ordinal)) { violations.Add(message.Text); }
        };

        // From a page that asks for it, and back to that page.
        await page.GotoAsync("/settings/mail");
        await page.GetByRole(AriaRole.Link, new() { Name = "Se connecter avec Exemple SSO" }).ClickAsync();
        await page.GetByLabel("Login").FillAsync("claire");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(Address + "/settings/mail");

        // Before what is dangerous the provider asks anew, in another tab; the form of this one is still good.
        await page.Locator("#field-host").FillAsync("localhost");
        await page.Locator("#field-security").SelectOptionAsync("None");
        await page.Locator("#field-fromaddress").FillAsync("depart@exemple.fr");
        await page.Locator("#field-fromname").FillAsync("Départ");
        var tab = await context.RunAndWaitForPageAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Le prouver avec Exemple SSO" }).First.ClickAsync());
        await tab.GetByLabel("Login").FillAsync("claire");
        await tab.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Assertions.Expect(tab.GetByText("C’est prouvé.")).ToBeVisibleAsync();
        await tab.CloseAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();

        // Signed out here, then there: the next press asks who it is.
        await page.GetByRole(AriaRole.Button, new() { Name = "Se déconnecter" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Se déconnecter aussi de Exemple SSO" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, sign out" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(Address + "/sign-in");
        await page.GetByRole(AriaRole.Link, new() { Name = "Se connecter avec Exemple SSO" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Give up" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("abandonnée ou refusée");
        Assert.Empty(violations);
    }

    public async ValueTask DisposeAsync()
    {
        await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private async Task SendAsync<T>(ICommand<T> command) =>
        Assert.Null((await server!.Services.GetRequiredService<Dispatcher>().SendAsync(command, Actor.Console, TestContext.Current.CancellationToken)).Problem);
}
