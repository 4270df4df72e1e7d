using Depart.Given;

namespace Depart.Foundation.Engine;

public class EngineTests
{
    [Fact]
    public async Task Work_due_now_runs_at_once_without_the_clock_moving()
    {
        await using var engine = await EngineAlone.StartAsync();

        await engine.EnqueueAsync(Work("a", engine));

        await engine.UntilAsync(WorkState.Done);
    }

    [Fact]
    public async Task Work_that_comes_piece_by_piece_is_never_left_lying()
    {
        await using var engine = await EngineAlone.StartAsync();

        for (var piece = 0; piece < 150; piece++)
        {
            await engine.EnqueueAsync(Work($"{piece}", engine, queue: $"q{piece % 3}"));
            await engine.UntilAsync(WorkState.Done);
        }

        Assert.Equal(150, engine.Script.Ran.Count);
    }

    [Fact]
    public async Task Work_due_later_runs_at_its_instant_and_never_before()
    {
        await using var engine = await EngineAlone.StartAsync();
        var due = engine.Clock.GetUtcNow() + TimeSpan.FromMinutes(3);
        await engine.EnqueueAsync(Work("a", engine, due: due));

        await engine.AdvanceUntilAsync(() => Task.FromResult(!engine.Script.Ran.IsEmpty), TimeSpan.FromMilliseconds(500));

        Assert.True(engine.Script.Ran.TryPeek(out var ran));
        Assert.InRange(ran.At, due, due + TimeSpan.FromMilliseconds(1000));
    }

    [Fact]
    public async Task A_failing_attempt_is_tried_again_later_each_attempt_recorded_and_the_last_one_gives_up()
    {
        await using var engine = await EngineAlone.StartAsync();
        engine.Script.Act = _ => Task.FromResult(new WorkResult(WorkVerdict.Retry) { Error = Words.Same("no") });
        await engine.EnqueueAsync(Work("a", engine));

        await engine.AdvanceUntilAsync(async () => (await engine.ItemsAsync())[0].State == WorkState.Dead, TimeSpan.FromSeconds(20));

        Assert.Equal(Enumerable.Range(1, 8), (await engine.AttemptsAsync()).Select(attempt => attempt.Attempt));
        Assert.Equal([false, false, false, false, false, false, false, true], engine.Script.Recorded.Select(recorded => recorded.GivenUp));
    }

    [Fact]
    public async Task The_time_a_system_asks_for_is_waited()
    {
        await using var engine = await EngineAlone.StartAsync();
        var first = engine.Clock.GetUtcNow();
        engine.Script.Act = item => Task.FromResult(item.Attempts == 1
            ? new WorkResult(WorkVerdict.Retry) { RetryAfter = TimeSpan.FromSeconds(90) }
            : new(WorkVerdict.Done));
        await engine.EnqueueAsync(Work("a", engine));

        await engine.AdvanceUntilAsync(async () => (await engine.ItemsAsync())[0].State == WorkState.Done, TimeSpan.FromSeconds(5));

        Assert.InRange(engine.Script.Ran.Last().At - first, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(100));
    }

    [Theory]
    [InlineData(ScriptedHandler.Kind)]
    [InlineData(BatchedHandler.Kind)]
    public async Task No_more_calls_are_in_flight_than_the_queue_allows(string kind)
    {
        await using var engine = await EngineAlone.StartAsync();
        await engine.ChangeQueueAsync("q", queue => queue.MaxConcurrency = 3);
        var (now, peak) = (0, 0);
        engine.Script.Act = async _ =>
        {
            var here = Interlocked.Increment(ref now);
            InterlockedMax(ref peak, here);
            await Task.Delay(5, TestContext.Current.CancellationToken);
            Interlocked.Decrement(ref now);
            return new(WorkVerdict.Done);
        };

        await engine.EnqueueAsync([.. Enumerable.Range(0, 60).Select(index => Work($"{index}", engine, kind: kind))]);
        await engine.UntilAsync(WorkState.Done);

        Assert.Equal(3, peak);
    }

    [Theory]
    [InlineData(ScriptedHandler.Kind)]
    [InlineData(BatchedHandler.Kind)]
    public async Task No_more_calls_begin_in_a_second_than_the_queue_allows(string kind)
    {
        await using var engine = await EngineAlone.StartAsync();
        await engine.ChangeQueueAsync("q", queue => queue.RatePerSecond = 5);
        var start = engine.Clock.GetUtcNow();
        var began = new System.Collections.Concurrent.ConcurrentQueue<DateTimeOffset>();
        engine.Script.Act = _ =>
        {
            began.Enqueue(engine.Clock.GetUtcNow());
            return Task.FromResult(new WorkResult(WorkVerdict.Done));
        };

        await engine.EnqueueAsync([.. Enumerable.Range(0, 16).Select(index => Work($"{index}", engine, kind: kind))]);
        await engine.AdvanceUntilAsync(async () => (await engine.ItemsAsync()).All(item => item.State == WorkState.Done), TimeSpan.FromMilliseconds(100), mayHang: true);

        var instants = began.Order().ToList();
        Assert.Equal(16, instants.Count);
        Assert.All(instants.Index(), call => Assert.True(call.Item - start >= call.Index * TimeSpan.FromMilliseconds(200), $"Call {call.Index} began at {call.Item - start}."));
    }

    [Fact]
    public async Task A_queue_that_hangs_holds_up_no_other()
    {
        await using var engine = await EngineAlone.StartAsync();
        engine.Script.Act = item => item.Queue == "stuck" ? new TaskCompletionSource<WorkResult>().Task : Task.FromResult(new WorkResult(WorkVerdict.Done));

        await engine.EnqueueAsync(Work("a", engine, queue: "stuck"), Work("b", engine));

        await EngineAlone.UntilAsync(async () => (await engine.ItemsAsync()).Single(item => item.Subject == "b").State == WorkState.Done);
    }

    [Fact]
    public async Task A_call_without_an_end_is_ended_and_its_result_is_not_known()
    {
        await using var engine = await EngineAlone.StartAsync();
        engine.Script.Act = item => item.Attempts == 1 ? new TaskCompletionSource<WorkResult>().Task : Task.FromResult(new WorkResult(WorkVerdict.Done));
        await engine.EnqueueAsync(Work("a", engine));

        await engine.AdvanceUntilAsync(async () => (await engine.ItemsAsync())[0].State == WorkState.Done, TimeSpan.FromSeconds(2), mayHang: true);

        Assert.Equal(["Retry", "Done"], (await engine.AttemptsAsync()).Select(attempt => attempt.Outcome));
    }

    [Fact]
    public async Task What_ran_when_the_process_died_runs_again_its_attempt_counted_and_named()
    {
        var first = await EngineAlone.StartAsync();
        first.Script.Act = _ => new TaskCompletionSource<WorkResult>().Task;
        await first.EnqueueAsync(Work("a", first));
        await EngineAlone.UntilAsync(async () => (await first.ItemsAsync())[0].State == WorkState.Running);
        await first.CrashAsync();

        await using var second = await EngineAlone.StartAsync(first, start: false);
        second.Script.Act = _ => Task.FromResult(new WorkResult(WorkVerdict.Done));
        await second.BeginAsync();
        await second.UntilAsync(WorkState.Done);

        Assert.Equal([(1, WorkAttempt.Interrupted), (2, "Done")], (await second.AttemptsAsync()).Select(attempt => (attempt.Attempt, attempt.Outcome)));
    }

    [Fact]
    public async Task Work_whose_lease_was_lost_is_taken_up_again_its_attempt_counted_and_named()
    {
        await using var engine = await EngineAlone.StartAsync();
        engine.Script.Act = item => item.Attempts == 1 ? new TaskCompletionSource<WorkResult>().Task : Task.FromResult(new WorkResult(WorkVerdict.Done));
        await engine.EnqueueAsync(Work("a", engine));
        await EngineAlone.UntilAsync(() => Task.FromResult(!engine.Script.Ran.IsEmpty));

        await engine.ChangeQueueAsync("q", queue => (queue.LeaseOwner, queue.LeaseUntil) = ("another", engine.Clock.GetUtcNow()));
        await engine.AdvanceUntilAsync(async () => (await engine.ItemsAsync())[0].State == WorkState.Done, TimeSpan.FromSeconds(1), mayHang: true);

        Assert.Equal([(1, WorkAttempt.Interrupted), (2, "Done")], (await engine.AttemptsAsync()).Select(attempt => (attempt.Attempt, attempt.Outcome)));
    }

    [Fact]
    public async Task Work_that_kills_the_process_every_time_is_given_up()
    {
        await using var engine = await EngineAlone.StartAsync();
        var item = Interrupted(Work("a", engine), WorkItem.MostInterruptions);

        await engine.EnqueueAsync(item);
        await engine.UntilAsync(WorkState.Dead);

        Assert.Empty(engine.Script.Ran);
        Assert.Equal([("a", true)], engine.Script.Recorded);
    }

    [Fact]
    public async Task Work_that_was_in_hand_each_of_twenty_times_the_process_ended_is_still_done()
    {
        await using var engine = await EngineAlone.StartAsync();

        await engine.EnqueueAsync(Interrupted(Work("a", engine), 20));
        await engine.UntilAsync(WorkState.Done);

        Assert.Equal([("a", false)], engine.Script.Recorded);
    }

    [Fact]
    public async Task Work_that_may_have_ended_the_process_runs_alone_and_the_rest_together()
    {
        await using var engine = await EngineAlone.StartAsync(start: false);
        var spans = new System.Collections.Concurrent.ConcurrentDictionary<string, (long Start, long End)>(StringComparer.Ordinal);
        engine.Script.Act = async item =>
        {
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            await Task.Delay(20, TestContext.Current.CancellationToken);
            spans[item.Subject] = (start, System.Diagnostics.Stopwatch.GetTimestamp());
            return new(WorkVerdict.Done);
        };
        int Beside(string subject) => spans.Count(other => other.Key != subject && other.Value.Start < spans[subject].End && other.Value.End > spans[subject].Start);

        await engine.EnqueueAsync(
            [.. Enumerable.Range(0, 12).Select(index => Interrupted(Work($"{index}", engine, kind: BatchedHandler.Kind), index is 4 or 5 or 9 ? WorkItem.InterruptionsOfASuspect : 1))]);
        await engine.BeginAsync();
        await engine.UntilAsync(WorkState.Done);

        Assert.Equal([0, 0, 0], new[] { "4", "5", "9" }.Select(Beside));
        Assert.Equal([3, 3], new[] { "0", "3" }.Select(Beside));
        Assert.All(await engine.ItemsAsync(), item => Assert.Equal(1, item.Tries));
    }

    [Fact]
    public async Task Work_that_ends_the_process_every_time_takes_nothing_along_once_it_is_suspected()
    {
        var engine = await EngineAlone.StartAsync();
        engine.Script.Act = _ => new TaskCompletionSource<WorkResult>().Task;
        await engine.EnqueueAsync([.. Enumerable.Range(0, 20).Select(index => Interrupted(Work($"{index}", engine), WorkItem.InterruptionsOfASuspect - 1))]);
        for (var end = 0; end < 3; end++)
        {
            await EngineAlone.UntilAsync(async () => (await engine.ItemsAsync())[0].State == WorkState.Running);
            await engine.CrashAsync();
            engine = await EngineAlone.StartAsync(engine);
        }

        var items = await engine.ItemsAsync();
        engine.Script.Act = _ => Task.FromResult(new WorkResult(WorkVerdict.Done));
        await engine.CrashAsync();
        await using var last = await EngineAlone.StartAsync(engine);
        await last.UntilAsync(WorkState.Done);

        Assert.Equal(WorkItem.InterruptionsOfASuspect + 2, items[0].Interruptions);
        Assert.All(items.Skip(1), item => Assert.InRange(item.Interruptions, WorkItem.InterruptionsOfASuspect - 1, WorkItem.InterruptionsOfASuspect));
    }

    [Fact]
    public async Task A_bug_in_one_piece_of_work_stops_nothing_else()
    {
        await using var engine = await EngineAlone.StartAsync();
        engine.Script.Act = item => item.Subject == "bug" ? throw new NotSupportedException("bug") : Task.FromResult(new WorkResult(WorkVerdict.Done));

        await engine.EnqueueAsync(Work("bug", engine), Work("b", engine));

        await EngineAlone.UntilAsync(async () => (await engine.ItemsAsync()).Single(item => item.Subject == "b").State == WorkState.Done);
    }

    [Fact]
    public async Task A_system_that_misbehaves_is_left_alone_and_what_waits_costs_no_attempt()
    {
        await using var engine = await EngineAlone.StartAsync();
        await engine.ChangeQueueAsync("q", queue => queue.MaxConcurrency = 1);
        var ill = true;
        engine.Script.Act = _ => Task.FromResult(ill
            ? new WorkResult(WorkVerdict.Retry) { SystemFault = true, RetryAfter = TimeSpan.FromHours(1) }
            : new(WorkVerdict.Done));
        await engine.EnqueueAsync([.. Enumerable.Range(0, 100).Select(index => Work($"{index}", engine))]);
        await EngineAlone.UntilAsync(async () => engine.Script.Ran.Count >= 20 && (await engine.ItemsAsync()).All(item => item.State == WorkState.Pending));

        var called = engine.Script.Ran.Count;
        ill = false;
        await engine.AdvanceUntilAsync(async () => (await engine.ItemsAsync()).All(item => item.State == WorkState.Done || item is { State: WorkState.Pending, Attempts: > 0 }), TimeSpan.FromSeconds(1), mayHang: true);

        Assert.InRange(called, 20, 40);
        Assert.True((await engine.ItemsAsync()).Count(item => item.State == WorkState.Done) >= 50);
    }

    [Fact]
    public async Task A_paused_queue_waits_until_it_is_let_go()
    {
        await using var engine = await EngineAlone.StartAsync();
        await engine.ChangeQueueAsync("q", queue => queue.Paused = true);
        await engine.EnqueueAsync(Work("a", engine), Work("b", engine, queue: "other"));
        await EngineAlone.UntilAsync(async () => (await engine.ItemsAsync()).Single(item => item.Subject == "b").State == WorkState.Done);
        Assert.Equal(["b"], engine.Script.Ran.Select(ran => ran.Subject));

        await engine.ChangeQueueAsync("q", queue => queue.Paused = false);
        await engine.AdvanceUntilAsync(async () => (await engine.ItemsAsync()).All(item => item.State == WorkState.Done), TimeSpan.FromSeconds(1), mayHang: true);
    }

    [Fact]
    public async Task A_queue_paused_while_it_runs_gives_back_what_was_not_begun()
    {
        await using var engine = await EngineAlone.StartAsync();
        var first = new TaskCompletionSource<WorkResult>();
        engine.Script.Act = _ => first.Task;
        await engine.ChangeQueueAsync("q", queue => queue.MaxConcurrency = 1);
        await engine.EnqueueAsync([.. Enumerable.Range(0, 30).Select(index => Work($"{index}", engine))]);
        await EngineAlone.UntilAsync(() => Task.FromResult(!engine.Script.Ran.IsEmpty));

        await engine.ChangeQueueAsync("q", queue => queue.Paused = true);
        await engine.AdvanceUntilAsync(async () => (await engine.ItemsAsync()).Count(item => item is { State: WorkState.Pending, Attempts: 0 }) == 29, TimeSpan.FromSeconds(1), mayHang: true);
        first.SetResult(new(WorkVerdict.Done));
        await EngineAlone.UntilAsync(async () => (await engine.ItemsAsync()).Count(item => item.State == WorkState.Done) == 1);

        await engine.ChangeQueueAsync("q", queue => queue.Paused = false);
        await engine.AdvanceUntilAsync(async () => (await engine.ItemsAsync()).All(item => item is { State: WorkState.Done, Attempts: 1 }), TimeSpan.FromSeconds(1), mayHang: true);
        Assert.Equal(30, engine.Script.Ran.Count);
    }

    [Fact]
    public async Task Work_of_one_kind_is_handed_over_together_but_leaves_no_worker_idle()
    {
        await using var engine = await EngineAlone.StartAsync();
        await engine.ChangeQueueAsync("q", queue => queue.MaxConcurrency = 4);

        await engine.EnqueueAsync([.. Enumerable.Range(0, 100).Select(index => Work($"{index}", engine, kind: BatchedHandler.Kind))]);
        await engine.UntilAsync(WorkState.Done);

        Assert.Equal(10, engine.Script.Batches.Max());
        Assert.Equal(100, engine.Script.Batches.Sum());
        Assert.True(engine.Script.Batches.Count >= 10);
    }

    /// <summary>As it is after so many attempts that the end of a process interrupted.</summary>
    private static WorkItem Interrupted(WorkItem item, int times)
    {
        for (item.Attempts = 0; item.Attempts < times; item.Attempts++)
        {
            item.Free();
        }

        return item;
    }

    private static WorkItem Work(string subject, EngineAlone engine, string queue = "q", string kind = ScriptedHandler.Kind, DateTimeOffset? due = null) => new()
    {
        Queue = queue, Kind = kind, Subject = subject, IdempotencyKey = $"{queue}-{subject}", DueAt = due ?? engine.Clock.GetUtcNow(),
    };

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}

[OnPostgreSql]
public sealed class EngineOnPostgreSqlTests : EngineTests;
