using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Depart.Interfaces.Demo;

/// <summary>
/// A small SCIM 2.0 service for the demo, over real HTTP, with a sign-in endpoint; the second one answers 429 and lags, as services do. It is
/// no reference for the protocol: the connector is tried against others.
/// </summary>
internal sealed partial class DemoScim(string token, bool unruly)
{
    private readonly ConcurrentDictionary<string, JsonObject> users = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> passwords = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> refused = new(StringComparer.OrdinalIgnoreCase);
    private int calls;

    /// <summary>For a while it answers at once, whatever its kind: the past need not be waited for.</summary>
    public bool Calm { get; set; }

    /// <summary>Users that cannot sign in any more.</summary>
    public int Inactive => InactiveLogins.Count();

    /// <summary>Their names.</summary>
    public IEnumerable<string> InactiveLogins => users.Values.Where(user => !user["active"]!.GetValue<bool>()).Select(user => user["userName"]!.ToString());

    /// <summary>Adds a user with a password.</summary>
    public void Add(string login, string given, string family, string mail, string password)
    {
        var id = Guid.CreateVersion7().ToString();
        users[id] = new()
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:User"),
            ["id"] = id,
            ["userName"] = login,
            ["name"] = new JsonObject { ["givenName"] = given, ["familyName"] = family },
            ["displayName"] = $"{given} {family}",
            ["emails"] = new JsonArray(new JsonObject { ["value"] = mail, ["primary"] = true }),
            ["active"] = true,
        };
        passwords[login] = password;
    }

    /// <summary>Never changes that user, as a service does with an account that its administrator locked.</summary>
    public void Refuse(string login) => refused[login] = true;

    /// <summary>Starts the service on a free port of this machine; gives its address.</summary>
    public async Task<(WebApplication App, string Address)> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/sign-in", SignIn);
        var scim = app.MapGroup("/scim/v2").AddEndpointFilter(GuardAsync);
        scim.MapGet("/Users", List);
        scim.MapGet("/Groups", () => Json(new() { ["totalResults"] = 0, ["Resources"] = new JsonArray() }));
        scim.MapGet("/Users/{id}", (string id) => users.TryGetValue(id, out var user) ? Json(user) : Results.NotFound());
        scim.MapPatch("/Users/{id}", PatchAsync);
        await app.StartAsync(cancellation);
        return (app, app.Urls.First());
    }

    private async ValueTask<object?> GuardAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.HttpContext.Request.Headers.Authorization != $"Bearer {token}")
        {
            return Results.Unauthorized();
        }

        if (unruly && !Calm && Interlocked.Increment(ref calls) % 3 == 0)
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        return await next(context);
    }

    private IResult List(string? filter, int? startIndex, int? count)
    {
        var found = users.Values.AsEnumerable();
        if (filter is not null)
        {
            if (Filter().Match(filter) is not { Success: true } match)
            {
                return Results.BadRequest();
            }

            var (attribute, value) = (match.Groups["attribute"].Value, JsonNode.Parse(match.Groups["value"].Value)!.ToString());
            found = found.Where(user => string.Equals(attribute switch
            {
                "userName" => user["userName"]!.ToString(),
                "emails.value" => user["emails"]![0]!["value"]!.ToString(),
                "name.familyName" => user["name"]!["familyName"]!.ToString(),
                _ => null,
            }, value, StringComparison.OrdinalIgnoreCase));
        }

        var all = found.ToList();
        var page = all.Skip((startIndex ?? 1) - 1).Take(count ?? 100);
        return Json(new() { ["totalResults"] = all.Count, ["Resources"] = new JsonArray([.. page.Select(user => user.DeepClone())]) });
    }

    private async Task<IResult> PatchAsync(string id, HttpRequest request)
    {
        if (!users.TryGetValue(id, out var user))
        {
            return Results.NotFound();
        }

        if (refused.ContainsKey(user["userName"]!.ToString()))
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        var body = await JsonNode.ParseAsync(request.Body);
        if (body?["Operations"]?[0]?["value"] is not JsonValue value || !value.TryGetValue<bool>(out var active))
        {
            return Results.BadRequest();
        }

        var changed = (JsonObject)user.DeepClone();
        changed["active"] = active;
        users[id] = changed;
        return Json(changed);
    }

    private async Task<IResult> SignIn(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var login = form["user"].ToString();
        var user = users.Values.FirstOrDefault(known => string.Equals(known["userName"]!.ToString(), login, StringComparison.OrdinalIgnoreCase));
        return user is null || passwords[login] != form["password"] ? Results.Unauthorized()
            : user["active"]!.GetValue<bool>() ? Results.Text($"Welcome, {user["displayName"]}")
            : Results.StatusCode(StatusCodes.Status403Forbidden);
    }

    private static IResult Json(JsonObject body) => Results.Text(body.ToJsonString(), "application/scim+json");

    [GeneratedRegex("""^(?<attribute>userName|emails\.value|name\.familyName) eq (?<value>"([^"\\]|\\.)*")$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Filter();
}
