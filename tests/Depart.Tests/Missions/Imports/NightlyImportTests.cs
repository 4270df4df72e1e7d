using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Given;
using Depart.Interfaces.SignIn;
using Depart.Missions.Imports.Nightly;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Missions.Imports;

/// <summary>A file that is imported every night (REC7), by the clock of the house.</summary>
public class NightlyImportTests
{
    private const string File = "Collaborateur;Id RH;Adresse;Fin prévisionnelle;Affectation\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_night_the_newest_file_is_applied_what_vanished_is_listed_and_too_many_endings_wait_for_somebody()
    {
        var house = await EngineAlone.StartAsync();
        Assert.Null((await house.SendAsync(new AddUser("claire@alteo.example", "Claire", [Role.Hr], "une phrase assez longue pour tous"), Actor.Console)).Problem);
        var saved = await house.SendAsync(Nightly(), Actor.Console);
        Assert.True(saved.Ok, saved.Problem?.Message.En);
        Assert.Equal("file-name", (await house.SendAsync(Nightly() with { File = "../../etc/passwd" }, Actor.Console)).Problem?.Code);
        var id = saved.Value;

        // The first night there is nothing, and that is told once.
        Assert.Equal(NightlyResult.NoFile, (await NightAsync(house, id)).Result);
        Assert.Equal(NightlyResult.NoFile, (await NightAsync(house, id)).Result);
        Assert.Single(await MailsAsync(house));

        await WriteAsync(house, "a.csv", File + string.Concat(Enumerable.Range(1, 10).Select(number => $"DUPONT{number} Jean;E-{number};j{number}@exemple.fr;30/06/2027;Refonte\n")));
        var first = await NightAsync(house, id);
        Assert.Equal((NightlyResult.Applied, 10, 0, 0), (first.Result, first.Create, first.Vanished, first.Refused));
        await AppliedAsync(house, first);
        Assert.Equal(10, (await house.AskAsync(new ListMissions())).Items.Count);

        // The same file says nothing new; a later one lacks two lines and changes one.
        Assert.Equal(NightlyResult.SameFile, (await NightAsync(house, id)).Result);
        await WriteAsync(house, "b.csv", File + string.Concat(Enumerable.Range(1, 8).Select(number => $"DUPONT{number} Jean;E-{number};j{number}@exemple.fr;{(number == 1 ? "30/09/2027" : "30/06/2027")};Refonte\n")));
        var second = await NightAsync(house, id);
        Assert.Equal((NightlyResult.Applied, 0, 1, 2), (second.Result, second.Create, second.Change, second.Vanished));
        await AppliedAsync(house, second);
        var vanished = await house.AskAsync(new ListVanished(id));
        Assert.Equal(["Jean DUPONT10", "Jean DUPONT9"], vanished.Select(row => row.Name).Order(StringComparer.Ordinal));
        Assert.All(vanished, row => Assert.Equal(new DateOnly(2027, 6, 30), row.End));

        // Half of the missions would end: nothing is applied, somebody is asked once, a person decides.
        var soon = DateOnly.FromDateTime(house.Clock.GetUtcNow().UtcDateTime).AddDays(7).ToString("dd/MM/yyyy", System.Globalization.CultureInfo.InvariantCulture);
        await WriteAsync(house, "c.csv", File + string.Concat(Enumerable.Range(1, 10).Select(number => $"DUPONT{number} Jean;E-{number};j{number}@exemple.fr;{(number <= 5 ? soon : "30/06/2027")};Refonte\n")));
        var third = await NightAsync(house, id);
        Assert.Equal((NightlyResult.Stopped, 5, 10), (third.Result, third.Ended, third.Running));
        Assert.Equal(ImportState.Ready, third.State);
        Assert.Equal(NightlyResult.SameFile, (await NightAsync(house, id)).Result);
        Assert.Equal(2, (await MailsAsync(house)).Count);
        Assert.Equal(2, (await house.AskAsync(new ListVanished(id))).Count);
        Assert.Null((await house.SendAsync(new ApplyImport(third.Import!.Value), Actor.Console)).Problem);
        await house.SettledAsync();
        Assert.Equal(NightlyResult.Applied, (await NightAsync(house, id)).Result);
        Assert.Empty(await house.AskAsync(new ListVanished(id)));

        // A file that cannot be read changes nothing and is told; a crash loses no night and doubles none.
        await WriteAsync(house, "d.csv", "\0\0\0");
        Assert.Equal(NightlyResult.Unreadable, (await NightAsync(house, id)).Result);
        await house.CrashAsync();
        await using var again = await EngineAlone.StartAsync(house);
        again.Script.Dead = false;
        await WriteAsync(again, "e.csv", File + "DUPONT1 Jean;E-1;j1@exemple.fr;30/06/2028;Refonte\n");
        Assert.Equal((NightlyResult.Applied, 9), (await NightAsync(again, id)) is var last ? (last.Result, last.Vanished) : default);
        Assert.Single(await PendingAsync(again));
        Assert.Null((await again.SendAsync(Nightly() with { Nightly = id, Runs = false }, Actor.Console)).Problem);
        Assert.Empty(await PendingAsync(again));
        Assert.Null((await again.SendAsync(new RemoveNightly(id), Actor.Console)).Problem);
        Assert.Empty(await again.AskAsync(new ListNightly()));
    }

    private static SaveNightly Nightly() => new("Registre RH", "*.csv", Hour: new(2, 0), Zone: "Europe/Paris", MostEnded: 20, Columns:
    [
        new("Collaborateur", ImportField.FullName), new("Id RH", ImportField.EmployeeNumber), new("adresse", ImportField.Mails), new("Fin prévisionnelle", ImportField.End), new("Affectation", ImportField.Title),
    ]);

    /// <summary>Moves the clock to the next two o'clock in Paris and gives what came of it.</summary>
    private static async Task<NightlyRunView> NightAsync(EngineAlone house, NightlyImportId id)
    {
        var before = (await house.AskAsync(new GetNightly(id))).Nights.Count;
        await house.AdvanceUntilAsync(async () => (await house.AskAsync(new GetNightly(id))).Nights.Count > before, TimeSpan.FromHours(3));
        var night = (await house.AskAsync(new GetNightly(id))).Nights[0];
        Assert.Equal(before + 1, (await house.AskAsync(new GetNightly(id))).Nights.Count);
        return night;
    }

    private static async Task AppliedAsync(EngineAlone house, NightlyRunView night)
    {
        await house.SettledAsync();
        Assert.Equal(ImportState.Applied, (await house.AskAsync(new GetImport(night.Import!.Value))).State);
    }

    private static async Task WriteAsync(EngineAlone house, string name, string text)
    {
        await using var scope = house.Open();
        var path = Path.Combine(scope.ServiceProvider.GetRequiredService<StorageOptions>().IncomingFolder, name);
        await System.IO.File.WriteAllTextAsync(path, text, Cancellation);
        System.IO.File.SetLastWriteTimeUtc(path, house.Clock.GetUtcNow().UtcDateTime);
    }

    private static async Task<List<Foundation.Mail.OutgoingMail>> MailsAsync(EngineAlone house)
    {
        await using var scope = house.Open();
        return await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<Foundation.Mail.OutgoingMail>().AsNoTracking().Where(mail => mail.Template == NightlyStopped.Template).ToListAsync(Cancellation);
    }

    private static async Task<List<WorkItem>> PendingAsync(EngineAlone house) => [.. (await house.ItemsAsync()).Where(item => item.Kind == NightlyImport.WorkKind && item.State == WorkState.Pending)];
}

/// <summary>The same on PostgreSQL.</summary>
[OnPostgreSql]
public sealed class NightlyImportOnPostgreSqlTests : NightlyImportTests;
