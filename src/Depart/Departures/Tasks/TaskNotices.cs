using Depart.Foundation;
using Depart.Processes;

namespace Depart.Departures.Tasks;

/// <summary>Something to be told of a task.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Late">To whoever hears of what is late; otherwise to its owner.</param>
internal sealed record TaskNotice(DateTimeOffset At, bool Late);

/// <summary>When something is told of a task (DEP5): by the template's reminders and escalation, at nine by the clock of the task.</summary>
internal static class TaskNotices
{
    /// <summary>Local hour at which people are told.</summary>
    public static readonly TimeOnly Morning = new(9, 0);

    /// <summary>The first instant at which something is still to be told, or null.</summary>
    public static DateTimeOffset? NextOf(DepartureTask task, Departure departure) => Of(task, departure).Select(notice => (DateTimeOffset?)notice.At).Min();

    /// <summary>
    /// What is still to be told, in no order. Nobody is reminded of what waits for others: they are when it begins, even if the day of the reminder has passed by then. A late task is
    /// told whatever holds it. Of what is under embargo nothing is told: it is when the embargo ends.
    /// </summary>
    public static IEnumerable<TaskNotice> Of(DepartureTask task, Departure departure)
    {
        if (!task.IsPending || departure.UnderEmbargo)
        {
            yield break;
        }

        var zone = task.ZoneOn(departure);
        var due = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(task.DueAt, zone).DateTime);
        foreach (var at in task.State == DepartureTaskState.Open ? Reminders() : [])
        {
            if (at > (task.ToldUntil ?? DateTimeOffset.MinValue) && at < task.DueAt)
            {
                yield return new(at, Late: false);
            }
        }

        if (task is { EscalateAfter: { } after, EscalateTo: not null } && MorningOf(due, after.Days, after.Business) is var late && late > (task.LateToldUntil ?? DateTimeOffset.MinValue))
        {
            yield return new(late, Late: true);
        }

        IEnumerable<DateTimeOffset> Reminders()
        {
            if (task.Reminders.Count > 0 || !TaskDesk.IsOfOutsider(task.Desk))
            {
                return task.Reminders.Select(text => DayOffset.TryParse(text, out var offset) ? MorningOf(due, -offset.Days, offset.Business) : default);
            }

            // Who is no user of the house looks into no list and gets no digest: each of their tasks is told once, on its day, or the working day before when it is due at dawn.
            var morning = MorningOf(due, 0, business: false);
            return [morning < task.DueAt ? morning : MorningOf(due, -1, business: true)];
        }

        DateTimeOffset MorningOf(DateOnly day, int days, bool business) =>
            LocalInstant.Of(business ? departure.BusinessCalendar.AddBusinessDays(day, days) : day.AddDays(days), Morning, zone);
    }
}
