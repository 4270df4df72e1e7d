using Depart.Connectors;
using Depart.Departures;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Runs the steps of accounts on their system, then records what was seen and releases what follows.</summary>
[WorkKind(Revocation.WorkKind, Batch = 50, InHand = 16, MinutesAtMost = 10)]
internal sealed class RevocationHandler(DepartDb database, Connections connections, Dispatcher dispatcher, TimeProvider clock) : IWorkHandler
{
    private static readonly Words ProtectedNow = new(
        "The account {0} is protected: Depart does not touch it.", "Le compte {0} est protégé : Départ n’y touche pas.");

    private static readonly Words BeingGivenBack = new(
        "Access is being given back on this account: it is closed afterwards.", "L’accès est en train d’être rétabli sur ce compte : il est fermé ensuite.");

    private static readonly TimeSpan UntilGivenBack = TimeSpan.FromSeconds(20);

    private static readonly Words StillOpen = new(
        "The system still lets this account sign in: it is not closed.", "Le système laisse encore ce compte se connecter : il n’est pas fermé.");

    public async Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation)
    {
        WorkResult? result = null;
        await ExecuteAsync([item], new(clock), (_, said) => result = said, cancellation);
        return result!;
    }

    public async Task ExecuteAsync(IReadOnlyList<WorkItem> items, CallSlots calls, Action<WorkItem, WorkResult> done, CancellationToken cancellation)
    {
        var jobs = await LoadAsync(items, cancellation);
        foreach (var job in jobs.Where(job => job.Settled is not null))
        {
            done(job.Item, job.Settled!);
        }

        var first = jobs.Where(job => job is { Settled: null, Snapshot: not null }).ToList();
        if (first.Count > 0)
        {
            await ReadAsync(first, done, cancellation);
        }

        await Task.WhenAll(jobs.Where(job => job.Settled is null).Select(async job =>
        {
            using var call = job.Connector!.CountsRequests ? null : await calls.EnterAsync(cancellation);
            done(job.Item, await RunAsync(job, cancellation));
        }));
    }

    public async Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
    {
        var subjects = done.ToDictionary(work => work, work => DisconnectionAccount.Subject(work.Item));
        var graph = await DisconnectionGraph.LoadAsync(db, connections, [.. subjects.Values.Select(subject => subject.Disconnection).Distinct()], cancellation);
        var now = clock.GetUtcNow();
        foreach (var (work, (id, accountId)) in subjects)
        {
            var run = graph[id];
            var account = run.Accounts[accountId];
            var seen = work.Result.Report as AccountSeen;
            if (seen?.CalledOff == true)
            {
                run.Run.Withdraw();
                account.Rest();
                continue;
            }

            if (!run.Begin(journal, now))
            {
                account.Rest();
                continue;
            }

            if (seen is { Steps.Count: > 0 })
            {
                journal.Record(RevocationFacts.Attempted(run, account, seen, work.Item.Attempts));
            }

            Replay(run, seen?.Steps ?? [], work, now);
            Settle(run, account, seen, work, db, now);
        }

        await graph.JudgeAsync([.. subjects.Values.Select(subject => subject.Disconnection).Distinct()], journal, now, cancellation);
    }

    private static void Replay(DisconnectionGraph.Part run, IReadOnlyList<Seen> steps, WorkDone work, DateTimeOffset now)
    {
        foreach (var seen in steps)
        {
            if (run.Row(seen.Step) is not { State: RevocationState.Running } row)
            {
                // A person settled it meanwhile.
                continue;
            }

            row.Attempted(seen.Outcome, seen.Why);
            if (!seen.IsWell && seen.MayChange && !work.GivenUp)
            {
                continue;
            }

            if (seen.Verification is { } verification)
            {
                row.Saw(verification, seen.Kept!);
            }

            row.Settle(seen.Ends, now, seen.Report is null ? null : seen.Kept);
            run.Progress.Release(row);
        }
    }

    /// <summary>The work item of an account ended: what is ready now gets the next one; what was given up with it fails.</summary>
    private static void Settle(DisconnectionGraph.Part run, DisconnectionAccount account, AccountSeen? seen, WorkDone work, DepartDb db, DateTimeOffset now)
    {
        if (work.Result.Verdict != WorkVerdict.Done && !work.GivenUp)
        {
            return;
        }

        account.Rest();
        var ready = run.Rows.Where(row => row.Account == account.Account && row.State == RevocationState.Running).ToList();
        if (work.GivenUp)
        {
            foreach (var row in ready)
            {
                row.Attempted(seen is null ? CallOutcome.Unknown : CallOutcome.NotAttempted, work.Result.Error);
                row.Settle(RevocationState.Failed, now);
                run.Progress.Release(row);
            }
        }
        else if (ready.Count > 0)
        {
            db.Enqueue(account.Give(run.Departure.Id, now));
        }
    }

    private async Task<List<Job>> LoadAsync(IReadOnlyList<WorkItem> items, CancellationToken cancellation)
    {
        var subjects = items.Select(DisconnectionAccount.Subject).ToList();
        var runIds = subjects.Select(subject => subject.Disconnection).Distinct().ToList();
        var accountIds = subjects.Select(subject => subject.Account).Distinct().ToList();
        var runs = await database.Set<Disconnection>().AsNoTracking().Where(run => runIds.Contains(run.Id))
            .Join(database.Set<Departure>().AsNoTracking(), run => run.Departure, departure => departure.Id, (run, departure) => new { run, departure })
            .ToDictionaryAsync(pair => pair.run.Id, cancellation);
        var rows = (await database.Set<Revocation>().AsNoTracking()
            .Where(row => runIds.Contains(row.Disconnection) && accountIds.Contains(row.Account)).ToListAsync(cancellation))
            .ToLookup(row => (row.Disconnection, row.Account));
        var accounts = await database.Set<Account>().AsNoTracking().Where(account => accountIds.Contains(account.Id)).ToDictionaryAsync(account => account.Id, cancellation);
        var systemIds = accounts.Values.Select(account => account.System).Distinct().ToList();
        var systems = await database.Set<TargetSystem>().AsNoTracking().Where(system => systemIds.Contains(system.Id)).ToDictionaryAsync(system => system.Id, cancellation);
        var queues = items.Select(item => item.Queue).Distinct(StringComparer.Ordinal).ToList();
        var givenBack = (await database.Set<WorkItem>().AsNoTracking()
            .Where(item => queues.Contains(item.Queue) && item.State == WorkState.Running && item.Kind == ReconnectHandler.WorkKind).ToListAsync(cancellation))
            .Select(item => DisconnectionAccount.Subject(item).Account).ToHashSet();
        var jobs = new List<Job>();
        foreach (var (item, subject) in items.Zip(subjects))
        {
            var (run, departure) = (runs[subject.Disconnection].run, runs[subject.Disconnection].departure);
            var account = accounts[subject.Account];
            var system = systems[account.System];
            var job = new Job(item, run, account, system, [.. rows[subject].OrderBy(row => row.Level)]);
            jobs.Add(job);
            if (run.State == DisconnectionState.Withdrawn || (run.State == DisconnectionState.Prepared && !IsStillMeant(run, departure)))
            {
                job.Settled = new(WorkVerdict.Done, new AccountSeen([]) { CalledOff = true });
                continue;
            }

            if (givenBack.Contains(account.Id))
            {
                // Its writes would land after ours, and what was verified as closed would be open.
                job.Settled = new(WorkVerdict.Retry, new AccountSeen([])) { Error = BeingGivenBack, RetryAfter = UntilGivenBack };
                continue;
            }

            try
            {
                job.Connector = connections.Of(system);
            }
            catch (InvalidOperationException broken)
            {
                job.Settled = job.All(CallOutcome.NotAttempted, Words.Same(broken.Message), clock.GetUtcNow());
                continue;
            }

            if (system.Protects(account.Login))
            {
                job.Settled = job.All(CallOutcome.Refused, ProtectedNow.With(account.Login), clock.GetUtcNow());
            }
        }

        return jobs;
    }

    /// <summary>Whether a prepared cut is still the one that the departure asks for.</summary>
    internal static bool IsStillMeant(Disconnection run, Departure departure) => departure.State == DepartureState.Open && departure.CutAt == run.StartedAt;

    /// <summary>
    /// Takes the snapshots of several accounts with as few questions as the system allows, and commits them: nothing is changed on an account before what
    /// it was is safe. An account that cannot be read is settled here.
    /// </summary>
    private async Task ReadAsync(List<Job> jobs, Action<WorkItem, WorkResult> done, CancellationToken cancellation)
    {
        var taken = new List<Job>();
        var snapshots = new List<AccountSnapshot>();
        foreach (var group in jobs.GroupBy(job => job.System.Id))
        {
            var ours = group.ToList();
            var readings = await ours[0].Connector!.ReadAsync([.. ours.Select(job => job.Account.ExternalId)], ReadDepth.Snapshot, cancellation);
            foreach (var (job, reading) in ours.Zip(readings))
            {
                var seen = new Seen(job.Snapshot!.Id, CallOutcome.Done, clock.GetUtcNow()) { Reading = reading };
                if (reading.Record is { } record && job.System.Protects(record.Login))
                {
                    Settle(job, seen with { Outcome = CallOutcome.Refused, Why = ProtectedNow.With(record.Login), Reading = null });
                }
                else if (reading.State == AccountState.Unknown)
                {
                    Settle(job, seen with { Outcome = CallOutcome.Unknown, Failure = reading.Failure, Why = reading.Failure?.Told() });
                }
                else
                {
                    job.Taken = seen;
                    taken.Add(job);
                    if (reading.Snapshot is { } text)
                    {
                        snapshots.Add(new(job.Run.Id, job.Account.Id, connections.Protector.Protect(text), reading.State));
                    }
                }
            }
        }

        if (taken.Count > 0)
        {
            var kept = await dispatcher.SendAsync(new KeepSnapshots([.. taken.Select(job => job.Run.Id).Distinct()], snapshots), Actor.Engine, cancellation);
            foreach (var job in taken.Where(job => !kept.Ok || kept.Value.Contains(job.Run.Id)))
            {
                if (kept.Ok)
                {
                    job.Settled = new(WorkVerdict.Done, new AccountSeen([]) { CalledOff = true });
                    done(job.Item, job.Settled);
                }
                else
                {
                    Settle(job, job.Taken! with { Outcome = CallOutcome.Unknown, Why = kept.Problem.Message, Reading = null });
                }
            }

            await NameOwnersAsync([.. taken.Where(job => job.Settled is null)], cancellation);
        }

        void Settle(Job job, Seen seen)
        {
            job.Settled = Result([seen]);
            done(job.Item, job.Settled);
        }
    }

    /// <summary>Who takes over may be said anew until the cut begins, and the snapshots began it: what was read before may be out of date.</summary>
    private async Task NameOwnersAsync(List<Job> begun, CancellationToken cancellation)
    {
        var passing = begun.SelectMany(job => job.Rows.Where(job.PassesOn)).ToDictionary(row => row.Id);
        if (passing.Count == 0)
        {
            return;
        }

        var ids = passing.Keys.ToList();
        foreach (var now in await database.Set<Revocation>().AsNoTracking().Where(row => ids.Contains(row.Id)).ToListAsync(cancellation))
        {
            passing[now.Id].PassTo(now.NewOwner, now.Why);
        }
    }

    /// <summary>Runs every step of an account that is ready, and those that these release; stops at the first that may change by waiting.</summary>
    private async Task<WorkResult> RunAsync(Job job, CancellationToken cancellation)
    {
        var ready = new Queue<Revocation>(job.Rows.Where(row => row.State == RevocationState.Running));
        var byHand = DisconnectionGraph.ByHand(job.Connector!);
        var progress = new Progress(job.Rows, row => byHand.Contains(row.Action), ready.Enqueue);
        var steps = new List<Seen>();
        var answers = new Dictionary<RevocationId, Seen>();
        while (ready.TryDequeue(out var row))
        {
            if (row.Action == OrderResolver.Snapshot)
            {
                answers[row.Id] = job.Taken!;
            }
            else if (row.Action == OrderResolver.Verify)
            {
                answers[row.Id] = await VerifyAsync(job, row, cancellation);
            }
            else if (job.OnlyLooksAt(row))
            {
                answers[row.Id] = await LookAsync(job, row, cancellation);
            }
            else if (!answers.ContainsKey(row.Id))
            {
                await ApplyAsync(job, [.. progress.Foresee([row, .. ready]).TakeWhile(next => !job.OnlyLooksAt(next))], answers, cancellation);
            }

            var seen = answers[row.Id];
            _ = seen.Kept;
            steps.Add(seen);
            if (seen.MayChange)
            {
                break;
            }

            row.Settle(seen.Ends, seen.At);
            progress.Release(row);
        }

        return Result(steps);
    }

    /// <summary>Asks for the actions that follow one another if all goes well, in one call: the system may need few requests for them.</summary>
    private async Task ApplyAsync(Job job, IReadOnlyList<Revocation> rows, Dictionary<RevocationId, Seen> answers, CancellationToken cancellation)
    {
        var reports = await job.Connector!.ApplyAllAsync(
            [.. rows.Select(row => Call(job, row))], cancellation);
        foreach (var (row, report) in rows.Zip(reports))
        {
            answers[row.Id] = new(row.Id, report.Outcome, clock.GetUtcNow(), report.Failure, report.Failure?.Told()) { Report = report };
        }
    }

    private static ActionCall Call(Job job, Revocation row) => new()
    {
        Action = row.Action,
        Account = job.Account.ExternalId,
        IdempotencyKey = $"{row.Id}-{row.Round}",
        CutAt = job.Run.StartedAt,
        Case = job.Run.Departure.ToString(),
        NewOwner = row.NewOwner,
    };

    /// <summary>Nobody takes over: asks the system what stays with the account, so that it is named; nothing is written.</summary>
    private async Task<Seen> LookAsync(Job job, Revocation row, CancellationToken cancellation)
    {
        var report = await job.Connector!.ApplyAsync(Call(job, row) with { DryRun = true }, cancellation);
        var outcome = report.Outcome == CallOutcome.Done ? CallOutcome.NotAttempted : report.Outcome;
        return new(row.Id, outcome, clock.GetUtcNow(), report.Failure, outcome == CallOutcome.AlreadySo ? null : report.Failure?.What.ToWords() ?? row.Why)
        {
            Report = report with { Outcome = outcome }, OnlyLooked = true,
        };
    }

    private async Task<Seen> VerifyAsync(Job job, Revocation row, CancellationToken cancellation)
    {
        var verification = await job.Connector!.VerifyAsync(
            new() { Account = job.Account.ExternalId, IdempotencyKey = $"{row.Id}-{row.Round}", CutAt = job.Run.StartedAt }, cancellation);
        var seen = new Seen(row.Id, CallOutcome.Done, clock.GetUtcNow(), verification.Failure, verification.Failure?.Told()) { Verification = verification };
        return verification.State switch
        {
            AccountState.Disabled or AccountState.Absent => seen with { Failure = null, Why = null },
            AccountState.Enabled => seen with { Outcome = CallOutcome.Refused, Why = seen.Why ?? StillOpen, Final = job.Rows.Any(other => other.State == RevocationState.Failed) },
            _ => seen with { Outcome = CallOutcome.Unknown },
        };
    }

    private static WorkResult Result(IReadOnlyList<Seen> steps)
    {
        var last = steps.Count > 0 ? steps[^1] : null;
        return new(last is { MayChange: true } ? WorkVerdict.Retry : WorkVerdict.Done, new AccountSeen(steps))
        {
            Error = last?.Why,
            RetryAfter = last?.Failure?.RetryAfter,
            SystemFault = last?.Failure?.Kind is FailureKind.Unreachable or FailureKind.TimedOut or FailureKind.SystemError or FailureKind.Garbage,
        };
    }

    /// <summary>One work item with all it needs.</summary>
    private sealed class Job(WorkItem item, Disconnection run, Account account, TargetSystem system, IReadOnlyList<Revocation> rows)
    {
        public WorkItem Item => item;

        public Disconnection Run => run;

        public Account Account => account;

        public TargetSystem System => system;

        public IReadOnlyList<Revocation> Rows => rows;

        public IConnector? Connector { get; set; }

        /// <summary>Whether a step passes on what the account owns, and nobody takes over.</summary>
        public bool OnlyLooksAt(Revocation row) => row.NewOwner is null && PassesOn(row);

        /// <summary>Whether a step passes on what the account owns.</summary>
        public bool PassesOn(Revocation row) => Connector!.Actions.Any(action => action.NeedsNewOwner && action.Key == row.Action);

        /// <summary>The snapshot, when it is what comes next: it is committed before anything is changed.</summary>
        public Revocation? Snapshot => rows.FirstOrDefault(row => row is { State: RevocationState.Running, Action: OrderResolver.Snapshot });

        /// <summary>The snapshot, taken and committed.</summary>
        public Seen? Taken { get; set; }

        /// <summary>Known without a call.</summary>
        public WorkResult? Settled { get; set; }

        public WorkResult All(CallOutcome outcome, Words why, DateTimeOffset at) => Result(
            [.. rows.Where(row => row.State == RevocationState.Running).Select(row => new Seen(row.Id, outcome, at, new(FailureKind.Invalid, new(why.En, why.Fr)), why))]);
    }
}
