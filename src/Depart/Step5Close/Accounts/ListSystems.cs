using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>A system, as listed; secrets never, only which ones are set.</summary>
public sealed record SystemRow(
    SystemId Id, string Name, string Connector, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<string> ProtectedAccounts, int Concurrency, int? Rate, long Version)
    : IVersioned
{
    /// <summary>Names of the secret settings that are set.</summary>
    public IReadOnlyList<string> SecretsSet { get; init; } = [];

    /// <summary>Names of the systems that must be cut before this one.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>A person stopped its queue: nothing is sent to it.</summary>
    public bool Paused { get; init; }

    /// <summary>Why it is paused, as written by whoever did it; null while it is not.</summary>
    public string? PausedWhy { get; init; }

    /// <summary>Who paused it.</summary>
    public string? PausedBy { get; init; }

    /// <summary>Since when it is paused, UTC.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>It misbehaves: nothing is sent to it until then, UTC; null when all is well.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>Accounts known there.</summary>
    public int Accounts { get; init; }

    /// <summary>It has no interface to read: a person does what is to be done there.</summary>
    public bool ByHand { get; init; }

    /// <summary>Its connector's name, or null when this version does not have it.</summary>
    public Words? ConnectorName { get; init; }

    /// <summary>The last discovery, or null when there was none.</summary>
    public DiscoveryRow? Discovery { get; init; }
}

/// <summary>Every connected system.</summary>
internal sealed record ListSystems : IQuery<IReadOnlyList<SystemRow>>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/systems", (ApiDoor door) => door.AskAsync(new ListSystems())).WithTags("Systems");

    internal sealed class Handler(SystemRows rows) : IHandler<ListSystems, IReadOnlyList<SystemRow>>
    {
        public async Task<Outcome<IReadOnlyList<SystemRow>>> HandleAsync(ListSystems query, CancellationToken cancellation) => await rows.ReadAsync(cancellation);
    }
}

/// <summary>One connected system; its version is the ETag.</summary>
internal sealed record GetSystem(SystemId System) : IQuery<SystemRow>, IRouted
{
    public static Access Access => ListSystems.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/systems/{system}", (SystemId system, ApiDoor door) => door.AskAsync(new GetSystem(system))).WithTags("Systems");

    internal sealed class Handler(SystemRows rows) : IHandler<GetSystem, SystemRow>
    {
        public async Task<Outcome<SystemRow>> HandleAsync(GetSystem query, CancellationToken cancellation) =>
            (await rows.ReadAsync(cancellation)).Find(row => row.Id == query.System) is { } row ? row : Problem.NotFound(AccountsText.System);
    }
}

/// <summary>Systems with what stands around them: queue, accounts, last discovery. There are tens of them, not thousands.</summary>
internal sealed class SystemRows(DepartDb db, Connections connections)
{
    /// <summary>Every connected system by name.</summary>
    public async Task<List<SystemRow>> ReadAsync(CancellationToken cancellation)
    {
        var systems = await db.Set<TargetSystem>().AsNoTracking().Where(system => system.RemovedAt == null).OrderBy(system => system.Name).ToListAsync(cancellation);
        var names = systems.ToDictionary(system => system.Id.Value, system => system.Name);
        var queues = await db.Set<WorkQueue>().AsNoTracking().ToDictionaryAsync(queue => queue.Name, StringComparer.Ordinal, cancellation);
        var counts = await db.Set<Account>().Where(account => account.Standing != AccountStanding.Absent)
            .GroupBy(account => account.System).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(pair => pair.Key, pair => pair.Count, cancellation);
        var discoveries = await LastDiscoveriesAsync(cancellation);
        return [.. systems.Select(system => Row(
            system, names, queues.GetValueOrDefault(system.Queue), counts.GetValueOrDefault(system.Id), discoveries.GetValueOrDefault(system.Id)))];
    }

    private SystemRow Row(TargetSystem system, Dictionary<Guid, string> names, WorkQueue? queue, int accounts, DiscoveryRow? discovery) => new(
        system.Id, system.Name, system.Connector, system.Settings, system.ProtectedAccounts, system.MaxConcurrency, system.RatePerSecond, system.Version)
    {
        SecretsSet = system.SecretNames,
        After = [.. system.AfterSystems.Select(names.GetValueOrDefault).OfType<string>()],
        Paused = queue?.Paused ?? false,
        PausedWhy = queue?.PausedWhy,
        PausedBy = queue?.PausedBy,
        PausedAt = queue?.PausedAt,
        HeldUntil = queue?.BreakerUntil,
        Accounts = accounts,
        ByHand = connections.IsByHand(system),
        ConnectorName = connections.Catalogue.Find(system.Connector)?.Name.ToWords(),
        Discovery = discovery,
    };

    private async Task<Dictionary<SystemId, DiscoveryRow>> LastDiscoveriesAsync(CancellationToken cancellation)
    {
        var last = await db.Set<Discovery>().AsNoTracking()
            .Where(run => run.RequestedAt == db.Set<Discovery>().Where(other => other.System == run.System).Max(other => other.RequestedAt)).ToListAsync(cancellation);
        return last.GroupBy(run => run.System).ToDictionary(group => group.Key, group => DiscoveryRow.Of(group.First()));
    }
}
