using System.Globalization;
using Depart.Departures.Renewals;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Depart.Step5Close.Accounts;

namespace Depart.Interfaces.Demo;

/// <summary>A fictional French company with 300 consultants, two SCIM services and departures in the coming days. Made anew at every start.</summary>
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

    /// <summary>Whose departure is under embargo: not one of the manager who signs in by one click, so that this one sees nothing of it.</summary>
    private const int Hushed = 32;

    private readonly List<WebApplication> services;
    private readonly string leaver;
    private readonly string scim;

    private DemoCompany(List<WebApplication> services, string leaver, string scim) => (this.services, this.leaver, this.scim) = (services, leaver, scim);

    /// <summary>Starts the two services and records the company.</summary>
    public static async Task<DemoCompany> StartAsync(IServiceProvider provider, CancellationToken cancellation)
    {
        await using (var scope = provider.GetRequiredService<IServiceScopeFactory>().CreateEngineScope())
        {
            // The services forget everything when they stop: so does the demo's record, the token apart.
            var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
            await DemoReset.ClearAsync(db, cancellation);
        }

        var dispatcher = provider.GetRequiredService<Dispatcher>();
        await DemoUsers.AddAsync(dispatcher, cancellation);
        var token = Guid.NewGuid().ToString("N");
        var (plain, unruly) = (new DemoScim(token, unruly: false), new DemoScim(token, unruly: true));
        var today = DateOnly.FromDateTime(provider.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        var leavers = new List<(MissionId Mission, DateOnly Last)>();
        var hidden = default(MissionId);
        var managers = new List<PersonId>();
        foreach (var (given, family) in Managers)
        {
            managers.Add((await dispatcher.SendAsync(
                new AddPerson(given, family, [MailOf(given, family)], Status: ContractualStatus.Internal), Actor.Console, cancellation)).Value!.Person);
        }

        for (var index = 0; index < 300; index++)
        {
            // Two steps without a common divisor: every full name comes once, and neighbours have nothing in common.
            var (given, family) = (Given[index % Given.Length], Family[((3 * index) + (index / Given.Length)) % Family.Length]);
            var login = SearchText.Of($"{given[0]}{family}").Replace(" ", "", StringComparison.Ordinal);
            var mail = MailOf(given, family);
            plain.Add(login + index.ToString(CultureInfo.InvariantCulture), given, family, mail, "Demo-2026!");
            unruly.Add(mail, given, family, mail, "Demo-2026!");
            var supplier = Suppliers[index * 5 % Suppliers.Length];
            var independent = index % 9 == 4;
            var end = Working(today.AddDays(3 + (index * 7 % 180)));
            var added = await dispatcher.SendAsync(
                new AddPerson(
                    given, family, [mail], [], $"P{1000 + index}", independent ? ContractualStatus.Independent : ContractualStatus.SuppliersEmployee, independent ? null : supplier),
                Actor.Console, cancellation);
            var mission = await dispatcher.SendAsync(
                new AddMission(added.Value!.Person, new(Titles[index * 3 % Titles.Length])
                {
                    Unit = Units[index * 5 % Units.Length], Supplier = independent ? null : supplier, Manager = managers[index % managers.Count], Start = end.AddDays(-360), End = end,
                }), Actor.Console, cancellation);
            if (index % 27 == 0)
            {
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
        var running = new List<WebApplication>();
        var addresses = new List<string>();
        foreach (var (service, name) in new[] { (plain, "Intranet"), (unruly, "Outil d’assistance") })
        {
            var (app, address) = await service.StartAsync(cancellation);
            running.Add(app);
            addresses.Add(address);
            var connected = await dispatcher.SendAsync(new AddSystem(name, "scim", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["BaseUrl"] = address + "/scim/v2", ["Token"] = token, ["AllowPlainHttp"] = "true",
            }, ["stagiaire-*"]), Actor.Console, cancellation);
            await dispatcher.SendAsync(new StartDiscovery(connected.Value), Actor.Console, cancellation);
        }

        await DemoTasks.OpenAsync(provider, leavers, managers[0], today, cancellation);
        await DemoTasks.OpenUnderEmbargoAsync(provider, hidden, Working(today.AddDays(6)), cancellation);

        // Missions that end within the month are asked about at once, and not only the next morning.
        await dispatcher.SendAsync(new PlanRenewals(AtOnce: true), Actor.Engine, cancellation);

        return new(running, "elodie.perrin@exemple.fr", addresses[0]);
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
          dotnet run --project src/Depart -- plan {leaver}
          curl -d user=eperrin0 -d password=Demo-2026! {scim}/sign-in
          dotnet run --project src/Depart -- disconnect {leaver} --wait
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
