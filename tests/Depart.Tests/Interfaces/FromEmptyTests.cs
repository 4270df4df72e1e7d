using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Depart.Connectors.Lab;
using Depart.Given;
using Depart.Interfaces.CommandLine;

namespace Depart.Interfaces;

/// <summary>
/// A whole departure from an empty installation, once by the API alone and once by the command line alone: the first administrator, an account for each role, a mission, a template derived from the
/// internal one, the departure, every task by whom it lies with, a new last day, the cut, the end. The browser does the same in <c>FromEmptyTests</c> of its own project.
/// </summary>
public class FromEmptyTests
{
    private const string Password = "une phrase que je retiens";

    /// <summary>Derived from the company's own process: one task otherwise, one new, most of them dropped, and of each role something left.</summary>
    private const string Template = """
        key: ours
        extends: internal-employee
        title: {fr: Nos consultants, en: Our consultants}
        description: {fr: Le nôtre., en: Ours.}
        for: {status: suppliers-employee}
        drop: [thank, feedback, reference-letter, handover-review, exit-interview, access-inventory, privileged-review, re-own-resources, cut-notice, private-items, unconnected-systems, rotate-secrets, mailbox-end,
          equipment-check, equipment-settlement, labour-papers, stay-in-touch, rehire-view, evidence-pack, last-reading]
        tasks:
          - key: announce
            title: {fr: Annoncer la fin de la mission, en: Announce the end of the mission}
          - key: timesheet
            step: 5
            owner: hr
            title: {fr: Valider le dernier relevé d’activité, en: Approve the last timesheet}
            instructions: {fr: Demandez-le au prestataire., en: Ask the supplier for it.}
            done: {fr: Il est validé., en: It is approved.}
            anchor: last-day
            offset: 2 business days
            blocking: true
            evidence: true
        """;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_departure_is_brought_to_its_end_by_the_API_alone()
    {
        await using var app = await DepartApp.StartAsync();
        using var anyone = new HttpClient { BaseAddress = app.Http.BaseAddress };
        using var admin = await EnterAsync(anyone, (await app.SetUpCodeAsync())!, "Marion Tessier", "marion@exemple.fr");
        Assert.Equal(HttpStatusCode.NotFound, (await anyone.PostAsJsonAsync("/api/v1/set-up", new { code = "spent", password = Password }, Now)).StatusCode);
        var settings = await GetAsync(admin, "/api/v1/settings");
        settings["values"]!["cutTime"] = "17:00:00";
        await SendAsync(admin, HttpMethod.Put, "/api/v1/settings", settings["values"]!);
        using var hr = await InviteAsync(admin, anyone, "Rosa Diallo", "rosa@exemple.fr", "hr");
        using var it = await InviteAsync(admin, anyone, "Igor Petit", "igor@exemple.fr", "it");
        using var security = await InviteAsync(admin, anyone, "Sonia Weber", "sonia@exemple.fr", "security");

        // Whom the record knows by the address of an invitation, that user is.
        var supplier = await PostAsync(hr, "/api/v1/suppliers", new { name = "Altéo Conseil", contactName = "Paul Remy", contactMail = "paul@alteo.example" });
        var (managerId, managerName) = await PersonAsync(hr, "Agnès", "Roux", "internal", null);
        var (leaverId, leaverName) = await PersonAsync(hr, "Zoë", "Perrin", "suppliers-employee", "Altéo Conseil");
        var (successorId, successorName) = await PersonAsync(hr, "Karim", "Haddad", "internal", null);
        using var manager = await InviteAsync(admin, anyone, managerName, "agnes.roux@exemple.fr");
        using var leaver = await InviteAsync(admin, anyone, leaverName, "zoe.perrin@exemple.fr");
        using var successor = await InviteAsync(admin, anyone, successorName, "karim.haddad@exemple.fr");
        Assert.Equal((managerId, "manager"), await MeAsync(manager, mission: await MissionAsync(hr, leaverId, managerId)));

        var begun = await PostAsync(hr, "/api/v1/templates/begin", new { extends = "internal-employee", title = new { fr = "Nos consultants", en = "Our consultants" }, key = "ours" });
        Assert.Equal(1, begun!["number"]!.GetValue<int>());
        await PostAsync(hr, "/api/v1/templates", new { yaml = Template });
        await PostAsync(hr, "/api/v1/templates/ours/versions/1/publish", null);
        var changes = (await GetAsync(hr, "/api/v1/templates/ours/comparison"))["tasks"]!.AsArray().CountBy(task => task!["change"]!.ToString()).ToDictionary(StringComparer.Ordinal);
        Assert.Equal((1, 1), (changes["changed"], changes["added"]));
        Assert.NotEmpty((await PostAsync(hr, "/api/v1/templates/ours/preview", new { lastDay = "2030-12-20" }))!["tasks"]!.AsArray());

        var mission = (await GetAsync(manager, "/api/v1/missions/openable"))["items"]![0]!["mission"]!.ToString();
        var departure = (await PostAsync(manager, "/api/v1/departures", new { mission, lastDay = "2030-12-13", template = "ours", successorMail = "karim.haddad@exemple.fr" }))!.ToString();
        Assert.Contains((await GetAsync(manager, $"/api/v1/departures/{departure}/reschedule?lastDay=2030-12-20"))["tasks"]!.AsArray(), move => move!["title"]!["fr"]!.ToString() == "Valider le dernier relevé d’activité");
        await PostAsync(manager, $"/api/v1/departures/{departure}/reschedule", new { lastDay = "2030-12-20" });
        Assert.Equal("2030-12-20T16:00:00+00:00", (await GetAsync(manager, $"/api/v1/departures/{departure}"))["cutAt"]!.ToString());

        foreach (var (who, count) in new[] { (manager, 2), (leaver, 2), (successor, 1), (hr, 2), (it, 1) })
        {
            Assert.Equal(count, await WorkAsync(who));
        }

        var early = await hr.PostAsync($"/api/v1/departures/{departure}/close", null, Now);
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        await PostAsync(it, $"/api/v1/departures/{departure}/disconnect", new { });
        await app.EndedAsync(departure);
        early = await hr.PostAsync($"/api/v1/departures/{departure}/close", null, Now);
        Assert.Contains("Verify the cut", await early.Content.ReadAsStringAsync(Now), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, await OnceThereAsync(() => WorkAsync(security)));
        await PostAsync(hr, $"/api/v1/departures/{departure}/close", null);
        Assert.Equal("closed", (await GetAsync(manager, $"/api/v1/departures/{departure}"))["state"]!.ToString());
        Assert.All((await GetAsync(hr, $"/api/v1/departures/{departure}/tasks")).AsArray(), task => Assert.Equal("done", task!["state"]!.ToString()));

        async Task<string> MissionAsync(HttpClient by, string person, string by2) =>
            (await PostAsync(by, $"/api/v1/people/{person}/missions", new { title = "Refonte du portail", supplier = "Altéo Conseil", manager = by2, end = "2030-12-20" }))!.ToString();

        async Task<(string, string)> MeAsync(HttpClient who, string mission)
        {
            Assert.NotEmpty(mission);
            var me = await GetAsync(who, "/api/v1/me");
            return (me["person"]!.ToString(), string.Join(' ', me["roles"]!.AsArray()));
        }
    }

    [Fact]
    public async Task A_departure_is_brought_to_its_end_by_the_command_line_alone()
    {
        await using var app = await DepartApp.StartAsync();
        var folder = Directory.CreateTempSubdirectory("depart-line-").FullName;
        var template = Path.Combine(folder, "ours.yaml");
        await File.WriteAllTextAsync(template, Template, Now);
        try
        {
            Assert.Contains("Connecté à", (await DoAsync("marion", Password, "set-up", $"{app.Http.BaseAddress}set-up?code={await app.SetUpCodeAsync()}", "--name", "Marion Tessier", "--mail", "marion@exemple.fr")).Error, StringComparison.Ordinal);
            Assert.Contains("Accès coupés à : 17:00", await SayAsync("marion", "settings", "set", "--cut-time", "17:00"), StringComparison.Ordinal);
            await InviteAsync("rosa", "Rosa Diallo", "rosa@exemple.fr", "--role", "hr");
            await InviteAsync("sonia", "Sonia Weber", "sonia@exemple.fr", "--role", "security");

            await SayAsync("rosa", "suppliers", "add", "Altéo Conseil", "--contact-name", "Paul Remy", "--contact-mail", "paul@alteo.example");
            await SayAsync("rosa", "people", "add", "--given-name", "Agnès", "--family-name", "Roux", "--mail", "agnes.roux@exemple.fr", "--status", "internal");
            await SayAsync("rosa", "people", "add", "--given-name", "Karim", "--family-name", "Haddad", "--mail", "karim.haddad@exemple.fr", "--status", "internal");
            await SayAsync("rosa", "people", "add", "--given-name", "Zoë", "--family-name", "Perrin", "--mail", "zoe.perrin@exemple.fr", "--supplier", "Altéo Conseil");
            Assert.Contains("Zoë Perrin · Refonte du portail · Régie · Agnès Roux", await SayAsync("rosa", "missions", "add", "zoe.perrin@exemple.fr", "--title", "Refonte du portail", "--supplier", "Altéo Conseil", "--manager", "Agnès Roux"), StringComparison.Ordinal);
            await InviteAsync("agnes", "Agnès Roux", "agnes.roux@exemple.fr");
            await InviteAsync("zoe", "Zoë Perrin", "zoe.perrin@exemple.fr");
            await InviteAsync("karim", "Karim Haddad", "karim.haddad@exemple.fr");

            Assert.Equal("ours", (await SayAsync("rosa", "templates", "begin", "internal-employee", "--title-fr", "Nos consultants", "--title-en", "Our consultants", "--key", "ours")).Trim());
            await SayAsync("rosa", "templates", "import", template);
            Assert.Contains("la version 1 est publiée", (await DoAsync("rosa", null, "templates", "publish", "ours")).Error, StringComparison.Ordinal);
            Assert.Contains("Annoncer la fin de la mission (Intitulé)", await SayAsync("rosa", "templates", "compare", "ours"), StringComparison.Ordinal);

            var departure = (await SayAsync("rosa", "departures", "open", "--person", "zoe.perrin@exemple.fr", "--last-day", "2030-12-13", "--template", "ours", "--successor", "Karim Haddad")).Trim();
            Assert.Contains("2030-12-13 17:00 → 2030-12-20 17:00", await SayAsync("agnes", "departures", "reschedule", departure, "--last-day", "2030-12-20"), StringComparison.Ordinal);
            foreach (var (who, count) in new[] { ("agnes", 2), ("zoe", 2), ("karim", 1), ("rosa", 2), ("marion", 1) })
            {
                Assert.Equal(count, await WorkAsync(who));
            }

            Assert.Contains("Aucun compte n’a été trouvé", await SayAsync("marion", "disconnect", "zoe.perrin@exemple.fr", "--wait"), StringComparison.Ordinal);
            var early = await TryAsync("rosa", null, "departures", "close", departure);
            Assert.True(early.Code == Terminal.ExitFailed && early.Error.Contains("clos", StringComparison.Ordinal), early.Error);
            Assert.Equal(1, await OnceThereAsync(() => WorkAsync("sonia")));
            Assert.Contains("Clos", await SayAsync("rosa", "departures", "close", departure), StringComparison.Ordinal);
            Assert.Contains("Tâches réglées : 10, à faire : 0", await SayAsync("agnes", "departures", "show", departure), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        // Everybody has a configuration of their own, as on machines of their own.
        Task<LabAnswer> TryAsync(string who, string? input, params string[] arguments) => LabRun.RunAsync(
            LabRun.Program("dotnet"), [Path.Combine(AppContext.BaseDirectory, "depart.dll"), .. arguments], input,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_CONFIG_HOME"] = Path.Combine(folder, who), ["LC_ALL"] = "fr_FR.UTF-8", ["DEPART_URL"] = "", ["DEPART_TOKEN"] = "", ["DOTNET_TieredPGO"] = "0" });

        async Task<LabAnswer> DoAsync(string who, string? input, params string[] arguments)
        {
            var answer = await TryAsync(who, input, arguments);
            Assert.True(answer.Code == 0, $"{who}: depart {string.Join(' ', arguments)}\n{answer.Output}\n{answer.Error}");
            return answer with { Output = answer.Output.Replace('\u00a0', ' '), Error = answer.Error.Replace('\u00a0', ' ') };
        }

        async Task<string> SayAsync(string who, params string[] arguments) => (await DoAsync(who, null, arguments)).Output;

        async Task InviteAsync(string who, string name, string mail, params string[] roles) =>
            await DoAsync(who, Password, "set-up", (await SayAsync("marion", ["users", "invite", mail, "--name", name, .. roles])).Trim());

        async Task<int> WorkAsync(string who)
        {
            var mine = JsonNode.Parse(await SayAsync(who, "tasks", "list", "--json"))!.AsArray().Where(task => task!["state"]!.ToString() == "open" && task["kind"]!.ToString() != "disconnection").Select(task => task!["id"]!.ToString()).ToList();
            if (mine.Count > 0)
            {
                await SayAsync(who, ["tasks", "done", .. mine, "--note", "Fait, réf. 42"]);
            }

            return mine.Count;
        }
    }

    /// <summary>Chooses a password by a link's code, signs in, gives the client.</summary>
    private static async Task<HttpClient> EnterAsync(HttpClient anyone, string code, string? name = null, string? mail = null)
    {
        var begun = await PostAsync(anyone, "/api/v1/set-up", new { code, password = Password, name, mail });
        var token = await PostAsync(anyone, "/api/v1/login", new { mail = begun!["mail"]!.ToString(), password = Password, name = "walk" });
        var http = new HttpClient { BaseAddress = anyone.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token!["token"]!.ToString());
        return http;
    }

    private static async Task<HttpClient> InviteAsync(HttpClient admin, HttpClient anyone, string name, string mail, params string[] roles) =>
        await EnterAsync(anyone, (await PostAsync(admin, "/api/v1/users", new { mail, name, roles }))!["path"]!.ToString().Split("code=")[1]);

    private static async Task<(string Id, string Name)> PersonAsync(HttpClient hr, string given, string family, string status, string? supplier) =>
        ((await PostAsync(hr, "/api/v1/people", new { givenName = given, familyName = family, mails = new[] { $"{Plain(given)}.{Plain(family)}@exemple.fr" }, status, supplier }))!["person"]!.ToString(), $"{given} {family}");

    private static string Plain(string name) => Foundation.SearchText.Of(name);

    /// <summary>Does what lies on somebody's desk and waits for nothing; gives how many.</summary>
    private static async Task<int> WorkAsync(HttpClient who)
    {
        var mine = (await GetAsync(who, "/api/v1/tasks?size=200"))["items"]!.AsArray().Where(task => task!["state"]!.ToString() == "open" && task["kind"]!.ToString() != "disconnection").ToList();
        foreach (var task in mine)
        {
            await PostAsync(who, $"/api/v1/departures/{task!["departure"]}/tasks/{task["id"]}/done", new { note = "Fait, réf. 42" });
        }

        return mine.Count;
    }

    /// <summary>What waits for the cut begins a moment after it, when the tasks have looked at it.</summary>
    private static async Task<int> OnceThereAsync(Func<Task<int>> work)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            if (await work() is > 0 and var done)
            {
                return done;
            }

            await Task.Delay(100, Now);
        }

        return 0;
    }

    private static Task<JsonNode?> PostAsync(HttpClient http, string path, object? body) => SendAsync(http, HttpMethod.Post, path, body);

    private static async Task<JsonNode> GetAsync(HttpClient http, string path) => (await SendAsync(http, HttpMethod.Get, path, null))!;

    private static async Task<JsonNode?> SendAsync(HttpClient http, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await http.SendAsync(request, Now);
        var text = await answer.Content.ReadAsStringAsync(Now);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }
}
