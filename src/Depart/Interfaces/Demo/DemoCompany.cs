using System.Globalization;
using Depart.Departures;
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
        ["Élodie", "Anaïs", "Théo", "Léa", "Noémie", "Hugo", "Chloé", "Maël", "Inès", "Rayan", "Zoë", "François", "Agnès", "Jérôme", "Océane", "Loïc", "Gaëlle", "Cédric", "Hélène", "Raphaël"];

    private static readonly string[] Family =
        ["Perrin", "Mercier", "Lefèvre", "Chevallier", "Da Silva", "Diallo", "Fontaine", "Moreau", "Le Goff", "Benali", "D’Angélo", "Garnier", "Rousseau", "Nguyen", "Dupré"];

    private static readonly string[] Suppliers = ["Altéo Conseil", "Klee et Associés", "Nexia Numérique", "Sopral", "Atelier Loire"];

    private static readonly string[] Titles = ["Refonte du portail client", "Migration vers le nuage", "Entrepôt de données", "Automatisation des tests", "Application mobile"];

    private static readonly string[] Units = ["Assurances", "Banque de détail", "Logistique", "Énergie"];

    private readonly List<WebApplication> services;
    private readonly string leaver;
    private readonly string scim;

    private DemoCompany(List<WebApplication> services, string leaver, string scim) => (this.services, this.leaver, this.scim) = (services, leaver, scim);

    /// <summary>Starts the two services and records the company.</summary>
    public static async Task<DemoCompany> StartAsync(IServiceProvider provider, CancellationToken cancellation)
    {
        await using (var scope = provider.CreateAsyncScope())
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
        for (var index = 0; index < 300; index++)
        {
            var (given, family) = (Given[index % Given.Length], Family[index / Given.Length]);
            var login = SearchText.Of($"{given[0]}{family}").Replace(" ", "", StringComparison.Ordinal);
            var mail = $"{SearchText.Of(given)}.{SearchText.Of(family).Replace(' ', '-')}@exemple.fr";
            plain.Add(login + index.ToString(CultureInfo.InvariantCulture), given, family, mail, "Demo-2026!");
            unruly.Add(mail, given, family, mail, "Demo-2026!");
            var added = await dispatcher.SendAsync(
                new AddPerson(given, family, [mail], [], null, ContractualStatus.SuppliersEmployee, Suppliers[index % Suppliers.Length],
                    Titles[index % Titles.Length], Units[index % Units.Length], today.AddDays(3 + (index % 90))),
                Actor.Console, cancellation);
            if (index % 60 == 0)
            {
                leavers.Add((added.Value!.Mission!.Value, today.AddDays(3 + (index / 60 * 4))));
            }
        }

        var running = new List<WebApplication>();
        var addresses = new List<string>();
        foreach (var (service, name) in new[] { (plain, "Intranet"), (unruly, "Outil de support") })
        {
            var (app, address) = await service.StartAsync(cancellation);
            running.Add(app);
            addresses.Add(address);
            await dispatcher.SendAsync(new AddSystem(name, "scim", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["BaseUrl"] = address + "/scim/v2", ["Token"] = token, ["AllowPlainHttp"] = "true",
            }), Actor.Console, cancellation);
        }

        foreach (var (mission, last) in leavers)
        {
            await dispatcher.SendAsync(new OpenDeparture(mission, last), Actor.Console, cancellation);
        }

        return new(running, "elodie.perrin@exemple.fr", addresses[0]);
    }

    /// <summary>What to try first.</summary>
    public string Guide(string address, string token) => new Words(
        "This is a demo: everything is fictional. In another terminal:\n{0}",
        "Ceci est une démonstration : tout est fictif. Dans un autre terminal :\n{0}").With($"""
          export DEPART_URL={address} DEPART_TOKEN={token}
          dotnet run --project src/Depart -- plan {leaver}
          curl -d user=eperrin0 -d password=Demo-2026! {scim}/sign-in
          dotnet run --project src/Depart -- disconnect {leaver} --wait
          curl -i -d user=eperrin0 -d password=Demo-2026! {scim}/sign-in
        """).ToString();

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services)
        {
            await service.DisposeAsync();
        }
    }
}
