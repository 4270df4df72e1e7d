using System.Globalization;
using System.Text;
using System.Text.Json;
using Depart.Evidence;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Proof;

/// <summary>One line of the journal: who acted is null when the name was erased; whom or what it is about when a name says so and was not erased.</summary>
public sealed record JournalLine(string Chain, long Sequence, DateTimeOffset At, string Kind, string? By, string? About)
{
    /// <summary>Whose departure the chain is, where the reader may know; null outside departures.</summary>
    public string? Whose { get; init; }
}

/// <summary>Says whose each chain is: the journal itself knows chains only.</summary>
internal interface IChainNames
{
    /// <summary>The names that the reader may know, by chain.</summary>
    Task<IReadOnlyDictionary<string, string>> OfAsync(IReadOnlyCollection<string> chains, CancellationToken cancellation);
}

/// <summary>The journal, newest first, a page at a time. 1 to 200 a page; the cursor is opaque.</summary>
/// <remarks><paramref name="Kind"/> is the beginning of a kind: <c>departure.</c>. <paramref name="Until"/> is a day of the reader, included.</remarks>
internal sealed record ReadJournal(string? Chain = null, string? Kind = null, DateOnly? Until = null, string? After = null, int Size = 50) : IQuery<Page<JournalLine>>
{
    public static Access Access => Access.To(Role.Security, Role.Auditor, Role.Admin);

    internal sealed class Handler(DepartDb db, IChainNames whose) : IHandler<ReadJournal, Page<JournalLine>>
    {
        private const string ByName = "byName";

        /// <summary>Personal values that name whom or what an entry is about, the best first.</summary>
        private static readonly string[] Named = ["name", "title", "person", "login", "fileName", ByName];

        public async Task<Outcome<Page<JournalLine>>> HandleAsync(ReadJournal query, CancellationToken cancellation)
        {
            var size = Math.Clamp(query.Size, 1, 200);
            var rows = db.Set<JournalRow>().AsQueryable();
            if (!string.IsNullOrEmpty(query.Chain))
            {
                rows = rows.Where(row => row.Chain == query.Chain);
            }

            if (!string.IsNullOrEmpty(query.Kind))
            {
                rows = rows.Where(row => row.Kind.StartsWith(query.Kind));
            }

            if (query.Until is { } day)
            {
                var end = LocalInstant.Of(day.AddDays(1), TimeOnly.MinValue, Foundation.Design.Zones.Reader);
                rows = rows.Where(row => row.At < end);
            }

            var (from, skip) = Place(query.After);
            if (from is { } instant)
            {
                rows = rows.Where(row => row.At <= instant);
            }

            var found = await rows.OrderByDescending(row => row.At).ThenBy(row => row.Chain).ThenByDescending(row => row.Sequence)
                .Skip(skip).Take(size + 1).Select(row => new { row.Chain, row.Sequence, row.At, row.Kind }).ToListAsync(cancellation);
            var shown = found.Take(size).ToList();
            var chains = shown.Select(row => row.Chain).Distinct().ToList();
            var (low, high) = (shown.Count == 0 ? 0 : shown.Min(row => row.Sequence), shown.Count == 0 ? 0 : shown.Max(row => row.Sequence));
            var names = (await db.Set<JournalValue>()
                .Where(value => Named.Contains(value.Name) && chains.Contains(value.Chain) && value.Sequence >= low && value.Sequence <= high)
                .ToListAsync(cancellation)).ToLookup(value => (value.Chain, value.Sequence));
            var next = found.Count > size
                ? string.Create(CultureInfo.InvariantCulture, $"{shown[^1].At.ToUnixTimeMilliseconds()}-{shown.Count(row => row.At == shown[^1].At) + (shown[^1].At == from ? skip : 0)}")
                : null;
            var people = await whose.OfAsync(chains, cancellation);
            return new Page<JournalLine>(
                [.. shown.Select(row => Line(names[(row.Chain, row.Sequence)].ToList(), row.Chain, row.Sequence, row.At, row.Kind) with { Whose = people.GetValueOrDefault(row.Chain) })], next);
        }

        private static JournalLine Line(List<JournalValue> values, string chain, long sequence, DateTimeOffset at, string kind)
        {
            var by = values.Find(value => value.Name == ByName)?.Value;
            var about = values.Where(value => value.Name != ByName).OrderBy(value => Array.IndexOf(Named, value.Name)).FirstOrDefault()?.Value;
            return new(chain, sequence, at, kind, by, about == by ? null : about);
        }

        private static (DateTimeOffset? From, int Skip) Place(string? cursor) =>
            cursor?.Split('-') is [var at, var skip]
                && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds < 253_402_300_800_000
                && int.TryParse(skip, NumberStyles.None, CultureInfo.InvariantCulture, out var shown)
                ? (DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), shown)
                : (null, 0);
    }
}

/// <summary>One entry with all that it holds: its hash and the one it states for the entry before, public values as text, personal values (null where erased), and its exact bytes as text.</summary>
public sealed record JournalDetail(
    string Chain, long Sequence, DateTimeOffset At, string Kind, string Hash, string Previous, IReadOnlyList<(string Name, string Value)> Values,
    IReadOnlyList<(string Name, string? Value)> Personal, string Json);

/// <summary>One entry of the journal.</summary>
internal sealed record ReadJournalEntry(string Chain, long Sequence) : IQuery<JournalDetail>
{
    public static Access Access => ReadJournal.Access;

    internal sealed class Handler(DepartDb db) : IHandler<ReadJournalEntry, JournalDetail>
    {
        public async Task<Outcome<JournalDetail>> HandleAsync(ReadJournalEntry query, CancellationToken cancellation)
        {
            if (await db.Set<JournalRow>().FirstOrDefaultAsync(row => row.Chain == query.Chain && row.Sequence == query.Sequence, cancellation) is not { } row)
            {
                return Problem.NotFound(JournalText.Entry);
            }

            var personal = await db.Set<JournalValue>().Where(value => value.Chain == query.Chain && value.Sequence == query.Sequence)
                .ToDictionaryAsync(value => value.Name, value => value.Value, StringComparer.Ordinal, cancellation);
            using var entry = JsonDocument.Parse(row.Bytes);
            return new JournalDetail(
                row.Chain, row.Sequence, row.At, row.Kind, JournalEntry.Hash(row.Bytes), entry.RootElement.GetProperty("prev").GetString()!,
                [.. entry.RootElement.GetProperty("values").EnumerateObject().Select(value => (value.Name, value.Value.ToString()))],
                [.. entry.RootElement.GetProperty("personal").EnumerateObject().Select(value => (value.Name, personal.GetValueOrDefault(value.Name)))],
                Encoding.UTF8.GetString(row.Bytes));
        }
    }
}
