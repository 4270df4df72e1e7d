using Microsoft.EntityFrameworkCore;

namespace Depart.Foundation.Storage;

/// <summary>
/// Commands change the database one after the other, on SQLite and on PostgreSQL alike: what a handler has read still holds when it is saved, journal
/// chains have no two writers, and nobody is told « changed since » who changed something else. The engine's own SQL waits here only on SQLite, which
/// has one writer.
/// </summary>
internal sealed class WriteGate(StorageOptions options) : IDisposable
{
    // Any number that means this to every node of one database.
    private const long CommandLock = 0x6465706172740001;

    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>Waits for a command's turn in this process; dispose what it gives to let the next one in.</summary>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        return new Turn(gate);
    }

    /// <summary>Waits for the commands of the other nodes, until the transaction that was begun ends.</summary>
    public async Task HoldAsync(DepartDb db, CancellationToken cancellation)
    {
        if (options.IsPostgreSql)
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({CommandLock})", cancellation);
        }
    }

    /// <summary>Waits for the turn of the engine's own SQL; null on PostgreSQL, where its rows are guarded by the lease.</summary>
    public async ValueTask<IDisposable?> EnterEngineAsync(CancellationToken cancellation) => options.IsPostgreSql ? null : await EnterAsync(cancellation);

    public void Dispose() => gate.Dispose();

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}

/// <summary>Where the data lives.</summary>
internal sealed record StorageOptions
{
    /// <summary>Folder of the SQLite file, key file and lock file.</summary>
    public required string DataFolder { get; init; }

    /// <summary>An Npgsql connection string, or null for SQLite in the data folder.</summary>
    public string? PostgreSql { get; init; }

    /// <summary>The file whose content wraps the key ring; to be moved out of the data folder, away from the backups.</summary>
    [System.Diagnostics.CodeAnalysis.AllowNull]
    public string KeyFile { get => field ?? Path.Combine(DataFolder, "key"); init; }

    /// <summary>A passphrase instead of the key file, or null.</summary>
    public string? Passphrase { get; init; }

    /// <summary>Where the copies made before migrations stand.</summary>
    public string BackupFolder => Path.Combine(DataFolder, "backups");

    /// <summary>The folder whose files may be imported by themselves; <c>incoming</c> in the data folder unless said.</summary>
    [System.Diagnostics.CodeAnalysis.AllowNull]
    public string IncomingFolder { get => field ?? Path.Combine(DataFolder, "incoming"); init; }

    /// <summary>As the environment says: <c>DEPART__Database</c>, <c>DEPART__KeyFile</c>, <c>DEPART__Passphrase</c>, <c>DEPART__Incoming</c>.</summary>
    public static StorageOptions FromEnvironment(string dataFolder) => new()
    {
        DataFolder = dataFolder,
        PostgreSql = Setting("Database"),
        KeyFile = Setting("KeyFile"),
        Passphrase = Setting("Passphrase"),
        IncomingFolder = Setting("Incoming"),
    };

    /// <summary>PostgreSQL was chosen.</summary>
    public bool IsPostgreSql => PostgreSql is not null;

    /// <summary>The SQLite file.</summary>
    public string SqliteFile => Path.Combine(DataFolder, "depart.db");

    private static string? Setting(string name) => Environment.GetEnvironmentVariable("DEPART__" + name) is { Length: > 0 } value ? value : null;
}
