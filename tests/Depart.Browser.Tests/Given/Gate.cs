using System.Net;
using Depart.Interfaces.Demo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Depart.Browser.Given;

/// <summary>A SCIM service behind a gate that can refuse changes or go silent, as systems do.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly HttpClient inside = new();
    private WebApplication? service;
    private WebApplication? gate;

    /// <summary>Answers 403 to every change.</summary>
    public bool Refuses { get; set; }

    /// <summary>Answers nothing at all.</summary>
    public bool Down { get; set; }

    public string Token { get; } = Guid.NewGuid().ToString("N");

    public string Address { get; private set; } = "";

    public static async Task<Gate> StartAsync(params (string Login, string Given, string Family, string Mail)[] people)
    {
        var gate = new Gate();
        var scim = new DemoScim(gate.Token, unruly: false);
        foreach (var (login, given, family, mail) in people)
        {
            scim.Add(login, given, family, mail, "Demo-2026!");
        }

        (gate.service, var address) = await scim.StartAsync(TestContext.Current.CancellationToken);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        gate.gate = builder.Build();
        gate.gate.Run(http => gate.ForwardAsync(http, address));
        await gate.gate.StartAsync(TestContext.Current.CancellationToken);
        gate.Address = gate.gate.Urls.First() + "/scim/v2";
        return gate;
    }

    public async ValueTask DisposeAsync()
    {
        inside.Dispose();
        await (gate?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (service?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task ForwardAsync(HttpContext http, string address)
    {
        if (Down)
        {
            http.Abort();
            return;
        }

        if (Refuses && !HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.StatusCode = (int)HttpStatusCode.Forbidden;
            return;
        }

        using var request = new HttpRequestMessage(new(http.Request.Method), address + http.Request.Path + http.Request.QueryString);
        if (http.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(http.Request.Body);
        }

        request.Headers.TryAddWithoutValidation("Authorization", http.Request.Headers.Authorization.ToString());
        using var answer = await inside.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
