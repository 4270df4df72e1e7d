using System.Reflection;
using Depart.Departures;
using Depart.Departures.Settings;
using Depart.Departures.Tasks;
using Depart.Foundation;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Interfaces.Mail;
using Depart.Interfaces.SignIn;
using Depart.Missions;
using Depart.Missions.Imports;
using Depart.Processes;
using Depart.Proof;
using Depart.Step5Close.Accounts;
using Depart.Step7OnePlatform.Brand;
using Depart.Step7OnePlatform.Dashboard;
using Depart.Step7OnePlatform.FirstRun;
using Depart.Step7OnePlatform.Notifications;
using Depart.Step7OnePlatform.PublicNotices;

namespace Depart.Step7OnePlatform;

/// <summary>One entry of the menu.</summary>
internal sealed record NavigationEntry(Type Page, string Path, string Icon, Words Name)
{
    /// <summary>Whether a request is within this entry.</summary>
    public bool IsCurrent(PathString path) => Path == "/" ? path == "/"
        : path.StartsWithSegments(Path, StringComparison.Ordinal) || (Within is { } within && path.StartsWithSegments(within, StringComparison.Ordinal));

    /// <summary>Another address that belongs to it, or null.</summary>
    public string? Within { get; init; }

    /// <summary>Who may open it.</summary>
    public IReadOnlyList<IPageAccess> Access { get; } = [.. Page.GetCustomAttributes().OfType<IPageAccess>()];
}

/// <summary>The menu: only what the reader may open.</summary>
internal static class Navigation
{
    private static readonly NavigationEntry[] Entries =
    [
        new(typeof(HomePage), "/", "home", PlatformText.Home),
        new(typeof(TasksPage), "/tasks", "tasks", TasksPageText.MyTasks),
        new(typeof(NotificationsPage), "/notifications", "bell", NotificationsText.Title),
        new(typeof(DeparturesPage), "/departures", "departures", DeparturesText.Departures),
        new(typeof(DashboardPage), "/dashboard", "measures", DashboardText.Title),
        new(typeof(PeoplePage), "/people", "people", PeopleText.People) { Within = ImportPages.Path },
        new(typeof(AccountsPage), "/accounts", "accounts", SystemsText.AllAccounts),
        new(typeof(TemplatesPage), "/templates", "calendar", TemplatesText.Templates),
        new(typeof(SystemsPage), "/systems", "systems", SystemsText.Systems),
        new(typeof(JournalPage), "/journal", "journal", JournalText.Journal),
        new(typeof(UsersPage), "/users", "users", SignInPageText.Users),
        new(typeof(MailPage), "/mail", "mail", MailText.Mail),
        new(typeof(SettingsOverviewPage), "/settings", "settings", SettingsText.Settings),
    ];

    /// <summary>Pages that the search finds besides: what is set lies one level deeper.</summary>
    private static readonly NavigationEntry[] Deeper =
    [
        new(typeof(FirstStepsPage), "/first-steps", "tasks", FirstStepsText.Title),
        new(typeof(OrganisationPage), "/settings/organisation", "settings", BrandText.OrganisationFound),
        new(typeof(DepartureSettingsPage), "/settings/departures", "settings", SettingsText.General),
        new(typeof(CalendarsPage), "/settings/calendars", "calendar", SettingsText.Calendars),
        new(typeof(MailSettingsPage), "/settings/mail", "mail", MailText.Server),
        new(typeof(NoticesPage), "/settings/notices", "journal", NoticesText.Notices),
    ];

    /// <summary>What the search finds for an actor.</summary>
    public static IEnumerable<NavigationEntry> Findable(Actor actor) => Entries.Concat(Deeper).Where(entry => entry.Access.Any(access => access.Allows(actor)));

    /// <summary>The entries for an actor.</summary>
    public static IEnumerable<NavigationEntry> For(Actor actor) => Entries.Where(entry => entry.Access.Any(access => access.Allows(actor)));
}

/// <summary>What the shell needs to know of this server.</summary>
/// <param name="Demo">Everything here is fictional, and every screen says so.</param>
internal sealed record PlatformFacts(bool Demo);
