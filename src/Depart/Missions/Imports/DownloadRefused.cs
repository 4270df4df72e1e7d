using System.Globalization;
using System.Text;
using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions.Imports;

/// <summary>The refused lines as they came, with the reason in a last column: corrected, the file can be imported as it is.</summary>
internal sealed record DownloadRefused(ImportId Import) : IQuery<RefusedFile>
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    internal sealed class Handler(DepartDb db, LineVault vault) : IHandler<DownloadRefused, RefusedFile>
    {
        public async Task<Outcome<RefusedFile>> HandleAsync(DownloadRefused query, CancellationToken cancellation)
        {
            if (await db.Set<Import>().FirstOrDefaultAsync(row => row.Id == query.Import, cancellation) is not { } import)
            {
                return Problem.NotFound(ImportsText.Import);
            }

            var about = JsonSerializer.Deserialize<ImportAbout>(import.About, ApiJson.Options)!;
            using var buffer = new MemoryStream();
            await using (var text = new StreamWriter(buffer, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true))
            {
                var width = about.Columns.Count;
                await WriteAsync(text, about.Delimiter, [.. about.Columns.Select(column => column.Title), ImportsText.ColumnLine.ToString(), ImportsText.ColumnReason.ToString()]);
                var lines = db.Set<ImportLine>().Where(line => line.Import == query.Import && line.State == LineState.Refused).OrderBy(line => line.Index);
                await foreach (var line in lines.AsAsyncEnumerable().WithCancellation(cancellation))
                {
                    var content = vault.Open(line.Content);
                    await WriteAsync(text, about.Delimiter, [
                        .. content.Cells.Take(width), .. Enumerable.Repeat("", Math.Max(0, width - content.Cells.Count)),
                        line.Number.ToString(CultureInfo.InvariantCulture), Reason(content.Problems)]);
                }
            }

            return new RefusedFile(buffer.ToArray(), $"{Path.GetFileNameWithoutExtension(import.FileName)}-{new Words("refused", "refus")}.csv");
        }

        private static string Reason(IReadOnlyList<LineProblem> problems) =>
            string.Join(" ", problems.Select(problem => problem.Column is { } column ? new Words("{0}: {1}", "{0} : {1}").With(column, problem.Message).ToString() : problem.Message.ToString()));

        private static Task WriteAsync(StreamWriter text, char delimiter, IEnumerable<string> cells) => text.WriteAsync(CsvSheet.Line(delimiter, cells));
    }
}

/// <summary>A CSV file in UTF-8 with its mark, so that Excel reads the accents.</summary>
internal sealed record RefusedFile(byte[] Content, string Name);

/// <summary>The refused lines as a download.</summary>
internal abstract class RefusedRoute : IRouted
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/imports/{import}/refused.csv", async (ImportId import, Dispatcher dispatcher, HttpContext http) =>
        {
            var file = await dispatcher.AskAsync(new DownloadRefused(import), Actor.From(http.User), http.RequestAborted);
            return file.Ok ? Results.File(file.Value.Content, "text/csv; charset=utf-8", file.Value.Name) : (IResult)ApiDoor.Failed(file.Problem);
        }).WithTags("Imports").Produces<string>(contentType: "text/csv");
}
