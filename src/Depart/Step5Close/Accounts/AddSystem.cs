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
    IReadOnlyList<string>? After = null, int? Concurrency = null, int? Rate = null) : ICommand<SystemId>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.It, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/systems", (AddSystem command, ApiDoor door) => door.SendAsync(command)).WithTags("Systems");

    public IEnumerable<Problem> Check() => SystemRules.Check(Name, Concurrency, Rate);

    internal sealed class Handler(DepartDb db, Connections connections, SystemRules rules, IJournal journal) : IHandler<AddSystem, SystemId>
    {
        public async Task<Outcome<SystemId>> HandleAsync(AddSystem command, CancellationToken cancellation)
        {
            if (rules.Kind(command.Connector) is not { Ok: true, Value: { } kind } unknown)
            {
                return rules.Kind(command.Connector).Problem!;
            }

            if (SystemRules.Wrong(kind.Read(command.Settings ?? new Dictionary<string, string>(), out _)) is { } wrong)
            {
                return wrong;
            }

            var name = command.Name.Trim();
            var systems = await db.Set<TargetSystem>().Where(system => system.RemovedAt == null).ToListAsync(cancellation);
            if (SystemRules.Taken(systems, name, null) is { } taken)
            {
                return taken;
            }

            var after = SystemRules.After(systems, command.After ?? []);
            if (!after.Ok)
            {
                return after.Problem;
            }

            var added = new TargetSystem { Name = name, Connector = kind.Key };
            var concurrency = command.Concurrency ?? kind.About.DefaultConcurrency;
            added.Configure(kind, command.Settings!, connections.Protector);
            added.Bound(command.ProtectedAccounts ?? [], after.Value, concurrency, command.Rate);
            if (SystemCircle.Find([.. systems, added], connections) is { Count: > 0 } circle)
            {
                return AccountsText.Cycle(circle) with { Field = nameof(After) };
            }

            db.Add(added);
            db.Add(new WorkQueue { Name = added.Queue, MaxConcurrency = concurrency, RatePerSecond = command.Rate });
            journal.Record(SystemFacts.Of(added, "system.added", new() { ["settings"] = added.SettingsJson }));
            return added.Id;
        }
    }
}

/// <summary>The rules of a system's name, settings, order and limits: the same when it is added and when it changes.</summary>
internal sealed class SystemRules(Connections connections)
{
    private static readonly Words ConcurrencyRange = new("Parallel calls: from 1 to 64.", "Appels simultanés : de 1 à 64.");
    private static readonly Words RateRange = new("Calls per second: from 1 to 1000.", "Appels par seconde : de 1 à 1000.");
    private static readonly Words NameLength = new("A name has 100 characters at most.", "Un nom compte 100 caractères au plus.");
    private static readonly Words NoSuch = new("{0}: no such system.", "{0} : aucun système de ce nom.");
    private static readonly Words ItselfFirst = new("{0} cannot come before itself.", "{0} ne peut pas passer avant lui-même.");

    /// <summary>What can be told from the request alone.</summary>
    public static IEnumerable<Problem> Check(string? name, int? concurrency, int? rate)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            yield return Problem.Required("Name", AccountsText.Name);
        }
        else if (name.Trim().Length > 100)
        {
            yield return Problem.Invalid("Name", "too-long", NameLength);
        }

        if (concurrency is < 1 or > 64)
        {
            yield return Problem.Invalid("Concurrency", "out-of-range", ConcurrencyRange);
        }

        if (rate is < 1 or > 1000)
        {
            yield return Problem.Invalid("Rate", "out-of-range", RateRange);
        }
    }

    /// <summary>The connector, or which ones there are.</summary>
    public Outcome<ConnectorKind> Kind(string? key) => connections.Catalogue.Find(key ?? "") is { } kind
        ? kind
        : Problem.Invalid("Connector", "connector-unknown", AccountsText.UnknownConnector.With(
            key, string.Join(", ", connections.Catalogue.Kinds.Select(known => known.Key))));

    /// <summary>Settings that cannot be used, each named.</summary>
    public static Problem? Wrong(IReadOnlyList<SettingProblem> problems) =>
        Problem.Several([.. problems.Select(problem => Problem.Invalid(problem.Setting, "setting", problem.What.ToWords()))]);

    /// <summary>Secrets that would be sent to another place than the one they were given for.</summary>
    public static Problem? AskAgain(ConnectorKind kind, SettingsOffer offer) =>
        Problem.Several([.. offer.AskAgain.Select(name => Problem.Invalid(name, "secret-again", AccountsText.SecretAgain.With(
            kind.Settings.First(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase)).Label.ToWords())))]);

    /// <summary>Another system has that name.</summary>
    public static Problem? Taken(IReadOnlyCollection<TargetSystem> systems, string name, TargetSystem? itself) =>
        systems.Any(system => system != itself && string.Equals(system.Name, name, StringComparison.OrdinalIgnoreCase))
            ? Problem.Invalid("Name", "name-taken", AccountsText.NameTaken.With(name))
            : null;

    /// <summary>The systems that come before, by name or identifier.</summary>
    public static Outcome<List<Guid>> After(IReadOnlyCollection<TargetSystem> systems, IReadOnlyList<string> names, TargetSystem? itself = null)
    {
        var after = new List<Guid>();
        foreach (var name in names.Select(name => name.Trim()).Where(name => name.Length > 0))
        {
            if (systems.FirstOrDefault(system => string.Equals(system.Name, name, StringComparison.OrdinalIgnoreCase) || system.Id.ToString() == name) is not { } found)
            {
                return Problem.Invalid("After", "not-found", NoSuch.With(name));
            }

            if (found == itself)
            {
                return Problem.Invalid("After", "order-cycle", ItselfFirst.With(found.Name));
            }

            after.Add(found.Id.Value);
        }

        return after;
    }
}

/// <summary>What the journal says of systems: names and plain settings; logins among the protected accounts are personal.</summary>
internal static class SystemFacts
{
    public static Fact Of(TargetSystem system, string kind, Dictionary<string, object?> values, string? reason = null)
    {
        var all = new Dictionary<string, object?>(values, StringComparer.Ordinal)
        {
            ["system"] = system.Id.Value, ["name"] = system.Name, ["connector"] = system.Connector,
        };
        return new(Fact.House, kind)
        {
            Values = all,
            Personal = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["protected"] = system.ProtectedAccounts.Count == 0 ? null : string.Join(' ', system.ProtectedAccounts),
                ["reason"] = reason,
            },
        };
    }
}
