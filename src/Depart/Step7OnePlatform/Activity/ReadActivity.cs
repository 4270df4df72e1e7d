using System.Globalization;
using System.Text.Json;
using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Depart.Proof;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.Activity;

/// <summary>Something that happened on a departure, as a sentence.</summary>
/// <param name="Number">Its place in the journal of the departure.</param>
/// <param name="At">UTC.</param>
/// <param name="Said">Who did what.</param>
/// <param name="Remark">What they wrote with it, or null.</param>
/// <param name="Task">The task it is about, or null.</param>
public sealed record ActivityLine(long Number, DateTimeOffset At, Words Said, string? Remark, DepartureTaskId? Task);

/// <summary>What happened on a departure (PLT1), newest first: its journal in sentences, for whoever may see the departure. 1 to 100 a page.</summary>
/// <remarks>Only kinds that have a sentence (<see cref="ActivityText.Told"/>): what is added to the journal is not shown by itself. The proof is the journal, entry by entry.</remarks>
internal sealed record ReadActivity(DepartureId Departure, string? After = null, int Size = 30) : IQuery<Page<ActivityLine>>, IRouted, IOnDeparture
{
    public static Access Access => GetDeparture.Access;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/departures/{departure}/activity", (DepartureId departure, string? after, int? size, ApiDoor door) => door.AskAsync(new ReadActivity(departure, after, size ?? 30))).WithTags("Departures");

    internal sealed class Handler(DepartDb db, ActivityReader activity) : IHandler<ReadActivity, Page<ActivityLine>>
    {
        public async Task<Outcome<Page<ActivityLine>>> HandleAsync(ReadActivity query, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([query.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            var before = long.MaxValue;
            if (query.After is { Length: > 0 } cursor && (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before) || before < 1))
            {
                return Cursors.Unknown;
            }

            var size = Math.Clamp(query.Size, 1, 100);
            var lines = await activity.OfAsync(departure, rows => rows.Where(row => row.Sequence < before).OrderByDescending(row => row.Sequence).Take(size + 1), cancellation);
            return new Page<ActivityLine>([.. lines.Take(size)], lines.Count > size ? lines[size - 1].Number.ToString(CultureInfo.InvariantCulture) : null);
        }
    }
}

/// <summary>Puts entries of the journal of a departure into sentences. Scoped.</summary>
internal sealed class ActivityReader(DepartDb db, IUserDirectory users)
{
    /// <summary>Those that are <paramref name="wanted"/>, in the order given; what has no sentence is left out.</summary>
    public async Task<IReadOnlyList<ActivityLine>> OfAsync(Departure departure, Func<IQueryable<JournalRow>, IQueryable<JournalRow>> wanted, CancellationToken cancellation)
    {
        var rows = await wanted(db.Set<JournalRow>().Where(row => row.Chain == departure.Chain && ActivityText.Told.Contains(row.Kind))).ToListAsync(cancellation);
        if (rows.Count == 0)
        {
            return [];
        }

        var (low, high) = (rows.Min(row => row.Sequence), rows.Max(row => row.Sequence));
        var personal = (await db.Set<JournalValue>().Where(value => value.Chain == departure.Chain && value.Sequence >= low && value.Sequence <= high)
            .ToListAsync(cancellation)).ToLookup(value => value.Sequence);
        var facts = rows.ConvertAll(row => new ActivityFact(row.Kind, Values(row.Bytes), personal[row.Sequence].ToDictionary(value => value.Name, value => (string?)value.Value, StringComparer.Ordinal)));
        var named = new ActivityNames(
            await TasksAsync([.. facts.Select(fact => fact.IdOf("task")).OfType<Guid>().Select(DepartureTaskId.From).Distinct()], cancellation),
            await users.NamesAsync([.. facts.Select(fact => fact.IdOf("assignee")).OfType<Guid>().Distinct()], cancellation),
            await PeopleAsync([.. facts.Select(fact => fact.IdOf("replacedBy")).OfType<Guid>().Select(PersonId.From).Distinct()], cancellation));
        return
        [
            .. rows.Zip(facts, (row, fact) => new ActivityLine(
                row.Sequence, row.At, ActivityText.Of(fact, named, departure), ActivityText.RemarkOf(fact), fact.IdOf("task") is { } task && named.Tasks.ContainsKey(task) ? DepartureTaskId.From(task) : null)),
        ];
    }

    private static Dictionary<string, JsonElement> Values(byte[] bytes)
    {
        using var entry = JsonDocument.Parse(bytes);
        return entry.RootElement.GetProperty("values").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.Clone(), StringComparer.Ordinal);
    }

    private async Task<Dictionary<Guid, Words>> TasksAsync(List<DepartureTaskId> ids, CancellationToken cancellation) =>
        ids.Count == 0 ? [] : (await db.Set<DepartureTask>().Where(task => ids.Contains(task.Id)).ToListAsync(cancellation)).ToDictionary(task => task.Id.Value, task => task.Title);

    private async Task<Dictionary<Guid, string>> PeopleAsync(List<PersonId> ids, CancellationToken cancellation) =>
        ids.Count == 0 ? [] : (await db.Set<Person>().Where(person => ids.Contains(person.Id)).ToListAsync(cancellation)).ToDictionary(person => person.Id.Value, person => person.Name);
}

/// <summary>What an entry of the journal holds.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Values">Values that name nobody.</param>
/// <param name="Personal">Values that name somebody; null where erased.</param>
internal sealed record ActivityFact(string Kind, IReadOnlyDictionary<string, JsonElement> Values, IReadOnlyDictionary<string, string?> Personal)
{
    public string? TextOf(string name) => Values.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public Guid? IdOf(string name) => Guid.TryParse(TextOf(name), out var id) ? id : null;

    public IReadOnlyList<JsonElement> ListOf(string name) => Values.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [];

    public int NumberOf(string name) => Values.TryGetValue(name, out var value) && value.TryGetInt32(out var number) ? number : 0;
}

/// <summary>Names of what entries speak of.</summary>
internal sealed record ActivityNames(IReadOnlyDictionary<Guid, Words> Tasks, IReadOnlyDictionary<Guid, string> Users, IReadOnlyDictionary<Guid, string> People);
