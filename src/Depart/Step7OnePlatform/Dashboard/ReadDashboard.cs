using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Foundation.Tables;
using Depart.Interfaces.Api;
using Depart.Missions;
using Depart.Step5Close.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.Dashboard;

/// <summary>Some durations: how many, half of them shorter than <paramref name="Median"/>, nineteen in twenty than <paramref name="P95"/>.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Median">Null when there is none.</param>
/// <param name="P95">Null when there is none.</param>
public sealed record Durations(int Count, TimeSpan? Median, TimeSpan? P95)
{
    /// <summary>Of some durations, the nearest that exists: none is made up between two.</summary>
    public static Durations Of(IEnumerable<TimeSpan> durations)
    {
        var ordered = durations.Order().ToList();
        TimeSpan? At(double part) => ordered.Count == 0 ? null : ordered[Math.Min(ordered.Count - 1, (int)Math.Ceiling(part * ordered.Count) - 1)];
        return new(ordered.Count, At(0.5), At(0.95));
    }
}

/// <summary>The departures of a month, by their last day.</summary>
/// <param name="Month">Its first day.</param>
/// <param name="ToCome">Not cut yet.</param>
/// <param name="Closed">Every access is verified closed, the departure closed or not.</param>
/// <param name="Attention">Something is not closed, or was given back.</param>
/// <param name="Cancelled">Cancelled.</param>
/// <param name="ToClosed">From the instant planned for the cut to the verified closing.</param>
public sealed record MonthFigures(DateOnly Month, int ToCome, int Closed, int Attention, int Cancelled, Durations ToClosed)
{
    /// <summary>All that are shown as bars: those which took or take place.</summary>
    public int Total => ToCome + Closed + Attention;
}

/// <summary>The measures of a period, a unit, a supplier (PLT4).</summary>
/// <param name="From">First day of the period, by the last day of departures.</param>
/// <param name="To">Last day of the period.</param>
/// <param name="AsOf">When it was measured, UTC.</param>
/// <param name="States">How many departures of the period stand where; none is left out.</param>
/// <param name="Months">Each month of the period.</param>
/// <param name="ToClosed">From the instant planned for the cut to the verified closing, over the period.</param>
/// <param name="NotClosed">Past that instant, and not verified closed.</param>
/// <param name="LateDepartures">Departures that have a late task now, whatever their period.</param>
/// <param name="LateTasks">Late tasks now, whatever the period of their departure.</param>
/// <param name="OpenAccounts">Accounts enabled now of people who are gone, whatever the period; null when a unit or supplier is chosen, or when the reader may not list accounts.</param>
/// <param name="ToAnnounced">From the opening to the first task of the announcement that is done.</param>
/// <param name="HandoverDone">Tasks of the handover that are done, of departures of the period that are cut.</param>
/// <param name="HandoverAll">All of them, those left out with a reason apart.</param>
public sealed record DashboardFigures(
    DateOnly From, DateOnly To, DateTimeOffset AsOf, IReadOnlyDictionary<DepartureState, int> States, IReadOnlyList<MonthFigures> Months, Durations ToClosed, int NotClosed, int LateDepartures, int LateTasks,
    int? OpenAccounts, Durations ToAnnounced, int HandoverDone, int HandoverAll);

/// <summary>Reads the measures (PLT4). The period is of whole days where the company is, at most ten years; by default the eight months before this
/// one and the three after.</summary>
/// <remarks>Measured over departures, never over people: nobody is ranked.</remarks>
internal sealed record ReadDashboard(DateOnly? From = null, DateOnly? To = null, string? Unit = null, SupplierId? Supplier = null) : IQuery<DashboardFigures>, IRouted, IKeptWhenSlow
{
    private const int MostMonths = 120;

    public static Access Access => Access.To(Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/dashboard", (DateOnly? from, DateOnly? to, string? unit, SupplierId? supplier, ApiDoor door) => door.AskAsync(new ReadDashboard(from, to, unit, supplier))).WithTags("Dashboard");
        api.MapGet("/dashboard.csv", (DateOnly? from, DateOnly? to, string? unit, SupplierId? supplier, ApiDoor door) =>
            door.FileAsync(new ReadDashboard(from, to, unit, supplier), figures => TableFile.Answer(TableOf(figures), xlsx: false))).WithTags("Dashboard");
        api.MapGet("/dashboard.xlsx", (DateOnly? from, DateOnly? to, string? unit, SupplierId? supplier, ApiDoor door) =>
            door.FileAsync(new ReadDashboard(from, to, unit, supplier), figures => TableFile.Answer(TableOf(figures), xlsx: true))).WithTags("Dashboard");
    }

    /// <summary>The months as a table; durations in hours.</summary>
    private static Table TableOf(DashboardFigures figures) => new(
        DashboardText.Title,
        [DashboardText.Month, DashboardText.Closed, DashboardText.Attention, DashboardText.ToCome, DashboardText.Cancelled, DashboardText.MedianHours, DashboardText.P95Hours],
        [.. figures.Months.Select(month => (IReadOnlyList<object?>)
            [month.Month, month.Closed, month.Attention, month.ToCome, month.Cancelled, Hours(month.ToClosed.Median), Hours(month.ToClosed.P95)])]);

    private static double? Hours(TimeSpan? span) => span is { } known ? Math.Round(known.TotalHours, 4) : null;

    /// <summary>The period meant, or what is wrong with it.</summary>
    public static Outcome<(DateOnly From, DateOnly To)> Period(DateOnly? from, DateOnly? to, DateOnly today)
    {
        var month = new DateOnly(today.Year, today.Month, 1);
        var end = to ?? (from is null ? month.AddMonths(4).AddDays(-1) : from.Value.AddMonths(12).AddDays(-1));
        var begin = from ?? new DateOnly(end.Year, end.Month, 1).AddMonths(-11);
        return begin > end ? Problem.Invalid(nameof(To), "end-before-start", OverviewText.EndsBefore)
            : DeparturesText.OutOfRange(nameof(From), OverviewText.From, begin) is { } first ? first
            : DeparturesText.OutOfRange(nameof(To), OverviewText.To, end) is { } last ? last
            : begin.AddMonths(MostMonths) <= end ? Problem.Invalid(nameof(To), "period-too-long", DashboardText.TooLong)
            : (begin, end);
    }

    internal sealed class Handler(DepartDb db, Actor actor, TimeProvider clock) : IHandler<ReadDashboard, DashboardFigures>
    {
        public async Task<Outcome<DashboardFigures>> HandleAsync(ReadDashboard query, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            var zone = Zones.Reader;
            var period = Period(query.From, query.To, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime));
            if (!period.Ok)
            {
                return period.Problem;
            }

            var (from, to) = period.Value;
            var filter = new DepartureFilter { Unit = Texts.OrNull(query.Unit), Supplier = query.Supplier };
            var those = filter.Of(db, db.Set<Departure>(), now);
            var ofPeriod = (filter with { From = from, To = to }).Of(db, db.Set<Departure>(), now);
            var rows = await ofPeriod.Select(departure => new Row(departure.CutAt, departure.State, departure.CutDoneAt)).ToListAsync(cancellation);
            var byMonth = rows.ToLookup(row => MonthOf(row.CutAt, zone));
            var months = new List<MonthFigures>();
            for (var month = new DateOnly(from.Year, from.Month, 1); month <= to; month = month.AddMonths(1))
            {
                months.Add(Of(month, byMonth[month]));
            }

            var late = await (filter with { Late = true }).Of(db, db.Set<Departure>(), now).CountAsync(cancellation);
            var lateTasks = await db.Set<DepartureTask>().Where(task => task.PendingDue < now && those.Any(departure => departure.Id == task.Departure && departure.State != DepartureState.Closed && departure.State != DepartureState.Cancelled))
                .CountAsync(cancellation);
            var announced = await ofPeriod.Where(departure => departure.State != DepartureState.Cancelled).Select(departure => new
            {
                departure.OpenedAt,
                At = db.Set<DepartureTask>().Where(task => task.Departure == departure.Id && task.Step == 1 && task.State == DepartureTaskState.Done).Min(task => task.SettledAt),
            }).Where(row => row.At != null).ToListAsync(cancellation);
            var handover = await db.Set<DepartureTask>()
                .Where(task => task.Step == 3 && ofPeriod.Any(departure => departure.Id == task.Departure && departure.CutDoneAt != null && departure.State != DepartureState.Cancelled))
                .GroupBy(task => task.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellation);
            int Handed(params DepartureTaskState[] states) => states.Sum(state => handover.GetValueOrDefault(state));
            var accounts = ListAccounts.Access.Allows(actor, null) && filter.IsEmpty
                ? await Zombies.Of(db, AccountQuery.Connected(db), now).CountAsync(cancellation) : (int?)null;
            return new DashboardFigures(
                from, to, now, Enum.GetValues<DepartureState>().ToDictionary(state => state, state => rows.Count(row => row.State == state)), months, ToClosed(rows), rows.Count(row => IsNotClosed(row, now)), late, lateTasks, accounts,
                Durations.Of(announced.Select(row => row.At!.Value - row.OpenedAt).Where(span => span >= TimeSpan.Zero)),
                Handed(DepartureTaskState.Done), Handed(DepartureTaskState.Done, DepartureTaskState.Open, DepartureTaskState.Waiting));
        }

        private static DateOnly MonthOf(DateTimeOffset instant, TimeZoneInfo zone)
        {
            var local = TimeZoneInfo.ConvertTime(instant, zone);
            return new(local.Year, local.Month, 1);
        }

        private static MonthFigures Of(DateOnly month, IEnumerable<Row> rows)
        {
            var all = rows.ToList();
            int Count(params DepartureState[] states) => all.Count(row => states.Contains(row.State));
            return new(
                month, Count(DepartureState.Open, DepartureState.Disconnecting), Count(DepartureState.Cut, DepartureState.Closed), Count(DepartureState.NeedsAttention, DepartureState.GivenBack),
                Count(DepartureState.Cancelled), ToClosed(all));
        }

        // Before its instant, by an immediate cut, is as good as at it.
        private static Durations ToClosed(IEnumerable<Row> rows) => Durations.Of(rows.Where(IsClosed).Select(row => row.CutDoneAt!.Value > row.CutAt ? row.CutDoneAt.Value - row.CutAt : TimeSpan.Zero));

        private static bool IsClosed(Row row) => row is { CutDoneAt: not null, State: DepartureState.Cut or DepartureState.Closed };

        private static bool IsNotClosed(Row row, DateTimeOffset now) => row.CutAt <= now && row.State is not (DepartureState.Cut or DepartureState.Closed or DepartureState.Cancelled);

        private sealed record Row(DateTimeOffset CutAt, DepartureState State, DateTimeOffset? CutDoneAt);
    }
}
