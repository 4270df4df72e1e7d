using System.Runtime.Versioning;
using Microsoft.Playwright;

// The servers of the lab are for Linux.
[assembly: SupportedOSPlatform("linux")]
[assembly: AssemblyFixture(typeof(Depart.Browser.Given.Chromium))]

namespace Depart.Browser.Given;

/// <summary>The system's Chromium, started once for all tests: each opens contexts of its own, which share nothing.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? playwright;

    /// <summary>The browser.</summary>
    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // A busy machine is slow, not wrong.
        // Two cores run servers, browser and axe at once: a page may wait its turn for long, and what never comes still fails.
        Assertions.SetDefaultExpectTimeout(90_000);
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("DEPART_CHROMIUM") ?? "/usr/bin/chromium",

            // It asks nothing of the network.
            Args = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        await (Browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        playwright?.Dispose();
    }
}
