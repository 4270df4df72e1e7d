using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Depart.Step7OnePlatform.Activity;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.Notifications;

/// <summary>Something one is told of.</summary>
/// <param name="Id">Which.</param>
/// <param name="At">UTC.</param>
/// <param name="Said">Who did what.</param>
/// <param name="Remark">What they wrote with it, or null.</param>
/// <param name="Leaver">Whose departure it is.</param>
/// <param name="Path">Where it leads the reader, or null: nowhere that they may go.</param>
/// <param name="Seen">The reader has seen it.</param>
public sealed record NotificationRow(Guid Id, DateTimeOffset At, Words Said, string? Remark, string Leaver, string? Path, bool Seen);

/// <summary>What one is told of, newest first; the last hundred. What one may not see any more is left out.</summary>
internal sealed record ListNotifications : IQuery<IReadOnlyList<NotificationRow>>, IRouted
{
    private const int Most = 100;

    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/notifications", (ApiDoor door) => door.AskAsync(new ListNotifications())).WithTags("Notifications");

    internal sealed class Handler(DepartDb db, Actor actor, ActivityReader activity) : IHandler<ListNotifications, IReadOnlyList<NotificationRow>>
    {
        public async Task<Outcome<IReadOnlyList<NotificationRow>>> HandleAsync(ListNotifications query, CancellationToken cancellation)
        {
            var told = await db.Set<Notification>().Where(one => one.User == actor.User).OrderByDescending(one => one.At).ThenByDescending(one => one.Sequence).Take(Most).ToListAsync(cancellation);
            var ids = told.Select(one => one.Departure).Distinct().ToList();
            if (ids.Count == 0)
            {
                return Array.Empty<NotificationRow>();
            }

            var self = actor.Person is { } person ? PersonId.From(person) : (PersonId?)null;
            var departures = await db.Set<Departure>().Where(departure => ids.Contains(departure.Id) && departure.Person != self).ToDictionaryAsync(departure => departure.Id, cancellation);
            var seen = await DepartureRows.SeenBy(db, actor).Where(departure => ids.Contains(departure.Id)).Select(departure => departure.Id).ToHashSetAsync(cancellation);
            var people = departures.Values.Select(departure => departure.Person).Distinct().ToList();
            var names = await db.Set<Person>().Where(one => people.Contains(one.Id)).ToDictionaryAsync(one => one.Id, one => one.GivenName + " " + one.FamilyName, cancellation);
            var rows = new List<NotificationRow>();
            foreach (var group in told.Where(one => departures.ContainsKey(one.Departure)).GroupBy(one => one.Departure))
            {
                var departure = departures[group.Key];
                var sequences = group.Select(one => one.Sequence).ToList();
                var lines = (await activity.OfAsync(departure, entries => entries.Where(entry => sequences.Contains(entry.Sequence)), cancellation)).ToDictionary(line => line.Number);
                foreach (var one in group)
                {
                    if (lines.TryGetValue(one.Sequence, out var line) && await PathAsync(line, departure, seen.Contains(departure.Id), cancellation) is (true, var path))
                    {
                        rows.Add(new(one.Id, one.At, line.Said, line.Remark, names.GetValueOrDefault(departure.Person) ?? "", path, one.SeenAt is not null));
                    }
                }
            }

            return rows.OrderByDescending(row => row.At).ToArray();
        }

        /// <summary>Whether the reader may still know of it, and where it leads.</summary>
        private async Task<(bool May, string? Path)> PathAsync(ActivityLine line, Departure departure, bool seesDeparture, CancellationToken cancellation)
        {
            if (line.Task is { } id)
            {
                var task = await db.Set<DepartureTask>().FirstOrDefaultAsync(one => one.Id == id, cancellation);
                return task is not null && (seesDeparture || TaskDesk.Of(actor).Contains(task.Desk, StringComparer.Ordinal)) ? (true, $"/tasks/{id}") : (false, null);
            }

            return seesDeparture ? (true, $"/departures/{departure.Id}") : (departure.Successor?.Value == actor.Person, null);
        }
    }
}

/// <summary>How many notifications one has not seen; counted up to 99, one more means more.</summary>
internal sealed record CountNotifications : IQuery<int>, IRouted
{
    /// <summary>Most that is counted.</summary>
    public const int AtMost = 99;

    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/notifications/count", (ApiDoor door) => door.AskAsync(new CountNotifications())).WithTags("Notifications");

    internal sealed class Handler(DepartDb db, Actor actor) : IHandler<CountNotifications, int>
    {
        public async Task<Outcome<int>> HandleAsync(CountNotifications query, CancellationToken cancellation) =>
            await db.Set<Notification>().Where(one => one.User == actor.User && one.SeenAt == null).Take(AtMost + 1).CountAsync(cancellation);
    }
}

/// <summary>Says that one has seen what one was told of, all of it or one; what was seen long ago is forgotten.</summary>
internal sealed record SeeNotifications(Guid? Only = null) : ICommand<Done>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/notifications/seen", (ApiDoor door) => door.SendAsync(new SeeNotifications())).WithTags("Notifications");
        api.MapPost("/notifications/{notification}/seen", (Guid notification, ApiDoor door) => door.SendAsync(new SeeNotifications(notification))).WithTags("Notifications");
    }

    internal sealed class Handler(DepartDb db, Actor actor, TimeProvider clock) : IHandler<SeeNotifications, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(SeeNotifications command, CancellationToken cancellation)
        {
            var (now, user) = (clock.GetUtcNow(), actor.User);
            foreach (var one in await db.Set<Notification>().Where(one => one.User == user && one.SeenAt == null && (command.Only == null || one.Id == command.Only)).ToListAsync(cancellation))
            {
                one.See(now);
            }

            var old = now - Notification.Kept;
            db.RemoveRange(await db.Set<Notification>().Where(one => one.User == user && one.SeenAt != null && one.SeenAt < old).ToListAsync(cancellation));
            return Done.Value;
        }
    }
}
