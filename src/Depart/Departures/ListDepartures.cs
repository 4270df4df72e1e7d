using System.Globalization;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>One line of the list of departures.</summary>
public sealed record DepartureRow(
    DepartureId Id, PersonId Person, string Name, string Mission, string? Supplier, DateOnly LastDay, string Zone, DateTimeOffset CutAt,
    DepartureKind Kind, DepartureReason Reason, DepartureState State, DateTimeOffset? CutDoneAt, long Version, bool Prepared)
{
    /// <summary>Nobody but the named few, the reader among them, knows of it (DEP3).</summary>
    public bool UnderEmbargo { get; init; }

    /// <summary>The unit of the mission, or null.</summary>
    public string? Unit { get; init; }

    /// <summary>Nothing is cut, nor being cut: the cut may be planned, moved or made.</summary>
    internal bool IsAhead => State is DepartureState.Open or DepartureState.GivenBack;
}

/// <summary>Departures by the instant of their cut, a page at a time (DEP7).</summary>
/// <remarks>The next cut first, or the newest. A manager gets those of own missions, whoever holds a role within units those of these. Search looks at the person's name, accents ignored. The cursor is opaque and goes with its order. 1 to 200 a page.</remarks>
internal sealed record ListDepartures(
    string? Search = null, DepartureState? State = null, PersonId? Person = null, string? After = null, int Size = 50, bool Newest = false, DepartureFilter? Filter = null)
    : IQuery<Page<DepartureRow>>, IRouted
{
    public static Access Access => Access.To(Role.Manager, Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures", (
            string? search, Word<DepartureState>? state, PersonId? person, string? unit, SupplierId? supplier, PersonId? manager, int? step, bool? late, bool? unclosed, DateOnly? from, DateOnly? to, string? after, int? size, bool? newest,
            ApiDoor door) => state?.Refusal("state") is { } refusal
                ? Task.FromResult<IResult>(ApiDoor.Failed(refusal))
                : door.AskAsync(new ListDepartures(
                    search, state?.Value, person, after, size ?? 50, newest ?? false,
                    new() { Unit = unit, Supplier = supplier, Manager = manager, Step = step, Late = late ?? false, Unclosed = unclosed ?? false, From = from, To = to }))).WithTags("Departures");

    /// <summary>The cursor that begins at an instant: with the next cut first what is cut from then on, with the newest first what was cut before.</summary>
    internal static string CursorAt(DateTimeOffset instant) => Place.Of(instant, Guid.Empty);

    internal sealed class Handler(DepartDb db, Actor actor, TimeProvider clock) : IHandler<ListDepartures, Page<DepartureRow>>
    {
        public async Task<Outcome<Page<DepartureRow>>> HandleAsync(ListDepartures query, CancellationToken cancellation)
        {
            if (query.Filter?.Refusal() is { } refusal)
            {
                return refusal;
            }

            var size = Math.Clamp(query.Size, 1, 200);
            var departures = await DepartureRows.FoundAsync(db, actor, query.Search, cancellation);
            departures = query.Filter?.Of(db, departures, clock.GetUtcNow()) ?? departures;
            if (query.State is { } state)
            {
                departures = departures.Where(departure => departure.State == state);
            }

            if (query.Person is { } person)
            {
                departures = departures.Where(departure => departure.Person == person);
            }

            if (query.After is { Length: > 0 } after)
            {
                if (!Place.TryRead(after, out var instant, out var last))
                {
                    return Cursors.Unknown;
                }

                // The first bound is where the index is entered; the rest leaves out what was shown of that instant.
                departures = query.Newest
                    ? departures.Where(departure => departure.CutAt <= instant && (departure.CutAt < instant || departure.Id.CompareTo(last) < 0))
                    : departures.Where(departure => departure.CutAt >= instant && (departure.CutAt > instant || departure.Id.CompareTo(last) > 0));
            }

            // The page is cut out before names are looked up for it.
            var ordered = query.Newest
                ? departures.OrderByDescending(departure => departure.CutAt).ThenByDescending(departure => departure.Id)
                : departures.OrderBy(departure => departure.CutAt).ThenBy(departure => departure.Id);
            var list = await DepartureRows.Of(db, ordered.Take(size + 1)).ToListAsync(cancellation);
            if (query.Newest)
            {
                list.Reverse();
            }

            return new Page<DepartureRow>([.. list.Take(size)], list.Count > size ? Place.Of(list[size - 1]) : null);
        }
    }

    /// <summary>A place in the list, written as the instant and the departure of the last row shown.</summary>
    private static class Place
    {
        public static bool TryRead(string cursor, out DateTimeOffset instant, out DepartureId last)
        {
            (instant, last) = (default, default);
            if (cursor.Split('-') is not [var at, var id]
                || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                || !DepartureId.TryParse(id, out last))
            {
                return false;
            }

            instant = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            return true;
        }

        public static string Of(DepartureRow row) => Of(row.CutAt, row.Id.Value);

        public static string Of(DateTimeOffset instant, Guid last) => string.Create(CultureInfo.InvariantCulture, $"{instant.ToUnixTimeMilliseconds()}-{last:N}");
    }
}

/// <summary>One departure.</summary>
internal sealed record GetDeparture(DepartureId Departure) : IQuery<DepartureRow>, IRouted, IOnDeparture
{
    public static Access Access => Access.To(Role.Manager, Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin).OfThatDeparture;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures/{departure}", (DepartureId departure, ApiDoor door) => door.AskAsync(new GetDeparture(departure))).WithTags("Departures");

    internal sealed class Handler(DepartDb db) : IHandler<GetDeparture, DepartureRow>
    {
        public async Task<Outcome<DepartureRow>> HandleAsync(GetDeparture query, CancellationToken cancellation) =>
            await DepartureRows.Of(db, db.Set<Departure>().Where(departure => departure.Id == query.Departure))
                .FirstOrDefaultAsync(cancellation) is { } row
                ? row
                : Problem.NotFound(DeparturesText.Departure);
    }
}
