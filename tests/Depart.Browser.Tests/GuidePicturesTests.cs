using Depart.Browser.Given;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Given;
using Depart.Processes;
using Depart.Step7OnePlatform.Portal;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Depart.Browser;

/// <summary>The pictures of the guides are taken from the product, in both languages: <c>./test --long</c> takes them anew into <c>docs/images</c>.</summary>
public sealed class GuidePicturesTests(Demo demo) : IClassFixture<Demo>
{
    private const int Wide = 1280;
    private const int Phone = 390;

    /// <summary>Name, role that sees it, address, width of the screen. <c>{…}</c> is the first of a list.</summary>
    private static readonly (string Name, string? Role, string Path, int Width)[] Pictures =
    [
        ("sign-in", null, "/sign-in", Wide), ("home", "it", "/", Wide), ("departures", "hr", "/departures", Wide), ("timeline", "hr", "/departures/timeline", Wide), ("departure", "hr", "/departures/{departure}", Wide),
        ("plan", "it", "/departures/{departure}/disconnection", Wide), ("tasks", "hr", "/tasks", Wide), ("task-phone", "hr", "/tasks/{task}", Phone), ("measures", "hr", "/dashboard", Wide),
        ("systems", "it", "/systems", Wide), ("accounts", "security", "/accounts", Wide), ("template", "hr", "/templates/consultant-regie", Wide), ("journal", "auditor", "/journal", Wide),
        ("settings", "admin", "/settings", Wide), ("users", "admin", "/users", Wide), ("own-door-phone", "door", "/portal", Phone),
    ];

    /// <summary>The administrators' guides are in English.</summary>
    private static readonly string[] OfAdministrators = ["systems", "settings", "users"];

    [Theory]
    [InlineData("fr-FR", "fr")]
    [InlineData("en-GB", "en")]
    public async Task Pictures_of_the_guides_are_taken_from_the_product(string locale, string folder)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("DEPART_TEST_LONG") == "1", "Pictures of the guides: ./test --long.");
        foreach (var (name, role, path, width) in Pictures.Where(picture => folder == "en" || !OfAdministrators.Contains(picture.Name)))
        {
            var page = await demo.OpenAsync(locale: locale, width: width);
            if (role == "door")
            {
                await page.GotoAsync("/portal");
                await page.Locator("#field-code").FillAsync(await PaperAsync());
                await page.Locator("#field-code").PressAsync("Enter");
                await Assertions.Expect(page).ToHaveURLAsync(demo.Address + "/portal/home");
            }
            else
            {
                await page.GotoAsync("/sign-in");
                if (role is not null)
                {
                    await page.Locator($"button[name=role][value={role} i]").ClickAsync();
                    await Assertions.Expect(page).ToHaveURLAsync(demo.Address + "/");
                }

                await page.GotoAsync(path.Replace("{departure}", await DepartureAsync(), StringComparison.Ordinal).Replace("{task}", await TaskAsync(), StringComparison.Ordinal));
            }

            var file = Sources.InRepository($"docs/images/{folder}/{name}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await page.ScreenshotAsync(new() { Path = file, Animations = ScreenshotAnimations.Disabled });
            Assert.InRange(new FileInfo(file).Length, 5_000, 400_000);
        }
    }

    /// <summary>What a guide shows is there; what is there is shown.</summary>
    [Fact]
    public void Every_picture_that_a_guide_shows_is_there_and_none_is_left_over()
    {
        var docs = Sources.InRepository("docs");
        var shown = Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories)
            .SelectMany(guide => File.ReadLines(guide).SelectMany(line => System.Text.RegularExpressions.Regex.Matches(line, @"\.\./images/(?<picture>[a-z/-]+\.png)", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Select(match => match.Groups["picture"].Value)))
            .Distinct().Order(StringComparer.Ordinal);
        var there = Directory.EnumerateFiles(Path.Combine(docs, "images"), "*.png", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Path.Combine(docs, "images"), file).Replace('\\', '/')).Order(StringComparer.Ordinal);

        Assert.Equal(there, shown);
    }

    private async Task<string> DepartureAsync()
    {
        await using var scope = demo.Services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        return (await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<Departures.Departure>().Where(row => row.State == Departures.DepartureState.Open && !row.Prepared)
            .OrderBy(row => row.CutAt).ThenBy(row => row.Id).Select(row => row.Id).FirstAsync(TestContext.Current.CancellationToken)).ToString();
    }

    private async Task<string> TaskAsync()
    {
        await using var scope = demo.Services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        return (await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<DepartureTask>().Where(row => row.Owner == TaskOwner.Hr && row.State == DepartureTaskState.Open)
            .OrderBy(row => row.PendingDue).ThenBy(row => row.Id).Select(row => row.Id).FirstAsync(TestContext.Current.CancellationToken)).ToString();
    }

    private async Task<string> PaperAsync()
    {
        await using var scope = demo.Services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        var task = await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<DepartureTask>().Where(row => row.Owner == TaskOwner.Consultant && row.State == DepartureTaskState.Open && row.Desk.StartsWith("person:"))
            .OrderBy(row => row.Id).FirstAsync(TestContext.Current.CancellationToken);
        return (await demo.Services.GetRequiredService<Dispatcher>().SendAsync(new PrintDoorCode(task.Departure), Actor.Console, TestContext.Current.CancellationToken)).Value!.Code;
    }
}
