using System.Net;
using Depart.Departures;
using Depart.Departures.Embargoes;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Given;
using Depart.Missions;
using Depart.Proof;
using Depart.Step5Close.Accounts;
using Depart.Step7OnePlatform.Search;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Interfaces.SignIn;

/// <summary>A role granted for the departures of some units counts there, and nowhere else (PRV4).</summary>
public class RolesWithinTests : IAsyncLifetime
{
    private const string Password = "une phrase de passe assez longue 7";

    private DepartApp app = null!;
    private Guid lyonPerson;
    private Guid lyonMission;
    private Guid lyon;
    private Guid parisMission;
    private Guid paris;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        app = await DepartApp.StartAsync();
        (lyonPerson, lyonMission, lyon) = await OpenedAsync("Zoë", "Quintrec", "DSI Lyon");
        (_, parisMission, paris) = await OpenedAsync("Hugo", "Mercier", "DSI Paris");
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(Role.Hr)]
    [InlineData(Role.It)]
    [InlineData(Role.Security)]
    [InlineData(Role.Auditor)]
    public async Task Nothing_that_can_be_asked_tells_of_the_departure_of_another_unit(Role role)
    {
        var user = await WithinAsync(role, "DSI Paris");
        var looker = new Looker("within", user, await app.AsAsync(user));
        var task = await FirstTaskAsync(lyon);
        var account = Guid.Parse((await AccountAsync(lyonPerson)));
        var traces = new Traces(lyon, task.Id.Value, Guid.NewGuid(), Guid.NewGuid(), lyonPerson, lyonMission, "Quintrec", account) { User = user.User!.Value, System = Guid.NewGuid(), Renewal = Guid.NewGuid() };
        var nothing = traces.OfNothing();
        var walk = new Walk(app);

        var asked = await walk.AskAsync(looker, traces);
        List<string> wrong =
        [
            .. Walk.Differences(Refusals(await walk.AskAsync(looker, nothing)), Refusals(asked)),
            .. Walk.Differences(Refusals(await walk.GetAsync(looker, nothing)), Refusals(await walk.GetAsync(looker, traces))),
            .. Walk.Differences(Refusals(await walk.SendAsync(looker, nothing)), Refusals(await walk.SendAsync(looker, traces))),
        ];
        wrong.AddRange(asked.Where(answer => answer.Value.Contains("Quintrec", StringComparison.Ordinal)).Select(answer => $"{answer.Key}: {answer.Value}"));

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Lists_counts_search_and_filters_hold_the_departures_of_the_units_alone()
    {
        var hr = await WithinAsync(Role.Hr, "DSI Paris");

        Assert.Equal(["Hugo Mercier"], (await app.AskAsync(new ListDepartures(), hr)).Items.Select(row => row.Name));
        Assert.Equal(1, (await app.AskAsync(new CountDepartures(), hr)).Values.Sum(count => count.Count));
        Assert.Equal(["DSI Paris"], (await app.AskAsync(new OfferDepartureFilters(), hr)).Units);
        Assert.Empty((await app.AskAsync(new FindAnything("quintrec"), hr)).SelectMany(found => found.Items));
        Assert.Contains((await app.AskAsync(new FindAnything("mercier"), hr)).SelectMany(found => found.Items), found => found.Kind == FindingKind.Departure);
    }

    [Fact]
    public async Task The_tasks_of_a_role_are_theirs_where_they_hold_it()
    {
        var hr = await WithinAsync(Role.Hr, "DSI Paris");
        var everywhere = await UserAsync("partout", Role.Hr);

        Assert.All((await app.AskAsync(new ListMyTasks(), hr)).Items, task => Assert.Equal(paris, task.Departure.Value));
        Assert.NotEmpty((await app.AskAsync(new ListMyTasks(), hr)).Items);
        Assert.Equal(new[] { lyon, paris }.Order(), (await app.AskAsync(new ListMyTasks(Size: 200), everywhere)).Items.Select(task => task.Departure.Value).Distinct().Order());
        Assert.Null(await app.TryAsync(new GetTask((await FirstTaskAsync(paris)).Id), hr));
        Assert.Equal("not-found", await app.TryAsync(new GetTask((await FirstTaskAsync(lyon)).Id), hr));
    }

    [Fact]
    public async Task They_act_on_the_departures_of_their_units_as_the_role_does_and_on_no_other()
    {
        var (hr, it) = (await WithinAsync(Role.Hr, "DSI Paris"), await WithinAsync(Role.It, "DSI Paris"));
        var task = await FirstTaskAsync(paris);

        Assert.Null(await app.RefusalAsync(new RescheduleDeparture(DepartureId.From(paris), new DateOnly(2030, 12, 19)), hr, RequestContext.None));
        Assert.Equal("forbidden", await app.RefusalAsync(new RescheduleDeparture(DepartureId.From(lyon), new DateOnly(2030, 12, 19)), hr, RequestContext.None));
        Assert.Null(await app.RefusalAsync(new SkipTask(DepartureId.From(paris), task.Id, "Sans objet ici."), hr, RequestContext.None));
        Assert.Null(await app.TryAsync(new PlanDisconnection(PersonId.From(await PersonOfAsync(parisMission)), Departure: DepartureId.From(paris)), it));
        Assert.Equal("forbidden", await app.TryAsync(new PlanDisconnection(PersonId.From(lyonPerson), Departure: DepartureId.From(lyon)), it));
        Assert.Null(await app.RefusalAsync(new CancelDeparture(DepartureId.From(paris)), hr, RequestContext.None));
        Assert.Null(await app.RefusalAsync(new OpenDeparture(MissionId.From(parisMission), new DateOnly(2030, 12, 20)), hr, RequestContext.None));
        Assert.Equal("not-found", await app.RefusalAsync(new OpenDeparture(MissionId.From(lyonMission), new DateOnly(2030, 12, 20)), hr, RequestContext.None));
    }

    [Fact]
    public async Task What_counts_beyond_a_unit_is_not_theirs()
    {
        var (it, security, auditor) = (await WithinAsync(Role.It, "DSI Paris"), await WithinAsync(Role.Security, "DSI Paris"), await WithinAsync(Role.Auditor, "DSI Paris"));
        var person = PersonId.From(await PersonOfAsync(parisMission));

        Assert.Equal("forbidden", await app.TryAsync(new ListSystems(), it));
        Assert.Equal("forbidden", await app.TryAsync(new ListPeople(), it));
        Assert.Equal("forbidden", await app.TryAsync(new ConfirmAccount(AccountId.From(Guid.NewGuid()), person), it));
        Assert.Equal("forbidden", await app.TryAsync(new DisableUser(UserId.From(it.User!.Value)), security));
        Assert.Equal("forbidden", await app.TryAsync(new ReadJournal(), auditor));
    }

    [Fact]
    public async Task Somebody_who_works_for_two_units_is_planned_by_neither_alone()
    {
        var it = await WithinAsync(Role.It, "DSI Paris");
        var person = PersonId.From(await PersonOfAsync(parisMission));
        Assert.True((await app.SendAsync(new AddMission(person, new MissionContent("Astreintes", Unit: "DSI Lyon")), Actor.Console)).Ok);

        Assert.Equal("forbidden", await app.TryAsync(new PlanDisconnection(person, Departure: DepartureId.From(paris)), it));
        Assert.Null(await app.TryAsync(new GetDeparture(DepartureId.From(paris)), it));
    }

    [Fact]
    public async Task A_mission_that_changes_unit_takes_its_departure_with_it_at_once()
    {
        var hr = await WithinAsync(Role.Hr, "DSI Paris");

        Assert.Null(await app.RefusalAsync(new ChangeMission(MissionId.From(lyonMission), new MissionContent("Refonte du portail", Unit: "DSI Paris")), Actor.Console, RequestContext.None));

        Assert.Equal(2, (await app.AskAsync(new ListDepartures(), hr)).Items.Count);
        Assert.Null(await app.TryAsync(new GetDeparture(DepartureId.From(lyon)), hr));
    }

    [Fact]
    public async Task Mails_about_what_lies_with_a_role_go_to_whoever_holds_it_there()
    {
        var hr = await WithinAsync(Role.Hr, "DSI Paris");
        var everywhere = await UserAsync("partout", Role.Hr);

        Assert.Equal(new[] { hr.User!.Value, everywhere.User!.Value }.Order(), await ReadersAsync("DSI Paris"));
        Assert.Equal([everywhere.User!.Value], await ReadersAsync("DSI Lyon"));
        Assert.Equal([everywhere.User!.Value], await ReadersAsync(null));
    }

    [Fact]
    public async Task A_digest_names_what_is_theirs_there()
    {
        var hr = await WithinAsync(Role.Hr, "DSI Paris");
        await app.WithDataAsync(db => db.Set<DepartureTask>().Where(task => task.PendingDue != null).ExecuteUpdateAsync(set => set.SetProperty(task => task.PendingDue, TimeProvider.System.GetUtcNow().AddHours(-1)), Now));

        var digest = await new Walk(app).DigestAsync(hr.User!.Value);

        Assert.Contains("Mercier", digest, StringComparison.Ordinal);
        Assert.DoesNotContain("Quintrec", digest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_away_is_stood_in_for_where_they_hold_the_role_and_not_beyond()
    {
        var (hr, colleague) = (await WithinAsync(Role.Hr, "DSI Paris"), await UserAsync("collègue", Role.Auditor));
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        Assert.Null(await app.RefusalAsync(new NameSubstitute(colleague.User!.Value, today.AddDays(-1), today.AddDays(2)), hr, RequestContext.None));

        var tasks = (await app.AskAsync(new ListMyTasks(Size: 200), colleague)).Items;

        Assert.NotEmpty(tasks);
        Assert.All(tasks, task => Assert.Equal(paris, task.Departure.Value));
        Assert.Null(await app.RefusalAsync(new CompleteTask(DepartureId.From(paris), tasks.First(task => task.OneClick).Id), colleague, RequestContext.None));
        Assert.NotNull(await app.RefusalAsync(new CompleteTask(DepartureId.From(lyon), (await FirstTaskAsync(lyon)).Id), colleague, RequestContext.None));
    }

    [Fact]
    public async Task Pages_of_departures_open_and_those_of_the_house_do_not()
    {
        await WithinAsync(Role.Hr, "DSI Paris");
        using var browser = app.Browse();
        await browser.PostFormAsync("/sign-in", ("mail", "hr@entreprise.example"), ("password", Password));

        var list = await browser.Http.GetStringAsync(new Uri("/departures", UriKind.Relative), Now);
        Assert.Contains("Mercier", list, StringComparison.Ordinal);
        Assert.DoesNotContain("Quintrec", list, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await browser.AskAsync($"/departures/{paris}"));
        Assert.Equal(HttpStatusCode.Forbidden, await browser.AskAsync($"/departures/{lyon}"));
        Assert.Equal(HttpStatusCode.Forbidden, await browser.AskAsync("/people"));
    }

    [Fact]
    public async Task A_role_within_units_is_granted_replaced_and_withdrawn_and_users_show_by_whom()
    {
        var user = await UserAsync("hr", Role.It);
        var id = UserId.From(user.User!.Value);

        Assert.Null(await app.RefusalAsync(new GrantRole(id, Role.It, ["DSI Lyon", "DSI Paris"]), Actor.Console, RequestContext.None));
        var shown = (await app.AskAsync(new ListUsers())).Single(row => row.Id == id);
        Assert.Empty(shown.Roles);
        Assert.Equal(["DSI Lyon", "DSI Paris"], Assert.Single(shown.Within).Units);
        Assert.Equal("console", Assert.Single(shown.Given).By);
        var granted = (await app.AskAsync(new ReadJournal(Fact.House, "user.role-granted"))).Items[0];
        Assert.Contains(("units", "DSI Lyon · DSI Paris"), (await app.AskAsync(new ReadJournalEntry(granted.Chain, granted.Sequence))).Values);

        Assert.Null(await app.RefusalAsync(new GrantRole(id, Role.It), Actor.Console, RequestContext.None));
        Assert.Equal([Role.It], (await app.AskAsync(new ListUsers())).Single(row => row.Id == id).Roles);

        Assert.Null(await app.RefusalAsync(new GrantRole(id, Role.It, ["DSI Lyon"]), Actor.Console, RequestContext.None));
        Assert.Null(await app.RefusalAsync(new WithdrawRole(id, Role.It), Actor.Console, RequestContext.None));
        shown = (await app.AskAsync(new ListUsers())).Single(row => row.Id == id);
        Assert.Empty(shown.Roles);
        Assert.Empty(shown.Within);
        Assert.Empty(shown.Given);
    }

    [Fact]
    public async Task A_unit_that_no_mission_bears_is_refused_by_name_and_so_is_a_limit_to_administrators()
    {
        var id = UserId.From((await UserAsync("hr", Role.Hr)).User!.Value);

        var unknown = (await app.SendAsync(new GrantRole(id, Role.Hr, ["DSI Lille"]), Actor.Console)).Problem!;

        Assert.Equal(("no-such-unit", "Within"), (unknown.Code, unknown.Field));
        Assert.Contains("DSI Lille", unknown.Message.Fr, StringComparison.Ordinal);
        Assert.Equal("role-not-limited", await app.RefusalAsync(new GrantRole(id, Role.Admin, ["DSI Lyon"]), Actor.Console, RequestContext.None));
        Assert.Equal([Role.Hr], (await app.AskAsync(new ListUsers())).Single(row => row.Id == id).Roles);
    }

    [Fact]
    public async Task The_command_line_grants_a_role_for_some_units_and_shows_it()
    {
        await UserAsync("hr");

        var granted = await app.RunAsync("users", "grant", "hr@entreprise.example", "hr", "--unit", "DSI Paris");
        var refused = await app.RunAsync("users", "grant", "hr@entreprise.example", "it", "--unit", "DSI Lille");

        Assert.True(granted.Code == 0, granted.Output + granted.Error);
        Assert.Contains("hr (DSI Paris)", granted.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("DSI Lille", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>One kind of refusal is as good as another: of tasks, that a number nobody can guess stands for one is told, and nothing else.</summary>
    private static SortedDictionary<string, string> Refusals(SortedDictionary<string, string> answers) => new(
        answers.ToDictionary(pair => pair.Key, pair => pair.Value is ['4', '0', '3' or '4', ..] || pair.Value.StartsWith("Forbidden ", StringComparison.Ordinal) || pair.Value.StartsWith("NotFound ", StringComparison.Ordinal) ? "refused" : pair.Value),
        StringComparer.Ordinal);

    private async Task<(Guid Person, Guid Mission, Guid Departure)> OpenedAsync(string given, string family, string unit)
    {
        var (person, mission) = await app.AddPersonAsync(given, family, $"{family.ToLowerInvariant()}@alteo.example", "Altéo Conseil");
        Assert.Null(await app.RefusalAsync(new ChangeMission(MissionId.From(mission), new MissionContent("Refonte du portail", Unit: unit, Supplier: "Altéo Conseil")), Actor.Console, RequestContext.None));
        return (person, mission, await app.OpenAsync(mission));
    }

    private async Task<Actor> UserAsync(string name, params Role[] roles) =>
        new((await app.AddUserAsync($"{name.Replace('è', 'e')}@entreprise.example", Password, name, roles)).Value, null, name, roles.ToHashSet(), Via.Api);

    /// <summary>Somebody who holds a role within units, as a session of theirs would say.</summary>
    private async Task<Actor> WithinAsync(Role role, params string[] units)
    {
        var user = await UserAsync(role.ToString().ToLowerInvariant());
        Assert.Null(await app.RefusalAsync(new GrantRole(UserId.From(user.User!.Value), role, units), Actor.Console, RequestContext.None));
        return user with { Within = RolesWithin.None.With(role, units) };
    }

    private async Task<DepartureTask> FirstTaskAsync(Guid departure)
    {
        DepartureTask? found = null;
        await app.WithDataAsync(async db => found = await db.Set<DepartureTask>().AsNoTracking().Where(task => task.Departure == DepartureId.From(departure) && task.State == DepartureTaskState.Open && task.Owner == Processes.TaskOwner.Hr).OrderBy(task => task.Place).FirstAsync(Now));
        return found!;
    }

    private async Task<Guid> PersonOfAsync(Guid mission)
    {
        var found = Guid.Empty;
        await app.WithDataAsync(async db => found = (await db.Set<Mission>().Where(row => row.Id == MissionId.From(mission)).Select(row => row.Person).SingleAsync(Now)).Value);
        return found;
    }

    private async Task<string> AccountAsync(Guid person)
    {
        var system = (await app.PostAsync("/api/v1/systems", new
        {
            name = "Badges de Lyon", connector = "manual",
            settings = new Dictionary<string, string> { ["InstructionsFr"] = "Retirer le badge.", ["InstructionsEn"] = "Withdraw the badge.", ["Owner"] = "Accueil" },
        }))!.ToString();
        var account = (await app.PostAsync("/api/v1/accounts", new { system, login = "badge 4711", person }))!;
        return account is System.Text.Json.Nodes.JsonObject row ? row["id"]!.ToString() : account.ToString();
    }

    private Task<List<Guid>> ReadersAsync(string? unit) => app.AsEngineAsync(async services =>
        (await services.GetRequiredService<TaskReaders>().OfDeskAsync(TaskDesk.OfRole(Role.Hr), PersonId.From(Guid.NewGuid()), unit, Now)).Select(reader => reader.User!.Id).Order().ToList());
}

/// <summary>The same on PostgreSQL.</summary>
[OnPostgreSql(InLongRun = true)]
public sealed class RolesWithinOnPostgreSqlTests : RolesWithinTests;
