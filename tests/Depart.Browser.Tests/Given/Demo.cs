using System.Collections.Concurrent;
using Depart.Foundation.Storage;
using Depart.Interfaces;
using Depart.Interfaces.Demo;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace Depart.Browser.Given;

/// <summary>The demo on a free port. Shared by the tests of a class.</summary>
public sealed class Demo(Chromium chromium) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("depart-browser-").FullName;
    private readonly ConcurrentBag<IBrowserContext> opened = [];
    private WebApplication? server;
    private IAsyncDisposable? company;

    public string Address { get; private set; } = "";

    /// <summary>The running application.</summary>
    internal IServiceProvider Services => server!.Services;

    public async ValueTask InitializeAsync()
    {
        server = await Server.BuildAsync(
            new() { Urls = "http://127.0.0.1:0", Storage = new StorageOptions { DataFolder = folder }, Demo = true }, TestContext.Current.CancellationToken);
        company = await DemoCompany.StartAsync(server.Services, past: null, TestContext.Current.CancellationToken);
        await server.StartAsync(TestContext.Current.CancellationToken);
        Address = server.Urls.First();
    }

    /// <summary>The same by a name: passkeys belong to one.</summary>
    public string Named => Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    /// <summary>A page in a language and theme, signed in when a role is given.</summary>
    internal async Task<IPage> OpenAsync(string? role = null, string locale = "fr-FR", ColorScheme theme = ColorScheme.Light, int width = 1440, bool script = true, string? address = null)
    {
        var context = await chromium.Browser.NewContextAsync(new()
        {
            BaseURL = address ?? Address, Locale = locale, ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce, JavaScriptEnabled = script,
            ViewportSize = new() { Width = width, Height = width < 600 ? 780 : 900 }, TimezoneId = "Europe/Paris",
        });
        opened.Add(context);
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(90_000);
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
        foreach (var context in opened)
        {
            await context.DisposeAsync();
        }

        await (company?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
