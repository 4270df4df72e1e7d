using Depart.Connectors;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>What one attempt saw; in memory until it is recorded.</summary>
internal sealed record Seen(CallOutcome Outcome, Words? Why, FailureKind? FailureKind)
{
    public AccountReading? Reading { get; init; }

    public ActionReport? Report { get; init; }

    public Verification? Verification { get; init; }
}

/// <summary>Runs one step of a disconnection: acts on the system, then records what was seen and releases what follows.</summary>
[WorkKind(Revocation.WorkKind)]
internal sealed class RevocationHandler(DepartDb database, Connections connections, TimeProvider clock) : IWorkHandler
{
    private static readonly Words ProtectedNow = new(
        "The account {0} is protected: Depart does not touch it.", "Le compte {0} est protégé : Départ n’y touche pas.");

    private static readonly Words StillOpen = new(
        "The system still lets this account sign in: it is not closed.", "Le système laisse encore ce compte se connecter : il n’est pas fermé.");

    public async Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation)
    {
        var id = RevocationId.From(Guid.Parse(item.Subject));
        var row = await database.Set<Revocation>().AsNoTracking().FirstAsync(revocation => revocation.Id == id, cancellation);
        if (row.State != RevocationState.Running)
        {
            // A person settled it meanwhile.
            return new(WorkVerdict.Done);
        }

        var account = await database.Set<Account>().AsNoTracking().FirstAsync(other => other.Id == row.Account, cancellation);
        var system = await database.Set<TargetSystem>().AsNoTracking().FirstAsync(other => other.Id == row.System, cancellation);
        var run = await database.Set<Disconnection>().AsNoTracking().FirstAsync(other => other.Id == row.Disconnection, cancellation);
        IConnector connector;
        try
        {
            connector = connections.Of(system);
        }
        catch (InvalidOperationException broken)
        {
            return Result(new(CallOutcome.NotAttempted, Words.Same(broken.Message), FailureKind.Invalid));
        }

        if (system.Protects(account.Login))
        {
            return Result(new(CallOutcome.Refused, ProtectedNow.With(account.Login), FailureKind.Invalid));
        }

        return row.Action switch
        {
            OrderResolver.Snapshot => Result(await ReadAsync(connector, system, account, cancellation)),
            OrderResolver.Verify => Result(await VerifyAsync(connector, account, row, run, cancellation)),
            _ => Result(await ApplyAsync(connector, account, row, run, item, cancellation)),
        };
    }

    public async Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
    {
        var ids = done.Select(work => RevocationId.From(Guid.Parse(work.Item.Subject))).ToList();
        var runs = await db.Set<Revocation>().Where(row => ids.Contains(row.Id)).Select(row => row.Disconnection).Distinct().ToListAsync(cancellation);
        var rows = await db.Set<Revocation>().Where(row => runs.Contains(row.Disconnection)).ToListAsync(cancellation);
        var graph = await DisconnectionGraph.LoadAsync(db, connections, runs, rows, cancellation);
        var byId = rows.ToDictionary(row => row.Id);
        var now = clock.GetUtcNow();
        foreach (var work in done)
        {
            if (work.Result.Report is not Seen seen || byId[RevocationId.From(Guid.Parse(work.Item.Subject))] is not { State: RevocationState.Running } row)
            {
                continue;
            }

            var chain = graph.Chain(row);
            row.Attempted(seen.Outcome, seen.Why);
            journal.Record(RevocationFacts.Attempted(chain, row, seen, now));
            if (work.Result.Verdict != WorkVerdict.Done && !work.GivenUp)
            {
                continue;
            }

            Keep(db, row, seen, now);
            row.Settle(
                work.GivenUp || work.Result.Verdict == WorkVerdict.Dead ? RevocationState.Failed
                    : seen.Outcome == CallOutcome.AlreadySo ? RevocationState.AlreadySo : RevocationState.Done,
                now, seen.Report);
            graph.Of(row).Release(row, now);
        }

        foreach (var run in runs)
        {
            await graph.JudgeAsync(run, journal, now, cancellation);
        }
    }

    private static async Task<Seen> ReadAsync(IConnector connector, TargetSystem system, Account account, CancellationToken cancellation)
    {
        var reading = (await connector.ReadAsync([account.ExternalId], ReadDepth.Snapshot, cancellation))[0];
        if (reading.Record is { } record && system.Protects(record.Login))
        {
            return new(CallOutcome.Refused, ProtectedNow.With(record.Login), FailureKind.Invalid);
        }

        return reading.State == AccountState.Unknown
            ? new(CallOutcome.Unknown, reading.Failure?.What.ToWords(), reading.Failure?.Kind) { Reading = reading }
            : new(CallOutcome.Done, null, null) { Reading = reading };
    }

    private static async Task<Seen> ApplyAsync(
        IConnector connector, Account account, Revocation row, Disconnection run, WorkItem item, CancellationToken cancellation)
    {
        var report = await connector.ApplyAsync(
            new()
            {
                Action = row.Action,
                Account = account.ExternalId,
                IdempotencyKey = item.IdempotencyKey,
                CutAt = run.StartedAt,
                Case = run.Departure.ToString(),
            },
            cancellation);
        return new(report.Outcome, report.Failure?.What.ToWords(), report.Failure?.Kind) { Report = report };
    }

    private static async Task<Seen> VerifyAsync(IConnector connector, Account account, Revocation row, Disconnection run, CancellationToken cancellation)
    {
        var verification = await connector.VerifyAsync(
            new() { Account = account.ExternalId, IdempotencyKey = $"{row.Id}-{row.Round}", CutAt = run.StartedAt }, cancellation);
        return verification.State switch
        {
            AccountState.Disabled or AccountState.Absent => new(CallOutcome.Done, null, null) { Verification = verification },
            AccountState.Enabled => new(CallOutcome.Refused, verification.Failure?.What.ToWords() ?? StillOpen, null) { Verification = verification },
            _ => new(CallOutcome.Unknown, verification.Failure?.What.ToWords(), verification.Failure?.Kind) { Verification = verification },
        };
    }

    private static WorkResult Result(Seen seen)
    {
        var failure = seen.Reading?.Failure ?? seen.Report?.Failure ?? seen.Verification?.Failure;
        var transient = failure?.IsTransient ?? seen.Outcome == CallOutcome.Unknown;
        return seen.Outcome switch
        {
            CallOutcome.Done or CallOutcome.AlreadySo => new(WorkVerdict.Done, seen),

            // A verification that finds the account open may be early: some systems lag. It is read again before it is given up.
            CallOutcome.Refused when seen.Verification is not null => new(WorkVerdict.Retry, seen) { Error = seen.Why },
            _ => new(transient || seen.Outcome == CallOutcome.Unknown ? WorkVerdict.Retry : WorkVerdict.Dead, seen)
            {
                Error = seen.Why,
                RetryAfter = failure?.RetryAfter,
                SystemFault = failure?.Kind is FailureKind.Unreachable or FailureKind.TimedOut or FailureKind.SystemError or FailureKind.Garbage,
            },
        };
    }

    private void Keep(DepartDb db, Revocation row, Seen seen, DateTimeOffset now)
    {
        if (seen.Verification is { } verification)
        {
            row.Saw(verification);
        }

        if (seen.Reading is { Snapshot: { } text } reading
            && !db.Set<AccountSnapshot>().Local.Any(known => known.Disconnection == row.Disconnection && known.Account == row.Account)
            && !db.Set<AccountSnapshot>().Any(known => known.Disconnection == row.Disconnection && known.Account == row.Account))
        {
            db.Add(new AccountSnapshot
            {
                Disconnection = row.Disconnection,
                Account = row.Account,
                Protected = connections.Protector.Protect(text),
                State = reading.State,
                At = now,
            });
        }
    }
}

/// <summary>The graphs of some disconnections, loaded once for a batch of outcomes.</summary>
internal sealed class DisconnectionGraph
{
    private readonly DepartDb db;
    private readonly Dictionary<DisconnectionId, (Disconnection Run, Departure Departure, List<Revocation> Rows, Progress Progress)> runs;

    private DisconnectionGraph(DepartDb db, Dictionary<DisconnectionId, (Disconnection, Departure, List<Revocation>, Progress)> runs) => (this.db, this.runs) = (db, runs);

    public static async Task<DisconnectionGraph> LoadAsync(
        DepartDb db, Connections connections, IReadOnlyList<DisconnectionId> ids, IReadOnlyList<Revocation> rows, CancellationToken cancellation)
    {
        var found = await db.Set<Disconnection>().Where(run => ids.Contains(run.Id))
            .Join(db.Set<Departure>(), run => run.Departure, departure => departure.Id, (run, departure) => new { run, departure })
            .ToListAsync(cancellation);
        var systemIds = rows.Select(row => row.System).Distinct().ToList();
        var systems = await db.Set<TargetSystem>().AsNoTracking().Where(system => systemIds.Contains(system.Id)).ToListAsync(cancellation);
        var byHand = systems.SelectMany(system => (connections.Catalogue.Find(system.Connector) is null ? [] : connections.Of(system).Actions)
            .Where(action => action.ByHand).Select(action => (system.Id, action.Key))).ToHashSet();
        return new(db, found.ToDictionary(pair => pair.run.Id, pair =>
        {
            var own = rows.Where(row => row.Disconnection == pair.run.Id).ToList();
            var hands = own.Where(row => byHand.Contains((row.System, row.Action))).Select(row => row.Id).ToHashSet();
            return (pair.run, pair.departure, own, new Progress(db, own, hands.Contains));
        }));
    }

    public string Chain(Revocation row) => runs[row.Disconnection].Departure.Chain;

    public Departure Departure(Revocation row) => runs[row.Disconnection].Departure;

    public Progress Of(Revocation row) => runs[row.Disconnection].Progress;

    /// <summary>Ends the run when every step is settled, and says what came of each account; or opens it again.</summary>
    public async Task JudgeAsync(DisconnectionId id, IJournal journal, DateTimeOffset now, CancellationToken cancellation)
    {
        var (run, departure, rows, _) = runs[id];
        var accountIds = rows.Select(row => row.Account).Distinct().ToList();
        if (rows.Any(row => !row.IsSettled))
        {
            if (run.EndedAt is not null)
            {
                run.End(null);
                departure.StartDisconnecting(immediate: false, now);
            }

            return;
        }

        var accounts = await db.Set<Account>().Where(account => accountIds.Contains(account.Id)).ToDictionaryAsync(account => account.Id, cancellation);
        var allCut = run.Unsearched.Count == 0;
        foreach (var account in rows.GroupBy(row => row.Account))
        {
            var verdict = Verdicts.Of([.. account.Select(RevocationFacts.Step)], now);
            allCut &= Verdicts.IsCut(verdict);
            var verify = account.FirstOrDefault(row => row.Action == OrderResolver.Verify);
            if (verify?.StateRead is { } state)
            {
                accounts[account.Key].State = state;
            }

            journal.Record(RevocationFacts.Settled(departure.Chain, account.Key, account.First().System, verdict, verify));
        }

        run.End(now);
        departure.EndDisconnecting(allCut, now);
        journal.Record(new(departure.Chain, "disconnection.ended")
        {
            Values = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["disconnection"] = run.Id.Value,
                ["state"] = departure.State.ToString(),
            },
        });
    }
}

/// <summary>What the journal says of steps and accounts.</summary>
internal static class RevocationFacts
{
    public static StepFacts Step(Revocation row) => new(row.Action, row.State, row.LastOutcome, row.StateRead, row.Proof, row.ResidualUntil);

    public static Fact Attempted(string chain, Revocation row, Seen seen, DateTimeOffset now) => new(chain, "revocation.attempted")
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["revocation"] = row.Id.Value,
            ["account"] = row.Account.Value,
            ["system"] = row.System.Value,
            ["action"] = row.Action,
            ["attempt"] = row.Attempts,
            ["outcome"] = seen.Outcome.ToString(),
            ["failure"] = seen.FailureKind?.ToString(),
            ["stateRead"] = (seen.Verification?.State ?? seen.Reading?.State)?.ToString(),
            ["proof"] = seen.Verification is { State: AccountState.Disabled or AccountState.Absent } proved ? proved.Level.ToString() : null,
            ["at"] = now,
        },
        Personal = Exchanges(seen),
    };

    public static Fact Settled(string chain, AccountId account, SystemId system, Verdict verdict, Revocation? verify) => new(chain, "revocation.settled")
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["account"] = account.Value,
            ["system"] = system.Value,
            ["verdict"] = verdict.ToString(),
            ["proof"] = verify is { StateRead: AccountState.Disabled or AccountState.Absent } ? verify.Proof?.ToString() : null,
            ["residualUntil"] = verify?.ResidualUntil,
        },
    };

    private static Dictionary<string, string?> Exchanges(Seen seen)
    {
        // Requests may name the person (a DN, a login): personal, so that they can be erased.
        var said = (seen.Report?.Exchanges ?? seen.Verification?.Exchanges ?? []).Select(exchange => $"{exchange.Request} → {exchange.Answer}");
        var checks = (seen.Verification?.Checks ?? []).Select(check => $"{check.What.En}: {check.Answer}");
        var text = string.Join('\n', said.Concat(checks));
        return text.Length == 0 ? [] : new(StringComparer.Ordinal) { ["exchanges"] = text };
    }
}
