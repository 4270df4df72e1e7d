using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Departures.Tasks;

/// <summary>A step brings a kind of task of its own: a class of another assembly, and a word that templates may name. Departures know nothing of it.</summary>
public sealed class TaskKindTests
{
    private static readonly DateOnly LastDay = new(2027, 1, 15);

    [Fact]
    public async Task A_kind_of_another_assembly_says_when_it_is_due_and_hears_when_its_turn_comes()
    {
        var (house, heard, departure) = await HouseAsync();
        await using var _ = house;
        var tasks = await house.TasksAsync(departure);
        Assert.Equal((await house.FindAsync(departure)).CutAt.AddHours(-3), tasks["keys"].DueAt);
        Assert.Equal(["opened first"], heard.Said);

        await house.SendAsync(new CompleteTask(departure, tasks["before"].Id), Actor.Console);

        Assert.Equal(["opened first", "opened keys"], heard.Said);
    }

    [Fact]
    public async Task Its_refusals_hold_and_nothing_is_changed_by_what_is_refused()
    {
        var (house, heard, departure) = await HouseAsync();
        await using var _ = house;
        var task = (await house.TasksAsync(departure))["first"];

        Assert.Equal("keys-missing", (await house.SendAsync(new CompleteTask(departure, task.Id), Actor.Console)).Problem?.Code);
        Assert.Equal("keys-counted", (await house.SendAsync(new SkipTask(departure, task.Id, "sans objet"), Actor.Console)).Problem?.Code);
        Assert.Equal(DepartureTaskState.Open, (await house.TasksAsync(departure))["first"].State);

        heard.KeysAreBack = true;
        Assert.Null((await house.SendAsync(new CompleteTask(departure, task.Id), Actor.Console)).Problem);
    }

    [Fact]
    public async Task It_follows_the_departure_when_that_moves_and_hears_that_it_is_cancelled_unless_it_was_done()
    {
        var (house, heard, departure) = await HouseAsync();
        await using var _ = house;
        heard.KeysAreBack = true;
        await house.SendAsync(new CompleteTask(departure, (await house.TasksAsync(departure))["first"].Id), Actor.Console);

        await house.SendAsync(new RescheduleDeparture(departure, LastDay.AddDays(7)), Actor.Console);
        Assert.Equal((await house.FindAsync(departure)).CutAt.AddHours(-3), (await house.TasksAsync(departure))["keys"].DueAt);
        await house.SendAsync(new CancelDeparture(departure), Actor.Console);

        Assert.Equal(["opened first", "cancelled keys"], heard.Said);
    }

    [Fact]
    public async Task It_is_shown_on_its_own_page_and_not_as_one_that_is_done_by_hand_meanwhile()
    {
        var (house, _, departure) = await HouseAsync();
        await using var __ = house;

        var view = await house.AskAsync(new GetTask((await house.TasksAsync(departure))["first"].Id));

        Assert.Equal((false, "/keys/first"), (view.ByHandMeanwhile, view.Page));
    }

    private static async Task<(EngineAlone House, Heard Heard, DepartureId Departure)> HouseAsync()
    {
        var heard = new Heard();
        var house = await EngineAlone.StartAsync(start: false, more: services => services
            .AddTasks(typeof(TaskKindTests).Assembly)
            .AddSingleton(heard)
            .AddSingleton(TaskKinds.Known.With(new TaskKind(ReturnOfKeys.Kind, new("Return of keys", "Remise des clés")))));
        await house.PublishAsync(
            TaskHouse.Asked("first") with { Kind = ReturnOfKeys.Kind },
            TaskHouse.Asked("before", offset: "-1 day"),
            TaskHouse.Asked("keys", after: "before") with { Kind = ReturnOfKeys.Kind });
        return (house, heard, await house.OpenAsync("Perrin", LastDay));
    }

    /// <summary>What the kind heard.</summary>
    internal sealed class Heard
    {
        public List<string> Said { get; } = [];

        public bool KeysAreBack { get; set; }
    }

    [TaskKind(Kind)]
    internal sealed class ReturnOfKeys(Heard heard) : ITaskKind
    {
        public const string Kind = "return-of-keys";

        public DateTimeOffset? DueOf(Departure departure) => departure.CutAt.AddHours(-3);

        public Task<Problem?> RefusalAsync(DepartureTask task, Departure departure, CancellationToken cancellation) =>
            Task.FromResult(heard.KeysAreBack ? null : Problem.Conflict("keys-missing", Words.Same("?")));

        public Problem? SkipRefusal(DepartureTask task, Departure departure) => Problem.Conflict("keys-counted", Words.Same("?"));

        public Task OpenedAsync(DepartureTask task, Departure departure, CancellationToken cancellation) => Hear("opened", task);

        public Task CancelledAsync(DepartureTask task, Departure departure, CancellationToken cancellation) => Hear("cancelled", task);

        public string? PageOf(DepartureTask task, Departure departure) => $"/keys/{task.Key}";

        private Task Hear(string what, DepartureTask task)
        {
            heard.Said.Add($"{what} {task.Key}");
            return Task.CompletedTask;
        }
    }
}
