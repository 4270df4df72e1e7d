using Microsoft.Extensions.Time.Testing;

namespace Depart.Foundation.Engine;

/// <summary>Calls at once and in a second.</summary>
public sealed class CallSlotsTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_goes_last_lets_those_go_first_that_came_after_it()
    {
        var slots = new CallSlots(TimeProvider.System, concurrency: 1);
        var running = await slots.EnterAsync(Now);
        var last = slots.EnterAsync(Now, last: true);
        var first = slots.EnterAsync(Now);

        running.Dispose();
        var turn = await first;

        Assert.False(last.IsCompleted);
        turn.Dispose();
        (await last).Dispose();
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_takes_nobodys_turn()
    {
        var slots = new CallSlots(TimeProvider.System, concurrency: 1);
        var running = await slots.EnterAsync(Now);
        using var impatient = new CancellationTokenSource();
        var given = slots.EnterAsync(impatient.Token);
        var next = slots.EnterAsync(Now, last: true);

        await impatient.CancelAsync();
        running.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        (await next).Dispose();
    }

    [Fact]
    public async Task Calls_of_a_second_are_spread_over_it()
    {
        var clock = new FakeTimeProvider();
        var slots = new CallSlots(clock, concurrency: 8, perSecond: 4);
        (await slots.EnterAsync(Now)).Dispose();

        var second = slots.EnterAsync(Now);
        clock.Advance(TimeSpan.FromMilliseconds(249));
        var early = second.IsCompleted;
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.False(early);
        (await second).Dispose();
    }
}
