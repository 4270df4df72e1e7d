using Depart.Departures.Settings;
using System.Reflection;
using Depart.Departures.Embargoes;
using Depart.Departures.Renewals;
using Depart.Departures.Together;
using Depart.Foundation.Design;
using Depart.Foundation.Door;
using Depart.Missions;
using Depart.Missions.Imports;
using Depart.Processes;

namespace Depart.Departures.Tasks;

/// <summary>Names the kind of task that a class gives its behaviour to.</summary>
/// <param name="kind">As templates write it: <c>equipment-return</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class TaskKindAttribute(string kind) : Attribute
{
    /// <summary>The kind.</summary>
    public string Kind { get; } = kind;
}

/// <summary>
/// What <em>due</em>, <em>done</em> and <em>cancelled</em> mean for a kind of task. A step plugs in here, and departures know nothing of it: found by scanning, scoped, named by
/// <see cref="TaskKindAttribute"/>. A kind without one is done by hand and says so.
/// </summary>
internal interface ITaskKind
{
    /// <summary>The instant it is due at whatever the template says, or null for the template's.</summary>
    DateTimeOffset? DueOf(Departure departure) => null;

    /// <summary>Why a person may not say that it is done, or null.</summary>
    Task<Problem?> RefusalAsync(DepartureTask task, Departure departure, CancellationToken cancellation) => Task.FromResult<Problem?>(null);

    /// <summary>Why a person may not leave it out, or null.</summary>
    Problem? SkipRefusal(DepartureTask task, Departure departure) => null;

    /// <summary>Its turn has come: what it waits for is settled. In the transaction that settled the last; again, when that was taken back and settled anew.</summary>
    Task OpenedAsync(DepartureTask task, Departure departure, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>The departure, and the task with it, is cancelled. In that transaction.</summary>
    Task CancelledAsync(DepartureTask task, Departure departure, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Somebody without an account may do it by a link.</summary>
    bool ByLink => true;

    /// <summary>The page where it is done, or null for the task's own.</summary>
    string? PageOf(DepartureTask task, Departure departure) => null;
}

/// <summary>The behaviours of this installation, by kind.</summary>
internal sealed class TaskBehaviours(IServiceProvider services)
{
    private static readonly ByHand Hand = new();

    /// <summary>How a kind behaves; by hand when its step is not there.</summary>
    public ITaskKind Of(string kind) => services.GetKeyedService<ITaskKind>(kind) ?? Hand;

    /// <summary>Whether a kind has a behaviour of its own: what has none says that it is done by hand meanwhile.</summary>
    public bool Knows(string kind) => kind == TaskKinds.Manual || services.GetKeyedService<ITaskKind>(kind) is not null;

    private sealed class ByHand : ITaskKind;
}

/// <summary>Somebody says yes; it is done by saying so. Nobody approves on their own departure, nor on that of somebody of the same supplier, whatever desk it lies on.</summary>
[TaskKind("approval")]
internal sealed class ApprovalTask(Actor actor, IDepartureBinding binding) : ITaskKind
{
    public bool ByLink => false;

    public Task<Problem?> RefusalAsync(DepartureTask task, Departure departure, CancellationToken cancellation) => Separation.RefusalAsync(actor, departure.Person.Value, binding, cancellation);
}

/// <summary>The cut: due at its instant, done when every account is found closed, never by a click.</summary>
[TaskKind(TaskKinds.Disconnection)]
internal sealed class DisconnectionTask : ITaskKind
{
    public bool ByLink => false;

    public DateTimeOffset? DueOf(Departure departure) => departure.CutAt;

    public Task<Problem?> RefusalAsync(DepartureTask task, Departure departure, CancellationToken cancellation) =>
        Task.FromResult<Problem?>(departure.State is DepartureState.Cut or DepartureState.Closed ? null : TasksText.CutByDepart);

    public Problem? SkipRefusal(DepartureTask task, Departure departure) => TasksText.CutNotSkipped;

    public string? PageOf(DepartureTask task, Departure departure) => $"/departures/{departure.Id}/disconnection";
}

/// <summary>Finds kinds of tasks by scanning.</summary>
internal static class TaskRegistration
{
    /// <summary>Adds what tasks need, and every kind of the assemblies.</summary>
    public static IServiceCollection AddTasks(this IServiceCollection services, params Assembly[] assemblies)
    {
        services.AddSingleton<TaskTemplates>();
        services.AddScoped<TaskBehaviours>();
        services.AddScoped<TaskBook>();
        services.AddScoped<EmbargoBook>();
        services.AddScoped<Foundation.Mail.IMailHold>(provider => provider.GetRequiredService<EmbargoBook>());
        services.AddScoped<DepartureOpening>();
        services.AddScoped<DepartureWatches>();
        services.AddSingleton<TogetherDesk>();
        services.AddScoped<RenewalDepartures>();
        services.AddScoped<IMissionWatch, RenewalWatch>();
        services.AddScoped<IImportedDepartures, ImportedDepartures>();
        services.AddScoped<TaskReaders>();
        services.AddScoped<TaskAtHand>();
        services.AddScoped<TaskWithoutAccount>();
        services.AddScoped<TaskHolders>();
        services.AddScoped<TaskRights>();
        services.AddScoped<TaskFiles>();
        services.AddSingleton<RememberedAbsences>();
        services.AddScoped<Absences>();
        services.AddScoped<Mentions>();
        services.AddScoped<Digests>();
        services.AddScoped<TaskLinks>();
        services.AddSingleton<WrongLinks>();
        services.AddScoped<IMissionWatch, TasksFollowMissions>();
        services.AddScoped<TemplateChoice>();
        services.AddScoped<HouseRules>();
        services.AddSingleton<HouseZone>();
        services.AddSingleton<IHouseZone>(provider => provider.GetRequiredService<HouseZone>());
        services.AddScoped<NewerVersions>();
        services.AddSingleton<FilterOffersMemory>();
        services.AddScoped<IDepartureFacts, FactsOfDeparture>();
        foreach (var type in assemblies.SelectMany(assembly => assembly.GetTypes()))
        {
            if (type.GetCustomAttribute<TaskKindAttribute>() is { } kind)
            {
                services.AddKeyedScoped(typeof(ITaskKind), kind.Kind, type);
            }
        }

        return services;
    }
}
