namespace Depart.Connectors.Manual;

public sealed class ManualTests
{
    private static readonly PersonHints Zoe = new() { Mails = ["zoe@exemple.fr", "z.dangelo@exemple.fr"], Logins = ["zdangelo"], GivenName = "Zoë", FamilyName = "D’Angélo-Lefèvre" };

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_leaver_has_one_account_with_a_key_that_stays_when_more_is_learnt()
    {
        var connector = Open(new() { ["InstructionsFr"] = "Retirer le badge." });

        var first = Assert.Single(await connector.FindAsync(Zoe, Now));
        var later = Assert.Single(await connector.FindAsync(Zoe with { EmployeeNumber = "E1", Logins = ["zdangelo", "zd"], Mails = [.. Zoe.Mails, "zd@exemple.fr"] }, Now));

        Assert.Equal(first.Id, later.Id);
        Assert.Equal(AccountState.Unknown, first.State);
    }

    [Fact]
    public async Task Only_listed_accounts_count_when_not_every_leaver_has_one()
    {
        var connector = Open(new() { ["InstructionsFr"] = "Retirer le badge.", ["EveryLeaver"] = "false", ["Accounts"] = "ZDANGELO\njmartin" });

        Assert.Equal(["ZDANGELO"], (await connector.FindAsync(Zoe, Now)).Select(account => account.Login));
        Assert.Empty(await connector.FindAsync(new() { Mails = ["lea@exemple.fr"], GivenName = "Léa", FamilyName = "Diallo" }, Now));
    }

    [Fact]
    public async Task Nothing_is_ever_claimed_about_an_account()
    {
        var connector = Open(new() { ["InstructionsFr"] = "Retirer le badge." });
        var account = Assert.Single(await connector.FindAsync(Zoe, Now)).Id;

        var reading = Assert.Single(await connector.ReadAsync([account], ReadDepth.Snapshot, Now));
        var report = await connector.ApplyAsync(new() { Action = "close", Account = account, IdempotencyKey = "1", CutAt = default }, Now);
        var verification = await connector.VerifyAsync(new() { Account = account, IdempotencyKey = "1", CutAt = default }, Now);

        Assert.Equal((AccountState.Unknown, AccountState.Unknown, CallOutcome.NotAttempted), (reading.State, verification.State, report.Outcome));
        Assert.All([reading.Failure, report.Failure, verification.Failure], failure => Assert.Equal("Retirer le badge.", failure!.Remedy!.En));
    }

    [Fact]
    public void Instructions_in_one_language_serve_for_both()
    {
        var action = Assert.Single(Open(new() { ["InstructionsFr"] = "Retirer le badge." }).Actions);

        Assert.Equal(("Retirer le badge.", "Retirer le badge.", true), (action.Effect.Fr, action.Effect.En, action.ByHand));
    }

    [Theory]
    [InlineData("InstructionsFr", "", "true", "")]
    [InlineData("Accounts", "Retirer le badge.", "false", "")]
    public void Settings_under_which_nobody_would_do_anything_are_refused(string field, string instructions, string everyLeaver, string accounts)
    {
        var problems = new ConnectorCatalogue().Find("manual")!.Read(
            new Dictionary<string, string> { ["InstructionsFr"] = instructions, ["EveryLeaver"] = everyLeaver, ["Accounts"] = accounts }, out _);

        Assert.Equal(field, Assert.Single(problems).Setting);
    }

    private static IConnector Open(Dictionary<string, string> settings)
    {
        var kind = new ConnectorCatalogue().Find("manual")!;
        Assert.Empty(kind.Read(settings, out var read));
        return kind.Create(read!, new(TimeProvider.System, new(TimeProvider.System)));
    }
}
