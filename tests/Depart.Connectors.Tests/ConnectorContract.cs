using System.Diagnostics;
using System.Text.Json;
using Depart.Connectors.Lab;

namespace Depart.Connectors;

/// <summary>
/// What every connector keeps, tried on its real server. A subclass adds nothing: it names the <see cref="LabSystem"/>. Facts about what a system
/// does not have are skipped by its capabilities, never by hand.
/// </summary>
public abstract partial class ConnectorContract(LabSystem system) : IAsyncLifetime
{
    private static readonly DateTimeOffset CutAt = TimeProvider.System.GetUtcNow();

    private readonly List<IConnector> opened = [];

    /// <summary>The server, seen by its own client.</summary>
    protected LabSystem System { get; } = system;

    /// <summary>The connector as the product finds it.</summary>
    protected ConnectorKind Kind { get; } = new ConnectorCatalogue(typeof(ConnectorCatalogue).Assembly, typeof(ConnectorContract).Assembly).Find(system.Key) ?? throw new InvalidOperationException($"No connector '{system.Key}'.");

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public ValueTask InitializeAsync()
    {
        System.Require();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var connector in opened)
        {
            await connector.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    // ---- What is written about the connector.

    [Fact]
    public void The_README_documents_every_setting_the_rights_and_the_lab_packages()
    {
        var folder = Open().GetType().Namespace!.Split('.')[^1];
        // The example that is not shipped stands among the tests.
        var home = Open().GetType().Assembly == typeof(IConnector).Assembly ? Path.Combine("src", "Depart.Connectors") : Path.Combine("tests", "Depart.Connectors.Tests");
        var readme = File.ReadAllText(Path.Combine(LabRun.Repository(), home, folder, "README.md"));

        Assert.All(["## Settings", "## Rights", "## What disconnected means", "## Packages (lab)"], title => Assert.Contains(title, readme, StringComparison.Ordinal));
        Assert.All(Kind.Settings, setting => Assert.Contains($"`{setting.Name}`", readme, StringComparison.Ordinal));
        var packages = File.ReadAllLines(Path.Combine(LabRun.Repository(), "tests", "Depart.Connectors.Tests", folder, "packages.txt"))
            .Where(line => line.StartsWith("apt ", StringComparison.Ordinal)).Select(line => line[4..].Trim());
        Assert.All(packages, package => Assert.Contains(package, readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_text_is_there_in_English_and_in_good_French()
    {
        var texts = Open().Actions.SelectMany(action => new[] { action.Title, action.Effect, action.NotRestored }.Concat(action.After.Select(after => after.Reason)))
            .Concat(Open().Orders.Select(order => order.Reason))
            .Append(new(Kind.About.AboutEn, Kind.About.AboutFr))
            .Concat(Kind.Settings.Select(setting => setting.Label))
            .Concat(Kind.Settings.Select(setting => setting.Help).Where(help => help.En.Length + help.Fr.Length > 0));

        Assert.All(texts.OfType<Bilingual>(), Speaks);
    }

    [Fact]
    public void Actions_are_the_same_in_every_instance_and_wait_only_for_each_other_without_a_circle()
    {
        var actions = Open().Actions;

        Assert.Equal(JsonSerializer.Serialize(actions), JsonSerializer.Serialize(Open().Actions));
        Assert.Equal(actions.Count, actions.Select(action => action.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.All(actions, action => Assert.Matches("^[a-z][a-z0-9-]*$", action.Key));
        Assert.Equal(actions.Count, InOrder(actions).Count);
        Assert.DoesNotContain(actions, action => action.Phase == Phase.Verify);
        // The order of systems and their description are read from an instance over settings that are still empty.
        Assert.NotNull(Kind.Blank(new(TimeProvider.System, new(TimeProvider.System))));
    }

    // ---- Reaching the system.

    [Fact]
    public async Task A_test_of_the_connection_reaches_the_system_and_names_the_rights()
    {
        SkipUnlessServer();
        var report = await Open().TestAsync(Now);

        Assert.True(report.Ready, Say(report));
        Assert.Null(report.Failure);
        Assert.False(string.IsNullOrWhiteSpace(report.Server));
        Assert.NotEmpty(report.Rights);
        Assert.All(report.Rights, right => Speaks(right.Right));
    }

    [Fact]
    public async Task A_test_of_the_connection_writes_nothing()
    {
        SkipUnlessServer();
        await AddAsync();
        var before = await System.DumpAsync();

        await Open().TestAsync(Now);

        Assert.Equal(before, await System.DumpAsync());
    }

    [Fact]
    public async Task Wrong_credentials_are_named_and_nothing_is_written()
    {
        var wrong = System.WrongCredentials();
        Assert.SkipWhen(wrong is null, "This system has no credentials of ours.");
        var person = await AddAsync();
        var account = await FindAsync(person);
        var before = await System.DumpAsync();
        var connector = Open(wrong);

        var test = await connector.TestAsync(Now);
        var reading = (await connector.ReadAsync([account.Id], ReadDepth.Snapshot, Now))[0];
        var found = await Assert.ThrowsAsync<ConnectorException>(() => connector.FindAsync(person.Hints, Now));
        var reports = new List<ActionReport>();
        foreach (var action in Callable(connector))
        {
            reports.Add(await connector.ApplyAsync(Call(action, account), Now));
        }

        Assert.False(test.Reached);
        Assert.Equal(FailureKind.SignInRefused, test.Failure!.Kind);
        Assert.NotNull(test.Failure.Remedy);
        Speaks(test.Failure.What);
        Assert.Equal((AccountState.Unknown, FailureKind.SignInRefused), (reading.State, reading.Failure!.Kind));
        Assert.Equal(FailureKind.SignInRefused, found.Failure.Kind);
        Assert.All(reports, report => Assert.Equal((CallOutcome.NotAttempted, FailureKind.SignInRefused), (report.Outcome, report.Failure!.Kind)));
        Assert.Equal(before, await System.DumpAsync());
    }

    [Fact]
    public async Task A_missing_right_is_refused_by_name_and_nothing_is_written()
    {
        var readOnly = System.ReadOnlyCredentials();
        Assert.SkipWhen(readOnly is null, "This system cannot say who may only read.");
        var account = await FindAsync(await AddAsync());
        var before = await System.DumpAsync();
        var connector = Open(readOnly);

        foreach (var action in Callable(connector))
        {
            var report = await connector.ApplyAsync(Call(action, account), Now);
            if (report.Outcome == CallOutcome.AlreadySo)
            {
                continue;
            }

            Assert.True(report.Outcome == CallOutcome.Refused && report.Failure?.Kind == FailureKind.RightMissing, $"{action.Key}: {Say(report)}");
            Speaks(report.Failure.What);
            Assert.NotNull(report.Failure.Remedy);
        }

        Assert.Equal(before, await System.DumpAsync());
    }

    [Fact]
    public async Task Somebody_who_is_not_the_server_trusted_is_told_nothing()
    {
        Assert.SkipWhen(System.Impostors().Count == 0, "This system has no identity to check.");
        var account = await FindAsync(await AddAsync());
        foreach (var (name, settings) in System.Impostors())
        {
            var test = await Open(settings).TestAsync(Now);
            var reading = (await Open(settings).ReadAsync([account.Id], ReadDepth.State, Now))[0];

            Assert.True(!test.Reached && test.Failure?.Kind == FailureKind.IdentityRefused, $"{name}: {Say(test)}");
            Assert.True(reading.State == AccountState.Unknown && reading.Failure?.Kind == FailureKind.IdentityRefused, $"{name}: {Say(reading)}");
            Speaks(test.Failure.What);
        }
    }

    [Theory]
    [InlineData(Fault.Down)]
    [InlineData(Fault.Hangs)]
    [InlineData(Fault.HangsUp)]
    [InlineData(Fault.Garbage)]
    public async Task A_broken_system_never_passes_for_a_closed_account(Fault fault)
    {
        SkipUnlessServer();
        var person = await AddAsync();
        var (account, snapshot) = await SnapshotAsync(person);
        await using var broken = new FaultServer(fault);
        var settings = System.Settings(broken.Endpoint);
        var clock = Stopwatch.StartNew();

        var test = Open(settings).TestAsync(Now);
        var reading = Open(settings).ReadAsync([account.Id], ReadDepth.State, Now);
        var verification = Open(settings).VerifyAsync(Verify(account), Now);
        var undo = Open(settings).UndoAsync(Undo(account, snapshot), Now);
        var reports = Callable(Open(settings)).Select(action => Open(settings).ApplyAsync(Call(action, account), Now)).ToList();
        var found = await Assert.ThrowsAsync<ConnectorException>(() => Open(settings).FindAsync(person.Hints, Now));
        var enumerated = await Assert.ThrowsAsync<ConnectorException>(async () =>
        {
            await foreach (var _ in Open(settings).EnumerateAsync(Now))
            {
            }
        });

        var failures = new List<Failure?> { found.Failure, enumerated.Failure };
        Assert.False((await test).Reached);
        failures.Add((await test).Failure);
        Assert.Equal(AccountState.Unknown, (await reading)[0].State);
        failures.Add((await reading)[0].Failure);
        Assert.Equal(AccountState.Unknown, (await verification).State);
        failures.Add((await verification).Failure);
        Assert.True((await undo).Outcome is CallOutcome.NotAttempted or CallOutcome.Unknown, Say(await undo));
        failures.Add((await undo).Failure);
        foreach (var report in await Task.WhenAll(reports))
        {
            Assert.True(report.Outcome is CallOutcome.NotAttempted or CallOutcome.Unknown, Say(report));
            failures.Add(report.Failure);
        }

        Assert.All(failures, Assert.NotNull);
        Assert.All(failures, failure => Speaks(failure!.What));
        Assert.All(failures, failure => Assert.True(failure!.IsTransient || failure.Kind == FailureKind.IdentityRefused, Say(failure)));
        if (fault is Fault.Down or Fault.Hangs)
        {
            var expected = fault == Fault.Down ? FailureKind.Unreachable : FailureKind.TimedOut;
            Assert.All(failures, failure => Assert.True(failure!.Kind == expected, Say(failure)));
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{fault}: {clock.Elapsed}");
        Assert.Equal(AccountState.Enabled, await System.StateAsync(person.Login));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_comes_back_soon_and_claims_nothing()
    {
        SkipUnlessServer();
        var account = await FindAsync(await AddAsync());
        await using var broken = new FaultServer(Fault.Hangs);
        var settings = System.Settings(broken.Endpoint);
        settings["TimeoutSeconds"] = "60";
        var connector = Open(settings);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Now);
        cancelled.CancelAfter(TimeSpan.FromMilliseconds(300));
        var clock = Stopwatch.StartNew();

        var reading = connector.ReadAsync([account.Id], ReadDepth.State, cancelled.Token);
        var report = connector.ApplyAsync(Call(Callable(connector)[0], account), cancelled.Token);

        Assert.All(await Claimed(reading) ?? [], answer => Assert.Equal(AccountState.Unknown, answer.State));
        Assert.True((await Claimed(report))?.Outcome is null or CallOutcome.Unknown or CallOutcome.NotAttempted);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), clock.Elapsed.ToString());
    }

    // ---- Finding and reading.

    [Fact]
    public async Task A_person_is_found_by_login_with_all_that_the_system_knows()
    {
        SkipUnlessServer();
        var person = await AddAsync();

        var found = Assert.Single(await FindAllAsync(person), account => account.Login == person.Login);

        Assert.Equal(AccountState.Enabled, found.State);
        Assert.False(found.Privileged);
        Assert.NotEqual("", found.Id);
        Assert.All(System.HasGroups ? person.Groups : [], group => Assert.Contains(found.Entitlements, entitlement => entitlement.Contains(group, StringComparison.OrdinalIgnoreCase)));
        if (System.HasMails)
        {
            Assert.Equal(person.Mails, found.Mails);
        }

        if (System.HasNames)
        {
            Assert.Contains(person.FamilyName, $"{found.FamilyName} {found.DisplayName}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_person_is_found_by_an_alias_alone()
    {
        Assert.SkipUnless(System.HasMails, "This system knows no mails.");
        var person = LabPerson.New();
        person = person with { Mails = [$"{person.Login}@exemple.fr", $"marie.lefevre.{person.Login}@exemple.fr"] };
        await System.AddAsync(person);

        var found = await Open().FindAsync(new() { Mails = [person.Mails[1].ToUpperInvariant()], GivenName = "Une", FamilyName = "Inconnue" }, Now);

        Assert.Equal([person.Login], found.Select(account => account.Login));
    }

    [Fact]
    public async Task Homonyms_are_all_shown_and_the_caller_decides()
    {
        Assert.SkipUnless(System.HasNames, "This system knows no names.");
        var one = LabPerson.New("jmartin", "Jean", "Martin");
        var other = LabPerson.New("jmartin", "Jean", "Martin");
        await System.AddAsync([one, other]);

        var found = await FindAllAsync(one);

        Assert.Contains(found, account => account.Login == one.Login);
        Assert.Contains(found, account => account.Login == other.Login);
        Assert.Equal(found.Count, found.Select(account => account.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Accents_apostrophes_and_commas_are_found_as_they_are_written()
    {
        Assert.SkipUnless(System.HasNames, "This system knows no names.");
        var person = LabPerson.Zoe();
        await System.AddAsync(person);

        var found = Assert.Single(await FindAllAsync(person), account => account.Login == person.Login);

        Assert.Contains("D'Angélo-Lefèvre", $"{found.FamilyName} {found.DisplayName}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_breaks_careless_code_is_found_and_closed()
    {
        Assert.SkipWhen(System.HostileLogin is null, "This system only has plain logins.");
        var person = new LabPerson(System.HostileLogin!, "Hélène", "O'Brien") { Mails = [$"{LabPerson.NewLogin("h.o'brien")}@exemple.fr"] };
        await System.AddAsync(person);
        var connector = Open();

        await DisconnectAsync(connector, await FindAsync(person));

        Assert.Equal(AccountState.Disabled, await System.StateAsync(person.Login));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*)(uid=*")]
    [InlineData("' OR '1'='1")]
    [InlineData("\" or userName pr or userName eq \"")]
    [InlineData("\\2a")]
    [InlineData("a; touch /tmp/depart-was-here; $(id) `id`")]
    [InlineData("--\n-rf")]
    public async Task A_hostile_name_finds_nobody(string hostile)
    {
        SkipUnlessServer();
        await AddAsync();

        var found = await Open().FindAsync(new() { Mails = [hostile], Logins = [hostile], EmployeeNumber = hostile, GivenName = hostile, FamilyName = hostile }, Now);

        Assert.Empty(found);
    }

    [Fact]
    public async Task Every_account_is_streamed_once_over_all_pages()
    {
        SkipUnlessServer();
        var crowd = Enumerable.Range(0, Math.Max(5, System.Crowd)).Select(_ => LabPerson.New("foule", "Camille", "Petit") with { Groups = [] }).ToList();
        await System.AddAsync(crowd);

        var seen = new List<AccountRecord>();
        await foreach (var account in Open().EnumerateAsync(Now))
        {
            seen.Add(account);
        }

        Assert.Equal(seen.Count, seen.Select(account => account.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(crowd.Select(person => person.Login).Except(seen.Select(account => account.Login), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Accounts_are_read_in_the_order_asked_and_an_unknown_one_is_absent_without_error()
    {
        SkipUnlessServer();
        var people = new[] { LabPerson.New(), LabPerson.New(), LabPerson.New() with { Disabled = true } };
        await System.AddAsync(people);
        var ids = new List<string>();
        foreach (var person in people)
        {
            ids.Add((await FindAsync(person)).Id);
        }

        List<string> asked = [ids[2], Unknown(ids[0]), ids[0], ids[1], ids[2]];
        var readings = await Open().ReadAsync(asked, ReadDepth.State, Now);

        Assert.Equal(asked, readings.Select(reading => reading.Account));
        Assert.Equal(
            [AccountState.Disabled, AccountState.Absent, AccountState.Enabled, AccountState.Enabled, AccountState.Disabled],
            readings.Select(reading => reading.State));
        Assert.All(readings, reading => Assert.Null(reading.Failure));
    }

    [Fact]
    public async Task An_account_that_is_gone_is_already_cut_and_verified_as_absent()
    {
        SkipUnlessServer();
        var account = Unknown((await FindAsync(await AddAsync())).Id);
        var connector = Open();

        foreach (var action in Callable(connector))
        {
            Assert.Equal(CallOutcome.AlreadySo, (await connector.ApplyAsync(Call(action, account), Now)).Outcome);
        }

        Assert.Equal(AccountState.Absent, (await connector.VerifyAsync(Verify(account), Now)).State);
    }

    [Fact]
    public async Task A_privileged_account_is_said_to_be_one()
    {
        Assert.SkipUnless(System.HasPrivileges, "This system knows no privileges.");
        var person = LabPerson.New("adm-moreau", "Léa", "Moreau") with { Privileged = true };
        await System.AddAsync(person);

        Assert.True((await FindAsync(person)).Privileged);
    }

    // ---- Cutting.

    [Fact]
    public async Task A_dry_run_of_every_action_says_what_would_change_and_writes_nothing()
    {
        SkipUnlessActing();
        var (account, snapshot) = await SnapshotAsync(await AddAsync());
        var before = await System.DumpAsync();
        var connector = Open();

        var foreseen = new List<Change>();
        foreach (var action in Callable(connector))
        {
            var report = await connector.ApplyAsync(Call(action, account) with { DryRun = true }, Now);
            Assert.True(report.Outcome is CallOutcome.Done or CallOutcome.AlreadySo, $"{action.Key}: {Say(report)}");
            Assert.True((report.Outcome == CallOutcome.Done) == (report.Changes.Count > 0), $"{action.Key}: {Say(report)}");
            foreseen.AddRange(report.Changes);
        }

        Assert.NotEmpty(foreseen);
        Assert.Equal(before, await System.DumpAsync());
        Assert.Equal(snapshot, (await SnapshotAsync(account)).Snapshot);
    }

    [Fact]
    public async Task The_person_could_sign_in_and_cannot_after_the_cut_which_is_verified_as_declared()
    {
        SkipUnlessActing();
        var person = await AddAsync();
        var account = await FindAsync(person);
        Assert.True((await System.SignInAsync(person.Login, person.Password)).Accepted);
        var connector = Open();

        await DisconnectAsync(connector, account);
        var verification = await connector.VerifyAsync(Verify(account), Now);

        var signIn = await System.SignInAsync(person.Login, person.Password);
        Assert.False(signIn.Accepted, signIn.Answer);
        Assert.Equal(AccountState.Disabled, await System.StateAsync(person.Login));
        Assert.True(verification.State == AccountState.Disabled && verification.Level == Kind.About.BestProof, Say(verification));
        Assert.NotEmpty(verification.Checks);
        Assert.All(verification.Checks, check => Assert.True(check.Passed, Say(check)));
        Assert.All(verification.Checks, check => Speaks(check.What));
        Assert.All(verification.Residuals, residual => Speaks(residual.What));
        Assert.Null(verification.Failure);
    }

    [Fact]
    public async Task An_account_that_is_still_open_is_never_verified()
    {
        SkipUnlessActing();
        var person = await AddAsync();

        var verification = await Open().VerifyAsync(Verify(await FindAsync(person)), Now);

        Assert.Equal(AccountState.Enabled, verification.State);
        Assert.NotNull(verification.Failure);
        Assert.Contains(verification.Checks, check => !check.Passed);
        Assert.True((await System.SignInAsync(person.Login, person.Password)).Accepted, "The verification changed the account.");
    }

    [Fact]
    public async Task Every_action_done_twice_finds_it_so_already_and_the_proof_is_as_good()
    {
        SkipUnlessActing();
        var account = await FindAsync(await AddAsync());
        var connector = Open();
        await DisconnectAsync(connector, account);
        var before = await System.DumpAsync();

        foreach (var action in Callable(connector))
        {
            var again = await connector.ApplyAsync(Call(action, account), Now);
            Assert.True(again.Outcome == CallOutcome.AlreadySo && again.Changes.Count == 0, $"{action.Key}: {Say(again)}");
        }

        Assert.Equal(before, await System.DumpAsync());
        var verification = await connector.VerifyAsync(Verify(account), Now);
        Assert.True(verification.State == AccountState.Disabled && verification.Level == Kind.About.BestProof, Say(verification));
    }

    [Fact]
    public async Task All_actions_asked_at_once_cut_as_well_as_one_after_the_other()
    {
        SkipUnlessActing();
        var connector = Open();

        // What a connector learns of its system with the first account may change how it acts on the next.
        foreach (var _ in Enumerable.Range(0, 3))
        {
            var person = await AddAsync();
            var account = await FindAsync(person);
            var calls = Callable(connector).Select(action => Call(action, account)).ToList();

            var reports = await connector.ApplyAllAsync(calls, Now);
            var before = await System.DumpAsync();
            var again = await connector.ApplyAllAsync(calls, Now);
            var same = await System.DumpAsync();
            var verification = await connector.VerifyAsync(Verify(account), Now);

            Assert.Equal(calls.Count, reports.Count);
            Assert.All(reports, report => Assert.True(report.IsWell && (report.Outcome == CallOutcome.Done) == (report.Changes.Count > 0), Say(report)));
            Assert.True(verification.State == AccountState.Disabled && verification.Level == Kind.About.BestProof, Say(verification));
            Assert.False((await System.SignInAsync(person.Login, person.Password)).Accepted);
            Assert.Equal(calls.Count, again.Count);
            Assert.All(again, report => Assert.True(report.Outcome == CallOutcome.AlreadySo, Say(report)));
            Assert.Equal(before, same);
        }
    }

    [Fact]
    public async Task All_actions_asked_at_once_stop_behind_the_first_that_is_refused()
    {
        var readOnly = System.ReadOnlyCredentials();
        Assert.SkipWhen(readOnly is null, "This system cannot say who may only read.");
        var account = await FindAsync(await AddAsync());
        var before = await System.DumpAsync();
        var connector = Open(readOnly);

        var reports = await connector.ApplyAllAsync([.. Callable(connector).Select(action => Call(action, account))], Now);

        Assert.True(reports[^1].Outcome == CallOutcome.Refused && reports[^1].Failure?.Kind == FailureKind.RightMissing, Say(reports[^1]));
        Assert.All(reports.SkipLast(1), report => Assert.Equal(CallOutcome.AlreadySo, report.Outcome));
        Assert.Equal(before, await System.DumpAsync());
    }

    [Fact]
    public async Task A_session_left_open_ends_or_is_named_as_outliving_the_cut()
    {
        SkipUnlessActing();
        var person = await AddAsync();
        await using var session = await System.OpenSessionAsync(person.Login, person.Password);
        Assert.SkipWhen(session is null, "This system has no sessions.");
        Assert.True(await session.IsAliveAsync());
        var connector = Open();
        var account = await FindAsync(person);

        await DisconnectAsync(connector, account);
        var verification = await connector.VerifyAsync(Verify(account), Now);

        // Who declares that sessions end is not excused by naming what outlives the cut.
        var ends = connector.Actions.Any(action => action.Phase == Phase.Cut);
        Assert.True(!await session.IsAliveAsync() || (!ends && verification.Residuals.Count > 0), $"The session goes on: {Say(verification)}");
    }

    [Fact]
    public async Task A_homonym_and_everybody_else_are_left_as_they_were()
    {
        SkipUnlessActing();
        var leaver = LabPerson.New("jmartin", "Jean", "Martin");
        var homonym = LabPerson.New("jmartin", "Jean", "Martin");
        await System.AddAsync([leaver, homonym]);
        var (account, snapshot) = await SnapshotAsync(leaver);
        var before = await System.DumpAsync();
        var connector = Open();

        await DisconnectAsync(connector, account);
        await connector.VerifyAsync(Verify(account), Now);
        var cut = await System.DumpAsync();
        await connector.UndoAsync(Undo(account, snapshot), Now);
        var undone = await System.DumpAsync();

        Assert.Equal(Without(before, leaver), Without(cut, leaver));
        Assert.Equal(Without(before, leaver), Without(undone, leaver));
        Assert.True((await System.SignInAsync(homonym.Login, homonym.Password)).Accepted);
    }

    [Fact]
    public async Task An_account_renamed_between_plan_and_cut_is_still_the_one_that_is_closed()
    {
        SkipUnlessActing();
        Assert.SkipUnless(System.CanRename, "This system cannot rename an account.");
        var person = await AddAsync();
        var account = await FindAsync(person);
        var newLogin = LabPerson.NewLogin("rebaptise");
        await System.RenameAsync(person.Login, newLogin);
        // Somebody else has taken the old login meanwhile.
        await System.AddAsync(person with { Mails = [$"{newLogin}.autre@exemple.fr"] });
        var connector = Open();

        await DisconnectAsync(connector, account);

        Assert.Equal(AccountState.Disabled, await System.StateAsync(newLogin));
        Assert.Equal(AccountState.Enabled, await System.StateAsync(person.Login));
    }

    [Fact]
    public async Task What_needs_a_new_owner_is_not_attempted_without_one()
    {
        SkipUnlessActing();
        var actions = Open().Actions.Where(action => action.NeedsNewOwner).ToList();
        Assert.SkipWhen(actions.Count == 0, "Nothing here is re-owned.");
        var account = await FindAsync(await AddAsync());
        var before = await System.DumpAsync();

        foreach (var (action, dryRun) in actions.SelectMany(action => new[] { (action, true), (action, false) }))
        {
            var report = await Open().ApplyAsync(Call(action, account) with { NewOwner = null, DryRun = dryRun }, Now);
            Assert.Equal(CallOutcome.NotAttempted, report.Outcome);
            Speaks(report.Failure!.What);
        }

        Assert.Equal(before, await System.DumpAsync());
    }

    [Fact]
    public async Task An_action_that_is_not_declared_is_not_attempted()
    {
        var account = System.IsServer ? (await FindAsync(await AddAsync())).Id : "somebody";

        var report = await Open().ApplyAsync(Call("no-such-action", account), Now);

        Assert.Equal((CallOutcome.NotAttempted, FailureKind.Invalid), (report.Outcome, report.Failure!.Kind));
    }

    [Fact]
    public async Task Accounts_are_cut_side_by_side_without_mixing_them_up()
    {
        SkipUnlessActing();
        var people = Enumerable.Range(0, 8).Select(_ => LabPerson.New()).ToList();
        await System.AddAsync(people);
        var accounts = new List<AccountRecord>();
        foreach (var person in people)
        {
            accounts.Add(await FindAsync(person));
        }

        var connector = Open();
        // Every other one leaves.
        await Task.WhenAll(accounts.Where((_, index) => index % 2 == 0).Select(account => DisconnectAsync(connector, account)));

        for (var index = 0; index < people.Count; index++)
        {
            Assert.Equal(index % 2 == 0 ? AccountState.Disabled : AccountState.Enabled, await System.StateAsync(people[index].Login));
        }
    }

    [Fact]
    public async Task A_crash_after_any_action_is_finished_by_another_instance_that_remembers_nothing()
    {
        SkipUnlessActing();
        var actions = Callable(Open());
        for (var done = 0; done <= actions.Count; done++)
        {
            var person = await AddAsync();
            var account = await FindAsync(person);
            var first = Open();
            foreach (var action in actions.Take(done))
            {
                await ApplyAsync(first, action, account);
            }

            var second = Open();
            await DisconnectAsync(second, account);
            var verification = await Open().VerifyAsync(Verify(account), Now);

            Assert.True(verification.State == AccountState.Disabled && verification.Level == Kind.About.BestProof, $"after {done} actions: {Say(verification)}");
            Assert.False((await System.SignInAsync(person.Login, person.Password)).Accepted);
        }
    }

    [Fact]
    public async Task No_secret_is_ever_shown()
    {
        SkipUnlessActing();
        var person = await AddAsync();
        var secrets = (await System.SecretsAsync(person.Login)).Append(person.Password)
            .Concat(Kind.Settings.Where(setting => setting.Secret).Select(setting => System.Settings().GetValueOrDefault(setting.Name))).OfType<string>().ToList();
        var (account, snapshot) = await SnapshotAsync(person);
        var connector = Open();

        var said = new List<string> { Say(await connector.TestAsync(Now)), Say(account) };
        foreach (var action in Callable(connector))
        {
            said.Add(Say(await connector.ApplyAsync(Call(action, account) with { DryRun = true }, Now)));
            said.Add(Say(await connector.ApplyAsync(Call(action, account), Now)));
        }

        said.Add(Say(await connector.VerifyAsync(Verify(account), Now)));
        var undo = await connector.UndoAsync(Undo(account, snapshot), Now);
        said.Add(Say(undo with { OneTimePassword = null }));
        if (undo.OneTimePassword is { } oneTime)
        {
            secrets.Add(oneTime);
        }

        if (System.WrongCredentials() is { } wrong)
        {
            secrets.AddRange(Kind.Settings.Where(setting => setting.Secret).Select(setting => wrong.GetValueOrDefault(setting.Name)).OfType<string>());
            said.Add(Say(await Open(wrong).TestAsync(Now)));
            said.Add(Say(await Open(wrong).ReadAsync([account.Id], ReadDepth.Snapshot, Now)));
        }

        foreach (var secret in secrets.Where(secret => secret.Length > 0))
        {
            Assert.All(said, text => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        }
    }

    // ---- Giving back.

    [Fact]
    public async Task Undo_gives_back_what_the_snapshot_holds_and_the_person_signs_in_again()
    {
        SkipUnlessActing();
        var person = await AddAsync();
        var (account, snapshot) = await SnapshotAsync(person);
        var connector = Open();
        await DisconnectAsync(connector, account);
        await connector.VerifyAsync(Verify(account), Now);

        var undo = await Open().UndoAsync(Undo(account, snapshot), Now);

        Assert.True(undo.Outcome == CallOutcome.Done, Say(undo));
        Assert.NotEmpty(undo.Changes);
        Assert.Equal(AccountState.Enabled, await System.StateAsync(person.Login));
        var signIn = await System.SignInAsync(person.Login, undo.OneTimePassword ?? person.Password);
        Assert.True(signIn.Accepted, signIn.Answer);
        var after = (await Open().ReadAsync([account.Id], ReadDepth.State, Now))[0].Record!;
        Assert.Equal(account.Entitlements.Order(StringComparer.Ordinal), after.Entitlements.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_cannot_come_back_is_named_the_same_before_and_after()
    {
        SkipUnlessActing();
        var (account, snapshot) = await SnapshotAsync(await AddAsync());
        var connector = Open();
        await DisconnectAsync(connector, account);
        var before = await System.DumpAsync();

        var foreseen = await connector.UndoAsync(Undo(account, snapshot) with { DryRun = true }, Now);
        var untouched = await System.DumpAsync();
        var done = await connector.UndoAsync(Undo(account, snapshot), Now);

        Assert.Equal(before, untouched);
        Assert.Null(foreseen.OneTimePassword);
        Assert.True(foreseen.NotRestored.SequenceEqual(done.NotRestored), $"before: {Say(foreseen)}\nafter: {Say(done)}");
        Assert.Equal(foreseen.Changes.Select(change => change.What), done.Changes.Select(change => change.What));
        Assert.All(done.NotRestored, Speaks);
    }

    [Fact]
    public async Task Undo_done_twice_finds_it_so_already()
    {
        SkipUnlessActing();
        var person = await AddAsync();
        var (account, snapshot) = await SnapshotAsync(person);
        var connector = Open();
        await DisconnectAsync(connector, account);
        var first = await connector.UndoAsync(Undo(account, snapshot), Now);

        var second = await connector.UndoAsync(Undo(account, snapshot), Now);

        Assert.True(second.Outcome == CallOutcome.AlreadySo, Say(second));
        Assert.True((await System.SignInAsync(person.Login, second.OneTimePassword ?? first.OneTimePassword ?? person.Password)).Accepted);
    }

    [Fact]
    public async Task Undo_never_opens_an_account_that_was_closed_before()
    {
        SkipUnlessActing();
        var person = LabPerson.New("pancien", "Paul", "Ancien") with { Disabled = true };
        await System.AddAsync(person);
        var (account, snapshot) = await SnapshotAsync(person);
        Assert.Equal(AccountState.Disabled, account.State);
        var connector = Open();
        await DisconnectAsync(connector, account);
        var verification = await connector.VerifyAsync(Verify(account), Now);

        var undo = await connector.UndoAsync(Undo(account, snapshot), Now);

        Assert.Equal(AccountState.Disabled, verification.State);
        Assert.True(undo.Outcome is CallOutcome.Done or CallOutcome.AlreadySo, Say(undo));
        Assert.Equal(AccountState.Disabled, await System.StateAsync(person.Login));
        Assert.False((await System.SignInAsync(person.Login, undo.OneTimePassword ?? person.Password)).Accepted);
    }

    [Fact]
    public async Task Undo_of_an_account_that_is_gone_is_refused_and_names_what_cannot_come_back()
    {
        SkipUnlessActing();
        var (account, snapshot) = await SnapshotAsync(await AddAsync());
        var gone = Undo(account, snapshot) with { Account = Unknown(account.Id) };

        var undo = await Open().UndoAsync(gone, Now);

        Assert.True(undo.Outcome == CallOutcome.Refused && undo.NotRestored.Count > 0 && undo.Failure?.Kind == FailureKind.Invalid, Say(undo));
        Speaks(undo.Failure.What);
    }

    [Fact]
    public async Task A_snapshot_that_is_not_ours_is_refused_and_nothing_is_written()
    {
        SkipUnlessActing();
        var account = await FindAsync(await AddAsync());
        var before = await System.DumpAsync();

        var undo = await Open().UndoAsync(Undo(account, "{ this is no snapshot"), Now);

        Assert.Equal((CallOutcome.NotAttempted, FailureKind.Invalid), (undo.Outcome, undo.Failure!.Kind));
        Assert.Equal(before, await System.DumpAsync());
    }
}
