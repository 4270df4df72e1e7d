using Depart.Foundation.Door;

namespace Depart.Departures.Tasks;

/// <summary>A desk that somebody works from.</summary>
/// <param name="Desk">Which.</param>
/// <param name="StandsFor">Whose it is, when it is that of somebody absent.</param>
/// <param name="Within">The units whose tasks there are theirs; null: all of them.</param>
internal sealed record DeskAtHand(string Desk, string? StandsFor, IReadOnlyList<string>? Within = null)
{
    /// <summary>Whether what lies on a desk, of a departure of that unit, is theirs.</summary>
    public bool Holds(string desk, string? unit) => desk == Desk && (Within is null || (unit is not null && Within.Contains(unit, StringComparer.Ordinal)));
}

/// <summary>Who may do and see what with tasks. Scoped: what it has found out about the actor it remembers.</summary>
internal sealed class TaskRights(Actor actor, IDepartureBinding binding, Absences absences)
{
    private IReadOnlyList<DeskAtHand>? desks;

    /// <summary>The desks of the actor: their own, those of the roles they hold, and those of whoever they stand in for today.</summary>
    public async Task<IReadOnlyList<DeskAtHand>> DesksAsync(CancellationToken cancellation) =>
        desks ??= TaskDesk.Together(TaskDesk.At(actor).Concat(actor.User is { } user ? await absences.DesksStoodInForAsync(user, cancellation) : []));

    /// <summary>
    /// Why the actor may not do a task, or null. What lies on one's own desk is one's own part; whoever does it by a role or for somebody absent is held by separation, and so is the leaver
    /// in what the house is asked for, whatever desk it came to.
    /// </summary>
    public async Task<Problem?> RefusalAsync(DepartureTask task, Departure departure, CancellationToken cancellation)
    {
        if (actor.Via == Via.Console)
        {
            return null;
        }

        var mine = (actor.User is { } user && task.Desk == TaskDesk.OfUser(user)) || (actor.Person is { } person && task.Desk == TaskDesk.OfPerson(person));
        if (mine && (actor.Person != departure.Person.Value || TaskRules.IsOfLeaversSide(task.Owner)))
        {
            return null;
        }

        var parties = await binding.OfDepartureAsync(departure.Id.Value, cancellation);
        return mine || SkipTask.Access.Allows(actor, parties) || await StandsInAsync(task, parties, cancellation)
            ? await Separation.RefusalAsync(actor, departure.Person.Value, binding, cancellation)
            : TasksText.NotYours;
    }

    /// <summary>Whether the actor may read a task: whoever may see the departure, and whoever it lies with.</summary>
    public async Task<bool> MaySeeAsync(DepartureTask task, DepartureParties? parties, CancellationToken cancellation) =>
        GetDeparture.Access.Allows(actor, parties) || TaskDesk.Of(actor).Contains(task.Desk, StringComparer.Ordinal)
        || (await StandsInAsync(task, parties, cancellation) && actor.Person != parties?.Leaver);

    private async Task<bool> StandsInAsync(DepartureTask task, DepartureParties? parties, CancellationToken cancellation) =>
        (await DesksAsync(cancellation)).Any(desk => desk.StandsFor is not null && desk.Holds(task.Desk, parties?.Unit));
}
