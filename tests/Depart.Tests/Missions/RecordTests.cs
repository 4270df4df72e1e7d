using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Given;

namespace Depart.Missions;

public class RecordTests
{
    [Fact]
    public async Task A_person_changed_since_it_was_read_is_refused_and_nothing_is_written()
    {
        await using var app = await DepartApp.StartAsync();
        var person = await AddAsync(app, "Agnès", "Dupré", "agnes@exemple.fr");
        var tag = (await app.Http.GetAsync($"/api/v1/people/{person}", TestContext.Current.CancellationToken)).Headers.ETag!;
        await PutAsync(app, $"/api/v1/people/{person}", new { givenName = "Agnès", familyName = "Martin", mails = new[] { "agnes@exemple.fr" } }, null);

        var (status, problem) = await PutAsync(app, $"/api/v1/people/{person}", new { givenName = "Inès", familyName = "Dupré" }, tag.Tag);

        Assert.Equal(HttpStatusCode.PreconditionFailed, status);
        Assert.Equal("changed-since", problem!["code"]!.ToString());
        Assert.Equal("Agnès Martin", (await app.GetAsync($"/api/v1/people/{person}"))["name"]!.ToString());
    }

    [Fact]
    public async Task An_address_of_somebody_else_is_refused_and_names_the_field()
    {
        await using var app = await DepartApp.StartAsync();
        await AddAsync(app, "Jean", "Martin", "jean.martin@exemple.fr");

        var answer = await app.Http.PostAsJsonAsync("/api/v1/people", new { givenName = "Jean", familyName = "Martin", mails = new[] { "Jean.Martin@exemple.fr" } }, TestContext.Current.CancellationToken);

        var problem = (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;
        Assert.Equal((HttpStatusCode.BadRequest, "mails", "mail-taken"), (answer.StatusCode, problem["field"]!.ToString().ToLowerInvariant(), problem["code"]!.ToString()));
    }

    [Fact]
    public async Task A_private_address_is_shown_to_HR_and_not_to_IT()
    {
        await using var app = await DepartApp.StartAsync();
        var person = await AddAsync(app, "Léa", "Diallo", "lea@exemple.fr");
        await PutAsync(app, $"/api/v1/people/{person}/private-address", new { mail = "lea.diallo@ailleurs.fr", consentedOn = "2026-01-05", consentBy = "formulaire signé" }, null);
        using var it = await app.AsAsync(Role.It);

        var seenByIt = JsonNode.Parse(await it.GetStringAsync($"/api/v1/people/{person}", TestContext.Current.CancellationToken))!;
        var seenByHr = await app.GetAsync($"/api/v1/people/{person}");

        Assert.True(seenByIt["hasPrivateAddress"]!.GetValue<bool>());
        Assert.Null(seenByIt["privateAddress"]);
        Assert.Equal("lea.diallo@ailleurs.fr", seenByHr["privateAddress"]!["mail"]!.ToString());
    }

    [Fact]
    public async Task A_private_address_without_consent_is_refused()
    {
        await using var app = await DepartApp.StartAsync();
        var person = await AddAsync(app, "Léa", "Diallo", "lea@exemple.fr");

        var (status, _) = await PutAsync(app, $"/api/v1/people/{person}/private-address", new { mail = "lea.diallo@ailleurs.fr", consentedOn = "2026-01-05", consentBy = " " }, null);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.False((await app.GetAsync($"/api/v1/people/{person}"))["hasPrivateAddress"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_mission_holds_its_manager_its_order_and_its_circle()
    {
        await using var app = await DepartApp.StartAsync();
        var manager = await AddAsync(app, "Hélène", "Garnier", "helene@exemple.fr");
        var person = await AddAsync(app, "Théo", "Garnier", "theo@exemple.fr");

        var mission = (await app.PostAsync($"/api/v1/people/{person}/missions", new
        {
            title = "Entrepôt de données", unit = "Banque de détail", supplier = "Altéo Conseil", orderReference = "CMD-2026-18", manager, kind = "forfait",
            place = "hybrid", start = "2026-01-05", end = "2026-12-18", teams = new[] { "Data", "Réseau" }, outsideProviders = new[] { "Sopral" },
        }))!.ToString();

        var view = await app.GetAsync($"/api/v1/missions/{mission}");
        Assert.Equal("Hélène Garnier", view["managerName"]!.ToString());
        Assert.Equal("Altéo Conseil", view["supplier"]!.ToString());
        Assert.Equal(["Data", "Réseau"], view["teams"]!.AsArray().Select(team => team!.ToString()));
        Assert.Equal(("forfait", "hybrid", "2026-12-18"), (view["kind"]!.ToString(), view["place"]!.ToString(), view["end"]!.ToString()));
    }

    [Fact]
    public async Task A_mission_that_ends_before_it_starts_is_refused()
    {
        await using var app = await DepartApp.StartAsync();
        var person = await AddAsync(app, "Théo", "Garnier", "theo@exemple.fr");

        var answer = await app.Http.PostAsJsonAsync($"/api/v1/people/{person}/missions", new { title = "T", start = "2026-12-18", end = "2026-01-05" }, TestContext.Current.CancellationToken);

        Assert.Equal("End", (await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["field"]!.ToString());
    }

    [Fact]
    public async Task People_come_by_family_name_a_page_at_a_time_and_none_twice()
    {
        await using var app = await DepartApp.StartAsync();
        foreach (var (given, family) in new[] { ("Zoë", "Émard"), ("Anaïs", "Fabre"), ("Jean", "Martin"), ("Jean", "Martin"), ("Léa", "Abadie") })
        {
            await AddAsync(app, given, family, null);
        }

        var names = new List<string>();
        var address = "/api/v1/people?size=2";
        for (var page = await app.GetAsync(address); ; page = await app.GetAsync($"{address}&after={page["next"]}"))
        {
            names.AddRange(page["items"]!.AsArray().Select(person => person!["name"]!.ToString()));
            if (page["next"] is null)
            {
                break;
            }
        }

        Assert.Equal(["Léa Abadie", "Zoë Émard", "Anaïs Fabre", "Jean Martin", "Jean Martin"], names);
    }

    [Fact]
    public async Task A_supplier_written_otherwise_is_the_same_supplier()
    {
        await using var app = await DepartApp.StartAsync();
        await app.PostAsync("/api/v1/suppliers", new { name = "Altéo Conseil", contactName = "Maud Petit", contactMail = "maud@alteo.example" });

        await app.PostAsync("/api/v1/people", new { givenName = "Zoë", familyName = "Émard", supplier = "ALTEO  conseil" });

        var supplier = Assert.Single((await app.GetAsync("/api/v1/suppliers"))["items"]!.AsArray())!;
        Assert.Equal((1, "maud@alteo.example"), (supplier["people"]!.GetValue<int>(), supplier["contactMail"]!.ToString()));
    }

    [Fact]
    public async Task Missions_are_found_by_unit_by_end_and_by_the_name_of_their_person()
    {
        await using var app = await DepartApp.StartAsync();
        var person = await AddAsync(app, "Zoë", "D’Angélo", null);
        await app.PostAsync($"/api/v1/people/{person}/missions", new { title = "Refonte", unit = "Logistique", end = "2026-06-30" });
        await app.PostAsync($"/api/v1/people/{person}/missions", new { title = "Nuage", unit = "Énergie", end = "2027-06-30" });

        Assert.Equal("Refonte", Assert.Single((await app.GetAsync("/api/v1/missions?search=dangelo&unit=Logistique"))["items"]!.AsArray())!["title"]!.ToString());
        Assert.Equal("Nuage", Assert.Single((await app.GetAsync("/api/v1/missions?search=d angelo&from=2027-01-01"))["items"]!.AsArray())!["title"]!.ToString());
        Assert.Equal(2, (await app.GetAsync("/api/v1/units")).AsArray().Count);
    }

    private static async Task<string> AddAsync(DepartApp app, string given, string family, string? mail) =>
        (await app.PostAsync("/api/v1/people", new { givenName = given, familyName = family, mails = mail is null ? [] : new[] { mail } }))!["person"]!.ToString();

    private static async Task<(HttpStatusCode Status, JsonNode? Problem)> PutAsync(DepartApp app, string path, object body, string? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }

        var answer = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }
}

[OnPostgreSql]
public sealed class RecordOnPostgreSqlTests : RecordTests;
