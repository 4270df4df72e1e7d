using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step7OnePlatform.Notifications;

/// <summary>Tells a user that an entry of the journal is about them: it points there, and holds no words.</summary>
internal sealed class Notification
{
    /// <summary>What was seen is kept so long.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    public Guid Id { get; private init; } = Guid.CreateVersion7();

    public required Guid User { get; init; }

    /// <summary>Of which departure: under an embargo it is hidden with it.</summary>
    public required DepartureId Departure { get; init; }

    /// <summary>The entry in the departure's chain.</summary>
    public required long Sequence { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? SeenAt { get; private set; }

    public void See(DateTimeOffset now) => SeenAt ??= now;

    internal sealed class Mapping : IEntityTypeConfiguration<Notification>
    {
        public void Configure(EntityTypeBuilder<Notification> builder)
        {
            builder.ToTable("notifications");
            builder.HasKey(one => one.Id);
            builder.HasIndex(one => new { one.User, one.At });
            builder.HasIndex(one => one.User, "notifications_unseen").HasFilter("\"SeenAt\" IS NULL");
        }
    }
}

/// <summary>
/// Writes notifications in the transaction of what happened: to whoever a task was given to or commented on, and to the mission's manager and the successor of what befalls the departure.
/// Nobody is told of what they did themselves, nor anybody of what is under embargo or only prepared.
/// </summary>
internal sealed class NotificationWriter(DepartDb db, Actor actor, IUserDirectory users) : IJournalWatch
{
    /// <summary>What befalls a departure, told to its manager and successor.</summary>
    private static readonly HashSet<string> OfDeparture = new(StringComparer.Ordinal)
    {
        "departure.opened", "departure.confirmed", "departure.rescheduled", "departure.bridged", "departure.cancelled", "departure.given-back", "disconnection.ended", "embargo.lifted",
    };

    /// <summary>What is done with a task, told to whom it was given.</summary>
    private static readonly HashSet<string> OfTask = new(StringComparer.Ordinal) { "task.assigned", "task.commented", "task.file-added" };

    private readonly Dictionary<Guid, Guid?> ofPeople = [];

    public async Task WrittenAsync(IReadOnlyList<WrittenFact> written, CancellationToken cancellation)
    {
        var concerned = new List<(WrittenFact Written, Departure Departure)>();
        foreach (var one in written.Where(one => OfDeparture.Contains(one.Fact.Kind) || OfTask.Contains(one.Fact.Kind)))
        {
            if (Guid.TryParseExact(one.Fact.Chain, "N", out var id) && await db.FindAsync<Departure>([DepartureId.From(id)], cancellation) is { UnderEmbargo: false, Prepared: false } departure)
            {
                concerned.Add((one, departure));
            }
        }

        var missions = concerned.Where(one => OfDeparture.Contains(one.Written.Fact.Kind)).Select(one => one.Departure.Mission).Distinct().ToList();
        var managers = missions.Count == 0 ? [] : await db.Set<Mission>().Where(mission => missions.Contains(mission.Id)).ToDictionaryAsync(mission => mission.Id, mission => mission.Manager, cancellation);
        foreach (var ((fact, sequence, at), departure) in concerned)
        {
            Guid?[] told = OfTask.Contains(fact.Kind) ? [fact.Values.GetValueOrDefault("assignee") as Guid?]
                : [await UserOfAsync(managers.GetValueOrDefault(departure.Mission), departure, cancellation), await UserOfAsync(departure.Successor, departure, cancellation)];
            db.AddRange(told.OfType<Guid>().Distinct().Where(user => user != actor.User).Select(user => new Notification { User = user, Departure = departure.Id, Sequence = sequence, At = at }));
        }
    }

    /// <summary>The account of a person; never that of the leaver.</summary>
    private async Task<Guid?> UserOfAsync(PersonId? person, Departure departure, CancellationToken cancellation)
    {
        if (person is not { Value: var key } || person == departure.Person)
        {
            return null;
        }

        if (!ofPeople.TryGetValue(key, out var user))
        {
            ofPeople[key] = user = (await users.OfPersonAsync(key, cancellation))?.Id;
        }

        return user;
    }
}
