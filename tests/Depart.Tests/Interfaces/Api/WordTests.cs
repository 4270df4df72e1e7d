using System.Net;
using System.Text.Json.Nodes;
using Depart.Given;

namespace Depart.Interfaces.Api;

/// <summary>Words of a closed list in an address.</summary>
public sealed class WordTests
{
    [Theory]
    [InlineData("/api/v1/departures?state=gone", "state", "needs-attention")]
    [InlineData("/api/v1/people?status=boss", "status", "suppliers-employee")]
    [InlineData("/api/v1/accounts?class=lost", "class", "privileged-unknown")]
    public async Task A_word_that_is_not_known_is_answered_with_its_parameter_and_the_words_that_are(string address, string parameter, string known)
    {
        await using var app = await DepartApp.StartAsync();

        var answer = await app.Http.GetAsync(address, TestContext.Current.CancellationToken);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(parameter, problem["field"]!.ToString());
        Assert.Contains(known, problem["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("needs-attention")]
    [InlineData("NeedsAttention")]
    public async Task Case_and_hyphens_do_not_matter(string state)
    {
        await using var app = await DepartApp.StartAsync();

        Assert.Empty((await app.GetAsync($"/api/v1/departures?state={state}"))["items"]!.AsArray());
    }
}
