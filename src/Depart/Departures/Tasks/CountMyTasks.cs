using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>How many of my tasks are late, due today, and coming.</summary>
/// <param name="Late">Due before now.</param>
/// <param name="Today">Due by the end of this day where the reader is.</param>
/// <param name="Coming">Due later.</param>
public sealed record MyTaskCounts(int Late, int Today, int Coming);

/// <summary>Counts my tasks that are still to be done (DEP5); only the late ones when the menu asks, and no more than <see cref="AtMost"/> of them.</summary>
internal sealed record CountMyTasks(bool OnlyLate = false) : IQuery<MyTaskCounts>, IRouted
{
    /// <summary>Late ones that the menu counts; more are « 100 ».</summary>
    public const int AtMost = 100;

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
            if (desks.Count == 0)
            {
                return new MyTaskCounts(0, 0, 0);
            }

            var mine = desks.Select(desk => TaskRows.On(db, actor, desk)).Aggregate((some, more) => some.Concat(more));
            var late = mine.Where(task => task.PendingDue < now);
            if (query.OnlyLate)
            {
                return new MyTaskCounts(await late.OrderBy(task => task.PendingDue).Take(AtMost).CountAsync(cancellation), 0, 0);
            }

            var midnight = EndOfToday(now);
            return new MyTaskCounts(
                await late.CountAsync(cancellation),
                await mine.CountAsync(task => task.PendingDue >= now && task.PendingDue < midnight, cancellation),
                await mine.CountAsync(task => task.PendingDue >= midnight, cancellation));
        }
    }
}
