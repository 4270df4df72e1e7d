using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions.Imports;

/// <summary>An import: what was understood of the file, how many lines do what, and how far it was applied.</summary>
/// <remarks>
/// Create: lines that add a person or a mission. Change: lines that change what is known. Unchanged: lines that say nothing new. Refused: lines
/// that are not taken. Done: lines whose work is done. Progress: 0 to 1 while it is applied.
/// </remarks>
public sealed record ImportView(
    ImportId Id, string FileName, ImportKind Kind, ImportState State, Words Format, DateOrder Dates, IReadOnlyList<ImportColumnView> Columns, IReadOnlyList<Words> Notes,
    int Lines, int Create, int Change, int Unchanged, int Refused, int Done, double Progress, DateTimeOffset UploadedAt, string UploadedBy,
    DateTimeOffset? AppliedAt, string? AppliedBy, DateTimeOffset? DoneAt, DateTimeOffset ExpiresAt, long Version) : IVersioned
{
    internal static ImportView Of(Import import)
    {
        var about = JsonSerializer.Deserialize<ImportAbout>(import.About, ApiJson.Options)!;
        return new(
            import.Id, import.FileName, import.Kind, import.State, about.Format, about.Dates,
            [.. about.Columns.Select(column => new ImportColumnView(column.Title, column.Field, column.Note))], about.Notes,
            import.Lines, import.ToCreate, import.ToChange, import.Unchanged, import.Refused, import.Done,
            import.Lines == 0 ? 0 : import.Progress / (2.0 * import.Lines), import.UploadedAt, import.UploadedByName,
            import.AppliedAt, import.AppliedByName, import.DoneAt, import.ExpiresAt, import.Version);
    }
}

/// <summary>A column of the file; without a field it is left out, and the note says why.</summary>
public sealed record ImportColumnView(string Title, ImportField? Field, Words? Note);

/// <summary>One import.</summary>
internal sealed record GetImport(ImportId Import) : IQuery<ImportView>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports/{import}", (ImportId import, ApiDoor door) => door.AskAsync(new GetImport(import))).WithTags("Imports").Produces<ImportView>();

    internal sealed class Handler(DepartDb db) : IHandler<GetImport, ImportView>
    {
        public async Task<Outcome<ImportView>> HandleAsync(GetImport query, CancellationToken cancellation) =>
            await db.Set<Import>().FirstOrDefaultAsync(row => row.Id == query.Import, cancellation) is { } import
                ? ImportView.Of(import)
                : Problem.NotFound(ImportsText.Import);
    }
}

/// <summary>The latest imports, at most fifty.</summary>
internal sealed record ListImports : IQuery<IReadOnlyList<ImportView>>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports", (ApiDoor door) => door.AskAsync(new ListImports())).WithTags("Imports").Produces<IReadOnlyList<ImportView>>();

    internal sealed class Handler(DepartDb db) : IHandler<ListImports, IReadOnlyList<ImportView>>
    {
        public async Task<Outcome<IReadOnlyList<ImportView>>> HandleAsync(ListImports query, CancellationToken cancellation) =>
            (await db.Set<Import>().OrderByDescending(import => import.UploadedAt).Take(50).ToListAsync(cancellation)).ConvertAll(ImportView.Of);
    }
}

/// <summary>A line with what becomes of it.</summary>
/// <remarks>Line: as an editor or a spreadsheet shows it. Name: whom it is about. Applied: its work is done.</remarks>
public sealed record ImportLineView(
    int Line, string? Name, LineState State, bool Applied, PersonId? Person, MissionId? Mission, IReadOnlyList<ImportChangeView> Changes,
    IReadOnlyList<ImportProblemView> Problems, IReadOnlyList<Words> Notes);

/// <summary>A field, before and after.</summary>
public sealed record ImportChangeView(string Field, Words Label, Words? Before, Words? After);

/// <summary>Why a line is refused: the column's title in the file, or null for the whole line.</summary>
public sealed record ImportProblemView(string? Column, Words Message);

/// <summary>The lines of an import in the order of the file, of one state or all. 1 to 500 a page; the cursor is opaque.</summary>
internal sealed record ListImportLines(ImportId Import, LineState? State = null, int? After = null, int Size = 100) : IQuery<Page<ImportLineView>>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports/{import}/lines", (ImportId import, Word<LineState>? state, int? after, int? size, ApiDoor door) =>
            state?.Refusal("state") is { } refusal
                ? Task.FromResult<IResult>(ApiDoor.Failed(refusal))
                : door.AskAsync(new ListImportLines(import, state?.Value, after, size ?? 100))).WithTags("Imports").Produces<Page<ImportLineView>>();

    internal sealed class Handler(DepartDb db, LineVault vault, IImportedDepartures departures) : IHandler<ListImportLines, Page<ImportLineView>>
    {
        public async Task<Outcome<Page<ImportLineView>>> HandleAsync(ListImportLines query, CancellationToken cancellation)
        {
            if (await db.Set<Import>().FirstOrDefaultAsync(row => row.Id == query.Import, cancellation) is not { } import)
            {
                return Problem.NotFound(ImportsText.Import);
            }

            var size = Math.Clamp(query.Size, 1, 500);
            var lines = db.Set<ImportLine>().Where(line => line.Import == query.Import);
            if (query.State is { } state)
            {
                lines = lines.Where(line => line.State == state);
            }

            if (query.After is { } after)
            {
                lines = lines.Where(line => line.Index > after);
            }

            var found = await lines.OrderBy(line => line.Index).Take(size + 1).ToListAsync(cancellation);
            var notes = import.Kind == ImportKind.Departures
                ? await departures.NotesAsync([.. found.Where(line => line.State != LineState.Unchanged).Select(line => line.Mission).OfType<MissionId>().Distinct()], cancellation)
                : new Dictionary<MissionId, Words>();
            return new Page<ImportLineView>(
                [.. found.Take(size).Select(line => View(line, line.Mission is { } mission ? notes.GetValueOrDefault(mission) : null))],
                found.Count > size ? found[size - 1].Index.ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
        }

        private ImportLineView View(ImportLine line, Words? besides)
        {
            var content = vault.Open(line.Content);
            return new(
                line.Number, content.Name, line.State, line.Applied, line.NewPerson && !line.Applied ? null : line.Person, line.NewMission && !line.Applied ? null : line.Mission,
                [.. content.PersonChanges.Concat(content.MissionChanges).Concat(content.SupplierChanges)
                    .Select(change => new ImportChangeView(change.Field, change.Label, change.Before is { En.Length: 0 } ? null : change.Before, change.After))],
                [.. content.Problems.Select(problem => new ImportProblemView(problem.Column, problem.Message))], besides is null ? content.Notes : [.. content.Notes, besides]);
        }
    }
}
