using System.Globalization;
using System.Net;
using System.Text;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Departures;

/// <summary>Departures opened by a file (DEP1): the mechanism of imports, and what is a departure's own.</summary>
public class DepartureImportTests
{
    private const string People = """
        Prénom;Nom;Matricule;Courriel;Prestataire;Intitulé de la mission;Référence de commande;Date de fin
        Zoë;D’Angélo;E-17;zoe@exemple.fr;Altéo Conseil;Refonte;CMD-1;18/12/2030
        Jean;Martin;E-18;jean@exemple.fr;Sopral;Nuage;CMD-2;31/03/2031
        Jean;Martin;E-19;jean2@exemple.fr;Hexavia;Nuage;CMD-3;31/03/2031
        Inès;Roux;E-20;ines@exemple.fr;Sopral;Paie;CMD-4;
        Léa;Diallo;E-21;lea@exemple.fr;Sopral;Recette;CMD-5;30/06/2031
        """;

    [Fact]
    public async Task A_file_opens_departures_line_by_line_and_the_same_file_twice_opens_none()
    {
        await using var app = await DepartApp.StartAsync();
        await app.ImportAsync(People);
        const string File = """
            Matricule;Prénom;Nom;Prestataire;Référence de commande;Dernier jour;Heure de la coupure;Fuseau horaire;Modèle;Motif;Repreneur;Service
            E-17;;;;;;;;;;;DSI
            ;Jean;Martin;Sopral;;28/02/2031;17h30;Europe/London;consultant-forfait;Remplacement par le prestataire;zoe@exemple.fr;
            ;;;;CMD-3;31/03/2031;;;;;;
            ;Jean;Martin;;;31/03/2031;;;;;;
            E-20;;;;;;;;;;;
            E-404;;;;;31/03/2031;;;;;;
            E-21;;;;;15/01/2020;;;;;;
            E-21;;;;;30/06/2031;25h;Mars/Phobos;;;;
            E-21;;;;;30/06/2031;;Mars/Phobos;;;;
            E-21;;;;;30/06/2031;;;inconnu;;;
            E-21;;;;;30/06/2031;;;;fâché;;
            E-21;;;;;30/06/2031;;;;;lea@exemple.fr;
            ;;;;CMD-1;18/12/2030;;;;;;
            E-17;;;;;19/12/2030;;;;;;
            """;

        var preview = await app.PreviewAsync(File, "?kind=departures");

        Assert.Equal((3, 0, 1, 10), preview.Counts());
        Assert.Contains("Service", preview["columns"]!.AsArray().Where(column => column!["note"] is not null).Select(column => column!["title"]!.ToString()));
        Assert.Empty((await app.GetAsync("/api/v1/departures"))["items"]!.AsArray());
        var refused = (await app.LinesAsync(preview, "refused")).ToDictionary(line => line["line"]!.GetValue<int>(), line => line["problems"]![0]!);
        Assert.Equal([5, 6, 7, 8, 9, 10, 11, 12, 13, 15], refused.Keys);
        Assert.Equal(["Matricule", "Dernier jour", "Heure de la coupure", "Fuseau horaire", "Modèle", "Motif", "Repreneur", "Dernier jour"],
            new[] { 7, 8, 9, 10, 11, 12, 13, 15 }.Select(line => refused[line]["column"]!.ToString()));
        var create = await app.LinesAsync(preview, "create");
        Assert.Equal(["Zoë D’Angélo", "Jean Martin", "Jean Martin"], create.Select(line => line["name"]!.ToString()));
        Assert.Contains("18 décembre 2030", create[0]["changes"]!.ToJsonString().Replace("\\u00E9", "é", StringComparison.Ordinal), StringComparison.Ordinal);

        var done = await app.ApplyAsync(preview);

        Assert.Equal((3, 1.0), (done["done"]!.GetValue<int>(), done["progress"]!.GetValue<double>()));
        var departures = (await app.GetAsync("/api/v1/departures"))["items"]!.AsArray();
        Assert.Equal(3, departures.Count);
        var jean = departures.Single(row => row!["supplier"]!.ToString() == "Sopral")!;
        Assert.Equal(("2031-02-28", "Europe/London", "replacement", "2031-02-28T17:30:00+00:00"),
            (jean["lastDay"]!.ToString(), jean["zone"]!.ToString(), jean["reason"]!.ToString(), jean["cutAt"]!.GetValue<DateTimeOffset>().ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture)));
        foreach (var departure in departures)
        {
            Assert.NotEmpty((await app.GetAsync($"/api/v1/departures/{departure!["id"]}/tasks")).AsArray());
        }

        var csv = await app.Http.GetStringAsync(new Uri($"/api/v1/imports/{preview["id"]}/refused.csv", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("E-404", csv, StringComparison.Ordinal);
        var again = await app.PreviewAsync(File, "?kind=departures");
        Assert.Equal((0, 0, 4), (again.Counts().Create, again.Counts().Change, again.Counts().Unchanged));

        // What a person cancelled is not opened again by the file; another day is said to be another day.
        await app.PostAsync($"/api/v1/departures/{jean["id"]}/cancel", null);
        var third = await app.PreviewAsync("Matricule;Dernier jour\nE-18;28/02/2031\nE-17;20/12/2030\n", "?kind=departures");
        Assert.Equal((0, 0, 0, 2), third.Counts());
    }

    [Fact]
    public async Task What_moved_since_the_preview_is_refused_and_who_may_not_import_opens_nothing()
    {
        await using var app = await DepartApp.StartAsync();
        await app.ImportAsync(People);
        var preview = await app.PreviewAsync("Order reference,Last day,Template\nCMD-1,2030-12-18,\nCMD-2,2031-03-31,\n", "?kind=departures");
        var mission = (await app.GetAsync("/api/v1/missions?search=refonte"))["items"]![0]!["id"]!.ToString();
        await app.PostAsync("/api/v1/departures", new { mission, lastDay = "2030-12-17" });

        var done = await app.ApplyAsync(preview);

        Assert.Equal((1, 0, 0, 1), done.Counts());
        Assert.Contains("no departure to open any more", (await app.LinesAsync(done, "refused")).Single()["problems"]![0]!["message"]!["en"]!.ToString(), StringComparison.Ordinal);
        var (ok, answer) = await app.SendAsync(Encoding.UTF8.GetBytes("Prestataire;Dernier jour\nSopral;31/03/2031\n"), query: "?kind=departures");
        Assert.False(ok);
        Assert.Equal("file-no-mission", answer["code"]?.ToString() ?? answer["type"]?.ToString());
        using var manager = await app.AsAsync(Role.Security);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(People)), "file", "a.csv" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await manager.PostAsync("/api/v1/imports?kind=departures", form, TestContext.Current.CancellationToken)).StatusCode);
    }
}
