using System.Threading.RateLimiting;

namespace Depart.Foundation.Design;

/// <summary>
/// Pages that list take turns: as many are made at once as keep the cores busy, the others wait in line. All of them at once would make each as slow as the slowest (docs/benchmarks.md).
/// </summary>
/// <remarks>Only for pages that do nothing but read the record and ask to be signed in: a page that waits for another system, or for what somebody sends, would keep the others waiting.</remarks>
internal static class Turns
{
    /// <summary>The policy: <c>@attribute [EnableRateLimiting(Turns.Lists)]</c>.</summary>
    public const string Lists = "lists";

    private const int MostInLine = 5_000;

    private static readonly ConcurrencyLimiterOptions Line = new() { PermitLimit = 2 * Math.Max(2, Environment.ProcessorCount), QueueLimit = MostInLine };

    /// <summary>Adds the line; who comes when it is full is answered 503.</summary>
    public static IServiceCollection AddTurns(this IServiceCollection services) => services.AddRateLimiter(limits => limits.AddPolicy(
        Lists, http => HttpMethods.IsGet(http.Request.Method) && http.User.Identity is { IsAuthenticated: true } ? RateLimitPartition.GetConcurrencyLimiter(true, _ => Line) : RateLimitPartition.GetNoLimiter(false)));
}
