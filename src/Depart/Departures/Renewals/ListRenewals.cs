using Depart.Departures.Settings;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Renewals;

/// <summary>A renewal question, as shown.</summary>
/// <remarks>HoldsUntil: the day on which access ends without an answer. PrepareOn: the day on which the departure is prepared without one. Departure: what was prepared or opened.</remarks>
public sealed record RenewalRow(
    RenewalId Id, MissionId Mission, PersonId Person, string Name, string Title, string? Supplier, string? Manager, string? OrderReference, DateOnly End, DateOnly HoldsUntil, DateOnly PrepareOn,
    DateTimeOffset AskedAt, RenewalState State, DepartureId? Departure, bool Prepared, int BridgeDays, DateOnly? NewEnd, DateTimeOffset? AnsweredAt, string? AnsweredBy, long Version) : IVersioned
{
    /// <summary>May still be answered.</summary>
    public bool IsOpen => State is RenewalState.Asked or RenewalState.NotKnown;
}

/// <summary>Renewal questions by the end that they are about, the next first. A mission manager gets those of own missions; nobody their own. 1 to 200 a page; the cursor is opaque.</summary>
internal sealed record ListRenewals(bool Open = true, string? After = null, int Size = 50) : IQuery<Page<RenewalRow>>, IRouted
{
    public static Access Access => Access.To(Role.Manager, Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/renewals", (bool? open, string? after, int? size, ApiDoor door) => door.AskAsync(new ListRenewals(open ?? true, after, size ?? 50))).WithTags("Renewals").Produces<Page<RenewalRow>>();

    internal sealed class Handler(DepartDb db, Actor actor, IUserDirectory users) : IHandler<ListRenewals, Page<RenewalRow>>
    {
        public async Task<Outcome<Page<RenewalRow>>> HandleAsync(ListRenewals query, CancellationToken cancellation)
        {
            var size = Math.Clamp(query.Size, 1, 200);
            var renewals = RenewalRows.SeenBy(db, actor).Where(renewal => (renewal.State == RenewalState.Asked || renewal.State == RenewalState.NotKnown) == query.Open);
            if (query.After is { Length: > 0 } after)
            {
                if (!RenewalId.TryParse(after, out var last) || await db.Set<Renewal>().FirstOrDefaultAsync(renewal => renewal.Id == last, cancellation) is not { } from)
                {
                    return Cursors.Unknown;
                }

                renewals = query.Open
                    ? renewals.Where(renewal => renewal.End >= from.End && (renewal.End > from.End || renewal.Id.CompareTo(last) > 0))
                    : renewals.Where(renewal => renewal.End <= from.End && (renewal.End < from.End || renewal.Id.CompareTo(last) < 0));
            }

            var found = await RenewalRows.OfAsync(db, users, renewals, query.Open, size + 1, cancellation);
            return new Page<RenewalRow>([.. found.Take(size)], found.Count > size ? found[size - 1].Id.ToString() : null);
        }
    }
}

/// <summary>One renewal question.</summary>
internal sealed record GetRenewal(RenewalId Renewal) : IQuery<RenewalRow>, IRouted
{
    public static Access Access => ListRenewals.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/renewals/{renewal}", (RenewalId renewal, ApiDoor door) => door.AskAsync(new GetRenewal(renewal))).WithTags("Renewals").Produces<RenewalRow>();

    internal sealed class Handler(DepartDb db, Actor actor, IUserDirectory users) : IHandler<GetRenewal, RenewalRow>
    {
        public async Task<Outcome<RenewalRow>> HandleAsync(GetRenewal query, CancellationToken cancellation) =>
            await RenewalRows.OfAsync(db, users, RenewalRows.SeenBy(db, actor).Where(renewal => renewal.Id == query.Renewal), ahead: true, 1, cancellation) is [var row]
                ? row
                : Problem.NotFound(RenewalsText.Question);
    }
}

/// <summary>Where the question about a departure's mission is, for whoever reads its page; nothing when it was opened otherwise.</summary>
internal sealed record FindRenewal(DepartureId Departure) : IQuery<RenewalRow>
{
    public static Access Access => ListRenewals.Access;

    internal sealed class Handler(DepartDb db, Actor actor, IUserDirectory users) : IHandler<FindRenewal, RenewalRow>
    {
        public async Task<Outcome<RenewalRow>> HandleAsync(FindRenewal query, CancellationToken cancellation) =>
            await RenewalRows.OfAsync(db, users, RenewalRows.SeenBy(db, actor).Where(renewal => renewal.Departure == query.Departure), ahead: true, 1, cancellation) is [var row]
                ? row
                : Problem.NotFound(RenewalsText.Question);
    }
}

/// <summary>How many questions wait for the reader's answer: for a mission manager those of own missions, for procurement all. At most <see cref="AtMost"/> are counted.</summary>
internal sealed record CountRenewals : IQuery<int>
{
    /// <summary>Up to which number it is counted.</summary>
    public const int AtMost = 1000;

    public static Access Access => AnswerRenewal.Access;

    internal sealed class Handler(DepartDb db, Actor actor) : IHandler<CountRenewals, int>
    {
        public async Task<Outcome<int>> HandleAsync(CountRenewals query, CancellationToken cancellation) =>
            await RenewalRows.SeenBy(db, actor).Where(renewal => renewal.State == RenewalState.Asked || renewal.State == RenewalState.NotKnown).Take(AtMost).CountAsync(cancellation);
    }
}

/// <summary>When questions are asked.</summary>
/// <param name="Asks">Whether they are asked at all.</param>
/// <param name="AskDays">Days before an end.</param>
/// <param name="PrepareDays">Days before an end on which, without an answer, the departure is prepared.</param>
/// <param name="LookAt">Local hour, where the house is, of the morning look.</param>
/// <param name="Version">To be given back as If-Match.</param>
public sealed record RenewalSettingsView(bool Asks, int AskDays, int PrepareDays, TimeOnly LookAt, long Version) : IVersioned;

/// <summary>Says when questions are asked.</summary>
internal sealed record GetRenewalSettings : IQuery<RenewalSettingsView>, IRouted
{
    public static Access Access => ListRenewals.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/renewals/settings", (ApiDoor door) => door.AskAsync(new GetRenewalSettings())).WithTags("Renewals").Produces<RenewalSettingsView>();

    internal sealed class Handler(DepartDb db) : IHandler<GetRenewalSettings, RenewalSettingsView>
    {
        public async Task<Outcome<RenewalSettingsView>> HandleAsync(GetRenewalSettings query, CancellationToken cancellation)
        {
            var settings = await RenewalSettings.OfAsync(db, cancellation);
            return new RenewalSettingsView(settings.Asks, settings.AskDays, settings.PrepareDays, settings.LookAt, settings.Version);
        }
    }
}

/// <summary>Sets when questions are asked: from the next morning on; those that were asked keep their days.</summary>
/// <remarks>LookAt: local hour of the morning look, where the house is; as it was when not said.</remarks>
internal sealed record SetRenewals(bool Asks, int AskDays, int PrepareDays, TimeOnly? LookAt = null) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/renewals/settings", (SetRenewals command, ApiDoor door) => door.SendAsync(command)).WithTags("Renewals");

    public IEnumerable<Problem> Check()
    {
        if (AskDays is < 1 or > 180)
        {
            yield return Problem.Invalid(nameof(AskDays), "out-of-range", RenewalsText.AskRange);
        }

        if (PrepareDays < 0 || PrepareDays > AskDays)
        {
            yield return Problem.Invalid(nameof(PrepareDays), "out-of-range", RenewalsText.PrepareRange);
        }
    }

    internal sealed class Handler(DepartDb db, HouseRules house, RequestSlot request, IJournal journal, TimeProvider clock) : IHandler<SetRenewals, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(SetRenewals command, CancellationToken cancellation)
        {
            var settings = await db.Set<RenewalSettings>().SingleOrDefaultAsync(cancellation);
            if (settings is null)
            {
                db.Add(settings = new());
            }

            if (!settings.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            var lookAt = command.LookAt ?? settings.LookAt;
            var moved = lookAt != settings.LookAt;
            settings.Set(command.Asks, command.AskDays, command.PrepareDays, lookAt);
            if (moved)
            {
                await RenewalClock.AppointAnewAsync(db, settings, await house.ZoneAsync(cancellation), clock.GetUtcNow(), cancellation);
            }

            journal.Record(new(Fact.House, "renewals.set")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["asks"] = command.Asks, ["askDays"] = command.AskDays, ["prepareDays"] = command.PrepareDays, ["lookAt"] = lookAt.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture) },
            });
            return Done.Value;
        }
    }
}

/// <summary>Questions joined with whose and which mission.</summary>
internal static class RenewalRows
{
    /// <summary>Those that somebody may see: never the one about themself.</summary>
    public static IQueryable<Renewal> SeenBy(DepartDb db, Actor actor)
    {
        var self = PersonId.From(actor.Person ?? Guid.Empty);
        var others = db.Set<Renewal>().Where(renewal => renewal.Person != self);
        if (DepartureRows.SeesAll(actor))
        {
            return others;
        }

        var missions = DepartureRows.MissionsSeenBy(db, actor);
        return others.Where(renewal => missions.Any(mission => mission.Id == renewal.Mission));
    }

    public static async Task<IReadOnlyList<RenewalRow>> OfAsync(DepartDb db, IUserDirectory users, IQueryable<Renewal> renewals, bool ahead, int count, CancellationToken cancellation)
    {
        var page = (ahead ? renewals.OrderBy(renewal => renewal.End).ThenBy(renewal => renewal.Id) : renewals.OrderByDescending(renewal => renewal.End).ThenByDescending(renewal => renewal.Id)).Take(count);
        var found = await (
            from renewal in page
            join person in db.Set<Person>() on renewal.Person equals person.Id
            join mission in db.Set<Mission>() on renewal.Mission equals mission.Id
            select new
            {
                Renewal = renewal, Name = person.GivenName + " " + person.FamilyName, mission.Title, mission.OrderReference,
                Supplier = db.Set<Supplier>().Where(supplier => supplier.Id == mission.Supplier).Select(supplier => supplier.Name).FirstOrDefault(),
                Manager = db.Set<Person>().Where(manager => manager.Id == mission.Manager).Select(manager => manager.GivenName + " " + manager.FamilyName).FirstOrDefault(),
                Prepared = db.Set<Departure>().Any(departure => departure.Id == renewal.Departure && departure.Prepared),
            }).AsNoTracking().ToListAsync(cancellation);
        var names = await users.NamesAsync([.. found.Select(row => row.Renewal.AnsweredBy).OfType<Guid>().Distinct()], cancellation);
        var rows = found.Select(row => new RenewalRow(
            row.Renewal.Id, row.Renewal.Mission, row.Renewal.Person, row.Name, row.Title, row.Supplier, row.Manager, row.OrderReference, row.Renewal.End, row.Renewal.HoldsUntil, row.Renewal.PrepareOn,
            row.Renewal.AskedAt, row.Renewal.State, row.Renewal.Departure, row.Prepared, row.Renewal.BridgeDays, row.Renewal.NewEnd, row.Renewal.AnsweredAt,
            row.Renewal.AnsweredBy is { } by ? names.GetValueOrDefault(by) : null, row.Renewal.Version));
        return [.. ahead ? rows.OrderBy(row => row.End).ThenBy(row => row.Id.Value) : rows.OrderByDescending(row => row.End).ThenByDescending(row => row.Id.Value)];
    }
}
