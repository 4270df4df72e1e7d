using System.Collections.Concurrent;
using Depart.Connectors;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>
/// Reads systems beside their queues. The read is a stream: 500 accounts at most are in memory, beside the index of people. A run that the
/// process's end cut short begins again at the next start.
/// </summary>
internal sealed partial class DiscoveryRunner(
    IServiceScopeFactory scopes, Dispatcher dispatcher, Connections connections, TimeProvider clock, ILogger<DiscoveryRunner> log) : IHostedService, IAsyncDisposable
{
    /// <summary>Accounts recorded in one transaction.</summary>
    public const int Chunk = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);
    private static readonly Words TooLong = new("The read took more than {0} minutes.", "La lecture a duré plus de {0} minutes.");
    private static readonly Words NoIdentifier = new("The system gave an account without an identifier.", "Le système a donné un compte sans identifiant.");
    private static readonly Words Broken = new("The read failed by a fault of Depart ({0}).", "La lecture a échoué par une erreur de Départ ({0}).");

    private readonly ConcurrentDictionary<DiscoveryId, CancellationTokenSource> asked = new();
    private readonly ConcurrentDictionary<DiscoveryId, Task> runs = new();
    private readonly CancellationTokenSource stop = new();
    private bool disposed;

    /// <summary>Begins a run, unless it runs.</summary>
    public void Begin(DiscoveryId id)
    {
        if (asked.TryAdd(id, new()))
        {
            runs[id] = Task.Run(() => RunAsync(id), CancellationToken.None);
        }
    }

    /// <summary>Stops a run by a person's word.</summary>
    public void Stop(DiscoveryId id)
    {
        if (asked.TryGetValue(id, out var source))
        {
            source.Cancel();
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        foreach (var id in await db.Set<Discovery>().Where(run => run.EndedAt == null).Select(run => run.Id).ToListAsync(cancellationToken))
        {
            var subject = id.ToString();
            var work = db.Set<WorkItem>().Where(item => item.Subject == subject && item.Kind == Discovery.WorkKind);
            if (!await work.AnyAsync(item => item.State == WorkState.Pending, cancellationToken) && !await work.AnyAsync(item => item.State == WorkState.Running, cancellationToken))
            {
                Begin(id);
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        await Task.WhenAll(runs.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        await stop.CancelAsync();
        await Task.WhenAll(runs.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        foreach (var source in asked.Values)
        {
            source.Dispose();
        }
    }

    private async Task RunAsync(DiscoveryId id)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, patience.Token, asked[id].Token);
        var end = new EndDiscovery(id, DiscoveryState.Failed, null);
        try
        {
            var reached = await ReadAsync(id, all.Token);
            end = new(id, reached ? DiscoveryState.Done : DiscoveryState.Cancelled, null);
        }
        catch (ConnectorException failed) when (!all.IsCancellationRequested)
        {
            end = end with { Why = failed.Failure.Told() };
        }
        catch (Exception cut) when (stop.IsCancellationRequested && IsCut(cut))
        {
            // The process ends: the run begins again at the next start.
            asked.TryRemove(id, out _);
            return;
        }
        catch (Exception cut) when (all.IsCancellationRequested && IsCut(cut))
        {
            end = patience.IsCancellationRequested ? end with { Why = TooLong.With(Patience.TotalMinutes) } : new(id, DiscoveryState.Cancelled, null);
        }
        catch (UnusableSystem broken)
        {
            end = end with { Why = Words.Same(broken.Message) };
        }
        catch (Exception bug)
        {
            // Whatever it is, a run must end and say so: otherwise the system could never be read again.
            RunFailed(bug, id);
            end = end with { Why = Broken.With(bug.GetType().Name) };
        }

        await EndAsync(end);
        asked.TryRemove(id, out _);
        runs.TryRemove(id, out _);
    }

    /// <summary>Reads and records; false when a person asked to stop.</summary>
    private async Task<bool> ReadAsync(DiscoveryId id, CancellationToken cancellation)
    {
        var (connector, index) = await OpenAsync(id, cancellation);
        var reading = Guid.CreateVersion7();
        if (!await SendAsync(new BeginDiscovery(id, reading), cancellation))
        {
            return false;
        }

        var chunk = new List<AccountRecord>(Chunk);
        await foreach (var record in connector.EnumerateAsync(cancellation).WithCancellation(cancellation))
        {
            if (record.Id.Length == 0)
            {
                throw new ConnectorException(new(FailureKind.Garbage, new(NoIdentifier.En, NoIdentifier.Fr)));
            }

            chunk.Add(record);
            if (chunk.Count == Chunk)
            {
                if (!await SendAsync(new RecordDiscovered(id, reading, chunk, index), cancellation))
                {
                    return false;
                }

                chunk.Clear();
            }
        }

        return chunk.Count == 0 || await SendAsync(new RecordDiscovered(id, reading, chunk, index), cancellation);
    }

    private async Task<(IConnector Connector, PeopleIndex Index)> OpenAsync(DiscoveryId id, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        var system = await db.Set<Discovery>().AsNoTracking().Where(run => run.Id == id)
            .Join(db.Set<TargetSystem>(), run => run.System, known => known.Id, (run, known) => known).FirstAsync(cancellation);
        try
        {
            return (connections.Of(system), await PeopleIndex.LoadAsync(db, cancellation));
        }
        catch (InvalidOperationException broken) when (broken.Message.Contains(system.Name, StringComparison.Ordinal))
        {
            throw new UnusableSystem(broken.Message);
        }
    }

    /// <summary>Sends, and sends again when somebody changed one of the accounts meanwhile.</summary>
    private async Task<bool> SendAsync(ICommand<bool> command, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var outcome = await dispatcher.SendAsync(command, Actor.Engine, cancellation);
            if (outcome.Ok)
            {
                return outcome.Value;
            }

            if (outcome.Problem.Kind != ProblemKind.Stale || tries == 5)
            {
                throw new InvalidOperationException($"A discovery was refused by the door: {outcome.Problem.Code}.");
            }
        }
    }

    /// <summary>Some connectors say a read that was called off as a failure of the system.</summary>
    private static bool IsCut(Exception error) => error is OperationCanceledException or ConnectorException;

    private async Task EndAsync(EndDiscovery end)
    {
        try
        {
            await SendAsync(end, CancellationToken.None);
        }
        catch (Exception error) when (error is DbUpdateException or System.Data.Common.DbException or InvalidOperationException or ObjectDisposedException)
        {
            RunFailed(error, end.Discovery);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Discovery {Discovery} failed.")]
    private partial void RunFailed(Exception error, DiscoveryId discovery);

    private sealed class UnusableSystem(string message) : Exception(message);
}
