using System.Text.Json;
using Depart.Connectors;
using Depart.Departures;
using Depart.Departures.Embargoes;
using Depart.Departures.Tasks;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Step5Close.Accounts;

/// <summary>Some disconnections with their steps and accounts, loaded once for a batch of outcomes or for one person's decision.</summary>
internal sealed class DisconnectionGraph
{
    private readonly DepartDb db;
    private readonly Dictionary<DisconnectionId, Part> parts;

    private DisconnectionGraph(DepartDb db, Dictionary<DisconnectionId, Part> parts) => (this.db, this.parts) = (db, parts);

    /// <summary>One of them.</summary>
    public Part this[DisconnectionId id] => parts[id];

    /// <summary>Loads them, tracked.</summary>
    public static async Task<DisconnectionGraph> LoadAsync(
        DepartDb db, Connections connections, IReadOnlyList<DisconnectionId> ids, CancellationToken cancellation)
    {
        var runs = await db.Set<Disconnection>().Where(run => ids.Contains(run.Id)).ToListAsync(cancellation);
        var departureIds = runs.ConvertAll(run => run.Departure);
        var departures = await db.Set<Departure>().Where(departure => departureIds.Contains(departure.Id)).ToDictionaryAsync(departure => departure.Id, cancellation);
        var rows = (await db.Set<Revocation>().Where(row => ids.Contains(row.Disconnection)).ToListAsync(cancellation)).ToLookup(row => row.Disconnection);
        var accounts = (await db.Set<DisconnectionAccount>().Where(account => ids.Contains(account.Disconnection)).ToListAsync(cancellation)).ToLookup(account => account.Disconnection);
        var systemIds = accounts.SelectMany(own => own).Select(account => account.System).Distinct().ToList();
        var byHand = (await db.Set<TargetSystem>().AsNoTracking().Where(system => systemIds.Contains(system.Id) && system.RemovedAt == null).ToListAsync(cancellation))
            .SelectMany(system => ByHand(system, connections).Select(action => (system.Id, action))).ToHashSet();
        return new(db, runs.ToDictionary(run => run.Id, run => new Part(db, run, departures[run.Departure], [.. rows[run.Id]], [.. accounts[run.Id]], row => byHand.Contains((row.System, row.Action)))));
    }

    /// <summary>The actions that a person does.</summary>
    public static HashSet<string> ByHand(IConnector connector) =>
        connector.Actions.Where(action => action.ByHand).Select(action => action.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>The same of a system; none when its settings cannot be used any more: what was seen there is recorded all the same.</summary>
    private static HashSet<string> ByHand(TargetSystem system, Connections connections)
    {
        try
        {
            return ByHand(connections.Of(system));
        }
        catch (InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>
    /// The one place where a prepared cut begins, whoever comes first: the departure is asked, and what it no longer wants is withdrawn. True when the disconnection
    /// runs, or has run; false when it is called off.
    /// </summary>
    public static bool Begin(Disconnection run, Departure departure, int accounts, int steps, IJournal journal, DateTimeOffset now)
    {
        if (run.State != DisconnectionState.Prepared)
        {
            return run.State != DisconnectionState.Withdrawn;
        }

        if (!RevocationHandler.IsStillMeant(run, departure) || departure.StartDisconnecting(run.Immediate, now) is not null)
        {
            run.Withdraw();
            return false;
        }

        run.Begin();
        journal.Record(RevocationFacts.Started(run, departure, accounts, steps));
        return true;
    }

    /// <summary>Ends each run whose every step is settled, and says what came of each account; or opens it again.</summary>
    public async Task JudgeAsync(IReadOnlyList<DisconnectionId> ids, IJournal journal, DateTimeOffset now, CancellationToken cancellation)
    {
        var ended = new List<Part>();
        foreach (var part in ids.Select(id => parts[id]).Where(part => part.Run.State != DisconnectionState.Withdrawn))
        {
            if (part.Rows.All(row => row.IsSettled))
            {
                ended.Add(part);
            }
            else if (part.Run.EndedAt is not null)
            {
                part.Run.End(null);
                part.Departure.StartDisconnecting(immediate: false, now);
                TaskClock.Look(db, part.Departure, now);
            }
        }

        var states = ended.SelectMany(part => part.Rows).Where(row => row is { Action: OrderResolver.Verify, StateRead: not null }).ToLookup(row => row.Account, row => row.StateRead!.Value);
        var accountIds = states.Select(state => state.Key).ToList();
        foreach (var account in await db.Set<Account>().Where(account => accountIds.Contains(account.Id)).ToListAsync(cancellation))
        {
            account.State = states[account.Id].Last();
        }

        foreach (var part in ended)
        {
            foreach (var account in part.Rows.GroupBy(row => row.Account))
            {
                part.Accounts[account.Key].Verdict = Verdicts.Of([.. account.Select(RevocationFacts.Step)], now);
            }

            part.Run.End(now);
            part.Departure.EndDisconnecting(part.Run.Unsearched.Count == 0 && part.Accounts.Values.All(account => Verdicts.IsCut(account.Verdict)), now);
            journal.Record(RevocationFacts.Ended(part));
            TaskClock.Look(db, part.Departure, now);
            EmbargoEnd.Appoint(db, part.Departure, now);
        }
    }

    /// <summary>One disconnection.</summary>
    internal sealed class Part
    {
        private readonly Dictionary<RevocationId, Revocation> byId;
        private readonly DepartDb db;

        public Part(DepartDb db, Disconnection run, Departure departure, IReadOnlyList<Revocation> rows, IReadOnlyList<DisconnectionAccount> accounts, Func<Revocation, bool> byHand)
        {
            (this.db, Run, Departure, Rows) = (db, run, departure, rows);
            byId = rows.ToDictionary(row => row.Id);
            Accounts = accounts.ToDictionary(account => account.Account);
            Progress = new(rows, byHand, row =>
            {
                // A work item that is on its way takes what is ready with it, or leaves it to the next.
                if (Accounts[row.Account] is { Working: false } account)
                {
                    db.Enqueue(account.Give(departure.Id, run.StartedAt));
                }
            });
        }

        public Disconnection Run { get; }

        public Departure Departure { get; }

        public IReadOnlyList<Revocation> Rows { get; }

        public IReadOnlyDictionary<AccountId, DisconnectionAccount> Accounts { get; }

        public Progress Progress { get; }

        /// <summary>Begins it when it is prepared; false when it is called off.</summary>
        public bool Begin(IJournal journal, DateTimeOffset now)
        {
            var waited = Run.State == DisconnectionState.Prepared;
            var begun = DisconnectionGraph.Begin(Run, Departure, Accounts.Count, Rows.Count, journal, now);
            if (waited && begun)
            {
                EmbargoEnd.Appoint(db, Departure, Departure.CutAt + EmbargoEnd.AtMost);
            }

            return begun;
        }

        public Revocation Row(RevocationId id) => byId[id];
    }
}

/// <summary>What the journal says of a disconnection, its steps and accounts.</summary>
internal static class RevocationFacts
{
    public static StepFacts Step(Revocation row) => new(row.Action, row.State, row.LastOutcome, row.StateRead, row.Proof, row.ResidualUntil);

    public static Fact Started(Disconnection run, Departure departure, int accounts, int steps) => new(departure.Chain, "disconnection.started")
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["disconnection"] = run.Id.Value,
            ["immediate"] = run.Immediate,
            ["startedAt"] = run.StartedAt,
            ["accounts"] = accounts,
            ["steps"] = steps,
        },

        // A protected account that is left open is named by its login: personal, so that it can be erased.
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["unsearched"] = run.Unsearched.Count == 0 ? null : string.Join(", ", run.Unsearched) },
    };

    /// <summary>One attempt at an account: every step that was tried, in order.</summary>
    public static Fact Attempted(DisconnectionGraph.Part run, DisconnectionAccount account, AccountSeen seen, int attempt) => new(run.Departure.Chain, "revocation.attempted")
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["disconnection"] = run.Run.Id.Value,
            ["account"] = account.Account.Value,
            ["system"] = account.System.Value,
            ["round"] = account.Rounds,
            ["attempt"] = attempt,
            ["steps"] = seen.Steps.Select(step => (IReadOnlyDictionary<string, object?>)new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["action"] = run.Row(step.Step).Action,
                ["revocation"] = step.Step.Value,
                ["at"] = step.At,
                ["outcome"] = step.Outcome.ToString(),
                ["failure"] = step.Failure?.Kind.ToString(),
                ["stateRead"] = (step.Verification?.State ?? step.Reading?.State)?.ToString(),
                ["proof"] = step.Verification is { State: AccountState.Disabled or AccountState.Absent } proved ? proved.Level.ToString() : null,
            }).ToList(),
        },

        // Requests may name the person (a DN, a login): personal, so that they can be erased.
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal) { ["seen"] = seen.Told },
    };

    public static Fact Ended(DisconnectionGraph.Part part) => new(part.Departure.Chain, "disconnection.ended")
    {
        Seals = true,
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["disconnection"] = part.Run.Id.Value,
            ["state"] = part.Departure.State.ToString(),
            ["accounts"] = part.Rows.GroupBy(row => row.Account).Select(rows =>
            {
                var verify = rows.FirstOrDefault(row => row.Action == OrderResolver.Verify);
                return (IReadOnlyDictionary<string, object?>)new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["account"] = rows.Key.Value,
                    ["system"] = rows.First().System.Value,
                    ["verdict"] = part.Accounts[rows.Key].Verdict.ToString(),
                    ["proof"] = verify is { StateRead: AccountState.Disabled or AccountState.Absent } ? verify.Proof?.ToString() : null,
                    ["residualUntil"] = verify?.ResidualUntil,
                };
            }).ToList(),
        },
    };

    /// <summary>What was planned: every account found with its system, every step, and what is left alone with the reason.</summary>
    public static Fact Planned(Disconnection run, Departure departure, string? person, DisconnectionPlan plan, IReadOnlyList<Revocation> rows) => new(departure.Chain, "disconnection.planned")
    {
        Values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["disconnection"] = run.Id.Value,
            ["immediate"] = run.Immediate,
            ["startsAt"] = run.StartedAt,
            ["accounts"] = plan.Accounts.Select(account => (IReadOnlyDictionary<string, object?>)new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["account"] = account.Id.Value,
                ["system"] = account.System.Value,
                ["systemName"] = account.SystemName,
                ["connector"] = account.Connector,
                ["matched"] = account.Match.ToString(),
                ["untouchedEn"] = account.Untouched?.En,
                ["untouchedFr"] = account.Untouched?.Fr,
            }).ToList(),
            ["steps"] = rows.Select(row => (IReadOnlyDictionary<string, object?>)new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["revocation"] = row.Id.Value,
                ["account"] = row.Account.Value,
                ["action"] = row.Action,
                ["titleEn"] = row.TitleEn,
                ["titleFr"] = row.TitleFr,
                ["leftOutEn"] = row.Why?.En,
                ["leftOutFr"] = row.Why?.Fr,
            }).ToList(),
        },
        Personal = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["person"] = person,
            ["logins"] = JsonSerializer.Serialize(plan.Accounts.ToDictionary(account => account.Id.Value.ToString(), account => account.Login)),
            ["newOwners"] = rows.Any(row => row.NewOwner is not null)
                ? JsonSerializer.Serialize(rows.Where(row => row.NewOwner is not null).ToDictionary(row => row.Id.Value.ToString(), row => row.NewOwner)) : null,
        },
    };

    /// <summary>What was asked and seen, step by step in the order of the entry's steps; read by the report of <c>Depart.Evidence</c>.</summary>
    public static string Told(IReadOnlyList<Seen> steps) => JsonSerializer.Serialize(
        steps.Select(step => new
        {
            whyEn = step.Why?.En,
            whyFr = step.Why?.Fr,
            exchanges = (step.Report?.Exchanges ?? step.Verification?.Exchanges)?.Select(exchange => new { request = exchange.Request, answer = exchange.Answer }),
            changes = step.Report?.Changes.Select(change => new { what = change.What, before = change.Before, after = change.After }),
            checks = step.Verification?.Checks.Select(check => new { whatEn = check.What.En, whatFr = check.What.Fr, passed = check.Passed, answer = check.Answer }),
            residuals = step.Verification?.Residuals.Select(residual => new { whatEn = residual.What.En, whatFr = residual.What.Fr, until = residual.Until }),
        }),
        ToldJson);

    private static readonly JsonSerializerOptions ToldJson = new()
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,

        // Read by people too, on the page of an entry: letters stay letters. It never stands in HTML unescaped.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
