using Depart.Connectors;
using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>
/// Says who takes what the leaver owns, by system (its name or identifier) and login there; kept also for a cut that comes by itself. Systems that are not named
/// keep their choice, an empty login withdraws it.
/// </summary>
internal sealed record ChooseNewOwners(DepartureId Departure, IReadOnlyDictionary<string, string> NewOwners) : ICommand<Done>, IRouted, IOnDeparture
{
    public static Access Access => Disconnect.Access;

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/new-owners", (DepartureId departure, Body body, ApiDoor door) =>
            door.SendAsync(new ChooseNewOwners(departure, body.NewOwners))).WithTags("Disconnection");

    /// <summary>Choices written <c>SYSTEM=ACCOUNT</c>; a name may hold an equals sign, a login may too: the first one parts them.</summary>
    internal static IReadOnlyDictionary<string, string>? Read(IReadOnlyList<string>? texts)
    {
        if (texts is not { Count: > 0 })
        {
            return null;
        }

        var choices = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in texts)
        {
            var parts = text.Split('=', 2);
            choices[parts[0].Trim()] = parts.Length > 1 ? parts[1].Trim() : "";
        }

        return choices;
    }

    internal sealed record Body(IReadOnlyDictionary<string, string> NewOwners);

    /// <summary>What the journal says: the system, and as a personal value who takes over.</summary>
    internal static Fact Fact(Departure departure, ChosenChange change) => new(departure.Chain, "departure.new-owner-chosen")
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["departure"] = departure.Id.Value, ["system"] = change.System.Value, ["chosen"] = change.Login is not null,
        },
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["newOwner"] = change.Login },
    };

    internal sealed class Handler(DepartDb db, NewOwners owners, IJournal journal) : IHandler<ChooseNewOwners, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ChooseNewOwners command, CancellationToken cancellation)
        {
            if (await db.FindAsync<Departure>([command.Departure], cancellation) is not { } departure)
            {
                return Problem.NotFound(DeparturesText.Departure);
            }

            if (!departure.IsAhead)
            {
                return DeparturesText.NotOpen;
            }

            var chosen = await owners.ChooseAsync(departure, command.NewOwners, cancellation);
            if (!chosen.Ok)
            {
                return chosen.Problem;
            }

            foreach (var change in chosen.Value)
            {
                journal.Record(Fact(departure, change));
            }

            return Done.Value;
        }
    }
}

/// <summary>An account that may take over.</summary>
public sealed record OfferedOwner(string Login, string? Name);

/// <summary>Accounts that may take over what a leaver owns, by system; the first ones, for suggestions: any other may be named.</summary>
internal sealed record OfferNewOwners(PersonId Person) : IQuery<IReadOnlyDictionary<SystemId, IReadOnlyList<OfferedOwner>>>, IOnPerson
{
    private const int Most = 200;

    public static Access Access => Disconnect.Access;

    public Guid PersonKey => Person.Value;

    internal sealed class Handler(DepartDb db, NewOwners owners) : IHandler<OfferNewOwners, IReadOnlyDictionary<SystemId, IReadOnlyList<OfferedOwner>>>
    {
        public async Task<Outcome<IReadOnlyDictionary<SystemId, IReadOnlyList<OfferedOwner>>>> HandleAsync(OfferNewOwners query, CancellationToken cancellation)
        {
            var person = query.Person;
            var systems = await db.Set<TargetSystem>()
                .Where(system => system.RemovedAt == null && db.Set<Account>().Any(account => account.System == system.Id && account.Person == person)).ToListAsync(cancellation);
            var offered = new Dictionary<SystemId, IReadOnlyList<OfferedOwner>>();
            foreach (var system in systems.Where(system => owners.Passing(system).Count > 0))
            {
                var accounts = await db.Set<Account>()
                    .Where(account => account.System == system.Id && account.State == AccountState.Enabled && account.Person != person
                        && !db.Set<AccountCandidate>().Any(candidate => candidate.Account == account.Id && candidate.Person == person && !candidate.Refused))
                    .OrderBy(account => account.Place).Take(Most).Select(account => new OfferedOwner(account.Login, account.DisplayName)).ToListAsync(cancellation);
                offered[system.Id] = [.. accounts.Where(account => !system.Protects(account.Login))];
            }

            return offered;
        }
    }
}
