using System.Net;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Step7OnePlatform.FirstRun;

namespace Depart.Step7OnePlatform;

/// <summary>The way from an empty installation to a first departure: the facts say what is done, and only what was left for later is kept.</summary>
public sealed class FirstStepsTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_facts_say_what_is_done_each_reader_sees_what_is_theirs_and_the_guide_ends_with_the_first_departure()
    {
        await using var app = await DepartApp.StartAsync();
        using var admin = await app.SignInAsync(Role.Admin);
        using var hr = await app.SignInAsync(Role.Hr);
        using var auditor = await app.SignInAsync(Role.Auditor);
        Assert.Equal("todo todo todo todo todo todo", await StatesAsync());
        Assert.Contains("/settings/organisation", await HomeAsync(admin), StringComparison.Ordinal);
        Assert.Contains("/people/new", await HomeAsync(hr), StringComparison.Ordinal);
        Assert.DoesNotContain("/settings/organisation", await HomeAsync(hr), StringComparison.Ordinal);
        Assert.DoesNotContain("first-title", await HomeAsync(auditor), StringComparison.Ordinal);

        // Left for later and taken up again, from the home page.
        Assert.Equal("/", (await admin.PostFormAsync("/first-steps", ("_handler", "steps"), ("from", "home"), ("later", "Mail"))).Headers.Location?.PathAndQuery);
        Assert.Equal("todo later todo todo todo todo", await StatesAsync());
        await app.SendAsync(new TakeUpFirstStep(FirstStep.Mail), Actor.Console);
        Assert.Equal("todo todo todo todo todo todo", await StatesAsync());
        await app.SendAsync(new LeaveFirstStep(FirstStep.Mail), Actor.Console);

        // A system counts once its accounts were read; one that a person does by hand does not.
        await using var scim = await ScimService.StartAsync();
        await app.PostAsync("/api/v1/systems", new { name = "Badge", connector = "manual", settings = new { InstructionsFr = "Rendre le badge.", InstructionsEn = "Take the badge back." } });
        var system = (await app.ConnectAsync("Intranet", scim.Address, ScimService.Token))!.ToString();
        Assert.Contains($"/systems/{system}", (await StepAsync(2))["path"]!.ToString(), StringComparison.Ordinal);
        await app.DiscoverAsync(system);
        await admin.PostFormAsync("/settings/organisation", ("_handler", "organisation"), ("company", "Altéo Conseil"));
        var (_, mission) = await app.AddPersonAsync("Zoë", "Perrin", "zoe.perrin@exemple.fr", "Altéo");
        Assert.Equal("done later done done done todo", await StatesAsync());
        Assert.Contains("first-strip", await admin.Http.GetStringAsync(new Uri("/people", UriKind.Relative), Now), StringComparison.Ordinal);

        // Put away, and brought back.
        await app.SendAsync(new LeaveFirstStep(FirstStep.All), Actor.Console);
        Assert.DoesNotContain("first-title", await HomeAsync(admin), StringComparison.Ordinal);
        await admin.PostFormAsync("/first-steps", ("_handler", "steps"), ("again", "All"));
        Assert.Contains("first-title", await HomeAsync(admin), StringComparison.Ordinal);

        await app.OpenAsync(mission);
        Assert.DoesNotContain("first-title", await HomeAsync(admin), StringComparison.Ordinal);
        Assert.DoesNotContain("first-strip", await admin.Http.GetStringAsync(new Uri("/people", UriKind.Relative), Now), StringComparison.Ordinal);
        Assert.Equal("done later done done done done", await StatesAsync());

        async Task<string> StatesAsync() => string.Join(' ', (await app.GetAsync("/api/v1/first-steps"))["steps"]!.AsArray().Select(row => row!["state"]!.ToString().Replace("-", "", StringComparison.Ordinal)));

        async Task<JsonNode> StepAsync(int place) => (await app.GetAsync("/api/v1/first-steps"))["steps"]![place]!;

        static async Task<string> HomeAsync(Browser browser)
        {
            using var answer = await browser.Http.GetAsync(new Uri("/", UriKind.Relative), Now);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync(Now);
        }
    }
}
