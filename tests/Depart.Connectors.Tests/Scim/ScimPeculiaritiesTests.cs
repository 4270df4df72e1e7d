using System.Diagnostics;
using System.Threading.Channels;
using Depart.Connectors.Lab;

namespace Depart.Connectors.Scim;

/// <summary>What is special about SCIM: services understand parts of it, and answer in their own ways.</summary>
[Collection<ScimCollection>]
public sealed class ScimPeculiaritiesTests(ScimServer server) : IAsyncLifetime
{
    private readonly List<IConnector> opened = [];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        server.Require();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connector in opened)
        {
            await connector.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("no-path")]
    [InlineData("no-patch")]
    [InlineData("demands-if-match")]
    [InlineData("no-groups-filter")]
    [InlineData("no-groups-on-user")]
    [InlineData("throttles.0")]
    public async Task A_service_that_knows_only_a_part_is_cut_and_given_back_all_the_same(string mode)
    {
        var person = await AddAsync();
        var connector = Open(mode);
        var account = await FindAsync(connector, person);
        var snapshot = (await connector.ReadAsync([account], ReadDepth.Snapshot, Now))[0].Snapshot!;
        var before = (await server.DumpAsync())[person.Login];

        var disabled = await connector.ApplyAsync(Call("disable", account), Now);
        var left = await connector.ApplyAsync(Call("groups", account), Now);

        Assert.True(disabled.Outcome == CallOutcome.Done && left.Outcome == CallOutcome.Done, $"{disabled} {left} {left.Failure?.What.En}");
        Assert.False((await server.SignInAsync(person.Login, person.Password)).Accepted);
        Assert.Contains("\"groups\":[]", (await server.DumpAsync())[person.Login], StringComparison.Ordinal);
        Assert.Equal(CallOutcome.Done, (await connector.UndoAsync(new() { Account = account, Snapshot = snapshot, IdempotencyKey = "undo" }, Now)).Outcome);
        Assert.Equal(before, (await server.DumpAsync())[person.Login]);
    }

    [Fact]
    public async Task Other_members_stay_in_a_group_that_is_written_as_a_whole()
    {
        var (leaver, colleague) = (await AddAsync(), await AddAsync());
        var connector = Open("no-patch");

        await connector.ApplyAsync(Call("groups", await FindAsync(connector, leaver)), Now);

        Assert.Contains("projet-a", (await server.DumpAsync())[colleague.Login], StringComparison.Ordinal);
        Assert.DoesNotContain("projet-a", (await server.DumpAsync())[leaver.Login], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no-patch")]
    [InlineData("demands-if-match")]
    [InlineData("no-groups-on-user")]
    public async Task Many_who_leave_the_same_group_at_once_all_leave_it_and_whoever_stays_is_still_in(string? mode)
    {
        var (group, staying) = (LabPerson.NewLogin("equipe"), LabPerson.New());
        var leavers = Enumerable.Range(0, 12).Select(_ => LabPerson.New() with { Groups = [group, LabPerson.NewLogin("seul")] }).ToList();
        await server.AddAsync([staying with { Groups = [group] }, .. leavers]);
        var connector = Open(mode, requestsAtOnce: 1);
        var accounts = await Task.WhenAll(leavers.Select(leaver => FindAsync(connector, leaver)));

        var reports = await Task.WhenAll(accounts.Select(account => connector.ApplyAsync(Call("groups", account), Now)));

        Assert.All(reports, report => Assert.True(report.Outcome == CallOutcome.Done && report.Changes.Count == 2, $"{report.Outcome} {report.Failure?.What.En}"));
        Assert.Equal([staying.Login], await server.MembersAsync(group));
    }

    [Fact]
    public async Task Those_who_leave_a_group_while_a_request_waits_leave_it_together()
    {
        var group = LabPerson.NewLogin("equipe");
        var leavers = Enumerable.Range(0, 12).Select(_ => LabPerson.New() with { Groups = [group] }).ToList();
        await server.AddAsync(leavers);
        var connector = Open(requestsAtOnce: 1);
        var accounts = await Task.WhenAll(leavers.Select(leaver => FindAsync(connector, leaver)));
        var before = await server.ChangesAsync(group);

        await Task.WhenAll(accounts.Select(account => connector.ApplyAsync(Call("groups", account), Now)));

        Assert.Empty(await server.MembersAsync(group));

        Assert.Equal(1, await server.ChangesAsync(group) - before);
    }

    [Fact]
    public async Task What_is_refused_for_several_is_refused_only_for_those_whom_it_concerns()
    {
        var group = LabPerson.NewLogin("equipe");
        var leavers = Enumerable.Range(0, 3).Select(_ => LabPerson.New() with { Groups = [group] }).ToList();
        await server.AddAsync(leavers);
        var connector = Open("last-owner", requestsAtOnce: 1);
        var accounts = await Task.WhenAll(leavers.Select(leaver => FindAsync(connector, leaver)));

        var reports = await Task.WhenAll(accounts.Select(account => connector.ApplyAsync(Call("groups", account), Now)));

        var refused = Assert.Single(reports, report => report.Outcome != CallOutcome.Done);
        Assert.Equal((CallOutcome.Refused, true), (refused.Outcome, refused.Failure!.What.En.Contains(group, StringComparison.Ordinal)));
        Assert.Single(await server.MembersAsync(group));
    }

    [Fact]
    public async Task A_group_that_the_account_is_still_in_is_named_when_the_cut_is_verified()
    {
        var person = await AddAsync();
        var account = await FindAsync(Open(), person);
        await Open().ApplyAsync(Call("disable", account), Now);

        Assert.Contains((await Open().VerifyAsync(Verify(account), Now)).Residuals, residual => residual.What.Fr.Contains("projet-a", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_answers_200_and_changes_nothing_is_found_out()
    {
        var person = await AddAsync();
        var connector = Open("ignores");
        var account = await FindAsync(connector, person);

        await connector.ApplyAsync(Call("disable", account), Now);
        var groups = await connector.ApplyAsync(Call("groups", account), Now);
        var verification = await connector.VerifyAsync(Verify(account), Now);

        Assert.Equal((AccountState.Enabled, FailureKind.Conflict), (verification.State, verification.Failure!.Kind));
        Assert.Equal(CallOutcome.Unknown, groups.Outcome);
        Assert.Contains("projet-a", groups.Failure!.What.Fr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_whose_answer_never_came_is_unknown_and_found_done_when_it_is_read()
    {
        var person = await AddAsync();
        var connector = Open("hangs-on-write");
        var account = await FindAsync(connector, person);

        var first = await connector.ApplyAsync(Call("disable", account), Now);
        var second = await Open().ApplyAsync(Call("disable", account), Now);

        Assert.Equal((CallOutcome.Unknown, FailureKind.TimedOut), (first.Outcome, first.Failure!.Kind));
        Assert.Equal(CallOutcome.AlreadySo, second.Outcome);
        Assert.False((await server.SignInAsync(person.Login, person.Password)).Accepted);
    }

    [Fact]
    public async Task A_service_that_is_too_busy_for_ever_is_not_attempted_and_says_how_long_to_wait()
    {
        var person = await AddAsync();
        var account = await FindAsync(Open(), person);

        var soon = await Open("throttles-for-ever.30").ApplyAsync(Call("disable", account), Now);
        var dated = await Open("throttles-until-date").ApplyAsync(Call("disable", account), Now);

        Assert.Equal((CallOutcome.NotAttempted, FailureKind.Throttled, TimeSpan.FromSeconds(30)), (soon.Outcome, soon.Failure!.Kind, soon.Failure.RetryAfter));
        Assert.InRange(dated.Failure!.RetryAfter!.Value, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(91));
    }

    [Fact]
    public async Task A_redirect_is_refused_and_the_token_goes_nowhere_else()
    {
        var test = await Open("moved").TestAsync(Now);

        Assert.Equal((false, FailureKind.Invalid), (test.Reached, test.Failure!.Kind));
        Assert.Contains("307", test.Failure.What.Fr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web-page")]
    [InlineData("empty-list")]
    [InlineData("endless")]
    [InlineData("trickle")]
    [InlineData("fails")]
    public async Task An_odd_answer_leaves_the_state_unknown_within_the_time_out(string mode)
    {
        var person = await AddAsync();
        var account = await FindAsync(Open(), person);
        var clock = Stopwatch.StartNew();
        var connector = Open(mode);

        var reading = (await connector.ReadAsync([account], ReadDepth.Snapshot, Now))[0];
        var report = await connector.ApplyAsync(Call("disable", account), Now);

        Assert.Equal(AccountState.Unknown, reading.State);
        Assert.NotNull(reading.Failure);
        Assert.True(report.Outcome is CallOutcome.NotAttempted or CallOutcome.Unknown, report.ToString());
        Assert.False((await connector.TestAsync(Now)).Reached);
        await Assert.ThrowsAsync<ConnectorException>(() => connector.FindAsync(person.Hints, Now));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), clock.Elapsed.ToString());
    }

    [Fact]
    public async Task A_wrong_address_never_makes_an_account_absent()
    {
        var account = await FindAsync(Open(), await AddAsync());
        var settings = server.Settings();
        settings["BaseUrl"] = $"{server.Address}/nowhere/v2";

        var reading = (await Open(settings).ReadAsync([account], ReadDepth.State, Now))[0];

        Assert.Equal((AccountState.Unknown, FailureKind.Garbage), (reading.State, reading.Failure!.Kind));
    }

    [Fact]
    public async Task A_last_member_that_the_service_will_not_let_go_is_refused_with_its_words_and_its_group()
    {
        var person = LabPerson.New() with { Groups = [LabPerson.NewLogin("seul")] };
        await server.AddAsync(person);
        var connector = Open("last-owner");

        var report = await connector.ApplyAsync(Call("groups", await FindAsync(connector, person)), Now);

        Assert.Equal((CallOutcome.Refused, FailureKind.Invalid), (report.Outcome, report.Failure!.Kind));
        Assert.Contains(person.Groups[0], report.Failure.What.Fr, StringComparison.Ordinal);
        Assert.Contains("The last member of a group cannot be removed", report.Failure.What.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_removed_between_plan_and_cut_is_already_so()
    {
        var person = await AddAsync();
        var account = await FindAsync(Open(), person);
        await server.RemoveAsync(person.Login);

        Assert.Equal(CallOutcome.AlreadySo, (await Open().ApplyAsync(Call("disable", account), Now)).Outcome);
        Assert.Equal((AccountState.Absent, ProofLevel.ReadBack), await VerifiedAsync(account));
    }

    [Fact]
    public async Task A_group_that_is_gone_is_named_before_and_after_the_undo()
    {
        var group = LabPerson.NewLogin("ephemere");
        var person = LabPerson.New() with { Groups = [group] };
        await server.AddAsync(person);
        var connector = Open();
        var account = await FindAsync(connector, person);
        var snapshot = (await connector.ReadAsync([account], ReadDepth.Snapshot, Now))[0].Snapshot!;
        await connector.ApplyAsync(Call("disable", account), Now);
        await connector.ApplyAsync(Call("groups", account), Now);
        await server.RemoveGroupAsync(group);

        var undo = new UndoCall { Account = account, Snapshot = snapshot, IdempotencyKey = "undo" };
        var foreseen = await connector.UndoAsync(undo with { DryRun = true }, Now);
        var done = await connector.UndoAsync(undo, Now);

        Assert.Contains(group, Assert.Single(foreseen.NotRestored).Fr, StringComparison.Ordinal);
        Assert.Equal(foreseen.NotRestored, done.NotRestored);
        Assert.True((await server.SignInAsync(person.Login, person.Password)).Accepted);
    }

    private async Task<(AccountState, ProofLevel)> VerifiedAsync(string account)
    {
        var verification = await Open().VerifyAsync(Verify(account), Now);
        return (verification.State, verification.Level);
    }

    private async Task<LabPerson> AddAsync()
    {
        var person = LabPerson.New();
        await server.AddAsync(person);
        return person;
    }

    private IConnector Open(string? mode = null, int requestsAtOnce = 8) => Open(mode is null ? server.Settings() : server.Broken(mode), requestsAtOnce);

    private IConnector Open(Dictionary<string, string> settings, int requestsAtOnce = 8)
    {
        var kind = new ConnectorCatalogue().Find("scim")!;
        Assert.Empty(kind.Read(settings, out var read));
        var connector = kind.Create(read!, new(TimeProvider.System, new(TimeProvider.System)) { Calls = new Turns(requestsAtOnce) });
        opened.Add(connector);
        return connector;
    }

    private static async Task<string> FindAsync(IConnector connector, LabPerson person) =>
        Assert.Single(await connector.FindAsync(person.Hints, Now), account => account.Login == person.Login).Id;

    private static ActionCall Call(string action, string account) => new() { Action = action, Account = account, IdempotencyKey = "call", CutAt = TimeProvider.System.GetUtcNow() };

    private static VerificationCall Verify(string account) => new() { Account = account, IdempotencyKey = "verify", CutAt = TimeProvider.System.GetUtcNow() };

    /// <summary>So many requests at once, in the order in which they come; the last ones once nothing else was asked for a while, however busy the machine.</summary>
    private sealed class Turns(int atOnce) : ICallTurns
    {
        private static readonly TimeSpan While = TimeSpan.FromMilliseconds(100);

        private readonly Channel<bool> taken = Channel.CreateBounded<bool>(atOnce);
        private int others;

        public async Task<IDisposable> EnterAsync(bool last, CancellationToken cancellation)
        {
            for (var seen = -1; last && (seen != Volatile.Read(ref others) || taken.Reader.Count > 0);)
            {
                seen = Volatile.Read(ref others);
                await Task.Delay(While, cancellation);
            }

            Interlocked.Add(ref others, last ? 0 : 1);
            await taken.Writer.WriteAsync(true, cancellation);
            return new Turn(taken);
        }

        private sealed class Turn(Channel<bool> taken) : IDisposable
        {
            public void Dispose() => taken.Reader.TryRead(out _);
        }
    }
}
