using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Missions.Imports;

public class ImportTests
{
    private const string Two = """
        Prénom;Nom;Matricule;Adresse électronique;Prestataire;Intitulé de la mission;Date de fin
        Zoë;D’Angélo;E-17;zoe@exemple.fr;Altéo Conseil;Refonte;18/12/2026
        Jean;Martin;E-18;jean.martin@exemple.fr;Sopral;Nuage;31/03/2027
        """;

    [Fact]
    public async Task A_file_adds_people_with_their_missions()
    {
        await using var app = await DepartApp.StartAsync();
        var preview = await app.PreviewAsync(Two);
        Assert.Equal((2, 0, 0, 0), preview.Counts());
        Assert.Empty((await app.GetAsync("/api/v1/people"))["items"]!.AsArray());
        // What every person and mission has is shown though the file does not say it.
        var shown = (await app.LinesAsync(preview, "create"))[0]["changes"]!.AsArray().Select(change => change!["field"]!.ToString()).ToHashSet();
        Assert.Superset(new HashSet<string> { "Status", "Kind", "Place" }, shown);

        var done = await app.ApplyAsync(preview);

        Assert.Equal((2, 2, 1.0), (done["create"]!.GetValue<int>(), done["done"]!.GetValue<int>(), done["progress"]!.GetValue<double>()));
        var zoe = (await app.GetAsync("/api/v1/people?search=dangelo"))["items"]!.AsArray().Single()!;
        Assert.Equal(("Altéo Conseil", "Refonte", "2026-12-18"), (zoe["supplier"]!.ToString(), zoe["missions"]![0]!["title"]!.ToString(), zoe["missions"]![0]!["end"]!.ToString()));
    }

    [Fact]
    public async Task The_same_file_twice_changes_nothing()
    {
        await using var app = await DepartApp.StartAsync();
        await app.ImportAsync(Two);
        var before = await app.GetAsync("/api/v1/missions");

        var again = await app.PreviewAsync(Two);
        await app.ApplyAsync(again);

        Assert.Equal((0, 0, 2, 0), again.Counts());
        Assert.True(JsonNode.DeepEquals(before, await app.GetAsync("/api/v1/missions")));
    }

    [Fact]
    public async Task A_change_shows_its_field_before_and_after()
    {
        await using var app = await DepartApp.StartAsync();
        await app.ImportAsync(Two);

        var preview = await app.PreviewAsync(Two.Replace("18/12/2026", "15/01/2027", StringComparison.Ordinal));

        Assert.Equal((0, 1, 1, 0), preview.Counts());
        var change = Assert.Single((await app.LinesAsync(preview, "change"))[0]["changes"]!.AsArray())!;
        Assert.Equal(("Fin", "18 décembre 2026", "15 janvier 2027"), (change["label"]!["fr"]!.ToString(), change["before"]!["fr"]!.ToString(), change["after"]!["fr"]!.ToString()));
        await app.ApplyAsync(preview);
        Assert.Equal("2027-01-15", (await app.GetAsync("/api/v1/missions?search=refonte"))["items"]![0]!["end"]!.ToString());
    }

    [Fact]
    public async Task A_refused_line_names_its_line_and_column_and_does_not_block_the_others()
    {
        await using var app = await DepartApp.StartAsync();

        var done = await app.ImportAsync("""
            Prénom;Nom;Mail;Statut;Fin
            Zoë;D’Angélo;zoe@exemple.fr;salarié du prestataire;18/12/2026
            Jean;Martin;pas-une-adresse;inconnu;31/02/2027
            Léa;Diallo;lea@exemple.fr;;

            """);

        Assert.Equal((2, 0, 0, 1), done.Counts());
        var line = (await app.LinesAsync(done, "refused")).Single();
        Assert.Equal(3, line["line"]!.GetValue<int>());
        Assert.Equal(["Statut", "Fin", "Mail"], line["problems"]!.AsArray().Select(problem => problem!["column"]!.ToString()));
        Assert.Equal(2, (await app.GetAsync("/api/v1/people"))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_empty_cell_erases_nothing()
    {
        await using var app = await DepartApp.StartAsync();
        await app.ImportAsync(Two);

        var preview = await app.PreviewAsync("Matricule;Prénom;Nom;Mail;Prestataire;Fin\nE-17;;;;;\n");

        Assert.Equal((0, 0, 1, 0), preview.Counts());
    }

    [Fact]
    public async Task A_mission_line_finds_its_person_by_number_or_mail_and_its_manager_by_mail()
    {
        await using var app = await DepartApp.StartAsync();
        await app.ImportAsync("First name,Last name,Number,Email\nHélène,Garnier,E-1,helene@exemple.fr\nZoë,Émard,E-2,zoe@exemple.fr\n");

        await app.ImportAsync("Email;Mission title;Manager;Kind;Remote;Start;End;Teams;Order\nZOE@exemple.fr;Data;helene@exemple.fr;fixed price;yes;2026-01-05;2026-12-18;Data | Réseau;CMD-1\n");

        var mission = (await app.GetAsync("/api/v1/missions"))["items"]![0]!;
        Assert.Equal(("Zoë Émard", "Hélène Garnier", "forfait", "remote", "CMD-1"), (
            mission["personName"]!.ToString(), mission["managerName"]!.ToString(), mission["kind"]!.ToString(), mission["place"]!.ToString(), mission["orderReference"]!.ToString()));
        Assert.Equal(["Data", "Réseau"], mission["teams"]!.AsArray().Select(team => team!.ToString()));
    }

    [Fact]
    public async Task A_manager_whose_own_line_comes_later_is_found()
    {
        await using var app = await DepartApp.StartAsync();

        var done = await app.ImportAsync("""
            Prénom;Nom;Mail;Statut;Mission;Responsable de mission
            Zoë;Émard;zoe@exemple.fr;;Data;helene@exemple.fr
            Hélène;Garnier;helene@exemple.fr;interne;;
            """);

        Assert.Equal((2, 0, 0, 0), done.Counts());
        Assert.Equal("Hélène Garnier", (await app.GetAsync("/api/v1/missions"))["items"]![0]!["managerName"]!.ToString());
    }

    [Theory]
    [InlineData("Jean;Martin;;", "a name alone, when someone of that name has an address")]
    [InlineData("Paul;Durand;E-18;", "a number whose two names are others")]
    [InlineData("Jean;Martin;E-99;jean.martin@exemple.fr", "an address of someone with another number")]
    [InlineData("Zoë;D’Angélo;E-17;jean.martin@exemple.fr", "a number and an address of two people")]
    [InlineData("Jean;Martin;E-77;", "the same name, and no key of one kind to tell apart from who has only an address")]
    [InlineData(";;E-404;", "a number that nobody has, without names")]
    public async Task A_line_that_may_mean_somebody_else_is_refused(string line, string because)
    {
        await using var app = await DepartApp.StartAsync();
        await app.ImportAsync("Prénom;Nom;Matricule;Mail\nZoë;D’Angélo;E-17;zoe@exemple.fr\nPierre;Martin;E-18;pierre@exemple.fr\nJean;Martin;E-20;jean.martin@exemple.fr\n");
        if (line.Contains("E-77", StringComparison.Ordinal))
        {
            await app.PostAsync("/api/v1/people", new { givenName = "Jean", familyName = "Martin", mails = new[] { "autre@exemple.fr" } });
        }

        var preview = await app.PreviewAsync($"Prénom;Nom;Matricule;Mail\n{line}\n");

        Assert.True(preview.Counts() == (0, 0, 0, 1), because);
    }

    [Fact]
    public async Task Homonyms_whose_keys_differ_are_two_people_and_the_preview_says_so()
    {
        await using var app = await DepartApp.StartAsync();
        await app.ImportAsync("Prénom;Nom;Mail\nJean;Martin;jean.martin@exemple.fr\n");

        var preview = await app.PreviewAsync("Prénom;Nom;Mail\nJean;Martin;jmartin2@exemple.fr\n");

        Assert.Equal((1, 0, 0, 0), preview.Counts());
        Assert.Single((await app.LinesAsync(preview))[0]["notes"]!.AsArray());
    }

    [Fact]
    public async Task Two_lines_with_a_name_alone_are_ambiguous()
    {
        await using var app = await DepartApp.StartAsync();

        var preview = await app.PreviewAsync("Prénom;Nom;Mission\nJean;Martin;Data\nJean;Martin;Nuage\n");

        Assert.Equal((0, 0, 0, 2), preview.Counts());
    }

    [Fact]
    public async Task A_line_that_contradicts_an_earlier_one_is_refused_and_names_it()
    {
        await using var app = await DepartApp.StartAsync();

        var preview = await app.PreviewAsync("Prénom;Nom;Mail;Mission;Fin\nZoë;Émard;zoe@exemple.fr;Data;2026-12-18\nZoë;Émard;zoe@exemple.fr;Data;2026-12-19\nZoë;Émard;zoe@exemple.fr;Data;2026-12-18\n");

        Assert.Equal((1, 0, 1, 1), preview.Counts());
        Assert.Contains("ligne 2", (await app.LinesAsync(preview, "refused"))[0]["problems"]![0]!["message"]!["fr"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changed_since_the_preview_is_refused_and_not_overwritten()
    {
        await using var app = await DepartApp.StartAsync();
        await app.ImportAsync(Two);
        var mission = (await app.GetAsync("/api/v1/missions?search=refonte"))["items"]![0]!["id"]!.ToString();
        var preview = await app.PreviewAsync(Two.Replace("18/12/2026", "15/01/2027", StringComparison.Ordinal));
        using var body = new StringContent("{\"title\":\"Refonte\",\"end\":\"2026-11-30\"}", Encoding.UTF8, "application/json");
        (await app.Http.PutAsync($"/api/v1/missions/{mission}", body, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        var done = await app.ApplyAsync(preview);

        Assert.Equal(1, done["refused"]!.GetValue<int>());
        Assert.Equal("2026-11-30", (await app.GetAsync($"/api/v1/missions/{mission}"))["end"]!.ToString());
    }

    [Fact]
    public async Task Refused_lines_come_back_as_CSV_with_the_reason_and_nothing_that_a_spreadsheet_would_run()
    {
        await using var app = await DepartApp.StartAsync();
        var preview = await app.PreviewAsync("Prénom;Nom;Mail;Entité\n=HYPERLINK(1);Martin;pas-une-adresse;\"A;B\"\"C\"\n");
        app.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr");

        var bytes = await app.Http.GetByteArrayAsync($"/api/v1/imports/{preview["id"]}/refused.csv", TestContext.Current.CancellationToken);

        Assert.Equal([0xEF, 0xBB, 0xBF], bytes.Take(3));
        var lines = Encoding.UTF8.GetString(bytes.AsSpan(3)).Split("\r\n");
        Assert.Equal("Prénom;Nom;Mail;Entité;ligne;motif du refus", lines[0]);
        Assert.Equal("'=HYPERLINK(1);Martin;pas-une-adresse;\"A;B\"\"C\";2;Mail : « pas-une-adresse » n’est pas une adresse électronique.", lines[1]);
    }

    [Fact]
    public async Task Corrected_refused_lines_are_imported_as_they_are()
    {
        await using var app = await DepartApp.StartAsync();
        var preview = await app.PreviewAsync("Prénom;Nom;Matricule;Mail\nJean;Martin;-12;pas-une-adresse\n");
        var csv = await app.Http.GetStringAsync($"/api/v1/imports/{preview["id"]}/refused.csv", TestContext.Current.CancellationToken);

        await app.ImportAsync(csv.Replace("pas-une-adresse", "jean@exemple.fr", StringComparison.Ordinal));

        Assert.Equal("-12", (await app.GetAsync("/api/v1/people"))["items"]![0]!["employeeNumber"]!.ToString());
    }

    [Fact]
    public async Task A_private_address_is_left_out_and_the_preview_says_why()
    {
        await using var app = await DepartApp.StartAsync();

        var done = await app.ImportAsync("Prénom;Nom;Mail;Adresse privée;Couleur\nZoë;Émard;zoe@exemple.fr;zoe@ailleurs.fr;bleu\n");

        var person = (await app.GetAsync("/api/v1/people"))["items"]![0]!["id"];
        Assert.False((await app.GetAsync($"/api/v1/people/{person}"))["hasPrivateAddress"]!.GetValue<bool>());
        Assert.Contains("consentement", done["columns"]![3]!["note"]!["fr"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("Couleur", done["columns"]![4]!["note"]!["fr"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_stopped_in_the_middle_ends_the_import_and_adds_nobody_twice()
    {
        await using var app = await DepartApp.StartAsync();
        var text = "Prénom;Nom;Mail;Mission\n" + string.Concat(Enumerable.Range(0, 2000).Select(number => $"P{number};N{number};p{number}@exemple.fr;M\n"));
        var preview = await app.PreviewAsync(text);
        await app.PostAsync($"/api/v1/imports/{preview["id"]}/apply", null);

        await app.RestartAsync();
        var done = await app.AppliedAsync(preview);

        Assert.Equal((2000, 0, 0, 0), done.Counts());
        Assert.Equal((0, 0, 2000, 0), (await app.PreviewAsync(text)).Counts());
    }

    /// <summary>On PostgreSQL the long run reads as many as SQLite does always: what is counted is the same.</summary>
    private int Lines => GetType() == typeof(ImportTests) || Environment.GetEnvironmentVariable("DEPART_TEST_LONG") == "1" ? 10_000 : 2_000;

    [Fact]
    public async Task A_long_file_is_counted_right()
    {
        await using var app = await DepartApp.StartAsync();
        var text = new StringBuilder("Prénom;Nom;Matricule;Adresse électronique;Prestataire;Intitulé;Entité;Début;Fin\n");
        var lines = Lines;
        for (var number = 0; number < lines; number++)
        {
            var mail = number % 100 == 7 ? "sans-arobase" : $"p{number}@exemple.fr";
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"Prénom{number};Nom{number % 300};E{number:00000};{mail};Presta {number % 40};Mission {number % 50};Unité {number % 12};05/01/2026;{(number % 28) + 1}/12/2026\n");
        }

        var measure = new Measure();
        var preview = await app.PreviewAsync(text.ToString());
        measure.Print($"{lines} lines, preview");
        var done = await app.ApplyAsync(preview);
        measure.Print($"{lines} lines, import of as many people and missions but one in a hundred");

        Assert.Equal((lines / 100 * 99, 0, 0, lines / 100), done.Counts());
        Assert.Equal((0, 0, lines / 100 * 99, lines / 100), (await app.PreviewAsync(text.ToString())).Counts());
        measure.Print($"{lines} lines, preview of the same file again");
        Assert.Equal(40, (await app.GetAsync("/api/v1/suppliers?size=200"))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_deleted_import_keeps_its_figures_and_loses_its_lines()
    {
        await using var app = await DepartApp.StartAsync();
        var preview = await app.PreviewAsync(Two);

        await app.Http.DeleteAsync($"/api/v1/imports/{preview["id"]}", TestContext.Current.CancellationToken);

        Assert.Equal("forgotten", (await app.GetAsync($"/api/v1/imports/{preview["id"]}"))["state"]!.ToString());
        Assert.Empty(await app.LinesAsync(preview));
        Assert.Equal(HttpStatusCode.Conflict, (await app.Http.PostAsync($"/api/v1/imports/{preview["id"]}/apply", null, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task An_auditor_imports_nothing()
    {
        await using var app = await DepartApp.StartAsync();
        using var auditor = await app.AsAsync(Role.Auditor);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(Two)), "file", "people.csv" } };

        var answer = await auditor.PostAsync("/api/v1/imports", form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_file_that_is_too_big_is_refused_with_its_size()
    {
        await using var app = await DepartApp.StartAsync();

        var (ok, answer) = await app.SendAsync(new byte[21 * 1024 * 1024]);

        Assert.False(ok);
        Assert.Equal("file-too-big", answer["code"]!.ToString());
        Assert.EndsWith("MB, at most 20 MB.", answer["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_applies_changes_neither_themselves_nor_somebody_of_a_supplier_they_work_for()
    {
        await using var app = await DepartApp.StartAsync();
        var (self, _) = await app.AddPersonAsync("Nadia", "Roux", "n.roux@alteo.example", "Altéo Conseil");
        await app.AddPersonAsync("Zoë", "Quintrec", "z.quintrec@alteo.example", "Altéo Conseil");
        await app.AddPersonAsync("Hugo", "Mercier", "h.mercier@hexavia.example", "Hexavia");
        var import = await app.PreviewAsync("Prénom;Nom;Courriel;Matricule\nNadia;Roux;n.roux@alteo.example;M1\nZoë;Quintrec;z.quintrec@alteo.example;M2\nHugo;Mercier;h.mercier@hexavia.example;M3\n");

        Assert.Null(await app.RefusalAsync(
            new ApplyImport(ImportId.From(import["id"]!.GetValue<Guid>())), new Actor(Guid.NewGuid(), self, "Nadia Roux", new HashSet<Role> { Role.Hr }, Via.Page), RequestContext.None));
        await app.AppliedAsync(import);

        var numbers = (await app.GetAsync("/api/v1/people?size=50"))["items"]!.AsArray().ToDictionary(row => row!["name"]!.ToString(), row => row!["employeeNumber"]?.ToString());
        Assert.Equal((null, null, "M3"), (numbers["Nadia Roux"], numbers["Zoë Quintrec"], numbers["Hugo Mercier"]));
        Assert.Equal([Problem.OwnDeparture.Message.En, Problem.SameSupplier.Message.En], (await app.LinesAsync(import)).Take(2).Select(line => line["problems"]!.AsArray().Single()!["message"]!["en"]!.ToString()));
    }

    [Fact]
    public async Task The_name_of_a_file_is_only_shown()
    {
        await using var app = await DepartApp.StartAsync();
        using var part = new ByteArrayContent(Encoding.UTF8.GetBytes(Two));
        part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"file\"; filename*=UTF-8''..%2F..%2F%00etc%5C{new string('x', 195)}%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80.csv");
        using var form = new MultipartFormDataContent { part };

        using var answer = await app.Http.PostAsync("/api/v1/imports", form, TestContext.Current.CancellationToken);

        var name = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["fileName"]!.ToString();
        Assert.Equal(new string('x', 195) + "😀😀", name);
    }

    [Fact]
    public async Task A_file_of_nothing_readable_ends_in_problem_details()
    {
        await using var app = await DepartApp.StartAsync();
        app.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr");

        var (ok, answer) = await app.SendAsync(Encoding.UTF8.GetBytes("Nom;Prénom\nA;\"B\nC;D\n"));

        Assert.False(ok);
        Assert.Equal((400, "file", 2), (answer["status"]!.GetValue<int>(), answer["field"]!.ToString(), answer["line"]!.GetValue<int>()));
        Assert.StartsWith("Un guillemet ouvert à la ligne 2", answer["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_from_a_browser_follows_its_session_and_comes_from_the_same_site()
    {
        await using var app = await DepartApp.StartAsync();
        await app.AddUserAsync("claire@exemple.fr", "grande ourse et petit renard", Role.Hr);
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", "claire@exemple.fr"), ("password", "grande ourse et petit renard"));

        Assert.Equal(HttpStatusCode.Created, await UploadAsync(browser, null));
        Assert.Equal(HttpStatusCode.Created, await UploadAsync(browser, "same-origin"));
        Assert.Equal(HttpStatusCode.Forbidden, await UploadAsync(browser, "cross-site"));
    }

    private static async Task<HttpStatusCode> UploadAsync(Browser browser, string? site)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Encoding.UTF8.GetBytes(Two)), "file", "people.csv" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/imports") { Content = form };
        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        using var answer = await browser.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}

[OnPostgreSql(InLongRun = true)]
public sealed class ImportOnPostgreSqlTests : ImportTests;
