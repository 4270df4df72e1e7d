using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Missions;
using Depart.Step5Close.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.Demo;

/// <summary>How a departure of the past went.</summary>
internal enum DemoEnd
{
    /// <summary>Cut and closed.</summary>
    Closed,

    /// <summary>Cut, some tasks are still open.</summary>
    Cut,

    /// <summary>A service refused to close an account.</summary>
    Refused,

    /// <summary>Cut, then given back.</summary>
    GivenBack,

    /// <summary>Called off before its day.</summary>
    Cancelled,
}

/// <summary>Somebody who left the demo company.</summary>
internal sealed record DemoLeaver(MissionId Mission, DateOnly Last, DemoEnd End);

/// <summary>Lives through the demo's last year: opens, works and cuts departures by the commands that everybody uses, on the demo's own services, each at its instant.</summary>
internal sealed class DemoHistory(IServiceProvider provider, DemoClock clock, Actor hr)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeZoneInfo Zone = LocalInstant.FindZone(Departure.DefaultZone)!;

    private readonly Dispatcher dispatcher = provider.GetRequiredService<Dispatcher>();
    private readonly Dictionary<DemoLeaver, DepartureId> departures = [];

    /// <summary>How each of them ends, the last first: days ago, and how.</summary>
    public static IReadOnlyList<(int DaysAgo, DemoEnd End)> Ends { get; } =
    [
        (1, DemoEnd.Cut), (4, DemoEnd.Refused), (6, DemoEnd.Cut), (8, DemoEnd.GivenBack), (12, DemoEnd.Cancelled), (15, DemoEnd.Closed), (41, DemoEnd.Closed),
        (69, DemoEnd.Closed), (83, DemoEnd.Closed), (139, DemoEnd.Closed), (171, DemoEnd.Closed), (204, DemoEnd.Closed), (231, DemoEnd.Closed),
    ];

    /// <summary>How long ago the first was opened.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromDays(260);

    /// <summary>Lives through it, up to now.</summary>
    public async Task PlayAsync(IReadOnlyList<DemoLeaver> leavers, CancellationToken cancellation)
    {
        var events = leavers.SelectMany(EventsOf).OrderBy(one => one.At).ToList();
        foreach (var (at, act) in events)
        {
            clock.GoTo(at);
            await act(cancellation);
        }

        clock.GoTo(DateTimeOffset.MaxValue);
    }

    private IEnumerable<(DateTimeOffset At, Func<CancellationToken, Task> Act)> EventsOf(DemoLeaver leaver, int number)
    {
        var cut = LocalInstant.Of(leaver.Last, Departure.DefaultCutTime, Zone);
        yield return (cut.AddDays(-21).AddHours(-8), cancel => OpenAsync(leaver, cancel));
        yield return (cut.AddHours(-3), cancel => WorkAsync(leaver, everything: leaver.End == DemoEnd.Closed, cancel));
        if (leaver.End == DemoEnd.Cancelled)
        {
            yield return (cut.AddDays(-5), cancel => dispatcher.SendAsync(new CancelDeparture(departures[leaver]), hr, cancel));
            yield break;
        }

        // One takes a few seconds, another some minutes: what the services of a company do.
        yield return (cut.AddSeconds(7 + (number * number * 11 % 290)), cancel => CutAsync(leaver, cancel));
        if (leaver.End == DemoEnd.Closed)
        {
            yield return (cut.AddDays(1).AddHours(-6), async cancel =>
            {
                await UntilAsync(db => IsFollowedAsync(db, leaver, cancel), cancel);
                await WorkAsync(leaver, everything: true, cancel);
                await dispatcher.SendAsync(new CloseDeparture(departures[leaver]), hr, cancel);
            });
        }
        else if (leaver.End == DemoEnd.GivenBack)
        {
            yield return (cut.AddHours(15), cancel => GiveBackAsync(leaver, cancel));
        }
    }

    private async Task OpenAsync(DemoLeaver leaver, CancellationToken cancellation) =>
        departures[leaver] = (await dispatcher.SendAsync(new OpenDeparture(leaver.Mission, leaver.Last), Actor.Console, cancellation)).Value;

    /// <summary>Does what is due, or everything; what waits for something else is done once that is.</summary>
    private async Task WorkAsync(DemoLeaver leaver, bool everything, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        for (var more = departures.ContainsKey(leaver); more;)
        {
            more = false;
            foreach (var task in (await dispatcher.AskAsync(new ListDepartureTasks(departures[leaver]), Actor.Console, cancellation)).Value ?? [])
            {
                if (task.State == DepartureTaskState.Open && task.Kind != Processes.TaskKinds.Disconnection && (everything || task.DueAt < now))
                {
                    more |= (await dispatcher.SendAsync(new CompleteTask(departures[leaver], task.Id, task.Evidence ? new Words("Seen, reference DEMO", "Vu, référence DEMO").Fr : null), hr, cancellation)).Ok;
                }
            }
        }
    }

    private Task CutAsync(DemoLeaver leaver, CancellationToken cancellation) =>
        UntilAsync(async db => await StateAsync(db, leaver, cancellation) is not (DepartureState.Open or DepartureState.Disconnecting), cancellation);

    private async Task GiveBackAsync(DemoLeaver leaver, CancellationToken cancellation)
    {
        await dispatcher.SendAsync(new Reconnect(departures[leaver], "Mission prolongée d’un mois par l’entité."), Actor.Console, cancellation);
        await UntilAsync(async db => await StateAsync(db, leaver, cancellation) == DepartureState.GivenBack, cancellation);
    }

    private Task<DepartureState> StateAsync(DepartDb db, DemoLeaver leaver, CancellationToken cancellation) =>
        db.Set<Departure>().Where(departure => departure.Id == departures[leaver]).Select(departure => departure.State).SingleAsync(cancellation);

    /// <summary>Its task of the cut knows that the cut is made.</summary>
    private Task<bool> IsFollowedAsync(DepartDb db, DemoLeaver leaver, CancellationToken cancellation) =>
        db.Set<DepartureTask>().AllAsync(task => task.Departure != departures[leaver] || task.Kind != Processes.TaskKinds.Disconnection || task.State == DepartureTaskState.Done, cancellation);

    /// <summary>Waits until the engine has done its part; after some seconds the demo goes on without.</summary>
    private async Task UntilAsync(Func<DepartDb, Task<bool>> reached, CancellationToken cancellation)
    {
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < Patience;)
        {
            await using var scope = provider.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
            var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
            if (await reached(db))
            {
                return;
            }

            var queues = await db.Set<WorkQueue>().Select(queue => queue.Name).ToListAsync(cancellation);
            provider.GetRequiredService<IWorkNudge>().Nudge(queues.Append(WorkQueues.House).Distinct().ToDictionary(queue => queue, _ => clock.GetUtcNow(), StringComparer.Ordinal));
            await Task.Delay(50, cancellation);
        }
    }
}
