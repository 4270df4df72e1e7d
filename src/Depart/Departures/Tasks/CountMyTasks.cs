using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>How many of my tasks are late, due today, and coming: each counted up to 99; 100 means more.</summary>
/// <param name="Late">Due before now.</param>
/// <param name="Today">Due by the end of this day where the reader is.</param>
/// <param name="Coming">Due later.</param>
public sealed record MyTaskCounts(int Late, int Today, int Coming);

/// <summary>Counts my tasks that are still to be done (DEP5); only the late ones when the menu asks.</summary>
/// <remarks>Counted up to <see cref="AtMost"/> each; one more than that means more: the answer costs the same however many the years have left.</remarks>
internal sealed record CountMyTasks(bool OnlyLate = false) : IQuery<MyTaskCounts>, IRouted
{
    /// <summary>Most that is counted of each.</summary>
    public const int AtMost = 99;

    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/tasks/counts", (ApiDoor door) => door.AskAsync(new CountMyTasks())).WithTags("Tasks");

    /// <summary>Midnight where the reader is: what is due before it is due today.</summary>
    public static DateTimeOffset EndOfToday(DateTimeOffset now) =>
        LocalInstant.Of(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Zones.Reader).DateTime).AddDays(1), TimeOnly.MinValue, Zones.Reader);

    internal sealed class Handler(DepartDb db, Actor actor, TaskRights rights, TimeProvider clock) : IHandler<CountMyTasks, MyTaskCounts>
    {
        public async Task<Outcome<MyTaskCounts>> HandleAsync(CountMyTasks query, CancellationToken cancellation)
        {
            var (now, desks) = (clock.GetUtcNow(), await rights.DesksAsync(cancellation));
            var midnight = EndOfToday(now);
            (DateTimeOffset From, DateTimeOffset Before)[] parts = [(DateTimeOffset.UnixEpoch, now), (now, midnight), (midnight, DateTimeOffset.MaxValue)];
            var counts = desks.Count == 0 ? null : await db.CountAsync((int[])(query.OnlyLate ? [0] : [0, 1, 2]), part => Few(parts[part].From, parts[part].Before), cancellation);
            return new MyTaskCounts(Of(0), Of(1), Of(2));

            // Each desk enters the index at its place, and all of them together go no further down than what is counted.
            IQueryable<DepartureTaskId> Few(DateTimeOffset from, DateTimeOffset before) => desks
                .Select(desk => TaskRows.On(db, actor, desk).Where(task => task.PendingDue >= from && task.PendingDue < before).OrderBy(task => task.PendingDue).Take(AtMost + 1).Select(task => task.Id))
                .Aggregate((some, more) => some.Concat(more)).Take(AtMost + 1);

            int Of(int part) => counts?.GetValueOrDefault(part) ?? 0;
        }
    }
}
