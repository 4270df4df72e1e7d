using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Depart.Given;

/// <summary>How the way to a service is broken.</summary>
public enum DoorFault
{
    /// <summary>Everything passes.</summary>
    None,

    /// <summary>Nothing listens any more.</summary>
    Down,

    /// <summary>Nothing is ever answered.</summary>
    Hangs,

    /// <summary>Reading passes, writing is forbidden (403).</summary>
    RefusesRights,

    /// <summary>Every call is asked to come back later (429).</summary>
    Throttles,

    /// <summary>A web page answers.</summary>
    Garbage,
}

/// <summary>Stands in front of a service, over real HTTP, and can be broken in the middle of things.</summary>
internal sealed class FaultyDoor : IAsyncDisposable
{
    private readonly HttpClient behind;
    private readonly CancellationTokenSource ended = new();
    private WebApplication? app;

    private FaultyDoor(string address) => behind = new() { BaseAddress = new(address) };

    public string Address { get; private set; } = "";

    public DoorFault Fault { get; private set; }

    public static async Task<FaultyDoor> StartAsync(string address)
    {
        var door = new FaultyDoor(address);
        await door.OpenAsync("http://127.0.0.1:0");
        door.Address = door.app!.Urls.First();
        return door;
    }

    /// <summary>Breaks the door, or mends it.</summary>
    public async Task BecomeAsync(DoorFault fault)
    {
        if (fault == DoorFault.Down)
        {
            await app!.DisposeAsync();
        }
        else if (Fault == DoorFault.Down)
        {
            await OpenAsync(Address);
        }

        Fault = fault;
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await app!.DisposeAsync();
        behind.Dispose();
        ended.Dispose();
    }

    private async Task OpenAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        switch (Fault)
        {
            case DoorFault.Hangs:
                using (var both = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, context.RequestAborted))
                {
                    await Task.Delay(Timeout.Infinite, both.Token).ContinueWith(_ => { }, TaskScheduler.Default);
                }

                return;
            case DoorFault.RefusesRights when context.Request.Method != HttpMethods.Get:
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return;
            case DoorFault.Throttles:
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                context.Response.Headers.RetryAfter = "1";
                return;
            case DoorFault.Garbage:
                context.Response.ContentType = "text/html";
                await context.Response.WriteAsync("<!doctype html><title>Connexion</title>");
                return;
            default:
                await PassAsync(context);
                return;
        }
    }

    private async Task PassAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new(context.Request.Method), context.Request.Path + context.Request.QueryString);
        request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers.Authorization.ToString());
        if (context.Request.ContentType is { } type)
        {
            request.Content = new StreamContent(context.Request.Body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        }

        using var answer = await behind.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        if (answer.StatusCode != HttpStatusCode.NoContent)
        {
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
