using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Depart.Connectors.Lab;

namespace Depart.Connectors.Scim;

[CollectionDefinition]
public sealed class ScimCollection : ICollectionFixture<ScimServer>;

/// <summary>An application with a SCIM door, on the third-party library scimmy; its people sign in over HTTPS.</summary>
public sealed class ScimServer(LabRun run) : LabSystem(run)
{
    private const string AdministratorKey = "administrator-key";
    private const string Token = "scim-token-of-the-lab";
    private const string ReadOnlyToken = "scim-token-that-may-only-read";

    private readonly int[] ports = [.. Enumerable.Range(0, 4).Select(_ => LabRun.FreePort())];
    private LabDaemon? daemon;
    private HttpClient? http;

    public override string Key => "scim";

    public override int Crowd => 430;

    public override string HostileLogin => LabPerson.NewLogin("h.o'br\"ien*)(uid=*");

    /// <summary>The application's address.</summary>
    public string Address => $"https://127.0.0.1:{ports[0]}";

    public override Dictionary<string, string> Settings(LabEndpoint? elsewhere = null) => elsewhere is null
        ? new() { ["BaseUrl"] = $"{Address}/scim/v2", ["Token"] = Token, ["TrustedCertificates"] = Run.Certificates.AuthorityPem }
        : new() { ["BaseUrl"] = $"http://{elsewhere.Address}:{elsewhere.Port}/scim/v2", ["Token"] = Token, ["AllowPlainHttp"] = "true", ["TimeoutSeconds"] = "2" };

    /// <summary>The same company behind a door with a fault.</summary>
    public Dictionary<string, string> Broken(string mode) => new(Settings()) { ["BaseUrl"] = $"{Address}/broken/{mode}/scim/v2", ["TimeoutSeconds"] = "2" };

    public override Dictionary<string, string> WrongCredentials() => new(Settings()) { ["Token"] = "a-wrong-token" };

    public override Dictionary<string, string> ReadOnlyCredentials() => new(Settings()) { ["Token"] = ReadOnlyToken };

    public override IReadOnlyDictionary<string, Dictionary<string, string>> Impostors() => new Dictionary<string, Dictionary<string, string>>
    {
        ["an untrusted authority"] = new(Settings()) { ["BaseUrl"] = $"https://127.0.0.1:{ports[1]}/scim/v2" },
        ["an expired certificate"] = new(Settings()) { ["BaseUrl"] = $"https://127.0.0.1:{ports[2]}/scim/v2" },
        ["another host's certificate"] = new(Settings()) { ["BaseUrl"] = $"https://127.0.0.1:{ports[3]}/scim/v2" },
    };

    public override Task AddAsync(LabPerson person) => AddAsync([person]);

    public override Task AddAsync(IReadOnlyList<LabPerson> people) => AdministerAsync(HttpMethod.Post, "people", people.Select(person => new
    {
        login = person.Login, given = person.GivenName, family = person.FamilyName, mails = person.Mails, number = person.EmployeeNumber,
        password = person.Password, active = !person.Disabled, roles = person.Privileged ? new[] { "Administrator" } : [], groups = person.Groups,
    }));

    public override async Task<IReadOnlyDictionary<string, string>> DumpAsync() =>
        (await http!.GetFromJsonAsync<Dictionary<string, string>>("admin/dump", TestContext.Current.CancellationToken))!;

    public override async Task<AccountState> StateAsync(string login) => (await DumpAsync()).TryGetValue(login, out var account)
        ? JsonNode.Parse(account)!["user"]!["active"]!.GetValue<bool>() ? AccountState.Enabled : AccountState.Disabled
        : AccountState.Absent;

    public override async Task<SignIn> SignInAsync(string login, string password)
    {
        using var answer = await http!.PostAsJsonAsync("sign-in", new { login, password }, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => new(true, text),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(false, $"{(int)answer.StatusCode} {text}"),
            _ => throw new InvalidOperationException($"{(int)answer.StatusCode} {text}"),
        };
    }

    public override async Task<LabSession?> OpenSessionAsync(string login, string password)
    {
        var (accepted, session) = await SignInAsync(login, password);
        return accepted ? new Session(http!, session) : throw new InvalidOperationException(session);
    }

    public override Task RenameAsync(string login, string newLogin) => ChangeAsync(login, new { userName = newLogin });

    /// <summary>Changes attributes of an account, as its administrator would.</summary>
    public Task ChangeAsync(string login, object values) => AdministerAsync(HttpMethod.Post, "change", new { login, values });

    /// <summary>Removes an account, as its administrator would.</summary>
    public Task RemoveAsync(string login) => AdministerAsync(HttpMethod.Delete, $"people/{Uri.EscapeDataString(login)}", null);

    /// <summary>Removes a group, as its administrator would.</summary>
    public Task RemoveGroupAsync(string name) => AdministerAsync(HttpMethod.Delete, $"groups/{Uri.EscapeDataString(name)}", null);

    /// <summary>Logins of those in a group.</summary>
    public async Task<IReadOnlyList<string>> MembersAsync(string name) => [.. (await GroupAsync(name))["members"]!.AsArray().Select(member => member!.ToString())];

    /// <summary>How often a group was written.</summary>
    public async Task<int> ChangesAsync(string name) => (await GroupAsync(name))["version"]!.GetValue<int>();

    private async Task<JsonNode> GroupAsync(string name) => JsonNode.Parse(await http!.GetStringAsync($"admin/groups/{Uri.EscapeDataString(name)}", TestContext.Current.CancellationToken))!;

    protected override async Task StartAsync()
    {
        var node = LabRun.Program("node");
        var modules = Environment.GetEnvironmentVariable("DEPART_LAB_NPM") is { Length: > 0 } cache
            ? Path.Combine(cache, "Scim", "server") : Path.Combine(LabRun.Repository(), "artifacts", "lab", "Scim", "server");
        if (!Directory.Exists(Path.Combine(modules, "node_modules", "scimmy")))
        {
            throw new LabMissingException($"the npm packages of Scim/server are not in {modules}");
        }

        var listeners = new[] { Run.Certificates.Good, Run.Certificates.Untrusted, Run.Certificates.Expired, Run.Certificates.WrongName }
            .Zip(ports, (certificate, port) => new { port, certificate = certificate.CertificateFile, key = certificate.KeyFile });
        var script = Path.Combine(modules, "server.js");
        LabRun.Put(Path.Combine(LabRun.Repository(), "tests", "Depart.Connectors.Tests", "Scim", "server", "server.js"), script);
        var settings = JsonSerializer.Serialize(new { key = AdministratorKey, token = Token, readOnlyToken = ReadOnlyToken, listeners });
        daemon = await LabDaemon.StartAsync(node, [script, settings], _ => LabDaemon.AcceptsAsync("127.0.0.1", ports[3]));
        http = new(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = Run.Certificates.Policy } }) { BaseAddress = new(Address) };
        http.DefaultRequestHeaders.Add("X-Key", AdministratorKey);
    }

    protected override async ValueTask StopAsync()
    {
        http?.Dispose();
        if (daemon is not null)
        {
            await daemon.DisposeAsync();
        }
    }

    private async Task AdministerAsync(HttpMethod method, string what, object? body)
    {
        using var request = new HttpRequestMessage(method, $"admin/{what}") { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await http!.SendAsync(request, TestContext.Current.CancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{what}: {(int)answer.StatusCode}\n{daemon!.Log}");
        }
    }

    private sealed class Session(HttpClient http, string session) : LabSession
    {
        public override async Task<bool> IsAliveAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "home");
            request.Headers.Add("X-Session", session);
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
