using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Changes a connected system (ACC1): everything given replaces what was there, but a secret that is not given is kept.</summary>
/// <remarks>
/// When the address changes the secrets are asked again: they would otherwise be sent to another place than the one they were given for.
/// <paramref name="Forget"/> names secrets to drop. Without <paramref name="Settings"/> all settings are kept.
/// </remarks>
internal sealed record ChangeSystem(
    SystemId System, string Name, IReadOnlyDictionary<string, string>? Settings = null, IReadOnlyList<string>? Forget = null,
    IReadOnlyList<string>? ProtectedAccounts = null, IReadOnlyList<string>? After = null, int? Concurrency = null, int? Rate = null)
    : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.It, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/systems/{system}", (SystemId system, Body body, ApiDoor door) => door.SendAsync(new ChangeSystem(
            system, body.Name, body.Settings, body.Forget, body.ProtectedAccounts, body.After, body.Concurrency, body.Rate))).WithTags("Systems");

    public IEnumerable<Problem> Check() => SystemRules.Check(Name, Concurrency, Rate);

    internal sealed record Body(
        string Name, Dictionary<string, string>? Settings, List<string>? Forget, List<string>? ProtectedAccounts, List<string>? After, int? Concurrency, int? Rate);

    internal sealed class Handler(DepartDb db, Connections connections, SystemRules rules, RequestSlot request, IJournal journal) : IHandler<ChangeSystem, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ChangeSystem command, CancellationToken cancellation)
        {
            var systems = await db.Set<TargetSystem>().Where(system => system.RemovedAt == null).ToListAsync(cancellation);
            if (systems.FirstOrDefault(known => known.Id == command.System) is not { } system)
            {
                return Problem.NotFound(AccountsText.System);
            }

            if (!system.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            if (SystemRules.Taken(systems, command.Name.Trim(), system) is { } taken)
            {
                return taken;
            }

            var after = SystemRules.After(systems, command.After ?? [], system);
            if (!after.Ok)
            {
                return after.Problem;
            }

            var before = (system.SettingsJson, system.Name);
            if (command.Settings is { } given && Configure(system, given, command.Forget ?? []) is { } wrong)
            {
                return wrong;
            }

            system.Name = command.Name.Trim();
            system.Bound(command.ProtectedAccounts ?? [], after.Value, command.Concurrency ?? system.MaxConcurrency, command.Rate);
            if (SystemCircle.Find(systems, connections) is { Count: > 0 } circle)
            {
                return AccountsText.Cycle(circle) with { Field = nameof(After) };
            }

            var queue = await db.FindAsync<WorkQueue>([system.Queue], cancellation);
            if (queue is not null)
            {
                (queue.MaxConcurrency, queue.RatePerSecond) = (system.MaxConcurrency, system.RatePerSecond);
            }

            journal.Record(SystemFacts.Of(system, "system.changed", new()
            {
                ["nameBefore"] = before.Name,
                ["settingsBefore"] = before.SettingsJson,
                ["settings"] = system.SettingsJson,
                ["secretsGiven"] = string.Join(' ', system.SecretNames.Where(name => command.Settings?.Keys.Contains(name, StringComparer.OrdinalIgnoreCase) == true)),
                ["concurrency"] = system.MaxConcurrency,
                ["rate"] = system.RatePerSecond,
                ["after"] = string.Join(' ', system.AfterSystems),
            }));
            return Done.Value;
        }

        private Problem? Configure(TargetSystem system, IReadOnlyDictionary<string, string> given, IReadOnlyList<string> forget)
        {
            var kind = rules.Kind(system.Connector);
            if (!kind.Ok)
            {
                return kind.Problem;
            }

            var offer = system.Offer(kind.Value, given, forget, connections.Protector);
            if (SystemRules.AskAgain(kind.Value, offer) is { } again)
            {
                return again;
            }

            if (SystemRules.Wrong(kind.Value.Read(offer.Values, out _)) is { } wrong)
            {
                return wrong;
            }

            system.Configure(kind.Value, offer.Values, connections.Protector);
            return null;
        }
    }
}

/// <summary>
/// Accepts values that a connection test proposed (the host key of an SSH server): exactly those shown, never a secret.
/// </summary>
internal sealed record AcceptProposed(SystemId System, IReadOnlyDictionary<string, string> Values) : ICommand<Done>, IRouted, IChecked
{
    private static readonly Words NothingToAccept = new("Say which proposed values you accept.", "Indiquez les valeurs proposées que vous acceptez.");
    private static readonly Words NotHere = new("{0} is not accepted this way: change it in the settings.", "{0} ne s’accepte pas ainsi : modifiez-le dans les réglages.");

    public static Access Access => Access.To(Role.It, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/systems/{system}/proposed", (SystemId system, Dictionary<string, string> values, ApiDoor door) =>
            door.SendAsync(new AcceptProposed(system, values))).WithTags("Systems");

    public IEnumerable<Problem> Check()
    {
        if (Values is not { Count: > 0 })
        {
            yield return Problem.Invalid(nameof(Values), "required", NothingToAccept);
        }
    }

    internal sealed class Handler(DepartDb db, Connections connections, SystemRules rules, RequestSlot request, IJournal journal) : IHandler<AcceptProposed, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(AcceptProposed command, CancellationToken cancellation)
        {
            if (await db.Set<TargetSystem>().FirstOrDefaultAsync(known => known.Id == command.System && known.RemovedAt == null, cancellation) is not { } system)
            {
                return Problem.NotFound(AccountsText.System);
            }

            if (!system.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            var kind = rules.Kind(system.Connector);
            if (!kind.Ok)
            {
                return kind.Problem;
            }

            if (kind.Value.Settings.FirstOrDefault(field => (field.Secret || field.Address) && command.Values.Keys.Contains(field.Name, StringComparer.OrdinalIgnoreCase)) is { } other)
            {
                return Problem.Invalid(other.Name, "not-proposed", NotHere.With(other.Label.ToWords()));
            }

            var values = new Dictionary<string, string>(system.AllSettings(connections.Protector), StringComparer.OrdinalIgnoreCase);
            foreach (var (name, value) in command.Values)
            {
                values[name] = value;
            }

            if (SystemRules.Wrong(kind.Value.Read(values, out _)) is { } wrong)
            {
                return wrong;
            }

            var before = system.SettingsJson;
            system.Configure(kind.Value, values, connections.Protector);
            journal.Record(SystemFacts.Of(system, "system.accepted", new() { ["settingsBefore"] = before, ["settings"] = system.SettingsJson }));
            return Done.Value;
        }
    }
}
