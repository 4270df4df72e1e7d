using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using Depart.Foundation;
using Depart.Given;
using Depart.Interfaces;

namespace Depart.House;

public sealed class HouseTests
{
    [Fact]
    public async Task Every_route_of_the_API_refuses_whoever_is_not_signed_in()
    {
        await using var app = await DepartApp.StartAsync();
        var paths = (await app.GetAsync("/openapi/v1.json"))["paths"]!.AsObject();
        using var nobody = new HttpClient { BaseAddress = app.Http.BaseAddress };
        string[] open = ["/api/v1/login", "/api/v1/set-up"];
        foreach (var (path, verbs) in paths.Where(pair => pair.Key.StartsWith("/api/v1", StringComparison.Ordinal) && !open.Contains(pair.Key)))
        {
            foreach (var (verb, _) in verbs!.AsObject())
            {
                var address = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]+\}", Guid.Empty.ToString(), System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
                using var request = new HttpRequestMessage(new(verb.ToUpperInvariant()), address);
                using var answer = await nobody.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{verb} {path}: {answer.StatusCode}");
            }
        }
    }

    [Fact]
    public void Every_text_has_both_languages()
    {
        foreach (var field in typeof(Server).Assembly.GetTypes().SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(Words)))
        {
            var words = (Words)field.GetValue(null)!;
            Assert.False(string.IsNullOrWhiteSpace(words.En) || string.IsNullOrWhiteSpace(words.Fr), $"{field.DeclaringType}.{field.Name}");
        }
    }

    [Theory]
    [InlineData("Depart.Foundation", "Depart.Missions|Depart.Processes|Depart.Departures|Depart.Step|Depart.Interfaces|Depart.Proof|Depart.Connectors")]
    [InlineData("Depart.Proof", "Depart.Missions|Depart.Processes|Depart.Departures|Depart.Step|Depart.Connectors")]
    [InlineData("Depart.Missions", "Depart.Processes|Depart.Departures|Depart.Step|Depart.Connectors")]
    [InlineData("Depart.Processes", "Depart.Departures|Depart.Step|Depart.Connectors")]
    [InlineData("Depart.Departures", "Depart.Step|Depart.Connectors")]
    public void A_room_knows_only_the_rooms_it_may(string room, string strangers)
    {
        var folder = Path.Combine(Root(), "src", "Depart", room["Depart.".Length..]);
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            var wrong = File.ReadLines(file).Where(line => strangers.Split('|').Any(stranger => line.StartsWith($"using {stranger}", StringComparison.Ordinal)));
            Assert.True(!wrong.Any(), $"{file}: {string.Join(", ", wrong)}");
        }
    }

    [Fact]
    public async Task A_member_that_the_API_does_not_know_is_refused()
    {
        await using var app = await DepartApp.StartAsync();
        using var body = new StringContent("{\"givenName\":\"A\",\"familyName\":\"B\",\"colour\":\"red\"}", System.Text.Encoding.UTF8, "application/json");

        var answer = await app.Http.PostAsync("/api/v1/people", body, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty((await app.GetAsync("/api/v1/people"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_repeated_request_with_one_idempotency_key_is_done_once()
    {
        await using var app = await DepartApp.StartAsync();
        app.Http.DefaultRequestHeaders.Add("Idempotency-Key", "the-same");

        var first = await app.PostAsync("/api/v1/people", new { givenName = "Agnès", familyName = "Dupré" });
        var second = await app.PostAsync("/api/v1/people", new { givenName = "Agnès", familyName = "Dupré" });

        Assert.True(JsonNode.DeepEquals(first, second));
        Assert.Single((await app.GetAsync("/api/v1/people"))["items"]!.AsArray());
    }

    internal static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Depart.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
