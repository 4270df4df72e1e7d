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
    DepartureKind Kind, DepartureReason Reason, DepartureState State, DateTimeOffset? CutDoneAt, long Version);

/// <summary>Departures by the instant of their cut, a page at a time (DEP7).</summary>
/// <remarks>Search looks at the person's name, accents ignored. The cursor is opaque. 1 to 200 a page.</remarks>
internal sealed record ListDepartures(
    string? Search = null, DepartureState? State = null, PersonId? Person = null, string? After = null, int Size = 50)
    : IQuery<Page<DepartureRow>>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures", (string? search, Word<DepartureState>? state, PersonId? person, string? after, int? size, ApiDoor door) =>
            state?.Refusal("state") is { } refusal
                ? Task.FromResult<IResult>(ApiDoor.Failed(refusal))
                : door.AskAsync(new ListDepartures(search, state?.Value, person, after, size ?? 50))).WithTags("Departures");

    internal sealed class Handler(DepartDb db) : IHandler<ListDepartures, Page<DepartureRow>>
    {
        public async Task<Outcome<Page<DepartureRow>>> HandleAsync(ListDepartures query, CancellationToken cancellation)
        {
            var size = Math.Clamp(query.Size, 1, 200);
            var departures = db.Set<Departure>().AsQueryable();
            if (query.State is { } state)
            {
                departures = departures.Where(departure => departure.State == state);
            }

            if (query.Person is { } person)
            {
                departures = departures.Where(departure => departure.Person == person);
            }

            var (from, skip) = Position.Read(query.After);
            if (from is { } instant)
            {
                departures = departures.Where(departure => departure.CutAt >= instant);
            }

            var rows = DepartureRows.Of(db, departures, query.Search);
            var list = await rows.Skip(skip).Take(size + 1).ToListAsync(cancellation);
            return new Page<DepartureRow>([.. list.Take(size)], Position.After(list, size, from, skip));
        }
    }

    /// <summary>A place in the list: an instant, and how many rows of that instant were shown.</summary>
    private static class Position
    {
        public static (DateTimeOffset? From, int Skip) Read(string? cursor) =>
            cursor?.Split('-') is [var at, var skip]
                && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                && int.TryParse(skip, NumberStyles.None, CultureInfo.InvariantCulture, out var shown)
                ? (DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), shown)
                : (null, 0);

        public static string? After(List<DepartureRow> rows, int size, DateTimeOffset? from, int skip)
        {
            if (rows.Count <= size)
            {
                return null;
            }

            var last = rows[size - 1].CutAt;
            var shown = rows.Take(size).Count(row => row.CutAt == last) + (last == from ? skip : 0);
            return string.Create(CultureInfo.InvariantCulture, $"{last.ToUnixTimeMilliseconds()}-{shown}");
        }
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
            await DepartureRows.Of(db, db.Set<Departure>().Where(departure => departure.Id == query.Departure), null)
                .FirstOrDefaultAsync(cancellation) is { } row
                ? row
                : Problem.NotFound(DeparturesText.Departure);
    }
}
