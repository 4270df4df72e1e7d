using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Mail;
using Depart.Given;
using Depart.Interfaces.SignIn;
using Depart.Departures.Tasks;
using Depart.Missions;
using Depart.Proof;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Step7OnePlatform.Portal;

/// <summary>Passkeys of the leaver's own door (PLT5): bound to the person, and ended with their last door. In a browser: OwnPasskeyTests of Depart.Browser.</summary>
public sealed class OwnPasskeyTests
{
    private static readonly DateOnly LastDay = new(2027, 1, 15);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_passkey_made_inside_opens_the_door_again_and_the_departure_tells_so()
    {
        await using var house = await HouseAsync();
        var leaver = await LeaverAsync(house, "Perrin");
        var passkey = await MakeAsync(house, leaver, 1);
        Assert.Equal("Chrome · Android", Assert.Single((await AskAsync(house, new ListOwnPasskeys(), leaver.Actor)).Value!).Name);

        house.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(passkey, (await house.SendAsync(new UsePasskey([1], 1, false), Actor.Engine)).Value);
        var session = (await house.SendAsync(new EnterByPasskey(passkey), leaver.Actor)).Value;

        Assert.Equal(leaver.Person, (await AskAsync(house, new ReadPortalSession(session), Actor.Nobody)).Value!.Person);
        var door = await house.AskAsync(new GetOwnDoor(leaver.Departure));
        Assert.Equal((house.Clock.GetUtcNow(), (DateTimeOffset?)house.Clock.GetUtcNow()), (door.LastUsedAt, Assert.Single(door.Passkeys).LastUsedAt));
        Assert.Equal(["door.opened", "door.code-printed", "door.entered", "door.passkey-added", "door.entered"], await KindsAsync(house, leaver.Departure));
    }

    [Fact]
    public async Task The_same_signature_twice_opens_once()
    {
        await using var house = await HouseAsync();
        await MakeAsync(house, await LeaverAsync(house, "Perrin"), 1);

        Assert.Null((await house.SendAsync(new UsePasskey([1], 5, false), Actor.Engine)).Problem);
        Assert.Equal(PasskeyText.NotRecognised, (await house.SendAsync(new UsePasskey([1], 5, false), Actor.Engine)).Problem);
    }

    [Fact]
    public async Task It_ends_when_the_last_door_closes_and_does_not_come_back_when_one_opens_again()
    {
        await using var house = await HouseAsync();
        var leaver = await LeaverAsync(house, "Perrin");
        var passkey = await MakeAsync(house, leaver, 1);
        var second = await DepartureAsync(house, leaver.Person, null);
        Assert.Null((await house.SendAsync(new PrintDoorCode(second), Actor.Console)).Problem);

        // The other door is open still.
        Assert.Null((await house.SendAsync(new CloseOwnDoor(leaver.Departure), Actor.Console)).Problem);
        Assert.Null((await house.SendAsync(new EnterByPasskey(passkey), leaver.Actor)).Problem);
        Assert.Empty((await house.AskAsync(new GetOwnDoor(leaver.Departure))).Passkeys);

        Assert.Null((await house.SendAsync(new CloseOwnDoor(second), Actor.Console)).Problem);
        Assert.Equal(PortalText.PasskeyRefused, (await house.SendAsync(new EnterByPasskey(passkey), leaver.Actor)).Problem);
        Assert.Null((await house.SendAsync(new KeepOwnDoor(second, LastDay), Actor.Console)).Problem);
        Assert.Equal(PortalText.PasskeyRefused, (await house.SendAsync(new EnterByPasskey(passkey), leaver.Actor)).Problem);
        Assert.Empty(await PasskeysAsync(house));
    }

    [Fact]
    public async Task When_the_time_of_the_door_is_over_it_opens_nothing_nor_when_the_door_opens_anew()
    {
        await using var house = await HouseAsync();
        var leaver = await LeaverAsync(house, "Perrin");
        var passkey = await MakeAsync(house, leaver, 1);
        house.Clock.SetUtcNow(new(2027, 7, 15, 22, 0, 0, TimeSpan.Zero));
        Assert.Equal(PortalText.PasskeyRefused, (await house.SendAsync(new EnterByPasskey(passkey), leaver.Actor)).Problem);

        Assert.Null((await house.SendAsync(new KeepOwnDoor(leaver.Departure, new(2027, 8, 1)), Actor.Console)).Problem);

        Assert.True((await house.AskAsync(new GetOwnDoor(leaver.Departure))).Open);
        Assert.Equal(PortalText.PasskeyRefused, (await house.SendAsync(new EnterByPasskey(passkey), leaver.Actor)).Problem);
        Assert.Contains("door.passkey-removed", await KindsAsync(house, leaver.Departure));
    }

    [Fact]
    public async Task A_session_that_outlived_its_door_does_not_come_back_with_the_next()
    {
        await using var house = await HouseAsync();
        var leaver = await LeaverAsync(house, "Perrin");
        Assert.Null((await house.SendAsync(new CancelDeparture(leaver.Departure), Actor.Console)).Problem);
        Assert.Equal(PortalText.WayGone, (await AskAsync(house, new ReadPortalSession(leaver.Session), Actor.Nobody)).Problem);

        var second = await DepartureAsync(house, leaver.Person, null);
        Assert.Null((await house.SendAsync(new PrintDoorCode(second), Actor.Console)).Problem);

        Assert.Equal(PortalText.WayGone, (await AskAsync(house, new ReadPortalSession(leaver.Session), Actor.Nobody)).Problem);
    }

    [Fact]
    public async Task What_was_made_behind_a_link_to_a_private_address_ends_with_that_address_and_what_was_made_behind_a_code_on_paper_stays()
    {
        await using var house = await HouseAsync();
        var leaver = await LeaverAsync(house, "Perrin", "zoe@maison.example");
        Assert.Null((await house.SendAsync(new SendDoorLink(leaver.Departure, DoorRecipient.PrivateAddress), Actor.Console)).Problem);
        var mailed = (await house.SendAsync(new EnterPortal(await MailedAsync(house)), Actor.Nobody)).Value;
        var behindPaper = await MakeAsync(house, leaver, 1);
        var behindMail = await MakeAsync(house, leaver with { Session = mailed }, 2);
        var again = (await house.SendAsync(new EnterByPasskey(behindMail), leaver.Actor)).Value;
        await MakeAsync(house, leaver with { Session = again }, 3);

        Assert.Null((await house.SendAsync(new ForgetPrivateAddress(leaver.Person), Actor.Console)).Problem);

        Assert.Equal([behindPaper], (await PasskeysAsync(house)).Select(row => row.Id));
        Assert.Equal(PortalText.WayGone, (await AskAsync(house, new ReadPortalSession(again), Actor.Nobody)).Problem);
    }

    [Fact]
    public async Task Nobody_makes_uses_or_removes_the_passkey_of_another_and_a_session_that_ended_makes_none()
    {
        await using var house = await HouseAsync();
        var zoe = await LeaverAsync(house, "Perrin");
        var other = await LeaverAsync(house, "Roux");
        var passkey = await MakeAsync(house, zoe, 1);

        Assert.Equal(PortalText.PasskeyRefused, (await house.SendAsync(new EnterByPasskey(passkey), other.Actor)).Problem);
        Assert.Equal("not-found", (await house.SendAsync(new RemoveOwnPasskey(other.Session, passkey), other.Actor)).Problem?.Code);
        Assert.Equal(PasskeyText.NotMade, (await house.SendAsync(new AddOwnPasskey(zoe.Session, "x", Made(2)), other.Actor)).Problem);
        Assert.Equal(PasskeyText.NotMade, (await house.SendAsync(new AddOwnPasskey(other.Session, "x", Made(1)), other.Actor)).Problem);
        Assert.Null((await house.SendAsync(new LeavePortal(other.Session), other.Actor)).Problem);
        Assert.Equal(PasskeyText.NotMade, (await house.SendAsync(new AddOwnPasskey(other.Session, "x", Made(3)), other.Actor)).Problem);
    }

    [Fact]
    public async Task Removed_it_opens_nothing_and_sessions_that_began_with_it_elsewhere_end()
    {
        await using var house = await HouseAsync();
        var leaver = await LeaverAsync(house, "Perrin");
        var passkey = await MakeAsync(house, leaver, 1);
        var (here, there) = ((await house.SendAsync(new EnterByPasskey(passkey), leaver.Actor)).Value, (await house.SendAsync(new EnterByPasskey(passkey), leaver.Actor)).Value);

        Assert.Null((await house.SendAsync(new RemoveOwnPasskey(here, passkey), leaver.Actor)).Problem);

        Assert.True((await AskAsync(house, new ReadPortalSession(here), Actor.Nobody)).Ok);
        Assert.False((await AskAsync(house, new ReadPortalSession(there), Actor.Nobody)).Ok);
        Assert.Equal(PasskeyText.NotRecognised, (await house.SendAsync(new UsePasskey([1], 0, false), Actor.Engine)).Problem);
        Assert.Equal("door.passkey-removed", (await KindsAsync(house, leaver.Departure))[^1]);
    }

    [Fact]
    public async Task Passkeys_of_accounts_and_of_own_doors_are_not_there_for_each_other()
    {
        await using var house = await HouseAsync();
        var leaver = await LeaverAsync(house, "Perrin");
        var user = await house.UserAsync("zoe", leaver.Person, Role.It);
        var ofDoor = await MakeAsync(house, leaver, 1);
        var me = TaskHouse.As(user, leaver.Person, Role.It);
        var context = new RequestContext { ProvedAt = house.Clock.GetUtcNow() };
        Guid ofAccount;
        await using (var scope = house.Open())
        {
            var sent = await scope.ServiceProvider.GetRequiredService<Dispatcher>().SendAsync(new AddPasskey("portable", Made(2)), me, context, Now);
            Assert.Null(sent.Problem);
            ofAccount = sent.Value;
            var removed = await scope.ServiceProvider.GetRequiredService<Dispatcher>().SendAsync(new RemovePasskey(ofDoor), me, context, Now);
            Assert.Equal("not-found", removed.Problem?.Code);
        }

        var found = await house.ReadAsync(async db =>
        {
            var all = new List<bool>();
            foreach (var (opens, id) in new[] { (PasskeyOpens.Account, user), (PasskeyOpens.OwnDoor, leaver.Person.Value) })
            {
                using var reader = new PasskeyReader(db, opens);
                foreach (byte credential in new byte[] { 1, 2 })
                {
                    all.Add(await reader.FindByPasskeyIdAsync([credential], Now) is not null);
                    all.Add(await reader.FindPasskeyAsync(new(id, ""), [credential], Now) is not null);
                    all.Add(await reader.FindPasskeyAsync(new(opens == PasskeyOpens.Account ? leaver.Person.Value : user, ""), [credential], Now) is not null);
                }
            }

            return all;
        });
        Assert.Equal([false, false, false, true, true, false, true, true, false, false, false, false], found);
        Assert.Equal("not-found", (await house.SendAsync(new RemoveOwnPasskey(leaver.Session, ofAccount), leaver.Actor)).Problem?.Code);
        Assert.Equal(PortalText.PasskeyRefused, (await house.SendAsync(new EnterByPasskey(ofAccount), leaver.Actor)).Problem);
    }

    private static async Task<EngineAlone> HouseAsync()
    {
        var house = await EngineAlone.StartAsync(start: false);
        await house.PublishAsync(TaskHouse.Asked("hr"));
        return house;
    }

    private static UserPasskeyInfo Made(byte credential) => new([credential], [1, 2, 3], DateTimeOffset.UnixEpoch, 0, ["internal"], isUserVerified: true, isBackupEligible: false, isBackedUp: false, [], []);

    private static async Task<Guid> MakeAsync(EngineAlone house, Leaver leaver, byte credential)
    {
        var made = await house.SendAsync(new AddOwnPasskey(leaver.Session, "Chrome · Android", Made(credential)), leaver.Actor);
        Assert.Null(made.Problem);
        return made.Value;
    }

    /// <summary>Somebody who leaves, and is inside by a code on paper.</summary>
    private static async Task<Leaver> LeaverAsync(EngineAlone house, string family, string? mail = null)
    {
        var person = await house.PersonAsync(family);
        var departure = await DepartureAsync(house, person, mail);
        var code = (await house.SendAsync(new PrintDoorCode(departure), Actor.Console)).Value!.Code;
        var session = (await house.SendAsync(new EnterPortal(code), Actor.Nobody)).Value;
        return new(person, departure, session, Actor.ThroughOwnDoor(person.Value, "Zoë " + family));
    }

    private static async Task<DepartureId> DepartureAsync(EngineAlone house, PersonId person, string? mail)
    {
        if (mail is not null)
        {
            Assert.Null((await house.SendAsync(new HoldPrivateAddress(person, mail, new(2026, 11, 2), "formulaire signé"), Actor.Console)).Problem);
        }

        var opened = await house.SendAsync(new OpenDeparture(await house.MissionAsync(person), LastDay, Template: TaskHouse.Template), Actor.Console);
        Assert.True(opened.Ok, opened.Problem?.Message.En);
        return opened.Value;
    }

    private static async Task<string> MailedAsync(EngineAlone house)
    {
        await using var scope = house.Open();
        var mail = (await house.MailsAsync()).Last(row => row.Template == "own-door-link").Read(Outbox.Protector(scope.ServiceProvider.GetRequiredService<IDataProtectionProvider>()))!;
        return System.Text.Json.Nodes.JsonNode.Parse(mail.Values!)!["path"]!.ToString().Split("code=")[1];
    }

    private static Task<List<Passkey>> PasskeysAsync(EngineAlone house) => house.ReadAsync(db => db.Set<Passkey>().AsNoTracking().ToListAsync(Now));

    private static Task<List<string>> KindsAsync(EngineAlone house, DepartureId departure)
    {
        var chain = departure.Value.ToString("N");
        return house.ReadAsync(db => db.Set<JournalRow>().AsNoTracking().Where(row => row.Chain == chain && row.Kind.StartsWith("door.")).OrderBy(row => row.Sequence).Select(row => row.Kind).ToListAsync(Now));
    }

    private static async Task<Outcome<T>> AskAsync<T>(EngineAlone house, IQuery<T> query, Actor actor)
    {
        await using var scope = house.Open();
        return await scope.ServiceProvider.GetRequiredService<Dispatcher>().AskAsync(query, actor, Now);
    }

    private sealed record Leaver(PersonId Person, DepartureId Departure, Guid Session, Actor Actor);
}
