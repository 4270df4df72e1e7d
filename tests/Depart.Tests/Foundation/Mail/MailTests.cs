using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Depart.Connectors.Lab;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Interfaces.Mail;
using Depart.Proof;

namespace Depart.Foundation.Mail;

/// <summary>Mails from the decision to the inbox of a server that is not ours, by a clock that the test moves.</summary>
public partial class MailTests(LabRun run) : IAsyncLifetime
{
    private const string Zoe = "zoe@exemple.fr";

    private static readonly TestMail Content = new("Zoë Lefèvre-D’Angélo", "smtp.exemple.fr");

    private readonly string group = Guid.NewGuid().ToString();
    private MailLab lab = null!;
    private EngineAlone engine = null!;

    public async ValueTask InitializeAsync()
    {
        lab = await MailLab.StartAsync(run);
        engine = await EngineAlone.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        await lab.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("fr-FR", "Courriel d’essai de Départ pour Zoë Lefèvre-D’Angélo", "Vous avez demandé un essai à Départ", "Envoyé par Départ, https://depart.exemple.fr")]
    [InlineData("en-GB", "Test mail from Depart for Zoë Lefèvre-D’Angélo", "You asked Depart for a test", "Sent by Depart, https://depart.exemple.fr")]
    public async Task A_mail_arrives_in_the_readers_language_accents_and_all(string culture, string subject, string words, string foot)
    {
        await ConfigureAsync();

        var id = await WriteAsync(culture: culture);

        var mail = await lab.OnlyMailAsync();
        Assert.Equal(subject, mail["subject"]!.ToString());
        Assert.Equal(("Départ – Société d’Été", "depart@exemple.fr"), (mail["from"]![0]!["name"]!.ToString(), mail["from"]![0]!["address"]!.ToString()));
        Assert.Equal((Content.Name, Zoe), (mail["to"]![0]!["name"]!.ToString(), mail["to"]![0]!["address"]!.ToString()));
        Assert.Equal(("depart@exemple.fr", Zoe), (mail["envelopeFrom"]!.ToString(), mail["envelopeTo"]![0]!.ToString()));
        Assert.Equal($"<{id.Value:N}@exemple.fr>", mail["messageId"]!.ToString());
        Assert.Contains("auto-submitted", Headers(mail));
        foreach (var part in new[] { mail["text"]!.ToString(), mail["html"]!.ToString() })
        {
            Assert.Contains(words, part, StringComparison.Ordinal);
            Assert.Contains(foot, part, StringComparison.Ordinal);
        }

        var row = await SettledAsync(id, MailState.Sent);
        Assert.Equal((1, 250, Zoe), (row.Attempts, row.Code, row.To));
        Assert.Contains("taken as LAB-1", row.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_and_HTML_say_the_same()
    {
        await ConfigureAsync();
        await WriteAsync();

        var mail = await lab.OnlyMailAsync();
        var html = WebUtility.HtmlDecode(Tag().Replace(mail["html"]!.ToString().Split("<body")[1], " "));
        var text = Address().Replace(mail["text"]!.ToString().Replace("-- \n", "", StringComparison.Ordinal), "");
        Assert.Equal(Words(text), Words(html[(html.IndexOf('>', StringComparison.Ordinal) + 1)..]));
        Assert.Contains("Ouvrir Départ <https://depart.exemple.fr/>", mail["text"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("href=\"https://depart.exemple.fr/\"", mail["html"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_in_a_name_begins_another_header_or_another_recipient()
    {
        const string Hostile = "Zoë\r\nBcc: victime@exemple.fr\r\nX-Evil: 1\r\n\r\n<p>Corps</p>\u2028\", autre@exemple.fr";
        await ConfigureAsync();
        await WriteAsync(to: new(Zoe, Hostile, Foundation.Words.French), content: Content with { Name = Hostile });

        var mail = await lab.OnlyMailAsync();

        Assert.DoesNotContain(Headers(mail), header => header is "bcc" or "cc" or "x-evil");
        Assert.Equal([Zoe], mail["envelopeTo"]!.AsArray().Select(to => to!.ToString()));
        Assert.Equal([Zoe], mail["to"]!.AsArray().Select(to => to!["address"]!.ToString()));
        Assert.Equal("Courriel d’essai de Départ pour Zoë Bcc: victime@exemple.fr X-Evil: 1 <p>Corps</p> \", autre@exemple.fr", mail["subject"]!.ToString());
    }

    [Fact]
    public async Task Hostile_values_are_words_and_nothing_else()
    {
        const string Hostile = "<img src=x onerror=alert(1)> \"'&lt; {{ host }} {% raw %} </td></table><a href=\"https://evil.example\">ici</a>";
        await ConfigureAsync();
        await WriteAsync(content: Content with { Name = Hostile });

        var mail = await lab.OnlyMailAsync();

        Assert.DoesNotContain("<img", mail["html"]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("<a href=\"https://evil", mail["html"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains(Hostile, mail["text"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rcpt")]
    [InlineData("data")]
    public async Task What_the_server_wants_later_is_sent_later_and_once(string at)
    {
        await ConfigureAsync();
        await lab.RuleAsync(at, Zoe, "451 4.7.1 Greylisted, zoe@exemple.fr should come back");

        var id = await WriteAsync();

        await EngineAlone.UntilAsync(async () => (await RowAsync(id)).Attempts == 1);
        var waits = await RowAsync(id);
        Assert.Equal((MailState.Waiting, 451), (waits.State, waits.Code));
        Assert.Contains("Greylisted", waits.Answer, StringComparison.Ordinal);
        Assert.Equal(engine.Clock.GetUtcNow() + MailHandler.WaitAfter(1), waits.DueAt);
        await engine.AdvanceUntilAsync(async () => (await RowAsync(id)).State == MailState.Sent, TimeSpan.FromSeconds(10));
        Assert.Single(await lab.InboxAsync());

        // What a server says may name somebody: it stays where it can be erased.
        Assert.All(await engine.AttemptsAsync(), attempt => Assert.DoesNotContain("exemple.fr", attempt.Error ?? "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_says_later_for_days_is_believed_in_the_end()
    {
        await ConfigureAsync();
        await lab.RuleAsync("rcpt", Zoe, "452 4.2.2 Mailbox full", times: 1000);

        var id = await WriteAsync();

        await engine.AdvanceUntilAsync(async () => (await RowAsync(id)).State == MailState.Refused, TimeSpan.FromMinutes(61));
        Assert.Equal(Outbox.MostTries, (await RowAsync(id)).Attempts);
        Assert.Contains("Mailbox full", (await RowAsync(id)).Answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rcpt", false)]
    [InlineData("rcpt", true)]
    [InlineData("data", false)]
    public async Task What_the_server_refuses_is_final_shown_and_sent_again_only_by_a_person(string at, bool pipelined)
    {
        await ConfigureAsync(pipelined ? lab.Pipelined : lab.Plain);
        await lab.RuleAsync(at, Zoe, "550 5.1.1 No such user here");

        var id = await WriteAsync();

        var row = await SettledAsync(id, MailState.Refused);
        Assert.Equal((550, "5.1.1 No such user here"), (row.Code, row.Answer));
        engine.Clock.Advance(TimeSpan.FromDays(3));
        await engine.UntilAsync(Engine.WorkState.Done);
        Assert.Equal(1, await lab.SeenAsync("rcpt", Zoe));
        Assert.Equal(id, Assert.Single((await engine.AskAsync(new ListMails(MailState.Refused))).Items).Id);

        Assert.True((await engine.SendAsync(new SendMailAgain(id), Actor.Console)).Ok);
        await SettledAsync(id, MailState.Sent);
        Assert.Equal($"<{id.Value:N}@exemple.fr>", (await lab.OnlyMailAsync())["messageId"]!.ToString());
    }

    [Fact]
    public async Task One_refused_recipient_does_not_stop_the_others()
    {
        await ConfigureAsync();
        await lab.RuleAsync("rcpt", "person7@exemple.fr", "550 5.1.1 No such user here");

        for (var index = 0; index < 30; index++)
        {
            await WriteAsync(to: new($"person{index}@exemple.fr", "", Foundation.Words.French));
        }

        await engine.UntilAsync(Engine.WorkState.Done);
        Assert.Equal(29, (await lab.InboxAsync()).Select(mail => mail["envelopeTo"]![0]!.ToString()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("person7@exemple.fr", Assert.Single((await engine.AskAsync(new ListMails(MailState.Refused))).Items).To);
    }

    [Fact]
    public async Task A_mail_that_cannot_be_written_or_addressed_stops_no_other()
    {
        await ConfigureAsync();
        var gone = (await engine.SendAsync(new WriteMail(new(Zoe, "Zoë", Foundation.Words.French), Content, Gone: true))).Value;
        var beyond = await WriteAsync(to: new("zoë@exemple.fr", "Zoë", Foundation.Words.French));

        var id = await WriteAsync();

        await SettledAsync(id, MailState.Sent);
        Assert.Contains("gone", (await SettledAsync(gone, MailState.Refused)).Answer, StringComparison.Ordinal);
        await EngineAlone.UntilAsync(async () => (await RowAsync(beyond)).State is MailState.Sent or MailState.Refused);
    }

    [Fact]
    public async Task A_connection_that_breaks_after_the_text_leaves_the_mail_uncertain_and_nothing_sends_it_twice()
    {
        await ConfigureAsync();
        await lab.RuleAsync("data", Zoe, "drop");

        var id = await WriteAsync();

        await SettledAsync(id, MailState.Uncertain);
        engine.Clock.Advance(TimeSpan.FromDays(3));
        await engine.UntilAsync(Engine.WorkState.Done);
        var first = Assert.Single(await lab.InboxAsync());

        // A person looked and decided; the mailbox can tell that it is the same.
        Assert.True((await engine.SendAsync(new SendMailAgain(id), Actor.Console)).Ok);
        await SettledAsync(id, MailState.Sent);
        Assert.Equal([first["messageId"]!.ToString(), first["messageId"]!.ToString()], (await lab.InboxAsync()).Select(mail => mail["messageId"]!.ToString()));
    }

    [Fact]
    public async Task A_server_that_is_silent_after_the_text_leaves_the_mail_uncertain()
    {
        await ConfigureAsync();
        await lab.RuleAsync("data", Zoe, "hang");

        var id = await WriteAsync();

        await EngineAlone.UntilAsync(async () => (await lab.InboxAsync()).Count == 1);
        Assert.Equal(MailState.Sending, (await RowAsync(id)).State);
        await engine.AdvanceUntilAsync(async () => (await RowAsync(id)).State == MailState.Uncertain, TimeSpan.FromSeconds(2), mayHang: true);
        Assert.Single(await lab.InboxAsync());
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("drop")]
    public async Task A_server_that_goes_away_before_the_text_is_asked_again(string does)
    {
        await ConfigureAsync();
        await lab.RuleAsync("rcpt", Zoe, does);

        var id = await WriteAsync();

        await EngineAlone.UntilAsync(async () => await lab.SeenAsync("rcpt", Zoe) == 1);
        await engine.AdvanceUntilAsync(async () => (await RowAsync(id)).Attempts == 1, TimeSpan.FromSeconds(2), mayHang: true);
        engine.Clock.Advance(MailHandler.WaitAfter(1));
        await SettledAsync(id, MailState.Sent);
        Assert.Single(await lab.InboxAsync());
        Assert.Equal(2, (await RowAsync(id)).Attempts);
    }

    [Fact]
    public async Task What_is_withdrawn_is_not_sent()
    {
        await ConfigureAsync();
        var tomorrow = engine.Clock.GetUtcNow().AddDays(1);
        var ours = await WriteAsync(notBefore: tomorrow, group: group);
        var others = await WriteAsync(to: new("hugo@exemple.fr", "Hugo", Foundation.Words.French), notBefore: tomorrow, group: Guid.NewGuid().ToString());

        Assert.Equal(1, (await engine.SendAsync(new TakeBack(group))).Value);
        engine.Clock.Advance(TimeSpan.FromDays(2));

        await SettledAsync(others, MailState.Sent);
        Assert.Equal(MailState.Withdrawn, (await RowAsync(ours)).State);
        Assert.Equal("hugo@exemple.fr", (await lab.OnlyMailAsync())["envelopeTo"]![0]!.ToString());
        Assert.Equal("mail-state", (await engine.SendAsync(new WithdrawMail(others), Actor.Console)).Problem!.Code);
    }

    [Fact]
    public async Task One_key_is_one_mail_unless_it_was_withdrawn()
    {
        await ConfigureAsync();
        var tomorrow = engine.Clock.GetUtcNow().AddDays(1);
        var first = await WriteAsync(key: "reminder-1", notBefore: tomorrow, group: group);

        Assert.Equal(first, await WriteAsync(key: "reminder-1", notBefore: tomorrow, group: group));
        await engine.SendAsync(new TakeBack(group));
        Assert.Equal(first, await WriteAsync(key: "reminder-1", notBefore: tomorrow, group: group));

        Assert.Equal(1, (await engine.SendAsync(new TakeBack(null, "reminder-1"))).Value);
        Assert.Equal(first, await WriteAsync(key: "reminder-1", notBefore: tomorrow, group: group));

        engine.Clock.Advance(TimeSpan.FromDays(2));
        await SettledAsync(first, MailState.Sent);
        Assert.Equal(0, (await engine.SendAsync(new TakeBack(null, "reminder-1"))).Value);
        Assert.Equal(first, await WriteAsync(key: "reminder-1"));
        Assert.Single(await lab.InboxAsync());
    }

    [Fact]
    public async Task A_decision_that_is_refused_writes_no_mail()
    {
        await ConfigureAsync();

        Assert.False((await engine.SendAsync(new WriteMail(new(Zoe, "Zoë", Foundation.Words.French), Content, Refused: true))).Ok);

        Assert.Empty((await engine.AskAsync(new ListMails())).Items);
        Assert.Empty(await engine.ItemsAsync());
    }

    [Fact]
    public async Task Without_a_server_mails_wait_and_leave_once_there_is_one()
    {
        var id = await WriteAsync();
        await WriteAsync(to: new("pas une adresse", "", Foundation.Words.French));

        Assert.Equal(MailState.Waiting, (await RowAsync(id)).State);
        Assert.Equal("No mail server is set: 1 mail waits.", (await engine.AskAsync(new GetMailSettings())).Said!.En);
        Assert.Empty(await engine.ItemsAsync());
        Assert.Equal("pas une adresse", Assert.Single((await engine.AskAsync(new ListMails(MailState.Refused))).Items).To);

        await ConfigureAsync();
        await SettledAsync(id, MailState.Sent);
        Assert.Null((await engine.AskAsync(new GetMailSettings())).Said);
    }

    [Fact]
    public async Task A_server_forgotten_while_mails_wait_loses_none()
    {
        await ConfigureAsync();
        var id = await WriteAsync(notBefore: engine.Clock.GetUtcNow().AddHours(1));

        Assert.True((await engine.SendAsync(new ForgetMailServer(), Actor.Console)).Ok);
        engine.Clock.Advance(TimeSpan.FromHours(2));
        await engine.UntilAsync(Engine.WorkState.Done);
        Assert.Equal(MailState.Waiting, (await RowAsync(id)).State);

        await ConfigureAsync();
        await SettledAsync(id, MailState.Sent);
        Assert.Single(await lab.InboxAsync());
    }

    [Fact]
    public async Task The_journal_says_what_became_of_a_mail_and_holds_whose_it_was_apart()
    {
        await ConfigureAsync();
        await SettledAsync(await WriteAsync(group: group), MailState.Sent);

        var entries = (await engine.AskAsync(new ReadJournal(Guid.Parse(group).ToString("N")))).Items;

        Assert.Equal("mail.sent", Assert.Single(entries).Kind);
        Assert.Empty((await engine.AskAsync(new CheckJournal())).Broken);
    }

    private static IEnumerable<string> Headers(JsonObject mail) => mail["headers"]!.AsArray().Select(header => header!.ToString());

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private async Task ConfigureAsync(int? port = null) => Assert.Null((await engine.SendAsync(new ConfigureMail(
        "127.0.0.1", MailSecurity.None, "depart@exemple.fr", "Départ – Société d’Été", "https://depart.exemple.fr/", port ?? lab.Plain, TimeoutSeconds: 20), Actor.Console)).Problem);

    private async Task<MailId> WriteAsync(
        MailTo? to = null, TestMail? content = null, string culture = "fr-FR", string? key = null, string? group = null, DateTimeOffset? notBefore = null) => (await engine.SendAsync(new WriteMail(
            to ?? new(Zoe, Content.Name, System.Globalization.CultureInfo.GetCultureInfo(culture)), content ?? Content, key, group, notBefore))).Value;

    private async Task<MailRow> RowAsync(MailId id) => (await engine.AskAsync(new ListMails())).Items.Single(row => row.Id == id);

    private async Task<MailRow> SettledAsync(MailId id, MailState state)
    {
        await EngineAlone.UntilAsync(async () => (await RowAsync(id)).State == state);
        return await RowAsync(id);
    }

    [GeneratedRegex("<[^>]+>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex("<https?://[^>]+>", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}

[OnPostgreSql]
public sealed class MailOnPostgreSqlTests(LabRun run) : MailTests(run);
