using Depart.Connectors.Lab;

namespace Depart.Connectors.Lockers;

/// <summary><c>docs/developers/add-a-connector.md</c> shows this example whole.</summary>
public sealed class LockersPageTests
{
    private static readonly string Folder = Path.Combine(LabRun.Repository(), "tests", "Depart.Connectors.Tests", "Lockers");

    [Theory]
    [InlineData("LockersSettings.cs", "csharp")]
    [InlineData("LockersConnector.cs", "csharp")]
    [InlineData("README.md", "markdown")]
    [InlineData("LockersContract.cs", "csharp")]
    [InlineData("LockersServer.cs", "csharp")]
    [InlineData("packages.txt", "text")]
    public void The_page_shows_the_example_as_it_is_compiled(string file, string language)
    {
        var page = File.ReadAllText(Path.Combine(LabRun.Repository(), "docs", "developers", "add-a-connector.md"));

        Assert.Contains($"```{language}\n{File.ReadAllText(Path.Combine(Folder, file)).TrimEnd('\n')}\n```\n", page, StringComparison.Ordinal);
    }
}
