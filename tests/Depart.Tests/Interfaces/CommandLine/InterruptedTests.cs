using System.Diagnostics;
using Depart.Given;

namespace Depart.Interfaces.CommandLine;

/// <summary>Somebody stops waiting for a verb.</summary>
public sealed class InterruptedTests
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task Whoever_stops_waiting_is_told_that_the_disconnection_goes_on(string signal, int code)
    {
        await using var scim = await ScimService.StartAsync();
        scim.Add("lea", "Léa", "Diallo", "lea@exemple.fr");
        await using var app = await DepartApp.StartAsync();
        await app.ConnectAsync("Intranet", scim.Address, ScimService.Token);
        var (person, _) = await app.OpenDepartureAsync("Léa", "Diallo", "lea@exemple.fr");
        await app.GetAsync($"/api/v1/people/{person}/plan");
        await app.PostAsync($"/api/v1/systems/{(await app.GetAsync("/api/v1/systems"))[0]!["id"]}/pause", new { reason = "Maintenance" });

        // A shell in the background has children that do not hear SIGINT.
        using var process = app.Start("env", $"--default-signal={signal}", "dotnet", Path.Combine(AppContext.BaseDirectory, "depart.dll"), "disconnect", "lea@exemple.fr", "--wait");
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("steps", StringComparison.Ordinal))
        {
        }

        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(code, process.ExitCode);
        Assert.Equal("Interrupted. The disconnection goes on at the server; look at it with: depart status lea@exemple.fr", said.Trim().Split('\n')[^1]);
    }
}
