using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Together;

/// <summary>What is done with several departures at once (DEP7).</summary>
public enum TogetherAct
{
    /// <summary>The last day moves, to a day or by a number of days.</summary>
    Reschedule,

    /// <summary>They are withdrawn.</summary>
    Cancel,

    /// <summary>What lies with their mission managers is given to somebody, or back.</summary>
    Assign,
}

/// <summary>What to do: a day or a number of days for a move, a user for an assignment (none: back to the manager).</summary>
internal sealed record TogetherWish(TogetherAct Act, DateOnly? LastDay = null, int? Days = null, Guid? User = null)
{
    /// <summary>Most departures at once.</summary>
    public const int AtMost = 200;

    /// <summary>Longest move, in days.</summary>
    public const int Farthest = 366;

    /// <summary>What is missing or impossible, whatever the departures.</summary>
    public Problem? Refusal(int count) => (Act, LastDay, Days) switch
    {
        _ when count == 0 => Problem.Invalid("departures", "required", TogetherText.NoneChosen),
        _ when count > AtMost => Problem.Invalid("departures", "too-many", TogetherText.TooMany.With(AtMost)),
        (TogetherAct.Reschedule, null, null) => Problem.Invalid("lastDay", "required", TogetherText.DayOrDays),
        (TogetherAct.Reschedule, not null, not null) => Problem.Invalid("days", "one-of-both", TogetherText.OneOfBoth),
        (TogetherAct.Reschedule, null, 0 or < -Farthest or > Farthest) => Problem.Invalid("days", "out-of-range", TogetherText.DaysRange.With(Farthest)),
        (TogetherAct.Reschedule, { } day, null) => DeparturesText.OutOfRange("lastDay", DeparturesText.LastDay, day),
        _ => null,
    };

    /// <summary>The last day that a departure would have.</summary>
    public DateOnly DayOf(DateOnly lastDay) => LastDay ?? lastDay.AddDays(Days ?? 0);
}

/// <summary>One departure of several: what happens to it, or why nothing does.</summary>
/// <remarks>LastDay and CutAt: as they would be, or are once it is done. Tasks: how many would move, or pass to somebody. Refusal: why it is left alone.</remarks>
public sealed record TogetherLine(
    DepartureId Departure, string Name, string Mission, string Zone, DateOnly LastDayBefore, DateOnly LastDay, DateTimeOffset CutBefore, DateTimeOffset CutAt, int Tasks, Words? Refusal, bool Done, long Version);

/// <summary>Says line by line what would happen to several departures; nothing is changed. Those that the reader may not see are not there.</summary>
internal sealed record ForeseeTogether(IReadOnlyList<DepartureId> Departures, TogetherWish Wish) : IQuery<IReadOnlyList<TogetherLine>>
{
    public static Access Access => Access.To(Role.Manager, Role.Hr, Role.It, Role.Security, Role.Admin);

    internal sealed class Handler(DepartDb db, Actor actor, TaskBook book, IDepartureBinding binding, TaskHolders holders, TimeProvider clock) : IHandler<ForeseeTogether, IReadOnlyList<TogetherLine>>
    {
        public async Task<Outcome<IReadOnlyList<TogetherLine>>> HandleAsync(ForeseeTogether query, CancellationToken cancellation)
        {
            if (query.Wish.Refusal(query.Departures.Count) is { } refusal)
            {
                return refusal;
            }

            var ids = query.Departures.Distinct().ToList();
            var departures = await DepartureRows.SeenBy(db, actor).AsNoTracking().Where(departure => ids.Contains(departure.Id)).ToListAsync(cancellation);
            var tasks = (await db.Set<DepartureTask>().AsNoTracking().Where(task => ids.Contains(task.Departure)).ToListAsync(cancellation)).ToLookup(task => task.Departure);
            var missionIds = departures.ConvertAll(departure => departure.Mission);
            var missions = await db.Set<Mission>().Where(mission => missionIds.Contains(mission.Id)).Select(mission => new { mission.Id, mission.Title, mission.End }).ToDictionaryAsync(mission => mission.Id, cancellation);
            var people = departures.ConvertAll(departure => departure.Person);
            var names = await db.Set<Person>().Where(person => people.Contains(person.Id)).Select(person => new { person.Id, Name = person.GivenName + " " + person.FamilyName }).ToDictionaryAsync(person => person.Id, person => person.Name, cancellation);
            var lines = new List<TogetherLine>();
            foreach (var departure in departures.OrderBy(departure => departure.CutAt))
            {
                var mission = missions[departure.Mission];
                var line = new TogetherLine(
                    departure.Id, names[departure.Person], mission.Title, departure.Zone, departure.LastDay, departure.LastDay, departure.CutAt, departure.CutAt, 0, null, false, departure.Version);
                lines.Add(await Separation.RefusalAsync(actor, departure.Person.Value, binding, cancellation) is { } separated
                    ? line with { Refusal = separated.Message }
                    : await ForeseeAsync(line, departure, mission.End, [.. tasks[departure.Id]], query.Wish, cancellation));
            }

            return lines;
        }

        private async Task<TogetherLine> ForeseeAsync(TogetherLine line, Departure departure, DateOnly? end, List<DepartureTask> tasks, TogetherWish wish, CancellationToken cancellation)
        {
            switch (wish.Act)
            {
                case TogetherAct.Reschedule:
                    var day = wish.DayOf(departure.LastDay);
                    var problem = DeparturesText.OutOfRange("lastDay", DeparturesText.LastDay, day)
                        ?? (LocalInstant.FindZone(departure.Zone) is null ? Problem.Invalid("zone", "zone-unknown", DeparturesText.ZoneUnknown.With(departure.Zone)) : null)
                        ?? departure.Reschedule(day, departure.CutTime, departure.LocalZone, end);
                    return problem is not null ? line with { Refusal = problem.Message }
                        : departure.CutAt <= clock.GetUtcNow() ? line with { Refusal = TogetherText.AtOnce }
                        : day == line.LastDayBefore && departure.CutAt == line.CutBefore ? line with { Refusal = TogetherText.SameDay }
                        : line with { LastDay = day, CutAt = departure.CutAt, Tasks = book.Foresee(departure, tasks).Count };
                case TogetherAct.Cancel:
                    return departure is { Prepared: true, IsAhead: true } ? line with { Refusal = DeparturesText.OnlyPrepared.Message }
                        : !departure.IsAhead ? line with { Refusal = TogetherText.NotAhead }
                        : departure.Cancel() is { } held ? line with { Refusal = held.Message }
                        : line with { Tasks = tasks.Count(task => task.IsPending) };
                default:
                    var asked = ManagersTasks(tasks);
                    return departure.IsOver ? line with { Refusal = DeparturesText.NotOpen.Message }
                        : asked.Count == 0 ? line with { Refusal = TogetherText.NoManagersTasks }
                        : wish.User is { } user && await holders.RefusalAsync(user, asked[0], departure, cancellation) is { } why ? line with { Refusal = why.Message }
                        : line with { Tasks = asked.Count };
            }
        }
    }

    /// <summary>What the mission manager still has to do.</summary>
    internal static List<DepartureTask> ManagersTasks(IEnumerable<DepartureTask> tasks) => [.. tasks.Where(task => task is { IsPending: true, Owner: TaskOwner.Manager })];
}

/// <summary>The tasks of a mission manager on a departure, for whoever gives them to somebody else.</summary>
internal sealed record FindManagersTasks(DepartureId Departure) : IQuery<IReadOnlyList<DepartureTaskId>>, IOnDeparture
{
    public static Access Access => AssignTask.Access;

    public Guid DepartureKey => Departure.Value;

    internal sealed class Handler(DepartDb db) : IHandler<FindManagersTasks, IReadOnlyList<DepartureTaskId>>
    {
        public async Task<Outcome<IReadOnlyList<DepartureTaskId>>> HandleAsync(FindManagersTasks query, CancellationToken cancellation) =>
            (DepartureTaskId[])[.. ForeseeTogether.ManagersTasks(await db.Set<DepartureTask>().Where(task => task.Departure == query.Departure).OrderBy(task => task.Place).ToListAsync(cancellation)).Select(task => task.Id)];
    }
}

/// <summary>
/// Does to several departures what was foreseen, each by its own command and in its own transaction: who may, separation, the journal are those of one. One that is refused, or that changed
/// since it was read, is said and stops no other.
/// </summary>
internal sealed class TogetherDesk(Dispatcher dispatcher)
{
    /// <summary>Acts on all; <paramref name="versions"/> are those that were read, where they are known.</summary>
    public async Task<Outcome<IReadOnlyList<TogetherLine>>> ActAsync(
        IReadOnlyList<DepartureId> departures, IReadOnlyDictionary<DepartureId, long> versions, TogetherWish wish, Actor actor, CancellationToken cancellation)
    {
        var foreseen = await dispatcher.AskAsync(new ForeseeTogether(departures, wish), actor, cancellation);
        if (!foreseen.Ok)
        {
            return foreseen;
        }

        var done = new List<TogetherLine>();
        foreach (var line in foreseen.Value)
        {
            var version = versions.TryGetValue(line.Departure, out var read) ? read : line.Version;
            var problem = line.Refusal is null ? await ActAsync(line, wish, actor, new() { Version = version }, cancellation) : null;
            done.Add(line with { Refusal = line.Refusal ?? problem?.Message, Done = line.Refusal is null && problem is null });
        }

        return done;
    }

    private async Task<Problem?> ActAsync(TogetherLine line, TogetherWish wish, Actor actor, RequestContext read, CancellationToken cancellation)
    {
        switch (wish.Act)
        {
            case TogetherAct.Reschedule:
                return (await dispatcher.SendAsync(new RescheduleDeparture(line.Departure, line.LastDay), actor, read, cancellation)).Problem;
            case TogetherAct.Cancel:
                return (await dispatcher.SendAsync(new CancelDeparture(line.Departure), actor, read, cancellation)).Problem;
            default:
                var tasks = await dispatcher.AskAsync(new FindManagersTasks(line.Departure), actor, cancellation);
                foreach (var task in tasks.Value ?? [])
                {
                    if ((await dispatcher.SendAsync(new AssignTask(line.Departure, task, wish.User), actor, cancellation)).Problem is { } problem)
                    {
                        return problem;
                    }
                }

                return tasks.Problem;
        }
    }
}

/// <summary>Several departures by API: with <c>dryRun</c> the lines are foreseen, without it they are done.</summary>
internal abstract class TogetherRoute : IRouted
{
    internal sealed record Body(IReadOnlyList<DepartureId> Departures, TogetherAct Act, DateOnly? LastDay = null, int? Days = null, Guid? User = null, bool DryRun = false);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/together", async (Body body, ApiDoor door, TogetherDesk desk, HttpContext http) =>
        {
            var wish = new TogetherWish(body.Act, body.LastDay, body.Days, body.User);
            if (body.DryRun)
            {
                return await door.AskAsync(new ForeseeTogether(body.Departures ?? [], wish));
            }

            var done = await desk.ActAsync(body.Departures ?? [], new Dictionary<DepartureId, long>(), wish, Actor.From(http.User), http.RequestAborted);
            return done.Ok ? Results.Ok(done.Value) : ApiDoor.Failed(done.Problem);
        }).WithTags("Departures").Produces<IReadOnlyList<TogetherLine>>();
}
