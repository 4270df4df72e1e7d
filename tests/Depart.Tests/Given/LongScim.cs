using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Depart.Given;

/// <summary>A SCIM service with as many users as wanted, made up while they are asked for; it can break, hang or forget some.</summary>
internal sealed class LongScim : IAsyncDisposable
{
    public const string Token = "a-token-for-long-lists";

    private WebApplication? app;

    public string Address { get; private set; } = "";

    public int Count { get; set; }

    /// <summary>From this user on the service answers 500; 0 never.</summary>
    public int BreaksAt { get; set; }

    /// <summary>From this user on the service waits until <see cref="Release"/>; 0 never.</summary>
    public int HangsAt { get; set; }

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Hangs { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<LongScim> StartAsync(int count)
    {
        var scim = new LongScim { Count = count };
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        scim.app = builder.Build();
        scim.app.MapGet("/scim/v2/Users", scim.ListAsync);
        scim.app.MapGet("/scim/v2/Groups", () => Results.Text("{\"totalResults\":0,\"Resources\":[]}"));
        await scim.app.StartAsync(TestContext.Current.CancellationToken);
        scim.Address = scim.app.Urls.First();
        return scim;
    }

    public async ValueTask DisposeAsync()
    {
        Release.TrySetResult();
        await app!.DisposeAsync();
    }

    private async Task<IResult> ListAsync(int? startIndex, int? count)
    {
        var (start, size) = (startIndex ?? 1, count ?? 100);
        if (BreaksAt > 0 && start >= BreaksAt)
        {
            return Results.StatusCode(StatusCodes.Status500InternalServerError);
        }

        if (HangsAt > 0 && start >= HangsAt)
        {
            Hangs.TrySetResult();
            await Release.Task;
        }

        var resources = Enumerable.Range(start, Math.Max(0, Math.Min(size, Count - start + 1))).Select(number => (JsonNode)new JsonObject
        {
            ["id"] = $"id-{number.ToString(CultureInfo.InvariantCulture)}",
            ["userName"] = $"user{number.ToString(CultureInfo.InvariantCulture)}",
            ["displayName"] = $"Prénom{number.ToString(CultureInfo.InvariantCulture)} Nom{number.ToString(CultureInfo.InvariantCulture)}",
            ["emails"] = new JsonArray(new JsonObject { ["value"] = $"user{number.ToString(CultureInfo.InvariantCulture)}@exemple.fr" }),
            ["active"] = true,
        });
        return Results.Text(new JsonObject { ["totalResults"] = Count, ["Resources"] = new JsonArray([.. resources]) }.ToJsonString(), "application/scim+json");
    }
}
