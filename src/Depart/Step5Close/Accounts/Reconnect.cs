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

    internal sealed record Body(string Reason);

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<Reconnect, int>
    {
        public async Task<Outcome<int>> HandleAsync(Reconnect command, CancellationToken cancellation)
        {
            var run = await db.Set<Disconnection>().Where(row => row.Departure == command.Departure && row.EndedAt != null && row.UndoneAt == null)
                .OrderByDescending(row => row.StartedAt).FirstOrDefaultAsync(cancellation);
            var departure = await db.FindAsync<Departure>([command.Departure], cancellation);
            var snapshots = run is null ? [] : await db.Set<DisconnectionAccount>()
                .Where(account => account.Disconnection == run.Id && account.ProtectedSnapshot != null && account.StateBefore != AccountState.Absent).ToListAsync(cancellation);
            if (run is null || departure is null || snapshots.Count == 0)
            {
                return AccountsText.NothingToUndo;
            }

            var now = clock.GetUtcNow();
            foreach (var snapshot in snapshots)
            {
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
internal sealed class ReconnectHandler(DepartDb database, Connections connections) : IWorkHandler
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
            connections.Secrets.Keep(OneTimePasswords.Key(account.Id), password);
        }

        var verdict = report.Outcome is CallOutcome.Done or CallOutcome.AlreadySo ? WorkVerdict.Done
            : report.Failure?.IsTransient == true || report.Outcome == CallOutcome.Unknown ? WorkVerdict.Retry : WorkVerdict.Dead;
        return new(verdict, report with { OneTimePassword = null }) { Error = report.Failure?.What.ToWords(), RetryAfter = report.Failure?.RetryAfter };
    }

    public async Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
    {
        foreach (var work in done)
        {
            var (run, id) = DisconnectionAccount.Subject(work.Item);
            var account = await db.Set<Account>().FirstAsync(row => row.Id == id, cancellation);
            var departure = await db.Set<Disconnection>().Where(row => row.Id == run).Select(row => row.Departure).FirstAsync(cancellation);
            var report = work.Result.Report as UndoReport;
            if (work.Result.Verdict == WorkVerdict.Done)
            {
                account.State = AccountState.Enabled;
            }

            journal.Record(new(departure.Value.ToString("N"), "account.undone")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["account"] = id.Value,
                    ["system"] = account.System.Value,
                    ["outcome"] = (report?.Outcome ?? CallOutcome.Unknown).ToString(),
                    ["notRestored"] = report is null ? null : string.Join(" | ", report.NotRestored.Select(text => text.En)),
                },
            });
        }
    }
}
