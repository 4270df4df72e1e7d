using Depart.Browser.Given;
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
    [InlineData("fr-FR", "Les deux mots de passe ne sont pas identiques", "Bienvenue dans Départ", "Commencer", "Se connecter", "Connexion refusée", "Personne n’est encore enregistré", "Ce lien a déjà servi")]
    [InlineData("en-GB", "The two passwords are not the same", "Welcome to Depart", "Begin", "Sign in", "Signing in was refused", "Nobody is recorded yet", "This link was used already")]
    public async Task The_link_serves_once_wrong_passwords_lock_and_empty_pages_teach(
        string locale, string differ, string welcome, string begin, string enter, string refused, string nobody, string spent)
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
        await page.WaitForURLAsync(Address + "/");

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

        // Five wrong passwords lock; the message tells beforehand, and tells no stranger more.
        var stranger = await PageAsync(locale);
        await stranger.GotoAsync("/sign-in");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await SignInAsync(stranger, "faux", enter);
            await Assertions.Expect(stranger.GetByRole(AriaRole.Alert)).ToContainTextAsync(refused);
        }

        await SignInAsync(stranger, Password, enter);
        await Assertions.Expect(stranger.GetByRole(AriaRole.Alert)).ToContainTextAsync(refused);
        await page.GotoAsync("/users");
        await Assertions.Expect(page.Locator("td .badge.attention")).ToBeVisibleAsync();
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

    private static async Task SignInAsync(IPage page, string password, string enter)
    {
        await page.Locator("#field-mail").FillAsync("ada@exemple.fr");
        await page.Locator("#field-password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = enter, Exact = true }).ClickAsync();
    }
}
