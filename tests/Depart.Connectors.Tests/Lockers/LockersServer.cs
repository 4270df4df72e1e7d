using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Depart.Connectors.Lab;

namespace Depart.Connectors.Lockers;

/// <summary>The system under the connector, and its own client. A real connector starts a third party's server here (LabDaemon).</summary>
public sealed class LockersServer(LabRun run) : LabSystem(run)
{
    private const string OurKey = "a-key-of-the-lab";

    private readonly ConcurrentDictionary<string, LabPerson> lockers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> open = new(StringComparer.Ordinal);
    private readonly HttpListener listener = new();
    private readonly int port = LabRun.FreePort();

    public override string Key => "lockers";

    // What this system does not have: the facts about it are skipped.
    public override bool HasGroups => false;

    public override bool HasPrivileges => false;

    public override Dictionary<string, string> Settings(LabEndpoint? elsewhere = null) => new()
    {
        ["Address"] = elsewhere is null ? $"http://127.0.0.1:{port}/" : $"http://{elsewhere.Address}:{elsewhere.Port}/", ["Key"] = OurKey, ["TimeoutSeconds"] = elsewhere is null ? "10" : "2",
    };

    public override Dictionary<string, string> WrongCredentials() => new(Settings()) { ["Key"] = "a-wrong-key" };

    // The system's own means, never the connector.
    public override Task AddAsync(LabPerson person)
    {
        var id = Guid.NewGuid().ToString();
        lockers[id] = person;
        open[id] = !person.Disabled;
        return Task.CompletedTask;
    }

    public override Task RenameAsync(string login, string newLogin)
    {
        lockers[IdOf(login)!] = lockers[IdOf(login)!] with { Login = newLogin };
        return Task.CompletedTask;
    }

    public override Task<IReadOnlyDictionary<string, string>> DumpAsync() => Task.FromResult<IReadOnlyDictionary<string, string>>(
        lockers.ToDictionary(locker => locker.Value.Login, locker => $"{JsonSerializer.Serialize(locker.Value)} {open[locker.Key]}", StringComparer.Ordinal));

    public override Task<AccountState> StateAsync(string login) => Task.FromResult(
        IdOf(login) is not { } id ? AccountState.Absent : open[id] ? AccountState.Enabled : AccountState.Disabled);

    public override Task<SignIn> SignInAsync(string login, string password) => Task.FromResult(
        IdOf(login) is { } id && open[id] && lockers[id].Password == password ? new SignIn(true, "The locker opens.") : new SignIn(false, "The locker stays shut."));

    protected override Task StartAsync()
    {
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        _ = ServeAsync();
        return Task.CompletedTask;
    }

    protected override ValueTask StopAsync()
    {
        listener.Close();
        return ValueTask.CompletedTask;
    }

    private string? IdOf(string login) => lockers.FirstOrDefault(locker => locker.Value.Login == login).Key;

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                var (status, body) = Answer(context.Request);
                var bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body));
                context.Response.StatusCode = status;
                await context.Response.OutputStream.WriteAsync(bytes);
                context.Response.Close();
            }
        }
        catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
        {
            // The server was stopped.
        }
    }

    private (int Status, object Body) Answer(HttpListenerRequest request)
    {
        var parts = request.Url!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (request.Headers["X-Key"] != OurKey)
        {
            return (401, new { error = "who are you" });
        }

        if (parts.Length == 1)
        {
            return (200, lockers.Keys.Select(Show));
        }

        if (!lockers.ContainsKey(parts[1]))
        {
            return (404, new { error = "no such locker" });
        }

        if (parts.Length == 3)
        {
            open[parts[1]] = parts[2] == "open";
        }

        return (200, Show(parts[1]));
    }

    private object Show(string id) => new
    {
        id, login = lockers[id].Login, given = lockers[id].GivenName, family = lockers[id].FamilyName, mails = lockers[id].Mails, open = open[id],
    };
}
