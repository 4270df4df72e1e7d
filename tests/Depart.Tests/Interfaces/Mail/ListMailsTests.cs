using System.Net;
using Depart.Foundation.Mail;
using Depart.Given;

namespace Depart.Interfaces.Mail;

public sealed class ListMailsTests
{
    [Fact]
    public async Task A_cancelled_departure_takes_back_the_mails_that_wait_and_no_others()
    {
        await using var app = await DepartApp.StartAsync();
        var (_, departure) = await app.OpenDepartureAsync("Zoë", "Perrin", "zoe@exemple.fr");
        await WriteAsync(app, departure, "ours");
        await WriteAsync(app, Guid.NewGuid().ToString(), "others");

        await app.PostAsync($"/api/v1/departures/{departure}/cancel", null);

        Assert.Equal("withdrawn", (await app.GetAsync($"/api/v1/mails?group={departure}"))["items"]![0]!["state"]!.ToString());
        Assert.Single((await app.GetAsync("/api/v1/mails?state=waiting"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Mails_are_listed_the_newest_first_a_page_at_a_time()
    {
        await using var app = await DepartApp.StartAsync();
        for (var index = 0; index < 5; index++)
        {
            await WriteAsync(app, null, $"key-{index}");
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }

        var first = await app.GetAsync("/api/v1/mails?size=3");
        var second = await app.GetAsync($"/api/v1/mails?size=3&after={first["next"]}");

        var ids = first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(mail => mail!["id"]!.ToString()).ToList();
        Assert.Equal(5, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(ids.OrderDescending(StringComparer.Ordinal), ids);
        Assert.Null(second["next"]);
    }

    [Fact]
    public async Task A_mail_that_waits_is_withdrawn_once_and_never_sent_again_by_mistake()
    {
        await using var app = await DepartApp.StartAsync();
        await WriteAsync(app, null, "one");
        var id = (await app.GetAsync("/api/v1/mails"))["items"]![0]!["id"]!.ToString();

        Assert.Equal(HttpStatusCode.Conflict, (await app.Http.PostAsync($"/api/v1/mails/{id}/again", null, TestContext.Current.CancellationToken)).StatusCode);
        await app.PostAsync($"/api/v1/mails/{id}/withdraw", null);
        Assert.Equal(HttpStatusCode.Conflict, (await app.Http.PostAsync($"/api/v1/mails/{id}/withdraw", null, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await app.Http.PostAsync($"/api/v1/mails/{id}/again", null, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.PostAsync($"/api/v1/mails/{Guid.NewGuid()}/again", null, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.GetAsync("/api/v1/mails?state=lost", TestContext.Current.CancellationToken)).StatusCode);
    }

    private static Task WriteAsync(DepartApp app, string? group, string key) => app.WithDataAsync(async db =>
    {
        db.Add(new OutgoingMail { Template = TestMail.Template, Language = "fr", Key = key, Group = group, CreatedAt = TimeProvider.System.GetUtcNow() });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    });
}
