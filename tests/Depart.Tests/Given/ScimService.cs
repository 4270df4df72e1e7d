using System.Net;
using Depart.Interfaces.Demo;
using Microsoft.AspNetCore.Builder;

namespace Depart.Given;

/// <summary>A SCIM service over real HTTP with a sign-in of its own.</summary>
internal sealed class ScimService : IAsyncDisposable
{
    public const string Token = "a-token-for-tests";
    public const string Password = "Un-secret-2030!";

    private readonly DemoScim service;
    private WebApplication? app;

    private ScimService(bool unruly) => service = new(Token, unruly);

    public string Address { get; private set; } = "";

    /// <summary>Accounts that the service itself holds as inactive.</summary>
    public int Closed => service.Inactive;

    /// <summary>Their logins.</summary>
    public IEnumerable<string> ClosedLogins => service.InactiveLogins;

    public static async Task<ScimService> StartAsync(bool unruly = false)
    {
        var scim = new ScimService(unruly);
        (scim.app, scim.Address) = await scim.service.StartAsync(TestContext.Current.CancellationToken);
        return scim;
    }

    public void Add(string login, string given, string family, string mail) => service.Add(login, given, family, mail, Password);

    /// <summary>Signs in as the person would, without going through SCIM.</summary>
    public async Task<HttpStatusCode> SignInAsync(string login)
    {
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["user"] = login, ["password"] = Password });
        return (await http.PostAsync(new Uri(Address + "/sign-in"), form, TestContext.Current.CancellationToken)).StatusCode;
    }

    public async ValueTask DisposeAsync() => await app!.DisposeAsync();
}
