using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Depart.Given;
using Depart.Interfaces.SignIn;
using Depart.Missions;
using Depart.Processes;
using Depart.Processes.Yaml;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Depart.Departures.Tasks;

/// <summary>A house whose departures follow a template that the test writes.</summary>
internal static class TaskHouse
{
    /// <summary>Key of the template.</summary>
    public const string Template = "of-the-test";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    /// <summary>A task of a template, due at the end of the last day unless said.</summary>
    public static TaskTemplate Asked(string key, TaskOwner owner = TaskOwner.Hr, string offset = "0 days", TaskAnchor anchor = TaskAnchor.LastDay, string? at = null, string[]? reminders = null, (string After, TaskOwner To)? late = null, params string[] after) => new()
    {
        Key = key,
        Step = 1,
        Title = new(key + " to do", key + " à faire"),
        Instructions = new("Do it.", "À faire."),
        Done = new("It is done.", "C’est fait."),
        Owner = owner,
        Anchor = anchor,
        Offset = Days(offset),
        At = at is null ? null : TimeOnly.Parse(at, System.Globalization.CultureInfo.InvariantCulture),
        Reminders = [.. (reminders ?? []).Select(Days)],
        Escalation = late is { } told ? new(Days(told.After), told.To) : null,
        After = after,
    };

    public static DayOffset Days(string text)
    {
        Assert.True(DayOffset.TryParse(text, out var days), text);
        return days;
    }

    /// <summary>Writes the template as a file, saves it and publishes it.</summary>
    public static async Task PublishAsync(this EngineAlone house, params TaskTemplate[] tasks)
    {
        var yaml = ProcessWriter.Write(ProcessSource.Whole(new()
        {
            Key = Template, Title = new("Process", "Processus"), Description = new("Of a test.", "D’un essai."), For = new([new("status", ["suppliers-employee"])]), Tasks = tasks,
        }));
        var saved = await house.SendAsync(new SaveDraft(yaml), Actor.Console);
        Assert.True(saved.Ok, saved.Problem?.Message.En);
        Assert.Null((await house.SendAsync(new PublishTemplate(saved.Value!.Key, saved.Value.Number), Actor.Console)).Problem);
    }

    public static async Task<Guid> UserAsync(this EngineAlone house, string name, PersonId? person, params Role[] roles)
    {
        var user = (await house.SendAsync(new AddUser($"{name}@alteo.example", name, roles, "une phrase assez longue pour tous"), Actor.Console)).Value;
        if (person is not null)
        {
            Assert.Null((await house.SendAsync(new BindUser(user, person), Actor.Console)).Problem);
        }

        return user.Value;
    }

    public static async Task<PersonId> PersonAsync(this EngineAlone house, string family, bool mail = true, string? supplier = null) =>
        (await house.SendAsync(new AddPerson("Zoë", family, mail ? [$"{family.ToLowerInvariant()}@exemple.fr"] : [], Supplier: supplier, Status: ContractualStatus.SuppliersEmployee), Actor.Console)).Value!.Person;

    public static async Task<MissionId> MissionAsync(this EngineAlone house, PersonId person, PersonId? manager = null, DateOnly? end = null) =>
        (await house.SendAsync(new AddMission(person, new("Refonte du portail", Manager: manager, End: end)), Actor.Console)).Value!;

    public static async Task<DepartureId> OpenAsync(
        this EngineAlone house, string family, DateOnly lastDay, string? zone = null, TimeOnly? cut = null, DateOnly? announce = null, PersonId? manager = null, PersonId? successor = null, PersonId? person = null)
    {
        var mission = await house.MissionAsync(person ?? await house.PersonAsync(family), manager);
        var opened = await house.SendAsync(new OpenDeparture(mission, lastDay, zone, cut, Template: Template, AnnounceOn: announce, Successor: successor), Actor.Console);
        Assert.True(opened.Ok, opened.Problem?.Message.En);
        return opened.Value;
    }

    public static async Task<T> ReadAsync<T>(this EngineAlone house, Func<DepartDb, Task<T>> read)
    {
        await using var scope = house.Open();
        return await read(scope.ServiceProvider.GetRequiredService<DepartDb>());
    }

    public static Task<Dictionary<string, DepartureTask>> TasksAsync(this EngineAlone house, DepartureId departure) => house.ReadAsync(db =>
        db.Set<DepartureTask>().AsNoTracking().Where(task => task.Departure == departure).ToDictionaryAsync(task => task.Key, Now));

    public static Task<Departure> FindAsync(this EngineAlone house, DepartureId departure) => house.ReadAsync(db => db.Set<Departure>().AsNoTracking().FirstAsync(row => row.Id == departure, Now));

    public static Task<List<OutgoingMail>> MailsAsync(this EngineAlone house) => house.ReadAsync(db => db.Set<OutgoingMail>().AsNoTracking().ToListAsync(Now));

    /// <summary>Changes a departure as no command does; the engine hears of work that comes of it.</summary>
    public static async Task ChangeAsync(this EngineAlone house, DepartureId departure, Action<DepartDb, Departure> change)
    {
        await using var scope = house.Open();
        var db = scope.ServiceProvider.GetRequiredService<DepartDb>();
        change(db, (await db.FindAsync<Departure>([departure], Now))!);
        await db.SaveChangesAsync(Now);
        scope.ServiceProvider.GetRequiredService<IWorkNudge>().Nudge(db.EnqueuedQueues);
    }

    /// <summary>Lets what is due run to its end, and then the tasks of departures that it changed look at them.</summary>
    public static async Task LookedAsync(this EngineAlone house)
    {
        await house.SettledAsync();
        do
        {
            house.Clock.Advance(TaskClock.LooksAfter);
            await house.SettledAsync();
        }
        while ((await house.ItemsAsync()).Any(item => item.State == WorkState.Pending && item.DueAt <= house.Clock.GetUtcNow() + TaskClock.LooksAfter));
    }

    /// <summary>Appointments of a departure that wait.</summary>
    public static async Task<List<WorkItem>> PendingAsync(this EngineAlone house, DepartureId departure, string kind = TaskClock.WorkKind) =>
        [.. (await house.ItemsAsync()).Where(item => item.Kind == kind && item.Subject == departure.ToString() && item.State == WorkState.Pending)];

    /// <summary>Somebody signed in.</summary>
    public static Actor As(Guid user, PersonId? person, params Role[] roles) => new(user, person?.Value, "Somebody", roles.ToHashSet(), Via.Page);
}
