using Depart.Connectors;
using Depart.Departures;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Gives access back from the snapshots of the last disconnection (ACC4, ACC13); a reason is asked.</summary>
internal sealed record Reconnect(DepartureId Departure, string Reason) : ICommand<int>, IRouted, IOnDeparture, IChecked
{
    public static Access Access => Access.To(Role.It, Role.Security, Role.Admin);

    public Guid DepartureKey => Departure.Value;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/departures/{departure}/reconnect", (DepartureId departure, Body body, ApiDoor door) =>
            door.SendAsync(new Reconnect(departure, body.Reason))).WithTags("Disconnection");

    public IEnumerable<Problem> Check()
    {
        if (string.IsNullOrWhiteSpace(Reason))
        {
            yield return Problem.Required(nameof(Reason), AccountsText.Reason);
        }
    }

    /// <summary>The accounts that the last disconnection recorded before it acted and that can be given back; empty when there is nothing to undo.</summary>
    internal static async Task<List<DisconnectionAccount>> SnapshotsAsync(DepartDb db, DepartureId departure, CancellationToken cancellation)
    {
        var run = await db.Set<Disconnection>().Where(row => row.Departure == departure && row.EndedAt != null && row.UndoneAt == null)
            .OrderByDescending(row => row.StartedAt).FirstOrDefaultAsync(cancellation);
        return run is null ? [] : await db.Set<DisconnectionAccount>()
            .Where(account => account.Disconnection == run.Id && account.ProtectedSnapshot != null && account.StateBefore != AccountState.Absent).ToListAsync(cancellation);
    }

    internal sealed record Body(string Reason);

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<Reconnect, int>
    {
        public async Task<Outcome<int>> HandleAsync(Reconnect command, CancellationToken cancellation)
        {
            var departure = await db.FindAsync<Departure>([command.Departure], cancellation);
            var snapshots = await SnapshotsAsync(db, command.Departure, cancellation);
            if (departure is null || snapshots.Count == 0)
            {
                return AccountsText.NothingToUndo;
            }

            var run = (await db.FindAsync<Disconnection>([snapshots[0].Disconnection], cancellation))!;

            var now = clock.GetUtcNow();
            foreach (var snapshot in snapshots)
            {
                snapshot.Undo = new(now, null, false, [], null);
                db.Enqueue(new()
                {
                    Queue = WorkQueues.OfSystem(snapshot.System.Value),
                    Kind = ReconnectHandler.WorkKind,
                    Subject = $"{run.Id}/{snapshot.Account}",
                    Group = departure.Id.ToString(),
                    IdempotencyKey = $"{ReconnectHandler.WorkKind}-{run.Id}-{snapshot.Account}",
                    DueAt = now,
                });
            }

            run.Undone(now);
            departure.Reopen();
            journal.Record(new(departure.Chain, "disconnection.undo-asked")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["disconnection"] = run.Id.Value, ["accounts"] = snapshots.Count },
                Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["reason"] = command.Reason },
            });
            return snapshots.Count;
        }
    }
}

/// <summary>Gives one account back.</summary>
[WorkKind(WorkKind)]
internal sealed class ReconnectHandler(DepartDb database, Connections connections, TimeProvider clock) : IWorkHandler
{
    public const string WorkKind = "reconnect";

    public async Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation)
    {
        var (run, id) = DisconnectionAccount.Subject(item);
        var snapshot = await database.Set<DisconnectionAccount>().AsNoTracking().FirstAsync(row => row.Disconnection == run && row.Account == id, cancellation);
        var account = await database.Set<Account>().AsNoTracking().FirstAsync(row => row.Id == id, cancellation);
        var system = await database.Set<TargetSystem>().AsNoTracking().FirstAsync(row => row.Id == account.System, cancellation);
        var report = await connections.Of(system).UndoAsync(
            new() { Account = account.ExternalId, Snapshot = connections.Protector.Unprotect(snapshot.ProtectedSnapshot!), IdempotencyKey = item.IdempotencyKey }, cancellation);
        if (report.OneTimePassword is { } password)
        {
            connections.Secrets.Keep(TakeOneTimePassword.Key(account.Id), password);
        }

        var verdict = report.Outcome is CallOutcome.Done or CallOutcome.AlreadySo ? WorkVerdict.Done
            : report.Failure?.IsTransient == true || report.Outcome == CallOutcome.Unknown ? WorkVerdict.Retry : WorkVerdict.Dead;
        return new(verdict, report with { OneTimePassword = null }) { Error = report.Failure?.What.ToWords(), RetryAfter = report.Failure?.RetryAfter };
    }

    public async Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var work in done)
        {
            var (run, id) = DisconnectionAccount.Subject(work.Item);
            var account = await db.Set<Account>().FirstAsync(row => row.Id == id, cancellation);
            var departure = await db.Set<Disconnection>().Where(row => row.Id == run).Select(row => row.Departure).FirstAsync(cancellation);
            var report = work.Result.Report as UndoReport;
            var row = await db.Set<DisconnectionAccount>().FirstAsync(row => row.Disconnection == run && row.Account == id, cancellation);
            var final = work.GivenUp || work.Result.Verdict != WorkVerdict.Retry;
            row.Undo = new(
                now, report?.Outcome ?? CallOutcome.Unknown, final, [.. report?.NotRestored.Select(text => text.ToWords()) ?? []], work.Result.Error);
            if (work.Result.Verdict == WorkVerdict.Done)
            {
                account.State = row.StateBefore ?? AccountState.Unknown;
            }

            journal.Record(new(departure.Value.ToString("N"), "account.undone")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["account"] = id.Value,
                    ["system"] = account.System.Value,
                    ["outcome"] = (report?.Outcome ?? CallOutcome.Unknown).ToString(),
                    ["final"] = final,
                    ["notRestored"] = report?.NotRestored.Count,
                },
                Personal = new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    // A connector may name groups, machines or people here.
                    ["notRestored"] = report is null ? null : string.Join(" | ", report.NotRestored.Select(text => text.En)),
                    ["why"] = work.Result.Error?.En,
                },
            });
        }
    }
}
