using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Given;
using Depart.Step7OnePlatform.Notifications;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Step7OnePlatform;

/// <summary>Who is told of what in the product itself.</summary>
public sealed class NotificationTests
{
    private static readonly DateOnly LastDay = new(2027, 1, 15);

    [Fact]
    public async Task Who_is_given_a_task_is_told_until_they_say_that_they_have_seen_it()
    {
        await using var house = await EngineAlone.StartAsync(start: false);
        await house.PublishAsync(TaskHouse.Asked("hr"));
        var colas = TaskHouse.As(await house.UserAsync("colas", null, Role.Hr), null, Role.Hr);
        var departure = await house.OpenAsync("Perrin", LastDay);
        Assert.Null((await house.SendAsync(new AssignTask(departure, (await house.TasksAsync(departure))["hr"].Id, colas.User), Actor.Console)).Problem);

        var told = Assert.Single(await AskAsync(house, new ListNotifications(), colas));
        Assert.Equal("La console du serveur a confié «\u00a0hr à faire\u00a0» à colas.", told.Said.Fr);
        Assert.Equal("Zoë Perrin", told.Leaver);
        Assert.Equal(1, await AskAsync(house, new CountNotifications(), colas));

        Assert.Null((await house.SendAsync(new SeeNotifications(), colas)).Problem);
        Assert.Equal(0, await AskAsync(house, new CountNotifications(), colas));
        Assert.True(Assert.Single(await AskAsync(house, new ListNotifications(), colas)).Seen);
    }

    [Fact]
    public async Task A_missions_manager_is_told_of_what_befalls_their_departures_but_not_of_what_they_did_themselves()
    {
        await using var house = await EngineAlone.StartAsync(start: false);
        await house.PublishAsync(TaskHouse.Asked("hr"));
        var person = await house.PersonAsync("Roux");
        var roux = TaskHouse.As(await house.UserAsync("roux", person), person, Role.Manager);
        var departure = await house.OpenAsync("Perrin", LastDay, manager: person);
        Assert.Null((await house.SendAsync(new CancelDeparture(departure), roux)).Problem);

        var told = Assert.Single(await AskAsync(house, new ListNotifications(), roux));

        Assert.StartsWith("The server’s console opened the departure", told.Said.En, StringComparison.Ordinal);
        Assert.Equal($"/departures/{departure}", told.Path);
    }

    [Fact]
    public async Task Under_embargo_nobody_is_told()
    {
        await using var house = await EngineAlone.StartAsync(start: false);
        await house.PublishAsync(TaskHouse.Asked("hr"));
        var person = await house.PersonAsync("Roux");
        await house.UserAsync("roux", person);
        var mission = await house.MissionAsync(await house.PersonAsync("Perrin"), person);
        var confidant = TaskHouse.As(await house.UserAsync("sauvage", null, Role.Security), null, Role.Security);
        Assert.Null((await house.SendAsync(new OpenDeparture(mission, LastDay, Template: TaskHouse.Template, Embargo: true), confidant)).Problem);

        // Not even written: the filter of the model would hide it, too.
        await using var scope = house.Open();
        Assert.Equal(0, await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<Notification>().IgnoreQueryFilters().CountAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<T> AskAsync<T>(EngineAlone house, IQuery<T> query, Actor actor)
    {
        await using var scope = house.Open();
        var answer = await scope.ServiceProvider.GetRequiredService<Dispatcher>().AskAsync(query, actor, TestContext.Current.CancellationToken);
        Assert.True(answer.Ok, answer.Problem?.Message.En);
        return answer.Value!;
    }
}
