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
public sealed record TaskRemark(DateTimeOffset At, string By, string Text);

/// <summary>Says something about a task (DEP5).</summary>
internal sealed record CommentTask(DepartureId Departure, DepartureTaskId Task, string Text) : ICommand<Done>, IRouted, IOnTask, IOwnPart, IChecked
{
    public static Access Access => CompleteTask.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/tasks/{task}/comments", (DepartureId departure, DepartureTaskId task, Body body, ApiDoor door) =>
            door.SendAsync(new CommentTask(departure, task, body.Text ?? ""))).WithTags("Tasks");

    public IEnumerable<Problem> Check() => string.IsNullOrWhiteSpace(Text) ? [Problem.Required(nameof(Text), TasksText.Comment)] : TaskRules.Length(nameof(Text), TasksText.Comment, Text);

    internal sealed record Body(string? Text);

    internal sealed class Handler(DepartDb db, TaskAtHand hand, Actor actor, IDepartureBinding binding, IJournal journal, TimeProvider clock) : IHandler<CommentTask, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(CommentTask command, CancellationToken cancellation)
        {
            var found = await hand.FindAsync(command, cancellation);
            if (!found.Ok)
            {
                return found.Problem;
            }

            var (task, departure) = found.Value;
            if (await TaskRules.RefusalAsync(actor, task, departure, binding, cancellation) is { } notTheirs)
            {
                return notTheirs;
            }

            db.Add(new TaskComment { Task = task.Id, At = clock.GetUtcNow(), By = actor.User, Text = command.Text.Trim() });
            journal.Record(TaskFacts.Of(departure, task, "task.commented", command.Text.Trim()));
            return Done.Value;
        }
    }
}
