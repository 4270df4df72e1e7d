using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>One departure on the timeline.</summary>
/// <param name="Departure">As in lists.</param>
/// <param name="AnnounceOn">The day on which it is announced.</param>
/// <param name="MissionEnd">The contractual end of the mission.</param>
/// <param name="Tasks">How many tasks it has.</param>
/// <param name="Left">How many of them are still to be done.</param>
/// <param name="Late">How many of those are late; none of a departure that is over.</param>
public sealed record TimelineRow(DepartureRow Departure, DateOnly AnnounceOn, DateOnly MissionEnd, int Tasks, int Left, int Late);

/// <summary>Departures over time: those whose access is cut in a period of at most a year, with their dates and how far their tasks are (DEP7).</summary>
/// <remarks>By the instant of the cut, a page at a time, filtered as the list. 1 to 100 a page. <see cref="DepartureFilter.From"/> and <see cref="DepartureFilter.To"/> are required.</remarks>
internal sealed record ReadTimeline(DepartureFilter Filter, string? Search = null, DepartureState? State = null, string? After = null, int Size = 40) : IQuery<Page<TimelineRow>>, IRouted
{
    /// <summary>Longest period, in days.</summary>
    public const int Longest = 371;

    public static Access Access => ListDepartures.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures/timeline", (
            DateOnly from, DateOnly to, string? search, Word<DepartureState>? state, string? unit, SupplierId? supplier, PersonId? manager, int? step, bool? late, string? after, int? size, ApiDoor door) =>
            state?.Refusal("state") is { } refusal
                ? Task.FromResult<IResult>(ApiDoor.Failed(refusal))
                : door.AskAsync(new ReadTimeline(
                    new() { Unit = unit, Supplier = supplier, Manager = manager, Step = step, Late = late ?? false, From = from, To = to }, search, state?.Value, after, size ?? 40)))
            .WithTags("Departures").Produces<Page<TimelineRow>>();

    internal sealed class Handler(DepartDb db, IHandler<ListDepartures, Page<DepartureRow>> list, TimeProvider clock) : IHandler<ReadTimeline, Page<TimelineRow>>
    {
        public async Task<Outcome<Page<TimelineRow>>> HandleAsync(ReadTimeline query, CancellationToken cancellation)
        {
            if (query.Filter is not { From: { } from, To: { } to })
            {
                return Problem.Required("from", OverviewText.Period);
            }

            if (to.DayNumber - from.DayNumber > Longest)
            {
                return Problem.Invalid("to", "too-long", OverviewText.TooLong);
            }

            var page = await list.HandleAsync(new(query.Search, query.State, null, query.After, Math.Clamp(query.Size, 1, 100), Filter: query.Filter), cancellation);
            if (!page.Ok)
            {
                return page.Problem;
            }

            var (ids, now) = (page.Value.Items.Select(row => row.Id).ToList(), clock.GetUtcNow());
            var days = await db.Set<Departure>().Where(departure => ids.Contains(departure.Id)).Select(departure => new { departure.Id, departure.AnnounceOn, departure.MissionEnd }).ToDictionaryAsync(row => row.Id, cancellation);
            var tasks = await db.Set<DepartureTask>().Where(task => ids.Contains(task.Departure)).GroupBy(task => task.Departure)
                .Select(group => new { group.Key, All = group.Count(), Left = group.Count(task => task.PendingDue != null), Late = group.Count(task => task.PendingDue < now) })
                .ToDictionaryAsync(group => group.Key, cancellation);
            return new Page<TimelineRow>(
                [
                    .. page.Value.Items.Select(row => tasks.GetValueOrDefault(row.Id) is { } count
                        ? new TimelineRow(row, days[row.Id].AnnounceOn, days[row.Id].MissionEnd, count.All, count.Left, row.State is DepartureState.Closed or DepartureState.Cancelled ? 0 : count.Late)
                        : new TimelineRow(row, days[row.Id].AnnounceOn, days[row.Id].MissionEnd, 0, 0, 0)),
                ],
                page.Value.Next);
        }
    }
}
