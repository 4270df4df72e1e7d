using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Departures.Tasks;

/// <summary>What somebody said about a task; never changed.</summary>
internal sealed class TaskComment
{
    public Guid Id { get; private init; } = Guid.CreateVersion7();

    public DepartureTaskId Task { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>The user, or null: the console.</summary>
    public Guid? By { get; init; }

    /// <summary>Who said it by a link, without an account, or null.</summary>
    public string? ByName { get; init; }

    public required string Text { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<TaskComment>
    {
        public void Configure(EntityTypeBuilder<TaskComment> builder)
        {
            builder.ToTable("task_comments");
            builder.HasKey(comment => comment.Id);
            builder.Property(comment => comment.Text).HasMaxLength(DepartureTask.NoteLength);
            builder.Property(comment => comment.ByName).HasMaxLength(TaskGuest.NameLength);
            builder.HasIndex(comment => comment.Task);
        }
    }
}

/// <summary>A comment as it is shown.</summary>
/// <param name="At">UTC.</param>
/// <param name="By">Who.</param>
/// <param name="Text">What.</param>
/// <param name="Mentioned">Who was named in it.</param>
public sealed record TaskRemark(DateTimeOffset At, string By, string Text, IReadOnlyList<string> Mentioned);

/// <summary>Says something about a task (DEP5).</summary>
/// <remarks>Who is named by <c>@</c> and their name, or listed beside, gets a mail and finds it under My tasks; only somebody who may see the task can be.</remarks>
internal sealed record CommentTask(DepartureId Departure, DepartureTaskId Task, string Text, IReadOnlyList<Guid>? Mentions = null) : ICommand<Done>, IRouted, IOnTask, IOwnPart, IChecked
{
    public static Access Access => CompleteTask.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/tasks/{task}/comments", (DepartureId departure, DepartureTaskId task, Body body, ApiDoor door) =>
            door.SendAsync(new CommentTask(departure, task, body.Text ?? "", body.Mentions))).WithTags("Tasks");

    public IEnumerable<Problem> Check() => string.IsNullOrWhiteSpace(Text) ? [Problem.Required(nameof(Text), TasksText.Comment)] : TaskRules.Length(nameof(Text), TasksText.Comment, Text);

    internal sealed record Body(string? Text, IReadOnlyList<Guid>? Mentions = null);

    internal sealed class Handler(DepartDb db, TaskAtHand hand, TaskRights rights, Mentions mentions, Actor actor, IJournal journal, TimeProvider clock) : IHandler<CommentTask, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(CommentTask command, CancellationToken cancellation)
        {
            var found = await hand.FindAsync(command, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            var (task, departure) = found.Value;
            if (await rights.RefusalAsync(task, departure, cancellation) is { } notTheirs)
            {
                return notTheirs;
            }

            var possible = command.Text.Contains('@', StringComparison.Ordinal) || command.Mentions is { Count: > 0 } ? await mentions.PossibleAsync(task, departure, cancellation) : [];
            var (named, unknown) = Depart.Departures.Tasks.Mentions.In(command.Text, possible);
            var listed = command.Mentions ?? [];
            if (unknown.Count > 0 || listed.FirstOrDefault(id => id != actor.User && possible.All(user => user.Id != id)) != Guid.Empty)
            {
                return TasksText.NotMentioned(unknown.Count > 0 ? unknown[0] : "?", possible.Select(user => user.Name));
            }

            var comment = new TaskComment { Task = task.Id, At = clock.GetUtcNow(), By = actor.User, Text = command.Text.Trim() };
            db.Add(comment);
            await mentions.SeenAsync(task, cancellation);
            await mentions.TellAsync(possible.Where(user => named.Contains(user) || listed.Contains(user.Id)), comment, task, departure, cancellation);
            journal.Record(TaskFacts.Of(departure, task, "task.commented", command.Text.Trim()));
            return Done.Value;
        }
    }
}
