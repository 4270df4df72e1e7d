using Depart.Connectors.Lab;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Given;
using Depart.Interfaces.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Foundation.Mail;

/// <summary>The server is killed (SIGKILL) while it speaks to the mail server, and started again.</summary>
public class MailKilledTests(LabRun run)
{
    private const string Zoe = "zoe@exemple.fr";

    [Fact]
    public async Task Killed_before_the_text_leaves_it_sends_the_mail_once_after_the_restart()
    {
        await using var lab = await MailLab.StartAsync(run);
        await using var depart = await GivenAMailAsync(lab);
        await lab.RuleAsync("rcpt", Zoe, "hang");
        await depart.StartAsync();
        await EngineAlone.UntilAsync(async () => await lab.SeenAsync("rcpt", Zoe) == 1);

        await depart.KillAsync();
        Assert.Equal(MailState.Waiting, await StateAsync(depart));
        await depart.StartAsync();

        await EngineAlone.UntilAsync(async () => await StateAsync(depart) == MailState.Sent);
        Assert.Single(await lab.InboxAsync());
    }

    [Fact]
    public async Task Killed_after_the_text_left_and_before_the_answer_it_says_uncertain_and_sends_nothing_more()
    {
        await using var lab = await MailLab.StartAsync(run);
        await using var depart = await GivenAMailAsync(lab);
        await lab.RuleAsync("data", Zoe, "hang");
        await depart.StartAsync();
        await EngineAlone.UntilAsync(async () => (await lab.InboxAsync()).Count == 1);

        await depart.KillAsync();
        Assert.Equal(MailState.Sending, await StateAsync(depart));
        await depart.StartAsync();

        await EngineAlone.UntilAsync(async () => await StateAsync(depart) == MailState.Uncertain);
        Assert.Single(await lab.InboxAsync());
        Assert.Equal(1, await lab.SeenAsync("rcpt", Zoe));
    }

    [Fact]
    public async Task Killed_again_and_again_while_it_sends_forty_mails_it_sends_none_twice_and_names_those_in_doubt()
    {
        const int Mails = 40;
        await using var lab = await MailLab.StartAsync(run);
        await using var depart = await GivenAMailAsync(lab, Mails);
        foreach (var kill in new[] { 3, 11, 24 })
        {
            await depart.StartAsync();
            await EngineAlone.UntilAsync(async () => (await lab.InboxAsync()).Count >= kill);
            await depart.KillAsync();
        }

        await depart.StartAsync();
        await EngineAlone.UntilAsync(async () => await depart.LookAsync(db => db.Set<OutgoingMail>().AllAsync(mail => mail.State == MailState.Sent || mail.State == MailState.Uncertain)));
        var arrived = (await lab.InboxAsync()).Select(mail => mail["messageId"]!.ToString()).ToList();
        Assert.Equal(arrived.Distinct(StringComparer.Ordinal), arrived);
        var sent = await depart.LookAsync(db => db.Set<OutgoingMail>().Where(mail => mail.State == MailState.Sent).Select(mail => $"<{mail.MessageId}>").ToListAsync());
        Assert.Subset(arrived.ToHashSet(StringComparer.Ordinal), sent.ToHashSet(StringComparer.Ordinal));
        Assert.InRange(Mails - sent.Count, 0, 6);
        Assert.DoesNotContain(MailLab.Password, depart.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(Zoe, depart.Said, StringComparison.Ordinal);
    }

    private async Task<DepartProcess> GivenAMailAsync(MailLab lab, int count = 1)
    {
        var depart = new DepartProcess(await Database.CreateAsync());
        await depart.WithDataAsync(async services =>
        {
            await DepartProcess.SendAsync(services, new ConfigureMail(
                "127.0.0.1", MailSecurity.Tls, "depart@exemple.fr", "Départ", "https://depart.exemple.fr", lab.Tls, MailLab.User, MailLab.Password,
                TrustedCertificates: run.Certificates.AuthorityPem, TimeoutSeconds: 600));
            await using var scope = services.CreateAsyncScope();
            for (var index = 0; index < count; index++)
            {
                await scope.ServiceProvider.GetRequiredService<Outbox>().WriteAsync(
                    new(index == 0 ? Zoe : $"person{index}@exemple.fr", "Zoë", Words.French), new TestMail("Zoë", "smtp"), cancellation: TestContext.Current.CancellationToken);
            }

            await scope.ServiceProvider.GetRequiredService<DepartDb>().SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        return depart;
    }

    private static Task<MailState> StateAsync(DepartProcess depart) => depart.LookAsync(db => db.Set<OutgoingMail>().Select(mail => mail.State).SingleAsync(TestContext.Current.CancellationToken));
}

[OnPostgreSql(InLongRun = true)]
public sealed class MailKilledOnPostgreSqlTests(LabRun run) : MailKilledTests(run);
