using System.Text.Json.Nodes;
using Depart.Departures;
using Depart.Departures.Embargoes;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Given;
using Depart.Interfaces.SignIn;
using Depart.Missions;
using Depart.Processes;
using Depart.Proof;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>The leaver's own door (PLT5): ways in that serve once, own papers only, and an end.</summary>
public sealed class OwnDoorTests
{
    private const string Private = "zoe@maison.example";

    private static readonly DateOnly LastDay = new(2027, 1, 15);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_the_account_disabled_a_leaver_comes_in_by_the_link_sent_to_the_private_address_and_does_own_tasks_and_no_others()
    {
        await using var house = await HouseAsync();
        var (person, departure) = await LeaverAsync(house, "Perrin");
        await house.UserAsync("admin", null, Role.Admin);
        var user = await house.UserAsync("zoe", person, Role.It, Role.Hr);
        Assert.Null((await house.SendAsync(new DisableUser(UserId.From(user)), Actor.Console)).Problem);
        var (_, foreign) = await LeaverAsync(house, "Roux", mail: null);
        var code = await CodeAsync(house);

        // Depart itself sent it, once, and said so in the evidence of the departure.
        Assert.Equal(["door.opened", "door.link-sent"], await KindsAsync(house, departure));
        var owner = await AskAsync(house, new ReadWayIn(code), Actor.Nobody);
        Assert.Equal((person.Value, "Zoë Perrin"), (owner.Value!.Person, owner.Value.Name));
        var session = (await house.SendAsync(new EnterPortal(code), Actor.ByLink(person.Value, "Zoë Perrin"))).Value;
        Assert.Equal(person, (await AskAsync(house, new ReadPortalSession(session), Actor.Nobody)).Value!.Person);

        // Consultant and nothing else, whatever roles the account held.
        var zoe = Actor.ThroughOwnDoor(person.Value, "Zoë Perrin");
        Assert.Equal(Problem.Unauthenticated, (await AskAsync(house, new ListPeople(), zoe)).Problem);
        Assert.Equal(Problem.Unauthenticated, (await house.SendAsync(new CancelDeparture(departure), zoe)).Problem);
        var page = (await AskAsync(house, new ReadPortal(), zoe)).Value!;
        var shown = Assert.Single(page.Departures);
        Assert.Equal(("Zoë", departure, LastDay), (page.GivenName, shown.Id, shown.LastDay));
        Assert.Equal("mine to do", Assert.Single(shown.Tasks).Title.En);

        var tasks = await house.TasksAsync(departure);
        Assert.Equal("evidence-missing", (await house.SendAsync(new DoOwnTask(tasks["mine"].Id, " "), zoe)).Problem?.Code);
        Assert.Null((await house.SendAsync(new DoOwnTask(tasks["mine"].Id, "Remis à l’accueil"), zoe)).Problem);
        foreach (var other in new[] { tasks["hr"], (await house.TasksAsync(foreign))["mine"] })
        {
            Assert.Equal("not-found", (await house.SendAsync(new DoOwnTask(other.Id, "x"), zoe)).Problem?.Code);
            Assert.Equal("not-found", (await AskAsync(house, new ReadOwnTask(other.Id), zoe)).Problem?.Code);
        }

        // Cut at once: the page says so, and whom to write to.
        await house.ChangeAsync(departure, (_, row) => row.StartDisconnecting(immediate: true, house.Clock.GetUtcNow()));
        var cut = Assert.Single((await AskAsync(house, new ReadPortal(), zoe)).Value!.Departures);
        Assert.Equal((true, true, false), (cut.IsCut, cut.Immediate, cut.IsAhead));

        var done = (await house.TasksAsync(departure))["mine"];
        Assert.Equal((DepartureTaskState.Done, "Zoë Perrin", "Remis à l’accueil"), (done.State, done.SettledByName, done.Note));
        Assert.Equal(["door.opened", "door.link-sent", "door.entered", "task.done"], await KindsAsync(house, departure));
        Assert.Equal(
            ["Somebody entered the consultant’s own space by a link sent to the private address.", "Depart sent a link to the consultant’s own space to the private address."],
            (await AskAsync(house, new Activity.ReadActivity(departure), Actor.Console)).Value!.Items.Select(line => line.Said.En).Where(said => said.Contains(" link ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0, "Not opened yet", "Would be open until")]
    [InlineData(300, "Never opened", "Could be opened until")]
    public async Task A_door_that_nobody_opened_in_its_time_is_not_said_to_be_still_to_open(int days, string state, string until)
    {
        await using var house = await EngineAlone.StartAsync(start: false);
        await house.PublishAsync(TaskHouse.Asked("hr"));
        var departure = await house.OpenAsync("Perrin", LastDay);
        house.Clock.Advance(TimeSpan.FromDays(days));

        var door = (await AskAsync(house, new GetOwnDoor(departure), Actor.Console)).Value!;

        Assert.Equal((state, until), (DoorText.StateOf(door).En, DoorText.UntilOf(door).En));
    }

    [Fact]
    public async Task Whatever_is_wrong_with_a_code_it_says_the_same_and_ten_thousand_guesses_find_nothing_and_lock_nobody()
    {
        await using var house = await HouseAsync(start: false);
        var (person, departure) = await LeaverAsync(house, "Perrin");
        var first = (await house.SendAsync(new PrintDoorCode(departure), Actor.Console)).Value!.Code;
        var second = (await house.SendAsync(new PrintDoorCode(departure), Actor.Console)).Value!.Code;
        Assert.Matches("^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$", second);

        // Replaced, guessed, mistyped, and one that is for another purpose.
        var task = (await house.TasksAsync(departure))["mine"];
        string[] wrong = [first, "", "0", second[..^1], new('f', 48), "' OR 1=1 --", new('A', 20_000), await TaskCodeAsync(house, departure, task)];
        foreach (var code in wrong)
        {
            Assert.Equal(PortalText.WayGone, (await AskAsync(house, new ReadWayIn(code), Actor.Nobody)).Problem);
        }

        Assert.Equal(0, await house.ReadAsync(async db =>
        {
            var found = 0;
            for (var guess = 0; guess < 10_000; guess++)
            {
                var code = System.Security.Cryptography.RandomNumberGenerator.GetString("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 16);
                found += await WayIn.FindAsync(db, code, house.Clock.GetUtcNow(), Now) is null ? 0 : 1;
            }

            return found;
        }));

        // As people type it; once.
        var typed = second.Replace("-", " ", StringComparison.Ordinal).Replace('0', 'o').Replace('1', 'l').ToLowerInvariant();
        Assert.Null((await house.SendAsync(new EnterPortal(typed), Actor.ByLink(person.Value, "Zoë Perrin"))).Problem);
        Assert.Equal(PortalText.WayGone, (await house.SendAsync(new EnterPortal(second), Actor.ByLink(person.Value, "Zoë Perrin"))).Problem);

        // Expired.
        var third = (await house.SendAsync(new PrintDoorCode(departure), Actor.Console)).Value!.Code;
        house.Clock.Advance(WayIn.LifeOf(WayInKind.Paper));
        Assert.Equal(PortalText.WayGone, (await AskAsync(house, new ReadWayIn(third), Actor.Nobody)).Problem);

        // No code is kept.
        Assert.DoesNotContain(await house.ReadAsync(db => db.Set<WayIn>().AsNoTracking().Select(way => way.Hash).ToListAsync(Now)), hash => hash.Contains(second.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Under_embargo_nothing_is_sent_or_opened_and_what_is_known_shows_nothing_of_what_is_hidden()
    {
        await using var house = await HouseAsync();
        var (person, known) = await LeaverAsync(house, "Perrin");
        await CodeAsync(house);
        var mission = await house.MissionAsync(person);
        var hidden = (await house.SendAsync(new OpenDeparture(mission, LastDay, Template: TaskHouse.Template, Embargo: true), Actor.Console)).Value;
        var hr = await house.UserAsync("hr", null, Role.Hr);

        Assert.Equal("under-embargo", (await house.SendAsync(new SendDoorLink(hidden, DoorRecipient.PrivateAddress), Actor.Console)).Problem?.Code);
        Assert.Equal("under-embargo", (await house.SendAsync(new PrintDoorCode(hidden), Actor.Console)).Problem?.Code);
        Assert.Equal("not-found", (await house.SendAsync(new PrintDoorCode(hidden), TaskHouse.As(hr, null, Role.Hr))).Problem?.Code);
        Assert.Equal(known, Assert.Single((await AskAsync(house, new ReadPortal(), Actor.ThroughOwnDoor(person.Value, "Zoë Perrin"))).Value!.Departures).Id);

        // With that alone, asking gets nothing; nor does an address that is held from now on.
        var (other, secret) = await LeaverAsync(house, "Roux", "roux@maison.example", embargo: true);
        Assert.Null((await house.SendAsync(new AskForDoor("roux@maison.example", "fr"), Actor.Nobody)).Problem);
        Assert.Null((await house.SendAsync(new HoldPrivateAddress(other, "roux@ailleurs.example", new(2026, 11, 1), "formulaire"), TaskHouse.As(hr, null, Role.Hr))).Problem);
        await house.LookedAsync();
        Assert.Empty(await house.ReadAsync(db => db.Set<OwnDoor>().Where(door => door.Person == other).ToListAsync(Now)));
        Assert.DoesNotContain(await MailsAsync(house), mail => mail.Address.StartsWith("roux", StringComparison.Ordinal));

        // Once everybody may know, they are told.
        Assert.Null((await house.SendAsync(new LiftEmbargo(secret), Actor.Console)).Problem);
        await house.LookedAsync();
        Assert.Equal("roux@ailleurs.example", Assert.Single(await MailsAsync(house), mail => mail.Address.StartsWith("roux", StringComparison.Ordinal)).Address);
    }

    [Fact]
    public async Task Whoever_asks_is_sent_a_link_at_the_address_that_is_held_a_few_times_an_hour_and_only_once_the_departure_is_announced()
    {
        await using var house = await HouseAsync();
        var (_, departure) = await LeaverAsync(house, "Perrin", announce: new(2026, 12, 1));
        await house.LookedAsync();
        await house.SendAsync(new AskForDoor(Private, "fr"), Actor.Nobody);
        Assert.Empty(await MailsAsync(house));

        house.Clock.SetUtcNow(new(2026, 12, 1, 8, 30, 0, TimeSpan.Zero));
        await house.LookedAsync();
        var sent = Assert.Single(await MailsAsync(house));
        foreach (var mail in new[] { $" {Private.ToUpperInvariant()} ", Private, Private, Private, "quelquun@dautre.example", "perrin@exemple.fr" })
        {
            Assert.Null((await house.SendAsync(new AskForDoor(mail, "en"), Actor.Nobody)).Problem);
        }

        var mails = await MailsAsync(house);
        Assert.Equal(1 + AskForDoor.MostInAnHour, mails.Count);
        Assert.All(mails, mail => Assert.Equal(Private, mail.Address));
        Assert.Null((await AskAsync(house, new ReadWayIn(sent.Code), Actor.Nobody)).Problem);
        house.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(PortalText.WayGone, (await AskAsync(house, new ReadWayIn(mails[^1].Code), Actor.Nobody)).Problem);
        Assert.Null((await AskAsync(house, new ReadWayIn(sent.Code), Actor.Nobody)).Problem);

        // The address was somebody else's: what went there leads nowhere any more.
        Assert.Null((await house.SendAsync(new ForgetPrivateAddress((await house.FindAsync(departure)).Person), Actor.Console)).Problem);
        Assert.Equal(PortalText.WayGone, (await AskAsync(house, new ReadWayIn(sent.Code), Actor.Nobody)).Problem);
    }

    [Fact]
    public async Task The_door_is_an_access_with_an_end_which_HR_moves_and_which_closes_at_once_with_every_session()
    {
        await using var house = await HouseAsync(start: false);
        Assert.Null((await house.SendAsync(new AddSupplier(new("Altéo", "Nadia Ferrand", "nadia@alteo.example")), Actor.Console)).Problem);
        var (person, departure) = await LeaverAsync(house, "Perrin", mail: null, supplier: "Altéo");
        Assert.Equal(DoorText.NoPrivateAddress, (await house.SendAsync(new SendDoorLink(departure, DoorRecipient.PrivateAddress), Actor.Console)).Problem);
        Assert.Null((await house.SendAsync(new SendDoorLink(departure, DoorRecipient.SupplierContact), Actor.Console)).Problem);
        var mail = Assert.Single(await MailsAsync(house));
        Assert.Equal(("own-door-pass-on", "nadia@alteo.example"), (mail.Template, mail.Address));
        var session = (await house.SendAsync(new EnterPortal(mail.Code), Actor.ByLink(person.Value, "Zoë Perrin"))).Value;

        var door = await house.AskAsync(new GetOwnDoor(departure));
        Assert.Equal((true, LastDay.AddMonths(OwnDoor.Months), "console", 1), (door.Open, door.Until, door.OpenedBy, door.Sessions));
        Assert.Equal("own-departure", (await house.SendAsync(new KeepOwnDoor(departure, LastDay), TaskHouse.As(Guid.NewGuid(), person, Role.Hr))).Problem?.Code);
        Assert.Equal("door-until", (await house.SendAsync(new KeepOwnDoor(departure, LastDay.AddMonths(25)), Actor.Console)).Problem?.Code);

        Assert.Null((await house.SendAsync(new CloseOwnDoor(departure), Actor.Console)).Problem);
        Assert.Equal(PortalText.WayGone, (await AskAsync(house, new ReadPortalSession(session), Actor.Nobody)).Problem);
        Assert.Equal(DoorText.IsClosed, (await house.SendAsync(new SendDoorLink(departure, DoorRecipient.SupplierContact), Actor.Console)).Problem);
        Assert.Equal(PortalText.WayGone, (await AskAsync(house, new ReadPortal(), Actor.ThroughOwnDoor(person.Value, "Zoë Perrin"))).Problem);

        // Opened again: the session that was ended stays ended. At the end of its day it closes by itself.
        Assert.Null((await house.SendAsync(new KeepOwnDoor(departure, LastDay), Actor.Console)).Problem);
        Assert.Equal(PortalText.WayGone, (await AskAsync(house, new ReadPortalSession(session), Actor.Nobody)).Problem);
        house.Clock.SetUtcNow(new(2027, 1, 15, 22, 59, 0, TimeSpan.Zero));
        Assert.True((await house.AskAsync(new GetOwnDoor(departure))).Open);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False((await house.AskAsync(new GetOwnDoor(departure))).Open);
    }

    private static async Task<Outcome<T>> AskAsync<T>(EngineAlone house, IQuery<T> query, Actor actor)
    {
        await using var scope = house.Open();
        return await scope.ServiceProvider.GetRequiredService<Dispatcher>().AskAsync(query, actor, Now);
    }

    private static async Task<(PersonId Person, DepartureId Departure)> LeaverAsync(EngineAlone house, string family, string? mail = Private, string? supplier = null, bool embargo = false, DateOnly? announce = null)
    {
        var person = await house.PersonAsync(family, supplier: supplier);
        if (mail is not null)
        {
            Assert.Null((await house.SendAsync(new HoldPrivateAddress(person, mail, new(2026, 11, 2), "formulaire signé"), Actor.Console)).Problem);
        }

        var mission = await house.SendAsync(new AddMission(person, new("Refonte du portail", Supplier: supplier)), Actor.Console);
        var opened = await house.SendAsync(new OpenDeparture(mission.Value!, LastDay, Template: TaskHouse.Template, AnnounceOn: announce, Embargo: embargo), Actor.Console);
        Assert.True(opened.Ok, opened.Problem?.Message.En);
        return (person, opened.Value);
    }

    /// <summary>The code that Depart sent by itself.</summary>
    private static async Task<string> CodeAsync(EngineAlone house)
    {
        await house.LookedAsync();
        return Assert.Single(await MailsAsync(house)).Code;
    }

    private static async Task<string> TaskCodeAsync(EngineAlone house, DepartureId departure, DepartureTask task)
    {
        Assert.Null((await house.SendAsync(new HandTask(departure, task.Id, "Nadia Ferrand", "nadia@ailleurs.example"), Actor.Console)).Problem);
        await using var scope = house.Open();
        var mail = (await house.MailsAsync()).Last(row => row.Template == "task-by-link").Read(Outbox.Protector(scope.ServiceProvider.GetRequiredService<IDataProtectionProvider>()))!;
        return JsonNode.Parse(mail.Values!)!["path"]!.ToString().Split("code=")[1];
    }

    private static async Task<IReadOnlyList<(string Template, string Address, string Code)>> MailsAsync(EngineAlone house)
    {
        await using var scope = house.Open();
        var protector = Outbox.Protector(scope.ServiceProvider.GetRequiredService<IDataProtectionProvider>());
        return [.. (await house.MailsAsync()).Where(mail => mail.Template.StartsWith("own-door", StringComparison.Ordinal)).OrderBy(mail => mail.Id).Select(mail =>
        {
            var letter = mail.Read(protector)!;
            return (mail.Template, letter.Address, JsonNode.Parse(letter.Values!)!["path"]!.ToString().Split("code=")[1]);
        })];
    }

    private static Task<List<string>> KindsAsync(EngineAlone house, DepartureId departure)
    {
        var chain = departure.Value.ToString("N");
        return house.ReadAsync(db => db.Set<JournalRow>().AsNoTracking().Where(row => row.Chain == chain && (row.Kind.StartsWith("door.") || row.Kind == "task.done")).OrderBy(row => row.Sequence).Select(row => row.Kind).ToListAsync(Now));
    }

    private static async Task<EngineAlone> HouseAsync(bool start = true)
    {
        var house = await EngineAlone.StartAsync(start: start);
        await house.PublishAsync(TaskHouse.Asked("hr"), TaskHouse.Asked("mine", TaskOwner.Consultant) with { Evidence = true });
        return house;
    }
}
