using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Reads all accounts of a system, through its queue (ACC2). One that runs already is given back, never doubled.</summary>
internal sealed record StartDiscovery(SystemId System) : ICommand<DiscoveryId>, IRouted
{
    private static readonly Words NothingToRead = new(
        "{0} has no interface to read: add its accounts by hand.", "{0} n’a pas d’interface à lire : ajoutez ses comptes à la main.");

    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/systems/{system}/discoveries", (SystemId system, ApiDoor door) => door.SendAsync(new StartDiscovery(system))).WithTags("Accounts");

    internal sealed class Handler(DepartDb db, Connections connections, IJournal journal, TimeProvider clock) : IHandler<StartDiscovery, DiscoveryId>
    {
        public async Task<Outcome<DiscoveryId>> HandleAsync(StartDiscovery command, CancellationToken cancellation)
        {
            if (await db.Set<TargetSystem>().FirstOrDefaultAsync(known => known.Id == command.System && known.RemovedAt == null, cancellation) is not { } system)
            {
                return Problem.NotFound(AccountsText.System);
            }

            if (connections.IsByHand(system))
            {
                return Problem.Conflict("nothing-to-read", NothingToRead.With(system.Name));
            }

            if (await db.Set<Discovery>().FirstOrDefaultAsync(run => run.System == command.System && run.EndedAt == null, cancellation) is { } running)
            {
                return running.Id;
            }

            var now = clock.GetUtcNow();
            var discovery = new Discovery { System = system.Id, RequestedAt = now };
            db.Add(discovery);
            db.Enqueue(new()
            {
                Queue = system.Queue,
                Kind = Discovery.WorkKind,
                Subject = discovery.Id.ToString(),
                IdempotencyKey = $"{Discovery.WorkKind}-{discovery.Id}",
                DueAt = now,

                // What cuts goes first.
                Priority = 1000,
            });
            journal.Record(DiscoveryFacts.Of(discovery, "discovery.asked", []));
            return discovery.Id;
        }
    }
}

/// <summary>Its turn has come in the system's queue: the read goes on beside the queue, so that a cut never waits for it.</summary>
[WorkKind(Discovery.WorkKind)]
internal sealed class DiscoveryHandler(DiscoveryRunner runner) : IWorkHandler
{
    public Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation)
    {
        runner.Begin(DiscoveryId.From(Guid.Parse(item.Subject)));
        return Task.FromResult(new WorkResult(WorkVerdict.Done));
    }

    public Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>Stops a discovery: what was seen is kept, nothing is marked gone.</summary>
internal sealed record CancelDiscovery(DiscoveryId Discovery) : ICommand<Done>, IRouted
{
    public static Access Access => StartDiscovery.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/discoveries/{discovery}/cancel", (DiscoveryId discovery, ApiDoor door) => door.SendAsync(new CancelDiscovery(discovery))).WithTags("Accounts");

    internal sealed class Handler(DepartDb db, DiscoveryRunner runner, IJournal journal, TimeProvider clock) : IHandler<CancelDiscovery, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(CancelDiscovery command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Discovery>([command.Discovery], cancellation) is not { } discovery)
            {
                return Problem.NotFound(AccountsText.Discovery);
            }

            if (discovery.IsOver || discovery.CancelAsked)
            {
                return Done.Value;
            }

            discovery.AskToCancel();
            journal.Record(DiscoveryFacts.Of(discovery, "discovery.cancel-asked", []));
            var subject = discovery.Id.ToString();
            var withdrawn = await db.Set<WorkItem>().Where(item => item.Subject == subject && item.Kind == Accounts.Discovery.WorkKind && item.State == WorkState.Pending)
                .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, WorkState.Cancelled), cancellation);
            if (withdrawn > 0)
            {
                discovery.End(DiscoveryState.Cancelled, 0, null, clock.GetUtcNow());
            }
            else
            {
                // The run ends itself by a command of its own, after this one; asking too early only makes it quick.
                runner.Stop(discovery.Id);
            }

            return Done.Value;
        }
    }
}

/// <summary>A person says that the many accounts that were not seen any more are really gone.</summary>
internal sealed record ConfirmVanished(DiscoveryId Discovery) : ICommand<int>, IRouted
{
    private static readonly Words NothingToConfirm = new("There is nothing to confirm about this discovery.", "Il n’y a rien à confirmer pour cette découverte.");
    private static readonly Words Older = new("A later discovery has read the system since: look at that one.", "Une découverte plus récente a relu le système : consultez celle-là.");

    public static Access Access => StartDiscovery.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/discoveries/{discovery}/vanished", (DiscoveryId discovery, ApiDoor door) => door.SendAsync(new ConfirmVanished(discovery))).WithTags("Accounts");

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<ConfirmVanished, int>
    {
        public async Task<Outcome<int>> HandleAsync(ConfirmVanished command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Discovery>([command.Discovery], cancellation) is not { } discovery)
            {
                return Problem.NotFound(AccountsText.Discovery);
            }

            if (discovery.State != DiscoveryState.ToConfirm)
            {
                return Problem.Conflict("nothing-to-confirm", NothingToConfirm);
            }

            if (await db.Set<Discovery>().AnyAsync(other => other.System == discovery.System && other.RequestedAt > discovery.RequestedAt, cancellation))
            {
                return Problem.Conflict("later-discovery", Older);
            }

            var marked = await Vanished.MarkAsync(db, discovery, int.MaxValue, journal, clock.GetUtcNow(), cancellation);
            discovery.Confirmed();
            return marked;
        }
    }
}

/// <summary>One discovery; live while it runs.</summary>
internal sealed record GetDiscovery(DiscoveryId Discovery) : IQuery<DiscoveryRow>, IRouted
{
    public static Access Access => ListSystems.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/discoveries/{discovery}", (DiscoveryId discovery, ApiDoor door) => door.AskAsync(new GetDiscovery(discovery))).WithTags("Accounts");

    internal sealed class Handler(DepartDb db) : IHandler<GetDiscovery, DiscoveryRow>
    {
        public async Task<Outcome<DiscoveryRow>> HandleAsync(GetDiscovery query, CancellationToken cancellation) =>
            await db.Set<Discovery>().FirstOrDefaultAsync(run => run.Id == query.Discovery, cancellation) is { } run
                ? DiscoveryRow.Of(run)
                : Problem.NotFound(AccountsText.Discovery);
    }
}

/// <summary>The latest discoveries of a system, the last one first; 20 at most.</summary>
internal sealed record ListDiscoveries(SystemId System) : IQuery<IReadOnlyList<DiscoveryRow>>, IRouted
{
    public static Access Access => ListSystems.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/systems/{system}/discoveries", (SystemId system, ApiDoor door) => door.AskAsync(new ListDiscoveries(system))).WithTags("Accounts");

    internal sealed class Handler(DepartDb db) : IHandler<ListDiscoveries, IReadOnlyList<DiscoveryRow>>
    {
        public async Task<Outcome<IReadOnlyList<DiscoveryRow>>> HandleAsync(ListDiscoveries query, CancellationToken cancellation) =>
            (await db.Set<Discovery>().Where(run => run.System == query.System).OrderByDescending(run => run.RequestedAt).Take(20).ToListAsync(cancellation))
                .ConvertAll(DiscoveryRow.Of);
    }
}

/// <summary>What the journal says of discoveries.</summary>
internal static class DiscoveryFacts
{
    public static Fact Of(Discovery discovery, string kind, Dictionary<string, object?> values) => new(Fact.House, kind)
    {
        Values = new Dictionary<string, object?>(values, StringComparer.Ordinal) { ["discovery"] = discovery.Id.Value, ["system"] = discovery.System.Value },
    };
}
