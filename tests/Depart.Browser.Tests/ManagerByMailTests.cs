using Depart.Browser.Given;
using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces;
using Depart.Missions;
using Depart.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;

namespace Depart.Browser;

/// <summary>
/// A mission manager has one departure a year and learns no tool (PLT7): no account, no page but those that their mails lead to. Weeks pass by a clock that the test moves; what others are asked for is
/// done by them on its day.
/// </summary>
public sealed class ManagerByMailTests(Chromium chromium) : IAsyncLifetime
{
    /// <summary>Acts that the whole departure may ask of the manager.</summary>
    private const int MostActs = 8;

    private static readonly DateOnly LastDay = new(2026, 12, 18);
    private readonly FakeTimeProvider clock = new(new(2026, 11, 2, 8, 30, 0, TimeSpan.Zero));
    private readonly string folder = Directory.CreateTempSubdirectory("depart-manager-").FullName;
    private WebApplication? server;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private string Address => server!.Urls.First();

    public async ValueTask InitializeAsync()
    {
        server = await Server.BuildAsync(new() { Urls = "http://127.0.0.1:0", Storage = new StorageOptions { DataFolder = folder }, Clock = clock }, Now);
        await server.StartAsync(Now);
    }

    [Fact]
    public async Task On_a_phone_a_manager_new_to_the_product_brings_a_regie_departure_to_its_end_from_the_mails_alone_in_at_most_eight_acts()
    {
        var manager = (await SendAsync(new AddPerson("Agnès", "Roux", ["agnes.roux@exemple.fr"], Status: ContractualStatus.Internal))).Person;
        var leaver = (await SendAsync(new AddPerson("Zoë", "Perrin", ["zoe.perrin@exemple.fr"], Supplier: "Altéo Conseil", Status: ContractualStatus.SuppliersEmployee))).Person;
        var mission = await SendAsync(new AddMission(leaver, new("Refonte du portail", Supplier: "Altéo Conseil", Manager: manager)));
        var departure = await SendAsync(new OpenDeparture(mission, LastDay));
        var phone = await chromium.Browser.NewContextAsync(new() { Locale = "fr-FR", ViewportSize = new() { Width = 360, Height = 780 }, HasTouch = true, IsMobile = true, ReducedMotion = ReducedMotion.Reduce });
        var page = await phone.NewPageAsync();
        page.SetDefaultTimeout(90_000);

        var acts = 0;
        for (var day = 0; day < 60 && (await PendingAsync(departure)).Any(task => task.Blocking || task.Owner == TaskOwner.Manager); day++)
        {
            clock.SetUtcNow(new DateTimeOffset(2026, 11, 2, 8, 30, 0, TimeSpan.Zero).AddDays(day));
            await SettledAsync();
            acts += await ReadMailsAsync(page, manager);
            await OthersAsync(departure, clock.GetUtcNow().AddHours(10));

            // The evening, with the cut of the last day.
            clock.SetUtcNow(clock.GetUtcNow().AddHours(9));
            await SettledAsync();
        }

        var tasks = await TasksAsync(departure);
        Assert.All(tasks.Where(task => task.Owner == TaskOwner.Manager), task => Assert.Equal((DepartureTaskState.Done, "Agnès Roux"), (task.State, task.SettledByName)));
        Assert.InRange(acts, 1, MostActs);
        Assert.Equal(tasks.Count(task => task.Owner == TaskOwner.Manager), acts);
        await SendAsync(new CloseDeparture(departure));
    }

    /// <summary>The manager opens each new mail, follows its button, and does what is asked on the page that comes: one act.</summary>
    private async Task<int> ReadMailsAsync(IPage page, PersonId manager)
    {
        var acts = 0;
        foreach (var mail in await MailsAsync(manager))
        {
            var letter = mail.Read(Outbox.Protector(server!.Services.GetRequiredService<IDataProtectionProvider>()))!;
            var rendered = await MailWriter.RenderAsync(mail.Template, mail.Language, letter.Values!, Address);
            await page.GotoAsync("about:blank");
            await page.SetContentAsync(rendered.Html);
            await page.GetByRole(AriaRole.Link, new() { Name = "Voir et faire la tâche" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            var proof = page.GetByLabel("Où se trouve la preuve");
            if (await proof.CountAsync() > 0)
            {
                await proof.FillAsync("CRA de décembre validé, réf. 2026-118");
            }

            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, page.Url);
            await page.GetByRole(AriaRole.Button, new() { Name = "Marquer comme faite" }).ClickAsync();
            acts++;
            await Assertions.Expect(page.GetByText("Rien d’autre n’est attendu de vous")).ToBeVisibleAsync();
        }

        return acts;
    }

    /// <summary>What the others are asked for by then, in the order in which it can be done.</summary>
    private async Task OthersAsync(DepartureId departure, DateTimeOffset until)
    {
        foreach (var task in (await PendingAsync(departure)).Where(task => task.Owner != TaskOwner.Manager && task.Kind != TaskKinds.Disconnection && task.DueAt <= until).OrderBy(task => task.DueAt).ThenBy(task => task.Place))
        {
            await server!.Services.GetRequiredService<Dispatcher>().SendAsync(new CompleteTask(departure, task.Id, "Fait"), Actor.Console, Now);
        }
    }

    /// <summary>Mails to the manager that have come and were not answered yet.</summary>
    private Task<List<OutgoingMail>> MailsAsync(PersonId manager) => ReadAsync(db => db.Set<OutgoingMail>().AsNoTracking()
        .Where(mail => mail.Key!.EndsWith($"person-{manager.Value:N}") && mail.State == MailState.Waiting && mail.DueAt <= clock.GetUtcNow()).OrderBy(mail => mail.Id).ToListAsync(Now));

    private Task<List<DepartureTask>> TasksAsync(DepartureId departure) => ReadAsync(db => db.Set<DepartureTask>().AsNoTracking().Where(task => task.Departure == departure).OrderBy(task => task.Place).ToListAsync(Now));

    private async Task<List<DepartureTask>> PendingAsync(DepartureId departure) => [.. (await TasksAsync(departure)).Where(task => task.IsPending)];

    private async Task<T> SendAsync<T>(ICommand<T> command)
    {
        var sent = await server!.Services.GetRequiredService<Dispatcher>().SendAsync(command, Actor.Console, Now);
        Assert.True(sent.Ok, sent.Problem?.Message.Fr);
        return sent.Value!;
    }

    private async Task<T> ReadAsync<T>(Func<DepartDb, Task<T>> read)
    {
        await using var scope = server!.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<DepartDb>());
    }

    /// <summary>Lets everything that is due run to its end.</summary>
    private async Task SettledAsync()
    {
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (await ReadAsync(db => db.Set<WorkItem>().AnyAsync(item => item.State == WorkState.Running || (item.State == WorkState.Pending && item.DueAt <= clock.GetUtcNow()), Now)))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60), "It did not come about.");
            clock.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Delay(10, Now);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
