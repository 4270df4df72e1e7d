using Depart.Connectors;
using Depart.Departures;
using Depart.Departures.Tasks;
using Depart.Foundation;
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

    /// <summary>
    /// The accounts as they were before the first disconnection that is not undone; empty when there is nothing to undo or the last one still runs. Those that were closed by hand
    /// have no snapshot: they are named, and given back by hand. A second disconnection finds closed what the first one closed: its own record of them gives nothing back.
    /// </summary>
    internal static async Task<List<DisconnectionAccount>> SnapshotsAsync(DepartDb db, DepartureId departure, CancellationToken cancellation)
    {
        var runs = await db.Set<Disconnection>()
            .Where(row => row.Departure == departure && row.UndoneAt == null && (row.State == DisconnectionState.Running || row.State == DisconnectionState.Ended))
            .OrderBy(row => row.StartedAt).ToListAsync(cancellation);
        if (runs.Count == 0 || runs[^1].EndedAt is null)
        {
            return [];
        }

        var ids = runs.ConvertAll(run => run.Id);
        var snapshots = await db.Set<DisconnectionAccount>()
            .Where(account => ids.Contains(account.Disconnection)
                && (account.ProtectedSnapshot == null ? account.Verdict == Verdict.Attested : account.StateBefore != AccountState.Absent)).ToListAsync(cancellation);
        return [.. snapshots.GroupBy(account => account.Account).Select(own => own.MinBy(account => ids.IndexOf(account.Disconnection))!)];
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

            var runs = await db.Set<Disconnection>().Where(row => row.Departure == command.Departure && row.UndoneAt == null && row.State == DisconnectionState.Ended).ToListAsync(cancellation);

            var now = clock.GetUtcNow();
            foreach (var snapshot in snapshots)
            {
                snapshot.Undo = new(now, null, false, [], null);
                db.Enqueue(new()
                {
                    Queue = WorkQueues.OfSystem(snapshot.System.Value),
                    Kind = ReconnectHandler.WorkKind,
                    Subject = $"{snapshot.Disconnection}/{snapshot.Account}",
                    Group = departure.Id.ToString(),
                    IdempotencyKey = $"{ReconnectHandler.WorkKind}-{snapshot.Disconnection}-{snapshot.Account}",
                    DueAt = now,
                });
            }

            runs.ForEach(run => run.Undone(now));
            if (departure.GiveAccessBack(now))
            {
                db.Enqueue(departure.Schedule());
            }

            journal.Record(new(departure.Chain, "disconnection.undo-asked")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["disconnection"] = runs.MaxBy(run => run.StartedAt)?.Id.Value, ["accounts"] = snapshots.Count },
                Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["reason"] = command.Reason },
            });
            journal.Record(DepartureFacts.Of(departure, "departure.given-back"));
            TaskClock.Look(db, departure, now);
            return snapshots.Count;
        }
    }
}

/// <summary>Gives one account back.</summary>
[WorkKind(WorkKind)]
internal sealed class ReconnectHandler(DepartDb database, Connections connections, TimeProvider clock) : IWorkHandler
{
    public const string WorkKind = Departure.GiveBack;

    private static readonly Words CutAnew = new(
        "The person was disconnected again meanwhile: nothing was given back.", "La personne a été déconnectée de nouveau entre-temps : rien n’a été rétabli.");

    /// <summary>What a person closed by hand, a person gives back: no state of before was read there.</summary>
    internal static UndoReport ByHand { get; } = new(CallOutcome.NotAttempted)
    {
        NotRestored = [new("the access itself, which was closed by hand; open it by hand on the system.", "l’accès lui-même, qui a été fermé à la main ; rouvrez-le à la main dans le système.")],
    };

    public async Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation)
    {
        var (run, id) = DisconnectionAccount.Subject(item);
        var snapshot = await database.Set<DisconnectionAccount>().AsNoTracking().FirstAsync(row => row.Disconnection == run && row.Account == id, cancellation);
        var account = await database.Set<Account>().AsNoTracking().FirstAsync(row => row.Id == id, cancellation);
        var system = await database.Set<TargetSystem>().AsNoTracking().FirstAsync(row => row.Id == account.System, cancellation);
        if (await IsCutAnewAsync(run, cancellation))
        {
            return new(WorkVerdict.Done, new UndoReport(CallOutcome.NotAttempted)) { Error = CutAnew };
        }

        if (snapshot.ProtectedSnapshot is null)
        {
            return new(WorkVerdict.Done, ByHand);
        }

        IConnector connector;
        try
        {
            connector = connections.Of(system);
        }
        catch (InvalidOperationException unusable)
        {
            return new(WorkVerdict.Dead) { Error = Words.Same(unusable.Message) };
        }

        var report = await connector.UndoAsync(
            new() { Account = account.ExternalId, Snapshot = connections.Protector.Unprotect(snapshot.ProtectedSnapshot), IdempotencyKey = item.IdempotencyKey }, cancellation);
        if (report.OneTimePassword is { } password)
        {
            connections.Secrets.Keep(TakeOneTimePassword.Key(account.Id), password);
        }

        var verdict = report.Outcome is CallOutcome.Done or CallOutcome.AlreadySo ? WorkVerdict.Done
            : report.Failure?.IsTransient == true || report.Outcome == CallOutcome.Unknown ? WorkVerdict.Retry : WorkVerdict.Dead;
        return new(verdict, report with { OneTimePassword = null }) { Error = report.Failure?.What.ToWords(), RetryAfter = report.Failure?.RetryAfter };
    }

    /// <summary>Somebody disconnected the person again after the undo was asked: it must not open what was closed since.</summary>
    private async Task<bool> IsCutAnewAsync(DisconnectionId run, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var departure = await database.Set<Disconnection>().Where(row => row.Id == run).Select(row => row.Departure).FirstAsync(cancellation);
        return await database.Set<Disconnection>().AnyAsync(
            row => row.Departure == departure && row.UndoneAt == null
                && (row.State == DisconnectionState.Running || row.State == DisconnectionState.Ended || (row.State == DisconnectionState.Prepared && row.StartedAt <= now)), cancellation);
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
            if (report?.Outcome is CallOutcome.Done or CallOutcome.AlreadySo)
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
