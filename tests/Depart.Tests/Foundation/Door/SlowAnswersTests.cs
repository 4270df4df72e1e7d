using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Depart.Foundation.Door;

public sealed class SlowAnswersTests
{
    private readonly FakeTimeProvider clock = new();
    private readonly SlowAnswers answers;
    private int found;

    public SlowAnswersTests() => answers = new(clock, NullLogger<SlowAnswers>.Instance);

    [Fact]
    public async Task What_is_found_soon_is_found_each_time()
    {
        await AskAsync("how many", took: SlowAnswers.Slow / 2);

        Assert.Equal(2, await AskAsync("how many", took: SlowAnswers.Slow / 2));
    }

    [Fact]
    public async Task What_took_long_is_given_again_for_a_while_to_the_same_reader_and_to_nobody_else()
    {
        var reader = Reader();
        await AskAsync("how many", SlowAnswers.Slow, reader);

        Assert.Equal(1, await AskAsync("how many", SlowAnswers.Slow, reader));
        Assert.Equal(2, await AskAsync("how many", SlowAnswers.Slow, reader with { Roles = new HashSet<Role> { Role.Auditor } }));
        Assert.Equal(3, await AskAsync("how many", SlowAnswers.Slow, Reader()));
        Assert.Equal(4, await AskAsync("how many others", SlowAnswers.Slow, reader));
    }

    [Fact]
    public async Task What_is_older_is_given_once_more_and_found_anew_behind()
    {
        var reader = Reader();
        await AskAsync("how many", SlowAnswers.Slow, reader);
        clock.Advance(SlowAnswers.Fresh + TimeSpan.FromSeconds(1));

        Assert.Equal(1, await AskAsync("how many", SlowAnswers.Slow, reader));
        while (Volatile.Read(ref found) < 2)
        {
            await Task.Yield();
        }

        Assert.InRange(await AskAsync("how many", SlowAnswers.Slow, reader), 1, 2);
    }

    [Fact]
    public async Task What_is_much_older_is_waited_for()
    {
        var reader = Reader();
        await AskAsync("how many", SlowAnswers.Slow, reader);
        clock.Advance(SlowAnswers.Oldest + TimeSpan.FromSeconds(1));

        Assert.Equal(2, await AskAsync("how many", SlowAnswers.Slow, reader));
    }

    [Fact]
    public async Task Those_who_ask_while_it_is_being_found_wait_for_that_one()
    {
        var (reader, gate) = (Reader(), new TaskCompletionSource());
        async Task<int> WaitAsync() => (await answers.GetAsync<int>("how many", reader, async _ =>
        {
            await gate.Task;
            return Interlocked.Increment(ref found);
        }, TestContext.Current.CancellationToken)).Value;
        var asked = Enumerable.Range(0, 16).Select(_ => WaitAsync()).ToList();

        gate.SetResult();

        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal(1, answer));
    }

    [Fact]
    public async Task A_refusal_is_never_kept()
    {
        var reader = Reader();
        for (var time = 0; time < 2; time++)
        {
            await answers.GetAsync("how many", reader, _ => { found++; clock.Advance(SlowAnswers.Slow); return Task.FromResult<Outcome<int>>(Problem.Forbidden); }, TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, found);
    }

    private static Actor Reader() => new(Guid.NewGuid(), null, "Claire Vasseur", new HashSet<Role> { Role.Hr }, Via.Page);

    private async Task<int> AskAsync(string query, TimeSpan took, Actor? reader = null) => (await answers.GetAsync(query, reader ?? Actor.Console, _ =>
    {
        clock.Advance(took);
        return Task.FromResult<Outcome<int>>(Interlocked.Increment(ref found));
    }, TestContext.Current.CancellationToken)).Value;
}
