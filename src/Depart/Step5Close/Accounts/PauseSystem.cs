using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Depart.Missions;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Stops the queue of a system, with a reason: nothing more is sent to it, and what is due waits.</summary>
internal sealed record PauseSystem(SystemId System, string Reason) : ICommand<Done>, IRouted, IChecked
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/systems/{system}/pause", (SystemId system, Body body, ApiDoor door) => door.SendAsync(new PauseSystem(system, body.Reason))).WithTags("Systems");

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Reason))
        {
            yield return Problem.Required(nameof(Reason), AccountsText.Reason);
        }
        else if (Reason.Trim().Length > WorkQueue.LongestReason)
        {
            yield return Problem.Invalid(nameof(Reason), "too-long", MissionsText.TooLong.With(AccountsText.Reason, WorkQueue.LongestReason));
        }
    }

    internal sealed record Body(string Reason);

    internal sealed class Handler(SystemQueue queue) : IHandler<PauseSystem, Done>
    {
        public Task<Outcome<Done>> HandleAsync(PauseSystem command, CancellationToken cancellation) =>
            queue.SetAsync(command.System, paused: true, command.Reason.Trim(), cancellation);
    }
}

/// <summary>Lets the queue of a system go on; also ends the wait after it misbehaved.</summary>
internal sealed record ResumeSystem(SystemId System) : ICommand<Done>, IRouted
{
    public static Access Access => PauseSystem.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/systems/{system}/resume", (SystemId system, ApiDoor door) => door.SendAsync(new ResumeSystem(system))).WithTags("Systems");

    internal sealed class Handler(SystemQueue queue) : IHandler<ResumeSystem, Done>
    {
        public Task<Outcome<Done>> HandleAsync(ResumeSystem command, CancellationToken cancellation) =>
            queue.SetAsync(command.System, paused: false, null, cancellation);
    }
}

/// <summary>The queue of one system.</summary>
internal sealed class SystemQueue(DepartDb db, IJournal journal, Actor actor, TimeProvider clock)
{
    /// <summary>Stops it or lets it go on; asking for what is so already changes nothing.</summary>
    public async Task<Outcome<Done>> SetAsync(SystemId id, bool paused, string? reason, CancellationToken cancellation)
    {
        if (await db.Set<TargetSystem>().FirstOrDefaultAsync(known => known.Id == id && known.RemovedAt == null, cancellation) is not { } system)
        {
            return Problem.NotFound(AccountsText.System);
        }

        var queue = await db.FindAsync<WorkQueue>([system.Queue], cancellation);
        if (queue is null)
        {
            queue = new() { Name = system.Queue, MaxConcurrency = system.MaxConcurrency, RatePerSecond = system.RatePerSecond };
            db.Add(queue);
        }

        if (queue.Paused == paused && (paused || queue.BreakerUntil is null))
        {
            return Done.Value;
        }

        queue.Paused = paused;
        (queue.PausedWhy, queue.PausedBy, queue.PausedAt) = paused ? (reason, actor.Name, clock.GetUtcNow()) : ((string?)null, (string?)null, (DateTimeOffset?)null);
        if (!paused)
        {
            queue.BreakerUntil = null;
        }

        journal.Record(SystemFacts.Of(system, paused ? "system.paused" : "system.resumed", [], reason));
        return Done.Value;
    }
}
