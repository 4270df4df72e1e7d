using System.Text.Json.Nodes;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Given;
using Depart.Processes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Departures.Tasks;

/// <summary>What people are told once a day, and who stands in for whoever is away.</summary>
public sealed class DigestTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_working_day_at_their_hour_everybody_with_something_to_do_gets_one_digest_and_nobody_else()
    {
        await using var house = await EngineAlone.StartAsync(start: false, at: new(2026, 12, 14, 5, 0, 0, TimeSpan.Zero));
        await house.PublishAsync(
            TaskHouse.Asked("late", offset: "-3 days"), TaskHouse.Asked("today", at: "17:00"), TaskHouse.Asked("soon", offset: "5 days"), TaskHouse.Asked("far", offset: "30 days"),
            TaskHouse.Asked("waits", offset: "6 days", after: "soon"), TaskHouse.Asked("it", TaskOwner.It, offset: "20 days"));
        var (agnes, paul) = (await house.UserAsync("agnes", null, Role.Hr), await house.UserAsync("paul", null, Role.Hr));
        await house.UserAsync("karim", null, Role.It);
        var off = await house.UserAsync("off", null, Role.Hr);
        Assert.Equal("hour-quiet", (await house.SendAsync(new ChooseDigest(true, new(6, 0)), TaskHouse.As(paul, null, Role.Hr))).Problem?.Code);
        Assert.Equal("zone-unknown", (await house.SendAsync(new ChooseDigest(true, new(9, 0), "Mars/Base"), TaskHouse.As(paul, null, Role.Hr))).Problem?.Code);
        Assert.Null((await house.SendAsync(new ChooseDigest(true, new(9, 0), "America/Montreal"), TaskHouse.As(paul, null, Role.Hr))).Problem);
        Assert.Null((await house.SendAsync(new ChooseDigest(false, new(9, 0)), TaskHouse.As(off, null, Role.Hr))).Problem);
        await house.SendAsync(new KeepDigestClock());
        await house.SendAsync(new KeepDigestClock());
        Assert.Single(await house.ItemsAsync(), item => item is { Kind: DigestClock.WorkKind, State: WorkState.Pending });
        var departure = await house.OpenAsync("Perrin", new(2026, 12, 18), announce: new(2026, 12, 1));
        await house.BeginAsync();

        // Monday to Friday, then the weekend; the hours of both zones.
        foreach (var instant in new[] { "2026-12-14T06:59:59Z", "2026-12-14T07:00:00Z", "2026-12-14T13:59:59Z", "2026-12-14T14:00:00Z", "2026-12-14T20:00:00Z", "2026-12-18T07:00:00Z", "2026-12-18T14:00:00Z", "2026-12-19T14:00:00Z", "2026-12-20T14:00:00Z" })
        {
            house.Clock.SetUtcNow(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture));
            await house.SettledAsync();
        }

        var told = await DigestsAsync(house);
        Assert.Equal(
            new[] { $"digest-{agnes:N}-2026-12-14 07:00", $"digest-{agnes:N}-2026-12-18 07:00", $"digest-{paul:N}-2026-12-14 14:00", $"digest-{paul:N}-2026-12-18 14:00" }.Order(StringComparer.Ordinal),
            told.Select(digest => $"{digest.Key} {digest.DueAt:HH:mm}").Order(StringComparer.Ordinal));
        var friday = told.Single(digest => digest.Key == $"digest-{agnes:N}-2026-12-18").Values;
        Assert.Equal((1, 1, 1), (friday["late"]!.AsArray().Count, friday["today"]!.AsArray().Count, friday["coming"]!.AsArray().Count));
        Assert.Equal("late à faire", friday["late"]![0]!["task"]!.ToString());
        Assert.Equal($"/tasks/{(await house.TasksAsync(departure))["today"].Id}", friday["today"]![0]!["path"]!.ToString());

        // The same, as it would be now; and nothing to say, no mail.
        Assert.NotNull(await PreviewAsync(house, agnes));
        foreach (var task in (await house.TasksAsync(departure)).Values.Where(task => task.IsPending).OrderBy(task => task.State == DepartureTaskState.Waiting).ThenBy(task => task.Place))
        {
            await house.SendAsync(new CompleteTask(departure, task.Id, "fait"), Actor.Console);
        }

        // All is cut and settled: HR is told that the departure can be closed, and then nothing more.
        Assert.Contains("À clore", (await PreviewAsync(house, agnes))!.Html, StringComparison.Ordinal);
        Assert.Null((await house.SendAsync(new CloseDeparture(departure), Actor.Console)).Problem);
        Assert.Null(await PreviewAsync(house, agnes));
        house.Clock.SetUtcNow(new(2026, 12, 21, 20, 0, 0, TimeSpan.Zero));
        await house.SettledAsync();
        Assert.Equal(told.Count, (await DigestsAsync(house)).Count);
        Assert.Single(await house.ItemsAsync(), item => item is { Kind: DigestClock.WorkKind, State: WorkState.Pending });
    }

    [Fact]
    public async Task Who_is_away_is_stood_in_for_in_lists_and_mails_and_has_their_tasks_back_after_without_chains_or_rings_or_ones_own_departure()
    {
        await using var house = await EngineAlone.StartAsync(start: false, at: new(2026, 12, 14, 5, 0, 0, TimeSpan.Zero));
        await house.PublishAsync(TaskHouse.Asked("manager", TaskOwner.Manager, reminders: ["2 days"]), TaskHouse.Asked("hr"));
        var (roux, perrin) = (await house.PersonAsync("Roux"), await house.PersonAsync("Perrin"));
        var (agnes, zoe) = (await house.UserAsync("agnes", roux), await house.UserAsync("zoe", perrin));
        var (paul, lea) = (await house.UserAsync("paul", null), await house.UserAsync("lea", null, Role.Admin));
        var departure = await house.OpenAsync("Perrin", new(2026, 12, 18), announce: new(2026, 12, 1), person: perrin, manager: roux);
        var task = (await house.TasksAsync(departure))["manager"];
        var (asPaul, asAgnes, asZoe) = (TaskHouse.As(paul, null), TaskHouse.As(agnes, roux, Role.Manager), TaskHouse.As(zoe, perrin, Role.Consultant));
        DateOnly monday = new(2026, 12, 14), wednesday = new(2026, 12, 16);
        Assert.Equal("task-not-yours", (await house.SendAsync(new CompleteTask(departure, task.Id), asPaul)).Problem?.Code);

        Assert.Equal("own-substitute", await PlanAsync(agnes, agnes, monday, wednesday, asAgnes));
        Assert.Equal("absence-backwards", await PlanAsync(agnes, paul, wednesday, monday, asAgnes));
        Assert.Equal("absence-over", await PlanAsync(agnes, paul, monday.AddDays(-9), monday.AddDays(-1), asAgnes));
        Assert.Equal("absence-too-long", await PlanAsync(agnes, paul, monday, monday.AddDays(366), asAgnes));
        Assert.Equal("user-unknown", await PlanAsync(agnes, Guid.NewGuid(), monday, wednesday, asAgnes));
        Assert.Equal("forbidden", await PlanAsync(agnes, paul, monday, wednesday, asPaul));
        Assert.Null(await PlanAsync(agnes, paul, monday, wednesday, asAgnes));
        Assert.Equal("absence-overlaps", await PlanAsync(agnes, lea, wednesday, wednesday, asAgnes));
        Assert.Equal("absence-of-substitute", await PlanAsync(paul, lea, wednesday, wednesday.AddDays(9), asPaul));
        Assert.Equal("substitute-away", await PlanAsync(paul, agnes, monday, wednesday, TaskHouse.As(lea, null, Role.Admin)));
        Assert.Equal("substitute-away", await PlanAsync(lea, agnes, monday, monday, TaskHouse.As(lea, null, Role.Admin)));

        // Monday to Wednesday it is on Paul's list, which says for whom, and in his mails.
        var row = Assert.Single((await AskAsync(house, new ListMyTasks(), asPaul)).Items);
        Assert.Equal((task.Id, "agnes"), (row.Id, row.StandsFor));
        Assert.Equal(1, (await AskAsync(house, new CountMyTasks(), asPaul)).Coming);
        Assert.Equal("paul", (await AskAsync(house, new GetTask(task.Id), asAgnes)).Away);
        Assert.Single((await AskAsync(house, new ListMyTasks(), asAgnes)).Items);
        await house.BeginAsync();
        house.Clock.SetUtcNow(new(2026, 12, 16, 9, 0, 0, TimeSpan.Zero));
        await house.SettledAsync();
        var mail = Assert.Single(await house.MailsAsync(), mail => mail.Key!.Contains(task.Id.ToString(), StringComparison.Ordinal));
        Assert.EndsWith($"user-{paul:N}", mail.Key, StringComparison.Ordinal);
        Assert.Contains("\"stands_for\":\"agnes\"", (await ValuesAsync(house, mail)).ToJsonString(), StringComparison.Ordinal);
        Assert.Null((await house.SendAsync(new CommentTask(departure, task.Id, "Vu avec Agnès"), asPaul)).Problem);

        // Thursday it is Agnès' alone again.
        house.Clock.SetUtcNow(new(2026, 12, 17, 9, 0, 0, TimeSpan.Zero));
        Assert.Empty((await AskAsync(house, new ListMyTasks(), asPaul)).Items);
        Assert.Equal("task-not-yours", (await house.SendAsync(new CompleteTask(departure, task.Id), asPaul)).Problem?.Code);

        // Whoever leaves stands in for their manager in anything but their own departure.
        Assert.Null(await PlanAsync(agnes, zoe, wednesday.AddDays(1), wednesday.AddDays(3), TaskHouse.As(lea, null, Role.Admin)));
        Assert.Empty((await AskAsync(house, new ListMyTasks(), asZoe)).Items);
        Assert.Equal("own-departure", (await house.SendAsync(new CompleteTask(departure, task.Id), asZoe)).Problem?.Code);
        var planned = Assert.Single(await AskAsync(house, new ListAbsences(), asZoe));
        Assert.Equal("not-found", (await house.SendAsync(new EndAbsence(planned.Id), asZoe)).Problem?.Code);
        Assert.Null((await house.SendAsync(new EndAbsence(planned.Id), asAgnes)).Problem);
        Assert.Equal("task-not-yours", (await house.SendAsync(new CompleteTask(departure, task.Id), asZoe)).Problem?.Code);
        Assert.Null((await house.SendAsync(new CompleteTask(departure, task.Id), asAgnes)).Problem);

        // What a role is asked for stays with the others who hold it; while none of them is there it is on the list of a substitute too.
        var ines = await house.UserAsync("ines", null, Role.Hr);
        Assert.Null(await PlanAsync(ines, paul, wednesday, wednesday.AddDays(3), TaskHouse.As(lea, null, Role.Admin)));
        var deserted = Assert.Single((await AskAsync(house, new ListMyTasks(), asPaul)).Items);
        Assert.Equal(((await house.TasksAsync(departure))["hr"].Id, "ines"), (deserted.Id, deserted.StandsFor));
        Assert.Null((await house.SendAsync(new CommentTask(departure, deserted.Id, "Vu"), asPaul)).Problem);
        await house.UserAsync("omar", null, Role.Hr);
        Assert.Empty((await AskAsync(house, new ListMyTasks(), asPaul)).Items);

        async Task<string?> PlanAsync(Guid user, Guid substitute, DateOnly from, DateOnly until, Actor actor) =>
            (await house.SendAsync(new NameSubstitute(substitute, from, until, user), actor)).Problem?.Code;
    }

    private static async Task<RenderedMail?> PreviewAsync(EngineAlone house, Guid user) => (await AskAsync(house, new GetDigest(), TaskHouse.As(user, null, Role.Hr))).Now;

    private static async Task<T> AskAsync<T>(EngineAlone house, IQuery<T> query, Actor actor)
    {
        await using var scope = house.Open();
        var answer = await scope.ServiceProvider.GetRequiredService<Dispatcher>().AskAsync(query, actor, Now);
        Assert.True(answer.Ok, answer.Problem?.Message.En);
        return answer.Value!;
    }

    private static async Task<IReadOnlyList<(string Key, DateTimeOffset DueAt, JsonNode Values)>> DigestsAsync(EngineAlone house)
    {
        var found = new List<(string, DateTimeOffset, JsonNode)>();
        foreach (var mail in (await house.MailsAsync()).Where(mail => mail.Template == TaskDigest.Template))
        {
            found.Add((mail.Key!, mail.DueAt, await ValuesAsync(house, mail)));
        }

        return found;
    }

    private static async Task<JsonNode> ValuesAsync(EngineAlone house, OutgoingMail mail)
    {
        await using var scope = house.Open();
        return JsonNode.Parse(mail.Read(Outbox.Protector(scope.ServiceProvider.GetRequiredService<IDataProtectionProvider>()))!.Values!)!;
    }
}
