using Depart.Browser.Given;
using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Interfaces;
using Depart.Interfaces.SignIn;
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
/// A mission manager has one departure a year and learns no tool (PLT7): no account, no page but those that their mails lead to. Weeks pass by a clock that the test moves; everybody else does
/// their part from their own mails too, and nothing is done for anyone.
/// </summary>
public sealed class ManagerByMailTests(Chromium chromium) : IAsyncLifetime
{
    /// <summary>Acts that the whole departure may ask of the manager.</summary>
    private const int MostActs = 8;

    private const string Password = "une phrase que je retiens";

    private static readonly DateOnly LastDay = new(2026, 12, 18);
    private readonly FakeTimeProvider clock = new(new(2026, 11, 2, 8, 30, 0, TimeSpan.Zero));
    private readonly string folder = Directory.CreateTempSubdirectory("depart-manager-").FullName;
    private readonly HashSet<MailId> opened = [];
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
        var supplier = await SendAsync(new AddSupplier(new("Altéo Conseil", "Paul Remy", "paul.remy@alteo.example")));
        var leaver = (await SendAsync(new AddPerson("Zoë", "Perrin", ["zoe.perrin@exemple.fr"], Supplier: "Altéo Conseil", Status: ContractualStatus.SuppliersEmployee))).Person;
        var mission = await SendAsync(new AddMission(leaver, new("Refonte du portail", Supplier: "Altéo Conseil", Manager: manager)));
        var (phone, outsiders) = (await PageAsync(width: 360), await PageAsync(width: 1280));
        var house = new List<(string Key, string Address, IPage Page)>();
        foreach (var (name, role) in new[] { ("Rosa Diallo", Role.Hr), ("Igor Petit", Role.It), ("Sonia Weber", Role.Security) })
        {
            var user = await SendAsync(new AddUser($"{role}@exemple.fr", name, [role], Password));
            house.Add(($"{user.Value:N}", $"{role}@exemple.fr", await PageAsync(width: 1280)));
        }

        var departure = await SendAsync(new OpenDeparture(mission, LastDay));

        // From here on nobody does anything but what their mails lead them to; days pass, and the weeks that are quiet pass faster. The last look at the accounts is three months after.
        var (acts, quiet) = (0, false);
        for (var day = 0; day < 150 && await ReadAsync(db => db.Set<Departures.Departure>().AnyAsync(row => row.Id == departure && row.State != DepartureState.Closed, Now)); day += quiet && day is > 80 and < 128 ? 7 : 1)
        {
            clock.SetUtcNow(new DateTimeOffset(2026, 11, 2, 8, 30, 0, TimeSpan.Zero).AddDays(day));
            await SettledAsync();
            var mails = await MailsAsync();
            quiet = mails.Count == 0;
            foreach (var mail in mails)
            {
                if (mail.Key!.EndsWith($"person-{manager.Value:N}", StringComparison.Ordinal))
                {
                    acts += await ManagerAsync(phone, mail);
                }
                else if (mail.Key.Contains($"person-{leaver.Value:N}", StringComparison.Ordinal) || mail.Key.Contains($"supplier-{supplier.Value:N}", StringComparison.Ordinal))
                {
                    await OutsiderAsync(outsiders, mail);
                }
                else
                {
                    var (_, address, page) = house.Single(user => mail.Key.Contains(user.Key, StringComparison.Ordinal));
                    await UserAsync(address, page, mail);
                }
            }

            // The evening, with the cut of the last day.
            clock.SetUtcNow(clock.GetUtcNow().AddHours(9));
            await SettledAsync();
        }

        var tasks = await TasksAsync(departure);

        var asked = tasks.Where(task => task.Owner == TaskOwner.Manager).ToList();
        Assert.All(asked, task => Assert.Equal((DepartureTaskState.Done, "Agnès Roux"), (task.State, task.SettledByName)));
        Assert.All(tasks.Where(task => task.Blocking), task => Assert.Equal(DepartureTaskState.Done, task.State));
        Assert.All(tasks.Where(task => task.Owner == TaskOwner.Consultant && task.IsSettled), task => Assert.Equal("Zoë Perrin", task.SettledByName));
        Assert.All(tasks.Where(task => task.Owner == TaskOwner.SupplierContact && task.IsSettled), task => Assert.Equal("Paul Remy", task.SettledByName));
        Assert.Equal(DepartureState.Closed, (await ReadAsync(db => db.Set<Departures.Departure>().SingleAsync(row => row.Id == departure, Now))).State);
        Assert.InRange(acts, 1, MostActs);
        Assert.Equal(asked.Count, acts);
    }

    /// <summary>The manager opens a new mail, follows its button, and does what is asked on the page that comes: one act.</summary>
    private async Task<int> ManagerAsync(IPage page, OutgoingMail mail)
    {
        await ReadAsync(page, mail);
        await page.GetByRole(AriaRole.Link, new() { Name = "Voir et faire la tâche" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, page.Url);
        await DoAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "C’est fait" })).ToBeVisibleAsync();
        return 1;
    }

    /// <summary>The consultant and the supplier's contact have no account either: each mail has its link.</summary>
    private async Task OutsiderAsync(IPage page, OutgoingMail mail)
    {
        await ReadAsync(page, mail);
        await page.GetByRole(AriaRole.Link, new() { Name = "Voir et faire la tâche" }).ClickAsync();
        await DoAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "C’est fait" })).ToBeVisibleAsync();
    }

    /// <summary>Whoever has an account follows a reminder, or every line of the digest that is due; HR closes what the digest says can be.</summary>
    private async Task UserAsync(string address, IPage page, OutgoingMail mail)
    {
        await ReadAsync(page, mail);
        var links = await page.EvaluateAsync<string[]>("""
            document.querySelector('h2')
                ? [...document.querySelectorAll('h2')].filter(title => ['En retard', 'Aujourd’hui', 'À clore'].includes(title.textContent)).flatMap(title => { let list = title; while (list.tagName !== 'UL') list = list.nextElementSibling; return [...list.querySelectorAll('a')].map(link => link.href); })
                : [...document.querySelectorAll('a.button')].map(link => link.href)
            """);
        foreach (var link in links)
        {
            // Days have passed: the session has ended, and signing in leads on to where the mail leads.
            await page.GotoAsync(link);
            if (page.Url.Contains("/sign-in", StringComparison.Ordinal))
            {
                await EnterAsync(page, address);
                await Assertions.Expect(page).ToHaveURLAsync(link);
            }

            var close = page.GetByRole(AriaRole.Button, new() { Name = "Clore le départ" });
            if (await close.CountAsync() > 0)
            {
                // What is still to be done and blocks nothing is named first.
                await close.ClickAsync();
                var sure = page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Clore le départ" });
                if (await sure.IsVisibleAsync())
                {
                    await sure.ClickAsync();
                }

                await Assertions.Expect(page.GetByText("Le départ est clos")).ToBeVisibleAsync();
            }
            else if (await page.GetByRole(AriaRole.Button, new() { Name = "Marquer comme faite" }).CountAsync() > 0)
            {
                await DoAsync(page);
                await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
            }
        }
    }

    private async Task ReadAsync(IPage page, OutgoingMail mail)
    {
        var letter = mail.Read(Outbox.Protector(server!.Services.GetRequiredService<IDataProtectionProvider>()))!;
        var rendered = await MailWriter.RenderAsync(mail.Template, mail.Language, letter.Values!, Address);
        await page.GotoAsync("about:blank");
        await page.SetContentAsync(rendered.Html);
    }

    private static async Task DoAsync(IPage page)
    {
        var proof = page.GetByLabel("Où se trouve la preuve");
        if (await proof.CountAsync() > 0)
        {
            await proof.FillAsync("Document du jour, réf. 2026-118");
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Marquer comme faite" }).ClickAsync();
    }

    private async Task<IPage> PageAsync(int width)
    {
        var context = await chromium.Browser.NewContextAsync(new()
        {
            BaseURL = Address, Locale = "fr-FR", ViewportSize = new() { Width = width, Height = 780 }, HasTouch = width < 600, IsMobile = width < 600, ReducedMotion = ReducedMotion.Reduce,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(90_000);
        return page;
    }

    private static async Task EnterAsync(IPage page, string mail)
    {
        await page.Locator("#field-mail").FillAsync(mail);
        await page.Locator("#field-password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Se connecter", Exact = true }).ClickAsync();
    }

    /// <summary>Mails that have come and nobody has opened yet.</summary>
    private async Task<List<OutgoingMail>> MailsAsync()
    {
        var come = await ReadAsync(db => db.Set<OutgoingMail>().AsNoTracking().Where(mail => mail.State == MailState.Waiting && mail.DueAt <= clock.GetUtcNow()).OrderBy(mail => mail.Id).ToListAsync(Now));
        return [.. come.Where(mail => opened.Add(mail.Id))];
    }

    private Task<List<DepartureTask>> TasksAsync(DepartureId departure) => ReadAsync(db => db.Set<DepartureTask>().AsNoTracking().Where(task => task.Departure == departure).OrderBy(task => task.Place).ToListAsync(Now));

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
