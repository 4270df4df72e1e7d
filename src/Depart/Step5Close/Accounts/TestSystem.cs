using Depart.Connectors;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Tests the connection to a system and names each right that is held or missing; never writes.</summary>
internal sealed record TestSystem(SystemId System) : IQuery<ConnectionReport>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/systems/{system}/test", (SystemId system, ApiDoor door) => door.AskAsync(new TestSystem(system))).WithTags("Systems");

    internal sealed class Handler(DepartDb db, Connections connections, TimeProvider clock) : IHandler<TestSystem, ConnectionReport>
    {
        public async Task<Outcome<ConnectionReport>> HandleAsync(TestSystem query, CancellationToken cancellation)
        {
            if (await db.Set<TargetSystem>().FirstOrDefaultAsync(system => system.Id == query.System && system.RemovedAt == null, cancellation) is not { } system)
            {
                return Problem.NotFound(AccountsText.System);
            }

            try
            {
                return await ConnectionTest.RunAsync(connections.Of(system), clock, cancellation);
            }
            catch (InvalidOperationException broken)
            {
                return AccountsText.CannotOpen(broken.Message);
            }
        }
    }
}

/// <summary>
/// Tests settings before they are saved. With <paramref name="System"/> the secrets that are not given are those of that system, as long as
/// the address stays the same.
/// </summary>
internal sealed record TrySettings(string Connector, IReadOnlyDictionary<string, string> Settings, SystemId? System = null, IReadOnlyList<string>? Forget = null)
    : IQuery<ConnectionReport>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/connectors/{connector}/test", (string connector, Body body, ApiDoor door) =>
            door.AskAsync(new TrySettings(connector, body.Settings, body.System, body.Forget))).WithTags("Systems");

    internal sealed record Body(Dictionary<string, string> Settings, SystemId? System, List<string>? Forget);

    internal sealed class Handler(DepartDb db, Connections connections, SystemRules rules, Actor actor, TimeProvider clock) : IHandler<TrySettings, ConnectionReport>
    {
        public async Task<Outcome<ConnectionReport>> HandleAsync(TrySettings query, CancellationToken cancellation)
        {
            if (actor.ReadOnly)
            {
                // It changes nothing here, but it makes this server speak to an address of the caller's choice.
                return Problem.ReadOnlyToken;
            }

            var kind = rules.Kind(query.Connector);
            if (!kind.Ok)
            {
                return kind.Problem;
            }

            var values = query.Settings ?? new Dictionary<string, string>();
            if (query.System is { } id)
            {
                if (await db.Set<TargetSystem>().FirstOrDefaultAsync(system => system.Id == id && system.RemovedAt == null, cancellation) is not { } system
                    || system.Connector != kind.Value.Key)
                {
                    return Problem.NotFound(AccountsText.System);
                }

                var offer = system.Offer(kind.Value, values, query.Forget ?? [], connections.Protector);
                if (SystemRules.AskAgain(kind.Value, offer) is { } again)
                {
                    return again;
                }

                values = offer.Values;
            }

            if (SystemRules.Wrong(kind.Value.Read(values, out var settings)) is { } wrong)
            {
                return wrong;
            }

            await using var connector = connections.Try(kind.Value, settings!);
            return await ConnectionTest.RunAsync(connector, clock, cancellation);
        }
    }
}

/// <summary>One connection test, 30 seconds at most.</summary>
internal static class ConnectionTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs it; a system that hangs is a report, not an error.</summary>
    public static async Task<ConnectionReport> RunAsync(IConnector connector, TimeProvider clock, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            return await connector.TestAsync(both.Token);
        }
        catch (ConnectorException failed)
        {
            return new(false) { Failure = failed.Failure };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new(false)
            {
                Failure = new(FailureKind.TimedOut, new(
                    $"The system did not answer within {Patience.TotalSeconds} seconds.", $"Le système n’a pas répondu en {Patience.TotalSeconds} secondes.")),
            };
        }
    }
}
