using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Processes.Yaml;
using Microsoft.EntityFrameworkCore;

namespace Depart.Processes;

/// <summary>Names one version of a template.</summary>
/// <param name="Key">The process.</param>
/// <param name="Number">The version, from 1.</param>
public sealed record TemplateReference(string Key, int Number);

/// <summary>
/// Saves a template from its file (PRO5): the draft of that key is replaced, or a new version is begun. A file with errors is refused, all of them with their lines; nothing
/// is published. If-Match refuses what another has changed since.
/// </summary>
internal sealed record SaveDraft(string Yaml) : ICommand<TemplateReference>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/templates", (SaveDraft command, ApiDoor door) => door.SendAsync(command)).WithTags("Templates").Produces<TemplateReference>();

    public IEnumerable<Problem> Check() => string.IsNullOrWhiteSpace(Yaml) ? [Problem.Required(nameof(Yaml), ProcessesText.Template)] : [];

    internal sealed class Handler(DepartDb db, TemplateShelf shelf, RequestSlot request, IJournal journal, TimeProvider clock) : IHandler<SaveDraft, TemplateReference>
    {
        public async Task<Outcome<TemplateReference>> HandleAsync(SaveDraft command, CancellationToken cancellation)
        {
            var yaml = command.Yaml.ReplaceLineEndings("\n");
            var (reading, _) = await shelf.ReadAsync(yaml, cancellation);
            if (reading.Document is not { } document)
            {
                return ProcessProblem.Refused(reading.Problems)!;
            }

            var versions = await db.Set<ProcessTemplate>().Where(template => template.Key == document.Key).OrderByDescending(template => template.Number)
                .Select(template => new { template.Id, template.Number, template.State }).ToListAsync(cancellation);
            ProcessTemplate draft;
            if (versions.Find(version => version.State == TemplateState.Draft) is { } open)
            {
                draft = (await db.FindAsync<ProcessTemplate>([open.Id], cancellation))!;
                if (!draft.IsAt(request.Context.Version))
                {
                    return Problem.Stale;
                }

                if (draft.Yaml == yaml)
                {
                    return new TemplateReference(draft.Key, draft.Number);
                }

                if (draft.Rewrite(document, yaml, clock.GetUtcNow()) is { } refusal)
                {
                    return refusal;
                }
            }
            else
            {
                draft = ProcessTemplate.Draft(document, (versions.FirstOrDefault()?.Number ?? 0) + 1, yaml, clock.GetUtcNow());
                db.Add(draft);
            }

            journal.Record(TemplateShelf.FactOf(draft, "template.saved"));
            return new TemplateReference(draft.Key, draft.Number);
        }
    }
}

/// <summary>Begins a draft from a version, of the same process or, under another key, of a new one.</summary>
internal sealed record CreateDraftFrom(string Key, int Number, string? As = null) : ICommand<TemplateReference>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/templates/{key}/versions/{number}/draft", (string key, int number, Body body, ApiDoor door) =>
        door.SendAsync(new CreateDraftFrom(key, number, body.As))).WithTags("Templates").Produces<TemplateReference>();

    internal sealed record Body(string? As);

    public IEnumerable<Problem> Check() => As is null || ProcessReader.IsKey(As) ? [] : [Problem.Invalid(nameof(As), "bad-key", ProcessesText.BadKey.With(As, TaskTemplate.KeyLength))];

    internal sealed class Handler(DepartDb db, TemplateShelf shelf, TaskKinds kinds, IJournal journal, TimeProvider clock) : IHandler<CreateDraftFrom, TemplateReference>
    {
        public async Task<Outcome<TemplateReference>> HandleAsync(CreateDraftFrom command, CancellationToken cancellation)
        {
            if (await shelf.FindAsync(command.Key, command.Number, cancellation) is not { } from)
            {
                return Problem.NotFound(ProcessesText.Template);
            }

            var key = command.As ?? from.Key;
            if (command.As is { } other && other != from.Key && await db.Set<ProcessTemplate>().AnyAsync(template => template.Key == other, cancellation))
            {
                return Problem.Invalid(nameof(As), "template-taken", ProcessesText.TemplateTaken.With(other));
            }

            if (await db.Set<ProcessTemplate>().AnyAsync(template => template.Key == key && template.State == TemplateState.Draft, cancellation))
            {
                return ProcessesText.DraftExists;
            }

            var yaml = Renamed(from.Yaml, key);
            var (reading, _) = await shelf.ReadAsync(yaml, cancellation);
            if (reading.Document is not { } document)
            {
                return ProcessProblem.Refused(reading.Problems)!;
            }

            var last = await db.Set<ProcessTemplate>().Where(template => template.Key == key).MaxAsync(template => (int?)template.Number, cancellation) ?? 0;
            var draft = ProcessTemplate.Draft(document, last + 1, yaml, clock.GetUtcNow());
            db.Add(draft);
            journal.Record(TemplateShelf.FactOf(draft, "template.saved"));
            return new TemplateReference(draft.Key, draft.Number);
        }

        /// <summary>The same file under another key: only that word is replaced, so that comments stay.</summary>
        private string Renamed(string yaml, string key)
        {
            var source = ProcessReader.Read(yaml, kinds).Source!;
            var lines = yaml.Split('\n');
            var line = source.PlaceOf("key").Line - 1;
            lines[line] = lines[line].Replace(source.Key, key, StringComparison.Ordinal);
            return string.Join('\n', lines);
        }
    }
}
