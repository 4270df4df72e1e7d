using System.Globalization;
using Depart.Connectors.Lab;

namespace Depart.Connectors.ActiveDirectory;

/// <summary>What is special about Active Directory.</summary>
[Collection<ActiveDirectoryCollection>]
public sealed class ActiveDirectoryTests(ActiveDirectoryServer server) : IAsyncLifetime
{
    private static readonly string[] Order = ["disable", "reset-password", "expire", "strip-keys", "groups", "park"];

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

    [Fact]
    public async Task After_one_reset_the_old_password_still_signs_in_and_after_our_two_it_does_not()
    {
        var once = await AddAsync();
        var twice = await AddAsync();
        await server.Domain.ChangeAsync($"{Dn(once)}changetype: modify\nreplace: unicodePwd\n{SambaDomain.Password("Another-0ne-of-theirs")}\n");

        var report = await ApplyAsync(Open(), "reset-password", await server.Domain.IdAsync(twice.Login));

        Assert.True((await server.SignInAsync(once.Login, once.Password)).Accepted);
        Assert.Equal(2, report.Exchanges.Count(exchange => exchange.Request.Contains("unicodePwd", StringComparison.Ordinal)));
        Assert.False((await server.SignInAsync(twice.Login, twice.Password)).Accepted);
        Assert.Contains(Open().Actions.Single(action => action.Key == "reset-password").After, after => after.Action == "disable");
    }

    [Fact]
    public async Task Other_flags_are_kept_when_the_account_is_disabled_and_when_it_is_opened_again()
    {
        var person = await AddAsync();
        // NORMAL_ACCOUNT and DONT_EXPIRE_PASSWORD.
        await server.Domain.ChangeAsync($"{Dn(person)}changetype: modify\nreplace: userAccountControl\nuserAccountControl: 66048\n\n");
        var id = await server.Domain.IdAsync(person.Login);
        var connector = Open();
        var snapshot = (await connector.ReadAsync([id], ReadDepth.Snapshot, Now))[0].Snapshot!;

        await ApplyAsync(connector, "disable", id);
        var cut = (await server.Domain.FindAsync(person.Login))!.Value("userAccountControl");
        await connector.UndoAsync(new() { Account = id, Snapshot = snapshot, IdempotencyKey = "u" }, Now);

        Assert.Equal("66050", cut);
        Assert.Equal("66048", (await server.Domain.FindAsync(person.Login))!.Value("userAccountControl"));
    }

    [Fact]
    public async Task Flags_that_somebody_changes_at_the_same_time_are_not_lost()
    {
        var person = await AddAsync();
        var id = await server.Domain.IdAsync(person.Login);
        var dn = (await server.Domain.FindAsync(person.Login))!.Value("dn")!;

        // A stale value is refused by the domain itself: this is what the swap stands on.
        var stale = await server.Domain.ClientAsync(
            "ldapmodify", ["-D", "depart@lab.example", "-w", SambaDomain.OurPassword],
            $"{LabLdif.Line("dn", dn)}changetype: modify\ndelete: userAccountControl\nuserAccountControl: 66048\n-\nadd: userAccountControl\nuserAccountControl: 66050\n\n");
        var both = Task.WhenAll(
            ApplyAsync(Open(), "disable", id),
            Task.Run(async () =>
            {
                await server.Domain.ChangeAsync($"{Dn(person)}changetype: modify\nreplace: userAccountControl\nuserAccountControl: 66048\n\n");
                return new ActionReport(CallOutcome.Done);
            }, Now));
        await both;
        await ApplyAsync(Open(), "disable", id);

        Assert.Equal(16, stale.Code);
        Assert.Equal(66050, int.Parse((await server.Domain.FindAsync(person.Login))!.Value("userAccountControl")!, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_closed_account_is_refused_by_LDAP_as_disabled_and_by_SMB_too()
    {
        var person = await AddAsync();
        var id = await server.Domain.IdAsync(person.Login);
        Assert.Equal(0, (await server.Domain.SharesAsync(person.Login, person.Password)).Code);
        var connector = Open();
        await ApplyAsync(connector, "disable", id);
        var disabled = await server.Domain.SharesAsync(person.Login, person.Password);
        foreach (var action in Order)
        {
            await ApplyAsync(connector, action, id);
        }

        var verification = await connector.VerifyAsync(Verify(id), Now);

        Assert.Contains("NT_STATUS_ACCOUNT_DISABLED", disabled.Output + disabled.Error, StringComparison.Ordinal);
        Assert.Contains("data 533", verification.Checks[^1].Answer, StringComparison.Ordinal);
        Assert.Contains(verification.Residuals, residual => residual.What.En.StartsWith("Kerberos", StringComparison.Ordinal) && residual.Until is not null);
    }

    [Fact]
    public async Task An_account_only_expired_is_disabled_and_one_only_locked_out_is_not()
    {
        var expired = await AddAsync();
        await server.Domain.ChangeAsync($"{Dn(expired)}changetype: modify\nreplace: accountExpires\naccountExpires: 133000000000000000\n\n");
        var lockedOut = await AddAsync();
        await server.Domain.ChangeAsync($"{Dn(lockedOut)}changetype: modify\nreplace: badPwdCount\nbadPwdCount: 9\n\n");

        var readings = await Open().ReadAsync([await server.Domain.IdAsync(expired.Login), await server.Domain.IdAsync(lockedOut.Login)], ReadDepth.State, Now);

        Assert.Equal([AccountState.Disabled, AccountState.Enabled], readings.Select(reading => reading.State));
        Assert.False((await server.SignInAsync(expired.Login, expired.Password)).Accepted);
    }

    [Fact]
    public async Task A_leaver_is_parked_beside_a_homonym_who_left_before_and_comes_back_where_they_were()
    {
        var first = await AddAsync();
        var second = LabPerson.New();
        await server.AddAsync(second);
        var name = ActiveDirectoryServer.Name(first).Split(",OU=", StringSplitOptions.None)[0];
        await server.Domain.ChangeAsync($"{LabLdif.Line("dn", $"{name},{SambaDomain.Leavers}")}changetype: add\nobjectClass: user\n{LabLdif.Line("sAMAccountName", LabPerson.NewLogin("parti"))}\n");
        var id = await server.Domain.IdAsync(first.Login);
        var connector = Open();
        var snapshot = (await connector.ReadAsync([id], ReadDepth.Snapshot, Now))[0].Snapshot!;
        var before = await server.Domain.FindAsync(first.Login);

        var report = await connector.ApplyAsync(new() { Action = "park", Account = id, IdempotencyKey = "p", CutAt = TimeProvider.System.GetUtcNow(), Case = "D-7" }, Now);
        var parked = await server.Domain.FindAsync(first.Login);
        var undo = await connector.UndoAsync(new() { Account = id, Snapshot = snapshot, IdempotencyKey = "u" }, Now);

        Assert.Equal(CallOutcome.Done, report.Outcome);
        Assert.EndsWith(SambaDomain.Leavers, parked!.Value("dn")!, StringComparison.Ordinal);
        Assert.Equal("D-7", parked!.Value("description"));
        Assert.Equal(CallOutcome.Done, undo.Outcome);
        var after = await server.Domain.FindAsync(first.Login);
        Assert.Equal((before!.Value("dn"), before!.Value("description")), (after!.Value("dn"), after!.Value("description")));
        Assert.Null(undo.OneTimePassword);
    }

    [Fact]
    public async Task A_protected_account_that_delegated_rights_do_not_reach_is_sent_to_a_person()
    {
        var person = LabPerson.New("adm-dsi", "Anne", "Dsi");
        await server.Domain.ChangeAsync(ActiveDirectoryServer.Person(person, "adminCount: 1\n", $"CN=Users,{SambaDomain.Suffix}"));

        var report = await ApplyAsync(Open(), "disable", await server.Domain.IdAsync(person.Login));

        Assert.Equal((CallOutcome.Refused, FailureKind.RightMissing), (report.Outcome, report.Failure!.Kind));
        Assert.Contains("AdminSDHolder", report.Failure.What.Fr, StringComparison.Ordinal);
        Assert.Contains("by hand", report.Failure.Remedy!.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_accounts_and_service_accounts_are_found_and_subordinates_are_not()
    {
        var moreau = LabPerson.New("lmoreau", "Léa", "Moreau");
        var admin = LabPerson.New("adm.lmoreau", "Admin", "LM") with { EmployeeNumber = moreau.EmployeeNumber };
        var batch = LabPerson.New("svc-batch-p", "Batch", "Paie");
        var subordinate = LabPerson.New("pnoir", "Paul", "Noir");
        await server.AddAsync([moreau, admin]);
        foreach (var owned in new[] { batch, subordinate })
        {
            await server.Domain.ChangeAsync(ActiveDirectoryServer.Person(owned, LabLdif.Line("manager", ActiveDirectoryServer.Name(moreau))));
        }

        var found = await Open().FindAsync(new() { Logins = [moreau.Login], GivenName = "Léa", FamilyName = "Inconnue" }, Now);

        Assert.Equal(new[] { moreau.Login, admin.Login, batch.Login }.Order(StringComparer.Ordinal), found.Select(account => account.Login).Order(StringComparer.Ordinal));
        var service = found.Single(account => account.Login == batch.Login);
        Assert.Equal((true, moreau.Login), (service.Service, service.OwnedBy));
    }

    [Fact]
    public async Task A_test_as_somebody_who_may_only_read_names_every_missing_right()
    {
        var test = await Open(server.ReadOnlyCredentials()).TestAsync(Now);

        var missing = test.Rights.Where(right => right.State == RightState.Missing).Select(right => right.Right.En).ToList();
        Assert.True(test.Reached);
        Assert.All(["Write userAccountControl", "Write accountExpires", "Write member on groups", $"Create users in {SambaDomain.Leavers}"], right => Assert.Contains(right, missing));
    }

    [Fact]
    public async Task StartTLS_is_as_good_and_a_directory_that_is_another_one_is_named()
    {
        var startTls = await Open(new(server.Settings()) { ["Port"] = "389", ["Encryption"] = "StartTls" }).TestAsync(Now);
        await using var slapd = await OpenLdap.Slapd.StartAsync(server.Lab);
        var other = slapd.Settings(server.Lab);

        var wrong = await Open(new() { ["Host"] = "127.0.0.1", ["Port"] = other["Port"], ["BindName"] = other["BindName"], ["BindPassword"] = other["BindPassword"], ["Authority"] = other["Authority"] }).TestAsync(Now);

        Assert.True(startTls.Ready, startTls.Failure?.What.En);
        Assert.False(wrong.Reached);
        Assert.Contains("not Active Directory", wrong.Failure!.What.En, StringComparison.Ordinal);
    }

    private static string Dn(LabPerson person) => LabLdif.Line("dn", ActiveDirectoryServer.Name(person));

    private static VerificationCall Verify(string id) => new() { Account = id, IdempotencyKey = "v", CutAt = TimeProvider.System.GetUtcNow() };

    private static Task<ActionReport> ApplyAsync(IConnector connector, string action, string id) =>
        connector.ApplyAsync(new() { Action = action, Account = id, IdempotencyKey = action, CutAt = TimeProvider.System.GetUtcNow(), Case = "D-1" }, Now);

    private IConnector Open(Dictionary<string, string>? settings = null)
    {
        var kind = new ConnectorCatalogue().Find("active-directory")!;
        Assert.Empty(kind.Read(settings ?? server.Settings(), out var read));
        var connector = kind.Create(read!, new(TimeProvider.System, new(TimeProvider.System)));
        opened.Add(connector);
        return connector;
    }

    private async Task<LabPerson> AddAsync()
    {
        var person = LabPerson.New();
        await server.AddAsync(person);
        return person;
    }
}
