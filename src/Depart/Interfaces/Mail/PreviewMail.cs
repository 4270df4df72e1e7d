using System.Text.Json;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.Mail;

/// <summary>A kind of mail.</summary>
/// <param name="Name">Its template's name.</param>
/// <param name="Samples">How many samples it can be shown with.</param>
public sealed record MailTemplateRow(string Name, int Samples);

/// <summary>All kinds of mails.</summary>
internal sealed record ListMailTemplates : IQuery<IReadOnlyList<MailTemplateRow>>, IRouted
{
    public static Access Access => PreviewMail.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/mail/templates", (ApiDoor door) => door.AskAsync(new ListMailTemplates())).WithTags("Mail").Produces<IReadOnlyList<MailTemplateRow>>();

    internal sealed class Handler : IHandler<ListMailTemplates, IReadOnlyList<MailTemplateRow>>
    {
        public Task<Outcome<IReadOnlyList<MailTemplateRow>>> HandleAsync(ListMailTemplates query, CancellationToken cancellation) =>
            Task.FromResult<Outcome<IReadOnlyList<MailTemplateRow>>>(MailTemplates.All.Select(template => new MailTemplateRow(template.Name, template.Samples.Count)).ToList());
    }
}

/// <summary>A kind of mail as its readers see it, with values of a sample (from 0).</summary>
internal sealed record PreviewMail(string Template, string Language, int Sample = 0) : IQuery<RenderedMail>, IRouted
{
    private const string Anywhere = "https://depart.exemple.fr";

    public static Access Access => Access.To(Role.It, Role.Hr, Role.Security, Role.Admin);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/mail/templates/{template}/{language}", (string template, string language, int? sample, ApiDoor door) =>
            door.AskAsync(new PreviewMail(template, language, sample ?? 0))).WithTags("Mail").Produces<RenderedMail>();
        api.MapGet("/mail/templates/{template}/{language}/page", async (string template, string language, int? sample, Dispatcher dispatcher, HttpContext context) =>
        {
            var mail = await dispatcher.AskAsync(new PreviewMail(template, language, sample ?? 0), Actor.From(context.User), context.RequestAborted);

            // Styles in place are what mails have; a mail shown from this server may do nothing else.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
            return mail.Ok ? Results.Content(mail.Value.Html, "text/html; charset=utf-8") : ApiDoor.Failed(mail.Problem);
        }).WithTags("Mail").Produces(StatusCodes.Status200OK, contentType: "text/html");
    }

    internal sealed class Handler(DepartDb db, IHouseName house) : IHandler<PreviewMail, RenderedMail>
    {
        public async Task<Outcome<RenderedMail>> HandleAsync(PreviewMail query, CancellationToken cancellation)
        {
            if (MailTemplates.Find(query.Template) is not { } template || query.Sample < 0 || query.Sample >= template.Samples.Count)
            {
                return Problem.NotFound(MailText.Template);
            }

            if (query.Language is not ("fr" or "en"))
            {
                return Problem.Invalid(nameof(Language), "language", MailText.LanguageUnknown);
            }

            // Values of a sample are said in the language of its reader.
            System.Globalization.CultureInfo.CurrentUICulture = MailTo.CultureOf(query.Language);
            var address = await db.Set<MailServer>().Select(server => server.PublicAddress).SingleOrDefaultAsync(cancellation) ?? Anywhere;
            return await MailWriter.RenderAsync(template.Name, query.Language, JsonSerializer.Serialize(template.Samples[query.Sample], template.Content, MailWriter.ValuesJson), address, await house.NameAsync(cancellation));
        }
    }
}
