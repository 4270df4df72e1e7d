using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions.Imports.Nightly;

/// <summary>A nightly import, as shown.</summary>
/// <remarks>Folder: where its files are looked for, on the server. NextAt: its next night, null when it does not run. Vanished: what the file speaks of no more.</remarks>
public sealed record NightlyView(
    NightlyImportId Id, string Name, string File, string Folder, ImportKind Kind, TimeOnly Hour, string Zone, DateOrder Dates, int MostEnded, bool Runs, IReadOnlyList<MappedColumn> Columns, DateTimeOffset? NextAt,
    int Vanished, IReadOnlyList<NightlyRunView> Nights, long Version) : IVersioned;

/// <summary>One night, as shown.</summary>
/// <remarks>Ended: running missions that the file would end, of Running. Vanished: lines of the time before that are not in it. State: where its import stands.</remarks>
public sealed record NightlyRunView(
    DateTimeOffset At, NightlyResult Result, string? FileName, ImportId? Import, ImportState? State, int Create, int Change, int Refused, int Ended, int Running, int Vanished, Words? Why);

/// <summary>The nightly imports, each with its last nights.</summary>
internal sealed record ListNightly : IQuery<IReadOnlyList<NightlyView>>, IRouted
{
    public static Access Access => SaveNightly.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports/nightly", (ApiDoor door) => door.AskAsync(new ListNightly())).WithTags("Imports").Produces<IReadOnlyList<NightlyView>>();

    internal sealed class Handler(DepartDb db, StorageOptions storage) : IHandler<ListNightly, IReadOnlyList<NightlyView>>
    {
        public async Task<Outcome<IReadOnlyList<NightlyView>>> HandleAsync(ListNightly query, CancellationToken cancellation)
        {
            var views = new List<NightlyView>();
            foreach (var nightly in await db.Set<NightlyImport>().OrderBy(row => row.Name).ToListAsync(cancellation))
            {
                views.Add(await NightlyViews.OfAsync(db, storage, nightly, 1, cancellation));
            }

            return views;
        }
    }
}

/// <summary>One nightly import with its last thirty nights.</summary>
internal sealed record GetNightly(NightlyImportId Nightly) : IQuery<NightlyView>, IRouted
{
    public static Access Access => SaveNightly.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports/nightly/{nightly}", (NightlyImportId nightly, ApiDoor door) => door.AskAsync(new GetNightly(nightly))).WithTags("Imports").Produces<NightlyView>();

    internal sealed class Handler(DepartDb db, StorageOptions storage) : IHandler<GetNightly, NightlyView>
    {
        public async Task<Outcome<NightlyView>> HandleAsync(GetNightly query, CancellationToken cancellation) =>
            await db.Set<NightlyImport>().FirstOrDefaultAsync(row => row.Id == query.Nightly, cancellation) is { } nightly
                ? await NightlyViews.OfAsync(db, storage, nightly, 30, cancellation)
                : Problem.NotFound(NightlyText.Nightly);
    }
}

/// <summary>What the file speaks of no more: listed, and nothing else is done about it.</summary>
/// <param name="Person">Who.</param>
/// <param name="Name">Their name.</param>
/// <param name="Mission">The mission, or null: the line was about the person alone.</param>
/// <param name="Title">What it is called.</param>
/// <param name="End">Its end.</param>
/// <param name="GoneAt">When it was found missing.</param>
public sealed record VanishedRow(PersonId Person, string Name, MissionId? Mission, string? Title, DateOnly? End, DateTimeOffset GoneAt);

/// <summary>What a nightly file speaks of no more, the latest first, at most 500.</summary>
internal sealed record ListVanished(NightlyImportId Nightly) : IQuery<IReadOnlyList<VanishedRow>>, IRouted
{
    /// <summary>Most rows.</summary>
    public const int AtMost = 500;

    public static Access Access => SaveNightly.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports/nightly/{nightly}/vanished", (NightlyImportId nightly, ApiDoor door) => door.AskAsync(new ListVanished(nightly))).WithTags("Imports").Produces<IReadOnlyList<VanishedRow>>();

    internal sealed class Handler(DepartDb db) : IHandler<ListVanished, IReadOnlyList<VanishedRow>>
    {
        public async Task<Outcome<IReadOnlyList<VanishedRow>>> HandleAsync(ListVanished query, CancellationToken cancellation)
        {
            var rows = await (
                from subject in db.Set<NightlySubject>()
                join person in db.Set<Person>() on subject.Person equals person.Id
                where subject.Nightly == query.Nightly && subject.GoneAt != null
                orderby subject.GoneAt descending, person.SortName
                select new { subject.Person, Name = person.GivenName + " " + person.FamilyName, subject.Mission, subject.GoneAt }).Take(AtMost).ToListAsync(cancellation);
            var ids = rows.Select(row => row.Mission).Distinct().ToList();
            var missions = await db.Set<Mission>().Where(mission => ids.Contains(mission.Id)).Select(mission => new { mission.Id, mission.Title, mission.End }).ToDictionaryAsync(mission => mission.Id, cancellation);
            return rows.ConvertAll(row => missions.GetValueOrDefault(row.Mission) is { } mission
                ? new VanishedRow(row.Person, row.Name, mission.Id, mission.Title, mission.End, row.GoneAt!.Value)
                : new VanishedRow(row.Person, row.Name, null, null, null, row.GoneAt!.Value));
        }
    }
}

/// <summary>The columns of the newest file, so that a mapping can be chosen; what is not known has no field.</summary>
internal sealed record ReadNightlyColumns(NightlyImportId Nightly) : IQuery<IReadOnlyList<ImportColumnView>>, IRouted
{
    public static Access Access => SaveNightly.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports/nightly/{nightly}/columns", (NightlyImportId nightly, ApiDoor door) => door.AskAsync(new ReadNightlyColumns(nightly))).WithTags("Imports").Produces<IReadOnlyList<ImportColumnView>>();

    internal sealed class Handler(DepartDb db, StorageOptions storage) : IHandler<ReadNightlyColumns, IReadOnlyList<ImportColumnView>>
    {
        public async Task<Outcome<IReadOnlyList<ImportColumnView>>> HandleAsync(ReadNightlyColumns query, CancellationToken cancellation)
        {
            if (await db.Set<NightlyImport>().FirstOrDefaultAsync(row => row.Id == query.Nightly, cancellation) is not { } nightly)
            {
                return Problem.NotFound(NightlyText.Nightly);
            }

            try
            {
                if (IncomingFolder.Newest(storage, nightly.File) is not { Length: <= ImportLimits.Bytes } file)
                {
                    return Problem.NotFound(ImportsText.File);
                }

                var sheet = SheetReader.Read(await File.ReadAllBytesAsync(file.FullName, cancellation));
                if (!sheet.Ok)
                {
                    return sheet.Problem;
                }

                // A file whose titles say nothing yet has its first line as titles.
                var found = ImportColumns.Find(sheet.Value, nightly.Kind, nightly.Columns);
                return found.Ok
                    ? (ImportColumnView[])[.. found.Value.Columns.Where(column => column.Title.Length > 0).Select(column => new ImportColumnView(column.Title, column.Field, column.Note))]
                    : (ImportColumnView[])[.. (sheet.Value.Rows is [var first, ..] ? first.Cells : []).Where(title => title.Trim().Length > 0).Take(ImportLimits.Columns).Select(title => new ImportColumnView(title.Trim(), ImportColumns.Of(title, nightly.Kind), null))];
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return Problem.NotFound(ImportsText.File);
            }
        }
    }
}

/// <summary>Nightly imports as shown.</summary>
internal static class NightlyViews
{
    public static async Task<NightlyView> OfAsync(DepartDb db, StorageOptions storage, NightlyImport nightly, int nights, CancellationToken cancellation)
    {
        var runs = await db.Set<NightlyRun>().Where(run => run.Nightly == nightly.Id).OrderByDescending(run => run.At).Take(nights).ToListAsync(cancellation);
        var imports = runs.Select(run => run.Import).OfType<ImportId>().ToList();
        var states = await db.Set<Import>().Where(import => imports.Contains(import.Id)).Select(import => new { import.Id, import.State }).ToDictionaryAsync(import => import.Id, import => (ImportState?)import.State, cancellation);
        var subject = nightly.Id.ToString();
        var next = await db.Set<WorkItem>().Where(item => item.Subject == subject && item.Kind == NightlyImport.WorkKind && item.State == WorkState.Pending).OrderBy(item => item.DueAt).Select(item => (DateTimeOffset?)item.DueAt).FirstOrDefaultAsync(cancellation);
        return new(
            nightly.Id, nightly.Name, nightly.File, storage.IncomingFolder, nightly.Kind, nightly.Hour, nightly.Zone, nightly.Dates, nightly.MostEnded, nightly.Runs, nightly.Mapped, next,
            await db.Set<NightlySubject>().CountAsync(gone => gone.Nightly == nightly.Id && gone.GoneAt != null, cancellation),
            [.. runs.Select(run => new NightlyRunView(
                run.At, run.Result, run.FileName, run.Import, run.Import is { } id ? states.GetValueOrDefault(id) : null, run.Create, run.Change, run.Refused, run.Ended, run.Running, run.Vanished,
                run.WhyEn is null ? null : new(run.WhyEn, run.WhyFr ?? run.WhyEn)))],
            nightly.Version);
    }
}
