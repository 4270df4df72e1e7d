using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;

namespace Depart.Departures.Tasks;

/// <summary>What a link leads to now.</summary>
public enum TaskLinkState
{
    /// <summary>To be done.</summary>
    Open,

    /// <summary>Cannot be done yet: something else comes first.</summary>
    Waiting,

    /// <summary>Done.</summary>
    Done,
}

/// <summary>A task as somebody without an account sees it: what is asked of them and nothing more.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Name">Whose link it is.</param>
/// <param name="Person">Who that is in the record, or null.</param>
/// <param name="Leaver">Whose end of mission it is about.</param>
/// <param name="Title">Its title.</param>
/// <param name="Instructions">What to do.</param>
/// <param name="DoneMeans">What <em>done</em> means.</param>
/// <param name="DueAt">UTC.</param>
/// <param name="Zone">The zone in which people read that instant.</param>
/// <param name="Evidence">Done with a proof.</param>
public sealed record TaskByLinkView(TaskLinkState State, string Name, Guid? Person, string Leaver, Words Title, Words Instructions, Words DoneMeans, DateTimeOffset DueAt, string Zone, bool Evidence)
{
    /// <summary>What else is to be done now by whose link it is.</summary>
    public IReadOnlyList<OtherTask> Others { get; init; } = [];

    /// <summary>Its step is not built yet: it is done by hand meanwhile.</summary>
    public bool ByHandMeanwhile { get; init; }
}

/// <summary>Another task of whoever reads a link.</summary>
/// <param name="Id">Which.</param>
/// <param name="Leaver">Whose end of mission it is about.</param>
/// <param name="Title">Its title.</param>
/// <param name="DueAt">UTC.</param>
/// <param name="Zone">The zone in which people read that instant.</param>
public sealed record OtherTask(DepartureTaskId Id, string Leaver, Words Title, DateTimeOffset DueAt, string Zone);

/// <summary>What a link leads to; opening it changes nothing, so a mail program that looks ahead spends nothing.</summary>
internal sealed record ReadTaskLink(string Code, DepartureTaskId? Task = null) : IQuery<TaskByLinkView>
{
    public static Access Access => Access.Anyone;

    internal sealed class Handler(TaskLinks links, TaskWithoutAccount outside, TaskReaders readers, TimeProvider clock) : IHandler<ReadTaskLink, TaskByLinkView>
    {
        public async Task<Outcome<TaskByLinkView>> HandleAsync(ReadTaskLink query, CancellationToken cancellation)
        {
            if (await links.FindAsync(query.Code, cancellation, query.Task) is not { } found)
            {
                return TasksText.LinkGone;
            }

            var (link, task, departure) = found;
            if (task.State == DepartureTaskState.Done && link.EndedAt is null && link.ExpiresAt > clock.GetUtcNow())
            {
                // Of what is done nothing is told any more.
                return new TaskByLinkView(TaskLinkState.Done, link.Name, link.Person, "", Words.Same(""), Words.Same(""), Words.Same(""), task.DueAt, departure.Zone, false) { Others = await OthersAsync(link, task, cancellation) };
            }

            if (query.Task is null && !link.LeadsTo(task, clock.GetUtcNow()))
            {
                return TasksText.LinkGone;
            }

            return await outside.ReadAsync(task, departure, link.Name, link.Person, cancellation) with { Others = await OthersAsync(link, task, cancellation) };
        }

        private async Task<IReadOnlyList<OtherTask>> OthersAsync(TaskLink link, DepartureTask shown, CancellationToken cancellation)
        {
            var others = new List<OtherTask>();
            foreach (var (task, departure) in await links.OthersAsync(link, cancellation))
            {
                if (task.Id != shown.Id)
                {
                    others.Add(new(task.Id, await readers.NameAsync(departure.Person, cancellation), task.Title, task.DueAt, task.Zone ?? departure.Zone));
                }
            }

            return others;
        }
    }
}

/// <summary>Does the one task that a link is for, in the name of whom it was made for.</summary>
/// <remarks>With a file, if they like: it also is the proof.</remarks>
internal sealed record DoTaskByLink(string Code, string? Note, string? FileName = null, byte[]? File = null, DepartureTaskId? Task = null) : ICommand<Done>, IChecked
{
    public static Access Access => Access.Anyone;

    public IEnumerable<Problem> Check() => [.. TaskRules.Length(nameof(Note), TasksText.Note, Note), .. File is null ? [] : TaskFiles.Check(FileName ?? "", File)];

    internal sealed class Handler(TaskLinks links, TaskWithoutAccount outside, IJournal journal, TimeProvider clock) : IHandler<DoTaskByLink, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(DoTaskByLink command, CancellationToken cancellation)
        {
            if (await links.FindAsync(command.Code, cancellation, command.Task) is not { } found || (command.Task is null && !found.Link.LeadsTo(found.Task, clock.GetUtcNow())))
            {
                return TasksText.LinkGone;
            }

            var (link, task, departure) = found;
            if (await outside.DoAsync(task, departure, link.Name, link.Person, command.Note, command.FileName, command.File, cancellation) is { } refusal)
            {
                return refusal;
            }

            journal.Record(LinkFacts.Of(link, TaskFacts.Of(departure, task, "task.done", task.Note)));
            return Done.Value;
        }
    }
}

/// <summary>Says that what a link asks for is not for its reader, and why: the task goes to those who hold the role of HR, and the links end.</summary>
internal sealed record DeclineTaskByLink(string Code, string Reason, DepartureTaskId? Task = null) : ICommand<Done>, IChecked
{
    public static Access Access => Access.Anyone;

    public IEnumerable<Problem> Check() => string.IsNullOrWhiteSpace(Reason) ? [TasksText.ReasonMissing] : TaskRules.Length(nameof(Reason), TasksText.Reason, Reason);

    internal sealed class Handler(DepartDb db, TaskLinks links, TaskBook book, IJournal journal, TimeProvider clock) : IHandler<DeclineTaskByLink, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(DeclineTaskByLink command, CancellationToken cancellation)
        {
            if (await links.FindAsync(command.Code, cancellation, command.Task) is not { } found || (command.Task is null && !found.Link.LeadsTo(found.Task, clock.GetUtcNow())))
            {
                return TasksText.LinkGone;
            }

            var (link, task, departure) = found;
            db.Add(new TaskComment { Task = task.Id, At = clock.GetUtcNow(), ByName = link.Name, Text = command.Reason.Trim() });
            await book.GiveAsync(task, departure, null, TaskDesk.OfRole(Role.Hr), cancellation);
            journal.Record(LinkFacts.Of(link, TaskFacts.Of(departure, task, "task.declined", command.Reason.Trim())));
            return Done.Value;
        }
    }
}

/// <summary>What the journal says of what was done by a link: by which one.</summary>
internal static class LinkFacts
{
    public static Fact Of(TaskLink link, Fact fact) => fact with
    {
        Values = new Dictionary<string, object?>(fact.Values, StringComparer.Ordinal) { ["link"] = link.Id, ["person"] = link.Person },
    };
}
