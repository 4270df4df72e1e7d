using Depart.Foundation.Door;
using Depart.Given;
using Depart.Processes;

namespace Depart.Departures.Tasks;

/// <summary>Who may do what with a task of a departure, and what two people do to each other.</summary>
public sealed class TaskRulesTests
{
    private static readonly DateOnly LastDay = new(2027, 1, 15);

    [Fact]
    public async Task A_task_is_done_by_whoever_it_was_given_to_and_given_to_nobody_who_has_no_part_in_the_departure()
    {
        await using var house = await HouseAsync();
        var person = await house.PersonAsync("Roux");
        var departure = await house.OpenAsync("Perrin", LastDay, successor: person);
        var task = (await house.TasksAsync(departure))["hr"];
        var colleague = TaskHouse.As(await house.UserAsync("remplaçant", person), person, Role.Successor);
        var stranger = await house.UserAsync("passant", null);

        Assert.Equal("task-not-yours", (await house.SendAsync(new CompleteTask(departure, task.Id), colleague)).Problem?.Code);
        Assert.Equal("task-not-yours", (await house.SendAsync(new CommentTask(departure, task.Id, "Bonjour"), colleague)).Problem?.Code);
        Assert.Equal("user-unfit", (await house.SendAsync(new AssignTask(departure, task.Id, stranger), Actor.Console)).Problem?.Code);
        Assert.Null((await house.SendAsync(new AssignTask(departure, task.Id, colleague.User), Actor.Console)).Problem);
        Assert.Null((await house.SendAsync(new CommentTask(departure, task.Id, "Bonjour"), colleague)).Problem);
        Assert.Null((await house.SendAsync(new CompleteTask(departure, task.Id), colleague)).Problem);
        Assert.Equal("forbidden", (await house.SendAsync(new SkipTask(departure, (await house.TasksAsync(departure))["it"].Id, "non"), colleague)).Problem?.Code);
    }

    [Fact]
    public async Task The_manager_of_another_mission_who_takes_over_does_their_own_tasks_and_none_of_the_house()
    {
        await using var house = await HouseAsync();
        var person = await house.PersonAsync("Roux");
        await house.MissionAsync(await house.PersonAsync("Mercier"), manager: person);
        var departure = await house.OpenAsync("Perrin", LastDay, successor: person);
        var actor = TaskHouse.As(await house.UserAsync("roux", person), person, Role.Manager, Role.Successor);
        var tasks = await house.TasksAsync(departure);

        Assert.Equal("task-not-yours", (await house.SendAsync(new CompleteTask(departure, tasks["hr"].Id), actor)).Problem?.Code);
        Assert.Null((await house.SendAsync(new CompleteTask(departure, tasks["successor"].Id), actor)).Problem);
    }

    [Fact]
    public async Task The_leaver_does_what_is_asked_of_the_leaver_and_is_given_nothing_that_is_asked_of_the_house()
    {
        await using var house = await HouseAsync();
        var person = await house.PersonAsync("Perrin");
        var user = await house.UserAsync("perrin", person, Role.It);
        var departure = await house.OpenAsync("Perrin", LastDay, person: person);
        var actor = TaskHouse.As(user, person, Role.It, Role.Consultant);
        var tasks = await house.TasksAsync(departure);

        Assert.Equal("own-departure", (await house.SendAsync(new CompleteTask(departure, tasks["it"].Id), actor)).Problem?.Code);
        Assert.Equal("own-departure", (await house.SendAsync(new AssignTask(departure, tasks["it"].Id, user), Actor.Console)).Problem?.Code);
        Assert.Null((await house.SendAsync(new CompleteTask(departure, tasks["consultant"].Id), actor)).Problem);
        Assert.Null((await house.SendAsync(new ReopenTask(departure, tasks["consultant"].Id), actor)).Problem);
        Assert.Equal("own-departure", (await house.SendAsync(new SkipTask(departure, tasks["consultant"].Id, "non"), actor)).Problem?.Code);
    }

    [Fact]
    public async Task Nothing_of_ones_own_departure_is_on_ones_list_by_a_role_and_no_mail_tells_of_it()
    {
        await using var house = await HouseAsync();
        var person = await house.PersonAsync("Perrin");
        var user = await house.UserAsync("perrin", person, Role.It);
        var colleague = await house.UserAsync("it", null, Role.It);
        var departure = await house.OpenAsync("Perrin", LastDay, person: person);
        var task = (await house.TasksAsync(departure))["it"];

        Assert.DoesNotContain(task.Id, await MineAsync(house, TaskHouse.As(user, person, Role.It)));
        Assert.Contains(task.Id, await MineAsync(house, TaskHouse.As(colleague, null, Role.It)));

        await house.BeginAsync();
        house.Clock.SetUtcNow(task.DueAt.AddDays(2));
        await house.SettledAsync();
        var told = (await house.MailsAsync()).Where(mail => mail.Key!.Contains(task.Id.ToString(), StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(told);
        Assert.All(told, mail => Assert.EndsWith($"user-{colleague:N}", mail.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_of_the_same_supplier_approves_or_is_given_what_the_house_is_asked_for()
    {
        await using var house = await HouseAsync();
        var person = await house.PersonAsync("Perrin", supplier: "Altéo");
        var manager = await house.PersonAsync("Roux", supplier: "Altéo");
        var user = await house.UserAsync("roux", manager, Role.It);
        var departure = await house.OpenAsync("Perrin", LastDay, person: person, manager: manager);
        var tasks = await house.TasksAsync(departure);
        var actor = TaskHouse.As(user, manager, Role.Manager, Role.It);

        Assert.Equal("same-supplier", (await house.SendAsync(new CompleteTask(departure, tasks["approval"].Id), actor)).Problem?.Code);
        Assert.Equal("same-supplier", (await house.SendAsync(new CompleteTask(departure, tasks["it"].Id), actor)).Problem?.Code);
        Assert.Equal("same-supplier", (await house.SendAsync(new AssignTask(departure, tasks["it"].Id, user), Actor.Console)).Problem?.Code);
        Assert.Null((await house.SendAsync(new CompleteTask(departure, tasks["manager"].Id), actor)).Problem);
    }

    [Fact]
    public async Task A_task_of_another_departure_in_the_address_is_not_found()
    {
        await using var house = await HouseAsync();
        var departure = await house.OpenAsync("Perrin", LastDay);
        var other = (await house.TasksAsync(await house.OpenAsync("Mercier", LastDay)))["hr"];

        Assert.Equal("not-found", (await house.SendAsync(new CompleteTask(departure, other.Id), Actor.Console)).Problem?.Code);
        Assert.Equal("not-found", (await house.SendAsync(new SkipTask(departure, other.Id, "non"), Actor.Console)).Problem?.Code);
        Assert.Equal("not-found", (await house.SendAsync(new ReopenTask(departure, other.Id), Actor.Console)).Problem?.Code);
        Assert.Equal("not-found", (await house.SendAsync(new AssignTask(departure, other.Id, null), Actor.Console)).Problem?.Code);
        Assert.Equal("not-found", (await house.SendAsync(new CommentTask(departure, other.Id, "Bonjour"), Actor.Console)).Problem?.Code);
    }

    [Fact]
    public async Task Of_two_people_who_settle_a_task_the_second_is_told_and_a_reminder_in_between_is_no_change()
    {
        await using var house = await HouseAsync();
        await house.UserAsync("it", null, Role.It);
        var departure = await house.OpenAsync("Perrin", LastDay);
        var read = (await house.TasksAsync(departure))["it"];
        await house.BeginAsync();
        house.Clock.SetUtcNow(read.DueAt.AddDays(-2).AddHours(-6));
        await house.SettledAsync();
        Assert.NotNull((await house.TasksAsync(departure))["it"].ToldUntil);

        var both = await Task.WhenAll(
            house.SendAsync(new CompleteTask(departure, read.Id), Actor.Console, read.Version), house.SendAsync(new SkipTask(departure, read.Id, "non"), Actor.Console, read.Version));

        Assert.Single(both, outcome => outcome.Ok);
        Assert.Single(both, outcome => outcome.Problem?.Code == Problem.Stale.Code);
    }

    [Fact]
    public async Task The_leaver_is_no_successor_of_themself()
    {
        await using var house = await HouseAsync();
        var person = await house.PersonAsync("Perrin");
        var mission = await house.MissionAsync(person);

        Assert.Equal("own-successor", (await house.SendAsync(new OpenDeparture(mission, LastDay, Template: TaskHouse.Template, Successor: person), Actor.Console)).Problem?.Code);
    }

    private static async Task<List<DepartureTaskId>> MineAsync(EngineAlone house, Actor actor)
    {
        await using var scope = house.Open();
        var dispatcher = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Dispatcher>(scope.ServiceProvider);
        var mine = await dispatcher.AskAsync(new ListMyTasks(Size: 200), actor, TestContext.Current.CancellationToken);
        var (late, today, coming) = (await dispatcher.AskAsync(new CountMyTasks(), actor, TestContext.Current.CancellationToken)).Value!;
        Assert.Equal(mine.Value!.Items.Count, late + today + coming);
        return [.. mine.Value!.Items.Select(row => row.Id)];
    }

    private static async Task<EngineAlone> HouseAsync()
    {
        var house = await EngineAlone.StartAsync(start: false);
        await house.PublishAsync(
            TaskHouse.Asked("hr"),
            TaskHouse.Asked("it", TaskOwner.It, reminders: ["3 days"], late: ("1 day", TaskOwner.It)),
            TaskHouse.Asked("manager", TaskOwner.Manager),
            TaskHouse.Asked("consultant", TaskOwner.Consultant),
            TaskHouse.Asked("successor", TaskOwner.Successor),
            TaskHouse.Asked("approval", TaskOwner.Manager) with { Kind = "approval" });
        return house;
    }
}
