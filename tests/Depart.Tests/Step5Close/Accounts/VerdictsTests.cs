using Depart.Connectors;

namespace Depart.Step5Close.Accounts;

public sealed class VerdictsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 18, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, Verdict> Cases => new()
    {
        { "disable:Done verify:Done:Disabled:SignInRefused", Verdict.GoneVerified },
        { "disable:AlreadySo verify:Done:Disabled:ReadBack", Verdict.AlreadyGone },
        { "disable:Done verify:Done:Disabled:Accepted", Verdict.AcceptedUnverified },
        { "disable:AlreadySo verify:Done:Absent:ReadBack", Verdict.NotFound },
        { "disable:Done verify:Failed:Enabled:Accepted", Verdict.Failed },
        { "disable:Done verify:Failed:Unknown:Accepted", Verdict.Unknown },
        { "disable:Running verify:Waiting", Verdict.Pending },
        { "disable:Failed verify:Done:Disabled:ReadBack", Verdict.Failed },
        { "disable:ByHand verify:ByHand", Verdict.Attested },
        { "disable:Done verify:Skipped", Verdict.AcceptedUnverified },
        { "snapshot:Failed disable:Blocked verify:Blocked", Verdict.Unknown },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_verdict_says_no_more_than_what_is_known(string steps, Verdict expected) =>
        Assert.Equal(expected, Verdicts.Of([.. steps.Split(' ').Select(Step)], Now));

    [Fact]
    public void What_lives_on_until_a_known_instant_is_residual_until_then()
    {
        StepFacts[] steps = [Step("disable:Done"), Step("verify:Done:Disabled:ReadBack") with { ResidualUntil = Now.AddHours(1) }];

        Assert.Equal((Verdict.GoneResidual, Verdict.GoneVerified), (Verdicts.Of(steps, Now), Verdicts.Of(steps, Now.AddHours(2))));
    }

    private static StepFacts Step(string text)
    {
        var parts = text.Split(':');
        var state = Enum.Parse<RevocationState>(parts[1]);
        return new(
            parts[0], state, state switch { RevocationState.Done => CallOutcome.Done, RevocationState.AlreadySo => CallOutcome.AlreadySo, RevocationState.Failed when parts[0] == "disable" => CallOutcome.NotAttempted, _ => null },
            parts.Length > 2 ? Enum.Parse<AccountState>(parts[2]) : null, parts.Length > 3 ? Enum.Parse<ProofLevel>(parts[3]) : null, null);
    }
}
