using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace Depart.Missions.Imports;

/// <summary>
/// Reads a file and decides every line against the record, outside any transaction. Nothing is written. The answer lives in memory until
/// <see cref="KeepImport"/> and <see cref="KeepImportLines"/> keep it.
/// </summary>
/// <param name="Content">The file's bytes.</param>
/// <param name="Kind">What it is expected to hold.</param>
/// <param name="Dates">The order of its dates, or unknown to find out.</param>
/// <param name="Columns">What columns say whatever their titles, by titles as they are compared; null leaves one out.</param>
internal sealed record ReadImport(byte[] Content, ImportKind Kind, DateOrder Dates, IReadOnlyDictionary<string, ImportField?>? Columns = null) : IQuery<ReadFile>
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin).AndEngine;

    internal sealed class Handler(DepartDb db, IImportedDepartures departures, Actor actor) : IHandler<ReadImport, ReadFile>
    {
        public async Task<Outcome<ReadFile>> HandleAsync(ReadImport query, CancellationToken cancellation)
        {
            var file = StatedFile.Read(query.Content, query.Kind, query.Dates, query.Columns);
            if (!file.Ok)
            {
                return file.Problem;
            }

            var self = actor.Person is { } person ? PersonId.From(person) : (PersonId?)null;
            var own = self is null ? null : await db.Set<Person>().Where(row => row.Id == self).Select(row => row.Supplier).FirstOrDefaultAsync(cancellation);
            var record = await RecordSnapshot.LoadAsync(db, cancellation);
            if (query.Kind != ImportKind.Departures)
            {
                return file.Value.Against(record, self, own);
            }

            new LeaversOfFile(record, file.Value.Columns, self, own).Find(file.Value.Lines);
            await departures.DecideAsync(file.Value.Lines, file.Value.Columns, cancellation);
            return new ReadFile(file.Value.About, file.Value.Lines);
        }
    }
}

/// <summary>A file as it states things, before anything of the record is known.</summary>
internal sealed record StatedFile(ImportAbout About, ImportColumns Columns, IReadOnlyList<LineDecision> Lines)
{
    /// <summary>Reads the file: whatever its bytes, lines with their defects, or the reason why there are none.</summary>
    public static Outcome<StatedFile> Read(byte[] content, ImportKind kind, DateOrder dates, IReadOnlyDictionary<string, ImportField?>? mapping = null)
    {
        var sheet = SheetReader.Read(content);
        if (!sheet.Ok)
        {
            return sheet.Problem;
        }

        var columns = ImportColumns.Find(sheet.Value, kind, mapping);
        if (!columns.Ok)
        {
            return columns.Problem;
        }

        var rows = sheet.Value.Rows.Skip(columns.Value.HeaderRow + 1).ToList();
        if (rows.Count == 0)
        {
            return ImportsText.Empty;
        }

        var days = columns.Value.Columns.Where(column => column.Field is ImportField.Start or ImportField.End or ImportField.LastDay or ImportField.AnnounceOn).Select(column => column.Index).ToList();
        var order = dates == DateOrder.Unknown ? ImportDates.OrderOf(rows.SelectMany(row => days.Select(index => row[index])), columns.Value.French) : dates;
        var reader = new LineReader(columns.Value, order);
        var lines = rows.Select((row, index) =>
        {
            var (statement, problems) = reader.Read(row);
            return new LineDecision(index, row, statement, problems);
        }).ToList();
        return new StatedFile(
            new(sheet.Value.Format, sheet.Value.Delimiter, order, columns.Value.Columns, [.. sheet.Value.Notes, .. days.Count > 0 ? [ImportsText.Of(order)] : Array.Empty<Words>()]),
            columns.Value, lines);
    }

    /// <summary>Decides every line against the record; <paramref name="actor"/> and their supplier are kept from their own.</summary>
    public ReadFile Against(RecordSnapshot record, PersonId? actor, SupplierId? supplier)
    {
        new ImportPlan(record, Columns, actor, supplier).Decide(Lines);
        return new(About, Lines);
    }
}

/// <summary>A file, read and decided.</summary>
internal sealed record ReadFile(ImportAbout About, IReadOnlyList<LineDecision> Lines);

/// <summary>Keeps what was understood of a file; its lines follow.</summary>
internal sealed record KeepImport(string FileName, ImportKind Kind, ImportAbout About, int Lines) : ICommand<ImportId>
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin).AndEngine;

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal, TimeProvider clock) : IHandler<KeepImport, ImportId>
    {
        public Task<Outcome<ImportId>> HandleAsync(KeepImport command, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            var name = Path.GetFileName(string.Concat(command.FileName.Where(letter => !char.IsControl(letter))).Replace('\\', '/'));
            var import = new Import
            {
                FileName = SheetLimits.Cut(name, 200),
                Kind = command.Kind,
                About = JsonSerializer.Serialize(command.About, ApiJson.Options),
                Lines = command.Lines,
                UploadedBy = actor.User,
                UploadedByName = actor.Name,
                UploadedAt = now,
                ExpiresAt = now + ImportLimits.Life,
            };
            db.Add(import);
            db.Enqueue(new()
            {
                Queue = Import.Queue, Kind = Import.ForgetWork, Subject = import.Id.ToString(), IdempotencyKey = $"{Import.ForgetWork}-{import.Id}", DueAt = import.ExpiresAt,
            });
            journal.Record(new(Fact.House, "import.uploaded")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["import"] = import.Id.Value, ["lines"] = import.Lines },
                Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["fileName"] = import.FileName },
            });
            return Task.FromResult<Outcome<ImportId>>(import.Id);
        }
    }
}

/// <summary>Keeps lines of an import, encrypted; with the last ones the preview is ready.</summary>
internal sealed record KeepImportLines(ImportId Import, IReadOnlyList<LineDecision> Lines, bool Last) : ICommand<Done>
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin).AndEngine;

    internal sealed class Handler(DepartDb db, LineVault vault) : IHandler<KeepImportLines, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(KeepImportLines command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Import>([command.Import], cancellation) is not { } import)
            {
                return Problem.NotFound(ImportsText.Import);
            }

            await db.InsertAsync(command.Lines.Select(line => new ImportLine
            {
                Import = import.Id,
                Index = line.Index,
                Number = line.Row.Number,
                State = line.State,
                Person = line.Person,
                Mission = line.Mission,
                NewPerson = line.NewPerson,
                NewMission = line.NewMission,
                Content = vault.Lock(LineContent.Of(line)),
            }).ToList(), cancellation);
            import.Keep([.. command.Lines.Select(line => line.State)], command.Last);
            return Done.Value;
        }
    }
}

/// <summary>Takes a file in: the route of the API and the page use it. Two files at a time, so that memory stays bounded.</summary>
internal sealed class ImportDesk(Dispatcher dispatcher) : IDisposable
{
    private readonly SemaphoreSlim places = new(2, 2);

    /// <summary>Reads the file, decides its lines and keeps them; nothing of the record is changed.</summary>
    public Task<Outcome<ImportId>> ReceiveAsync(byte[] content, string fileName, ImportKind kind, DateOrder dates, Actor actor, CancellationToken cancellation) =>
        ReceiveAsync(content, fileName, kind, dates, null, actor, cancellation);

    /// <summary>The same with columns whose meaning was saved.</summary>
    public async Task<Outcome<ImportId>> ReceiveAsync(
        byte[] content, string fileName, ImportKind kind, DateOrder dates, IReadOnlyDictionary<string, ImportField?>? columns, Actor actor, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            var read = await dispatcher.AskAsync(new ReadImport(content, kind, dates, columns), actor, cancellation);
            if (!read.Ok)
            {
                return read.Problem;
            }

            var kept = await dispatcher.SendAsync(new KeepImport(fileName, kind, read.Value.About, read.Value.Lines.Count), actor, cancellation);
            var lines = read.Value.Lines;
            for (var from = 0; kept.Ok && from < lines.Count; from += ImportLimits.Chunk)
            {
                var chunk = lines.Skip(from).Take(ImportLimits.Chunk).ToList();
                var done = await dispatcher.SendAsync(new KeepImportLines(kept.Value, chunk, from + chunk.Count == lines.Count), actor, cancellation);
                if (!done.Ok)
                {
                    return done.Problem;
                }
            }

            return kept;
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();
}

/// <summary>The upload as a route: the body is read as it comes, at most 20 MB, never written to a temporary file.</summary>
internal abstract class ImportUpload : IRouted
{
    private static readonly Words NoFile = new(
        "Send the file as multipart/form-data, in a part named “file”.", "Envoyez le fichier en multipart/form-data, dans une partie nommée « file ».");

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/imports", ReceiveAsync).WithTags("Imports").Accepts<IFormFile>("multipart/form-data").Produces<ImportView>()
            .WithMetadata(new RequestSizeLimitAttribute(5L * ImportLimits.Bytes)) // Beyond our limit nothing is kept, but the sender hears why instead of a closed connection.
            .WithDescription("A CSV or XLSX file of people and missions, or of departures to open (kind=departures), in the part “file”, at most 20 MB and 50,000 lines. Gives the preview; nothing is changed before /apply.");

    private static async Task<IResult> ReceiveAsync(Word<ImportKind>? kind, Word<DateOrder>? dates, ImportDesk desk, Dispatcher dispatcher, HttpContext http)
    {
        var actor = Actor.From(http.User);
        if (!ReadImport.Access.Allows(actor, null))
        {
            // Before the body is read: who may not import costs no memory.
            return ApiDoor.Failed(actor.IsKnown ? Problem.Forbidden : Problem.Unauthenticated);
        }

        if ((kind?.Refusal("kind") ?? dates?.Refusal("dates")) is { } refusal)
        {
            return ApiDoor.Failed(refusal);
        }

        var file = await FileAsync(http.Request, http.RequestAborted);
        if (!file.Ok)
        {
            return ApiDoor.Failed(file.Problem);
        }

        var received = await desk.ReceiveAsync(file.Value.Content, file.Value.Name, kind?.Value ?? ImportKind.People, dates?.Value ?? DateOrder.Unknown, actor, http.RequestAborted);
        if (!received.Ok)
        {
            return ApiDoor.Failed(received.Problem);
        }

        var view = await dispatcher.AskAsync(new GetImport(received.Value), actor, http.RequestAborted);
        return view.Ok ? Results.Created($"/api/v1/imports/{received.Value}", view.Value) : ApiDoor.Failed(view.Problem);
    }

    private static async Task<Outcome<(byte[] Content, string Name)>> FileAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.MediaType != "multipart/form-data"
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and < 100 } boundary)
        {
            return SheetReader.Refused("file-missing", NoFile);
        }

        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (section.GetContentDispositionHeader() is { } disposition && HeaderUtilities.RemoveQuotes(disposition.Name) == "file")
                {
                    var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
                    return await ContentAsync(section.Body, cancellation) is { } content
                        ? (content, HeaderUtilities.RemoveQuotes(name).Value ?? "")
                        : SheetReader.TooLarge(request.ContentLength ?? (ImportLimits.Bytes + 1));
                }
            }

            return SheetReader.Refused("file-missing", NoFile);
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return SheetReader.TooLarge(request.ContentLength ?? (ImportLimits.Bytes + 1));
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            return SheetReader.Refused("file-missing", NoFile);
        }
    }

    private static async Task<byte[]?> ContentAsync(Stream body, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        var buffer = new byte[81_920];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (content.Length + read > ImportLimits.Bytes)
            {
                return null;
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
