using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Depart.Missions.Imports;

/// <summary>What the pages of imports post to and listen to.</summary>
internal static class ImportPages
{
    /// <summary>Address of the list, and of the form that sends a file.</summary>
    public const string Path = "/imports";

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, ReceiveAsync).WithOrder(-1).RequireAuthorization().ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(5L * ImportLimits.Bytes)); // The form's own limit answers; the server would close the connection.
        routes.MapGet(Path + "/{import:guid}/events", (Guid import, HttpContext http) => LiveEvents.StreamAsync(
            http, new GetImport(ImportId.From(import)), view => new($"{view.State}{view.Progress}", view.State is ImportState.Applied or ImportState.Forgotten))).RequireAuthorization().ExcludeFromDescription();
    }

    /// <summary>A file from the page. It stays in memory: personal data are not left in temporary files.</summary>
    private static async Task<IResult> ReceiveAsync(HttpContext http, ImportDesk desk, Notices notices, IAntiforgery antiforgery)
    {
        if (!ReadImport.Access.Allows(Actor.From(http.User), null))
        {
            // Before the body is read: who may not import costs no memory.
            return Back(Problem.Forbidden.Message);
        }

        try
        {
            var form = await http.Request.ReadFormAsync(new FormOptions { MemoryBufferThreshold = ImportLimits.Bytes + (64 * 1024), MultipartBodyLengthLimit = ImportLimits.Bytes }, http.RequestAborted);
            await antiforgery.ValidateRequestAsync(http);
            if (form.Files["file"] is not { Length: > 0 } file)
            {
                return Back(ImportPageText.NoFile);
            }

            using var content = new MemoryStream((int)file.Length);
            await file.CopyToAsync(content, http.RequestAborted);
            var kind = Enum.TryParse<ImportKind>(form["kind"], out var said) && Enum.IsDefined(said) ? said : ImportKind.People;
            var dates = Enum.TryParse<DateOrder>(form["dates"], out var order) && Enum.IsDefined(order) ? order : DateOrder.Unknown;
            var received = await desk.ReceiveAsync(content.ToArray(), file.FileName, kind, dates, Actor.From(http.User), http.RequestAborted);
            return received.Ok ? TypedResults.Redirect($"{Path}/{received.Value}") : Back(received.Problem.Message);
        }
        catch (AntiforgeryValidationException)
        {
            return Back(ImportPageText.Expired);
        }
        catch (Exception error) when (error is BadHttpRequestException or InvalidDataException)
        {
            return Back(SheetReader.TooLarge(http.Request.ContentLength ?? (ImportLimits.Bytes + 1)).Message);
        }

        IResult Back(Words why)
        {
            notices.Leave(http, why, wrong: true);
            return TypedResults.Redirect(Path);
        }
    }
}
