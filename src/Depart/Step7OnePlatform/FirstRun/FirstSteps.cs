using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Step7OnePlatform.FirstRun;

/// <summary>A step from an empty installation to a first departure.</summary>
public enum FirstStep
{
    /// <summary>Who runs this Depart.</summary>
    Organisation,

    /// <summary>The mail server.</summary>
    Mail,

    /// <summary>A system that is connected and whose accounts were read.</summary>
    System,

    /// <summary>Somebody of outside in the record.</summary>
    People,

    /// <summary>Their mission.</summary>
    Mission,

    /// <summary>The departure that ends it.</summary>
    Departure,

    /// <summary>All of them: the guide itself, put away.</summary>
    All,
}

/// <summary>Where a step stands.</summary>
public enum FirstStepState
{
    /// <summary>The facts say so.</summary>
    Done,

    /// <summary>Not yet.</summary>
    ToDo,

    /// <summary>Not yet, and an administrator left it for later.</summary>
    Later,
}

/// <summary>A step that an administrator left for later. What is done is never kept: the facts say it.</summary>
internal sealed class FirstStepLeft
{
    public required FirstStep Step { get; init; }

    public required DateTimeOffset At { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<FirstStepLeft>
    {
        public void Configure(EntityTypeBuilder<FirstStepLeft> builder)
        {
            builder.ToTable("first_steps_left");
            builder.HasKey(left => left.Step);
            builder.Property(left => left.Step).ValueGeneratedNever();
        }
    }
}

/// <summary>A step as it is shown.</summary>
/// <param name="Step">Which.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Said">What there is, or what is to be done.</param>
/// <param name="Path">The page on which it is done.</param>
public sealed record FirstStepRow(FirstStep Step, FirstStepState State, Words Said, string Path);

/// <summary>The way from an empty installation to a first departure.</summary>
/// <param name="Steps">Those that the reader can do, in order.</param>
/// <param name="PutAway">An administrator put the guide away.</param>
public sealed record FirstStepsView(IReadOnlyList<FirstStepRow> Steps, bool PutAway)
{
    /// <summary>The first that is to be done, or null.</summary>
    public FirstStepRow? Next => Steps.FirstOrDefault(step => step.State == FirstStepState.ToDo);

    /// <summary>How many are done.</summary>
    public int Done => Steps.Count(step => step.State == FirstStepState.Done);

    /// <summary>There is nothing to lead to any more.</summary>
    public bool Over => PutAway || Next is null;
}

/// <summary>Where the way from an empty installation to a first departure stands: each reader is told of the steps that are theirs.</summary>
/// <param name="Briefly">For pages that show it only while there is something to lead to: then it may be empty, from memory.</param>
internal sealed record ReadFirstSteps(bool Briefly = false) : IQuery<FirstStepsView>, IRouted
{
    public static Access Access => Access.To(Role.It, Role.Hr, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/first-steps", (ApiDoor door) => door.AskAsync(new ReadFirstSteps())).WithTags("Settings").Produces<FirstStepsView>();

    internal sealed class Handler(FirstStepFacts facts, FirstStepsMemory memory, Actor actor) : IHandler<ReadFirstSteps, FirstStepsView>
    {
        public async Task<Outcome<FirstStepsView>> HandleAsync(ReadFirstSteps query, CancellationToken cancellation)
        {
            if (query.Briefly && memory.Known is { } nothing)
            {
                return nothing;
            }

            // A house that has cut somebody's access has gone all the way: what it never set is marked in its settings.
            if (query.Briefly && await facts.HasCutAsync(cancellation))
            {
                memory.Over();
                return FirstStepsMemory.Nothing;
            }

            var view = await facts.ReadAsync(cancellation);
            if (view.Over && await facts.HasOpenDepartureAsync(cancellation))
            {
                memory.Over();
            }

            return view with { Steps = [.. view.Steps.Where(row => IsTheirs(row.Step))] };
        }

        private bool IsTheirs(FirstStep step) => actor.Via == Via.Console || step switch
        {
            FirstStep.Organisation or FirstStep.Mail => actor.Holds(Role.Admin),
            FirstStep.System => actor.Holds(Role.It, Role.Admin),
            _ => true,
        };
    }
}

/// <summary>Leaves a step for later, or (<see cref="FirstStep.All"/>) puts the guide away.</summary>
internal sealed record LeaveFirstStep(FirstStep Step) : ICommand<Done>, IRouted
{
    public static Access Access => Access.To(Role.Admin);

    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/first-steps/{step}/later", (Word<FirstStep> step, ApiDoor door) =>
        step.Refusal("step") is { } refusal ? Task.FromResult<IResult>(ApiDoor.Failed(refusal)) : door.SendAsync(new LeaveFirstStep(step.Value!.Value))).WithTags("Settings");

    internal sealed class Handler(DepartDb db, IJournal journal, FirstStepsMemory memory, TimeProvider clock) : IHandler<LeaveFirstStep, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(LeaveFirstStep command, CancellationToken cancellation)
        {
            if (await db.FindAsync<FirstStepLeft>([command.Step], cancellation) is null)
            {
                db.Add(new FirstStepLeft { Step = command.Step, At = clock.GetUtcNow() });
                db.OnceCommitted(memory.Forget);
                journal.Record(Of("first-steps.left", command.Step));
            }

            return Done.Value;
        }
    }

    internal static Fact Of(string kind, FirstStep step) => new(Fact.House, kind)
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["step"] = step.ToString().ToLowerInvariant() },
    };
}

/// <summary>Takes a step up again that was left for later, or brings the guide back.</summary>
internal sealed record TakeUpFirstStep(FirstStep Step) : ICommand<Done>, IRouted
{
    public static Access Access => LeaveFirstStep.Access;

    public static void Map(IEndpointRouteBuilder api) => api.MapDelete("/first-steps/{step}/later", (Word<FirstStep> step, ApiDoor door) =>
        step.Refusal("step") is { } refusal ? Task.FromResult<IResult>(ApiDoor.Failed(refusal)) : door.SendAsync(new TakeUpFirstStep(step.Value!.Value))).WithTags("Settings");

    internal sealed class Handler(DepartDb db, IJournal journal, FirstStepsMemory memory) : IHandler<TakeUpFirstStep, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(TakeUpFirstStep command, CancellationToken cancellation)
        {
            if (await db.FindAsync<FirstStepLeft>([command.Step], cancellation) is { } left)
            {
                db.Remove(left);
                db.OnceCommitted(memory.Forget);
                journal.Record(LeaveFirstStep.Of("first-steps.taken-up", command.Step));
            }

            return Done.Value;
        }
    }
}

/// <summary>That there is nothing to lead to any more is remembered for half a minute: every home page asks.</summary>
internal sealed class FirstStepsMemory
{
    /// <summary>What is said then.</summary>
    public static readonly FirstStepsView Nothing = new([], PutAway: false);
    private long until;

    /// <summary>What is remembered, or null.</summary>
    public FirstStepsView? Known => Environment.TickCount64 < Interlocked.Read(ref until) ? Nothing : null;

    /// <summary>There is nothing to lead to.</summary>
    public void Over() => Interlocked.Exchange(ref until, Environment.TickCount64 + 30_000);

    /// <summary>A step was left, or taken up again.</summary>
    public void Forget() => Interlocked.Exchange(ref until, 0);
}
