using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions.Imports;

/// <summary>Applies what the preview shows. The engine goes through the lines; progress is read with the import.</summary>
internal sealed record ApplyImport(ImportId Import) : ICommand<Done>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/imports/{import}/apply", (ImportId import, ApiDoor door) => door.SendAsync(new ApplyImport(import))).WithTags("Imports");

    internal sealed class Handler(DepartDb db, RequestSlot request, Actor actor, IJournal journal, TimeProvider clock) : IHandler<ApplyImport, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ApplyImport command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Import>([command.Import], cancellation) is not { } import)
            {
                return Problem.NotFound(ImportsText.Import);
            }

            if (!import.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            if (import.Apply(actor, clock.GetUtcNow()) is { } refusal)
            {
                return refusal;
            }

            db.Enqueue(import.NextWork(clock.GetUtcNow()));
            journal.Record(ImportFacts.Of(import, "import.confirmed"));
            return Done.Value;
        }
    }
}

/// <summary>Applies the next lines of an import in one transaction; a place that was passed already is left alone.</summary>
internal sealed record ApplyImportLines(ImportId Import, ImportPlace Place) : ICommand<Done>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, LineVault vault, IImportedDepartures departures, MissionWatches watches, IDepartureBinding binding, IJournal journal, TimeProvider clock) : IHandler<ApplyImportLines, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ApplyImportLines command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Import>([command.Import], cancellation) is not { } import || !import.IsAt(command.Place.Phase, command.Place.Next))
            {
                return Done.Value;
            }

            // By the range of the key, whatever the statistics say of states: lines that change nothing are passed over here.
            var end = Math.Min(import.Lines, import.Next + import.Chunk);
            var rows = await db.Set<ImportLine>().AsNoTracking()
                .Where(line => line.Import == import.Id && line.Index >= import.Next && line.Index < end && (line.State == LineState.Create || line.State == LineState.Change))
                .OrderBy(line => line.Index).ToListAsync(cancellation);
            var lines = rows.ConvertAll(row => new AppliedLine(row, vault.Open(row.Content)));
            await (import.Phase switch
            {
                ImportPhase.People => new PeopleOfLines(db, journal, binding, watches, import).ApplyAsync(lines, cancellation),
                ImportPhase.Missions => new MissionsOfLines(db, journal, binding, import).ApplyAsync([.. lines.Where(line => line.Row.Mission is not null)], cancellation),
                _ => departures.ApplyAsync(lines, import, cancellation),
            });

            await watches.TellAsync(cancellation);
            var done = await MarkAsync(import, lines, cancellation);
            var refused = lines.Where(line => line.Refusal is not null).Select(line => line.Row.State).ToList();
            import.Advance(end, end == import.Lines, done, refused, clock.GetUtcNow());
            if (import.State == ImportState.Applying)
            {
                db.Enqueue(import.NextWork(clock.GetUtcNow()));
            }
            else
            {
                journal.Record(ImportFacts.Of(import, "import.applied"));
            }

            return Done.Value;
        }

        /// <summary>Marks the lines by one statement, and the refused ones each with its reason; gives how many are done with.</summary>
        private async Task<int> MarkAsync(Import import, List<AppliedLine> lines, CancellationToken cancellation)
        {
            foreach (var line in lines.Where(line => line.Refusal is not null))
            {
                var why = vault.Lock(line.Content with { Problems = [line.Refusal!] });
                await db.Set<ImportLine>().Where(row => row.Import == import.Id && row.Index == line.Row.Index)
                    .ExecuteUpdateAsync(row => row.SetProperty(set => set.State, LineState.Refused).SetProperty(set => set.Content, why), cancellation);
            }

            var done = lines.Where(line => line.Refusal is null && !line.Row.Applied && (line.Row.Mission is null || import.Phase != ImportPhase.People))
                .Select(line => line.Row.Index).ToList();
            return done.Count == 0 ? 0 : await db.Set<ImportLine>().Where(row => row.Import == import.Id && done.Contains(row.Index))
                .ExecuteUpdateAsync(row => row.SetProperty(set => set.Applied, true), cancellation);
        }
    }
}

/// <summary>Decides and opens the departures of a file: imports know lines and missions, the room of departures plugs in what a line opens.</summary>
internal interface IImportedDepartures
{
    /// <summary>Decides lines whose mission was found: opens, says nothing new, or is refused.</summary>
    Task DecideAsync(IReadOnlyList<LineDecision> lines, ImportColumns columns, CancellationToken cancellation);

    /// <summary>What only whoever reads the lines of these missions may be told besides; it is not kept with them.</summary>
    Task<IReadOnlyDictionary<MissionId, Words>> NotesAsync(IReadOnlyCollection<MissionId> of, CancellationToken cancellation);

    /// <summary>Opens the departures of some lines in the transaction at hand; what moved since the preview is refused.</summary>
    Task ApplyAsync(IReadOnlyList<AppliedLine> lines, Import import, CancellationToken cancellation);
}

/// <summary>A line while it is applied.</summary>
internal sealed class AppliedLine(ImportLine row, LineContent content)
{
    public ImportLine Row { get; } = row;

    public LineContent Content { get; } = content;

    /// <summary>Why it could not be applied after all.</summary>
    public LineProblem? Refusal { get; set; }
}

/// <summary>The engine applies the next lines.</summary>
[WorkKind(Import.ApplyWork)]
internal sealed class ApplyImportHandler(Dispatcher dispatcher) : IWorkHandler
{
    public async Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation)
    {
        _ = ImportId.TryParse(item.Subject, out var import);
        var done = await dispatcher.SendAsync(
            new ApplyImportLines(import, JsonSerializer.Deserialize<ImportPlace>(item.Payload!)!), Actor.Engine, cancellation);
        return done.Ok ? new(WorkVerdict.Done) : new(WorkVerdict.Retry) { Error = done.Problem.Message };
    }

    public Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>What the journal says of an import.</summary>
internal static class ImportFacts
{
    public static Fact Of(Import import, string kind) => new(Fact.House, kind)
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["import"] = import.Id.Value,
            ["confirmedBy"] = import.AppliedBy,
            ["lines"] = import.Lines,
            ["create"] = import.ToCreate,
            ["change"] = import.ToChange,
            ["unchanged"] = import.Unchanged,
            ["refused"] = import.Refused,
        },
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["confirmedByName"] = import.AppliedByName },
    };

    /// <summary>A fact of the record that comes from an import: who confirmed it stands beside the engine that wrote it.</summary>
    public static Fact From(this Fact fact, Import import) => fact with
    {
        Values = new Dictionary<string, object?>(fact.Values, StringComparer.Ordinal) { ["import"] = import.Id.Value, ["confirmedBy"] = import.AppliedBy },
    };
}
