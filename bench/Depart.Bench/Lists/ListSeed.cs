using Depart.Connectors;
using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Depart.Processes;
using Depart.Step5Close.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Bench.Lists;

/// <summary>A company as the lists would find it: people of whom some came back, their missions, and departures of three years and of the nine months to come.</summary>
internal static class ListSeed
{
    private const int AtOnce = 2_000;
    private const int TasksOfEach = 20;
    private const int Systems = 13;

    private static readonly string[] Given =
    [
        "Camille", "Élodie", "Mehdi", "Zoë", "Jean-Luc", "Inès", "Thomas", "Aïcha", "Hugo", "Noémie", "Karim", "Léa", "Benoît", "Chloé", "Yann", "Fatou", "Rémi", "Anaïs", "Paul", "Maëlle",
        "Olivier", "Sarah", "François", "Nadia", "Étienne", "Julie", "Mamadou", "Agnès", "Quentin", "Solène", "Romain", "Houda", "Gaël", "Pauline", "Théo", "Aurélie", "Samir", "Élise", "Loïc", "Manon",
    ];

    private static readonly string[] Families =
    [
        "Lefèvre", "Moreau", "D’Angélo", "Benali", "Garnier", "Le Goff", "Nguyen", "Roux", "Diallo", "Fontaine", "Chevalier", "Girard", "Da Silva", "Perrin", "Mercier", "Haddad", "Boyer", "Guérin",
        "Traoré", "Lemaître", "Barbier", "Rivière", "Kowalski", "Renaud", "Picard", "Schmitt", "Colin", "Vidal", "Caron", "Brunet", "Meyer", "Dupuis", "Hamel", "Lacroix", "Bouvier", "Texier",
    ];

    private static readonly string[] Titles =
        ["Refonte du portail", "Migration du socle de données", "Exploitation des serveurs", "Sécurité des accès", "Paie et temps", "Application mobile", "Recette des flux", "Assistance à maîtrise d’ouvrage"];

    private static readonly string[] Units = ["DSI", "DSI Réseaux", "Direction financière", "Achats", "Production", "Marketing", "RH"];

    /// <summary>Writes everything: for every ten departures eight people, twelve missions and a hundred accounts on thirteen systems; twenty tasks for each.</summary>
    public static async Task WriteAsync(IServiceProvider services, int departures)
    {
        // The same company every time: the larger one has the smaller one's proportions.
        var random = new Random(2026);
        var now = TimeProvider.System.GetUtcNow();
        var suppliers = Enumerable.Range(0, 150).Select(number => Supplier.Named($"{Families[number % Families.Length]} Conseil {number}", "Agnès Roux", $"contact@conseil{number}.example")).ToList();
        await SaveAsync(services, suppliers);
        var systems = Enumerable.Range(1, Systems).Select(number => new TargetSystem { Name = $"Système {number}", Connector = "manual" }).ToList();
        await SaveAsync(services, systems);
        var process = Process();
        for (var from = 0; from < departures; from += AtOnce)
        {
            var count = Math.Min(AtOnce, departures - from);
            var first = from;
            var people = Enumerable.Range(0, count * 8 / 10).Select(number => APerson(random, (first * 8 / 10) + number, suppliers)).ToList();
            var missions = Enumerable.Range(0, count * 12 / 10).Select(number => AMission(random, people[number % people.Count], now)).ToList();
            var leaving = missions.Take(count).Select(mission => ADeparture(random, mission, now)).ToList();
            await SaveAsync(services, people);
            await SaveAsync(services, missions);
            await SaveAsync(services, AccountsOf(random, people, missions, systems, now));
            await SaveAsync(services, leaving);
            await SaveAsync(services, leaving.SelectMany(departure => TasksOf(random, departure, process, now)).ToList());
            await JournalAsync(services, leaving);
        }
    }

    private static Person APerson(Random random, int number, List<Supplier> suppliers)
    {
        var (given, family) = (Given[random.Next(Given.Length)], Families[random.Next(Families.Length)]);
        family = random.Next(3) == 0 ? $"{family}-{Families[random.Next(Families.Length)]}" : family;
        var login = SearchText.Of($"{given[0]}{family}").Replace(" ", "", StringComparison.Ordinal) + number;
        return Person.Of(new(given, family, $"P{number:D6}", [$"{login}@ext.alteo.example"], [login], ContractualStatus.SuppliersEmployee, suppliers[random.Next(suppliers.Count)].Id));
    }

    private static Mission AMission(Random random, Person person, DateTimeOffset now)
    {
        var end = DateOnly.FromDateTime(now.UtcDateTime).AddDays(random.Next(-1095, 270));
        return Mission.Of(person.Id, new(
            Titles[random.Next(Titles.Length)], Units[random.Next(Units.Length)], person.Supplier, $"CMD-{random.Next(1_000_000):D6}", null, MissionKind.Regie, WorkPlace.Hybrid,
            end.AddDays(-random.Next(60, 900)), end, ["Équipe projet"], []));
    }

    /// <summary>One on each system or on all but one; closed for the most part when their person is gone. One in fifty is nobody's, one in two hundred may be somebody's.</summary>
    private static List<Account> AccountsOf(Random random, List<Person> people, List<Mission> missions, List<TargetSystem> systems, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var here = missions.Where(mission => mission.End >= today).Select(mission => mission.Person).ToHashSet();
        var accounts = new List<Account>();
        foreach (var (person, number) in people.Select((person, number) => (person, number)))
        {
            foreach (var system in systems.Skip(number % 2))
            {
                var (account, sign) = (new Account { System = system.Id, ExternalId = person.Logins[0], Login = person.Logins[0] }, random.Next(200));
                var state = here.Contains(person.Id) || random.Next(200) == 0 ? AccountState.Enabled : AccountState.Disabled;
                account.Take(new() { Id = account.ExternalId, Login = account.Login, DisplayName = person.Name, Mails = [person.Mails[0]], State = state, Privileged = random.Next(100) == 0 }, now);
                if (sign >= 5)
                {
                    account.Judge(person.Id, MatchKind.Mail);
                }
                else if (sign == 0)
                {
                    account.Doubt([person.Id]);
                }

                accounts.Add(account);
            }
        }

        return accounts;
    }

    /// <summary>Those of the past are closed for the most part; those to come are open, a month's end being the most frequent last day.</summary>
    private static Departure ADeparture(Random random, Mission mission, DateTimeOffset now)
    {
        var end = mission.End!.Value;
        var last = random.Next(4) == 0 ? new DateOnly(end.Year, end.Month, DateTime.DaysInMonth(end.Year, end.Month)) : end;
        var zone = LocalInstant.FindZone(Departure.DefaultZone)!;
        var cut = LocalInstant.Of(last, Departure.DefaultCutTime, zone);
        var opened = cut.AddDays(-30);
        var departure = Departure.Open(mission.Id, mission.Person, last, zone, Departure.DefaultCutTime, DepartureKind.Planned, DepartureReason.MissionEnd, opened);
        var fate = random.Next(100);
        if (fate < 5)
        {
            departure.Cancel();
        }
        else if (cut <= now)
        {
            departure.StartDisconnecting(immediate: false, cut);
            departure.EndDisconnecting(everyAccountCut: fate > 7, cut.AddSeconds(20));
            if (fate > 17)
            {
                departure.Close(cut.AddDays(2));
            }
        }

        return departure;
    }

    /// <summary>The first tasks of the shipped process for a consultant by time.</summary>
    private static IReadOnlyList<TaskTemplate> Process() => [.. ShippedTemplates.Documents["consultant-regie"].Tasks.Take(TasksOfEach)];

    /// <summary>Settled when the departure is over; of those that are open some is done, and the rest lies with whoever the process says.</summary>
    private static IEnumerable<DepartureTask> TasksOf(Random random, Departure departure, IReadOnlyList<TaskTemplate> process, DateTimeOffset now)
    {
        var parties = new DepartureParties(departure.Person.Value, null, null, null);
        foreach (var (template, place) in process.Select((template, place) => (template, place)))
        {
            var task = DepartureTask.Of(departure.Id, template, place, TaskDesk.Of(template.Owner, parties));
            task.Due(task.Rule.From(departure.LastDay, departure.BusinessCalendar, departure.LocalZone).Instant);
            task.Wait(template.After.Count > 0 && random.Next(3) > 0);
            if (departure.State == DepartureState.Cancelled)
            {
                task.Withdraw();
            }
            else if (departure.IsOver || (task.DueAt < now && random.Next(10) > 0))
            {
                task.Settle(DepartureTaskState.Done, null, null, task.DueAt);
            }

            yield return task;
        }
    }

    private static async Task SaveAsync<T>(IServiceProvider services, List<T> rows)
        where T : class
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.InsertAsync(rows, CancellationToken.None);
        await transaction.CommitAsync();
    }

    private static async Task JournalAsync(IServiceProvider services, List<Departure> opened)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        var journal = scope.ServiceProvider.GetRequiredService<IJournal>();
        foreach (var departure in opened)
        {
            journal.Record(DepartureFacts.Of(departure, "departure.opened"));
        }

        await using var transaction = await db.Database.BeginTransactionAsync();
        await journal.WriteAsync(db, Actor.Console, CancellationToken.None);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }
}
