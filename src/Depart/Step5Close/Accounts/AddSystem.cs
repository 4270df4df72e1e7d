using Depart.Connectors;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Connects a system (ACC1). Secrets are encrypted at rest and never given back.</summary>
/// <remarks><paramref name="After"/> names the systems that must be cut before this one. Concurrency 1 to 64, rate 1 to 1000 calls a second.</remarks>
internal sealed record AddSystem(
    string Name, string Connector, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<string>? ProtectedAccounts = null,
    IReadOnlyList<string>? After = null, int Concurrency = 8, int? Rate = null) : ICommand<SystemId>, IRouted, IChecked
{
    private static readonly Words ConcurrencyRange = new("Parallel calls: from 1 to 64.", "Appels simultanés : de 1 à 64.");
    private static readonly Words RateRange = new("Calls per second: from 1 to 1000.", "Appels par seconde : de 1 à 1000.");

    public static Access Access => Access.To(Role.It, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/systems", (AddSystem command, ApiDoor door) => door.SendAsync(command)).WithTags("Systems");

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Name))
        {
            yield return Problem.Required(nameof(Name), AccountsText.Name);
        }

        if (Concurrency is < 1 or > 64)
        {
            yield return Problem.Invalid(nameof(Concurrency), "out-of-range", ConcurrencyRange);
        }

        if (Rate is < 1 or > 1000)
        {
            yield return Problem.Invalid(nameof(Rate), "out-of-range", RateRange);
        }
    }

    internal sealed class Handler(DepartDb db, Connections connections, IJournal journal) : IHandler<AddSystem, SystemId>
    {
        public async Task<Outcome<SystemId>> HandleAsync(AddSystem command, CancellationToken cancellation)
        {
            if (connections.Catalogue.Find(command.Connector) is not { } kind)
            {
                return Problem.Invalid(nameof(Connector), "connector-unknown", AccountsText.UnknownConnector.With(
                    command.Connector, string.Join(", ", connections.Catalogue.Kinds.Select(known => known.Key))));
            }

            if (Problem.Several([.. kind.Read(command.Settings, out _).Select(problem => Problem.Invalid(problem.Setting, "setting", problem.What.ToWords()))]) is { } wrong)
            {
                return wrong;
            }

            var name = command.Name.Trim();
            var systems = await db.Set<TargetSystem>().ToListAsync(cancellation);
            if (systems.Any(system => string.Equals(system.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                return Problem.Invalid(nameof(Name), "name-taken", AccountsText.NameTaken.With(name));
            }

            var after = new List<Guid>();
            foreach (var before in command.After ?? [])
            {
                if (systems.FirstOrDefault(system => string.Equals(system.Name, before.Trim(), StringComparison.OrdinalIgnoreCase)) is not { } found)
                {
                    return Problem.Invalid(nameof(After), "not-found", new Words("{0}: no such system.", "{0} : aucun système de ce nom.").With(before));
                }

                after.Add(found.Id.Value);
            }

            var added = new TargetSystem { Name = name, Connector = kind.Key };
            added.Configure(kind, command.Settings, connections.Protector);
            added.Bound(command.ProtectedAccounts ?? [], after, command.Concurrency, command.Rate);
            db.Add(added);
            db.Add(new WorkQueue { Name = added.Queue, MaxConcurrency = command.Concurrency, RatePerSecond = command.Rate });
            journal.Record(new(Fact.House, "system.added")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["system"] = added.Id.Value, ["name"] = name, ["connector"] = kind.Key },
            });
            return added.Id;
        }
    }
}

/// <summary>A system, as listed; secrets never.</summary>
public sealed record SystemRow(
    SystemId Id, string Name, string Connector, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<string> ProtectedAccounts, int Concurrency, int? Rate, long Version);

/// <summary>Every connected system.</summary>
internal sealed record ListSystems : IQuery<IReadOnlyList<SystemRow>>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Auditor, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/systems", (ApiDoor door) => door.AskAsync(new ListSystems())).WithTags("Systems");

    internal sealed class Handler(DepartDb db) : IHandler<ListSystems, IReadOnlyList<SystemRow>>
    {
        public async Task<Outcome<IReadOnlyList<SystemRow>>> HandleAsync(ListSystems query, CancellationToken cancellation) =>
            (await db.Set<TargetSystem>().OrderBy(system => system.Name).ToListAsync(cancellation))
                .Select(system => new SystemRow(
                    system.Id, system.Name, system.Connector, system.Settings, system.ProtectedAccounts, system.MaxConcurrency, system.RatePerSecond, system.Version))
                .ToList();
    }
}

/// <summary>Tests the connection to a system and names each right that is held or missing; never writes.</summary>
internal sealed record TestSystem(SystemId System) : IQuery<ConnectionReport>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/systems/{system}/test", (SystemId system, ApiDoor door) => door.AskAsync(new TestSystem(system))).WithTags("Systems");

    internal sealed class Handler(DepartDb db, Connections connections) : IHandler<TestSystem, ConnectionReport>
    {
        public async Task<Outcome<ConnectionReport>> HandleAsync(TestSystem query, CancellationToken cancellation) =>
            await db.Set<TargetSystem>().FirstOrDefaultAsync(system => system.Id == query.System, cancellation) is { } system
                ? await connections.Of(system).TestAsync(cancellation)
                : Problem.NotFound(AccountsText.System);
    }
}
