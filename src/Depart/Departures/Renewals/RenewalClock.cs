using System.Globalization;
using Depart.Departures.Settings;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Calendars;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Renewals;

/// <summary>
/// Looks at the ends of missions: one appointment a morning for the whole house, which makes the next, and one at once when the record moves an end. What is asked, prepared or withdrawn is written
/// in the transaction that ends the appointment, so that a crash asks nothing twice (decision 0014).
/// </summary>
[WorkKind(WorkKind, Batch = 100, InHand = 4)]
internal sealed class RenewalClock(DepartureOpening opening, RenewalDepartures departures, TaskReaders readers, HouseRules house, Outbox outbox, TimeProvider clock) : IWorkHandler
{
    /// <summary>Kind of the work item.</summary>
    public const string WorkKind = "renewals";

    /// <summary>Ends looked at in one transaction; more follow at once.</summary>
    public const int AtOnce = 200;

    /// <summary>Whoever was asked has at least so many business days before the departure is prepared.</summary>
    private const int DaysToAnswer = 2;

    /// <summary>Plans the next morning's look, once; at the hour that is set, where the house is.</summary>
    public static async Task AppointAsync(DepartDb db, RenewalSettings settings, TimeZoneInfo zone, DateTimeOffset now, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var next = LocalInstant.Of(today, settings.LookAt, zone) is var at && at > now ? at : LocalInstant.Of(today.AddDays(1), settings.LookAt, zone);
        var key = $"{WorkKind}-{next.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}";
        if (!db.AtHand<WorkItem>().Any(item => item.IdempotencyKey == key) && !await db.Set<WorkItem>().AnyAsync(item => item.IdempotencyKey == key, cancellation))
        {
            db.Enqueue(Item(key, next));
        }
    }

    /// <summary>Another hour or zone: the morning look that was planned is withdrawn, and planned anew.</summary>
    public static async Task AppointAnewAsync(DepartDb db, RenewalSettings settings, TimeZoneInfo zone, DateTimeOffset now, CancellationToken cancellation)
    {
        await db.Set<WorkItem>().Where(item => item.Queue == WorkQueues.House && item.Kind == WorkKind && item.State == WorkState.Pending && item.DueAt > now)
            .ExecuteDeleteAsync(cancellation);
        await AppointAsync(db, settings, zone, now, cancellation);
    }

    /// <summary>Looks at once: an end moved.</summary>
    public static void LookNow(DepartDb db, DateTimeOffset now) => db.Enqueue(Item($"{WorkKind}-{Guid.CreateVersion7():N}", now));

    private static WorkItem Item(string key, DateTimeOffset at) => new() { Queue = WorkQueues.House, Kind = WorkKind, Subject = WorkKind, IdempotencyKey = key, DueAt = at };

    public Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation) => Task.FromResult(new WorkResult(WorkVerdict.Done));

    public async Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var (zone, workdays) = (await house.ZoneAsync(cancellation), await house.WorkdaysAsync(cancellation));
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var settings = await RenewalSettings.OfAsync(db, cancellation);
        await OvertakeAsync(db, journal, cancellation);
        var more = false;
        if (settings.Asks)
        {
            more = await AskAsync(db, journal, settings, workdays, today, now, cancellation);
            more |= await PrepareAsync(db, journal, today, now, cancellation);
        }

        if (more)
        {
            LookNow(db, now);
        }

        await AppointAsync(db, settings, zone, now, cancellation);
    }

    /// <summary>Open questions whose mission ends on another day now, or whose departure somebody opened or withdrew by hand, need no answer any more; what was prepared is withdrawn.</summary>
    private async Task OvertakeAsync(DepartDb db, IJournal journal, CancellationToken cancellation)
    {
        var overtaken = await (
            from renewal in db.Set<Renewal>()
            join mission in db.Set<Mission>() on renewal.Mission equals mission.Id
            where (renewal.State == RenewalState.Asked || renewal.State == RenewalState.NotKnown)
                && (mission.End != renewal.End || db.Set<Departure>().Any(departure => departure.Mission == renewal.Mission && !departure.Prepared && !departure.UnderEmbargo && departure.State != DepartureState.Cancelled))
            select renewal).ToListAsync(cancellation);
        foreach (var renewal in overtaken)
        {
            renewal.Overtake();
            journal.Record(RenewalFacts.Of(renewal, "renewal.overtaken"));
            await departures.WithdrawAsync(renewal, cancellation);
        }
    }

    /// <summary>Asks about the ends that came near; true when there are more.</summary>
    private async Task<bool> AskAsync(DepartDb db, IJournal journal, RenewalSettings settings, BusinessCalendar workdays, DateOnly today, DateTimeOffset now, CancellationToken cancellation)
    {
        var (first, until) = (Sort(today), Sort(today.AddDays(settings.AskDays + 1)));
        var ending = await (
            from mission in db.Set<Mission>()
            join person in db.Set<Person>() on mission.Person equals person.Id
            where mission.SortEnd.CompareTo(first) >= 0 && mission.SortEnd.CompareTo(until) < 0 && person.Status != ContractualStatus.Internal
                && !db.Set<Renewal>().Any(renewal => renewal.Mission == mission.Id && renewal.End == mission.End)
                && !db.Set<Departure>().Any(departure => departure.Mission == mission.Id && !departure.UnderEmbargo && departure.State != DepartureState.Cancelled)
            orderby mission.SortEnd
            select new { mission.Id, mission.Person, mission.Title, mission.End, mission.Manager, mission.Unit, Name = person.GivenName + " " + person.FamilyName }).AsNoTracking().Take(AtOnce).ToListAsync(cancellation);
        var told = new Dictionary<string, (MailTo To, List<RenewalAsked.Line> Lines)>(StringComparer.Ordinal);
        foreach (var mission in ending)
        {
            var end = mission.End!.Value;
            var renewal = new Renewal { Mission = mission.Id, Person = mission.Person, End = end, PrepareOn = PrepareOn(end, today, settings, workdays), AskedAt = now };
            db.Add(renewal);
            journal.Record(RenewalFacts.Of(renewal, "renewal.asked"));
            var line = new RenewalAsked.Line(mission.Name, mission.Title, end, $"/renewals/{renewal.Id}");
            var desks = mission.Manager is { } manager && manager != mission.Person ? new[] { TaskDesk.OfPerson(manager.Value), TaskDesk.OfRole(Role.Hr) } : [TaskDesk.OfRole(Role.Hr)];
            foreach (var desk in desks)
            {
                foreach (var reader in await readers.OfDeskAsync(desk, mission.Person, mission.Unit, cancellation))
                {
                    if (!told.TryGetValue(reader.Key, out var letter))
                    {
                        told[reader.Key] = letter = (reader.To, []);
                    }

                    if (!letter.Lines.Contains(line))
                    {
                        letter.Lines.Add(line);
                    }
                }
            }
        }

        var notBefore = (await house.GetAsync(cancellation)).Quiet(workdays).NextAllowed(now, await house.ZoneAsync(cancellation));
        foreach (var (key, (to, lines)) in told)
        {
            // One mail for each reader, however many missions end: questions have pages of their own.
            await outbox.WriteAsync(to, new RenewalAsked(to.Name, lines), key: $"renewals-{now.ToUnixTimeMilliseconds()}-{key}", notBefore: notBefore, cancellation: cancellation);
        }

        return ending.Count == AtOnce;
    }

    /// <summary>Prepares the departures of questions that nobody answered in time; true when there are more.</summary>
    private async Task<bool> PrepareAsync(DepartDb db, IJournal journal, DateOnly today, DateTimeOffset now, CancellationToken cancellation)
    {
        var due = await db.Set<Renewal>().Where(renewal => (renewal.State == RenewalState.Asked || renewal.State == RenewalState.NotKnown) && renewal.Departure == null && renewal.PrepareOn <= today)
            .OrderBy(renewal => renewal.End).Take(AtOnce).ToListAsync(cancellation);

        // Those asked in this very look are in the context only.
        due.AddRange(db.AtHand<Renewal>().Where(renewal => renewal is { IsOpen: true, Departure: null } && renewal.PrepareOn <= today).Except(due).ToList());
        var prepared = new List<(Renewal Renewal, Departure Departure)>();
        foreach (var renewal in due)
        {
            prepared.Add((renewal, await departures.PrepareAsync(renewal, now, cancellation)));
        }

        await opening.OpenAsync([.. prepared.Select(each => (each.Departure, (Processes.ProcessTemplate?)null))], static fact => fact with { Kind = "departure.prepared" }, cancellation);
        foreach (var (renewal, departure) in prepared)
        {
            renewal.With(departure.Id);
            journal.Record(RenewalFacts.Of(renewal, "renewal.unanswered"));
        }

        return due.Count >= AtOnce;
    }

    private static DateOnly PrepareOn(DateOnly end, DateOnly today, RenewalSettings settings, BusinessCalendar workdays)
    {
        var (wanted, soonest) = (end.AddDays(-settings.PrepareDays), workdays.AddBusinessDays(today, DaysToAnswer));
        var day = wanted > soonest ? wanted : soonest;
        return day < end ? day : end;
    }

    private static string Sort(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}

/// <summary>Plans the first look at the ends of missions; sent at every start.</summary>
internal sealed record PlanRenewals(bool AtOnce = false) : ICommand<Done>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, HouseRules house, TimeProvider clock) : IHandler<PlanRenewals, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(PlanRenewals command, CancellationToken cancellation)
        {
            await RenewalClock.AppointAsync(db, await RenewalSettings.OfAsync(db, cancellation), await house.ZoneAsync(cancellation), clock.GetUtcNow(), cancellation);
            if (command.AtOnce)
            {
                RenewalClock.LookNow(db, clock.GetUtcNow());
            }

            return Done.Value;
        }
    }
}

/// <summary>The record moved the end of missions: questions about them, and what was prepared, are looked at again at once.</summary>
internal sealed class RenewalWatch(DepartDb db, TimeProvider clock) : IMissionWatch
{
    public async Task EndsMovedAsync(IReadOnlyCollection<Mission> missions, CancellationToken cancellation)
    {
        var ids = missions.Select(mission => mission.Id).ToList();
        if (await db.Set<Renewal>().AnyAsync(renewal => ids.Contains(renewal.Mission) && (renewal.State == RenewalState.Asked || renewal.State == RenewalState.NotKnown), cancellation))
        {
            RenewalClock.LookNow(db, clock.GetUtcNow());
        }
    }
}

/// <summary>Missions end, and nobody has said yet whether they are renewed.</summary>
internal sealed record RenewalAsked(string Name, IReadOnlyList<RenewalAsked.Line> Missions) : IMailContent<RenewalAsked>
{
    public static string Template => "renewal-asked";

    public int Count => Missions.Count;

    public Line First => Missions[0];

    public static IReadOnlyList<RenewalAsked> Samples =>
    [
        new("Isabelle Morvan", [new("Mehdi D’Angélo", "Refonte du portail", new(2026, 12, 18), "/renewals/0")]),
        new("Claire Vasseur", [new("Mehdi D’Angélo", "Refonte du portail", new(2026, 12, 18), "/renewals/0"), new("Aïcha N’Diaye", "Paie & temps", new(2026, 12, 31), "/renewals/1")]),
    ];

    /// <summary>One mission.</summary>
    internal sealed record Line(string Leaver, string Mission, DateOnly End, string Path);
}

/// <summary>What the journal says of a question.</summary>
internal static class RenewalFacts
{
    public static Fact Of(Renewal renewal, string kind) => new(Fact.House, kind)
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["renewal"] = renewal.Id.Value,
            ["mission"] = renewal.Mission.Value,
            ["person"] = renewal.Person.Value,
            ["end"] = Day(renewal.End),
            ["state"] = renewal.State.ToString(),
            ["departure"] = renewal.Departure?.Value,
            ["newEnd"] = renewal.NewEnd is { } day ? Day(day) : null,
            ["bridgeDays"] = renewal.BridgeDays,
        },
    };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
