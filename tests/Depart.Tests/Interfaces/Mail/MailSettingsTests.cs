using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Depart.Connectors.Lab;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Given;
using Depart.Interfaces.CommandLine;

namespace Depart.Interfaces.Mail;

/// <summary>How an administrator sets mail up, against a server that asks for TLS and a sign-in.</summary>
public sealed class MailSettingsTests(LabRun run)
{
    [Theory]
    [InlineData("start-tls")]
    [InlineData("tls")]
    public async Task A_test_mail_goes_through_TLS_and_a_sign_in_and_says_what_the_server_answered(string security)
    {
        await using var lab = await MailLab.StartAsync(run);
        await using var app = await DepartApp.StartAsync();
        await SetAsync(app, Settings(lab, security));

        var report = await app.PostAsync("/api/v1/mail/test", new { to = "claire@exemple.fr" });

        Assert.True((bool)report!["accepted"]!, report.ToJsonString());
        Assert.Contains("taken as LAB-1", report["answer"]!.ToString(), StringComparison.Ordinal);
        var mail = await lab.OnlyMailAsync();
        Assert.Equal((true, MailLab.User), ((bool)mail["secure"]!, mail["user"]!.ToString()));
    }

    [Fact]
    public async Task A_server_that_cannot_be_trusted_gets_neither_password_nor_mail()
    {
        await using var lab = await MailLab.StartAsync(run);
        await using var app = await DepartApp.StartAsync();
        var wrong = new (string What, Dictionary<string, object?> Settings, string Said)[]
        {
            ("an authority nobody trusts", new(Settings(lab, "tls")) { ["port"] = lab.Untrusted }, "not secure"),
            ("another host's certificate", new(Settings(lab, "tls")) { ["port"] = lab.OtherName }, "not secure"),
            ("the authority was not given", new(Settings(lab, "tls")) { ["trustedCertificates"] = null }, "not secure"),
            ("no STARTTLS", new(Settings(lab, "start-tls")) { ["port"] = lab.Plain }, "not secure"),
            ("a wrong password", new(Settings(lab, "tls")) { ["password"] = "wrong" }, "refuses the user or the password"),
            ("nobody may sign in", new(Settings(lab, "none")) { ["port"] = lab.Plain, ["trustedCertificates"] = null }, "lets nobody sign in"),
            ("nobody there", new(Settings(lab, "tls")) { ["port"] = LabRun.FreePort() }, "cannot be reached"),
        };
        foreach (var (what, settings, said) in wrong)
        {
            await SetAsync(app, settings);

            var report = await app.PostAsync("/api/v1/mail/test", new { to = "claire@exemple.fr" });

            Assert.False((bool)report!["accepted"]!, what);
            Assert.True(report["said"]!["en"]!.ToString().Contains(said, StringComparison.Ordinal), $"{what}: {report["said"]}");
        }

        Assert.Empty(await lab.InboxAsync());
    }

    [Fact]
    public async Task The_password_is_in_no_answer_no_journal_no_table_and_no_file()
    {
        await using var lab = await MailLab.StartAsync(run);
        await using var app = await DepartApp.StartAsync();
        await SetAsync(app, Settings(lab, "tls"));
        await app.PostAsync("/api/v1/mail/test", new { to = "claire@exemple.fr" });

        var settings = await app.GetAsync("/api/v1/mail/settings");

        Assert.True((bool)settings["server"]!["passwordSet"]!);
        Assert.DoesNotContain(MailLab.Password, settings.ToJsonString(), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(app.DataFolder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            await stream.CopyToAsync(content, TestContext.Current.CancellationToken);
            Assert.True(content.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(MailLab.Password)) < 0, file);
        }
    }

    [Fact]
    public async Task A_password_not_given_again_is_kept_and_never_goes_to_another_server()
    {
        await using var lab = await MailLab.StartAsync(run);
        await using var app = await DepartApp.StartAsync();
        await SetAsync(app, Settings(lab, "tls"));
        var kept = new Dictionary<string, object?>(Settings(lab, "tls")) { ["password"] = null, ["fromName"] = "Départ Achats" };

        await SetAsync(app, kept);
        var elsewhere = await app.Http.PutAsJsonAsync("/api/v1/mail/settings", new Dictionary<string, object?>(kept) { ["host"] = "localhost" }, TestContext.Current.CancellationToken);

        Assert.True((bool)(await app.PostAsync("/api/v1/mail/test", new { to = "claire@exemple.fr" }))!["accepted"]!);
        Assert.Equal("Départ Achats", (await lab.OnlyMailAsync())["from"]![0]!["name"]!.ToString());
        Assert.Equal("secret-again", await CodeAsync(elsewhere));
    }

    [Theory]
    [InlineData("host", "smtp.exemple.fr:25", "host")]
    [InlineData("host", "", "required")]
    [InlineData("security", "none", "not-protected")]
    [InlineData("port", 70000, "out-of-range")]
    [InlineData("timeoutSeconds", 0, "out-of-range")]
    [InlineData("fromAddress", " ", "required")]
    [InlineData("fromAddress", "depart", "address")]
    [InlineData("fromAddress", "a@b.fr\r\nBcc: c@d.fr", "address")]
    [InlineData("fromName", "Départ\r\nBcc: c@d.fr", "one-line")]
    [InlineData("publicAddress", "depart.exemple.fr", "address")]
    [InlineData("publicAddress", "javascript:alert(1)", "address")]
    [InlineData("trustedCertificates", "abc", "certificate")]
    [InlineData("user", null, "required")]
    public async Task Settings_that_cannot_be_meant_are_refused_with_their_field(string field, object? value, string code)
    {
        await using var app = await DepartApp.StartAsync();
        var settings = new Dictionary<string, object?>
        {
            ["host"] = "smtp.exemple.fr", ["security"] = "tls", ["user"] = "u", ["password"] = "p", ["fromAddress"] = "depart@exemple.fr", ["fromName"] = "Départ", ["publicAddress"] = "https://depart.exemple.fr",
            [field] = value,
        };

        var answer = await app.Http.PutAsJsonAsync("/api/v1/mail/settings", settings, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(code, problem["code"]!.ToString());
        Assert.Equal(field, problem["field"]!.ToString(), ignoreCase: true);
        Assert.Null((await app.GetAsync("/api/v1/mail/settings"))["server"]);
    }

    [Fact]
    public async Task The_doctor_and_the_command_line_say_how_mail_stands()
    {
        await using var lab = await MailLab.StartAsync(run);
        await using var app = await DepartApp.StartAsync();
        Assert.Contains(await DoctorVerb.ExamineAsync(app.Storage, TimeProvider.System, TestContext.Current.CancellationToken), line => line.Check.En == "Mail" && line.What == MailText.NoneWaits);
        var none = await app.RunAsync("mail", "test", "claire@exemple.fr");
        Assert.Equal((1, true), (none.Code, none.Error.Contains("No mail server is set", StringComparison.Ordinal)));

        await SetAsync(app, Settings(lab, "tls"));

        var sent = await app.RunAsync("mail", "test", "claire@exemple.fr");
        Assert.Equal(0, sent.Code);
        Assert.Contains("The mail server accepted the test mail for claire@exemple.fr", sent.Output, StringComparison.Ordinal);
        Assert.Contains(await DoctorVerb.ExamineAsync(app.Storage, TimeProvider.System, TestContext.Current.CancellationToken), line => line.What.En == $"127.0.0.1:{lab.Tls}; waiting: 0; refused or uncertain: 0.");
    }

    [Fact]
    public async Task Each_kind_of_mail_is_shown_in_both_languages()
    {
        await using var app = await DepartApp.StartAsync();

        Assert.Contains((await app.GetAsync("/api/v1/mail/templates")).AsArray(), template => template!["name"]!.ToString() == "test");
        Assert.Equal("Courriel d’essai de Départ pour Zoë Lefèvre-D’Angélo", (await app.GetAsync("/api/v1/mail/templates/test/fr"))["subject"]!.ToString());
        var page = await app.Http.GetAsync("/api/v1/mail/templates/test/en/page", TestContext.Current.CancellationToken);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("sandbox", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("Mail works", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("/api/v1/mail/templates/nothing/fr", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.GetAsync("/api/v1/mail/templates/test/de", TestContext.Current.CancellationToken)).StatusCode);
    }

    private static async Task SetAsync(DepartApp app, Dictionary<string, object?> settings)
    {
        var answer = await app.Http.PutAsJsonAsync("/api/v1/mail/settings", settings, TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.NoContent, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<string> CodeAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["code"]!.ToString();

    private Dictionary<string, object?> Settings(MailLab lab, string security) => new()
    {
        ["host"] = "127.0.0.1", ["security"] = security, ["port"] = security == "tls" ? lab.Tls : lab.StartTls, ["user"] = MailLab.User, ["password"] = MailLab.Password,
        ["fromAddress"] = "depart@exemple.fr", ["fromName"] = "Départ", ["publicAddress"] = "https://depart.exemple.fr", ["trustedCertificates"] = run.Certificates.AuthorityPem, ["timeoutSeconds"] = 30,
    };
}
