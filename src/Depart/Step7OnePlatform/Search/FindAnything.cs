using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Depart.Step5Close.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step7OnePlatform.Search;

/// <summary>What can be found.</summary>
public enum FindingKind
{
    /// <summary>Somebody of the record.</summary>
    Person,

    /// <summary>A departure, by the name of who leaves.</summary>
    Departure,

    /// <summary>A task of one's own, by its title or by who leaves.</summary>
    Task,

    /// <summary>A connected system.</summary>
    System,

    /// <summary>An account, by its login or by whose it is.</summary>
    Account,
}

/// <summary>Something found.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its identifier.</param>
/// <param name="Path">Where it is shown.</param>
/// <param name="Title">Its name.</param>
/// <param name="About">What tells it from others of that name.</param>
public sealed record Finding(FindingKind Kind, Guid Id, string Path, string Title, Words About);

/// <summary>Findings of one kind, the best first.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Items">At most <see cref="FindAnything.Most"/>.</param>
/// <param name="More">There are more.</param>
public sealed record Findings(FindingKind Kind, IReadOnlyList<Finding> Items, bool More);

/// <summary>Looks for people, departures, tasks, systems and accounts by what somebody begins to type; only among what the reader may list (PLT).</summary>
/// <remarks>
/// Each word typed is the beginning of a word, in any order, accents and case ignored; a login is typed from its beginning. Fewer than two letters find nothing. Every part is entered by an
/// index and left after a few rows: the answer costs the same in a large company.
/// </remarks>
internal sealed record FindAnything(string? Text) : IQuery<IReadOnlyList<Findings>>, IRouted
{
    /// <summary>Most that is shown of each kind.</summary>
    public const int Most = 6;

    /// <summary>Fewest letters, in all, that are looked for.</summary>
    public const int FewestLetters = 2;

    /// <summary>Most people whose departures and accounts are looked at.</summary>
    private const int MostPeople = 15;

    /// <summary>Most departures of theirs that are looked at.</summary>
    private const int MostDepartures = 60;

    /// <summary>How many of one's next tasks are looked at.</summary>
    private const int MostTasks = 60;

    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/search", (string? text, ApiDoor door) => door.AskAsync(new FindAnything(text))).WithTags("Search");

    /// <summary>The words looked for, or none when too little is typed.</summary>
    public static IReadOnlyList<string> WordsOf(string? text) =>
        SearchText.Of(text?.Length > 200 ? text[..200] : text) is { Length: >= FewestLetters } plain ? [.. plain.Split(' ').Distinct().Take(8)] : [];

    internal sealed class Handler(DepartDb db, Actor actor, TaskRights rights) : IHandler<FindAnything, IReadOnlyList<Findings>>
    {
        public async Task<Outcome<IReadOnlyList<Findings>>> HandleAsync(FindAnything query, CancellationToken cancellation)
        {
            var words = WordsOf(query.Text);
            if (words.Count == 0)
            {
                return (Findings[])[];
            }

            // Who is meant is found once; departures and accounts are looked for among theirs.
            var people = PersonWord.Named(db, words, MostPeople + 1) is { } named ? await named.ToListAsync(cancellation) : [];
            people = people.Count > Most ? people : await PersonWord.Beginning(db, words).Take(MostPeople + 1).ToListAsync(cancellation);
            var persons = people.Distinct().Take(MostPeople).ToList();
            var systems = Allows(ListSystems.Access) || Allows(ListAccounts.Access)
                ? await db.Set<TargetSystem>().Where(system => system.RemovedAt == null).OrderBy(system => system.Name).Select(system => new KnownSystem(system.Id, system.Name, system.Connector)).ToListAsync(cancellation) : [];
            List<Findings> found =
            [
                Allows(ListPeople.Access) ? await PeopleAsync(persons, cancellation) : None(FindingKind.Person),
                Allows(ListDepartures.Access) ? await DeparturesAsync(words, persons, cancellation) : None(FindingKind.Departure),
                await TasksAsync(words, cancellation),
                Allows(ListSystems.Access) ? Systems(words, systems) : None(FindingKind.System),
                Allows(ListAccounts.Access) ? await AccountsAsync(SearchText.Of(query.Text), persons, systems, cancellation) : None(FindingKind.Account),
            ];
            return found.Where(group => group.Items.Count > 0).ToArray();
        }

        private bool Allows(Access access) => access.Allows(actor, null);

        private static Findings None(FindingKind kind) => new(kind, [], false);

        private static Findings First(FindingKind kind, IReadOnlyList<Finding> found) => new(kind, [.. found.Take(Most)], found.Count > Most);

        private async Task<Findings> PeopleAsync(List<PersonId> persons, CancellationToken cancellation)
        {
            if (persons.Count == 0)
            {
                return None(FindingKind.Person);
            }

            var wanted = persons.Take(Most + 1).ToList();
            var rows = await db.Set<Person>().Where(person => wanted.Contains(person.Id)).Select(person => new
            {
                person.Id, person.GivenName, person.FamilyName, person.Mails,
                Supplier = db.Set<Supplier>().Where(supplier => supplier.Id == person.Supplier).Select(supplier => supplier.Name).FirstOrDefault(),
            }).ToDictionaryAsync(person => person.Id, cancellation);
            return First(FindingKind.Person, [.. wanted.Where(rows.ContainsKey).Select(id => rows[id]).Select(person => new Finding(
                FindingKind.Person, person.Id.Value, $"/people/{person.Id}", $"{person.GivenName} {person.FamilyName}",
                Words.Same(string.Join(" · ", new[] { person.Supplier, person.Mails.FirstOrDefault() }.OfType<string>()))))]);
        }

        private async Task<Findings> DeparturesAsync(IReadOnlyList<string> words, List<PersonId> persons, CancellationToken cancellation)
        {
            if (persons.Count == 0)
            {
                return None(FindingKind.Departure);
            }

            var departures = DepartureRows.SeenBy(db, actor);
            if (DepartureRows.SeesAll(actor))
            {
                departures = departures.Where(departure => persons.Contains(departure.Person));
            }
            else
            {
                // A few of one's own, though many may bear the name.
                foreach (var word in words)
                {
                    var begun = PersonWord.Of(db, word);
                    departures = departures.Where(departure => begun.Any(one => one.Person == departure.Person));
                }
            }

            // All of them, in no order: asked for the first few of all departures by their day, the database would go through the years. What is to come first, then what was cut last.
            var theirs = await DepartureRows.Of(db, departures.Take(MostDepartures)).ToListAsync(cancellation);
            var rows = theirs.Where(departure => !Over(departure.State)).Concat(theirs.AsEnumerable().Reverse().Where(departure => Over(departure.State))).Take(Most + 1);
            return First(FindingKind.Departure, [.. rows.Select(row => new Finding(
                FindingKind.Departure, row.Id.Value, $"/departures/{row.Id}", row.Name, SearchPageText.AboutDeparture.With(row.Mission, DeparturesText.Of(row.State), Said.OnPaper(row.LastDay))))]);
        }

        private static bool Over(DepartureState state) => state is DepartureState.Closed or DepartureState.Cancelled;

        private async Task<Findings> TasksAsync(IReadOnlyList<string> words, CancellationToken cancellation)
        {
            var desks = await rights.DesksAsync(cancellation);
            if (desks.Count == 0)
            {
                return None(FindingKind.Task);
            }

            // Among one's next tasks: whoever has thousands has more use for the list and its filters.
            var mine = desks.Select(desk => TaskRows.On(db, actor, desk).Where(task => task.PendingDue != null).OrderBy(task => task.PendingDue).Take(MostTasks)
                .Select(task => new { task.Id, task.PendingDue })).Aggregate((some, more) => some.Concat(more)).OrderBy(task => task.PendingDue).Take(MostTasks).Select(task => task.Id);
            var rows = await db.Set<DepartureTask>().Where(task => mine.Contains(task.Id)).OrderBy(task => task.PendingDue).Join(
                db.Set<Departure>(), task => task.Departure, departure => departure.Id, (task, departure) => new { task.Id, task.TitleEn, task.TitleFr, departure.Person, task.PendingDue })
                .Join(db.Set<Person>(), task => task.Person, person => person.Id, (task, person) => new { task.Id, task.TitleEn, task.TitleFr, task.PendingDue, task.Person, Name = person.GivenName + " " + person.FamilyName })
                .OrderBy(task => task.PendingDue).ToListAsync(cancellation);
            return First(FindingKind.Task, [.. rows.Where(row => Begin(words, $"{row.TitleEn} {row.TitleFr} {row.Name}")).Take(Most + 1).Select(row => new Finding(
                FindingKind.Task, row.Id.Value, $"/tasks/{row.Id}", new Words(row.TitleEn, row.TitleFr).ToString(), row.Person.Value == actor.Person ? TasksPageText.OwnDeparture : TasksPageText.DepartureOf.With(Said.Of(row.Name))))]);
        }

        private static Findings Systems(IReadOnlyList<string> words, IReadOnlyList<KnownSystem> systems) =>
            First(FindingKind.System, [.. systems.Where(system => Begin(words, $"{system.Name} {system.Connector}")).Select(system => new Finding(
                FindingKind.System, system.Id.Value, $"/systems/{system.Id}", system.Name, Words.Same(system.Connector)))]);

        private async Task<Findings> AccountsAsync(string begin, List<PersonId> persons, IReadOnlyList<KnownSystem> systems, CancellationToken cancellation)
        {
            // A login is typed from its beginning, as it is written.
            var end = PersonWord.EndOf(begin);
            var byLogin = await AccountQuery.Connected(db).Where(account => account.Place.CompareTo(begin) >= 0 && account.Place.CompareTo(end) < 0).OrderBy(account => account.Place).Take(Most + 1).ToListAsync(cancellation);
            var few = persons.Take(Most).ToList();
            var ofPeople = byLogin.Count > Most || few.Count == 0 ? []
                : await AccountQuery.Connected(db).Where(account => account.Person != null && few.Contains(account.Person.Value)).OrderBy(account => account.Place).Take(Most + 1).ToListAsync(cancellation);
            var accounts = byLogin.Concat(ofPeople).DistinctBy(account => account.Id).Take(Most + 1).ToList();
            var names = systems.ToDictionary(system => system.Id, system => system.Name);
            return First(FindingKind.Account, [.. accounts.Select(account => new Finding(
                FindingKind.Account, account.Id.Value, account.Person is { } person ? $"/people/{person}" : Addresses.With("/accounts", ("search", account.Login), ("system", account.System.ToString())), account.Login,
                Words.Same(string.Join(" · ", new[] { names.GetValueOrDefault(account.System), account.DisplayName }.OfType<string>()))))]);
        }

        private sealed record KnownSystem(SystemId Id, string Name, string Connector);

        /// <summary>Whether each word is the beginning of a word of a text.</summary>
        private static bool Begin(IReadOnlyList<string> words, string text)
        {
            var plain = " " + SearchText.Of(text);
            return words.All(word => plain.Contains(" " + word, StringComparison.Ordinal));
        }
    }
}
