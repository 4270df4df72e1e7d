using System.Globalization;
using Depart.Departures.Renewals;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Missions;
using Depart.Step5Close.Accounts;
using Depart.Step7OnePlatform.PublicNotices;

namespace Depart.Interfaces.Demo;

/// <summary>A fictional French company with 300 consultants, two SCIM services departures in the coming days, and those of the last months.</summary>
internal sealed class DemoCompany : IAsyncDisposable
{
    private static readonly string[] Given =
    [
        "Élodie", "Théo", "Anaïs", "Hugo", "Léa", "Rayan", "Chloé", "Maël", "Inès", "François", "Zoë", "Jérôme", "Agnès", "Loïc", "Océane", "Cédric", "Gaëlle", "Raphaël",
        "Hélène", "Youssef", "Noémie", "Benoît", "Camille", "Stéphane", "Aïcha", "Grégoire", "Maëva", "Étienne", "Sarah", "Mickaël", "Fatou", "Sébastien", "Louise",
        "Karim", "Valérie", "Thibault", "Manon", "Olivier", "Solène", "Nicolas",
    ];

    private static readonly string[] Family =
    [
        "Perrin", "Diallo", "Lefèvre", "Nguyen", "Moreau", "Benali", "Chevallier", "Da Silva", "Garnier", "Le Goff", "D’Angélo", "Fontaine", "Rousseau", "Dupré", "Mercier",
        "Haddad", "Bézier", "Tran", "Lemaître", "Ferreira", "Castaing", "Ouédraogo", "Masson", "Kowalski", "Renaud", "Guérin", "El Amrani", "Picard", "Vidal", "Hervé",
        "Barthélemy", "Sow", "Leclercq", "Martinez", "Aubert", "Cohen", "Marchand", "Pélissier", "Traoré", "Roche", "Delaunay", "Besson", "Yilmaz", "Carpentier",
        "Rey", "Boucher", "Adjani", "Collet", "Jacquet", "Weber",
    ];

    private static readonly string[] Suppliers = ["Altéo Conseil", "Klee et Associés", "Nexia Numérique", "Sopral", "Atelier Loire", "Hexavia", "Brume et Fils", "Collectif Ampère"];

    private static readonly string[] Titles =
    [
        "Refonte du portail client", "Migration vers le nuage", "Entrepôt de données", "Automatisation des tests", "Application mobile", "Sécurité des postes",
        "Paiement en ligne", "Référentiel produits", "Supervision", "Gestion des stocks", "Accessibilité des sites",
    ];

    private static readonly string[] Units = ["Assurances", "Banque de détail", "Logistique", "Énergie", "Ressources humaines", "Direction numérique"];

    private static readonly (string Given, string Family)[] Managers =
        [("Isabelle", "Morvan"), ("Philippe", "Astier"), ("Nathalie", "Quéré"), ("Djamel", "Bensaïd"), ("Catherine", "Lhuillier"), ("Pierre", "Vasset")];

    /// <summary>Consultants who are here.</summary>
    private const int Staff = 300;

    /// <summary>Who leaves first.</summary>
    private const string First = "elodie.perrin@exemple.fr";

    /// <summary>Whose departure is under embargo: not one of the manager who signs in by one click, so that this one sees nothing of it.</summary>
    private const int Hushed = 32;

    /// <summary>How somebody consented to a private address being held.</summary>
    private const string Consent = "Formulaire de début de mission";

    private readonly List<WebApplication> services = [];
    private readonly List<DemoLeaver> past = [];
    private readonly List<(MissionId Mission, DateOnly Last)> leavers = [];
    private readonly List<PersonId> managers = [];
    private readonly DateOnly today;
    private MissionId hidden;
    private string scim = "";
    private DemoScim? slow;

    private DemoCompany(DateOnly today) => this.today = today;

    /// <summary>Starts the two services and records the company; as it is today, unless <see cref="LivePastAsync"/> comes next.</summary>
    /// <param name="provider">A server whose database is empty.</param>
    /// <param name="past">A clock when the last year is to be lived through: it is set back by this.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<DemoCompany> StartAsync(IServiceProvider provider, DemoClock? past, CancellationToken cancellation)
    {
        var company = new DemoCompany(DateOnly.FromDateTime(provider.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime));
        past?.GoBack(DemoHistory.Length);
        await company.RecordAsync(provider, past is not null, cancellation);
        if (past is null)
        {
            await company.OpenAsync(provider, cancellation);
        }

        return company;
    }

    /// <summary>Lives through the last year, the server running, and ends today.</summary>
    public async Task LivePastAsync(IServiceProvider provider, DemoClock clock, CancellationToken cancellation)
    {
        var users = await DemoUsers.OfRolesAsync(provider, cancellation);
        var hr = new Actor(users[Role.Hr], null, DemoUsers.Offered.Single(user => user.Role == Role.Hr).Name, new HashSet<Role> { Role.Hr, Role.Manager, Role.It, Role.Security, Role.Admin }, Via.Page);
        await new DemoHistory(provider, clock, hr).PlayAsync(past, cancellation);
        slow!.Calm = false;
        await OpenAsync(provider, cancellation);
    }

    private async Task OpenAsync(IServiceProvider provider, CancellationToken cancellation)
    {
        await DemoTasks.OpenAsync(provider, leavers, managers[0], today, cancellation);
        await DemoTasks.OpenUnderEmbargoAsync(provider, hidden, Working(today.AddDays(6)), cancellation);

        // Missions that end within the month are asked about at once, and not only the next morning.
        await provider.GetRequiredService<Dispatcher>().SendAsync(new PlanRenewals(AtOnce: true), Actor.Engine, cancellation);
    }

    private async Task RecordAsync(IServiceProvider provider, bool withPast, CancellationToken cancellation)
    {
        var dispatcher = provider.GetRequiredService<Dispatcher>();
        await DemoUsers.AddAsync(dispatcher, cancellation);
        var token = Guid.NewGuid().ToString("N");
        var (plain, unruly) = (new DemoScim(token, unruly: false), new DemoScim(token, unruly: true) { Calm = withPast });
        slow = unruly;
        foreach (var (given, family) in Managers)
        {
            managers.Add((await dispatcher.SendAsync(
                new AddPerson(given, family, [MailOf(given, family)], Status: ContractualStatus.Internal), Actor.Console, cancellation)).Value!.Person);
        }

        for (var index = 0; index < Staff + (withPast ? DemoHistory.Ends.Count : 0); index++)
        {
            // Two steps without a common divisor: every full name comes once, and neighbours have nothing in common.
            var (given, family) = (Given[index % Given.Length], Family[((3 * index) + (index / Given.Length)) % Family.Length]);
            var login = SearchText.Of($"{given[0]}{family}").Replace(" ", "", StringComparison.Ordinal);
            var mail = MailOf(given, family);
            plain.Add(login + index.ToString(CultureInfo.InvariantCulture), given, family, mail, "Demo-2026!");
            unruly.Add(mail, given, family, mail, "Demo-2026!");
            var supplier = Suppliers[index * 5 % Suppliers.Length];
            var independent = index % 9 == 4;
            var gone = index < Staff ? ((int DaysAgo, DemoEnd End)?)null : DemoHistory.Ends[index - Staff];
            var end = Working(today.AddDays(gone is { } ended ? -ended.DaysAgo : 3 + (index * 7 % 180)));
            var added = await dispatcher.SendAsync(
                new AddPerson(
                    given, family, [mail], [], $"P{1000 + index}", independent ? ContractualStatus.Independent : ContractualStatus.SuppliersEmployee, independent ? null : supplier),
                Actor.Console, cancellation);
            var mission = await dispatcher.SendAsync(
                new AddMission(added.Value!.Person, new(Titles[index * 3 % Titles.Length])
                {
                    Unit = Units[index * 5 % Units.Length], Supplier = independent ? null : supplier, Manager = managers[index % managers.Count], Start = end.AddDays(-360), End = end,
                }), Actor.Console, cancellation);
            if (gone is { End: var how })
            {
                past.Add(new(mission.Value, end, how));
                if (how == DemoEnd.Refused)
                {
                    unruly.Refuse(mail);
                }
            }
            else if (index % 27 == 0)
            {
                // Every other one consented to a private address being held: their own door opens by itself.
                if (index % 2 == 1)
                {
                    await dispatcher.SendAsync(new HoldPrivateAddress(added.Value.Person, $"{login}@maison.example", today.AddDays(-370), Consent), Actor.Console, cancellation);
                }

                leavers.Add((mission.Value, Working(today.AddDays(2 + (index / 27 * 3)))));
            }
            else if (index == Hushed)
            {
                hidden = mission.Value;
            }
        }

        // A homonym with another address: the plan leaves it untouched and says why. Two accounts of nobody: discovery shows them.
        plain.Add("eperrin-archives", "Élodie", "Perrin", "elodie.perrin@ailleurs.example", "Demo-2026!");
        plain.Add("stagiaire-accueil", "Stagiaire", "Accueil", "stagiaire@exemple.fr", "Demo-2026!");
        unruly.Add("ancien.prestataire", "Ancien", "Prestataire", "ancien@exemple.fr", "Demo-2026!");
        foreach (var (service, name) in new[] { (plain, "Intranet"), (unruly, "Outil d’assistance") })
        {
            var (app, address) = await service.StartAsync(cancellation);
            services.Add(app);
            scim = scim.Length == 0 ? address : scim;
            var connected = await dispatcher.SendAsync(new AddSystem(name, "scim", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["BaseUrl"] = address + "/scim/v2", ["Token"] = token, ["AllowPlainHttp"] = "true",
            }, ["stagiaire-*"]), Actor.Console, cancellation);
            await dispatcher.SendAsync(new StartDiscovery(connected.Value), Actor.Console, cancellation);
        }

        await dispatcher.SendAsync(
            new DescribeOrganisation(new(
                "Compagnie des Essais", "12, rue des Tilleuls\n69003 Lyon", "Achats de prestations", "prestations@entreprise.example", "Marion Tessier", "Compagnie des Essais, à la même adresse")),
            Actor.Console, cancellation);
    }

    /// <summary>What to try first.</summary>
    public string Guide(string address, string token) => new Words(
        """

        This is a demo: everything is fictional.

          1. Open {0}
          2. Choose “IT operations”, then the first departure: Élodie Perrin.
          3. Look at the plan, and press the red button.

        In another terminal, the same and more:
        {1}
        """,
        """

        Ceci est une démonstration : tout est fictif.

          1. Ouvrez {0}
          2. Choisissez « Opérations informatiques », puis le premier départ : Élodie Perrin.
          3. Regardez le plan, puis appuyez sur le bouton rouge.

        Dans un autre terminal, la même chose et plus :
        {1}
        """).With(address, $"""
          export DEPART_URL={address} DEPART_TOKEN={token}
          dotnet run --project src/Depart -- plan {First}
          curl -d user=eperrin0 -d password=Demo-2026! {scim}/sign-in
          dotnet run --project src/Depart -- disconnect {First} --wait
          curl -i -d user=eperrin0 -d password=Demo-2026! {scim}/sign-in
        """).ToString();

    /// <summary>The day itself, or the Friday before a week-end.</summary>
    private static DateOnly Working(DateOnly day) => day.DayOfWeek switch
    {
        DayOfWeek.Saturday => day.AddDays(-1),
        DayOfWeek.Sunday => day.AddDays(-2),
        _ => day,
    };

    private static string MailOf(string given, string family) => $"{SearchText.Of(given)}.{SearchText.Of(family).Replace(' ', '-')}@exemple.fr";

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services)
        {
            await service.DisposeAsync();
        }
    }
}
