using Deque.AxeCore.Commons;
using Depart.Browser.Given;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Missions;
using Depart.Processes;
using Depart.Step7OnePlatform.Portal;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Depart.Browser;

/// <summary>What holds for every page: accessible in both themes and languages, right on a phone, light at first load.</summary>
public sealed class EveryPageTests(Demo demo) : IClassFixture<Demo>
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("DEPART_TEST_LONG") == "1";

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>Of the rows of a table, so many of each shape say what fifty would.</summary>
    private const string Few = """
        const few = most => {
          for (const body of document.querySelectorAll('tbody')) {
            const shapes = new Map();
            for (const row of [...body.rows]) {
              const shape = [row, ...row.querySelectorAll('*')].map(element => `${element.tagName}.${element.getAttribute('class') ?? ''}`).join();
              shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
              if (shapes.get(shape) > most) row.remove();
            }
          }
        };
        """;

    private static readonly string[] Paths =
    [
        "/", "/tasks", "/departures", "/departures?late=true&step=5", "/departures/timeline", "/departures/timeline?span=35", "/departures/new", "/departures/new?search=perrin", "/people", "/people?search=nobody-at-all", "/people/new", "/imports", "/cut-now", "/accounts", "/accounts?class=doubtful",
        "/templates", "/templates/consultant-regie", "/templates/consultant-regie/preview?kind=regie&status=independent", "/templates/consultant-regie/comparison", "/templates/edit", "/templates/new", "/templates/consultant-regie/editor", "/templates/consultant-regie/editor/task?task=thank",
        "/tasks/settings",
        "/templates/consultant-regie?preview=yes&kind=regie&status=independent",
        "/systems", "/systems/new", "/systems/new?connector=scim", "/journal?verify=yes", "/users", "/work", "/account", "/account/second-step", "/account/passkeys", "/nothing-here",
        "/notifications", "/search", "/search?text=perrin", "/dashboard", "/design",
        "/mail", "/settings", "/settings/organisation", "/settings/departures", "/first-steps", "/settings/calendars", "/settings/calendars/new", "/settings/mail", "/settings/notices", "/settings/notices/privacy",
        "/settings/providers", "/settings/providers/new",
    ];

    /// <summary>Rules do not depend on the theme, nor colours on the language: French in one theme and English in the other see everything; the rest is for the long run.</summary>
    [Theory]
    [InlineData("fr-FR", "Administrateur", ColorScheme.Light, 1440, false)]
    [InlineData("en-GB", "Administrator", ColorScheme.Dark, 1440, false)]
    [InlineData("fr-FR", "Administrateur", ColorScheme.Dark, 1440, true)]
    [InlineData("en-GB", "Administrator", ColorScheme.Light, 1440, true)]
    [InlineData("fr-FR", "Administrateur", ColorScheme.Dark, 360, true)]
    [InlineData("en-GB", "Administrator", ColorScheme.Light, 360, true)]
    public async Task Axe_has_nothing_to_say(string locale, string role, ColorScheme theme, int width, bool longRun)
    {
        Assert.SkipUnless(Long || !longRun, "The same pages in the other theme, and on a phone: ./test --long.");
        var page = await demo.OpenAsync(role, locale, theme, width);
        var found = new List<string>();
        foreach (var path in Paths.Concat(await DeeperAsync(page)))
        {
            await page.GotoAsync(path);
            found.AddRange(await FoundAsync(page, path));
        }

        if (width < 600)
        {
            await page.Locator(".menu-button").ClickAsync();
            found.AddRange(await FoundAsync(page, "the menu"));
        }

        var nobody = await demo.OpenAsync(null, locale, theme, width);
        foreach (var path in new[] { "/sign-in", "/portal", "/portal/open?code=0", "/by-link?code=0", "/set-up?code=0", "/notices/privacy", "/notices/legal", "/notices/accessibility" })
        {
            await nobody.GotoAsync(path);
            found.AddRange(await FoundAsync(nobody, path));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public async Task At_360_pixels_nothing_overflows_and_the_header_is_one_row()
    {
        var page = await demo.OpenAsync("Administrateur", width: 360);
        foreach (var path in Paths.Concat(await DeeperAsync(page)))
        {
            await page.GotoAsync(path);
            var over = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(over <= 0, $"{path} overflows by {over}");
            Assert.True((await page.Locator(".bar").BoundingBoxAsync())!.Height <= 64, path);
        }
    }

    /// <summary>Tab goes through whatever can be used on a page, in its order and out again; each stop is seen to be where one is, and nothing lies over it.</summary>
    [Theory]
    [InlineData(1280, false)]
    [InlineData(360, true)]
    public async Task Every_page_is_gone_through_by_keyboard_and_one_sees_where_one_is(int width, bool longRun)
    {
        Assert.SkipUnless(Long || !longRun, "The same on a phone: ./test --long.");
        var page = await demo.OpenAsync("Administrateur", width: width);
        var wrong = new List<string>();
        foreach (var path in Paths.Concat(await DeeperAsync(page)))
        {
            await page.GotoAsync(path);
            var stops = await page.EvaluateAsync<int>(Few + """
                (() => {
                  few(3);
                  const shown = element => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert]');
                  const every = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(element => element.tabIndex >= 0 && !element.disabled && element.type !== 'hidden' && shown(element));
                  // Of several choices one is a stop, and arrows go through the rest.
                  window.due = new Set(every.filter(element => element.type !== 'radio' || element === ([...document.getElementsByName(element.name)].find(one => one.checked) ?? document.getElementsByName(element.name)[0])));
                  window.told = element => `${element.outerHTML.slice(0, 120)}`;
                  window.looked = () => {
                    const now = document.activeElement;
                    if (now === document.body || now === document.documentElement) return 'end';
                    // A day is typed in three places.
                    if (now === window.last) return now.matches('input[type=date], input[type=time], input[type=month], input[type=datetime-local]') ? 'again' : 'end';
                    window.last = now;
                    if (!window.due.delete(now)) return window.due.size === 0 || window.seen?.has(now) ? 'end' : now.closest('[tabindex="-1"]') === now ? '' : 'end';
                    (window.seen ??= new Set()).add(now);
                    const styles = [now, ...(now.labels ?? []), now.parentElement].map(one => getComputedStyle(one));
                    const marked = styles.some(style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1.5) || styles[0].boxShadow !== 'none';
                    if (!now.matches(':focus-visible') || !marked) return `no sign of focus: ${window.told(now)}`;
                    const box = [...now.getClientRects()].find(one => one.width > 1 && one.height > 1);
                    if (!box) return `no place: ${window.told(now)}`;
                    const within = (from, size, most) => Math.min(Math.max(from + size / 2, Math.min(from + size, 0) + 1), Math.max(from, most) - 1);
                    const [x, y] = [within(box.x, box.width, innerWidth), within(box.y, box.height, innerHeight)];
                    const over = document.elementFromPoint(x, y);
                    return !over ? `out of sight: ${window.told(now)}` : now.contains(over) || over.contains(now) || [...(now.labels ?? [])].some(label => label.contains(over)) ? '' : `covered by ${over.outerHTML.slice(0, 60)}: ${window.told(now)}`;
                  };
                  // From the top, wherever the page put the focus.
                  document.body.tabIndex = -1;
                  document.body.focus();
                  return window.due.size;
                })()
                """);
            for (var at = 0; at <= stops; at++)
            {
                await page.Keyboard.PressAsync("Tab");
                var found = await page.EvaluateAsync<string>("looked()");
                if (found == "end")
                {
                    break;
                }

                if (found == "again")
                {
                    at--;
                }
                else if (found.Length > 0)
                {
                    wrong.Add($"{path}: {found}");
                }
            }

            wrong.AddRange((await page.EvaluateAsync<string[]>("[...due].map(told)")).Select(missed => $"{path}: never reached: {missed}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>The leaver's own door (PLT5): from a code on paper to a task that is done, with the pages looked at on the way.</summary>
    [Fact]
    public async Task A_leaver_comes_in_on_a_phone_by_a_code_on_paper_and_does_a_task()
    {
        var (code, given, title) = await PaperAsync();
        var page = await demo.OpenAsync(theme: ColorScheme.Dark, width: 360);
        var found = new List<string>();
        await page.GotoAsync("/portal");
        await LookAsync();
        await page.Locator("#field-code").FillAsync(code.ToLowerInvariant());
        await page.GetByRole(AriaRole.Button, new() { Name = "Entrer" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync($"Bonjour {given}");
        await LookAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = title, Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(title);
        await LookAsync();
        await page.Locator("#field-note").FillAsync("Remis à l’accueil");
        await page.GetByRole(AriaRole.Button, new() { Name = "Marquer comme faite" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("C’est noté comme fait");
        await Assertions.Expect(page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = title })).ToContainTextAsync("Fait");

        await page.GetByRole(AriaRole.Button, new() { Name = "Quitter, sur cet appareil" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(demo.Address + "/portal");
        await page.GotoAsync("/portal/home");
        await Assertions.Expect(page).ToHaveURLAsync(demo.Address + "/portal");
        Assert.True(found.Count == 0, string.Join('\n', found));

        async Task LookAsync()
        {
            Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, page.Url);
            found.AddRange(await FoundAsync(page, page.Url));
        }
    }

    /// <summary>A code on paper for somebody who is asked for something now.</summary>
    private async Task<(string Code, string Given, string Title)> PaperAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var scope = demo.Services.GetRequiredService<IServiceScopeFactory>().CreateEngineScope();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        var task = await db.Set<DepartureTask>().Where(row => row.Owner == TaskOwner.Consultant && row.State == DepartureTaskState.Open && row.Desk.StartsWith("person:")).OrderBy(row => row.Id).FirstAsync(cancellation);
        var person = await db.Set<Departures.Departure>().Where(row => row.Id == task.Departure).Join(db.Set<Person>(), row => row.Person, row => row.Id, (_, row) => row.GivenName).FirstAsync(cancellation);
        var code = await demo.Services.GetRequiredService<Dispatcher>().SendAsync(new PrintDoorCode(task.Departure), Actor.Console, cancellation);
        return (code.Value!.Code, person, task.TitleFr);
    }

    [Fact]
    public async Task The_first_load_of_a_list_weighs_at_most_120_kilobytes_and_asks_no_other_host()
    {
        var page = await demo.OpenAsync("Administrateur");
        await page.GotoAsync("/account");
        var fresh = await page.Context.Browser!.NewContextAsync(new() { BaseURL = demo.Address, StorageState = await page.Context.StorageStateAsync() });
        var first = await fresh.NewPageAsync();
        var (bytes, strangers) = (0L, new List<string>());
        first.RequestFinished += (_, request) =>
        {
            if (!request.Url.StartsWith(demo.Address, StringComparison.Ordinal)) { strangers.Add(request.Url); }
        };

        await first.GotoAsync("/departures");
        bytes = await first.EvaluateAsync<long>("[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, entry) => sum + entry.transferSize, 0)");

        Assert.Empty(strangers);
        Assert.InRange(bytes, 1, 120 * 1024);
    }

    [Fact]
    public async Task Filters_live_in_the_address_and_slash_goes_to_the_search()
    {
        var page = await demo.OpenAsync("Administrateur");
        await page.GotoAsync("/departures");
        await page.GetByLabel("Nom du consultant").FillAsync("perrin");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rechercher" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("search=perrin", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);

        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync("/");
        var search = page.GetByRole(AriaRole.Searchbox, new() { Name = "Rechercher ou aller à…" });
        await Assertions.Expect(search).ToBeFocusedAsync();

        // What is found comes beneath as it is typed, and arrows go through it.
        await page.Keyboard.TypeAsync("elo per");
        var found = page.Locator(".palette").GetByRole(AriaRole.Link).First;
        await Assertions.Expect(found).ToContainTextAsync("Élodie Perrin");
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(found).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(search).ToBeFocusedAsync();
        await Assertions.Expect(found).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Rechercher" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Language_and_theme_are_chosen_once_and_stay()
    {
        var page = await demo.OpenAsync("Administrateur");
        await page.GetByRole(AriaRole.Button, new() { Name = "English" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).First.ClickAsync();
        await page.GotoAsync("/people");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "People" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    /// <summary>Pages of one person, departure, plan, system and journal entry.</summary>
    private static async Task<IReadOnlyList<string>> DeeperAsync(IPage page)
    {
        var deeper = new List<string>();
        foreach (var list in new[] { "/departures?state=open", "/people", "/systems", "/journal" })
        {
            await page.GotoAsync(list);
            deeper.Add((await page.Locator("td.name a").First.GetAttributeAsync("href"))!);
        }

        await page.GotoAsync(deeper[0]);
        var tasks = await page.Locator("li.task a").EvaluateAllAsync<string[]>("links => [links[0], links.find(link => link.closest('li').querySelector('.late')), links.at(-1)].filter(Boolean).map(link => link.getAttribute('href'))");
        await page.GotoAsync("/people?search=perrin");
        var person = (await page.Locator("td.name a").First.GetAttributeAsync("href"))!.Split('/')[^1];
        return [.. deeper, .. tasks.Distinct(), deeper[0] + "/reschedule?lastDay=2031-03-31&cutTime=18:00", "/departures/new?person=" + person, deeper[1] + "/change", deeper[1] + "/missions/new", deeper[0] + "/disconnection", deeper[0] + "/disconnection?rehearse=yes", deeper[0] + "/door", deeper[0] + "/activity", deeper[2] + "?test=yes"];
    }

    /// <summary>Axe inside the page, where nothing is sent to and fro.</summary>
    internal static async Task<IEnumerable<string>> FoundAsync(IPage page, string path)
    {
        await page.EvaluateAsync(Axe);
        var found = await page.EvaluateAsync<string[]>("() => { " + Few + """
            return (async () => {
              few(12);
              const { violations } = await axe.run(document, { resultTypes: ['violations'] });
              return violations.map(violation => `${violation.id} (${violation.impact}) ${violation.nodes.slice(0, 3).map(node => node.html).join(' | ')}`);
            })(); }
            """);
        return found.Select(violation => $"{path}: {violation}");
    }
}
