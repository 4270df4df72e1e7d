using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;

namespace Depart.Departures.Tasks;

/// <summary>Shows a task to somebody without an account, and does it in their name: by a link from a mail, or through the leaver's own door. Whether it is theirs was settled before. Scoped.</summary>
internal sealed class TaskWithoutAccount(DepartDb db, TaskAtHand hand, TaskBook book, TaskFiles files, TaskReaders readers, TaskTemplates templates, TaskBehaviours behaviours, IDepartureFacts facts)
{
    /// <summary>A task that is to be done, as they see it.</summary>
    public async Task<TaskByLinkView> ReadAsync(DepartureTask task, Departure departure, string name, Guid? person, CancellationToken cancellation)
    {
        var document = (task.Source ?? departure.Template) is { } id ? await templates.FindAsync(db, id, cancellation) : null;
        var template = document?.Tasks.FirstOrDefault(one => one.Key == task.Key)?.For((await facts.OfAsync([departure], cancellation))[departure.Id].Facts);
        return new TaskByLinkView(
            task.State == DepartureTaskState.Open ? TaskLinkState.Open : task.IsSettled ? TaskLinkState.Done : TaskLinkState.Waiting, name, person, await readers.NameAsync(departure.Person, cancellation), task.Title,
            template?.Instructions ?? Words.Same(""), template?.Done ?? Words.Same(""), task.DueAt, task.Zone ?? departure.Zone, task.Evidence) { ByHandMeanwhile = !behaviours.Knows(task.Kind) };
    }

    /// <summary>Does it, with a file if they like: it also is the proof. Gives why not, or null.</summary>
    public async Task<Problem?> DoAsync(DepartureTask task, Departure departure, string name, Guid? person, string? note, string? fileName, byte[]? file, CancellationToken cancellation)
    {
        if (person == departure.Person.Value && !TaskRules.IsOfLeaversSide(task.Owner))
        {
            return Problem.OwnDeparture;
        }

        var said = string.IsNullOrWhiteSpace(note) && file is not null ? fileName : note;
        if (await hand.DoneRefusalAsync(task, departure, said, cancellation) is { } refusal)
        {
            return refusal;
        }

        if (file is not null && await files.AddAsync(task, departure, fileName ?? "", file, null, name, cancellation) is { Ok: false } refused)
        {
            return refused.Problem;
        }

        await book.SettleAsync(task, departure, DepartureTaskState.Done, TaskRules.OrNull(note), null, cancellation, byName: name);
        return null;
    }
}
