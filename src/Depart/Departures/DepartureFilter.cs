using System.Globalization;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>What narrows a list of departures beside name and state; it lives in the address (DEP7).</summary>
public sealed record DepartureFilter
{
    /// <summary>The unit of the mission, as it is written there.</summary>
    public string? Unit { get; init; }

    /// <summary>The supplier of the mission.</summary>
    public SupplierId? Supplier { get; init; }

    /// <summary>The manager of the mission.</summary>
    public PersonId? Manager { get; init; }

    /// <summary>Something is still to be done in this step, 1 to 7; of departures that are over nothing is.</summary>
    public int? Step { get; init; }

    /// <summary>A task is late; with <see cref="Step"/>, one of that step.</summary>
    public bool Late { get; init; }

    /// <summary>The hour of the cut has passed, and nothing says that every access is closed.</summary>
    public bool Unclosed { get; init; }

    /// <summary>First day on which access is cut, where the reader is.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day on which access is cut, where the reader is.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Nothing that is over can be among them.</summary>
    internal bool OnlyLive => Step is not null || Late || Unclosed;

    /// <summary>Nothing is narrowed.</summary>
    public bool IsEmpty => this == new DepartureFilter();

    /// <summary>Filters said in an address; what cannot be read is left out.</summary>
    public static DepartureFilter Read(IQueryCollection said) => new()
    {
        Unit = said["unit"].ToString() is { Length: > 0 } unit ? unit : null,
        Supplier = SupplierId.TryParse(said["supplier"], out var supplier) ? supplier : null,
        Manager = PersonId.TryParse(said["manager"], out var manager) ? manager : null,
        Step = int.TryParse(said["step"], NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step is >= 1 and <= 7 ? step : null,
        Late = said["late"] == "true",
        Unclosed = said["unclosed"] == "true",
        From = Day(said["from"]),
        To = Day(said["to"]),
    };

    /// <summary>The same as a part of an address.</summary>
    public (string Name, string? Value)[] Said() =>
    [
        ("unit", Unit), ("supplier", Supplier?.ToString()), ("manager", Manager?.ToString()), ("step", Step?.ToString(CultureInfo.InvariantCulture)), ("late", Late ? "true" : null), ("unclosed", Unclosed ? "true" : null),
        ("from", Day(From)), ("to", Day(To)),
    ];

    /// <summary>A day as an address holds it.</summary>
    internal static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? Day(string? said) => DateOnly.TryParseExact(said, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && DeparturesText.OutOfRange("", DeparturesText.Cut, day) is null ? day : null;

    /// <summary>What is wrong with filters that a program gives, by field.</summary>
    internal Problem? Refusal() =>
        Step is < 1 or > 7 ? Problem.Invalid("step", "out-of-range", OverviewText.StepRange)
        : From > To ? Problem.Invalid("to", "end-before-start", OverviewText.EndsBefore)
        : From is { } from && DeparturesText.OutOfRange("from", OverviewText.From, from) is { } first ? first
        : To is { } to ? DeparturesText.OutOfRange("to", OverviewText.To, to) : null;

    /// <summary>The departures left.</summary>
    internal IQueryable<Departure> Of(DepartDb db, IQueryable<Departure> departures, DateTimeOffset now)
    {
        if (From is { } from)
        {
            var begin = LocalInstant.Of(from, TimeOnly.MinValue, Zones.Reader);
            departures = departures.Where(departure => departure.CutAt >= begin);
        }

        if (To is { } to)
        {
            var end = LocalInstant.Of(to.AddDays(1), TimeOnly.MinValue, Zones.Reader);
            departures = departures.Where(departure => departure.CutAt < end);
        }

        if (Unit is not null || Supplier is not null || Manager is not null)
        {
            // Asked of each departure on the way to a page: a unit has more missions than a page has rows.
            var missions = db.Set<Mission>().AsQueryable();
            missions = Unit is { } unit ? missions.Where(mission => mission.Unit == unit) : missions;
            missions = Supplier is { } supplier ? missions.Where(mission => mission.Supplier == supplier) : missions;
            missions = Manager is { } manager ? missions.Where(mission => mission.Manager == manager) : missions;
            departures = departures.Where(departure => missions.Any(mission => mission.Id == departure.Mission));
        }

        if (Unclosed)
        {
            departures = departures.Where(departure => departure.CutAt <= now && departure.State != DepartureState.Cut && departure.State != DepartureState.Closed && departure.State != DepartureState.Cancelled);
        }

        if (Step is null && !Late)
        {
            return departures;
        }

        var tasks = db.Set<DepartureTask>().Where(task => task.PendingDue != null);
        tasks = Step is { } step ? tasks.Where(task => task.Step == step) : tasks;
        tasks = Late ? tasks.Where(task => task.PendingDue < now) : tasks;
        return departures.Where(departure => departure.State != DepartureState.Closed && departure.State != DepartureState.Cancelled && tasks.Any(task => task.Departure == departure.Id));
    }
}

/// <summary>What the filters offer to choose from.</summary>
public sealed record DepartureFilterOffers(IReadOnlyList<string> Units, IReadOnlyList<FilterOffer> Suppliers, IReadOnlyList<FilterOffer> Managers);

/// <summary>One choice.</summary>
public sealed record FilterOffer(Guid Id, string Name);

/// <summary>The units, suppliers and managers that missions name: all of them for the roles of the house, those of own missions and units for others. At most 200 of each.</summary>
internal sealed record OfferDepartureFilters : IQuery<DepartureFilterOffers>, IRouted
{
    private const int Most = 200;

    public static Access Access => ListDepartures.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures/filters", (ApiDoor door) => door.AskAsync(new OfferDepartureFilters())).WithTags("Departures").Produces<DepartureFilterOffers>();

    internal sealed class Handler(DepartDb db, Actor actor, FilterOffersMemory memory, TimeProvider clock) : IHandler<OfferDepartureFilters, DepartureFilterOffers>
    {
        public async Task<Outcome<DepartureFilterOffers>> HandleAsync(OfferDepartureFilters query, CancellationToken cancellation)
        {
            if (DepartureRows.SeesAll(actor))
            {
                return await memory.GetAsync(() => ReadAsync(db.Set<Mission>(), cancellation), clock.GetUtcNow());
            }

            // A mission manager has nobody else to choose from.
            var offers = await ReadAsync(DepartureRows.MissionsSeenBy(db, actor), cancellation);
            return actor.Within.Roles.Count > 0 ? offers : offers with { Managers = [] };
        }

        private async Task<DepartureFilterOffers> ReadAsync(IQueryable<Mission> missions, CancellationToken cancellation)
        {
            var units = await missions.Where(mission => mission.Unit != null).Select(mission => mission.Unit!).Distinct().OrderBy(unit => unit).Take(Most).ToListAsync(cancellation);
            var suppliers = await db.Set<Supplier>().Where(supplier => missions.Any(mission => mission.Supplier == supplier.Id)).OrderBy(supplier => supplier.Key).Take(Most)
                .Select(supplier => new { supplier.Id, supplier.Name }).ToListAsync(cancellation);
            var managers = await db.Set<Person>().Where(person => missions.Where(mission => mission.Manager != null).Select(mission => mission.Manager!.Value).Distinct().Contains(person.Id))
                .OrderBy(person => person.FamilyName).Take(Most).Select(person => new { person.Id, Name = person.GivenName + " " + person.FamilyName }).ToListAsync(cancellation);
            return new(
                [.. units.Order(StringComparer.CurrentCulture)], [.. suppliers.Select(supplier => new FilterOffer(supplier.Id.Value, supplier.Name))],
                [.. managers.Select(manager => new FilterOffer(manager.Id.Value, manager.Name))]);
        }
    }
}

/// <summary>Keeps for a minute what the filters offer: telling units and managers apart reads every mission, and a list is asked for often.</summary>
internal sealed class FilterOffersMemory
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private volatile Kept? last;

    /// <summary>What was read in the last minute, or what is read now.</summary>
    public async Task<DepartureFilterOffers> GetAsync(Func<Task<DepartureFilterOffers>> read, DateTimeOffset now)
    {
        if (last is { } kept && now - kept.At is { Ticks: >= 0 } age && age < Fresh)
        {
            return kept.Offers;
        }

        var offers = await read();
        last = new(now, offers);
        return offers;
    }

    private sealed record Kept(DateTimeOffset At, DepartureFilterOffers Offers);
}
