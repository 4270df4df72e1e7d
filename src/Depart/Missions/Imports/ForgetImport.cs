using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions.Imports;

/// <summary>Deletes the lines of an import; the figures stay. Done by hand, or after seven days by the engine.</summary>
internal sealed record ForgetImport(ImportId Import) : ICommand<Done>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin).AndEngine;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/imports/{import}", (ImportId import, ApiDoor door) => door.SendAsync(new ForgetImport(import))).WithTags("Imports");

    internal sealed class Handler(DepartDb db, IJournal journal) : IHandler<ForgetImport, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ForgetImport command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Import>([command.Import], cancellation) is not { } import)
            {
                return Problem.NotFound(ImportsText.Import);
            }

            if (import.State == ImportState.Applying)
            {
                return ImportsText.Running;
            }

            if (import.State == ImportState.Forgotten)
            {
                return Done.Value;
            }

            import.Forget();
            await db.Set<ImportLine>().Where(line => line.Import == import.Id).ExecuteDeleteAsync(cancellation);
            journal.Record(new(Fact.House, "import.forgotten")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["import"] = import.Id.Value },
            });
            return Done.Value;
        }
    }
}

/// <summary>The engine deletes the lines when their time is over.</summary>
[WorkKind(Import.ForgetWork)]
internal sealed class ForgetImportHandler(Dispatcher dispatcher) : IWorkHandler
{
    public async Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation)
    {
        _ = ImportId.TryParse(item.Subject, out var import);
        var done = await dispatcher.SendAsync(new ForgetImport(import), Actor.Engine, cancellation);
        return done.Ok || done.Problem.Kind == ProblemKind.NotFound
            ? new(WorkVerdict.Done)
            : new(WorkVerdict.Retry) { Error = done.Problem.Message, RetryAfter = TimeSpan.FromHours(1) };
    }

    public Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation) => Task.CompletedTask;
}
