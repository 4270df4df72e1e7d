using Depart.Departures.Renewals;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Given;
using Depart.Missions;
using Depart.Processes;
using Microsoft.EntityFrameworkCore;

namespace Depart.Departures;

/// <summary>Whether missions that end are renewed (DEP8), by the clock of the house.</summary>
public class RenewalTests
{
    /// <summary>Friday 20 November 2026, 18:00 in Paris.</summary>
    private static readonly DateOnly End = new(2026, 12, 28);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_asked_once_whatever_crashes_and_without_an_answer_the_departure_is_prepared_and_nobody_is_told()
    {
        var house = await StartAsync();
        var manager = await house.PersonAsync("Morvan");
        await house.UserAsync("isabelle", manager);
        await house.UserAsync("claire", null, Role.Hr);
        var leaver = await house.PersonAsync("Lefèvre");
        var leaverUser = await house.UserAsync("zoe", leaver);
        var mission = await house.MissionAsync(leaver, manager, End);
        await house.MissionAsync(await house.PersonAsync("Loin"), manager, End.AddDays(60));

        // Not before the thirtieth day.
        await house.AdvanceUntilAsync(async () => house.Clock.GetUtcNow() >= new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero) && await Task.FromResult(true), TimeSpan.FromHours(6));
        Assert.Empty(await RenewalsAsync(house));
        await house.AdvanceUntilAsync(async () => (await RenewalsAsync(house)).Count > 0, TimeSpan.FromHours(6));
        var asked = Assert.Single(await RenewalsAsync(house));
        Assert.Equal((mission, End, RenewalState.Asked, new DateOnly(2026, 12, 18)), (asked.Mission, asked.End, asked.State, asked.PrepareOn));
        Assert.Equal(new DateTimeOffset(2026, 11, 28, 7, 0, 0, TimeSpan.Zero), Rounded(asked.AskedAt));
        Assert.Equal(["claire@alteo.example", "isabelle@alteo.example"], await AddressesAsync(house));

        // Killed and started again: nothing is asked twice.
        await house.CrashAsync();
        await using var again = await EngineAlone.StartAsync(house);
        again.Script.Dead = false;
        Assert.Null((await again.SendAsync(new PlanRenewals(AtOnce: true))).Problem);
        await again.SettledAsync();
        Assert.Single(await RenewalsAsync(again));
        Assert.Equal(2, (await again.MailsAsync()).Count);

        await again.AdvanceUntilAsync(async () => (await RenewalsAsync(again)).Single().Departure is not null, TimeSpan.FromHours(6));
        Assert.Equal(new DateOnly(2026, 12, 18), DateOnly.FromDateTime(again.Clock.GetUtcNow().UtcDateTime));
        var prepared = await again.FindAsync((await RenewalsAsync(again)).Single().Departure!.Value);
        Assert.Equal((End, true, DepartureState.Open), (prepared.LastDay, prepared.Prepared, prepared.State));
        Assert.Empty(await again.TasksAsync(prepared.Id));
        Assert.Equal(2, (await again.MailsAsync()).Count);
        Assert.Single(await again.PendingAsync(prepared.Id, Departure.CutDue));

        // The leaver is not even a consultant on the way out, and the end holds.
        await using (var scope = again.Open())
        {
            var binding = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<IDepartureBinding>(scope.ServiceProvider);
            Assert.DoesNotContain(Role.Consultant, await binding.RolesOfAsync(leaver.Value, Cancellation));
        }

        var hr = TaskHouse.As(Guid.CreateVersion7(), null, Role.Hr);
        Assert.Equal("departure-only-prepared", (await again.SendAsync(new RescheduleDeparture(prepared.Id, End.AddDays(30)), hr)).Problem?.Code);
        Assert.Equal("departure-only-prepared", (await again.SendAsync(new CancelDeparture(prepared.Id), hr)).Problem?.Code);

        // A bridge: five business days in all, over the first of January, by a named person.
        Assert.Equal("own-departure", (await again.SendAsync(new GrantBridge(asked.Id, 1, "Commande en cours"), TaskHouse.As(leaverUser, leaver, Role.Hr))).Problem?.Code);
        Assert.Equal("named-person", (await again.SendAsync(new GrantBridge(asked.Id, 1, "Commande en cours"), Actor.Console)).Problem?.Code);
        Assert.Null((await again.SendAsync(new GrantBridge(asked.Id, 4, "Commande en cours"), hr)).Problem);
        Assert.Equal("out-of-range", (await again.SendAsync(new GrantBridge(asked.Id, 2, "Encore"), hr)).Problem?.Code);
        var bridged = await again.FindAsync(prepared.Id);
        Assert.Equal((new DateOnly(2027, 1, 4), true, End.AddDays(7)), (bridged.LastDay, bridged.Prepared, bridged.MissionEnd));
        Assert.Single(await again.PendingAsync(prepared.Id, Departure.CutDue));

        // Answered after all: a departure like any other, with its tasks.
        Assert.Null((await again.SendAsync(new AnswerRenewal(asked.Id, RenewalAnswer.NotKnown), hr)).Problem);
        Assert.Null((await again.SendAsync(new AnswerRenewal(asked.Id, RenewalAnswer.Ends), hr)).Problem);
        Assert.Equal("renewal-settled", (await again.SendAsync(new AnswerRenewal(asked.Id, RenewalAnswer.Ends), hr)).Problem?.Code);
        Assert.False((await again.FindAsync(prepared.Id)).Prepared);
        Assert.NotEmpty(await again.TasksAsync(prepared.Id));
    }

    [Fact]
    public async Task Renewed_prolongs_the_mission_ends_opens_the_departure_and_what_the_record_says_otherwise_overtakes_the_question()
    {
        await using var house = await StartAsync();
        var manager = await house.PersonAsync("Morvan");
        var other = await house.PersonAsync("Astier");
        var (renewed, ends, moved, opened) = (
            await house.MissionAsync(await house.PersonAsync("Renouvelée"), manager, new(2026, 11, 30)), await house.MissionAsync(await house.PersonAsync("Achevée"), manager, new(2026, 12, 10)),
            await house.MissionAsync(await house.PersonAsync("Déplacée"), manager, new(2026, 11, 30)), await house.MissionAsync(await house.PersonAsync("Ouverte"), other, new(2026, 12, 10)));
        await LookAsync(house);
        var questions = (await RenewalsAsync(house)).ToDictionary(renewal => renewal.Mission);
        Assert.Equal(4, questions.Count);
        var actor = TaskHouse.As(await house.UserAsync("isabelle", manager), manager, Role.Manager);

        // A manager answers for own missions only; renewed needs a later day and an order.
        Assert.Equal("not-found", (await house.SendAsync(new AnswerRenewal(questions[opened].Id, RenewalAnswer.Ends), actor)).Problem?.Code);
        Assert.NotNull((await house.SendAsync(new AnswerRenewal(questions[renewed].Id, RenewalAnswer.Renewed, new(2027, 6, 30)), actor)).Problem);
        Assert.Equal("not-later", (await house.SendAsync(new AnswerRenewal(questions[renewed].Id, RenewalAnswer.Renewed, new(2026, 11, 30), "CMD-2"), actor)).Problem?.Code);
        Assert.Null((await house.SendAsync(new AnswerRenewal(questions[renewed].Id, RenewalAnswer.Renewed, new(2027, 6, 30), "CMD-2"), actor)).Problem);
        Assert.Equal((new DateOnly(2027, 6, 30), "CMD-2"), await house.ReadAsync(async db => { var row = await db.Set<Mission>().FirstAsync(one => one.Id == renewed, Cancellation); return (row.End!.Value, row.OrderReference); }));

        Assert.Equal("after-end", (await house.SendAsync(new AnswerRenewal(questions[ends].Id, RenewalAnswer.Ends, LastDay: new(2026, 12, 11)), actor)).Problem?.Code);
        Assert.Null((await house.SendAsync(new AnswerRenewal(questions[ends].Id, RenewalAnswer.Ends, LastDay: new(2026, 12, 4)), actor)).Problem);
        var departure = await house.FindAsync((await RenewalsAsync(house)).Single(renewal => renewal.Mission == ends).Departure!.Value);
        Assert.Equal((new DateOnly(2026, 12, 4), new DateOnly(2026, 12, 10), false), (departure.LastDay, departure.MissionEnd, departure.Prepared));
        Assert.NotEmpty(await house.TasksAsync(departure.Id));
        Assert.Single(await house.PendingAsync(departure.Id, Departure.CutDue));

        // The third is prepared; then the record gives it another end, at once and not the next morning.
        await house.AdvanceUntilAsync(async () => (await RenewalsAsync(house)).Single(renewal => renewal.Mission == moved).Departure is not null, TimeSpan.FromHours(6));
        var prepared = (await RenewalsAsync(house)).Single(renewal => renewal.Mission == moved).Departure!.Value;
        Assert.Null((await house.SendAsync(new ChangeMission(moved, new("Refonte", End: new DateOnly(2027, 9, 30), Manager: manager)), Actor.Console)).Problem);
        await house.SettledAsync();
        Assert.Equal(RenewalState.Overtaken, (await RenewalsAsync(house)).Single(renewal => renewal.Mission == moved).State);
        Assert.Equal(DepartureState.Cancelled, (await house.FindAsync(prepared)).State);
        Assert.Empty(await house.PendingAsync(prepared, Departure.CutDue));

        // One opened by hand needs no answer.
        Assert.Null((await house.SendAsync(new OpenDeparture(opened, new(2026, 12, 9)), Actor.Console)).Problem);
        await LookAsync(house);
        Assert.Equal(RenewalState.Overtaken, (await RenewalsAsync(house)).Single(renewal => renewal.Mission == opened).State);
        Assert.Single(await PendingLooksAsync(house));

        // Another hour, then another zone of the house: there is one look, at its new instant.
        Assert.Null((await house.SendAsync(new SetRenewals(true, 30, 10, new(9, 30)), Actor.Console)).Problem);
        Assert.Equal(new(8, 30, 0), Assert.Single(await PendingLooksAsync(house)).DueAt.UtcDateTime.TimeOfDay);
        Assert.Null((await house.SendAsync(new Settings.ChangeSettings(new("Indian/Reunion", new(18, 0), "france", new(20, 0), new(7, 30), true, true)), Actor.Console)).Problem);
        Assert.Equal(new(5, 30, 0), Assert.Single(await PendingLooksAsync(house)).DueAt.UtcDateTime.TimeOfDay);
    }

    private static async Task<EngineAlone> StartAsync()
    {
        var house = await EngineAlone.StartAsync();
        Assert.Null((await house.SendAsync(new InstallShippedTemplates())).Problem);
        Assert.Null((await house.SendAsync(new PlanRenewals())).Problem);
        Assert.Null((await house.SendAsync(new PlanRenewals())).Problem);
        Assert.Single(await PendingLooksAsync(house));
        return house;
    }

    private static async Task LookAsync(EngineAlone house)
    {
        Assert.Null((await house.SendAsync(new PlanRenewals(AtOnce: true))).Problem);
        await house.SettledAsync();
    }

    private static async Task<List<WorkItem>> PendingLooksAsync(EngineAlone house) =>
        [.. (await house.ItemsAsync()).Where(item => item.Kind == RenewalClock.WorkKind && item.State == WorkState.Pending)];

    private static Task<List<Renewal>> RenewalsAsync(EngineAlone house) => house.ReadAsync(db => db.Set<Renewal>().AsNoTracking().ToListAsync(Cancellation));

    private static async Task<List<string>> AddressesAsync(EngineAlone house)
    {
        await using var scope = house.Open();
        var protection = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>(scope.ServiceProvider);
        return [.. (await house.MailsAsync()).Where(mail => mail.Template == RenewalAsked.Template).Select(mail => mail.Read(Foundation.Mail.Outbox.Protector(protection))!.Address).Order(StringComparer.Ordinal)];
    }

    private static DateTimeOffset Rounded(DateTimeOffset at) => new(at.Year, at.Month, at.Day, 7, 0, 0, TimeSpan.Zero);
}

/// <summary>The same on PostgreSQL.</summary>
[OnPostgreSql]
public sealed class RenewalOnPostgreSqlTests : RenewalTests;
