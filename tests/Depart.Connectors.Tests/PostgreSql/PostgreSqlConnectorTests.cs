using Depart.Connectors.Lab;

namespace Depart.Connectors.PostgreSql;

/// <summary>What is special about PostgreSQL: each fact seen with <c>psql</c>, then what the connector makes of it.</summary>
[Collection<PostgreSqlCollection>]
public sealed class PostgreSqlConnectorTests : IAsyncLifetime
{
    private static readonly DateTimeOffset CutAt = TimeProvider.System.GetUtcNow();

    private readonly PostgreSqlServer server;
    private readonly TransientSecrets secrets = new(TimeProvider.System);
    private readonly List<IConnector> opened = [];

    public PostgreSqlConnectorTests(PostgreSqlServer server) => this.server = server;

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
    public async Task NOLOGIN_alone_leaves_an_open_session_working_and_the_next_action_ends_it()
    {
        var (person, oid) = await AddAsync();
        await using var session = await server.OpenSessionAsync(person.Login, person.Password);

        await DoneAsync("reset-password", oid);
        await DoneAsync("nologin", oid);
        var afterNoLogin = await session!.IsAliveAsync();
        var between = await Open().VerifyAsync(Verify(oid), Now);
        await DoneAsync("terminate-sessions", oid);

        Assert.True(afterNoLogin, "The session should have outlived NOLOGIN.");
        Assert.Contains(between.Residuals, residual => residual.Until is null);
        Assert.Contains(between.Checks, check => !check.Passed);
        Assert.False(await session.IsAliveAsync());
        Assert.Equal("0", (await server.AdministerAsync($"SELECT count(*) FROM pg_stat_activity WHERE usesysid = {oid};")).Trim());
    }

    [Fact]
    public async Task An_end_of_validity_alone_proves_nothing()
    {
        // Where no password is asked for, an expired role comes in; where one is, the answer is that of a wrong password.
        var (person, oid) = await AddAsync("confiance");
        await server.AdministerAsync($"ALTER ROLE {PostgreSqlServer.Quote(person.Login)} VALID UNTIL '2001-01-01';");

        var signIn = await server.SignInAsync(person.Login, person.Password);
        var verification = await Open().VerifyAsync(Verify(oid), Now);

        Assert.True(signIn.Accepted, signIn.Answer);
        Assert.Equal(AccountState.Enabled, verification.State);
    }

    [Fact]
    public async Task The_proof_is_as_good_on_a_role_that_had_expired_already()
    {
        var (person, oid) = await AddAsync();
        await server.AdministerAsync($"ALTER ROLE {PostgreSqlServer.Quote(person.Login)} VALID UNTIL '2001-01-01';");
        var snapshot = await SnapshotAsync(oid);

        await CutAsync(oid);
        var verification = await Open().VerifyAsync(Verify(oid), Now);
        var undo = await Open().UndoAsync(Undo(oid, snapshot), Now);

        Assert.Equal((AccountState.Disabled, ProofLevel.SignInRefused), (verification.State, verification.Level));
        Assert.Equal(CallOutcome.Done, undo.Outcome);
        Assert.Equal("2001-01-01", (await server.AdministerAsync($"SELECT rolvaliduntil::date FROM pg_roles WHERE oid = {oid};")).Trim());
    }

    [Fact]
    public async Task The_password_is_gone_after_the_proof_and_the_catalogue_tells_when_the_role_was_closed()
    {
        var (_, oid) = await AddAsync();
        await CutAsync(oid);

        await Open().VerifyAsync(Verify(oid), Now);

        Assert.Equal($"t|{CutAt.ToUnixTimeMilliseconds()}", (await server.AdministerAsync(
            $"SELECT rolpassword IS NULL, round(extract(epoch FROM date_trunc('milliseconds', rolvaliduntil)) * 1000) FROM pg_authid WHERE oid = {oid};")).Trim());
    }

    [Fact]
    public async Task A_refusal_by_pg_hba_has_the_same_code_and_is_not_taken_for_proof()
    {
        await server.AdministerAsync("DROP ROLE IF EXISTS refusee; CREATE ROLE refusee LOGIN PASSWORD 'secret';");
        var oid = await server.OidAsync("refusee");
        await CutAsync(oid);

        var verification = await Open().VerifyAsync(Verify(oid), Now);

        Assert.Equal((AccountState.Disabled, ProofLevel.ReadBack), (verification.State, verification.Level));
        var failed = Assert.Single(verification.Checks, check => !check.Passed);
        Assert.StartsWith("28000", failed.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_changed_by_an_open_session_after_ours_does_not_spoil_the_proof()
    {
        var (person, oid) = await AddAsync();
        await DoneAsync("reset-password", oid);
        await DoneAsync("nologin", oid);
        await server.AdministerAsync($"ALTER ROLE {PostgreSqlServer.Quote(person.Login)} PASSWORD 'changed meanwhile';");

        var verification = await Open().VerifyAsync(Verify(oid), Now);

        Assert.Equal((AccountState.Disabled, ProofLevel.SignInRefused), (verification.State, verification.Level));
    }

    [Fact]
    public async Task A_sign_in_given_back_meanwhile_is_never_verified()
    {
        var (person, oid) = await AddAsync();
        await DoneAsync("reset-password", oid);
        await DoneAsync("nologin", oid);
        await server.AdministerAsync($"ALTER ROLE {PostgreSqlServer.Quote(person.Login)} LOGIN;");

        var verification = await Open().VerifyAsync(Verify(oid), Now);

        Assert.Equal(AccountState.Enabled, verification.State);
        Assert.NotNull(verification.Failure);
    }

    [Fact]
    public async Task Passwords_never_stand_in_the_log_of_a_server_that_logs_every_statement()
    {
        var (_, oid) = await AddAsync();
        await CutAsync(oid);
        var ours = secrets.Find($"postgresql://{server.Settings()["Host"]}:{server.Settings()["Port"]}|{oid}");

        Assert.NotNull(ours);
        Assert.Contains("ALTER ROLE", server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(ours, server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owned_objects_of_every_database_pass_to_the_new_owner_and_come_back()
    {
        var (person, oid) = await AddAsync();
        var owner = LabPerson.New("repreneur", "Léo", "Nardi") with { Groups = [] };
        await server.AddAsync(owner);
        var login = PostgreSqlServer.Quote(person.Login);
        await server.AdministerAsync($"CREATE SCHEMA {login} AUTHORIZATION {login}; CREATE VIEW {login}.\"Vue d'été\" AS SELECT 1 AS un; ALTER VIEW {login}.\"Vue d'été\" OWNER TO {login};");
        var before = await OwnedAsync(oid);
        var snapshot = await SnapshotAsync(oid);

        var report = await ApplyAsync("reassign-owned", oid, owner.Login);
        var moved = await OwnedAsync(await server.OidAsync(owner.Login));
        var undo = await Open().UndoAsync(Undo(oid, snapshot), Now);

        Assert.Equal(CallOutcome.Done, report.Outcome);
        Assert.Contains(report.Changes, change => change.What.Contains("app", StringComparison.Ordinal));
        Assert.Contains(report.Changes, change => change.What.Contains("postgres", StringComparison.Ordinal));
        Assert.Equal(before, moved);
        Assert.Equal(CallOutcome.Done, undo.Outcome);
        Assert.Equal(before, await OwnedAsync(oid));
        Assert.Equal("0", (await server.AdministerAsync($"SELECT count(*) FROM pg_auth_members WHERE member = '{PostgreSqlServer.Operator}'::regrole AND roleid <> 'pg_signal_backend'::regrole;")).Trim());
    }

    [Fact]
    public async Task Nothing_is_deleted_while_the_role_owns_something_or_may_sign_in()
    {
        var (person, oid) = await AddAsync();
        await server.AdministerAsync($"GRANT CONNECT ON DATABASE app TO {PostgreSqlServer.Quote(person.Login)};");
        var open = await ApplyAsync("drop-role", oid);
        await CutAsync(oid);
        var owning = await ApplyAsync("drop-owned", oid);
        var owner = LabPerson.New("repreneur", "Léo", "Nardi") with { Groups = [] };
        await server.AddAsync(owner);
        await ApplyAsync("reassign-owned", oid, owner.Login);
        var early = await ApplyAsync("drop-role", oid);

        var rights = await ApplyAsync("drop-owned", oid);
        await server.AdministerAsync(rights.Failure!.Remedy!.En["As a superuser: ".Length..]);
        var role = await ApplyAsync("drop-role", oid);

        Assert.Equal(CallOutcome.NotAttempted, open.Outcome);
        Assert.Equal(CallOutcome.NotAttempted, owning.Outcome);
        Assert.Contains("app 2", owning.Failure!.What.En, StringComparison.Ordinal);
        Assert.Equal(CallOutcome.Refused, early.Outcome);
        Assert.Contains("app", early.Failure!.What.En, StringComparison.Ordinal);
        Assert.Equal((CallOutcome.Refused, FailureKind.RightMissing), (rights.Outcome, rights.Failure!.Kind));
        Assert.True(role.Outcome == CallOutcome.Done, role.Failure?.What.En);
        Assert.Equal(AccountState.Absent, await server.StateAsync(person.Login));
        Assert.Equal(AccountState.Absent, (await Open().VerifyAsync(Verify(oid), Now)).State);
        Assert.Equal(CallOutcome.AlreadySo, (await ApplyAsync("drop-role", oid)).Outcome);
    }

    [Fact]
    public async Task A_superuser_is_refused_with_what_to_do_and_stays_open()
    {
        var (person, oid) = await AddAsync();
        await server.AdministerAsync($"ALTER ROLE {PostgreSqlServer.Quote(person.Login)} SUPERUSER;");

        var report = await ApplyAsync("nologin", oid);

        Assert.Equal((CallOutcome.Refused, FailureKind.RightMissing), (report.Outcome, report.Failure!.Kind));
        Assert.Contains("superuser", report.Failure.Remedy!.En, StringComparison.Ordinal);
        Assert.True((await Open().ReadAsync([oid], ReadDepth.State, Now))[0].Record!.Privileged);
        Assert.Equal(AccountState.Enabled, await server.StateAsync(person.Login));
    }

    [Fact]
    public async Task Rights_that_are_missing_are_named_with_the_statement_that_grants_them()
    {
        await using var connector = Create(server.ReadOnlyCredentials());

        var report = await connector.TestAsync(Now);

        Assert.True(report.Reached);
        Assert.False(report.Ready);
        Assert.Equal(
            ["As a superuser: ALTER ROLE \"depart-reader\" CREATEROLE;", "As a superuser: GRANT pg_signal_backend TO \"depart-reader\";"],
            report.Rights.Where(right => right.State == RightState.Missing).Select(right => right.Remedy!.En));
    }

    [Fact]
    public async Task Without_the_right_to_read_passwords_the_person_gets_a_one_time_password_named_before()
    {
        await server.AdministerAsync("DROP ROLE IF EXISTS \"depart-plain\"; CREATE ROLE \"depart-plain\" LOGIN CREATEROLE PASSWORD 'plain'; GRANT pg_signal_backend TO \"depart-plain\";");
        var (person, oid) = await AddAsync();
        await using var connector = Create(new(server.Settings()) { ["User"] = "depart-plain", ["Password"] = "plain" });
        var reading = (await connector.ReadAsync([oid], ReadDepth.Snapshot, Now))[0];
        foreach (var action in new[] { "reset-password", "nologin", "terminate-sessions", "memberships" })
        {
            await connector.ApplyAsync(Call(action, oid), Now);
        }

        var proof = await connector.VerifyAsync(Verify(oid), Now);
        var undo = await connector.UndoAsync(Undo(oid, reading.Snapshot!), Now);

        Assert.Equal(ProofLevel.SignInRefused, proof.Level);
        Assert.Equal(reading.NotRestorable, undo.NotRestored);
        Assert.NotNull(undo.OneTimePassword);
        Assert.True((await server.SignInAsync(person.Login, undo.OneTimePassword)).Accepted);
        Assert.DoesNotContain(undo.OneTimePassword, server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memberships_go_both_ways_and_come_back_with_their_right_to_pass_them_on()
    {
        var (person, oid) = await AddAsync();
        var (colleague, _) = await AddAsync();
        await server.AdministerAsync($"""
            GRANT "projet-a" TO {PostgreSqlServer.Quote(person.Login)} WITH ADMIN OPTION;
            GRANT {PostgreSqlServer.Quote(person.Login)} TO {PostgreSqlServer.Quote(colleague.Login)};
            """);
        var snapshot = await SnapshotAsync(oid);
        var before = await MembershipsAsync(oid);

        await CutAsync(oid);
        var cut = await MembershipsAsync(oid);
        await Open().UndoAsync(Undo(oid, snapshot), Now);

        Assert.Equal("", cut);
        Assert.Equal(before, await MembershipsAsync(oid));
        Assert.Contains(colleague.Login, before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_is_nobody_and_a_role_closed_by_us_still_is_somebody()
    {
        var (person, oid) = await AddAsync();
        await AddAsync();
        await CutAsync(oid);
        await Open().VerifyAsync(Verify(oid), Now);

        var logins = new List<string>();
        await foreach (var account in Open().EnumerateAsync(Now))
        {
            logins.Add(account.Login);
        }

        Assert.Contains(person.Login, logins);
        Assert.DoesNotContain("projet-a", logins);
        Assert.DoesNotContain("pg_signal_backend", logins);
    }

    [Theory]
    [InlineData("007")]
    [InlineData("+7")]
    [InlineData(" 7")]
    [InlineData("mdurand")]
    [InlineData("99999999999")]
    public async Task What_is_not_a_number_of_a_role_is_never_taken_for_one(string id)
    {
        var reading = (await Open().ReadAsync([id], ReadDepth.State, Now))[0];
        var report = await ApplyAsync("nologin", id);

        Assert.Equal((AccountState.Unknown, FailureKind.Invalid), (reading.State, reading.Failure!.Kind));
        Assert.Equal((CallOutcome.NotAttempted, FailureKind.Invalid), (report.Outcome, report.Failure!.Kind));
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData(PostgreSqlServer.Operator)]
    public async Task The_roles_that_hold_the_house_are_never_touched(string role)
    {
        var report = await ApplyAsync("nologin", await server.OidAsync(role));

        Assert.Equal(CallOutcome.Refused, report.Outcome);
        Assert.Equal(AccountState.Enabled, await server.StateAsync(role));
    }

    [Fact]
    public async Task An_impostor_never_hears_a_name()
    {
        foreach (var (_, settings) in server.Impostors())
        {
            await using var connector = Create(settings);
            await connector.TestAsync(Now);
        }

        Assert.All(server.Strangers, stranger => Assert.True(stranger.Heard == 0, $"{stranger.What} heard {stranger.Heard} bytes."));
    }

    private IConnector Create(Dictionary<string, string> settings)
    {
        var kind = new ConnectorCatalogue().Find("postgresql")!;
        Assert.Empty(kind.Read(settings, out var read));
        return kind.Create(read!, new(TimeProvider.System, secrets));
    }

    private IConnector Open()
    {
        opened.Add(Create(server.Settings()));
        return opened[^1];
    }

    private async Task<(LabPerson Person, string Oid)> AddAsync(params string[] groups)
    {
        var person = LabPerson.New();
        await server.AddAsync(groups.Length == 0 ? person : person with { Groups = groups });
        return (person, await server.OidAsync(person.Login));
    }

    private async Task<string> SnapshotAsync(string oid) => (await Open().ReadAsync([oid], ReadDepth.Snapshot, Now))[0].Snapshot!;

    private Task<ActionReport> ApplyAsync(string action, string oid, string? newOwner = null) => Open().ApplyAsync(Call(action, oid) with { NewOwner = newOwner }, Now);

    private async Task DoneAsync(string action, string oid)
    {
        var report = await ApplyAsync(action, oid);
        Assert.True(report.Outcome is CallOutcome.Done or CallOutcome.AlreadySo, $"{action}: {report.Outcome} {report.Failure?.What.En}");
    }

    private async Task CutAsync(string oid)
    {
        foreach (var action in new[] { "reset-password", "nologin", "terminate-sessions", "memberships" })
        {
            await DoneAsync(action, oid);
        }
    }

    private Task<string> MembershipsAsync(string oid) => server.AdministerAsync(
        $"SELECT roleid::regrole, member::regrole, admin_option FROM pg_auth_members WHERE {oid} IN (roleid, member) ORDER BY 1, 2;");

    private Task<string> OwnedAsync(string oid) => server.AdministerAsync(
        $"SELECT dbid, classid, objid FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = {oid} AND deptype = 'o' ORDER BY 1, 2, 3;");

    private static ActionCall Call(string action, string oid) => new() { Action = action, Account = oid, IdempotencyKey = "a-key", CutAt = CutAt };

    private static VerificationCall Verify(string oid) => new() { Account = oid, IdempotencyKey = "a-key", CutAt = CutAt };

    private static UndoCall Undo(string oid, string snapshot) => new() { Account = oid, Snapshot = snapshot, IdempotencyKey = "a-key" };
}
