using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Depart.Connectors.Lab;
using Depart.Interfaces.SignIn.Providers;

namespace Depart.Interfaces.SignIn.OpenId;

/// <summary>Two identity providers that are not ours (oidc-provider), with accounts that can be closed, shared by the tests of a class.</summary>
public sealed class OpenIdLab : IAsyncLifetime
{
    private readonly HttpClient door = new();
    private readonly int[] ports = [LabRun.FreePort(), LabRun.FreePort(), LabRun.FreePort()];
    private LabDaemon? daemon;
    private string? absent;

    /// <summary>The address of the first provider, and of the second.</summary>
    public IReadOnlyList<string> Issuers => [.. ports[1..].Select(port => $"http://127.0.0.1:{port}")];

    public async ValueTask InitializeAsync()
    {
        try
        {
            var node = LabRun.Program("node");
            var modules = Environment.GetEnvironmentVariable("DEPART_LAB_NPM") is { Length: > 0 } cache
                ? Path.Combine(cache, "OpenId", "server") : Path.Combine(LabRun.Repository(), "artifacts", "lab", "OpenId", "server");
            if (!Directory.Exists(Path.Combine(modules, "node_modules", "oidc-provider")))
            {
                throw new LabMissingException($"the npm packages of OpenId/server are not in {modules}");
            }

            var script = Path.Combine(modules, "server.js");
            LabRun.Put(Path.Combine(LabRun.Repository(), "tests", "Depart.Tests", "Interfaces", "SignIn", "OpenId", "server", "server.js"), script);
            daemon = await LabDaemon.StartAsync(node, [script, JsonSerializer.Serialize(new { door = ports[0], ports = ports[1..] })], async _ => await LabDaemon.AcceptsAsync("127.0.0.1", ports[0]));
            door.BaseAddress = new($"http://127.0.0.1:{ports[0]}");
        }
        catch (LabMissingException missing) when (!LabRun.IsComplete)
        {
            absent = $"The identity provider is missing: {missing.Message} (./test --install as root installs it)";
        }
    }

    /// <summary>The accounts there, instead of those before.</summary>
    internal Task AccountsAsync(params Account[] accounts) => SayAsync("/accounts", JsonSerializer.SerializeToNode(accounts, JsonOptions)!);

    /// <summary>The provider tells a client that a session is over.</summary>
    internal Task LogoutAsync(int provider, string client, string subject, string? session) => SayAsync("/logout", new JsonObject { ["port"] = ports[provider + 1], ["client"] = client, ["sub"] = subject, ["sid"] = session });

    /// <summary>A token signed with the provider's own key, or with a secret.</summary>
    internal async Task<string> SignAsync(int provider, JsonObject claims, JsonObject? header = null, string? secret = null) =>
        (await SayAsync("/sign", new JsonObject { ["port"] = ports[provider + 1], ["claims"] = claims.DeepClone(), ["header"] = header ?? [], ["secret"] = secret }))["token"]!.ToString();

    /// <summary>Registers the Depart of an address at a provider, under a short name there; gives the client. Every test begins so: without the provider it is skipped.</summary>
    internal async Task<Client> RegisterAsync(string home, string key = "sso", int provider = 0, bool sessions = true)
    {
        Assert.SkipWhen(absent is not null, absent ?? "");
        using var answer = await door.PostAsJsonAsync(new Uri(Issuers[provider] + "/reg"), new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["redirect_uris"] = new[] { home + ProviderConnections.RedirectPath(key) }, ["post_logout_redirect_uris"] = new[] { home + Session.SignInPath },
            ["backchannel_logout_uri"] = home + ProviderConnections.LogoutPath(key), ["backchannel_logout_session_required"] = sessions,
            ["token_endpoint_auth_method"] = "client_secret_post", ["grant_types"] = new[] { "authorization_code", "refresh_token" }, ["response_types"] = new[] { "code" },
        }, TestContext.Current.CancellationToken);
        var client = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.True(answer.IsSuccessStatusCode, client.ToJsonString());
        return new(client["client_id"]!.ToString(), client["client_secret"]!.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        door.Dispose();
        await (daemon?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static readonly JsonSerializerOptions JsonOptions = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private async Task<JsonNode> SayAsync(string path, JsonNode what)
    {
        using var answer = await door.PostAsJsonAsync(new Uri(path, UriKind.Relative), what, TestContext.Current.CancellationToken);
        var said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, said);
        return JsonNode.Parse(said)!;
    }

    /// <summary>Somebody at the provider.</summary>
    internal sealed record Account(string Sub, string Email, bool EmailVerified = true, string Name = "Claire Vasseur", string[]? Groups = null, bool Disabled = false);

    /// <summary>This Depart at the provider.</summary>
    internal sealed record Client(string Id, string Secret);
}
