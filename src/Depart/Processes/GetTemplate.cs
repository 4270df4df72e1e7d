using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Processes.Yaml;
using Microsoft.EntityFrameworkCore;

namespace Depart.Processes;

/// <summary>One version in the list of templates.</summary>
public sealed record TemplateRow(
    string Key, int Number, TemplateState State, Words Title, string? Extends, int? ExtendsNumber, bool Shipped, DateTimeOffset SavedAt, DateTimeOffset? PublishedAt, long Version);

/// <summary>Templates by key, the newest version first; all versions, or those of one process.</summary>
internal sealed record ListTemplates(string? Key = null) : IQuery<IReadOnlyList<TemplateRow>>, IRouted
{
    public static Access Access => Access.To(Role.Manager, Role.It, Role.Hr, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/templates", (string? key, ApiDoor door) => door.AskAsync(new ListTemplates(key))).WithTags("Templates").Produces<IReadOnlyList<TemplateRow>>();

    internal sealed class Handler(DepartDb db) : IHandler<ListTemplates, IReadOnlyList<TemplateRow>>
    {
        public async Task<Outcome<IReadOnlyList<TemplateRow>>> HandleAsync(ListTemplates query, CancellationToken cancellation)
        {
            var found = await db.Set<ProcessTemplate>().Where(template => query.Key == null || template.Key == query.Key).Select(template => new TemplateRow(
                template.Key, template.Number, template.State, new Words(template.TitleEn, template.TitleFr), template.BaseKey, template.BaseNumber, template.Shipped,
                template.SavedAt, template.PublishedAt, template.Version)).ToListAsync(cancellation);
            return found.OrderBy(row => row.Key, StringComparer.Ordinal).ThenByDescending(row => row.Number).ToList();
        }
    }
}

/// <summary>One version of a template: its file, and the process as departures read it.</summary>
/// <remarks>Of a draft whose base has changed since, the process may be missing: then the problems say why.</remarks>
public sealed record TemplateView(
    string Key, int Number, TemplateState State, Words Title, bool Shipped, string Yaml, ProcessDocument? Document, IReadOnlyList<TemplateProblem> Problems,
    DateTimeOffset SavedAt, DateTimeOffset? PublishedAt, DateTimeOffset? WithdrawnAt, long Version) : IVersioned;

/// <summary>What is wrong in a file, and where.</summary>
public sealed record TemplateProblem(int Line, int Column, string Path, string Code, Words Message)
{
    internal static TemplateProblem Of(ProcessProblem problem) => new(problem.Place.Line, problem.Place.Column, problem.Path, problem.Code, problem.Message);
}

/// <summary>One version; without a number the last one published, else the last one.</summary>
internal sealed record GetTemplate(string Key, int? Number = null) : IQuery<TemplateView>, IRouted
{
    public static Access Access => ListTemplates.Access;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/templates/{key}", (string key, ApiDoor door) => door.AskAsync(new GetTemplate(key))).WithTags("Templates").Produces<TemplateView>();
        api.MapGet("/templates/{key}/versions/{number}", (string key, int number, ApiDoor door) => door.AskAsync(new GetTemplate(key, number)))
            .WithTags("Templates").Produces<TemplateView>();
    }

    internal sealed class Handler(TemplateShelf shelf) : IHandler<GetTemplate, TemplateView>
    {
        public async Task<Outcome<TemplateView>> HandleAsync(GetTemplate query, CancellationToken cancellation)
        {
            if (await shelf.FindAsync(query.Key, query.Number, cancellation) is not { } template)
            {
                return Problem.NotFound(ProcessesText.Template);
            }

            var (document, problems) = (template.Document, (IReadOnlyList<ProcessProblem>)[]);
            if (document is null)
            {
                var (reading, number) = await shelf.ReadAsync(template.Yaml, cancellation);
                (document, problems) = (reading.Document is null ? null : reading.Document with { ExtendsVersion = number }, reading.Problems);
            }

            return new TemplateView(
                template.Key, template.Number, template.State, template.Title, template.Shipped, template.Yaml, document, [.. problems.Select(TemplateProblem.Of)],
                template.SavedAt, template.PublishedAt, template.WithdrawnAt, template.Version);
        }
    }
}

/// <summary>Reads a file as <see cref="SaveDraft"/> would, and saves nothing: for whoever is still writing.</summary>
internal sealed record ValidateTemplate(string Yaml) : IQuery<TemplateReadingView>, IRouted
{
    public static Access Access => ListTemplates.Access;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/templates/validate", (ValidateTemplate query, ApiDoor door) => door.AskAsync(query))
        .WithTags("Templates").Produces<TemplateReadingView>();

    internal sealed class Handler(TemplateShelf shelf) : IHandler<ValidateTemplate, TemplateReadingView>
    {
        public async Task<Outcome<TemplateReadingView>> HandleAsync(ValidateTemplate query, CancellationToken cancellation)
        {
            var (reading, number) = await shelf.ReadAsync((query.Yaml ?? "").ReplaceLineEndings("\n"), cancellation);
            return new TemplateReadingView(reading.Document is null ? null : reading.Document with { ExtendsVersion = number }, [.. reading.Problems.Select(TemplateProblem.Of)]);
        }
    }
}

/// <summary>What a file would be, or all that is wrong in it.</summary>
public sealed record TemplateReadingView(ProcessDocument? Document, IReadOnlyList<TemplateProblem> Problems);
