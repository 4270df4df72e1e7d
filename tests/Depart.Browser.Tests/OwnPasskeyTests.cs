using Depart.Browser.Given;
using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces;
using Depart.Interfaces.SignIn;
using Depart.Missions;
using Depart.Step7OnePlatform.Portal;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Depart.Browser;

/// <summary>The passkey of the leaver's own door (PLT5), on a phone, with an authenticator that the browser plays.</summary>
public sealed class OwnPasskeyTests(Chromium chromium) : IAsyncLifetime
{
    private const string Mail = "zoe@entreprise.example";
    private const string Password = "une phrase que je retiens";
    private const string Refused = "Cette clé d’accès n’ouvre rien ici";
    private readonly string folder = Directory.CreateTempSubdirectory("depart-own-passkey-").FullName;
    private readonly List<string> violations = [];
    private readonly List<IBrowserContext> opened = [];
    private WebApplication? server;
    private DepartureId departure;

    /// <summary>A passkey belongs to a name: an address of numbers has none.</summary>
    private string Address => server!.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public async ValueTask InitializeAsync()
    {
        server = await Server.BuildAsync(new() { Urls = "http://127.0.0.1:0", Storage = new StorageOptions { DataFolder = folder } }, TestContext.Current.CancellationToken);
        await server.StartAsync(TestContext.Current.CancellationToken);
        await SendAsync(new AddUser("marion@entreprise.example", "Marion Tessier", [Role.Admin], Password));
        var person = (await SendAsync(new AddPerson("Zoë", "Perrin", [Mail], Status: ContractualStatus.Independent))).Person;
        await SendAsync(new BindUser(await SendAsync(new AddUser(Mail, "Zoë Perrin", [], Password)), person));
        departure = await SendAsync(new OpenDeparture(await SendAsync(new AddMission(person, new("Refonte du portail"))), DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().DateTime).AddDays(20)));
    }

    [Fact]
    public async Task Made_on_a_phone_it_opens_the_door_again_in_a_browser_that_knows_nothing_also_when_the_account_is_dead()
    {
        var phone = await PhoneAsync();
        var device = await Authenticator.OnAsync(phone);
        await ComeInByPaperAsync(phone);
        await LookAsync(phone);
        await MakeAsync(phone);
        await Assertions.Expect(phone.GetByRole(AriaRole.Button, new() { Name = "Retirer : Chrom" })).ToBeVisibleAsync();
        await LookAsync(phone);
        await DisableAccountAsync();

        // The same device, a browser without a cookie.
        var again = await PhoneAsync();
        var verified = await Authenticator.OnAsync(again, await device.HeldAsync());
        await again.GotoAsync("/portal");
        await LookAsync(again);

        // Who is not verified by the device does not get in.
        await verified.VerifiesAsync(false);
        await UseAsync(again);
        await Assertions.Expect(again.GetByText("Rien n’a été fait")).ToBeVisibleAsync();
        await verified.VerifiesAsync(true);
        await UseAsync(again);
        await Assertions.Expect(Heading(again)).ToHaveTextAsync("Bonjour Zoë");

        var shown = await AskAsync(new GetOwnDoor(departure));
        Assert.NotNull(Assert.Single(shown.Passkeys).LastUsedAt);
        Assert.Equal(2, shown.Sessions);
        Assert.Empty(violations);
    }

    [Fact]
    public async Task Once_removed_it_is_refused_kindly_and_the_device_makes_another()
    {
        var phone = await PhoneAsync();
        var device = await Authenticator.OnAsync(phone);
        await ComeInByPaperAsync(phone);
        await MakeAsync(phone);
        var held = await device.HeldAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Retirer : Chrom" }).ClickAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Status).First).ToContainTextAsync("n’ouvre plus rien ici");

        var again = await PhoneAsync();
        await Authenticator.OnAsync(again, held);
        await again.GotoAsync("/portal");
        await UseAsync(again);
        await Assertions.Expect(again.GetByRole(AriaRole.Alert)).ToContainTextAsync(Refused);
        await LookAsync(again);
        await again.GotoAsync("/portal/home");
        await Assertions.Expect(again).ToHaveURLAsync(Address + "/portal");

        await MakeAsync(phone);
        Assert.Empty(violations);
    }

    [Fact]
    public async Task Once_the_door_is_closed_it_is_refused_and_once_it_is_open_again_too()
    {
        var phone = await PhoneAsync();
        await Authenticator.OnAsync(phone);
        await ComeInByPaperAsync(phone);
        await MakeAsync(phone);
        await SendAsync(new CloseOwnDoor(departure));

        await phone.GotoAsync("/portal/home");
        await Assertions.Expect(phone).ToHaveURLAsync(Address + "/portal");
        await UseAsync(phone);
        await Assertions.Expect(phone.GetByRole(AriaRole.Alert)).ToContainTextAsync(Refused);

        await SendAsync(new KeepOwnDoor(departure, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().DateTime).AddDays(30)));
        await UseAsync(phone);
        await Assertions.Expect(phone.GetByRole(AriaRole.Alert)).ToContainTextAsync(Refused);
    }

    [Fact]
    public async Task It_does_not_sign_in_to_the_house_and_the_passkey_of_an_account_does_not_open_the_door()
    {
        var phone = await PhoneAsync();
        await Authenticator.OnAsync(phone);
        await ComeInByPaperAsync(phone);
        await MakeAsync(phone);
        await phone.GotoAsync("/sign-in");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Se connecter avec une clé d’accès" }).ClickAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Alert)).ToContainTextAsync(Refused);
        await phone.GotoAsync("/tasks");
        await Assertions.Expect(phone).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/sign-in", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));

        // Of the account of the same person.
        var desk = await PhoneAsync();
        await Authenticator.OnAsync(desk);
        await desk.GotoAsync("/sign-in");
        await desk.Locator("#field-mail").FillAsync(Mail);
        await desk.Locator("#field-password").FillAsync(Password);
        await desk.GetByRole(AriaRole.Button, new() { Name = "Se connecter", Exact = true }).ClickAsync();
        await Assertions.Expect(desk).ToHaveURLAsync(Address + "/");
        await desk.GotoAsync("/account/passkeys");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Ajouter une clé d’accès" }).ClickAsync();
        await Assertions.Expect(desk.GetByText("La clé d’accès est prête")).ToBeVisibleAsync();
        await desk.GotoAsync("/portal");
        await UseAsync(desk);
        await Assertions.Expect(desk.GetByRole(AriaRole.Alert)).ToContainTextAsync(Refused);
        await desk.GotoAsync("/portal/home");
        await Assertions.Expect(desk).ToHaveURLAsync(Address + "/portal");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var context in opened)
        {
            await context.DisposeAsync();
        }

        await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static ILocator Heading(IPage page) => page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    private static Task UseAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Utiliser ma clé d’accès" }).ClickAsync();

    private static async Task MakeAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer une clé d’accès" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("La clé d’accès est prête");
    }

    /// <summary>Nothing overflows, and axe has nothing to say.</summary>
    private static async Task LookAsync(IPage page)
    {
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, page.Url);
        Assert.Empty(await EveryPageTests.FoundAsync(page, page.Url));
    }

    private async Task ComeInByPaperAsync(IPage page)
    {
        await page.GotoAsync("/portal");
        await page.Locator("#field-code").FillAsync((await SendAsync(new PrintDoorCode(departure))).Code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Entrer" }).ClickAsync();
        await Assertions.Expect(Heading(page)).ToHaveTextAsync("Bonjour Zoë");
    }

    private async Task<IPage> PhoneAsync()
    {
        var context = await chromium.Browser.NewContextAsync(new() { BaseURL = Address, Locale = "fr-FR", ReducedMotion = ReducedMotion.Reduce, ViewportSize = new() { Width = 360, Height = 780 } });
        opened.Add(context);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) { violations.Add(message.Text); }
        };
        return page;
    }

    private async Task DisableAccountAsync()
    {
        var users = await AskAsync(new ListUsers());
        await SendAsync(new DisableUser(users.Single(user => user.Mail == Mail).Id));
    }

    private async Task<T> SendAsync<T>(ICommand<T> command)
    {
        var sent = await server!.Services.GetRequiredService<Dispatcher>().SendAsync(command, Actor.Console, TestContext.Current.CancellationToken);
        Assert.True(sent.Ok, sent.Problem?.Message.En);
        return sent.Value!;
    }

    private async Task<T> AskAsync<T>(IQuery<T> query)
    {
        var asked = await server!.Services.GetRequiredService<Dispatcher>().AskAsync(query, Actor.Console, TestContext.Current.CancellationToken);
        Assert.True(asked.Ok, asked.Problem?.Message.En);
        return asked.Value!;
    }
}
