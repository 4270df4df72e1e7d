using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Depart.Foundation.Door;

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

    /// <summary>
    /// A stream that ends when there is nothing more to see, or whoever looks may no longer see it: at each look it is read again who they are. What is refused at once is refused as a request.
    /// </summary>
    public static async Task<IResult> StreamAsync<T>(HttpContext http, IQuery<T> query, Func<T, LiveLook> look)
    {
        var (services, cancellation) = (http.RequestServices, http.RequestAborted);
        var (door, session) = (services.GetRequiredService<Dispatcher>(), services.GetRequiredService<ISessionNow>());
        if (await door.AskAsync(query, Actor.From(http.User), cancellation) is { Ok: false, Problem: { } refused })
        {
            return Results.StatusCode((int)refused.Kind);
        }

        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(FollowAsync(
            async () => await session.ActorAsync(http.User, cancellation) is { } actor && await door.AskAsync(query, actor, cancellation) is { Ok: true, Value: { } seen } ? look(seen) : null,
            services.GetRequiredService<TimeProvider>(), cancellation));
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
