using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Interfaces.Api;
using Depart.Proof;
using Depart.Step7OnePlatform.Activity;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Step7OnePlatform;

/// <summary>What happened on a departure, in sentences.</summary>
public sealed class ActivityTests
{
    private static readonly DateOnly LastDay = new(2027, 1, 15);

    [Fact]
    public async Task What_was_done_is_told_by_whom_to_which_task_and_why_the_newest_first()
    {
        await using var house = await EngineAlone.StartAsync(start: false);
        await house.PublishAsync(TaskHouse.Asked("hr"));
        var actor = TaskHouse.As(await house.UserAsync("Mathieu Colas", null, Role.Hr), null, Role.Hr);
        var departure = await house.OpenAsync("Perrin", LastDay);
        var task = (await house.TasksAsync(departure))["hr"];
        Assert.Null((await house.SendAsync(new SkipTask(departure, task.Id, "Facture déjà reçue"), actor)).Problem);
        Assert.Null((await house.SendAsync(new ReopenTask(departure, task.Id), actor)).Problem);

        var lines = (await Ask(house, new ReadActivity(departure), actor)).Items;

        Assert.Equal(
            ["Somebody a rouvert «\u00a0hr à faire\u00a0».", "Somebody a écarté «\u00a0hr à faire\u00a0».", "La console du serveur a ouvert le départ\u00a0: dernier jour 15 janvier 2027, coupure des accès 15 janvier 2027, 18\u00a0h."],
            lines.Select(line => line.Said.Fr));
        Assert.Equal([null, "Facture déjà reçue", null], lines.Select(line => line.Remark));
    }

    [Fact]
    public async Task It_goes_on_page_by_page()
    {
        await using var house = await EngineAlone.StartAsync(start: false);
        await house.PublishAsync(TaskHouse.Asked("hr"));
        var departure = await house.OpenAsync("Perrin", LastDay);
        Assert.Null((await house.SendAsync(new CancelDeparture(departure), Actor.Console)).Problem);

        var first = await Ask(house, new ReadActivity(departure, Size: 1), Actor.Console);
        var second = await Ask(house, new ReadActivity(departure, first.Next, Size: 1), Actor.Console);

        Assert.Equal("The server’s console cancelled the departure.", Assert.Single(first.Items).Said.En);
        Assert.StartsWith("The server’s console opened the departure", Assert.Single(second.Items).Said.En, StringComparison.Ordinal);
        Assert.Null(second.Next);
    }

    /// <summary>What has no sentence is not shown; what has one has its words in the journal, too.</summary>
    [Fact]
    public void Every_kind_that_is_told_is_known_to_the_journal() =>
        Assert.All(ActivityText.Told, kind => Assert.NotEqual(kind, JournalText.Of(kind).En));

    private static async Task<Page<ActivityLine>> Ask(EngineAlone house, ReadActivity query, Actor actor)
    {
        await using var scope = house.Open();
        return (await scope.ServiceProvider.GetRequiredService<Dispatcher>().AskAsync(query, actor, TestContext.Current.CancellationToken)).Value!;
    }
}
