using Depart.Connectors.Lab;
using Depart.Departures.Renewals;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Given;
using Depart.Interfaces.SignIn;
using Depart.Missions;
using Depart.Processes;
using Depart.Proof;
using Depart.Step5Close.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Embargoes;

/// <summary>Until the cut nobody but the named few learns of a departure under embargo: by nothing that can be asked, today or by what is added tomorrow (DEP3).</summary>
public class EmbargoTests
{
    private const string Password = "une phrase de passe assez longue 7";

    /// <summary>The walk belongs to every run of the tests.</summary>
    protected virtual bool ByDefault => true;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    /// <summary>Kinds of rows that belong to no departure, each with its reason. A new kind is hidden with its departure, or stands here.</summary>
    private static readonly Dictionary<string, string> OfNoDeparture = new(StringComparer.Ordinal)
    {
        ["Embargo"] = "says who is hidden: read by its own room",
        ["Confidant"] = "says who may know: read by its own room",
        ["Person"] = "the record", ["Mission"] = "the record", ["Supplier"] = "the record",
        ["Import"] = "a file", ["ImportLine"] = "a file", ["NightlyImport"] = "a file of every night", ["NightlyRun"] = "a night", ["NightlySubject"] = "a line of a night",
        ["ProcessTemplate"] = "a document",
        ["TargetSystem"] = "a system", ["Account"] = "on a system", ["AccountCandidate"] = "whose an account may be", ["Discovery"] = "a reading of a system",
        ["User"] = "who signs in", ["ApiToken"] = "of a user", ["RoleGrant"] = "of a user", ["ProvidedIdentity"] = "of a user", ["IdentityProvider"] = "of no departure", ["FirstStepLeft"] = "a setting", ["HeardLogout"] = "of no departure", ["BrowserSession"] = "of a user", ["SecondStep"] = "of a user", ["Passkey"] = "of a user, or of a person: leads to nothing that is hidden", ["DigestChoice"] = "of a user", ["Absence"] = "of a user", ["OneTimeLink"] = "of a user", ["OneRow"] = "of no table", ["PersonWord"] = "of a person",
        ["PortalSession"] = "of a person: leads to nothing that is hidden", ["Organisation"] = "a setting", ["OrganisationLogo"] = "a setting", ["PublicNotice"] = "a setting", ["MailServer"] = "a setting", ["RenewalSettings"] = "a setting", ["HouseSettings"] = "a setting", ["HouseCalendar"] = "a setting", ["WorkQueue"] = "one for each system", ["WorkAttempt"] = "only its item leads there; read by the engine", ["IdempotencyMemory"] = "an answer, given again to whoever had it",
        ["CheckpointRow"] = "covers no chain that is held", ["NodeRow"] = "of checkpoints", ["SigningKeyRow"] = "a key", ["KeyRingRow"] = "a key",
    };

    [Fact]
    public async Task Every_kind_of_row_is_hidden_with_its_departure_or_says_why_it_belongs_to_none()
    {
        await using var app = await DepartApp.StartAsync();
        List<string> open = [];
        await app.WithDataAsync(db =>
        {
            open = [.. db.Model.GetEntityTypes().Where(entity => entity.GetDeclaredQueryFilters().Count == 0).Select(entity => entity.ClrType.Name)];
            return Task.CompletedTask;
        });

        Assert.Equal(OfNoDeparture.Keys.Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Whoever_is_not_named_finds_nothing_of_it_by_any_page_query_route_or_command()
    {
        Assert.SkipUnless(ByDefault || LabRun.IsLong, "--long: the same walk on PostgreSQL");
        await using var app = await DepartApp.StartAsync();
        var house = await House.BuildAsync(app);
        var walk = new Walk(app);
        await house.SealAsync();
        var before = new Dictionary<string, (SortedDictionary<string, string> Asked, SortedDictionary<string, string> Got, SortedDictionary<string, string> Would)>(StringComparer.Ordinal);
        var nothing = house.Traces.OfNothing();
        foreach (var looker in house.Lookers)
        {
            before[looker.Name] = (await walk.AskAsync(looker, nothing), await walk.GetAsync(looker, nothing), await walk.WouldAsync(looker, nothing));
        }

        var digest = await walk.DigestAsync(house.Opener.Actor.User!.Value);
        var traces = await house.OpenUnderEmbargoAsync();

        // A morning passes, in which the ends of missions are looked at.
        Assert.Null(await app.RefusalAsync(new PlanRenewals(AtOnce: true), Actor.Engine, RequestContext.None));
        await house.LookedAtEndsAsync();
        var wrong = new List<string>();
        foreach (var looker in house.Lookers)
        {
            wrong.AddRange(Walk.Differences(before[looker.Name].Asked, await walk.AskAsync(looker, traces)).Select(difference => $"{looker.Name}, {difference}"));
            wrong.AddRange(Walk.Differences(before[looker.Name].Got, await walk.GetAsync(looker, traces)).Select(difference => $"{looker.Name}, {difference}"));
            wrong.AddRange(Walk.Differences(before[looker.Name].Would, await walk.WouldAsync(looker, traces)).Select(difference => $"{looker.Name}, {difference}"));
            wrong.AddRange(Walk.Differences(await walk.SendAsync(looker, nothing), await walk.SendAsync(looker, traces)).Select(difference => $"{looker.Name}, {difference}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        // What lies on the desk of one of the few is in no mail, theirs neither.
        Assert.Equal(digest, await walk.DigestAsync(house.Opener.Actor.User!.Value));

        // The walk sees what there is to see: whoever opened it meets it at every turn, and so does everybody once it is lifted.
        var few = Walk.Differences(before["rssi"].Asked, await walk.AskAsync(house.Opener, traces));
        Assert.True(few.Count > 10, string.Join('\n', few));
        Assert.Null(await app.RefusalAsync(new LiftEmbargo(DepartureId.From(traces.Departure)), house.Opener.Actor, RequestContext.None));
        var all = Walk.Differences(before["everything"].Got, await walk.GetAsync(house.Lookers.Single(looker => looker.Name == "everything"), traces));
        Assert.True(all.Count > 5, string.Join('\n', all));
    }

    [Fact]
    public async Task Whoever_opens_a_departure_of_that_mission_meanwhile_is_told_nothing_and_gets_their_own()
    {
        await using var app = await DepartApp.StartAsync();
        var house = await House.BuildAsync(app);
        var traces = await house.OpenUnderEmbargoAsync();
        var hr = house.Lookers.Single(looker => looker.Name == "hr").Actor;

        Assert.Null(await app.RefusalAsync(new OpenDeparture(MissionId.From(traces.Mission), new DateOnly(2030, 12, 20)), hr, RequestContext.None));
        Assert.Equal("departure-already-open", await app.RefusalAsync(new OpenDeparture(MissionId.From(traces.Mission), new DateOnly(2030, 12, 20)), hr, RequestContext.None));
        Assert.Equal("departure-already-open", await app.RefusalAsync(new OpenDeparture(MissionId.From(traces.Mission), new DateOnly(2030, 12, 20)), house.Opener.Actor, RequestContext.None));
    }

    [Fact]
    public async Task Only_those_who_see_departures_are_named_and_each_naming_is_in_the_journal()
    {
        await using var app = await DepartApp.StartAsync();
        var house = await House.BuildAsync(app);
        var traces = await house.OpenUnderEmbargoAsync();
        var departure = DepartureId.From(traces.Departure);
        foreach (var name in new[] { "leaver", "leaver-in-it", "colleague", "manager-of-another" })
        {
            Assert.Equal("may-not-know", await app.RefusalAsync(new NameConfidant(departure, house.Lookers.Single(looker => looker.Name == name).Actor.User!.Value), house.Opener.Actor, RequestContext.None));
        }

        var hr = house.Lookers.Single(looker => looker.Name == "hr");
        Assert.Equal("not-found", await app.TryAsync(new NameConfidant(departure, hr.Actor.User!.Value), hr.Actor));
        Assert.Null(await app.RefusalAsync(new NameConfidant(departure, hr.Actor.User!.Value), house.Opener.Actor, RequestContext.None));

        Assert.Null(await app.TryAsync(new GetDeparture(departure), hr.Actor));
        Assert.Equal("not-a-confidant", await app.RefusalAsync(new AssignTask(departure, DepartureTaskId.From(traces.Task), house.Lookers.Single(looker => looker.Name == "it").Actor.User), hr.Actor, RequestContext.None));
        Assert.Null(await app.RefusalAsync(new AssignTask(departure, DepartureTaskId.From(traces.Task), hr.Actor.User), house.Opener.Actor, RequestContext.None));
        await house.TryWhatWouldTellAsync(departure, traces, hr);
        var journal = await app.AskAsync(new ReadJournal(traces.Departure.ToString("N"), "embargo.named"));
        Assert.Equal(2, journal.Items.Count);
        Assert.Equal("under-embargo", await app.RefusalAsync(new ExportEvidence(traces.Departure.ToString("N")), house.Opener.Actor, RequestContext.None));
    }

    /// <summary>A house in which somebody of each role looks, none of them named.</summary>
    private sealed class House(DepartApp app)
    {
        private readonly List<Looker> lookers = [];

        public IReadOnlyList<Looker> Lookers => lookers;

        public Looker Opener { get; private set; } = null!;

        public Traces Traces { get; private set; } = null!;

        private Guid Successor { get; set; }

        public static async Task<House> BuildAsync(DepartApp app)
        {
            var house = new House(app);
            var leaver = await app.AddPersonAsync("Zoë", "Quintrec", "zoe@alteo.example", "Altéo Conseil");
            var colleague = await app.AddPersonAsync("Hugo", "Mercier", "hugo@alteo.example", "Altéo Conseil");
            var manager = await app.AddPersonAsync("Anne", "Roy", "anne@entreprise.example", "Entreprise");
            var other = await app.AddPersonAsync("Bruno", "Caron", "bruno@entreprise.example", "Entreprise");
            var successor = await app.AddPersonAsync("Inès", "Diop", "ines@entreprise.example", "Entreprise");
            var soon = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(25);
            await house.ManageAsync(leaver.Mission, manager.Person, soon);
            await house.ManageAsync(colleague.Mission, other.Person, null);
            var system = (await app.PostAsync("/api/v1/systems", new
            {
                name = "Badges de Lyon", connector = "manual",
                settings = new Dictionary<string, string> { ["InstructionsFr"] = "Retirer le badge.", ["InstructionsEn"] = "Withdraw the badge.", ["Owner"] = "Accueil" },
            }))!.ToString();
            var account = (await app.PostAsync("/api/v1/accounts", new { system, login = "badge 4711", person = leaver.Person }))!;
            house.Traces = new(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), leaver.Person, leaver.Mission, "Quintrec", Guid.Parse(account is System.Text.Json.Nodes.JsonObject row ? row["id"]!.ToString() : account.ToString()));
            house.Successor = successor.Person;
            await app.OpenAsync(colleague.Mission);

            // Searched once: what the walk itself finds is known, and moves nothing between two looks.
            await app.GetAsync($"/api/v1/people/{leaver.Person}/plan");
            house.Opener = await house.SignInAsync("opener", null, Role.Security);
            foreach (var role in new[] { Role.Hr, Role.It, Role.Security, Role.Auditor, Role.Admin })
            {
                house.lookers.Add(await house.SignInAsync(role == Role.Security ? "rssi" : role.ToString().ToLowerInvariant(), null, role));
            }

            house.lookers.Add(await house.SignInAsync("everything", null, Role.Hr, Role.It, Role.Security, Role.Auditor, Role.Admin));
            house.lookers.Add(await house.SignInAsync("manager", manager.Person));
            house.lookers.Add(await house.SignInAsync("manager-of-another", other.Person));
            house.lookers.Add(await house.SignInAsync("successor", successor.Person));
            var self = await house.SignInAsync("leaver", leaver.Person);
            house.lookers.Add(self);
            house.lookers.Add(self with { Name = "leaver-in-it", Actor = self.Actor with { Roles = new HashSet<Role> { Role.Consultant, Role.It, Role.Security, Role.Auditor } }, Http = null });
            house.lookers.Add(await house.SignInAsync("colleague", colleague.Person, Role.Hr));

            // Somebody stands in for whoever opens it, and has their tasks; what nobody could read goes to HR.
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            var standsIn = house.lookers.Single(looker => looker.Name == "rssi").Actor.User!.Value;
            Assert.Null(await app.RefusalAsync(new NameSubstitute(standsIn, today.AddDays(-1), today.AddDays(2)), house.Opener.Actor, RequestContext.None));

            // The end of the mission is near: whether it is renewed is asked.
            Assert.Null(await app.RefusalAsync(new PlanRenewals(AtOnce: true), Actor.Engine, RequestContext.None));
            await house.LookedAtEndsAsync();
            await app.WithDataAsync(async db => house.Traces = house.Traces with
            {
                System = Guid.Parse(system), User = house.Opener.Actor.User!.Value,
                Renewal = (await db.Set<Renewal>().Where(renewal => renewal.Mission == MissionId.From(leaver.Mission)).Select(renewal => renewal.Id).SingleAsync(Now)).Value,
            });
            return house;
        }

        /// <summary>Covers all that was recorded so far by a checkpoint: none comes by itself between two looks.</summary>
        public async Task SealAsync() => Assert.Null(await app.RefusalAsync(new SealJournal(), Actor.Engine, RequestContext.None));

        /// <summary>Opens it with tasks, a comment, a task given and a successor, its cut minutes away and prepared.</summary>
        public async Task<Traces> OpenUnderEmbargoAsync()
        {
            var cut = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(9);
            var id = await SendAsync(new OpenDeparture(
                MissionId.From(Traces.Mission), DateOnly.FromDateTime(cut), "Etc/UTC", TimeOnly.FromDateTime(cut), DepartureReason.Security, Successor: PersonId.From(Successor), Embargo: true));
            var tasks = new List<Guid>();
            var (run, step) = (Guid.Empty, Guid.Empty);
            await EngineAlone.UntilAsync(async () =>
            {
                await app.WithDataAsync(async db =>
                {
                    tasks = await db.Set<DepartureTask>().Where(task => task.Departure == id && task.State == DepartureTaskState.Open).OrderBy(task => task.Place).Select(task => task.Id.Value).ToListAsync(Now);
                    run = await db.Set<Disconnection>().Where(row => row.Departure == id).Select(row => row.Id.Value).FirstOrDefaultAsync(Now);
                    step = await db.Set<Revocation>().Where(row => row.Disconnection == DisconnectionId.From(run)).Select(row => row.Id.Value).FirstOrDefaultAsync(Now);
                });
                return step != Guid.Empty;
            });
            Assert.NotEmpty(tasks);
            foreach (var task in tasks)
            {
                await SendAsync(new AssignTask(id, DepartureTaskId.From(task), Opener.Actor.User));
            }

            await SendAsync(new CommentTask(id, DepartureTaskId.From(tasks[0]), "En parler à personne."));
            return Traces with { Departure = id.Value, Task = tasks[0], Disconnection = run, Revocation = step };
        }

        private async Task<T> SendAsync<T>(ICommand<T> command)
        {
            var outcome = await app.SendAsync(command, Opener.Actor);
            Assert.True(outcome.Ok, outcome.Problem?.Message.En);
            return outcome.Value!;
        }

        private async Task ManageAsync(Guid mission, Guid manager, DateOnly? end)
        {
            Assert.Null(await app.RefusalAsync(new ChangeMission(MissionId.From(mission), new MissionContent("Refonte du portail", Manager: PersonId.From(manager), End: end)), Actor.Console, RequestContext.None));
        }

        /// <summary>Waits until no look at the ends of missions is due.</summary>
        public Task LookedAtEndsAsync() => EngineAlone.UntilAsync(async () =>
        {
            var waits = true;
            var now = TimeProvider.System.GetUtcNow();
            await app.WithDataAsync(async db => waits = await db.Set<WorkItem>().AnyAsync(item => item.Kind == RenewalClock.WorkKind && item.DueAt <= now && (item.State == WorkState.Pending || item.State == WorkState.Running), Now));
            return !waits;
        });

        /// <summary>What one of the few might do that would tell of it: refused to them, with the reason; to a file, so that whoever reads it with them is told nothing.</summary>
        public async Task TryWhatWouldTellAsync(DepartureId departure, Traces traces, Looker hr)
        {
            var task = DepartureTaskId.From(traces.Task);
            Assert.Equal("not-a-confidant", await app.RefusalAsync(new HandTask(departure, task, "Nadia", "nadia@ailleurs.example"), Opener.Actor, RequestContext.None));
            Assert.Equal("mention-unknown", await app.RefusalAsync(new CommentTask(departure, task, "Qu’en dites-vous, @auditor ?"), Opener.Actor, RequestContext.None));
            Assert.Equal("under-embargo", await app.RefusalAsync(new NotePresence(departure, LeaverPresence.Replaced, PersonId.From(Successor), ContinueOrder: true), hr.Actor, RequestContext.None));
            Assert.Equal("departure-already-open", await app.RefusalAsync(new AnswerRenewal(RenewalId.From(traces.Renewal), RenewalAnswer.Ends), hr.Actor, RequestContext.None));

            // A file of theirs opens no second one; they are told before, whoever reads the same lines is not.
            using var theirs = await app.AsAsync(hr.Actor);
            using var form = new MultipartFormDataContent { { new ByteArrayContent("Mails;Dernier jour\nzoe@alteo.example;20/12/2030\n"u8.ToArray()), "file", "départs.csv" } };
            using var sent = await theirs.PostAsync(new Uri("/api/v1/imports?kind=departures", UriKind.Relative), form, Now);
            var import = System.Text.Json.Nodes.JsonNode.Parse(await sent.Content.ReadAsStringAsync(Now))!;
            Assert.True(sent.IsSuccessStatusCode, import.ToJsonString());
            var lines = new Uri($"/api/v1/imports/{import["id"]}/lines", UriKind.Relative);
            using var others = await app.AsAsync(Lookers.Single(looker => looker.Name == "it").Actor);
            Assert.Contains("under embargo", await theirs.GetStringAsync(lines, Now), StringComparison.Ordinal);
            Assert.DoesNotContain("embargo", await others.GetStringAsync(lines, Now), StringComparison.Ordinal);
            Assert.True((await theirs.PostAsync(new Uri($"/api/v1/imports/{import["id"]}/apply", UriKind.Relative), null, Now)).IsSuccessStatusCode);
            Assert.Equal((0, 0, 0, 1), (await app.AppliedAsync(import)).Counts());
            var told = await others.GetStringAsync(lines, Now);
            Assert.Contains("no departure to open any more", told, StringComparison.Ordinal);
            Assert.DoesNotContain("embargo", told, StringComparison.Ordinal);
            Assert.Single((await app.AskAsync(new ListDepartures(Person: PersonId.From(traces.Person)))).Items);
        }

        private async Task<Looker> SignInAsync(string name, Guid? person, params Role[] roles)
        {
            var user = await app.AddUserAsync($"{name}@entreprise.example", Password, name, roles);
            if (person is { } who)
            {
                Assert.Null(await app.RefusalAsync(new BindUser(user, PersonId.From(who)), Actor.Console, RequestContext.None));
            }

            var bound = name switch { "manager" or "manager-of-another" => [Role.Manager], "leaver" => [Role.Consultant], "successor" => [Role.Successor], _ => Array.Empty<Role>() };
            var actor = new Actor(user.Value, person, name, roles.Concat(bound).ToHashSet(), Via.Api);
            return new(name, actor, LabRun.IsLong || name is "everything" or "manager" or "leaver" ? await app.AsAsync(actor with { Roles = roles.ToHashSet() }) : null);
        }
    }
}

/// <summary>The same on PostgreSQL; the walk itself in <c>./test --long</c>.</summary>
[OnPostgreSql]
public sealed class EmbargoOnPostgreSqlTests : EmbargoTests
{
    protected override bool ByDefault => false;
}
