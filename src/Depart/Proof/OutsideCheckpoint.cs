using System.Text.Json;
using System.Threading.Channels;
using Depart.Evidence;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Depart.Proof;

/// <summary>A checkpoint that stands outside the database, and where: the database must still hold it.</summary>
/// <param name="Where">The file.</param>
/// <param name="Checkpoint">What it states.</param>
internal sealed record OutsideCheckpoint(string Where, Checkpoint Checkpoint)
{
    private const string Lost = "checkpoint-lost-";

    /// <summary>The last checkpoint that this node saw, kept beside the database and not in it.</summary>
    public static string FileOf(StorageOptions storage) => Path.Combine(storage.DataFolder, "checkpoint.json");

    /// <summary>Checkpoints that the database had lost at some start.</summary>
    public static IReadOnlyList<string> LostIn(StorageOptions storage) =>
        Directory.Exists(storage.DataFolder) ? [.. Directory.EnumerateFiles(storage.DataFolder, Lost + "*.json").Order(StringComparer.Ordinal)] : [];

    /// <summary>Reads the file of a node; null when there is none, or none that can be read.</summary>
    public static OutsideCheckpoint? Read(StorageOptions storage)
    {
        var file = FileOf(storage);
        try
        {
            return File.Exists(file) && JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(file)) is { Checkpoint: { } bytes } ? new(file, Checkpoint.Parse(bytes)) : null;
        }
        catch (Exception error) when (error is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps the last checkpoint of the database, in one move.</summary>
    public static void Keep(StorageOptions storage, CheckpointRow row)
    {
        var file = FileOf(storage);
        File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(new Kept(row.Bytes, row.Signature)));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Puts a checkpoint that the database lost aside, so that it stays to be seen.</summary>
    public void PutAside(StorageOptions storage, DateTimeOffset now) =>
        File.Move(Where, Path.Combine(storage.DataFolder, $"{Lost}{Checkpoint.Number}-{now:yyyyMMddHHmmss}.json"), overwrite: true);

    /// <summary>Whether the database holds it.</summary>
    public async Task<bool> IsHeldAsync(DepartDb db, CancellationToken cancellation)
    {
        var bytes = Checkpoint.ToBytes();
        return await db.Set<CheckpointRow>().AsNoTracking().FirstOrDefaultAsync(row => row.Number == Checkpoint.Number, cancellation) is { } row
            && row.Bytes.AsSpan().SequenceEqual(bytes);
    }

    private sealed record Kept(byte[] Checkpoint, byte[] Signature);
}

/// <summary>The database lost a checkpoint that this node had seen: it was restored, rewound, or replaced. Journalled; never forgotten.</summary>
internal sealed record NoteRewound(long Number, string Root, DateTimeOffset At) : ICommand<Done>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(IJournal journal) : IHandler<NoteRewound, Done>
    {
        public Task<Outcome<Done>> HandleAsync(NoteRewound command, CancellationToken cancellation)
        {
            journal.Record(new(Fact.House, "journal.rewound")
            {
                Values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["checkpoint"] = command.Number, ["root"] = command.Root, ["sealedAt"] = command.At },
            });
            return Task.FromResult<Outcome<Done>>(Done.Value);
        }
    }
}

/// <summary>Rung when something was recorded that is to be sealed at once. One ring is enough for all that came meanwhile.</summary>
internal sealed class SealBell
{
    private readonly Channel<bool> rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => rings.Writer.TryWrite(true);

    public async Task WaitAsync(CancellationToken cancellation) => await rings.Reader.ReadAsync(cancellation);
}

/// <summary>Seals the journal at start, when a disconnection has ended, every five minutes and at stop, and keeps the last checkpoint in a file and in the log of the process.</summary>
internal sealed partial class SealClock(IServiceScopeFactory scopes, SealBell bell, StorageOptions storage, TimeProvider clock, ILogger<SealClock> log) : BackgroundService
{
    /// <summary>Between two checkpoints: what was written since the last one is what could be cut off unseen.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    /// <summary>Between two checkpoints that were rung for: a thousand disconnections that end together do not seal a thousand times.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (var scope = scopes.CreateAsyncScope())
        {
            if (OutsideCheckpoint.Read(storage) is { } outside && !await outside.IsHeldAsync(scope.ServiceProvider.GetRequiredService<DepartDb>(), cancellationToken))
            {
                Rewound(outside.Checkpoint.Number, outside.Checkpoint.Root);
                await scope.ServiceProvider.GetRequiredService<Dispatcher>().SendAsync(
                    new NoteRewound(outside.Checkpoint.Number, outside.Checkpoint.Root, outside.Checkpoint.At), Actor.Engine, cancellationToken);
                outside.PutAside(storage, clock.GetUtcNow());
            }
        }

        await SealAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SealAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await RungOrDueAsync(stoppingToken);
                await SealAsync(stoppingToken);
                await Task.Delay(Gap, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task RungOrDueAsync(CancellationToken stopping)
    {
        using var period = new CancellationTokenSource(Period, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, period.Token);
        try
        {
            await bell.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The five minutes are over.
        }
    }

    private async Task SealAsync(CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var made = await scope.ServiceProvider.GetRequiredService<Dispatcher>().SendAsync(new SealJournal(), Actor.Engine, cancellation);
            var last = await scope.ServiceProvider.GetRequiredService<DepartDb>().Set<CheckpointRow>().AsNoTracking()
                .OrderByDescending(row => row.Number).FirstOrDefaultAsync(cancellation);
            if (last is null)
            {
                return;
            }

            OutsideCheckpoint.Keep(storage, last);
            if (made.Ok && made.Value > 0)
            {
                var root = Checkpoint.Parse(last.Bytes).Root;
                Sealed(last.Number, last.Size, root);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            SealFailed(error);
        }
        catch (StartRefused error)
        {
            SealFailed(error);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Journal sealed: checkpoint {Number}, size {Size}, root {Root}")]
    private partial void Sealed(long number, long size, string root);

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal could not be sealed; it is tried again.")]
    private partial void SealFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The database no longer holds checkpoint {Number} (root {Root}), which this node had seen: it was restored from a backup, rewound, or replaced.")]
    private partial void Rewound(long number, string root);
}
