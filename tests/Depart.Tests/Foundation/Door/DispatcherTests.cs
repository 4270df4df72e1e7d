using System.Net;
using System.Net.Http.Json;
using Depart.Given;
using Depart.Proof;

namespace Depart.Foundation.Door;

public class DispatcherTests
{
    private const int Many = 16;

    [Fact]
    public async Task Commands_sent_together_are_all_done_one_after_the_other_and_the_journal_is_one_chain()
    {
        await using var app = await DepartApp.StartAsync();

        var answers = await TogetherAsync(index => app.Http.PostAsJsonAsync("/api/v1/people", new { givenName = "Agnès", familyName = $"Dupré {index}", supplier = "Alten" }));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(Many, (await app.GetAsync("/api/v1/people"))["items"]!.AsArray().Count);
        Assert.Single((await app.GetAsync("/api/v1/suppliers"))["items"]!.AsArray());
        Assert.Empty((await app.AskAsync(new CheckJournal())).Broken);
    }

    [Fact]
    public async Task Of_commands_that_exclude_each_other_one_is_done_and_the_others_say_why_not()
    {
        await using var app = await DepartApp.StartAsync();

        var answers = await TogetherAsync(index => app.Http.PostAsJsonAsync("/api/v1/people", new { givenName = "Agnès", familyName = $"Dupré {index}", employeeNumber = "E-12" }));

        Assert.Equal([HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.BadRequest, Many - 1)], answers.Order());
    }

    [Fact]
    public async Task A_request_repeated_while_the_first_one_runs_is_done_once()
    {
        await using var app = await DepartApp.StartAsync();
        app.Http.DefaultRequestHeaders.Add("Idempotency-Key", "the-same");

        var answers = await TogetherAsync(_ => app.Http.PostAsJsonAsync("/api/v1/people", new { givenName = "Agnès", familyName = "Dupré" }));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Single((await app.GetAsync("/api/v1/people"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Changes_of_one_thing_by_many_who_read_no_version_are_all_done()
    {
        await using var app = await DepartApp.StartAsync();
        var person = (await app.PostAsync("/api/v1/people", new { givenName = "Agnès", familyName = "Dupré" }))!["person"]!.ToString();

        var answers = await TogetherAsync(index => app.Http.PutAsJsonAsync($"/api/v1/people/{person}", new { givenName = "Agnès", familyName = $"Dupré {index}" }));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.NoContent, status));
    }

    private static async Task<IReadOnlyList<HttpStatusCode>> TogetherAsync(Func<int, Task<HttpResponseMessage>> send) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, Many).Select(send))).Select(answer => answer.StatusCode)];
}

[OnPostgreSql]
public sealed class DispatcherOnPostgreSqlTests : DispatcherTests;
