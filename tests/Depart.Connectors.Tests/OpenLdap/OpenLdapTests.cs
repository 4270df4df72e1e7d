using System.Net.NetworkInformation;
using System.Text;
using Depart.Connectors.Lab;
using Depart.Connectors.Ldap;

namespace Depart.Connectors.OpenLdap;

/// <summary>What is special about OpenLDAP.</summary>
[Collection<OpenLdapCollection>]
public sealed class OpenLdapTests(OpenLdapServer server) : IAsyncLifetime
{
    private static readonly string[] Order = ["reset-password", "end-time", "lock", "strip-keys", "groups"];

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
    public async Task A_password_set_after_the_lock_takes_the_lock_away_which_is_why_ours_comes_before()
    {
        var person = await AddAsync();
        await server.Slapd.ChangeAsync($"{Dn(person)}changetype: modify\nreplace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n\n");
        Assert.False((await server.SignInAsync(person.Login, person.Password)).Accepted);

        await server.Slapd.ChangeAsync($"{Dn(person)}changetype: modify\nreplace: userPassword\nuserPassword: Another-1\n\n");

        Assert.True((await server.SignInAsync(person.Login, "Another-1")).Accepted);
        var actions = Open().Actions;
        Assert.Contains(actions.Single(action => action.Key == "lock").After, after => after.Action == "reset-password");
        Assert.Contains(actions.Single(action => action.Key == "end-time").After, after => after.Action == "reset-password");
    }

    [Fact]
    public async Task Sign_in_tests_of_many_people_share_a_few_connections()
    {
        var person = await AddAsync();
        Assert.Empty(new ConnectorCatalogue().Find("openldap")!.Read(server.Settings(), out var settings));
        await using var signIns = new LdapSignIns(((LdapSettings)settings!).Endpoint);
        var before = Connections();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(number =>
            signIns.TryAsync(OpenLdapServer.Name(person.Login), number % 2 == 0 ? person.Password : "not-this-one", [], Now)));

        Assert.Equal(50, answers.Count(answer => answer.Ok));
        Assert.Equal(50, answers.Count(answer => answer.Code == LdapCode.InvalidCredentials));
        Assert.InRange(Connections().Except(before).Count(), 1, 8);
    }

    /// <summary>Our ends of what is, or just was, connected to the server.</summary>
    private HashSet<int> Connections() =>
        [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections().Where(line => line.RemoteEndPoint.Port == server.Slapd.Port).Select(line => line.LocalEndPoint.Port)];

    [Fact]
    public async Task A_password_set_by_us_on_a_locked_account_leaves_the_lock_where_it_is()
    {
        var person = LabPerson.New() with { Disabled = true };
        await server.AddAsync(person);
        var connector = Open();

        var report = await ApplyAsync(connector, "reset-password", await IdAsync(person));

        Assert.Equal(CallOutcome.Done, report.Outcome);
        Assert.Equal("000001010000Z", (await server.Slapd.FindAsync(person.Login))!.Value("pwdAccountLockedTime"));
        Assert.Contains("delete pwdAccountLockedTime, replace userPassword, add pwdAccountLockedTime", report.Exchanges[1].Request, StringComparison.Ordinal);
        Assert.Equal(AccountState.Disabled, await server.StateAsync(person.Login));
    }

    [Fact]
    public async Task A_policy_that_ignores_locks_is_named_by_the_connection_test_and_the_end_date_closes_all_the_same()
    {
        await using var lax = await Slapd.StartAsync(server.Lab, new() { LockCounts = false });
        var person = LabPerson.New();
        await lax.ChangeAsync(OpenLdapServer.Person(person));
        var connector = Open(lax.Settings(server.Lab));
        var id = (await lax.FindAsync(person.Login))!.Value("entryUUID")!;

        var test = await connector.TestAsync(Now);
        await ApplyAsync(connector, "lock", id);
        var lockAlone = await lax.SignInAsync(person.Login, person.Password);
        var early = await connector.VerifyAsync(Verify(id), Now);
        foreach (var action in Order)
        {
            await ApplyAsync(connector, action, id);
        }

        var verification = await connector.VerifyAsync(Verify(id), Now);

        var warning = Assert.Single(test.Rights, right => right.State == RightState.Missing && right.Right.En.Contains("policy default", StringComparison.Ordinal));
        Assert.Contains("pwdLockout: TRUE", warning.Remedy!.Fr, StringComparison.Ordinal);
        Assert.True(lockAlone.Accepted);
        Assert.Equal(AccountState.Enabled, early.State);
        Assert.Equal((AccountState.Disabled, ProofLevel.SignInRefused), (verification.State, verification.Level));
        Assert.False((await lax.SignInAsync(person.Login, person.Password)).Accepted);
    }

    [Theory]
    [InlineData($"ou=grupos,{Slapd.Suffix}", RightState.Missing, "There is no such place")]
    [InlineData(Slapd.People, RightState.NotChecked, "No group was seen there")]
    public async Task A_place_for_groups_that_is_not_there_is_told_apart_from_one_without_groups(string below, RightState state, string remedy)
    {
        await AddAsync();

        var groups = Assert.Single((await Open(new(server.Settings()) { ["GroupsBase"] = below }).TestAsync(Now)).Rights, right => right.Right.En.StartsWith("Read groups below", StringComparison.Ordinal));

        Assert.Equal(state, groups.State);
        Assert.StartsWith(remedy, groups.Remedy!.En, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_ppolicy_nothing_is_claimed_and_the_test_says_what_to_load()
    {
        await using var bare = await Slapd.StartAsync(server.Lab, new() { Policy = false });
        var person = LabPerson.New();
        await bare.ChangeAsync(OpenLdapServer.Person(person));
        var connector = Open(bare.Settings(server.Lab));
        var id = (await bare.FindAsync(person.Login))!.Value("entryUUID")!;

        var test = await connector.TestAsync(Now);
        var reports = new List<ActionReport>();
        foreach (var action in Order)
        {
            reports.Add(await ApplyAsync(connector, action, id));
        }

        var verification = await connector.VerifyAsync(Verify(id), Now);

        Assert.Contains(test.Rights, right => right.State == RightState.Missing && right.Right.En.Contains("ppolicy", StringComparison.Ordinal));
        Assert.Equal([CallOutcome.Done, CallOutcome.Refused, CallOutcome.Refused, CallOutcome.Done, CallOutcome.AlreadySo], reports.Select(report => report.Outcome));
        Assert.Equal(AccountState.Enabled, verification.State);
    }

    [Fact]
    public async Task A_refusal_that_gives_its_reason_is_proof_even_when_the_hash_may_not_be_read_and_our_password_was_lost()
    {
        await using var discreet = await Slapd.StartAsync(server.Lab, new() { SaysWhy = true, HashReadable = false });
        var person = LabPerson.New();
        await discreet.ChangeAsync(OpenLdapServer.Person(person));
        var id = (await discreet.FindAsync(person.Login))!.Value("entryUUID")!;
        var before = (await Open(discreet.Settings(server.Lab)).ReadAsync([id], ReadDepth.Snapshot, Now))[0];
        foreach (var action in Order)
        {
            await ApplyAsync(Open(discreet.Settings(server.Lab)), action, id);
        }

        var verification = await Open(discreet.Settings(server.Lab)).VerifyAsync(Verify(id), Now);
        var undo = await Open(discreet.Settings(server.Lab)).UndoAsync(new() { Account = id, Snapshot = before.Snapshot!, IdempotencyKey = "u" }, Now);

        Assert.Equal((AccountState.Disabled, ProofLevel.SignInRefused), (verification.State, verification.Level));
        Assert.Contains("accountLocked", verification.Checks[^1].Answer, StringComparison.Ordinal);
        Assert.Single(before.NotRestorable!);
        Assert.Single(undo.NotRestored);
        Assert.True((await discreet.SignInAsync(person.Login, undo.OneTimePassword!)).Accepted);
    }

    [Fact]
    public async Task Our_password_is_proven_by_a_sign_in_before_the_lock()
    {
        var id = await IdAsync(await AddAsync());

        var report = await ApplyAsync(Open(), "reset-password", id);

        Assert.Contains(report.Exchanges, exchange => exchange.Request.StartsWith("BIND uid=", StringComparison.Ordinal) && exchange.Answer == "0 success");
    }

    [Fact]
    public async Task Once_hashes_are_known_to_be_readable_an_account_is_closed_in_one_modification_of_its_entry()
    {
        var connector = Open();
        await ApplyAllAsync(connector, await IdAsync(await AddAsync()));

        var reports = await ApplyAllAsync(connector, await IdAsync(await AddAsync()));

        var exchanges = reports.SelectMany(report => report.Exchanges).Distinct().ToList();
        Assert.Single(exchanges, exchange => exchange.Request.StartsWith("MODIFY uid=", StringComparison.Ordinal));
        Assert.Contains(exchanges, exchange => exchange.Answer == "the stored hash is of our password");
    }

    [Fact]
    public async Task The_last_member_of_a_group_gives_way_to_a_placeholder_and_comes_back_on_undo()
    {
        var person = LabPerson.New() with { Groups = [LabPerson.NewLogin("seul")] };
        await server.AddAsync(person);
        var id = await IdAsync(person);
        var connector = Open();
        var snapshot = (await connector.ReadAsync([id], ReadDepth.Snapshot, Now))[0].Snapshot!;

        var report = await ApplyAsync(connector, "groups", id);
        var empty = await MembersAsync(person.Groups[0]);
        var undo = await connector.UndoAsync(new() { Account = id, Snapshot = snapshot, IdempotencyKey = "u" }, Now);

        Assert.Equal(CallOutcome.Done, report.Outcome);
        Assert.Contains(report.Exchanges, exchange => exchange.Answer.StartsWith("65 objectClassViolation", StringComparison.Ordinal));
        Assert.Equal(["cn=nobody-left"], empty);
        Assert.Equal(CallOutcome.Done, undo.Outcome);
        Assert.Equal([OpenLdapServer.Name(person.Login)], await MembersAsync(person.Groups[0]));
    }

    [Fact]
    public async Task Keys_shell_and_expiry_go_and_come_back_with_the_same_password()
    {
        var person = await AddAsync();
        var before = await server.Slapd.FindAsync(person.Login);
        var id = before!.Value("entryUUID")!;
        var connector = Open();
        var snapshot = (await connector.ReadAsync([id], ReadDepth.Snapshot, Now))[0].Snapshot!;
        foreach (var action in Order)
        {
            await ApplyAsync(connector, action, id);
        }

        var cut = await server.Slapd.FindAsync(person.Login);
        var undo = await connector.UndoAsync(new() { Account = id, Snapshot = snapshot, IdempotencyKey = "u" }, Now);

        var after = await server.Slapd.FindAsync(person.Login);
        Assert.Equal((null, "/usr/sbin/nologin", "1"), (cut!.Value("sshPublicKey"), cut!.Value("loginShell"), cut!.Value("shadowExpire")));
        Assert.Null(undo.OneTimePassword);
        string[] restored = ["sshPublicKey", "loginShell", "shadowExpire", "userPassword", "pwdEndTime", "pwdAccountLockedTime", "pwdReset"];
        Assert.Equal(restored.Select(name => before!.Value(name)), restored.Select(name => after!.Value(name)));
        Assert.True((await server.SignInAsync(person.Login, person.Password)).Accepted);
    }

    [Fact]
    public async Task Second_accounts_of_a_number_and_service_accounts_of_a_manager_are_found_and_subordinates_are_not()
    {
        var moreau = LabPerson.New("lmoreau", "Léa", "Moreau");
        var admin = LabPerson.New("adm.lmoreau", "Admin", "LM") with { EmployeeNumber = moreau.EmployeeNumber };
        var batch = LabPerson.New("svc-batch-paie", "Batch", "Paie");
        var subordinate = LabPerson.New("pnoir", "Paul", "Noir");
        await server.AddAsync([moreau, admin]);
        foreach (var owned in new[] { batch, subordinate })
        {
            await server.Slapd.ChangeAsync(OpenLdapServer.Person(owned, LabLdif.Line("manager", OpenLdapServer.Name(moreau.Login))));
        }

        var found = await Open().FindAsync(new() { Logins = [moreau.Login], GivenName = "Léa", FamilyName = "Moreau-Inconnue" }, Now);

        Assert.Equal(new[] { moreau.Login, admin.Login, batch.Login }.Order(StringComparer.Ordinal), found.Select(account => account.Login).Order(StringComparer.Ordinal));
        var service = found.Single(account => account.Login == batch.Login);
        Assert.Equal((true, moreau.Login), (service.Service, service.OwnedBy));
    }

    [Fact]
    public async Task StartTLS_on_the_plain_port_is_as_good()
    {
        var settings = new Dictionary<string, string>(server.Settings()) { ["Port"] = $"{server.Slapd.PlainPort}", ["Encryption"] = "StartTls" };

        var test = await Open(settings).TestAsync(Now);

        Assert.True(test.Ready, test.Failure?.What.En);
    }

    [Fact]
    public async Task LDAPS_on_the_plain_port_and_StartTLS_on_the_other_are_refused_with_the_remedy()
    {
        foreach (var (port, encryption) in new[] { (server.Slapd.PlainPort, "Ldaps"), (server.Slapd.Port, "StartTls") })
        {
            var test = await Open(new(server.Settings()) { ["Port"] = $"{port}", ["Encryption"] = encryption, ["TimeoutSeconds"] = "2" }).TestAsync(Now);

            Assert.False(test.Reached);
            Assert.NotNull(test.Failure!.Remedy);
        }
    }

    [Fact]
    public async Task A_certificate_that_is_refused_says_which_of_the_three_reasons()
    {
        var said = new List<string>();
        foreach (var (_, settings) in server.Impostors())
        {
            said.Add((await Open(settings).TestAsync(Now)).Failure!.What.En);
        }

        Assert.Contains(said, text => text.Contains("authority that is not trusted", StringComparison.Ordinal));
        Assert.Contains(said, text => text.Contains("is not valid today", StringComparison.Ordinal));
        Assert.Contains(said, text => text.Contains("for another name than 127.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_test_as_somebody_who_may_only_read_names_every_missing_right_and_writes_nothing()
    {
        await AddAsync();
        var before = await server.DumpAsync();

        var test = await Open(server.ReadOnlyCredentials()).TestAsync(Now);

        var missing = test.Rights.Where(right => right.State == RightState.Missing).Select(right => right.Right.En).ToList();
        Assert.True(test.Reached);
        Assert.All(["Write userPassword", "Write pwdEndTime", "Write pwdAccountLockedTime"], right => Assert.Contains(right, missing));
        Assert.Contains(missing, right => right.EndsWith("on groups", StringComparison.Ordinal));
        Assert.Equal(before, await server.DumpAsync());
    }

    [Fact]
    public async Task A_server_that_stops_is_unreachable_and_is_reached_again_by_the_same_connector_once_it_is_back()
    {
        await using var other = await Slapd.StartAsync(server.Lab);
        var person = LabPerson.New();
        await other.ChangeAsync(OpenLdapServer.Person(person));
        var id = (await other.FindAsync(person.Login))!.Value("entryUUID")!;
        var connector = Open(other.Settings(server.Lab));
        Assert.Equal(AccountState.Enabled, (await connector.ReadAsync([id], ReadDepth.State, Now))[0].State);

        await other.StopAsync();
        var gone = (await connector.ReadAsync([id], ReadDepth.State, Now))[0];
        var report = await ApplyAsync(connector, "lock", id);
        await other.GoAsync();
        var back = (await connector.ReadAsync([id], ReadDepth.State, Now))[0];

        Assert.Equal((AccountState.Unknown, FailureKind.Unreachable), (gone.State, gone.Failure!.Kind));
        Assert.Equal((CallOutcome.NotAttempted, FailureKind.Unreachable), (report.Outcome, report.Failure!.Kind));
        Assert.Equal(AccountState.Enabled, back.State);
    }

    [Fact]
    public async Task Ten_thousand_people_are_streamed_in_bounded_memory_and_read_back_a_hundred_at_a_time()
    {
        await using var big = await Slapd.StartAsync(server.Lab, more: Crowd(10_000));
        var connector = Open(big.Settings(server.Lab));
        var ids = new List<string>(10_000);
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;

        await foreach (var account in connector.EnumerateAsync(Now))
        {
            ids.Add(account.Id);
            if (ids.Count % 2500 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        var readings = await connector.ReadAsync([.. ids.Take(2000)], ReadDepth.State, Now);

        Assert.Equal(10_000, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.True(most < 16 * 1024 * 1024, $"{most:N0} bytes");
        Assert.All(readings, reading => Assert.Equal(AccountState.Enabled, reading.State));
    }

    private static string Crowd(int count)
    {
        var seed = new StringBuilder();
        for (var number = 0; number < count; number++)
        {
            seed.Append($"dn: uid=p{number},{Slapd.People}\nobjectClass: inetOrgPerson\nuid: p{number}\ncn: Personne {number}\ngivenName: Personne\nsn: N{number}\n")
                .Append($"mail: p{number}@exemple.fr\nemployeeNumber: {number}\nuserPassword: secret\n\n");
        }

        seed.Append($"dn: cn=tous,{Slapd.Groups}\nobjectClass: groupOfNames\ncn: tous\n");
        for (var number = 0; number < count; number++)
        {
            seed.Append($"member: uid=p{number},{Slapd.People}\n");
        }

        return seed.Append('\n').ToString();
    }

    private static string Dn(LabPerson person) => LabLdif.Line("dn", OpenLdapServer.Name(person.Login));

    private static VerificationCall Verify(string id) => new() { Account = id, IdempotencyKey = "v", CutAt = TimeProvider.System.GetUtcNow() };

    private static Task<ActionReport> ApplyAsync(IConnector connector, string action, string id) =>
        connector.ApplyAsync(new() { Action = action, Account = id, IdempotencyKey = action, CutAt = TimeProvider.System.GetUtcNow() }, Now);

    private static Task<IReadOnlyList<ActionReport>> ApplyAllAsync(IConnector connector, string id) => connector.ApplyAllAsync(
        [.. connector.Actions.Select(action => new ActionCall { Action = action.Key, Account = id, IdempotencyKey = action.Key, CutAt = TimeProvider.System.GetUtcNow() })], Now);

    private IConnector Open(Dictionary<string, string>? settings = null)
    {
        var kind = new ConnectorCatalogue().Find("openldap")!;
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

    private async Task<string> IdAsync(LabPerson person) => (await server.Slapd.FindAsync(person.Login))!.Value("entryUUID")!;

    private async Task<IReadOnlyList<string>> MembersAsync(string group) =>
        [.. (await server.Slapd.SearchAsync(Slapd.Groups, $"(cn={group})", "member"))[0].Where(line => line.Name == "member").Select(line => line.Value)];
}
