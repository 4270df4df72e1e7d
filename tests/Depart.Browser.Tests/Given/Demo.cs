using Depart.Foundation.Storage;
using Depart.Interfaces;
using Depart.Interfaces.Demo;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace Depart.Browser.Given;

/// <summary>The demo on a free port, and one Chromium. Shared by the tests of a class.</summary>
public sealed class Demo : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("depart-browser-").FullName;
    private WebApplication? server;
    private IAsyncDisposable? company;
    private IPlaywright? playwright;
    private IBrowser? browser;

    public string Address { get; private set; } = "";

    /// <summary>The running application.</summary>
    internal IServiceProvider Services => server!.Services;

    public async ValueTask InitializeAsync()
    {
        server = await Server.BuildAsync(
            new() { Urls = "http://127.0.0.1:0", Storage = new StorageOptions { DataFolder = folder }, Demo = true }, TestContext.Current.CancellationToken);
        company = await DemoCompany.StartAsync(server.Services, TestContext.Current.CancellationToken);
        await server.StartAsync(TestContext.Current.CancellationToken);
        Address = server.Urls.First();
        playwright = await Playwright.CreateAsync();
        browser = await LaunchAsync(playwright);
    }

    /// <summary>The system's Chromium, asking nothing of the network.</summary>
    internal static Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        // A busy machine is slow, not wrong.
        Assertions.SetDefaultExpectTimeout(30_000);
        return playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("DEPART_CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A page in a language and theme, signed in when a role is given.</summary>
    internal async Task<IPage> OpenAsync(string? role = null, string locale = "fr-FR", ColorScheme theme = ColorScheme.Light, int width = 1440, bool script = true)
    {
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = Address, Locale = locale, ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce, JavaScriptEnabled = script,
            ViewportSize = new() { Width = width, Height = width < 600 ? 780 : 900 }, TimezoneId = "Europe/Paris",
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        if (role is not null)
        {
            await page.GotoAsync("/sign-in");
            await page.GetByRole(AriaRole.Button, new() { Name = role }).ClickAsync();
            await Assertions.Expect(page).ToHaveURLAsync(Address + "/");
        }

        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await (browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        playwright?.Dispose();
        await (company?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
