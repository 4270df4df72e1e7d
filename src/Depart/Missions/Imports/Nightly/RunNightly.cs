using System.Security.Cryptography;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Engine;
using Depart.Foundation.Mail;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Missions.Imports.Nightly;

/// <summary>
/// Runs a nightly import: reads the newest file and keeps its preview, then, in the transaction that ends the night, applies it or stops and asks, lists what vanished and plans the next night.
/// A crash in between leaves at most a preview that nobody applies, and the night is done again.
/// </summary>
[WorkKind(NightlyImport.WorkKind, MinutesAtMost = 15)]
internal sealed class RunNightly(DepartDb reading, Dispatcher dispatcher, StorageOptions storage, ImportDesk desk, Outbox outbox, IUserDirectory users, TimeProvider clock) : IWorkHandler
{
    /// <summary>A file that was written a moment ago may not be whole.</summary>
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(30);

    /// <summary>So few endings are no accident, whatever their share.</summary>
    public const int FewEnded = 3;

    public async Task<WorkResult> ExecuteAsync(WorkItem item, CancellationToken cancellation)
    {
        if (await FindAsync(reading, item, cancellation) is not { } nightly)
        {
            return new(WorkVerdict.Done);
        }

        try
        {
            if (IncomingFolder.Newest(storage, nightly.File) is not { } file)
            {
                return new(WorkVerdict.Done, new Night(NightlyResult.NoFile));
            }

            if (clock.GetUtcNow() - new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero) is { Ticks: >= 0 } age && age < Settles)
            {
                return new(WorkVerdict.Retry) { RetryAfter = Settles, Error = NightlyText.StillWritten };
            }

            if (file.Length > ImportLimits.Bytes)
            {
                return new(WorkVerdict.Done, new Night(NightlyResult.Unreadable, file.Name, Why: SheetReader.TooLarge(file.Length).Message));
            }

            return new(WorkVerdict.Done, await ReadAsync(nightly, file.Name, await File.ReadAllBytesAsync(file.FullName, cancellation), cancellation));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new(WorkVerdict.Done, new Night(NightlyResult.Unreadable, Why: NightlyText.NotOpened.With(storage.IncomingFolder)));
        }
    }

    private async Task<Night> ReadAsync(NightlyImport nightly, string name, byte[] content, CancellationToken cancellation)
    {
        var sha = Convert.ToHexStringLower(SHA256.HashData(content));
        var last = await reading.Set<NightlyRun>().AsNoTracking().Where(run => run.Nightly == nightly.Id && run.Sha256 == sha && run.Import != null).OrderByDescending(run => run.At).FirstOrDefaultAsync(cancellation);
        var waits = last?.Result == NightlyResult.Stopped && await reading.Set<Import>().AnyAsync(import => import.Id == last.Import && import.State == ImportState.Ready, cancellation);
        if (nightly.AppliedSha256 == sha || waits)
        {
            return new(NightlyResult.SameFile, name, sha);
        }

        var received = await desk.ReceiveAsync(content, name, nightly.Kind, nightly.Dates, nightly.Columns, Actor.Engine, cancellation);
        if (!received.Ok)
        {
            return new(NightlyResult.Unreadable, name, sha, Why: received.Problem.Message);
        }

        var measured = (await dispatcher.AskAsync(new MeasureEnded(received.Value), Actor.Engine, cancellation)).Value;
        return new(NightlyResult.Applied, name, sha, received.Value, measured!.Ended, measured.Running);
    }

    public async Task RecordAsync(DepartDb db, IJournal journal, IReadOnlyList<WorkDone> done, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        foreach (var work in done.Where(work => work.Result.Verdict == WorkVerdict.Done || work.GivenUp))
        {
            if (await FindAsync(db, work.Item, cancellation) is not { } nightly)
            {
                continue;
            }

            var night = work.Result.Report as Night ?? new(NightlyResult.Unreadable, Why: work.Result.Error);
            await EndAsync(db, journal, nightly, night, now, cancellation);
            var next = nightly.Next(now);
            if (nightly.Runs && !await db.Set<WorkItem>().AnyAsync(item => item.IdempotencyKey == next.IdempotencyKey, cancellation))
            {
                db.Enqueue(next);
            }
        }
    }

    private async Task EndAsync(DepartDb db, IJournal journal, NightlyImport nightly, Night night, DateTimeOffset now, CancellationToken cancellation)
    {
        var import = night.Import is { } id ? await db.FindAsync<Import>([id], cancellation) : null;
        var tooMany = night.Ended > FewEnded && night.Ended * 100L > (long)nightly.MostEnded * night.Running;
        var run = new NightlyRun
        {
            Nightly = nightly.Id, At = now, Result = import is not null && tooMany ? NightlyResult.Stopped : night.Result, FileName = night.FileName, Sha256 = night.Sha256, Import = night.Import,
            Create = import?.ToCreate ?? 0, Change = import?.ToChange ?? 0, Refused = import?.Refused ?? 0, Ended = night.Ended, Running = night.Running, WhyEn = night.Why?.En, WhyFr = night.Why?.Fr,
        };
        var before = await db.Set<NightlyRun>().Where(one => one.Nightly == nightly.Id).OrderByDescending(one => one.At).Select(one => (NightlyResult?)one.Result).FirstOrDefaultAsync(cancellation);
        if (run.Result == NightlyResult.Applied && import is not null)
        {
            if (import.ToCreate + import.ToChange > 0 && import.Apply(Actor.Engine, now) is null)
            {
                db.Enqueue(import.NextWork(now));
                journal.Record(ImportFacts.Of(import, "import.confirmed"));
            }

            nightly.AppliedSha256 = night.Sha256;
            nightly.Changed();
            run.Vanished = await VanishedAsync(db, nightly, import, now, cancellation);
        }

        db.Add(run);
        journal.Record(new(Fact.House, "nightly-import.ran")
        {
            Values = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["nightly"] = nightly.Id.Value, ["result"] = run.Result.ToString(), ["import"] = run.Import?.Value, ["sha256"] = run.Sha256, ["ended"] = run.Ended, ["running"] = run.Running, ["vanished"] = run.Vanished,
            },
        });

        // A file that is missing every night is told once.
        if (run.Result is NightlyResult.Stopped or NightlyResult.Unreadable || (run.Result == NightlyResult.NoFile && before != NightlyResult.NoFile))
        {
            await TellAsync(nightly, run, cancellation);
        }
    }

    /// <summary>Remembers whom the file speaks of, and marks what it speaks of no more; nothing else is done about those. Gives how many vanished this night.</summary>
    private static async Task<int> VanishedAsync(DepartDb db, NightlyImport nightly, Import import, DateTimeOffset now, CancellationToken cancellation)
    {
        var none = MissionId.From(Guid.Empty);
        var said = (await db.Set<ImportLine>().AsNoTracking().Where(line => line.Import == import.Id && line.Person != null).Select(line => new { line.Person, line.Mission }).ToListAsync(cancellation))
            .Select(line => (line.Person!.Value, line.Mission ?? none)).ToHashSet();
        var known = await db.Set<NightlySubject>().Where(subject => subject.Nightly == nightly.Id).ToListAsync(cancellation);
        var vanished = 0;
        foreach (var subject in known)
        {
            if (said.Remove((subject.Person, subject.Mission)))
            {
                subject.GoneAt = null;
            }
            else if (subject.GoneAt is null)
            {
                subject.GoneAt = now;
                vanished++;
            }
        }

        await db.InsertAsync([.. said.Select(pair => new NightlySubject { Nightly = nightly.Id, Person = pair.Item1, Mission = pair.Item2 })], cancellation);
        return vanished;
    }

    private async Task TellAsync(NightlyImport nightly, NightlyRun run, CancellationToken cancellation)
    {
        foreach (var reader in await users.HoldersAsync(Role.Hr, cancellation) is { Count: > 0 } hr ? hr : await users.HoldersAsync(Role.Admin, cancellation))
        {
            var why = new Words(run.WhyEn ?? "", run.WhyFr ?? "").For(reader.To.Culture);
            await outbox.WriteAsync(
                reader.To,
                new NightlyStopped(reader.Name, nightly.Name, nightly.File, run.Result == NightlyResult.Stopped, run.Result == NightlyResult.NoFile, run.Ended, run.Running, why, $"/imports/nightly/{nightly.Id}"),
                key: $"nightly-{run.Id:N}-{reader.Id:N}", cancellation: cancellation);
        }
    }

    private static async Task<NightlyImport?> FindAsync(DepartDb db, WorkItem item, CancellationToken cancellation) =>
        NightlyImportId.TryParse(item.Subject, out var id) ? await db.Set<NightlyImport>().FirstOrDefaultAsync(nightly => nightly.Id == id, cancellation) : null;

    /// <summary>What a night found.</summary>
    private sealed record Night(NightlyResult Result, string? FileName = null, string? Sha256 = null, ImportId? Import = null, int Ended = 0, int Running = 0, Words? Why = null);
}

/// <summary>How many running missions an import would end, and how many run.</summary>
internal sealed record EndedMissions(int Ended, int Running);

/// <summary>
/// Counts the missions that an import would end: those that run and to which it gives an end within thirty days, or one that has passed, earlier than the one known or where none was.
/// </summary>
internal sealed record MeasureEnded(ImportId Import) : IQuery<EndedMissions>
{
    private const int Soon = 30;

    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, LineVault vault, TimeProvider clock) : IHandler<MeasureEnded, EndedMissions>
    {
        public async Task<Outcome<EndedMissions>> HandleAsync(MeasureEnded query, CancellationToken cancellation)
        {
            var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
            var (ended, soon, first) = (0, today.AddDays(Soon), today.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture));
            var running = await db.Set<Mission>().CountAsync(mission => mission.SortEnd.CompareTo(first) >= 0, cancellation);
            for (var from = 0; ; from += ImportLimits.Chunk)
            {
                var end = from + ImportLimits.Chunk;
                var lines = await db.Set<ImportLine>().AsNoTracking().Where(line => line.Import == query.Import && line.Index >= from && line.Index < end).ToListAsync(cancellation);
                if (lines.Count == 0)
                {
                    return new EndedMissions(ended, running);
                }

                var changed = lines.Where(line => line is { State: LineState.Change, Mission: not null, NewMission: false }).ToDictionary(line => line.Index);
                var ids = changed.Values.Select(line => line.Mission!.Value).Distinct().ToList();
                var ends = await db.Set<Mission>().AsNoTracking().Where(mission => ids.Contains(mission.Id)).Select(mission => new { mission.Id, mission.End }).ToDictionaryAsync(mission => mission.Id, mission => mission.End, cancellation);
                ended += changed.Values.Count(line => ends.TryGetValue(line.Mission!.Value, out var known) && !(known < today)
                    && vault.Open(line.Content).Statement.End is { } day && day <= soon && !(known <= day));
            }
        }
    }
}

/// <summary>A nightly import needs somebody.</summary>
internal sealed record NightlyStopped(string Name, string Import, string File, bool Stopped, bool Missing, int Ended, int Running, string Why, string Path) : IMailContent<NightlyStopped>
{
    public static string Template => "nightly-import";

    public static IReadOnlyList<NightlyStopped> Samples =>
    [
        new("Claire Vasseur", "Registre RH", "consultants*.csv", true, false, 120, 900, "", "/imports/nightly/0"),
        new("Claire Vasseur", "Registre RH", "consultants*.csv", false, true, 0, 0, "", "/imports/nightly/0"),
        new("Claire Vasseur", "Registre RH", "consultants*.csv", false, false, 0, 0, "Le fichier est vide.", "/imports/nightly/0"),
    ];
}
