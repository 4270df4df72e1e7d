using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Given;
using Depart.Missions;
using Depart.Processes;
using Depart.Proof;
using Depart.Step5Close.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures.Embargoes;

/// <summary>What an embargo holds back and gives back; what becomes of a departure that is immediate, and of one whose leaver is not there.</summary>
public class EmbargoEndTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Under_embargo_no_task_is_on_a_desk_and_no_mail_leaves_and_both_do_when_the_cut_has_ended()
    {
        await using var house = await EngineAlone.StartAsync();
        await house.PublishAsync(
            TaskHouse.Asked("prepare", reminders: ["1 day"]), TaskHouse.Asked("sign", TaskOwner.It, "3 days", late: ("1 day", TaskOwner.Hr)));
        var hr = await house.UserAsync("hr", null, Role.Hr);
        var opener = TaskHouse.As(await house.UserAsync("rssi", null, Role.Security), null, Role.Security);
        var mission = await house.MissionAsync(await house.PersonAsync("Perrin"));
        var id = (await house.SendAsync(new OpenDeparture(mission, new DateOnly(2026, 11, 24), Template: TaskHouse.Template, Embargo: true), opener)).Value;
        await house.SendAsync(new WriteMail(new("someone@exemple.fr", "Someone", Words.French), Interfaces.Mail.TestMail.Samples[0], "key", id.ToString()));
        await house.AdvanceUntilAsync(() => Task.FromResult(house.Clock.GetUtcNow() >= new DateTimeOffset(2026, 11, 24, 11, 0, 0, TimeSpan.Zero)), TimeSpan.FromHours(6));

        Assert.True((await house.FindAsync(id)).UnderEmbargo);
        Assert.All((await house.TasksAsync(id)).Values, task => Assert.Equal(TaskDesk.Nobody, task.Desk));
        Assert.Equal(MailState.Waiting, Assert.Single(await house.MailsAsync()).State);
        Assert.Empty(await house.PendingAsync(id));

        // Sealed all the same, by a leaf that is there also when nothing hidden has moved; on its own it makes no checkpoint.
        Assert.Null((await house.SendAsync(new PrepareSigningKey())).Problem);
        Assert.Equal(1, (await SealAsync(house, id)).Of);
        Assert.Null((await house.SendAsync(new RescheduleDeparture(id, new DateOnly(2026, 11, 24), new TimeOnly(18, 5)), opener)).Problem);
        Assert.Equal((0, 0), await SealAsync(house, id));
        await house.PersonAsync("Roche");
        var with = await SealAsync(house, id);
        await house.PersonAsync("Picard");
        var without = await SealAsync(house, id);
        Assert.Equal((1, 0, with.Leaves), (with.Of, without.Of, without.Leaves));
        Assert.Equal("embargo-of-cancelled", (await CancelledAsync(house, mission, opener)).Problem?.Code);

        await house.AdvanceUntilAsync(async () => !(await house.FindAsync(id)).UnderEmbargo, TimeSpan.FromMinutes(10));

        Assert.Equal(DepartureState.Cut, (await house.FindAsync(id)).State);
        var tasks = await house.TasksAsync(id);
        Assert.Equal((TaskDesk.OfRole(Role.Hr), TaskDesk.OfRole(Role.It)), (tasks["prepare"].Desk, tasks["sign"].Desk));
        Assert.False(Assert.Single(await house.MailsAsync(), mail => mail.Key == "key").Held);
        Assert.Contains("embargo.lifted", (await house.AskAsync(new ReadJournal(id.Value.ToString("N"), Size: 200))).Items.Select(line => line.Kind));
        await house.AdvanceUntilAsync(async () => (await house.MailsAsync()).Count > 1, TimeSpan.FromHours(3));
        Assert.NotEqual(Guid.Empty, hr);
    }

    [Fact]
    public async Task An_immediate_departure_asks_for_the_password_cuts_at_once_and_follows_the_template_made_for_it()
    {
        await using var house = await EngineAlone.StartAsync();
        Assert.Null((await house.SendAsync(new InstallShippedTemplates())).Problem);
        var it = TaskHouse.As(await house.UserAsync("it", null, Role.It), null, Role.It);
        var mission = await house.MissionAsync(await house.PersonAsync("Perrin"));

        Assert.Equal("prove-again", (await house.SendAsync(new OpenImmediate(mission, DepartureReason.Security), it)).Problem?.Code);
        Assert.Equal("required", (await house.SendAsync(new OpenImmediate(mission, null), Actor.Console)).Problem?.Code);
        var id = (await house.SendAsync(new OpenImmediate(mission, DepartureReason.Security), it with { Via = Via.Api })).Value;
        await house.AdvanceUntilAsync(async () => !(await house.FindAsync(id)).UnderEmbargo, TimeSpan.FromSeconds(5));

        var cut = await house.FindAsync(id);
        Assert.Equal((DepartureState.Cut, DepartureKind.Immediate, DepartureReason.Security), (cut.State, cut.Kind, cut.Reason));
        Assert.Contains("decision-record", (await house.TasksAsync(id)).Keys);

        // A planned one that is cut at once: what is still to be done is planned anew behind the cut.
        var planned = (await house.SendAsync(new OpenDeparture(await house.MissionAsync(await house.PersonAsync("Mercier")), new DateOnly(2026, 12, 18)), Actor.Console)).Value;
        var before = await house.TasksAsync(planned);
        Assert.Null((await house.SendAsync(new Disconnect(planned, Immediate: true, DepartureReason.EarlyEnd), it with { Via = Via.Api })).Problem);
        var after = await house.ReadAsync(db => db.Set<DepartureTask>().AsNoTracking().Where(task => task.Departure == planned).ToListAsync(Now));

        Assert.DoesNotContain("decision-record", before.Keys);
        Assert.Equal(DepartureTaskState.Withdrawn, after.Single(task => task.Key == "farewell-card").State);
        var thanks = after.Single(task => task.Key == "thank");
        Assert.True(thanks.DueAt < before["thank"].DueAt, $"{before["thank"].DueAt} → {thanks.DueAt}");
        Assert.Contains(after, task => task is { Key: "private-items-appointment", IsPending: true });
        Assert.Equal(after.Count, after.Select(task => task.Key).Distinct().Count());
    }

    [Fact]
    public async Task Who_is_absent_or_replaced_is_stood_in_for_and_what_was_asked_of_them_follows()
    {
        await using var house = await EngineAlone.StartAsync();
        await house.PublishAsync(TaskHouse.Asked("handover", TaskOwner.Consultant), TaskHouse.Asked("sign", TaskOwner.Hr));
        var person = await house.PersonAsync("Perrin", supplier: "Altéo Conseil");
        var other = await house.PersonAsync("Mercier", supplier: "Altéo Conseil");
        var hr = await house.UserAsync("hr", null, Role.Hr);
        var mission = (await house.SendAsync(new AddMission(person, new("Refonte du portail", Supplier: "Altéo Conseil", OrderReference: "BC-7")), Actor.Console)).Value;
        var id = (await house.SendAsync(new OpenDeparture(mission, new DateOnly(2026, 12, 18), Template: TaskHouse.Template), Actor.Console)).Value;
        var supplier = await house.ReadAsync(db => db.Set<Mission>().Where(row => row.Id == mission).Select(row => row.Supplier!.Value).SingleAsync(Now));

        Assert.Null((await house.SendAsync(new NotePresence(id, LeaverPresence.Absent), Actor.Console)).Problem);
        Assert.Equal(TaskDesk.OfSupplier(supplier.Value), (await house.TasksAsync(id))["handover"].Desk);

        Assert.Equal("unfit", (await house.SendAsync(new NotePresence(id, LeaverPresence.Replaced, person), Actor.Console)).Problem?.Code);
        Assert.Null((await house.SendAsync(new NotePresence(id, LeaverPresence.Replaced, other, ContinueOrder: true, TasksTo: hr), Actor.Console)).Problem);
        Assert.Equal(TaskDesk.OfUser(hr), (await house.TasksAsync(id))["handover"].Desk);
        var continued = await house.ReadAsync(db => db.Set<Mission>().AsNoTracking().SingleAsync(row => row.Person == other && row.OrderReference == "BC-7", Now));
        Assert.Equal((new DateOnly(2026, 12, 19), supplier), (continued.Start!.Value, continued.Supplier!.Value));
        Assert.Equal((LeaverPresence.Replaced, "Zoë Mercier"), ((await house.AskAsync(new GetPresence(id))).Presence, (await house.AskAsync(new GetPresence(id))).ReplacedByName));

        Assert.Null((await house.SendAsync(new NotePresence(id, LeaverPresence.Present), Actor.Console)).Problem);
        Assert.Equal(TaskDesk.OfUser(hr), (await house.TasksAsync(id))["handover"].Desk);
        Assert.Equal(3, (await house.AskAsync(new ReadJournal(id.Value.ToString("N"), "departure.presence"))).Items.Count);
    }

    /// <summary>Makes a checkpoint; gives by how many leaves the log grew, and how many of them are of a departure.</summary>
    private static async Task<(long Leaves, int Of)> SealAsync(EngineAlone house, DepartureId id)
    {
        var chain = id.Value.ToString("N");
        var before = await house.ReadAsync(db => db.Set<LeafRow>().CountAsync(Now));
        Assert.Null((await house.SendAsync(new SealJournal())).Problem);
        var leaves = await house.ReadAsync(db => db.Set<LeafRow>().AsNoTracking().OrderBy(leaf => leaf.Index).Skip(before).ToListAsync(Now));
        Assert.Empty((await house.AskAsync(new CheckJournal())).Broken);
        return (leaves.Count, leaves.Count(leaf => leaf.Chain == chain));
    }

    /// <summary>One that is cancelled under embargo stays so, and cannot be let known.</summary>
    private static async Task<Outcome<Done>> CancelledAsync(EngineAlone house, MissionId mission, Actor opener)
    {
        var other = await house.MissionAsync(await house.PersonAsync("Diallo"));
        var id = (await house.SendAsync(new OpenDeparture(other, new DateOnly(2026, 12, 24), Template: TaskHouse.Template, Embargo: true), opener)).Value;
        Assert.Null((await house.SendAsync(new CancelDeparture(id), opener)).Problem);
        Assert.NotEqual(mission, other);
        return await house.SendAsync(new LiftEmbargo(id), opener);
    }
}
