using System.Collections.Concurrent;
using Depart.Connectors;
using Depart.Foundation.Engine;
using Microsoft.AspNetCore.DataProtection;

namespace Depart.Step5Close.Accounts;

/// <summary>Open connectors, one per system and version of its settings; connections are kept, states never.</summary>
internal sealed class Connections(ConnectorCatalogue catalogue, IDataProtectionProvider protection, TimeProvider clock) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<SystemId, Opened> open = new();
    private readonly ConcurrentDictionary<string, Lazy<IConnector?>> blanks = new(StringComparer.Ordinal);

    /// <summary>Secrets of sign-in tests and one-time passwords: minutes, in memory.</summary>
    public TransientSecrets Secrets { get; } = new(clock);

    /// <summary>The kinds that can be connected.</summary>
    public ConnectorCatalogue Catalogue => catalogue;

    /// <summary>Encrypts secrets at rest.</summary>
    public IDataProtector Protector => protection.CreateProtector(TargetSystem.SecretPurpose);

    /// <summary>The connector of a system as configured now.</summary>
    /// <exception cref="InvalidOperationException">The connector does not exist any more, or its settings cannot be read.</exception>
    public IConnector Of(TargetSystem system)
    {
        var version = system.Version;
        var opened = open.AddOrUpdate(
            system.Id,
            _ => new(version, new(() => Open(system))),
            (_, known) => known.Version == version ? known : new(version, new(() => Open(system))));
        return opened.Connector.Value;
    }

    /// <summary>Actions that a kind declares; empty when they depend on its settings.</summary>
    public IReadOnlyList<ActionDescriptor> Actions(ConnectorKind kind) => Blank(kind)?.Actions ?? [];

    /// <summary>Orders between kinds of system that a kind declares.</summary>
    public IReadOnlyList<SystemOrder> Orders(ConnectorKind kind) => Blank(kind)?.Orders ?? [];

    /// <summary>Whether everything there is done by a person: such a system has no interface to read.</summary>
    public bool IsByHand(TargetSystem system) => catalogue.Find(system.Connector) is { } kind && Actions(kind) is { Count: > 0 } actions && actions.All(action => action.ByHand);

    /// <summary>A connector over settings that are not saved yet, for the connection test; the caller disposes it.</summary>
    public IConnector Try(ConnectorKind kind, object settings) => kind.Create(settings, new(clock, Secrets));

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in open.Values.Where(opened => opened.Connector.IsValueCreated))
        {
            await opened.Connector.Value.DisposeAsync();
        }

        foreach (var blank in blanks.Values)
        {
            await (blank.Value?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private IConnector? Blank(ConnectorKind kind) => blanks.GetOrAdd(kind.Key, _ => new(() => kind.Blank(new(clock, Secrets)))).Value;

    private IConnector Open(TargetSystem system)
    {
        var kind = catalogue.Find(system.Connector)
            ?? throw new InvalidOperationException($"System '{system.Name}' uses connector '{system.Connector}', which this version does not have.");
        var problems = kind.Read(system.AllSettings(Protector), out var settings);
        return settings is null
            ? throw new InvalidOperationException($"Settings of system '{system.Name}': {string.Join(" ", problems.Select(problem => problem.What.En))}")
            : kind.Create(settings, new(clock, Secrets) { Calls = new Turns(new(clock, system.MaxConcurrency, system.RatePerSecond)) });
    }

    private sealed class Turns(CallSlots slots) : ICallTurns
    {
        public Task<IDisposable> EnterAsync(bool last, CancellationToken cancellation) => slots.EnterAsync(cancellation, last);
    }

    private sealed record Opened(long Version, Lazy<IConnector> Connector);
}
