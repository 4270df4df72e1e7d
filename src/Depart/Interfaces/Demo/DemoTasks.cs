using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.SignIn;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.Demo;

/// <summary>Opens the demo's departures as if some weeks ago: part of their tasks is done, a few are late, the rest comes.</summary>
internal static class DemoTasks
{
    /// <summary>How long ago they were announced.</summary>
    private const int DaysAgo = 14;

    private static readonly Words Proof = new("Reference DEMO-{0}", "Référence DEMO-{0}");

    /// <summary>Opens them, by the commands that everybody uses; the manager of the first signs in by one click.</summary>
    public static async Task OpenAsync(IServiceProvider provider, IReadOnlyList<(MissionId Mission, DateOnly Last)> leavers, PersonId manager, DateOnly today, CancellationToken cancellation)
    {
        var dispatcher = provider.GetRequiredService<Dispatcher>();
        var users = await DemoUsers.OfRolesAsync(provider, cancellation);
        await dispatcher.SendAsync(new BindUser(UserId.From(users[Role.Manager]), manager), Actor.Console, cancellation);
        var opened = new List<DepartureId>();
        foreach (var (mission, last) in leavers)
        {
            opened.Add((await dispatcher.SendAsync(new OpenDeparture(mission, last, AnnounceOn: today.AddDays(-DaysAgo)), Actor.Console, cancellation)).Value);
        }

        foreach (var departure in opened)
        {
            await ElapseAsync(provider, dispatcher, departure, users[Role.Hr], managerIsLate: departure == opened[0] || departure == opened[^2], cancellation);
        }
    }

    /// <summary>One that only security, who opens it, and IT operations know of before its cut: signed in as anyone else, there is nothing to see.</summary>
    public static async Task OpenUnderEmbargoAsync(IServiceProvider provider, MissionId mission, DateOnly last, CancellationToken cancellation)
    {
        var users = await DemoUsers.OfRolesAsync(provider, cancellation);
        var security = new Actor(users[Role.Security], null, DemoUsers.Offered.Single(user => user.Role == Role.Security).Name, new HashSet<Role> { Role.Security }, Via.Page);
        await provider.GetRequiredService<Dispatcher>().SendAsync(
            new OpenDeparture(mission, last, Reason: DepartureReason.EarlyEnd, Embargo: true, Confidants: [users[Role.It]]), security, cancellation);
    }

    /// <summary>What came due since the announcement is done, one in five, and of some the manager's last, apart: those are late.</summary>
    private static async Task ElapseAsync(IServiceProvider provider, Dispatcher dispatcher, DepartureId id, Guid by, bool managerIsLate, CancellationToken cancellation)
    {
        var actor = new Actor(by, null, DemoUsers.Offered.Single(user => user.Role == Role.Hr).Name, new HashSet<Role> { Role.Hr, Role.Manager, Role.It }, Via.Page);
        var elapsed = await BackdateAsync(provider, id, cancellation);
        var index = 0;
        foreach (var (task, _, evidence) in elapsed)
        {
            if (index++ % 5 != 3 && !(managerIsLate && task == elapsed.LastOrDefault(one => one.Owner == Processes.TaskOwner.Manager).Task))
            {
                // What waits for a late one is refused, and so is late itself.
                await dispatcher.SendAsync(new CompleteTask(id, task, evidence ? Proof.With(1000 + index).Fr : null), actor, cancellation);
            }
        }
    }

    /// <summary>Tasks due before today, in the order in which they are done; their terms are those of the template, as a departure opened then would have.</summary>
    private static async Task<IReadOnlyList<(DepartureTaskId Task, Processes.TaskOwner Owner, bool Evidence)>> BackdateAsync(IServiceProvider provider, DepartureId id, CancellationToken cancellation)
    {
        await using var scope = provider.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        var departure = await db.Set<Departure>().FirstAsync(row => row.Id == id, cancellation);
        var (zone, now) = (LocalInstant.FindZone(departure.Zone)!, provider.GetRequiredService<TimeProvider>().GetUtcNow());
        var elapsed = new List<DepartureTask>();
        foreach (var task in await db.Set<DepartureTask>().Where(task => task.Departure == id).OrderBy(task => task.Place).ToListAsync(cancellation))
        {
            var anchor = task.Anchor switch
            {
                Processes.TaskAnchor.Announcement => departure.AnnounceOn,
                Processes.TaskAnchor.LastDay => departure.LastDay,
                _ => departure.MissionEnd,
            };
            var due = task.Rule.From(anchor, departure.BusinessCalendar, zone).Instant;
            if (due < now && task.Kind != Processes.TaskKinds.Disconnection)
            {
                task.Due(due);
                elapsed.Add(task);
            }
        }

        await db.SaveChangesAsync(cancellation);
        return [.. elapsed.OrderBy(task => task.DueAt).ThenBy(task => task.Place).Select(task => (task.Id, task.Owner, task.Evidence))];
    }
}
