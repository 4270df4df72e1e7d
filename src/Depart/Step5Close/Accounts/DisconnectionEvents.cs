using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Depart.Departures;
using Depart.Foundation.Door;

namespace Depart.Step5Close.Accounts;

/// <summary>A disconnection as it goes, for the page that shows it: small counts; the page itself is read again for the rest.</summary>
internal static class DisconnectionEvents
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>Maps the stream.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/departures/{departure:guid}/disconnection/events", async (
        Guid departure, Dispatcher dispatcher, TimeProvider clock, HttpContext http) =>
    {
        var (query, actor) = (new GetDisconnection(DepartureId.From(departure)), Actor.From(http.User));
        var first = await dispatcher.AskAsync(query, actor, http.RequestAborted);
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return first.Ok
            ? (IResult)TypedResults.ServerSentEvents(FollowAsync(() => dispatcher.AskAsync(query, actor, http.RequestAborted), clock, http.RequestAborted))
            : Results.StatusCode((int)first.Problem.Kind);
    }).RequireAuthorization().ExcludeFromDescription();

    private static async IAsyncEnumerable<SseItem<RunCounts>> FollowAsync(
        Func<Task<Outcome<DisconnectionProgress>>> ask, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (last, said) = ("", clock.GetUtcNow());
        while (!cancellation.IsCancellationRequested && await ask() is { Ok: true, Value: { } progress })
        {
            var now = string.Join('|', progress.Accounts.SelectMany(account => account.Steps).Select(step => $"{step.State}{step.Attempts}").Append($"{progress.EndedAt}{progress.State}"));
            var counts = new RunCounts(progress.StepsSettled, progress.StepsTotal, progress.State.ToString());
            if (progress.EndedAt is not null)
            {
                yield return new(counts, "ended");
                yield break;
            }

            if (now != last || clock.GetUtcNow() - said > Beat)
            {
                yield return new(counts, now != last ? "changed" : "beat");
                (last, said) = (now, clock.GetUtcNow());
            }

            await Task.Delay(Pace, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>How far it is.</summary>
    internal sealed record RunCounts(int Settled, int Total, string State);
}
