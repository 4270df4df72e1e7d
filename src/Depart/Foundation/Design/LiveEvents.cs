using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Depart.Foundation.Design;

/// <summary>What a live page shows, in a word: another word means that the page is worth reading again.</summary>
/// <param name="Version">Changes when what is shown changes.</param>
/// <param name="Ended">Nothing will change any more.</param>
internal sealed record LiveLook(string Version, bool Ended);

/// <summary>Tells a page that what it shows has changed. The stream holds no truth: the page is read again.</summary>
internal static class LiveEvents
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>A stream that ends when there is nothing more to see; looks that are refused (null) end it too.</summary>
    public static ServerSentEventsResult<string> Stream(HttpContext http, Func<Task<LiveLook?>> look)
    {
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(FollowAsync(look, http.RequestServices.GetRequiredService<TimeProvider>(), http.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<string>> FollowAsync(Func<Task<LiveLook?>> look, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (last, said) = ("", clock.GetUtcNow());
        while (!cancellation.IsCancellationRequested && await look() is { } seen)
        {
            if (seen.Ended)
            {
                yield return new("", "ended");
                yield break;
            }

            if (seen.Version != last || clock.GetUtcNow() - said > Beat)
            {
                yield return new("", seen.Version != last ? "changed" : "beat");
                (last, said) = (seen.Version, clock.GetUtcNow());
            }

            await Task.Delay(Pace, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
