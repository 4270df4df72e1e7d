using System.Text.RegularExpressions;
using Depart.Browser.Given;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces;
using Depart.Interfaces.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Depart.Browser;

/// <summary>Passkeys in a real browser, with an authenticator that the browser plays.</summary>
public sealed class PasskeyTests(Chromium chromium) : IAsyncLifetime
{
    private const string Mail = "claire@exemple.fr";
    private const string Password = "une phrase que je retiens";
    private readonly string folder = Directory.CreateTempSubdirectory("depart-passkey-").FullName;
    private WebApplication? server;

    /// <summary>A passkey belongs to a name: an address of numbers has none.</summary>
    private string Address => server!.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public async ValueTask InitializeAsync()
    {
        server = await Server.BuildAsync(new() { Urls = "http://127.0.0.1:0", Storage = new StorageOptions { DataFolder = folder } }, TestContext.Current.CancellationToken);
        await server.StartAsync(TestContext.Current.CancellationToken);
        await server.Services.GetRequiredService<Dispatcher>().SendAsync(new AddUser(Mail, "Claire Vasseur", [Role.Admin], Password), Actor.Console, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_passkey_is_made_signs_in_without_password_or_code_proves_who_acts_and_opens_nothing_once_removed()
    {
        var context = await chromium.Browser.NewContextAsync(new() { BaseURL = Address, Locale = "fr-FR", ReducedMotion = ReducedMotion.Reduce });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        var violations = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) { violations.Add(message.Text); }
        };
        var authenticator = await Authenticator.OnAsync(page);

        // Made from the account page.
        await page.GotoAsync("/sign-in");
        await page.Locator("#field-mail").FillAsync(Mail);
        await page.Locator("#field-password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Se connecter", Exact = true }).ClickAsync();
        await page.GotoAsync("/account/passkeys");
        await page.Locator("#field-name").FillAsync("Mon portable");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ajouter une clé d’accès" }).ClickAsync();
        await Assertions.Expect(page.GetByText("La clé d’accès est prête")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Mon portable", new() { Exact = true })).ToBeVisibleAsync();

        // From now on there is no password: the passkey is the only way in.
        await WithoutPasswordAsync();
        await SignOutAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Se connecter avec une clé d’accès" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(Address + "/");
        await page.GotoAsync("/account");
        await Assertions.Expect(page.GetByText("clé d’accès · ").First).ToBeVisibleAsync();

        // Before what is dangerous it proves who acts.
        await page.GotoAsync("/settings/mail");
        await page.Locator("#field-host").FillAsync("localhost");
        await page.Locator("#field-security").SelectOptionAsync("None");
        await page.Locator("#field-fromaddress").FillAsync("depart@exemple.fr");
        await page.Locator("#field-fromname").FillAsync("Départ");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("prouver de nouveau qui vous êtes");
        await page.GetByRole(AriaRole.Button, new() { Name = "Utiliser une clé d’accès" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Prouvé par votre clé d’accès")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();

        // A device that does not verify its user does not get in.
        await SignOutAsync(page);
        await authenticator.VerifiesAsync(false);
        await page.GetByRole(AriaRole.Button, new() { Name = "Se connecter avec une clé d’accès" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Rien n’a été fait")).ToBeVisibleAsync();
        await authenticator.VerifiesAsync(true);

        // Removed on the server, it opens nothing, and says so.
        await WithAsync(db => db.Set<Passkey>().ExecuteDeleteAsync(TestContext.Current.CancellationToken));
        await page.GetByRole(AriaRole.Button, new() { Name = "Se connecter avec une clé d’accès" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Cette clé d’accès n’ouvre rien ici");
        Assert.Empty(violations);
    }

    public async ValueTask DisposeAsync()
    {
        await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Se déconnecter" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/sign-in$", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    private Task WithoutPasswordAsync() => WithAsync(db => db.Set<User>().ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, (string?)null), TestContext.Current.CancellationToken));

    private async Task WithAsync(Func<DepartDb, Task> work)
    {
        await using var scope = server!.Services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        await work(scope.ServiceProvider.GetRequiredService<DepartDb>());
    }
}
