using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces;
using Depart.Interfaces.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Given;

/// <summary>The real server on a free port, over a database and a folder of its own.</summary>
internal sealed class DepartApp : IAsyncDisposable
{
    private readonly Database database;
    private readonly string folder = Directory.CreateTempSubdirectory("depart-test-").FullName;
    private WebApplication? server;

    public HttpClient Http { get; private set; } = new();

    /// <summary>Where its data lie: to look for what must not be there.</summary>
    public string DataFolder => folder;

    private DepartApp(Database database) => this.database = database;

    /// <summary>Starts on the database that the test's class asks for, its tables made or, <paramref name="empty"/>, still to be made.</summary>
    /// <remarks><paramref name="before"/> is done to the data folder first.</remarks>
    public static async Task<DepartApp> StartAsync(bool empty = false, Action<string>? before = null)
    {
        var app = new DepartApp(await Database.CreateAsync(empty));
        before?.Invoke(app.folder);
        await app.ServeAsync();
        return app;
    }

    /// <summary>Stops the server in good order, and starts another over the same data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await ServeAsync();
    }

    /// <summary>Stops the server; <see cref="RestartAsync"/> starts another over the same data.</summary>
    public async Task StopAsync()
    {
        if (server is not null)
        {
            await server.StopAsync(TestContext.Current.CancellationToken);
            await server.DisposeAsync();
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            server = null;
        }
    }

    /// <summary>Opens what mails hold.</summary>
    public Microsoft.AspNetCore.DataProtection.IDataProtector MailProtector =>
        Foundation.Mail.Outbox.Protector(server!.Services.GetRequiredService<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>());

    /// <summary>Where the data lie.</summary>
    public StorageOptions Storage => new() { DataFolder = folder, PostgreSql = database.PostgreSql };

    /// <summary>Writes past the door, in one transaction: thousands of rows that no test waits for one by one.</summary>
    public async Task WithDataAsync(Func<DepartDb, Task> work)
    {
        await using var scope = server!.Services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await work(db);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Keeps what the server sends.</summary>
    public async Task DownloadAsync(string path, string file)
    {
        var answer = await Http.PostAsync(path, null, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        await File.WriteAllBytesAsync(file, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
    }

    /// <summary>A client whose token holds these roles.</summary>
    public async Task<HttpClient> AsAsync(params Role[] roles)
    {
        var created = await server!.Services.GetRequiredService<Dispatcher>().SendAsync(
            new CreateToken("test", roles), Actor.Console, TestContext.Current.CancellationToken);
        var http = new HttpClient { BaseAddress = new(server.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created.Value!.Token);
        return http;
    }

    /// <summary>Runs the command line against this server, in English, as an administrator with every role.</summary>
    public async Task<Connectors.Lab.LabAnswer> RunAsync(params string[] arguments) => await Connectors.Lab.LabRun.RunAsync(
        Connectors.Lab.LabRun.Program("dotnet"), [Path.Combine(AppContext.BaseDirectory, "depart.dll"), .. arguments], environment: Environment);

    /// <summary>Starts a program for which this server is the one that the command line speaks to.</summary>
    public Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private Dictionary<string, string> Environment => new(StringComparer.Ordinal)
    {
        ["DEPART_URL"] = server!.Urls.First(), ["DEPART_TOKEN"] = Http.DefaultRequestHeaders.Authorization!.Parameter!, ["LC_ALL"] = "C.UTF-8",
    };

    /// <summary>A browser before signing in.</summary>
    public Browser Browse() => new(new(server!.Urls.First()));

    /// <summary>Adds a user who can sign in.</summary>
    public Task<UserId> AddUserAsync(string mail, string password, params Role[] roles) => AddUserAsync(mail, password, "Claire Vasseur", roles);

    /// <summary>Adds a user of that name who can sign in.</summary>
    public async Task<UserId> AddUserAsync(string mail, string password, string name, params Role[] roles)
    {
        var added = await server!.Services.GetRequiredService<Dispatcher>().SendAsync(
            new AddUser(mail, name, roles, password), Actor.Console, TestContext.Current.CancellationToken);
        Assert.Null(added.Problem);
        return added.Value;
    }

    /// <summary>The code of the set-up link that the console would print, or null.</summary>
    public async Task<string?> SetUpCodeAsync() => (await server!.Services.GetRequiredService<Dispatcher>().SendAsync(
        new CreateSetUpLink(), Actor.Console, TestContext.Current.CancellationToken)).Value!.Path?.Split("code=")[1];

    /// <summary>The code of the refusal that a command meets, or null.</summary>
    public async Task<string?> RefusalAsync<T>(ICommand<T> command, Actor actor, RequestContext context) =>
        (await server!.Services.GetRequiredService<Dispatcher>().SendAsync(command, actor, context, TestContext.Current.CancellationToken)).Problem?.Code;

    /// <summary>Sends a command as somebody.</summary>
    public Task<Outcome<T>> SendAsync<T>(ICommand<T> command, Actor actor) =>
        server!.Services.GetRequiredService<Dispatcher>().SendAsync(command, actor, TestContext.Current.CancellationToken);

    /// <summary>Leaves a one-time password to be shown, as an undo does on a system that cannot take the old one back.</summary>
    public void LeaveOneTimePassword(string account, string password) => server!.Services.GetRequiredService<Step5Close.Accounts.Connections>().Secrets.Keep(
        Step5Close.Accounts.TakeOneTimePassword.Key(Step5Close.Accounts.AccountId.From(Guid.Parse(account))), password);

    /// <summary>Asks what no route asks.</summary>
    public async Task<T> AskAsync<T>(IQuery<T> query, Actor? actor = null) =>
        (await server!.Services.GetRequiredService<Dispatcher>().AskAsync(query, actor ?? Actor.Console, TestContext.Current.CancellationToken)).Value!;

    /// <summary>Sends a command or query known only by its type; gives the code of the refusal, or null.</summary>
    public async Task<string?> TryAsync(object request, Actor actor)
    {
        var contract = request.GetType().GetInterfaces().Single(face => face.IsGenericType
            && (face.GetGenericTypeDefinition() == typeof(ICommand<>) || face.GetGenericTypeDefinition() == typeof(IQuery<>)));
        var method = typeof(DepartApp).GetMethod(
            contract.GetGenericTypeDefinition() == typeof(ICommand<>) ? nameof(SendTypedAsync) : nameof(AskTypedAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;
        return await (Task<string?>)method.MakeGenericMethod(contract.GetGenericArguments()[0]).Invoke(this, [request, actor])!;
    }

    /// <summary>Sends a command or query known only by its type; gives all that the answer says, as text.</summary>
    public async Task<string> AnswerAsync(object request, Actor actor)
    {
        var contract = request.GetType().GetInterfaces().Single(face => face.IsGenericType
            && (face.GetGenericTypeDefinition() == typeof(ICommand<>) || face.GetGenericTypeDefinition() == typeof(IQuery<>)));
        var method = typeof(DepartApp).GetMethod(
            contract.GetGenericTypeDefinition() == typeof(ICommand<>) ? nameof(SentAsync) : nameof(AskedAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;
        return await (Task<string>)method.MakeGenericMethod(contract.GetGenericArguments()[0]).Invoke(this, [request, actor])!;
    }

    /// <summary>All that a command known only by its type would answer: it is handled and saved in a transaction that is undone.</summary>
    public async Task<string> WouldAnswerAsync(object command, Actor actor)
    {
        var result = command.GetType().GetInterfaces().Single(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(ICommand<>)).GetGenericArguments()[0];
        return await (Task<string>)typeof(DepartApp).GetMethod(nameof(WouldAsync), BindingFlags.Instance | BindingFlags.NonPublic)!.MakeGenericMethod(command.GetType(), result).Invoke(this, [command, actor])!;
    }

    /// <summary>Does what the engine does, in its name.</summary>
    public async Task<T> AsEngineAsync<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = server!.Services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        return await work(scope.ServiceProvider);
    }

    /// <summary>Every page and GET route that this server answers on, files of its pages apart.</summary>
    public IReadOnlyList<Microsoft.AspNetCore.Routing.Patterns.RoutePattern> Patterns() =>
    [
        .. ((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)server!).DataSources.SelectMany(source => source.Endpoints).OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true
                && endpoint.RoutePattern.RawText?.Contains('.', StringComparison.Ordinal) == false && !endpoint.Metadata.Any(data => data.GetType().Name.Contains("StaticAsset", StringComparison.Ordinal)))
            .Select(endpoint => endpoint.RoutePattern),
    ];

    /// <summary>A client with a token of that user, which holds what they hold.</summary>
    public async Task<HttpClient> AsAsync(Actor user)
    {
        var created = await server!.Services.GetRequiredService<Dispatcher>().SendAsync(
            new CreateToken("test", [.. user.Roles, .. user.Within.Roles]), user, RequestContext.None with { ProvedAt = TimeProvider.System.GetUtcNow() }, TestContext.Current.CancellationToken);
        Assert.True(created.Ok, created.Problem?.Message.En);
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new(server.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", created.Value!.Token);
        return http;
    }

    /// <summary>Adds a person of a supplier, on a mission.</summary>
    public async Task<(Guid Person, Guid Mission)> AddPersonAsync(string given, string family, string mail, string supplier)
    {
        var added = (await PostAsync("/api/v1/people", new { givenName = given, familyName = family, mails = new[] { mail }, supplier, missionTitle = "Refonte du portail" }))!;
        return (added["person"]!.GetValue<Guid>(), added["mission"]!.GetValue<Guid>());
    }

    /// <summary>Opens the departure of a mission.</summary>
    public async Task<Guid> OpenAsync(Guid mission) => (await PostAsync("/api/v1/departures", new { mission, lastDay = "2030-12-20" }))!.GetValue<Guid>();

    public async Task<JsonNode> GetAsync(string path)
    {
        var answer = await Http.GetAsync(path, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    public async Task<JsonNode?> PostAsync(string path, object? body)
    {
        var answer = await Http.PostAsync(path, body is null ? null : JsonContent.Create(body), TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>Adds a person on a mission and opens the departure; gives both identifiers.</summary>
    public async Task<(string Person, string Departure)> OpenDepartureAsync(string given, string family, string mail)
    {
        var added = await PostAsync("/api/v1/people", new { givenName = given, familyName = family, mails = new[] { mail }, missionTitle = "Refonte du portail" });
        var departure = await PostAsync("/api/v1/departures", new { mission = added!["mission"]!.ToString(), lastDay = "2030-12-20" });
        return (added["person"]!.ToString(), departure!.ToString());
    }

    /// <summary>Connects a SCIM service.</summary>
    public Task<JsonNode?> ConnectAsync(string name, string address, string token, params string[] protectedAccounts) => PostAsync("/api/v1/systems", new
    {
        name,
        connector = "scim",
        settings = new Dictionary<string, string> { ["BaseUrl"] = address + "/scim/v2", ["Token"] = token, ["AllowPlainHttp"] = "true", ["TimeoutSeconds"] = "2" },
        protectedAccounts,
    });

    /// <summary>Waits until a disconnection has ended, and gives it.</summary>
    public async Task<JsonNode> EndedAsync(string departure)
    {
        for (var tries = 0; tries < 400; tries++)
        {
            var progress = await GetAsync($"/api/v1/departures/{departure}/disconnection");
            if (progress["endedAt"] is not null)
            {
                return progress;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException((await GetAsync($"/api/v1/departures/{departure}/disconnection")).ToJsonString());
    }

    /// <summary>Reads all accounts of a system and waits until that has ended; gives the discovery.</summary>
    public async Task<JsonNode> DiscoverAsync(string system)
    {
        var id = (await PostAsync($"/api/v1/systems/{system}/discoveries", null))!.ToString();
        return await DiscoveredAsync(id);
    }

    /// <summary>Waits until a discovery has ended, and gives it.</summary>
    public async Task<JsonNode> DiscoveredAsync(string discovery)
    {
        for (var tries = 0; tries < 1200; tries++)
        {
            var run = await GetAsync($"/api/v1/discoveries/{discovery}");
            if (run["endedAt"] is not null)
            {
                return run;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException((await GetAsync($"/api/v1/discoveries/{discovery}")).ToJsonString());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<string> SentAsync<T>(object command, Actor actor) => await ToldAsync(() =>
        server!.Services.GetRequiredService<Dispatcher>().SendAsync((ICommand<T>)command, actor, RequestContext.None with { ProvedAt = TimeProvider.System.GetUtcNow() }, TestContext.Current.CancellationToken));

    private async Task<string> AskedAsync<T>(object query, Actor actor) => await ToldAsync(() =>
        server!.Services.GetRequiredService<Dispatcher>().AskAsync((IQuery<T>)query, actor, TestContext.Current.CancellationToken));

    private async Task<string> WouldAsync<TCommand, T>(TCommand command, Actor actor)
        where TCommand : ICommand<T>
    {
        await using var scope = server!.Services.CreateAsyncScope();
        var (services, cancellation) = (scope.ServiceProvider, TestContext.Current.CancellationToken);
        services.GetRequiredService<ActorSlot>().Actor = actor;
        services.GetRequiredService<RequestSlot>().Context = RequestContext.None with { ProvedAt = TimeProvider.System.GetUtcNow() };
        if (!TCommand.Access.Allows(actor, null))
        {
            return "forbidden";
        }

        try
        {
            return await ToldAsync<T>(HandleAsync);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Asked for nonsense, or for what this server has not: the same for all.
            return error.GetType().Name;
        }

        async Task<Outcome<T>> HandleAsync()
        {
            if (command is IChecked check && Problem.Several([.. check.Check()]) is { } wrong)
            {
                return wrong;
            }

            var db = services.GetRequiredService<DepartDb>();
            using var turn = await services.GetRequiredService<WriteGate>().EnterAsync(cancellation);
            await using var undone = await db.Database.BeginTransactionAsync(cancellation);
            var outcome = await services.GetRequiredService<IHandler<TCommand, T>>().HandleAsync(command, cancellation);
            if (outcome.Ok)
            {
                await services.GetRequiredService<IJournal>().WriteAsync(db, actor, cancellation);
                await db.UpdateManyAsync(cancellation);
                await db.SaveChangesAsync(cancellation);
            }

            return outcome;
        }
    }

    private static async Task<string> ToldAsync<T>(Func<Task<Outcome<T>>> act)
    {
        try
        {
            var outcome = await act();
            return outcome.Ok ? System.Text.Json.JsonSerializer.Serialize<object?>(outcome.Value, ApiJson.Options) : $"{outcome.Problem.Kind} {outcome.Problem.Code} {outcome.Problem.Field} {outcome.Problem.Message.En}";
        }
        catch (Exception error) when (error is ArgumentException or NullReferenceException or InvalidOperationException or NotSupportedException or FormatException)
        {
            // Asked for nonsense: the same for all.
            return error.GetType().Name;
        }
    }

    private Task<string?> SendTypedAsync<T>(object command, Actor actor) => RefusalAsync((ICommand<T>)command, actor, RequestContext.None);

    private async Task<string?> AskTypedAsync<T>(object query, Actor actor) =>
        (await server!.Services.GetRequiredService<Dispatcher>().AskAsync((IQuery<T>)query, actor, TestContext.Current.CancellationToken)).Problem?.Code;

    private async Task ServeAsync()
    {
        server = await Server.BuildAsync(
            new() { Urls = "http://127.0.0.1:0", Storage = Storage }, TestContext.Current.CancellationToken);
        await server.StartAsync(TestContext.Current.CancellationToken);
        Http.Dispose();
        Http = await AsAsync(Role.Admin, Role.It, Role.Hr, Role.Security, Role.Auditor);
    }
}
