using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Given;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Tasks;

/// <summary>What people say about a task and attach to it.</summary>
public class TaskTalkTests
{
    private static readonly byte[] Pdf = [.. "%PDF-1.7\n"u8, .. new byte[200]];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_comment_names_those_who_may_see_the_task_and_they_find_it_in_their_mails_and_tasks_until_they_have_seen_it()
    {
        await using var app = await DepartApp.StartAsync();
        var (departure, task) = await OpenAsync(app);
        await app.AddUserAsync("claire@exemple.fr", Password, Role.Hr);
        var zoe = await AddAsync(app, "zoe.lefevre@exemple.fr", "Zoë Lefèvre", Role.It);
        await AddAsync(app, "zoe@exemple.fr", "Zoë", Role.Security);
        await AddAsync(app, "hugo@exemple.fr", "Hugo Passant");
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", "claire@exemple.fr"), ("password", Password));
        var path = $"/tasks/{task}";
        Assert.Contains("Zoë Lefèvre", WebUtility.HtmlDecode(await browser.Http.GetStringAsync(path, Now)), StringComparison.Ordinal);
        Assert.DoesNotContain("Hugo", await browser.Http.GetStringAsync(path, Now), StringComparison.Ordinal);

        // Who may not see the task cannot be named, and nothing typed is lost; an address is no name.
        var refused = WebUtility.HtmlDecode(await (await browser.PostFormAsync(path, ("_handler", "comment"), ("text", "Voyez @Hugo Passant, zoe@exemple.fr"))).Content.ReadAsStringAsync(Now));
        Assert.Contains("“Hugo Passant”", refused, StringComparison.Ordinal);
        Assert.Contains("Voyez @Hugo Passant, zoe@exemple.fr</textarea>", refused, StringComparison.Ordinal);
        await browser.PostFormAsync(path, ("_handler", "comment"), ("text", "@zoe lefevre : le badge est-il rentré ? Voir zoe@exemple.fr <b>"));

        var said = Assert.Single((await app.GetAsync($"/api/v1/tasks/{task}"))["comments"]!.AsArray())!;
        Assert.Equal(["Zoë Lefèvre"], said["mentioned"]!.AsArray().Select(name => name!.ToString()));
        using var hers = app.Browse();
        await hers.PostFormAsync("/sign-in", ("mail", "zoe.lefevre@exemple.fr"), ("password", Password));
        var list = WebUtility.HtmlDecode(await hers.Http.GetStringAsync("/tasks", Now));
        Assert.Contains("le badge est-il rentré", list, StringComparison.Ordinal);
        var mention = Assert.Single(JsonNode.Parse(await hers.Http.GetStringAsync("/api/v1/tasks/mentions", Now))!.AsArray())!;
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Http.PostAsync($"/api/v1/tasks/mentions/{mention["id"]}/seen", null, Now)).StatusCode);
        await hers.PostFormAsync("/tasks", ("_handler", "seen"), ("mention", mention["id"]!.ToString()));
        Assert.Empty(JsonNode.Parse(await hers.Http.GetStringAsync("/api/v1/tasks/mentions", Now))!.AsArray());

        // By the boxes below, without typing a name; who answers has seen what named them.
        await browser.PostFormAsync(path, ("_handler", "comment"), ("text", "Et alors ?"), ("mention", zoe.ToString()));
        Assert.Single(JsonNode.Parse(await hers.Http.GetStringAsync("/api/v1/tasks/mentions", Now))!.AsArray());
        await hers.PostFormAsync(path, ("_handler", "comment"), ("text", "Rentré hier."));
        Assert.Empty(JsonNode.Parse(await hers.Http.GetStringAsync("/api/v1/tasks/mentions", Now))!.AsArray());
        await app.WithDataAsync(async db =>
        {
            var mails = await db.Set<OutgoingMail>().Where(mail => mail.Template == "task-mention").ToListAsync(Now);
            Assert.Equal(["zoe.lefevre@exemple.fr", "zoe.lefevre@exemple.fr"], mails.Select(mail => mail.Read(app.MailProtector)!.Address));
            Assert.All(mails, mail => Assert.Equal(departure, mail.Group));
        });
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.PostAsync($"/api/v1/departures/{departure}/tasks/{task}/comments", new StringContent($$"""{"text":"x","mentions":["{{Guid.NewGuid()}}"]}""", Encoding.UTF8, "application/json"), Now)).StatusCode);
    }

    [Fact]
    public async Task A_file_is_taken_for_what_it_holds_is_given_back_as_a_download_proves_the_task_and_goes_with_a_trace()
    {
        await using var app = await DepartApp.StartAsync();
        var (departure, task) = await OpenAsync(app);
        var files = $"/api/v1/departures/{departure}/tasks/{task}/files";
        foreach (var (name, content, code) in Hostile())
        {
            Assert.Equal(code, JsonNode.Parse(await (await SendAsync(app.Http, files, name, content)).Content.ReadAsStringAsync(Now))!["code"]!.ToString());
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(app.Http, files, "grand.txt", new byte[FileKinds.MostBytes + 1])).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await app.Http.PostAsync(files, new StringContent("x"), Now)).StatusCode);
        using var without = new MultipartFormDataContent { { new StringContent("x"), "other" } };
        Assert.Equal("file-missing", JsonNode.Parse(await (await app.Http.PostAsync(files, without, Now)).Content.ReadAsStringAsync(Now))!["code"]!.ToString());

        // Names with accents, paths, letters that turn the others round: kept as a name and nothing more.
        foreach (var (sent, kept) in new[]
        {
            ("attestation de vigilance – été.pdf", "attestation de vigilance – été.pdf"), ("../../../etc/passwd\\..\\reçu.pdf", "reçu.pdf"), ("facture\u202Efdp.exe\u202C.pdf", "facturefdp.exe.pdf"), (".pdf", "fichier.pdf"),
            ("a\u0000b\r\nX: y.pdf", "abX_ y.pdf"), (new string('é', 300) + ".pdf", new string('é', 140) + ".pdf"), ("<img src=x onerror=alert(1)>.pdf", "_img src=x onerror=alert(1)_.pdf"),
        })
        {
            Assert.Equal(kept, FileKinds.CleanName(sent));
        }

        var added = await SendAsync(app.Http, files, "Attestation – été.pdf", Pdf);
        Assert.Equal(HttpStatusCode.OK, added.StatusCode);
        var id = JsonNode.Parse(await added.Content.ReadAsStringAsync(Now))!.ToString();
        foreach (var address in new[] { $"/api/v1/tasks/{task}/files/{id}" })
        {
            var answer = await app.Http.GetAsync(address, Now);
            Assert.Equal(Pdf, await answer.Content.ReadAsByteArrayAsync(Now));
            Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
            Assert.Equal("Attestation – été.pdf", answer.Content.Headers.ContentDisposition.FileNameStar);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Contains("sandbox", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.True(answer.Headers.CacheControl!.NoStore);
        }

        // Nobody without a part in the departure, whatever they guess; nor by the address of another task.
        await app.AddUserAsync("passant@exemple.fr", Password);
        using var stranger = app.Browse();
        await stranger.PostFormAsync("/sign-in", ("mail", "passant@exemple.fr"), ("password", Password));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Http.GetAsync($"/api/v1/tasks/{task}/files/{id}", Now)).StatusCode);
        var other = (await app.GetAsync($"/api/v1/departures/{departure}/tasks")).AsArray().First(row => row!["id"]!.ToString() != task)!["id"];
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync($"/api/v1/tasks/{other}/files/{id}", Now)).StatusCode);

        // The file is the proof that the task asks for; it is in a backup; the journal keeps its hash when it goes.
        await app.PostAsync($"/api/v1/departures/{departure}/tasks/{task}/done", new { note = "" });
        await app.PostAsync($"/api/v1/departures/{departure}/tasks/{task}/reopen", null);
        var hash = (await app.GetAsync($"/api/v1/tasks/{task}"))["files"]![0]!["hash"]!.ToString();
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Pdf)), hash);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Http.DeleteAsync($"{files}/{id}", Now)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync($"/api/v1/tasks/{task}/files/{id}", Now)).StatusCode);
        await app.WithDataAsync(async db =>
        {
            Assert.Empty(await db.Set<TaskFileContent>().ToListAsync(Now));
            Assert.Equal(["task.file-added", "task.file-removed"], await db.Set<Proof.JournalRow>().Where(row => row.Kind.StartsWith("task.file-")).OrderBy(row => row.Sequence).Select(row => row.Kind).ToListAsync(Now));
            Assert.All(await db.Set<Proof.JournalRow>().Where(row => row.Kind.StartsWith("task.file-")).ToListAsync(Now), row => Assert.Contains(hash, Encoding.UTF8.GetString(row.Bytes), StringComparison.Ordinal));
        });
        Assert.Equal("evidence-missing", JsonNode.Parse(await (await app.Http.PostAsync($"/api/v1/departures/{departure}/tasks/{task}/done", new StringContent("""{"note":""}""", Encoding.UTF8, "application/json"), Now)).Content.ReadAsStringAsync(Now))!["code"]!.ToString());
    }

    private const string Password = "une phrase de passe assez longue 7";

    /// <summary>Files that are not what they say, or could run.</summary>
    private static IEnumerable<(string Name, byte[] Content, string Code)> Hostile() =>
    [
        ("vide.pdf", [], "file-empty"),
        ("virus.exe", "MZ"u8.ToArray(), "file-kind"),
        ("page.html", "<html><script>alert(1)</script>"u8.ToArray(), "file-kind"),
        ("image.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8.ToArray(), "file-kind"),
        ("sans-fin", Pdf, "file-kind"),
        ("facture.pdf.exe", Pdf, "file-kind"),
        ("faux.pdf", "MZ programme"u8.ToArray(), "file-other"),
        ("faux.png", Pdf, "file-other"),
        ("page.txt", "  <html><script>alert(1)</script>"u8.ToArray(), "file-other"),
        ("script.txt", "#!/bin/sh\nrm -rf /"u8.ToArray(), "file-other"),
        ("binaire.csv", [0, 1, 2, 3], "file-other"),
        ("archive.docx", Zip(("x.txt", "x")), "file-other"),
        ("macros.docx", Zip(("[Content_Types].xml", "<x/>"), ("word/document.xml", "<x/>"), ("word/vbaProject.bin", "x")), "file-other"),
        ("tronque.xlsx", [0x50, 0x4B, 0x03, 0x04, 0xFF, 0xFF], "file-other"),
        ("polyglotte.docx", [.. Pdf, .. Zip(("[Content_Types].xml", "<x/>"), ("word/document.xml", "<x/>"))], "file-other"),
    ];

    private static byte[] Zip(params (string Name, string Text)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in entries)
            {
                using var writer = new StreamWriter(archive.CreateEntry(name).Open());
                writer.Write(text);
            }
        }

        return stream.ToArray();
    }

    private static async Task<(string Departure, string Task)> OpenAsync(DepartApp app)
    {
        var (_, departure) = await app.OpenDepartureAsync("Élodie", "Perrin", "elodie@exemple.fr");
        var task = (await app.GetAsync($"/api/v1/departures/{departure}/tasks")).AsArray().First(row => row!["state"]!.ToString() == "open" && row["evidence"]!.GetValue<bool>() && row["kind"]!.ToString() != "disconnection")!;
        return (departure, task["id"]!.ToString());
    }

    private static async Task<Guid> AddAsync(DepartApp app, string mail, string name, params Role[] roles) =>
        (await app.AddUserAsync(mail, Password, name, roles)).Value;

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string path, string name, byte[] content)
    {
        using var form = new MultipartFormDataContent();
        var part = new ByteArrayContent(content);
        part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "file", FileName = name, FileNameStar = name };
        form.Add(part);
        return await http.PostAsync(path, form, Now);
    }
}

/// <summary>The same with the database of several nodes: files lie in it.</summary>
[OnPostgreSql(InLongRun = true)]
public sealed class TaskTalkOnPostgreSqlTests : TaskTalkTests;
