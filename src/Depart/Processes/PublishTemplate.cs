using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Processes.Yaml;
using Microsoft.EntityFrameworkCore;

namespace Depart.Processes;

/// <summary>Publishes a draft: it is resolved once more against what it extends, and from then on never changes (PRO2).</summary>
internal sealed record PublishTemplate(string Key, int Number) : ICommand<Done>, IRouted
{
    public static Access Access => Access.To(Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/templates/{key}/versions/{number}/publish", (string key, int number, ApiDoor door) =>
        door.SendAsync(new PublishTemplate(key, number))).WithTags("Templates");

    internal sealed class Handler(TemplateShelf shelf, RequestSlot request, IJournal journal, TimeProvider clock) : IHandler<PublishTemplate, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(PublishTemplate command, CancellationToken cancellation)
        {
            if (await shelf.FindAsync(command.Key, command.Number, cancellation) is not { } draft)
            {
                return Problem.NotFound(ProcessesText.Template);
            }

            if (!draft.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            if (draft.State != TemplateState.Draft)
            {
                return ProcessesText.NotDraft;
            }

            var (reading, number) = await shelf.ReadAsync(draft.Yaml, cancellation);
            if (reading.Document is not { } document)
            {
                // The process that it extends was published anew since the draft was saved.
                return ProcessProblem.Refused(reading.Problems)!;
            }

            if (draft.Publish(document, number, clock.GetUtcNow()) is { } refusal)
            {
                return refusal;
            }

            journal.Record(TemplateShelf.FactOf(draft, "template.published"));
            return Done.Value;
        }
    }
}

/// <summary>Takes a version out of the offer, or drops a draft. Departures that run on it go on; those that extend it keep what they were published with.</summary>
internal sealed record WithdrawTemplate(string Key, int Number) : ICommand<Done>, IRouted
{
    public static Access Access => Access.To(Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/templates/{key}/versions/{number}/withdraw", (string key, int number, ApiDoor door) =>
        door.SendAsync(new WithdrawTemplate(key, number))).WithTags("Templates");

    internal sealed class Handler(TemplateShelf shelf, RequestSlot request, IJournal journal, TimeProvider clock) : IHandler<WithdrawTemplate, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(WithdrawTemplate command, CancellationToken cancellation)
        {
            if (await shelf.FindAsync(command.Key, command.Number, cancellation) is not { } template)
            {
                return Problem.NotFound(ProcessesText.Template);
            }

            if (!template.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            if (template.Withdraw(clock.GetUtcNow()) is { } refusal)
            {
                return refusal;
            }

            journal.Record(TemplateShelf.FactOf(template, "template.withdrawn"));
            return Done.Value;
        }
    }
}

/// <summary>Puts the shipped templates on the shelf at start: those whose key nobody has used yet, and never over what is there.</summary>
internal sealed record InstallShippedTemplates : ICommand<Done>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<InstallShippedTemplates, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(InstallShippedTemplates command, CancellationToken cancellation)
        {
            var known = await db.Set<ProcessTemplate>().Select(template => template.Key).Distinct().ToListAsync(cancellation);
            foreach (var key in ShippedTemplates.Keys.Except(known, StringComparer.Ordinal))
            {
                var document = ShippedTemplates.Documents[key];
                var template = ProcessTemplate.Draft(document, 1, ShippedTemplates.Text(key), clock.GetUtcNow(), shipped: true);
                template.Publish(document, document.Extends is null ? null : 1, clock.GetUtcNow());
                db.Add(template);
                journal.Record(TemplateShelf.FactOf(template, "template.installed"));
            }

            return Done.Value;
        }
    }
}
